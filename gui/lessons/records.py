"""Records: the best that was reached of each challenge, remembered from one start to the next."""

from __future__ import annotations

import json
from math import isfinite

from PySide6.QtCore import QSettings

from model.lessons.lesson import Lesson, Step
from model.lessons.tasks import task_of

_KEY = "lessons/records"
_MOST = 500
"""So many are remembered; the one that was set longest ago goes first."""


def remembered(lesson: Lesson) -> dict[str, float]:
    """Return the best of a lesson's challenges, by the titles of their steps."""
    every = _all()
    tasks = {step.title: task_of(lesson, step) for step in lesson.steps if step.best is not None}
    return {title: every[task] for title, task in tasks.items() if task in every}


def remember(lesson: Lesson, step: Step, value: float) -> None:
    """Remember the best of a challenge."""
    task, every = task_of(lesson, step), _all()
    every.pop(task, None)
    every[task] = value
    QSettings().setValue(_KEY, json.dumps(dict(list(every.items())[-_MOST:])))


def _all() -> dict[str, float]:
    try:
        found = json.loads(str(QSettings().value(_KEY) or "{}"))
    except ValueError:
        return {}
    known = found.items() if isinstance(found, dict) else ()
    return {task: float(value) for task, value in known if isinstance(value, int | float) and isfinite(value)}
