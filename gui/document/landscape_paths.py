"""Paths of training on a plane through the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model.landscape.directions import Directions
from model.run.history import KeyFrame
from model.types import FloatArray


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
