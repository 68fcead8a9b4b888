"""Quads: height fields as filled shapes, the farthest first, for files of curves and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.items.space.camera import Projection
from gui.items.space.raster import heights_at
from gui.items.space.shading import DIVISIONS, darkened, light_on, lit, net_colour
from gui.theme import Theme
from model.types import Array, BoolArray, FloatArray, IntArray

_N_QUADS = 60
"""Along each side of a surface, where it is almost flat; where it is not, each of them is four."""

_FINE = 2 * _N_QUADS
_FLAT = 0.004
"""How far from flat a quad may be, in units of the box."""

_SEAM = 0.5
"""Width of the line round each quad, in its own colour: between shapes that only touch, what lies below would show."""


@dataclass(frozen=True, slots=True, eq=False)
class _Quads:
    """Quads of one surface, or of several.

    Attributes
    ----------
    corners : ndarray of shape (n_quads, 4, 2)
        On the page, going round.
    colours : ndarray of shape (n_quads,)
        0xffRRGGBB, in the light.
    away : ndarray of shape (n_quads,)
    net : ndarray of shape (n_quads, 4)
        Which sides have a line of the net, that between the first two corners first.
    """

    corners: FloatArray
    colours: NDArray[np.uint32]
    away: FloatArray
    net: BoolArray


def paint_quads(
    painter: QPainter,
    sheets: Sequence[tuple[Sequence[Array], NDArray[np.uint32]]],
    projection: Projection,
    theme: Theme,
    *,
    opacity: float,
    net: bool,
) -> None:
    """Draw surfaces, each with a net of squares if there is one.

    Parameters
    ----------
    sheets : sequence of tuple
        For each its fields in units of the box, see :func:`gui.items.space.raster.heights_at`, and its colours
        0xffRRGGBB, all of shape (n, n).
    opacity : float
        Of the surfaces.
    """
    found = [_quads(*sheet, projection) for sheet in sheets]
    order = np.argsort(-np.concatenate([quads.away for quads in found]), kind="stable")
    corners, colours, lines = (
        np.concatenate([getattr(quads, name) for quads in found])[order].tolist()
        for name in ("corners", "colours", "net")
    )
    pen = QPen(net_colour(theme), 1.0)
    painter.save()
    for quad, shade, sides in zip(corners, colours, lines, strict=True):
        places = [QPointF(x, y) for x, y in quad]
        colour = QColor.fromRgb(shade)
        colour.setAlphaF(opacity)
        painter.setPen(QPen(colour, _SEAM) if opacity == 1.0 else Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(places))
        if net and any(sides):
            painter.setPen(pen)
            painter.drawLines([QLineF(places[k], places[(k + 1) % 4]) for k in range(4) if sides[k]])
    painter.restore()


def _quads(fields: Sequence[Array], colours: NDArray[np.uint32], projection: Projection) -> _Quads:
    """Return the quads of one surface."""
    edges = np.linspace(-1.0, 1.0, _FINE + 1)
    x, y = np.meshgrid(edges, edges)
    z = heights_at(fields, x, y)
    seen = projection.seen(np.column_stack([x.ravel(), y.ravel(), z.ravel()])).reshape(*z.shape, 3)
    row, column, size = _squares(z)
    corners = np.stack(
        [seen[row, column], seen[row, column + size], seen[row + size, column + size], seen[row + size, column]], axis=1
    )
    centre_x, centre_y = ((2 * start + size) / _FINE - 1.0 for start in (column, row))
    n, light = len(colours), light_on(z[:-1:2, :-1:2], projection)
    at = tuple(np.clip(((centre + 1) * (n / 2)).astype(np.intp), 0, n - 1) for centre in (centre_y, centre_x))
    shades = lit(np.ascontiguousarray(colours[at]), light[row // 2, column // 2])
    is_lower = _faces_away(corners)
    shades[is_lower] = darkened(shades[is_lower])
    step = _FINE // DIVISIONS
    is_last = (row + size == _FINE, column + size == _FINE)
    net = np.stack([row % step == 0, is_last[1], is_last[0], column % step == 0], axis=1)
    return _Quads(corners[:, :, :2], shades, corners[:, :, 2].mean(axis=1), net)


def _squares(z: Array) -> tuple[IntArray, IntArray, IntArray]:
    """Return row, column and size of the squares of a grid of heights: 2 where it is almost flat, otherwise 1."""
    low, high = (z[start : start + _FINE : 2] for start in (0, 2))
    corners = low[:, :-1:2], low[:, 2::2], high[:, :-1:2], high[:, 2::2]
    middle = z[1::2]
    bends = (
        low[:, 1::2] - (corners[0] + corners[1]) / 2,
        high[:, 1::2] - (corners[2] + corners[3]) / 2,
        middle[:, :-1:2] - (corners[0] + corners[2]) / 2,
        middle[:, 2::2] - (corners[1] + corners[3]) / 2,
        middle[:, 1::2] - sum(corners) / 4,
    )
    is_flat = np.maximum.reduce([np.abs(bend) for bend in bends]) < _FLAT
    row, column = (2 * place for place in np.nonzero(is_flat))
    bent = [2 * place for place in np.nonzero(~is_flat)]
    rows = [row, *(bent[0] + down for down in (0, 0, 1, 1))]
    columns = [column, *(bent[1] + right for right in (0, 1, 0, 1))]
    sizes = np.ones(len(row) + 4 * len(bent[0]), dtype=np.intp)
    sizes[: len(row)] = 2
    return np.concatenate(rows), np.concatenate(columns), sizes


def _faces_away(corners: FloatArray) -> BoolArray:
    """Return of which quads the lower side is seen: those whose corners go round the other way."""
    first, second = corners[:, 2, :2] - corners[:, 0, :2], corners[:, 3, :2] - corners[:, 1, :2]
    away: BoolArray = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] > 0
    return away
