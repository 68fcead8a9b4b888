"""Pace: work that follows something live, done as often as can be afforded."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import MethodType
from weakref import WeakMethod

from PySide6.QtCore import QObject, QTimer, Slot

LEAST_INTERVAL_S = 0.08
_READING_INTERVAL_S, _READING_SHARE = 0.04, 8.0

_SHARE = 24.0
"""What is not urgent usually takes at most one part in _SHARE of the time; there may be half a dozen at once."""

_SLACK_S = 0.06
"""How long after it is due it is done at the latest; a picture that comes before takes it along."""


class Pace(QObject):
    """Does a piece of work when it is asked for, and less often the longer it takes.

    Parameters
    ----------
    work : callable
        A method does not keep its object, so that a widget with a pace of its own goes when it is closed.
    parent : QObject
    least_interval_s : float
        What is not urgent is not done more often than that.
    share : float
        What is not urgent takes at most one part in `share` of the time.
    """

    def __init__(
        self,
        work: Callable[[], object],
        parent: QObject,
        least_interval_s: float = LEAST_INTERVAL_S,
        share: float = _SHARE,
    ) -> None:
        super().__init__(parent)
        self._share = share
        self._find_work: Callable[[], Callable[[], object] | None] = (
            WeakMethod(work) if isinstance(work, MethodType) else lambda: work
        )
        self._least_interval_s = least_interval_s
        self._cost_s = self._drawing_s = 0.0
        self._done_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.work)

    def ask(self, *, urgent: bool) -> None:
        """Do the work soon: once all events are through if it is urgent, otherwise when it is due.

        What is due already is done before this returns: who asks because a new picture is about to be drawn sees it in
        that picture, and not in one of its own.
        """
        if urgent:
            self._timer.start(0)
            return
        wait_s = self._done_at - time.perf_counter()
        wait_s += max(self._least_interval_s, self._share * (self._cost_s + self._drawing_s))
        if wait_s <= 0.0:
            self.work()
        elif not self._timer.isActive():
            self._timer.start(round(1000 * (wait_s + _SLACK_S)))

    def note_drawing(self, seconds: float) -> None:
        """Say how long it takes to draw what comes of the work, which is done as often as that."""
        self._drawing_s = seconds

    def forget(self) -> None:
        """Do not do what was asked for and is not done yet."""
        self._timer.stop()

    @Slot()
    def work(self) -> None:
        """Do the work now."""
        self._timer.stop()
        start = time.perf_counter()
        work = self._find_work()
        if work is not None:
            work()
        self._done_at = time.perf_counter()
        self._cost_s = self._done_at - start


class ReadingPace(Pace):
    """The pace of numbers and curves: while something trains they change no faster than a person could follow.

    Parameters
    ----------
    work : callable
    parent : QObject
        As of :class:`Pace`.
    """

    def __init__(self, work: Callable[[], object], parent: QObject) -> None:
        super().__init__(work, parent, _READING_INTERVAL_S, _READING_SHARE)

    def follow(self, *, live: bool) -> None:
        """Do the work when it is due for something live, and otherwise now."""
        if live:
            self.ask(urgent=False)
        else:
            self.work()
