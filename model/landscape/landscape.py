"""The loss over a plane through the weights, at growing resolution."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.landscape.directions import Directions, along_weights, at_random, of_paths
from model.landscape.losses import LossBatch
from model.network.settings import NetworkSettings
from model.training.settings import Setup
from model.types import FloatArray, IntArray, check_choice, is_number, is_whole, read_only

SPANS = {
    "random": "Two random directions, as long by neuron as its weights (Li et al., 2018).",
    "weights": "Two weights that you choose, all others as they are.",
    "path": "The two main directions of the run so far: the plane that lies nearest to its path.",
}
"""What can span the plane: name -> what it is, in a sentence."""

SIDES = (9, 17, 33, 65)
"""How many samples a landscape has along each side, one after the other."""

LEAST_REACH, MOST_REACH = 0.01, 100.0

_QUICK, _WHOLE = 2e7, 1.4e10
"""How many activations the first resolution may take, and the last one: about 0.2 s, and a minute or two, of NumPy."""

_WEIGHT_REACH, _RANDOM_REACH = 3.0, 1.0
_LEAST_PATH_REACH, _MARGIN = 0.35, 1.2
_LARGEST = 1e100
_MOST_NUMBERS = 250_000
"""How many parameters there are at a time."""


@dataclass(frozen=True, slots=True)
class LandscapeSettings:
    """Which plane through the weights a landscape shows, and how much of it.

    Attributes
    ----------
    spans : str
        A key of :data:`SPANS`.
    positions : tuple of int or None
        Of the two weights in the flat vector of parameters, for "weights".
    seed : int
        Of the random directions.
    reach : float
        How far it goes: 1 for what fits the weights and the path, 2 for twice as far, LEAST_REACH to MOST_REACH.

    Raises
    ------
    ValueError
        If a value is not allowed.
    """

    spans: str = "random"
    positions: tuple[int, int] | None = None
    seed: int = 0
    reach: float = 1.0

    def __post_init__(self) -> None:
        check_choice("spans", self.spans, SPANS)
        if not (is_whole(self.seed) and self.seed >= 0):
            raise ValueError(f"seed must be a whole number of 0 or more; got {self.seed!r}")
        if not (is_number(self.reach) and LEAST_REACH <= self.reach <= MOST_REACH):
            raise ValueError(f"reach must be {LEAST_REACH:g} to {MOST_REACH:g}; got {self.reach!r}")

    def directions(self, network: NetworkSettings, origin: FloatArray, paths: Sequence[FloatArray] = ()) -> Directions:
        """Return the plane through an origin.

        Parameters
        ----------
        network : NetworkSettings
        origin : ndarray of shape (n_parameters,)
            Such as the present weights.
        paths : sequence of ndarray of shape (n_moments, n_parameters)
            Of the run, and of runs that are compared with it; for "path".

        Raises
        ------
        ValueError
            If there is no such plane; a sentence for a person says why.
        """
        if self.spans == "path":
            return of_paths(network, origin, paths, self.seed)
        if self.spans == "random":
            return at_random(network, origin, self.seed)
        if self.positions is None:
            raise ValueError("Two weights are needed to span a plane.")
        return along_weights(network, origin, self.positions)

    def extent(self, directions: Directions, paths: Sequence[FloatArray] = ()) -> Extent:
        """Return the part of the plane that is shown: about its origin, and with these paths if `reach` is 1 or more.

        Raises
        ------
        ValueError
            If numbers are too large for it; a sentence for a person says so.
        """
        start = np.array(directions.start)
        places = [directions.project(path).places for path in paths]
        around = np.concatenate([start[np.newaxis], *places])
        around = around[np.isfinite(around).all(axis=1)]
        low, high = around.min(axis=0), around.max(axis=0)
        if self.spans == "path":
            least = np.full(2, _LEAST_PATH_REACH * float((high - low).max()))
        else:
            usual = _WEIGHT_REACH if self.spans == "weights" else _RANDOM_REACH
            least = np.maximum(usual, np.abs(start))
        below = np.maximum((start - low) * _MARGIN, least) * self.reach
        above = np.maximum((high - start) * _MARGIN, least) * self.reach
        low, high = start - below, start + above
        if max(np.abs(low).max(), np.abs(high).max()) > _LARGEST:
            raise ValueError("The numbers of the network are too large for a landscape.")
        return Extent(float(low[0]), float(high[0]), float(low[1]), float(high[1]))


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle of a plane through the weights, as places of :class:`~model.landscape.directions.Directions`.

    Raises
    ------
    ValueError
        If it is not finite, or has no width or height.
    """

    x_min: float
    x_max: float
    y_min: float
    y_max: float

    def __post_init__(self) -> None:
        ends = (self.x_min, self.x_max, self.y_min, self.y_max)
        if not (all(is_number(end) for end in ends) and self.x_min < self.x_max and self.y_min < self.y_max):
            raise ValueError(f"an extent needs finite ends, the smaller ones first; got {ends}")

    def contains(self, place: tuple[float, float]) -> bool:
        """Return whether a place is in it; one that is not finite is not."""
        return self.x_min <= place[0] <= self.x_max and self.y_min <= place[1] <= self.y_max

    def places(self, n_side: int) -> FloatArray:
        """Return an even grid of places, an ndarray of shape (n_side, n_side, 2), the lowest row first."""
        x, y = np.linspace(self.x_min, self.x_max, n_side), np.linspace(self.y_min, self.y_max, n_side)
        return np.stack(np.meshgrid(x, y), axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The loss over a part of a plane.

    Attributes
    ----------
    directions : Directions
    extent : Extent
    losses : ndarray of shape (n_side, n_side)
        At the places of :meth:`Extent.places`. Not finite where the loss overflows. Read-only.
    n_points, n_training : int
        How many training points the loss is the mean of, and how many there are.
    with_penalty : bool
        Whether the penalty of regularization is in it.
    is_finest : bool
        Whether no other follows.
    """

    directions: Directions
    extent: Extent
    losses: FloatArray
    n_points: int
    n_training: int
    with_penalty: bool
    is_finest: bool


def usual_weights(network: NetworkSettings) -> tuple[int, int] | None:
    """Return where two weights are that span a plane if nobody chooses others; None where there are not two numbers.

    They are those into the first neuron, if none of them is pruned.
    """
    free = [position for position in range(network.n_parameters) if position not in network.pruned]
    is_weight = network.is_weight
    first_neuron = [position for position in free if is_weight[position]][:: network.layer_sizes[1]][:2]
    chosen = first_neuron if len(first_neuron) == 2 else free
    return (chosen[0], chosen[1]) if len(chosen) > 1 else None


def landscape(
    setup: Setup, directions: Directions, extent: Extent, *, with_penalty: bool = False
) -> Iterator[Landscape | None]:
    """Compute the loss over a part of a plane at growing resolution.

    It is a matter of the caller when it goes on, and whether: what is not asked for is not computed.

    Parameters
    ----------
    setup : Setup
        Points, network and loss.
    directions : Directions
    extent : Extent
    with_penalty : bool
        Whether what regularization adds counts.

    Yields
    ------
    Landscape or None
        None after every slice of the work, which takes a few milliseconds; a landscape when a resolution is complete.
        With many points the first is of some of them; with very many, all are.

    Raises
    ------
    ValueError
        If there is no training point; a sentence for a person says so.
    """
    batch = LossBatch(setup, with_penalty=with_penalty)
    sides, n_affordable = _sides(batch)
    n_quick = max(int(_QUICK / (SIDES[0] ** 2 * batch.cost(1))), 1)
    stages = [(SIDES[0], n_quick)] if n_quick < n_affordable else []
    stages += [(side, n_affordable) for side in sides]
    losses, n_before = np.full((0, 0), np.nan), 0
    for n_side, n_points in stages:
        points = None if n_points >= batch.n_points else batch.some_points(n_points)
        finer = np.full((n_side, n_side), np.nan)
        missing = np.ones(finer.shape, dtype=np.bool_)
        if n_points == n_before:
            finer[::2, ::2], missing[::2, ::2] = losses, False
        filled = np.empty(np.count_nonzero(missing))
        yield from _filled(batch, directions, extent.places(n_side)[missing], filled, points)
        finer[missing] = filled
        losses, n_before = finer, n_points
        yield Landscape(
            directions,
            extent,
            read_only(finer),
            min(n_points, batch.n_points),
            batch.n_points,
            with_penalty,
            (n_side, n_points) == stages[-1],
        )


def _sides(batch: LossBatch) -> tuple[list[int], int]:
    """Return which resolutions can be afforded, and how many points each loss can be of."""
    usual = SIDES[-2]
    n_points = min(max(int(_WHOLE / (usual**2 * batch.cost(1))), 1), batch.n_points)
    return [side for side in SIDES if side <= usual or side**2 * batch.cost(n_points) <= _WHOLE], n_points


def _filled(
    batch: LossBatch, directions: Directions, places: FloatArray, out: FloatArray, points: IntArray | None
) -> Iterator[None]:
    """Compute the losses at places of shape (n, 2) into `out`, and yield after each slice of the work."""
    n_places = max(_MOST_NUMBERS // len(directions.origin), 1)
    for start in range(0, len(places), n_places):
        chunk = slice(start, start + n_places)
        yield from batch.slices(directions.at(places[chunk]), out[chunk], points)
