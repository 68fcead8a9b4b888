"""A monkey: does at random whatever can be done to the real window while it trains, seed by seed the same.

It acts from a timer, so that it goes on also where a menu waits in an event loop of its own. In front of all is what a
person would have to answer first: an open menu, then a dialog, then the window.
"""

import random
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QMenuBar,
    QWidget,
)

from gui.actions.action import actions_of
from gui.actions.table import MENUS
from model.experiment import SUFFIX
from tests.gui.mouse import send_move

BUTTONS = [Qt.MouseButton.LeftButton] * 8 + [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton]
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 6 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
]
KEYS = [
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown")),
    *(getattr(Qt.Key, f"Key_{name}") for name in ("Tab", "Backtab", "Return", "Escape", "Space", "Delete", "Plus")),
    *(Qt.Key(Qt.Key.Key_0.value + digit) for digit in range(10)),
]
KINDS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMenuBar,
)
"""What a person aims at; any other widget is hit by chance."""

TYPED = ("0", "1", "-3", "7", "0.5", "1e-3", "1e30", "99999999999", "", "nan", "x1*x2", "sin(x1)+x2^2", "1/0", "<b>x")
NAMES = ("~nobody/x", "n" * 300, "a\0b", "/proc/x", "<b>x</b>", "new", "folder/new", "")
CLIPS = (
    "x1,x2,label\n1,2,A\n3,4,B\n",
    "1;2;<b>x</b>\n3;4;<img src=y>\n",
    "1 2\n3 4\n5 6\n",
    "not a table ä€",
    "",
    "x,y\n" + "".join(f"{i % 12 - 6},{i % 7 - 3}\n" for i in range(400)),
)
LEFT_ALONE = ("quit",)
"""Actions that would end the life of the window."""

MOST_POINTS, MOST_PARAMETERS = 6000, 1500


def settle(milliseconds: int) -> None:
    """Run the event loop as the program does."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Monkey(QObject):
    """Acts on a window, and on its dialogs and menus.

    Attributes
    ----------
    n_done : int
        How many actions it has done.
    latest : deque of str
        The last of them, in words, the present one at the end.
    counts : Counter of str
        How many of each kind.
    """

    def __init__(
        self, window: QWidget, folder: Path, seed: int, turn_wheel: Callable[[QWidget, QPoint, int], None]
    ) -> None:
        super().__init__()
        self.window = window
        self.document = window.document
        self.folder = folder
        self.turn_wheel = turn_wheel
        self.random = random.Random(seed)
        self.n_done = 0
        self.latest: deque[str] = deque(maxlen=30)
        self._trace = folder.parent / "monkey.log"
        self.counts: Counter[str] = Counter()
        self._loop = QEventLoop(self)
        self._until = 0
        self._after = lambda: None
        self._n_in_menus = 0
        self._actions = [name for menu in MENUS for action in actions_of(menu) if (name := action.id) not in LEFT_ALONE]
        self._things = [
            *[self._mouse] * 10,
            *[self._trigger] * 5,
            *[self._shortcut] * 4,
            *[self._stroke] * 4,
            *[self._wheel] * 2,
            *[self._key] * 3,
            *[self._type] * 2,
            self._resize,
            self._copy_something,
        ]

    @property
    def now(self) -> str:
        """What it does, or has done last."""
        return self.latest[-1] if self.latest else "nothing yet"

    def act(self, n_actions: int, after=lambda: None) -> None:
        """Do so many actions, and call `after` when the window has lived on for a moment after each."""
        self._until, self._after = self.n_done + n_actions, after
        QTimer.singleShot(0, self._tick)
        self._loop.exec()
        self._until = 0

    def _tick(self) -> None:
        if self._until == 0:
            return
        if self.n_done >= self._until:
            # The last action may wait in a menu.
            if (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
            self._loop.quit()
            QTimer.singleShot(10, self._tick)
            return
        # Before it acts: what it does may wait in an event loop of its own for what comes next.
        QTimer.singleShot(self.random.choice((1, 4, 12)), self._tick)
        self.n_done += 1
        self._act()
        self._after()

    def _note(self, kind: str, text: str = "") -> None:
        self.counts[kind] += 1
        self.latest.append(f"{self.n_done}: {kind} {text}".rstrip())
        # Also where the process ends without a word.
        with self._trace.open("a", encoding="utf-8", errors="replace") as trace:
            trace.write(f"{self.now}\n")

    def _act(self) -> None:
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            self._choose(popup)
            return
        self._n_in_menus = 0
        if modal is None and self.random.random() < 0.2:
            self._keep_house()
        dialogs = [modal] if modal is not None else self._open_dialogs()
        if dialogs and self.random.random() < (0.1 if modal is None else 0.3):
            self._end(self.random.choice(dialogs))
        elif modal is not None:
            self.random.choice((self._mouse, self._mouse, self._key, self._type, self._wheel))()
        else:
            self.random.choice(self._things)()

    def _open_dialogs(self) -> list[QWidget]:
        return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

    def _in_front(self) -> QWidget:
        """Return the dialog that must be answered, or one of the windows that are open."""
        modal = QApplication.activeModalWidget()
        return modal if modal is not None else self.random.choice([self.window, self.window, *self._open_dialogs()])

    def _keep_house(self) -> None:
        """Let training go on at full speed, with no more points and weights than leave room for the rest."""
        run = self.document.run
        if not run.playing:
            self._note("play")
            run.set_playing(True)
        if self.random.random() < 0.3:
            self.document.view.set(speed=None)
        settings = self.document.network_settings
        if len(self.document.dataset) > MOST_POINTS:
            self._note("clear", f"{len(self.document.dataset)} points")
            self.document.points.clear()
            self.document.points.regenerate()
        if settings.n_parameters > MOST_PARAMETERS:
            self._note("remove layer", f"of {settings.n_parameters} parameters")
            self.document.network.remove_layer()

    # Menus and dialogs

    def _choose(self, popup: QWidget) -> None:
        """Take something of an open menu or list, or close it."""
        self._n_in_menus += 1
        if self._n_in_menus > 10:
            self._note("close menu")
            popup.close()
            return
        actions = [a for a in popup.actions() if a.isVisible() and a.isEnabled() and a.objectName() not in LEFT_ALONE]
        if isinstance(popup, QMenu) and actions and self.random.random() < 0.7:
            action = self.random.choice(actions)
            self._note("menu", action.text())
            QTest.mouseClick(popup, Qt.MouseButton.LeftButton, pos=popup.actionGeometry(action).center())
            return
        key = self.random.choice([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Escape, Qt.Key.Key_Return])
        if isinstance(popup, QMenu) and key == Qt.Key.Key_Return:
            key = Qt.Key.Key_Escape
        self._note("menu key", key.name)
        QTest.keyClick(popup.focusWidget() or popup, key)

    def _end(self, dialog: QWidget) -> None:
        """Close a dialog, or press one of its buttons."""
        buttons = [b for b in dialog.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled() and b.text()]
        if not buttons or self.random.random() < 0.4:
            self._note("close", dialog.objectName() or dialog.windowTitle())
            dialog.close()
            return
        button = self.random.choice(buttons)
        self._note("press", f"{button.text()} of {dialog.objectName() or dialog.windowTitle()}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    # What it does to a window

    def _trigger(self) -> None:
        name = self.random.choice(self._actions)
        self._note("action", name)
        self.window.findChild(QAction, name).trigger()

    def _shortcut(self) -> None:
        name = self.random.choice(self._actions)
        for shortcut in self.window.findChild(QAction, name).shortcuts()[:1]:
            self._note("shortcut", f"{shortcut.toString()} {name}")
            self.window.setFocus()
            QTest.keySequence(self.window, QKeySequence(shortcut))

    def _target(self) -> QWidget:
        """Return a widget to aim at."""
        front = self._in_front()
        widgets = [w for w in front.findChildren(QWidget) if w.isVisible() and w.isEnabled() and w.window() is front]
        aimed = [w for w in widgets if isinstance(w, KINDS) and w.accessibleName() != "Dismiss"]
        chosen = self.random.choice((aimed if self.random.random() < 0.85 else widgets) or [front])
        return chosen.viewport() if isinstance(chosen, QAbstractItemView | QGraphicsView) else chosen

    def _place(self, widget: QWidget) -> QPoint:
        return QPoint(self.random.randrange(max(widget.width(), 1)), self.random.randrange(max(widget.height(), 1)))

    def _mouse(self) -> None:
        """Press, move and release at random places of a widget, with any button; sometimes twice."""
        widget, button, modifier = self._target(), self.random.choice(BUTTONS), self.random.choice(MODIFIERS)
        self._note("mouse", f"{button.name} on {_name(widget)}")
        start = self._place(widget)
        moves = [self._place(widget) for _ in range(self.random.choice((0, 0, 1, 4)))]
        end = self.random.choice((start, self._place(widget)))
        steps = [
            partial(send_move, widget, start),
            partial(QTest.mousePress, widget, button, modifier, start),
            *(partial(send_move, widget, place) for place in moves),
            partial(QTest.mouseRelease, widget, button, modifier, end),
        ]
        if self.random.random() < 0.1:
            steps.append(partial(QTest.mouseDClick, widget, button, modifier, start))
            steps.append(partial(QTest.mouseRelease, widget, button, modifier, start))
        for step in steps:
            # Each lets the window live on, which may delete what was aimed at.
            if shiboken6.isValid(widget):
                step()

    def _stroke(self) -> None:
        """Draw on one of the planes with any tool."""
        planes = [v for v in self.window.findChildren(QGraphicsView) if v.isVisible() and hasattr(v, "from_plane")]
        if not planes:
            return
        viewport = self.random.choice(planes).viewport()
        self._note("stroke", self.document.view.settings.tool)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, self.random.choice(MODIFIERS), self._place(viewport))
        for _ in range(self.random.randrange(8)):
            send_move(viewport, self._place(viewport))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=self._place(viewport))

    def _wheel(self) -> None:
        widget = self._target()
        self._note("wheel", f"on {_name(widget)}")
        self.turn_wheel(widget, self._place(widget), self.random.choice((-3, -1, 1, 3)))

    def _key(self) -> None:
        front = self._in_front()
        widget, key = front.focusWidget() or front, self.random.choice(KEYS)
        self._note("key", f"{key.name} to {_name(widget)}")
        QTest.keyClick(widget, key, self.random.choice(MODIFIERS))

    def _type(self) -> None:
        """Type something into a field, and press Return or leave it."""
        front = self._in_front()
        fields = [f for f in front.findChildren(QLineEdit) if f.isVisible() and f.isEnabled() and not f.isReadOnly()]
        if not fields:
            return
        field = self.random.choice(fields)
        is_path = field.accessibleName().startswith("File of")
        text = str(self.folder / self.random.choice(NAMES)) if is_path else self.random.choice(TYPED)
        self._note("type", f"{text[:40]!r} into {_name(field)}")
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text.replace("\0", ""))
        if shiboken6.isValid(field) and self.random.random() < 0.7:
            QTest.keyClick(field, Qt.Key.Key_Return)

    def _resize(self) -> None:
        size = self.random.randrange(1240, 1580), self.random.randrange(700, 980)
        self._note("resize", f"{size}")
        self.window.resize(*size)

    def _copy_something(self) -> None:
        self._note("clipboard")
        QGuiApplication.clipboard().setText(self.random.choice(CLIPS))

    # The system's dialogs for files

    def name_to_read(self, *_: object) -> tuple[str, str]:
        """Choose a file of the folder, as the system's dialog would."""
        files = [str(path) for path in sorted(self.folder.rglob("*")) if path.is_file()]
        return self.random.choice([*files, "", str(self.folder / "gone"), str(self.folder)]), ""

    def name_to_write(self, _parent: QWidget, title: str, *_: object) -> tuple[str, str]:
        """Choose a name in the folder, as the system's dialog would; some cannot be written."""
        suffix = self.random.choice((SUFFIX if title.startswith("Save") else ".csv", ".png", ""))
        name = self.random.choice(NAMES)
        return (str(self.folder / f"{name}{suffix}") if name else ""), ""


def _name(widget: QWidget) -> str:
    kind = type(widget).__name__
    while widget is not None and not (widget.accessibleName() or widget.objectName()):
        widget = widget.parentWidget()
    return f"{kind} {widget.accessibleName() or widget.objectName()}" if widget is not None else kind
