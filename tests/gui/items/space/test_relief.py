from dataclasses import replace

import numpy as np
import pytest

from gui.document.looks import ANSWER_HEIGHTS
from gui.items.space.build import relief_of
from gui.items.space.camera import HALF_HEIGHT
from gui.items.space.relief import Look
from gui.items.space.shown import PreActivation, height_at, heights_of, shown_of
from gui.theme import named
from model import Dataset, Network
from model.data.dataset import CLASS_LETTERS
from model.data.generators import GeneratorSettings, generate
from model.network.activations import ACTIVATIONS
from model.network.parts import Edge, Unit
from model.run.run import Run
from model.run.snapshot import Plane, SnapshotMaker
from model.training.settings import first_setup
from tests.gui.items.space.moments import snapshot_of
from tests.seeds import gaussians, softmax_regression

pytestmark = pytest.mark.usefixtures("qapp")


def value_snapshot(scale):
    """Return the snapshot of a network whose value is `scale` everywhere."""
    dataset = generate(GeneratorSettings(name="plane"))
    moment = Run(first_setup(dataset)).moment()
    parameters = np.zeros_like(moment.checkpoint.parameters)
    parameters[-1] = scale
    moment = replace(moment, checkpoint=replace(moment.checkpoint, parameters=parameters))
    return SnapshotMaker(40, 60).make(0, moment)


def relief(snapshot, shown="likeliest", **options):
    return relief_of(snapshot, shown, named("light"), Look(**options))


class TestHeights:
    @pytest.mark.parametrize("shown", ["likeliest", "each", 0, 1, 2])
    def test_points_of_a_class_are_as_high_as_the_network_says(self, shown):
        network, dataset = softmax_regression("final"), gaussians()
        probabilities = network.predict(dataset.points)
        expected = {
            "likeliest": probabilities.max(axis=1),
            "each": probabilities[np.arange(len(dataset)), dataset.labels],
        }.get(shown, probabilities[:, shown] if isinstance(shown, int) else None)
        assert heights_of(network, dataset, shown) == pytest.approx(expected, abs=1e-12)
        for row in (0, 5, len(dataset) - 1):
            x, y = dataset.points[row].tolist()
            assert height_at(network, (x, y), int(dataset.labels[row]), shown) == pytest.approx(
                expected[row], abs=1e-12
            )

    @pytest.mark.parametrize("shown", ["each", "likeliest", 0])
    def test_a_point_of_a_class_that_the_network_does_not_have_yet_is_at_no_wrong_height(self, shown):
        network, dataset = Network([2, 3, 2], seed=0), Dataset([[0.0, 1.0], [1.0, 2.0]], [1, 2], None, 3)
        heights = heights_of(network, dataset, shown)
        assert np.isnan(heights).tolist() == [False, shown == "each"]
        assert np.isfinite(height_at(network, (1.0, 2.0), 2, shown)).all()

    def test_points_of_a_value_have_their_target_s_height_and_a_bare_place_that_of_the_surface(self):
        snapshot = value_snapshot(0.3)
        dataset = snapshot.moment.dataset
        assert np.array_equal(heights_of(snapshot.network, dataset, "likeliest"), dataset.labels)
        assert height_at(snapshot.network, (1.0, 2.0), 0.9, "likeliest") == pytest.approx(0.3)

    def test_a_neuron_s_points_lie_on_its_activation(self):
        dataset = gaussians()
        network = Network([2, 4, 3], seed=1)
        heights = heights_of(network, dataset, Unit(1, 2))
        assert heights == pytest.approx(network.layer_outputs(dataset.points)[1][:, 2], abs=1e-12)
        assert height_at(network, tuple(dataset.points[3].tolist()), 0, Unit(1, 2)) == pytest.approx(heights[3])

    @pytest.mark.parametrize("unit", [(1, 2), (2, 0)])
    def test_pre_activations_are_those_of_the_network(self, unit):
        dataset, network = gaussians(), Network([2, 4, 3], seed=1)
        shown, sums = PreActivation(*unit), network.pre_activations(dataset.points)[unit[0] - 1][:, unit[1]]
        assert heights_of(network, dataset, shown) == pytest.approx(sums, abs=1e-12)
        assert height_at(network, tuple(dataset.points[3].tolist()), 0, shown) == pytest.approx(sums[3], abs=1e-12)
        found = relief(snapshot_of(network, dataset), shown)
        (field,) = found.sheets[0].fields
        centres = (np.arange(40) + 0.5) / 40 * 12 - 6
        points = np.stack([np.tile(centres, 40), np.repeat(centres, 40)], axis=1)
        expected = network.pre_activations(points)[unit[0] - 1][:, unit[1]].reshape(40, 40)
        assert field == pytest.approx(expected, rel=1e-4, abs=1e-4)
        assert found.low == -found.high <= field.min()
        assert found.name == {(1, 2): "z of h1.3", (2, 0): "z of A"}[unit]

    def test_a_neuron_that_is_not_under_the_mouse_has_its_map(self):
        snapshot = snapshot_of(Network([2, 4, 3], seed=1), gaussians())
        found = relief(snapshot, Unit(1, 2))
        assert np.array_equal(found.sheets[0].heights, snapshot.unit_maps[1][2])

    def test_without_points_there_are_no_heights(self):
        empty = Dataset(np.empty((0, 2)), [], None, 3)
        for shown in ("likeliest", "each", 1, Unit(1, 0), PreActivation(1, 0)):
            assert heights_of(Network([2, 2, 3]), empty, shown).shape == (0,)


class TestRelief:
    @pytest.mark.parametrize(
        ("shown", "n_sheets", "name"), [("likeliest", 1, "probability"), (1, 1, "P(B)"), ("each", 3, "probability")]
    )
    def test_the_sheets_are_the_surface_s_own_numbers(self, shown, n_sheets, name):
        snapshot = snapshot_of(softmax_regression("final"), gaussians())
        found = relief(snapshot, shown)
        assert (found.low, found.high, found.name, len(found.sheets)) == (0.0, 1.0, name, n_sheets)
        probabilities = snapshot.surface.probabilities
        expected = {"likeliest": [probabilities.max(axis=0)], "each": probabilities}.get(shown, [probabilities[1]])
        for sheet, heights in zip(found.sheets, expected, strict=True):
            assert np.array_equal(sheet.heights, heights)

    def test_several_surfaces_are_told_apart_by_their_classes_colours(self):
        found = relief(snapshot_of(softmax_regression("final"), gaussians()), "each")
        colours = {int(sheet.colours[0, 0]) for sheet in found.sheets}
        assert len(colours) == 3
        assert all(len(np.unique(sheet.colours)) == 1 for sheet in found.sheets)

    @pytest.mark.parametrize(("value", "limit"), [(0.0, 1.0), (0.4, 1.0), (2.6, 3.0), (-1e6, 1e6), (3e30, 3e30)])
    def test_constant_and_huge_values_are_within_a_round_scale(self, value, limit):
        found = relief(value_snapshot(value))
        assert (found.low, found.high) == pytest.approx((-limit, limit))
        share = (value / limit) * HALF_HEIGHT
        assert found.in_box(found.sheets[0].heights) == pytest.approx(share, rel=1e-4, abs=1e-6)

    def test_of_values_that_are_not_finite_there_is_no_sheet_and_the_scale_is_finite(self):
        found = relief(value_snapshot(1e300))
        assert found.sheets == ()
        assert (found.low, found.high) == (-1.0, 1.0)

    def test_where_a_place_is_in_the_box_and_back(self):
        found = replace(relief(value_snapshot(0.0)), plane=Plane(-2, 4, 0, 8))
        places = np.array([[-2.0, 0.0], [4.0, 8.0], [1.0, 2.0]])
        ground = found.on_ground(places)
        assert ground == pytest.approx(np.array([[-1, -1], [1, 1], [0, -0.5]]))
        assert np.array([found.on_plane(x, y) for x, y in ground.tolist()]) == pytest.approx(places)

    @pytest.mark.parametrize("activation", list(ACTIVATIONS))
    def test_every_activation_fits_between_bottom_and_top(self, activation):
        network = Network([2, 3, 3], hidden_activation=activation, seed=2)
        network.parameters[:] *= 4
        snapshot = snapshot_of(network, gaussians(), probe=(1, 0))
        found = relief(snapshot, Unit(1, 0))
        heights = found.sheets[0].heights
        assert found.low <= heights.min()
        assert heights.max() <= found.high
        assert found.name == "h1.1"
        assert found.low in (0.0, -found.high)

    def test_a_dead_layer_is_even_and_on_the_ground(self):
        network = Network([2, 3, 3], hidden_activation="relu", seed=2)
        network.biases[0][:] = -1000.0
        found = relief(snapshot_of(network, gaussians(), probe=(1, 0)), Unit(1, 0))
        assert found.in_box(found.sheets[0].heights) == pytest.approx(-HALF_HEIGHT)
        assert np.isfinite([found.low, found.high]).all()
        assert found.low < found.high


class TestShown:
    def test_a_class_that_there_is_not_is_taken_as_the_likeliest(self):
        snapshot = snapshot_of(softmax_regression("final"), gaussians())
        found = [shown_of(snapshot, height) for height in ANSWER_HEIGHTS]
        assert found == ["likeliest", "each", 0, 1, 2, *["likeliest"] * (len(CLASS_LETTERS) - 3)]

    @pytest.mark.parametrize(
        ("height", "selected", "expected"),
        [
            ("neuron_a", Unit(1, 2), Unit(1, 2)),
            ("neuron_z", Unit(1, 2), PreActivation(1, 2)),
            ("neuron_a", Unit(0, 1), Unit(0, 1)),
            ("neuron_z", Unit(0, 1), "likeliest"),
            ("neuron_z", Unit(1, 9), "likeliest"),
            ("neuron_a", Edge(0, 0, 0), "likeliest"),
            ("neuron_a", None, "likeliest"),
            ("each", Unit(1, 2), "each"),
        ],
    )
    def test_the_selected_neuron_is_meant_where_there_is_one(self, height, selected, expected):
        assert shown_of(snapshot_of(Network([2, 4, 3]), gaussians()), height, selected) == expected

    def test_a_neuron_under_the_mouse_comes_first_as_soon_as_its_map_is_there(self):
        snapshot = snapshot_of(Network([2, 4, 3]), gaussians(), probe=(1, 2))
        assert shown_of(snapshot, "likeliest", None, Unit(1, 2)) == Unit(1, 2)
        assert shown_of(snapshot, "each", None, Unit(1, 0)) == "each"
