"""Solid: a hidden space seen along three axes, drawn on any picture, the farthest first."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.items.hidden.cells import cells_of, paint_quads
from gui.items.hidden.lines import next_boundaries, paint_line, paint_sheet_lines
from gui.items.hidden.look import Frame, HiddenLook
from gui.items.hidden.marks import Marks, paint_halos, paint_probes
from gui.items.hidden.moment import N_LINES, HiddenMoment
from gui.items.hidden.seen import Seen
from gui.items.hidden.texts import shown_axes
from gui.items.points_layer import paint_markers
from gui.items.space.box import paint_scales, paint_walls
from gui.items.space.camera import HALF_HEIGHT, Projection
from gui.theme import Theme
from model.explain.hidden_space import VALUES
from model.types import FloatArray, IntArray

_SHEET_OPACITY, _PLANE_OPACITY = 0.72, 0.07
_SLABS = 12
"""Into how many slabs the box is cut, so that the points of each are drawn behind the cells of those before it."""

_TOWARDS = 0.02
"""How much nearer a point is taken to be than it is, so that its own cell does not cover it."""

_PIECES = 4
"""Into how many pieces a line of the net is cut between two others."""


def paint_solid(
    painter: QPainter,
    area: QRectF,
    moment: HiddenMoment,
    look: HiddenLook,
    marks: Marks,
    theme: Theme,
    *,
    scale: float,
    copied: bool,
) -> Seen:
    """Draw a hidden space along three axes, see :func:`gui.items.hidden.paint.paint_hidden`."""
    painter.save()
    painter.setClipRect(area)
    frame = Frame.round(*moment.space.limits(look.share))
    projection = Projection.fitting(look.camera, area)
    scales = frame.scales(shown_axes(moment.space, look.share, moment.dataset))
    paint_walls(painter, scales, projection, theme)
    if look.share == VALUES:
        _paint_boundaries(painter, moment, frame, projection, theme)
    sheet = _seen(frame, projection, moment.sheet(look.share))
    points = _seen(frame, projection, moment.space.points.at(look.share))
    rows = marks.rows(moment.dataset)

    def on_its_way(place: tuple[float, float]) -> FloatArray:
        return _seen(frame, projection, moment.space.way_of(np.array([place])).at(look.share))[0, :2]

    if moment.space.on_line:
        paint_line(painter, sheet[0, :, :2], moment, theme)
        paint_markers(painter, moment.dataset, rows, points[rows, :2], theme, scale=scale, copied=copied)
    else:
        _paint_in_depth(painter, area, moment, sheet, points, rows, theme, scale, copied=copied)
    paint_sheet_lines(painter, area, moment, sheet[..., :2], theme, quick=copied)
    paint_halos(painter, points[:, :2], theme, marks, scale)
    paint_probes(painter, on_its_way, theme, marks, scale)
    paint_scales(painter, scales, projection, theme)
    painter.restore()
    return Seen(area, rows, points[:, :2], sheet[..., :2].reshape(-1, 2), sheet[..., 2].ravel())


def _seen(frame: Frame, projection: Projection, places: FloatArray) -> FloatArray:
    """Return where places are on the page, and how far from the eye, an ndarray of the same shape."""
    in_box = frame.in_box(places).reshape(-1, 3)
    seen = projection.seen(in_box)
    tilt_cos, tilt_sin = projection.tilt
    seen[:, 2] = tilt_cos * seen[:, 2] - tilt_sin * in_box[:, 2]
    return seen.reshape(places.shape)


def _paint_in_depth(
    painter: QPainter,
    area: QRectF,
    moment: HiddenMoment,
    sheet: FloatArray,
    points: FloatArray,
    rows: IntArray,
    theme: Theme,
    scale: float,
    *,
    copied: bool,
) -> None:
    """Draw the cells of the sheet, its lines and the points, slab by slab from the farthest to the nearest."""
    cells, lines = cells_of(sheet, moment.colours, area), _net(sheet)
    depths, line_depths = cells.corners[:, :, 2].mean(axis=1), lines[:, :, 2].mean(axis=1) - _TOWARDS
    point_depths = points[rows, 2] - 2 * _TOWARDS
    order = np.argsort(-depths, kind="stable")
    quads, depths = list(cells.in_order(order).quads()), depths[order]
    edges = np.linspace(sheet[..., 2].max(), sheet[..., 2].min(), _SLABS + 1)[1:-1]
    starts = [0, *np.searchsorted(-depths, -edges).tolist(), len(quads)]
    line_slabs, point_slabs = (np.searchsorted(-edges, -own) for own in (line_depths, point_depths))
    colour = QColor(theme.text)
    colour.setAlphaF(0.3)
    for slab in range(_SLABS):
        paint_quads(painter, quads[starts[slab] : starts[slab + 1]], _SHEET_OPACITY, theme)
        painter.setPen(QPen(colour, 1.0))
        painter.drawLines([QLineF(*a, *b) for a, b in lines[line_slabs == slab, :, :2].tolist()])
        within = rows[point_slabs == slab]
        paint_markers(painter, moment.dataset, within, points[within, :2], theme, scale=scale, copied=copied)


def _net(sheet: FloatArray) -> FloatArray:
    """Return the pieces of the lines of whole coordinates, an ndarray of shape (n_pieces, 2, 3)."""
    n = len(sheet) - 1
    every, piece = n // N_LINES, n // (N_LINES * _PIECES)
    along = sheet[::every, ::piece], sheet[::piece, ::every].swapaxes(0, 1)
    return np.concatenate([np.stack([line[:, :-1], line[:, 1:]], axis=2).reshape(-1, 2, 3) for line in along])


def _paint_boundaries(
    painter: QPainter, moment: HiddenMoment, frame: Frame, projection: Projection, theme: Theme
) -> None:
    """Draw where the next layer divides the space: parts of planes."""
    halves = frame.half * np.array([1.0, 1.0, HALF_HEIGHT])
    for corners, colour in next_boundaries(moment, frame.middle - halves, frame.middle + halves, theme):
        ground = QColor(colour)
        ground.setAlphaF(_PLANE_OPACITY)
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        seen = _seen(frame, projection, corners)
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y, _ in seen.tolist()]))
