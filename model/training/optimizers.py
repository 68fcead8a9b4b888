"""Optimizers: a registry of how a gradient becomes a change of the parameters.

Update rules, names of options and their defaults are those that PyTorch documents for torch.optim, so that people can
compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from math import sqrt
from typing import ClassVar, Protocol, TypeAlias

import numpy as np

from model.training import rules, updates
from model.training.rules import RuleLine
from model.training.updates import CompiledUpdate
from model.types import FloatArray, check_choice, is_number, read_only

OptionValue: TypeAlias = float | tuple[float, float]


class Optimizer(Protocol):
    """What the trainer asks of an optimizer. It keeps its own state, such as a velocity, from step to step."""

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` may be used as scratch space."""

    def memory(self) -> dict[str, FloatArray]:
        """Return copies of what it keeps from step to step, by name; a whole number is an array of one entry."""

    def recall(self, memory: Mapping[str, FloatArray]) -> None:
        """Continue as the optimizer of the same kind whose :meth:`memory` this was."""


@dataclass(frozen=True, slots=True)
class OptimizerOption:
    """A number, or a pair of them, that an optimizer can be given.

    Attributes
    ----------
    default : float or tuple of float
    limit : float
        Each number must be at least 0 and below `limit`.
    tip : str
        One sentence that says what it does.
    labels : tuple of str
        What a person calls each of its numbers.
    """

    default: OptionValue
    limit: float
    tip: str
    labels: tuple[str, ...]

    def check(self, name: str, value: OptionValue) -> None:
        """Raise a ValueError that names the value and what is allowed, unless `value` is."""
        pair = isinstance(self.default, tuple)
        numbers = value if isinstance(value, tuple) else (value,)
        if isinstance(value, tuple) != pair or (pair and len(numbers) != 2):
            raise ValueError(f"{name} must be {'two numbers' if pair else 'one number'}; got {value!r}")
        for number in numbers:
            if not (is_number(number) and 0.0 <= number < self.limit):
                raise ValueError(f"{name} must be 0 or more and below {self.limit:g}; got {value!r}")


@dataclass(frozen=True, slots=True)
class OptimizerEntry:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`OPTIMIZERS`.
    label, tip : str
        What the window shows.
    kind : callable or None
        ``kind(n_parameters, **options)``, with every option, returns a new optimizer. None: it needs no gradient, and
        :class:`model.training.random_search.RandomSearch` takes the options.
    options : mapping of str to OptimizerOption
    rule : tuple of RuleLine
        What `kind` does to a parameter, to be read; empty where it needs no gradient.
    compiled : CompiledUpdate or None
        The same as `kind` for the compiled engine; None: NumPy trains with it.
    """

    name: str
    label: str
    tip: str
    kind: Callable[..., Optimizer] | None
    options: Mapping[str, OptimizerOption] = field(default_factory=dict)
    rule: tuple[RuleLine, ...] = ()
    compiled: CompiledUpdate | None = None

    @property
    def defaults(self) -> dict[str, OptionValue]:
        """The value of every option that is not given."""
        return {name: option.default for name, option in self.options.items()}

    @property
    def make(self) -> Callable[..., Optimizer] | None:
        """``make(n_parameters, **options)`` returns a new optimizer; None where it needs no gradient."""
        return None if self.kind is None else partial(self.kind, **self.defaults)

    def check(self, options: Mapping[str, OptionValue]) -> None:
        """Raise a ValueError that names what is wrong, unless `options` are allowed."""
        if not isinstance(options, Mapping):
            raise ValueError(f"optimizer_options must be a mapping of names to numbers; got {options!r}")
        for name, value in options.items():
            check_choice(f"option of {self.name}", name, self.options)
            self.options[name].check(name, value)


@lru_cache(maxsize=1_000)
def memory_sizes(optimizer: str, n_parameters: int) -> Mapping[str, int]:
    """Return how many numbers an optimizer keeps from step to step, by name, see :meth:`Optimizer.memory`."""
    make = OPTIMIZERS[optimizer].make
    return {} if make is None else {name: len(array) for name, array in make(n_parameters).memory().items()}


class Stateful:
    """Keeps arrays from step to step; `_state` names them, without their underscore."""

    _state: ClassVar[tuple[str, ...]] = ()

    def memory(self) -> dict[str, FloatArray]:
        """Return copies of what is kept, by name."""
        return {name: read_only(getattr(self, f"_{name}").copy()) for name in self._state}

    def recall(self, memory: Mapping[str, FloatArray]) -> None:
        """Keep what `memory` says; what it does not have starts afresh."""
        for name in self._state:
            if name in memory:
                getattr(self, f"_{name}")[:] = memory[name]


class WeightDecay(Stateful):
    """Adds weight decay to the gradient, as all optimizers of PyTorch but AdamW do: ``g += weight_decay * p``."""

    def __init__(self, n_parameters: int, weight_decay: float) -> None:
        self._weight_decay = weight_decay
        self._scratch = np.zeros(n_parameters)

    def _decay(self, parameters: FloatArray, gradient: FloatArray) -> None:
        if self._weight_decay:
            np.multiply(parameters, self._weight_decay, out=self._scratch)
            np.add(gradient, self._scratch, out=gradient)


class GradientDescent(WeightDecay):
    """Plain gradient descent: ``p -= learning_rate * g`` (torch.optim.SGD)."""

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        self._decay(parameters, gradient)
        np.multiply(gradient, learning_rate, out=gradient)
        np.subtract(parameters, gradient, out=parameters)


class Momentum(WeightDecay):
    """Gradient descent with a velocity: ``v = momentum * v + g; p -= learning_rate * v`` (torch.optim.SGD)."""

    _state = ("velocity",)

    def __init__(self, n_parameters: int, momentum: float, weight_decay: float) -> None:
        super().__init__(n_parameters, weight_decay)
        self._momentum = momentum
        self._velocity = np.zeros(n_parameters)

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        self._decay(parameters, gradient)
        np.multiply(self._velocity, self._momentum, out=self._velocity)
        np.add(self._velocity, gradient, out=self._velocity)
        np.multiply(self._direction(gradient), learning_rate, out=gradient)
        np.subtract(parameters, gradient, out=parameters)

    def _direction(self, gradient: FloatArray) -> FloatArray:
        return self._velocity


class Nesterov(Momentum):
    """Momentum that looks ahead: ``p -= learning_rate * (g + momentum * v)`` (torch.optim.SGD, nesterov=True)."""

    def _direction(self, gradient: FloatArray) -> FloatArray:
        np.multiply(self._velocity, self._momentum, out=self._scratch)
        return np.add(gradient, self._scratch, out=self._scratch)


class Adagrad(WeightDecay):
    """Steps that shrink where gradients were large: ``s += g * g; p -= learning_rate * g / (sqrt(s) + eps)``."""

    _state = ("squares",)

    def __init__(self, n_parameters: int, eps: float, weight_decay: float) -> None:
        super().__init__(n_parameters, weight_decay)
        self._eps = eps
        self._squares = np.zeros(n_parameters)

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        self._decay(parameters, gradient)
        self._accumulate(gradient)
        np.sqrt(self._squares, out=self._scratch)
        np.add(self._scratch, self._eps, out=self._scratch)
        np.divide(gradient, self._scratch, out=gradient)
        np.multiply(gradient, learning_rate, out=gradient)
        np.subtract(parameters, gradient, out=parameters)

    def _accumulate(self, gradient: FloatArray) -> None:
        np.multiply(gradient, gradient, out=self._scratch)
        np.add(self._squares, self._scratch, out=self._squares)


class RMSProp(Adagrad):
    """Adagrad that forgets: ``s = alpha * s + (1 - alpha) * g * g`` (torch.optim.RMSprop)."""

    def __init__(self, n_parameters: int, alpha: float, eps: float, weight_decay: float) -> None:
        super().__init__(n_parameters, eps, weight_decay)
        self._alpha = alpha

    def _accumulate(self, gradient: FloatArray) -> None:
        np.multiply(gradient, gradient, out=self._scratch)
        np.multiply(self._scratch, 1.0 - self._alpha, out=self._scratch)
        np.multiply(self._squares, self._alpha, out=self._squares)
        np.add(self._squares, self._scratch, out=self._squares)


class Adam(WeightDecay):
    """Velocity and squares, both corrected for their start at 0 (Kingma and Ba 2014; torch.optim.Adam).

    Notes
    -----
    ``m = b1 m + (1 - b1) g;  v = b2 v + (1 - b2) g g;
    p -= learning_rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)``
    """

    _state = ("moments", "n_updates")

    def __init__(self, n_parameters: int, betas: tuple[float, float], eps: float, weight_decay: float) -> None:
        super().__init__(n_parameters, weight_decay)
        self._betas = betas
        self._eps = eps
        self._n_updates = np.zeros(1)
        # Mean and squares lie one after the other, so that one operation does for both.
        self._moments = np.zeros(2 * n_parameters)
        self._new = np.zeros(2 * n_parameters)
        self._kept = np.repeat(betas, n_parameters)
        self._taken = 1.0 - self._kept
        self._mean, self._squares = self._moments[:n_parameters], self._moments[n_parameters:]
        self._new_mean, self._new_squares = self._new[:n_parameters], self._new[n_parameters:]

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        self._decay(parameters, gradient)
        beta_1, beta_2 = self._betas
        self._n_updates += 1.0
        n_updates = float(self._n_updates[0])
        np.copyto(self._new_mean, gradient)
        np.multiply(gradient, gradient, out=self._new_squares)
        np.multiply(self._new, self._taken, out=self._new)
        np.multiply(self._moments, self._kept, out=self._moments)
        np.add(self._moments, self._new, out=self._moments)
        # Numerator and denominator of the formula are both multiplied by sqrt(1 - b2^t), which saves an operation.
        scratch, root = self._scratch, sqrt(1.0 - beta_2**n_updates)
        np.sqrt(self._squares, out=scratch)
        np.add(scratch, self._eps * root, out=scratch)
        np.divide(self._mean, scratch, out=scratch)
        np.multiply(scratch, learning_rate * root / (1.0 - beta_1**n_updates), out=scratch)
        np.subtract(parameters, scratch, out=parameters)


class AdamW(Adam):
    """Adam whose weight decay is apart from the gradient: ``p *= 1 - learning_rate * weight_decay`` (torch.optim)."""

    def __init__(self, n_parameters: int, betas: tuple[float, float], eps: float, weight_decay: float) -> None:
        super().__init__(n_parameters, betas, eps, weight_decay=0.0)
        self._own_decay = weight_decay

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change `parameters` in place; `gradient` is overwritten."""
        np.multiply(parameters, 1.0 - learning_rate * self._own_decay, out=parameters)
        super().update(parameters, gradient, learning_rate)


class Coordinate(Stateful):
    """Changes one parameter at a step, the next one in order: ``p[i] -= learning_rate * g[i]``.

    Every step has a fresh gradient, at what the parameters before have just become (seed 004_541265211640a973.txt).
    """

    _state = ("next",)

    def __init__(self, n_parameters: int) -> None:
        self._n_parameters = n_parameters
        self._next = np.zeros(1)

    def update(self, parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        """Change one of the `parameters` in place."""
        position = int(self._next[0])
        parameters[position] -= learning_rate * gradient[position]
        self._next[0] = (position + 1) % self._n_parameters


_MOMENTUM = OptimizerOption(0.9, 1.0, "How much of the last step's velocity is kept.", ("Momentum",))
_WEIGHT_DECAY = OptimizerOption(
    0.0, float("inf"), "Pulls every parameter towards 0 by this share a step.", ("Weight decay",)
)
_BETAS = OptimizerOption(
    (0.9, 0.999),
    1.0,
    "How much of the mean gradient, and of the mean square, is kept at a step.",
    ("Decay of mean, β₁", "Decay of square, β₂"),
)


def _eps(default: float) -> OptimizerOption:
    return OptimizerOption(default, float("inf"), "Keeps the divisor away from 0.", ("Smallest divisor, ε",))


def _range(default: float, tip: str, label: str) -> OptimizerOption:
    return OptimizerOption(default, 1000.0, tip, (label,))


OPTIMIZERS: dict[str, OptimizerEntry] = {
    entry.name: entry
    for entry in (
        OptimizerEntry(
            "sgd",
            "SGD",
            "Plain gradient descent.",
            GradientDescent,
            {"weight_decay": _WEIGHT_DECAY},
            rules.GRADIENT_DESCENT,
            updates.gradient_descent,
        ),
        OptimizerEntry(
            "momentum",
            "Momentum",
            "Gradient descent with a velocity that carries it through flat places.",
            Momentum,
            {"momentum": _MOMENTUM, "weight_decay": _WEIGHT_DECAY},
            rules.MOMENTUM,
            updates.momentum,
        ),
        OptimizerEntry(
            "nesterov",
            "Nesterov",
            "Momentum that looks at where the velocity leads.",
            Nesterov,
            {"momentum": _MOMENTUM, "weight_decay": _WEIGHT_DECAY},
            rules.NESTEROV,
            updates.nesterov,
        ),
        OptimizerEntry(
            "adagrad",
            "Adagrad",
            "Smaller and smaller steps for parameters whose gradients were large.",
            Adagrad,
            {"eps": _eps(1e-10), "weight_decay": _WEIGHT_DECAY},
            rules.ADAGRAD,
            updates.adagrad,
        ),
        OptimizerEntry(
            "rmsprop",
            "RMSprop",
            "Steps of about the same size for every parameter, whatever its gradient's.",
            RMSProp,
            {
                "alpha": OptimizerOption(
                    0.99, 1.0, "How much of the mean square is kept at a step.", ("Decay of square, α",)
                ),
                "eps": _eps(1e-8),
                "weight_decay": _WEIGHT_DECAY,
            },
            rules.RMSPROP,
            updates.rmsprop,
        ),
        OptimizerEntry(
            "adam",
            "Adam",
            "Momentum and steps of about the same size together; a good first choice.",
            Adam,
            {"betas": _BETAS, "eps": _eps(1e-8), "weight_decay": _WEIGHT_DECAY},
            rules.ADAM,
            updates.adam,
        ),
        OptimizerEntry(
            "adamw",
            "AdamW",
            "Adam with a weight decay that its step sizes do not change.",
            AdamW,
            {
                "betas": _BETAS,
                "eps": _eps(1e-8),
                "weight_decay": OptimizerOption(
                    0.01, float("inf"), "Shrinks every parameter by this share a step.", ("Weight decay",)
                ),
            },
            rules.ADAMW,
            updates.adamw,
        ),
        OptimizerEntry(
            "coordinate",
            "Coordinate",
            "One parameter at a step, one after the other, each with a fresh gradient.",
            Coordinate,
            rule=rules.COORDINATE,
            compiled=updates.coordinate,
        ),
        OptimizerEntry(
            "random_search",
            "Random search",
            "No gradient: draws whole networks until one has every training point right, and keeps the best.",
            None,
            {
                "hidden_weights": _range(1.5, "Weights of hidden layers are drawn within ± this.", "Hidden weights, ±"),
                "output_weights": _range(
                    10.0, "Weights of the output layer are drawn within ± this.", "Output weights, ±"
                ),
                "biases": _range(3.0, "Biases are drawn within ± this.", "Biases, ±"),
                "budget": OptimizerOption(
                    1_000_000.0, 1e9, "The search ends after this many tries.", ("Budget, tries",)
                ),
            },
        ),
    )
}
"""Every optimizer, by name, in the order in which menus show them."""
