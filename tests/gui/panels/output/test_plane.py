import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QToolButton, QWidget

from gui import theme
from gui.items.plane_view import PlaneView
from gui.items.points_layer import value_colour
from gui.items.surface_item import STRENGTH
from gui.panels.output.panel import OutputPanel
from gui.theme import Scheme
from model import Dataset
from model.data.edits import ReplaceAll
from model.network.parts import Unit, bias_position

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, show):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    return show(OutputPanel(*parts), 420, 460)


@pytest.fixture
def view(panel):
    return panel.findChild(PlaneView, "output_view")


def colour_at(view, x, y):
    return view.viewport().grab().toImage().pixelColor(view.from_plane(QPointF(x, y)).toPoint())


def is_near(first, second, tolerance=3):
    return np.abs(theme.rgb_array(first) - theme.rgb_array(second)).max() <= tolerance


def certain(class_index):
    return theme.mixed(theme.current().panel, theme.current().classes[class_index], STRENGTH)


@pytest.fixture
def one_class_everywhere(document, answered):
    """Let the network be sure of a class, and take the points away."""

    def make(class_index):
        for index in range(3):
            bias = bias_position(document.network_settings, Unit(3, index))
            document.network.set_parameter(bias, 100.0 if index == class_index else -100.0)
        document.points.clear()
        answered(document)

    return make


class TestSurface:
    @pytest.mark.parametrize("class_index", [0, 2])
    @pytest.mark.parametrize("regions", [False, True])
    def test_has_the_colour_of_the_class(self, view, document, one_class_everywhere, class_index, regions):
        document.view.set(regions=regions)
        one_class_everywhere(class_index)
        for place in ((0.3, 0.3), (-5.5, 5.5), (5.5, -5.5)):
            assert is_near(colour_at(view, *place), certain(class_index))

    def test_the_boundary_is_drawn_where_the_answer_changes(self, view, document, answered):
        document.points.remove_class(2)
        document.points.clear()
        for _ in range(2):
            document.network.remove_layer()
        network = np.zeros(document.network_settings.n_parameters)
        network[0], network[1] = -20.0, 20.0  # Class B where x1 is above 0.
        for position, value in enumerate(network):
            document.network.set_parameter(position, value)
        answered(document)

        assert is_near(colour_at(view, -3.0, 1.0), certain(0))
        assert is_near(colour_at(view, 3.0, 1.0), certain(1))
        image = view.viewport().grab().toImage()
        row = view.from_plane(QPointF(0, 1)).toPoint().y()
        darkest = min(range(image.width() // 4, image.width() * 3 // 4), key=lambda x: image.pixelColor(x, row).value())
        assert darkest == pytest.approx(view.from_plane(QPointF(0, 1)).x(), abs=3)

    def test_follows_the_training(self, view, document, qtbot):
        first = view.viewport().grab().toImage()
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 500)
        assert view.viewport().grab().toImage() != first

    def test_probability_or_regions_is_chosen_by_buttons(self, panel, view, document, named, qtbot):
        blended = view.viewport().grab().toImage()
        button = named(panel, "Surface: Regions", QToolButton)
        qtbot.mouseClick(button, LEFT)
        assert document.view.settings.regions
        assert button.isChecked()
        assert view.viewport().grab().toImage() != blended
        qtbot.mouseClick(named(panel, "Surface: Probability", QToolButton), LEFT)
        assert not document.view.settings.regions
        assert view.viewport().grab().toImage() == blended

    def test_a_hovered_neuron_s_map_is_shown_large(self, panel, view, document, answered, one_class_everywhere, qtbot):
        one_class_everywhere(0)
        document.view.hover(
            Unit(0, 0)
        )  # x1 itself: from the negative colour at the left to the positive one at the right.
        qtbot.waitUntil(lambda: document.displayed.probe == (0, 0))
        colours = theme.current()
        assert is_near(colour_at(view, -5.9, 3.0), theme.mixed(colours.panel, colours.negative, STRENGTH), 8)
        assert is_near(colour_at(view, 5.9, 3.0), theme.mixed(colours.panel, colours.positive, STRENGTH), 8)
        legend = panel.grab().toImage()
        document.view.hover(None)
        assert is_near(colour_at(view, -5.9, 3.0), certain(0)), "at once, without waiting for another snapshot"
        assert panel.grab().toImage() != legend

    @pytest.mark.parametrize("unit", [Unit(1, 2), Unit(3, 1)])
    def test_any_neuron_s_map_is_shown(self, view, document, qtbot, unit):
        plain = view.viewport().grab().toImage()
        document.view.hover(unit)
        qtbot.waitUntil(lambda: document.displayed.probe == (unit.layer, unit.index))
        assert view.viewport().grab().toImage() != plain


@pytest.fixture
def rising_value(document, answered):
    """Let the network say x1 / 3, and take the points away."""
    document.points.generate(name="plane")
    for _ in range(2):
        document.network.remove_layer()
    weights = np.zeros(document.network_settings.n_parameters)
    weights[0] = 1 / 3
    for position, value in enumerate(weights):
        document.network.set_parameter(position, value)
    document.points.clear()
    answered(document)


def value_colour_at(value):
    colours = theme.current()
    return theme.mixed(colours.panel, colours.diverging_colour(value, 1.0), STRENGTH)


class TestValues:
    def test_the_surface_has_the_colour_of_the_value(self, view, rising_value):
        for x, value in ((-5.0, -1.0), (-1.1, -1.1 / 3), (1.1, 1.1 / 3), (5.0, 1.0)):
            assert is_near(colour_at(view, x, 2.0), value_colour_at(value), 8)

    def test_the_buttons_are_those_of_values(self, panel, view, document, rising_value, named, qtbot):
        assert not named(panel, "Surface: Regions", QToolButton).isVisible()
        view.clearFocus()  # It came here from a button that was hidden, and shows a pointer.
        smooth = view.viewport().grab().toImage()
        bands = named(panel, "Surface: Bands", QToolButton)
        qtbot.mouseClick(bands, LEFT)
        assert document.view.settings.regions
        assert bands.isChecked()
        assert is_near(colour_at(view, 1.7, 2.0), colour_at(view, 2.05, 2.0)), "both between 0.5 and 0.75"
        qtbot.mouseClick(named(panel, "Surface: Smooth", QToolButton), LEFT)
        assert view.viewport().grab().toImage() == smooth
        document.changes.undo_stack.setIndex(0)
        assert named(panel, "Surface: Regions", QToolButton).isVisible()
        assert not bands.isVisible()

    def test_the_line_of_0_is_the_strongest(self, view, rising_value):
        image = view.viewport().grab().toImage()
        row = view.from_plane(QPointF(0, 2)).toPoint().y()

        def darkness(x):
            centre = view.from_plane(QPointF(x, 2)).toPoint().x()
            return 255 - min(image.pixelColor(column, row).value() for column in range(centre - 3, centre + 4))

        assert darkness(0.0) > darkness(1.5) + 30 > darkness(1.85) + 60

    def test_classes_leave_no_contour_line_behind(self, view, document, rising_value, answered):
        document.points.set_kind("classes")
        answered(document)
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(position, 0.0)
        answered(document)
        image = view.viewport().grab().toImage()
        row = view.from_plane(QPointF(0, 2)).toPoint().y()
        columns = [view.from_plane(QPointF(x, 2)).toPoint().x() for x in (-5.0, 5.0)]
        assert len({image.pixel(column, row) for column in range(*columns)}) == 1

    def test_the_scale_is_explained(self, panel, rising_value, named):
        legend = named(panel, "Legend")
        image = legend.grab().toImage()
        colours = {image.pixelColor(x, 7).name() for x in range(image.width())}
        for value in (-1.0, 0.0, 1.0):
            assert any(is_near(QColor(colour), value_colour_at(value), 6) for colour in colours)
        assert any(is_near(image.pixelColor(x, 14), theme.current().muted, 40) for x in range(image.width())), "ticks"

    def test_the_output_s_map_is_the_surface_itself(self, panel, view, document, rising_value, qtbot):
        plain, legend = view.viewport().grab().toImage(), named_image(panel)
        document.view.hover(Unit(1, 0))
        qtbot.waitUntil(lambda: document.displayed.probe == (1, 0))
        assert view.viewport().grab().toImage() == plain
        assert named_image(panel) == legend
        document.view.hover(Unit(0, 1))
        qtbot.waitUntil(lambda: document.displayed.probe == (0, 1))
        assert view.viewport().grab().toImage() != plain
        assert named_image(panel) != legend

    def test_test_points_are_rings(self, view, document, rising_value):
        document.changes.edit_points("points", ReplaceAll(Dataset([[-3, 0], [3, 0]], [-1.0, 0.5], [False, True])))
        assert colour_at(view, -3.0, 0.0) == value_colour(-1.0, theme.current())
        assert colour_at(view, 3.0, 0.0) == theme.current().panel


def named_image(panel):
    (legend,) = [widget for widget in panel.findChildren(QWidget) if widget.accessibleName() == "Legend"]
    return legend.grab().toImage()


class TestPoints:
    def test_training_and_test_points_are_told_apart(self, view, document, one_class_everywhere):
        one_class_everywhere(1)
        document.changes.edit_points("points", ReplaceAll(Dataset([[-3, 0], [3, 0]], [0, 0], [False, True], 3)))
        assert colour_at(view, -3.0, 0.0) == theme.current().classes[0]
        assert colour_at(view, 3.0, 0.0) == theme.current().panel

    def test_test_points_on_and_off(self, panel, view, document, one_class_everywhere, qtbot):
        one_class_everywhere(1)
        document.changes.edit_points("points", ReplaceAll(Dataset([[3, 0]], [0], [True], 3)))
        box = panel.findChild(QCheckBox)
        assert box.isChecked()
        QTest.mouseClick(box, LEFT, pos=box.rect().center())
        assert not document.view.settings.show_test_points
        assert is_near(colour_at(view, 3.0, 0.0), certain(1))
        document.view.set(show_test_points=True)
        assert box.isChecked()

    def test_the_colours_are_explained(self, panel, document, named):
        legend = named(panel, "Legend")
        for n_classes in (3, 4, 8):
            while document.dataset.n_classes < n_classes:
                document.points.add_class()
            image = legend.grab().toImage()
            seen = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
            for index in range(n_classes):
                assert any(is_near(QColor(colour), theme.current().classes[index], 12) for colour in seen)

    def test_a_stroke_places_points_here_too(self, document, view, hand_on):
        hand_on(view).click(1.0, -2.0)
        np.testing.assert_allclose(document.dataset.points[-1], (1.0, -2.0), atol=0.03)
        document.view.set(tool="erase", brush_radius=0.3)
        hand_on(view).click(1.0, -2.0)
        assert len(document.dataset) == 240


def test_both_themes_are_painted(panel, view, one_class_everywhere):
    one_class_everywhere(0)
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            assert is_near(colour_at(view, 0.3, 0.3), certain(0))
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)


def test_zooming_computes_the_part_that_is_shown(view, document, answered, hand_on, qtbot):
    hand = hand_on(view)
    hand.wheel(hand.at(2.0, 2.0), 8)
    qtbot.waitUntil(lambda: document.displayed.surface.plane == view.plane)
    assert view.plane.x_max - view.plane.x_min < 5
