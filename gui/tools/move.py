"""MoveTool: drags a point, or all selected points."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt

from gui.tools.base import Tool
from gui.tools.carry import Carried


class MoveTool(Tool):
    """Drags the point under the mouse, with the whole selection if it belongs to it; beside the points the selection.

    A click beside the points lets the selection go.
    """

    name = "move"
    label = "Move"
    tip = "Drag a point; a point of the selection, or a drag beside the points, takes the whole selection along."
    shortcut = "M"
    cursor = Qt.CursorShape.OpenHandCursor

    _carried: Carried
    _is_beside: bool
    _is_dragged: bool

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Take the point under the mouse, or the selection."""
        nearest = self.nearest_point(point)
        self._is_beside, self._is_dragged = nearest is None, False
        if nearest is not None and nearest not in self.view.selected_points:
            self.view.select_points(np.array([nearest]))
        self._carried = Carried(self.changes, self.points, self.view, point)

    def drag(self, point: QPointF) -> None:
        """Move what was taken along."""
        self._is_dragged = True
        self._carried.drag(point)

    def release(self, point: QPointF) -> None:
        """End the stroke, or let the selection go where it was a click beside the points."""
        self._carried.end()
        if self._is_beside and not self._is_dragged:
            self.view.drop_selected_points()
