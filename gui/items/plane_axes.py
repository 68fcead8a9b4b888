"""The axes of a view of the plane: round ticks in a person's units, and the names beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor

import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.items.plane_scales import named_axes
from gui.items.plot_axes import NAME_ROW, elided, last_gap, tick_text
from gui.items.scales import TICKS, round_up
from gui.program.guard import guarded
from gui.theme import figure_font
from gui.widgets.texts import as_tip
from model import Dataset
from model.data.naming import Axis
from model.data.wording import plane_axes

TICK_PX, LEFT_PX = 10, 30
"""How large the texts of ticks are, and how much room the upright axis has for them at least."""

_NAME_PX, _SHORT_NAME_PX = 11, 22
_BESIDE_TICK_PX = 7.0
"""Of a text, to the axis and to what is left of it."""

_LEAST_PITCH_PX = 30.0
_NEAR = 1e-9
_GAP_PX = 3


class CoordinateAxis(pg.AxisItem):
    """An axis with round ticks in the units of a person, with room for their texts, and the minus sign of all numbers.

    Parameters
    ----------
    side : str
        "left" or "bottom".
    """

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.units = Axis()

    def show_units(self, units: Axis) -> None:
        """Count in other units from now on."""
        if units != self.units:
            self.units = units
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, length: float) -> list[tuple[float, list[float]]]:
        """Return how far ticks are apart, and where they are."""
        # pyqtgraph gives a length that is some pixels longer or shorter than the plot from one time to the next.
        box = self.linkedView()
        if box is not None:
            length = box.height() if self.orientation == "left" else box.width()
        start, end = sorted((self.units.shown(low), self.units.shown(high)))
        pitch = round_up((end - start) / max(length / theme.px(_LEAST_PITCH_PX), 1.0), TICKS)
        numbers = range(ceil(start / pitch - _NEAR), floor(end / pitch + _NEAR) + 1)
        return [(pitch / self.units.unit, [self.units.placed(n * pitch) for n in numbers])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of ticks."""
        return [tick_text(self.units.shown(value), spacing * self.units.unit) for value in values]


class AxisName(QWidget):
    """The name of an axis, in one line, cut where there is no room and then whole in its tip; a double click asks.

    Parameters
    ----------
    parent : QWidget
    upright : bool
        Whether it is read from below to above.
    """

    renaming_asked = Signal()

    def __init__(self, parent: QWidget, *, upright: bool) -> None:
        super().__init__(parent)
        self._is_upright, self._name = upright, ""
        self.setCursor(Qt.CursorShape.ArrowCursor)
        theme.manager().changed.connect(self.update)

    def show_name(self, name: str) -> None:
        """Show another name."""
        self._name = name
        which = "upright" if self._is_upright else "horizontal"
        self.setAccessibleName(f"Name of the {which} axis: {name}")
        self.setToolTip(as_tip(f"{name}\nDouble click to change names and units."))
        self.update()

    @property
    def text(self) -> str:
        """What is seen of the name."""
        room = self.height() if self._is_upright and self.height() > self.width() else self.width()
        return elided(self._name, QFontMetricsF(figure_font(theme.px(_NAME_PX))), room - 2)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep a press for itself: nothing is drawn there."""
        event.accept()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for other names."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self.renaming_asked.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name."""
        painter = QPainter(self)
        painter.setFont(figure_font(theme.px(_NAME_PX)))
        painter.setPen(theme.current().text)
        box = QRectF(self.rect())
        if self._is_upright and box.height() > box.width():
            painter.translate(0.0, box.height())
            painter.rotate(-90.0)
            box = box.transposed()
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text)
        painter.end()


class NamedAxes(QObject):
    """Both axes of a view of the plane, counted and named as the person does whose points it shows.

    A name that a person gave has a row of its own beside the ticks; a letter stands between the last two of them.

    Parameters
    ----------
    view : PlotWidget
    axes : mapping of str to CoordinateAxis
        Its horizontal axis and its upright one, by their sides, in this order.
    """

    renaming_asked = Signal()

    def __init__(self, view: pg.PlotWidget, axes: Mapping[str, CoordinateAxis]) -> None:
        super().__init__(view)
        self._axes, self._names = list(axes.values()), [AxisName(view, upright=upright) for upright in (False, True)]
        self._shown: tuple[Axis, Axis] | None = None
        self._has_row = (False, False)
        for name in self._names:
            name.renaming_asked.connect(self.renaming_asked)

    @property
    def _view(self) -> pg.PlotWidget:
        # Not kept: the view keeps this, and both would outlive a dialog.
        return self.parent()

    def show(self, dataset: Dataset) -> bool:
        """Name and count as the person does whose points these are; return whether that is something else."""
        shown = plane_axes(dataset)
        if shown == self._shown:
            return False
        self._shown, self._has_row = shown, named_axes(dataset)
        for axis, name, units in zip(self._axes, self._names, shown, strict=True):
            axis.show_units(units)
            name.show_name(units.name)
        self._axes[1].setWidth(theme.px(LEFT_PX))
        self.place()
        return True

    def place(self) -> None:
        """Give ticks and names the room that they need where they are now."""
        bottom, left = (theme.px(NAME_ROW) if has_row else 0 for has_row in self._has_row)
        view, box = self._view, self._view.getPlotItem().getViewBox()
        view.getPlotItem().layout.setContentsMargins(left, 6, 6, bottom)
        seen, plot = box.viewRect(), view.viewportTransform().mapRect(box.sceneBoundingRect())
        ((_, x_ticks),) = self._axes[0].tickValues(seen.left(), seen.right(), plot.width())
        ((y_spacing, y_ticks),) = self._axes[1].tickValues(seen.top(), seen.bottom(), plot.height())
        self._widen(self._axes[1].tickStrings(y_ticks, 1.0, y_spacing))
        x_places = [plot.left() + (x - seen.left()) / seen.width() * plot.width() for x in x_ticks]
        y_places = [plot.bottom() - (y - seen.top()) / seen.height() * plot.height() for y in y_ticks]
        places = self._x_place(plot, last_gap(x_places)), self._y_place(plot, last_gap(y_places))
        for name, place in zip(self._names, places, strict=True):
            name.setGeometry(place.toAlignedRect())
            name.setVisible(not place.isNull())

    def _widen(self, texts: Sequence[str]) -> None:
        """Give the texts of the upright axis no less room than they have."""
        metrics = QFontMetricsF(figure_font(theme.px(TICK_PX)))
        needed = max(map(metrics.horizontalAdvance, texts), default=0.0) + _BESIDE_TICK_PX
        # What it is asked to be: how wide it is follows only when it is laid out.
        if needed > (self._axes[1].fixedWidth or 0.0):
            self._axes[1].setWidth(ceil(needed))

    def _x_place(self, plot: QRectF, gap: float | None) -> QRectF:
        """Return where the name of the horizontal axis is; null where there is no room."""
        row, short = theme.px(NAME_ROW), theme.px(_SHORT_NAME_PX)
        if self._has_row[0]:
            return QRectF(plot.left(), self._view.height() - row, plot.width(), row)
        return QRectF() if gap is None else QRectF(gap - short / 2, plot.bottom() + _GAP_PX, short, row)

    def _y_place(self, plot: QRectF, gap: float | None) -> QRectF:
        row, short = theme.px(NAME_ROW), theme.px(_SHORT_NAME_PX)
        if self._has_row[1]:
            return QRectF(0.0, plot.top(), row, plot.height())
        return QRectF() if gap is None else QRectF(plot.left() - short - _GAP_PX, gap - row / 2, short, row)
