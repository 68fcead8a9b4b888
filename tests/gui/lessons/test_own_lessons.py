"""The program's own lessons in a real window: every step is shown, and two of them are followed as a person would."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QPushButton, QToolButton, QWidget

from gui.actions.menus.lessons import own_lessons
from gui.items.prose import Prose
from gui.lessons.doing import DOINGS
from gui.lessons.places import find
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


class Follower:
    """Clicks what the steps ask for."""

    def __init__(self, window, qtbot, named):
        self.window, self.document, self.named, self.qtbot = window, window.document, named, qtbot

    def begin(self, number):
        self.window.findChild(QAction, f"lesson_{number}").trigger()
        self.panel = self.window.findChild(LessonPanel)
        self.qtbot.waitUntil(self.panel.isVisible)

    def click(self, name, kind=QToolButton):
        QTest.mouseClick(self.named(self.window, name, kind), LEFT)

    def click_at(self, widget, place):
        QTest.mouseClick(widget, LEFT, pos=place)

    def click_unit(self, name):
        place = find(self.window, name)
        self.qtbot.waitUntil(lambda: not place.area().isEmpty())
        self.click_at(place.widget, place.area().center())

    def go_on(self):
        """Wait until the step is ticked, and go on to the next."""
        self.qtbot.waitUntil(lambda: self.document.lesson.progress.is_done)
        self.read()

    def read(self):
        step_next = self.panel.findChild(QPushButton, "lesson_next")
        self.qtbot.waitUntil(lambda: bool(step_next.property("primary")))
        QTest.mouseClick(step_next, LEFT)
        QApplication.processEvents()


@pytest.fixture
def follower(window, qtbot, named):
    return Follower(window, qtbot, named)


def test_the_first_steps(window, follower, qtbot, named, tmp_path):
    document = window.document
    follower.begin(0)
    canvas = named(window, "Data canvas")
    follower.click_at(canvas.viewport(), canvas.viewport().rect().center() + QPoint(31, 17))
    follower.go_on()
    follower.click("Play")
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    QTest.mouseClick(window.findChild(QToolButton, "play"), LEFT)
    follower.go_on()
    follower.click_unit("h1.1")
    follower.go_on()
    bar = named(window, "Moments of the run")
    QTest.mouseClick(bar, LEFT, pos=QPoint(bar.width() // 3, bar.height() // 2))
    follower.go_on()
    window.findChild(QAction, "export_picture").trigger()
    dialog = window.findChild(QDialog, "picture_dialog")
    named(dialog, "File of the picture", QLineEdit).setText(str(tmp_path / "seen.png"))
    (save,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "Save"]
    QTest.mouseClick(save, LEFT)
    follower.go_on()
    follower.read()
    assert not follower.panel.isVisible()


def test_softmax_on_three_clouds(window, follower, named, qtbot):
    document = window.document
    follower.begin(1)
    follower.read()
    diagram = named(window, "Network diagram")
    qtbot.waitUntil(lambda: not diagram.area_of(CLASS_A).isEmpty())
    follower.click_at(diagram, diagram.area_of(CLASS_A).center())
    follower.go_on()
    follower.click("Probe")
    canvas = named(window, "Data canvas", QWidget)
    follower.click_at(canvas.viewport(), canvas.viewport().rect().center())
    follower.go_on()
    follower.read()
    follower.click("Edges: Gradients")
    follower.go_on()
    follower.click("Step")
    follower.go_on()
    assert document.displayed.metrics.train_loss == pytest.approx(0.52, abs=0.01)
    (do_it,) = [
        button
        for button in follower.panel.findChildren(QPushButton)
        if button.accessibleName() == "Do it: Train 49 steps"
    ]
    QTest.mouseClick(do_it, LEFT)
    follower.go_on()
    assert document.displayed.metrics.train_loss == pytest.approx(0.258, abs=0.001)
    follower.click("Surface: Regions")
    follower.go_on()
    assert document.displayed.metrics.train_accuracy == pytest.approx(0.883, abs=0.001)
    window.findChild(QAction, "without_biases").trigger()
    follower.go_on()
    follower.read()
    assert document.lesson.lesson is None
