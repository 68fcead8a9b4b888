"""LossSection: the training loss along one parameter, with all others as they are."""

from __future__ import annotations

import numpy as np

from model.data.dataset import Dataset
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.training.metrics import PointSet
from model.types import FloatArray


class LossSection:
    """Evaluates the mean loss over all training points where one parameter is moved; what it needs is made once.

    Parameters
    ----------
    dataset : Dataset
        With one training point or more.
    network : NetworkSettings
    loss : str
        A key of :data:`model.network.losses.LOSSES`.

    Raises
    ------
    ValueError
        If there is no point to learn from.
    """

    def __init__(self, dataset: Dataset, network: NetworkSettings, loss: str) -> None:
        self._network = Network.from_settings(network, np.zeros(network.n_parameters))
        self._points = PointSet(self._network, dataset, test=False)
        if not self._points.n_points:
            raise ValueError("there is no training point to learn from")
        self._loss = loss

    @property
    def n_points(self) -> int:
        """How many points each loss is the mean of."""
        return self._points.n_points

    def losses(self, parameters: FloatArray, position: int, values: FloatArray) -> FloatArray:
        """Return the loss for each value of one parameter.

        Parameters
        ----------
        parameters : ndarray of shape (n_parameters,)
            The others.
        position : int
            Of the one that is moved.
        values : ndarray of shape (n_values,)

        Returns
        -------
        ndarray of shape (n_values,)
            At the parameter's own value, to the bit what :class:`model.training.metrics.Metrics` has; not finite
            where it overflows.
        """
        own = self._network.parameters
        own[:] = parameters
        result = np.empty(len(values))
        with np.errstate(all="ignore"):
            for index, value in enumerate(values.tolist()):
                own[position] = value
                loss = self._points.mean_loss(self._network, self._loss)
                result[index] = np.nan if loss is None else loss
        return result
