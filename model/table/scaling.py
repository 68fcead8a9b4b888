"""Scaling: the straight lines by which the numbers of a table come onto the plane, and values into their range."""

from __future__ import annotations

import numpy as np

from model.data.dataset import CURVE_LIMIT, PLANE_LIMIT, TARGET_LIMIT, ProblemKind
from model.data.naming import Axis
from model.table.text import Table
from model.types import FloatArray, readable

SCALED_LIMIT = 5.5
"""Points that are scaled to the plane reach from -5.5 to 5.5, so that none is on its edge."""

SCALED_HEIGHT = 1.0
"""The heights of a curve that are scaled reach from -1 to 1, as high as tanh does."""

_MAX_ASPECT = 10.0
_LEAST_HEIGHT = 0.25
_SMALLEST_UNIT = float(np.finfo(np.float64).tiny)


def onto_plane(points: FloatArray) -> tuple[Axis, Axis, str]:
    """Return the axes of points of shape (n_points, 2) that are scaled to the plane, and what that does, in words."""
    reaches = [_middle_and_reach(column)[1] for column in points.T]
    wide, narrow = max(reaches), min(reaches)
    if narrow > 0.0 and wide / _MAX_ASPECT > narrow:
        note = "each coordinate scaled to the plane on its own, because their ranges differ widely"
        first, second = (axis_of(column, SCALED_LIMIT) for column in points.T)
    else:
        note = "scaled to the plane"
        first, second = (axis_of(column, SCALED_LIMIT, wide) for column in points.T)
    return first, second, note


def onto_range(name: str, numbers: FloatArray, limit: float) -> tuple[Axis, str]:
    """Return the axis of numbers that are scaled to the range up to a limit, and what that does, in words."""
    ends = readable(f"{numbers.min():g} … {numbers.max():g}")
    return axis_of(numbers, limit), f"{name} scaled from {ends}"


def into_target_range(values: FloatArray) -> tuple[Axis, str]:
    """Return the axis of values that are scaled to -1 to 1, and what that does, in words."""
    axis, note = onto_range("values", values, TARGET_LIMIT)
    return axis, f"{note} to −1 … 1"


def axis_of(numbers: FloatArray, limit: float, reach: float = 0.0) -> Axis:
    """Return the axis on which numbers reach from minus to plus a limit, and not beyond it by a rounding.

    Parameters
    ----------
    numbers : ndarray of shape (n_points,)
    limit : float
        In the program's units.
    reach : float
        How far from the middle the limit is at least, in units of the numbers.
    """
    middle, own = _middle_and_reach(numbers)
    reach = max(reach, own)
    unit = max(reach / limit, _SMALLEST_UNIT) if reach > 0.0 else 1.0
    while reach / unit > limit:
        unit = float(np.nextafter(unit, np.inf))
    return Axis(middle=middle, unit=unit)


def _middle_and_reach(numbers: FloatArray) -> tuple[float, float]:
    """Return the middle of a range, and how far its ends are from it, without overflow."""
    low, high = float(numbers.min()), float(numbers.max())
    middle = low / 2.0 + high / 2.0
    return middle, max(high - middle, middle - low)


def wants_scale(table: Table, first: int, second: int, kind: ProblemKind) -> bool:
    """Return whether coordinates do not fit the plane as they are."""
    if kind == "curve":
        fits = _LEAST_HEIGHT <= _largest(table, second) <= CURVE_LIMIT
        return not (fits and 1.0 < _largest(table, first) <= PLANE_LIMIT)
    return not 1.0 < _largest(table, first, second) <= PLANE_LIMIT


def _largest(table: Table, *columns: int) -> float:
    """Return the largest absolute value of some columns; cells that are not numbers are left out."""
    numbers = np.concatenate([table.numbers(column) for column in columns])
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
