"""Worker: a thread that takes messages between two pieces of its work, until it is stopped."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import traceback
from typing import Any, ClassVar

from PySide6.QtCore import QThread, Signal

from gui.training_thread.messages import Stop

_log = logging.getLogger(__name__)

BURST_S = 0.005
"""How long training runs before the window may have the interpreter for a frame (see the plan in gui/__init__.py)."""

BESIDE_BURST_S = 0.002
"""How long compiled steps are taken, while the window has the interpreter, until messages are taken again."""

N_PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
"""How many processors the program may use."""

FRAME_PATIENCE_S = 0.030
"""How long training waits for the window to have drawn a frame before it goes on beside it."""

OVERDUE_S = 0.250
"""Longest wait for a window that does not draw (it may be hidden) until it gets a newer snapshot all the same."""

_STOP_TIMEOUT_MS = 5000


class Worker(QThread):
    """A thread with a queue of messages.

    It has no parent and is kept until :meth:`stop`, at the latest when the interpreter ends: Qt aborts a process that
    deletes a thread which still runs, as an error on the way to the window could otherwise do.
    """

    mail_arrived = Signal()

    called: ClassVar[str] = "the thread"
    """What the log calls it."""

    def __init__(self) -> None:
        super().__init__()
        atexit.register(self.stop)
        self._messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._stopping = False

    # The window's side

    def send(self, message: object) -> None:
        """Hand over a message; it is taken between two steps."""
        self._messages.put(message)

    def stop(self) -> None:
        """End the thread and wait for it."""
        atexit.unregister(self.stop)
        if self.isRunning():
            self._stopping = True  # Whatever still waits in the queue; the message wakes the thread.
            self.send(Stop())
            if not self.wait(_STOP_TIMEOUT_MS):
                _log.error("%s did not end within %d ms", self.called, _STOP_TIMEOUT_MS)

    # The thread's side

    def run(self) -> None:
        """Qt calls this in the thread."""
        self.work()

    def work(self) -> None:
        """Take messages and work until :class:`Stop`. What is raised is reported, and the thread goes on."""
        while not self._stopping:
            try:
                self._turn()
            except Exception as error:
                _log.exception("%s raised", self.called)
                self._report(f"The training stopped: {error}.", traceback.format_exc())

    def _turn(self) -> None:
        """Take what messages there are, work for a short while, and answer."""
        raise NotImplementedError

    def _report(self, sentence: str, details: str) -> None:
        """Pause, and tell the window what was raised."""
        raise NotImplementedError

    def _idle_s(self) -> float | None:
        """Return for how long there is nothing to do but wait for a message; None: without limit."""
        raise NotImplementedError

    def _apply(self, message: Any) -> None:
        """Do what a message asks for; :class:`Stop` has been taken care of."""
        raise NotImplementedError

    def _take_messages(self) -> None:
        """Apply every waiting message; wait for one where there is nothing else to do."""
        timeout = self._idle_s()
        try:
            if timeout is None:
                self._take(self._messages.get())
            elif timeout > 0:
                self._take(self._messages.get(timeout=timeout))
            while not self._stopping:
                self._take(self._messages.get_nowait())
        except queue.Empty:
            return

    def _take(self, message: Any) -> None:
        if isinstance(message, Stop):
            self._stopping = True
        else:
            self._apply(message)
