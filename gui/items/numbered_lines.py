"""Lines of the neurons of a layer, numbered and coloured in the neurons' order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from gui.items.lines_item import paint_lines, paint_lines_quickly
from gui.theme import Theme, figure_font
from model.types import FloatArray

_FIRST_HUE, _LAST_HUE = 0.72, 0.0
_NUMBER_PX = 11
_WIDTH, _HALO = 1.5, 1.2
_HALO_OPACITY = 0.7
_HALO_SHIFTS = ((-_HALO, 0.3), (_HALO + 0.6, 0.3), (0.3, -_HALO), (0.3, _HALO + 0.6))
_TRIED_SHARES = (0.07, 0.93, 0.2, 0.8, 0.35, 0.65, 0.5)
"""Where along its line a number is tried to be written, in this order."""

_PLACE_PITCH, _MOST_PLACES = 4.0, 2000.0


def order_colour(index: int, count: int, theme: Theme) -> QColor:
    """Return the colour of the neuron at a place in its layer: violet, blue, green, yellow, red in their order."""
    share = index / max(count - 1, 1)
    hue = _FIRST_HUE + (_LAST_HUE - _FIRST_HUE) * share
    return QColor.fromHsvF(hue, 0.60 if theme.is_dark else 0.95, 0.95 if theme.is_dark else 0.66)


def paint_numbered_lines(
    painter: QPainter,
    lines: Sequence[tuple[int, FloatArray]],
    count: int,
    to_page: QTransform,
    area: QRectF,
    theme: Theme,
    *,
    quick: bool = False,
) -> None:
    """Draw lines, each in its neuron's colour with its number, on a halo that is seen on every colour.

    Parameters
    ----------
    lines : sequence of tuple
        The place of its neuron in the layer, and its vertices, an ndarray of shape (n_vertices, 2). A neuron may have
        several lines; the longest has the number.
    count : int
        How many neurons the layer has.
    to_page : QTransform
        From the vertices' units to the painter's.
    area : QRectF
        Where there is room for numbers.
    quick : bool
        Draw them in less time, for a screen.
    """
    by_unit: dict[int, list[FloatArray]] = {}
    for unit, vertices in lines:
        by_unit.setdefault(unit, []).append(vertices)
    halo = QColor(theme.panel)
    halo.setAlphaF(_HALO_OPACITY)
    for unit, own in by_unit.items():
        colour = order_colour(unit, count, theme)
        if quick:
            for shift in _HALO_SHIFTS:
                paint_lines(painter, own, to_page * QTransform.fromTranslate(*shift), QPen(halo, 1.0))
            paint_lines_quickly(painter, own, to_page, QPen(colour, _WIDTH))
        else:
            paint_lines(painter, own, to_page, QPen(halo, _WIDTH + 2 * _HALO))
            paint_lines(painter, own, to_page, QPen(colour, _WIDTH))
    _paint_numbers(painter, by_unit, count, to_page, area, theme)


def _paint_numbers(
    painter: QPainter,
    by_unit: dict[int, list[FloatArray]],
    count: int,
    to_page: QTransform,
    area: QRectF,
    theme: Theme,
) -> None:
    """Write each neuron's number on its longest line, where no other number stands yet."""
    painter.setFont(figure_font(_NUMBER_PX, bold=True))
    metrics = QFontMetricsF(painter.font())
    taken: list[QRectF] = []
    for unit, own in by_unit.items():
        text = str(unit + 1)
        width, height = metrics.horizontalAdvance(text) + 6, metrics.height()
        for place in _places(own, to_page, area):
            box = QRectF(place.x() - width / 2, place.y() - height / 2, width, height)
            if area.contains(box) and not any(box.intersects(other) for other in taken):
                taken.append(box)
                painter.setPen(QPen(order_colour(unit, count, theme), 1.0))
                painter.setBrush(theme.panel)
                painter.drawRoundedRect(box, 4.0, 4.0)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                break


def _places(lines: list[FloatArray], to_page: QTransform, area: QRectF) -> list[QPointF]:
    """Return places on the page along the part of the longest line that lies in an area."""
    matrix = np.array([[to_page.m11(), to_page.m12()], [to_page.m21(), to_page.m22()]])
    longest = np.empty((0, 2))
    for line in lines:
        places = _evenly_along(line @ matrix + [to_page.dx(), to_page.dy()])
        low, high = area.topLeft().toTuple(), area.bottomRight().toTuple()
        inside = places[((places > low) & (places < high)).all(axis=1)]
        if len(inside) > len(longest):
            longest = inside
    return [QPointF(*longest[int(share * len(longest))]) for share in _TRIED_SHARES] if len(longest) else []


def _evenly_along(vertices: FloatArray) -> FloatArray:
    """Return places along a line that are evenly far apart, a few units of the page."""
    if len(vertices) < 2 or not np.isfinite(vertices).all():
        return np.empty((0, 2))
    lengths = np.concatenate([[0.0], np.hypot(*np.diff(vertices, axis=0).T).cumsum()])
    n_places = int(min(max(lengths[-1] / _PLACE_PITCH, 2.0), _MOST_PLACES))
    along = np.linspace(0.0, lengths[-1], n_places)
    return np.stack([np.interp(along, lengths, vertices[:, axis]) for axis in (0, 1)], axis=1)
