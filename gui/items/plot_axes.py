"""The axes of a plot that is drawn on a page: its frame, its ticks and their texts."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.items.scales import TICKS, round_up
from gui.theme import Theme, figure_font
from model.data.naming import Axis
from model.data.wording import grouped, name_text
from model.types import readable

LEFT_AXIS, BOTTOM_AXIS = 40.0, 20.0
"""How much room the texts of the ticks take beside a plot and below it."""

NAME_ROW = 15.0
"""How much room the name of an axis takes beside its ticks, where it is one that a person gave."""

_LEAST_GAP = 28.0
_TICK_LENGTH, _TEXT_GAP, _TEXT_PX = 3.0, 3.0, 10
_LEAST_PITCH = 38.0
_NEAR = 1e-9
_LONGEST_TICK = 7
_MOST_CHARACTERS = 100
_PLAIN = Axis()


def even_ticks(low: float, high: float, length: float, axis: Axis = _PLAIN) -> list[tuple[float, str]]:
    """Return ticks of an axis that goes from `low` to `high` over a length on the page.

    Parameters
    ----------
    low, high, length : float
    axis : Axis, optional
        In whose units the ticks are round.

    Returns
    -------
    list of tuple
        For each tick how far it is along the axis, 0 to 1, and its text.
    """
    low, high = axis.shown(low), axis.shown(high)
    pitch = round_up((high - low) / max(length / _LEAST_PITCH, 1.0), TICKS)
    numbers = range(ceil(low / pitch - _NEAR), floor(high / pitch + _NEAR) + 1)
    return [((n * pitch - low) / (high - low), tick_text(n * pitch, pitch)) for n in numbers]


def tick_text(number: float, pitch: float) -> str:
    """Return the text of a tick: with the digits that tell it from the next one, in the shorter way of writing."""
    decimals = -floor(log10(pitch) + _NEAR)
    written = round(number, decimals)
    plain = _without_zeros(grouped(written, max(decimals, 0)))
    if len(plain) <= _LONGEST_TICK:
        return readable(plain)
    n_digits = max(floor(log10(abs(written) or 1.0) + _NEAR) + decimals, 0)
    mantissa, exponent = f"{written:.{n_digits}e}".split("e")
    return min(readable(f"{_without_zeros(mantissa)}e{exponent}"), readable(plain), key=len)


def _without_zeros(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def last_gap(places: Sequence[float]) -> float | None:
    """Return the middle between the last two ticks; None where there is no room for a short name between them."""
    if len(places) < 2 or abs(places[-1] - places[-2]) < _LEAST_GAP:
        return None
    return (places[-1] + places[-2]) / 2


def elided(name: str, metrics: QFontMetricsF, room: float) -> str:
    """Return a name in one line, cut with … where there is no room for it."""
    return metrics.elidedText(name_text(name, _MOST_CHARACTERS), Qt.TextElideMode.ElideRight, room)


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
        How large that is; smaller beside the plot where the texts would have no room there.
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
    free_below, room = area.bottom() + height, LEFT_AXIS - _TEXT_GAP
    widest = max((metrics.horizontalAdvance(text) for _, text in y_ticks), default=0.0)
    if widest > room:
        # A large number is no other one without its first digit.
        painter.setFont(figure_font(max(1, int(text_px * room / widest))))
    for share, text in y_ticks:
        y = area.bottom() - share * area.height()
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + _TICK_LENGTH, y))
        if y + height / 2 <= free_below:
            box = QRectF(area.left() - LEFT_AXIS, y - height / 2, room, height)
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
