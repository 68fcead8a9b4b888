"""The tools on the window's real canvas, with mouse events; data units are computed anew, not asked of the view."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gui import theme
from gui.items.plane_view import PlaneView
from gui.tools import TOOLS
from model import Dataset
from model.data.edits import ReplaceAll

SHIFT = Qt.KeyboardModifier.ShiftModifier
SPARSE = [(-4.0, -4.0), (-4.0, 4.0), (4.0, -4.0), (4.0, 4.0), (3.0, 3.0)]


def units_at(view, pixel):
    """Return the data units of a pixel, from nothing but the plot's rectangle and its range."""
    box = view.box
    rect = view.viewportTransform().mapRect(box.sceneBoundingRect())
    (x_min, x_max), (y_min, y_max) = box.viewRange()
    return np.array(
        [
            x_min + (pixel.x() - rect.left()) / rect.width() * (x_max - x_min),
            y_max - (pixel.y() - rect.top()) / rect.height() * (y_max - y_min),
        ]
    )


def half_a_pixel(view):
    (x_min, x_max), _ = view.box.viewRange()
    return 0.5 * (x_max - x_min) / view.box.width()


def pixels(view):
    """Return what a view shows, 0xffRRGGBB."""
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.width()).copy()


def place_points(document, points=SPARSE, labels=None):
    labels = [index % 2 for index in range(len(points))] if labels is None else labels
    document.changes.edit_points("points", ReplaceAll(Dataset(points, labels, n_classes=3)))
    document.changes.undo_stack.clear()


@pytest.fixture(params=["paused", "training"])
def document(request, window, qtbot):
    """The window's document, paused or while it trains."""
    if request.param == "training":
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > 10)
    return window.document


class TestPoint:
    @pytest.mark.parametrize("pixel_offset", [(0, 0), (37, -21)])
    def test_a_click_places_a_point_exactly_at_the_mouse(self, document, canvas, pixel_offset):
        pixel = canvas.at(0.0, 0.0) + QPoint(*pixel_offset)
        before = len(document.dataset)
        QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=pixel)

        assert len(document.dataset) == before + 1
        placed = document.dataset.points[-1]
        np.testing.assert_allclose(placed, units_at(canvas.view, pixel), atol=half_a_pixel(canvas.view))
        assert document.dataset.labels[-1] == document.view.settings.current_class
        assert document.changes.undo_stack.count() == 1

    def test_also_after_zoom_and_pan(self, document, canvas):
        canvas.wheel(canvas.at(2.0, 1.0), 5)
        canvas.pan(QPoint(120, 100), QPoint(151, 83))
        pixel = QPoint(90, 133)
        QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=pixel)

        assert half_a_pixel(canvas.view) < 0.015, "it is zoomed"
        placed = document.dataset.points[-1]
        np.testing.assert_allclose(placed, units_at(canvas.view, pixel), atol=half_a_pixel(canvas.view))

    def test_its_marker_is_drawn_under_the_mouse(self, window, canvas, qtbot):
        document = window.document
        place_points(document, [(-5.0, -5.0)], [0])
        document.view.set(current_class=1)
        pixel = canvas.click(1.0, 2.0)
        qtbot.wait(0)
        y, x = np.nonzero(pixels(canvas.view) == theme.current().classes[1].rgb())

        assert len(x) > 20
        np.testing.assert_allclose((x.mean(), y.mean()), (pixel.x(), pixel.y()), atol=1.0)

    def test_the_class_is_the_chosen_one(self, document, canvas):
        QTest.keyClick(canvas.view.window(), Qt.Key.Key_3)
        canvas.click(1.0, 1.0)
        assert document.dataset.labels[-1] == 2

    def test_with_the_button_held_it_can_still_be_moved(self, document, canvas):
        canvas.drag((1.0, 1.0), (2.0, 2.0), (3.0, -1.0))

        np.testing.assert_allclose(document.dataset.points[-1], (3.0, -1.0), atol=2 * half_a_pixel(canvas.view))
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert len(document.dataset) == 240

    def test_a_shaking_hand_does_not_move_it(self, document, canvas):
        pixel = canvas.at(1.0, 1.0)
        viewport = canvas.view.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=pixel)
        placed = document.dataset.points[-1]
        QTest.mouseMove(viewport, pixel + QPoint(1, 1))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pixel + QPoint(1, 1))

        np.testing.assert_array_equal(document.dataset.points[-1], placed)

    def test_outside_the_plot_it_does_nothing(self, document, canvas):
        QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(3, 100))
        assert len(document.dataset) == 240

    def test_the_output_view_places_points_too(self, document, window, hand_on):
        output = hand_on(window.findChild(PlaneView, "output_view"))
        pixel = output.click(-2.5, 1.5)

        assert len(document.dataset) == 241
        placed = document.dataset.points[-1]
        np.testing.assert_allclose(placed, units_at(output.view, pixel), atol=half_a_pixel(output.view))

    def test_many_clicks_are_many_steps(self, document, canvas):
        places = [(x, y) for x in (-4.0, -1.0, 2.0) for y in (-4.0, 0.0, 4.0)]
        for place in places:
            canvas.click(*place)
        assert len(document.dataset) == 249
        for _ in places:
            QTest.keyClick(canvas.view.window(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(document.dataset) == 240
        assert not document.changes.undo_stack.canUndo()


class TestBrush:
    @pytest.fixture(autouse=True)
    def brush(self, document):
        document.view.set(tool="brush", brush_radius=0.5, brush_density=400.0)

    def test_sprays_within_its_circle_while_the_button_is_held(self, document, canvas, qtbot):
        canvas.press(2.0, 2.0)
        qtbot.waitUntil(lambda: len(document.dataset) >= 260)
        canvas.release(2.0, 2.0)

        distances = np.hypot(*(document.dataset.points[240:] - (2.0, 2.0)).T)
        assert distances.max() <= 0.5 + 2 * half_a_pixel(canvas.view)
        assert document.changes.undo_stack.count() == 1

    def test_stops_when_the_button_is_released(self, document, canvas, qtbot):
        canvas.press(0.0, 0.0)
        qtbot.waitUntil(lambda: len(document.dataset) >= 250)
        canvas.release(0.0, 0.0)

        assert not is_spraying(document)

    def test_a_short_click_places_one_point(self, document, canvas):
        canvas.click(0.0, 0.0)
        assert len(document.dataset) == 241

    def test_follows_the_mouse(self, document, canvas, qtbot):
        canvas.press(-3.0, -3.0)
        canvas.move(3.0, 3.0)
        n_points = len(document.dataset)
        qtbot.waitUntil(lambda: len(document.dataset) >= n_points + 10)
        canvas.release(3.0, 3.0)

        assert np.hypot(*(document.dataset.points[-5:] - 3.0).T).max() < 0.6

    def test_shows_its_circle_under_the_mouse(self, window, canvas):
        window.document.view.set(brush_radius=2.0)
        without = pixels(canvas.view)
        canvas.move(1.0, -1.0)
        y, x = np.nonzero(pixels(canvas.view) != without)
        centre, radius = canvas.at(1.0, -1.0), 2.0 / (2 * half_a_pixel(canvas.view))

        assert len(x) > radius
        np.testing.assert_allclose(np.hypot(x - centre.x(), y - centre.y()), radius, atol=2.5)

    def test_a_tool_chosen_during_a_stroke_waits_for_its_end(self, document, canvas):
        canvas.press(0.0, 0.0)
        QTest.keyClick(canvas.view.window(), Qt.Key.Key_E)
        canvas.move(1.0, 1.0)
        canvas.release(1.0, 1.0)

        assert document.view.settings.tool == "erase"
        assert len(document.dataset) >= 241
        assert not is_spraying(document)

    def test_panning_during_a_stroke_does_not_keep_it_going(self, document, canvas):
        canvas.press(0.0, 0.0)
        canvas.pan(QPoint(100, 100), QPoint(120, 110))
        assert is_spraying(document)
        canvas.release(0.0, 0.0)
        assert not is_spraying(document)


def is_spraying(document):
    return any(timer.isActive() for timer in document.findChildren(QTimer))


class TestMove:
    @pytest.fixture(autouse=True)
    def move(self, document):
        place_points(document)
        document.view.set(tool="move")

    def test_drags_the_point_under_the_mouse(self, document, canvas):
        canvas.drag((4.0, 4.0), (4.5, 4.2), (5.0, 1.0))

        near = 2 * half_a_pixel(canvas.view)
        np.testing.assert_allclose(document.dataset.points[3], (5.0, 1.0), atol=2 * near)
        np.testing.assert_array_equal(document.dataset.points[[0, 1, 2, 4]], np.array(SPARSE)[[0, 1, 2, 4]])
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, SPARSE)

    def test_takes_the_selection_along(self, document, canvas):
        document.view.select_points(np.array([0, 3, 4]))
        canvas.drag((4.0, 4.0), (3.0, 4.0), (2.0, 4.0))

        moved = document.dataset.points - np.array(SPARSE)
        tolerance = 4 * half_a_pixel(canvas.view)
        np.testing.assert_allclose(moved[[0, 3, 4]], [(-2.0, 0.0)] * 3, atol=tolerance)
        np.testing.assert_array_equal(moved[[1, 2]], 0.0)
        assert list(document.view.selected_points) == [0, 3, 4]

    def test_at_the_edge_of_the_plane_all_of_it_stops(self, document, canvas):
        document.view.select_points(np.array([0, 3]))
        canvas.drag((4.0, 4.0), (5.9, 5.9), (5.99, 0.0))
        canvas.drag(tuple(document.dataset.points[3]), (5.9, 5.9), (5.9, 5.9))

        assert np.abs(document.dataset.points).max() <= 6.0
        way = document.dataset.points - np.array(SPARSE)
        np.testing.assert_allclose(way[0], way[3])

    def test_beside_every_point_the_selection_is_let_go(self, document, canvas):
        document.view.select_points(np.array([0, 3]))
        canvas.drag((0.0, 0.0), (2.0, 2.0))

        assert len(document.view.selected_points) == 0
        assert not document.changes.undo_stack.canUndo()

    def test_the_boundary_follows_live(self, window, canvas, qtbot):
        document = window.document
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        canvas.press(4.0, 4.0)
        canvas.move(0.0, 0.0)
        step, loss = document.displayed.step, document.displayed.metrics.train_loss
        qtbot.waitUntil(lambda: document.displayed.step > step + 100)
        canvas.release(0.0, 0.0)

        assert document.displayed.metrics.train_loss != loss

    def test_delete_during_the_drag_ends_it(self, document, canvas):
        canvas.press(3.0, 3.0)
        canvas.move(3.5, 3.0)
        QTest.keyClick(canvas.view.window(), Qt.Key.Key_Delete)
        canvas.move(2.0, 2.0)
        canvas.release(2.0, 2.0)

        np.testing.assert_array_equal(document.dataset.points, SPARSE[:4])
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, SPARSE)


class TestSelect:
    @pytest.fixture(autouse=True)
    def select(self, document):
        place_points(document)
        document.view.set(tool="select")

    def test_selects_what_the_frame_holds(self, document, canvas):
        canvas.drag((2.0, 2.0), (3.0, 3.5), (5.0, 5.0))
        assert list(document.view.selected_points) == [3, 4]
        canvas.drag((-5.0, 5.0), (-3.0, -5.0))
        assert list(document.view.selected_points) == [0, 1]
        assert not document.changes.undo_stack.canUndo(), "selecting changes no data"

    def test_shift_adds(self, document, canvas):
        canvas.drag((2.0, 2.0), (5.0, 5.0))
        canvas.drag((-5.0, -5.0), (-3.0, -3.0), modifiers=SHIFT)
        assert list(document.view.selected_points) == [0, 3, 4]
        canvas.click(4.0, -4.0, SHIFT)
        assert list(document.view.selected_points) == [0, 2, 3, 4]

    def test_a_click_selects_one_point_or_none(self, document, canvas):
        canvas.click(4.0, 4.0)
        assert list(document.view.selected_points) == [3]
        canvas.click(0.0, 0.0)
        assert list(document.view.selected_points) == []

    def test_delete_removes_the_selection(self, document, canvas):
        canvas.drag((2.0, 2.0), (5.0, 5.0))
        QTest.keyClick(canvas.view.window(), Qt.Key.Key_Delete)

        np.testing.assert_array_equal(document.dataset.points, SPARSE[:3])
        assert list(document.view.selected_points) == []
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, SPARSE)

    def test_the_frame_and_the_halo_are_drawn(self, window, canvas):
        empty = accent_pixels(canvas.view)
        canvas.press(0.5, 0.5)
        canvas.move(5.9, 5.9)
        with_frame = accent_pixels(canvas.view)
        canvas.release(5.9, 5.9)
        with_halo = accent_pixels(canvas.view)

        assert with_frame > with_halo > empty


def accent_pixels(view):
    """Count the pixels of about the accent colour: a line between two pixels is blended with the background."""
    accent = np.array(theme.current().accent.getRgb()[:3])
    colours = np.stack([pixels(view) >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(int)
    return np.count_nonzero(np.abs(colours - accent).sum(axis=-1) < 200)


class TestErase:
    @pytest.fixture(autouse=True)
    def erase(self, document):
        place_points(document)
        document.view.set(tool="erase", brush_radius=0.5)

    def test_removes_what_the_mouse_passes_over_in_one_step(self, document, canvas):
        canvas.drag((4.0, -4.0), (4.0, 0.0), (4.0, 4.0))

        np.testing.assert_array_equal(document.dataset.points, [SPARSE[0], SPARSE[1], SPARSE[4]])
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, SPARSE)

    def test_where_there_is_no_point_there_is_nothing_to_undo(self, document, canvas):
        canvas.drag((0.0, 0.0), (1.0, 0.0))
        assert not document.changes.undo_stack.canUndo()


class TestLooking:
    def test_the_wheel_keeps_the_point_under_the_mouse(self, document, canvas):
        for pixel, notches in ((QPoint(80, 60), 3), (QPoint(200, 180), 4), (QPoint(150, 90), -2)):
            before, scale = units_at(canvas.view, pixel), half_a_pixel(canvas.view)
            canvas.wheel(pixel, notches)

            np.testing.assert_allclose(units_at(canvas.view, pixel), before, atol=scale)
            assert (half_a_pixel(canvas.view) < scale) is (notches > 0)

    def test_the_middle_button_pans_with_the_mouse(self, document, canvas):
        start, end = QPoint(90, 80), QPoint(151, 113)
        grabbed = units_at(canvas.view, start)
        canvas.pan(start, end)

        np.testing.assert_allclose(units_at(canvas.view, end), grabbed, atol=half_a_pixel(canvas.view))
        assert len(document.dataset) == 240
        assert not document.changes.undo_stack.canUndo()

    def test_a_double_click_fits_and_places_no_point(self, document, canvas):
        canvas.wheel(QPoint(100, 100), 5)
        canvas.double_click(0.0, 0.0)

        np.testing.assert_allclose(canvas.view.box.viewRange(), [(-6.0, 6.0)] * 2, atol=0.3)
        assert len(document.dataset) == 240
        assert not document.changes.undo_stack.canUndo()

    def test_a_double_click_on_what_fits_is_two_clicks(self, document, canvas):
        canvas.double_click(1.0, 1.0)
        assert len(document.dataset) == 242

    def test_a_double_click_beside_the_plot_takes_nothing_back(self, document, canvas):
        canvas.wheel(QPoint(100, 100), 5)
        beside = QPoint(3, 100)
        viewport = canvas.view.viewport()
        for _ in range(2):
            QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=beside)
            QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=beside)
            QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=beside)
            assert not document.changes.undo_stack.canRedo()
            canvas.click(1.0, 1.0)
            canvas.wheel(QPoint(100, 100), 5)

        assert len(document.dataset) == 242

    def test_there_is_an_end_to_zooming(self, document, canvas):
        for notches in (60, -120):
            for _ in range(3):
                canvas.wheel(QPoint(140, 120), notches)
            (x_min, x_max), _ = canvas.view.box.viewRange()
            assert 0.19 < x_max - x_min < 61

    def test_the_zoomed_part_is_computed_for_the_output(self, window, hand_on, qtbot):
        output = hand_on(window.findChild(PlaneView, "output_view"))
        output.wheel(output.at(1.0, 1.0), 6)
        plane = output.view.plane
        assert plane.x_max - plane.x_min < 6
        qtbot.waitUntil(lambda: window.document.displayed.surface.plane == plane)

    def test_the_cursor_is_known_in_data_units(self, document, canvas, qtbot):
        canvas.move(2.0, -3.0)
        qtbot.waitUntil(lambda: document.view.cursor is not None)
        np.testing.assert_allclose(document.view.cursor, (2.0, -3.0), atol=2 * half_a_pixel(canvas.view))
        QTest.mouseMove(canvas.view.viewport(), QPoint(2, 100))
        qtbot.waitUntil(lambda: document.view.cursor is None)


class TestKeyboard:
    @pytest.fixture(autouse=True)
    def focus(self, canvas, window):
        canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
        assert canvas.view.hasFocus()

    def test_arrows_move_a_pointer_and_return_places_a_point(self, document, canvas):
        step = document.displayed.step
        for _ in range(4):
            QTest.keyClick(canvas.view, Qt.Key.Key_Right)
        QTest.keyClick(canvas.view, Qt.Key.Key_Up, SHIFT)
        QTest.keyClick(canvas.view, Qt.Key.Key_Return)

        np.testing.assert_allclose(document.dataset.points[-1], (1.0, 1.0))
        assert document.run.playing or document.displayed.step == step, "the arrow takes no step of training"

    def test_plus_minus_and_zero(self, document, canvas):
        QTest.keyClick(canvas.view, Qt.Key.Key_Plus)
        (x_min, x_max), _ = canvas.view.box.viewRange()
        assert x_max - x_min < 11
        QTest.keyClick(canvas.view, Qt.Key.Key_0)
        (x_min, x_max), _ = canvas.view.box.viewRange()
        assert x_max - x_min == pytest.approx(12, abs=0.5)

    def test_the_digits_choose_the_class(self, document, canvas):
        QTest.keyClick(canvas.view, Qt.Key.Key_2)
        assert document.view.settings.current_class == 1


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_has_its_key_and_survives_a_stroke_without_points(window, canvas, name):
    document = window.document
    document.points.clear()
    QTest.keyClick(window, getattr(Qt.Key, f"Key_{TOOLS[name].shortcut}"))
    assert document.view.settings.tool == name
    canvas.drag((0.0, 0.0), (1.0, 1.0), (2.0, 0.0))
    assert len(document.dataset) == (1 if name in ("point", "brush") else 0)


def difference(first, second):
    return sum(abs(a - b) for a, b in zip(first.getRgb(), second.getRgb(), strict=True))


def test_a_point_is_drawn_soon_after_its_click_while_training(window, canvas, qtbot):
    """A guard against a canvas that lags behind; the benchmark has the figures."""
    document = window.document
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 100)
    place = QPointF(0.5, -4.5)
    before = canvas.view.viewport().grab().toImage().pixelColor(canvas.view.from_plane(place).toPoint())
    began = time.perf_counter()
    canvas.click(place.x(), place.y())
    after = canvas.view.viewport().grab().toImage().pixelColor(canvas.view.from_plane(place).toPoint())

    # At the pixel nearest to the place the marker may be blended with its rim.
    assert difference(after, theme.current().classes[0]) < 90 < difference(before, theme.current().classes[0])
    assert time.perf_counter() - began < 1.0
