"""Quads: height fields as filled shapes, the farthest first, for files of curves and letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.items.space.camera import Projection
from gui.items.space.raster import heights_at
from gui.items.space.shading import DIVISIONS, darkened, light_on, lit, net_colour
from gui.theme import Theme
from model.types import Array, BoolArray, FloatArray

N_QUADS = 60
"""Along each side of a surface."""

_SEAM = 0.5
"""Width of the line round each quad, in its own colour: between shapes that only touch, what lies below would show."""


def paint_quads(
    painter: QPainter,
    sheets: Sequence[tuple[Array, NDArray[np.uint32]]],
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
        For each its heights in units of the box, and its colours 0xffRRGGBB, both of shape (n, n).
    opacity : float
        Of the surfaces.
    """
    corners, colours, away = (
        np.concatenate(parts) for parts in zip(*(_quads(*sheet, projection) for sheet in sheets), strict=True)
    )
    order = np.argsort(-away, kind="stable")
    line = net_colour(theme)
    pen = QPen(line, 1.0)
    step = N_QUADS // DIVISIONS
    painter.save()
    for index in order.tolist():
        places = [QPointF(x, y) for x, y in corners[index].tolist()]
        colour = QColor.fromRgb(int(colours[index]))
        colour.setAlphaF(opacity)
        painter.setPen(QPen(colour, _SEAM) if opacity == 1.0 else Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(places))
        row, column = divmod(index % (N_QUADS * N_QUADS), N_QUADS)
        sides = [(row % step == 0, 0, 1), (column % step == 0, 0, 3), (row == N_QUADS - 1, 3, 2)]
        lines = [QLineF(places[a], places[b]) for drawn, a, b in [*sides, (column == N_QUADS - 1, 1, 2)] if drawn]
        if net and lines:
            painter.setPen(pen)
            painter.drawLines(lines)
    painter.restore()


def _quads(
    z: Array, colours: NDArray[np.uint32], projection: Projection
) -> tuple[FloatArray, NDArray[np.uint32], FloatArray]:
    """Return the quads of one surface.

    Returns
    -------
    corners : ndarray of shape (n_quads, 4, 2)
        On the page, going round.
    colours : ndarray of shape (n_quads,)
        0xffRRGGBB, in the light.
    away : ndarray of shape (n_quads,)
    """
    edges = np.linspace(-1.0, 1.0, N_QUADS + 1)
    x, y = (grid.ravel() for grid in np.meshgrid(edges, edges))
    seen = projection.seen(np.stack([x, y, heights_at(z, x, y)], axis=1))
    seen = seen.reshape(N_QUADS + 1, N_QUADS + 1, 3)
    corners = np.stack([seen[:-1, :-1], seen[:-1, 1:], seen[1:, 1:], seen[1:, :-1]], axis=2).reshape(-1, 4, 3)
    middles = (edges[:-1] + edges[1:]) / 2
    centre_x, centre_y = np.meshgrid(middles, middles)
    n = len(z)
    row = np.clip(((centre_y + 1) * (n / 2)).astype(np.intp), 0, n - 1)
    column = np.clip(((centre_x + 1) * (n / 2)).astype(np.intp), 0, n - 1)
    shades = lit(np.ascontiguousarray(colours[row, column]), light_on(heights_at(z, centre_x, centre_y), projection))
    shades = shades.ravel()
    is_lower = _faces_away(corners)
    shades[is_lower] = darkened(shades[is_lower])
    return corners[:, :, :2], shades, corners[:, :, 2].mean(axis=1)


def _faces_away(corners: FloatArray) -> BoolArray:
    """Return of which quads the lower side is seen: those whose corners go round the other way."""
    first, second = corners[:, 2, :2] - corners[:, 0, :2], corners[:, 3, :2] - corners[:, 1, :2]
    away: BoolArray = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] > 0
    return away
