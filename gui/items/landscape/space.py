"""The loss landscape in 3D: a relief of the losses with the paths of runs lying on it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from gui.items.landscape.plot import (
    ARROW_LENGTH,
    N_LEVELS,
    contour_lines,
    later_pen,
    loss_colours,
    paint_arrow,
    path_pens,
)
from gui.items.landscape.scene import LandscapeScene, LossScale, resampled
from gui.items.lines_item import paint_winding_line
from gui.items.space.camera import HALF_HEIGHT, LEAST_WITH_NAMES_PX, Camera, Projection
from gui.items.space.plot import paint_space
from gui.items.space.raster import Columns, heights_at
from gui.items.space.relief import Relief, Sheet
from gui.items.space.spots import Spots
from gui.theme import Theme
from model import Dataset
from model.types import BoolArray, FloatArray

_CELLS = 72
_ON_SURFACE = 0.012
_LONGEST = 0.04
"""Pieces of a path on the surface are no longer than that, in units of the box."""

_MOST_PIECES = 60
_LONGEST_ARROW = 0.5
"""In units of the box."""

_PATH_PX, _PINNED_PX, _DOT_PX = 1.8, 1.5, 4.5
_FAINT = 0.3
_NONE = Spots(Dataset(np.zeros((0, 2)), np.zeros(0, dtype=np.intp), n_classes=2), np.zeros(0))


def relief_of_landscape(scene: LandscapeScene, theme: Theme) -> Relief:
    """Return a landscape as a relief; one that is not finite anywhere has no surface.

    On a logarithmic scale heights are logarithms to base 10.
    """
    scale = LossScale.of(scene.landscape.losses, scene.loss, log=scene.log)
    if scale is None:
        return Relief(scene.plane, 0.0, 1.0, "loss", (), axes=scene.axes)
    shares = resampled(scale.shares(scene.landscape.losses), _CELLS)
    sheet = Sheet((scale.low + shares * (scale.high - scale.low),), loss_colours(scene, scale, theme, _CELLS))
    levels = [line for level in scale.levels(N_LEVELS) for line in contour_lines(scene, scale, level)]
    name = "log₁₀ loss" if scale.log else "loss"
    return Relief(scene.plane, scale.low, scale.high, name, (sheet,), levels=tuple(levels), axes=scene.axes)


def paint_landscape_in_space(
    painter: QPainter,
    area: QRectF,
    scene: LandscapeScene,
    relief: Relief,
    camera: Camera,
    theme: Theme,
    *,
    copied: bool = False,
) -> Columns | None:
    """Draw a landscape in its box, with the paths on it.

    Parameters
    ----------
    relief : Relief
        Of the scene, see :func:`relief_of_landscape`.
    copied
        As for :func:`gui.items.space.plot.paint_space`, and what is returned as there.
    """
    bare = area.height() < LEAST_WITH_NAMES_PX
    hiding = paint_space(painter, area, relief, _NONE, camera, theme, bare=bare, copied=copied)
    if not relief.sheets:
        return hiding
    ground = _Ground(relief, Projection.fitting(camera, area, bare=bare), hiding)
    painter.save()
    painter.setClipRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for colour, path in scene.others(theme):
        _paint_path(painter, ground, path.places, QPen(colour, _PINNED_PX), theme)
        _paint_dot(painter, ground, path.places[-1], _DOT_PX - 1, colour, theme)
    if scene.path is not None:
        later = scene.path.places[scene.path.n_passed - 1 :]
        _paint_path(painter, ground, later, later_pen(theme), theme)
        _paint_path(painter, ground, scene.path.places[: scene.path.n_passed], QPen(theme.text, _PATH_PX), theme)
    if scene.place is not None:
        _paint_moment(painter, ground, scene, theme)
    painter.restore()
    return hiding


class _Ground:
    """Where places of the plane are on the page, on the surface."""

    def __init__(self, relief: Relief, projection: Projection, hiding: Columns | None) -> None:
        self._relief, self._projection, self._hiding = relief, projection, hiding
        self._heights = [relief.in_box(field) for field in relief.sheets[0].fields]

    @property
    def scale(self) -> float:
        """Units of the page for 1 in the box."""
        return self._projection.scale

    def seen(self, places: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return for places of shape (n, 2) where they are on the page, and which are hidden.

        Returns
        -------
        tuple of ndarray of shape (n, 2) and ndarray of bool of shape (n,)
            Places beside the box are not finite.
        """
        ground = self._relief.on_ground(places)
        with np.errstate(invalid="ignore"):
            inside: BoolArray = np.logical_and.reduce(np.abs(ground) <= 1.0, axis=1)
        ground = np.where(inside[:, np.newaxis], ground, 0.0)
        heights = np.minimum(heights_at(self._heights, ground[:, 0], ground[:, 1]) + _ON_SURFACE, HALF_HEIGHT)
        in_box = np.column_stack([ground, heights])
        hidden = np.zeros(len(places), dtype=np.bool_) if self._hiding is None else self._hiding.hides(in_box)
        on_page = self._projection.seen(in_box)[:, :2]
        on_page[~inside] = np.nan
        return on_page, hidden

    def draped(self, places: FloatArray) -> FloatArray:
        """Return a path in pieces that are short enough to lie on the surface."""
        ways = np.diff(self._relief.on_ground(places), axis=0)
        with np.errstate(invalid="ignore"):
            wanted = np.ceil(np.hypot(ways[:, 0], ways[:, 1]) / _LONGEST)
        n_pieces = np.clip(np.nan_to_num(wanted, nan=1.0, posinf=1.0), 1, _MOST_PIECES).astype(np.intp)
        rows = np.repeat(np.arange(len(ways)), n_pieces)
        piece = np.arange(len(rows)) - np.repeat(np.cumsum(n_pieces) - n_pieces, n_pieces) + 1
        shares = (piece / n_pieces[rows])[:, np.newaxis]
        return np.concatenate([places[:1], places[rows] + np.diff(places, axis=0)[rows] * shares])


def _paint_path(painter: QPainter, ground: _Ground, places: FloatArray, pen: QPen, theme: Theme) -> None:
    """Draw a path on the surface: what is hidden faintly."""
    if len(places) < 2:
        return
    seen, hidden = ground.seen(ground.draped(places))
    in_front = np.where(hidden[:, np.newaxis], np.nan, seen)
    painter.setOpacity(_FAINT)
    paint_winding_line(painter, np.where(hidden[:, np.newaxis], seen, np.nan), QTransform(), pen)
    painter.setOpacity(1.0)
    for one in path_pens(pen, theme):
        paint_winding_line(painter, in_front, QTransform(), one)


def _paint_moment(painter: QPainter, ground: _Ground, scene: LandscapeScene, theme: Theme) -> None:
    """Draw where the run is, and its way down."""
    assert scene.place is not None
    place = np.array(scene.place)
    if scene.descent is not None and scene.descent.any():
        extent = scene.extent
        width, height = extent.x_max - extent.x_min, extent.y_max - extent.y_min
        way = scene.descent / np.abs(scene.descent).max()
        step = way * (0.02 / max(float(np.hypot(way[0] / width, way[1] / height)), 1e-12))
        seen, _ = ground.seen(np.stack([place, place + step]))
        if np.isfinite(seen).all():
            length = min(_LONGEST_ARROW * ground.scale, ARROW_LENGTH)
            on_page = QPointF(*(seen[1] - seen[0]).tolist())
            paint_arrow(painter, QPointF(*seen[0].tolist()), on_page, theme, arrow_length=length)
    _paint_dot(painter, ground, place, _DOT_PX, theme.text, theme)


def _paint_dot(
    painter: QPainter, ground: _Ground, place: FloatArray, radius: float, colour: QColor, theme: Theme
) -> None:
    seen, hidden = ground.seen(place[np.newaxis])
    if np.isfinite(seen).all():
        painter.setOpacity(_FAINT if hidden[0] else 1.0)
        painter.setPen(QPen(theme.panel, 1.4))
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(*seen[0].tolist()), radius, radius)
        painter.setOpacity(1.0)
