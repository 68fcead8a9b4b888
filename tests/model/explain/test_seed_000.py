"""The derivation of seeds 000_0d7c6b029f52678d.txt and 001_f988964589d786cf.txt, held against the texts' own code."""

import numpy as np
import pytest

from model import Network
from model.explain.chain_rule import chain_rule
from tests.seeds import GAUSSIANS, gaussians, softmax_regression

# The code of the texts, their blanks restored.


def neuron_grad(weights, point):
    return [np.kron(np.eye(weights.shape[1]), point), np.eye(weights.shape[1])]


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


def dv_softmax(z):
    diag = softmax(z) * (1 - softmax(z))
    xj, xi = np.meshgrid(softmax(z), softmax(z))
    jacob = (-1) * xi * xj
    np.fill_diagonal(jacob, diag)
    return jacob


def back_propagation(weights, bias, inputs, t):
    """Return each point's gradients by weights and biases, of shapes (n_points, 2, 3) and (n_points, 3)."""
    g_w, g_b = np.zeros((len(inputs), *weights.shape)), np.zeros((len(inputs), *bias.shape))
    for i in range(len(inputs)):
        z = inputs[i] @ weights + bias
        grad_cost = (-1) * (t[i] / softmax(z))
        grad_neuron = neuron_grad(weights, inputs[i])
        g_w[i] = np.reshape(grad_cost @ dv_softmax(z) @ grad_neuron[0], weights.shape, order="F")
        g_b[i] = grad_cost @ dv_softmax(z) @ grad_neuron[1]
    return g_w, g_b


TARGETS = np.eye(3)[GAUSSIANS["labels"]]


@pytest.fixture(params=["initial", "final"])
def network(request):
    return softmax_regression(request.param)


def rules_of(network):
    dataset = gaussians()
    return [chain_rule(network, point, int(label)) for point, label in zip(dataset.points, dataset.labels, strict=True)]


def test_equal_neurons_say_a_third_for_each_class():
    np.testing.assert_allclose(softmax_regression("initial").predict(GAUSSIANS["points"]), 1 / 3, rtol=0, atol=1e-15)


def test_factors_of_each_point_are_those_of_the_text(network):
    for rule, target in zip(rules_of(network), TARGETS, strict=True):
        layer = rule.layers[0]
        np.testing.assert_allclose(layer.activations, softmax(layer.pre_activations), rtol=1e-14)
        np.testing.assert_allclose(layer.activation_jacobian, dv_softmax(layer.pre_activations), rtol=0, atol=1e-15)
        np.testing.assert_allclose(layer.loss_by_activations, -target / layer.activations, rtol=1e-14)
        assert rule.loss_value == pytest.approx(-np.sum(target * np.log(layer.activations)), rel=1e-12)


def test_the_text_s_matrix_is_ours_with_its_columns_in_another_order(network):
    """The text lists the weights neuron by neuron, we list them input by input."""
    layer = rules_of(network)[0].layers[0]
    by_weights, by_biases = neuron_grad(layer.weights, layer.inputs)
    ours = layer.pre_activation_jacobian()

    order = np.arange(6).reshape(2, 3).ravel(order="F")
    np.testing.assert_array_equal(ours[:, order], by_weights)
    np.testing.assert_array_equal(ours[:, 6:], by_biases)


def test_gradients_of_each_point_are_those_of_the_text(network):
    g_w, g_b = back_propagation(network.weights[0], network.biases[0], np.array(GAUSSIANS["points"]), TARGETS)
    for rule, weights, biases in zip(rules_of(network), g_w, g_b, strict=True):
        np.testing.assert_allclose(rule.layers[0].weight_gradient, weights, rtol=0, atol=1e-13)
        np.testing.assert_allclose(rule.layers[0].bias_gradient, biases, rtol=0, atol=1e-13)


def test_the_first_gradient_is_the_sum_over_the_points():
    rules = rules_of(softmax_regression("initial"))
    weights = sum(rule.layers[0].weight_gradient for rule in rules)
    biases = sum(rule.layers[0].bias_gradient for rule in rules)

    np.testing.assert_allclose(weights, GAUSSIANS["first_gradient"]["weights"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(biases, GAUSSIANS["first_gradient"]["biases"], rtol=0, atol=1e-12)


def test_a_first_update_by_the_whole_gradient_gives_other_probabilities():
    network, dataset = softmax_regression("initial"), gaussians()
    network.parameters[:] -= len(dataset) * network.gradient(dataset.points, dataset.labels)

    probabilities = network.predict(dataset.points)
    first = np.array([1.0, 1.0, 1.0]) - GAUSSIANS["first_gradient"]["weights"][0]
    second = np.array([0.5, 0.5, 0.5]) - GAUSSIANS["first_gradient"]["weights"][1]
    expected = np.array([softmax(x1 * first + x2 * second) for x1, x2 in dataset.points])
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-9)
    assert np.ptp(probabilities[:, 0]) > 0.99


def test_figure_of_softmax_over_the_plane_of_its_two_inputs():
    network = Network([2, 2])
    network.set_parameters([np.eye(2)], [np.zeros(2)])
    x = np.linspace(-10, 10, 100)
    xj, xi = np.meshgrid(x, x)
    points = np.stack([xj.ravel(), xi.ravel()], axis=1)

    expected = [softmax(point)[0] for point in points]
    np.testing.assert_allclose(network.predict(points)[:, 0], expected, rtol=0, atol=1e-14)
