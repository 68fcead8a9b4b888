"""The figures of seeds 000 and 003 that are in three dimensions, or in slices: their heights at chosen places."""

import numpy as np
import pytest

from gui.items.space.build import relief_of
from gui.items.space.relief import Look
from gui.items.space.shown import PreActivation, Several, heights_of, shown_of, surfaces_at
from gui.theme import named
from model import Dataset, Network
from model.network.parts import Unit
from tests.gui.items.space.moments import snapshot_of
from tests.seeds import CIRCLE, circle, expit, sigmoid_network

pytestmark = pytest.mark.usefixtures("qapp")

PARAMETERS = CIRCLE["parameters"]


def of_seed_003(x1, x2):
    """Return z and a of the three neurons and of the output, each of shape (4, n), as the text computes them."""
    (w, out), (b, b_out) = (list(map(np.array, PARAMETERS[name])) for name in ("weights", "biases"))
    z = np.array([w[0, i] * x1 + w[1, i] * x2 + b[i] for i in range(3)])
    a = expit(z)
    z_out = out[:, 0] @ a + b_out[0]
    return np.vstack([z, z_out]), np.vstack([a, expit(z_out)])


def chosen_places(reach):
    rng = np.random.default_rng(3)
    return np.vstack([rng.uniform(-reach, reach, (60, 2)), [[0.0, 0.0], [-reach, reach], [reach, reach]]])


class TestSeed000:
    @pytest.mark.parametrize("reach", [6.0, 10.0])
    def test_softmax_of_two_inputs_is_the_surface_of_its_figure(self, reach):
        network = Network([2, 2])
        network.set_parameters([np.eye(2)], [np.zeros(2)])
        places = chosen_places(reach)
        powers = np.exp(places)
        expected = powers[:, 0] / powers.sum(axis=1)
        snapshot = snapshot_of(network, Dataset(np.empty((0, 2)), [], None, 2), reach=reach)
        shown = shown_of(snapshot, "A")
        assert surfaces_at(network, places, shown, regression=False)[0] == pytest.approx(expected, abs=1e-9)
        (sheet,) = relief_of(snapshot, shown, named("light")).sheets
        centres = ((np.arange(60) + 0.5) / 30 - 1) * reach
        x1, x2 = np.meshgrid(centres, centres)
        assert sheet.heights == pytest.approx(expit(x1 - x2), abs=1e-6), "The picture's numbers are single."


class TestSeed003:
    @pytest.mark.parametrize("index", range(4))
    def test_points_lie_at_the_height_of_z_and_a_of_each_neuron(self, index):
        x1, x2 = np.array(CIRCLE["points"]).T
        unit = Unit(1, index) if index < 3 else Unit(2, 0)
        network, dataset = sigmoid_network(), circle()
        for shown, numbers in zip((PreActivation(unit.layer, unit.index), unit), of_seed_003(x1, x2), strict=True):
            assert heights_of(network, dataset, shown) == pytest.approx(numbers[index], abs=1e-9)
        both = shown_of(snapshot_of(network, dataset), "neuron_za", unit)
        expected = [numbers[index] for numbers in of_seed_003(x1, x2)]
        assert heights_of(network, dataset, both) == pytest.approx(np.array(expected), abs=1e-9)

    @pytest.mark.parametrize("height", ["layer_z", "layer_a"])
    @pytest.mark.parametrize("reach", [6.0, 10.0])
    def test_the_three_surfaces_of_the_layer_lie_over_each_other(self, height, reach):
        network, places = sigmoid_network(), chosen_places(reach)
        snapshot = snapshot_of(network, circle(), reach=reach)
        shown, which = shown_of(snapshot, height, Unit(1, 2)), int(height == "layer_a")
        assert isinstance(shown, Several)
        found = surfaces_at(network, places, shown, regression=False)
        assert found == pytest.approx(of_seed_003(*places.T)[which][:3], abs=1e-9)
        relief = relief_of(snapshot, shown, named("light"))
        for sheet, (place, neuron) in zip(relief.sheets, enumerate(shown.parts), strict=True):
            n = len(sheet.heights)
            centres = ((np.arange(n) + 0.5) * 2 / n - 1) * reach
            x1, x2 = np.meshgrid(centres, centres)
            expected = of_seed_003(x1.ravel(), x2.ravel())[which][place].reshape(n, n)
            assert sheet.heights == pytest.approx(expected, rel=1e-4, abs=1e-4), neuron

    @pytest.mark.parametrize("x2", [[0.0], [0.0, -1.0, -10.0], [10.0, 5.0, 0.0, -1.0, -5.0, -10.0], range(-50, 50, 5)])
    def test_slices_build_the_surface_of_the_output_up(self, x2):
        reach = max(10.0, *(abs(one) for one in x2)) if len(x2) > 1 else 50.0
        look = Look(slices=tuple(map(float, x2)), surface=False)
        found = relief_of(snapshot_of(sigmoid_network(), circle(), reach=reach), 1, named("light"), look)
        assert [one.x2 for one in found.slices] == [float(one) for one in x2]
        assert found.opacity == 0.0
        for one in found.slices:
            assert one.heights == pytest.approx(of_seed_003(*one.places.T)[1][3], abs=1e-9)
