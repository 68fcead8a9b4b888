"""Help > About NetCanvas."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from gui.document.engine import EngineWords, TrainingEngine
from gui.program.startup import version


def test_says_and_copies_what_the_program_is_made_of(shared_window, qtbot, monkeypatch):
    monkeypatch.setattr(TrainingEngine, "words", lambda engine: EngineWords("NumPy", "All that can be said. " * 20))
    shared_window.findChild(QAction, "about").trigger()
    dialog = shared_window.findChild(QDialog, "about_dialog")
    with qtbot.waitExposed(dialog):
        pass
    texts = [label.text() for label in dialog.findChildren(QLabel)]

    wrapped = [label for label in dialog.findChildren(QLabel) if label.wordWrap()]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in wrapped)
    assert {version(), np.__version__} <= set(texts)
    assert shared_window.document.engine.words().long in texts
    (copy,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Copy"]
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert f"NetCanvas {version()}\n" in QGuiApplication.clipboard().text()
    assert "engine: NumPy" in QGuiApplication.clipboard().text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
