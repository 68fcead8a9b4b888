"""PointsLayer: a data set's points on a plot, one scatter for each class or shade, and set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import Any, TypeAlias

import numpy as np
import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem

from gui.theme import MARK_CONTRAST, Theme, legible, mixed
from model import Dataset
from model.data.dataset import TARGET_LIMIT
from model.types import FloatArray, IntArray
from model.walk.pages import Lit

MARKERS = ("o", "s", "t", "d", "p", "h", "star", "+")
"""A marker of its own for each class, so that colour is never the only sign; pyqtgraph's names."""

_ENLARGED = {"star": 1.35}
"""Markers that fill so little of their square that they would hardly be seen."""

_OUTLINE_PX = 1.4
_MOST_RINGS = 120

_CURVE_CLASS = 2
"""The class whose colour the points of a curve have."""

_SHADES = 10
"""Number of colours for targets on either side of 0, a scatter for each: a brush for each point would be slower."""


@cache
def marker_path(class_index: int) -> QPainterPath:
    """Return the outline of a class's marker, about one unit wide round the origin."""
    symbols: dict[str, QPainterPath] = pg.graphicsItems.ScatterPlotItem.Symbols
    name = MARKERS[class_index]
    enlarged = _ENLARGED.get(name, 1.0)
    return QTransform.fromScale(enlarged, enlarged).map(symbols[name])


class _Scatter(pg.ScatterPlotItem):
    """A scatter of markers that all look alike. It computes its rectangle once, and not with each picture near it."""

    _rectangle: QRectF | None = None

    def setData(self, *args: Any, **options: Any) -> None:
        """Show other points."""
        self._rectangle = None
        super().setData(*args, **options)

    def set_look(self, size: float, pen: QPen, brush: QColor) -> None:
        """Show the same points in another size and other colours."""
        self.prepareGeometryChange()
        self._rectangle = None
        self.setSize(size, update=False)
        self.setPen(pen, update=False)
        self.setBrush(brush, update=False)
        self.updateSpots()

    def updateSpots(self, spots: Any = None) -> None:
        """Find the picture of a marker once for all, where pyqtgraph would find it for each."""
        spots = self.data if spots is None else spots
        if len(spots):
            spots["sourceRect"][0] = 0
            super().updateSpots(spots[:1])
            spots["sourceRect"] = spots["sourceRect"][0]

    def viewTransformChanged(self) -> None:
        """Compute the rectangle again when next asked: it has room for markers of a fixed size in pixels."""
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
        self._scatters: dict[_Group, _Scatter] = {}
        self._shown: dict[_Group, FloatArray] = {}
        self._style: tuple[float, Theme] | None = None
        self._halo = self._new_scatter(z=9)
        self._rings = self._new_scatter(z=9)

    def _new_scatter(self, z: float) -> _Scatter:
        scatter = _Scatter(pxMode=True, antialias=True)
        scatter.setZValue(z)
        # Points change far less often than the surface below them: they are drawn once and then copied.
        scatter.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._plot.addItem(scatter, ignoreBounds=True)
        return scatter

    def show(
        self,
        dataset: Dataset,
        theme: Theme,
        *,
        test_points: bool = True,
        selected: IntArray | None = None,
        lit: Lit | None = None,
    ) -> None:
        """Show a data set; only the scatters whose points or colours changed are drawn again.

        Parameters
        ----------
        dataset : Dataset
        theme : Theme
        test_points : bool
            Whether test points are shown.
        selected : ndarray of int, optional
            Indices of points with a halo.
        lit : Lit, optional
            Its points have a ring, unless there are so many that nothing else would be seen.
        """
        size = self._size(len(dataset))
        style = (size, theme)
        restyle, self._style = style != self._style, style
        groups = _groups(dataset)
        for key in self._scatters.keys() | groups.keys():
            group = groups.get(key, np.empty(0, dtype=np.intp))
            if key.is_test and not test_points:
                group = group[:0]
            self._show_group(dataset.points[group], key, size, theme, restyle=restyle)
        _encircle(self._halo, dataset.points[[] if selected is None else selected], size + 7, theme.selected, 2.0)
        lit_points = () if lit is None or len(lit.points) > _MOST_RINGS else lit.points
        rows = [row for row in lit_points if row < len(dataset)]
        _encircle(self._rings, dataset.points[rows], size + 6, theme.text, 1.5)

    def _size(self, n_points: int) -> float:
        return _marker_size(n_points) * self._scale

    def _show_group(self, points: FloatArray, key: _Group, size: float, theme: Theme, *, restyle: bool) -> None:
        if key not in self._scatters:
            if not len(points):
                return
            self._scatters[key] = self._new_scatter(key.height)
            self._shown[key] = np.empty((0, 2))
        pen, brush = _pen_and_brush(key, size, theme)
        if not np.array_equal(points, self._shown[key]):
            self._shown[key] = points
            self._scatters[key].setData(points[:, 0], points[:, 1], symbol=key.symbol, size=size, pen=pen, brush=brush)
        elif restyle:
            self._scatters[key].set_look(size, pen, brush)


@dataclass(frozen=True, slots=True)
class _Group:
    """Points that look alike; those of a curve all do, as their height is seen.

    Attributes
    ----------
    is_test : bool
    class_index : int or None
    shade : int or None
        Values: the target in steps of 1 / _SHADES.
    """

    is_test: bool
    class_index: int | None = None
    shade: int | None = None

    @property
    def height(self) -> float:
        """Which points lie on top: training points above test points, and the later class or larger value."""
        share = (self.shade or 0) + _SHADES if self.class_index is None else self.class_index
        return 7 + (not self.is_test) + share / (2 * _SHADES + 1)

    @property
    def marker(self) -> str:
        return MARKERS[self.class_index or 0]

    @property
    def symbol(self) -> str | QPainterPath:
        """What pyqtgraph is given: a name of its own, or the outline of a marker that it has smaller."""
        return marker_path(self.class_index or 0) if self.marker in _ENLARGED else self.marker

    def colour(self, theme: Theme) -> QColor:
        if self.class_index is not None:
            return theme.classes[self.class_index]
        return curve_colour(theme) if self.shade is None else value_colour(self.shade / _SHADES, theme)


def _encircle(scatter: _Scatter, points: FloatArray, size: float, colour: QColor, width: float) -> None:
    """Show a circle round each of the points."""
    pen = pg.mkPen(colour, width=width)
    scatter.setData(points[:, 0], points[:, 1], symbol="o", size=size, pen=pen, brush=None)


def _marker_size(n_points: int) -> float:
    """Return how large a marker is, in pixels, among this many points."""
    return 9.5 if n_points <= 400 else 7.5 if n_points <= 1500 else 6.0


def paint_points(
    painter: QPainter,
    dataset: Dataset,
    to_pixels: QTransform,
    theme: Theme,
    *,
    test_points: bool = True,
    scale: float = 1.0,
    copied: bool = False,
) -> None:
    """Draw points as :class:`PointsLayer` shows them, on any picture.

    Parameters
    ----------
    to_pixels : QTransform
        From data units to the painter's.
    theme : Theme
    test_points : bool
        Whether test points are shown.
    scale : float
        Of the markers.
    copied : bool
        Draw each kind of marker once and copy it, to whole pixels: quick, for a screen.
    """
    groups = _groups(dataset)
    shown = [key for key in sorted(groups, key=lambda group: group.height) if test_points or not key.is_test]
    rows = np.concatenate([groups[key] for key in shown]) if shown else np.empty(0, dtype=np.intp)
    linear = np.array([[to_pixels.m11(), to_pixels.m12()], [to_pixels.m21(), to_pixels.m22()]])
    places = dataset.points[rows] @ linear + (to_pixels.dx(), to_pixels.dy())
    paint_markers(painter, dataset, rows, places, theme, scale=scale, copied=copied)


def paint_markers(
    painter: QPainter,
    dataset: Dataset,
    rows: IntArray,
    places: FloatArray,
    theme: Theme,
    opacities: FloatArray | None = None,
    *,
    scale: float = 1.0,
    copied: bool = False,
) -> None:
    """Draw the markers of points in an order, wherever they are on a picture.

    Parameters
    ----------
    dataset : Dataset
    rows : ndarray of shape (n,)
        Of the points in the data set; the last is drawn on top.
    places : ndarray of shape (n, 2)
        In the painter's units.
    theme : Theme
    opacities : ndarray of shape (n,), optional
        By default 1.
    scale, copied
        See :func:`paint_points`.
    """
    if not len(rows):
        return
    size = _marker_size(len(dataset)) * scale
    opacities = np.ones(len(rows)) if opacities is None else opacities
    groups = list(_groups(dataset).items())
    group_of = np.empty(len(dataset), dtype=np.intp)
    for index, (_, members) in enumerate(groups):
        group_of[members] = index
    keys = tuple(key for key, _ in groups)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if copied:
        ratio = painter.worldTransform().m11() * painter.device().devicePixelRatioF()
        _copy_markers(painter, _marker_sheet(keys, size, theme, ratio), ratio, group_of[rows], places, opacities)
        return
    looks = [_marker(key, size, theme) for key in keys]
    opacity = painter.opacity()
    for group, (x, y), share in zip(group_of[rows].tolist(), places.tolist(), opacities.tolist(), strict=True):
        painter.setOpacity(opacity * share)
        painter.translate(x, y)
        _draw_marker(painter, looks[group])
        painter.translate(-x, -y)
    painter.setOpacity(opacity)


_Look: TypeAlias = tuple[QPen, QColor, QPainterPath]


def _marker(key: _Group, size: float, theme: Theme) -> _Look:
    """Return pen, brush and outline of a marker about the origin, in the units of a picture."""
    pen, brush = _pen_and_brush(key, size, theme)
    pen.setCosmetic(False)
    return pen, brush, QTransform.fromScale(size, size).map(marker_path(MARKERS.index(key.marker)))


def _draw_marker(painter: QPainter, look: _Look) -> None:
    pen, brush, outline = look
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawPath(outline)


@lru_cache(maxsize=8)
def _marker_sheet(keys: tuple[_Group, ...], size: float, theme: Theme, ratio: float) -> QImage:
    """Return the markers of some groups in squares beside one another, `ratio` pixels for each unit."""
    looks = [_marker(key, size, theme) for key in keys]
    half = max(outline.boundingRect().width() / 2 + pen.widthF() + 1 for pen, _, outline in looks)
    side = ceil(2 * half * ratio)
    sheet = QImage(side * len(looks), side, QImage.Format.Format_ARGB32_Premultiplied)
    sheet.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, look in enumerate(looks):
        painter.setTransform(QTransform(ratio, 0, 0, ratio, (index + 0.5) * side, side / 2))
        _draw_marker(painter, look)
    painter.end()
    return sheet


def _copy_markers(
    painter: QPainter, sheet: QImage, ratio: float, groups: IntArray, places: FloatArray, opacities: FloatArray
) -> None:
    """Copy markers from a sheet, all of them at once, to where they belong, to whole pixels.

    Notes
    -----
    PySide takes the first of a row of QPainter.PixmapFragment in memory, each ten numbers: the middle, the corner and
    size of the source, the scales, the rotation, and the opacity
    (https://doc.qt.io/qt-6/qpainter-pixmapfragment.html).
    """
    side = sheet.height()
    fragments = np.zeros((len(places), 10))
    fragments[:, :2] = (np.round(places * ratio - side / 2) + side / 2) / ratio
    fragments[:, 2] = groups * side
    fragments[:, 4:6] = side
    fragments[:, 6:8] = 1.0 / ratio
    fragments[:, 9] = opacities
    first = shiboken6.wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment)
    assert isinstance(first, QPainter.PixmapFragment)
    painter.drawPixmapFragments(first, len(fragments), QPixmap.fromImage(sheet))


def value_colour(value: float, theme: Theme) -> QColor:
    """Return the colour of a target, -1 to 1; strong enough at 0, too, to be seen on the panel."""
    return mixed(theme.diverging_colour(value, TARGET_LIMIT), theme.text, 0.08)


def curve_colour(theme: Theme) -> QColor:
    """Return the colour of the points of a curve: neither of the colours that stand for a sign."""
    return theme.classes[_CURVE_CLASS]


def _groups(dataset: Dataset) -> dict[_Group, IntArray]:
    """Return the indices of the points of each look that there is."""
    labels = _looks(dataset)
    codes = labels * 2 + dataset.is_test
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    groups: dict[_Group, IntArray] = {}
    if not len(order):
        return groups
    for code, indices in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
        label, is_test = divmod(code, 2)
        shade, class_index = (label, None) if dataset.kind == "values" else (None, label)
        key = _Group(bool(is_test)) if dataset.is_curve else _Group(bool(is_test), class_index, shade)
        groups[key] = indices
    return groups


def _looks(dataset: Dataset) -> IntArray:
    """Return a number for the look of each point beside its set: its class, the shade of its value, or 0 on a curve."""
    if dataset.is_curve:
        return np.zeros(len(dataset), dtype=np.intp)
    return np.round(dataset.labels * _SHADES).astype(np.intp) if dataset.is_regression else dataset.labels


def _pen_and_brush(key: _Group, size: float, theme: Theme) -> tuple[QPen, QColor]:
    colour = key.colour(theme)
    seen = legible(colour, theme, MARK_CONTRAST)
    if key.is_test:
        return pg.mkPen(seen, width=max(size / 5, 1.2)), theme.panel
    if seen != colour:
        # A target near 0 is as pale as the panel: its outline says where the point is.
        return pg.mkPen(seen, width=_OUTLINE_PX), colour
    if key.marker == "+":
        return pg.mkPen(colour, width=1.0), colour
    edge = QColor(Qt.GlobalColor.white) if not theme.is_dark else theme.window
    return pg.mkPen(edge, width=1.0), colour
