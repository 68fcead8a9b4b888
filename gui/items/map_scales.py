"""What the end colours of the neurons' maps stand for, and the line where a map is 0."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gui.items.scales import round_up
from gui.items.surface_item import field_lines
from gui.theme import Theme
from model import NetworkSettings
from model.data.dataset import CURVE_LIMIT, PLANE_LIMIT
from model.data.features import feature_values
from model.network.activations import ACTIVATIONS
from model.network.parts import Unit
from model.run.snapshot import Snapshot
from model.types import Array, FloatArray, read_only

MapLimits: TypeAlias = tuple[tuple[float, ...], ...]
"""What the end colours of the map of each neuron stand for, layer by layer."""

_RANGE_STEPS = 240
_FAR, _STEPS = 50.0, 2001
_JUST_ABOVE = 1e-3
_OF_MEAN = 2.0
"""Of an answer that rises evenly from 0, most is below this many times its mean."""


def map_limits(snapshot: Snapshot, layer: int) -> tuple[float, ...]:
    """Return what the end colours of the map of each neuron of a layer stand for.

    Notes
    -----
    A neuron whose activation has no bound has a scale of its own, and its end colour is not that of its largest answer:
    that is at an edge of the plane, many times what it is where the points are, and all else would be pale.
    """
    settings = snapshot.network.settings
    size = settings.layer_sizes[layer]
    if layer == 0:
        return tuple(_input_limits(settings))
    if layer == len(settings.layer_sizes) - 1:
        return (1.0 if snapshot.curve is None else CURVE_LIMIT,) * size
    bound = ACTIVATIONS[settings.hidden_activations[layer - 1]].bound
    if bound is not None:
        return (bound,) * size
    sizes = np.abs(unit_answers(snapshot)[layer]).reshape(size, -1)
    largest = sizes.max(axis=1)
    if snapshot.unit_curves:
        # A curve is drawn to its top.
        return tuple(map(round_up, largest.tolist()))
    with np.errstate(all="ignore"):
        means = sizes.sum(axis=1) / np.count_nonzero(sizes, axis=1)
    return tuple(map(round_up, np.fmin(_OF_MEAN * means, largest).tolist()))


def map_limit(snapshot: Snapshot, unit: Unit) -> float:
    """Return what the end colours of a neuron's map stand for."""
    return map_limits(snapshot, unit.layer)[unit.index]


def scale_ends(snapshot: Snapshot, unit: Unit) -> tuple[float, float]:
    """Return what a neuron's scale goes from and to: from 0 where its activation is never below."""
    limit, settings = map_limit(snapshot, unit), snapshot.network.settings
    if unit.layer == 0:
        return -limit, limit
    activations = (*settings.hidden_activations, settings.output_activation)
    return (-limit if goes_below_zero(activations[unit.layer - 1]) else 0.0), limit


@lru_cache(maxsize=64)
def goes_below_zero(activation: str) -> bool:
    """Return whether an activation has answers below 0; that of a whole layer, such as softmax, has none."""
    if activation not in ACTIVATIONS:
        return False
    z = np.linspace(-_FAR, _FAR, _STEPS)[np.newaxis]
    a = np.empty_like(z)
    ACTIVATIONS[activation].function(z, a)
    return bool((a < 0.0).any())


def has_zero_line(settings: NetworkSettings, layer: int) -> bool:
    """Return whether the maps of a layer show where they are 0: those without a bound, whose colours say it least."""
    is_hidden = 0 < layer < len(settings.layer_sizes) - 1
    return is_hidden and ACTIVATIONS[settings.hidden_activations[layer - 1]].bound is None


def mark_zero(colours: NDArray[np.uint32], maps: Array, theme: Theme) -> None:
    """Draw into the colours of maps a line along which they begin to be above 0.

    Parameters
    ----------
    colours : ndarray of shape (..., n_rows, n_columns)
        Is changed.
    maps : ndarray of the same shape
    theme : Theme
    """
    above = maps > 0.0
    here = above[..., 1:, 1:]
    line = here != above[..., :-1, 1:]
    line |= here != above[..., 1:, :-1]
    np.copyto(colours[..., 1:, 1:], np.uint32(theme.muted.rgb()), where=line)


def zero_lines(map_: Array, area: QRectF) -> list[FloatArray]:
    """Return the line of :func:`mark_zero` where a map fills an area so large that its samples would be seen.

    Parameters
    ----------
    map_ : ndarray of shape (n_rows, n_columns)
        The lowest row of the plane first.
    area : QRectF

    Returns
    -------
    list of ndarray of shape (n_vertices, 2)
    """
    n_rows, n_columns = map_.shape
    x = area.left() + (np.arange(n_columns) + 0.5) / n_columns * area.width()
    y = area.bottom() - (np.arange(n_rows) + 0.5) / n_rows * area.height()
    low, high = float(map_.min()), float(map_.max())
    # What is never below 0 reaches it without crossing it.
    level = 0.0 if low < 0.0 else _JUST_ABOVE * high
    across, up = np.meshgrid(x, y)
    return field_lines(across, up, map_, [level])


def unit_answers(snapshot: Snapshot) -> tuple[Array, ...]:
    """Return for each layer what its neurons answer over all of x, or over the whole plane."""
    return snapshot.unit_curves or snapshot.unit_maps


def input_ranges(settings: NetworkSettings) -> FloatArray:
    """Return about the least and the largest value of each input on the plane, an ndarray of shape (n_inputs, 2)."""
    if settings.features is None:
        return np.tile([-PLANE_LIMIT, PLANE_LIMIT], (settings.layer_sizes[0], 1))
    ranges = _feature_ranges(settings.features)
    if settings.standardization:
        means, spreads = np.array(settings.standardization).T[..., np.newaxis]
        ranges = (ranges - means) / spreads
    return ranges


@lru_cache(maxsize=8)
def _feature_ranges(features: tuple[str, ...]) -> FloatArray:
    places = np.linspace(-PLANE_LIMIT, PLANE_LIMIT, _RANGE_STEPS + 1)
    points = np.stack([np.tile(places, len(places)), np.repeat(places, len(places))], axis=1)
    values = feature_values(features, points)
    return read_only(np.stack([values.min(axis=0), values.max(axis=0)], axis=1))


def _input_limits(settings: NetworkSettings) -> list[float]:
    """Return what the end colours of each input's map stand for."""
    largest = np.abs(input_ranges(settings)).max(axis=1)
    # A feature that is 0 everywhere has a scale, too.
    return [float(f"{value:.3g}") if value > 0 else 1.0 for value in largest.tolist()]
