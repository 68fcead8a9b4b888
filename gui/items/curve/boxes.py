"""What neurons make of x, each in a small box: the activation over x, filled down to the line of 0 in its colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPen

from gui.items.lines_item import lines_path
from gui.items.pixmaps import drawn_pixmap
from gui.theme import Theme, mixed
from model.data.dataset import PLANE_LIMIT
from model.types import Array, FloatArray

_ROOM = 0.1
"""How much of a box stays free above the largest activation, and below the smallest."""

_FILL, _ICON_RATIO = 0.75, 2.0
"""How much of the colours the areas have, the rest is the panel's; and how sharp an icon is."""


def paint_unit_curves(
    painter: QPainter, rects: Sequence[QRectF], curves: Array, limits: Sequence[float], theme: Theme
) -> None:
    """Draw activations over x into boxes.

    Parameters
    ----------
    painter : QPainter
        Antialiasing.
    rects : sequence of QRectF
        A box for each neuron.
    curves : ndarray of shape (n_units, n_samples)
        Activations, evenly from one end of x to the other; a gap where one is not finite.
    limits : sequence of float
        Which activation is at the upper edge of each box; its negative is at the lower edge, and beyond is cut.
    theme : Theme

    Notes
    -----
    Qt draws a line of width 1 many times as fast as a wider one, and many small areas quickest as one path.
    """
    places = _places(rects, curves, limits)
    painter.setPen(Qt.PenStyle.NoPen)
    for rect in rects:
        painter.fillRect(rect, theme.panel)
    middles = np.array([rect.center().y() for rect in rects])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, nearer in ((theme.positive, np.minimum), (theme.negative, np.maximum)):
        painter.fillPath(_areas(places, middles, nearer), mixed(theme.panel, colour, _FILL))
    painter.setPen(QPen(mixed(theme.muted, theme.panel, 0.25), 1.0))
    for rect in rects:
        painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
    painter.setPen(QPen(theme.text, 1.0))
    painter.drawPath(lines_path(list(places)))


def place_on_curve(rect: QRectF, x: float, value: float, limit: float) -> QPointF:
    """Return where in a box a neuron's activation at an x stands, if that of `limit` is at its upper edge."""
    share = (x + PLANE_LIMIT) / (2 * PLANE_LIMIT)
    height = _places([rect], np.array([[value]]), [limit])[0, 0, 1]
    return QPointF(rect.left() + share * rect.width(), float(height))


def _places(rects: Sequence[QRectF], curves: Array, limits: Sequence[float]) -> FloatArray:
    """Return where the samples stand, an ndarray of shape (n_units, n_samples, 2)."""
    sides = np.array([(rect.left(), rect.center().y(), rect.width(), rect.height()) for rect in rects])
    left, middle, width, height = sides.T[:, :, np.newaxis]
    shares = np.linspace(0.0, 1.0, curves.shape[1]) if curves.shape[1] > 1 else np.zeros(1)
    with np.errstate(all="ignore"):
        heights = np.clip(curves / np.array(limits)[:, np.newaxis], -1.0, 1.0)
    x = np.broadcast_to(left + shares * width, curves.shape)
    return np.stack([x, middle - heights * height * (0.5 - _ROOM)], axis=2)


def _areas(places: FloatArray, middles: FloatArray, nearer: np.ufunc) -> QPainterPath:
    """Return what lies between the lines of 0 and the curves, on one side of them."""
    floors = middles[:, np.newaxis]
    x = places[:, :, 0]
    y = nearer(np.where(np.isfinite(places[:, :, 1]), places[:, :, 1], floors), floors)
    ends = np.concatenate([x[:, -1:], x[:, :1]], axis=1)
    feet = np.broadcast_to(floors, ends.shape)
    outline = np.stack([np.concatenate([x, ends], axis=1), np.concatenate([y, feet], axis=1)], axis=2)
    return lines_path(list(outline))


def curve_icon(values: Array, size_px: int, colours: Theme) -> QIcon:
    """Return a small picture of a curve by its heights, 0 in the middle; values has shape (n,)."""
    box, largest = QRectF(0, 0, size_px, size_px), float(np.abs(values).max()) or 1.0

    def draw(painter: QPainter) -> None:
        paint_unit_curves(painter, [box], values[np.newaxis], [largest], colours)

    return QIcon(drawn_pixmap(box.size(), _ICON_RATIO, draw))
