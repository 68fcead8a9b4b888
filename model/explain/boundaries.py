"""Boundaries: where the next layer divides a hidden space, which it does along straight lines or flat planes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from model.explain.hidden_space import HiddenSpace
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import NetworkSettings
from model.types import FloatArray

_TINY = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """A part of a line, or of a plane, on which the next layer changes its mind.

    Attributes
    ----------
    unit : int
        Whose sum is 0 there, by its place in the next layer; between two classes the first of them.
    corners : ndarray of shape (n_corners, n_axes)
        The two ends of the line, or the corners of the plane's part, going round.
    """

    unit: int
    corners: FloatArray


def divides_by_each(settings: NetworkSettings, layer: int) -> bool:
    """Return whether each neuron of the layer behind a hidden one has a boundary of its own, where its sum is 0.

    A hidden neuron has, and a single output. Several outputs have boundaries between two of them, where no other is
    likelier.
    """
    return layer < settings.n_hidden_layers or settings.layer_sizes[-1] == 1


def has_boundary(settings: NetworkSettings, layer: int, *, regression: bool) -> bool:
    """Return whether the layer behind a hidden one divides its space at all.

    The value of a regression does where it is 0, if its activation is 0 for a sum of 0.
    """
    if layer < settings.n_hidden_layers or not regression:
        return True
    zero = np.zeros((1, 1))
    OUTPUT_ACTIVATIONS[settings.output_activation].function(np.zeros((1, 1)), zero)
    return float(zero[0, 0]) == 0.0


def boundaries(space: HiddenSpace, low: FloatArray, high: FloatArray, *, regression: bool) -> list[Boundary]:
    """Return where the next layer divides a hidden space, within limits.

    Where the space has more axes than are seen, it is how the picture's own plane is divided, the one through the mean.

    Parameters
    ----------
    space : HiddenSpace
    low, high : ndarray of shape (n_axes,)
    regression : bool
        Whether the network gives a value.
    """
    settings = space.network.settings
    if not has_boundary(settings, space.layer, regression=regression):
        return []
    directions, offsets = space.next_sums()
    with np.errstate(all="ignore"):
        return _found(settings, space.layer, directions, offsets, low, high)


def _found(
    settings: NetworkSettings,
    layer: int,
    directions: FloatArray,
    offsets: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> list[Boundary]:
    if divides_by_each(settings, layer):
        found = [(unit, _part(directions[unit], offsets[unit], low, high, [])) for unit in range(len(offsets))]
        return [Boundary(unit, corners) for unit, corners in found if len(corners)]
    result = []
    for first, second in combinations(range(len(offsets)), 2):
        leads = [
            (directions[first] - directions[other], offsets[first] - offsets[other])
            for other in range(len(offsets))
            if other not in (first, second)
        ]
        direction, offset = directions[first] - directions[second], offsets[first] - offsets[second]
        corners = _part(direction, offset, low, high, leads)
        if len(corners):
            result.append(Boundary(first, corners))
    return result


def _part(
    direction: FloatArray,
    offset: float,
    low: FloatArray,
    high: FloatArray,
    leads: list[tuple[FloatArray, float]],
) -> FloatArray:
    """Return the part of the line or plane direction @ place + offset = 0 that lies within limits and where leads are.

    Parameters
    ----------
    leads : list of tuple
        Directions and offsets of what must be 0 or more.
    """
    n_axes, largest = len(low), float(np.abs(direction).max())
    nothing = np.empty((0, n_axes))
    if not (np.isfinite(largest) and np.isfinite(offset) and largest > _TINY):
        return nothing
    # The squares of huge numbers would be infinite.
    direction, offset = direction / largest, offset / largest
    length = float(np.linalg.norm(direction))
    normal, middle = direction / length, (low + high) / 2
    foot = middle - normal * (normal @ middle + offset / length)
    reach = float(np.linalg.norm(high - low))
    if not np.linalg.norm(foot - middle) <= reach:
        return nothing
    # The other rows of V^T are at right angles to the first.
    along = np.linalg.svd(normal[np.newaxis])[2][1:] * (2.0 * reach)
    if n_axes == 2:
        corners = np.stack([foot - along[0], foot + along[0]])
    else:
        corners = foot + np.stack([-along[0] - along[1], along[0] - along[1], along[0] + along[1], along[1] - along[0]])
    sides = [(sign * axis, -sign * edge) for edges, sign in ((low, 1.0), (high, -1.0)) for axis, edge in _faces(edges)]
    for side, distance in (*sides, *leads):
        corners = _clipped(corners, corners @ side + distance)
    return corners


def _faces(edges: FloatArray) -> list[tuple[FloatArray, float]]:
    return list(zip(np.eye(len(edges)), edges.tolist(), strict=True))


def _clipped(corners: FloatArray, inside: FloatArray) -> FloatArray:
    """Return the part of a polygon, or of a line between two ends, where a number that each corner has is 0 or more.

    Notes
    -----
    The algorithm of I. E. Sutherland and G. W. Hodgman, "Reentrant polygon clipping", Communications of the ACM 17
    (1974).
    """
    kept: list[FloatArray] = []
    n_corners = len(corners)
    for index in range(n_corners if n_corners > 2 else n_corners - 1):
        here, there = index, (index + 1) % n_corners
        if inside[here] >= 0.0:
            kept.append(corners[here])
        if (inside[here] >= 0.0) != (inside[there] >= 0.0):
            share = inside[here] / (inside[here] - inside[there])
            kept.append(corners[here] + share * (corners[there] - corners[here]))
    if n_corners == 2 and inside[1] >= 0.0:
        kept.append(corners[1])
    return np.array(kept).reshape(-1, corners.shape[1])
