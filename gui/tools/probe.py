"""ProbeTool: pins the point at which the window shows every number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.probe import Probe, ProbePoint
from gui.document.view import View
from gui.tools.base import HIT_RADIUS_PX, Canvas, Tool, on_plane


class ProbeTool(Tool):
    """Pins the data point under the mouse, or the place; what is pinned is dragged off, or released by a click."""

    name = "probe"
    label = "Probe"
    tip = "Click a point or a place to see every number there; drag it, or click it again to release it."
    shortcut = "I"
    changes_points = False

    _pressed_at: QPointF
    _before: ProbePoint | None
    _is_on_pin: bool
    _is_dragged: bool

    def __init__(self, changes: Changes, points: Points, view: View, probe: Probe, canvas: Canvas) -> None:
        super().__init__(changes, points, view, probe, canvas)
        self._before = None

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Pin what is under the mouse; on what is pinned already, wait whether it is a click or a drag."""
        self._before = self.probe.pinned
        self._pressed_at, self._is_dragged = point, False
        self._is_on_pin = self._before is not None and self._is_near(QPointF(*self._before.place), point)
        if not self._is_on_pin:
            self.probe.pin_near(on_plane(point), self._reach)

    def drag(self, point: QPointF) -> None:
        """Move the pin, once the mouse has clearly moved."""
        self._is_dragged = self._is_dragged or not self._is_near(self._pressed_at, point)
        if self._is_dragged:
            self.probe.pin(on_plane(point))

    def release(self, point: QPointF) -> None:
        """Release what was pinned and has been clicked; put what was dragged onto the data point under the mouse."""
        if self._is_dragged:
            self.probe.pin_near(on_plane(point), self._reach)
        elif self._is_on_pin:
            self.probe.release()

    def take_back(self) -> None:
        """Pin again what was pinned before the last press."""
        if self._before is None:
            self.probe.release()
        else:
            self.probe.pin(self._before.place if self._before.index is None else self._before.index)

    @property
    def _reach(self) -> float:
        return HIT_RADIUS_PX * self.canvas.units_per_pixel

    def _is_near(self, first: QPointF, second: QPointF) -> bool:
        way = second - first
        return QPointF.dotProduct(way, way) <= self._reach**2
