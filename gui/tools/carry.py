"""Carried: points that a drag takes along."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.view import View
from model.data.dataset import PLANE_LIMIT
from model.types import IntArray


class Carried:
    """The selected points, from where a drag has taken hold of them; until its end is one step of undo.

    Parameters
    ----------
    changes : Changes
    points : Points
    view : View
        What is selected.
    at : QPointF
        Where the drag begins.
    """

    def __init__(self, changes: Changes, points: Points, view: View, at: QPointF) -> None:
        self._changes, self._points, self._view = changes, points, view
        self._taken: IntArray = view.selected_points
        self._pressed_at = at
        self._start = changes.dataset.points[self._taken]
        changes.begin_stroke("move points")

    def drag(self, point: QPointF) -> None:
        """Move what was taken along, all by the same way: at the plane's edge all of it stops."""
        # A change of the points from elsewhere, like the Delete key, takes the selection away: the stroke has ended.
        if not len(self._taken) or not np.array_equal(self._taken, self._view.selected_points):
            return
        way = np.array([point.x() - self._pressed_at.x(), point.y() - self._pressed_at.y()])
        lowest, highest = -PLANE_LIMIT - self._start.min(axis=0), PLANE_LIMIT - self._start.max(axis=0)
        self._points.move(self._taken, self._start + np.clip(way, lowest, highest))

    def end(self) -> None:
        """End the stroke."""
        self._changes.end_stroke()
