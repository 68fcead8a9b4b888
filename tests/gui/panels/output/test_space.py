import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QToolButton

from gui import theme
from gui.document.looks import HEIGHTS
from gui.document.view import known_view
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera, Projection
from gui.items.space.controls import SpaceControls
from gui.items.space.output import SpaceOutput
from gui.items.space.shown import heights_of
from gui.panels.output.panel import OutputPanel
from gui.theme import Scheme
from model import Dataset
from model.data.edits import ReplaceAll
from model.network.parts import Unit, bias_position
from model.run.snapshot import Plane

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(document, show):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    return show(OutputPanel(*parts), 520, 520)


@pytest.fixture
def space(panel, document, named, answered, qtbot):
    """The output after a click on 3D."""
    qtbot.mouseClick(named(panel, "Dimensions: 3D", QToolButton), LEFT)
    view = panel.findChild(SpaceOutput, "output_space")
    qtbot.waitUntil(view.isVisible)
    # An answer may still be on its way, for the part of the plane that the canvas has shown before.
    answered(document)
    document.view.look_at(Plane())
    qtbot.waitUntil(lambda: document.displayed.surface.plane == Plane())
    view.grab()
    return view


@pytest.fixture
def certain_of(document, answered):
    """Let the network be sure of a class, and take the points away."""

    def make(class_index):
        for index in range(3):
            bias = bias_position(document.network_settings, Unit(3, index))
            document.network.set_parameter(bias, 100.0 if index == class_index else -100.0)
        document.points.clear()
        answered(document)

    return make


def pixel_of(view, document, place, height, shown="likeliest"):
    """Return the pixel at which a place of the plane is, at a height."""
    relief = relief_of(document.displayed, shown, theme.current())
    ground = relief.on_ground(np.array([place]))[0]
    projection = Projection.fitting(view.camera, view.plot)
    x, y, _ = projection.seen(np.array([[*ground, float(relief.in_box(np.array([height]))[0])]]))[0]
    return QPoint(round(x), round(y))


def hue(view, pixel):
    return view.grab().toImage().pixelColor(pixel).hue()


def is_like(first, second):
    return abs((first - second + 180) % 360 - 180) < 12


class TestToggle:
    def test_a_button_shows_the_surface_and_another_the_plane_again(self, panel, document, space, named, qtbot):
        assert document.view.settings.in_space
        assert space.isVisible()
        assert not panel.canvas.isVisible()
        qtbot.mouseClick(named(panel, "Dimensions: 2D", QToolButton), LEFT)
        assert not document.view.settings.in_space
        assert panel.canvas.isVisible()
        assert not space.isVisible()

    def test_all_of_the_plane_is_shown_and_the_part_that_was_zoomed_to_afterwards(
        self, panel, document, answered, qtbot
    ):
        panel.canvas.zoom(0.5)
        document.view.set(in_space=True)
        qtbot.waitUntil(lambda: document.displayed.surface.plane == Plane())
        document.view.set(in_space=False)
        qtbot.waitUntil(lambda: document.displayed.surface.plane == panel.canvas.plane)
        assert panel.canvas.plane.x_max < 5

    def test_the_experiment_remembers_it(self):
        assert known_view({"in_space": True, "height": "B"}) == {"in_space": True, "height": "B"}
        assert "height" not in known_view({"height": "Z"})
        assert "in_space" not in known_view({"in_space": 1})

    def test_in_the_window_a_key_and_the_menu_switch_it(self, window, actions_of_window):
        QTest.keyClick(window, Qt.Key.Key_D)
        view = window.findChild(SpaceOutput, "output_space")
        assert view.isVisible()
        assert actions_of_window["in_space"].isChecked()
        actions_of_window["in_space"].trigger()
        assert not view.isVisible()


@pytest.fixture
def actions_of_window(window):
    return {action.objectName(): action for action in window.findChildren(type(window.menuBar().actions()[0]))}


@pytest.mark.parametrize("size", [(260, 240), (330, 400), (520, 520)])
@pytest.mark.parametrize("slices", [(), (0.0,)])
def test_nothing_of_the_box_is_drawn_below_the_choices_at_its_head(panel, space, document, size, slices):
    panel.resize(*size)
    document.view.set(slices=slices)
    space.look_from(Camera(zoom=2.0))
    controls = space.findChild(SpaceControls)
    controls.hide()
    image, head = space.grab().toImage(), controls.geometry()
    ratio = image.devicePixelRatio()
    colours = {
        image.pixelColor(round(x * ratio), round(y * ratio)).name()
        for x in range(head.left(), head.right(), 3)
        for y in range(head.top(), head.bottom(), 3)
    }
    assert colours == {theme.current().panel.name()}


class TestSurface:
    @pytest.mark.parametrize("class_index", [0, 2])
    def test_has_the_colour_of_the_class_at_its_height(self, space, document, certain_of, class_index):
        certain_of(class_index)
        for place in ((0.4, 0.4), (-4.4, 4.4), (4.4, -4.4)):
            found = hue(space, pixel_of(space, document, place, 1.0))
            assert is_like(found, theme.current().classes[class_index].hue())

    def test_a_chosen_class_is_as_high_as_it_is_likely(self, panel, space, document, certain_of, named, qtbot):
        certain_of(0)
        box = named(panel, "Height", QComboBox)
        assert [box.itemText(i) for i in range(box.count()) if not box.view().isRowHidden(i)] == [
            "Likeliest class", "Each class", "Class A", "Class B", "Class C",
        ]  # fmt: skip
        top = pixel_of(space, document, (0.4, 0.4), 1.0)
        for text, is_high in (("Class A", True), ("Class B", False), ("Each class", True)):
            box.setCurrentText(text)
            box.activated.emit(box.currentIndex())
            assert document.view.settings.height == {"Class A": "A", "Class B": "B"}.get(text, "each")
            image, around = space.grab().toImage(), range(-4, 5)
            colours = [image.pixelColor(top + QPoint(x, y)) for x in around for y in around]
            # Of a line or a figure on the wall behind, a few pixels may be blue.
            blue = theme.current().classes[0].hue()
            n_blue = sum(is_like(colour.hue(), blue) and colour.saturation() > 60 for colour in colours)
            assert (n_blue > len(colours) / 2) == is_high

    @pytest.mark.parametrize(("text", "key"), [("Neuron: a", "neuron_a"), ("Neuron: z", "neuron_z")])
    def test_the_selected_neuron_can_be_shown(self, panel, space, document, named, text, key):
        box = named(panel, "Height", QComboBox)
        document.view.select(Unit(1, 0))
        plain = space.grab().toImage()
        box.setCurrentText(text)
        box.activated.emit(box.currentIndex())
        assert document.view.settings.height == key
        first = space.grab().toImage()
        assert first != plain
        document.view.select(Unit(1, 3))
        assert space.grab().toImage() != first
        document.view.select(None)
        assert box.currentText() == "Likeliest class"

    def test_a_regression_has_its_value_and_nothing_to_choose(self, panel, space, document, named, answered):
        document.points.generate(name="plane")
        answered(document)
        assert not named(panel, "Height", QComboBox).isVisible()
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(position, 0.0)
        document.network.set_parameter(document.network_settings.n_parameters - 1, 0.9)
        document.points.clear()
        answered(document)
        found = hue(space, pixel_of(space, document, (0.4, 0.4), 0.9))
        assert is_like(found, theme.current().positive.hue())

    def test_a_hovered_neuron_s_activation_is_shown(self, panel, space, document, named, qtbot):
        plain = space.grab().toImage()
        document.view.hover(Unit(0, 0))
        qtbot.waitUntil(lambda: document.displayed.probe == (0, 0))
        for x in (-5.0, 5.0):
            found = hue(space, pixel_of(space, document, (x, 3.1), x, Unit(0, 0)))
            assert is_like(found, (theme.current().positive if x > 0 else theme.current().negative).hue())
        document.view.hover(None)
        assert space.grab().toImage() == plain

    def test_follows_the_training_and_the_timeline(self, space, document, qtbot):
        first = space.grab().toImage()
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 300)
        document.run.set_playing(False)
        qtbot.waitUntil(lambda: document.run.history.frames[-1].step == document.displayed.step)
        trained = space.grab().toImage()
        assert trained != first
        document.run.look_back(0)
        qtbot.waitUntil(lambda: document.displayed.step == 0)
        assert space.grab().toImage() == first

    def test_the_theme_is_followed(self, space):
        theme.manager().set_scheme(Scheme.DARK)
        corner = space.grab().toImage().pixelColor(3, 300)
        theme.manager().set_scheme(Scheme.LIGHT)
        assert corner == theme.named("dark").panel
        assert space.grab().toImage().pixelColor(3, 300) == theme.named("light").panel


class TestPoints:
    def test_a_point_is_at_its_height(self, space, document, certain_of, answered):
        certain_of(0)
        document.changes.edit_points("points", ReplaceAll(Dataset([[1.0, -2.0]], [1], None, 3)))
        answered(document)
        (height,) = heights_of(document.displayed.network, document.dataset, "likeliest")
        pixel = pixel_of(space, document, (1.0, -2.0), height)
        assert is_like(hue(space, pixel), theme.current().classes[1].hue())

    def test_the_mouse_turns_and_draws_nothing(self, space, document):
        n_points, first = len(document.dataset), space.camera
        middle = space.rect().center()
        for _ in range(2):
            QTest.mousePress(space, LEFT, NO_MODIFIER, middle)
            QTest.mouseMove(space, middle + QPoint(30, 0))
            QTest.mouseRelease(space, LEFT, NO_MODIFIER, middle + QPoint(30, 0))
        assert len(document.dataset) == n_points
        assert document.changes.undo_stack.count() == 0
        assert space.camera != first
        assert space.cursor().shape() == Qt.CursorShape.OpenHandCursor
        QTest.mouseDClick(space, LEFT, NO_MODIFIER, middle)
        assert space.camera == Camera()
        assert len(document.dataset) == n_points

    def test_the_mouse_says_over_which_place_it_is(self, space, document, certain_of):
        certain_of(0)
        space.grab()
        QTest.mouseMove(space, pixel_of(space, document, (2.0, -1.0), 1.0))
        assert document.view.cursor == pytest.approx((2.0, -1.0), abs=0.15)
        assert document.probe.point.place == pytest.approx((2.0, -1.0), abs=0.15)
        QTest.mouseMove(space, QPoint(2, 2))
        assert document.view.cursor is None

    def test_the_pinned_probe_is_marked_at_its_height(self, space, document, certain_of):
        certain_of(0)
        plain = space.grab().toImage()
        document.probe.pin((1.0, -3.0))
        marked = space.grab().toImage()
        place = pixel_of(space, document, (1.0, -3.0), 1.0)
        rows, columns = range(place.y() - 9, place.y() + 10), range(place.x() - 9, place.x() + 10)
        changed = [(x, y) for y in rows for x in columns if plain.pixel(x, y) != marked.pixel(x, y)]
        assert len(changed) > 40
        document.probe.release()
        assert space.grab().toImage() == plain

    @pytest.mark.parametrize("points", [np.empty((0, 2)), np.array([[0.5, 0.5]])])
    @pytest.mark.parametrize("height", HEIGHTS[:3])
    def test_no_points_and_one_are_drawn(self, space, document, answered, points, height):
        document.view.set(height=height)
        document.changes.edit_points("points", ReplaceAll(Dataset(points, [0] * len(points), None, 3)))
        answered(document)
        assert not space.grab().isNull()


class TestLimits:
    @pytest.mark.parametrize("value", [0.0, 1e-9, 1e6, -1e6, 1e30, 1e200, 1e308])
    @pytest.mark.parametrize("hidden", [0, 1])
    def test_values_of_any_size_are_drawn_or_a_sentence_stands_there(self, space, document, answered, value, hidden):
        document.points.generate(name="plane")
        for _ in range(2 - hidden):
            document.network.remove_layer()
        answered(document)
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(position, value)
        document.probe.pin((1.0, 1.0))
        answered(document)
        empty = space.grab().toImage()
        document.view.hover(Unit(1, 0))
        answered(document)
        assert not space.grab().isNull()
        colours = {empty.pixel(x, y) for x in range(0, empty.width(), 3) for y in range(0, empty.height(), 3)}
        assert len(colours) > 20

    @pytest.mark.parametrize("activation", ["relu", "heaviside"])
    def test_a_dead_layer_is_drawn(self, space, document, answered, activation):
        document.network.set_activation(1, activation)
        for index in range(6):
            document.network.set_parameter(bias_position(document.network_settings, Unit(1, index)), -1e5)
        answered(document)
        for unit in (Unit(1, 0), Unit(3, 1), None):
            document.view.hover(unit)
            answered(document)
            assert not space.grab().isNull()

    def test_eight_classes_lie_over_each_other(self, space, document, answered):
        while document.dataset.n_classes < 8:
            document.points.add_class()
        document.view.set(height="each")
        answered(document)
        assert not space.grab().isNull()

    def test_a_view_of_the_least_size_is_drawn(self, panel, space):
        space.resize(space.minimumSize())
        assert not space.grab().isNull()
        space.look_from(Camera(33, 10, 8.0))
        assert not space.grab().isNull()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # Offscreen, when a menu opens.
class TestMenu:
    @pytest.fixture
    def choose(self, space):
        """Press the right button at a pixel, and choose what the menu offers."""

        def choose(pixel, text):
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, space.mapToGlobal(pixel))
            QApplication.sendEvent(space, event)
            (menu,) = [menu for menu in space.findChildren(QMenu) if menu.isVisible()]
            offered = {action.text(): action for action in menu.actions()}
            if text in offered:
                offered[text].trigger()
            menu.close()
            return text in offered

        return choose

    def test_the_right_button_offers_to_probe_the_place_on_the_surface(self, space, document, certain_of, choose):
        certain_of(0)
        space.grab()
        assert choose(pixel_of(space, document, (2.0, -1.0), 1.0), "Probe Here")
        assert document.probe.pinned.place == pytest.approx((2.0, -1.0), abs=0.15)
        assert choose(QPoint(2, 2), "Release Probe")
        assert document.probe.pinned is None
        assert not choose(QPoint(2, 2), "Probe Here")

    @pytest.mark.parametrize(
        ("text", "right"), [("Over x₁", (1, 0)), ("Over x₂", (0, 1)), ("Over x₁ + x₂", (1, 1)), ("From Above", (1, 0))]
    )
    def test_it_looks_from_elsewhere(self, space, choose, text, right):
        assert choose(QPoint(5, 100), text)
        projection = Projection.fitting(space.camera, space.plot)
        middle, beside = projection.seen(np.array([[0.0, 0.0, 0.0], [0.5 * right[0], 0.5 * right[1], 0.0]]))
        assert beside[0] > middle[0] + 20
        assert beside[1:] == pytest.approx(middle[1:])
        assert not space.grab().isNull()
        assert choose(QPoint(5, 100), "As at First")
        assert space.camera == Camera()

    def test_it_offers_slices_and_how_much_of_the_plane_is_shown(self, space, document, choose, qtbot):
        assert choose(QPoint(5, 100), "Slices")
        assert document.view.settings.slices == (0.0,)
        assert choose(QPoint(5, 100), "Slices")
        assert document.view.settings.slices == ()
        assert choose(QPoint(5, 100), "From −25 to 25")
        qtbot.waitUntil(lambda: document.displayed.surface.plane == Plane(-25, 25, -25, 25))
        assert not space.grab().isNull()


def test_hidden_it_costs_nothing(panel, document, answered, monkeypatch):
    made = []
    monkeypatch.setattr("gui.items.space.output.relief_of", lambda *args, **options: made.append(args))
    document.run.step()
    answered(document)
    document.view.set(regions=True)
    document.view.hover(Unit(1, 0))
    document.view.hover(None)
    assert not made
