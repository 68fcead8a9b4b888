"""Updates: what each optimizer does to the parameters, as a notebook has it.

A notebook contains the source of one of these functions. Each is called with the parameters, which it changes, the
gradient, the learning rate, what it keeps from step to step by the names of
:meth:`model.training.optimizers.Optimizer.memory`, and the optimizer's options by name.
"""

# ruff: noqa: D103
# What a function does is told in the cell above it.

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from model.training.optimizers import OPTIMIZERS


def sgd(parameters, gradient, learning_rate, memory, weight_decay):  # type: ignore[no-untyped-def]
    parameters -= learning_rate * (gradient + weight_decay * parameters)


def momentum(parameters, gradient, learning_rate, memory, momentum, weight_decay):  # type: ignore[no-untyped-def]
    velocity = memory["velocity"]
    velocity *= momentum
    velocity += gradient + weight_decay * parameters
    parameters -= learning_rate * velocity


def nesterov(parameters, gradient, learning_rate, memory, momentum, weight_decay):  # type: ignore[no-untyped-def]
    velocity = memory["velocity"]
    slope = gradient + weight_decay * parameters
    velocity *= momentum
    velocity += slope
    parameters -= learning_rate * (slope + momentum * velocity)


def adagrad(parameters, gradient, learning_rate, memory, eps, weight_decay):  # type: ignore[no-untyped-def]
    slope = gradient + weight_decay * parameters
    memory["squares"] += slope**2
    parameters -= learning_rate * slope / (np.sqrt(memory["squares"]) + eps)


def rmsprop(parameters, gradient, learning_rate, memory, alpha, eps, weight_decay):  # type: ignore[no-untyped-def]
    slope = gradient + weight_decay * parameters
    memory["squares"] *= alpha
    memory["squares"] += (1 - alpha) * slope**2
    parameters -= learning_rate * slope / (np.sqrt(memory["squares"]) + eps)


def adam(parameters, gradient, learning_rate, memory, betas, eps, weight_decay):  # type: ignore[no-untyped-def]
    mean, squares = np.split(memory["moments"], 2)
    slope = gradient + weight_decay * parameters
    memory["n_updates"] += 1
    n = memory["n_updates"][0]
    mean *= betas[0]
    mean += (1 - betas[0]) * slope
    squares *= betas[1]
    squares += (1 - betas[1]) * slope**2
    root = np.sqrt(1 - betas[1] ** n)
    parameters -= learning_rate * root / (1 - betas[0] ** n) * mean / (np.sqrt(squares) + eps * root)


def adamw(parameters, gradient, learning_rate, memory, betas, eps, weight_decay):  # type: ignore[no-untyped-def]
    mean, squares = np.split(memory["moments"], 2)
    parameters *= 1 - learning_rate * weight_decay
    memory["n_updates"] += 1
    n = memory["n_updates"][0]
    mean *= betas[0]
    mean += (1 - betas[0]) * gradient
    squares *= betas[1]
    squares += (1 - betas[1]) * gradient**2
    root = np.sqrt(1 - betas[1] ** n)
    parameters -= learning_rate * root / (1 - betas[0] ** n) * mean / (np.sqrt(squares) + eps * root)


def coordinate(parameters, gradient, learning_rate, memory):  # type: ignore[no-untyped-def]
    position = int(memory["next"][0])
    parameters[position] -= learning_rate * gradient[position]
    memory["next"][0] = (position + 1) % len(parameters)


UPDATES: dict[str, Callable[..., Any]] = {
    update.__name__: update for update in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, coordinate)
}
"""For each optimizer that follows the gradient, by name."""


def update_source(optimizer: str) -> str:
    """Return the source of an optimizer's update, as the function ``update``."""
    source = inspect.getsource(UPDATES[optimizer]).replace(f"def {optimizer}(", "def update(", 1).strip()
    text = f'    """Change the parameters as {OPTIMIZERS[optimizer].label} does."""'
    return source.replace("  # type: ignore[no-untyped-def]", f"\n{text}", 1)
