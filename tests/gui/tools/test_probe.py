"""The probe tool, its menu and its keys, as a person uses them on the data canvas and on the output."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from gui import theme
from gui.items.plane_view import PlaneView
from gui.theme import Scheme
from model import Dataset
from model.data.edits import ReplaceAll

PLACES = [(-4.0, -4.0), (-4.0, 4.0), (4.0, -4.0), (4.0, 4.0), (3.0, 3.0)]
VIEWS = ("data_canvas", "output_view")


@pytest.fixture
def five(shared_window, answered):
    """A window with five points of two classes, the probe tool in the hand."""
    document = shared_window.document
    document.changes.edit_points("points", ReplaceAll(Dataset(PLACES, [0, 1, 0, 1, 0], n_classes=3)))
    document.changes.undo_stack.clear()
    QTest.keyClick(shared_window, Qt.Key.Key_I)
    yield shared_window
    answered(document)
    QTest.qWait(20)


@pytest.fixture(params=VIEWS)
def view(five, hand_on, request):
    return hand_on(five.findChild(PlaneView, request.param))


@pytest.fixture
def near(view):
    """Return whether a place is within a pixel of another, on the view."""
    return lambda first, second: np.allclose(first, second, rtol=0, atol=1.5 * view.view.units_per_pixel)


def pinned(window):
    return window.document.probe.pinned


def picture(window, name):
    """Take what a view shows, 0xffRRGGBB, once it shows the same twice: the thread's answers come when they come."""
    before, now = None, _grabbed(window, name)
    while before is None or not np.array_equal(now, before):
        QTest.qWait(40)
        before, now = now, _grabbed(window, name)
    return now


def _grabbed(window, name):
    image = window.findChild(QWidget, name).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.width()).copy()


def open_menu(view, x, y):
    """Press the right button at a place, and return the menu that opens."""
    viewport, pixel = view.view.viewport(), view.at(x, y)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, pixel, viewport.mapToGlobal(pixel))
    QApplication.sendEvent(viewport, event)
    return next(menu for menu in view.view.findChildren(QMenu) if menu.isVisible())


def choose(menu, text):
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


class TestTool:
    def test_a_click_near_a_data_point_pins_that_point(self, five, view):
        view.click(4.1, -3.9)
        assert (pinned(five).index, pinned(five).place) == (2, (4.0, -4.0))

    def test_a_click_elsewhere_pins_the_place(self, five, view, near):
        view.click(1.0, -2.0)
        assert pinned(five).index is None
        assert near(pinned(five).place, (1.0, -2.0))
        view.click(4.0, 4.0)
        assert pinned(five).index == 3

    @pytest.mark.parametrize("place", [(4.0, -4.0), (0.5, 0.5)])
    def test_a_second_click_on_it_releases_it(self, five, view, place):
        view.click(*place)
        assert pinned(five) is not None
        view.click(*place)
        assert pinned(five) is None

    def test_a_drag_moves_it_and_drops_it_onto_a_data_point(self, five, view, near):
        view.drag((1.0, 1.0), (-1.0, 0.5), (-2.0, 0.0))
        assert near(pinned(five).place, (-2.0, 0.0))
        view.drag((-2.0, 0.0), (0.0, 0.0), (4.0, -4.05))
        assert pinned(five).index == 2
        view.drag((4.0, -4.0), (0.0, 0.0), (0.0, 2.0))
        assert near(pinned(five).place, (0.0, 2.0))
        assert pinned(five).index is None

    def test_a_drag_over_the_edge_stays_on_the_plane(self, five, view):
        view.wheel(view.at(0.0, 0.0), -4)
        view.drag((5.0, 5.0), (7.0, 0.0), (9.0, 0.0))
        assert pinned(five).place[0] == 6.0

    def test_the_double_click_that_fits_the_view_takes_its_first_click_back(self, five, view):
        view.click(4.0, -4.0)
        view.wheel(view.at(0.0, 0.0), 2)
        view.double_click(1.0, 1.0)
        assert pinned(five).index == 2
        view.view.fit()

    def test_points_and_undo_stack_stay_as_they_are(self, five, view):
        view.click(0.0, 0.0)
        view.drag((4.0, 4.0), (2.0, 2.0), (1.0, -1.0))
        assert len(five.document.dataset) == len(PLACES)
        assert not five.document.changes.undo_stack.canUndo()

    def test_a_moment_of_the_past_stays_in_view(self, five, view, near, qtbot):
        document = five.document
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        document.points.move(np.array([2]), [(2.0, -2.0)])
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 2)
        document.run.look_back(0)
        shown = document.run.moment
        assert shown is not None
        view.click(2.0, -2.0)
        assert document.run.moment is shown
        assert pinned(five).index is None
        assert near(pinned(five).place, (2.0, -2.0))

    def test_the_other_tools_leave_it_where_it_is(self, five, view):
        view.click(1.0, 1.0)
        before = pinned(five)
        five.document.view.set(tool="point")
        view.click(-1.0, -1.0)
        assert pinned(five) == before

    def test_the_move_tool_takes_it_along_with_its_point(self, five, view, near):
        view.click(4.0, -4.0)
        five.document.view.set(tool="move")
        view.drag((4.0, -4.0), (2.0, -2.0), (1.0, -1.0))
        assert pinned(five).index == 2
        assert near(pinned(five).place, (1.0, -1.0))


class TestKeys:
    def test_escape_releases_it_and_then_lets_the_selection_go(self, five, view):
        document = five.document
        document.view.select_points(np.array([1]))
        view.click(1.0, 1.0)
        QTest.keyClick(five, Qt.Key.Key_Escape)
        assert pinned(five) is None
        assert document.view.selection is not None
        assert len(document.view.selected_points) == 1
        QTest.keyClick(five, Qt.Key.Key_Escape)
        assert document.view.selection is None
        assert len(document.view.selected_points) == 0

    def test_return_pins_at_the_keyboards_pointer(self, five, view):
        view.view.setFocus(Qt.FocusReason.TabFocusReason)
        for _ in range(4):
            QTest.keyClick(view.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
            QTest.keyClick(view.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(view.view, Qt.Key.Key_Return)
        place = pinned(five).place
        assert place in PLACES
        assert pinned(five).index == PLACES.index(place)
        five.setFocus()

    def test_the_selected_point_is_probed_by_its_key(self, five):
        document = five.document
        QTest.keyClick(five, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
        assert pinned(five) is None
        document.view.select_points(np.array([3, 4]))
        QTest.keyClick(five, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
        assert pinned(five).index == 3

    def test_of_the_past_the_selected_point_is_probed_where_it_is(self, five, qtbot):
        document = five.document
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        document.points.move(np.array([2]), [(2.0, -2.0)])
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 2)
        document.run.look_back(0)
        document.view.select_points(np.array([2]))
        QTest.keyClick(five, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
        assert pinned(five).index is None
        assert pinned(five).place == tuple(document.run.shown_dataset.points[2].tolist())

    def test_a_menu_entry_releases_it(self, five):
        assert not five._actions["release_probe"].isEnabled()
        five.document.probe.pin(1)
        assert five._actions["release_probe"].isEnabled()
        five._actions["release_probe"].trigger()
        assert pinned(five) is None


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # Offscreen, when a menu opens.
class TestMenu:
    def test_the_right_button_offers_to_probe_a_point_or_a_place(self, five, view, near):
        choose(open_menu(view, 4.05, -4.05), "Probe This Point")
        assert pinned(five).index == 2
        choose(open_menu(view, 0.0, 1.0), "Probe Here")
        assert near(pinned(five).place, (0.0, 1.0))
        choose(open_menu(view, 0.0, 1.0), "Release Probe")
        assert pinned(five) is None

    def test_it_does_no_work_of_the_tool(self, five, view):
        five.document.view.set(tool="point")
        QTest.mouseClick(view.view.viewport(), Qt.MouseButton.RightButton, pos=view.at(1.0, 1.0))
        assert len(five.document.dataset) == len(PLACES)
        menu = open_menu(view, 1.0, 1.0)
        assert [action.text() for action in menu.actions()] == ["Probe Here"]
        menu.close()

    def test_the_menu_key_opens_it_at_the_pointer(self, five, view):
        view.view.setFocus(Qt.FocusReason.TabFocusReason)
        for key in 12 * [Qt.Key.Key_Down] + [Qt.Key.Key_Up]:
            QTest.keyClick(view.view, key, Qt.KeyboardModifier.ShiftModifier)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
        QApplication.sendEvent(view.view.viewport(), event)
        choose(next(menu for menu in view.view.findChildren(QMenu) if menu.isVisible()), "Probe Here")
        assert pinned(five).place[1] == pytest.approx(-5.0, abs=0.1)
        five.setFocus()

    def test_beside_the_plot_there_is_none(self, five, view):
        viewport = view.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(3, 60), viewport.mapToGlobal(QPoint(3, 60)))
        QApplication.sendEvent(viewport, event)
        assert not any(menu.isVisible() for menu in view.view.findChildren(QMenu))


class TestMark:
    @pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
    @pytest.mark.parametrize("name", [*VIEWS, "unit_map"])
    def test_it_is_seen_in_every_view_and_goes_with_the_pin(self, five, name, scheme, answered):
        theme.manager().set_scheme(scheme)
        QTest.qWait(20)
        answered(five.document)
        without = picture(five, name)
        five.document.probe.pin((1.0, -2.0))
        first = picture(five, name)
        assert _n_of_text_colour(first) > _n_of_text_colour(without) + 5
        five.document.probe.pin((-3.0, 2.0))
        assert (picture(five, name) != first).any()
        five.document.probe.release()
        assert (picture(five, name) == without).all()
        theme.manager().set_scheme(Scheme.SYSTEM)

    def test_it_lies_round_the_data_point_wherever_that_is_dragged(self, five, view):
        name = view.view.objectName()
        for place in ((4.0, -4.0), (-1.0, 2.0)):
            without = picture(five, name)
            five.document.probe.pin(2)
            y, x = np.nonzero(picture(five, name) != without)
            pixel = view.view.viewport().mapTo(view.view, view.at(*place))
            np.testing.assert_allclose((x.mean(), y.mean()), (pixel.x(), pixel.y()), atol=1.5)
            assert np.ptp(x) < 40
            five.document.probe.release()
            five.document.points.move(np.array([2]), [(-1.0, 2.0)])


def _n_of_text_colour(image):
    return np.count_nonzero(image == theme.current().text.rgb())
