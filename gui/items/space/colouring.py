"""Colouring: what the colours of surfaces in space say, other than whose they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gui.theme import Theme, rgb_array
from model import Dataset
from model.data.dataset import TARGET_LIMIT
from model.run.snapshot import Plane
from model.types import Array, IntArray, LabelArray

_CELLS = 60
"""Along each side of the plane, for the point that is nearest."""

_NONE = 10**6


def height_colours(heights: Array, low: float, high: float, theme: Theme) -> NDArray[np.uint32]:
    """Return a colour 0xffRRGGBB for each height, from one end of the diverging scale at `low` to the other."""
    half = (high - low) / 2
    return theme.diverging_image(np.asarray(heights, dtype=np.float64) - (low + half), half)


def label_colours(labels: LabelArray, theme: Theme, *, regression: bool) -> NDArray[np.uint32]:
    """Return a colour 0xffRRGGBB for each class, or each target of a regression."""
    if regression:
        return theme.diverging_image(labels, TARGET_LIMIT)
    classes = np.array([colour.rgb() for colour in theme.classes], dtype=np.uint32)
    return classes[labels]


def blended(colours: NDArray[np.uint32], other: QColor, share: float) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB, `share` of each replaced by another."""
    result = np.full_like(colours, 0xFF000000)
    for part, shift in zip(rgb_array(other).tolist(), (16, 8, 0), strict=True):
        channel = ((colours >> np.uint32(shift)) & np.uint32(255)).astype(np.float64)
        result |= (channel * (1.0 - share) + part * share).round().astype(np.uint32) << np.uint32(shift)
    return result


def nearest_labels(dataset: Dataset, plane: Plane) -> LabelArray | None:
    """Return the class, or the target, of the point that is nearest to each cell of a part of the plane.

    Returns
    -------
    ndarray of shape (60, 60) or None
        The first row is the lowest x2; None where no point lies in that part.

    Notes
    -----
    First the nearest cell with a point along each row, then the nearest of these along each column: so the distances
    are those of cells, and their number does not depend on how many points there are.
    """
    column, row = cells_of(dataset.points[:, 0], dataset.points[:, 1], plane)
    inside = (column >= 0) & (column < _CELLS) & (row >= 0) & (row < _CELLS)
    if not inside.any():
        return None
    owner = np.full((_CELLS, _CELLS), -1, dtype=np.intp)
    owner[row[inside], column[inside]] = np.flatnonzero(inside)
    places = np.arange(_CELLS)
    left = np.maximum.accumulate(np.where(owner >= 0, places, -_NONE), axis=1)
    right = np.minimum.accumulate(np.where(owner >= 0, places, _NONE)[:, ::-1], axis=1)[:, ::-1]
    beside = np.where(places - left <= right - places, left, right)
    across = (beside - places) ** 2
    distances = across[np.newaxis] + ((places[:, np.newaxis] - places) ** 2)[:, :, np.newaxis]
    nearest_row = distances.argmin(axis=1)
    nearest = owner[nearest_row, beside[nearest_row, places]]
    found: LabelArray = dataset.labels[nearest]
    return found


def cells_of(x: Array, y: Array, plane: Plane, n_cells: int = _CELLS) -> tuple[IntArray, IntArray]:
    """Return column and row of the cells of a part of the plane in which places are; it need not have them."""
    width, height = plane.x_max - plane.x_min, plane.y_max - plane.y_min
    column = np.floor((x - plane.x_min) * (n_cells / width)).astype(np.intp)
    row = np.floor((y - plane.y_min) * (n_cells / height)).astype(np.intp)
    return column, row
