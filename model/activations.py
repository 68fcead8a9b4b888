"""Activation functions: a registry of what a hidden neuron can do to its pre-activation.

Arrays here are laid out ``(n_units, n_points)``, the layout of :mod:`model.workspace`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.types import Array


@dataclass(frozen=True, slots=True)
class Activation:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`ACTIVATIONS`, as settings and files write it.
    formula : str
        The function of ``z`` as a person reads it.
    function : callable
        ``function(z, out)`` writes the activation into `out`; `out` never shares memory with `z`.
    derivative : callable
        ``derivative(z, a, out)`` writes da/dz into `out`, given the pre-activation and the activation.
    bound : float or None
        The largest ``|a|`` that the function can reach, None where it has no bound. Colour scales start from it.
    """

    name: str
    formula: str
    function: Callable[[Array, Array], None]
    derivative: Callable[[Array, Array, Array], None]
    bound: float | None


def sigmoid(z: Array, out: Array) -> None:
    """Write 1 / (1 + exp(-z)) into `out`.

    Notes
    -----
    The form (1 + tanh(z / 2)) / 2 is the same function and cannot overflow.
    """
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.add(out, 1.0, out=out)
    np.multiply(out, 0.5, out=out)


def softmax(z: Array, out: Array) -> None:
    """Write exp(z) / sum(exp(z)), summed over the units of each point, into `out`.

    Notes
    -----
    The largest pre-activation of each point is subtracted first: the result is the same and exp cannot overflow.
    """
    np.subtract(z, np.maximum.reduce(z, axis=0), out=out)
    np.exp(out, out=out)
    np.divide(out, np.add.reduce(out, axis=0), out=out)


def _sigmoid_derivative(z: Array, a: Array, out: Array) -> None:
    np.subtract(1.0, a, out=out)
    np.multiply(out, a, out=out)


def _tanh(z: Array, out: Array) -> None:
    np.tanh(z, out=out)


def _tanh_derivative(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out=out)
    np.subtract(1.0, out, out=out)


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, 0.0, out=out)


def _relu_derivative(z: Array, a: Array, out: Array) -> None:
    # a is never negative, so its sign is the step function, with 0 at the kink.
    np.sign(a, out=out)


def _linear(z: Array, out: Array) -> None:
    np.copyto(out, z)


def _linear_derivative(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation("relu", "max(0, z)", _relu, _relu_derivative, None),
        Activation("tanh", "tanh(z)", _tanh, _tanh_derivative, 1.0),
        Activation("sigmoid", "1 / (1 + exp(−z))", sigmoid, _sigmoid_derivative, 1.0),
        Activation("linear", "z", _linear, _linear_derivative, None),
    )
}
"""Every activation of a hidden layer, by name, in the order in which menus show them."""
