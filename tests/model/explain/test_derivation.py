import contextlib
import io
import math
from dataclasses import replace

import numpy as np
import pytest
import sympy

from model import Network
from model.explain.derivation import Derivation, latex_text, python_text, sympy_text
from model.explain.names import parameter_names
from model.explain.symbolic import SymbolicNetwork
from model.network.activations import ACTIVATIONS
from model.network.parts import Edge, Unit, bias_position, weight_position

POINT = [0.35, -0.9]
NETWORKS = [
    *(Network([2, 2, 2], hidden_activation=name, seed=5) for name in ACTIVATIONS),
    *(
        Network([2, 3, 1], hidden_activation="tanh", output_activation="sigmoid", bias=bias, seed=6)
        for bias in ("per_neuron", "shared", "none")
    ),
]


def changed(network, **marks):
    """The network with some parameters frozen or pruned, or neurons muted."""
    parameters = network.parameters.copy()
    parameters[list(marks.get("pruned", ()))] = 0.0
    return Network.from_settings(replace(network.settings, **marks), parameters)


NETWORKS += [
    changed(Network([2, 3, 2], hidden_activation="sigmoid", seed=2), pruned=frozenset({1, 4})),
    changed(Network([2, 3, 2], hidden_activation="sigmoid", seed=2), muted=frozenset({(0, 1), (1, 2)})),
]


def derived(network, outcome, by="", form=None):
    symbolic = SymbolicNetwork(network)
    derivation = Derivation.of(symbolic, outcome, 1, by=by)
    if form is not None:
        derivation = getattr(derivation, form)()
    return derivation, symbolic.numbers(network.settings.inputs(np.array([POINT]))[0], network.parameters)


def results(derivation, numbers):
    values = derivation.values(numbers)
    return [values[name.name] for name, _ in derivation.results]


@pytest.mark.parametrize("form", [None, "folded", "whole"])
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: f"{network.settings.hidden_activations}")
def test_results_are_those_of_the_network(network, form):
    probabilities = results(*derived(network, "outputs", form=form))
    np.testing.assert_allclose(probabilities, network.predict([POINT])[0], rtol=1e-12)
    loss = results(*derived(network, "loss", form=form))
    assert loss[0] == pytest.approx(-math.log(network.class_probabilities([POINT])[0, 1]), rel=1e-12)
    gradient = network.gradient([POINT], [1])
    names = parameter_names(network.settings.layer_sizes, network.settings.bias)
    order = [one.name for one in SymbolicNetwork(network).parameters]
    assert list(names) == order
    for position in {0, len(order) // 2, len(order) - 1} - network.settings.pruned:
        name = order[position]
        assert results(*derived(network, "derivative", name, form)) == pytest.approx([gradient[position]], abs=1e-12)


@pytest.mark.parametrize("bias", ["per_neuron", "shared", "none"])
def test_names_stand_for_the_parts_of_the_window(bias):
    settings = Network([2, 3, 2], bias=bias).settings
    for position, part in enumerate(parameter_names(settings.layer_sizes, bias).values()):
        match part:
            case Edge():
                assert weight_position(settings, part) == position
            case Unit():
                assert bias_position(settings, part) == position
            case None:
                assert (bias, position) == ("shared", 0)


def test_steps_are_layer_by_layer_and_back():
    derivation, _ = derived(NETWORKS[0], "derivative", "w1_1_1")
    names = [name.name for name, _ in derivation.steps]
    assert names[:4] == ["z1_1", "z1_2", "a1_1", "a1_2"]
    assert names[-2:] == ["da1_1", "dz1_1"]
    known = {one.name for one in (*derivation.network.inputs, *derivation.network.parameters)}
    for name, formula in (*derivation.steps, *derivation.results):
        assert {one.name for one in sympy.sympify(formula).free_symbols} <= known
        known.add(name.name)


def test_a_pruned_weight_and_a_muted_neuron_occur_nowhere():
    pruned, muted = NETWORKS[-2:]
    names = [one.name for one in SymbolicNetwork(pruned).parameters]
    for network, absent in ((pruned, {names[1], names[4]}), (muted, {"x2", "a1_3", "z1_3", "w1_1_3", "b1_3"})):
        derivation, _ = derived(network, "loss")
        used = {one.name for one in derivation.parameters} | {name.name for name, _ in derivation.steps}
        assert not used & absent


def test_what_is_folded_is_short_and_names_what_is_left():
    network = Network([2, 5, 4, 2], hidden_activation="gelu")
    derivation, _ = derived(network, "derivative", "w1_1_1")
    folded = derivation.folded(60)
    assert sum(1 for _ in sympy.preorder_traversal(folded.results[0][1])) <= 60
    left = {name for name, _ in folded.steps}
    for _, formula in (*folded.steps, *folded.results):
        assert formula.free_symbols <= left | set(folded.parameters)
    seed, _ = derived(Network([2, 2, 1], hidden_activation="sigmoid", output_activation="sigmoid"), "outputs")
    assert not seed.folded().steps, "what is short enough is written in one piece"


def printed(program):
    """What a program prints: the names of its results and their values."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {})  # What a person copies and runs.
    return dict(line.split(maxsplit=1) for line in out.getvalue().splitlines())


@pytest.mark.parametrize("form", [None, "whole"])
@pytest.mark.parametrize("write", [python_text, sympy_text])
@pytest.mark.parametrize("network", [NETWORKS[0], *NETWORKS[-4:]], ids=lambda network: network.settings.bias)
def test_a_copied_program_prints_the_results(network, write, form):
    for outcome, by in (("outputs", ""), ("loss", ""), ("derivative", "w1_1_1")):
        derivation, numbers = derived(network, outcome, by, form)
        values = {name: float(value) for name, value in printed(write(derivation, numbers)).items()}
        assert list(values.values()) == pytest.approx(results(derivation, numbers), rel=1e-12)


def test_a_copied_program_without_numbers_says_what_it_needs():
    derivation, numbers = derived(NETWORKS[0], "loss")
    text = python_text(derivation, {})
    assert f"# Give these a number first: {', '.join(one.name for one in derivation.parameters)}" in text
    given = "\n".join(f"{name} = {value!r}" for name, value in numbers.items())
    assert float(printed(f"{given}\n{text}")["C"]) == pytest.approx(results(derivation, numbers)[0])
    assert "w1_1_1" in printed(sympy_text(derivation.whole(), {}))["C"]


def test_latex_has_a_line_for_each_number_step_and_result():
    derivation, numbers = derived(NETWORKS[0], "loss")
    lines = latex_text(derivation, numbers).splitlines()
    assert len(lines) == len(derivation.parameters) + len(derivation.steps) + 1
    assert lines[0] == "x_{1} = 0.35"
    assert lines[-1] == r"C = - \log{\left(a_{2 2} \right)}"


def test_a_value_beyond_the_range_is_said():
    network = Network([2, 2, 1], hidden_activation="relu", output_activation="sigmoid")
    network.parameters[:] = -1e200
    with pytest.raises(ValueError, match="beyond the range of numbers at this moment"):
        results(*derived(network, "loss"))


def test_what_there_is_not_is_refused():
    symbolic = SymbolicNetwork(NETWORKS[0])
    with pytest.raises(ValueError, match="w9_1_1"):
        Derivation.of(symbolic, "derivative", 0, by="w9_1_1")
    with pytest.raises(ValueError, match="label must be 0 to 1"):
        Derivation.of(symbolic, "loss", 2)
