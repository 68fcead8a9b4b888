"""Ahead: what the training thread computes for a view before the window has the moment that it shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gui.document.run import LiveRun
from gui.program.guard import guarded
from model.run.snapshot import Snapshot


class Ahead(QObject):
    """Has some of a view's work done for each snapshot by the thread that makes it, while the view can be seen.

    Parameters
    ----------
    run : LiveRun
    view : QWidget
        Its object name tells its work from that of others; also the parent.
    """

    def __init__(self, run: LiveRun, view: QWidget) -> None:
        super().__init__(view)
        self._run, self._view = run, view
        self._work: Callable[[Snapshot], object] | None = None
        view.installEventFilter(self)

    def have_done(self, work: Callable[[Snapshot], object]) -> None:
        """Have this done from now on: a pure function that keeps what it computed last."""
        self._work = work
        if self._view.isVisible():
            self._run.prepare(self._view.objectName(), work)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have it done when the view is shown, and no longer when it is hidden."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._run.prepare(self._view.objectName(), self._work if event.type() == QEvent.Type.Show else None)
        return False
