"""What the process of the dialog answers, without the process: every function as formulas that can be typeset."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.dialogs.formula.lines import symbol_latex
from gui.dialogs.formula.notes import remarks
from gui.dialogs.formula.process import answers
from gui.dialogs.formula.requests import LinesRequest, Numbers, Subject, TextRequest, TrainingRequest
from gui.items.typeset import dyed, typeset
from gui.theme import named
from model import Dataset, Network, NetworkSettings
from model.data.naming import Axis, Naming
from model.explain.names import parameter_names
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.walk.notation import parameter_symbol, part_at

POINT = (0.35, -0.9)
PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]


def lines(network, outcome, loss="cross_entropy", label=0, by="", *, numbers=True, is_whole=False, point=POINT):
    moment = Numbers(tuple(network.parameters.tolist()), point) if numbers else None
    subject = Subject(network.settings, outcome, label, loss, by)
    (answer,) = answers(LinesRequest(subject, moment, is_whole))
    return answer


def check_all(network, loss="cross_entropy", label=0, by="w1_1_1"):
    """Every form of every outcome is typeset, and has neither infinity nor no number in it."""
    for outcome, numbers, is_whole in product(("outputs", "loss", "derivative"), (False, True), (False, True)):
        answer = lines(network, outcome, loss, label, by, numbers=numbers, is_whole=is_whole)
        for line in answer["lines"]:
            assert typeset(dyed(line, named("light")), 16, QColor("black")).is_typeset, line
            assert "nan" not in line
            assert "oo" not in line.replace("foot", "")


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_typeset(qapp, activation):
    check_all(Network([2, 2, 2], hidden_activation=activation, seed=3))


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_every_output_and_loss_is_typeset(qapp, output, loss):
    n_out = 2 if output == "softmax" else 1
    network = Network([2, 2, n_out], output_activation=output, seed=4)
    check_all(network, loss, 1)
    if n_out == 1 and output in ("linear", "tanh"):
        check_all(network, loss, -0.25)


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_every_kind_of_bias_and_features_are_typeset(qapp, bias):
    network = Network([3, 2, 2], bias=bias, features=["x1*x2", "sin(x1)", "hypot(x1, x2) - abs(x2)**0.5"], seed=5)
    settings = replace(network.settings, standardization=((0.5, 2.0), (-1.25e-5, 1.0), (0.0, 3e6)))
    check_all(Network.from_settings(settings, network.parameters))


@pytest.mark.parametrize("features", [("x",), ("x", "max(x, 1)", "3")])
def test_along_a_curve_the_input_is_called_x(qapp, features):
    network = Network([len(features), 2, 1], "tanh", "linear", features=features, seed=6)
    check_all(network, "squared_error", 1.25)
    text = lines(network, "outputs", "squared_error", 1.25, numbers=False)["lines"]

    # Alone it stands in the formulas; among others it is one of several inputs.
    first = "w^{(1)}_{1,1} x + b^{(1)}_{1}" if features == ("x",) else r"a^{(0)}_{1} = \text{x}"
    assert sum(line.endswith(first) for line in text) == 1
    assert not any("x_{1}" in line for line in text)


def test_numbers_of_any_size_are_typeset(qapp):
    network = Network([2, 2, 2], hidden_activation="tanh")
    network.parameters[:6] = [-1.5e-7, 2.5e5, -3.0, 0.0, 12345.678, -1e-12]
    check_all(network)


def test_values_follow_from_the_numbers_before_them():
    network = Network([2, 2, 2], hidden_activation="tanh", seed=6)
    answer = lines(network, "outputs")
    told = [float(line.rsplit(" = ", 1)[1].strip("{}")) for line in answer["lines"] if " = " in line]
    (z, _), (a, out) = (network.pre_activations([POINT]), network.layer_outputs([POINT])[1:])
    np.testing.assert_allclose(told[:4], [*z[0], *a[0]], rtol=1e-3)
    np.testing.assert_allclose(told[-2:], out[0], rtol=1e-3)


def test_a_point_that_is_not_known_stays_a_symbol():
    network = Network([2, 2, 1], output_activation="sigmoid", seed=7)
    answer = lines(network, "outputs", point=None)
    assert any(r"\cdot x_{1}" in line for line in answer["lines"])


def test_what_cannot_be_is_a_sentence():
    network = Network([2, 2, 1], hidden_activation="relu", output_activation="sigmoid")
    settings = network.settings
    for request, sentence in (
        (LinesRequest(Subject(settings, "loss", 5, "cross_entropy", ""), None, False), "label must be 0 to 1"),
        (LinesRequest(Subject(settings, "loss", 0, "squared_error_of", ""), None, False), "squared_error_of"),
        (
            LinesRequest(
                Subject(settings, "loss", 0, "cross_entropy", ""),
                Numbers((1e200,) * settings.n_parameters, (3.0, 3.0)),
                False,
            ),
            "beyond the range",
        ),
        (
            TrainingRequest(settings, (0.1,) * settings.n_parameters, (POINT,), (1,), "cross_entropy", -0.1, 5, False),
            "learning_rate must be a number above 0",
        ),
    ):
        (answer,) = answers(request)
        assert sentence in answer["error"]


def test_one_formula_that_is_far_too_long_is_refused_when_it_is_copied():
    network = Network([2] * 8 + [1], hidden_activation="gelu", output_activation="sigmoid")
    subject = Subject(network.settings, "outputs", 0, "cross_entropy", "")
    (answer,) = answers(TextRequest(subject, None, True, "latex"))
    assert "take fewer layers or units" in answer["error"]
    (answer,) = answers(TextRequest(subject, None, False, "latex"))
    assert answer["text"].startswith("z_{1 1} = ")


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_a_parameter_has_one_symbol_here_and_in_a_step_walked_through(bias):
    settings = NetworkSettings((2, 4, 3), ("tanh",), bias=bias)
    names = parameter_names(settings.layer_sizes, bias)
    walked = {
        part: parameter_symbol(settings, position)
        for position in range(settings.n_parameters)
        for part in [part_at(settings, position)]
    }
    assert {part: symbol_latex(name).replace("_{0}", "_0") for name, part in names.items()} == walked


def test_a_copied_formula_says_what_its_inputs_are_and_in_which_units():
    naming = Naming(x1=Axis("t [s]", 15.0, 2.5), value=Axis("h", 200.0, 70.0))
    curve = Dataset.curve(np.zeros((2, 2)), np.zeros(2, dtype=bool), naming)
    settings = NetworkSettings((2, 1), (), "linear", features=("x", "sin(x)"), standardization=((0.5, 2.0), (0.0, 1.0)))

    assert remarks(settings, curve, "python").splitlines() == [
        "# Inputs: x1 = (x − 0.5) / 2, x2 = sin x.",
        "# In formulas x = (t [s] − 15) / 2.5, y = (h − 200) / 70.",
    ]
    assert remarks(settings, curve, "latex").startswith("% Inputs: ")
    plain = Dataset(np.zeros((2, 2)), np.array([0, 1]), np.zeros(2, dtype=bool))
    assert remarks(NetworkSettings((2, 3), (), "softmax"), plain, "sympy") == ""
