"""Where on the plane the neurons of a layer switch."""

import numpy as np
import pytest

from model import Network
from model.explain.switching import sums_on_grid


def test_the_sums_are_those_of_the_network_at_each_crossing():
    network = Network([2, 4, 3, 2], "tanh", seed=3)
    x, y = np.linspace(-6.0, 2.0, 5), np.linspace(-1.0, 6.0, 7)
    for layer in (1, 2, 3):
        sums = sums_on_grid(network, layer, x, y)
        assert sums.shape == (network.settings.layer_sizes[layer], 7, 5)
        for row, column in ((0, 0), (6, 4), (2, 3)):
            here = network.pre_activations([[x[column], y[row]]])[layer - 1][0]
            assert sums[:, row, column] == pytest.approx(here, abs=1e-14)


@pytest.mark.parametrize("layer", [0, 4])
def test_there_must_be_such_a_layer(layer):
    with pytest.raises(ValueError, match="layer must be 1 to 3"):
        sums_on_grid(Network([2, 4, 3, 2]), layer, np.zeros(2), np.zeros(2))
