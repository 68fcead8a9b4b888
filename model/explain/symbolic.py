"""The symbolic network: a small network as formulas.

Nothing in :mod:`model` imports this module, because SymPy is slow to load; import it where it is used.

**Names.** Layers, units and inputs count from 1. ``w2_3_1`` is the weight of layer 2 from unit 3 of the layer below to
unit 1 of layer 2, which is ``network.weights[1][2, 0]``; ``b2_1`` is the bias of that unit; ``w0`` is the shared bias;
``x1`` is the first value of the input layer. In the steps of a derivation ``z2_1`` and ``a2_1`` are the pre-activation
and the activation of unit 1 of layer 2; ``dz2_1`` is the derivative of the outcome by ``z2_1``, and ``tz2_1`` that of
``z2_1`` by the symbol that the derivative is taken by.

**Order of the parameters.** Bias "per_neuron": for each layer its weights row by row, then its biases, as in
``Network.parameters``. Bias "none": the same without the biases. Bias "shared": ``w0``, then the weights of each layer
row by row, the order in which seed 004 trains them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import sympy

from model.explain.formulas import (
    Expression,
    activation_formula,
    loss_formula,
    output_formulas,
    slope_of,
)
from model.explain.names import MAX_PARAMETERS, parameter_names
from model.network.layout import BIAS_KINDS, count_parameters
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.settings import NetworkSettings, output_loss
from model.types import FloatArray, check_choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Steps: TypeAlias = list[tuple[sympy.Symbol, Expression]]
"""Assignments; each may use the symbols of those before it."""

MAX_FORMULA_PARTS = 100_000
"""How many operations, symbols and numbers the longest formula may have.

Every layer repeats the formulas of the layer below, so a narrow deep network passes this with few parameters. Training
and formulas of numbers alone have no such limit: they are computed step by step.
"""


class SymbolicNetwork:
    """A network as SymPy formulas of its inputs and parameters.

    Parameters
    ----------
    network : Network or NetworkSettings
        A network also brings the numbers that training starts from.
    bias : str or None
        A key of :data:`BIAS_KINDS`; None: as the settings have it.

    Attributes
    ----------
    settings : NetworkSettings
    bias : str
    inputs : tuple of Symbol
        The values of the input layer, x1, x2, ...
    parameters : tuple of Symbol
        Named and ordered as the module's docstring says.
    fixed : frozenset of int
        Positions of the parameters that training does not change.
    values : ndarray of shape (n_parameters,) or None
        The network's own numbers, a copy; None where only settings are given, or a bias kind that is not the network's.

    Raises
    ------
    ValueError
        If there are more than 60 parameters, or the bias kind is unknown.

    Notes
    -----
    The method, the shared bias and training by substitution are those of seed 004_541265211640a973.txt. A derivative is
    put together by the chain rule from SymPy's derivatives of each step, layer by layer, which is the same function as
    SymPy's derivative of the whole formula and stays quick in deep networks. At a kink it has the value that training
    takes.

    Formulas are the plain ones, not those that are stable for pre-activations of many hundreds.
    """

    def __init__(self, network: Network | NetworkSettings, bias: str | None = None) -> None:
        settings = network.settings if isinstance(network, Network) else network
        self.settings = settings
        self.bias: str = settings.bias if bias is None else bias
        check_choice("bias", self.bias, BIAS_KINDS)
        n_parameters = count_parameters(settings.layer_sizes, self.bias)
        if n_parameters > MAX_PARAMETERS:
            raise ValueError(f"a symbolic network has at most {MAX_PARAMETERS} parameters; this one has {n_parameters}")
        self._muted = settings.muted
        self.fixed = settings.fixed if self.bias == settings.bias else frozenset[int]()
        self.inputs = tuple(symbol_named(f"x{i + 1}") for i in range(settings.layer_sizes[0]))
        self._weights = [
            [[symbol_named(f"w{layer}_{i + 1}_{j + 1}") for j in range(n_out)] for i in range(n_in)]
            for layer, (n_in, n_out) in enumerate(pairwise(settings.layer_sizes), start=1)
        ]
        self._biases = [
            [symbol_named("w0" if self.bias == "shared" else f"b{layer}_{j + 1}") for j in range(n_out)]
            for layer, n_out in enumerate(settings.layer_sizes[1:], start=1)
        ]
        self.parameters = tuple(map(symbol_named, parameter_names(settings.layer_sizes, self.bias)))
        self.values = self._own_values(network)

    def _own_values(self, network: Network | NetworkSettings) -> FloatArray | None:
        if not isinstance(network, Network) or self.bias != self.settings.bias:
            return None
        return np.array(network.parameters, dtype=np.float64)

    @property
    def outputs(self) -> list[sympy.Symbol]:
        """The symbols of the outputs in :attr:`forward_steps`."""
        return _layer_symbols("a", len(self._weights), self.settings.layer_sizes[-1])

    def numbers(self, point: ArrayLike | None = None, parameters: ArrayLike | None = None) -> dict[str, float]:
        """Return numbers by the names of their symbols, to put into formulas.

        Parameters
        ----------
        point : array_like of shape (n_inputs,) or None
        parameters : array_like of shape (n_parameters,) or None

        Raises
        ------
        ValueError
            If their number is not that of the symbols.
        """
        result: dict[str, float] = {}
        for what, symbols, given in (("inputs", self.inputs, point), ("parameters", self.parameters, parameters)):
            if given is not None:
                array = np.asarray(given, dtype=np.float64)
                if array.shape != (len(symbols),):
                    raise ValueError(f"{len(symbols)} {what} are needed; got an array of shape {array.shape}")
                result |= {symbol.name: float(number) for symbol, number in zip(symbols, array, strict=True)}
        return result

    @cached_property
    def forward_steps(self) -> Steps:
        """Each pre-activation and activation, from the first layer to the last, as a formula of those before it."""
        steps: Steps = []
        below: list[Expression] = list(self.inputs)
        names = [*self.settings.hidden_activations, None]
        layers = enumerate(zip(self._weights, self._biases, names, strict=True), start=1)
        for layer, (weights, biases, name) in layers:
            z, a = (_layer_symbols(letter, layer, len(biases)) for letter in "za")
            for j, bias in enumerate(biases):
                edges = [
                    sympy.S.Zero if (layer - 1, i) in self._muted else value * row[j]
                    for i, (value, row) in enumerate(zip(below, weights, strict=True))
                ]
                times = {"per_neuron": 1, "none": 0, "shared": len(edges)}[self.bias]
                steps.append((z[j], sympy.Add(*edges, times * bias)))
            if name is None:
                formulas = output_formulas(self.settings.output_activation, z)
            else:
                formulas = [activation_formula(name, unit) for unit in z]
            steps += zip(a, formulas, strict=True)
            below = a
        return steps

    def training_function(self, numbers: Mapping[str, float] | None = None) -> tuple[Expression, ...]:
        """Return each output as one formula of inputs and parameters.

        Parameters
        ----------
        numbers : mapping of str to float or None
            Inputs and parameters that are numbers in the formula, by name, as :meth:`numbers` gives them. The others
            stay symbols.

        Raises
        ------
        ValueError
            If a name is not one of this network's, or the formula has more than 100,000 parts.
        """
        return self.compose(self.forward_steps, self.outputs, numbers)

    def loss(self, label: float, loss: str = "cross_entropy", numbers: Mapping[str, float] | None = None) -> Expression:
        """Return the loss of one point as one formula; `numbers` as in :meth:`training_function`.

        Parameters
        ----------
        label : int or float
            The point's class, or as a float its target in a regression.

        Raises
        ------
        ValueError
            If the loss is unknown or does not go with the output, there is no such class or name, or the formula is
            too long.
        """
        return self.compose(self.forward_steps, [self.loss_of_outputs(label, loss)], numbers)[0]

    def loss_derivative(
        self, by: str, label: float, loss: str = "cross_entropy", numbers: Mapping[str, float] | None = None
    ) -> Expression:
        """Return the derivative of the loss of one point by an input or a parameter, as one formula.

        Parameters
        ----------
        by : str
            Name of the input or parameter. It may be among the numbers: they are put in after the derivative is taken.
        label, loss, numbers
            As in :meth:`loss`.

        Raises
        ------
        ValueError
            As :meth:`loss`, and if `by` is unknown.
        """
        return self._derivative(by, self.loss_of_outputs(label, loss), numbers)

    def output_derivative(self, by: str, output: int = 0, numbers: Mapping[str, float] | None = None) -> Expression:
        """Return the derivative of one output (0 is the first) by an input or a parameter, as one formula.

        Raises
        ------
        ValueError
            If there is no such output or name, or the formula is too long.
        """
        outputs = self.outputs
        check_choice("output", str(output), [str(index) for index in range(len(outputs))])
        return self._derivative(by, outputs[output], numbers)

    def gradient(
        self, label: float, loss: str = "cross_entropy", numbers: Mapping[str, float] | None = None
    ) -> tuple[Expression, ...]:
        """Return the derivative of the loss of one point by every parameter; all else as in :meth:`loss`."""
        if {symbol.name for symbol in (*self.inputs, *self.parameters)} <= (numbers or {}).keys():
            # As numbers, all derivatives come from one way down the layers.
            return self.compose(*self.gradient_steps(label, loss), numbers)
        outcome = self.loss_of_outputs(label, loss)
        return tuple(self._derivative(parameter.name, outcome, numbers) for parameter in self.parameters)

    def gradient_steps(self, label: float, loss: str = "cross_entropy") -> tuple[Steps, list[Expression]]:
        """Return the steps from the inputs to the loss of one point and back, and its derivative by every parameter."""
        steps, derivatives = self._backward(self.loss_of_outputs(label, loss))
        return steps, [derivatives.get(parameter, sympy.S.Zero) for parameter in self.parameters]

    def loss_of_outputs(self, label: float, loss: str) -> Expression:
        """Return the loss of one point as a formula of the symbols of :attr:`outputs`; all else as in :meth:`loss`."""
        check_choice("loss", loss, LOSSES)
        output_loss(loss, self.settings.output_activation)
        output = OUTPUT_ACTIVATIONS[self.settings.output_activation]
        if isinstance(label, float) and self.settings.layer_sizes[-1] == 1:
            return loss_formula(loss, output.name, self.outputs, [sympy.Float(label)])
        if label not in range(self.settings.n_classes):
            raise ValueError(f"label must be 0 to {self.settings.n_classes - 1}; got {label}")
        targets = output.targets(np.array([label]), self.settings.layer_sizes[-1])[:, 0]
        return loss_formula(loss, output.name, self.outputs, [sympy.Integer(int(target)) for target in targets])

    def _backward(self, outcome: Expression) -> tuple[Steps, dict[sympy.Symbol, Expression]]:
        """Return the steps to the derivative of `outcome` by everything, from the outputs down, and those derivatives.

        Parameters
        ----------
        outcome : Expr
            A formula of the output activations' symbols.
        """
        arriving: dict[sympy.Symbol, Expression] = {
            unit: outcome.diff(unit) for unit in self.outputs if outcome.has(unit)
        }
        steps = list(self.forward_steps)
        for symbol, formula in reversed(self.forward_steps):
            if symbol in arriving:
                delta = symbol_named(f"d{symbol.name}")
                steps.append((delta, arriving[symbol]))
                for below in _free_symbols(formula):
                    arriving[below] = arriving.get(below, sympy.S.Zero) + slope_of(formula, below) * delta
        return steps, arriving

    def _forward(self, outcome: Expression, by: sympy.Symbol) -> tuple[Steps, Expression]:
        """Return the steps to the derivative of `outcome` by one symbol, from that symbol up, and that derivative.

        Notes
        -----
        For a single derivative this way gives the shorter formula: the outputs, its longest parts, occur once each.
        """
        slopes = {by: sympy.S.One}
        steps = list(self.forward_steps)
        for symbol, formula in [*self.forward_steps, (None, outcome)]:
            slope = sympy.Add(
                *[slope_of(formula, below) * slopes[below] for below in _free_symbols(formula) if below in slopes]
            )
            if symbol is not None and slope != 0:
                slopes[symbol] = symbol_named(f"t{symbol.name}")
                steps.append((slopes[symbol], slope))
        return steps, slope

    def _derivative(self, by: str, outcome: Expression, numbers: Mapping[str, float] | None) -> Expression:
        check_choice("by", by, [symbol.name for symbol in (*self.inputs, *self.parameters)])
        steps, derivative = self._forward(outcome, symbol_named(by))
        return self.compose(steps, [derivative], numbers)[0]

    def compose(
        self, steps: Steps, results: Sequence[Expression], numbers: Mapping[str, float] | None = None
    ) -> tuple[Expression, ...]:
        """Return the results with every step's symbol replaced by its formula, and with the numbers put in.

        Raises
        ------
        ValueError
            If a name is not one of this network's, or a formula would have more than 100,000 parts.
        """
        known: dict[sympy.Symbol, Expression] = {}
        allowed = [symbol.name for symbol in (*self.inputs, *self.parameters)]
        for name, number in (numbers or {}).items():
            check_choice("name of a number", name, allowed)
            known[symbol_named(name)] = sympy.Float(number)
        _check_length(needed(steps, results), results, known)
        for symbol, formula in needed(steps, results):
            known[symbol] = _evaluated(formula.xreplace(known))
        return tuple(_evaluated(sympy.sympify(result).xreplace(known)) for result in results)


def symbol_named(name: str) -> sympy.Symbol:
    """Return the symbol of an input, a parameter or a step by its name: those of one name are equal."""
    return sympy.Symbol(name, real=True)


def _layer_symbols(letter: str, layer: int, n_units: int) -> list[sympy.Symbol]:
    return [symbol_named(f"{letter}{layer}_{j + 1}") for j in range(n_units)]


def _check_length(steps: Steps, results: Sequence[Expression], known: Iterable[sympy.Symbol]) -> None:
    """Raise a ValueError if a result, written out without the symbols of the steps, would be too long."""
    lengths: dict[sympy.Symbol, int] = dict.fromkeys(known, 0)
    for symbol, formula in steps:
        parts = sum(lengths.get(part, 1) for part in sympy.preorder_traversal(formula))
        # A formula of numbers alone is a number.
        lengths[symbol] = 0 if all(lengths.get(part, 1) == 0 for part in formula.free_symbols) else parts
    for result in results:
        parts = sum(lengths.get(part, 1) for part in sympy.preorder_traversal(result))
        if parts > MAX_FORMULA_PARTS:
            raise ValueError(
                f"a formula may have {MAX_FORMULA_PARTS} parts; this one has about {parts}: "
                "take fewer layers or units, or put in more numbers"
            )


def _evaluated(formula: Expression) -> Expression:
    # SymPy leaves sqrt(2) * 0.5 as it is, and would do so through all layers.
    return formula if formula.free_symbols or not formula.has(sympy.Float) else formula.evalf()


def _free_symbols(formula: Expression) -> list[sympy.Symbol]:
    # A set of symbols has another order in every process.
    return sorted(formula.free_symbols, key=lambda symbol: str(symbol.name))


def needed(steps: Steps, results: Sequence[Expression]) -> Steps:
    """Return those of the steps that the results use, in their order."""
    wanted: set[sympy.Symbol] = set().union(*(sympy.sympify(result).free_symbols for result in results))
    kept: Steps = []
    for symbol, formula in reversed(steps):
        if symbol in wanted:
            kept.append((symbol, formula))
            wanted |= formula.free_symbols
    return kept[::-1]
