"""TurnedView: a box in space that a person turns with the mouse and the keys."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.items.focus_ring import paint_focus_ring
from gui.items.space.camera import Camera
from gui.program.guard import guarded
from gui.widgets.focus import ARROWS, leave_field
from gui.widgets.page import begin_page, on_page

_DEGREES_PER_PX = 0.5
_KEY_DEGREES, _LONG_KEY_DEGREES = 5.0, 15.0
_ZOOM_STEP, _KEY_ZOOM = 1.0015, 1.25
_ZOOM_KEYS = {Qt.Key.Key_Plus: _KEY_ZOOM, Qt.Key.Key_Minus: 1 / _KEY_ZOOM}


class TurnedView(QWidget):
    """Shows a box. Dragging turns it, the wheel zooms, a double click shows it as at first.

    With the keyboard: Tab reaches the view, the arrow keys turn it (Shift: faster), plus and minus zoom, 0 shows it as
    at first. The right button, or the Menu key, asks for a menu.

    Parameters
    ----------
    name : str
        The accessible name.
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (*ARROWS, *_ZOOM_KEYS, Qt.Key.Key_0)

    pointed = Signal(object)
    """What is under the mouse, see :meth:`met`; None where there is nothing."""

    menu_asked = Signal(object, QPoint)
    """The right button or the Menu key: what is there, as above, and where on the screen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._camera = Camera()
        self._turned_from: QPointF | None = None
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        # Only Tab gives the focus: after a click the arrow keys still belong to the training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        theme.measure(self, least_width=140, least_height=116)
        theme.manager().changed.connect(self.update)

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw what is shown into an area of the page that has the panel's colour."""
        raise NotImplementedError

    def met(self, position: QPointF) -> object:
        """Return what is shown at a place of the page, None where there is nothing."""
        raise NotImplementedError

    @property
    def camera(self) -> Camera:
        """From where it is seen."""
        return self._camera

    def look_from(self, camera: Camera) -> None:
        """Show it from elsewhere."""
        if camera != self._camera:
            self._camera = camera
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is shown, and whether it has the focus."""
        painter, colours, whole = QPainter(self), theme.current(), QRectF(self.rect())
        painter.fillRect(whole, colours.panel)
        painter.save()
        self.draw(painter, begin_page(painter, self))
        painter.restore()
        if self.hasFocus():
            paint_focus_ring(painter, whole, colours)
        painter.end()

    # What the mouse does

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box."""
        event.accept()
        leave_field()
        if event.button() == Qt.MouseButton.LeftButton:
            self._turned_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pointed.emit(None)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn the box, or say over which place the mouse is."""
        event.accept()
        if self._turned_from is not None and not event.buttons() & Qt.MouseButton.LeftButton:
            # A menu that opened in between has taken the release for itself.
            self._let_go()
        if self._turned_from is None:
            self.pointed.emit(self.met(on_page(event.position())))
            return
        way, self._turned_from = event.position() - self._turned_from, event.position()
        self.look_from(self._camera.turned(-way.x() * _DEGREES_PER_PX, way.y() * _DEGREES_PER_PX))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the box go."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._let_go()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the box as at first."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self.look_from(Camera())

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        event.accept()
        self.look_from(self._camera.zoomed(_ZOOM_STEP ** event.angleDelta().y()))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, unless the box is being turned."""
        event.accept()
        if self._turned_from is None:
            leave_field()
            self.menu_asked.emit(self.met(on_page(QPointF(event.pos()))), event.globalPos())

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self.pointed.emit(None)

    def _let_go(self) -> None:
        self._turned_from = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    # What the keyboard does

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn, zoom, or show the box as at first."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            is_long = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            degrees = _LONG_KEY_DEGREES if is_long else _KEY_DEGREES
            right, up = ARROWS[key]
            self.look_from(self._camera.turned(right * degrees, up * degrees))
        elif key in _ZOOM_KEYS:
            self.look_from(self._camera.zoomed(_ZOOM_KEYS[key]))
        elif key == Qt.Key.Key_0:
            self.look_from(Camera())
        else:
            event.ignore()
