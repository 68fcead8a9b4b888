"""HiddenView: a hidden space that a person looks at from nearer or from elsewhere, and whose points can be selected."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent

from gui import theme
from gui.items.hidden.look import HiddenLook
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import HiddenMoment
from gui.items.hidden.paint import paint_hidden
from gui.items.hidden.seen import Seen
from gui.items.space.camera import Camera
from gui.items.space.turning import TurnedView
from gui.program.guard import guarded
from gui.widgets.focus import ARROWS, leave_field
from gui.widgets.page import on_page, page_of
from gui.widgets.panning import Panning

_ZOOM_STEP, _KEY_ZOOM = 1.0015, 1.25
_KEY_WAY = 0.1
_CLICK_PX = 4.0


class HiddenView(TurnedView):
    """Shows a hidden space along two axes or three; what is under the mouse is a place of the plane.

    A click selects a point, with Shift it adds one. Along three axes dragging turns the box; along two it draws a frame
    round points to select, the wheel zooms about the mouse, the right or the middle button, or the left one while Space
    is held, and the arrow keys move what is shown, and a double click shows all of it.

    Attributes
    ----------
    drawing_s : float
        How long the last picture took.
    """

    selected = Signal(object, bool)
    """Rows of points, an ndarray of int, and whether they are added to those that are selected already."""

    def __init__(self) -> None:
        super().__init__("Hidden space")
        self._moment: HiddenMoment | None = None
        self._look = HiddenLook()
        self._marks = Marks()
        self._seen: Seen | None = None
        self._pressed_at: QPointF | None = None
        self._frame: QRectF | None = None
        self._panning = Panning()
        self.drawing_s = 0.0

    @property
    def look(self) -> HiddenLook:
        """How it is looked at."""
        return replace(self._look, camera=self.camera)

    @property
    def is_flat(self) -> bool:
        """Whether it is seen along two axes."""
        return self._moment is None or self._moment.space.n_axes == 2

    def show_moment(self, moment: HiddenMoment | None) -> None:
        """Show another moment; None: there is no hidden layer."""
        self._moment = moment
        if self._pressed_at is None and not self._panning.is_held:
            self._show_cursor()
        self.update()

    def _show_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor if self.is_flat else Qt.CursorShape.OpenHandCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def show_marks(self, marks: Marks) -> None:
        """Let other points stand out."""
        self._marks = marks
        self.update()

    def show_share(self, share: float) -> None:
        """Show the points when a share of the way through the layer lies behind them."""
        self._look = replace(self._look, share=share)
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the space, and the frame that is being drawn round points."""
        colours = theme.current()
        start = time.perf_counter()
        self._seen = paint_hidden(painter, area, self._moment, self.look, self._marks, colours, copied=True)
        self.drawing_s = time.perf_counter() - start
        if self._frame is not None:
            ground = QColor(colours.selected)
            ground.setAlphaF(0.12)
            painter.setPen(QPen(colours.selected, 1.0))
            painter.setBrush(ground)
            painter.drawRect(self._frame)

    def met(self, position: QPointF) -> tuple[float, float] | None:
        """Return the place of the plane of what a place of the page shows: a point, or else a part of the sheet."""
        moment, seen = self._moment, self._seen
        if moment is None or seen is None:
            return None
        row, vertex = seen.point_at(position), seen.vertex_at(position)
        if row is not None and row < len(moment.dataset):
            x, y = moment.dataset.points[row].tolist()
        elif vertex is not None:
            x, y = moment.space.places[vertex].tolist()
        else:
            return None
        return x, y

    # What the mouse does

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, or a frame; or take hold of the box, or of what is shown."""
        if self.is_flat and self._panning.begins(event):
            event.accept()
            leave_field()
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = on_page(event.position())
        if not self.is_flat:
            super().mousePressEvent(event)
            return
        event.accept()
        leave_field()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch the frame, turn the box, move what is shown, or say over which place the mouse is."""
        way = self._panning.moved(event)
        if way is not None:
            event.accept()
            self._move_by(on_page(way[1] - way[0]))
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._pressed_at = self._frame = None
        if not self.is_flat:
            super().mouseMoveEvent(event)
            return
        event.accept()
        if self._pressed_at is None:
            self.pointed.emit(self.met(on_page(event.position())))
        elif not self._is_click(event):
            self._frame = QRectF(self._pressed_at, on_page(event.position())).normalized()
            self.update()

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select what was clicked, or what is in the frame."""
        if self._panning.ends(event):
            event.accept()
            self._show_cursor()
            if self._panning.menu_at is not None:
                self._ask_for_menu(self._panning.menu_at)
            return
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._seen is not None and self._frame is not None:
            self.selected.emit(self._seen.points_in(self._frame), adds)
        elif self._seen is not None and self._is_click(event):
            row = self._seen.point_at(on_page(event.position()))
            self.selected.emit(np.array([] if row is None else [row], dtype=np.intp), adds)
        self._pressed_at = self._frame = None
        self._show_cursor()
        self.update()

    def _is_click(self, event: QMouseEvent) -> bool:
        position = on_page(event.position())
        return (position - (self._pressed_at or position)).manhattanLength() < _CLICK_PX

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all of it, as at first."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, along two axes about the mouse."""
        if not self.is_flat:
            super().wheelEvent(event)
            return
        event.accept()
        area = page_of(self) if self._seen is None else self._seen.area
        away = (on_page(event.position()) - area.center()) / self._units_per_share
        about = (self._look.centre[0] + away.x(), self._look.centre[1] - away.y())
        self._show_look(self._look.zoomed(_ZOOM_STEP ** event.angleDelta().y(), about))

    @property
    def _units_per_share(self) -> float:
        """How many units of the page a 1 of the look's centre is."""
        area = page_of(self) if self._seen is None else self._seen.area
        return min(area.width(), area.height()) / 2.0 * self._look.zoom

    def _move_by(self, way: QPointF) -> None:
        """Move what is shown along with the mouse."""
        x, y = self._look.centre
        share = way / self._units_per_share
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._show_look(replace(self._look, centre=(x - share.x(), y + share.y())))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu; where the button goes down with that, it waits whether it becomes a drag."""
        if self._panning.is_held and event.reason() == QContextMenuEvent.Reason.Mouse:
            event.accept()
            self._panning.menu_at = event.pos()
        else:
            super().contextMenuEvent(event)

    def _ask_for_menu(self, position: QPoint) -> None:
        self.menu_asked.emit(self.met(on_page(QPointF(position))), self.mapToGlobal(position))

    def fit(self) -> None:
        """Show all of it, as at first."""
        self.look_from(Camera())
        self._show_look(self._look.fitted())

    def _show_look(self, look: HiddenLook) -> None:
        self._look = look
        self.update()

    # What the keyboard does

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the box, or move what is shown; zoom; or show it as at first."""
        if not self.is_flat:
            super().keyPressEvent(event)
            return
        key, look = Qt.Key(event.key()), self._look
        if key in ARROWS:
            way = _KEY_WAY / look.zoom
            x, y = (at + way * sign for at, sign in zip(look.centre, ARROWS[key], strict=True))
            self._show_look(replace(look, centre=(x, y)))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self._show_look(look.zoomed(_KEY_ZOOM if key == Qt.Key.Key_Plus else 1 / _KEY_ZOOM, look.centre))
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            event.ignore()
