"""What a tool has to do with the window round it: keys, the points that are drawn, and the training that goes on."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui import theme
from gui.items.plane_view import PlaneView
from gui.tools import TOOLS
from model import Dataset
from model.data.edits import ReplaceAll


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture
def canvas(window, hand_on):
    return hand_on(window.findChild(PlaneView, "data_canvas"))


def test_keys_choose_the_tool_and_a_focused_canvas_takes_the_arrows_for_itself(window, document, canvas):
    for name, tool in TOOLS.items():
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{tool.shortcut}"))
        assert document.view.settings.tool == name
    document.view.set(tool="point")
    canvas.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.view.hasFocus()
    QTest.keyClick(canvas.view, Qt.Key.Key_2)
    for _ in range(4):
        QTest.keyClick(canvas.view, Qt.Key.Key_Right)
    QTest.keyClick(canvas.view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas.view, Qt.Key.Key_Return)

    np.testing.assert_allclose(document.dataset.points[-1], (1.0, 1.0))
    assert document.dataset.labels[-1] == 1
    assert document.displayed.step == 0, "the arrow takes no step of training"


def test_an_xor_of_four_clicks_is_learned(window, document, canvas, qtbot):
    QTest.keyClick(window, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    for key, places in ((Qt.Key.Key_1, ((-3, -3), (3, 3))), (Qt.Key.Key_2, ((-3, 3), (3, -3)))):
        QTest.keyClick(window, key)
        for place in places:
            canvas.click(*place)
    assert document.dataset.n_test == 0
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document.displayed.step > 500 and document.displayed.metrics.train_accuracy == 1.0)
    QTest.keyClick(window, Qt.Key.Key_Space)

    np.testing.assert_array_equal(document.displayed.network.predicted_classes(document.dataset.points), [0, 0, 1, 1])


def test_a_point_is_in_the_first_picture_after_its_click_under_the_mouse_while_training(
    document, canvas, pixels, qtbot
):
    document.changes.edit_points("one point", ReplaceAll(Dataset([(-5.0, -5.0)], [0], n_classes=3)))
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 100)
    document.view.set(current_class=1)
    pixel = canvas.click(1.0, 2.0)
    y, x = np.nonzero(pixels(canvas.view) == theme.current().classes[1].rgb())

    assert len(x) > 20
    np.testing.assert_allclose((x.mean(), y.mean()), (pixel.x(), pixel.y()), atol=1.0)


def test_selected_points_have_a_halo_and_dragging_them_changes_what_is_learned(document, canvas, sparse, pixels, qtbot):
    document.view.set(tool="select")
    without = pixels(canvas.view)
    canvas.drag((2.0, 2.0), (5.0, 5.0))
    y, x = np.nonzero(pixels(canvas.view) != without)
    marked = [canvas.at(*sparse[index]) for index in (3, 4)]
    distances = [np.hypot(x - pixel.x(), y - pixel.y()) for pixel in marked]
    assert len(x) > 20
    assert np.min(distances, axis=0).max() < 15, "nothing else is drawn otherwise"

    document.view.set(tool="move")
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 100)
    canvas.press(4.0, 4.0)
    canvas.move(0.0, 0.0)
    step, dataset = document.displayed.step, document.dataset
    qtbot.waitUntil(lambda: document.displayed.step > step + 100)
    assert document.displayed.moment.dataset == dataset, "while the button is still held"
    canvas.release(0.0, 0.0)
