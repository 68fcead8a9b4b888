"""Files that are dropped, and dialogs that are answered."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def drop() -> Callable[..., bool]:
    """Drag files over a widget and drop them; return whether they were taken."""

    def drag_and_drop(widget: QWidget, *paths: object) -> bool:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        place = widget.rect().center()
        enter = QDragEnterEvent(place, COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, enter)
        if not enter.isAccepted():
            return False
        move = QDragMoveEvent(place, COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, move)
        event = QDropEvent(QPointF(place), COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, event)
        return move.isAccepted() and event.isAccepted()

    return drag_and_drop
