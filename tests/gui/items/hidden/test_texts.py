"""What is written of a hidden space."""

import numpy as np
import pytest

from gui.items.hidden.texts import shown_axes, station_text, variance_text
from model import Dataset, Network
from model.explain.hidden_space import hidden_space

POINTS = np.random.default_rng(0).normal(size=(30, 2))


def names_of(space, share):
    return tuple(axis.name for axis in shown_axes(space, share, Dataset([], [], n_classes=2)))


def space_of(sizes, layer, n_axes, features=None, bias="per_neuron"):
    network = Network([len(features or (1, 2)), *sizes, 2], "relu", seed=1, features=features, bias=bias)
    return hidden_space(network, layer, POINTS, n_axes=n_axes)


def test_axes_are_neurons_where_nothing_is_left_out():
    space = space_of((3, 2), 2, 3)
    assert names_of(space, 1.0) == ("h2.1", "h2.2", "")
    assert names_of(space, 0.5) == ("z of h2.1", "z of h2.2", "")
    assert names_of(space, 0.0) == ("h1.1", "h1.2", "h1.3")
    assert names_of(space, 0.3) == names_of(space, 0.9) == ("", "", "")
    assert names_of(space_of((3,), 1, 3), 0.0) == ("x₁", "x₂", "")
    assert names_of(space_of((3,), 1, 3, features=("x",)), 0.0) == ("x", "", "")
    assert variance_text(space) == ""


def test_components_say_their_share_of_the_variance():
    space = space_of((5, 4), 2, 2)
    for name, share in zip(names_of(space, 1.0), space.axes.shares, strict=True):
        assert float(name.split("·")[1].removesuffix("%")) == pytest.approx(100 * share, abs=0.5)
    assert names_of(space, 0.5) == ("along PC 1", "along PC 2")
    assert variance_text(space).endswith("% of the variance")
    assert "100" not in variance_text(space) or sum(space.axes.shares) > 1 - 1e-8


def test_on_the_way_it_is_said_what_is_done():
    said = [station_text(space_of((3, 2), 2, 2), share) for share in (0.0, 0.2, 0.5, 0.7, 1.0)]
    assert said == ["hidden 1", "z = W a + b", "sums z", "a = relu(z)", "hidden 2"]
    assert station_text(space_of((3,), 1, 2), 0.0) == "the plane"
    assert station_text(space_of((3,), 1, 2, features=("x",)), 0.0) == "the line"
    assert station_text(space_of((3,), 1, 2, bias="none"), 0.2) == "z = W x"
