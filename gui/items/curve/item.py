"""CurveItem: the lines of a curve's picture on a view of the plane."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.items.curve.lines import CurveLine, line_at
from gui.items.lines_item import lines_path
from gui.program.guard import guarded
from model.types import FloatArray

_AROUND = ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5))
"""Where a wider line is drawn, in what it is wider than 1."""


class CurveItem(pg.GraphicsObject):
    """Draws lines in data units, the last on top, each as wide as its pen says in pixels.

    Notes
    -----
    Much as in :class:`gui.items.lines_item.LinesItem`, a wider line is drawn as four of width 1, a fraction of a pixel
    apart, which Qt draws many times as fast; being on all sides, it is as wide where it rises as where it falls.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[CurveLine, ...] = ()
        self._drawn: list[tuple[QPainterPath, QPen, float]] = []
        self._bounds = QRectF()

    @property
    def lines(self) -> tuple[CurveLine, ...]:
        """What is shown."""
        return self._lines

    def show_lines(self, lines: Sequence[CurveLine]) -> None:
        """Show lines, and no others."""
        self.prepareGeometryChange()
        self._lines = tuple(lines)
        self._drawn, self._bounds = [], QRectF()
        # What has the same pen is quicker to draw as one path.
        for _, group in groupby(lines, key=lambda line: id(line.pen)):
            alike = list(group)
            vertices = [line.vertices for line in alike]
            self._drawn.append((lines_path(vertices), _thin(alike[0].pen), alike[0].pen.widthF() - 1.0))
            self._bounds |= _bounds(np.concatenate(vertices))
        self.update()

    def line_at(self, place: tuple[float, float], reach: float) -> CurveLine | None:
        """Return the line at a place of the plane, None where none is within `reach`, in data units."""
        return line_at(self._lines, place, reach)

    def boundingRect(self) -> QRectF:
        """Return the lines' rectangle."""
        return self._bounds

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        transform = painter.transform()
        for path, pen, wider in self._drawn:
            painter.setPen(pen)
            for dx, dy in _AROUND if wider > 0 else ((0.0, 0.0),):
                painter.setTransform(transform * QTransform.fromTranslate(dx * wider, dy * wider))
                painter.drawPath(path)
        painter.setTransform(transform)


def _thin(pen: QPen) -> QPen:
    """Return a pen of one pixel in the same colour and with the same dashes."""
    thin = QPen(pen)
    thin.setWidthF(1.0)
    thin.setCosmetic(True)
    return thin


def _bounds(vertices: FloatArray) -> QRectF:
    """Return the rectangle of all vertices that are numbers, with a little room for the width of lines."""
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(vertices), np.fmax.reduce(vertices)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return QRectF()
    return QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1]).adjusted(-1, -1, 1, 1)
