"""What the pages of the inspector have in common: they are computed when they are seen, as often as can be afforded."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.document.run import LiveRun
from gui.program.guard import guarded
from gui.widgets.pace import Pace


class Page(QWidget):
    """A page about the part of the network that is selected, of the moment that is shown.

    Parameters
    ----------
    run : LiveRun
    name : str
        The object name.
    description : str
        What a screen reader says.
    """

    def __init__(self, run: LiveRun, name: str, description: str) -> None:
        super().__init__()
        self._run = run
        self.setObjectName(name)
        self.setAccessibleName(description)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pace = Pace(self._renew, self)

    def follow(self) -> None:
        """Show what has changed, at once while nothing trains, otherwise as often as can be afforded."""
        if self.isVisible():
            self._pace.ask(urgent=not self._run.playing)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Compute what is seen now."""
        super().showEvent(event)
        self._pace.work()

    def _renew(self) -> None:
        if self.isVisible():
            self.renew()

    def renew(self) -> None:
        """Show the moment that is displayed."""
        raise NotImplementedError
