"""How batches are put together, how their gradients become one, and the limit on the gradient's length."""

import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from tests.seeds import GAUSSIANS, gaussians, softmax_regression

POINTS = np.random.default_rng(7).normal(size=(13, 2))
LABELS = (POINTS[:, 1] > 0).astype(int)
DATASET = Dataset(POINTS, LABELS)


def trained(n_steps, **settings):
    network = Network([2, 3, 2], "tanh", seed=4)
    trainer = Trainer(network, DATASET, TrainingSettings(learning_rate=0.2, **settings), seed=1)
    trainer.run_steps(n_steps)
    return trainer


def test_sequential_batches_take_the_points_as_they_are_listed():
    network = Network([2, 3, 2], "tanh", seed=4)
    for start in (0, 5, 10, 0, 5):
        chosen = slice(start, min(start + 5, 13))
        network.parameters[:] -= 0.2 * network.gradient(POINTS[chosen], LABELS[chosen])

    trainer = trained(5, batch_size=5, batch_order="sequential")

    np.testing.assert_allclose(trainer.network.parameters, network.parameters, rtol=0, atol=1e-14)
    assert trainer.epoch_count == 1


def test_batches_with_replacement_are_full_even_with_few_points():
    trainer = trained(0, batch_size=100, batch_order="with_replacement")

    assert trainer.steps_left_in_epoch == 1
    trainer.run_steps(1)
    assert (trainer.step_count, trainer.epoch_count) == (1, 1)


def test_batches_with_replacement_follow_other_points_each_epoch():
    once, twice = (trained(n, batch_size=None, batch_order="with_replacement").network.parameters for n in (1, 2))
    fixed_once, fixed_twice = (trained(n, batch_size=None, batch_order="sequential").network.parameters for n in (1, 2))

    assert not np.array_equal(once, fixed_once)
    assert not np.allclose(twice - once, fixed_twice - fixed_once, rtol=0, atol=1e-6)


def test_sum_is_the_mean_times_the_points_of_the_batch():
    network = Network([2, 3, 2], "tanh", seed=4)
    expected = network.parameters - 0.2 * 13 * network.gradient(POINTS, LABELS)

    trainer = trained(1, batch_size=None, reduction="sum", batch_order="sequential")

    np.testing.assert_allclose(trainer.network.parameters, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("clip_norm", [0.01, 1e9])
def test_clipping_shortens_only_a_gradient_that_is_longer(clip_norm):
    network = Network([2, 3, 2], "tanh", seed=4)
    gradient = network.gradient(POINTS, LABELS)
    gradient *= min(1.0, clip_norm / (np.linalg.norm(gradient) + 1e-6))
    expected = network.parameters - 0.2 * gradient

    trainer = trained(1, batch_size=None, clip_norm=clip_norm, batch_order="sequential")

    np.testing.assert_allclose(trainer.network.parameters, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"batch_order": "random"}, "batch_order must be one of shuffled, sequential, with_replacement; got 'random'"),
        ({"reduction": "max"}, "reduction must be one of mean, sum; got 'max'"),
        ({"regularization": "l3"}, "regularization must be one of none, l1, l2; got 'l3'"),
        ({"regularization_rate": -1.0}, "regularization_rate must be a number of 0 or more; got -1.0"),
        ({"clip_norm": 0.0}, "clip_norm must be above 0, or None; got 0.0"),
    ],
)
def test_wrong_settings_are_named_with_what_is_allowed(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        TrainingSettings(**settings)


def test_softmax_regression_of_seeds_000_and_001():
    """The two texts' fifty steps of full-batch gradient descent on the summed loss, figure by figure."""
    reference, dataset = GAUSSIANS, gaussians()
    network = softmax_regression("initial")
    settings = TrainingSettings(
        learning_rate=reference["learning_rate"], batch_size=None, batch_order="sequential", reduction="sum"
    )
    trainer = Trainer(network, dataset, settings)

    costs = []
    for _ in range(reference["steps"]):
        trainer.run_steps(1)
        costs.append(trainer.metrics().train_loss * len(dataset))

    np.testing.assert_allclose(costs, reference["cost_after_each_step"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(network.weights[0], reference["final"]["weights"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(network.biases[0], reference["final"]["biases"], rtol=0, atol=1e-9)
    assert trainer.metrics().train_accuracy == pytest.approx(reference["accuracy_with_biases"])
    network.biases[0][:] = 0.0
    assert trainer.metrics().train_accuracy == pytest.approx(reference["accuracy_with_biases_set_to_zero"])
