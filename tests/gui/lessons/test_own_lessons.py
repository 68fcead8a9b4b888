"""The program's own lessons in a real window: every step is shown, and points at what it names."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMessageBox

from gui.actions.menus.lessons import own_lessons
from gui.items.prose import Prose
from gui.lessons.doing import DOINGS
from gui.lessons.ring import Ring
from gui.lessons.watching import SEEN
from gui.panels.lesson import LessonPanel
from model.lessons.actions import ACTIONS
from model.lessons.facts import FACTS
from model.lessons.reading import read_lesson
from model.network.parts import Unit
from tests.gui.walk import cut_texts, outside

CLASS_A = Unit(1, 0)
LEFT = Qt.MouseButton.LeftButton


def test_the_window_does_every_action_and_knows_every_fact_that_no_moment_has():
    assert set(DOINGS) == set(ACTIONS)
    assert set(SEEN) == {name for name, fact in FACTS.items() if fact.of is None}


@pytest.mark.parametrize("folder", own_lessons(), ids=lambda folder: folder.name)
def test_every_step_is_shown_whole_in_a_small_window_and_points_at_what_it_names(window, folder, qtbot):
    window.resize(1024, 600)
    action = window.findChild(QAction, f"lesson_{int(folder.name[:2])}")
    assert read_lesson(folder).title in action.text()
    action.trigger()
    lesson, panel = window.document.lesson, window.findChild(LessonPanel)
    qtbot.waitUntil(panel.isVisible)
    for number, step in enumerate(lesson.lesson.steps):
        lesson.turn_to(number)
        QApplication.processEvents()
        qtbot.waitUntil(lambda step=step: n_rings(window) == len(step.points))
        assert not [box for box in window.findChildren(QMessageBox) if box.isVisible()], step.title
        faults = [fault for fault in (*cut_texts(window), *outside(window)) if "Lesson" in fault]
        assert faults == [], step.title
        text = panel.findChild(Prose)
        assert "$" not in text.toPlainText(), step.title
        assert text.height() >= 60, step.title


def n_rings(window):
    return sum(ring.isVisible() for ring in window.findChildren(Ring))
