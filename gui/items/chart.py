"""Chart: a small plot of a function with its title, for where a full plot would be too much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTransform

from gui.items.lines_item import paint_lines, paint_lines_quickly
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, even_ticks, paint_axes, paint_grid
from gui.theme import Theme, figure_font
from model.types import FloatArray

_TITLE_PX, _TEXT_PX = 12, 11
_ROW_PX, _RIGHT_PX = 18.0, 12.0
_TOP_PX = 2 * _ROW_PX + 4.0
_BEYOND_PX = 1e4


@dataclass(frozen=True, slots=True)
class Chart:
    """The frame of a small plot.

    Attributes
    ----------
    area : QRectF
        Where the plot itself is.
    x_range, y_range : tuple of float
        What its edges stand for.
    """

    area: QRectF
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @classmethod
    def within(
        cls, room: QRectF, x_range: tuple[float, float], y_range: tuple[float, float], below: float = 0
    ) -> Chart:
        """Return a chart that fills a room with its title and ticks, and leaves `below` pixels under them."""
        return cls(room.adjusted(LEFT_AXIS, _TOP_PX, -_RIGHT_PX, -BOTTOM_AXIS - below), x_range, y_range)

    def at(self, x: float, y: float) -> QPointF:
        """Return where a point is."""
        return QPointF(*self.places(np.array([x]), np.array([y]))[0].tolist())

    def places(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return where points are, an ndarray of shape (n_points, 2)."""
        (x0, x1), (y0, y1), area = self.x_range, self.y_range, self.area
        across = area.left() + (x - x0) * (area.width() / (x1 - x0))
        up = area.bottom() - (y - y0) * (area.height() / (y1 - y0))
        # What lies far outside is beyond what a line can be drawn to.
        return np.stack([across, np.clip(up, -_BEYOND_PX, _BEYOND_PX)], axis=1)

    def paint_frame(self, painter: QPainter, theme: Theme, title: str, text: str = "", taken: float = 0.0) -> None:
        """Draw the title, a line of text below it, the grid and its figures; right of the title `taken` pixels stay."""
        area = self.area
        row = QRectF(area.left() - LEFT_AXIS, area.top() - _TOP_PX, area.width() + LEFT_AXIS + _RIGHT_PX, _ROW_PX)
        for line, colour, font_px, width in (
            (title, theme.text, _TITLE_PX, row.width() - taken),
            (text, theme.muted, _TEXT_PX, row.width()),
        ):
            painter.setFont(figure_font(font_px))
            painter.setPen(colour)
            shown = QFontMetricsF(painter.font()).elidedText(line, Qt.TextElideMode.ElideRight, width)
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            row.translate(0, row.height())
        ticks = even_ticks(*self.x_range, area.width()), even_ticks(*self.y_range, area.height())
        paint_grid(painter, area, *ticks, QPen(theme.grid, 1))
        paint_axes(painter, area, *ticks, theme)

    def has_room(self, text: str) -> bool:
        """Return whether a line of text below the title has room."""
        width = self.area.width() + LEFT_AXIS + _RIGHT_PX
        return QFontMetricsF(figure_font(_TEXT_PX)).horizontalAdvance(text) <= width

    def paint_curve(self, painter: QPainter, pen: QPen, x: FloatArray, y: FloatArray) -> None:
        """Draw a line through points, with a gap where one is not finite, and nothing outside the area."""
        painter.save()
        painter.setClipRect(self.area)
        draw = paint_lines_quickly if pen.widthF() > 1.0 else paint_lines
        draw(painter, [self.places(x, y)], QTransform(), pen)
        painter.restore()
