"""Formulas in LaTeX: what stands there is the formula, read back by SymPy or by eye."""

import numpy as np
import pytest

from model.data.features import feature
from model.explain.latex import latex_of
from model.network.activations import ACTIVATIONS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        ("max(0, z)", r"\max\left(0, z\right)"),
        ("1 / (1 + exp(−z))", r"\frac{1}{1 + e^{-z}}"),
        ("−y·log(a)", r"-y \log\left(a\right)"),
        ("−y / a", r"-\frac{y}{a}"),
        ("a − (y − 1)", r"a - \left(y - 1\right)"),
        ("a·(1 − a)", r"a \left(1 - a\right)"),
        ("(a + 1)**2", r"\left(a + 1\right)^{2}"),
        ("2·z·3", r"2 z \cdot 3"),
        ("exp(z) / Σ(exp)", r"\frac{e^{z}}{\sum_k e^{z_k}}"),
        ("a − Σ(a·(a − y))", r"a - \sum_k a_k \left(a_k - y_k\right)"),
        ("0.5·(z > 0)", r"0.5 \left[z > 0\right]"),
        ("hypot(x1, x2 + 1)", r"\sqrt{x_1^{2} + \left(x_2 + 1\right)^{2}}"),
    ],
)
def test_a_formula_is_written_as_a_person_writes_it(formula, latex):
    assert latex_of(formula) == latex


def test_numbers_stand_in_the_places_of_names():
    names = {"a": "0.25", "y": "(-1)", "slope": "0.9"}

    assert latex_of("(a − y)·slope", names) == r"\left(0.25 - (-1)\right) \cdot 0.9"
    assert latex_of("(a − y)·slope", {"slope": "f'(z)"}) == r"\left(a - y\right) f'(z)"


def registered():
    for entry in ACTIVATIONS.values():
        yield from (entry.formula, entry.derivative_formula)
    for output in OUTPUT_ACTIVATIONS.values():
        yield output.formula
    for loss in LOSSES.values():
        for pair in loss.outputs.values():
            yield from (pair.formula, pair.by_output_formula, pair.delta_formula)


@pytest.mark.parametrize("formula", sorted(set(registered())))
def test_every_formula_of_a_registry_can_be_written(formula):
    latex = latex_of(formula)

    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")


def test_a_typed_feature_can_be_written():
    formula = feature("exp(-x1**2/2)*cos(2*x2) - atan2(x1, 2) + pi").formula

    assert latex_of(formula.source) == (
        r"e^{-\frac{x_1^{2}}{2}} \cos\left(2 x_2\right) - \mathrm{atan2}\left(x_1, 2\right) + \pi"
    )


@pytest.mark.parametrize("bad", ["[1]", "a if y else z", "a // y"])
def test_what_is_no_formula_is_refused(bad):
    with pytest.raises(ValueError, match="of a formula"):
        latex_of(bad)


def test_sums_of_a_delta_are_those_of_the_function():
    """The text of the loss's delta says what its function computes."""
    z = np.array([[0.3, -1.0], [1.2, 0.4], [-0.5, 2.0]])
    for loss in LOSSES.values():
        for name, pair in loss.outputs.items():
            a, slope, delta = np.empty_like(z), np.ones_like(z), np.empty_like(z)
            output = OUTPUT_ACTIVATIONS[name]
            output.function(z, a)
            y = output.targets(np.array([1, 2]), 3)
            if name in ACTIVATIONS:
                ACTIVATIONS[name].derivative(z, a, slope)
            pair.delta(z, a, y, delta)
            names = {"a": a, "y": y, "slope": slope, "Σ": lambda terms: terms.sum(axis=0)}

            for text, expected in ((pair.delta_formula, delta), (pair.by_output_formula, pair.by_outputs(a, y))):
                source = text.replace("−", "-").replace("·", "*")
                np.testing.assert_allclose(eval(source, {"__builtins__": {}}, names), expected, rtol=1e-12, atol=1e-15)
