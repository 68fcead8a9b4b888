"""Losses: a registry of what training makes small, each in its stable form on pre-activations.

Arrays here are laid out ``(n_units, n_points)``, the layout of :mod:`model.workspace`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.activations import sigmoid, softmax
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
    single_unit : bool
        True where one unit answers for two classes, False where every class has a unit of its own.
    tip : str
        One sentence for the person who chooses.
    """

    name: str
    function: Callable[[Array, Array], None]
    single_unit: bool
    tip: str

    def targets(self, labels: IntArray, n_units: int) -> FloatArray:
        """Return what the outputs should be, an ndarray of shape (n_units, n_points): 0 or 1."""
        classes = np.ones(1, dtype=np.intp) if self.single_unit else np.arange(n_units)
        return np.equal(labels, classes[:, np.newaxis]).astype(np.float64)

    def predicted_classes(self, z: Array) -> IntArray:
        """Return the class of each point, an ndarray of shape (n_points,), from the pre-activations."""
        classes: IntArray = np.greater(z[0], 0).astype(np.intp) if self.single_unit else np.argmax(z, axis=0)
        return classes

    def class_probabilities(self, outputs: Array) -> Array:
        """Return an ndarray of shape (n_classes, n_points) that sums to 1 over the classes."""
        if self.single_unit:
            return np.concatenate([1.0 - outputs, outputs])
        return outputs


OUTPUT_ACTIVATIONS: dict[str, OutputActivation] = {
    entry.name: entry
    for entry in (
        OutputActivation("softmax", softmax, False, "One output for each class; the outputs are probabilities."),
        OutputActivation("sigmoid", sigmoid, True, "One output: the probability of the second of two classes."),
    )
}
"""Every output activation, by name."""


@dataclass(frozen=True, slots=True)
class OutputLoss:
    """A loss together with one output activation: what belongs together for a stable form.

    Attributes
    ----------
    value : callable
        ``value(z, targets)`` returns the loss of each point, an ndarray of shape (n_points,).
    delta : callable
        ``delta(z, a, targets, out)`` writes the loss's derivative by the pre-activation, point by point.
    """

    value: Callable[[Array, Array], Array]
    delta: Callable[[Array, Array, Array, Array], None]


def _softmax_cross_entropy(z: Array, targets: Array) -> Array:
    largest = np.maximum.reduce(z, axis=0)
    log_sum = np.log(np.add.reduce(np.exp(z - largest), axis=0)) + largest
    # Targets are 0 or 1, so this picks the pre-activation of the right class.
    result: Array = log_sum - np.add.reduce(targets * z, axis=0)
    return result


def _sigmoid_cross_entropy(z: Array, targets: Array) -> Array:
    result: Array = (np.logaddexp(0.0, z) - targets * z)[0]
    return result


def _output_minus_target(z: Array, a: Array, targets: Array, out: Array) -> None:
    np.subtract(a, targets, out=out)


LOSSES: dict[str, dict[str, OutputLoss]] = {
    "cross_entropy": {
        "softmax": OutputLoss(_softmax_cross_entropy, _output_minus_target),
        "sigmoid": OutputLoss(_sigmoid_cross_entropy, _output_minus_target),
    },
}
"""Loss name -> output activation name -> the pair's stable form. A pair that is missing makes no sense together.

Notes
-----
For both pairs the derivative by the pre-activation is output minus target
(seed 002_2220fc8ca6ad7e5c.txt; Bishop, Pattern Recognition and Machine Learning, section 5.2).
"""
