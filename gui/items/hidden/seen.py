"""Seen: what of a hidden space was drawn where, and so what is under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from model.types import FloatArray, IntArray

_POINT_REACH, _SHEET_REACH = 9.0, 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Where everything was drawn.

    Attributes
    ----------
    area : QRectF
        What was drawn on.
    rows : ndarray of shape (n_shown,)
        Of the points that are shown.
    points : ndarray of shape (n_points, 2)
        Where all points are on the page.
    sheet : ndarray of shape (n_vertices, 2)
        Where the vertices of the sheet are.
    depths : ndarray of shape (n_vertices,)
        How far away each of them is.
    """

    area: QRectF
    rows: IntArray
    points: FloatArray
    sheet: FloatArray
    depths: FloatArray

    def point_at(self, position: QPointF) -> int | None:
        """Return the row of the point that is nearest to a position, None where none is near."""
        if not len(self.rows):
            return None
        distances = np.hypot(*(self.points[self.rows] - position.toTuple()).T)
        # Of two that are equally near, the last one lies on top.
        nearest = len(distances) - 1 - int(distances[::-1].argmin())
        return int(self.rows[nearest]) if distances[nearest] <= _POINT_REACH else None

    def vertex_at(self, position: QPointF) -> int | None:
        """Return the vertex of the sheet that is seen at a position, None where the sheet is not."""
        if not self.area.contains(position):
            return None
        distances = np.hypot(*(self.sheet - position.toTuple()).T)
        near = np.flatnonzero(distances <= _SHEET_REACH)
        if not len(near):
            return None
        foremost = near[self.depths[near] <= self.depths[near].min() + 0.1]
        return int(foremost[distances[foremost].argmin()])

    def points_in(self, frame: QRectF) -> IntArray:
        """Return the rows of the points in a frame, ascending."""
        places = self.points[self.rows]
        low, high = frame.topLeft().toTuple(), frame.bottomRight().toTuple()
        return np.sort(self.rows[((places >= low) & (places <= high)).all(axis=1)])
