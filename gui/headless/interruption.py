"""Ctrl+C and SIGTERM: noted whenever they come, answered between two pieces of work."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StoppedError(Exception):
    """The work was given up because a signal came; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def noted_signals() -> Iterator[Callable[[], None]]:
    """Let Ctrl+C and SIGTERM wait for whoever calls what this gives: it raises a StoppedError if one of them came.

    Python would raise its KeyboardInterrupt in whatever line runs. A line that paints then loses its picture before its
    painter, and Qt crashes; a line that has just made a file cannot hand it to whoever would remove it.
    """
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        # If the work hangs, the second one ends the process at once.
        signal.signal(number, signal.SIG_DFL)

    def check() -> None:
        if came:
            raise StoppedError(came[0])

    # Who starts a program in the background of a script lets it ignore Ctrl+C.
    numbers = [n for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) is not signal.SIG_IGN]
    previous = {number: signal.signal(number, note) for number in numbers}
    try:
        yield check
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
