"""Screens: windows that are never larger than the one that they are on."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

_FRAME = QMargins(4, 34, 4, 4)
"""Room for the frame and the title that the system puts round a window; it is known when the window is shown."""


def room_for(window: QWidget) -> QRect:
    """Return where the content of a window has room: its screen without task bars, and without the window's frame."""
    return _screen_of(window).availableGeometry().marginsRemoved(_frame_of(window))


def keep_on_screen(window: QWidget) -> None:
    """Make a window no larger than its screen, and move it there if some of it would be outside."""
    if window.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
        return
    room = room_for(window)
    size = window.size().boundedTo(room.size()).expandedTo(window.minimumSize())
    if size != window.size():
        window.resize(size)
    if window.testAttribute(Qt.WidgetAttribute.WA_Moved):
        frame = _frame_of(window)
        corner = _within(window.geometry(), room).topLeft() - QPoint(frame.left(), frame.top())
        if corner != window.pos():
            window.move(corner)


def bounded(size: QSize, window: QWidget) -> QSize:
    """Return a size, or what the screen of a window has room for."""
    return size.boundedTo(room_for(window).size())


def _within(rect: QRect, room: QRect) -> QRect:
    """Return a rectangle moved into another one; what is too large begins at its corner."""
    left = max(min(rect.left(), room.right() - rect.width() + 1), room.left())
    top = max(min(rect.top(), room.bottom() - rect.height() + 1), room.top())
    return QRect(QPoint(left, top), rect.size())


def _screen_of(window: QWidget) -> QScreen:
    """Return the screen that has the middle of a window; where that screen is gone, the one that it would open on."""
    placed = window.testAttribute(Qt.WidgetAttribute.WA_Moved)
    at = QGuiApplication.screenAt(window.geometry().center()) if placed else None
    return at or window.screen()


def _frame_of(window: QWidget) -> QMargins:
    if not window.isVisible():
        return _FRAME
    frame, content = window.frameGeometry(), window.geometry()
    return QMargins(
        content.left() - frame.left(),
        content.top() - frame.top(),
        frame.right() - content.right(),
        frame.bottom() - content.bottom(),
    )
