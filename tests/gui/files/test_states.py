from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from model import Dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
DRAWN = Dataset([[0.5, 1.5], [-2.25, 1 / 3], [4.0, -5.0]], [0, 1, 2], [False, True, False], 3)


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture
def text(window, document, clipboard, qtbot):
    """Return the state of an experiment that a person has made and trained."""
    document.points.set_data("", DRAWN)
    for step in (1, 2):
        QTest.keyClick(window, Qt.Key.Key_Right)
        qtbot.waitUntil(partial(lambda step: document.displayed.step == step, step))
    QTest.keyClick(window, Qt.Key.Key_C, CTRL | ALT)
    return clipboard.text()


def test_a_state_that_was_copied_is_pasted_into_another_window(window, document, text, clipboard, qtbot):
    sent = document.displayed.network.parameters.copy()
    document.begin_anew()
    window.files.forget_changes()
    assert document.dataset != DRAWN
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset == DRAWN
    qtbot.waitUntil(lambda: np.array_equal(document.displayed.network.parameters, sent))
    assert window.files.path is None
    assert not window.isWindowModified()
    assert "Opened the state" in window.statusBar().currentMessage()


def test_what_is_unsaved_is_asked_about_before_a_state_takes_its_place(window, document, text, qtbot):
    document.points.clear()
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    box = window.findChild(QMessageBox, "unsaved_changes")
    qtbot.waitUntil(box.isVisible)
    assert len(document.dataset) == 0
    QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.dataset == DRAWN)


def test_a_broken_state_is_refused_and_nothing_changes(window, document, text, clipboard, qtbot):
    clipboard.setText(text[: len(text) // 2])
    window.files.forget_changes()
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    (box,) = (found for found in window.findChildren(QMessageBox) if found.isVisible())
    assert "a part of it is missing" in box.text() + box.informativeText()
    box.close()
    assert document.dataset == DRAWN


def test_too_many_points_are_not_copied_but_said(window, document, clipboard):
    clipboard.setText("before")
    random = np.random.default_rng(0)
    document.points.set_data("", Dataset(random.uniform(-5, 5, (300, 2)), np.arange(300) % 2))
    window.findChild(QAction, "copy_state").trigger()
    assert clipboard.text() == "before"
    assert "Save the experiment and send the file" in window.statusBar().currentMessage()
