"""What was chosen for the last animation, kept for the next one."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QSettings

from gui import theme
from gui.export.animation.settings import AnimationSettings

_SETTINGS_KEY = "export/animation"


def remembered_settings() -> AnimationSettings:
    """Return what was chosen the last time, or what suits the window."""
    default = AnimationSettings(theme="dark" if theme.current().is_dark else "light")
    try:
        values: dict[str, Any] = json.loads(str(QSettings().value(_SETTINGS_KEY) or ""))
        for name in ("size", "panels"):
            values[name] = tuple(values[name])
        values["slices"] = tuple(values.get("slices", ()))
        return replace(AnimationSettings(**values), title="", caption="")
    except (ValueError, TypeError, KeyError, RecursionError):  # Another version's, damaged, or none.
        return default


def remember_settings(settings: AnimationSettings) -> None:
    """Keep what was chosen for the next time, but for what belongs to the experiment."""
    values = asdict(replace(settings, first_step=None, last_step=None, title="", caption=""))
    QSettings().setValue(_SETTINGS_KEY, json.dumps(values))
