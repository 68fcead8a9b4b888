"""Pace: work that follows something live, done as often as can be afforded."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

_LEAST_INTERVAL_S, _SHARE = 0.08, 12.0
"""What is not urgent takes at most one part in _SHARE of the time."""


class Pace(QObject):
    """Does a piece of work when it is asked for, and less often the longer it takes.

    Parameters
    ----------
    work : callable
    parent : QObject
    """

    def __init__(self, work: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._cost_s = 0.0
        self._done_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.work)

    def ask(self, *, urgent: bool) -> None:
        """Do the work soon: once all events are through if it is urgent, otherwise when it is due."""
        if urgent:
            self._timer.start(0)
        elif not self._timer.isActive():
            interval = max(_LEAST_INTERVAL_S, _SHARE * self._cost_s)
            self._timer.start(round(1000 * max(self._done_at + interval - time.perf_counter(), 0.0)))

    @Slot()
    def work(self) -> None:
        """Do the work now."""
        start = time.perf_counter()
        self._work()
        self._done_at = time.perf_counter()
        self._cost_s = self._done_at - start
