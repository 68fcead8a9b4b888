"""Initializers: a registry of how a new layer's weights and biases are drawn."""

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
    label : str
        What a menu shows.
    tip : str
        One sentence that says what it draws.
    draw : callable
        ``draw(generator, n_in, n_out)`` returns an ndarray of shape (n_in + 1, n_out): the weights of a layer and,
        as the last row, its biases.
    """

    name: str
    label: str
    tip: str
    draw: Callable[[np.random.Generator, int, int], FloatArray]


def _uniform(generator: np.random.Generator, n_in: int, n_out: int) -> FloatArray:
    return generator.uniform(-0.5, 0.5, size=(n_in + 1, n_out))


def _xavier_uniform(generator: np.random.Generator, n_in: int, n_out: int) -> FloatArray:
    limit = np.sqrt(6.0 / (n_in + n_out))
    drawn = generator.uniform(-limit, limit, size=(n_in + 1, n_out))
    drawn[-1] = 0.0
    return drawn


INITIALIZERS: dict[str, Initializer] = {
    entry.name: entry
    for entry in (
        Initializer(
            "xavier_uniform",
            "Xavier",
            "Weights uniform within ±√(6 / (inputs + outputs)), biases 0 (Glorot and Bengio 2010).",
            _xavier_uniform,
        ),
        Initializer("uniform", "uniform ±0.5", "Every weight and bias uniform in [−0.5, 0.5).", _uniform),
    )
}
"""Every initializer, by name."""
