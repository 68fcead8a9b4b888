"""Parsing ``lesson.md``: its head, its steps, and the directives in them; see resources/lesson-format.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from model.lessons.actions import ACTIONS
from model.lessons.conditions import Condition
from model.lessons.facts import FACTS, meant_fact
from model.lessons.lesson import Best, Do, Lesson, LessonError, Point, Step, Until
from model.types import shortened

MAX_STEPS, MAX_DIRECTIVES, MAX_LINE = 100, 40, 4_000
MAX_TITLE = 120

_HEADING = re.compile(r"##\s+(.*?)\s*#*\s*")
_KEY = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)")
_DIRECTIVE = re.compile(r"\s{0,3}>\s*([A-Za-z_]+)\s*:\s*(.*)")
_WITHOUT_COLON = re.compile(r"\s{0,3}>\s*(point|do|offer|until|best)\s")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_PICTURE, _TAG = re.compile(r"!\["), re.compile(r"(?<!\\)<[A-Za-z/!?]")
_CODE = re.compile(r"`[^`]*`")
_HEADINGS = "a step begins with ##, a space and its title; the lesson's own title is a line such as “title: My lesson”"
_FORMULA = re.compile(r"(?<!\\)\$")


def parse_lesson(text: str, name: str, experiments: Mapping[str, bytes]) -> Lesson:
    """Return the lesson of a text.

    Parameters
    ----------
    text : str
        What is in ``lesson.md``.
    name : str
        That of its folder.
    experiments : mapping of str to bytes
        The experiment files beside it, by name.

    Raises
    ------
    LessonError
        If a line is not allowed; the message begins with its number.
    """
    head = _Head()
    steps: list[_StepLines] = []
    in_code = False
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise LessonError.at(number, f"a line may have {MAX_LINE:,} characters; got {len(line):,}")
        heading = None if in_code else _HEADING.fullmatch(line)
        if heading is not None:
            title = _title(heading[1], number)
            if any(step.title == title for step in steps):
                raise LessonError.at(number, "there is a step of this title already")
            steps.append(_StepLines(title, number))
            if len(steps) > MAX_STEPS:
                raise LessonError.at(number, f"a lesson may have {MAX_STEPS} steps")
        elif steps:
            in_code ^= _FENCE.match(line) is not None
            steps[-1].add(number, line, in_code=in_code, experiments=experiments)
        else:
            head.add(number, line)
    if in_code:
        raise LessonError.at(steps[-1].line, "code in this step has no end: a line ``` is missing")
    if not head.title:
        raise LessonError.at(1, "the title is missing: a line such as “title: What a neuron sees”")
    if not steps:
        raise LessonError.at(max(len(text.splitlines()), 1), "there is no step: a line such as “## Look at the data”")
    return Lesson(
        name=name,
        title=head.title,
        steps=tuple(step.made() for step in steps),
        minutes=head.minutes,
        summary=head.summary,
        hidden=tuple(head.hidden),
        limits=tuple(head.limits),
        experiments=dict(experiments),
    )


def _title(text: str, line: int) -> str:
    if not text:
        raise LessonError.at(line, "a step needs a title after ##")
    if len(text) > MAX_TITLE:
        raise LessonError.at(line, f"a title may have {MAX_TITLE} characters; got {len(text):,}")
    return text


@dataclass(slots=True)
class _Head:
    """The lines before the first step."""

    title: str = ""
    summary: str = ""
    minutes: int | None = None
    hidden: list[tuple[str, int]] = field(default_factory=list)
    limits: list[Until] = field(default_factory=list)

    def add(self, line: int, text: str) -> None:
        if not text.strip():
            return
        found = _KEY.fullmatch(text.strip())
        if found is None:
            if text.startswith("#"):
                raise LessonError.at(line, _HEADINGS)
            raise LessonError.at(
                line, f"before the first step, a line is a word, a colon and a value; got {shortened(text)!r}"
            )
        key, value = found[1], found[2]
        if not value:
            raise LessonError.at(line, f"a value must follow “{shortened(key)}:”")
        match key:
            case "title":
                self.title = _once(self.title, _title(value, line), key, line)
            case "summary":
                self.summary = _once(self.summary, value, key, line)
            case "minutes":
                if not (value.isascii() and value.isdecimal() and 1 <= len(value) <= 3 and int(value) > 0):
                    raise LessonError.at(
                        line, f"minutes must be a whole number from 1 to 999; got {shortened(value)!r}"
                    )
                self.minutes = _once(self.minutes, int(value), key, line)
            case "hide":
                self.hidden += [(name.strip(), line) for name in value.split(",") if name.strip()]
            case "limit":
                self.limits.append(Until(_condition(value, line), line))
            case _:
                raise LessonError.at(
                    line, f"there is no {shortened(key)} here; there are title, summary, minutes, hide and limit"
                )


def _once(before: Any, value: Any, key: str, line: int) -> Any:
    if before:
        raise LessonError.at(line, f"there is a second {key}")
    return value


class _StepLines:
    """The lines of a step while they are read."""

    def __init__(self, title: str, line: int) -> None:
        self.line = line
        self.title = title
        self._text: list[tuple[int, str]] = []
        self._formula: int | None = None  # The line in which one has begun.
        self._points: list[Point] = []
        self._actions: list[Do] = []
        self._untils: list[Until] = []
        self._best: Best | None = None
        self._n_directives = 0

    def add(self, line: int, text: str, *, in_code: bool, experiments: Mapping[str, bytes]) -> None:
        found = None if in_code else _DIRECTIVE.fullmatch(text.rstrip())
        if found is not None:
            self._n_directives += 1
            if self._n_directives > MAX_DIRECTIVES:
                raise LessonError.at(line, f"a step may have {MAX_DIRECTIVES} of these lines")
            self._direct(line, found[1], found[2], experiments)
            return
        if not in_code:
            self._check(line, text)
        self._text.append((line, text))

    def _check(self, line: int, text: str) -> None:
        """Refuse what would not be shown as it is written."""
        plain = _CODE.sub("", text)
        n_signs = len(_FORMULA.findall(plain))
        if not plain.strip() and self._formula is not None:
            raise LessonError.at(self._formula, "a formula has no end: a $ is missing; write \\$ for the sign itself")
        if n_signs % 2:
            self._formula = line if self._formula is None else None
        words = re.sub(r"(?<!\\)\$[^$]*\$", "", plain)
        if _PICTURE.search(words):
            raise LessonError.at(line, "pictures are not shown; point at something in the window instead")
        if _TAG.search(words):
            raise LessonError.at(line, "HTML is not shown; write Markdown, and \\< for the sign itself")
        forgotten = _WITHOUT_COLON.match(text)
        if forgotten is not None:
            raise LessonError.at(line, f"a colon is missing: “> {forgotten[1]}:”; a quotation may not begin so")
        if re.match(r"#\s", text):
            raise LessonError.at(line, "a heading in a lesson begins a step, with ##, or is smaller, with ###")

    def _direct(self, line: int, word: str, value: str, experiments: Mapping[str, bytes]) -> None:
        makers: dict[str, Callable[[], object]] = {
            "point": lambda: self._points.append(Point(value, line)),
            "do": lambda: self._actions.append(_action(value, line, experiments)),
            "offer": lambda: self._actions.append(_action(value, line, experiments, is_offered=True)),
            "until": lambda: self._untils.append(Until(_condition(value, line), line)),
            "best": lambda: self._set_best(value, line),
        }
        if word not in makers:
            raise LessonError.at(
                line, f"a line that begins so is one of {', '.join(f'> {name}:' for name in makers)}; got > {word}:"
            )
        if not value:
            raise LessonError.at(line, f"something must follow “> {word}:”")
        makers[word]()

    def _set_best(self, value: str, line: int) -> None:
        if self._best is not None:
            raise LessonError.at(line, "there is a second best in this step")
        name, _, which = value.partition(" ")
        numbers = [fact.name for fact in FACTS.values() if fact.kind == "number"]
        if name not in numbers:
            meant = meant_fact(name, numbers)
            raise LessonError.at(line, f"there is no number {shortened(name)}{meant}; there are {', '.join(numbers)}")
        if which.strip() not in ("lower", "higher"):
            raise LessonError.at(line, f"lower or higher must follow {name}, for what is better")
        self._best = Best(name, which.strip() == "lower", line)

    def made(self) -> Step:
        if self._formula is not None:
            raise LessonError.at(self._formula, "a formula has no end: a $ is missing; write \\$ for the sign itself")
        if self._best is not None and not self._untils:
            raise LessonError.at(self._best.line, "a best needs an until: what is reached when it counts")
        first = next((index for index, (_, text) in enumerate(self._text) if text.strip()), 0)
        return Step(
            title=self.title,
            text="\n".join(text for _, text in self._text).strip(),
            line=self.line,
            lines=tuple(line for line, _ in self._text[first:]),
            points=tuple(self._points),
            actions=tuple(self._actions),
            untils=tuple(self._untils),
            best=self._best,
        )


def _condition(text: str, line: int) -> Condition:
    try:
        return Condition.parse(text)
    except ValueError as error:
        raise LessonError.at(line, f"in “{shortened(text, 80)}”, {error}") from error


def _action(text: str, line: int, experiments: Mapping[str, bytes], *, is_offered: bool = False) -> Do:
    name, _, rest = text.partition(" ")
    if name not in ACTIONS:
        raise LessonError.at(line, f"there is no action {shortened(name)}; there are {', '.join(ACTIONS)}")
    try:
        value = ACTIONS[name].parse(rest.strip())
    except (ValueError, OverflowError) as error:
        raise LessonError.at(line, f"{name}: {error}") from error
    if name == "open" and value not in experiments:
        there = ", ".join(sorted(experiments)) or "none"
        raise LessonError.at(line, f"there is no experiment {shortened(str(value))} in the folder; there are {there}")
    return Do(name, value, line, is_offered)
