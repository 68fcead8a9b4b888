"""What shows a loss landscape in a window: from above, and in 3D."""

from __future__ import annotations

import time
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.items.focus_ring import paint_focus_ring
from gui.items.landscape.plot import LandscapePlot, to_page_of
from gui.items.landscape.scene import LandscapeScene
from gui.items.landscape.space import paint_landscape_in_space, relief_of_landscape
from gui.items.space.raster import Columns
from gui.items.space.relief import Relief
from gui.items.space.turning import TurnedView
from gui.program.guard import guarded
from gui.widgets.focus import ARROWS, leave_field
from gui.widgets.page import begin_page, off_page, on_page, page_of
from gui.widgets.texts import as_tip

_WHEEL_STEP, _KEY_STEP = 1.0015, 1.25
_CURSOR_STEPS, _LONG_STEPS = 40, 8
_CROSS_PX = 6.0
_REACH_KEYS = {Qt.Key.Key_Plus: 1 / _KEY_STEP, Qt.Key.Key_Minus: _KEY_STEP}


class LandscapeView(QWidget):
    """Shows a landscape from above. The wheel shows more or less of the plane; the right button asks for a menu.

    With the keyboard: Tab reaches it, the arrow keys move a cross whose loss is told (Shift: faster), plus and minus
    show less or more, 0 as much as at first, the Menu key asks for the menu.

    Attributes
    ----------
    drawing_s : float
        How long drawing took last, in seconds.
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (*ARROWS, *_REACH_KEYS, Qt.Key.Key_0)

    pointed = Signal(object)
    """The place of the plane under the mouse or the cross, a tuple of two floats; None where there is none."""

    menu_asked = Signal(object, QPoint)
    """The right button or the Menu key: the place there, as above, and where on the screen."""

    reach_turned = Signal(float)
    """By how much more of the plane is to be shown, as a factor; 0 for as much as at first."""

    def __init__(self) -> None:
        super().__init__()
        self._plot = LandscapePlot()
        self._scene: LandscapeScene | None = None
        self._problem = ""
        self._cross: tuple[float, float] | None = None
        self.drawing_s = 0.0
        self.setObjectName("landscape_view")
        self.setAccessibleName("Loss landscape")
        self.setToolTip(as_tip("Wheel: more or less of the plane. Right button: what can be done at a place."))
        self.setMouseTracking(True)
        # Only Tab gives the focus: after a click the arrow keys still belong to the training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.measure(self, least_width=140, least_height=90)
        theme.manager().changed.connect(self.update)

    def show_scene(self, scene: LandscapeScene | None, problem: str = "") -> None:
        """Show a landscape, or a sentence that says why there is none."""
        if scene is None or self._scene is None or scene.extent != self._scene.extent:
            self._cross = None
        self._scene, self._problem = scene, problem
        self.update()

    @property
    def scene(self) -> LandscapeScene | None:
        """What is shown."""
        return self._scene

    def on_page(self, place: tuple[float, float]) -> QPointF:
        """Return where a place of the plane was drawn last, in pixels."""
        assert self._scene is not None
        return off_page(to_page_of(self._scene, self._plot.area).map(QPointF(*place)))

    def place_at(self, position: QPointF) -> tuple[float, float] | None:
        """Return which place of the plane is at a position; None beside it."""
        position = on_page(position)
        if self._scene is None or not self._plot.area.contains(position):
            return None
        back, _ = to_page_of(self._scene, self._plot.area).inverted()
        place = back.map(position)
        return place.x(), place.y()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the landscape, or the sentence."""
        start = time.perf_counter()
        painter, colours = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        room = begin_page(painter, self)
        if self._scene is None:
            paint_sentence(painter, room, self._problem, colours)
        else:
            self._plot.paint(painter, room, self._scene, colours)
            if self._cross is not None and self.hasFocus():
                at = on_page(self.on_page(self._cross))
                painter.setPen(QPen(colours.text, 1.4))
                for way in (QPointF(_CROSS_PX, 0), QPointF(0, _CROSS_PX)):
                    painter.drawLine(at - way, at + way)
        painter.restore()
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), colours)
        painter.end()
        self.drawing_s = time.perf_counter() - start

    # What the mouse does

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be done with a field that somebody typed in."""
        event.accept()
        leave_field()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say over which place the mouse is."""
        event.accept()
        self.pointed.emit(self.place_at(event.position()))

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self.pointed.emit(None)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show more or less."""
        event.accept()
        self.reach_turned.emit(_WHEEL_STEP ** -event.angleDelta().y())

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu."""
        event.accept()
        leave_field()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.rect().center() if self._cross is None else self.on_page(self._cross).toPoint()
            self.menu_asked.emit(self._cross, self.mapToGlobal(at))
        else:
            self.menu_asked.emit(self.place_at(QPointF(event.pos())), event.globalPos())

    # What the keyboard does

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cross, or show more or less."""
        key = Qt.Key(event.key())
        if key in ARROWS and self._scene is not None:
            is_long = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cross(*ARROWS[key], _LONG_STEPS if is_long else 1)
        elif key in _REACH_KEYS:
            self.reach_turned.emit(_REACH_KEYS[key])
        elif key == Qt.Key.Key_0:
            self.reach_turned.emit(0.0)
        else:
            event.ignore()

    def _move_cross(self, right: int, up: int, n_steps: int) -> None:
        """Move the cross, which begins where the run is."""
        assert self._scene is not None
        extent = self._scene.extent
        x, y = self._cross or self._scene.place or self._scene.landscape.directions.start
        x += right * n_steps * (extent.x_max - extent.x_min) / _CURSOR_STEPS
        y += up * n_steps * (extent.y_max - extent.y_min) / _CURSOR_STEPS
        x, y = min(max(x, extent.x_min), extent.x_max), min(max(y, extent.y_min), extent.y_max)
        self._cross = (x, y)
        self.pointed.emit(self._cross)
        self.update()


class LandscapeSpace(TurnedView):
    """Shows a landscape in 3D. What is under the mouse is a place of the plane, a tuple of two floats.

    Attributes
    ----------
    drawing_s : float
        How long drawing took last, in seconds.
    """

    def __init__(self) -> None:
        super().__init__("Loss landscape in 3D")
        self.setObjectName("landscape_space")
        self.setToolTip(as_tip("Drag to turn, wheel to zoom, double click to reset. Right button: what can be done."))
        theme.measure(self, least_width=140, least_height=90)
        self._scene: LandscapeScene | None = None
        self._problem = ""
        self.drawing_s = 0.0
        self._key: tuple[object, ...] = ()
        self._relief: Relief | None = None
        self._hiding: Columns | None = None

    def show_scene(self, scene: LandscapeScene | None, problem: str = "") -> None:
        """Show a landscape, or a sentence that says why there is none."""
        self._scene, self._problem = scene, problem
        self.update()

    @property
    def scene(self) -> LandscapeScene | None:
        """What is shown."""
        return self._scene

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the landscape, or the sentence."""
        start, scene, colours = time.perf_counter(), self._scene, theme.current()
        if scene is None:
            paint_sentence(painter, area, self._problem, colours)
            self._hiding = None
            return
        key = (scene.landscape, scene.log, scene.axes, colours, None if scene.log else scene.loss)
        if self._relief is None or key != self._key:
            self._key, self._relief = key, relief_of_landscape(scene, colours)
        self._hiding = paint_landscape_in_space(painter, area, scene, self._relief, self.camera, colours, copied=True)
        self.drawing_s = time.perf_counter() - start

    def met(self, position: QPointF) -> tuple[float, float] | None:
        """Return over which place of the plane a place of the page is, None where there is no surface."""
        if self._hiding is None or self._relief is None:
            return None
        ratio = self._hiding.height / max(page_of(self).height(), 1.0)
        met = self._hiding.met(position.x() * ratio, position.y() * ratio)
        return None if met is None else self._relief.on_plane(*np.clip(met, -1.0, 1.0).tolist())


def paint_sentence(painter: QPainter, room: QRectF, sentence: str, colours: theme.Theme) -> None:
    """Write a sentence in the middle of a room."""
    painter.setFont(theme.figure_font(12))
    painter.setPen(colours.muted)
    painter.drawText(room.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)
