"""Every curve and surface of seed 003_4c0ebcf6972e1ebf.txt before its search: what sigmoids make of points."""

import numpy as np
import pytest

from model import Network
from tests.seeds import CIRCLE, circle, expit, sigmoid_network, untrained_sigmoid_network

X1, X2 = np.array(CIRCLE["points"]).T


def network_on_x(weights, biases, out, output="linear"):
    """Return a network of sigmoids of x1 alone, and the weights with which it adds them."""
    network = Network([1, len(weights), 1], "sigmoid", output, features=("x1",))
    network.set_parameters([[weights], np.transpose([out])], [biases, [0.0]])
    return network


def along(x):
    return np.stack([x, np.zeros_like(x)], axis=1)


def neuron_by_neuron(network, x1, x2):
    """Return z and a of each hidden neuron and of the output, as the text computes them."""
    w, b = network.weights, network.biases
    z = [w[0][0, i] * x1 + w[0][1, i] * x2 + b[0][i] for i in range(3)]
    a = [expit(one) for one in z]
    z_out = np.dot(w[1][:, 0], a) + b[1][0]
    return np.array([*z, z_out]), np.array([*a, expit(z_out)])


@pytest.mark.parametrize("network", [untrained_sigmoid_network(), sigmoid_network()], ids=["untrained", "found"])
def test_z_and_a_of_every_neuron_are_those_of_figures_2_to_5(network):
    z, a = neuron_by_neuron(network, X1, X2)
    points = circle().points

    np.testing.assert_allclose(np.hstack(network.pre_activations(points)).T, z, rtol=0, atol=1e-13)
    np.testing.assert_allclose(np.hstack(network.layer_outputs(points)[1:]).T, a, rtol=0, atol=1e-14)


def test_the_untrained_network_takes_points_of_the_circle_for_others():
    dataset = circle()
    predicted = untrained_sigmoid_network().predicted_classes(dataset.points)

    assert np.count_nonzero((dataset.labels == 0) & (predicted == 1)) == 31
    assert np.count_nonzero(predicted == dataset.labels) == 66


# 0 is among them, and weights so large that the curve is a step.
@pytest.mark.parametrize("weight", [-1000.0, -5.0, -0.1, 0.0, 0.1, 1.2, 5.0, 1000.0])
def test_the_curve_that_a_weight_stretches_and_turns_round(weight):
    x = np.arange(-10, 10, 0.01)
    network = network_on_x([weight], [0.0], [-1.0])
    np.testing.assert_allclose(network.predict(along(x))[:, 0], -expit(weight * x), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("weights", "biases", "out"),
    [
        ([1.0], [0.0], [1]),
        ([1000.0], [0.0], [1]),
        ([1000.0], [-500.0], [1]),
        ([100.0, 100.0], [0.0, -150.0], [1, -1]),
        ([2.0, 2.0], [3.0, -3.0], [1, -1]),
        ([5.0, 5.0, 2.5], [3.0, -3.0, -10.0], [1, -1, 1]),
    ],
    ids=["one", "steep", "moved", "gap", "hill", "three"],
)
def test_sums_of_sigmoids(weights, biases, out):
    x = np.arange(-10, 10, 0.01)
    expected = sum(sign * expit(w * x + b) for w, b, sign in zip(weights, biases, out, strict=True))
    np.testing.assert_allclose(network_on_x(weights, biases, out).predict(along(x))[:, 0], expected, rtol=0, atol=1e-13)


def test_each_surface_over_the_plane():
    x = np.arange(-10, 10, 0.20)
    xv, yv = np.meshgrid(x, x)
    network = sigmoid_network()
    z, a = neuron_by_neuron(network, xv.ravel(), yv.ravel())
    points = np.stack([xv.ravel(), yv.ravel()], axis=1)

    np.testing.assert_allclose(np.hstack(network.pre_activations(points)).T, z, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.hstack(network.layer_outputs(points)[1:]).T, a, rtol=0, atol=1e-13)


@pytest.mark.parametrize("x2", [-10.0, -5.0, -1.0, 0.0, 5.0, 10.0])
def test_each_slice_over_the_sum_of_the_coordinates(x2):
    x1 = np.arange(-80, 80, 0.1)
    _, a = neuron_by_neuron(sigmoid_network(), x1, np.full_like(x1, x2))
    predicted = sigmoid_network().predict(np.stack([x1, np.full_like(x1, x2)], axis=1))[:, 0]

    np.testing.assert_allclose(predicted, a[-1], rtol=0, atol=1e-13)


def test_the_regions_over_the_plane_are_where_the_output_is_a_half_or_more():
    grid = np.arange(-10, 10, 0.1)
    x1, x2 = (axis.ravel() for axis in np.meshgrid(grid, grid, indexing="ij"))
    _, a = neuron_by_neuron(sigmoid_network(), x1, x2)
    predicted = sigmoid_network().predicted_classes(np.stack([x1, x2], axis=1))

    np.testing.assert_array_equal(predicted, np.where(a[-1] >= 0.5, 1, 0))
    assert np.count_nonzero(predicted) == 3719
