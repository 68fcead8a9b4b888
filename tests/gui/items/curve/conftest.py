"""Moments of networks of a curve, whose weights are given."""

from collections.abc import Callable

import pytest

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot, SnapshotMaker
from model.training.checkpoint import Checkpoint
from model.training.metrics import Metrics
from model.training.settings import Setup
from model.types import read_only

POINTS = [[-4.0, 0.0], [-1.0, 4.0], [1.0, 4.0], [4.0, 0.0]]


@pytest.fixture(autouse=True)
def _application(qapp):
    pass


@pytest.fixture
def moment_of() -> Callable[..., Snapshot]:
    """Return the moment of a 1-2-1 network of sigmoids with such weights, by default seed 003's smooth sum of two."""

    def make(
        weights=((2.0, 2.0), (1.0, -1.0)),
        biases=((3.0, -3.0), (0.0,)),
        *,
        output="linear",
        hidden="sigmoid",
        plane=None,
        muted=(),
    ):
        size = len(weights[0])
        settings = NetworkSettings((1, size, 1), (hidden,), output, features=("x",), muted=frozenset(muted))
        network = Network.from_settings(settings)
        network.weights[0][:] = weights[0]
        network.weights[1][:, 0] = weights[1]
        network.biases[0][:] = biases[0]
        network.biases[1][:] = biases[1]
        setup = Setup(Dataset.curve(POINTS), settings, TrainingSettings(loss="squared_error"))
        checkpoint = Checkpoint(read_only(network.parameters.copy()), 0, 0, (1, 3, 0, 0))
        return SnapshotMaker().make(0, KeyFrame(checkpoint, Metrics(0, 1.0, None, None, None), setup), plane)

    return make
