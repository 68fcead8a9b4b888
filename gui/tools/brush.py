"""BrushTool: sprays points while the button is held."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.view import View
from gui.tools.base import Canvas, Tool

_INTERVAL_MS = 25


class BrushTool(Tool):
    """Sprays points of the current class within the brush's radius, at a set rate, while the button is held."""

    name = "brush"
    label = "Brush"
    tip = "Hold the button to spray points of the current class inside the circle."
    shortcut = "B"

    def __init__(self, changes: Changes, points: Points, view: View, probe: Probe, canvas: Canvas) -> None:
        super().__init__(changes, points, view, probe, canvas)
        self._at = QPointF()
        self._last = 0.0
        self._owed = 0.0
        self._timer = QTimer(changes)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._spray)

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin to spray, with one point at once."""
        self.changes.begin_stroke("brush")
        self._at = point
        self._last = time.perf_counter()
        self._owed = 1.0
        self._spray()
        self._timer.start()

    def drag(self, point: QPointF) -> None:
        """Spray at the new place from now on."""
        self._at = point

    def release(self, point: QPointF) -> None:
        """Stop at once, whatever is still owed."""
        self._timer.stop()
        self.changes.end_stroke()

    def let_go(self) -> None:
        """Stop at once."""
        self._timer.stop()

    def hover(self, point: QPointF) -> None:
        """Show the circle."""
        self.canvas.show_circle(point, self.view.settings.brush_radius)

    def leave(self) -> None:
        """Hide the circle."""
        self.canvas.show_circle(None)

    def _spray(self) -> None:
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            # A menu or a dialog takes the release of the button for itself.
            self.changes.end_stroke()
            return
        now = time.perf_counter()
        self._owed += (now - self._last) * self.view.settings.brush_density
        self._last = now
        n_points = int(self._owed)
        self._owed -= n_points
        if n_points:
            self.points.spray((self._at.x(), self._at.y()), n_points)
