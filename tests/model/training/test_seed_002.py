"""The network of seed 002_2220fc8ca6ad7e5c.txt: its algorithm, point by point, and what it learns from drawn data."""

import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings

pytestmark = pytest.mark.usefixtures("engine")

LEARNING_RATE = 0.2


def seed_002_network(seed):
    return Network(
        [2, 4, 4, 2], hidden_activation="relu", output_activation="softmax", initializer="uniform", seed=seed
    )


def spray(generator, stroke, radius, n_points):
    """Return points sprayed within `radius` along a stroke, as a brush leaves them on the canvas."""
    corners = np.array(stroke, dtype=np.float64)
    corner_at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = generator.uniform(0.0, corner_at[-1], n_points)
    centres = np.stack([np.interp(at, corner_at, corners[:, axis]) for axis in (0, 1)], axis=1)
    angle, distance = generator.uniform(0.0, 2.0 * np.pi, n_points), radius * np.sqrt(generator.uniform(size=n_points))
    return centres + np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


def drawn_dataset(strokes, radius):
    """Return 104 points for each class, one stroke a class."""
    generator = np.random.default_rng(0)
    points = np.concatenate([spray(generator, stroke, radius, 104) for stroke in strokes])
    return Dataset(points, np.repeat([0, 1], 104))


def wavy_border():
    """One class left and one right of a border that bends to the left, far to the right and to the left again."""
    border = np.array(
        [(-2.2, -5), (-1.5, -3.6), (0, -2.5), (1.5, -1.4), (2.2, 0), (1.5, 1.4), (0, 2.5), (-1.5, 3.6), (-2.2, 5)]
    )
    aside = np.array([2.1, 0.0])
    return drawn_dataset([border - aside, border + aside], radius=0.8)


def arch():
    """One class in an arch round the other."""
    outside = [(-4.4, -3.5), (-4.2, 0.5), (-2.6, 3.6), (0, 4.6), (2.6, 3.6), (4.2, 0.5), (4.4, -3.5)]
    inside = [(-1, -3), (1, -3), (0.6, 0.2), (-0.6, 0.2), (-1, -3)]
    return drawn_dataset([outside, inside], radius=0.9)


def train_as_in_the_seed(network, dataset, n_steps):
    """Return the weights and biases after full-batch steps as the seed writes them: columns, and a loop over points."""
    w1, w2, w3 = (w.T.copy() for w in network.weights)
    b1, b2, b3 = (b[:, np.newaxis].copy() for b in network.biases)
    a0, y, m = dataset.points.T, np.array([1 - dataset.labels, dataset.labels]), len(dataset)
    for _ in range(n_steps):
        z1 = w1.dot(a0) + b1
        a1 = np.maximum(z1, 0)
        z2 = w2.dot(a1) + b2
        a2 = np.maximum(z2, 0)
        z3 = w3.dot(a2) + b3
        a3 = np.exp(z3) / np.sum(np.exp(z3), axis=0)
        sums = [np.zeros_like(parameter) for parameter in (w1, b1, w2, b2, w3, b3)]
        for i in range(m):
            delta3 = a3[:, i : i + 1] - y[:, i : i + 1]
            delta2 = w3.T.dot(delta3) * (z2[:, i : i + 1] > 0)
            delta1 = w2.T.dot(delta2) * (z1[:, i : i + 1] > 0)
            of_point = [delta1 * a0[:, i : i + 1].T, delta1, delta2 * a1[:, i : i + 1].T, delta2]
            of_point += [delta3 * a2[:, i : i + 1].T, delta3]
            sums = [total + part for total, part in zip(sums, of_point, strict=True)]
        w1, b1, w2, b2, w3, b3 = (
            parameter - LEARNING_RATE * total / m
            for parameter, total in zip((w1, b1, w2, b2, w3, b3), sums, strict=True)
        )
    return [w1.T, w2.T, w3.T], [b1[:, 0], b2[:, 0], b3[:, 0]]


@pytest.mark.parametrize("draw", [wavy_border, arch])
def test_twenty_steps_agree_with_the_seed_s_own_code(draw):
    network, dataset = seed_002_network(seed=1), draw()
    first = network.parameters.copy()
    weights, biases = train_as_in_the_seed(network, dataset, n_steps=20)

    Trainer(network, dataset, TrainingSettings(learning_rate=LEARNING_RATE, batch_size=None)).run_steps(20)

    for ours, theirs in zip([*network.weights, *network.biases], [*weights, *biases], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
    assert np.abs(network.parameters - first).max() > 0.1


@pytest.mark.parametrize("draw", [wavy_border, arch])
def test_a_drawn_data_set_needs_more_than_a_straight_border(draw):
    network, dataset = Network([2, 2], initializer="uniform"), draw()
    trainer = Trainer(network, dataset, TrainingSettings(learning_rate=LEARNING_RATE, batch_size=None))

    trainer.run_steps(3000)

    assert np.abs(dataset.points).max() < 6.0
    assert trainer.metrics().train_accuracy < 0.95


@pytest.mark.parametrize("draw", [wavy_border, arch])
def test_a_thousand_steps_learn_a_drawn_data_set(draw):
    dataset, accuracies = draw(), []
    for seed in range(10):
        settings = TrainingSettings(learning_rate=LEARNING_RATE, batch_size=100)
        trainer = Trainer(seed_002_network(seed), dataset, settings, seed=seed)
        trainer.run_steps(1000)
        accuracies.append(trainer.metrics().train_accuracy)

    assert np.count_nonzero(np.array(accuracies) > 0.98) >= 9
