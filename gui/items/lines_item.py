"""LinesItem: curves on a plot, drawn fast enough to change sixty times a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.program.guard import guarded
from model.types import BoolArray, FloatArray

_SECOND_LINE_PX, _OVERLAP = 0.6, 0.3


def lines_path(lines: Sequence[FloatArray]) -> QPainterPath:
    """Return polylines, each an ndarray of shape (n_vertices, 2), as one path.

    A vertex that is not finite breaks its line.
    """
    lines = [line for line in lines if len(line)]
    if not lines:
        return QPainterPath()
    vertices = np.concatenate(lines)
    return _path(lines, vertices, _finite(vertices))


def _path(lines: Sequence[FloatArray], vertices: FloatArray, finite: BoolArray) -> QPainterPath:
    """Return polylines as one path, of whose vertices some are finite."""
    # connect[i] says whether a line leads from vertex i to the next.
    connect = finite.copy()
    connect[:-1] &= finite[1:]
    connect[np.cumsum([len(line) for line in lines]) - 1] = False
    path: QPainterPath = pg.arrayToQPath(
        np.ascontiguousarray(vertices[:, 0]), np.ascontiguousarray(vertices[:, 1]), connect.astype(np.int32)
    )
    return path


def paint_lines(painter: QPainter, lines: Sequence[FloatArray], to_page: QTransform, pen: QPen) -> None:
    """Draw polylines in data units on a picture, with a pen in the picture's own."""
    # Some readers of SVG do not take a path without a point.
    if any(map(len, lines)):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(to_page.map(lines_path(lines)))


def paint_lines_quickly(painter: QPainter, lines: Sequence[FloatArray], to_page: QTransform, pen: QPen) -> None:
    """Draw polylines as :func:`paint_lines` does, about one and a half pixels wide, as :class:`LinesItem` does."""
    thin = QPen(pen)
    thin.setWidthF(1.0)
    paint_lines(painter, lines, to_page, thin)
    paint_lines(painter, lines, to_page * QTransform.fromTranslate(_SECOND_LINE_PX, _SECOND_LINE_PX), thin)


def paint_winding_line(painter: QPainter, line: FloatArray, to_page: QTransform, pen: QPen) -> None:
    """Draw a polyline that may cross itself again and again, an ndarray of shape (n_vertices, 2) in data units.

    Each piece is a line of its own, whose square ends close the corners: of one path Qt finds the outline first, which
    takes up to a hundred times as long. What is dotted or dashed, or lets through what is below, is drawn as
    :func:`paint_lines_quickly` does, for there the ends would be seen. A vertex that is not finite breaks the line.
    """
    if pen.style() != Qt.PenStyle.SolidLine or painter.opacity() < 1.0:
        paint_lines_quickly(painter, [line], to_page, pen)
        return
    finite = _finite(line)
    ways = finite[:-1] & finite[1:]
    if not ways.any():
        return
    x, y = line.T
    x, y = to_page.m11() * x + to_page.m21() * y + to_page.dx(), to_page.m12() * x + to_page.m22() * y + to_page.dy()
    ends = np.stack([x[:-1], y[:-1], x[1:], y[1:]], axis=1)[ways]
    square = QPen(pen)
    square.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(square)
    painter.drawLines([QLineF(*each) for each in ends.tolist()])


def _finite(vertices: FloatArray) -> BoolArray:
    finite: BoolArray = np.logical_and.reduce(np.isfinite(vertices), axis=1)
    return finite


@dataclass(frozen=True, slots=True)
class LinesPicture:
    """Polylines as :class:`LinesItem` draws them, which any thread can make.

    Attributes
    ----------
    path : QPainterPath
    bounds : QRectF
        The least rectangle that has all finite vertices.
    """

    path: QPainterPath
    bounds: QRectF

    @classmethod
    def of(cls, lines: Sequence[FloatArray]) -> LinesPicture:
        """Make one of polylines, each an ndarray of shape (n_vertices, 2) in data units."""
        lines = [line for line in lines if len(line)]
        if not lines:
            return cls(QPainterPath(), QRectF())
        vertices = np.concatenate(lines)
        finite, bounds = _finite(vertices), QRectF()
        if finite.any():
            shown = vertices if finite.all() else vertices[finite]
            low, high = shown.min(axis=0), shown.max(axis=0)
            bounds = QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1])
        return cls(_path(lines, vertices, finite), bounds)


class LinesItem(pg.GraphicsObject):
    """Polylines in data units, about one and a half pixels wide, or thin: one pixel.

    Parameters
    ----------
    thin : bool

    Notes
    -----
    Qt draws an antialiased line of width 1 about twenty times as fast as a wider one, which its general stroker
    outlines first. So two lines of width 1, a fraction of a pixel apart, make one of width 1.6.
    """

    def __init__(self, *, thin: bool = False) -> None:
        super().__init__()
        self._thin = thin
        self._path = QPainterPath()
        self._bounds = QRectF()
        self._padded: QRectF | None = None
        self._pixel: tuple[float, float] | None = None  # How wide and high it is in data units.
        self._pen = QPen()

    def set_pen(self, colour: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
        """Set the colour, and the dashes if any."""
        self._pen = QPen(colour, 1.0, style)
        self._pen.setCosmetic(True)
        self.update()

    @property
    def n_vertices(self) -> int:
        """How many vertices the shown lines have together."""
        return int(self._path.elementCount())

    def show_lines(self, lines: Sequence[FloatArray]) -> None:
        """Show polylines.

        Parameters
        ----------
        lines : sequence of ndarray of shape (n_vertices, 2)
            In data units; a vertex that is not finite breaks its line.
        """
        self.show_picture(LinesPicture.of(lines))

    def show_picture(self, picture: LinesPicture) -> None:
        """Show polylines of which there is a picture already."""
        if picture.path.isEmpty() and self._path.isEmpty():
            return
        self.prepareGeometryChange()
        self._padded = None
        self._path, self._bounds = picture.path, picture.bounds
        self.update()

    def viewTransformChanged(self) -> None:
        """Compute the rectangle again when next asked: the lines are of a fixed width in pixels."""
        self.prepareGeometryChange()
        self._padded = self._pixel = None
        super().viewTransformChanged()

    def boundingRect(self) -> QRectF:
        """Return the lines' rectangle, with room for their width."""
        if self._padded is None:
            self._padded = self._with_room_for_width()
        return self._padded

    def _with_room_for_width(self) -> QRectF:
        if self._path.isEmpty():
            return QRectF()
        if self._pixel is None:
            self._pixel = self.pixelLength(pg.Point(1, 0)) or 0.0, self.pixelLength(pg.Point(0, 1)) or 0.0
        width, height = self._pixel
        return self._bounds.adjusted(-2 * width, -2 * height, 2 * width, 2 * height)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines as often, a fraction of a pixel apart, as makes them as wide as they are."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        # A line of width 1 is a pixel of the screen, of which there are several to a pixel of the interface.
        finest = 1.0 / max(painter.device().devicePixelRatioF(), 1.0)
        width = 1.0 if self._thin else 1.0 + _SECOND_LINE_PX
        n_lines = ceil(width / finest - _OVERLAP)
        shift = (width - finest) / (n_lines - 1) if n_lines > 1 else 0.0
        for number in range(n_lines):
            if number:
                painter.setTransform(painter.transform() * QTransform.fromTranslate(shift, shift))
            painter.drawPath(self._path)
