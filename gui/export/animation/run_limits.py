"""RunLimits: one scale for the weights and maps of a whole run, so that a picture can be compared with the next one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from math import ceil

import numpy as np

from gui.items.diagram_colours import Limits, round_limit
from gui.items.map_scales import MapLimits, map_limits
from model.run.history import KeyFrame
from model.run.snapshot import SnapshotMaker
from model.types import FloatArray

NOTES = {"fixed": "one scale for all", "growing": "the largest so far"}
"""What the legend says of each scale, a key of :data:`gui.export.animation.settings.SCALES`."""

_MAP_SAMPLES = 20
_MOST_EVALUATED = 300
"""Of a longer run the maps of some moments alone are computed, which is enough: they change little by little."""


class RunLimits:
    """What the ends of the diagram's scales stand for at each moment of a run.

    Parameters
    ----------
    frames : sequence of KeyFrame
        All that is shown, one or more.
    scale : str
        "fixed": the largest of all; "growing": the largest up to the moment.
    """

    def __init__(self, frames: Sequence[KeyFrame], scale: str) -> None:
        note = NOTES[scale]
        self._steps = [frame.step for frame in frames]
        self._strengths: dict[tuple[int, ...], FloatArray] = {}
        largest = []
        for layer_sizes, sizes in _weight_sizes(frames):
            largest.append(sizes.max(axis=1))
            known = self._strengths.get(layer_sizes, np.zeros(sizes.shape[1]))
            self._strengths[layer_sizes] = np.maximum(known, sizes.max(axis=0))
        weights = [round_limit(size) for size in np.maximum.accumulate(np.concatenate(largest)).tolist()]
        maps = _map_limits(frames)
        self._limits = [Limits(*both, note) for both in zip(weights, maps, strict=True)]
        if scale == "fixed":
            last = {_shape(frame): limits for frame, limits in zip(frames, maps, strict=True)}
            self._limits = [Limits(weights[-1], last[_shape(frame)], note) for frame in frames]

    def at(self, time: float) -> Limits:
        """Return the limits at a time, in steps: of the next key frame where it lies between two."""
        return self._limits[min(bisect_left(self._steps, time), len(self._limits) - 1)]

    def strengths(self, layer_sizes: tuple[int, ...]) -> FloatArray:
        """Return the largest size that each weight of networks of these layers has in the run, layer by layer.

        By these weights lie on top of one another: by their sizes of the moment, one that gets a little stronger would
        suddenly hide another one.
        """
        return self._strengths[layer_sizes]


def _weight_sizes(frames: Sequence[KeyFrame]) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
    """Yield for each network, one after the other, the sizes of its layers and of its weights at its moments.

    The latter are of shape (n_moments, n_weights); 0 at a moment where one is not finite.
    """
    for network, group in groupby(frames, key=lambda frame: frame.network):
        sizes = np.abs(np.stack([frame.checkpoint.parameters for frame in group])[:, network.is_weight])
        yield network.layer_sizes, np.where(np.isfinite(sizes).all(axis=1, keepdims=True), sizes, 0.0)


def _map_limits(frames: Sequence[KeyFrame]) -> list[MapLimits]:
    """Return the largest limit of the map of each neuron up to each moment, in a network of its shape."""
    maker = SnapshotMaker(_MAP_SAMPLES, surface_resolution=1)
    every = ceil(len(frames) / _MOST_EVALUATED)
    largest: dict[tuple[object, ...], MapLimits] = {}
    limits = []
    for number, frame in enumerate(frames):
        shape = _shape(frame)
        if number % every == 0 or frame is frames[-1] or shape not in largest:
            snapshot = maker.make(0, frame)
            maps = tuple(map_limits(snapshot, layer) for layer in range(len(frame.network.layer_sizes)))
            known = largest.get(shape, maps)
            largest[shape] = tuple(tuple(map(max, *both)) for both in zip(maps, known, strict=True))
        limits.append(largest[shape])
    return limits


def _shape(frame: KeyFrame) -> tuple[object, ...]:
    """Return what makes the maps of two networks comparable, layer by layer."""
    network = frame.network
    return network.layer_sizes, network.hidden_activations, network.output_activation, network.features
