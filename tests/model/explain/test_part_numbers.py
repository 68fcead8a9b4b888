"""The numbers of a neuron, an input and a weight are those of the chain rule, and what central differences say."""

from dataclasses import replace

import pytest

from model import Network
from model.explain.chain_rule import chain_rule
from model.explain.part_numbers import input_numbers, unit_numbers, weight_numbers
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.network.parts import Edge, Unit, bias_position, weight_position

POINT, STEP = (0.7, -1.2), 1e-6
PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]
CASES = [(bias, *pair) for bias in BIAS_KINDS for pair in PAIRS]


def network_of(bias="per_neuron", output="softmax", muted=()):
    network = Network([2, 4, 3, 3], ("tanh", "gelu"), output, "uniform", bias, seed=2, features=["x1", "x1*x2"])
    return Network.from_settings(replace(network.settings, muted=frozenset(muted)), network.parameters)


def loss_of(network, loss):
    return chain_rule(network, POINT, 1, loss).loss_value


def difference(network, loss, position):
    losses = []
    for step in (STEP, -STEP):
        moved = Network.from_settings(network.settings, network.parameters)
        moved.parameters[position] += step
        losses.append(loss_of(moved, loss))
    return (losses[0] - losses[1]) / (2 * STEP)


def every_unit(network):
    return [
        Unit(layer, index) for layer, size in enumerate(network.settings.layer_sizes[1:], 1) for index in range(size)
    ]


@pytest.mark.parametrize("muted", [(), ((0, 1), (1, 2), (2, 0))])
@pytest.mark.parametrize(("bias", "output", "loss"), CASES)
def test_a_neuron_adds_up(bias, output, loss, muted):
    network = network_of(bias, output, muted)
    rule = chain_rule(network, POINT, 1, loss)
    for unit in every_unit(network):
        numbers, layer = unit_numbers(network, rule, unit), rule.layers[unit.layer - 1]

        assert numbers.weights @ numbers.inputs + numbers.bias == pytest.approx(numbers.z, rel=1e-12)
        assert numbers.a == layer.activations[unit.index]
        if len(numbers.outputs) == 0:
            above = numbers.weights_above @ numbers.deltas_above
            assert above == pytest.approx(numbers.loss_by_activation, rel=1e-12, abs=1e-15)
            assert numbers.slope * above == pytest.approx(numbers.delta, rel=1e-12, abs=1e-15)
        for source, gradient in enumerate(numbers.weight_gradients):
            edge = Edge(unit.layer - 1, source, unit.index)
            position = weight_position(network.settings, edge)
            assert gradient == pytest.approx(difference(network, loss, position), rel=1e-6, abs=1e-8)
            assert gradient == weight_numbers(network, rule, edge).gradient
        position = bias_position(network.settings, unit)
        if position is None:
            assert (numbers.bias, numbers.bias_gradient) == (0.0, None)
        else:
            assert numbers.bias_gradient == pytest.approx(difference(network, loss, position), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("muted", [(), ((0, 1),)])
def test_a_weight_says_what_it_adds(muted):
    network = network_of(muted=muted)
    rule = chain_rule(network, POINT, 1)
    numbers = weight_numbers(network, rule, Edge(0, 1, 3))
    position = weight_position(network.settings, Edge(0, 1, 3))

    without = Network.from_settings(network.settings, network.parameters)
    without.parameters[position] = 0.0
    before, after = (chain_rule(each, POINT, 1).layers[0].pre_activations[3] for each in (network, without))
    assert numbers.contribution == pytest.approx(before - after, abs=1e-15)
    assert numbers.weight == network.parameters[position]
    assert (numbers.input == 0.0) is bool(muted)


def test_an_input_has_the_value_of_its_feature():
    network = network_of()
    rule = chain_rule(network, POINT, 1)
    numbers = input_numbers(network, rule, 1)

    assert numbers.value == pytest.approx(POINT[0] * POINT[1])
    assert numbers.loss_by_value == rule.loss_by_inputs[1]
    assert input_numbers(network_of(muted=[(0, 1)]), rule, 1).value == 0.0
