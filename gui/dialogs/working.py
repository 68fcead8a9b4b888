"""WorkingDialog: a dialog with work of its own, which ends with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from gui.program.guard import guarded


class WorkingDialog(QDialog):
    """Ends its work when it closes, and closes with its window.

    Parameters
    ----------
    window : QMainWindow
        In front of which it stays.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.installEventFilter(self)

    def end_work(self) -> None:
        """End the work; it may have ended already."""
        raise NotImplementedError

    def done(self, result: int) -> None:
        """End the work, and close."""
        self.end_work()
        super().done(result)

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """End the work, and close."""
        self.end_work()
        super().closeEvent(event)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the window, which hides when it is closed."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        return False
