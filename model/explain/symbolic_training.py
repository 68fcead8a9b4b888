"""Training of a symbolic network: gradient descent by putting numbers into the formulas of the derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf, isfinite
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import sympy

from model.data.dataset import are_classes
from model.explain.formulas import Expression, PythonPrinter
from model.explain.symbolic import Steps, SymbolicNetwork, needed
from model.types import FloatArray

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Function: TypeAlias = Callable[..., list[float]]
"""Of the inputs and the parameters of a network, one number each."""

_LEFT_THE_RANGE = "training left the range of numbers; try a smaller learning rate"


@dataclass(frozen=True, slots=True, eq=False)
class SymbolicRun:
    """The result of training.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
        In the order of :attr:`SymbolicNetwork.parameters`.
    outputs : ndarray of shape (n_points, n_out)
        Of the trained network, for the points it was trained on.
    """

    parameters: FloatArray
    outputs: FloatArray


def train(
    network: SymbolicNetwork,
    points: ArrayLike,
    labels: ArrayLike,
    learning_rate: float,
    n_iterations: int,
    *,
    one_at_a_time: bool = False,
    loss: str = "cross_entropy",
    parameters: ArrayLike | None = None,
    compiled: bool = True,
    regression: bool | None = None,
) -> SymbolicRun:
    """Train by gradient descent, putting numbers into the formulas of the derivatives.

    Parameters
    ----------
    network : SymbolicNetwork
    points : array_like of shape (n_points, n_inputs) or (n_inputs,)
        Values of the input layer.
    labels : array_like of shape (n_points,) or int
        Classes, or the targets of a regression.
    learning_rate : float
    n_iterations : int
        In each, every parameter is changed once.
    one_at_a_time : bool
        Whether parameters are changed one after the other, in the order of :attr:`SymbolicNetwork.parameters`, each
        with a fresh derivative; otherwise all are changed at once.
    loss : str
        Its mean over the points is minimized.
    parameters : array_like of shape (n_parameters,) or None
        Where to start; None: from :attr:`SymbolicNetwork.values`.
    compiled : bool
        Whether the formulas are compiled first; otherwise SymPy substitutes into each, as the seed does, which gives
        the same and takes hundreds of times longer.
    regression : bool or None
        Whether the labels are targets. None: if one is not a whole number, or is negative.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is out of range, or the numbers leave the range of float64.

    Notes
    -----
    Both ways are those of seed 004_541265211640a973.txt, whose loop changes one parameter at a time.
    """
    descent = Descent(
        network,
        points,
        labels,
        learning_rate,
        one_at_a_time=one_at_a_time,
        loss=loss,
        parameters=parameters,
        compiled=compiled,
        regression=regression,
    )
    for _ in descent.substitutions(n_iterations):
        pass
    return SymbolicRun(_finite(descent.values), descent.outputs())


@dataclass(frozen=True, slots=True)
class Substitution:
    """One parameter, changed by putting numbers into the formula of its derivative.

    Attributes
    ----------
    iteration : int
        Counted from 1.
    parameter : str
        Its name in :attr:`SymbolicNetwork.parameters`.
    derivative : float
        Of the mean loss over the points, before the change.
    value : float
        Of the parameter, after the change.
    """

    iteration: int
    parameter: str
    derivative: float
    value: float


class Descent:
    """Gradient descent by substitution, change by change; the parameters are those of :func:`train`.

    Attributes
    ----------
    values : list of float
        The parameters as they are now, in the order of :attr:`SymbolicNetwork.parameters`.
    """

    def __init__(
        self,
        network: SymbolicNetwork,
        points: ArrayLike,
        labels: ArrayLike,
        learning_rate: float,
        *,
        one_at_a_time: bool = False,
        loss: str = "cross_entropy",
        parameters: ArrayLike | None = None,
        compiled: bool = True,
        regression: bool | None = None,
    ) -> None:
        self.values = _start(network, parameters)
        self._rows, self._targets = _examples(network, points, labels, regression)
        if not (isfinite(learning_rate) and learning_rate > 0):
            raise ValueError(f"learning_rate must be a number above 0; got {learning_rate}")
        self._network, self._learning_rate = network, learning_rate
        make = as_function if compiled else _substituting
        trained = [index for index in range(len(self.values)) if index not in network.fixed]
        self._groups = [[index] for index in trained] if one_at_a_time else [trained]
        self._descents = _descents(network, self._groups, set(self._targets), loss, make)
        self._outputs = make(network, network.forward_steps, network.outputs)
        self._losses = {
            target: make(network, network.forward_steps, [network.loss_of_outputs(target, loss)])
            for target in set(self._targets)
        }

    def substitutions(self, n_iterations: int) -> Iterator[Substitution]:
        """Change each parameter once in every iteration, and tell of each change when it is made.

        Raises
        ------
        ValueError
            If the number is negative, or the numbers leave the range of float64.
        """
        if n_iterations < 0:
            raise ValueError(f"n_iterations must be 0 or more; got {n_iterations}")
        for iteration in range(1, n_iterations + 1):
            for group, by_target in zip(self._groups, self._descents, strict=True):
                for index, slope in zip(group, self._mean(by_target), strict=True):
                    self.values[index] -= self._learning_rate * slope
                    yield Substitution(iteration, self._network.parameters[index].name, slope, self.values[index])

    def mean_loss(self) -> float:
        """Return the mean loss over the points, with the parameters as they are now.

        Raises
        ------
        ValueError
            If it is not in the range of float64.
        """
        return self._mean(self._losses)[0]

    def outputs(self) -> FloatArray:
        """Return the outputs for the points, an ndarray of shape (n_points, n_out), with the parameters of now.

        Raises
        ------
        ValueError
            If one is not in the range of float64.
        """
        with _in_range():
            return _finite([self._outputs(*row, *self.values) for row in self._rows])

    def _mean(self, by_target: Mapping[float, Function]) -> list[float]:
        """Return the means of a function of the points over them."""
        with _in_range():
            answers = [
                by_target[target](*row, *self.values) for row, target in zip(self._rows, self._targets, strict=True)
            ]
            means = [sum(column) / len(column) for column in zip(*answers, strict=True)]
            _finite(means)
            return means


@contextmanager
def _in_range() -> Iterator[None]:
    """Say in a sentence what math functions refuse because it is too large, and SymPy makes symbols or complex of."""
    try:
        yield
    except (ArithmeticError, ValueError, TypeError) as error:
        raise ValueError(_LEFT_THE_RANGE) from error


def _finite(numbers: Sequence[float] | Sequence[Sequence[float]]) -> FloatArray:
    array = np.array(numbers, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError(_LEFT_THE_RANGE)
    return array


def _start(network: SymbolicNetwork, parameters: ArrayLike | None) -> list[float]:
    """Return the numbers that the parameters start from."""
    start = network.values if parameters is None else parameters
    if start is None:
        raise ValueError("train needs parameters to start from: this symbolic network was made without numbers")
    return list(network.numbers(parameters=start).values())


def _examples(
    network: SymbolicNetwork, points: ArrayLike, labels: ArrayLike, regression: bool | None
) -> tuple[list[list[float]], list[int] | list[float]]:
    """Return the inputs of each point, and its class or target."""
    rows = [list(network.numbers(point).values()) for point in np.atleast_2d(np.asarray(points, dtype=np.float64))]
    given = np.atleast_1d(np.asarray(labels))
    if regression is None:
        regression = network.settings.layer_sizes[-1] == 1 and not are_classes(given)
    targets = given.astype(np.float64).tolist() if regression else given.tolist()
    if len(rows) != len(targets) or not rows:
        raise ValueError(f"one label for each point is needed; got {len(rows)} points and {len(targets)} labels")
    return rows, targets


def _descents(
    network: SymbolicNetwork,
    groups: Sequence[Sequence[int]],
    targets: set[int] | set[float],
    loss: str,
    make: Callable[[SymbolicNetwork, Steps, Sequence[Expression]], Function],
) -> list[dict[float, Function]]:
    """Return, for each group of parameters, the functions of their derivatives by the class or target of a point."""
    gradients = {target: network.gradient_steps(target, loss) for target in targets}
    return [
        {
            target: make(network, steps, [derivatives[index] for index in group])
            for target, (steps, derivatives) in gradients.items()
        }
        for group in groups
    ]


def as_function(network: SymbolicNetwork, steps: Steps, results: Sequence[Expression]) -> Function:
    """Return a Python function of the inputs and parameters that takes the steps one after the other."""
    wanted = needed(steps, results)
    function: Function = sympy.lambdify(
        (*network.inputs, *network.parameters),
        list(results),
        modules=[{"exp": _exp}, "math"],
        printer=PythonPrinter({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True}),
        cse=lambda expressions: (wanted, expressions),
    )
    return function


def _substituting(network: SymbolicNetwork, steps: Steps, results: Sequence[Expression]) -> Function:
    """Return what :func:`as_function` does, by SymPy's own substitution into the whole formulas."""
    formulas, symbols = network.compose(steps, results), (*network.inputs, *network.parameters)

    def function(*numbers: float) -> list[float]:
        pairs = list(zip(symbols, numbers, strict=True))
        return [float(formula.subs(pairs)) for formula in formulas]

    return function


def _exp(value: float) -> float:
    """Return exp(value), infinite where it overflows, as in NumPy."""
    return float(np.exp(value)) if value < 709.0 else inf
