from statistics import NormalDist

import numpy as np
import pytest

from model.network.activations import ACTIVATIONS, sigmoid, softmax

FORMULA_NAMES = {
    "max": np.maximum,
    "min": np.minimum,
    "exp": np.exp,
    "tanh": np.tanh,
    "log": np.log,
    "abs": np.abs,
    "sin": np.sin,
    "λ": 1.0507009873554804934193349852946,
    "α": 1.6732632423543772848170429916717,
    "Φ": np.vectorize(NormalDist().cdf),
    "φ": np.vectorize(NormalDist().pdf),
    "cos": np.cos,
    "H": lambda z: (z >= 0).astype(float),
}

# Steps of 0.1 around 0, never 0 itself: relu has a kink there.
PRE_ACTIVATIONS = np.linspace(-3.95, 3.95, 80).reshape(4, 20)


def activation_of(name, z):
    out = np.full_like(z, np.nan)
    ACTIVATIONS[name].function(z, out)
    return out


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_function_is_what_the_formula_says(name):
    formula = ACTIVATIONS[name].formula.replace("−", "-").replace("·", "*")
    expected = eval(formula, {"__builtins__": {}}, {**FORMULA_NAMES, "z": PRE_ACTIVATIONS})

    np.testing.assert_allclose(activation_of(name, PRE_ACTIVATIONS), expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_is_what_its_formula_says(name):
    entry, a = ACTIVATIONS[name], activation_of(name, PRE_ACTIVATIONS)
    formula = entry.derivative_formula.replace("−", "-").replace("·", "*")
    expected = eval(formula, {"__builtins__": {}}, {**FORMULA_NAMES, "z": PRE_ACTIVATIONS, "a": a})
    slope = np.full_like(PRE_ACTIVATIONS, np.nan)

    entry.derivative(PRE_ACTIVATIONS, a, slope)

    np.testing.assert_allclose(slope, np.broadcast_to(expected, slope.shape), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivative_agrees_with_central_differences(name):
    step = 1e-6
    expected = (activation_of(name, PRE_ACTIVATIONS + step) - activation_of(name, PRE_ACTIVATIONS - step)) / (2 * step)
    slope = np.full_like(PRE_ACTIVATIONS, np.nan)

    ACTIVATIONS[name].derivative(PRE_ACTIVATIONS, activation_of(name, PRE_ACTIVATIONS), slope)

    np.testing.assert_allclose(slope, expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_extreme_pre_activations_stay_finite_and_within_the_bound(name):
    z = np.array([[-1000.0, -700.0, 0.0, 700.0, 1000.0]])
    a, slope, bound = activation_of(name, z), np.full_like(z, np.nan), ACTIVATIONS[name].bound
    ACTIVATIONS[name].derivative(z, a, slope)

    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()
    assert np.abs(a).max() <= (1051.0 if bound is None else bound)


def test_relu_has_slope_zero_at_its_kink():
    z = np.zeros((1, 1))
    slope = np.full_like(z, np.nan)

    ACTIVATIONS["relu"].derivative(z, activation_of("relu", z), slope)

    assert slope[0, 0] == 0.0


def test_sigmoid_reaches_its_ends_without_overflow():
    z = np.array([[-1000.0, 0.0, 1000.0]])
    out = np.empty_like(z)

    sigmoid(z, out)

    np.testing.assert_array_equal(out, [[0.0, 0.5, 1.0]])


def test_softmax_is_exp_over_the_sum_of_each_point():
    z = PRE_ACTIVATIONS
    out = np.empty_like(z)

    softmax(z, out)

    np.testing.assert_allclose(out, np.exp(z) / np.exp(z).sum(axis=0), rtol=1e-14)


def test_softmax_reaches_its_ends_without_overflow():
    z = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, 1000.0]])
    out = np.empty_like(z)

    softmax(z, out)

    np.testing.assert_array_equal(out, [[1.0, 0.5, 0.5], [0.0, 0.5, 0.5]])
