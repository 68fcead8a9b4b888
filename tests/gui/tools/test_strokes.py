"""The tools in the hand on a view, with mouse events; data units are computed anew, not asked of the view."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from gui import theme
from gui.tools import TOOLS

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=["paused", "training"])
def document(request, document, qtbot):
    """A document, paused or while it trains."""
    if request.param == "training":
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
    return document


class TestPoint:
    @pytest.mark.parametrize("pixel_offset", [(0, 0), (37, -21)])
    def test_a_click_places_a_point_exactly_at_the_mouse(self, document, canvas, units_at, half_a_pixel, pixel_offset):
        pixel = canvas.at(0.0, 0.0) + QPoint(*pixel_offset)
        before = len(document.dataset)
        QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=pixel)

        assert len(document.dataset) == before + 1
        placed = document.dataset.points[-1]
        np.testing.assert_allclose(placed, units_at(canvas.view, pixel), atol=half_a_pixel(canvas.view))
        assert document.changes.undo_stack.count() == 1

    def test_also_after_zoom_and_pan(self, document, canvas, units_at, half_a_pixel):
        canvas.wheel(canvas.at(2.0, 1.0), 5)
        canvas.pan(QPoint(120, 100), QPoint(151, 83))
        pixel = QPoint(90, 133)
        QTest.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=pixel)

        assert half_a_pixel(canvas.view) < 0.015, "it is zoomed"
        placed = document.dataset.points[-1]
        np.testing.assert_allclose(placed, units_at(canvas.view, pixel), atol=half_a_pixel(canvas.view))

    @pytest.mark.parametrize("current_class", [0, 2])
    def test_the_class_is_the_chosen_one(self, document, canvas, current_class):
        document.view.set(current_class=current_class)
        canvas.click(1.0, 1.0)
        assert document.dataset.labels[-1] == current_class

    def test_with_the_button_held_it_can_still_be_moved(self, document, canvas, half_a_pixel):
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

    def test_many_clicks_are_many_steps(self, document, canvas):
        places = [(x, y) for x in (-4.0, -1.0, 2.0) for y in (-4.0, 0.0, 4.0)]
        for place in places:
            canvas.click(*place)
        assert len(document.dataset) == 249
        for _ in places:
            document.changes.undo()
        assert len(document.dataset) == 240
        assert not document.changes.undo_stack.canUndo()


class TestBrush:
    @pytest.fixture(autouse=True)
    def brush(self, document):
        document.view.set(tool="brush", brush_radius=0.5, brush_density=400.0)

    def test_sprays_within_its_circle_while_the_button_is_held(self, document, canvas, half_a_pixel, qtbot):
        canvas.press(2.0, 2.0)
        qtbot.waitUntil(lambda: len(document.dataset) >= 260)
        canvas.release(2.0, 2.0)

        distances = np.hypot(*(document.dataset.points[240:] - (2.0, 2.0)).T)
        assert distances.max() <= 0.5 + 2 * half_a_pixel(canvas.view)
        assert document.changes.undo_stack.count() == 1
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

    def test_shows_its_circle_under_the_mouse(self, document, canvas, pixels, half_a_pixel, qtbot):
        document.view.set(brush_radius=2.0)
        without = pixels(canvas.view)
        centre, radius = canvas.at(1.0, -1.0), 2.0 / (2 * half_a_pixel(canvas.view))
        canvas.move(0.0, 0.0)
        canvas.move(1.0, -1.0)
        # The move goes through the screen, which takes its time.
        qtbot.waitUntil(lambda: document.view.cursor is not None and document.view.cursor[0] > 0.9)
        y, x = np.nonzero(pixels(canvas.view) != without)

        assert len(x) > radius
        np.testing.assert_allclose(np.hypot(x - centre.x(), y - centre.y()), radius, atol=2.5)

    def test_a_tool_chosen_during_a_stroke_waits_for_its_end(self, document, canvas, sparse):
        canvas.press(0.0, 0.0)
        document.view.set(tool="erase")
        canvas.move(4.0, 4.0)
        assert is_spraying(document)
        canvas.release(4.0, 4.0)

        assert len(document.dataset) > len(sparse)
        np.testing.assert_array_equal(document.dataset.points[: len(sparse)], sparse)
        assert not is_spraying(document)
        canvas.drag((4.0, 4.0), (4.0, 3.9))
        assert tuple(sparse[3]) not in set(map(tuple, document.dataset.points))

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
    def move(self, document, sparse):
        document.view.set(tool="move")

    def test_drags_the_point_under_the_mouse(self, document, canvas, sparse, half_a_pixel):
        canvas.drag((4.0, 4.0), (4.5, 4.2), (5.0, 1.0))

        np.testing.assert_allclose(document.dataset.points[3], (5.0, 1.0), atol=4 * half_a_pixel(canvas.view))
        np.testing.assert_array_equal(document.dataset.points[[0, 1, 2, 4]], sparse[[0, 1, 2, 4]])
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, sparse)

    def test_takes_the_selection_along(self, document, canvas, sparse, half_a_pixel):
        document.view.select_points(np.array([0, 3, 4]))
        canvas.drag((4.0, 4.0), (3.0, 4.0), (2.0, 4.0))

        moved = document.dataset.points - sparse
        tolerance = 4 * half_a_pixel(canvas.view)
        np.testing.assert_allclose(moved[[0, 3, 4]], [(-2.0, 0.0)] * 3, atol=tolerance)
        np.testing.assert_array_equal(moved[[1, 2]], 0.0)
        assert list(document.view.selected_points) == [0, 3, 4]

    def test_at_the_edge_of_the_plane_all_of_it_stops(self, document, canvas, sparse):
        document.view.select_points(np.array([0, 3]))
        canvas.drag((4.0, 4.0), (5.9, 5.9), (5.99, 0.0))
        canvas.drag(tuple(document.dataset.points[3]), (5.9, 5.9), (5.9, 5.9))

        assert np.abs(document.dataset.points).max() <= 6.0
        way = document.dataset.points - sparse
        np.testing.assert_allclose(way[0], way[3])

    def test_a_click_beside_every_point_lets_the_selection_go(self, document, canvas):
        document.view.select_points(np.array([0, 3]))
        canvas.click(0.0, 0.0)

        assert len(document.view.selected_points) == 0
        assert not document.changes.undo_stack.canUndo()

    def test_delete_during_the_drag_ends_it(self, document, canvas, sparse):
        canvas.press(3.0, 3.0)
        canvas.move(3.5, 3.0)
        document.points.delete_selected()
        canvas.move(2.0, 2.0)
        canvas.release(2.0, 2.0)

        np.testing.assert_array_equal(document.dataset.points, sparse[:4])
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, sparse)


class TestSelect:
    @pytest.fixture(autouse=True)
    def select(self, document, sparse):
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

    def test_its_frame_is_drawn_while_the_button_is_held(self, canvas, pixels):
        def accent_pixels():
            """Count the pixels of about the accent colour: a line between two pixels is blended with the ground."""
            accent = np.array(theme.current().accent.getRgb()[:3])
            colours = np.stack([pixels(canvas.view) >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(int)
            return np.count_nonzero(np.abs(colours - accent).sum(axis=-1) < 200)

        empty = accent_pixels()
        canvas.press(0.5, 0.5)
        canvas.move(5.9, 5.9)
        assert accent_pixels() > empty + 50
        canvas.release(5.9, 5.9)
        assert accent_pixels() == empty


class TestErase:
    @pytest.fixture(autouse=True)
    def erase(self, document, sparse):
        document.view.set(tool="erase", brush_radius=0.5)

    def test_removes_what_the_mouse_passes_over_in_one_step(self, document, canvas, sparse):
        canvas.drag((4.0, -4.0), (4.0, 0.0), (4.0, 4.0))

        np.testing.assert_array_equal(document.dataset.points, sparse[[0, 1, 4]])
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, sparse)

    def test_where_there_is_no_point_there_is_nothing_to_undo(self, document, canvas):
        canvas.drag((0.0, 0.0), (1.0, 0.0))
        assert not document.changes.undo_stack.canUndo()


@pytest.mark.parametrize("name", TOOLS)
def test_each_tool_survives_a_stroke_without_points(document, canvas, name):
    document.points.clear()
    document.view.set(tool=name)
    canvas.drag((0.0, 0.0), (1.0, 1.0), (2.0, 0.0))
    assert len(document.dataset) == (1 if name in ("point", "brush") else 0)


class TestDragOfTheSelection:
    """The tool that has made a selection moves it, too."""

    def test_the_select_tool_drags_what_it_has_selected(self, document, canvas, sparse, half_a_pixel):
        document.view.set(tool="select")
        canvas.drag((2.0, 2.0), (5.0, 5.0))
        assert list(document.view.selected_points) == [3, 4]
        canvas.drag((4.0, 4.0), (2.0, 1.0), (2.0, 0.0))
        expected = sparse.copy()
        expected[[3, 4]] += (-2.0, -4.0)
        np.testing.assert_allclose(document.dataset.points, expected, atol=2 * half_a_pixel(canvas.view))
        assert list(document.view.selected_points) == [3, 4]
        document.changes.undo()
        np.testing.assert_array_equal(document.dataset.points, sparse)

    def test_a_click_on_a_selected_point_selects_it_alone(self, document, canvas, sparse):
        document.view.set(tool="select")
        document.view.select_points(np.array([3, 4]))
        canvas.click(4.0, 4.0)
        assert list(document.view.selected_points) == [3]
        assert not document.changes.undo_stack.canUndo()

    def test_the_move_tool_drags_the_selection_from_beside_the_points(self, document, canvas, sparse, half_a_pixel):
        document.view.set(tool="move")
        document.view.select_points(np.array([0, 3]))
        canvas.drag((0.0, 0.0), (1.0, 0.5), (1.0, 1.0))
        expected = sparse.copy()
        expected[[0, 3]] += 1.0
        np.testing.assert_allclose(document.dataset.points, expected, atol=2 * half_a_pixel(canvas.view))
        assert list(document.view.selected_points) == [0, 3]
