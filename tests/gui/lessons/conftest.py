"""Lessons in a folder of their own, and a hand that clicks what they ask for."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.panels.lesson import LessonPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(shared_window):
    yield shared_window
    shared_window.lessons.leave()
    shared_window.cards.begin_anew()
    shared_window.resize(1280, 800)
    shared_window.files.forget_changes()


@pytest.fixture
def write(tmp_path):
    """Write a lesson, and return its folder."""

    def write_lesson(text, name="own", **experiments):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "lesson.md").write_text(text, encoding="utf-8")
        for file, content in experiments.items():
            (folder / f"{file}.netcanvas").write_bytes(content)
        return folder

    return write_lesson


@pytest.fixture
def begin(window, write, qtbot):
    """Begin a lesson, and return its panel, once it is seen."""

    def begin_lesson(text, name="own"):
        window.open_file(write(text, name))
        panel = window.findChild(LessonPanel)
        qtbot.waitUntil(panel.isVisible)
        return panel

    return begin_lesson


@pytest.fixture
def press(qtbot):
    """Click on a button of the lesson, by its text."""

    def press_button(panel, text):
        def found():
            return [
                button
                for button in panel.findChildren(QPushButton)
                if text in (button.text(), button.accessibleName()) and button.isVisible()
            ]

        qtbot.waitUntil(lambda: bool(found()) and found()[0].height() > 0)
        button = found()[0]
        QTest.mouseClick(button, LEFT, pos=QPoint(button.width() // 2, button.height() // 2))

    return press_button
