"""OpenLesson: the lesson that is open, its step, and what of it a person has done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from model.lessons.facts import Value
    from model.lessons.lesson import Lesson, Step


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is with a step.

    Attributes
    ----------
    held : tuple of bool
        Which of its tasks hold now, as :attr:`OpenLesson.tasks` lists them; all of them once it is done.
    is_done : bool
        Whether all have once held at a time.
    broken : tuple of str
        The limits of the lesson that do not hold now, in words.
    """

    held: tuple[bool, ...] = ()
    is_done: bool = False
    broken: tuple[str, ...] = ()


class OpenLesson(QObject):
    """What a person reads and does; without a lesson nothing of it is shown.

    Attributes
    ----------
    best : dict of str to float
        The best that was reached of each challenge, by the title of its step.
    """

    opened = Signal()
    """Another lesson is open, or none."""

    turned = Signal()
    """Another step is shown."""

    progressed = Signal()
    """More of the step holds, or less."""

    improved = Signal(float)
    """There is a new best of the step."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lesson: Lesson | None = None
        self._number = 0
        self._entered: set[int] = set()
        self._done: set[int] = set()
        self._progress = Progress()
        self.best: dict[str, float] = {}

    @property
    def lesson(self) -> Lesson | None:
        """The lesson; None: none is open."""
        return self._lesson

    @property
    def number(self) -> int:
        """Which step is shown, counted from 0."""
        return self._number

    @property
    def step(self) -> Step | None:
        """The step that is shown."""
        return None if self._lesson is None else self._lesson.steps[self._number]

    @property
    def is_at_end(self) -> bool:
        """Whether the last step is shown."""
        return self._lesson is not None and self._number == len(self._lesson.steps) - 1

    @property
    def tasks(self) -> tuple[str, ...]:
        """What a person has to reach in the step, in words."""
        step = self.step
        return () if step is None else tuple(until.condition.words for until in step.untils)

    @property
    def progress(self) -> Progress:
        """How far the person is with the step."""
        return self._progress

    @property
    def asks_for(self) -> frozenset[str]:
        """The facts that decide how far the person is; none where nothing is waited for."""
        step, lesson = self.step, self._lesson
        if step is None or lesson is None:
            return frozenset()
        names = {name for until in (*step.untils, *lesson.limits) for name in until.condition.names}
        return frozenset(names | ({step.best.name} if step.best else set()))

    def begin(self, lesson: Lesson, best: Mapping[str, float]) -> None:
        """Open a lesson at its first step.

        Parameters
        ----------
        lesson : Lesson
        best : mapping of str to float
            What was reached before, by the titles of the steps.
        """
        self._lesson, self.best = lesson, dict(best)
        self._entered, self._done = set(), set()
        self.opened.emit()
        self._show(0)

    def leave(self) -> None:
        """Have no lesson open."""
        if self._lesson is not None:
            self._lesson, self._number, self._progress = None, 0, Progress()
            self.opened.emit()
            self.turned.emit()

    def turn_to(self, number: int) -> None:
        """Show another step; nothing happens beyond the first and the last."""
        if self._lesson is not None and 0 <= number < len(self._lesson.steps) and number != self._number:
            self._show(number)

    def enter(self) -> bool:
        """Return whether the step is shown for the first time, once."""
        is_new = self._number not in self._entered
        self._entered.add(self._number)
        return is_new

    def _show(self, number: int) -> None:
        self._number = number
        self._progress = self._progress_of(())
        self.turned.emit()

    def see(self, facts: Mapping[str, Value]) -> None:
        """Find out how far the person is.

        Parameters
        ----------
        facts : mapping of str to value
            At least those of :attr:`asks_for`.
        """
        step, lesson = self.step, self._lesson
        if step is None or lesson is None:
            return
        broken = tuple(limit.condition.words for limit in lesson.broken_limits(facts))
        if step.waits and not broken and step.is_done(facts):
            self._done.add(self._number)
            self._note_best(step, facts)
        held = tuple(until.condition.holds(facts) for until in step.untils)
        before, self._progress = self._progress, self._progress_of(held, broken)
        if self._progress != before:
            self.progressed.emit()

    def _progress_of(self, held: tuple[bool, ...], broken: tuple[str, ...] = ()) -> Progress:
        is_done, n_tasks = self._number in self._done, len(self.tasks)
        return Progress((True,) * n_tasks if is_done else held or (False,) * n_tasks, is_done, broken)

    def _note_best(self, step: Step, facts: Mapping[str, Value]) -> None:
        best = step.best
        value = None if best is None else facts.get(best.name)
        if best is not None and isinstance(value, int | float) and best.beats(value, self.best.get(step.title)):
            self.best[step.title] = float(value)
            self.improved.emit(float(value))
