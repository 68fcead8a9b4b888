"""SelectTool: selects the points inside a frame, and drags what is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.tools.base import Tool
from gui.tools.carry import Carried
from model.types import IntArray

_NONE: IntArray = np.empty(0, dtype=np.intp)


class SelectTool(Tool):
    """Selects what is inside the frame that is drawn; Shift adds to what is selected already.

    A drag of a selected point takes the selection along; a click on one selects it alone.
    """

    name = "select"
    label = "Select"
    tip = "Draw a frame round points; Shift adds to the selection, a drag of it moves it, Delete removes it."
    shortcut = "S"

    _before: IntArray
    _carried: Carried | None
    _nearest: int | None
    _is_dragged: bool

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin the frame, or take hold of the selection."""
        self._pressed_at, self._is_dragged = point, False
        adds = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._before = self.view.selected_points if adds else _NONE
        self._carried, self._nearest = None, self.nearest_point(point)
        if self._nearest is not None and not adds and self._nearest in self.view.selected_points:
            self._carried = Carried(self.changes, self.points, self.view, point)
        else:
            self._show(_NONE if self._nearest is None else np.array([self._nearest]))

    def drag(self, point: QPointF) -> None:
        """Stretch the frame, or move the selection."""
        self._is_dragged = True
        if self._carried is not None:
            self._carried.drag(point)
            return
        frame = QRectF(self._pressed_at, point).normalized()
        self.canvas.show_rectangle(frame)
        x, y = self.changes.dataset.points.T
        inside = (x >= frame.left()) & (x <= frame.right()) & (y >= frame.top()) & (y <= frame.bottom())
        self._show(np.flatnonzero(inside))

    def release(self, point: QPointF) -> None:
        """Keep the selection and take the frame away; a click on a selected point selects it alone."""
        self.canvas.show_rectangle(None)
        if self._carried is not None:
            self._carried.end()
            if not self._is_dragged and self._nearest is not None:
                self.view.select_points(np.array([self._nearest]))

    def _show(self, indices: IntArray) -> None:
        self.view.select_points(np.union1d(self._before, indices))
