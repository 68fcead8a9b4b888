"""Outputs and losses: registries of what the last layer does, and of what training minimizes.

A loss and an output activation that belong together have a stable form on pre-activations. Arrays here are laid out
``(n_units, n_points)``, the layout of :mod:`model.network.workspace`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.network import scalars
from model.network.activations import ACTIVATIONS, Activation, Source, defined, softmax
from model.network.scalars import DeltaRule, OutputRule
from model.types import Array, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class OutputActivation:
    """What the last layer does to its pre-activation, and how classes are written for it.

    Attributes
    ----------
    name : str
        The key in :data:`OUTPUT_ACTIVATIONS`.
    function : callable
        ``function(z, out)`` writes the outputs.
    absent, present : float
        The targets of a unit for points of other classes, and of its own. A single unit stands for class 1.
    min_units : int
        1 where one unit can answer for two classes.
    tip : str
        One sentence for the person who chooses.
    formula : str
        The output of a unit, as in :class:`model.network.activations.Activation`; ``Σ(exp)`` sums exp over the units.
    numpy, pytorch : Source
        How exported scripts compute it.
    compiled : OutputRule or None
        The same as `function` for the compiled engine; None: a network with it is trained by NumPy.
    """

    name: str
    function: Callable[[Array, Array], None]
    absent: float
    present: float
    min_units: int
    tip: str
    formula: str
    numpy: Source
    pytorch: Source
    compiled: OutputRule | None = None

    def targets(self, labels: IntArray, n_units: int) -> FloatArray:
        """Return what the outputs should be, an ndarray of shape (n_units, n_points)."""
        classes = np.ones(1, dtype=np.intp) if n_units == 1 else np.arange(n_units)
        return np.where(np.equal(labels, classes[:, np.newaxis]), self.present, self.absent)

    def predicted_classes(self, z: Array) -> IntArray:
        """Return the class of each point, an ndarray of shape (n_points,), from the pre-activations."""
        # Every output grows with its pre-activation, and half-way between its targets that is 0. With two, comparing
        # them is much quicker than argmax; both take the first of two that are equal.
        if len(z) > 2:
            classes: IntArray = np.argmax(z, axis=0)
        else:
            classes = np.greater(z[-1], 0.0 if len(z) == 1 else z[0]).astype(np.intp)
        return classes

    def shares(self, outputs: Array) -> Array:
        """Return how far each output is from `absent` to `present`, 0 to 1."""
        shares: Array = np.clip((outputs - self.absent) * (1.0 / (self.present - self.absent)), 0.0, 1.0)
        return shares

    def class_probabilities(self, outputs: Array) -> Array:
        """Return an ndarray of shape (n_classes, n_points) that sums to 1 over the classes.

        Notes
        -----
        Outputs of several units that are not probabilities are taken as shares and divided by their sum; where all are
        0, every class is equally likely.
        """
        if self.name == "softmax":
            return outputs
        shares = self.shares(outputs)
        if len(outputs) == 1:
            return np.concatenate([1.0 - shares, shares])
        shares += np.finfo(shares.dtype).tiny
        probabilities: Array = shares / np.add.reduce(shares, axis=0)
        return probabilities


_SOFTMAX_SAYS = "exp(z) divided by its sum over the units of each point."


def _of_each_unit(name: str, absent: float, tip: str) -> OutputActivation:
    """Return an output that does to each unit alone what the activation of this name does."""
    same = ACTIVATIONS[name]
    compiled = None if same.compiled is None else scalars.each_output(same.compiled.function)
    return OutputActivation(name, same.function, absent, 1.0, 1, tip, same.formula, same.numpy, same.pytorch, compiled)


OUTPUT_ACTIVATIONS: dict[str, OutputActivation] = {
    entry.name: entry
    for entry in (
        OutputActivation(
            "softmax",
            softmax,
            absent=0.0,
            present=1.0,
            min_units=2,
            tip="The outputs are probabilities that sum to 1.",
            formula="exp(z) / Σ(exp)",
            numpy=defined(
                "softmax",
                _SOFTMAX_SAYS,
                "# With the largest taken off first, exp cannot overflow.",
                "shares = np.exp(z - z.max(axis=1, keepdims=True))",
                "return shares / shares.sum(axis=1, keepdims=True)",
            ),
            pytorch=defined("softmax", _SOFTMAX_SAYS, "return torch.softmax(z, dim=1)"),
            compiled=scalars.softmax_outputs,
        ),
        _of_each_unit("sigmoid", 0.0, "Each output is a probability of its own, 0 to 1."),
        _of_each_unit("tanh", -1.0, "Each output goes from −1 to 1."),
        _of_each_unit("linear", -1.0, "Each output has no bounds."),
    )
}
"""Every output activation, by name."""


def layer_activations(hidden: Sequence[str], output: str) -> list[Activation | OutputActivation]:
    """Return the entry of each layer that has weights, from the names that settings have."""
    return [*(ACTIVATIONS[name] for name in hidden), OUTPUT_ACTIVATIONS[output]]


@dataclass(frozen=True, slots=True)
class OutputLoss:
    """A loss together with one output activation, in a stable form.

    Attributes
    ----------
    value : callable
        ``value(z, a, targets)`` returns the loss of each point, an ndarray of shape (n_points,).
    delta : callable
        ``delta(z, a, targets, out)`` writes the loss's derivative by the pre-activation, point by point.
    by_outputs : callable
        ``by_outputs(a, targets)`` returns its derivative by the outputs, infinite where an output is surely wrong.
    formula : str
        What each unit adds to it, of the output a and the target y.
    by_output_formula : str
        Its derivative by the output of a unit, of a and y.
    delta_formula : str
        Its derivative by the pre-activation of a unit: of a, y, the ``slope`` of the output activation, and sums
        ``Σ`` over all units.
    source : str
        The same as `value` in NumPy: an expression of z, a and the targets y.
    compiled : DeltaRule or None
        The same as `delta` for the compiled engine; None: NumPy trains with it.
    """

    value: Callable[[Array, Array, Array], Array]
    delta: Callable[[Array, Array, Array, Array], None]
    by_outputs: Callable[[Array, Array], Array]
    formula: str
    by_output_formula: str
    delta_formula: str
    source: str
    compiled: DeltaRule | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`LOSSES`.
    short : str
        What choices call it.
    label : str
        What the displayed number is, in words.
    outputs : mapping of str to OutputLoss
        The output activations that it goes with.
    """

    name: str
    short: str
    label: str
    outputs: Mapping[str, OutputLoss]


def _softmax_cross_entropy(z: Array, a: Array, targets: Array) -> Array:
    largest = np.maximum.reduce(z, axis=0)
    log_sum = np.log(np.add.reduce(np.exp(z - largest), axis=0)) + largest
    # Targets are 0 or 1, so this picks the pre-activation of the right class.
    result: Array = log_sum - np.add.reduce(targets * z, axis=0)
    return result


def _sigmoid_cross_entropy(z: Array, a: Array, targets: Array) -> Array:
    result: Array = np.add.reduce(np.logaddexp(0.0, z) - targets * z, axis=0)
    return result


def _ratio(targets: Array, a: Array) -> Array:
    """Return targets / a, which is 0 where a target is 0, whatever the output."""
    with np.errstate(divide="ignore", over="ignore"):
        result: Array = np.divide(targets, a, out=np.zeros_like(a), where=targets != 0)
    return result


def _softmax_cross_entropy_by_outputs(a: Array, targets: Array) -> Array:
    return -_ratio(targets, a)


def _sigmoid_cross_entropy_by_outputs(a: Array, targets: Array) -> Array:
    return _ratio(1.0 - targets, 1.0 - a) - _ratio(targets, a)


def _error(a: Array, targets: Array) -> Array:
    return a - targets


def _output_minus_target(z: Array, a: Array, targets: Array, out: Array) -> None:
    np.subtract(a, targets, out=out)


def _half_squared_distance(z: Array, a: Array, targets: Array) -> Array:
    error = a - targets
    result: Array = np.add.reduce(error * error, axis=0) * 0.5
    return result


def _softmax_squared_delta(z: Array, a: Array, targets: Array, out: Array) -> None:
    # The Jacobian of softmax is diag(a) - a a^T.
    np.subtract(a, targets, out=out)
    np.subtract(out, np.add.reduce(a * out, axis=0), out=out)
    np.multiply(out, a, out=out)


def _squared(
    delta: Callable[[Array, Array, Array, Array], None], delta_formula: str, compiled: DeltaRule | None
) -> OutputLoss:
    source = "((a - y) ** 2).sum(axis=0) / 2"
    formula = "(a − y)**2 / 2"
    return OutputLoss(_half_squared_distance, delta, _error, formula, "a − y", delta_formula, source, compiled)


def _squared_of_each_unit(activation: str) -> OutputLoss:
    """Return the loss for an activation that works on each unit alone: its delta is error times slope."""
    entry = ACTIVATIONS[activation]

    def delta(z: Array, a: Array, targets: Array, out: Array) -> None:
        entry.derivative(z, a, out)
        np.multiply(out, a - targets, out=out)

    compiled = None if entry.compiled is None else scalars.squared_delta(entry.compiled.derivative)
    return _squared(delta, "(a − y)·slope", compiled)


LOSSES: dict[str, Loss] = {
    entry.name: entry
    for entry in (
        Loss(
            "cross_entropy",
            "Cross-entropy",
            "mean cross-entropy",
            {
                "softmax": OutputLoss(
                    _softmax_cross_entropy,
                    _output_minus_target,
                    _softmax_cross_entropy_by_outputs,
                    "−y·log(a)",
                    "−y / a",
                    "a − y",
                    "np.logaddexp.reduce(z, axis=0) - (y * z).sum(axis=0)",
                    scalars.output_minus_target,
                ),
                "sigmoid": OutputLoss(
                    _sigmoid_cross_entropy,
                    _output_minus_target,
                    _sigmoid_cross_entropy_by_outputs,
                    "−y·log(a) − (1 − y)·log(1 − a)",
                    "(1 − y) / (1 − a) − y / a",
                    "a − y",
                    "(np.logaddexp(0, z) - y * z).sum(axis=0)",
                    scalars.output_minus_target,
                ),
            },
        ),
        Loss(
            "squared_error",
            "Squared error",
            "mean half squared error",
            {
                "softmax": _squared(_softmax_squared_delta, "a·(a − y − Σ(a·(a − y)))", scalars.softmax_squared_delta),
                "sigmoid": _squared_of_each_unit("sigmoid"),
                "tanh": _squared_of_each_unit("tanh"),
                "linear": _squared(_output_minus_target, "a − y", scalars.output_minus_target),
            },
        ),
    )
}
"""Every loss, by name.

Notes
-----
With cross-entropy the derivative by the pre-activation is output minus target
(seed 002_2220fc8ca6ad7e5c.txt; Bishop, Pattern Recognition and Machine Learning, section 5.2).
"""
