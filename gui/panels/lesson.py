"""The lesson: a text in steps beside the work, what it waits for, and what it offers to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.lesson import OpenLesson
from gui.icons import icon
from gui.items.prose import Prose
from gui.widgets.card import Panel, label
from gui.widgets.discard import discard
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip
from model.numbers import number_text

if TYPE_CHECKING:
    from model.lessons.lesson import Do

_LEAST_WIDTH, _LEAST_HEIGHT = 286, 300
_MARK_PX = 14


class LessonPanel(Panel):
    """The card of the lesson that is open.

    Parameters
    ----------
    lesson : OpenLesson
    """

    asked_for = Signal(object)
    """The person wants something to be done that the step offers: a :class:`model.lessons.lesson.Do`."""

    left = Signal()
    """The person is done with the lesson."""

    def __init__(self, lesson: OpenLesson) -> None:
        super().__init__("Lesson")
        self._lesson = lesson
        theme.measure(self, least_width=_LEAST_WIDTH, least_height=_LEAST_HEIGHT)
        self._count = label(role="muted")
        self._close = QToolButton()
        self._close.setProperty("role", "round")
        self._close.setToolTip(as_tip("Leave the lesson; what was done stays, and undo goes back through it."))
        self._close.setAccessibleName("Leave the lesson")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.left)
        self.header.addStretch(1)
        self.header.addWidget(self._count)
        self.header.addWidget(self._close)
        self._name, self._heading = _words("muted"), _words("header")
        self._text = Prose("Text of the step")
        self._tasks, self._offers = QVBoxLayout(), QVBoxLayout()
        self._marks: list[_Task] = []
        self._best, self._broken = _words("muted"), _words("error")
        self.body.addWidget(self._name)
        self.body.addWidget(self._heading)
        self.body.addWidget(self._text, 1)
        for rows in (self._tasks, self._offers):
            rows.setSpacing(4)
            self.body.addLayout(rows)
        self.body.addWidget(self._best)
        self.body.addWidget(self._broken)
        self._add_buttons()
        lesson.turned.connect(self._show_step)
        lesson.progressed.connect(self._show_progress)
        lesson.improved.connect(self._show_best)
        theme.manager().changed.connect(self._colour_icons)
        self._show_step()

    def _add_buttons(self) -> None:
        self._back = _button("Back", "The step before.", lambda: self._lesson.turn_to(self._lesson.number - 1))
        self._back.setObjectName("lesson_back")
        self._next = _button("Next", "", self._on_next)
        self._next.setObjectName("lesson_next")
        row = QHBoxLayout()
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._next)
        self.body.addLayout(row)

    @Slot()
    def _on_next(self) -> None:
        if self._lesson.is_at_end:
            self.left.emit()
        else:
            self._lesson.turn_to(self._lesson.number + 1)

    @Slot()
    def _show_step(self) -> None:
        """Show the step, if a lesson is open."""
        lesson, step = self._lesson.lesson, self._lesson.step
        _empty(self._tasks)
        _empty(self._offers)
        self._marks = []
        if lesson is None or step is None:
            self._text.show_markdown("")
            return
        number, n_steps = self._lesson.number + 1, len(lesson.steps)
        self._count.setText(f"step {number} of {n_steps}")
        self._name.setText(lesson.title)
        self._heading.setText(step.title)
        self._text.show_markdown(step.text)
        for words in self._lesson.tasks:
            self._marks.append(_Task(words))
            self._tasks.addWidget(self._marks[-1])
        for action in step.actions:
            if action.is_offered:
                self._offers.addWidget(self._offer(action))
        self._back.setEnabled(number > 1)
        self._next.setText("Finish" if self._lesson.is_at_end else "Next")
        self._next.setToolTip(as_tip("Leave the lesson." if self._lesson.is_at_end else "The next step."))
        self._show_progress()
        self._show_best()
        self._colour_icons()

    def _offer(self, action: Do) -> QWidget:
        """Return a button for what the step offers to do, and beside it what that is."""
        button = _button("Do it", f"{action.title}; undo takes it back.", lambda: self.asked_for.emit(action))
        button.setAccessibleName(f"Do it: {action.title}")
        text, host = _words(""), QWidget()
        text.setText(action.title)
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        return host

    @Slot()
    def _show_progress(self) -> None:
        progress, step = self._lesson.progress, self._lesson.step
        for mark, holds in zip(self._marks, progress.held, strict=True):
            mark.show_state(holds)
        broken = " and ".join(progress.broken)
        self._broken.setText(f"In this lesson it should be so: {broken}. Until then nothing counts." if broken else "")
        self._broken.setVisible(bool(broken))
        _make_primary(self._next, step is not None and (progress.is_done or not step.waits))

    @Slot()
    def _show_best(self) -> None:
        step = self._lesson.step
        best = None if step is None else step.best
        value = None if step is None else self._lesson.best.get(step.title)
        if best is not None:
            reached = "none yet" if value is None else number_text(value, 4)
            self._best.setText(f"Your best {best.label}: {reached}")
        self._best.setVisible(best is not None)

    @Slot()
    def _colour_icons(self) -> None:
        self._close.setIcon(icon("close", theme.current().text))
        for mark in self._marks:
            mark.colour()


class _Task(QWidget):
    """What is waited for, with a mark that says whether it holds."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._holds = False
        self._words = words
        self._mark = QLabel()
        text = _words("")
        text.setText(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        self.show_state(False)

    def show_state(self, holds: bool) -> None:
        """Show whether it holds."""
        self._holds = holds
        self.setAccessibleName(f"{'Done' if holds else 'To do'}: {self._words}")
        self.colour()

    def colour(self) -> None:
        """Draw the mark in the colours of the theme."""
        colours, side = theme.current(), theme.px(_MARK_PX)
        mark = icon("done", colours.accent) if self._holds else icon("to-do", colours.muted)
        self._mark.setPixmap(mark.pixmap(QSize(side, side), self.devicePixelRatioF()))


def _words(role: str) -> QLabel:
    result = label(role=role)
    result.setWordWrap(True)
    return result


def _button(text: str, tip: str, call: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(as_tip(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(leave_field)
    button.clicked.connect(call)
    return button


def _empty(rows: QLayout) -> None:
    while (item := rows.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            discard(widget)


def _make_primary(button: QPushButton, primary: bool) -> None:
    """Let a button be the one that is meant next, or any other."""
    if bool(button.property("primary")) != primary:
        button.setProperty("primary", primary)
        button.style().unpolish(button)
        button.style().polish(button)
