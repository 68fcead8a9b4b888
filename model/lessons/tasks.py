"""Tasks: which challenges are the same, so that what was reached in one is a record of the other."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass

from model.lessons.lesson import Do, Lesson, Step

_LOOKS = frozenset({"scrub", "present", "select", "probe", "show", "view"})
"""Actions that only look: without them a challenge is the same."""


def task_of(lesson: Lesson, step: Step) -> str:
    """Return what tells the task of a step from every other, as a short text.

    It is made of what is to be reached, what must hold meanwhile, of which fact the best is kept, and what the lesson
    has done to points, network and settings until then. Titles, texts and the name of the folder are no part of it.
    """
    until_then = lesson.steps[: lesson.steps.index(step) + 1]
    asked = sorted(until.condition.asked for until in step.untils)
    limits = sorted(limit.condition.asked for limit in lesson.limits)
    best = None if step.best is None else (step.best.name, step.best.is_lower)
    done = [
        _told(lesson, do) for each in until_then for do in each.actions if not do.is_offered and do.action not in _LOOKS
    ]
    return hashlib.sha256(json.dumps([asked, limits, best, done]).encode()).hexdigest()[:24]


def _told(lesson: Lesson, do: Do) -> tuple[str, str]:
    """Return an action with what it is done with: of an experiment its content, of settings those that differ."""
    value = do.value
    if do.action == "open" and isinstance(value, str):
        return do.action, hashlib.sha256(lesson.experiments[value]).hexdigest()
    if is_dataclass(value):
        pairs = ((part.name, getattr(value, part.name), part.default) for part in fields(value))
        return do.action, repr([(name, given) for name, given, usual in pairs if given != usual])
    return do.action, repr(value)
