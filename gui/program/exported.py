"""Exported: tells who waits for it, as a lesson does, that something was exported."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Signal


class Exported(QObject):
    """Says which kind of thing was written to a file: an entry of the fact ``exported``."""

    written = Signal(str)

    def tell(self, kind: str) -> None:
        """Say that a file was written."""
        self.written.emit(kind)


@cache
def exported() -> Exported:
    """Return the only one of the process."""
    return Exported()
