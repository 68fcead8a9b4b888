"""The network of seed 003_4c0ebcf6972e1ebf.txt as one formula, and how its loss hangs on each parameter."""

import numpy as np
import pytest
import sympy

from model.explain.symbolic import SymbolicNetwork
from tests.seeds import CIRCLE, circle, sigmoid_network


@pytest.fixture(scope="module")
def symbolic():
    return SymbolicNetwork(sigmoid_network())


def test_written_out_it_is_the_text_s_most_explicit_expression(symbolic):
    names = {name: sympy.Symbol(name, real=True) for name in (s.name for s in (*symbolic.inputs, *symbolic.parameters))}
    x1, x2 = names["x1"], names["x2"]

    def sigmoid(z):
        return 1 / (1 + sympy.exp(-z))

    hidden = [sigmoid(names[f"w1_1_{j}"] * x1 + names[f"w1_2_{j}"] * x2 + names[f"b1_{j}"]) for j in (1, 2, 3)]
    total = sum(names[f"w2_{j}_1"] * a for j, a in enumerate(hidden, start=1))
    assert symbolic.training_function() == (sigmoid(total + names["b2_1"]),)


def test_with_numbers_it_is_the_probability_of_each_point(symbolic):
    (formula,) = symbolic.training_function(symbolic.numbers(parameters=symbolic.values))
    compiled = sympy.lambdify(symbolic.inputs, formula, "math")
    probabilities = [compiled(x1, x2) for x1, x2 in CIRCLE["points"]]

    np.testing.assert_allclose(probabilities, CIRCLE["probabilities"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("row", [0, 60])
def test_the_chain_rule_says_how_each_parameter_wiggles_the_loss(symbolic, row):
    dataset = circle()
    point, label = dataset.points[row], int(dataset.labels[row])
    gradient = symbolic.gradient(label, numbers=symbolic.numbers(point, symbolic.values))

    expected = sigmoid_network().gradient([point], [label])
    np.testing.assert_allclose(np.array(gradient, dtype=np.float64), expected, rtol=0, atol=1e-13)


def test_the_cross_entropy_of_the_text_s_surprise():
    """A probability of 0.2375 for a point that is orange."""
    network = sigmoid_network()
    network.weights[1][:], network.biases[1][:] = 0.0, np.log(0.2375 / (1 - 0.2375))
    loss = SymbolicNetwork(network).loss(1, numbers=SymbolicNetwork(network).numbers([0.0, 0.0], network.parameters))
    assert float(loss) == pytest.approx(1.4375876555074412, abs=1e-12)
