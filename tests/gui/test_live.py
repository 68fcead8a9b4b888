"""A live window at full speed, with a person who does everything that can be done: five seconds, or twenty.

The guard for what short tests miss: PySide6 6.12.0 drops one reference to None with every painted item below Python
3.12 and one to True with every emitted signal, and the interpreter aborts after seconds of painting ("none_dealloc").
"""

import gc
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QCheckBox, QSlider, QToolButton, QWidget

from gui.items.plane_view import PlaneView
from gui.tools import TOOLS
from tests.gui.living import live
from tests.gui.mouse import send_move

WARM_UP_SECONDS = 6.0
MOST_GROWTH_MB = 50.0

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SHIFT, CTRL, NONE = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)
KEYS = [
    *((key, NONE) for key in (Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_T)),
    *((Qt.Key(Qt.Key.Key_0.value + digit), NONE) for digit in range(1, 9)),
    *((getattr(Qt.Key, f"Key_{tool.shortcut}"), NONE) for tool in TOOLS.values()),
    *((key, CTRL) for key in (Qt.Key.Key_A, Qt.Key.Key_Y, Qt.Key.Key_G, Qt.Key.Key_R, Qt.Key.Key_L, Qt.Key.Key_Left)),
    *[(Qt.Key.Key_Z, CTRL)] * 8,
    (Qt.Key.Key_Right, SHIFT),
    (Qt.Key.Key_Right, CTRL),
    (Qt.Key.Key_L, CTRL | SHIFT),
]
LONG_WORK = ("Regenerate", "Change to the light theme", "Change to the dark theme")
"""Buttons that a person does not press twenty times a second, by accessible name."""


class Person(QObject):
    """Does one thing after the other with mouse and keys, at random."""

    def __init__(self, window, turn_wheel):
        super().__init__(window)
        self.window = window
        self.document = window.document
        self.turn_wheel = turn_wheel
        self.random = random.Random(1)
        self.steps, self._last_step = 0, 0
        self.document.run.displayed_changed.connect(self._count_steps)
        self.things = [
            *[self.stroke] * 4,
            *[self.hover_and_select] * 2,
            *[self.press_button] * 2,
            self.press_key,
            self.wheel_and_pan,
            self.drag_slider,
            self.type_number,
            self.hide_and_show,
            self.resize,
        ]
        self.next_things = []
        self.done = set()

    @Slot()
    def _count_steps(self):
        step = self.document.displayed.step
        self.steps += max(step - self._last_step, 0)
        self._last_step = step

    def act(self):
        """Do something, and see that training goes on."""
        # Each has its turn before another has it again.
        self.next_things = self.next_things or self.random.sample(self.things, len(self.things))
        thing = self.next_things.pop()
        thing()
        self.done.add(thing)
        if self.document.network_settings.n_parameters > 400 or len(self.document.dataset) > 2000:
            self.document.changes.undo()
        if not self.document.run.playing:
            self.window.setFocus()
            QTest.keyClick(self.window, Qt.Key.Key_Space)
        if self.document.view.settings.speed is not None and self.random.random() < 0.5:
            self.document.view.set(speed=None)

    def place(self, widget):
        return QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height()))

    def plane(self):
        name = self.random.choice(["data_canvas", "data_canvas", "output_view"])
        return self.window.findChild(PlaneView, name)

    def stroke(self):
        viewport = self.plane().viewport()
        self.document.view.set(tool=self.random.choice(list(TOOLS)), brush_density=150.0)
        QTest.mousePress(viewport, LEFT, self.random.choice([NONE, SHIFT]), self.place(viewport))
        for _ in range(self.random.randrange(6)):
            send_move(viewport, self.place(viewport))
            live(5)
        QTest.mouseRelease(viewport, LEFT, NONE, self.place(viewport))

    def wheel_and_pan(self):
        view = self.plane()
        viewport = view.viewport()
        self.turn_wheel(viewport, self.place(viewport), self.random.choice([-3, -1, 1, 3]))
        QTest.mousePress(viewport, MIDDLE, NONE, self.place(viewport))
        send_move(viewport, self.place(viewport))
        QTest.mouseRelease(viewport, MIDDLE, NONE, self.place(viewport))
        live(10)
        at = view.from_plane(QPointF(view.box.viewRect().center())).toPoint()
        QTest.mouseClick(viewport, LEFT, NONE, at)
        QTest.mouseDClick(viewport, LEFT, NONE, at)
        QTest.mouseRelease(viewport, LEFT, NONE, at)

    def hover_and_select(self):
        for name in ("network_view", "loss_view"):
            widget = self.window.findChild(QWidget, name)
            for _ in range(5):
                send_move(widget, self.place(widget))
                live(4)
            QTest.mouseClick(widget, LEFT, NONE, self.place(widget))
        network = self.window.findChild(QWidget, "network_view")
        rects = self.random.choice(network.diagram.layout.rects)
        QTest.mouseClick(network, LEFT, NONE, self.random.choice(rects).center().toPoint())

    def press_button(self):
        buttons = [
            button
            for kind in (QToolButton, QCheckBox)
            for button in self.window.findChildren(kind)
            if button.isVisible() and button.isEnabled() and not (isinstance(button, QToolButton) and button.menu())
        ]
        button: QAbstractButton = self.random.choice(buttons)
        if button.accessibleName() not in LONG_WORK or self.random.random() < 0.2:
            QTest.mouseClick(button, LEFT, NONE, button.rect().center())

    def press_key(self):
        self.window.setFocus()
        for _ in range(3):
            key, modifiers = self.random.choice(KEYS)
            QTest.keyClick(self.window, key, modifiers)
            live(3)

    def drag_slider(self):
        slider = self.random.choice([slider for slider in self.window.findChildren(QSlider) if slider.isVisible()])
        share = (slider.value() - slider.minimum()) / (slider.maximum() - slider.minimum())
        start = QPoint(round(6 + share * (slider.width() - 12)), slider.height() // 2)
        QTest.mousePress(slider, LEFT, NONE, start)
        for _ in range(4):
            if not (shiboken6.isValid(slider) and slider.isVisible()):
                return  # The screen's own mouse has selected something else meanwhile.
            send_move(slider, QPoint(self.random.randrange(slider.width()), start.y()))
            live(4)
        if shiboken6.isValid(slider):
            QTest.mouseRelease(slider, LEFT, NONE, start)

    def type_number(self):
        fields = [field for field in self.window.findChildren(QAbstractSpinBox) if field.isVisible()]
        field = self.random.choice(fields)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, str(self.random.randrange(1, 20)))
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.window.setFocus()

    def hide_and_show(self):
        key = Qt.Key(Qt.Key.Key_0.value + self.random.randrange(1, 6))
        self.window.setFocus()
        for _ in range(2):
            QTest.keyClick(self.window, key, CTRL)
            live(10)

    def resize(self):
        self.window.resize(self.random.randrange(1280, 1580), self.random.randrange(800, 980))


def resident_mb():
    """Return the memory that this process has, in MB; 0 where it is not known."""
    gc.collect()
    if sys.platform != "linux":
        return 0.0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def real_input(window, seconds):
    """Start a program that moves and clicks the screen's own mouse over the window's views, where there is a screen."""
    if shutil.which("xdotool") is None or QGuiApplication.platformName() != "xcb":
        return None
    generator = random.Random(2)
    commands = []
    for _ in range(int(seconds / 0.1)):
        name = generator.choice(["data_canvas", "output_view", "network_view", "loss_view"])
        widget = window.findChild(QWidget, name)
        corner = widget.mapToGlobal(QPoint(0, 0))
        x = corner.x() + generator.randrange(widget.width())
        y = corner.y() + generator.randrange(widget.height())
        what = generator.choice(["", "click 1", "mousedown 1", "mouseup 1", "click 4", "click 5", "click 2"])
        commands += [f"mousemove {x} {y}", *([what] if what else []), "sleep 0.06"]
    commands.append("mouseup 1")
    program = subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True)
    program.stdin.write("\n".join(commands))
    program.stdin.close()
    return program


@pytest.fixture
def lived(request, make_window, wheel, qtbot):
    """Let a person use a window for so many seconds; return how many megabytes it has grown by."""

    def live_for(seconds):
        window = make_window()
        person = Person(window, wheel)
        mouse = real_input(window, 0.75 * seconds)
        if mouse is not None:
            request.addfinalizer(lambda: (mouse.kill(), mouse.wait()))
        # What earlier tests have left in cycles must not be freed in the middle: it holds many references to None.
        gc.collect()
        references = sys.getrefcount(None), sys.getrefcount(True)
        growth = use(person, seconds)
        if mouse is not None:
            while mouse.poll() is None:
                live(50)
            assert mouse.returncode == 0

        document = window.document
        assert person.steps > 20 * seconds  # However busy the machine is, it was used.
        document.run.set_playing(False)
        document.points.regenerate()  # However it was left, there are points again.
        step = document.displayed.step
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step > step)
        for before, constant in zip(references, (None, True), strict=True):
            assert sys.getrefcount(constant) > before - 1000, f"references to {constant} are lost"
        assert QApplication.activeModalWidget() is None
        return growth

    return live_for


def use(person, seconds):
    """Act for so many seconds, and until everything has been done once; return the growth in MB since it was warm."""
    begin = time.monotonic()
    warm = None
    while (lasted := time.monotonic() - begin) < seconds or person.done != set(person.things):
        person.act()
        live(8)
        if warm is None and lasted > WARM_UP_SECONDS:
            warm = resident_mb()
    return 0.0 if warm is None else resident_mb() - warm


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_five_seconds_of_a_live_window(lived):
    lived(5.0)


@pytest.mark.soak
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_twenty_seconds_of_a_live_window(lived):
    assert lived(20.0) < MOST_GROWTH_MB
