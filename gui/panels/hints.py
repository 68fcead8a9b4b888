"""Hints: a line on each of the cards that says where to begin, at the first start and from the Help menu."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.icons import icon
from gui.program.guard import guarded
from gui.widgets.card import Panel
from gui.widgets.discard import discard
from gui.widgets.texts import as_tip

HINTS = {
    "Data": "1 Choose a data set, or click to place points.",
    "Network": "2 Press Space to train. Then click a neuron or a connection to see inside it.",
    "Output": "3 Watch what the network answers everywhere on the plane; D shows it in 3D.",
    "Loss": "4 When the loss no longer falls, drag the timeline below to go back through the run.",
}
"""For each panel, by its name in the View menu, what there is to do first."""

_SEEN_KEY = "hints/seen"


class Hints(QObject):
    """Shows the hints on their panels, and lets them go.

    Parameters
    ----------
    panels : mapping of str to QWidget
        By their names; they may come later.
    parent : QObject

    Attributes
    ----------
    changed : signal
        When hints come or go.
    lesson_asked : signal
        The person wants to be shown around by the first lesson.
    """

    changed = Signal()
    lesson_asked = Signal()

    def __init__(self, panels: Mapping[str, QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._panels = panels
        self._lines: list[_HintLine] = []

    @property
    def are_shown(self) -> bool:
        """Whether a hint is left."""
        return bool(self._lines)

    def show_at_first_start(self) -> None:
        """Show the hints, unless this person has seen them or used the program before."""
        settings = QSettings()
        if settings.value(_SEEN_KEY) is None and settings.value("layout/version") is None:
            self.show()

    def show(self) -> None:
        """Show all hints."""
        self.hide()
        for name, text in HINTS.items():
            panel = self._panels[name]
            assert isinstance(panel, Panel)
            line = _HintLine(text, has_all=not self._lines)
            line.closed.connect(self._on_closed)
            line.all_closed.connect(self.hide)
            line.lesson_asked.connect(self._on_lesson_asked)
            panel.body.insertWidget(1, line)
            self._lines.append(line)
        self.changed.emit()

    @Slot()
    def hide(self) -> None:
        """Let all hints go, also at the next start."""
        for line in self._lines:
            discard(line)
        self._lines.clear()
        QSettings().setValue(_SEEN_KEY, "true")
        self.changed.emit()

    @Slot()
    def _on_lesson_asked(self) -> None:
        self.hide()
        self.lesson_asked.emit()

    def toggle(self) -> None:
        """Show the hints, or let those that are left go."""
        (self.hide if self._lines else self.show)()

    @Slot(QWidget)
    def _on_closed(self, line: _HintLine) -> None:
        self._lines.remove(line)
        discard(line)
        if not self._lines:
            self.hide()


class _Words(QLabel):
    """A text in as many lines as it needs; a card with a splitter beside it hears only of what is needed at least."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height of all lines."""
        super().resizeEvent(event)
        self._ask_for_height()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Ask for another height where the letters become larger or smaller: the width may stay."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._ask_for_height()

    def _ask_for_height(self) -> None:
        # A label needs no less height than it has to have.
        self.setMinimumHeight(0)
        self.setMinimumHeight(self.heightForWidth(self.width()))


class _HintLine(QFrame):
    """One hint, with a button that closes it; the first has one that closes all, and one that begins a lesson."""

    closed = Signal(QWidget)
    all_closed = Signal()
    lesson_asked = Signal()

    def __init__(self, text: str, *, has_all: bool) -> None:
        super().__init__()
        self.setProperty("role", "hint")
        self.setAccessibleName(f"Hint {text}")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 6, 4)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        column.addLayout(row)
        row.addWidget(_Words(text), 1)
        if has_all:
            column.addLayout(self._offers())
        self._close = QToolButton()
        self._close.setProperty("role", "round")
        self._close.setToolTip("Hide this hint.")
        self._close.setAccessibleName("Hide this hint")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self._tell_closed)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        theme.manager().changed.connect(self._show_icon)
        self._show_icon()

    def _offers(self) -> QHBoxLayout:
        """Return buttons for all hints together."""
        hide_all = _button("Hide all", "Hide the hints of all cards; Help > First Steps shows them again.")
        hide_all.setObjectName("hide_hints")
        hide_all.clicked.connect(self.all_closed)
        lesson = _button("Show me around", "Begin the first lesson: ninety seconds. The menu Lessons has it, too.")
        lesson.setObjectName("first_lesson")
        lesson.clicked.connect(self.lesson_asked)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(lesson)
        row.addWidget(hide_all)
        row.addStretch(1)
        return row

    @Slot()
    def _tell_closed(self) -> None:
        self.closed.emit(self)

    @Slot()
    def _show_icon(self) -> None:
        self._close.setIcon(icon("close", theme.current().text))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(as_tip(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
