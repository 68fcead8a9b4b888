"""The plane is panned with the right or the middle button, or with Space held, and none of that gets in the way."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.items.plane_view import PlaneView

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture(params=["data_canvas", "output_view"])
def view(request, window):
    view = window.findChild(PlaneView, request.param)
    view.fit()
    return view


def drag(view, button, start, end):
    viewport = view.viewport()
    QTest.mousePress(viewport, button, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, button, pos=end)


@pytest.mark.parametrize("button", [RIGHT, MIDDLE])
def test_a_drag_moves_the_plane_along_and_changes_nothing(window, document, view, button):
    start, before = view.viewport().rect().center(), document.dataset
    place = view.to_plane(start)
    drag(view, button, start, start + QPoint(40, -30))
    moved = view.from_plane(place).toPoint() - start
    assert (moved - QPoint(40, -30)).manhattanLength() <= 2
    assert QApplication.activePopupWidget() is None
    assert document.dataset is before


def test_a_drag_with_space_pans_and_trains_nothing(window, document, view):
    start, before = view.viewport().rect().center(), document.dataset
    place = view.to_plane(start)
    QTest.mouseMove(view.viewport(), start)
    QTest.keyPress(window, Qt.Key.Key_Space)
    drag(view, LEFT, start, start + QPoint(40, -30))
    QTest.keyRelease(window, Qt.Key.Key_Space)
    moved = view.from_plane(place).toPoint() - start
    assert (moved - QPoint(40, -30)).manhattanLength() <= 2
    assert not document.run.playing
    assert document.dataset is before
    QTest.mouseClick(view.viewport(), LEFT, pos=start)
    assert len(document.dataset) == len(before) + 1, "without Space the tool is at work again"


def test_space_alone_plays_and_pauses_over_a_view_too(window, document, view, qtbot):
    QTest.mouseMove(view.viewport(), view.viewport().rect().center())
    QTest.keyPress(window, Qt.Key.Key_Space)
    QTest.keyRelease(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document.run.playing)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not document.run.playing)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("dragged", [False, True])
def test_where_the_menu_is_asked_for_by_the_press_it_waits_for_the_release(window, view, dragged, qtbot):
    viewport = view.viewport()
    place, end = viewport.rect().center(), viewport.rect().center() + QPoint(50, 20) * dragged
    QTest.mousePress(viewport, RIGHT, pos=place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    assert QApplication.activePopupWidget() is None
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, RIGHT, pos=end)
    if dragged:
        assert QApplication.activePopupWidget() is None
    else:
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
        QApplication.activePopupWidget().close()
