"""Tool: the base of what the mouse can do, and what it needs of the view that it works on."""

from __future__ import annotations

from typing import ClassVar, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.view import View
from model.data.dataset import PLANE_LIMIT
from model.types import IntArray

HIT_RADIUS_PX = 10.0
"""How near to a point the mouse must be to take it."""

MARKER_RADIUS_PX = 5.0
"""How near to a point the mouse is on its marker."""


class Canvas(Protocol):
    """What a tool needs of a view of the plane."""

    @property
    def units_per_pixel(self) -> float:
        """How many data units one pixel is."""

    def show_circle(self, centre: QPointF | None, radius: float = 0.0) -> None:
        """Show the outline of a brush, or none."""

    def show_rectangle(self, rectangle: QRectF | None) -> None:
        """Show a selection frame, or none."""


class Tool:
    """What the mouse does. Points are in data units; between press and release is one stroke, one step of undo.

    Attributes
    ----------
    name : str
        The key in gui.tools.TOOLS; the icon is "tool-" and the name.
    label, tip, shortcut : str
        What the window shows.
    changes : Changes
        Whose strokes it begins and ends.
    points : Points
        What it does to the points.
    changes_points : bool
        Whether it works on the present alone; otherwise on what is shown.
    probe : Probe
        What it pins.
    view : View
        How it is set, and what it selects.
    canvas : Canvas
    """

    name: ClassVar[str]
    label: ClassVar[str]
    tip: ClassVar[str]
    shortcut: ClassVar[str]
    cursor: ClassVar[Qt.CursorShape] = Qt.CursorShape.CrossCursor
    changes_points: ClassVar[bool] = True

    def __init__(self, changes: Changes, points: Points, view: View, probe: Probe, canvas: Canvas) -> None:
        self.changes, self.points, self.view, self.probe = changes, points, view, probe
        self.canvas = canvas

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Begin a stroke."""

    def drag(self, point: QPointF) -> None:
        """Go on with it."""

    def release(self, point: QPointF) -> None:
        """End it."""

    def let_go(self) -> None:
        """Stop at once, because something else has ended the stroke."""
        self.canvas.show_rectangle(None)

    def take_back(self) -> None:
        """Take back what the last press did beside a stroke: it was not meant for the tool."""

    def hover(self, point: QPointF) -> None:
        """Follow the mouse, with the button held or not."""

    def leave(self) -> None:
        """Take away what was shown at the mouse."""

    def points_within(self, centre: QPointF, radius: float) -> IntArray:
        """Return the indices of the points inside a circle, ascending."""
        offsets = self.changes.dataset.points - (centre.x(), centre.y())
        return np.flatnonzero(np.einsum("ij,ij->i", offsets, offsets) <= radius * radius)

    def nearest_point(self, to: QPointF) -> int | None:
        """Return the index of the point under the mouse, None where there is none."""
        return self.changes.dataset.nearest((to.x(), to.y()), HIT_RADIUS_PX * self.canvas.units_per_pixel)


def is_on_plane(point: QPointF) -> bool:
    """Return whether a point lies on the plane that a person draws on."""
    return max(abs(point.x()), abs(point.y())) <= PLANE_LIMIT


def on_plane(point: QPointF) -> tuple[float, float]:
    """Return the coordinates of the point of the plane nearest to `point`."""
    limit = PLANE_LIMIT
    return max(-limit, min(limit, point.x())), max(-limit, min(limit, point.y()))
