import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor

from gui import theme
from gui.items.surface_item import (
    LEVELS,
    STRENGTH,
    SurfaceItem,
    class_margins,
    drawn_once,
    level_lines,
    probability_image,
    surface_image,
    surface_lines,
    to_image,
    value_image,
)
from model.run.snapshot import Plane, Surface

LIGHT = theme.named("light")


@pytest.fixture(autouse=True)
def _application(qapp):
    pass


def colour(packed):
    return QColor.fromRgb(int(packed))


def full(class_index):
    """Return the colour of a class that is certain."""
    return theme.mixed(LIGHT.panel, LIGHT.classes[class_index], STRENGTH)


def distance(first, second):
    return np.abs(theme.rgb_array(first) - theme.rgb_array(second)).max()


def certain(classes, n_classes):
    """Return probabilities that are 1 for the class of each cell."""
    classes = np.asarray(classes)
    return (classes == np.arange(n_classes)[:, None, None]).astype(np.float32)


def halves(n=20):
    """Return the answer of two classes that change at x1 = 1, as a logistic function of it."""
    centres = -6 + (np.arange(n) + 0.5) * 12 / n
    p = 1 / (1 + np.exp(-(centres - 1.0)))
    second = np.tile(p, (n, 1))
    return np.stack([1 - second, second]).astype(np.float32)


class TestProbabilityImage:
    @pytest.mark.parametrize("regions", [False, True])
    @pytest.mark.parametrize("n_classes", [2, 3, 8])
    def test_a_certain_answer_has_the_colour_of_its_class(self, regions, n_classes):
        image = probability_image(certain([[0, 1], [1, n_classes - 1]], n_classes), LIGHT, regions=regions)
        for row, column, class_index in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, n_classes - 1)):
            assert distance(colour(image[row, column]), full(class_index)) <= 1

    def test_where_the_network_is_undecided_the_panel_shows(self):
        image = probability_image(np.full((4, 2, 2), 0.25, dtype=np.float32), LIGHT, regions=False)
        assert distance(colour(image[0, 0]), LIGHT.panel) <= 1

    def test_regions_show_the_likeliest_class_alone(self):
        p = np.array([0.4, 0.35, 0.25], dtype=np.float32)[:, None, None]
        region, blended = (probability_image(p, LIGHT, regions=regions) for regions in (True, False))
        assert distance(colour(region[0, 0]), full(0)) < 15
        assert distance(colour(blended[0, 0]), full(0)) > 30

    def test_what_is_not_finite_has_some_colour(self):
        p = np.full((2, 3, 3), np.nan, dtype=np.float32)
        for regions in (False, True):
            assert (probability_image(p, LIGHT, regions=regions) >= 0xFF000000).all()


class TestBoundary:
    def test_lies_where_two_classes_are_equally_likely(self):
        (line,) = surface_lines(Surface(Plane(), halves(), None, None))
        np.testing.assert_allclose(line[:, 0], 1.0, atol=0.05)
        assert line[:, 1].min() < -5
        assert line[:, 1].max() > 5

    def test_is_in_units_of_the_plane_that_is_shown(self):
        zoomed = Plane(-1.0, 1.0, 10.0, 12.0)
        (line,) = surface_lines(Surface(zoomed, halves(), None, None))
        np.testing.assert_allclose(line[:, 0], 1 / 6, atol=0.01)
        assert line[:, 1].min() > 10

    def test_of_three_classes_meets_in_the_middle(self):
        centres = np.linspace(-5.9, 5.9, 60)
        x, y = np.meshgrid(centres, centres)
        angle = 2 * np.pi * np.arange(3)[:, None, None] / 3
        z = x * np.cos(angle) + y * np.sin(angle)
        p = np.exp(z) / np.exp(z).sum(axis=0)
        vertices = np.concatenate(surface_lines(Surface(Plane(), p.astype(np.float32), None, None)))
        directions = np.degrees(np.arctan2(vertices[:, 1], vertices[:, 0]))[np.hypot(*vertices.T) > 2]
        nearest = np.abs(directions[:, None] - [60.0, 180.0, -60.0, -180.0]).min(axis=1)
        assert nearest.max() < 5
        assert {round(direction / 60) % 6 for direction in directions} == {1, 3, 5}

    @pytest.mark.parametrize("p", [np.nan, 1.0])
    def test_there_is_none_in_one_class_or_without_numbers(self, p):
        assert surface_lines(Surface(Plane(), np.stack([np.full((5, 5), p), np.zeros((5, 5))]), None, None)) == []

    def test_margins_are_the_lead_over_the_best_of_the_others(self):
        p = np.random.default_rng(0).dirichlet([1, 1, 1, 1], (5, 6)).transpose(2, 0, 1)
        for index, margin in enumerate(class_margins(p)):
            others = np.delete(p, index, axis=0).max(axis=0)
            np.testing.assert_allclose(margin, np.log(p[index] / others))

    @pytest.mark.parametrize("steepness", [1.0, 10.0, 40.0])
    def test_is_straight_where_the_network_is_sure_of_itself(self, steepness):
        centres = np.linspace(-5.9, 5.9, 60)
        x, y = np.meshgrid(centres, centres)
        second = 1 / (1 + np.exp(-steepness * (y - 0.3 * x)))
        (line,) = surface_lines(Surface(Plane(), np.stack([1 - second, second]).astype(np.float32), None, None))
        # The samples are 0.2 apart.
        assert np.abs(line[:, 1] - 0.3 * line[:, 0]).max() < 0.03


def slope(n=60):
    """Return values that rise with x1, one for six units."""
    centres = -6 + (np.arange(n) + 0.5) * 12 / n
    return Surface(Plane(), None, np.tile(centres / 6, (n, 1)).astype(np.float32), None)


class TestValues:
    def test_the_line_of_0_is_apart_from_the_others(self):
        (zero,) = surface_lines(slope())
        np.testing.assert_allclose(zero[:, 0], 0.0, atol=1e-3)
        others = sorted(float(line[:, 0].mean()) for line in level_lines(slope()))
        # Those of -1 and 1 are at the edge, where there are no samples.
        np.testing.assert_allclose(others, [6 * level for level in LEVELS if level != 0 and abs(level) < 1], atol=1e-3)

    def test_classes_have_no_level_lines(self):
        assert level_lines(Surface(Plane(), halves(), None, None)) == []

    @pytest.mark.parametrize("value", [np.nan, np.inf, 0.1])
    def test_there_are_none_without_numbers_or_in_a_flat_answer(self, value):
        flat = Surface(Plane(), None, np.full((5, 5), value), None)
        assert surface_lines(flat) == level_lines(flat) == []

    @pytest.mark.parametrize("bands", [False, True])
    def test_the_ends_have_the_ends_colours(self, bands):
        values = np.array([[-1.0, 1.0], [-7.0, 7.0]])
        image, colours = value_image(values, LIGHT, bands=bands), LIGHT
        for column, end in ((0, colours.negative), (1, colours.positive)):
            full = theme.mixed(colours.panel, end, STRENGTH)
            assert distance(colour(image[1, column]), full) <= (25 if bands else 2)
            assert bands or image[0, column] == image[1, column]

    @pytest.mark.parametrize("bands", [False, True])
    def test_far_beyond_the_ends_are_the_ends_colours_and_the_lines_between(self, bands):
        huge = np.linspace(-3e38, 3e38, 20, dtype=np.float32) * np.ones((20, 1), dtype=np.float32)
        surface = Surface(Plane(), None, huge, None)
        image = surface_image(surface, LIGHT, regions=bands)
        ends = value_image(np.array([[-2.0, 2.0]]), LIGHT, bands=bands)

        assert [image[0, 0], image[0, -1]] == ends.tolist()[0]
        assert len(surface_lines(surface)) == 1
        assert np.abs(surface_lines(surface)[0][:, 0]).max() < 0.5

    def test_bands_have_one_colour_between_two_levels(self):
        values = np.linspace(-0.999, 0.999, 800)[np.newaxis]
        assert len(np.unique(value_image(values, LIGHT, bands=True))) == len(LEVELS) - 1
        assert len(np.unique(value_image(values, LIGHT, bands=False))) > 100


def test_an_image_shows_the_array():
    colours = (np.arange(6, dtype=np.uint32).reshape(2, 3) * 1000) | np.uint32(0xFF000000)
    image = to_image(colours)
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixel(2, 1) == colours[1, 2]


def test_the_lowest_row_is_drawn_at_the_foot(keep_plot):
    view = keep_plot(pg.PlotWidget())
    view.resize(240, 240)
    view.setRange(xRange=(-6, 6), yRange=(-6, 6), padding=0)
    for axis in ("left", "bottom"):
        view.hideAxis(axis)
    item = SurfaceItem()
    view.addItem(item)
    item.show_colours(probability_image(certain([[0, 0], [1, 2]], 3), LIGHT, regions=False), Plane())
    image = view.grab().toImage()

    assert distance(image.pixelColor(60, 200), full(0)) <= 1
    assert distance(image.pixelColor(40, 40), full(1)) <= 1
    assert distance(image.pixelColor(200, 40), full(2)) <= 1
    item.show_colours(probability_image(certain([[1]], 2), LIGHT, regions=False), Plane(-6.0, 0.0, -6.0, 0.0))
    image = view.grab().toImage()
    assert distance(image.pixelColor(60, 200), full(1)) <= 1
    assert image.pixelColor(200, 40) != full(2), "only its part of the plane is covered"


class TestDrawnOnce:
    def segments(self, lines):
        """Return the places of the middles of all pieces that are drawn."""
        pieces = np.concatenate([(line[1:] + line[:-1]) / 2 for line in lines])
        return [tuple(place) for place in np.round(pieces[np.isfinite(pieces).all(axis=1)], 5).tolist()]

    def test_between_each_two_of_three_classes_is_one_line(self):
        axis = np.linspace(-1, 1, 60)
        x, y = np.meshgrid(axis, axis)
        scores = np.stack([x + 0.13 * y**2, -0.4 * x + y, -0.7 * x - 0.9 * y])
        p = np.exp(2 * scores) / np.exp(2 * scores).sum(axis=0)
        lines = surface_lines(Surface(Plane(), p.astype(np.float32), None, None))
        before, after = self.segments(lines), self.segments(drawn_once(lines))
        assert len(before) > len(set(before)) + 20, "two classes have a line of their own in the same place"
        assert set(after) == set(before), "nothing is lost"
        assert len(after) <= len(set(after)) + len(lines)

    def test_lines_apart_from_each_other_stay_as_they_are(self):
        lines = [np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 1.0]]), np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]])]
        for line, shown in zip(lines, drawn_once(lines), strict=True):
            np.testing.assert_array_equal(shown, line)
        assert drawn_once([]) == []
