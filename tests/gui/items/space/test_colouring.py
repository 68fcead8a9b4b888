import numpy as np
import pytest
from PySide6.QtGui import QColor

from gui.items.space.build import relief_of
from gui.items.space.colouring import blended, height_colours, nearest_labels
from gui.items.space.relief import Look
from gui.items.space.shown import MOST_NEURONS, Several, shown_of
from gui.items.surface_item import faded
from gui.theme import named
from model import Dataset, Network
from model.data.generators import GeneratorSettings, generate
from model.network.parts import Unit
from model.run.snapshot import Plane
from tests.gui.items.space.moments import snapshot_of
from tests.seeds import circle, gaussians, sigmoid_network

pytestmark = pytest.mark.usefixtures("qapp")

LAYER = Several(tuple(Unit(1, index) for index in range(3)))


def test_heights_have_the_diverging_colours_from_the_bottom_to_the_top():
    theme = named("light")
    low, middle, high = height_colours(np.array([2.0, 3.0, 4.0]), 2.0, 4.0, theme).tolist()
    assert (low, middle, high) == tuple(int(theme.diverging[place]) for place in (0, 127, 254))


@pytest.mark.parametrize("plane", [Plane(), Plane(-10, 10, -10, 10), Plane(-1, 3, -2, 2)])
@pytest.mark.parametrize("n_points", [1, 2, 40, 3000])
def test_the_nearest_point_is_found_up_to_a_cell(plane, n_points):
    rng = np.random.default_rng(n_points)
    points, labels = rng.uniform(-6, 6, (n_points, 2)), rng.integers(0, 5, n_points)
    points[0] = (0.5, 0.5)
    found = nearest_labels(Dataset(points, labels, None, 5), plane)
    side = (plane.x_max - plane.x_min) / 60
    inside = (np.abs(points - (plane.x_min + 30 * side, plane.y_min + 30 * side)) < 30 * side).all(axis=1)
    for row, column in rng.integers(0, 60, (80, 2)).tolist():
        place = (plane.x_min + (column + 0.5) * side, plane.y_min + (row + 0.5) * side)
        distances = np.hypot(*(points[inside] - place).T)
        near = labels[inside][distances <= distances.min() + 1.5 * side]
        assert found[row, column] in near


def test_without_a_point_on_the_plane_there_is_no_nearest_one_and_colours_stay():
    empty = Dataset(np.empty((0, 2)), [], None, 2)
    assert nearest_labels(empty, Plane()) is None
    snapshot, theme = snapshot_of(sigmoid_network(), empty), named("light")
    own, by_class = (relief_of(snapshot, 1, theme, Look(colouring=one)) for one in ("own", "class"))
    assert np.array_equal(own.sheets[0].colours, by_class.sheets[0].colours)


def test_by_class_a_surface_has_the_colours_of_the_seed_s_disk_and_circle():
    snapshot, theme = snapshot_of(sigmoid_network(), circle()), named("light")
    found = relief_of(snapshot, LAYER, theme, Look(colouring="class"))
    blue, orange = (int(faded(np.array([[colour.rgb()]], np.uint32), theme)[0, 0]) for colour in theme.classes[:2])
    for sheet in found.sheets:
        n = len(sheet.colours)
        cell = [round((x + 6) / 12 * n) for x in (0.0, 5.0)]
        assert sheet.colours[cell[0], cell[0]] == orange
        assert sheet.colours[cell[0], cell[1]] == sheet.colours[cell[1], cell[0]] == blue


def test_by_height_one_scale_is_for_all_surfaces():
    snapshot, theme = snapshot_of(sigmoid_network(), circle()), named("light")
    found = relief_of(snapshot, LAYER, theme, Look(colouring="height"))
    assert found.is_coloured_by_height
    for sheet in found.sheets:
        expected = faded(height_colours(sheet.heights, found.low, found.high, theme), theme)
        assert np.array_equal(sheet.colours, expected)


def test_several_neurons_have_a_colour_and_a_name_each():
    found = relief_of(snapshot_of(sigmoid_network(), circle()), LAYER, named("light"))
    assert [sheet.name for sheet in found.sheets] == ["h1.1", "h1.2", "h1.3"]
    assert len({int(sheet.colours[0, 0]) for sheet in found.sheets}) == 3
    assert all(len(np.unique(sheet.colours)) == 1 for sheet in found.sheets)
    assert 0.0 < found.opacity < 1.0


def test_values_of_the_nearest_point_colour_a_regression():
    dataset = generate(GeneratorSettings(name="plane"))
    snapshot = snapshot_of(Network([2, 3, 1], output_activation="linear"), dataset)
    found = relief_of(snapshot, "likeliest", named("light"), Look(colouring="class"))
    assert len(np.unique(found.sheets[0].colours)) > 20


@pytest.mark.parametrize("size", [1, 3, 12])
def test_a_layer_is_shown_up_to_eight_neurons(size):
    snapshot = snapshot_of(Network([2, size, 3]), gaussians())
    for height in ("layer_a", "layer_z"):
        shown = shown_of(snapshot, height, Unit(1, 0))
        assert len(shown.parts) == min(size, MOST_NEURONS)
        assert len(relief_of(snapshot, shown, named("light")).sheets) == min(size, MOST_NEURONS)


def test_blended_colours_are_between_both():
    colours = np.array([0xFF000000, 0xFFFFFFFF, 0xFF204060], dtype=np.uint32)
    assert blended(colours, QColor("#ffffff"), 0.5).tolist() == [0xFF808080, 0xFFFFFFFF, 0xFF90A0B0]
    assert blended(colours, QColor("#123456"), 0.0).tolist() == colours.tolist()
