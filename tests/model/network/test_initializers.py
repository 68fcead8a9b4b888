import numpy as np
import pytest

from model import Network, NetworkSettings
from model.network.initializers import INITIALIZERS

N_IN, N_OUT = 30, 20


def drawn(name, seed=0, scale=0.5):
    return INITIALIZERS[name].draw(np.random.default_rng(seed), N_IN, N_OUT, scale)


RANDOM = [name for name in INITIALIZERS if name not in ("zeros", "constant")]
STANDARD_DEVIATIONS = {
    "xavier_uniform": np.sqrt(2 / (N_IN + N_OUT)),
    "xavier_normal": np.sqrt(2 / (N_IN + N_OUT)),
    "he_uniform": np.sqrt(2 / N_IN),
    "he_normal": np.sqrt(2 / N_IN),
    "lecun_normal": np.sqrt(1 / N_IN),
    "uniform": 0.5 / np.sqrt(3),
    "normal": 0.5,
    "constant": 0.0,
    "zeros": 0.0,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_draws_a_layer_of_weights_and_biases(name):
    matrix = drawn(name)

    assert matrix.shape == (N_IN + 1, N_OUT)
    assert matrix.dtype == np.float64
    assert matrix[:-1].std() == pytest.approx(STANDARD_DEVIATIONS[name], rel=0.1)


@pytest.mark.parametrize("name", RANDOM)
def test_the_generator_alone_decides(name):
    np.testing.assert_array_equal(drawn(name, seed=5), drawn(name, seed=5))
    assert not np.array_equal(drawn(name, seed=5), drawn(name, seed=6))
    assert len(np.unique(drawn(name)[:-1])) == N_IN * N_OUT


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name != "uniform"])
def test_biases_begin_with_zero(name):
    np.testing.assert_array_equal(drawn(name)[-1], 0.0)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_scale_matters_where_the_entry_says_so(name):
    assert np.array_equal(drawn(name, scale=0.1), drawn(name, scale=0.2)) == (INITIALIZERS[name].scale is None)


def test_constant_is_the_scale_and_zeros_are_zero():
    np.testing.assert_array_equal(drawn("constant", scale=0.25)[:-1], 0.25)
    np.testing.assert_array_equal(drawn("zeros"), 0.0)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_bias_can_be_given_a_start(name):
    settings = NetworkSettings((2, 3, 2), ("tanh",), initializer=name, bias_start=0.1)

    network = Network.from_settings(settings)

    np.testing.assert_array_equal(np.concatenate(network.biases), 0.1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"initializer_scale": -1.0}, "initializer_scale must be a number of 0 or more; got -1.0"),
        ({"bias_start": float("inf")}, "bias_start must be a finite number, or None; got inf"),
    ],
)
def test_wrong_numbers_are_named_with_what_is_allowed(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        NetworkSettings((2, 2), (), **changes)


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
