"""MoveTool: drags a point, or all selected points."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt

from gui.tools.base import Tool
from model.data.dataset import PLANE_LIMIT
from model.types import FloatArray, IntArray


class MoveTool(Tool):
    """Drags the point under the mouse, with the whole selection if it belongs to it."""

    name = "move"
    label = "Move"
    tip = "Drag a point; a point of the selection takes the whole selection along."
    shortcut = "M"
    cursor = Qt.CursorShape.OpenHandCursor

    _moved: IntArray
    _start: FloatArray

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Take the point under the mouse, or let the selection go where there is none."""
        nearest = self.nearest_point(point)
        if nearest is None:
            self._moved = np.empty(0, dtype=np.intp)
            self.view.select_points(self._moved)
        elif nearest in self.view.selected_points:
            self._moved = self.view.selected_points
        else:
            self._moved = np.array([nearest])
            self.view.select_points(self._moved)
        self._pressed_at = point
        self._start = self.changes.dataset.points[self._moved]
        self.changes.begin_stroke("move points")

    def drag(self, point: QPointF) -> None:
        """Move what was taken along, all by the same way: at the plane's edge all of it stops."""
        # A change of the points from elsewhere, like the Delete key, takes the selection away: the stroke has ended.
        if not len(self._moved) or not np.array_equal(self._moved, self.view.selected_points):
            return
        way = np.array([point.x() - self._pressed_at.x(), point.y() - self._pressed_at.y()])
        lowest, highest = -PLANE_LIMIT - self._start.min(axis=0), PLANE_LIMIT - self._start.max(axis=0)
        self.points.move(self._moved, self._start + np.clip(way, lowest, highest))

    def release(self, point: QPointF) -> None:
        """End the stroke."""
        self.changes.end_stroke()
