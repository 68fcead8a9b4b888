"""SelectTool: selects the points inside a frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.tools.base import Tool
from model.types import IntArray


class SelectTool(Tool):
    """Selects what is inside the frame that is drawn; Shift adds to what is selected already."""

    name = "select"
    label = "Select"
    tip = "Draw a frame round points; Shift adds to the selection, Delete removes it."
    shortcut = "S"

    _before: IntArray

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin the frame."""
        self._pressed_at = point
        adds = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._before = self.view.selected_points if adds else np.empty(0, dtype=np.intp)
        nearest = self.nearest_point(point)
        self._show(np.empty(0, dtype=np.intp) if nearest is None else np.array([nearest]))

    def drag(self, point: QPointF) -> None:
        """Stretch the frame."""
        frame = QRectF(self._pressed_at, point).normalized()
        self.canvas.show_rectangle(frame)
        x, y = self.changes.dataset.points.T
        inside = (x >= frame.left()) & (x <= frame.right()) & (y >= frame.top()) & (y <= frame.bottom())
        self._show(np.flatnonzero(inside))

    def release(self, point: QPointF) -> None:
        """Keep the selection and take the frame away."""
        self.canvas.show_rectangle(None)

    def _show(self, indices: IntArray) -> None:
        self.view.select_points(np.union1d(self._before, indices))
