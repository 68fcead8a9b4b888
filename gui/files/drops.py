"""Files that are dropped on the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QGraphicsView, QMainWindow

from gui.dialogs.asking import note
from gui.program.guard import guarded

_DRAGS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Drops(QObject):
    """Opens a file, and places the cells of a table, that are dropped anywhere on the window.

    Parameters
    ----------
    window : QMainWindow
        With all its panels: their views leave drops to it.
    openers : mapping of str to callable
        For each suffix, such as ".csv", what opens the file.
    open_other : callable
        Opens any other file, or says why not.
    place_text : callable
        Takes a text, such as cells of a spreadsheet.
    """

    def __init__(
        self,
        window: QMainWindow,
        openers: Mapping[str, Callable[[Path], object]],
        open_other: Callable[[Path], object],
        place_text: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._openers = openers
        self._open_other, self._place_text = open_other, place_text
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        for view in window.findChildren(QGraphicsView):
            # A scene would take every drag, and then do nothing with it.
            view.setAcceptDrops(False)
            view.viewport().setAcceptDrops(False)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files and texts that are dragged over the window and dropped; everything else is left to others."""
        if event.type() not in _DRAGS or not isinstance(event, QDropEvent):
            return False
        mime = event.mimeData()
        paths, text = local_files(mime), mime.text() if mime.hasText() and not mime.hasUrls() else ""
        if not paths and not text.strip():
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            self._take(paths) if paths else self._place_text(text)
        return True

    def _take(self, paths: Sequence[Path]) -> None:
        known = [path for path in paths if path.suffix.lower() in self._openers]
        (path, *others) = known or paths
        if others:
            note(self._window, f"{len(known or paths)} files were dropped: drop the one that you want to open.")
        else:
            self._openers.get(path.suffix.lower(), self._open_other)(path)


def local_files(mime: QMimeData) -> list[Path]:
    """Return the files that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
