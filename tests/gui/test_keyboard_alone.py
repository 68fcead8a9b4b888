"""An hour in class without a mouse: a point is placed, a network trained, a weight turned, all saved and exported."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QPushButton, QSlider

from gui.dialogs.picture import PictureDialog
from gui.items.plane_view import PlaneView
from gui.panels.network.panel import NetworkView
from model.experiment import load_experiment
from model.network.parts import Edge, Unit, weight_position

CTRL, SHIFT, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)
MOST_STOPS = 200


@pytest.fixture
def window(make_window):
    window = make_window()
    window.setFocus()
    return window


def press(key, modifiers=NONE):
    """Press a key where the keyboard is: in a menu, a dialog, or the window."""
    target = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
    QTest.keyClick(target, key, modifiers)


def tab_to(wanted):
    for _ in range(MOST_STOPS):
        if wanted(QApplication.focusWidget()):
            return QApplication.focusWidget()
        press(Qt.Key.Key_Tab)
    raise AssertionError("Tab does not reach it")


def by_card(wanted):
    """Go from card to card with F6, and inside with Tab."""
    for _ in range(MOST_STOPS):
        press(Qt.Key.Key_F6)
        if wanted.window().focusWidget() is not None and wanted.isAncestorOf(QApplication.focusWidget()):
            return
    raise AssertionError("F6 does not reach it")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_place_train_turn_save_and_export(window, panel_of, tmp_path, monkeypatch, qtbot):
    document, n_points = window.document, len(window.document.dataset)
    saved, drawn = tmp_path / "lesson.netcanvas", tmp_path / "network.png"
    # The desktop's own dialog for files is the desktop's.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))

    by_card(panel_of("Data"))
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_2)
    tab_to(lambda widget: isinstance(widget, PlaneView))
    for _ in range(3):
        press(Qt.Key.Key_Right, SHIFT)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert len(document.dataset) == n_points + 1
    np.testing.assert_allclose(document.dataset.points[-1], (3.0, 0.25))
    assert document.dataset.labels[-1] == 1

    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document.displayed.step >= 20)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not document.run.playing)

    by_card(panel_of("Network"))
    tab_to(lambda widget: isinstance(widget, NetworkView))
    assert document.view.selection == Unit(1, 0)
    press(Qt.Key.Key_Right, SHIFT)
    press(Qt.Key.Key_Down)
    assert document.view.selection == Edge(1, 0, 1)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QSlider))
    position = weight_position(document.network_settings, Edge(1, 0, 1))
    before = float(document.run.network.parameters[position])
    for _ in range(5):
        press(Qt.Key.Key_Up)
    turned = float(document.run.network.parameters[position])
    assert turned > before

    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(saved.is_file)
    qtbot.waitUntil(lambda: not window.files.is_modified)
    experiment = load_experiment(saved)
    assert experiment.history.frames[-1].checkpoint.parameters[position] == pytest.approx(turned)
    assert len(experiment.history.frames[-1].dataset) == n_points + 1

    press(Qt.Key.Key_F, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    press(Qt.Key.Key_P)
    dialog = window.findChild(PictureDialog)
    qtbot.waitUntil(dialog.isVisible)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    tab_to(lambda widget: isinstance(widget, QLineEdit) and widget.accessibleName() == "File of the picture")
    press(Qt.Key.Key_A, CTRL)
    QTest.keyClicks(QApplication.focusWidget(), str(drawn))
    tab_to(lambda widget: isinstance(widget, QPushButton) and widget.text() == "Save")
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(drawn.is_file)
    assert not QImage(str(drawn)).isNull()


@pytest.fixture
def panel_of(window):
    return lambda name: window._panels[name]
