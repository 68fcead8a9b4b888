"""Optimizers: a registry of how a gradient becomes a change of the parameters."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from model.types import FloatArray


class Optimizer(Protocol):
    """What the trainer asks of an optimizer."""

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` may be used as scratch space."""


class GradientDescent:
    """Plain gradient descent: ``parameters -= learning_rate * gradient``."""

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        np.multiply(gradient, learning_rate, out=gradient)
        np.subtract(parameters, gradient, out=parameters)


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": GradientDescent}
"""Every optimizer's class, by name."""
