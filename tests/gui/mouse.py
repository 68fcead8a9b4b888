"""A mouse that is where a test has moved it, once it has moved it."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QDeadlineTimer, QEvent, QObject, QPoint
from PySide6.QtGui import QCursor, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_MS = 500
"""Behind an open menu, or outside the screen, the mouse is not told of."""

send_move = QTest.mouseMove
"""What QTest does: it asks the screen to move the mouse, and does not wait."""


class Arrival(QObject):
    """Notes that the screen has told of its mouse at a place, while it is installed on the application."""

    def __init__(self, place: QPoint) -> None:
        super().__init__()
        self.place = place
        self.is_told = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(watched, QWindow | QWidget):
            self.is_told |= event.globalPosition().toPoint() == self.place
        return False


def wait_until_told(place: QPoint, move: Callable[[], None]) -> None:
    """Let the screen's own mouse move to a place, and handle events until the screen has told of it.

    A screen tells of a move when it comes to it. Until then nothing has moved for a test that looks, and a move that is
    told later takes the mouse away from where the test has put it meanwhile.
    """
    is_there = QCursor.pos() == place
    arrival, application = Arrival(place), QApplication.instance()
    application.installEventFilter(arrival)
    move()
    QApplication.processEvents()
    deadline = QDeadlineTimer(PATIENCE_MS)
    while not (is_there or arrival.is_told or deadline.hasExpired()):
        time.sleep(0.001)
        QApplication.processEvents()
    application.removeEventFilter(arrival)


def move_mouse(widget: QWidget, position: QPoint, delay: int = -1) -> None:
    """Move the mouse over a widget, and wait for it, which QTest does not."""
    wait_until_told(widget.mapToGlobal(position), partial(send_move, widget, position, delay))
