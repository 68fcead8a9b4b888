"""Lesson: a text in steps, each of which may point at things, do something, and wait until something was done."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from model.experiment import Experiment, read_experiment
from model.lessons.actions import ACTIONS, ActionValue
from model.lessons.conditions import Condition
from model.lessons.facts import FACTS, Value

LESSON_NAME = "lesson.md"


class LessonError(ValueError):
    """A lesson cannot be read or written; the message is one sentence that says where and why."""

    @classmethod
    def at(cls, line: int, reason: object, name: str = LESSON_NAME) -> LessonError:
        """Return the error of a line, counted from 1."""
        return cls(f"{name}, line {line}: {str(reason).rstrip('.')}.")


@dataclass(frozen=True, slots=True)
class Point:
    """``> point:`` What a step points at, by a name that a person sees: a card, or a control."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Do:
    """``> do:`` and ``> offer:`` What is done in the window.

    Attributes
    ----------
    action : str
        A key of :data:`model.lessons.actions.ACTIONS`.
    value : object
        What its ``parse`` has made of the rest.
    line : int
    is_offered : bool
        Whether it is done when the person asks for it, by a button; otherwise when the step is first entered.
    """

    action: str
    value: ActionValue
    line: int
    is_offered: bool = False

    @property
    def title(self) -> str:
        """What a button says."""
        return ACTIONS[self.action].title(self.value)


@dataclass(frozen=True, slots=True)
class Until:
    """``> until:`` What the person is to reach; the step is done when all of a step have once held."""

    condition: Condition
    line: int


@dataclass(frozen=True, slots=True)
class Best:
    """``> best:`` Of which fact a challenge keeps the best that was reached while its conditions held.

    Attributes
    ----------
    name : str
        A fact that is a number.
    is_lower : bool
        Whether less is better.
    line : int
    """

    name: str
    is_lower: bool
    line: int

    @property
    def label(self) -> str:
        """What the fact is called."""
        return FACTS[self.name].label

    def beats(self, value: Value, before: float | None) -> bool:
        """Return whether a value is better than the best before it, or the first."""
        if not isinstance(value, int | float) or value != value:
            return False
        return before is None or (value < before if self.is_lower else value > before)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a lesson, under a heading of its own.

    Attributes
    ----------
    title : str
        No other step of the lesson has it.
    text : str
        Markdown without raw HTML and pictures; formulas are LaTeX between ``$`` and ``$``.
    line : int
        Of its heading in ``lesson.md``.
    lines : tuple of int
        Of each line of the text in ``lesson.md``.
    points : tuple of Point
    actions : tuple of Do
        In their order; among them those that are offered.
    untils : tuple of Until
        All must hold at once, and the limits of the lesson with them.
    best : Best or None
    """

    title: str
    text: str
    line: int
    lines: tuple[int, ...] = ()
    points: tuple[Point, ...] = ()
    actions: tuple[Do, ...] = ()
    untils: tuple[Until, ...] = ()
    best: Best | None = None

    @property
    def waits(self) -> bool:
        """Whether the person has something to do before it is done."""
        return bool(self.untils)

    def is_done(self, facts: Mapping[str, Value]) -> bool:
        """Return whether all that it waits for holds."""
        return all(until.condition.holds(facts) for until in self.untils)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson, whole and checked.

    Attributes
    ----------
    name : str
        That of its folder or zip, without the suffix.
    title : str
    steps : tuple of Step
        At least one.
    minutes : int or None
        How long it takes.
    summary : str
        A sentence for the menu; may be empty.
    hidden : tuple of (str, int)
        Names of cards, tools and settings that are hidden while it is open, each with its line.
    limits : tuple of Until
        What must hold all the time for a step to be done.
    experiments : mapping of str to bytes
        Its experiment files by their names; each can be read.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    minutes: int | None = None
    summary: str = ""
    hidden: tuple[tuple[str, int], ...] = ()
    limits: tuple[Until, ...] = ()
    experiments: Mapping[str, bytes] = field(default_factory=dict)

    def experiment(self, name: str) -> Experiment:
        """Return one of its experiments, read anew.

        Raises
        ------
        KeyError
            If it has none of this name.
        """
        return read_experiment(io.BytesIO(self.experiments[name]), name)

    def broken_limits(self, facts: Mapping[str, Value]) -> Iterator[Until]:
        """Yield the limits that do not hold."""
        return (limit for limit in self.limits if not limit.condition.holds(facts))
