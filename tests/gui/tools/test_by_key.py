"""What a tool does with a drag of the mouse it does with keys, too: Ctrl+Return holds, arrows drag, Return lets go."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def view(canvas, sparse):
    canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
    return canvas.view


def go(view, *keys, modifiers=SHIFT):
    for key in keys:
        QTest.keyClick(view, key, modifiers)


def go_to_4_4(view):
    go(view, *[Qt.Key.Key_Right] * 4, *[Qt.Key.Key_Up] * 4)


def test_move_takes_a_point_along(view, document, sparse):
    document.view.set(tool="move")
    go_to_4_4(view)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    go(view, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    np.testing.assert_allclose(document.dataset.points[3], (2.0, 3.0))
    assert document.changes.undo_stack.count() == 1
    go(view, Qt.Key.Key_Left)
    np.testing.assert_allclose(document.dataset.points[3], (2.0, 3.0), err_msg="it was let go")


def test_select_draws_a_frame(view, document):
    document.view.set(tool="select")
    go(view, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    go(view, *[Qt.Key.Key_Right] * 3, *[Qt.Key.Key_Up] * 3)
    assert view._rectangle.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert list(document.view.selected_points) == [3, 4]
    assert not view._rectangle.isVisible()


@pytest.mark.parametrize("tool", ["brush", "erase"])
def test_brush_and_eraser_work_until_they_are_let_go(view, document, sparse, tool, qtbot):
    document.view.set(tool=tool)
    n_points = len(document.dataset)
    go(view, *[Qt.Key.Key_Right] * 3, *[Qt.Key.Key_Up] * 3)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    go(view, Qt.Key.Key_Right, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: len(document.dataset) != n_points)
    QTest.keyClick(view, Qt.Key.Key_Return)
    after = len(document.dataset)
    assert (after > n_points) == (tool == "brush")
    document.changes.undo()
    np.testing.assert_array_equal(document.dataset.points, sparse)


def test_going_elsewhere_lets_go(view, document, sparse):
    document.view.set(tool="move")
    go_to_4_4(view)
    QTest.keyClick(view, Qt.Key.Key_Return, CTRL)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    go(view, Qt.Key.Key_Left)
    np.testing.assert_array_equal(document.dataset.points, sparse)
