"""Curves that small networks learn, trained as a person can train them in the window."""

from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.data.features import spreads
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import Schedule
from model.training.settings import Setup, first_setup

SINE_STEPS, SIGMOID_STEPS = 16_000, 8_000
SINE = TrainingSettings("squared_error", "adam", 0.01, batch_size=None, schedule=Schedule("cosine", period=SINE_STEPS))
SIGMOIDS = TrainingSettings("squared_error", "adam", 0.01, batch_size=None)


def trained(dataset, network, training, n_steps):
    trainer = Trainer(Network.from_settings(network), dataset, training)
    trainer.run_steps(n_steps)
    return trainer


def sine_loss(seed):
    """Return what 1-8-1 with tanh, its x standardized, learns of a sine."""
    dataset = generate(GeneratorSettings("sine_wave", noise=0.0, seed=seed))
    means, deviations = spreads(("x",), dataset.subset(test=False).points)
    standardization = ((float(means[0]), float(deviations[0])),)
    network = NetworkSettings(
        (1, 8, 1), ("tanh",), "linear", seed=seed, features=("x",), standardization=standardization
    )
    return trained(dataset, network, replace(SINE, seed=seed), SINE_STEPS).metrics().train_loss


def sigmoids_loss(seed):
    """Return what 1-2-1 with sigmoids learns of seed 003's sum of two."""
    dataset = generate(GeneratorSettings("two_sigmoids", noise=0.0, seed=seed))
    network = NetworkSettings((1, 2, 1), ("sigmoid",), "linear", seed=seed, features=("x",))
    return trained(dataset, network, replace(SIGMOIDS, seed=seed), SIGMOID_STEPS).metrics().train_loss


@pytest.mark.parametrize("loss_of", [sine_loss, sigmoids_loss])
def test_a_curve_is_learned_to_a_ten_thousandth(loss_of):
    assert loss_of(seed=0) < 1e-4


@pytest.mark.soak
@pytest.mark.parametrize("loss_of", [sine_loss, sigmoids_loss])
def test_a_curve_is_learned_to_a_ten_thousandth_from_nine_of_ten_seeds(loss_of):
    losses = np.array([loss_of(seed) for seed in range(10)])

    assert np.count_nonzero(losses < 1e-4) >= 9, losses


def test_of_few_points_a_large_network_learns_the_noise_and_its_curve_winds():
    dataset = generate(GeneratorSettings("noisy_cubic", n_points=20, seed=5))
    losses, ways = [], []
    for hidden in ((2,), (20, 20)):
        network = NetworkSettings((1, *hidden, 1), ("tanh",) * len(hidden), "linear", seed=5, features=("x",))
        trainer = trained(dataset, network, SIGMOIDS, 6_000)
        losses.append(trainer.metrics())
        heights = trainer.network.predict(np.linspace(-6, 6, 481)[:, np.newaxis])
        ways.append(np.abs(np.diff(heights, axis=0)).sum())
    small, large = losses
    assert large.train_loss < small.train_loss / 10
    assert large.test_loss > 1.5 * small.test_loss
    assert ways[1] > 1.5 * ways[0]


def test_two_sigmoids_are_those_of_the_curve():
    dataset = generate(GeneratorSettings("two_sigmoids", noise=0.0))
    network = Network([1, 2, 1], "sigmoid", "linear", features=("x",))
    network.set_parameters([[[2, 2]], [[1], [-1]]], [[3, -3], [0]])

    assert Trainer(network, dataset, SIGMOIDS).metrics().train_loss < 1e-30


@pytest.mark.parametrize("name", [name for name, entry in GENERATORS.items() if entry.kind == "curve"])
def test_a_new_document_learns_every_curve(name):
    setup = first_setup(generate(GeneratorSettings(name, noise=0.05)))
    trainer = Trainer(Network.from_settings(setup.network), setup.dataset, setup.training)
    first = trainer.metrics()
    trainer.run_steps(500)
    metrics = trainer.metrics()

    assert metrics.train_loss < first.train_loss
    assert metrics.train_r2 > first.train_r2
    assert metrics.test_mae < first.test_mae
    assert metrics.train_accuracy is None


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("output", ["linear", "tanh", "sigmoid"])
def test_every_optimizer_and_output_lowers_the_loss_of_a_curve(optimizer, output):
    dataset = generate(GeneratorSettings("step", n_points=40))
    network = NetworkSettings((2, 4, 1), ("tanh",), output, features=("x", "sin(x)"))
    trainer = Trainer(Network.from_settings(network), dataset, TrainingSettings("squared_error", optimizer, 0.01))
    first = trainer.metrics()
    trainer.run_steps(2000)

    assert trainer.metrics().train_loss < first.train_loss


def test_metrics_are_those_of_the_heights():
    dataset = Dataset.curve([[0, 4], [1, 2], [2, -2], [3, 0]], [False, False, False, True])
    network = Network([1, 1], (), "linear", features=("x",))
    network.set_parameters([[[0.5]]], [[0.0]])
    metrics = Trainer(network, dataset, TrainingSettings("squared_error")).metrics()
    errors = np.array([0.0 - 1.0, 0.5 - 0.5, 1.0 - -0.5])

    assert metrics.train_loss == pytest.approx((errors**2).mean() / 2)
    assert metrics.train_mae == pytest.approx(np.abs(errors).mean())
    assert metrics.train_r2 == pytest.approx(1 - (errors**2).sum() / (7 / 6))
    assert (metrics.test_loss, metrics.test_r2) == (pytest.approx(1.5**2 / 2), None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"features": ("x1",)}, "the network of a curve is given x alone; write the feature x1 with x"),
        ({"features": None}, "the network of a curve needs features of x; got none"),
        ({"layer_sizes": (1, 3, 2)}, "a regression needs one output unit; got 2"),
    ],
)
def test_what_does_not_go_with_a_curve_is_refused(changes, message):
    network = NetworkSettings(
        **{
            "layer_sizes": (1, 3, 1),
            "hidden_activations": ("tanh",),
            "output_activation": "linear",
            "features": ("x",),
            **changes,
        }
    )
    with pytest.raises(ValueError, match=message):
        Setup(Dataset.curve([]), network, TrainingSettings("squared_error"))
