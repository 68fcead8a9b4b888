"""Raster: height fields as pixels, in NumPy: which part of them the eye meets first behind each pixel.

A camera far away sees a height field column by column. Along one column of pixels the ground goes straight away from
the eye, and the field over it is a curve; a pixel shows the first place at which that curve passes its height. So it is
enough to know how far up and down the curve has been up to each place, and no polygon is filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gui.items.space.camera import Projection
from model.types import Array, BoolArray, FloatArray, IntArray

_MOST_SAMPLES, _LEAST_SAMPLES = 320, 72
_SAMPLES_PER_CELL = 1.3
_TOLERANCE_PX = 1.5
_PARALLEL = 1e-9
_FARTHER = 4.0
"""What makes a distance of a place in the box a positive number."""

_INFINITELY_FAR = np.uint64(np.array(np.inf, dtype=np.float32).view(np.uint32)) << np.uint64(32)


def heights_at(fields: Sequence[Array], x: Array, y: Array) -> NDArray[np.float32]:
    """Return the highest of some fields between their samples, at places of the box.

    Parameters
    ----------
    fields : sequence of ndarray of shape (n, n)
        At the centres of n by n cells that cover the ground from -1 to 1; between edge and outermost centre they are
        even. Taken between the samples, and not at them, the highest has its creases where the fields cross.
    x, y : ndarray
        Of the same shape.
    """
    n = len(fields[0])
    if n == 1:
        return np.full(np.shape(x), max(float(field[0, 0]) for field in fields), dtype=np.float32)
    column = np.clip((np.asarray(x, dtype=np.float32) + 1) * np.float32(n / 2) - np.float32(0.5), 0, n - 1)
    row = np.clip((np.asarray(y, dtype=np.float32) + 1) * np.float32(n / 2) - np.float32(0.5), 0, n - 1)
    left, below = np.minimum(column.astype(np.intp), n - 2), np.minimum(row.astype(np.intp), n - 2)
    column -= left
    row -= below
    below *= n
    below += left
    corners = below, below + 1, below + n, below + n + 1
    highest: NDArray[np.float32] | None = None
    for field in fields:
        samples = np.ascontiguousarray(field, dtype=np.float32).ravel()
        low, low_right, high, high_right = (samples.take(corner) for corner in corners)
        low += (low_right - low) * column
        high += (high_right - high) * column
        low += (high - low) * row
        highest = low if highest is None else np.maximum(highest, low, out=highest)
    assert highest is not None
    return highest


@dataclass(frozen=True, eq=False)
class Columns:
    """The curves of one height field that the columns of a picture see, from the nearest place to the farthest.

    Attributes
    ----------
    projection : Projection
        Into pixels of the picture.
    left : int
        The picture's column that comes first.
    height : int
        Of the picture, in pixels.
    right, near, step : ndarray of shape (n_columns,)
        In units of the box, how far each column is right of the middle, how far away its nearest place is, and how
        far its places are apart.
    rows : ndarray of shape (n_samples, n_columns)
        How high each place is in the picture, in pixels from its lower edge.
    """

    projection: Projection
    left: int
    height: int
    right: NDArray[np.float32]
    near: NDArray[np.float32]
    step: NDArray[np.float32]
    rows: NDArray[np.float32]

    @classmethod
    def of(cls, fields: Sequence[Array], projection: Projection, width: int, height: int) -> Columns:
        """Return the columns of a picture of this size, in pixels, that see the highest of some fields.

        Parameters
        ----------
        fields : sequence of ndarray of shape (n, n)
            Heights in units of the box, see :func:`heights_at`.
        """
        turn_cos, turn_sin = projection.turn
        tilt_cos, tilt_sin = projection.tilt
        reach = abs(turn_cos) + abs(turn_sin)
        first = max(int(np.floor(projection.x - projection.scale * reach)), 0)
        last = min(int(np.ceil(projection.x + projection.scale * reach)), width)
        right = (np.arange(first, last) + 0.5 - projection.x) / projection.scale
        right = np.clip(right, _PARALLEL - reach, reach - _PARALLEL)
        near, far = _crossed(right, turn_cos, turn_sin)
        n_samples = min(max(round(len(fields[0]) * _SAMPLES_PER_CELL), _LEAST_SAMPLES), _MOST_SAMPLES)
        step = ((far - near) / (n_samples - 1)).astype(np.float32)
        start, right = near.astype(np.float32), right.astype(np.float32)
        away = start + step * np.arange(n_samples, dtype=np.float32)[:, np.newaxis]
        x, y = np.float32(-turn_cos) * away, np.float32(-turn_sin) * away
        x -= np.float32(turn_sin) * right
        y += np.float32(turn_cos) * right
        rows = heights_at(fields, x, y)
        rows *= np.float32(tilt_cos)
        away *= np.float32(tilt_sin)
        rows += away
        rows *= np.float32(projection.scale)
        rows += np.float32(height - projection.y)
        return cls(projection, first, height, right, start, step, rows)

    @cached_property
    def highest(self) -> NDArray[np.float32]:
        """How high each curve has been up to each place, of the shape of `rows`."""
        return np.maximum.accumulate(self.rows, axis=0)

    @cached_property
    def lowest(self) -> NDArray[np.float32]:
        """How low each curve has been up to each place, of the shape of `rows`."""
        return np.minimum.accumulate(self.rows, axis=0)

    def hides(self, places: FloatArray) -> BoolArray:
        """Return which places of the box, an ndarray of shape (n, 3), lie behind the field or under it for the eye."""
        n_samples, n_columns = self.rows.shape
        if not n_columns:
            return np.zeros(len(places), dtype=np.bool_)
        seen = self.projection.seen(places)
        column = np.floor(seen[:, 0]).astype(np.intp) - self.left
        inside = (column >= 0) & (column < n_columns)
        column = np.clip(column, 0, n_columns - 1)
        before = np.floor((seen[:, 2] - self.near[column]) / np.maximum(self.step[column], _PARALLEL))
        sample = np.clip(before, 0, n_samples - 1).astype(np.intp)
        row = self.height - seen[:, 1]
        above = self.highest[sample, column] > row + _TOLERANCE_PX
        below = self.lowest[sample, column] < row - _TOLERANCE_PX
        hidden: BoolArray = inside & (before >= 0) & above & below
        return hidden

    def met(self, x: float, y: float) -> tuple[float, float] | None:
        """Return which place of the ground lies under what is seen at a pixel; None where there is no field."""
        column = int(np.floor(x)) - self.left
        if not 0 <= column < self.rows.shape[1]:
            return None
        curve, row = self.rows[:, column], self.height - y
        passed = np.flatnonzero((curve[:-1] > row) != (curve[1:] > row))
        if not len(passed):
            return None
        first = passed[0]
        share = (row - curve[first]) / (curve[first + 1] - curve[first])
        away = float(self.near[column] + self.step[column] * (first + share))
        right, (turn_cos, turn_sin) = float(self.right[column]), self.projection.turn
        return -turn_sin * right - turn_cos * away, turn_cos * right - turn_sin * away


def _crossed(right: FloatArray, turn_cos: float, turn_sin: float) -> tuple[FloatArray, FloatArray]:
    """Return how far away each column enters the ground from -1 to 1, and leaves it."""
    near, far = np.full(len(right), -2.0), np.full(len(right), 2.0)
    for start, slope in ((-turn_sin * right, -turn_cos), (turn_cos * right, -turn_sin)):
        if abs(slope) > _PARALLEL:
            one, other = (-1.0 - start) / slope, (1.0 - start) / slope
            near, far = np.maximum(near, np.minimum(one, other)), np.minimum(far, np.maximum(one, other))
    return near, np.maximum(far, near)


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A height field as pixels.

    Attributes
    ----------
    left, top : int
        Where the first pixel is in the picture.
    colours : ndarray of shape (n_rows, n_columns)
        0xAARRGGBB, multiplied by the first; 0 where there is nothing. The first row is the lowest.
    away : ndarray of shape (n_rows, n_columns)
        How far away is what is seen, infinite where there is nothing.
    """

    left: int
    top: int
    colours: NDArray[np.uint32]
    away: NDArray[np.float32]


def pixels_of(columns: Columns, texture: NDArray[np.uint32]) -> Pixels | None:
    """Return a height field as pixels, None where nothing of it is in the picture.

    Parameters
    ----------
    columns : Columns
    texture : ndarray of shape (2, n, n)
        0xffRRGGBB over the ground from -1 to 1, of the upper and of the lower side.
    """
    n_samples, n_columns = columns.rows.shape
    if not n_columns:
        return None
    bottom = max(int(np.floor(columns.lowest[-1].min())) - 1, 0)
    top = min(int(np.ceil(columns.highest[-1].max())) + 2, columns.height)
    n_rows = top - bottom
    if n_rows <= 0:
        return None
    passed = _n_passed(columns, bottom, n_rows)
    passed -= n_samples
    is_lower = passed < 0
    np.abs(passed, out=passed)
    nothing = passed >= n_samples
    sample = np.clip(passed, 1, n_samples - 1, out=passed)
    sample -= 1
    share = sample.astype(np.float32)
    before = np.multiply(sample, n_columns, out=sample)
    before += np.arange(n_columns)
    away = (np.arange(n_rows, dtype=np.float32) + np.float32(bottom + 0.5))[:, np.newaxis] - columns.rows.take(before)
    rises = np.diff(columns.rows, axis=0)
    rises[rises == 0] = 1
    away /= rises.take(before)
    # Where nothing is met this may be any number.
    np.clip(away, 0, 1, out=away)
    away += share
    away *= columns.step
    away += columns.near
    side = len(texture[0])
    texels = _texels(columns, away, side)
    np.add(texels, side * side, out=texels, where=is_lower)
    colours = texture.take(texels)
    colours[nothing] = 0
    away[nothing] = np.inf
    return Pixels(columns.left, columns.height - top, colours, away)


def _n_passed(columns: Columns, bottom: int, n_rows: int) -> IntArray:
    """Count for each pixel the places up to which its curve has not come to it.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
        Of n places of a curve, n + k where the eye looks down on what it meets at place k, n - k where it looks at
        its lower side, and 0 or 2 n where it meets nothing.
    """
    n_columns = columns.rows.shape[1]
    column = np.arange(n_columns)
    ends = np.zeros((n_rows + 1) * n_columns, dtype=np.intp)
    for reached in (columns.highest, columns.lowest):
        row = np.clip(np.ceil(reached - np.float32(bottom + 0.5)), 0, n_rows).astype(np.intp)
        row *= n_columns
        row += column
        ends += np.bincount(row.ravel(), minlength=len(ends))
    counts: IntArray = np.cumsum(ends.reshape(n_rows + 1, n_columns)[:-1], axis=0)
    return counts


def _texels(columns: Columns, away: NDArray[np.float32], side: int) -> IntArray:
    """Return which texel is so far away behind each pixel, of a texture with `side` texels along each side."""
    turn_cos, turn_sin = columns.projection.turn
    half = np.float32(side / 2)
    places: list[IntArray] = []
    for across, forth in ((-turn_sin, turn_cos), (turn_cos, turn_sin)):
        place = away * (np.float32(-forth) * half)
        place += (np.float32(across) * columns.right + np.float32(1)) * half
        np.clip(place, 0, side - 1, out=place)
        places.append(place.astype(np.intp))
    x, y = places
    y *= side
    y += x
    return y


def peeled(pictures: Sequence[Pixels]) -> list[Pixels]:
    """Return several height fields as layers of one size: the first has what is farthest behind each pixel.

    Notes
    -----
    Distance and colour of a pixel are one number of 64 bits, and all pixels go through the same comparisons: that is
    many times as fast as to sort the few numbers of each.
    """
    left, top = min(one.left for one in pictures), min(one.top for one in pictures)
    n_rows = max(one.top + len(one.colours) for one in pictures) - top
    n_columns = max(one.left + one.colours.shape[1] for one in pictures) - left
    packed = np.empty((len(pictures), n_rows, n_columns), dtype=np.uint64)
    for index, one in enumerate(pictures):
        packed[index] = _INFINITELY_FAR
        first = n_rows - (one.top - top) - len(one.colours)
        at = np.s_[first : first + len(one.colours), one.left - left : one.left - left + one.colours.shape[1]]
        # Of two positive numbers the larger one has the larger bits.
        bits = (one.away + np.float32(_FARTHER)).view(np.uint32).astype(np.uint64)
        bits <<= np.uint64(32)
        bits |= one.colours
        packed[index][at] = bits
    layers = list(packed)
    for first in range(len(layers)):
        for second in range(first + 1, len(layers)):
            one, other = layers[first], layers[second]
            layers[first], layers[second] = np.maximum(one, other), np.minimum(one, other)
    found = []
    for layer in layers:
        distances = (layer >> np.uint64(32)).astype(np.uint32).view(np.float32) - np.float32(_FARTHER)
        found.append(Pixels(left, top, layer.astype(np.uint32), distances))
    return found
