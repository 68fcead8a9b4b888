"""Updates: what each optimizer does to the parameters, number by number: what the compiled engine makes its loops of.

The same arithmetic as in :mod:`model.training.optimizers`, whose entries name it. An update is called as
``update(parameters, gradient, learning_rate, options, memory)``: the options are those of the entry one after the
other, a pair as two numbers, and the memory is what the optimizer keeps from step to step, likewise.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import TypeAlias

from model.types import FloatArray

CompiledUpdate: TypeAlias = Callable[[FloatArray, FloatArray, float, FloatArray, FloatArray], None]
"""``update(parameters, gradient, learning_rate, options, memory)`` changes parameters and memory in place."""


def gradient_descent(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step of plain gradient descent."""
    weight_decay = options[0]
    for i in range(len(parameters)):
        parameters[i] -= learning_rate * (gradient[i] + weight_decay * parameters[i])


def momentum(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step with a velocity, which is the memory."""
    kept, weight_decay = options[0], options[1]
    for i in range(len(parameters)):
        memory[i] = kept * memory[i] + (gradient[i] + weight_decay * parameters[i])
        parameters[i] -= learning_rate * memory[i]


def nesterov(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step with a velocity, which is the memory, that looks ahead."""
    kept, weight_decay = options[0], options[1]
    for i in range(len(parameters)):
        slope = gradient[i] + weight_decay * parameters[i]
        memory[i] = kept * memory[i] + slope
        parameters[i] -= learning_rate * (slope + kept * memory[i])


def adagrad(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step divided by the root of the squares so far, which are the memory."""
    eps, weight_decay = options[0], options[1]
    for i in range(len(parameters)):
        slope = gradient[i] + weight_decay * parameters[i]
        memory[i] += slope * slope
        parameters[i] -= learning_rate * (slope / (sqrt(memory[i]) + eps))


def rmsprop(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step divided by the root of the mean square, which is the memory."""
    kept, eps, weight_decay = options[0], options[1], options[2]
    for i in range(len(parameters)):
        slope = gradient[i] + weight_decay * parameters[i]
        memory[i] = kept * memory[i] + (1.0 - kept) * (slope * slope)
        parameters[i] -= learning_rate * (slope / (sqrt(memory[i]) + eps))


def adam(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Take a step of Adam; the memory is the mean gradients, the mean squares, and how many updates there were."""
    beta_1, beta_2, eps, weight_decay = options[0], options[1], options[2], options[3]
    n = len(parameters)
    memory[2 * n] += 1.0
    root = sqrt(1.0 - beta_2 ** memory[2 * n])
    rate = learning_rate * root / (1.0 - beta_1 ** memory[2 * n])
    for i in range(n):
        slope = gradient[i] + weight_decay * parameters[i]
        memory[i] = beta_1 * memory[i] + (1.0 - beta_1) * slope
        memory[n + i] = beta_2 * memory[n + i] + (1.0 - beta_2) * (slope * slope)
        parameters[i] -= rate * (memory[i] / (sqrt(memory[n + i]) + eps * root))


def adamw(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Shrink the parameters, and take a step of Adam."""
    beta_1, beta_2, eps, weight_decay = options[0], options[1], options[2], options[3]
    n = len(parameters)
    memory[2 * n] += 1.0
    root = sqrt(1.0 - beta_2 ** memory[2 * n])
    rate = learning_rate * root / (1.0 - beta_1 ** memory[2 * n])
    shrunk = 1.0 - learning_rate * weight_decay
    for i in range(n):
        memory[i] = beta_1 * memory[i] + (1.0 - beta_1) * gradient[i]
        memory[n + i] = beta_2 * memory[n + i] + (1.0 - beta_2) * (gradient[i] * gradient[i])
        parameters[i] = shrunk * parameters[i] - rate * (memory[i] / (sqrt(memory[n + i]) + eps * root))


def coordinate(
    parameters: FloatArray, gradient: FloatArray, learning_rate: float, options: FloatArray, memory: FloatArray
) -> None:
    """Change the one parameter whose turn it is; the memory says which."""
    position = int(memory[0])
    parameters[position] -= learning_rate * gradient[position]
    memory[0] = (position + 1) % len(parameters)
