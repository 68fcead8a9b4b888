"""What is drawn of a hidden space."""

import numpy as np
import pytest

from gui.items.hidden.moment import hidden_moment
from gui.theme import named
from model import Dataset, Network

POINTS = np.random.default_rng(0).normal(size=(30, 2))


@pytest.mark.parametrize("weight", [1e30, 1e60, 1e200])
@pytest.mark.parametrize(("output", "n_outputs"), [("linear", 1), ("softmax", 2)])
def test_an_answer_of_any_size_colours_the_sheet(weight, output, n_outputs):
    network = Network([2, 3, n_outputs], "tanh", output, seed=0)
    network.set_parameters([*network.weights[:-1], network.weights[-1] * weight], network.biases)
    dataset = Dataset(POINTS, np.zeros(30, dtype=int), None, 2)
    moment = hidden_moment(network, dataset, 1, 2, named("light"), regression=n_outputs == 1, regions=False)
    assert len(np.unique(moment.colours)) > 1
