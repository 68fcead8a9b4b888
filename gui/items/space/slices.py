"""Slices: curves over one coordinate at chosen places of the other, which build a surface up one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gui.items.space.shown import Shown, surfaces_at
from model import Network
from model.run.snapshot import Plane
from model.types import FloatArray, readable

_SAMPLES = 161
_ROUNDING, _DECIMALS = 1e-9, 9


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


def places_of(x2: float, plane: Plane) -> FloatArray:
    """Return the places of a slice across a part of the plane, an ndarray of shape (n, 2)."""
    x1 = np.linspace(plane.x_min, plane.x_max, _SAMPLES)
    return np.column_stack([x1, np.full_like(x1, x2)])


def slice_heights(network: Network, shown: Shown, x2: Sequence[float], plane: Plane, *, regression: bool) -> FloatArray:
    """Return the heights of slices, of each surface that is shown.

    Returns
    -------
    ndarray of shape (n_surfaces, n_slices, n)
    """
    points = np.concatenate([places_of(one, plane) for one in x2])
    heights = surfaces_at(network, points, shown, regression=regression)
    of_slices: FloatArray = heights.reshape(len(heights), len(x2), -1)
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


def typed_slices(text: str, limit: float, most: int) -> tuple[float, ...]:
    """Return where the slices are that somebody has typed: numbers, and ranges such as -6:6:0.5, each once.

    Parameters
    ----------
    limit : float
        How far from 0 there can be slices.
    most : int
        How many there can be.

    Raises
    ------
    ValueError
        If something is no number or too large, or there are too many; a sentence for who has typed.
    """
    found: dict[float, None] = {}
    for part in re.split(r"[,;\s]+", text.replace("−", "-").strip()):
        found |= dict.fromkeys(_range(part, limit, most) if part else ())
    if len(found) > most:
        raise ValueError(f"There can be {most} slices, not {len(found)}.")
    return tuple(found)


def _range(part: str, limit: float, most: int) -> Sequence[float]:
    """Return the numbers of a part of a list: one, or those from the first in steps to the last."""
    try:
        numbers = [float(number) for number in part.split(":")]
    except ValueError:
        raise ValueError(f"{readable(part)} is no number; type such as 0, −1, −10, or −6:6:0.5.") from None
    if not all(abs(number) <= limit for number in numbers):
        raise ValueError(f"Slices lie from −{limit:g} to {limit:g}, not at {readable(part)}.")
    if len(numbers) == 1:
        return numbers
    if len(numbers) != 3 or numbers[2] <= 0 or numbers[1] < numbers[0]:
        raise ValueError(f"{readable(part)} is no range; type from:to:step, such as −6:6:0.5.")
    low, high, step = numbers
    count = (high - low) / step + _ROUNDING
    if count >= most:
        raise ValueError(f"There can be {most} slices; {readable(part)} has more.")
    return [round(low + step * k, _DECIMALS) for k in range(int(count) + 1)]


def slices_text(x2: Sequence[float]) -> str:
    """Return where slices are as somebody would type it."""
    return ", ".join(readable(f"{one:g}") for one in x2)
