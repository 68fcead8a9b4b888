"""LossBatch: the training loss of many networks that differ in their parameters alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.network.layout import layer_matrices
from model.network.losses import layer_activations
from model.network.network import Network
from model.network.settings import output_loss
from model.training.metrics import PointSet
from model.training.regularization import REGULARIZATIONS
from model.training.settings import Setup
from model.types import Array, FloatArray, IntArray

_SLICE = 120_000
"""How many activations are computed at a stretch: one to three milliseconds of NumPy."""


class LossBatch:
    """Evaluates the mean loss over the training points for many parameter vectors, a slice of the work at a time.

    Parameters
    ----------
    setup : Setup
        With one training point or more.
    with_penalty : bool
        Whether what regularization adds counts.

    Raises
    ------
    ValueError
        If there is no training point.
    """

    def __init__(self, setup: Setup, *, with_penalty: bool = False) -> None:
        self._network = setup.network
        points = PointSet(
            Network.from_settings(setup.network, np.zeros(setup.network.n_parameters)), setup.dataset, test=False
        )
        self._inputs, self._targets = points.inputs, points.targets
        self._loss = output_loss(setup.training.loss, setup.network.output_activation)
        self._functions = [
            entry.function
            for entry in layer_activations(setup.network.hidden_activations, setup.network.output_activation)
        ]
        self._layout = setup.network.layout()
        self._regularization = REGULARIZATIONS[setup.training.regularization if with_penalty else "none"]
        self._rate = setup.training.regularization_rate
        self._is_weight = setup.network.is_weight
        self.n_points = points.n_points
        if not self.n_points:
            raise ValueError("There is no training point, and so no loss.")
        self._n_units = sum(setup.network.layer_sizes[1:])

    def cost(self, n_points: int) -> int:
        """Return how many activations one network takes for so many points."""
        return self._n_units * n_points

    def some_points(self, n_points: int) -> IntArray:
        """Return which points stand for all of them where only so many can be afforded: always the same."""
        if n_points >= self.n_points:
            return np.arange(self.n_points)
        return np.sort(np.random.default_rng(0).choice(self.n_points, n_points, replace=False))

    def slices(self, parameters: FloatArray, out: FloatArray, points: IntArray | None = None) -> Iterator[None]:
        """Compute losses, and yield after each slice of the work.

        Parameters
        ----------
        parameters : ndarray of shape (n, n_parameters)
        out : ndarray of shape (n,)
            Written: the losses, once all is done. Not finite where they overflow.
        points : ndarray of int of shape (n_points,), optional
            Which of the training points count; by default all.
        """
        inputs = self._inputs[:-1] if points is None else self._inputs[:-1, points]
        targets = self._targets if points is None else self._targets[:, points]
        n_points = inputs.shape[1]
        n_networks = max(_SLICE // max(self.cost(n_points), parameters.shape[1]), 1)
        n_columns = max(_SLICE // self._n_units, 1)
        for start in range(0, len(parameters), n_networks):
            stop = min(start + n_networks, len(parameters))
            matrices = self._matrices(parameters[start:stop])
            total = np.zeros(stop - start)
            for column in range(0, n_points, n_columns):
                columns = slice(column, column + n_columns)
                with np.errstate(all="ignore"):
                    total += self._summed(matrices, inputs[:, columns], targets[:, columns])
                    if columns.stop >= n_points:
                        out[start:stop] = total / n_points + self._penalties(parameters[start:stop])
                yield

    def losses(self, parameters: FloatArray) -> FloatArray:
        """Return the losses for parameters of shape (n, n_parameters) at once, an ndarray of shape (n,)."""
        result = np.empty(len(parameters))
        for _ in self.slices(parameters, result):
            pass
        return result

    def _matrices(self, parameters: FloatArray) -> list[FloatArray]:
        """Return each layer's matrices, of shape (n, n_in + 1, n_out)."""
        if self._layout is None:
            dense = parameters
        else:
            dense = np.empty((len(parameters), self._layout.size))
            for vector, entries in zip(parameters, dense, strict=True):
                self._layout.expand(vector, entries)
        return list(layer_matrices(dense, self._network.layer_sizes))

    def _summed(self, matrices: list[FloatArray], inputs: Array, targets: Array) -> FloatArray:
        """Return the sum of the losses of some points, for each network: an ndarray of shape (n,)."""
        activations: Array = inputs
        z = activations
        for matrix, function in zip(matrices[:-1], self._functions, strict=False):
            z = _pre_activations(matrix, activations)
            activations = np.empty_like(z)
            function(z, activations)
        # What belongs to the outputs works along the first axis: that of the units.
        z = np.ascontiguousarray(_pre_activations(matrices[-1], activations).transpose(1, 0, 2))
        outputs = np.empty_like(z)
        self._functions[-1](z, outputs)
        values = self._loss.value(z, outputs, targets[:, np.newaxis])
        summed: FloatArray = np.add.reduce(values, axis=1)
        return summed

    def _penalties(self, parameters: FloatArray) -> FloatArray:
        penalty = self._regularization.penalty
        return np.array([self._rate * penalty(vector[self._is_weight]) for vector in parameters])


def _pre_activations(matrices: FloatArray, activations: Array) -> Array:
    """Return what matrices of shape (n, n_in + 1, n_out) make of activations of shape (n, n_in, n_points)."""
    z: Array = np.matmul(matrices[:, :-1].transpose(0, 2, 1), activations)
    z += matrices[:, -1, :, np.newaxis]
    return z
