"""Which points a network gets wrong, and how badly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.dataset import Dataset
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.settings import output_loss
from model.types import BoolArray, FloatArray, read_only

TOLERANCE = 0.25
"""In a regression a value is wrong that is further than this from its target."""


@dataclass(frozen=True, slots=True, eq=False)
class PointErrors:
    """What a network makes of each point of a data set; all arrays are read-only.

    Attributes
    ----------
    losses : ndarray of shape (n_points,)
        Each point's loss; their mean over the training points is the training loss.
    is_wrong : ndarray of shape (n_points,)
        Whether its class is another one, or its value further than TOLERANCE from the target.
    """

    losses: FloatArray
    is_wrong: BoolArray


def point_errors(network: Network, dataset: Dataset, loss: str) -> PointErrors:
    """Return the loss of each point, and whether it is wrong; after divergence losses are not finite.

    Parameters
    ----------
    network : Network
        Only read.
    dataset : Dataset
        That the network has outputs for.
    loss : str
        A key of :data:`model.network.losses.LOSSES` that goes with the network's output.
    """
    pair, output = output_loss(loss, network.settings.output_activation), network.settings.output_activation
    z, a = network.pre_activations(dataset.points)[-1].T, network.predict(dataset.points).T
    with np.errstate(all="ignore"):
        losses = np.asarray(pair.value(z, a, network.targets(dataset.labels)), dtype=np.float64)
        if dataset.is_regression:
            is_wrong = np.abs(a[0] - dataset.labels) > TOLERANCE
        else:
            is_wrong = OUTPUT_ACTIVATIONS[output].predicted_classes(z) != dataset.labels
    return PointErrors(read_only(losses), read_only(np.asarray(is_wrong, dtype=np.bool_)))
