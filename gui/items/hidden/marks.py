"""Marks: what stands out among the points of a hidden space, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.items.probe_mark import RADIUS, paint_probe_mark
from gui.theme import Theme
from model import Dataset
from model.types import FloatArray, IntArray

_HALO_RADIUS, _HOVERED_RADIUS = 8.0, 8.0
_MOST_LIT = 120


def _none() -> IntArray:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What stands out.

    Attributes
    ----------
    test_points : bool
        Whether test points are shown.
    selected, lit : ndarray of int
        Rows of points with a halo, and of those that are at work in a step that is taken apart.
    pinned, hovered : tuple of float or None
        The place of the pinned probe, and the one under the mouse in any view, on the plane.
    """

    test_points: bool = True
    selected: IntArray = field(default_factory=_none)
    lit: IntArray = field(default_factory=_none)
    pinned: tuple[float, float] | None = None
    hovered: tuple[float, float] | None = None

    def rows(self, dataset: Dataset) -> IntArray:
        """Return the rows of the points that are shown, those that lie on top last."""
        order = np.argsort(~dataset.is_test, kind="stable")
        return order if self.test_points else order[~dataset.is_test[order]]


def paint_halos(painter: QPainter, places: FloatArray, theme: Theme, marks: Marks, scale: float) -> None:
    """Draw circles round the points that are selected, or at work.

    Parameters
    ----------
    places : ndarray of shape (n_points, 2)
        Of all points, on the page.
    """
    # Of many points the circles of those that are at work would be all that is seen.
    lit = marks.lit if len(marks.lit) <= _MOST_LIT else marks.lit[:0]
    for marked, colour, width in ((marks.selected, theme.selected, 2.0), (lit, theme.text, 1.5)):
        _paint_circles(painter, places[marked[marked < len(places)]], _HALO_RADIUS * scale, colour, width)


def paint_probes(
    painter: QPainter, place: Callable[[tuple[float, float]], FloatArray], theme: Theme, marks: Marks, scale: float
) -> None:
    """Draw the mark of the pinned probe, and a ring round what is under the mouse.

    Parameters
    ----------
    place : callable
        Returns where a place of the plane is on the page, an ndarray of shape (2,).
    """
    if marks.hovered is not None:
        _paint_circles(painter, place(marks.hovered)[np.newaxis], _HOVERED_RADIUS * scale, theme.text, 1.5)
    if marks.pinned is not None:
        paint_probe_mark(painter, QPointF(*place(marks.pinned).tolist()), RADIUS * scale, theme)


def _paint_circles(painter: QPainter, places: FloatArray, radius: float, colour: QColor, width: float) -> None:
    if len(places):
        circles = QPainterPath()
        for x, y in places.tolist():
            circles.addEllipse(QPointF(x, y), radius, radius)
        painter.strokePath(circles, QPen(colour, width))
