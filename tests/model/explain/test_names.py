"""How parameters are called."""

import pytest

from model.explain.names import parameter_names, parameter_text


@pytest.mark.parametrize(
    ("name", "text"),
    [("w0", "w₀"), ("w2_1_2", "w⁽²⁾₁,₂"), ("b1_3", "b⁽¹⁾₃"), ("w10_12_1", "w⁽¹⁰⁾₁₂,₁")],
)
def test_a_name_has_its_layer_above_and_its_neurons_below(name, text):
    assert parameter_text(name) == text


def test_no_two_parameters_have_one_text():
    for bias in ("shared", "per_neuron"):
        names = parameter_names((2, 12, 1), bias)
        assert len({parameter_text(name) for name in names}) == len(names)
