"""Files that are dropped on the window."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QGraphicsView, QMainWindow

from gui.program.guard import report_raised

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Drops(QObject):
    """Opens a file that is dropped anywhere on the window.

    Parameters
    ----------
    window : QMainWindow
        With all its panels: their views leave drops to it.
    openers : mapping of str to callable
        For each suffix, such as ".csv", what opens the file.
    """

    def __init__(self, window: QMainWindow, openers: Mapping[str, Callable[[Path], object]]) -> None:
        super().__init__(window)
        self._openers = openers
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for view in window.findChildren(QGraphicsView):
            # A scene would take every drag, and then do nothing with it.
            view.setAcceptDrops(False)
            view.viewport().setAcceptDrops(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a file that is dragged over the window and dropped; everything else is left to others."""
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent):
            return False
        try:
            path = only_file(event.mimeData(), self._openers)
            if path is None:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._openers[path.suffix.lower()](path)
        except Exception:
            report_raised()
        return True


def only_file(mime: QMimeData, suffixes: Collection[str]) -> Path | None:
    """Return the one file that is dragged or copied, if its name ends with one of the suffixes."""
    urls = mime.urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in suffixes else None
