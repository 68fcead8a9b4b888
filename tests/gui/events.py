"""Events: what a test waits for that has no condition of its own to wait for."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

_TURNS, _TURN_MS = 3, 5


def settle() -> None:
    """Let timers that are due and the events that they call for come, as they do before a person looks."""
    for _ in range(_TURNS):
        QTest.qWait(_TURN_MS)
        QApplication.processEvents()
