"""The formulas of seed 002_2220fc8ca6ad7e5c.txt for one point, and its example of the loss."""

import numpy as np
import pytest

from model.explain.chain_rule import chain_rule
from model.network.settings import output_loss
from tests.seeds import relu_network

POINT, LABEL = np.array([0.8, -1.3]), 1


@pytest.fixture
def rule():
    return chain_rule(relu_network(seed=1), POINT, LABEL)


def matrices_of(network):
    """Return the weights as the text has them, of shape (n_out, n_in), and the biases."""
    return [weights.T for weights in network.weights], network.biases


def test_forward_as_the_text_writes_it(rule):
    w, b = matrices_of(relu_network(seed=1))
    z1 = w[0] @ POINT + b[0]
    a1 = np.maximum(z1, 0)
    z2 = w[1] @ a1 + b[1]
    a2 = np.maximum(z2, 0)
    z3 = w[2] @ a2 + b[2]
    a3 = np.exp(z3) / np.sum(np.exp(z3))

    for layer, z, a in zip(rule.layers, (z1, z2, z3), (a1, a2, a3), strict=True):
        np.testing.assert_allclose(layer.pre_activations, z, rtol=0, atol=1e-15)
        np.testing.assert_allclose(layer.activations, a, rtol=0, atol=1e-15)
    assert rule.loss_value == pytest.approx(-np.log(a3[1]), rel=1e-13)


def test_deltas_and_gradients_as_the_text_writes_them(rule):
    w, _ = matrices_of(relu_network(seed=1))
    first, second, third = rule.layers
    delta3 = third.activations - np.array([0, 1])
    delta2 = w[2].T @ delta3 * (second.pre_activations > 0)
    delta1 = w[1].T @ delta2 * (first.pre_activations > 0)

    for layer, delta, below in (
        (third, delta3, second.activations),
        (second, delta2, first.activations),
        (first, delta1, POINT),
    ):
        np.testing.assert_allclose(layer.delta, delta, rtol=0, atol=1e-15)
        np.testing.assert_allclose(layer.weight_gradient.T, np.outer(delta, below), rtol=0, atol=1e-15)
        np.testing.assert_allclose(layer.bias_gradient, delta, rtol=0, atol=1e-15)
    assert np.abs(delta1).max() > 1e-3


@pytest.mark.parametrize(
    ("a", "loss"), [(0.633, 0.45728485683796197), (0.5, 0.6931471805599453), (0.01, 4.605170185988092), (1.0, 0.0)]
)
def test_the_loss_of_a_point_of_the_second_class_that_gets_this_probability(a, loss):
    with np.errstate(divide="ignore"):
        z = np.maximum(np.log(np.array([[1.0 - a], [a]])), -1e3)
    pair = output_loss("cross_entropy", "softmax")

    value = pair.value(z, np.array([[1.0 - a], [a]]), np.array([[0.0], [1.0]]))
    assert value[0] == pytest.approx(loss, abs=1e-14)
