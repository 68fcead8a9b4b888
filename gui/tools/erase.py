"""EraseTool: removes the points that the mouse passes over."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.tools.base import HIT_RADIUS_PX, Tool


class EraseTool(Tool):
    """Removes the points inside the circle while the button is held."""

    name = "erase"
    label = "Erase"
    tip = "Hold the button to remove the points inside the circle."
    shortcut = "E"

    def _radius(self) -> float:
        return max(self.view.settings.brush_radius, HIT_RADIUS_PX * self.canvas.units_per_pixel)

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin to remove."""
        self.changes.begin_stroke("erase points")
        self.drag(point)

    def drag(self, point: QPointF) -> None:
        """Remove what is inside the circle now."""
        self.points.remove("erase points", self.points_within(point, self._radius()))

    def release(self, point: QPointF) -> None:
        """End the stroke."""
        self.changes.end_stroke()

    def hover(self, point: QPointF) -> None:
        """Show the circle."""
        self.canvas.show_circle(point, self._radius())

    def leave(self) -> None:
        """Hide the circle."""
        self.canvas.show_circle(None)
