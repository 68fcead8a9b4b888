"""The inspector's formulas are those of the part, and their numbers those of the chain rule."""

import re
from dataclasses import replace

import pytest
from PySide6.QtGui import QColor

from gui.items.latex import number, without_colours
from gui.items.typeset import typeset
from gui.panels.inspector.formulas import coordinate_formulas, input_formulas, is_long, unit_formulas, weight_formulas
from model import Dataset, Network
from model.data.naming import Axis, Naming
from model.explain.chain_rule import chain_rule
from model.explain.part_numbers import input_numbers, unit_numbers, weight_numbers
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.network.parts import Edge, Unit

POINT = (0.7, -1.2)
PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]


def network_of(hidden="tanh", output="softmax", bias="per_neuron", sizes=(2, 6, 5, 3)):
    return Network(list(sizes), hidden, output, "uniform", bias, seed=2)


def lines_of(network, unit, loss="cross_entropy", label=1, **options):
    numbers = unit_numbers(network, chain_rule(network, POINT, label, loss), unit)
    return [without_colours(line) for line in unit_formulas(network.settings, unit, loss, numbers, **options)], numbers


def line(lines, start):
    (found,) = [line for line in lines if line.startswith(start)]
    return found


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_hidden_neuron_ends_in_the_numbers_of_the_chain_rule(hidden):
    lines, numbers = lines_of(network_of(hidden), Unit(2, 3))

    for start, value in (
        ("z = ", numbers.z),
        ("a = ", numbers.a),
        ("f'(z) = ", numbers.slope),
        (r"\delta = ", numbers.delta),
        (r"\partial C / \partial b = ", numbers.delta),
        (r"\partial C / \partial w_{2} = ", numbers.weight_gradients[1]),
    ):
        assert line(lines, start).endswith(f"= {number(value)}")


@pytest.mark.parametrize("bias", BIAS_KINDS)
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_an_output_says_its_loss_and_the_delta_that_this_gives(output, loss, bias):
    network = network_of(output=output, bias=bias)
    lines, numbers = lines_of(network, Unit(3, 1), loss)

    assert line(lines, "C = ").endswith(f"= {number(numbers.loss)}")
    assert line(lines, r"\delta = ").endswith(f"= {number(numbers.delta)}")
    assert any(text.startswith(r"\partial C / \partial b") for text in lines) is (bias == "per_neuron")
    if bias == "shared":
        assert line(lines, r"\partial C / \partial w_0 = ").endswith(f"= {number(numbers.bias_gradient)}")


def test_without_a_point_the_same_formulas_have_symbols_alone():
    network = network_of()
    symbols = unit_formulas(network.settings, Unit(2, 3), "cross_entropy", None)

    assert not re.search(r"\d\.\d", " ".join(symbols))
    filled, _ = lines_of(network, Unit(2, 3))
    for text in symbols[:-1]:
        assert any(line.startswith(text) for line in filled), text
    assert symbols[-1] == r"\partial C / \partial w_i = a_i\,\delta"


def test_a_long_sum_is_folded_until_all_of_it_is_wanted():
    network = network_of(sizes=(2, 64, 64, 3))
    assert is_long(network.settings, Unit(2, 0))
    assert is_long(network.settings, Unit(1, 0)), "its delta has a long sum"
    assert not is_long(network_of(sizes=(2, 4, 4, 3)).settings, Unit(2, 0))

    folded, _ = lines_of(network, Unit(2, 0))
    whole, _ = lines_of(network, Unit(2, 0), folded=False)
    assert line(folded, "z = ").count(r"\cdot ") == 3
    assert (len(folded), folded[-1]) == (9, r"\cdots")
    assert line(whole, "z = ").count(r"\cdot ") == 64
    assert len(whole) == len(folded) - 4 + 64


def test_the_terms_of_a_sum_add_up_to_what_is_said():
    lines, numbers = lines_of(network_of(), Unit(2, 3), folded=False)
    terms = line(lines, "z = ").split("=")[2].replace("{", "").replace("}", "").replace(r"\cdot", "*")

    assert eval(terms) == pytest.approx(numbers.z, abs=0.01)


def test_weights_have_the_colours_of_their_signs():
    network = network_of()
    numbers = unit_numbers(network, chain_rule(network, POINT, 1), Unit(1, 0))
    first = unit_formulas(network.settings, Unit(1, 0), "cross_entropy", numbers)[0]
    colours = ["positive" if weight > 0 else "negative" for weight in numbers.weights]

    assert re.findall(r"textcolor\{(\w+)\}", first) == colours


def test_an_input_is_its_feature_and_its_value():
    network = Network([2, 3, 2], features=["x1", "x1*x2"], seed=1)
    settings = replace(network.settings, standardization=((0.0, 1.0), (0.5, 2.0)))
    network = Network.from_settings(settings, network.parameters)
    rule = chain_rule(network, POINT, 1)

    lines = input_formulas(settings, 1, input_numbers(network, rule, 1))
    assert lines[0] == rf"a = \frac{{x_1 x_2 - 0.5}}{{2}} = {number((0.7 * -1.2 - 0.5) / 2)}"
    assert lines[1].endswith(f"= {number(rule.loss_by_inputs[1])}")
    assert input_formulas(settings, 0, None)[0] == r"a = \frac{x_1 - 0}{1}"


def test_a_weight_says_what_it_adds_its_gradient_and_the_next_step():
    network = network_of()
    numbers = weight_numbers(network, chain_rule(network, POINT, 1), Edge(1, 2, 3))

    lines = [without_colours(line) for line in weight_formulas(numbers, -0.0125)]
    assert lines[0].endswith(f"= {number(numbers.contribution)}")
    assert lines[1].endswith(f"= {number(numbers.gradient)}")
    assert lines[2] == r"\Delta w = {-0.0125}"
    assert weight_formulas(None, None) == [r"w\,a", r"\partial C / \partial w = a\,\delta"]


def test_coordinates_come_from_what_the_person_calls_them(qapp):
    settings = Network([2, 3, 2], features=["x1", "x1*x2"], seed=1).settings
    naming = Naming(Axis("heat_{in} °C", 55.0, 6.5), Axis("", -2.0, 1.0))
    dataset = Dataset([[0, 0]], [0], naming=naming)
    first, second = coordinate_formulas(settings, 1, dataset, (2.0, -0.5))
    assert first == r"x_1 = \frac{\text{heat in  °C} - 55}{6.5} = 2"
    assert second == rf"x_2 = \text{{your number}} + 2 = {number(-0.5)}"
    assert coordinate_formulas(settings, 0, dataset, None) == [r"x_1 = \frac{\text{heat in  °C} - 55}{6.5}"]
    assert coordinate_formulas(settings, 1, Dataset([[0, 0]], [0]), None) == []
    for line in (first, second):
        assert typeset(line, 15, QColor("black")).is_typeset
