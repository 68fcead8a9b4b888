"""The output panel where it shows a hidden space: its title, its layers, the way through one, and its points."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QToolButton

from gui import theme
from gui.document.view import known_view
from gui.items.hidden.output import HiddenOutput
from gui.items.hidden.view import HiddenView
from gui.items.space.camera import Camera
from gui.panels.output.panel import OutputPanel
from gui.theme import Scheme
from gui.widgets.fields import Slider
from gui.widgets.panning import SPACE
from model import Dataset
from model.data.edits import ReplaceAll
from model.network.parts import Unit, bias_position

LEFT, NO_MODIFIER, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier

with_menus = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The offscreen platform says so when a menu opens."""


@pytest.fixture
def panel(document, show):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    return show(OutputPanel(*parts), 480, 520)


@pytest.fixture
def hidden(panel, document, qtbot):
    """The view of the hidden space, of two hidden layers of 6 and 5 neurons."""
    document.view.set(shows="hidden")
    view = panel.findChild(HiddenView, "hidden_view")
    qtbot.waitUntil(view.isVisible)
    view.grab()
    return view


@pytest.fixture
def moment(hidden):
    """What the view draws, and where."""
    return lambda: hidden._moment


def place_of(view, row):
    """Return the pixel at which a point is drawn."""
    view.grab()
    return QPointF(*view._seen.points[row]).toPoint()


def lone_rows(view, n):
    """Return rows of points that are drawn far from all others."""
    view.grab()
    points = view._seen.points
    rows = []
    for row in view._seen.rows.tolist():
        distances = np.hypot(*(points - points[row]).T)
        distances[row] = np.inf
        if distances.min() > 3 and view.rect().adjusted(20, 20, -20, -20).contains(QPointF(*points[row]).toPoint()):
            rows.append(row)
    assert len(rows) >= n
    return rows[:n]


def title(panel):
    return next(button for button in panel.findChildren(QToolButton) if button.property("role") == "title")


class TestTitle:
    @with_menus
    def test_offers_the_hidden_space_and_the_output(self, panel, document, qtbot):
        button = title(panel)
        assert button.accessibleName() == "The card shows: Output"
        for text, name in (("Hidden", "hidden"), ("Output", "output")):
            qtbot.mouseClick(button, LEFT)
            menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
            assert [action.text() for action in menu.actions()] == ["Output", "Hidden"]
            action = next(action for action in menu.actions() if action.text() == text)
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())
            assert document.view.settings.shows == name
            assert button.accessibleName() == f"The card shows: {text}"
            assert button.text() == f"{text.upper()} ▾"
            assert panel.findChild(HiddenOutput).isVisible() == (name == "hidden")
            assert panel.canvas.isVisible() == (name == "output")

    @with_menus
    def test_is_reached_and_opened_by_keys(self, panel, qtbot, document):
        button = title(panel)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Qt.Key.Key_Space)
        menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(menu, key)
        assert document.view.settings.shows == "hidden"

    def test_the_experiment_remembers_it(self):
        chosen = {"shows": "hidden", "hidden_layer": "3", "hidden_axes": "3"}
        assert known_view(chosen) == chosen
        assert known_view({"shows": "x", "hidden_layer": 3, "hidden_axes": ["2"]}) == {}

    def test_in_the_window_keys_show_it_and_its_dimensions(self, window):
        QTest.keyClick(window, Qt.Key.Key_H)
        view = window.findChild(HiddenView)
        assert view.isVisible()
        assert view.is_flat
        QTest.keyClick(window, Qt.Key.Key_D)
        assert not view.is_flat
        assert not window.document.view.settings.in_space
        QTest.keyClick(window, Qt.Key.Key_D)
        assert view.is_flat
        QTest.keyClick(window, Qt.Key.Key_H)
        assert not view.isVisible()
        QTest.keyClick(window, Qt.Key.Key_D)
        assert window.document.view.settings.in_space


class TestSpace:
    def test_the_last_layer_is_shown_and_another_is_chosen(self, panel, hidden, document, named, moment):
        box = named(panel, "Hidden layer", QComboBox)
        assert box.currentText() == "Hidden 2"
        assert moment().space.layer == 2
        before = hidden.grab().toImage()
        box.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(box, Qt.Key.Key_Up)
        assert document.view.settings.hidden_layer == "1"
        assert moment().space.layer == 1
        assert hidden.grab().toImage() != before

    def test_of_a_layer_that_goes_the_last_one_is_shown(self, panel, hidden, document, named, moment, answered):
        document.view.set(hidden_layer="2")
        document.network.remove_layer()
        answered(document)
        assert moment().space.layer == 1
        assert not named(panel, "Hidden layer", QComboBox).isVisible()
        document.network.remove_layer()
        answered(document)
        assert moment() is None
        assert not named(panel, "Way through the layer", Slider).isEnabled()
        hidden.grab()
        document.network.insert_layer()
        answered(document)
        assert moment().space.layer == 1

    @pytest.mark.parametrize(
        ("size", "n_axes", "is_choice"), [(1, 2, False), (2, 2, False), (3, 3, True), (4, 2, True)]
    )
    def test_by_itself_it_has_as_many_axes_as_leave_nothing_out(
        self, panel, hidden, document, answered, named, moment, size, n_axes, is_choice
    ):
        for _ in range(5 - size):
            document.network.remove_unit(2)
        answered(document)
        assert moment().space.n_axes == n_axes
        assert moment().space.axes.are_neurons == (size <= 3)
        assert named(panel, "Axes: 2D", QToolButton).isVisible() == is_choice

    def test_buttons_choose_two_axes_or_three(self, panel, hidden, document, named, moment, qtbot):
        flat = hidden.grab().toImage()
        qtbot.mouseClick(named(panel, "Axes: 3D", QToolButton), LEFT)
        assert moment().space.n_axes == 3
        assert hidden.grab().toImage() != flat
        qtbot.mouseClick(named(panel, "Axes: 2D", QToolButton), LEFT)
        hidden.clearFocus()
        assert hidden.grab().toImage() == flat

    def test_the_share_of_the_variance_is_said(self, hidden, moment):
        said = hidden.accessibleDescription()
        assert said.startswith("hidden 2, ")
        assert said.endswith("% of the variance")
        assert float(said.split()[2].removesuffix("%")) == pytest.approx(100 * sum(moment().space.axes.shares), abs=0.5)

    def test_follows_the_training_and_the_timeline(self, hidden, document, qtbot):
        first = hidden.grab().toImage()
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 200)
        document.run.set_playing(False)
        qtbot.waitUntil(lambda: document.run.history.frames[-1].step == document.displayed.step)
        trained = hidden.grab().toImage()
        assert trained != first
        document.run.look_back(0)
        qtbot.waitUntil(lambda: document.displayed.step == 0)
        assert hidden.grab().toImage() != trained

    def test_nothing_is_computed_while_it_is_not_seen(self, panel, hidden, document, moment, answered):
        document.view.set(shows="output")
        shown = moment()
        document.network.set_parameter(0, 0.7)
        answered(document)
        assert moment() is shown
        document.view.set(shows="hidden")
        assert moment() is not shown

    def test_the_colours_are_those_of_the_answer(self, hidden, document, answered):
        document.points.clear()
        for index in range(3):
            bias = bias_position(document.network_settings, Unit(3, index))
            document.network.set_parameter(bias, 100.0 if index == 1 else -100.0)
        answered(document)
        image, seen = hidden.grab().toImage(), hidden._seen
        middle = seen.sheet[len(seen.sheet) // 2 + 8]
        hue = image.pixelColor(QPointF(*middle).toPoint()).hue()
        assert abs(hue - theme.current().classes[1].hue()) < 12

    def test_values_are_shown_in_their_colours(self, panel, hidden, document, answered, named):
        document.points.generate(name="plane")
        answered(document)
        first = hidden.grab().toImage()
        document.view.set(regions=True)
        assert hidden.grab().toImage() != first

    def test_of_a_curve_it_is_a_bent_line(self, panel, hidden, document, answered, moment, named):
        document.points.generate(name="two_sigmoids")
        answered(document)
        assert moment().space.on_line
        assert moment().dataset.kind == "values"
        assert not hidden.grab().isNull()
        document.view.set(hidden_axes="3")
        assert not hidden.grab().isNull()
        vertex = len(moment().space.places) // 3
        document.points.clear()
        answered(document)
        hidden.grab()
        QTest.mouseMove(hidden, QPointF(*hidden._seen.sheet[vertex]).toPoint())
        assert document.view.cursor is not None
        for name in ("Surface: Curve", "Surface: Smooth", "Surface: Probability"):
            assert not named(panel, name, QToolButton).isVisible()

    def test_the_theme_is_followed(self, hidden):
        for scheme, name in ((Scheme.DARK, "dark"), (Scheme.LIGHT, "light")):
            theme.manager().set_scheme(scheme)
            assert hidden.grab().toImage().pixelColor(2, hidden.height() // 2) == theme.named(name).panel


class TestWay:
    def test_the_slider_leads_from_the_layer_before_to_this_one(self, panel, hidden, document, named):
        document.view.set(hidden_layer="1")
        slider = named(panel, "Way through the layer", Slider)
        QTest.mouseClick(slider, LEFT, NO_MODIFIER, QPoint(2, slider.height() // 2))
        assert hidden.look.share == 0.0
        hidden.grab()
        seen, points = hidden._seen.points, document.dataset.points
        scale = (seen[1] - seen[0]) / (points[1] - points[0])
        assert seen == pytest.approx(seen[0] + (points - points[0]) * scale, abs=1e-6), "the plane as it is"
        assert scale[0] == pytest.approx(-scale[1])

    def test_keys_move_it_and_its_text_says_what_is_done(self, panel, hidden, document, named):
        document.view.set(hidden_layer="1")
        slider, output = named(panel, "Way through the layer", Slider), panel.findChild(HiddenOutput)
        slider.setFocus(Qt.FocusReason.TabFocusReason)
        said = []
        for key in (Qt.Key.Key_Home, *[Qt.Key.Key_PageUp] * 4):
            QTest.keyClick(slider, key)
            said.append((hidden.look.share, output._text.text()))
        assert said == [
            (0.0, "the plane"),
            (0.25, "z = W x + b"),
            (0.5, "sums z"),
            (0.75, "a = tanh(z)"),
            (1.0, "hidden 1"),
        ]

    def test_a_button_lets_it_bend_from_the_beginning_to_the_end(self, panel, hidden, named, qtbot):
        button, slider = named(panel, "Bend", QToolButton), named(panel, "Way through the layer", Slider)
        animation = panel.findChild(HiddenOutput)._animation
        qtbot.mouseClick(button, LEFT)
        assert animation.state() == animation.State.Running
        shares, values = [], []
        for part in (0.0, 0.1, 0.25, 0.5, 0.8, 1.0):
            animation.setCurrentTime(round(part * animation.duration()))
            shares.append(hidden.look.share)
            values.append(slider.value())
        assert shares == sorted(shares)
        assert (shares[0], shares[2], shares[3], shares[-1]) == pytest.approx((0.0, 0.25, 0.5, 1.0), abs=1e-3)
        assert 0.0 < shares[1] < 0.1, "slowly away from a station"
        assert values == sorted(values)
        assert (values[0], values[-1]) == (slider.minimum(), slider.maximum())
        assert animation.state() == animation.State.Stopped

    def test_it_pauses_goes_on_and_ends_where_somebody_takes_the_slider(self, panel, hidden, named, qtbot):
        button, slider = named(panel, "Bend", QToolButton), named(panel, "Way through the layer", Slider)
        animation = panel.findChild(HiddenOutput)._animation
        qtbot.mouseClick(button, LEFT)
        animation.setCurrentTime(animation.duration() // 3)
        assert 0.0 < hidden.look.share < 1.0
        qtbot.mouseClick(button, LEFT)
        assert animation.state() == animation.State.Paused
        qtbot.mouseClick(button, LEFT)
        assert animation.state() == animation.State.Running
        QTest.mouseClick(slider, LEFT, NO_MODIFIER, QPoint(2, slider.height() // 2))
        assert animation.state() == animation.State.Stopped
        assert hidden.look.share == 0.0

    def test_it_ends_where_nobody_sees_it(self, panel, hidden, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Bend", QToolButton), LEFT)
        animation = panel.findChild(HiddenOutput)._animation
        document.view.set(shows="output")
        assert animation.state() == animation.State.Stopped


class TestPoints:
    @pytest.mark.parametrize("axes", ["2", "3"])
    def test_a_click_selects_one_and_shift_adds_another(self, hidden, document, axes):
        document.view.set(hidden_axes=axes)
        first, second = lone_rows(hidden, 2)
        QTest.mouseClick(hidden, LEFT, NO_MODIFIER, place_of(hidden, first))
        assert document.view.selected_points.tolist() == [first]
        QTest.mouseClick(hidden, LEFT, SHIFT, place_of(hidden, second))
        assert document.view.selected_points.tolist() == sorted([first, second])
        QTest.mouseClick(hidden, LEFT, NO_MODIFIER, QPoint(hidden.width() - 12, hidden.height() - 24))
        assert len(document.view.selected_points) == 0

    def test_a_frame_selects_what_is_in_it(self, hidden, document):
        start, end = QPoint(60, 30), QPoint(hidden.width() // 2, hidden.height() - 40)
        QTest.mousePress(hidden, LEFT, NO_MODIFIER, start)
        QTest.mouseMove(hidden, (start + end) / 2)
        QTest.mouseMove(hidden, end)
        QTest.mouseRelease(hidden, LEFT, NO_MODIFIER, end)
        points = hidden._seen.points
        inside = (points >= start.toTuple()).all(axis=1) & (points <= end.toTuple()).all(axis=1)
        assert document.view.selected_points.tolist() == np.flatnonzero(inside).tolist()
        assert 0 < inside.sum() < len(points)

    def test_selected_points_have_a_halo(self, hidden, document):
        plain = hidden.grab().toImage()
        document.view.select_points(np.array([3, 8]))
        assert hidden.grab().toImage() != plain

    @pytest.mark.parametrize("axes", ["2", "3"])
    def test_the_mouse_says_which_point_it_is_over(self, hidden, document, axes):
        document.view.set(hidden_axes=axes)
        (row,) = lone_rows(hidden, 1)
        QTest.mouseMove(hidden, place_of(hidden, row))
        assert document.view.cursor == pytest.approx(document.dataset.points[row])
        assert document.probe.point.index == row

    def test_over_the_sheet_alone_it_says_which_place_of_the_plane(self, hidden, document, answered):
        document.points.clear()
        answered(document)
        hidden.grab()
        vertex = len(hidden._seen.sheet) // 2 + 10
        QTest.mouseMove(hidden, QPointF(*hidden._seen.sheet[vertex]).toPoint())
        cursor = document.view.cursor
        assert cursor is not None
        seen = hidden._moment.space.way_of(np.array([cursor])).at(1.0)
        assert seen == pytest.approx(hidden._moment.space.sheet.at(1.0)[[vertex]], abs=0.15)

    def test_a_place_under_the_mouse_elsewhere_is_marked_here(self, hidden, document):
        plain = hidden.grab().toImage()
        document.view.set_cursor((1.0, -2.0), 0.1)
        assert hidden.grab().toImage() != plain
        document.view.set_cursor(None)
        assert hidden.grab().toImage() == plain

    @pytest.mark.parametrize("axes", ["2", "3"])
    def test_the_pinned_probe_is_marked(self, hidden, document, axes, moment):
        document.view.set(hidden_axes=axes)
        plain = hidden.grab().toImage()
        document.probe.pin((1.0, -3.0))
        marked = hidden.grab().toImage()
        assert marked != plain
        document.probe.release()
        assert hidden.grab().toImage() == plain

    def test_test_points_on_and_off(self, hidden, document):
        plain = hidden.grab().toImage()
        document.view.set(show_test_points=False)
        assert hidden.grab().toImage() != plain

    @with_menus
    def test_the_right_button_pins_what_is_there(self, panel, hidden, document):
        (row,) = lone_rows(hidden, 1)
        pixel = place_of(hidden, row)

        def choose(text):
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, hidden.mapToGlobal(pixel))
            QApplication.sendEvent(hidden, event)
            menu = next(menu for menu in panel.findChildren(QMenu) if menu.isVisible())
            next(action for action in menu.actions() if action.text() == text).trigger()
            menu.close()

        choose("Probe This Point")
        assert document.probe.pinned.index == row
        choose("Release Probe")
        assert document.probe.pinned is None


class TestLooking:
    def test_the_wheel_zooms_about_the_mouse_and_a_double_click_shows_all(self, hidden, wheel):
        (row,) = lone_rows(hidden, 1)
        before, all_of_it = place_of(hidden, row), hidden.grab().toImage()
        wheel(hidden, before, 4)
        assert hidden.look.zoom > 1.5
        assert (place_of(hidden, row) - before).manhattanLength() <= 2
        QTest.mouseDClick(hidden, LEFT, NO_MODIFIER, QPoint(60, 30))
        assert hidden.look.zoom == 1.0
        assert hidden.grab().toImage() == all_of_it

    @pytest.mark.parametrize("button", [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, LEFT])
    def test_what_is_shown_is_dragged_along(self, hidden, document, button):
        (row,) = lone_rows(hidden, 1)
        before, way = place_of(hidden, row), QPoint(60, -30)
        selected, looks = document.view.selected_points.tolist(), hidden.look
        if button == LEFT:
            SPACE.press()
        QTest.mousePress(hidden, button, NO_MODIFIER, before)
        QTest.mouseMove(hidden, before + way / 2)
        QTest.mouseMove(hidden, before + way)
        QTest.mouseRelease(hidden, button, NO_MODIFIER, before + way)
        if button == LEFT:
            assert not SPACE.release(), "used up"
        assert (place_of(hidden, row) - before - way).manhattanLength() <= 2
        assert hidden.look != looks
        assert document.view.selected_points.tolist() == selected
        QTest.mouseDClick(hidden, LEFT, NO_MODIFIER, QPoint(60, 30))
        assert hidden.look == looks

    def test_keys_zoom_move_and_show_all(self, hidden):
        hidden.setFocus(Qt.FocusReason.TabFocusReason)
        first = hidden.look
        looks = []
        for key in (Qt.Key.Key_Plus, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Minus):
            QTest.keyClick(hidden, key)
            looks.append(hidden.look)
        assert looks[0].zoom > 1.0
        assert looks[1].centre[0] > 0.0
        assert looks[2].centre[1] > 0.0
        assert looks[3].zoom == pytest.approx(1.0)
        QTest.keyClick(hidden, Qt.Key.Key_0)
        assert hidden.look == first

    def test_in_3d_it_is_turned(self, hidden, document):
        document.view.set(hidden_axes="3")
        selected = document.view.selected_points.tolist()
        middle = hidden.rect().center()
        QTest.mousePress(hidden, LEFT, NO_MODIFIER, middle)
        QTest.mouseMove(hidden, middle + QPoint(40, 10))
        QTest.mouseRelease(hidden, LEFT, NO_MODIFIER, middle + QPoint(40, 10))
        assert hidden.camera != Camera()
        assert document.view.selected_points.tolist() == selected
        hidden.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(hidden, Qt.Key.Key_0)
        assert hidden.camera == Camera()


class TestLimits:
    @pytest.mark.parametrize("value", [0.0, 1e6, 1e200])
    def test_values_of_any_size_are_drawn_or_a_sentence_stands_there(self, hidden, document, answered, value):
        document.network.set_activation(2, "relu")
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(position, value)
        document.probe.pin((1.0, 1.0))
        answered(document)
        for axes in ("2", "3"):
            document.view.set(hidden_axes=axes)
            image = hidden.grab().toImage()
            colours = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
            assert len(colours) > 5

    def test_a_dead_layer_is_drawn(self, hidden, document, answered):
        document.network.set_activation(2, "relu")
        for index in range(5):
            document.network.set_parameter(bias_position(document.network_settings, Unit(2, index)), -1e5)
        answered(document)
        for axes in ("2", "3"):
            document.view.set(hidden_axes=axes)
            assert not hidden.grab().isNull()
            assert hidden.accessibleDescription() == "hidden 2, no variance"

    @pytest.mark.parametrize("points", [np.empty((0, 2)), np.array([[0.5, 0.5]]), np.full((9, 2), 1.0)])
    def test_no_points_and_one_are_drawn(self, hidden, document, answered, points):
        document.changes.edit_points("points", ReplaceAll(Dataset(points, [0] * len(points), None, 3)))
        answered(document)
        for axes in ("2", "3"):
            document.view.set(hidden_axes=axes)
            for share in (0.0, 0.6, 1.0):
                hidden.show_share(share)
                assert not hidden.grab().isNull()

    def test_a_view_of_the_least_size_is_drawn(self, hidden, document):
        hidden.resize(hidden.minimumSize())
        for axes in ("2", "3"):
            document.view.set(hidden_axes=axes)
            assert not hidden.grab().isNull()

    def test_what_takes_long_is_shown_less_often_and_the_last_moment_in_any_case(
        self, hidden, document, moment, qtbot, monkeypatch
    ):
        monkeypatch.setattr(hidden, "drawing_s", 0.2)
        monkeypatch.setattr(hidden, "draw", lambda painter, area: None)
        shown = moment()
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: moment() is not shown)
        document.run.set_playing(False)
        qtbot.waitUntil(lambda: moment().space.network is document.displayed.network)
