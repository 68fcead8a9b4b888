"""Derived: what is computed from the displayed moment, while somebody wants it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.document.run import LiveRun
from gui.document.view import View
from gui.program.guard import guarded
from gui.widgets.pace import LEAST_INTERVAL_S, Pace


class Derived(QObject):
    """Follows the displayed moment: at once while nothing trains, otherwise as often as can be afforded.

    Parameters
    ----------
    run : LiveRun
    view : View
    parent : QObject
    shown_by : QWidget, optional
        Nothing is computed while it cannot be seen, and what there is to see as soon as it can.
    """

    changed = Signal()

    least_interval_s: ClassVar[float] = LEAST_INTERVAL_S
    """While something trains it is not computed more often than that."""

    def __init__(self, run: LiveRun, view: View, parent: QObject, shown_by: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run, self._view, self._shown_by = run, view, shown_by
        self._pace = Pace(self._renew, self, self.least_interval_s)
        run.displayed_changed.connect(self._follow)
        if shown_by is not None:
            shown_by.installEventFilter(self)

    @property
    def is_wanted(self) -> bool:
        """Whether there is something to compute."""
        raise NotImplementedError

    def compute(self) -> None:
        """Compute it, or forget it where it is not wanted."""
        raise NotImplementedError

    @property
    def is_seen(self) -> bool:
        """Whether somebody can see what is computed."""
        return self._shown_by is None or self._shown_by.isVisible()

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Compute it when that which shows it comes to be seen."""
        if event.type() == QEvent.Type.Show:
            self._pace.work()
        return False

    @Slot()
    def _follow(self) -> None:
        if self.is_seen and self.is_wanted:
            self._pace.ask(urgent=not self._run.playing)

    def _renew(self) -> None:
        self.compute()
        self.changed.emit()
