"""Screens: windows that are never larger than the one that they are on."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QDialog, QWidget

from gui import theme
from gui.widgets.scroll import let_scroll

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


def set_first_size(dialog: QDialog, width: int, height: int) -> None:
    """Let a dialog open in a size that goes with that of the interface, as far as its screen has room.

    Parameters
    ----------
    dialog : QDialog
    width, height : int
        In pixels at the scale 1.
    """
    dialog.resize(QSize(theme.px(width), theme.px(height)).boundedTo(room_for(dialog).size()))


def fit_dialog(dialog: QDialog) -> None:
    """Make a dialog that is about to be shown no larger than its screen; what has no room there scrolls."""
    for widget in dialog.findChildren(QWidget):
        widget.ensurePolished()  # Otherwise it has another font, and asks for less, until it is shown.
    # What it would like to have, for it may come to need that once it shows something.
    room, layout = room_for(dialog).size(), dialog.layout()
    least = dialog.sizeHint().expandedTo(dialog.minimumSizeHint())
    height = least.height()
    if layout is not None and layout.hasHeightForWidth():
        height = max(height, layout.minimumHeightForWidth(min(dialog.sizeHint().width(), room.width())))
    if least.width() > room.width() or height > room.height():
        let_scroll(dialog)
        dialog.setMinimumSize(0, 0)  # The layout that it had has given it a least size.
        dialog.resize(dialog.size().expandedTo(dialog.sizeHint()))
    keep_on_screen(dialog)


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
