"""PointsLayer: a data set's points on a plot, one scatter for each class and set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui import theme
from model import Dataset
from model.types import BoolArray, FloatArray, IntArray

MARKERS = ("o", "s", "t", "d", "p", "h", "star", "+")
"""A marker of its own for each class, so that colour is never the only sign; pyqtgraph's names."""


def marker_path(class_index: int) -> QPainterPath:
    """Return the outline of a class's marker, about one unit wide round the origin."""
    symbols: dict[str, QPainterPath] = pg.graphicsItems.ScatterPlotItem.Symbols
    return symbols[MARKERS[class_index]]


class _Scatter(pg.ScatterPlotItem):
    """A scatter that computes its rectangle once, and not each time that something near it is drawn."""

    _rectangle: QRectF | None = None

    def setData(self, *args: Any, **options: Any) -> None:
        """Show other points."""
        self._rectangle = None
        super().setData(*args, **options)

    def viewTransformChanged(self) -> None:
        """Compute the rectangle anew when next asked: it has room for markers of a fixed size in pixels."""
        self._rectangle = None
        super().viewTransformChanged()

    def boundingRect(self) -> QRectF:
        """Return the rectangle of all markers."""
        if self._rectangle is None:
            self._rectangle = super().boundingRect()
        return self._rectangle


class PointsLayer:
    """Draws points. Training points are filled; test points are rings of the class's colour.

    Parameters
    ----------
    plot : pg.PlotWidget
        Where the points are added.
    scale : float
        Of the markers; 1 is about nine pixels.
    """

    def __init__(self, plot: pg.PlotWidget, scale: float = 1.0) -> None:
        self._plot = plot
        self._scale = scale
        self._scatters: dict[tuple[int, bool], _Scatter] = {}
        self._shown: dict[tuple[int, bool], FloatArray] = {}
        self._style: tuple[object, ...] = ()
        self._halo = self._new_scatter(z=9)

    def _new_scatter(self, z: int) -> _Scatter:
        scatter = _Scatter(pxMode=True, antialias=True)
        scatter.setZValue(z)
        # Points change far less often than the surface below them: they are drawn once and then copied.
        scatter.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._plot.addItem(scatter, ignoreBounds=True)
        return scatter

    def show(
        self, dataset: Dataset, *, test_points: bool = True, selected: IntArray | None = None, recolour: bool = False
    ) -> None:
        """Show a data set; only the scatters whose points changed are drawn anew.

        Parameters
        ----------
        test_points : bool
            Whether test points are shown.
        selected : ndarray of int, optional
            Indices of points with a halo.
        recolour : bool
            Draw all anew, because the theme has changed.
        """
        size = self._size(len(dataset))
        style = (size, theme.current().is_dark)
        everything = recolour or style != self._style
        self._style = style
        for class_index in range(len(MARKERS)):
            of_class = dataset.labels == class_index
            self._show_group(dataset, class_index, of_class & ~dataset.is_test, size, everything, test=False)
            group = of_class & dataset.is_test & test_points
            self._show_group(dataset, class_index, group, size, everything, test=True)
        chosen = dataset.points[selected] if selected is not None and len(selected) else np.empty((0, 2))
        self._halo.setData(
            chosen[:, 0],
            chosen[:, 1],
            symbol="o",
            size=size + 7,
            pen=pg.mkPen(theme.current().accent, width=2),
            brush=None,
        )

    def _size(self, n_points: int) -> float:
        base = 9.5 if n_points <= 400 else 7.5 if n_points <= 1500 else 6.0
        return base * self._scale

    def _show_group(
        self, dataset: Dataset, class_index: int, group: BoolArray, size: float, restyle: bool, *, test: bool
    ) -> None:
        key = (class_index, test)
        points = dataset.points[group]
        if key not in self._scatters:
            if not len(points):
                return
            self._scatters[key] = self._new_scatter(z=7 if test else 8)
            self._shown[key] = np.empty((0, 2))
        if restyle or not np.array_equal(points, self._shown[key]):
            self._shown[key] = points
            pen, brush = self._pen_and_brush(class_index, size, test=test)
            self._scatters[key].setData(
                points[:, 0], points[:, 1], symbol=MARKERS[class_index], size=size, pen=pen, brush=brush
            )

    def _pen_and_brush(self, class_index: int, size: float, *, test: bool) -> tuple[QPen, QColor]:
        colours = theme.current()
        colour = colours.classes[class_index]
        if test:
            return pg.mkPen(colour, width=max(size / 5, 1.2)), colours.panel
        if MARKERS[class_index] == "+":
            return pg.mkPen(colour, width=1.0), colour
        edge = QColor(Qt.GlobalColor.white) if not colours.is_dark else colours.window
        return pg.mkPen(edge, width=1.0), colour
