"""Lessons: opens and leaves them, and brings what they ask for together with the window."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow

from gui.actions.actions import Actions
from gui.actions.series import PANELS
from gui.cards import LESSON, Cards
from gui.dialogs.asking import LastFolder, note, warn
from gui.document.document import Document
from gui.files.experiments import ExperimentFiles
from gui.items.prose import formulas_of
from gui.items.typeset import flaw_of
from gui.lessons import records
from gui.lessons.doing import Doer, card_named, view_of
from gui.lessons.hiding import Hiding
from gui.lessons.places import card_around, find, is_known, meant
from gui.lessons.ring import Ring
from gui.lessons.watching import Watch
from gui.panels.lesson import LessonPanel
from gui.widgets.discard import discard
from gui.widgets.texts import plain
from model.lessons.lesson import LESSON_NAME, Do, Lesson, LessonError
from model.lessons.reading import read_lesson
from model.lessons.writing import write_lesson
from model.meant import did_you_mean
from model.types import shortened

_FILTER = f"Lessons ({LESSON_NAME} *.zip)"
_FOLDER = LastFolder("files/lesson_folder")
_MOST_TRIED = 300
"""So many different formulas are tried when a lesson is opened; it should open soon."""


class Lessons(QObject):
    """The lesson of a window.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    files : ExperimentFiles
        Settles what is unsaved before a lesson begins.
    cards : Cards
    panel : LessonPanel
    actions : Actions
    """

    def __init__(
        self,
        window: QMainWindow,
        document: Document,
        files: ExperimentFiles,
        cards: Cards,
        panel: LessonPanel,
        actions: Actions,
    ) -> None:
        super().__init__(window)
        self._window, self._document, self._files, self._cards = window, document, files, cards
        self._lesson = document.lesson
        self._actions, self._hiding = actions, Hiding(window, cards, actions)
        self._doer = Doer(document, cards, self._complain, self)
        self._watch = Watch(document, cards.is_shown, self)
        self._rings: list[Ring] = []
        cards.changed.connect(self._watch.ask)
        panel.asked_for.connect(self._on_asked_for)
        panel.left.connect(self.leave)
        self._lesson.turned.connect(self._on_turned)
        self._lesson.improved.connect(self._on_improved)
        for signal in (document.changes.network_changed, document.changes.dataset_changed, cards.changed):
            signal.connect(self._follow)

    @property
    def is_open(self) -> bool:
        """Whether a lesson is open."""
        return self._lesson.lesson is not None

    def ask_and_open(self) -> None:
        """Ask for a lesson, and open it."""
        start = str(_FOLDER.path or Path())
        name, _ = QFileDialog.getOpenFileName(self._window, "Open a lesson", start, _FILTER)
        if name:
            _FOLDER.remember(Path(name))
            self.settle_and_open(Path(name))

    def ask_and_make(self) -> None:
        """Ask for the name of a folder, and make a lesson of the present experiment there."""
        start = str((_FOLDER.path or Path.home()) / "lesson")
        name, _ = QFileDialog.getSaveFileName(self._window, "Folder of the new lesson", start)
        if not name:
            return
        folder = Path(name)
        try:
            write_lesson(folder, self._document.experiment())
        except LessonError as error:
            self._complain(str(error))
            return
        _FOLDER.remember(folder)
        note(self._window, f"Wrote {folder}: go on with {LESSON_NAME} in an editor, and open it here.")

    def settle_and_open(self, path: Path) -> None:
        """Open a lesson, a folder or its ``lesson.md`` or a zip of it, after what is unsaved has been settled."""
        try:
            lesson = read_lesson(path)
            self._check(lesson)
        except LessonError as error:
            self._complain(str(error))
            return
        self._files.settle(lambda: self._begin(lesson))

    @Slot()
    def leave(self) -> None:
        """Have no lesson open; what was done stays."""
        if self.is_open:
            self._doer.forget()
            self._lesson.leave()
            self._hiding.give_back()
            self._cards.show_panel(LESSON, False)
            self._cards.changed.emit()

    def _begin(self, lesson: Lesson) -> None:
        self.leave()
        self._files.begin_anew()
        self._cards.show_panel(LESSON, True)
        self._hiding.hide([name for name, _ in lesson.hidden])
        self._lesson.begin(lesson, records.remembered(lesson))
        # With what it begins with nothing is lost: it comes again with the lesson.
        self._files.forget_changes()
        self._cards.changed.emit()

    def _check(self, lesson: Lesson) -> None:
        """Raise a LessonError unless the window has all that a lesson names."""
        _check_formulas(lesson)
        for step in lesson.steps:
            for point in step.points:
                if not is_known(self._window, point.name):
                    raise LessonError.at(point.line, _no_place(self._window, point.name))
            for action in step.actions:
                _check_action(action)
        for name, line in lesson.hidden:
            is_known_action = bool(self._actions.of(plain(name)))
            if card_named(name) is None and find(self._window, name) is None and not is_known_action:
                raise LessonError.at(line, _no_place(self._window, name))

    def _complain(self, sentence: str) -> None:
        warn(self._window, sentence)

    @Slot()
    def _on_turned(self) -> None:
        """Point at what the step names, and do what it does when it is first shown."""
        for ring in self._rings:
            discard(ring)
        self._rings = []
        self._doer.forget()
        lesson, step = self._lesson.lesson, self._lesson.step
        if lesson is None or step is None:
            return
        if self._lesson.enter():
            self._doer.do(lesson, [action for action in step.actions if not action.is_offered])
        for point in step.points:
            self._reveal(point.name)
            self._rings.append(Ring(self._window, point.name))

    def _reveal(self, name: str) -> None:
        """Let the card be seen on which something stands."""
        place = find(self._window, name)
        card = None if place is None else card_named(card_around(place.widget))
        if card is not None:
            self._cards.reveal(card)

    @Slot(object)
    def _on_asked_for(self, action: Do) -> None:
        if self._lesson.lesson is not None:
            self._doer.do(self._lesson.lesson, [action])

    @Slot(float)
    def _on_improved(self, value: float) -> None:
        if self._lesson.lesson is not None and self._lesson.step is not None:
            records.remember(self._lesson.lesson, self._lesson.step, value)

    @Slot()
    def _follow(self) -> None:
        for ring in self._rings:
            ring.follow()


def _no_place(window: QMainWindow, name: str) -> str:
    return f"nothing in the window is called “{name}”{meant(window, name)}"


def _check_formulas(lesson: Lesson) -> None:
    """Raise a LessonError if a formula is not shown as it is meant."""
    lines: dict[str, int] = {}
    for step in lesson.steps:
        for latex, index in formulas_of(step.text):
            lines.setdefault(latex, step.lines[index])
    for latex, line in islice(lines.items(), _MOST_TRIED):
        flaw = flaw_of(latex)
        if flaw:
            raise LessonError.at(line, f"in the formula “{shortened(latex)}”, {flaw}")


def _check_action(action: Do) -> None:
    """Raise a LessonError if an action names a card or a setting of the view that there is not."""
    value: Any = action.value
    if action.action == "show" and card_named(value) is None:
        raise LessonError.at(action.line, f"there is no card “{value}” in the menu View{did_you_mean(value, PANELS)}")
    if action.action == "view" and not view_of(value):
        raise LessonError.at(action.line, f"the view has no setting “{value[0]}” that can be “{value[1]}”")
