"""The box round what is seen in space: its ground and far walls, its ticks, and the names of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.items.plot_axes import elided, even_ticks
from gui.items.space.camera import HALF_HEIGHT, Projection
from gui.items.space.colouring import height_colours
from gui.theme import Theme, figure_font, mixed
from model.data.features import RAW_FEATURES, feature
from model.data.naming import Axis
from model.types import FloatArray

Place: TypeAlias = tuple[float, float, float]

_SHORTEST_PX = 24.0
_GAP, _NAME_GAP = 5.0, 4.0
_UPRIGHT = 1.6
"""How many times as many ticks there are along an upright axis, where texts stand one above the other."""

_TICK_PX, _TICK_LENGTH, _NAME_PX = 11, 3.0, 12
_LEAST_DOWN = 0.45
_SAME_WAY = 1e-9
_WIDEST_NAME_PX = 130.0
_PLAIN = Axis()
_BAR_PX, _BAR_STEPS, _BAR_OVERLAP = 4.0, 64, 0.5
_WALL_SHADES = (0.55, 0.25, 0.25)
"""How much of the chips' colour ground and walls have; the rest is the panel's."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What an axis of the box stands for.

    Attributes
    ----------
    low, high : float
        What its ends stand for.
    name : str
        Empty for none.
    units : Axis
        In whose numbers they are written.
    """

    low: float
    high: float
    name: str
    units: Axis = _PLAIN


Scales: TypeAlias = tuple[Scale, Scale, Scale]
"""Along the ground to the right and away, and upwards."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis along an edge of the box.

    Attributes
    ----------
    start, end : tuple of float
        Its ends in the box.
    outward : tuple of float
        The way in the box in which its texts stand beside it.
    scale : Scale
    """

    start: Place
    end: Place
    outward: Place
    scale: Scale


def _side(value: float) -> float:
    return 1.0 if value >= 0 else -1.0


def _axes(scales: Scales, projection: Projection) -> tuple[_Axis, _Axis, _Axis]:
    """Return the axes where the eye finds them: on the near edges of the ground, and on the outermost edge at left."""
    turn_cos, turn_sin = projection.turn
    (near_x, near_y), ground = _near(projection), -HALF_HEIGHT
    corners = [(x, y) for x in (-1.0, 1.0) for y in (-1.0, 1.0)]
    x, y = min(corners, key=lambda corner: turn_cos * corner[1] - turn_sin * corner[0])
    upright = _Axis((x, y, ground), (x, y, HALF_HEIGHT), (turn_sin, -turn_cos, 0.0), scales[2])
    if _shows_sum(projection):
        summed = _Axis((-1.0, -1.0, ground), (1.0, 1.0, ground), (turn_cos, turn_sin, 0.0), _sum(*scales[:2]))
        return summed, replace(summed, end=summed.start), upright
    return (
        _Axis((-1.0, near_y, ground), (1.0, near_y, ground), (0.0, near_y, 0.0), scales[0]),
        _Axis((near_x, -1.0, ground), (near_x, 1.0, ground), (near_x, 0.0, 0.0), scales[1]),
        upright,
    )


def _near(projection: Projection) -> tuple[float, float]:
    """Return the nearest corner of the ground."""
    turn_cos, turn_sin = projection.turn
    return _side(turn_cos), _side(turn_sin)


def _shows_sum(projection: Projection) -> bool:
    """Return whether what is farther right or left on the page is so by the sum of both coordinates of the ground."""
    turn_cos, turn_sin = projection.turn
    return projection.camera.elevation == 0.0 and abs(turn_cos + turn_sin) < _SAME_WAY


def _sum(x: Scale, y: Scale) -> Scale:
    """Return what the diagonal of the ground stands for; only the program's own numbers can be added."""
    if x.units.is_scaled or y.units.is_scaled:
        return Scale(x.low + y.low, x.high + y.high, " + ".join(feature(name).label for name in RAW_FEATURES))
    return Scale(x.low + y.low, x.high + y.high, f"{x.name} + {y.name}" if x.name and y.name else "")


def _on_page(projection: Projection, places: Sequence[Place] | FloatArray) -> list[QPointF]:
    return [QPointF(x, y) for x, y, _ in projection.seen(np.array(places)).tolist()]


def _between(axis: _Axis, share: float) -> Place:
    x, y, z = (a + (b - a) * share for a, b in zip(axis.start, axis.end, strict=True))
    return x, y, z


def _ticks(axis: _Axis, projection: Projection) -> list[tuple[float, str]]:
    """Return how far along an axis its ticks are, and their texts; none where it is seen from its end."""
    start, end = _on_page(projection, [axis.start, axis.end])
    length = float(np.hypot(end.x() - start.x(), end.y() - start.y()))
    if length < _SHORTEST_PX:
        return []
    return _kept_ticks(axis.scale, length * (_UPRIGHT if axis.start[:2] == axis.end[:2] else 1.0))


@lru_cache(maxsize=64)
def _kept_ticks(scale: Scale, length: float) -> list[tuple[float, str]]:
    return even_ticks(scale.low, scale.high, length, scale.units)


def paint_walls(painter: QPainter, scales: Scales, projection: Projection, theme: Theme) -> None:
    """Draw the ground and the two far walls, with a line at each tick."""
    x_axis, y_axis, z_axis = _axes(scales, projection)
    (near_x, near_y), low, high = _near(projection), -HALF_HEIGHT, HALF_HEIGHT
    far_x, far_y = -near_x, -near_y
    ground = [(-1.0, -1.0, low), (1.0, -1.0, low), (1.0, 1.0, low), (-1.0, 1.0, low)]
    x_wall = [(far_x, -1.0, low), (far_x, 1.0, low), (far_x, 1.0, high), (far_x, -1.0, high)]
    y_wall = [(-1.0, far_y, low), (1.0, far_y, low), (1.0, far_y, high), (-1.0, far_y, high)]
    painter.setPen(Qt.PenStyle.NoPen)
    corners = _on_page(projection, [*ground, *x_wall, *y_wall])
    outlines = [QPolygonF(corners[start : start + 4]) for start in (0, 4, 8)]
    for outline, share in zip(outlines, _WALL_SHADES, strict=True):
        painter.setBrush(mixed(theme.panel, theme.chip, share))
        painter.drawPolygon(outline)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    lines: list[Place] = []
    for share, _ in _ticks(x_axis, projection):
        x = 2 * share - 1
        if _shows_sum(projection):
            lines += [(x, x, low), (x, x, high)]
            continue
        lines += [(x, -far_y, low), (x, far_y, low), (x, far_y, low), (x, far_y, high)]
    for share, _ in _ticks(y_axis, projection):
        y = 2 * share - 1
        lines += [(-far_x, y, low), (far_x, y, low), (far_x, y, low), (far_x, y, high)]
    for share, _ in _ticks(z_axis, projection):
        z = (2 * share - 1) * HALF_HEIGHT
        lines += [(far_x, -1.0, z), (far_x, 1.0, z), (-1.0, far_y, z), (1.0, far_y, z)]
    painter.setPen(QPen(theme.grid, 1.0))
    if lines:
        painter.drawLines(_on_page(projection, lines))
    painter.setPen(QPen(theme.line, 1.0))
    for outline in outlines:
        painter.drawPolygon(outline)


def paint_scales(painter: QPainter, scales: Scales, projection: Projection, theme: Theme) -> None:
    """Draw ticks, their texts and the axes' names, upright beside the edges; what has no room is left out."""
    taken: list[QRectF] = []
    x_axis, y_axis, z_axis = _axes(scales, projection)
    for axis in (x_axis, y_axis):
        _paint_scale(painter, axis, projection, theme, taken)
    _paint_scale(painter, z_axis, projection, theme, taken, is_upright=True)


def paint_scale_bar(painter: QPainter, scales: Scales, projection: Projection, theme: Theme) -> None:
    """Draw along the upright axis which colour a height has."""
    *_, axis = _axes(scales, projection)
    bottom, top = _on_page(projection, [axis.start, axis.end])
    bar = QRectF(bottom.x() - _BAR_PX, top.y(), _BAR_PX, bottom.y() - top.y())
    colours = height_colours(np.linspace(1.0, 0.0, _BAR_STEPS), 0.0, 1.0, theme)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    step = bar.height() / len(colours)
    for place, colour in enumerate(colours.tolist()):
        painter.fillRect(
            QRectF(bar.left(), bar.top() + place * step, bar.width(), step + _BAR_OVERLAP), QColor.fromRgb(colour)
        )
    painter.restore()


def _paint_scale(
    painter: QPainter,
    axis: _Axis,
    projection: Projection,
    theme: Theme,
    taken: list[QRectF],
    *,
    is_upright: bool = False,
) -> None:
    ticks = _ticks(axis, projection)
    if not ticks:
        return
    way = _way(axis, projection, is_upright=is_upright)
    painter.setFont(figure_font(_TICK_PX))
    metrics = QFontMetricsF(painter.font())
    *places, middle, top = _on_page(projection, [_between(axis, share) for share in (*dict(ticks), 0.5, 1.0)])
    painter.setPen(QPen(theme.muted, 1.0))
    painter.drawLines([QLineF(place, place + way * _TICK_LENGTH) for place in places])
    farthest = 0.0
    for place, (_, text) in zip(places, ticks, strict=True):
        box, reach = _beside(place, way, metrics.horizontalAdvance(text), metrics.height(), _GAP)
        farthest = max(farthest, reach)
        if not any(box.intersects(other) for other in taken):
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            taken.append(box)
    painter.setFont(figure_font(_NAME_PX, bold=True))
    metrics = QFontMetricsF(painter.font())
    name = elided(axis.scale.name, metrics, _WIDEST_NAME_PX)
    width, height = metrics.horizontalAdvance(name) + 2, metrics.height()
    if is_upright:
        # Towards the left, where the surface is not.
        left = max(top.x() + _NAME_PX - width, painter.clipBoundingRect().left() + 2.0)
        box = QRectF(left, top.y() - height - _TICK_PX, width, height)
    else:
        box, _ = _beside(middle, way, width, height, farthest + _NAME_GAP)
        clip = painter.clipBoundingRect()
        box.moveLeft(max(min(box.left(), clip.right() - box.width()), clip.left()))
        box.moveBottom(min(box.bottom(), clip.bottom()))
    painter.setPen(theme.text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
    taken.append(box)


def _way(axis: _Axis, projection: Projection, *, is_upright: bool) -> QPointF:
    """Return the way on the page, of length 1, in which the texts of an axis stand beside it."""
    if is_upright:
        return QPointF(-1.0, 0.0)
    origin, tip = projection.seen(np.array([(0.0, 0.0, 0.0), axis.outward]))
    right, down = (tip - origin)[:2] / projection.scale
    down = max(down, _LEAST_DOWN)
    length = float(np.hypot(right, down))
    return QPointF(right / length, down / length)


def _beside(place: QPointF, way: QPointF, width: float, height: float, gap: float) -> tuple[QRectF, float]:
    """Return the box of a text beside a place, and how far from the place it ends."""
    half = abs(way.x()) * width / 2 + abs(way.y()) * height / 2
    middle = place + way * (gap + half)
    return QRectF(middle.x() - width / 2 - 2, middle.y() - height / 2, width + 4, height), gap + 2 * half
