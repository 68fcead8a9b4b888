"""Shading: the colours of a height field in the light, which comes from the upper left of whoever looks."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.items.space.camera import Projection
from gui.items.space.raster import Pixels
from gui.items.surface_item import to_image
from gui.theme import Theme
from model.types import Array, FloatArray

DIVISIONS = 12
"""Squares along each side of the net that is drawn on a surface."""

_NET_WIDTH = 2 / 288
"""Of the net's lines, for a surface of width 1."""

_LEFT, _UP, _TOWARDS = 0.42, 0.72, 0.55
_AMBIENT, _DIFFUSE = 0.60, 0.46
_JUMP, _STEEP = 0.09, 2.5
_WEIGHTS = ((0, 0, 4), (0, 1, 2), (0, -1, 2), (1, 0, 2), (-1, 0, 2), (1, 1, 1), (1, -1, 1), (-1, 1, 1), (-1, -1, 1))


def light_on(z: Array, projection: Projection) -> NDArray[np.float32]:
    """Return how much light there is on the upper side of a height field, about 0.6 to 1.06.

    Parameters
    ----------
    z : ndarray of shape (n, n)
        Heights in units of the box.
    """
    if len(z) < 2:
        return np.ones(z.shape, dtype=np.float32)
    along_y, along_x = np.gradient(np.asarray(z, dtype=np.float32), np.float32(2.0 / len(z)))
    x, y, up = _light(projection)
    length = np.sqrt(along_x * along_x + along_y * along_y + 1.0)
    falls: NDArray[np.float32] = np.maximum(np.float32(up) - along_x * np.float32(x) - along_y * np.float32(y), 0.0)
    falls /= length
    falls *= np.float32(_DIFFUSE)
    falls += np.float32(_AMBIENT)
    return falls


def _light(projection: Projection) -> FloatArray:
    """Return the direction to the light, of length 1, in units of the box."""
    (turn_cos, turn_sin), (tilt_cos, tilt_sin) = projection.turn, projection.tilt
    right = np.array([-turn_sin, turn_cos, 0.0])
    up = np.array([-turn_cos * tilt_sin, -turn_sin * tilt_sin, tilt_cos])
    towards = np.array([turn_cos * tilt_cos, turn_sin * tilt_cos, tilt_sin])
    light = -_LEFT * right + _UP * up + _TOWARDS * towards
    direction: FloatArray = light / np.linalg.norm(light)
    return direction


def lit(colours: NDArray[np.uint32], light: NDArray[np.float32]) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB in a light, of the same shape."""
    result = np.full_like(colours, 0xFF000000)
    for shift in (16, 8, 0):
        channel = ((colours >> np.uint32(shift)) & np.uint32(255)).astype(np.float32) * light
        result |= np.minimum(channel, np.float32(255)).astype(np.uint32) << np.uint32(shift)
    return result


def net_colour(theme: Theme) -> QColor:
    """Return the translucent colour of the net on a surface."""
    colour = QColor(theme.text)
    colour.setAlphaF(0.16)
    return colour


def texture_of(colours: NDArray[np.uint32], theme: Theme, n_texels: int, *, net: bool) -> NDArray[np.uint32]:
    """Return the upper and the lower side of a surface as a texture.

    Parameters
    ----------
    colours : ndarray of shape (n, n)
        0xffRRGGBB.
    n_texels : int
        Along each side.
    net : bool
        Whether it has a net of squares.

    Returns
    -------
    ndarray of shape (2, n_texels, n_texels)
    """
    texture = np.empty((2, n_texels, n_texels), dtype=np.uint32)
    image = QImage(texture.data, n_texels, n_texels, 4 * n_texels, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, n_texels, n_texels), to_image(np.ascontiguousarray(colours)))
    if net:
        painter.drawImage(0, 0, _net(n_texels, theme))
    painter.end()
    darkened(texture[0], out=texture[1])
    return texture


@lru_cache(maxsize=4)
def _net(n_texels: int, theme: Theme) -> QImage:
    """Return the net of squares on a texture."""
    image = QImage(n_texels, n_texels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setPen(QPen(net_colour(theme), n_texels * _NET_WIDTH))
    for line in range(DIVISIONS + 1):
        place = min(max(round(line * n_texels / DIVISIONS), 1), n_texels - 1)
        painter.drawLine(place, 0, place, n_texels)
        painter.drawLine(0, place, n_texels, place)
    painter.end()
    return image


def darkened(colours: NDArray[np.uint32], out: NDArray[np.uint32] | None = None) -> NDArray[np.uint32]:
    """Return the colours of the lower side of what has colours 0xffRRGGBB: five eighths of their light."""
    half = (colours >> np.uint32(1)) & np.uint32(0x7F7F7F)
    eighth = (colours >> np.uint32(3)) & np.uint32(0x1F1F1F)
    half += eighth
    dark: NDArray[np.uint32] = np.bitwise_or(half, np.uint32(0xFF000000), out=out)
    return dark


def smooth_edges(pixels: Pixels, projection: Projection) -> None:
    """Mix the colours of neighbours where something ends or lies before something farther."""
    away, colours = pixels.away, pixels.colours
    if min(away.shape) < 3:
        return
    jump = max(_JUMP, _STEEP / (projection.scale * max(projection.tilt[1], 0.05)))
    near = np.minimum(away, np.float32(9.0))
    edge = np.zeros(away.shape, dtype=np.bool_)
    across = np.abs(near[:, 1:] - near[:, :-1]) > jump
    edge[:, 1:] |= across
    edge[:, :-1] |= across
    upward = np.abs(near[1:] - near[:-1]) > jump
    edge[1:] |= upward
    edge[:-1] |= upward
    row, column = np.nonzero(edge[1:-1, 1:-1])
    n_columns = away.shape[1]
    place = (row + 1) * n_columns + column + 1
    flat = colours.reshape(-1)
    outer, inner = np.zeros(len(place), dtype=np.uint32), np.zeros(len(place), dtype=np.uint32)
    mask = np.uint32(0x00FF00FF)
    for down, right, weight in _WEIGHTS:
        beside = flat.take(place + (down * n_columns + right))
        inner += (beside & mask) * np.uint32(weight)
        outer += ((beside >> np.uint32(8)) & mask) * np.uint32(weight)
    flat[place] = ((inner >> np.uint32(4)) & mask) | (((outer >> np.uint32(4)) & mask) << np.uint32(8))
