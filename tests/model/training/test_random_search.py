import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.data.dataset import CURVE_UNIT

SEPARABLE = Dataset([[-2, 0], [-1, 1], [1, -1], [2, 0]], [0, 0, 1, 1])
# The same place has both classes: never right.
HOPELESS = Dataset([[0, 0], [0, 0], [1, 1]], [0, 1, 1])


def searching(dataset, network=None, **options):
    network = network or Network([2, 3, 1], output_activation="sigmoid", initializer="zeros")
    loss = "squared_error" if dataset.is_regression else "cross_entropy"
    return Trainer(network, dataset, TrainingSettings(loss=loss, optimizer="random_search", optimizer_options=options))


def test_ends_when_every_point_is_right():
    trainer = searching(SEPARABLE)
    trainer.run_steps(100_000)
    tries = trainer.metrics().tries

    assert trainer.finished == "all_right"
    assert trainer.metrics().train_accuracy == 1.0
    assert tries == trainer.step_count == trainer.epoch_count < 1000
    trainer.resume()
    trainer.run_steps(10)
    assert (trainer.finished, trainer.step_count) == ("all_right", tries)


def test_ends_when_the_budget_is_spent_and_goes_on_with_another():
    trainer = searching(HOPELESS, budget=50)
    trainer.run_steps(1000)
    assert (trainer.finished, trainer.step_count) == ("budget_spent", 50)
    trainer.run_steps(10)
    assert trainer.step_count == 50

    trainer.resume()
    trainer.run_steps(1000)
    assert (trainer.finished, trainer.metrics().tries) == ("budget_spent", 100)


def test_keeps_the_best_so_far():
    trainer = searching(HOPELESS)
    accuracies = []
    for _ in range(200):
        trainer.run_steps(1)
        accuracies.append(trainer.metrics().train_accuracy)

    assert accuracies == sorted(accuracies)
    assert accuracies[-1] == pytest.approx(2 / 3)


def test_is_the_same_in_one_go_or_step_by_step():
    whole, steps = searching(HOPELESS), searching(HOPELESS)
    whole.run_steps(60)
    for _ in range(60):
        steps.run_steps(1)

    np.testing.assert_array_equal(whole.network.parameters, steps.network.parameters)


def test_never_gives_up_a_better_network_that_it_began_with():
    trained = Trainer(Network([2, 3, 1], output_activation="sigmoid"), SEPARABLE, TrainingSettings(learning_rate=1.0))
    trained.run_steps(500)
    parameters = trained.network.parameters.copy()
    trained.set_settings(TrainingSettings(optimizer="random_search"))
    trained.run_steps(10)

    assert trained.finished == "all_right"
    np.testing.assert_array_equal(trained.network.parameters, parameters)


def test_ranges():
    trainer = searching(HOPELESS, hidden_weights=0.1, output_weights=20.0, biases=0.5)
    trainer.run_steps(300)
    network = trainer.network

    assert 0 < np.abs(network.weights[0]).max() <= 0.1
    assert 0.1 < np.abs(network.weights[1]).max() <= 20.0
    assert all(0 < np.abs(biases).max() <= 0.5 for biases in network.biases)


@pytest.mark.parametrize("bias", ["none", "shared"])
def test_other_kinds_of_bias(bias):
    network = Network([2, 3, 1], output_activation="sigmoid", initializer="zeros", bias=bias)
    trainer = searching(HOPELESS, network, hidden_weights=0.1, biases=0.5)
    trainer.run_steps(300)

    assert 0 < np.abs(network.weights[0]).max() <= 0.1
    assert np.abs(network.biases[0]).max() <= (0.5 if bias == "shared" else 0.0)


@pytest.mark.parametrize(("kind", "features"), [("values", ("x1", "x2")), ("curve", ("x", "sin(x)"))])
def test_a_regression_looks_for_the_smallest_loss(kind, features):
    points = np.random.default_rng(0).uniform(-3, 3, (30, 2))
    if kind == "curve":
        points[:, 1] = CURVE_UNIT * np.tanh(points[:, 0])
    dataset = Dataset(points, np.tanh(points[:, 0]), n_classes=0).as_kind(kind)
    network = Network([2, 2, 1], output_activation="tanh", initializer="zeros", features=features)
    trainer = searching(dataset, network, budget=500)
    losses = []
    for _ in range(20):
        trainer.run_steps(25)
        losses.append(trainer.metrics().train_loss)

    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0]
    assert trainer.finished == "budget_spent"


def test_frozen_and_pruned_parameters_stay():
    network = Network([2, 3, 1], output_activation="sigmoid")
    settings = type(network.settings)((2, 3, 1), ("tanh",), "sigmoid", frozen=frozenset({0, 12}), pruned=frozenset({4}))
    network = Network.from_settings(settings)
    before = network.parameters.copy()
    searching(HOPELESS, network).run_steps(200)

    assert before[4] == network.parameters[4] == 0.0
    np.testing.assert_array_equal(network.parameters[[0, 12]], before[[0, 12]])
    assert not np.array_equal(network.parameters, before)


def test_new_points_begin_a_new_search():
    trainer = searching(SEPARABLE)
    trainer.run_steps(100_000)
    trainer.set_dataset(HOPELESS)

    assert trainer.finished is None
    assert trainer.metrics().tries == 0
    trainer.run_steps(3)
    assert trainer.metrics().tries == 3


def test_without_points_nothing_happens():
    trainer = searching(Dataset([], []))
    trainer.run_steps(5)

    assert (trainer.step_count, trainer.finished) == (0, None)
