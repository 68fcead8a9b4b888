"""Files that are dropped on the window."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QGraphicsView, QMainWindow

from gui.dialogs.asking import note
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
        self._window = window
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
            paths = files_of(event.mimeData(), self._openers)
            if not paths:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._take(paths)
        except Exception:
            report_raised()
        return True

    def _take(self, paths: Sequence[Path]) -> None:
        if len(paths) == 1:
            self._openers[paths[0].suffix.lower()](paths[0])
        else:
            note(self._window, f"{len(paths)} files were dropped: drop the one that you want to open.")


def files_of(mime: QMimeData, suffixes: Collection[str]) -> list[Path]:
    """Return the files that are dragged or copied and whose names end with one of the suffixes, in any case."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in suffixes]


def only_file(mime: QMimeData, suffixes: Collection[str]) -> Path | None:
    """Return the file that is dragged or copied alone, if its name ends with one of the suffixes."""
    paths = files_of(mime, suffixes)
    return paths[0] if len(paths) == len(mime.urls()) == 1 else None
