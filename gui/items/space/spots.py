"""Spots: the points, the probe and pinned runs' boundaries that are seen in space beside a surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

import numpy as np

from gui.document.pins import PinnedRun
from gui.document.probe import ProbePoint
from gui.items.space.shown import Shown, height_at, heights_of
from gui.items.surface_item import drawn_once, surface_lines
from model import Dataset, Network
from model.types import FloatArray

Ghosts: TypeAlias = tuple[tuple[int, Sequence[FloatArray]], ...]
"""For each pinned run its place among them, and its boundaries in data units."""


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Points in space.

    Attributes
    ----------
    dataset : Dataset
        Where they are on the plane, and how they look.
    heights : ndarray of shape (n_points,) or (n_surfaces, n_points)
    test_points : bool
        Whether test points are shown.
    probe : ndarray of shape (n, 3) or None
        Where the pinned probe is: x1, x2 and its height, on each surface.
    ghosts : tuple of tuple
        See :data:`Ghosts`.
    """

    dataset: Dataset
    heights: FloatArray
    test_points: bool = True
    probe: FloatArray | None = None
    ghosts: Ghosts = ()


def spots_of(
    network: Network,
    dataset: Dataset,
    shown: Shown,
    *,
    test_points: bool = True,
    probe: ProbePoint | None = None,
    ghosts: Ghosts = (),
) -> Spots:
    """Return the points at their height, and the probe at those of the surfaces there."""
    marks = None
    if probe is not None:
        heights = height_at(network, probe.place, probe.label, shown)
        marks = np.array([(*probe.place, height) for height in heights.tolist() if isfinite(height)]).reshape(-1, 3)
    return Spots(dataset, heights_of(network, dataset, shown), test_points, marks, ghosts)


def ghosts_of(pinned: Sequence[PinnedRun]) -> Ghosts:
    """Return the boundaries of pinned runs."""
    return tuple((place, drawn_once(surface_lines(run.snapshot.surface))) for place, run in enumerate(pinned))
