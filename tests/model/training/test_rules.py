"""Rules to be read: following one leads where the optimizer leads, and each line can be written."""

import numpy as np
import pytest

from model.training.optimizers import OPTIMIZERS
from model.training.rules import SYMBOLS, applied, quantities_of

GRADIENTS = np.random.default_rng(3).normal(size=(12, 5))
START = np.array([1.0, -2.0, 0.0, 3.0, -0.5])
WITH_RULES = sorted(name for name, entry in OPTIMIZERS.items() if entry.kind is not None)
OPTIONS = {"weight_decay": 0.03, "momentum": 0.7, "eps": 1e-3, "alpha": 0.8, "betas": (0.7, 0.95)}


def test_every_optimizer_that_follows_a_gradient_has_a_rule():
    assert [name for name, entry in OPTIMIZERS.items() if not entry.rule] == ["random_search"]


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("name", WITH_RULES)
def test_a_rule_leads_where_the_optimizer_leads(name, others):
    entry = OPTIMIZERS[name]
    options = {option: OPTIONS[option] for option in entry.options} if others else {}
    optimizer, parameters = entry.make(len(START), **options), START.copy()
    for gradient in GRADIENTS:
        before = quantities_of(entry, options, optimizer.memory(), parameters, gradient, 0.05)
        lines, after, _ = applied(entry.rule, before)
        optimizer.update(parameters, gradient.copy(), 0.05)

        np.testing.assert_allclose(after["w'"], parameters, rtol=1e-12, atol=1e-14)
        assert lines[-1].result == "w'"


@pytest.mark.parametrize("name", WITH_RULES)
def test_formulas_name_only_what_there_is(name):
    entry = OPTIMIZERS[name]
    before = quantities_of(entry, {}, entry.make(5).memory(), START, GRADIENTS[0], 0.05)
    lines, values, names = applied(entry.rule, before)

    for line in lines:
        named = [quantity for _, quantity in line.pieces(names) if quantity]
        assert named
        assert set(named) <= values.keys() & SYMBOLS.keys()
        assert line.result in SYMBOLS


def test_a_line_for_an_option_of_zero_is_left_out():
    entry = OPTIMIZERS["sgd"]
    without, _, names = applied(entry.rule, quantities_of(entry, {}, {}, START, GRADIENTS[0], 0.05))
    with_decay = quantities_of(entry, {"weight_decay": 0.1}, {}, START, GRADIENTS[0], 0.05)

    assert [line.result for line in without] == ["w'"]
    assert "".join(text + name for text, name in without[0].pieces(names)) == r"w - learning_rate \cdot g"
    assert [line.result for line in applied(entry.rule, with_decay)[0]] == ["g~", "w'"]


def test_an_optimizer_that_has_just_come_remembers_nothing():
    entry = OPTIMIZERS["momentum"]
    fresh = quantities_of(entry, {}, entry.make(5).memory(), START, GRADIENTS[0], 0.05)
    stale = quantities_of(entry, {}, OPTIMIZERS["adam"].make(5).memory(), START, GRADIENTS[0], 0.05)

    np.testing.assert_array_equal(fresh["velocity"], 0.0)
    assert fresh.keys() == stale.keys()
