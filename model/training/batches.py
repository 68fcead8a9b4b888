"""Batches: the training points of one epoch after another, in their order, cut into what each step learns from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.network.network import Network
from model.network.workspace import Workspace
from model.training.checkpoint import DrawnOrder, Order, epoch_size, order_points, ordered, random_state
from model.training.metrics import PointSet
from model.training.settings import TrainingSettings
from model.types import Array, FloatArray, IntArray


class Batch(NamedTuple):
    """What one step learns from.

    Attributes
    ----------
    workspace : Workspace
        With what the last step on a batch of this size computed.
    inputs : ndarray of shape (n_inputs + 1, n_points)
    targets : ndarray of shape (n_outputs, n_points)
    """

    workspace: Workspace
    inputs: Array
    targets: Array


class Batches:
    """Cuts epochs into batches; the last one may be smaller, and is never carried over into the next epoch.

    Parameters
    ----------
    network : Network
    points : PointSet
        Those to learn from; without any there is no batch.
    settings : TrainingSettings
    generator : numpy.random.Generator
        Orders the points, and leaves neurons out.

    Attributes
    ----------
    items : list of Batch
        Of the present epoch.
    points_in_order : ndarray of int or None
        The points of the present epoch in their order; None before the first.
    order : DrawnOrder, ndarray of int or None
        How that came about, or the points themselves.
    """

    def __init__(
        self, network: Network, points: PointSet, settings: TrainingSettings, generator: np.random.Generator
    ) -> None:
        self._points = points
        self._order_kind = settings.batch_order
        self._generator = generator
        self.points_in_order: IntArray | None = None
        self.order: Order | None = None
        self._is_filled = False
        n_taken, _ = epoch_size(points.n_points, settings)
        size = min(settings.batch_size or n_taken, n_taken)
        self._inputs: FloatArray = np.ones((len(points.inputs), n_taken))
        self._targets: FloatArray = np.zeros((len(points.targets), n_taken))
        dropout = settings.dropout_rates(network.settings.n_hidden_layers)
        workspaces: dict[int, Workspace] = {}
        self.items: list[Batch] = []
        for start in range(0, n_taken, max(size, 1)):
            stop = min(start + size, n_taken)
            if stop - start not in workspaces:
                workspaces[stop - start] = network.settings.workspace(
                    network.parameters, stop - start, dropout, generator
                )
            part = slice(start, stop)
            self.items.append(Batch(workspaces[stop - start], self._inputs[:, part], self._targets[:, part]))

    def __len__(self) -> int:
        return len(self.items)

    @property
    def n_taken(self) -> int:
        """How many points an epoch takes."""
        return len(self._inputs[0])

    def begin_epoch(self) -> None:
        """Order the points anew, and put them into the batches."""
        self.draw_order()
        self.fill()

    def draw_order(self) -> None:
        """Order the points anew; :meth:`fill` puts them into the batches."""
        n_points, n_taken = self._points.n_points, self.n_taken
        drawn = DrawnOrder(self._order_kind, n_points, n_taken, random_state(self._generator))
        self._note(ordered(self._generator, self._order_kind, n_points, n_taken), drawn)

    def take(self, order: Order) -> None:
        """Put the points into the batches in this order."""
        self._note(order_points(order), order)
        self.fill()

    def _note(self, points: IntArray, order: Order) -> None:
        self.points_in_order, self.order, self._is_filled = points, order, False

    def fill(self) -> None:
        """Put the points into the batches in their present order, unless they are there."""
        if self.points_in_order is None or self._is_filled:
            return
        # mode="clip" writes straight into the buffer; every index is in range.
        np.take(self._points.inputs, self.points_in_order, axis=1, out=self._inputs, mode="clip")
        np.take(self._points.targets, self.points_in_order, axis=1, out=self._targets, mode="clip")
        self._is_filled = True

    def order_of(self, number: int) -> IntArray:
        """Return which of the training points a batch of the present epoch has, in its order.

        Raises
        ------
        ValueError
            If no epoch has begun.
        """
        if self.points_in_order is None:
            raise ValueError("no epoch has begun")
        start = sum(batch.inputs.shape[1] for batch in self.items[:number])
        return self.points_in_order[start : start + self.items[number].inputs.shape[1]]
