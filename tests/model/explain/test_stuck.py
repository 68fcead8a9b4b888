"""Which neurons are dead or saturated, and what is said of them."""

from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, Network
from model.explain.stuck import MOST_POINTS, can_get_stuck, stuck_units
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Unit

STUCK = {name: entry.stuck for name, entry in ACTIVATIONS.items() if entry.stuck}


def line(n_points=200, is_test=None):
    """Points along x1 from -1 to 1, none of them at 0."""
    points = np.stack([np.linspace(-1.0, 1.0, n_points), np.zeros(n_points)], axis=1)
    return Dataset(points, np.arange(n_points) % 2, is_test)


def neuron(activation, weight=0.0, bias=0.0, output="softmax"):
    """A network of one hidden neuron, whose pre-activation is weight x1 + bias."""
    network = Network([2, 1, 2], activation, output)
    network.set_parameters([[[weight], [0.0]], network.weights[1]], [[bias], network.biases[1]])
    return network


def test_the_field_s_own_words():
    assert STUCK["relu"] == "dead"
    assert STUCK["tanh"] == STUCK["sigmoid"] == "saturated"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_far_below_0_a_neuron_is_what_its_activation_says_and_near_0_it_is_not(name):
    found = stuck_units(neuron(name, bias=-60.0), line())

    assert {unit: stuck.word for unit, stuck in found.items()} == ({Unit(1, 0): STUCK[name]} if name in STUCK else {})
    assert stuck_units(neuron(name, bias=0.01), line()) == {}
    assert can_get_stuck(neuron(name)) == (name in STUCK)


@pytest.mark.parametrize("name", STUCK)
def test_it_is_stuck_where_the_slope_is_at_most_a_hundredth_of_the_largest(name):
    z = np.linspace(-20.0, 2.0, 2201)
    a, slope, wide = np.empty_like(z), np.empty_like(z), np.linspace(-20.0, 20.0, 40001)
    ACTIVATIONS[name].function(z, a)
    ACTIVATIONS[name].derivative(z, a, slope)
    largest = np.gradient(_values(name, wide), wide).max()
    border = z[np.flatnonzero(np.abs(slope) > 0.01 * largest)[0]]

    assert Unit(1, 0) in stuck_units(neuron(name, bias=border - 0.02), line(1))
    assert stuck_units(neuron(name, bias=border + 0.02), line(1)) == {}


def _values(name, z):
    a = np.empty_like(z)
    ACTIVATIONS[name].function(z, a)
    return a


@pytest.mark.parametrize(("n_points", "is_dead"), [(100, False), (101, True)])
def test_one_point_in_a_hundred_is_enough_to_learn_from(n_points, is_dead):
    dataset = line(n_points)
    last_alone = neuron("relu", weight=1.0, bias=-0.5 * (dataset.points[-1, 0] + dataset.points[-2, 0]))

    assert bool(stuck_units(last_alone, dataset)) == is_dead


@pytest.mark.parametrize(
    ("activation", "weight", "bias", "sentence"),
    [
        ("relu", 1.0, -2.0, "dead: its output is 0 for 100% of the training points, so it learns nothing"),
        ("relu", 1.0, -0.997, "dead: its output is 0 for 99.5% of the training points, so it learns next to nothing"),
        (
            "gelu",
            0.1,
            -4.0,
            "dead: its output is nearly 0 for 100% of the training points, so it learns next to nothing",
        ),
        (
            "tanh",
            0.1,
            6.0,
            "saturated: the slope of tanh is nearly 0 for 100% of the training points, so it learns next to nothing",
        ),
        (
            "sigmoid",
            0.1,
            -1000.0,
            "saturated: the slope of sigmoid is 0 for 100% of the training points, so it learns nothing",
        ),
    ],
)
def test_it_is_said_in_a_sentence(activation, weight, bias, sentence):
    assert stuck_units(neuron(activation, weight, bias), line())[Unit(1, 0)].sentence == sentence


def test_only_training_points_count():
    only_the_last_is_learned_from = line(is_test=np.arange(200) < 199)
    assert stuck_units(neuron("relu", 1.0, 0.0), only_the_last_is_learned_from) == {}
    assert Unit(1, 0) in stuck_units(neuron("relu", -1.0, 0.0), only_the_last_is_learned_from)


@pytest.mark.parametrize("dataset", [Dataset([], [], n_classes=2), line(is_test=np.ones(200, dtype=bool))])
def test_without_a_training_point_none_is(dataset):
    assert stuck_units(neuron("relu", 0.0, -1.0), dataset) == {}


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_an_output_that_is_sure_is_not(output):
    network = neuron("linear", output=output)
    network.weights[1][:], network.biases[1][:] = 0.0, [1000.0, -1000.0]
    assert stuck_units(network, line()) == {}


def test_a_muted_neuron_is_not():
    network = neuron("relu", 0.0, -1.0)
    muted = Network.from_settings(replace(network.settings, muted=frozenset({(1, 0)})), network.parameters)
    assert stuck_units(muted, line()) == {}


@pytest.mark.parametrize("bias", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_is_not(bias):
    assert stuck_units(neuron("tanh", 0.0, bias), line()) == {}


def test_of_many_points_a_sample_is_asked_that_is_always_the_same():
    dataset, network = line(100_000), neuron("relu", 1.0, -0.995)
    found = stuck_units(network, dataset)[Unit(1, 0)]

    assert found.sample_size == MOST_POINTS
    assert found.sentence == (
        "dead: its output is 0 for 99.7% of a sample of 2,000 of the training points, so it learns next to nothing"
    )
    assert stuck_units(network, dataset)[Unit(1, 0)] == found


def test_of_a_large_network_fewer_points_are_asked():
    network = Network([2, *[64] * 10, 2], "relu", seed=1)
    network.biases[0][3] = -1000.0
    found = stuck_units(network, line(100_000))[Unit(1, 3)]

    assert found.sample_size < 400
    assert stuck_units(network, line(300))[Unit(1, 3)].sample_size is None


def test_a_layer_behind_others_and_a_regression():
    network = Network([2, 3, 2, 1], ("tanh", "relu"), "linear", seed=1)
    network.biases[1][:] = [-100.0, 100.0]
    values = Dataset(line().points, line().points[:, 0], n_classes=0)
    assert list(stuck_units(network, values)) == [Unit(2, 0)]


def test_of_a_curve():
    network = Network([1, 3, 1], "relu", "linear", features=("x",))
    network.weights[0][:] = [[1.0, -1.0, 1.0]]
    network.biases[0][:] = [0.0, 0.0, -100.0]
    assert list(stuck_units(network, line().as_kind("curve"))) == [Unit(1, 2)]
