"""Derived: what is computed from the displayed moment, while somebody wants it."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QObject, Signal, Slot

from gui.document.run import LiveRun
from gui.document.view import View
from gui.widgets.pace import LEAST_INTERVAL_S, Pace


class Derived(QObject):
    """Follows the displayed moment: at once while nothing trains, otherwise as often as can be afforded.

    Parameters
    ----------
    run : LiveRun
    view : View
    parent : QObject
    """

    changed = Signal()

    least_interval_s: ClassVar[float] = LEAST_INTERVAL_S
    """While something trains it is not computed more often than that."""

    def __init__(self, run: LiveRun, view: View, parent: QObject) -> None:
        super().__init__(parent)
        self._run, self._view = run, view
        self._pace = Pace(self._renew, self, self.least_interval_s)
        run.displayed_changed.connect(self._follow)

    @property
    def is_wanted(self) -> bool:
        """Whether there is something to compute."""
        raise NotImplementedError

    def compute(self) -> None:
        """Compute it, or forget it where it is not wanted."""
        raise NotImplementedError

    @Slot()
    def _follow(self) -> None:
        if self.is_wanted:
            self._pace.ask(urgent=not self._run.playing)

    def _renew(self) -> None:
        self.compute()
        self.changed.emit()
