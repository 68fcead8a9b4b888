"""PlaneView: a plot of the plane that can be zoomed and panned, and that says what the mouse does in data units."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log10

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem, QGraphicsRectItem, QWidget

from gui import theme
from gui.items.focus_ring import RING_PX
from gui.items.lines_item import LinesItem
from gui.items.plane_axes import LEFT_PX, TICK_PX, CoordinateAxis, NamedAxes
from gui.program.guard import guarded
from gui.widgets.focus import ARROWS, leave_field
from gui.widgets.panning import Panning
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.data.wording import plane_axes
from model.run.snapshot import Plane

_ZOOM_STEP = 1.0015
_SMALLEST_RANGE, _LARGEST_RANGE = 0.2, 60.0
_GRID_STRENGTH = 150
_FAR = 1000.0
"""How far the cross of the origin goes: beyond all that can be shown."""

_KEY_STEP, _LONG_KEY_STEP = 0.25, 1.0
_SIDES = ("bottom", "left")
_BOTTOM_PX = 20


class PlaneView(pg.PlotWidget):
    """Axes from -6 to 6 with equal scale. The wheel zooms about the mouse, and a double click fits.

    A drag of the right or the middle button, or of the left one while Space is held, pans.

    With the keyboard: Tab reaches the view, the arrow keys move a pointer over the plane (Shift: faster), Return clicks
    there, with Ctrl it holds until the next Return, plus and minus zoom, 0 fits. The right button, or the Menu key,
    asks for a menu.
    """

    pressed = Signal(QPointF, Qt.KeyboardModifier)
    dragged = Signal(QPointF)
    released = Signal(QPointF)
    hovered = Signal(QPointF)
    left = Signal()
    menu_asked = Signal(QPointF, QPoint)
    fitted_by_double_click = Signal()
    pan_ended = Signal()
    plane_changed = Signal(Plane)
    renaming_asked = Signal()

    def __init__(self, name: str, *, grid: bool) -> None:
        axes = {side: CoordinateAxis(side) for side in _SIDES}
        super().__init__(axisItems=axes, enableMenu=False)
        self._grid, self._shows_heights = grid, False
        self._axes_of: Dataset | None = None
        self._pointer: QPointF | None = None
        self._panning = Panning()
        self._is_pressed = self._is_held_by_key = False
        self._press_was_inside = False
        self.setAccessibleName(name)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        # Only Tab gives the focus: after a click the arrow keys still belong to the training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        theme.measure(self, least_width=132, least_height=116)
        plot = self.getPlotItem()
        plot.hideButtons()
        self.box: pg.ViewBox = plot.getViewBox()
        self.box.setAspectLocked(True)
        self.box.setDefaultPadding(0.0)
        self.box.sigRangeChanged.connect(self._on_range_changed)
        self.box.sigResized.connect(self._on_resized)
        self._is_fitted = True
        self._cross = LinesItem(thin=True)
        self._cross.setZValue(-1)
        self._cross.setVisible(grid)
        self.box.addItem(self._cross, ignoreBounds=True)
        self._circle = QGraphicsEllipseItem()
        self._rectangle = QGraphicsRectItem()
        for overlay in (self._circle, self._rectangle):
            overlay.setZValue(50)
            overlay.hide()
            self.box.addItem(overlay, ignoreBounds=True)
        self._axes = NamedAxes(self, axes)
        self._axes.renaming_asked.connect(self.renaming_asked)
        self.show_axes(Dataset([], [], n_classes=2))
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self.fit()

    # What is shown

    def fit(self) -> None:
        """Show the plane from -6 to 6."""
        limit = PLANE_LIMIT
        self.box.setRange(QRectF(-limit, -limit, 2 * limit, 2 * limit), padding=0.0)
        self._is_fitted = True

    def zoom(self, factor: float, centre: QPointF | None = None) -> None:
        """Show `factor` times as much of the plane; `centre`, in data units, stays where it is."""
        shown = self.box.viewRect()
        middle = shown.center() if centre is None else centre
        # pyqtgraph's own limits move the range away where the scale of both axes is locked.
        factor = max(_SMALLEST_RANGE, min(shown.width() * factor, _LARGEST_RANGE)) / shown.width()
        self.box.scaleBy((factor, factor), center=pg.Point(middle))
        self._is_fitted = False

    @property
    def plane(self) -> Plane:
        """The part of the plane that is shown."""
        rect = self.box.viewRect()
        return Plane(rect.left(), rect.right(), rect.top(), rect.bottom())

    @property
    def units_per_pixel(self) -> float:
        """How many data units one pixel is."""
        return float(self.box.viewRect().width() / max(self.box.width(), 1.0))

    def show_axes(self, dataset: Dataset) -> None:
        """Name and count both axes as the person does whose points they are; a curve has a grid to read its heights."""
        if dataset is self._axes_of:
            return
        self._axes_of = dataset
        if self._axes.show(dataset):
            self._show_cross(dataset)
        if dataset.is_curve != self._shows_heights:
            self._shows_heights = dataset.is_curve
            self._show_grid()

    def _show_cross(self, dataset: Dataset) -> None:
        """Draw a line at 0 of each axis: at the person's own 0, if that is not far off."""
        x, y = (axis.placed(0.0) for axis in plane_axes(dataset))
        lines = [
            np.array([[x, -_FAR], [x, _FAR]]) if abs(x) < _FAR else None,
            np.array([[-_FAR, y], [_FAR, y]]) if abs(y) < _FAR else None,
        ]
        self._cross.show_lines([line for line in lines if line is not None])

    def _show_grid(self) -> None:
        for side in _SIDES:
            self.getAxis(side).setGrid(_GRID_STRENGTH if self._grid or self._shows_heights else False)

    def show_circle(self, centre: QPointF | None, radius: float = 0.0) -> None:
        """Show the outline of a brush, or none."""
        self._circle.setVisible(centre is not None)
        if centre is not None:
            self._circle.setRect(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))

    def show_rectangle(self, rectangle: QRectF | None) -> None:
        """Show a selection frame, or none."""
        self._rectangle.setVisible(rectangle is not None)
        if rectangle is not None:
            self._rectangle.setRect(rectangle)

    def to_plane(self, position: QPointF) -> QPointF:
        """Return the data coordinates of a position in the widget."""
        scene, _ = self.viewportTransform().inverted()
        return QPointF(self.box.mapSceneToView(scene.map(position)))

    def place_at(self, position: QPointF) -> QPointF:
        """Return the data coordinates of a position as the mouse tells them: with the digits that a pixel has, no more.

        They are within a twentieth of a pixel of those of :meth:`to_plane`.
        """
        point, decimals = self.to_plane(position), 1 + ceil(-log10(self.units_per_pixel))
        # Of what is rounded to -0, the sum is 0.
        return QPointF(round(point.x(), decimals) + 0.0, round(point.y(), decimals) + 0.0)

    def from_plane(self, point: QPointF) -> QPointF:
        """Return where in the widget a point of the plane is."""
        return QPointF(self.viewportTransform().map(self.box.mapViewToScene(point)))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._theme = colours = theme.current()
        self.setBackground(colours.panel)
        self.box.setBorder(pg.mkPen(colours.line))
        style_axes(self, colours)
        self._cross.set_pen(theme.mixed(colours.muted, colours.panel, 0.45))
        self._axes.place()
        self._show_grid()
        for overlay, colour in ((self._circle, colours.text), (self._rectangle, colours.selected)):
            pen = QPen(colour, 1.2, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            overlay.setPen(pen)

    @Slot()
    def _on_range_changed(self) -> None:
        self._axes.place()
        self.plane_changed.emit(self.plane)

    @Slot()
    def _on_resized(self) -> None:
        if self._is_fitted:
            self.fit()
        self._axes.place()

    # What the mouse does. The scene behind does not get the events: the tools need them all.

    def _is_inside(self, position: QPointF) -> bool:
        return bool(self.box.sceneBoundingRect().contains(position))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke, or a pan."""
        position = event.position()
        event.accept()
        leave_field()
        self._let_go_by_key()
        if self._is_pressed or self._panning.begins(event):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._press_was_inside = self._is_pressed = self._is_inside(position)
            if self._is_pressed:
                self.pressed.emit(self.place_at(position), event.modifiers())

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit what was zoomed or panned; otherwise it is a second press."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_fitted:
            event.accept()
            if self._press_was_inside:
                self.fitted_by_double_click.emit()
            self.fit()
        else:
            self.mousePressEvent(event)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a stroke or a pan, or hover."""
        position = event.position()
        point = self.place_at(position)
        event.accept()
        way = self._panning.moved(event)
        if way is not None:
            before, after = map(self.to_plane, way)
            self.box.translateBy(pg.Point(before - after))
            self._is_fitted = False
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._is_pressed and not event.buttons() & Qt.MouseButton.LeftButton:
            # A menu that opened in between has taken the release for itself.
            self._is_pressed = False
            self.released.emit(point)
        elif self._is_pressed:
            self.dragged.emit(point)
        if self._is_inside(position):
            self.hovered.emit(point)
        else:
            self.left.emit()

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke or a pan."""
        event.accept()
        if self._panning.ends(event):
            self.pan_ended.emit()
            if self._panning.menu_at is not None:
                self._ask_for_menu(QPointF(self._panning.menu_at))
        elif event.button() == Qt.MouseButton.LeftButton and self._is_pressed:
            self._is_pressed = False
            self.released.emit(self.place_at(event.position()))

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        event.accept()
        self.zoom(_ZOOM_STEP ** -event.angleDelta().y(), self.to_plane(event.position()))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu at the mouse, or by key at the pointer; during a stroke there is none.

        Where the system asks when the button goes down, the menu waits whether it becomes a pan.
        """
        event.accept()
        if event.reason() != QContextMenuEvent.Reason.Mouse:
            self._ask_for_menu(self.from_plane(self._pointer or QPointF(0.0, 0.0)))
        elif self._panning.is_held:
            self._panning.menu_at = event.pos()
        else:
            self._ask_for_menu(QPointF(event.pos()))

    def _ask_for_menu(self, position: QPointF) -> None:
        if self._is_inside(position) and not self._is_pressed:
            leave_field()
            self.menu_asked.emit(self.place_at(position), self.viewport().mapToGlobal(position.toPoint()))

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Say that the mouse has left."""
        self.left.emit()

    # What the keyboard does

    @guarded
    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys and Return from the window's shortcuts while the view has the focus.

        The mouse works on the viewport; who sends its events to the view itself is served as well.
        """
        if isinstance(event, QMouseEvent) and event.type() in _MOUSE_HANDLERS:
            _MOUSE_HANDLERS[event.type()](self, event)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key = event.key()
            own_keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0)
            if key in ARROWS or key in own_keys:
                event.accept()
                return True
        return bool(super().event(event))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pointer, press, zoom or fit."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            long = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = _LONG_KEY_STEP if long else _KEY_STEP
            dx, dy = ARROWS[key]
            start = self._pointer or QPointF(0.0, 0.0)
            self._pointer = QPointF(
                max(-PLANE_LIMIT, min(PLANE_LIMIT, start.x() + dx * step)),
                max(-PLANE_LIMIT, min(PLANE_LIMIT, start.y() + dy * step)),
            )
            self._show_pointer()
            if self._is_held_by_key:
                self.dragged.emit(self._pointer)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_by_key(event.modifiers())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoom(0.8 if key == Qt.Key.Key_Plus else 1.25, self._pointer)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            event.ignore()

    def _press_by_key(self, modifiers: Qt.KeyboardModifier) -> None:
        """Click at the pointer; or with Ctrl press there, until the next time, so that the arrow keys drag."""
        point = self._pointer or QPointF(0.0, 0.0)
        if self._is_held_by_key:
            self._let_go_by_key()
            return
        self._is_held_by_key = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self.pressed.emit(point, modifiers & ~Qt.KeyboardModifier.ControlModifier)
        if not self._is_held_by_key:
            self.released.emit(point)

    def _let_go_by_key(self) -> None:
        if self._is_held_by_key:
            self._is_held_by_key = False
            self.released.emit(self._pointer or QPointF(0.0, 0.0))

    def _show_pointer(self) -> None:
        if self._pointer is not None:
            self.hovered.emit(self._pointer)
            self.show_circle(self._pointer, 8 * self.units_per_pixel)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the keyboard's pointer, and that the view has the focus."""
        self.box.setBorder(pg.mkPen(self._theme.focus, width=RING_PX))
        self._pointer = self._pointer or QPointF(0.0, 0.0)
        self._show_pointer()
        super().focusInEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go on in the window: nothing in the scene takes the focus."""
        return bool(QWidget.focusNextPrevChild(self, forward))

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the keyboard's pointer."""
        self._let_go_by_key()
        self.box.setBorder(pg.mkPen(self._theme.line))
        self.show_circle(None)
        self.left.emit()
        super().focusOutEvent(event)


# Outside the view, which would otherwise hold itself by its own methods.
_MOUSE_HANDLERS: dict[QEvent.Type, Callable[[PlaneView, QMouseEvent], None]] = {
    QEvent.Type.MouseButtonPress: PlaneView.mousePressEvent,
    QEvent.Type.MouseButtonDblClick: PlaneView.mouseDoubleClickEvent,
    QEvent.Type.MouseMove: PlaneView.mouseMoveEvent,
    QEvent.Type.MouseButtonRelease: PlaneView.mouseReleaseEvent,
}


def style_axes(plot: pg.PlotWidget, colours: theme.Theme) -> None:
    """Give a plot's axes the theme's colours and small, steady figures."""
    for name, size in (("left", LEFT_PX), ("bottom", _BOTTOM_PX)):
        axis = plot.getAxis(name)
        # What lies under an axis or its grid changes with every frame, the axis seldom.
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        axis.setPen(pg.mkPen(colours.line))
        axis.setTextPen(pg.mkPen(colours.muted))
        axis.setTickPen(pg.mkPen(colours.line))
        axis.setTickDensity(0.7)
        axis.setStyle(tickFont=theme.figure_font(theme.px(TICK_PX)), tickTextOffset=3, tickLength=-3)
        if name == "left":
            axis.setWidth(theme.px(size))
        else:
            axis.setHeight(theme.px(size))
