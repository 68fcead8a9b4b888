import numpy as np
import pytest

from model import Network, NetworkSettings
from model.data.naming import class_letter
from model.network.parts import Edge, Unit, bias_position, exists, unit_name, weight_position

SETTINGS = NetworkSettings((2, 3, 4, 2), ("tanh", "relu"))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (None, True),
        (Unit(0, 1), True),
        (Unit(3, 1), True),
        (Unit(3, 2), False),
        (Unit(4, 0), False),
        (Edge(0, 1, 2), True),
        (Edge(2, 3, 1), True),
        (Edge(2, 4, 0), False),
        (Edge(2, 0, 2), False),
        (Edge(3, 0, 0), False),
    ],
)
def test_what_a_network_has(part, expected):
    assert exists(SETTINGS, part) is expected


def test_positions_point_at_the_parameter():
    network = Network.from_settings(SETTINGS)
    network.parameters[:] = np.arange(len(network.parameters))
    for layer, weights in enumerate(network.weights):
        for (source, target), value in np.ndenumerate(weights):
            assert weight_position(SETTINGS, Edge(layer, source, target)) == value
        for index, value in enumerate(network.biases[layer]):
            assert bias_position(SETTINGS, Unit(layer + 1, index)) == value


def test_names():
    assert [unit_name(SETTINGS, unit) for unit in (Unit(0, 0), Unit(0, 1), Unit(2, 3), Unit(3, 1))] == [
        "x₁",
        "x₂",
        "h2.4",
        "B",
    ]
    assert "".join(class_letter(index) for index in range(8)) == "ABCDEFGH"


def test_a_single_output_is_named_after_the_class_it_tells():
    settings = NetworkSettings((2, 1), (), "sigmoid")
    assert unit_name(settings, Unit(1, 0)) == "B"
