import numpy as np
import pytest

from model.initializers import INITIALIZERS

N_IN, N_OUT = 30, 20


def drawn(name, seed=0):
    return INITIALIZERS[name].draw(np.random.default_rng(seed), N_IN, N_OUT)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_draws_a_layer_of_weights_and_biases(name):
    matrix = drawn(name)

    assert INITIALIZERS[name].name == name
    assert matrix.shape == (N_IN + 1, N_OUT)
    assert matrix.dtype == np.float64
    assert len(np.unique(matrix[:-1])) == N_IN * N_OUT


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_generator_alone_decides(name):
    np.testing.assert_array_equal(drawn(name, seed=5), drawn(name, seed=5))
    assert not np.array_equal(drawn(name, seed=5), drawn(name, seed=6))


def assert_uniform_within(values, limit):
    """600 uniform draws lie inside, come near both ends and have about the mean and variance of the distribution."""
    assert -limit <= values.min() < -0.98 * limit
    assert 0.98 * limit < values.max() < limit
    assert abs(values.mean()) < 0.1 * limit
    assert values.std() == pytest.approx(limit / np.sqrt(3), rel=0.1)


def test_uniform_draws_weights_and_biases_within_half():
    assert_uniform_within(drawn("uniform"), 0.5)
    assert np.all(drawn("uniform")[-1] != 0.0)


def test_xavier_draws_weights_within_its_limit_and_biases_of_zero():
    matrix = drawn("xavier_uniform")

    assert_uniform_within(matrix[:-1], np.sqrt(6 / (N_IN + N_OUT)))
    np.testing.assert_array_equal(matrix[-1], 0.0)
