"""The gradient of every kind of network against differences of its loss."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, Network, Trainer, TrainingSettings
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES

PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]
FEATURE_SETS = [("x1", "x2"), ("x1", "x1**2", "x1*x2", "sin(x2)"), ("hypot(x1, x2) - 3", "x2")]
# Every activation with every loss and output. Kinds of bias and features, which no derivative depends on, take turns:
# each activation and each pair has all of them, and each kind of bias all sets of features.
CHOICES = [
    (activation, loss, output, list(BIAS_KINDS)[(row + column) % 3], FEATURE_SETS[(row + 2 * column) % 3])
    for row, activation in enumerate(ACTIVATIONS)
    for column, (loss, output) in enumerate(PAIRS)
]


def mean_loss(network, dataset, loss):
    return Trainer(network, dataset, TrainingSettings(loss=loss)).metrics().train_loss


def slope(network, dataset, loss, direction, step=1e-6):
    """Return the derivative of the mean loss along a direction, by central differences."""
    start, ends = network.parameters.copy(), []
    for way in (step, -step):
        network.parameters[:] = start + way * direction
        ends.append(mean_loss(network, dataset, loss))
    network.parameters[:] = start
    return (ends[0] - ends[1]) / (2 * step)


def drawn(n_points, n_classes, seed):
    generator = np.random.default_rng(seed)
    points = generator.uniform(-2.0, 2.0, (n_points, 2))
    if n_classes == 0:
        return Dataset(points, generator.uniform(-1.0, 1.0, n_points), n_classes=0)
    return Dataset(points, generator.integers(n_classes, size=n_points), n_classes=n_classes)


def differences_of(network, dataset, loss):
    """Return the derivative of the mean loss by each parameter, by central differences."""
    return np.array([slope(network, dataset, loss, axis) for axis in np.eye(len(network.parameters))])


def away_from_kinks(network, n_points):
    """Return points at which no hidden pre-activation is near 0, where relu has no derivative."""
    points = np.random.default_rng(2).uniform(-3.0, 3.0, (10 * n_points, 2))
    far = np.ones(len(points), dtype=np.bool_)
    for a, w, b in zip(network.layer_outputs(points)[:-1], network.weights, network.biases, strict=True):
        far &= np.abs(a @ w + b).min(axis=1) > 1e-3
    return points[far][:n_points]


@pytest.mark.parametrize(("activation", "loss", "output", "bias", "features"), CHOICES)
def test_every_choice_against_central_differences(activation, loss, output, bias, features):
    network = Network(
        [len(features), 3, 2, 3],
        activation,
        output,
        bias=bias,
        features=features,
        seed=3,
    )
    network.parameters[:] = np.random.default_rng(1).uniform(-0.8, 0.8, len(network.parameters))
    dataset = drawn(6, 3, seed=2)
    gradient = network.gradient(dataset.points, dataset.labels, loss)

    differences = differences_of(network, dataset, loss)
    if activation == "heaviside":
        # The differences are those of a step: only what lies behind the last of them has a slope.
        behind = network.weights[-1].size + (network.biases[-1].size if bias == "per_neuron" else 0)
        gradient, differences = gradient[-behind:], differences[-behind:]
    np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-7)
    assert np.abs(differences).max() > 1e-2


@pytest.mark.parametrize("hidden", list(pairwise([*ACTIVATIONS, next(iter(ACTIVATIONS))])), ids=" then ".join)
def test_with_an_activation_for_each_layer(hidden):
    network = Network([2, 4, 3, 3], hidden, initializer="uniform", seed=1)
    dataset = Dataset(away_from_kinks(network, 20), np.arange(20) % 5 % 3)
    gradient = network.gradient(dataset.points, dataset.labels)

    np.testing.assert_allclose(gradient, differences_of(network, dataset, "cross_entropy"), rtol=0, atol=1e-8)


@pytest.mark.parametrize(("output", "n_out"), [("softmax", 3), ("sigmoid", 1)])
def test_without_a_hidden_layer(output, n_out):
    network = Network([2, n_out], (), output, initializer="uniform", seed=1)
    dataset = drawn(9, 2, seed=0)
    gradient = network.gradient(dataset.points, dataset.labels)

    np.testing.assert_allclose(gradient, differences_of(network, dataset, "cross_entropy"), rtol=0, atol=1e-8)


@pytest.mark.parametrize("bias", BIAS_KINDS)
@pytest.mark.parametrize("output", ["linear", "tanh", "sigmoid"])
@pytest.mark.parametrize(("kind", "features"), [("values", ("x1", "x2")), ("curve", ("x", "sin(x)"))])
def test_of_a_regression(output, bias, kind, features):
    network = Network([2, 4, 1], "tanh", output, bias=bias, seed=1, features=features)
    dataset = drawn(9, 0, seed=4).as_kind(kind)

    gradient = network.gradient(dataset.points, dataset.labels, "squared_error")
    np.testing.assert_allclose(gradient, differences_of(network, dataset, "squared_error"), rtol=1e-5, atol=1e-8)


@settings(max_examples=60)
@given(
    hidden=st.lists(st.integers(1, 64), min_size=0, max_size=9),
    n_points=st.integers(1, 1000),
    pair=st.sampled_from([pair for pair in PAIRS if pair[1] != "linear"]),
    bias=st.sampled_from(sorted(BIAS_KINDS)),
    activation=st.sampled_from(["tanh", "sigmoid", "softplus", "gelu", "sin"]),
    features=st.sampled_from(FEATURE_SETS),
    n_classes=st.integers(2, 8),
    seed=st.integers(0, 2**31),
)
def test_any_shape_against_a_difference(hidden, n_points, pair, bias, activation, features, n_classes, seed):
    loss, output = pair
    sizes = [len(features), *hidden, n_classes]
    network = Network(sizes, activation, output, bias=bias, features=features, seed=seed)
    dataset = drawn(n_points, n_classes, seed)
    direction = np.random.default_rng(seed).normal(size=len(network.parameters))
    # So long that the loss changes by about as much in a network of any size.
    direction /= max(np.linalg.norm(direction), 1e-12)

    gradient = network.gradient(dataset.points, dataset.labels, loss)
    assert gradient.shape == network.parameters.shape
    assert gradient @ direction == pytest.approx(slope(network, dataset, loss, direction, 1e-5), rel=1e-4, abs=1e-7)


@settings(max_examples=25)
@given(
    hidden=st.lists(st.integers(1, 64), min_size=0, max_size=9),
    batch_size=st.integers(1, 1000),
    n_points=st.integers(1, 1000),
    bias=st.sampled_from(sorted(BIAS_KINDS)),
    order=st.sampled_from(["shuffled", "sequential", "with_replacement"]),
)
def test_any_shape_and_batch_takes_a_step_of_gradient_descent(hidden, batch_size, n_points, bias, order):
    network = Network([2, *hidden, 3], "tanh", bias=bias)
    dataset = drawn(n_points, 3, seed=n_points)
    before, gradient = network.parameters.copy(), network.gradient(dataset.points, dataset.labels)
    trainer = Trainer(network, dataset, TrainingSettings(batch_size=batch_size, learning_rate=0.1, batch_order=order))
    trainer.run_steps(1)

    assert trainer.step_count == 1
    assert np.isfinite(network.parameters).all()
    if batch_size >= n_points and order != "with_replacement":
        np.testing.assert_allclose(network.parameters, before - 0.1 * gradient, rtol=1e-9, atol=1e-12)
