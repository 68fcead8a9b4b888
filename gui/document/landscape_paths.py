"""Paths of training on a plane through the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model.landscape.directions import Directions
from model.network.parts import same_places
from model.run.history import KeyFrame
from model.types import FloatArray

_MOST_MOMENTS = 400
"""A path is drawn through at most twice as many key frames."""

_MOST_SPANNING = 100
"""So many moments of a path decide on a plane."""


@dataclass(frozen=True, slots=True, eq=False)
class LandscapePath:
    """The way of a run on the plane.

    Attributes
    ----------
    places : ndarray of shape (n_moments, 2)
        From its beginning to its end; not finite where the weights are not.
    n_passed : int
        How many of them are not after the moment that is shown.
    share : float
        How much of the squared distances from the plane's origin lies in the plane, 0 to 1.
    """

    places: FloatArray
    n_passed: int
    share: float


def frames_of_path(frames: Sequence[KeyFrame], moment: KeyFrame) -> tuple[list[KeyFrame], int]:
    """Return the key frames of a path with a moment of it, some of many, and how many are not after the moment.

    Those whose network has another shape than the moment's are not on the path.
    """
    fitting = [frame for frame in frames if same_places(frame.network, moment.network)]
    stride = 1
    while len(fitting) > 2 * stride * _MOST_MOMENTS:
        stride *= 2
    some = fitting[::stride]
    passed = [frame for frame in some if frame.time < moment.time]
    return [*passed, moment, *(frame for frame in some if frame.time > moment.time)], len(passed) + 1


def spanning(path: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Return the moments of a path that decide on a plane: all, or some of many."""
    if len(path) <= _MOST_SPANNING:
        return tuple(path)
    return tuple(path[row] for row in np.linspace(0, len(path) - 1, _MOST_SPANNING).round().astype(int).tolist())


@dataclass(slots=True, eq=False)
class ProjectedFrames:
    """The places of key frames on a plane, each computed once."""

    directions: Directions
    known: dict[int, tuple[KeyFrame, FloatArray, float, float]] = field(default_factory=dict)

    def path(self, frames: Sequence[KeyFrame], n_passed: int) -> LandscapePath:
        """Return the path through key frames."""
        before, self.known = self.known, {}
        for frame in frames:
            found = before.get(id(frame))
            if found is None:
                found = (frame, *_on_plane(self.directions, frame.checkpoint.parameters))
            self.known[id(frame)] = found
        rows = [self.known[id(frame)] for frame in frames]
        inside, whole = sum(row[2] for row in rows), sum(row[3] for row in rows)
        places = np.array([row[1] for row in rows]).reshape(-1, 2)
        return LandscapePath(places, n_passed, inside / whole if whole > 0 else 1.0)


def _on_plane(directions: Directions, parameters: FloatArray) -> tuple[FloatArray, float, float]:
    """Return where parameters lie on a plane, and their squared distances from its origin: in the plane, and in all."""
    projection = directions.project(parameters[np.newaxis])
    with np.errstate(all="ignore"):
        distance = float(np.square(parameters - directions.origin).sum())
    whole = distance if np.isfinite(distance) else 0.0
    return projection.places[0], whole * float(projection.shares[0]) if whole else 0.0, whole
