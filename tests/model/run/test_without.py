from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.network.network import Network
from model.network.parts import Unit
from model.run.run import Run
from model.run.without import without_biases, without_unit
from model.training.settings import Setup

POINTS = np.random.default_rng(1).uniform(-6.0, 6.0, (60, 2))
DATA = Dataset(POINTS, (POINTS[:, 0] > 1.0).astype(int), np.arange(60) % 4 == 0)


def moment_of(**changes):
    network = replace(NetworkSettings((2, 4, 2), ("tanh",)), **changes)
    run = Run(Setup(DATA, network, TrainingSettings(learning_rate=0.1)))
    run.advance(80)
    return run.moment()


@pytest.mark.parametrize("bias", ["per_neuron", "shared", "none"])
def test_without_biases_the_same_weights_answer_alone(bias):
    moment = moment_of(bias=bias)
    before = moment.checkpoint.parameters.copy()

    changed = without_biases(moment)

    own = Network.read_only(moment.network, moment.checkpoint.parameters)
    network = Network.read_only(changed.network, changed.checkpoint.parameters)
    hidden = np.tanh(POINTS @ own.weights[0])
    logits = hidden @ own.weights[1]
    np.testing.assert_array_equal(network.predicted_classes(POINTS), logits.argmax(axis=1))
    right = (logits.argmax(axis=1) == DATA.labels)[~DATA.is_test]
    assert changed.metrics.train_accuracy == pytest.approx(right.mean())
    np.testing.assert_array_equal(moment.checkpoint.parameters, before)


def test_without_a_neuron_its_output_counts_as_0():
    moment = moment_of()
    changed = without_unit(moment, Unit(1, 2))

    parameters = moment.checkpoint.parameters.copy()
    network = Network.from_settings(moment.network, parameters)
    network.weights[1][2] = 0.0
    other = Network.read_only(changed.network, changed.checkpoint.parameters)
    np.testing.assert_allclose(other.predict(POINTS), network.predict(POINTS), rtol=1e-12)
    assert changed.metrics.train_loss != moment.metrics.train_loss
    assert moment.network.muted == frozenset()


def test_without_an_input_it_counts_as_0():
    moment = moment_of()
    changed = without_unit(moment, Unit(0, 0))
    other = Network.read_only(changed.network, changed.checkpoint.parameters)

    moved = POINTS.copy()
    moved[:, 0] = -3.0
    np.testing.assert_allclose(other.predict(POINTS), other.predict(moved), rtol=1e-12)
