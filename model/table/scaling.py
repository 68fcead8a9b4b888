"""Scaling: how the numbers of a table come onto the plane, and values into their range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.dataset import TARGET_LIMIT
from model.types import FloatArray

SCALED_LIMIT = 5.5
"""Points that are scaled to the plane reach from -5.5 to 5.5, so that none is on its edge."""

SCALED_HEIGHT = 1.0
"""The heights of a curve that are scaled reach from -1 to 1, as high as tanh does."""

_MAX_ASPECT = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How the numbers of a table became points of the plane, or of a curve, and values from -1 to 1.

    Attributes
    ----------
    middle, reach : ndarray of shape (2,) or None
        What becomes 0, and how far from it :data:`SCALED_LIMIT` is, for each coordinate; None: they are as they were.
    value_middle, value_reach : float
        Likewise what becomes 0, and how far from it 1 is.
    """

    middle: FloatArray | None = None
    reach: FloatArray | None = None
    value_middle: float = 0.0
    value_reach: float = 1.0

    def points(self, points: FloatArray) -> FloatArray:
        """Return points of shape (n_points, 2) scaled to the plane."""
        if self.middle is None or self.reach is None:
            return points
        with np.errstate(over="ignore"):
            # Divide first: the factor alone could overflow.
            return (points - self.middle) / self.reach * SCALED_LIMIT

    def values(self, values: FloatArray) -> FloatArray:
        """Return values scaled; those beyond the ends become the ends."""
        return np.clip((values - self.value_middle) / self.value_reach, -1.0, 1.0) * TARGET_LIMIT


UNSCALED = Scaling()
"""Numbers stay as they are."""


def _middle_and_reach(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the middle and half the width of each column's range, without overflow."""
    low, high = values.min(axis=0) / 2.0, values.max(axis=0) / 2.0
    return low + high, high - low


def onto_plane(points: FloatArray) -> tuple[Scaling, str]:
    """Return what scales points to the plane, and what that does, in words."""
    middle, reach = _middle_and_reach(points)
    note = "scaled to the plane"
    wide, narrow = float(reach.max()), float(reach.min())
    if narrow > 0.0 and wide / _MAX_ASPECT > narrow:
        note = "each coordinate scaled to the plane on its own, because their ranges differ widely"
    else:
        reach = np.full(2, wide if wide > 0.0 else 1.0)
    return Scaling(middle, reach), note


def onto_curve(points: FloatArray) -> tuple[Scaling, str]:
    """Return what scales x to the plane and y to heights of -1 to 1, and what that does, in words."""
    middle, reach = _middle_and_reach(points)
    reach[reach == 0.0] = 1.0
    low, high = points.min(axis=0), points.max(axis=0)
    ends = ((name, low[axis], high[axis]) for axis, name in enumerate("xy"))
    note = " and ".join(f"{name} scaled from {first:g} … {last:g}" for name, first, last in ends)
    return Scaling(middle, reach), note


def into_target_range(scaling: Scaling, values: FloatArray) -> tuple[Scaling, str]:
    """Return a scaling that brings values to -1 to 1, too, and what that does, in words."""
    middle, reach = _middle_and_reach(values)
    note = f"values scaled from {values.min():g} … {values.max():g} to -1 … 1"
    return Scaling(scaling.middle, scaling.reach, float(middle), float(reach) if reach > 0.0 else 1.0), note
