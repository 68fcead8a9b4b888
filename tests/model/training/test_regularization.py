import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.training.regularization import REGULARIZATIONS, shrink_towards_zero

POINTS = np.random.default_rng(5).normal(size=(20, 2))
LABELS = (POINTS[:, 0] > 0).astype(int)


def network():
    return Network([2, 3, 2], "tanh", seed=2)


def weights_only(net):
    """Return 1 where a parameter is a weight, 0 where it is a bias."""
    marks = Network.from_settings(net.settings, np.ones(len(net.parameters)))
    for biases in marks.biases:
        biases[:] = 0.0
    return marks.parameters


def settings(**changes):
    return TrainingSettings(learning_rate=0.1, batch_size=None, **changes)


@pytest.mark.parametrize(("name", "expected"), [("none", 0.0), ("l1", 6.0), ("l2", 7.0)])
def test_penalty_is_what_the_definition_says(name, expected):
    assert REGULARIZATIONS[name].penalty(np.array([1.0, -2.0, 3.0])) == expected


def test_l2_step_follows_the_gradient_of_loss_and_penalty():
    net, rate = network(), 0.3
    expected = net.parameters - 0.1 * (net.gradient(POINTS, LABELS) + rate * weights_only(net) * net.parameters)

    Trainer(net, Dataset(POINTS, LABELS), settings(regularization="l2", regularization_rate=rate)).run_steps(1)

    np.testing.assert_allclose(net.parameters, expected, rtol=0, atol=1e-15)


def test_l1_step_takes_the_same_from_every_weight():
    net, rate = network(), 0.01
    signs = np.sign(net.parameters) * weights_only(net)
    expected = net.parameters - 0.1 * (net.gradient(POINTS, LABELS) + rate * signs)

    Trainer(net, Dataset(POINTS, LABELS), settings(regularization="l1", regularization_rate=rate)).run_steps(1)

    np.testing.assert_allclose(net.parameters, expected, rtol=0, atol=1e-15)


def test_l1_step_stops_at_zero_and_the_weight_stays_trainable():
    net = network()
    trainer = Trainer(net, Dataset(POINTS, LABELS), settings(regularization="l1", regularization_rate=1e3))
    trainer.run_steps(1)
    assert not np.any(np.concatenate([w.ravel() for w in net.weights]))

    trainer.set_settings(settings())
    net.biases[0][:] = 1.0
    trainer.run_steps(1)

    assert np.all(net.weights[1] != 0.0)


def test_shrinking_moves_each_by_its_own_amount():
    parameters, signs = np.array([1.0, -1.0, 0.05, 0.0]), np.array([1.0, -1.0, 1.0, 0.0])

    shrink_towards_zero(parameters, signs, np.array([0.1, 0.2, 0.1, 0.1]))

    np.testing.assert_allclose(parameters, [0.9, -0.8, 0.0, 0.0], rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", REGULARIZATIONS)
def test_metrics_say_the_penalty_apart_from_the_loss(name):
    net = network()
    plain = Trainer(net, Dataset(POINTS, LABELS), settings()).metrics()
    metrics = Trainer(net, Dataset(POINTS, LABELS), settings(regularization=name, regularization_rate=0.5)).metrics()

    assert metrics.train_loss == plain.train_loss
    assert metrics.penalty == 0.5 * REGULARIZATIONS[name].penalty(net.parameters[weights_only(net) == 1.0])
