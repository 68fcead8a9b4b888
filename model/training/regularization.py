"""Regularization: a registry of penalties that keep weights small. Biases are left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.types import FloatArray


@dataclass(frozen=True, slots=True)
class Regularization:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`REGULARIZATIONS`.
    label, tip : str
        What the window shows.
    penalty : callable
        ``penalty(weights)`` returns what is added to the loss, for a rate of 1.
    slope : callable
        ``slope(weights)`` returns its derivative by each weight; where it has a kink, that in the middle.
    """

    name: str
    label: str
    tip: str
    penalty: Callable[[FloatArray], float]
    slope: Callable[[FloatArray], FloatArray]


REGULARIZATIONS: dict[str, Regularization] = {
    entry.name: entry
    for entry in (
        Regularization("none", "None", "Weights may grow as they like.", lambda weights: 0.0, np.zeros_like),
        Regularization(
            "l1",
            "L1",
            "Adds rate · Σ|w| to the loss: weights of little use become exactly 0.",
            lambda weights: float(np.abs(weights).sum()),
            np.sign,
        ),
        Regularization(
            "l2",
            "L2",
            "Adds rate / 2 · Σw² to the loss: large weights shrink most.",
            lambda weights: float(np.dot(weights, weights)) / 2.0,
            np.copy,
        ),
    )
}
"""Every regularization, by name."""


def shrink_towards_zero(parameters: FloatArray, signs: FloatArray, amounts: FloatArray) -> None:
    """Take an L1 step: move parameters against `signs` by `amounts`, in place; what would cross 0 stops there.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
    signs : ndarray of shape (n_parameters,)
        The signs before the gradient's step, at which the penalty's slope was taken. Overwritten.
    amounts : ndarray of shape (n_parameters,)
        0 or more.
    """
    np.multiply(signs, amounts, out=signs)
    np.subtract(parameters, signs, out=signs)
    np.copyto(signs, 0.0, where=parameters * signs < 0.0)
    np.copyto(parameters, signs)
