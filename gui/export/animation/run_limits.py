"""RunLimits: one scale for the weights and maps of a whole run, so that a picture can be compared with the next one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil

from gui.items.diagram_colours import Limits, limits_of, weight_limit
from model import Network
from model.run.history import KeyFrame
from model.run.snapshot import SnapshotMaker

NOTES = {"fixed": "one scale for all", "growing": "the largest so far"}
"""What the legend says of each scale, a key of :data:`gui.export.animation.settings.SCALES`."""

_MAP_SAMPLES = 20
_MOST_EVALUATED = 1000
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
        maker = SnapshotMaker(_MAP_SAMPLES, surface_resolution=1)
        every = ceil(len(frames) / _MOST_EVALUATED)
        largest = 0.0
        maps: dict[tuple[object, ...], tuple[float, ...]] = {}
        self._steps = [frame.step for frame in frames]
        self._limits: list[Limits] = []
        for number, frame in enumerate(frames):
            shape = _shape(frame)
            if number % every == 0 or frame is frames[-1] or shape not in maps:
                limits = limits_of(maker.make(0, frame))
                maps[shape] = tuple(map(max, limits.maps, maps.get(shape, limits.maps)))
            largest = max(largest, weight_limit(Network.read_only(frame.network, frame.checkpoint.parameters)))
            self._limits.append(Limits(largest, maps[shape], note))
        if scale == "fixed":
            self._limits = [Limits(largest, maps[_shape(frame)], note) for frame in frames]

    def at(self, time: float) -> Limits:
        """Return the limits at a time, in steps: of the next key frame where it lies between two."""
        return self._limits[min(bisect_left(self._steps, time), len(self._limits) - 1)]


def _shape(frame: KeyFrame) -> tuple[object, ...]:
    """Return what makes the maps of two networks comparable, layer by layer."""
    network = frame.network
    return network.layer_sizes, network.hidden_activations, network.output_activation, network.features
