"""Metrics: how well a network does on the training and on the test points of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from model.data.dataset import Dataset
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.settings import output_loss
from model.network.workspace import Workspace, with_ones
from model.types import Array, FloatArray, IntArray, LabelArray

DIVERGED_RATIO = 1e6
"""A run whose training loss exceeds its first by this factor has diverged."""

_LEAST_FIRST_LOSS = 1e-3
"""A run that began with next to no loss is measured from here."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """How well a network does at one step. A value is None where its set has no point, or it is of another problem.

    Attributes
    ----------
    step : int
    train_loss, test_loss : float or None
        The mean loss over the points of the set.
    train_accuracy, test_accuracy : float or None
        Classification: the share of points whose class is right, 0 to 1.
    penalty : float
        What regularization adds to the loss; not part of the losses above.
    train_r2, test_r2 : float or None
        Regression: the coefficient of determination, 1 for a perfect answer, 0 for the mean; None where all targets of
        the set are the same.
    train_mae, test_mae : float or None
        Regression: the mean absolute error.
    tries : int
        How many networks random search has tried.
    """

    step: int
    train_loss: float | None
    test_loss: float | None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    penalty: float = 0.0
    train_r2: float | None = None
    test_r2: float | None = None
    train_mae: float | None = None
    test_mae: float | None = None
    tries: int = 0

    @property
    def is_finite(self) -> bool:
        """Whether the losses are numbers, where there are any."""
        return all(loss is None or isfinite(loss) for loss in (self.train_loss, self.test_loss))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The metrics of one set of points; see :class:`Metrics`."""

    loss: float | None = None
    accuracy: float | None = None
    r2: float | None = None
    mae: float | None = None


class PointSet:
    """The training or the test points as matrices, with the workspace that evaluates all of them.

    Attributes
    ----------
    inputs : ndarray of shape (n_features + 1, n_points)
    targets : ndarray of shape (n_outputs, n_points)
    n_points : int
    """

    def __init__(self, network: Network, dataset: Dataset, *, test: bool) -> None:
        chosen = dataset.subset(test=test)
        self.inputs: Array = with_ones(network.settings.inputs(chosen.points))
        self.targets: FloatArray = network.targets(chosen.labels)
        self.n_points = len(chosen)
        self._labels: LabelArray = chosen.labels
        self._is_regression = dataset.is_regression
        self._n_classes = dataset.n_classes
        self._workspace: Workspace | None = None
        self._answered: FloatArray | None = None  # With which parameters the workspace is filled.
        spread = chosen.labels - chosen.labels.mean() if self.n_points else chosen.labels
        self._variation = float(np.dot(spread, spread))

    def _forward(self, network: Network) -> Workspace:
        """Return the answers to all points; asked again with the same parameters, they are there already."""
        if self._workspace is None:
            self._workspace = network.settings.workspace(network.parameters, self.n_points)
        if self._answered is None or not np.array_equal(self._answered, network.parameters):
            self._workspace.forward(self.inputs)
            self._answered = network.parameters.copy()
        return self._workspace

    def count_right(self, network: Network) -> int:
        """Return how many points get the right class."""
        return int(np.count_nonzero(self._predicted(network, self._forward(network)) == self._labels))

    def mean_loss(self, network: Network, loss: str) -> float | None:
        """Return the mean loss, or None where there is no point."""
        return self._mean_loss(network, loss, self._forward(network)) if self.n_points else None

    def evaluate(self, network: Network, loss: str) -> Evaluation:
        """Return loss and accuracy, or in a regression loss, R2 and mean absolute error."""
        if not self.n_points:
            return Evaluation()
        workspace = self._forward(network)
        mean = self._mean_loss(network, loss, workspace)
        if self._is_regression:
            errors = workspace.activations[-1][0] - self._labels
            mae = float(np.add.reduce(np.abs(errors))) / self.n_points
            r2 = 1.0 - float(np.dot(errors, errors)) / self._variation if self._variation > 0 else None
            return Evaluation(mean, r2=r2, mae=mae)
        right = np.count_nonzero(self._predicted(network, workspace) == self._labels)
        return Evaluation(mean, accuracy=int(right) / self.n_points)

    def confusion(self, network: Network) -> IntArray:
        """Return how many points of each class get each class, an ndarray of shape (n_classes, n_classes).

        Rows are the points' classes, columns what the network says; in a regression both are empty.
        """
        n = self._n_classes
        if not self.n_points or n == 0:
            return np.zeros((n, n), dtype=np.intp)
        predicted = self._predicted(network, self._forward(network))
        # A network may tell more classes apart than the data set has.
        n_columns = network.settings.n_classes
        counts = np.bincount(self._labels * n_columns + predicted, minlength=n * n_columns)
        return counts.reshape(n, n_columns)[:, :n]

    def _mean_loss(self, network: Network, loss: str, workspace: Workspace) -> float:
        pair = output_loss(loss, network.settings.output_activation)
        values = pair.value(workspace.pre_activations[-1], workspace.activations[-1], self.targets)
        return float(np.add.reduce(values)) / self.n_points

    def _predicted(self, network: Network, workspace: Workspace) -> IntArray:
        output = OUTPUT_ACTIVATIONS[network.settings.output_activation]
        return output.predicted_classes(workspace.pre_activations[-1])


def confusions(network: Network, dataset: Dataset) -> tuple[IntArray, IntArray]:
    """Return the confusion matrices of the training and of the test points, see :meth:`PointSet.confusion`."""
    with np.errstate(all="ignore"):
        training, test = (PointSet(network, dataset, test=test).confusion(network) for test in (False, True))
    return training, test


def has_diverged(metrics: Metrics, first_loss: float | None) -> bool:
    """Return whether a run has left what training can mend: a loss that is not finite or 1e6 times the first."""
    return not metrics.is_finite or (
        first_loss is not None
        and metrics.train_loss is not None
        and (metrics.train_loss > DIVERGED_RATIO * max(first_loss, _LEAST_FIRST_LOSS))
    )
