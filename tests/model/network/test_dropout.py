import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.network.activations import ACTIVATIONS
from model.network.dropout import DroppedActivation
from model.network.losses import LOSSES

N_DRAWS = 4000


def dropped(name, rate, seed=0):
    return DroppedActivation(ACTIVATIONS[name], rate, np.random.default_rng(seed))


@pytest.mark.parametrize(("name", "rate"), [("relu", 0.1), ("tanh", 0.5), ("softplus", 0.9)])
def test_keeps_the_expectation(name, rate):
    z = np.linspace(-2.0, 2.0, 5)[:, np.newaxis] * np.ones((5, N_DRAWS))
    a, plain = np.empty_like(z), np.empty_like(z)
    dropped(name, rate).function(z, a)
    ACTIVATIONS[name].function(z, plain)

    # The mean of N draws of a number that is a / (1 - rate) or 0 lies within 5 of its standard deviations.
    spread = np.abs(plain[:, 0]) * np.sqrt(rate / (1 - rate) / N_DRAWS)
    assert (np.abs(a.mean(axis=1) - plain[:, 0]) <= 5 * spread + 1e-12).all()
    kept = a != 0
    np.testing.assert_allclose(a[kept], plain[kept] / (1 - rate))
    assert kept[-1].mean() == pytest.approx(1 - rate, abs=0.05)


def test_the_slope_is_that_of_what_was_kept():
    z = np.random.default_rng(1).normal(size=(3, 50))
    a, slope, plain, plain_slope = (np.empty_like(z) for _ in range(4))
    entry = dropped("tanh", 0.4)
    entry.function(z, a)
    entry.derivative(z, a, slope)
    ACTIVATIONS["tanh"].function(z, plain)
    ACTIVATIONS["tanh"].derivative(z, plain, plain_slope)

    np.testing.assert_allclose(slope, np.where(a != 0, plain_slope / 0.6, 0.0), atol=1e-15)


def test_the_gradient_is_that_of_the_network_that_was_left():
    """A step with the same seed sees the same neurons left out: differences of its loss are its gradient."""
    network = Network([2, 6, 5, 2], "tanh", seed=2)
    points = np.random.default_rng(0).normal(size=(7, 2))
    targets, inputs = network.targets(np.arange(7) % 2), np.ones((3, 7))
    inputs[:-1] = points.T
    pair = LOSSES["cross_entropy"].outputs["softmax"]

    def passed():
        workspace = network.settings.workspace(network.parameters, 7, (0.5, 0.3), np.random.default_rng(5))
        workspace.forward(inputs)
        return workspace

    def loss():
        workspace = passed()
        return pair.value(workspace.pre_activations[-1], workspace.activations[-1], targets).mean()

    gradient = np.zeros_like(network.parameters)
    blocks = [gradient[:18].reshape(3, 6), gradient[18:53].reshape(7, 5), gradient[53:].reshape(6, 2)]
    passed().backward(inputs, targets, pair, blocks)

    differences = []
    for position in range(len(gradient)):
        ends = []
        for way in (1e-6, -1e-6):
            network.parameters[position] += way
            ends.append(loss())
            network.parameters[position] -= way
        differences.append((ends[0] - ends[1]) / 2e-6)
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-8)


def dataset():
    points = np.random.default_rng(0).uniform(-4, 4, (40, 2))
    return Dataset(points, (points[:, 0] > 0).astype(int))


def trained(seed=0, **settings):
    trainer = Trainer(Network([2, 8, 8, 2]), dataset(), TrainingSettings(learning_rate=0.1, seed=seed, **settings))
    trainer.run_steps(50)
    return trainer


def test_changes_training_and_repeats_with_its_seed():
    parameters = trained(dropout=0.5).network.parameters

    np.testing.assert_array_equal(parameters, trained(dropout=0.5).network.parameters)
    assert not np.array_equal(parameters, trained(dropout=0.5, seed=1).network.parameters)
    assert not np.array_equal(parameters, trained().network.parameters)
    np.testing.assert_array_equal(trained(dropout=(0.0, 0.0)).network.parameters, trained().network.parameters)


def test_a_rate_for_each_layer():
    # The last hidden layer's neurons are nearly always out: what leads from them hardly learns.
    start = Network([2, 8, 8, 2]).weights[-1].copy()
    little = np.abs(trained(dropout=(0.0, 0.999)).network.weights[-1] - start)
    much = np.abs(trained(dropout=(0.999, 0.0)).network.weights[-1] - start)

    assert np.median(little) == 0.0
    assert np.median(much) > 0.0


def test_metrics_and_answers_leave_nothing_out():
    trainer = trained(dropout=0.5)

    assert trainer.metrics() == trainer.metrics()
    np.testing.assert_array_equal(
        trainer.network.predict(trainer.dataset.points), trainer.network.predict(trainer.dataset.points)
    )


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan"), (0.5, 1.5)])
def test_wrong_rates_are_refused(rate):
    with pytest.raises(ValueError, match="dropout must be 0 or more and below 1; got"):
        TrainingSettings(dropout=rate)


def test_a_rate_for_each_layer_needs_as_many_layers():
    with pytest.raises(ValueError, match=r"2 hidden layers need as many dropout rates; got \(0\.5,\)"):
        trained(dropout=(0.5,))
    trainer = trained()
    with pytest.raises(ValueError, match="2 hidden layers need as many dropout rates"):
        trainer.set_settings(TrainingSettings(dropout=(0.5,)))
    assert trainer.settings.dropout == 0.0
