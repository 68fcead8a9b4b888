"""The lines of a curve's picture, held against the sums of sigmoids of seed 003."""

import numpy as np
import pytest

from gui import theme
from gui.items.curve.key import key_lines
from gui.items.curve.lines import answer_lines, curve_lines, line_at, pinned_lines, unit_line
from model.data.dataset import CURVE_UNIT
from model.network.parts import Unit
from model.run.snapshot import Plane


def expit(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def heights(line):
    return line.vertices[:, 1] / CURVE_UNIT


def by_text(lines):
    return {line.text: line for line in lines}


def test_each_neuron_of_the_last_hidden_layer_has_its_activation_times_its_weight(moment_of):
    lines = curve_lines(moment_of(), theme.current(), terms=True, width=2.0)
    first, second, answer = lines
    x = answer.vertices[:, 0]
    np.testing.assert_allclose(heights(first), expit(2 * x + 3), atol=1e-12)
    np.testing.assert_allclose(heights(second), -expit(2 * x - 3), atol=1e-12)
    np.testing.assert_allclose(heights(answer), expit(2 * x + 3) - expit(2 * x - 3), atol=1e-12)
    assert (first.unit, second.unit, answer.unit) == (Unit(1, 0), Unit(1, 1), None)
    assert [line.text for line in lines] == ["1 · h1.1", "−1 · h1.2", "y, what the network says"]


def test_what_is_added_has_the_colour_of_the_weight_s_sign_and_is_dashed(moment_of):
    colours = theme.current()
    first, second, answer = curve_lines(moment_of(), colours, terms=True, width=2.0)
    assert (first.pen.color(), second.pen.color()) == (colours.positive, colours.negative)
    assert first.pen.dashPattern()
    assert second.pen.dashPattern()
    assert not answer.pen.dashPattern()
    assert answer.pen.widthF() == 2.0


@pytest.mark.parametrize(("output", "function"), [("sigmoid", expit), ("tanh", np.tanh)])
def test_where_the_output_is_not_linear_the_sum_has_a_line_of_its_own(moment_of, output, function):
    moment = moment_of(biases=((3.0, -3.0), (-0.25,)), output=output)
    lines = curve_lines(moment, theme.current(), terms=True, width=2.0)
    total = by_text(lines)["z, the sum of the dashed lines − 0.25"]
    x = total.vertices[:, 0]
    np.testing.assert_allclose(heights(total), expit(2 * x + 3) - expit(2 * x - 3) - 0.25, atol=1e-12)
    np.testing.assert_allclose(heights(lines[-1]), function(heights(total)), atol=1e-12)


def test_without_its_parts_a_curve_is_one_line(moment_of):
    lines = curve_lines(moment_of(), theme.current(), terms=False, width=2.0)
    assert [line.text for line in lines] == ["y, what the network says"]


def test_a_muted_neuron_adds_nothing(moment_of):
    first, second, answer = curve_lines(moment_of(muted=[(1, 0)]), theme.current(), terms=True, width=2.0)
    assert not heights(first).any()
    np.testing.assert_allclose(heights(answer), heights(second), atol=1e-12)


def test_among_many_neurons_what_each_adds_is_paler(moment_of):
    weights = (2.0,) * 20, (1.0,) * 20
    many = curve_lines(moment_of(weights, ((0.0,) * 20, (0.0,))), theme.current(), terms=True, width=2.0)
    assert many[0].pen.color() != theme.current().positive
    assert len(many) == 21


def test_a_hidden_neuron_has_a_line_of_its_activation_and_the_output_none(moment_of):
    moment = moment_of()
    line = unit_line(moment, Unit(1, 1), theme.current())
    np.testing.assert_allclose(heights(line), expit(2 * line.vertices[:, 0] - 3), atol=1e-12)
    assert unit_line(moment, Unit(2, 0), theme.current()) is None


@pytest.mark.parametrize("weight", [-1000.0, 1000.0])
def test_a_weight_of_a_thousand_makes_a_step(moment_of, weight):
    moment = moment_of(((weight,), (1.0,)), ((0.0,), (0.0,)))
    (line,) = curve_lines(moment, theme.current(), terms=False, width=2.0)
    x = line.vertices[:, 0]
    np.testing.assert_allclose(heights(line)[x != 0], (x[x != 0] * weight > 0).astype(float), atol=1e-9)


@pytest.mark.parametrize("size", [1e6, 1e300])
def test_far_beyond_what_is_seen_lines_end(moment_of, size):
    moment = moment_of(((2.0,), (size,)), ((0.0,), (0.0,)), plane=Plane(-3, 3, -2, 2))
    for line in curve_lines(moment, theme.current(), terms=True, width=2.0):
        assert np.abs(line.vertices).max() <= 50.0


def test_where_numbers_are_not_finite_lines_are_broken_and_nothing_is_found(moment_of):
    moment = moment_of(((np.nan, 2.0), (1.0, 1.0)), ((0.0, 0.0), (0.0,)))
    lines = curve_lines(moment, theme.current(), terms=True, width=2.0)
    assert np.isnan(lines[0].vertices[:, 1]).all()
    assert np.isfinite(lines[1].vertices).all()
    assert line_at(lines, (0.0, -3.0), 1.0) is None


def test_the_line_under_the_mouse_is_the_nearest(moment_of):
    lines = curve_lines(moment_of(), theme.current(), terms=True, width=2.0)
    assert line_at(lines, (5.0, 3.95), 0.3).text == "1 · h1.1"
    assert line_at(lines, (5.0, -3.95), 0.3).text == "−1 · h1.2"
    assert line_at(lines, (5.0, 0.05), 0.3).text == "y, what the network says"
    assert line_at(lines, (5.0, 2.0), 0.3) is None
    # On a step it is the height between that counts, which no vertex has.
    step = curve_lines(moment_of(((1000.0,), (1.0,)), ((0.0,), (0.0,))), theme.current(), terms=False, width=2.0)
    assert line_at(step, (0.0, 1.3), 0.1) is not None


def test_answers_that_are_no_curve_are_boundaries(moment_of):
    (line,) = answer_lines(moment_of())
    assert line.shape[1] == 2
    assert pinned_lines([], theme.current()) == []


@pytest.mark.parametrize(
    ("output", "terms", "texts"),
    [
        ("linear", True, ["y = Σ a·w + b", "a·w of each neuron"]),
        ("sigmoid", True, ["y = sigmoid(z)", "a·w of each neuron", "z = Σ a·w + b"]),
        ("linear", False, ["y"]),
    ],
)
def test_the_key_names_the_lines_that_there_are(moment_of, output, terms, texts):
    settings = moment_of(output=output).network.settings
    assert [line.text for line in key_lines(settings, theme.current(), terms=terms)] == texts
