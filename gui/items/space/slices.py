"""Slices: curves over one coordinate at chosen places of the other, which build a surface up one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gui.items.space.shown import Shown, surfaces_at
from model import Network
from model.run.snapshot import Plane
from model.types import FloatArray

_SAMPLES, _FEWER_SAMPLES = 161, 81
_MANY = 40
"""Where there are more slices, each is so narrow on a screen that fewer samples will do."""


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One curve.

    Attributes
    ----------
    places : ndarray of shape (n, 2)
        x1 and x2, which is the same everywhere, in data units.
    heights : ndarray of shape (n,)
    colours : ndarray of shape (n,)
        0xffRRGGBB.
    name : str
    """

    places: FloatArray
    heights: FloatArray
    colours: NDArray[np.uint32]
    name: str

    @property
    def x2(self) -> float:
        """Where it is."""
        return float(self.places[0, 1])


def places_of(x2: Sequence[float], plane: Plane) -> FloatArray:
    """Return the places of slices across a part of the plane, an ndarray of shape (n_slices, n, 2)."""
    x1 = np.linspace(plane.x_min, plane.x_max, _SAMPLES if len(x2) <= _MANY else _FEWER_SAMPLES)
    return np.stack(np.broadcast_arrays(x1, np.array(x2)[:, np.newaxis]), axis=-1)


def slice_heights(network: Network, shown: Shown, places: FloatArray, *, regression: bool) -> FloatArray:
    """Return the heights of slices, of each surface that is shown.

    Returns
    -------
    ndarray of shape (n_surfaces, n_slices, n)
    """
    heights = surfaces_at(network, places.reshape(-1, 2), shown, regression=regression)
    of_slices: FloatArray = heights.reshape(len(heights), *places.shape[:2])
    return of_slices


def next_slice(x2: Sequence[float], plane: Plane) -> float:
    """Return where one more slice says most: at 0 first, then amid the widest gap, which may be at an edge."""
    middle = (plane.y_min + plane.y_max) / 2
    inside = sorted({one for one in x2 if plane.y_min <= one <= plane.y_max})
    if not inside:
        return middle
    gaps = [(inside[0] - plane.y_min, plane.y_min), (plane.y_max - inside[-1], plane.y_max)]
    gaps += [((high - low) / 2, (low + high) / 2) for low, high in pairwise(inside)]
    return max(gaps, key=lambda gap: gap[0])[1]
