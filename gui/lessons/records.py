"""Records: the best that was reached of each challenge, remembered from one start to the next."""

from __future__ import annotations

import json
from math import isfinite

from PySide6.QtCore import QSettings

_KEY = "lessons/best"


def remembered(lesson: str) -> dict[str, float]:
    """Return the best of a lesson's challenges, by the titles of their steps."""
    best = _all().get(lesson)
    known = best.items() if isinstance(best, dict) else ()
    return {title: float(value) for title, value in known if isinstance(value, int | float) and isfinite(value)}


def remember(lesson: str, title: str, value: float) -> None:
    """Remember the best of a challenge."""
    everything = _all()
    everything[lesson] = remembered(lesson) | {title: value}
    QSettings().setValue(_KEY, json.dumps(everything))


def _all() -> dict[str, object]:
    try:
        found = json.loads(str(QSettings().value(_KEY) or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
