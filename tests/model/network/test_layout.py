import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Network
from model.network.layout import BIAS_KINDS, DenseLayout, bias_views, count_parameters, dense_layout, weight_views

SIZES = (2, 3, 1)


@pytest.mark.parametrize(("bias", "expected"), [("per_neuron", 13), ("none", 9), ("shared", 10)])
def test_counts_parameters(bias, expected):
    assert count_parameters(SIZES, bias) == expected
    assert len(Network(SIZES, output_activation="sigmoid", bias=bias).parameters) == expected


@given(sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5), bias=st.sampled_from(sorted(BIAS_KINDS)))
def test_views_cover_every_parameter_once(sizes, bias):
    positions = np.arange(count_parameters(sizes, bias))
    parts = [view.ravel() for view in weight_views(positions, sizes, bias)]
    biases = bias_views(positions, sizes, bias)
    if bias == "per_neuron":
        parts += biases
    elif bias == "shared":
        assert all((view == 0).all() for view in biases)
        parts += [biases[0][:1]]

    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), positions)


def test_the_views_of_a_shared_bias_are_one_number():
    parameters = np.zeros(10)
    first, second = bias_views(parameters, SIZES, "shared")
    first[:] = 2.5

    assert (first.shape, second.shape) == ((3,), (1,))
    assert second[0] == parameters[0] == 2.5
    parameters.flags.writeable = False
    assert not bias_views(parameters, SIZES, "shared")[0].flags.writeable


def test_no_bias_is_zeros_that_cannot_be_written():
    view = bias_views(np.ones(9), SIZES, "none")[0]

    np.testing.assert_array_equal(view, 0.0)
    assert not view.flags.writeable


def test_the_flat_vector_is_the_matrices_where_nothing_is_special():
    assert dense_layout(SIZES, "per_neuron") is None
    assert dense_layout(SIZES, "per_neuron", {(1, 0)}) is not None


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_matrices_have_weights_and_what_is_added(bias):
    parameters = np.arange(1.0, count_parameters(SIZES, bias) + 1)
    layout = DenseLayout(SIZES, bias)
    dense = np.zeros(layout.size)
    layout.expand(parameters, dense)

    for matrix, weights, biases, n_in in zip(
        layout.matrices(dense),
        weight_views(parameters, SIZES, bias),
        bias_views(parameters, SIZES, bias),
        SIZES[:-1],
        strict=True,
    ):
        np.testing.assert_array_equal(matrix[:-1], weights)
        np.testing.assert_array_equal(matrix[-1], biases * (n_in if bias == "shared" else 1))


def test_weights_from_a_muted_neuron_count_as_zero():
    network = Network(SIZES, output_activation="sigmoid", seed=1)
    layout = DenseLayout(SIZES, "per_neuron", {(0, 1), (1, 2)})
    dense = np.zeros(layout.size)
    layout.expand(network.parameters, dense)
    first, second = layout.matrices(dense)

    np.testing.assert_array_equal(first[1], 0.0)
    np.testing.assert_array_equal(first[0], network.weights[0][0])
    np.testing.assert_array_equal(second[:2], network.weights[1][:2])
    np.testing.assert_array_equal(second[2], 0.0)


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=4),
    bias=st.sampled_from(sorted(BIAS_KINDS)),
    seed=st.integers(0, 1000),
)
def test_collecting_is_the_transpose_of_expanding(sizes, bias, seed):
    generator = np.random.default_rng(seed)
    layout = DenseLayout(sizes, bias, {(0, 0)})
    parameters, dense = generator.normal(size=layout.n_parameters), generator.normal(size=layout.size)
    expanded, collected = np.zeros(layout.size), np.zeros(layout.n_parameters)
    layout.expand(parameters, expanded)
    layout.collect(dense, collected)

    assert expanded @ dense == pytest.approx(parameters @ collected, abs=1e-9)
