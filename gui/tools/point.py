"""PointTool: a click places a point."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt

from gui.tools.base import Tool, is_on_plane, on_plane


class PointTool(Tool):
    """Places a point at the press; with the button held it can still be moved."""

    name = "point"
    label = "Point"
    tip = "Click to place a point of the current class; hold to move it before you let go."
    shortcut = "P"

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Place the point exactly under the mouse."""
        if not is_on_plane(point):
            # Anywhere else than under the mouse would be wrong.
            self._placed = np.array([len(self.changes.dataset)])
            return
        self.changes.begin_stroke("place point")
        self._placed = np.array([len(self.changes.dataset)])
        self.points.add("place point", [on_plane(point)])
        self._pressed_at = point

    def drag(self, point: QPointF) -> None:
        """Move the placed point, once the mouse has clearly moved."""
        if len(self.changes.dataset) <= self._placed[0]:
            return
        distance = (point - self._pressed_at).manhattanLength() / self.canvas.units_per_pixel
        if distance > 3.0:
            self.points.move(self._placed, [on_plane(point)])

    def release(self, point: QPointF) -> None:
        """End the stroke."""
        self.changes.end_stroke()
