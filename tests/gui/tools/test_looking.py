"""Looking about with a tool in the hand: wheel, middle button, double click and keys do no work of the tool."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest


def test_the_wheel_keeps_the_point_under_the_mouse(canvas, units_at, half_a_pixel):
    for pixel, notches in ((QPoint(80, 60), 3), (QPoint(200, 180), 4), (QPoint(150, 90), -2)):
        before, scale = units_at(canvas.view, pixel), half_a_pixel(canvas.view)
        canvas.wheel(pixel, notches)

        np.testing.assert_allclose(units_at(canvas.view, pixel), before, atol=scale)
        assert (half_a_pixel(canvas.view) < scale) is (notches > 0)


def test_the_middle_button_pans_with_the_mouse(document, canvas, units_at, half_a_pixel):
    start, end = QPoint(90, 80), QPoint(151, 113)
    grabbed = units_at(canvas.view, start)
    canvas.pan(start, end)

    np.testing.assert_allclose(units_at(canvas.view, end), grabbed, atol=half_a_pixel(canvas.view))
    assert len(document.dataset) == 240
    assert not document.changes.undo_stack.canUndo()


def test_a_double_click_fits_and_places_no_point(document, canvas):
    canvas.wheel(QPoint(100, 100), 5)
    canvas.double_click(0.0, 0.0)

    np.testing.assert_allclose(canvas.view.box.viewRange(), [(-6.0, 6.0)] * 2, atol=0.3)
    assert len(document.dataset) == 240
    assert not document.changes.undo_stack.canUndo()


def test_a_double_click_on_what_fits_is_two_clicks(document, canvas):
    canvas.double_click(1.0, 1.0)
    assert len(document.dataset) == 242


def test_a_double_click_beside_the_plot_takes_nothing_back(document, canvas):
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


def test_there_is_an_end_to_zooming(canvas):
    for notches in (60, -120):
        for _ in range(3):
            canvas.wheel(QPoint(140, 120), notches)
        (x_min, x_max), _ = canvas.view.box.viewRange()
        assert 0.19 < x_max - x_min < 61


def test_the_cursor_is_known_in_data_units(document, canvas, half_a_pixel, qtbot):
    def is_there():
        cursor = document.view.cursor or (np.nan, np.nan)
        return np.allclose(cursor, (2.0, -3.0), rtol=0, atol=2 * half_a_pixel(canvas.view))

    # A move goes through the screen, which takes its time.
    canvas.move(0.0, 0.0)
    canvas.move(2.0, -3.0)
    qtbot.waitUntil(is_there)
    QTest.mouseMove(canvas.view.viewport(), QPoint(2, 100))
    qtbot.waitUntil(lambda: document.view.cursor is None)


def test_plus_minus_and_zero_zoom_and_fit(canvas):
    def width():
        (x_min, x_max), _ = canvas.view.box.viewRange()
        return x_max - x_min

    QTest.keyClick(canvas.view, Qt.Key.Key_Plus)
    zoomed = width()
    assert zoomed < 11
    QTest.keyClick(canvas.view, Qt.Key.Key_Minus)
    assert width() > zoomed
    QTest.keyClick(canvas.view, Qt.Key.Key_0)
    assert width() == pytest.approx(12, abs=0.5)
