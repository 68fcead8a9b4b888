from dataclasses import replace
from itertools import cycle, product

import numpy as np
import pytest

from model import Network
from model.explain.chain_rule import chain_rule
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.settings import output_loss

PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]
# A hidden layer knows neither output nor loss: each activation once, and each pair at least twice.
COMBINATIONS = [(hidden, output, loss) for hidden, (output, loss) in zip(ACTIVATIONS, cycle(PAIRS), strict=False)]


def network_of(hidden="tanh", output="softmax", n_out=3, hidden_sizes=(4, 3), seed=1):
    return Network([2, *hidden_sizes, n_out], hidden, output, initializer="uniform", seed=seed)


def some_points(n_points=5):
    return np.random.default_rng(3).uniform(-3.0, 3.0, (n_points, 2))


@pytest.mark.parametrize(("hidden", "output", "loss"), COMBINATIONS)
def test_products_are_the_gradient(hidden, output, loss):
    for n_out in range(OUTPUT_ACTIVATIONS[output].min_units, 4):
        network = network_of(hidden, output, n_out)
        for point, label in product(some_points(2), range(network.settings.n_classes)):
            result = chain_rule(network, point, label, loss)

            expected = network.gradient([point], [label], loss)
            np.testing.assert_allclose(result.gradient(), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("hidden", "output", "loss"), COMBINATIONS)
def test_every_product_follows_from_its_factors(hidden, output, loss):
    network = network_of(hidden, output)
    result = chain_rule(network, [0.7, -1.2], 1, loss)
    assert result.has_finite_factors

    below, above = np.array([0.7, -1.2]), None
    for layer in result.layers:
        np.testing.assert_array_equal(layer.inputs, below)
        np.testing.assert_allclose(layer.pre_activations, below @ layer.weights + layer.biases, rtol=0, atol=1e-12)
        below = layer.activations
    for layer in reversed(result.layers):
        if above is not None:
            np.testing.assert_allclose(layer.loss_by_activations, above.weights @ above.delta, rtol=0, atol=1e-12)
        delta = layer.loss_by_activations @ layer.activation_jacobian
        np.testing.assert_allclose(layer.delta, delta, rtol=0, atol=1e-12)
        products = delta @ layer.pre_activation_jacobian()
        gradient = np.concatenate([layer.weight_gradient.ravel(), layer.bias_gradient])
        np.testing.assert_allclose(gradient, products, rtol=0, atol=1e-12)
        above = layer
    np.testing.assert_allclose(below, network.predict([[0.7, -1.2]])[0], rtol=0, atol=1e-15)


def column_derivatives(function, z, step=1e-6):
    """Return d function_i / d z_j by central differences, for a vector function."""
    columns = []
    for j in range(len(z)):
        nudge = np.zeros_like(z)
        nudge[j] = step
        columns.append((function(z + nudge) - function(z - nudge)) / (2 * step))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_jacobian_of_the_output_agrees_with_central_differences(output):
    layer = chain_rule(network_of("tanh", output), [0.7, -1.2], 2, "squared_error").layers[-1]

    def activate(z):
        out = np.empty((len(z), 1))
        OUTPUT_ACTIVATIONS[output].function(z[:, np.newaxis], out)
        return out[:, 0]

    expected = column_derivatives(activate, layer.pre_activations)
    np.testing.assert_allclose(layer.activation_jacobian, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_jacobian_of_a_hidden_layer_agrees_with_central_differences(hidden):
    layer = chain_rule(network_of(hidden), [0.7, -1.2], 2).layers[0]

    def activate(z):
        out = np.empty_like(z)
        ACTIVATIONS[hidden].function(z, out)
        return out

    assert np.abs(layer.pre_activations).min() > 1e-3
    expected = column_derivatives(activate, layer.pre_activations)
    np.testing.assert_allclose(layer.activation_jacobian, expected, rtol=0, atol=1e-8)


def test_jacobian_of_softmax_is_that_of_the_seed():
    layer = chain_rule(network_of(), [0.7, -1.2], 0).layers[-1]
    y = layer.activations

    expected = np.where(np.eye(3) == 1, y * (1 - y), -np.outer(y, y))
    np.testing.assert_allclose(layer.activation_jacobian, expected, rtol=0, atol=1e-15)


def test_derivative_by_the_outputs_agrees_with_the_formula():
    y = chain_rule(network_of(), [0.7, -1.2], 1).layers[-1]
    np.testing.assert_allclose(y.loss_by_activations, [0, -1 / y.activations[1], 0], rtol=1e-15)

    p = chain_rule(network_of(output="sigmoid"), [0.7, -1.2], 1).layers[-1]
    a = p.activations
    np.testing.assert_allclose(p.loss_by_activations, [1 / (1 - a[0]), -1 / a[1], 1 / (1 - a[2])], rtol=1e-15)


def test_derivative_by_the_inputs_agrees_with_central_differences():
    network, point = network_of("tanh"), np.array([0.7, -1.2])

    def loss_at(moved):
        return np.array([chain_rule(network, moved, 1).loss_value])

    expected = column_derivatives(loss_at, point)[0]
    np.testing.assert_allclose(chain_rule(network, point, 1).loss_by_inputs, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("output", "n_out"), [("softmax", 3), ("sigmoid", 1), ("sigmoid", 3)])
@pytest.mark.parametrize("label", [0, 1])
def test_a_probability_of_0_leaves_the_gradient_right(output, n_out, label):
    network = network_of("tanh", output, n_out)
    # Biases alone decide, and they are sure of a wrong answer.
    network.weights[-1][:] = 0
    network.biases[-1][:] = 1000 if output == "sigmoid" and label == 0 else -1000
    if output == "softmax":
        network.biases[-1][2] = 1000
    result = chain_rule(network, [0.7, -1.2], label)

    assert not result.has_finite_factors
    assert not np.isnan(result.layers[-1].loss_by_activations).any()
    assert result.loss_value >= 1000
    np.testing.assert_allclose(
        result.gradient(), network.gradient([[0.7, -1.2]], [label]), rtol=0, atol=1e-12, equal_nan=False
    )


def test_value_of_the_loss():
    network = network_of()
    z = chain_rule(network, [0.7, -1.2], 1).layers[-1].pre_activations[:, np.newaxis]
    a = network.predict([[0.7, -1.2]]).T
    expected = output_loss("cross_entropy", "softmax").value(z, a, network.targets([1]))[0]

    assert chain_rule(network, [0.7, -1.2], 1).loss_value == pytest.approx(expected, rel=1e-14)
    assert expected == pytest.approx(-np.log(a[1, 0]), rel=1e-12)


def test_a_network_without_hidden_layers():
    network = Network([2, 3], seed=1)
    result = chain_rule(network, [0.5, 2.0], 2)

    np.testing.assert_allclose(result.gradient(), network.gradient([[0.5, 2.0]], [2]), rtol=0, atol=1e-12)


def test_factors_are_copies_that_cannot_be_written():
    network = network_of()
    layer = chain_rule(network, [0.7, -1.2], 1).layers[0]
    before = layer.weights.copy()
    network.weights[0][:] += 1

    np.testing.assert_array_equal(layer.weights, before)
    for name in type(layer).__slots__:
        if name != "number":
            assert not getattr(layer, name).flags.writeable, name


@pytest.mark.parametrize(
    ("point", "label", "loss", "message"),
    [
        ([1.0, 2.0, 3.0], 0, "cross_entropy", r"shape \(n_points, 2\)"),
        ([[1.0, 2.0]], 0, "cross_entropy", r"shape \(n_points, 2\)"),
        ([1.0, 2.0], 3, "cross_entropy", "labels must be 0 to 2; got 3"),
        ([1.0, 2.0], 0, "hinge", "loss must be one of .*; got 'hinge'"),
    ],
)
def test_refuses_what_a_gradient_refuses(point, label, loss, message):
    with pytest.raises(ValueError, match=message):
        chain_rule(network_of(), point, label, loss)


@pytest.mark.parametrize("muted", [frozenset(), frozenset({(1, 1), (0, 0)})])
@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_of_every_kind_of_bias_and_of_muted_neurons(bias, muted):
    settings = replace(Network([2, 4, 3], bias=bias).settings, muted=muted)
    network = Network.from_settings(settings)
    for point in some_points():
        result = chain_rule(network, point, 2)

        np.testing.assert_allclose(result.gradient(), network.gradient([point], [2]), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(result.layers[-1].activations, network.predict([point])[0], rtol=1e-12)


@pytest.mark.parametrize("target", [0.0, -0.4, 1.0, 1.5])
@pytest.mark.parametrize("features", [("x1", "x2", "x1*x2"), ("x", "sin(x)", "3")])
def test_of_a_regression(target, features):
    network = Network([3, 4, 1], output_activation="linear", features=features)
    for point in some_points():
        result = chain_rule(network, point, target, "squared_error")
        expected = network.gradient([point], [target], "squared_error", regression=True)

        np.testing.assert_allclose(result.gradient(), expected, rtol=1e-12, atol=1e-15)
        assert result.loss_value == pytest.approx((network.predict([point])[0, 0] - target) ** 2 / 2)
