"""Later: a place for a widget that is made when it is first seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.program.guard import guarded


class Later(QWidget):
    """Holds a widget that a start need not wait for, for most people never look at it.

    Parameters
    ----------
    make : callable
        Returns the widget.
    """

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make: Callable[[], QWidget] | None = make
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Make the widget, once."""
        super().showEvent(event)
        make, self._make = self._make, None
        if make is not None:
            made = make()
            self._column.addWidget(made)
            made.show()
