"""Worker: the window's side of the process that computes formulas."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from gui.dialogs.formula.requests import Answer, Request

_ROOT = Path(__file__).resolve().parents[3]
_MODULE = "gui.dialogs.formula.process"
_END_MS = 5000


class Worker(QObject):
    """Asks a process of its own, one request at a time, and hands on its answers.

    The process starts with the first request, which takes about half a second, and stays for those that follow.

    Parameters
    ----------
    parent : QObject
    """

    answered = Signal(object)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._is_busy

    def ask(self, request: Request) -> None:
        """Ask something; an answer to something else that is still to come never does."""
        if self._is_busy:
            self._end()
        if self._process is None:
            self._process = self._started()
        self._process.write(pickle.dumps(request))
        self._set_busy(True)

    @Slot()
    def cancel(self) -> None:
        """End the process if it computes; no answer comes then."""
        if self._is_busy:
            self._end()
            self._set_busy(False)

    def close(self) -> None:
        """End the process."""
        self._end()
        self._set_busy(False)

    def _started(self) -> QProcess:
        process = QProcess(self)
        process.setWorkingDirectory(str(_ROOT))
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._on_ready)
        process.errorOccurred.connect(self._on_ended)
        process.finished.connect(self._on_ended)
        process.start(sys.executable, ["-m", _MODULE])
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.blockSignals(True)
            process.kill()
            process.waitForFinished(_END_MS)
            process.deleteLater()

    @Slot()
    def _on_ready(self) -> None:
        while self._process is not None and self._process.canReadLine():
            answer: Answer = json.loads(bytes(self._process.readLine().data()))
            if "rows" not in answer:
                self._set_busy(False)
            self.answered.emit(answer)

    @Slot()
    def _on_ended(self) -> None:
        """Answer for a process that came to an end by itself."""
        self._end()
        if self._is_busy:
            self._set_busy(False)
            self.answered.emit({"error": "the process that computes formulas has ended; try again"})

    def _set_busy(self, busy: bool) -> None:
        if busy != self._is_busy:
            self._is_busy = busy
            self.busy_changed.emit(busy)
