"""ReadPlot: a plot over the steps of a run that is read under the mouse, and leads the timeline there."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.items.focus_ring import paint_focus_ring
from gui.items.lines_item import LinesItem
from gui.items.loss_axes import step_text
from gui.items.plane_view import style_axes
from gui.program.guard import guarded
from gui.theme import figure_font
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip
from model.numbers import number_text
from model.types import counted

_LEAST_WIDTH, LEAST_HEIGHT = 140, 96
"""In pixels at the scale 1."""

_LEFT_AXIS_PX, _BOTTOM_AXIS_PX = 44, 36
_GRID_OPACITY = 70
_FONT_PX = 11
_BOX_MARGIN, _BOX_GAP, _DOT_RADIUS = 6.0, 8.0, 3.5
_ZOOM_STEP, _KEY_ZOOM = 1.0015, 1.5
_LEAST_SHOWN = 4.0
_KEY_SHARE = 0.02
"""How far an arrow key leads, of what is shown."""

_NEAR_PX = 6.0
_MOST_MARKS = 300
_MARK_SHARE = 0.07
"""How far the strokes of the timeline's marks reach down, of the plot's height."""


_HALF_LABEL = 12.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a plot says of a step.

    Attributes
    ----------
    step : int
        The one next to the mouse of which there is something to say.
    values : tuple of (str, str, float, QColor)
        For each line its name, its value as text, how high it is on the plot's axis, and its colour.
    """

    step: int
    values: tuple[tuple[str, str, float, QColor], ...]


class _Axis(pg.AxisItem):
    """An axis with room for the half of a label that stands beyond its end, such as 0."""

    def boundingRect(self) -> QRectF:
        """Return where the axis draws."""
        # With a grid pyqtgraph allows for no more than the plot and the axis.
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-_HALF_LABEL, -_HALF_LABEL, _HALF_LABEL, _HALF_LABEL)


class _StepAxis(_Axis):
    """An axis of steps, written as everywhere else: 2,000."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of ticks."""
        return [step_text(value * scale) for value in values]


class _ValueAxis(_Axis):
    """An axis of values, written as everywhere else: −0.5, 20,000, 1e−6."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of ticks."""
        return [number_text(float(f"{value * scale:.12g}")) for value in values]


class ReadPlot(pg.PlotWidget):
    """A plot over the steps. The mouse reads it, a click or a drag leads the timeline, the wheel zooms about the mouse.

    With the keyboard: Tab reaches it, the arrow keys read along the steps, Return leads the timeline there, plus and
    minus zoom, 0 shows the whole run, as does a double click.

    Parameters
    ----------
    name : str
        The accessible name.
    run : LiveRun
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Plus,
        Qt.Key.Key_Minus,
        Qt.Key.Key_0,
    )

    def __init__(self, name: str, run: LiveRun) -> None:
        super().__init__(axisItems={"bottom": _StepAxis("bottom"), "left": _ValueAxis("left")}, enableMenu=False)
        self._run = run
        self._read: float | None = None
        self._zoom: tuple[float, float] | None = None
        self._moment_line, self._marks = LinesItem(thin=True), LinesItem(thin=True)
        self._marked: tuple[list[int], tuple[float, float]] = [], (0.0, 0.0)
        self._theme = theme.current()
        self.setAccessibleName(name)
        self.setToolTip(
            as_tip(
                "The mouse reads the curve, a click leads the timeline there; the wheel zooms, a double click shows "
                "the whole run."
            )
        )
        # Only Tab gives the focus: after a click the arrow keys still belong to the training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        theme.measure(self, least_width=_LEAST_WIDTH, least_height=LEAST_HEIGHT)
        self.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.layout.setContentsMargins(0, 7, 10, 0)
        plot.getViewBox().setDefaultPadding(0.0)
        plot.disableAutoRange()
        self.setLabel("bottom", "step")
        for item in (self._moment_line, self._marks):
            self.addItem(item, ignoreBounds=True)

    @abstractmethod
    def refresh(self) -> None:
        """Show what there is now, while it can be seen."""

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has come while nobody saw it."""
        super().showEvent(event)
        self.refresh()

    @abstractmethod
    def reading(self, step: float) -> Reading | None:
        """Return what there is to say next to a step; None where there is nothing."""

    @property
    def zoom(self) -> tuple[float, float] | None:
        """The steps that are shown; None: the whole run."""
        return self._zoom

    def restyle(self) -> None:
        """Take the colours of the theme that is shown now."""
        self._theme = colours = theme.current()
        self.setBackground(colours.panel)
        style_axes(self, colours)
        left, bottom = self.getAxis("left"), self.getAxis("bottom")
        left.setWidth(theme.px(_LEFT_AXIS_PX))
        bottom.setHeight(theme.px(_BOTTOM_AXIS_PX))
        for axis in (left, bottom):
            axis.setGrid(_GRID_OPACITY)
        bottom.label.setDefaultTextColor(colours.muted)
        bottom.label.setFont(theme.manager().font)
        for item in (self._moment_line, self._marks):
            item.set_pen(colours.negative)

    def show_moments(self, y_range: tuple[float, float]) -> None:
        """Show a line at the past moment that is shown, and strokes at the timeline's marks, in these heights."""
        low, high = y_range
        step = self._run.displayed.step
        self._moment_line.show_lines([] if self._run.moment is None else [np.array([[step, low], [step, high]])])
        # The last ones: however many there are in a file, no more are drawn than can be told apart.
        steps = sorted({event.step for event in self._run.history.events[-_MOST_MARKS:]})
        if (steps, y_range) != self._marked:
            self._marked = steps, y_range
            foot = high - _MARK_SHARE * (high - low)
            self._marks.show_lines([np.array([[at, foot], [at, high]], dtype=np.float64) for at in steps])

    # What the mouse does. The scene behind does not get the events.

    def _area(self) -> QRectF:
        """Return where the curves are, in the widget."""
        return QRectF(self.mapFromScene(self.getPlotItem().getViewBox().sceneBoundingRect()).boundingRect())

    def _step_at(self, position: QPointF) -> float:
        scene, _ = self.viewportTransform().inverted()
        return float(self.getPlotItem().getViewBox().mapSceneToView(scene.map(position)).x())

    def _read_at(self, step: float | None) -> None:
        self._read = step
        found = None if step is None else self.reading(step)
        self.setAccessibleDescription("" if found is None else "   ".join(self._lines(found)))
        self.viewport().update()

    def _go_to(self, step: float) -> None:
        if len(self._run.history):
            self._run.look_back(self._run.history.nearest(step))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lead the timeline to the step under the mouse."""
        leave_field()
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton and self._area().contains(event.position()):
            self._go_to(self._step_at(event.position()))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the curve under the mouse; with the button held, lead the timeline along."""
        event.accept()
        is_inside = self._area().contains(event.position())
        step = self._step_at(event.position()) if is_inside else None
        self._read_at(step)
        if step is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(step)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Be done with it."""
        event.accept()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole run."""
        event.accept()
        self._show_steps(None)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Read nothing any more."""
        self._read_at(None)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show fewer steps or more, that under the mouse where it is."""
        event.accept()
        self._zoom_by(_ZOOM_STEP ** -event.angleDelta().y(), self._step_at(event.position()))

    def _zoom_by(self, factor: float, about: float) -> None:
        first, last = self.getPlotItem().getViewBox().viewRange()[0]
        whole = max(float(self._run.history.frames[-1].step if len(self._run.history) else 0), self._run.displayed.step)
        width = max((last - first) * factor, _LEAST_SHOWN)
        if width >= whole:
            self._show_steps(None)
            return
        start = min(max(about - (about - first) * width / max(last - first, 1e-9), 0.0), whole - width)
        self._show_steps((start, start + width))

    def _show_steps(self, zoom: tuple[float, float] | None) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self.refresh()
            self.viewport().update()

    # What the keyboard does

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read along the steps, lead the timeline to what is read, or zoom."""
        first, last = self.getPlotItem().getViewBox().viewRange()[0]
        shown = self._run.displayed.step
        at = float(shown) if self._read is None else self._read
        key, pace = Qt.Key(event.key()), _KEY_SHARE * (last - first)
        read = {
            Qt.Key.Key_Left: at - pace,
            Qt.Key.Key_Right: at + pace,
            Qt.Key.Key_Home: first,
            Qt.Key.Key_End: last,
        }.get(key)
        if read is not None:
            self._read_at(min(max(read, first), last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to(at)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self._zoom_by(1 / _KEY_ZOOM if key == Qt.Key.Key_Plus else _KEY_ZOOM, at)
        elif key == Qt.Key.Key_0:
            self._show_steps(None)
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go on in the window: nothing in the scene takes the focus."""
        return bool(QWidget.focusNextPrevChild(self, forward))

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Read nothing any more."""
        self._read_at(None)
        super().focusOutEvent(event)

    @guarded
    def viewportEvent(self, event: QEvent) -> bool:
        """Say how the plot is used where nothing is read: the tip would lie on what is."""
        if event.type() == QEvent.Type.ToolTip and self._read is not None:
            return True
        return bool(super().viewportEvent(event))

    # Drawing

    @guarded
    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Draw what is read, and whether the plot has the focus."""
        super().drawForeground(painter, rect)
        found = None if self._read is None else self.reading(self._read)
        if found is None and not self.hasFocus():
            return
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if found is not None:
            self._paint_reading(painter, found)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.viewport().rect()), self._theme)
        painter.restore()

    def _place(self, step: float, height: float) -> QPointF:
        at = self.getPlotItem().getViewBox().mapViewToScene(QPointF(step, height))
        return QPointF(self.viewportTransform().map(at))

    def _paint_reading(self, painter: QPainter, found: Reading) -> None:
        area, colours = self._area(), self._theme
        x = self._place(found.step, 0.0).x()
        painter.setPen(QPen(colours.muted, 1.0))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for _, _, height, colour in found.values:
            place = self._place(found.step, height)
            if area.contains(place):
                painter.setPen(QPen(colours.panel, 1.0))
                painter.setBrush(colour)
                painter.drawEllipse(place, _DOT_RADIUS, _DOT_RADIUS)
        painter.setFont(figure_font(theme.px(_FONT_PX)))
        metrics, lines = QFontMetricsF(painter.font()), self._lines(found)
        width = max(map(metrics.horizontalAdvance, lines)) + 2 * _BOX_MARGIN
        box = QRectF(x + _BOX_GAP, area.top() + 2, width, len(lines) * metrics.height() + _BOX_MARGIN)
        if box.right() > area.right():
            # On the other side of the line; and where neither has room, as far in as it goes.
            box.moveRight(max(x - _BOX_GAP, min(area.left() + width, area.right())))
        painter.setPen(QPen(colours.line, 1.0))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours.text)
        painter.drawText(
            box.adjusted(_BOX_MARGIN, 0, 0, 0),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            "\n".join(lines),
        )

    def _lines(self, found: Reading) -> list[str]:
        """Return what is read as text: the step, each value, and the timeline's mark that is there."""
        history, step = self._run.history, found.step
        epochs = f" · {counted(history.frames[history.index_at(step)].epoch, 'epoch')}" if len(history) else ""
        lines = [f"step {step_text(step)}{epochs}", *(f"{name} {text}" for name, text, _, _ in found.values)]
        steps_per_pixel = self._place(1.0, 0.0).x() - self._place(0.0, 0.0).x()
        near = [event.text for event in history.events if abs(event.step - step) * steps_per_pixel <= _NEAR_PX]
        return [*lines, *near[-1:]]
