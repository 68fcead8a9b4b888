"""A new entry of a registry is known everywhere: nothing else has a table of the same names."""

import ast

import numpy as np
import pytest
import sympy

from model import Dataset, Network, Trainer, TrainingSettings
from model.explain.chain_rule import chain_rule
from model.explain.formulas import activation_formula, slope_of
from model.explain.symbolic import SymbolicNetwork
from model.network.activations import ACTIVATIONS, Activation, Source, defined
from model.scripts.scripts import numpy_script, pytorch_script

POINTS = np.random.default_rng(0).uniform(-3.0, 3.0, (6, 2))


def bump(z, out):
    np.copyto(out, z * np.tanh(z))


def bump_derivative(z, a, out):
    np.copyto(out, np.tanh(z) + z * (1.0 - np.tanh(z) ** 2))


@pytest.fixture
def network(monkeypatch):
    """A network whose hidden activation is one that nobody has seen before."""
    entry = Activation(
        "bump",
        "z·tanh(z)",
        "A valley.",
        bump,
        bump_derivative,
        bound=None,
        numpy=defined("bump", "z tanh(z).", "return z * np.tanh(z)"),
        pytorch=Source("torch.bump"),
        label="bump",
        derivative_formula="tanh(z) + z·(1 − tanh(z)**2)",
    )
    monkeypatch.setitem(ACTIVATIONS, "bump", entry)
    return Network([2, 3, 2], "bump", initializer="uniform", seed=1)


def test_a_new_activation_trains(network):
    trainer = Trainer(network, Dataset(POINTS, [0, 1] * 3), TrainingSettings(learning_rate=0.1))
    before = trainer.metrics().train_loss
    trainer.run_steps(20)

    assert trainer.metrics().train_loss < before


def test_a_new_activation_is_in_scripts(network):
    names = {}
    exec(numpy_script(network), names)

    np.testing.assert_allclose(names["predict"](POINTS), network.predict(POINTS), rtol=1e-12)
    assert "a = torch.bump(self.layer_1(a))" in ast.unparse(ast.parse(pytorch_script(network)))


def test_a_new_activation_has_formulas(network):
    z = sympy.Symbol("z", real=True)
    assert slope_of(activation_formula("bump", z), z) == (z * sympy.tanh(z)).diff(z)

    symbolic = SymbolicNetwork(network)
    gradient = symbolic.gradient(1, numbers=symbolic.numbers(POINTS[0], network.parameters))
    expected = network.gradient(POINTS[:1], [1])
    np.testing.assert_allclose(np.array(gradient, dtype=np.float64), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(chain_rule(network, POINTS[0], 1).gradient(), expected, rtol=0, atol=1e-12)
