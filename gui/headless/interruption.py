"""Ctrl+C, SIGTERM and a closed terminal: noted whenever they come, answered between two pieces of work."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NUMBERS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class StoppedError(Exception):
    """The work was given up because a signal came; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Signals:
    """The signals that came.

    Attributes
    ----------
    first : int or None
        The first one's number.
    """

    def __init__(self) -> None:
        self.first: int | None = None

    def have_come(self) -> bool:
        """Return whether there was one."""
        return self.first is not None

    def check(self) -> None:
        """Raise a StoppedError if there was one."""
        if self.first is not None:
            raise StoppedError(self.first)


@contextmanager
def noted_signals() -> Iterator[Signals]:
    """Let signals that end a program wait for whoever asks what this gives.

    Python would raise its KeyboardInterrupt in whatever line runs. A line that paints then loses its picture before its
    painter, and Qt crashes; a line that has just made a file cannot hand it to whoever would remove it.
    """
    signals = Signals()

    def note(number: int, _frame: FrameType | None) -> None:
        if signals.first is None:
            signals.first = number
        # If the work hangs, the second one ends the process at once.
        signal.signal(number, signal.SIG_DFL)

    # Who starts a program in the background of a script lets it ignore Ctrl+C.
    numbers = [number for number in _NUMBERS if signal.getsignal(number) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, note) for number in numbers}
    try:
        yield signals
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
