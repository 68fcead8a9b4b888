"""Derivation: how outputs, the loss, or its derivative by a parameter come from inputs and parameters, step by step.

Like :mod:`model.explain.symbolic`, nothing in :mod:`model` imports this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import sympy

from model.explain.formulas import Expression, latex, python
from model.explain.names import Outcome
from model.explain.symbolic import Steps, SymbolicNetwork, needed, symbol_named
from model.explain.symbolic_training import as_function
from model.types import check_choice

LOSS = "C"
"""The name of the loss in a derivation; that of its derivative by w1_1_1 is dC_dw1_1_1."""

FOLDED_PARTS = 60
"""How many operations, symbols and numbers a formula may have before parts of it become steps of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """Steps to a result.

    Attributes
    ----------
    network : SymbolicNetwork
    steps : list of (Symbol, Expr)
        Those that the results use, each after those that it uses, named as in :mod:`model.explain.symbolic`.
    results : list of (Symbol, Expr)
        What comes of them.

    Notes
    -----
    A pruned weight is 0 and occurs nowhere.
    """

    network: SymbolicNetwork
    steps: Steps
    results: Steps

    @classmethod
    def of(
        cls, network: SymbolicNetwork, outcome: Outcome, label: float = 0, loss: str = "cross_entropy", by: str = ""
    ) -> Derivation:
        """Derive something.

        Parameters
        ----------
        network : SymbolicNetwork
        outcome : str
            The outputs, the loss of one point, or its derivative by a parameter, backward through the layers.
        label, loss
            As in :meth:`SymbolicNetwork.loss`; the outputs have no use for them.
        by : str
            The name of the parameter.

        Raises
        ------
        ValueError
            If the loss does not go with the output, or there is no such class or parameter.
        """
        steps = network.forward_steps
        results: Steps
        if outcome == "outputs":
            results = [step for step in steps if step[0] in network.outputs]
            steps = [step for step in steps if step[0] not in network.outputs]
        elif outcome == "loss":
            results = [(symbol_named(LOSS), network.loss_of_outputs(label, loss))]
        else:
            names = [parameter.name for parameter in network.parameters]
            check_choice("by", by, names)
            steps, derivatives = network.gradient_steps(label, loss)
            results = [(symbol_named(f"d{LOSS}_d{by}"), derivatives[names.index(by)])]
        zeros = {network.parameters[position]: sympy.S.Zero for position in network.settings.pruned}
        steps, results = _replaced(steps, zeros), _replaced(results, zeros)
        return cls(network, needed(steps, [formula for _, formula in results]), results)

    def values(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Return the value of each step and result.

        Parameters
        ----------
        numbers : mapping of str to float
            All inputs and parameters, by name.

        Raises
        ------
        ValueError
            If a value is infinite or no number; the sentence says which.
        """
        every = [*self.steps, *self.results]
        function = as_function(self.network, every, [step for step, _ in every])
        names = [step.name for step, _ in every]
        symbols = (*self.network.inputs, *self.network.parameters)
        try:
            values = function(*(numbers[one.name] for one in symbols))
        except (ArithmeticError, ValueError, TypeError) as error:
            raise ValueError("a value of these formulas is beyond the range of numbers at this moment") from error
        for name, value in zip(names, values, strict=True):
            if not isfinite(value):
                raise ValueError(f"{name} is beyond the range of numbers at this moment")
        return dict(zip(names, map(float, values), strict=True))

    def folded(self, most_parts: int = FOLDED_PARTS) -> Derivation:
        """Return the results with as much written out as may be, from the last steps to the first.

        Parameters
        ----------
        most_parts : int
            How long the formula of a result may become. What is left stays a step.
        """
        formulas = dict(self.steps)
        results = [(name, _written_out(formula, formulas, most_parts)) for name, formula in self.results]
        return Derivation(self.network, needed(self.steps, [formula for _, formula in results]), results)

    def whole(self) -> Derivation:
        """Return the results in one formula each, of inputs and parameters alone.

        Raises
        ------
        ValueError
            If one has more than 100,000 parts.
        """
        names = [name for name, _ in self.results]
        formulas = self.network.compose(self.steps, [formula for _, formula in self.results])
        return Derivation(self.network, [], list(zip(names, formulas, strict=True)))

    @property
    def parameters(self) -> tuple[sympy.Symbol, ...]:
        """The inputs and parameters that the formulas use, in the order of the network."""
        used = set().union(*(formula.free_symbols for _, formula in (*self.steps, *self.results)))
        return tuple(one for one in (*self.network.inputs, *self.network.parameters) if one in used)


def _replaced(steps: Steps, values: Mapping[sympy.Symbol, Expression]) -> Steps:
    return [(name, sympy.sympify(formula).xreplace(values)) for name, formula in steps] if values else list(steps)


def _written_out(formula: Expression, steps: Mapping[sympy.Symbol, Expression], most_parts: int) -> Expression:
    while any(one in steps for one in formula.free_symbols):
        longer = formula.xreplace({one: steps[one] for one in formula.free_symbols if one in steps})
        if sum(1 for _ in sympy.preorder_traversal(longer)) > most_parts:
            break
        formula = longer
    return formula


def latex_text(derivation: Derivation, numbers: Mapping[str, float]) -> str:
    """Return a derivation in LaTeX, a line for each number, step and result; numbers have 15 digits."""
    given = [(symbol_named(name), sympy.Float(value)) for name, value in _used(derivation, numbers).items()]
    lines = [*given, *derivation.steps, *derivation.results]
    return "\n".join(f"{latex(name)} = {latex(formula)}" for name, formula in lines)


def python_text(derivation: Derivation, numbers: Mapping[str, float]) -> str:
    """Return a derivation as a Python program; without numbers its inputs and parameters are left to be given."""
    given = _used(derivation, numbers)
    left = [one.name for one in derivation.parameters if one.name not in given]
    return "\n".join(
        [
            "import math",
            "",
            *([f"# Give these a number first: {', '.join(left)}"] if left else []),
            *(f"{name} = {value!r}" for name, value in given.items()),
            *(f"{name} = {python(formula)}" for name, formula in (*derivation.steps, *derivation.results)),
            *(f"print({name.name!r}, {name})" for name, _ in derivation.results),
            "",
        ]
    )


def sympy_text(derivation: Derivation, numbers: Mapping[str, float]) -> str:
    """Return a derivation as a program that makes SymPy's formulas of the results, with numbers also their values."""
    names = [one.name for one in derivation.parameters]
    given = _used(derivation, numbers)
    pairs = ", ".join(f"{name}: {value!r}" for name, value in given.items())
    printed = "{0}.subs(numbers).evalf()" if given else "{0}"
    return "\n".join(
        [
            "from sympy import *",
            "",
            *(f"{name} = Symbol({name!r}, real=True)" for name in names),
            *([f"numbers = {{{pairs}}}"] if given else []),
            *(f"{name} = {sympy.sstr(formula)}" for name, formula in (*derivation.steps, *derivation.results)),
            *(f"print({name.name!r}, {printed.format(name)})" for name, _ in derivation.results),
            "",
        ]
    )


def _used(derivation: Derivation, numbers: Mapping[str, float]) -> dict[str, float]:
    """Return those of the numbers that the formulas use, in the order of the network."""
    return {one.name: numbers[one.name] for one in derivation.parameters if one.name in numbers}


TEXTS = {"latex": latex_text, "python": python_text, "sympy": sympy_text}
"""What a derivation can be written in."""
