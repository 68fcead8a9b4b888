"""The experiments that were opened or saved last, remembered for the next start."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

MAX_RECENT = 8
_KEY = "files/recent"


def recent_files() -> list[Path]:
    """Return the files, the newest first."""
    names = QSettings().value(_KEY, [])
    # A list of one entry comes back as a string.
    names = [names] if isinstance(names, str) else names
    return [Path(str(name)) for name in names] if isinstance(names, list) else []


def remember(path: Path) -> None:
    """Put a file in front."""
    _write([path, *_without(path)])


def forget(path: Path) -> None:
    """Leave out a file that could not be opened."""
    _write(_without(path))


def forget_all() -> None:
    """Leave out every file."""
    QSettings().remove(_KEY)


def _without(path: Path) -> list[Path]:
    return [other for other in recent_files() if other != path]


def _write(paths: list[Path]) -> None:
    QSettings().setValue(_KEY, [str(path) for path in paths[:MAX_RECENT]])
