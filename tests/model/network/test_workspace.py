import numpy as np
import pytest

from model import Network
from model.network.losses import LOSSES
from model.network.workspace import layer_matrices, with_ones


def test_layer_matrices_are_views_that_cover_the_vector_once():
    parameters = np.zeros(3 * 4 + 5 * 2)

    for matrix in layer_matrices(parameters, (2, 4, 2)):
        np.add(matrix, 1.0, out=matrix)

    np.testing.assert_array_equal(parameters, 1.0)


def test_with_ones_puts_points_in_columns_over_a_row_of_ones():
    points = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])

    inputs = with_ones(points)
    points[:] = 0.0

    np.testing.assert_array_equal(inputs, [[1, 3, 5], [2, 4, 6], [1, 1, 1]])


def test_passes_write_into_the_same_buffers():
    network = Network([2, 5, 4, 3], ["relu", "tanh"])
    workspace = network.settings.workspace(network.parameters, 6)
    pair, gradient = LOSSES["cross_entropy"].outputs["softmax"], np.empty_like(network.parameters)
    gradients = list(layer_matrices(gradient, network.settings.layer_sizes))
    buffers = [*workspace.activations, *workspace.pre_activations]
    generator = np.random.default_rng(0)

    for _ in range(2):
        points, labels = generator.normal(size=(6, 2)), generator.integers(0, 3, 6)
        gradient.fill(np.nan)
        workspace.forward(with_ones(points))
        workspace.backward(with_ones(points), network.targets(labels), pair, gradients)

        np.testing.assert_array_equal(gradient, network.gradient(points, labels))
        np.testing.assert_array_equal(workspace.activations[-1].T, network.predict(points))
    after = [*workspace.activations, *workspace.pre_activations]
    assert all(now is then for now, then in zip(after, buffers, strict=True))


def test_parameters_are_read_when_a_pass_runs():
    network = Network([2, 3, 2])
    workspace = network.settings.workspace(network.parameters, 1)
    network.parameters[:] = 0.0
    network.biases[-1][:] = [0.0, np.log(3.0)]

    workspace.forward(with_ones(np.ones((1, 2))))

    np.testing.assert_allclose(workspace.activations[-1], [[0.25], [0.75]], rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_parameters_dtype_is_the_workspace_s(dtype):
    network = Network([2, 4, 4, 2], "tanh")
    points = np.random.default_rng(0).normal(size=(8, 2))
    workspace = network.settings.workspace(network.parameters.astype(dtype), 8)

    workspace.forward(with_ones(points, dtype))

    assert {array.dtype for array in (*workspace.activations, *workspace.pre_activations)} == {np.dtype(dtype)}
    np.testing.assert_allclose(
        workspace.activations[-1].T, network.predict(points), rtol=0, atol=np.finfo(dtype).eps * 4
    )
