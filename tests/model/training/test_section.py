import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.network.network import Network
from model.run.numbers import MomentNumbers
from model.run.run import Run
from model.training.section import LossSection
from model.training.settings import Setup

POINTS = np.random.default_rng(3).uniform(-6.0, 6.0, (40, 2))
CLASSES = Dataset(POINTS, np.arange(40) % 3, np.arange(40) % 4 == 0)
VALUES = Dataset(POINTS, np.sin(POINTS[:, 0]), np.arange(40) % 4 == 0)
CASES = [
    (CLASSES, NetworkSettings((2, 4, 3), ("tanh",)), "cross_entropy"),
    (CLASSES, NetworkSettings((2, 4, 3), ("relu",), bias="shared"), "squared_error"),
    (CLASSES, NetworkSettings((2, 4, 3), ("sigmoid",), bias="none", muted=frozenset({(1, 2)})), "cross_entropy"),
    (VALUES, NetworkSettings((2, 4, 1), ("gelu",), output_activation="linear"), "squared_error"),
]


def moment_of(case, n_steps=40):
    data, network, loss = case
    run = Run(Setup(data, network, TrainingSettings(loss=loss, learning_rate=0.05)))
    run.advance(n_steps)
    return run.moment()


@pytest.mark.parametrize("case", CASES)
def test_it_passes_through_the_loss_that_is_shown_with_its_slope(case):
    moment = moment_of(case)
    section = LossSection(moment.dataset, moment.network, moment.training.loss)
    parameters = moment.checkpoint.parameters

    for position in range(len(parameters)):
        value = float(parameters[position])
        near = value + np.array([-1e-5, 0.0, 1e-5])
        losses = section.losses(parameters, position, near)

        assert losses[1] == moment.metrics.train_loss
        slope = MomentNumbers(moment).gradient[position]
        np.testing.assert_allclose((losses[2] - losses[0]) / 2e-5, slope, rtol=1e-4, atol=1e-7)


def test_each_loss_is_that_of_the_network_with_this_value():
    moment = moment_of(CASES[0])
    section = LossSection(moment.dataset, moment.network, "cross_entropy")
    values = np.linspace(-3.0, 3.0, 7)

    losses = section.losses(moment.checkpoint.parameters, 5, values)

    training = moment.dataset.subset(test=False)
    for value, loss in zip(values, losses, strict=True):
        parameters = moment.checkpoint.parameters.copy()
        parameters[5] = value
        probabilities = Network.from_settings(moment.network, parameters).class_probabilities(training.points)
        chosen = probabilities[np.arange(len(training)), training.labels]
        np.testing.assert_allclose(loss, -np.log(chosen).mean(), rtol=1e-12)


def test_what_overflows_is_not_finite_and_says_nothing():
    moment = moment_of((VALUES, NetworkSettings((2, 3, 1), ("relu",), output_activation="linear"), "squared_error"))
    section = LossSection(moment.dataset, moment.network, "squared_error")

    losses = section.losses(moment.checkpoint.parameters, 0, np.array([1e200, 0.0]))

    assert not np.isfinite(losses[0])
    assert np.isfinite(losses[1])


def test_without_a_training_point_there_is_no_loss():
    only_test = Dataset(POINTS[:3], np.arange(3), np.ones(3, dtype=bool))
    with pytest.raises(ValueError, match="no training point"):
        LossSection(only_test, NetworkSettings((2, 4, 3), ("tanh",)), "cross_entropy")
