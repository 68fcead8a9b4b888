"""Bursts: what the trainer hands to compiled code, and takes back from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.network.network import Network
from model.training.batches import Batches
from model.training.compiled.coverage import Codes, codes_of
from model.training.metrics import PointSet
from model.training.optimizers import OPTIMIZERS, Optimizer
from model.training.settings import BATCH_ORDERS, Setup, TrainingSettings
from model.types import FloatArray

if TYPE_CHECKING:
    from model.training.compiled.cache import Kernel

BLOCK = 128
"""So many points of a batch are taken through the network at once: what they need stays in the processor's cache."""


class Counts(NamedTuple):
    """Steps taken, epochs completed, and which batch of the present epoch is next."""

    step: int
    epoch: int
    next_batch: int


class Bursts:
    """Takes bursts of steps of one setup in compiled code.

    Parameters
    ----------
    kernel : Kernel
        The compiled steps.
    setup : Setup
    codes : Codes
        Those of the setup.
    network : Network
        Is changed.
    points : PointSet
        Those to learn from, one or more.
    generator : numpy.random.Generator
        Orders the points, and leaves neurons out.
    """

    def __init__(
        self,
        kernel: Kernel,
        setup: Setup,
        codes: Codes,
        network: Network,
        points: PointSet,
        generator: np.random.Generator,
    ) -> None:
        self._kernel = kernel
        shape, training = network.settings, setup.training
        dropout = np.array(training.dropout_rates(shape.n_hidden_layers), dtype=np.float64)
        batch_size = training.batch_size or points.n_points
        schedule, layout = training.schedule, shape.layout()
        self._begin = (
            network.parameters,
            np.ascontiguousarray(points.inputs),
            np.ascontiguousarray(points.targets),
            generator,
        )
        self._rules = (
            _whole(*shape.layer_sizes),
            _whole(*codes.activations),
            _whole(codes.output, codes.delta, codes.update, codes.share, codes.penalty),
            _whole(
                batch_size,
                list(BATCH_ORDERS).index(training.batch_order),
                training.reduction == "mean",
                schedule.period,
                schedule.warm_up,
            ),
            np.array(
                [
                    training.learning_rate,
                    schedule.factor,
                    training.regularization_rate,
                    np.inf if training.clip_norm is None else training.clip_norm,
                ]
            ),
            dropout,
            _options(training),
        )
        self._places = (
            _whole() if layout is None else layout.positions.astype(np.int64),
            np.zeros(0) if layout is None else layout.factors,
            shape.is_weight.astype(np.float64),
            _whole(*sorted(shape.fixed)),
        )
        self._blocks = _blocks(shape.layer_sizes, min(batch_size, points.n_points), bool(dropout.any()))

    def run(self, n_steps: int, counts: Counts, batches: Batches, optimizer: Optimizer) -> Counts:
        """Take `n_steps` steps, and return where that leads.

        Parameters
        ----------
        n_steps : int
        counts : Counts
        batches : Batches
            Has the order of the present epoch, and afterwards that of the one in which the steps end.
        optimizer : Optimizer
            Whose memory the steps begin with, and change.
        """
        kept = optimizer.memory()
        memory: FloatArray = np.concatenate([np.zeros(0), *kept.values()])
        last = counts.next_batch + n_steps
        n_in_last_epoch = last % len(batches)
        if last > n_in_last_epoch:
            counts = self._take(last - n_in_last_epoch - counts.next_batch, counts, batches, memory)
            n_steps = n_in_last_epoch
        if n_steps:
            # The epoch in which they end is begun here: how it was drawn must be known to go on in it.
            is_new = counts.next_batch == 0
            if is_new:
                batches.draw_order()
            counts = self._take(n_steps, counts, batches, memory, has_order=is_new)
        ends = np.cumsum([len(array) for array in kept.values()])
        optimizer.recall(dict(zip(kept, np.split(memory, ends), strict=False)))
        return counts

    def _take(
        self, n_steps: int, counts: Counts, batches: Batches, memory: FloatArray, *, has_order: bool = False
    ) -> Counts:
        """Take steps of the present epoch, and of others from their beginnings to their ends.

        Parameters
        ----------
        n_steps : int
            1 or more.
        counts : Counts
        batches : Batches
        memory : ndarray
            Of the optimizer; changed.
        has_order : bool
            Whether the order of an epoch that begins is drawn already.
        """
        order = np.empty(batches.n_taken, dtype=np.int64)
        if (counts.next_batch or has_order) and batches.points_in_order is not None:
            order[:] = batches.points_in_order
        numbers = _whole(*counts, has_order)
        self._kernel(*self._begin, order, numbers, *self._rules, memory, *self._places, *self._blocks, n_steps)
        return Counts(*numbers[:3].tolist())


def bursts_of(
    kernel: Kernel, setup: Setup, network: Network, points: PointSet, generator: np.random.Generator
) -> Bursts | None:
    """Return what takes the steps of a setup in compiled code; None where NumPy takes them."""
    codes = codes_of(setup)
    return None if codes is None else Bursts(kernel, setup, codes, network, points, generator)


def _whole(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, dtype=np.int64)


def _options(training: TrainingSettings) -> FloatArray:
    """Return the options of the optimizer one after the other, see :mod:`model.training.updates`."""
    values = (OPTIMIZERS[training.optimizer].defaults | dict(training.optimizer_options)).values()
    return np.array([number for value in values for number in (value if isinstance(value, tuple) else (value,))])


def _blocks(layer_sizes: tuple[int, ...], n_at_once: int, has_dropout: bool) -> tuple[FloatArray, ...]:
    """Return pre-activations, activations, deltas, targets, and what dropout needs, for points side by side.

    What a batch drops is drawn for all its points at once, as the NumPy trainer draws it, layer by layer.
    """
    n_points = n_at_once if has_dropout else min(n_at_once, BLOCK)
    n_columns = (n_points + 3) // 4 * 4
    n_layers, widest = len(layer_sizes) - 1, max(layer_sizes)
    of_layers = (n_layers, widest, n_columns)
    of_dropout = of_layers if has_dropout else (n_layers, widest, 0)
    return (
        np.zeros(of_layers),
        np.zeros((n_layers + 1, widest, n_columns)),
        np.zeros(of_layers),
        np.zeros((layer_sizes[-1], n_columns)),
        np.zeros(of_dropout),
        np.zeros(of_dropout),
    )
