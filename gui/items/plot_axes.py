"""The axes of a plot that is drawn on a page: its frame, its ticks and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.items.scales import TICKS, round_up
from gui.theme import Theme, figure_font
from model.numbers import number_text

LEFT_AXIS, BOTTOM_AXIS = 40.0, 20.0
"""How much room the texts of the ticks take beside a plot and below it."""

_TICK_LENGTH, _TEXT_GAP, _TEXT_PX = 3.0, 3.0, 10
_LEAST_PITCH = 38.0
_NEAR = 1e-9


def even_ticks(low: float, high: float, length: float) -> list[tuple[float, str]]:
    """Return round ticks of an axis that goes from `low` to `high` over a length on the page.

    Returns
    -------
    list of tuple
        For each tick how far it is along the axis, 0 to 1, and its text.
    """
    pitch = round_up((high - low) / max(length / _LEAST_PITCH, 1.0), TICKS)
    numbers = range(ceil(low / pitch - _NEAR), floor(high / pitch + _NEAR) + 1)
    return [((n * pitch - low) / (high - low), number_text(n * pitch)) for n in numbers]


def paint_axes(
    painter: QPainter,
    area: QRectF,
    x_ticks: Sequence[tuple[float, str]],
    y_ticks: Sequence[tuple[float, str]],
    theme: Theme,
    *,
    text_px: int = _TEXT_PX,
) -> None:
    """Draw a frame round a plot, with ticks and their texts on its left and below it; what has no room is left out.

    Parameters
    ----------
    area : QRectF
        The plot. Its texts stand outside, see :data:`LEFT_AXIS`.
    x_ticks, y_ticks : sequence of tuple
        For each tick how far it is along the axis, 0 to 1, and its text.
    text_px : int
        How large that is.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(figure_font(text_px))
    metrics = QFontMetricsF(painter.font())
    height = metrics.height()
    pen, free_from = QPen(theme.line, 1.0), area.left() - LEFT_AXIS
    for share, text in x_ticks:
        x, half = area.left() + share * area.width(), metrics.horizontalAdvance(text) / 2 + 3
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() - _TICK_LENGTH))
        if x - half >= free_from:
            box = QRectF(x - half, area.bottom() + _TEXT_GAP, 2 * half, height)
            painter.setPen(theme.muted)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            free_from = x + half
    free_below = area.bottom() + height
    for share, text in y_ticks:
        y = area.bottom() - share * area.height()
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + _TICK_LENGTH, y))
        if y + height / 2 <= free_below:
            box = QRectF(area.left() - LEFT_AXIS, y - height / 2, LEFT_AXIS - _TEXT_GAP, height)
            painter.setPen(theme.muted)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            free_below = y - height / 2
    painter.setPen(pen)
    painter.drawRect(area)


def paint_grid(
    painter: QPainter,
    area: QRectF,
    x_ticks: Sequence[tuple[float, str]],
    y_ticks: Sequence[tuple[float, str]],
    pen: QPen,
) -> None:
    """Draw a line across a plot at each tick."""
    painter.setPen(pen)
    for share, _ in x_ticks:
        x = area.left() + share * area.width()
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    for share, _ in y_ticks:
        y = area.bottom() - share * area.height()
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
