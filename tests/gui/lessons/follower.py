"""A person who follows a lesson in the window, with mouse and keys."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from gui.panels.lesson import LessonPanel
from gui.widgets.fields import IntegerBox, Slider
from gui.widgets.texts import plain
from model.network.parts import Unit

LEFT = Qt.MouseButton.LeftButton


class Follower:
    """Clicks what the steps ask for, and sees that they are ticked."""

    def __init__(self, window, qtbot):
        self.window, self.document, self.qtbot = window, window.document, qtbot

    def begin(self, number):
        self.choose("Lessons", self.window.findChild(QAction, f"lesson_{number}").text())
        self.panel = self.window.findChild(LessonPanel)
        self.qtbot.waitUntil(self.panel.isVisible)

    @property
    def metrics(self):
        return self.document.displayed.metrics

    @property
    def is_done(self):
        return self.document.lesson.progress.is_done

    def seen(self, name, kind=QWidget):
        """Return the one widget that is called so and can be seen, once there is one."""

        def found():
            widgets = self.window.findChildren(kind)
            return [each for each in widgets if each.accessibleName() == name and each.isVisible()]

        self.qtbot.waitUntil(lambda: len(found()) == 1)
        return found()[0]

    def click(self, name, kind=QToolButton):
        QTest.mouseClick(self.seen(name, kind), LEFT)

    def click_at(self, widget, place):
        QTest.mouseClick(widget, LEFT, pos=place)

    def click_unit(self, layer, index):
        """Click on a neuron of the diagram."""
        diagram = self.seen("Network diagram")
        self.qtbot.waitUntil(lambda: not diagram.area_of(Unit(layer, index)).isEmpty())
        self.click_at(diagram, diagram.area_of(Unit(layer, index)).center())

    def probe(self):
        """Take the tool, and click on a point of the canvas."""
        self.click("Probe")
        canvas = self.seen("Data canvas").viewport()
        self.click_at(canvas, canvas.rect().center())

    def choose(self, menu, text):
        """Choose from a menu of the window, by the words that stand there."""
        bar = self.window.menuBar()
        (title,) = [action for action in bar.actions() if plain(action.text()) == plain(menu)]
        self.click_at(bar, bar.actionGeometry(title).center())
        opened = title.menu()
        self.qtbot.waitUntil(opened.isVisible)
        (entry,) = [action for action in opened.actions() if plain(action.text()) == plain(text)]
        assert isinstance(opened, QMenu)
        self.click_at(opened, opened.actionGeometry(entry).center())
        self.qtbot.waitUntil(lambda: not opened.isVisible())

    def play_until(self, reached):
        """Press Play, and Pause once it is so."""
        self.click("Play")
        self.qtbot.waitUntil(reached)
        self.pause()

    def pause(self):
        QTest.mouseClick(self.window.findChild(QToolButton, "play"), LEFT)
        self.qtbot.waitUntil(lambda: not self.document.run.playing)

    def take_up(self, title):
        """Let the lesson do what the step offers."""
        QTest.mouseClick(self.seen(f"Do it: {title}", QPushButton), LEFT)

    def turn_to_the_end(self, name, *, upwards):
        """Drag a slider of the inspector to one of its ends, and let it go."""
        slider = self.seen(f"{name}, slider", Slider)
        end = QPoint(slider.width() - 1 if upwards else 0, slider.height() // 2)
        QTest.mousePress(slider, LEFT, pos=handle_of(slider).center())
        QTest.mouseMove(slider, end)
        QTest.mouseRelease(slider, LEFT, pos=end)

    def type_into(self, name, text, kind=IntegerBox):
        """Type into a field; Return ends it."""
        field = self.seen(name, kind)
        edit = field.lineEdit() if isinstance(field, QComboBox) else field
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def drop_down(self, name, text):
        """Choose from a field that drops down, with the keys."""
        box = self.seen(name, QComboBox)
        box.setFocus()
        for _ in range(box.count()):
            QTest.keyClick(box, Qt.Key.Key_Up)
        while box.currentText() != text:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() != before, text

    def dialog(self, name):
        """Return a dialog, once it is seen."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.window.findChildren(QDialog, name)))
        (found,) = [each for each in self.window.findChildren(QDialog, name) if each.isVisible()]
        return found

    def save(self, dialog, name, path):
        """Write what a dialog is about into a file, whose field has a name."""
        (field,) = [each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == name]
        field.setText(str(path))
        (button,) = [
            button for button in dialog.findChildren(QPushButton) if plain(button.text()) in ("save", "export")
        ]
        QTest.mouseClick(button, LEFT)

    def go_on(self):
        """Wait until the step is ticked, and go on to the next."""
        self.qtbot.waitUntil(lambda: self.is_done)
        self.read()

    def read(self):
        """Go on from a step that asks for nothing, or is done."""
        step_next = self.panel.findChild(QPushButton, "lesson_next")
        self.qtbot.waitUntil(lambda: bool(step_next.property("primary")))
        QTest.mouseClick(step_next, LEFT)
        QApplication.processEvents()

    def is_left(self):
        return self.document.lesson.lesson is None and not self.panel.isVisible()


def handle_of(slider):
    """Return where the handle of a slider is."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, slider)
