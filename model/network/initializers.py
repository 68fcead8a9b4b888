"""Initializers: a registry of how a new layer's weights are drawn.

The rules are those of torch.nn.init, with a gain of 1 for Xavier and LeCun and of √2 for He.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.types import FloatArray


@dataclass(frozen=True, slots=True)
class Initializer:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`INITIALIZERS`.
    label, tip : str
        What the window shows.
    draw : callable
        ``draw(generator, n_in, n_out, scale)`` returns an ndarray of shape (n_in + 1, n_out): the weights of a layer
        and, as the last row, its biases.
    scale : str or None
        What the scale means to this initializer; None if it has none.
    """

    name: str
    label: str
    tip: str
    draw: Callable[[np.random.Generator, int, int, float], FloatArray]
    scale: str | None = None


def _with_biases(weights: FloatArray) -> FloatArray:
    """Return the weights over a row of zeros, the biases."""
    return np.concatenate([weights, np.zeros((1, weights.shape[1]))])


def _zeros(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return np.zeros((n_in + 1, n_out))


def _constant(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _with_biases(np.full((n_in, n_out), scale))


def _uniform(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return generator.uniform(-scale, scale, size=(n_in + 1, n_out))


def _normal(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _with_biases(generator.normal(0.0, scale, size=(n_in, n_out)))


def _uniform_of_spread(generator: np.random.Generator, n_in: int, n_out: int, spread: float) -> FloatArray:
    # A uniform distribution from -limit to limit has the standard deviation limit / sqrt(3).
    drawn = generator.uniform(-np.sqrt(3.0) * spread, np.sqrt(3.0) * spread, size=(n_in + 1, n_out))
    drawn[-1] = 0.0
    return drawn


def _xavier_uniform(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _uniform_of_spread(generator, n_in, n_out, np.sqrt(2.0 / (n_in + n_out)))


def _xavier_normal(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _normal(generator, n_in, n_out, np.sqrt(2.0 / (n_in + n_out)))


def _he_uniform(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _uniform_of_spread(generator, n_in, n_out, np.sqrt(2.0 / n_in))


def _he_normal(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _normal(generator, n_in, n_out, np.sqrt(2.0 / n_in))


def _lecun_normal(generator: np.random.Generator, n_in: int, n_out: int, scale: float) -> FloatArray:
    return _normal(generator, n_in, n_out, np.sqrt(1.0 / n_in))


INITIALIZERS: dict[str, Initializer] = {
    entry.name: entry
    for entry in (
        Initializer(
            "xavier_uniform",
            "Xavier uniform",
            "Weights uniform within ±√(6 / (inputs + outputs)): for tanh and sigmoid (Glorot and Bengio 2010).",
            _xavier_uniform,
        ),
        Initializer(
            "xavier_normal",
            "Xavier normal",
            "Weights normal with variance 2 / (inputs + outputs): for tanh and sigmoid (Glorot and Bengio 2010).",
            _xavier_normal,
        ),
        Initializer(
            "he_uniform",
            "He uniform",
            "Weights uniform within ±√(6 / inputs): for relu and its kin (He et al. 2015).",
            _he_uniform,
        ),
        Initializer(
            "he_normal",
            "He normal",
            "Weights normal with variance 2 / inputs: for relu and its kin (He et al. 2015).",
            _he_normal,
        ),
        Initializer(
            "lecun_normal", "LeCun normal", "Weights normal with variance 1 / inputs: for selu.", _lecun_normal
        ),
        Initializer("uniform", "uniform", "Every weight and bias uniform within ± the range.", _uniform, "Range"),
        Initializer("normal", "normal", "Weights normal with the given spread.", _normal, "Spread"),
        Initializer(
            "constant", "constant", "Every weight the same: neurons of a layer never come apart.", _constant, "Value"
        ),
        Initializer("zeros", "zeros", "Every weight 0: neurons of a layer never come apart.", _zeros),
    )
}
"""Every initializer, by name, in the order in which menus show them."""
