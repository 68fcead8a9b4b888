"""Checkpoint: a moment of a run, from which it goes on as if it had never stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.training.engines import NUMPY, Engine
from model.training.settings import BatchOrder, TrainingSettings
from model.training.stopping import StopReason, StopState
from model.types import FloatArray, IntArray

Finished: TypeAlias = Literal["all_right", "budget_spent", "early_stopping"] | StopReason
"""Why training ends by itself: random search has every point right, or no try left; the test loss falls no more; or
what :class:`model.training.stopping.Stop` says."""

RandomState: TypeAlias = tuple[int, int, int, int]
"""State, increment, and the two numbers of a buffered half, of NumPy's PCG64."""


@dataclass(frozen=True, slots=True)
class DrawnOrder:
    """How the points of an epoch were ordered, from which they are ordered again: small, however many there are.

    Attributes
    ----------
    kind : str
        A key of :data:`model.training.settings.BATCH_ORDERS`.
    n_points : int
        How many there are to learn from.
    n_taken : int
        How many an epoch takes.
    random : RandomState
        Of the generator that ordered them, from before it did.
    """

    kind: BatchOrder
    n_points: int
    n_taken: int
    random: RandomState

    def points(self) -> IntArray:
        """Return the points of the epoch in their order, an ndarray of shape (n_taken,)."""
        generator = np.random.default_rng(0)
        set_random_state(generator, self.random)
        return ordered(generator, self.kind, self.n_points, self.n_taken)


Order: TypeAlias = IntArray | DrawnOrder
"""The points of an epoch in their order, or how that was drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The moment with the lowest test loss so far, for early stopping.

    Attributes
    ----------
    loss : float
    epoch : int
    parameters : ndarray of shape (n_parameters,)
    """

    loss: float
    epoch: int
    parameters: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """All that training knows between two steps, beside its data and settings. Arrays are read-only copies.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
    step_count, epoch_count : int
    random : RandomState
        Of the generator that orders the points and leaves neurons out.
    next_batch : int
        Which batch of the epoch is next.
    order : DrawnOrder, ndarray of int or None
        How the points of the epoch were ordered, or they themselves in their order; None where it has not begun.
    memory : mapping of str to ndarray
        What the optimizer keeps from step to step, see :meth:`model.training.optimizers.Optimizer.memory`.
    best : Best or None
    tries : tuple of int
        Of random search: how many there were, and the last that is allowed.
    finished : Finished or None
    stop : StopState
        What is remembered of where training is to end.
    engine : Engine or None
        What the run goes on with; None before its first step, with which it is decided.
    """

    parameters: FloatArray
    step_count: int
    epoch_count: int
    random: RandomState
    next_batch: int = 0
    order: Order | None = None
    memory: Mapping[str, FloatArray] = field(default_factory=dict)
    best: Best | None = None
    tries: tuple[int, int] = (0, 0)
    finished: Finished | None = None
    stop: StopState = field(default_factory=StopState)
    engine: Engine | None = NUMPY

    @property
    def n_bytes(self) -> int:
        """How much memory the arrays take."""
        arrays: list[NDArray[Any]] = [self.parameters, *self.memory.values()]
        if isinstance(self.order, np.ndarray):
            arrays.append(self.order)
        if self.best is not None:
            arrays.append(self.best.parameters)
        return sum(array.nbytes for array in arrays)

    def is_within_epoch(self, n_points: int, training: TrainingSettings) -> bool:
        """Return whether it has an order in which `n_points` training points can go on; otherwise an epoch begins."""
        n_taken, n_batches = epoch_size(n_points, training)
        return self.order is not None and _fits(self.order, n_points, n_taken) and 0 < self.next_batch < n_batches


def epoch_size(n_points: int, training: TrainingSettings) -> tuple[int, int]:
    """Return how many points an epoch takes of `n_points` for training, and in how many batches."""
    if n_points == 0:
        return 0, 0
    size = training.batch_size or n_points
    n_batches = -(-n_points // size)
    # With replacement every batch is full, however few points there are.
    return (n_batches * size if training.batch_order == "with_replacement" else n_points), n_batches


def ordered(generator: np.random.Generator, kind: BatchOrder, n_points: int, n_taken: int) -> IntArray:
    """Return the points of an epoch in the order in which they are taken, an ndarray of shape (n_taken,)."""
    if kind == "shuffled":
        return generator.permutation(n_points)
    if kind == "sequential":
        return np.arange(n_points)
    return np.asarray(generator.integers(n_points, size=n_taken))


def order_points(order: Order) -> IntArray:
    """Return the points of an order."""
    return order.points() if isinstance(order, DrawnOrder) else order


def _fits(order: Order, n_points: int, n_taken: int) -> bool:
    """Return whether an order takes `n_taken` times one of `n_points` points."""
    if isinstance(order, DrawnOrder):
        return order.n_taken == n_taken > 0 and order.n_points == n_points
    return len(order) == n_taken > 0 and int(order.min()) >= 0 and int(order.max()) < n_points


def random_state(generator: np.random.Generator) -> RandomState:
    """Return what a generator of PCG64 will draw from."""
    state = generator.bit_generator.state
    return state["state"]["state"], state["state"]["inc"], state["has_uint32"], state["uinteger"]


def set_random_state(generator: np.random.Generator, state: RandomState) -> None:
    """Let a generator of PCG64 draw what it would have drawn in that state."""
    number, increment, has_uint32, uinteger = state
    generator.bit_generator.state = {
        "bit_generator": "PCG64",
        "state": {"state": number, "inc": increment},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
