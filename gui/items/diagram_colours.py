"""Colours of the diagram: what the ends of its scales stand for, and the neurons' maps in colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gui.items.map_scales import MapLimits, has_zero_line, map_limit, map_limits, mark_zero
from gui.items.scales import round_up
from gui.theme import Theme, rgb_array
from model import Network
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Unit
from model.run.snapshot import Snapshot
from model.types import Array


@dataclass(frozen=True, slots=True)
class Limits:
    """What the ends of the diagram's scales stand for.

    Attributes
    ----------
    weights : float
        Of weights and biases.
    maps : tuple of tuple of float
        Of the map of each neuron, layer by layer, the inputs first; see :func:`gui.items.map_scales.map_limits`.
    note : str
        What the scales are chosen for, in a few words; empty for those of one moment.
    what : str
        What the edges show.
    """

    weights: float
    maps: MapLimits
    note: str = ""
    what: str = "weights"


@lru_cache(maxsize=2)
def limits_of(snapshot: Snapshot) -> Limits:
    """Return the limits of one moment."""
    n_layers = len(snapshot.network.settings.layer_sizes)
    return Limits(weight_limit(snapshot.network), tuple(map_limits(snapshot, layer) for layer in range(n_layers)))


def weight_limit(network: Network) -> float:
    """Return what the end colours of weights and biases stand for: a round number no weight exceeds, 1 or more."""
    return round_limit(max(float(np.abs(weights).max()) for weights in network.weights))


def round_limit(largest: float) -> float:
    """Return what the end colours of weights and biases stand for, of which the largest is given."""
    return max(1.0, round_up(largest))


def weight_shades(weights: Array, limit: float) -> Array:
    """Return where on the diverging colours weights stand, -1 to 1.

    Notes
    -----
    The square root lets weak weights be seen beside strong ones; the legend has the same scale. Infinite weights have
    the end colours.
    """
    with np.errstate(invalid="ignore"):  # The limit is then infinite, too.
        shades: Array = np.sign(weights) * np.sqrt(np.fmin(np.abs(weights) / limit, 1.0))
    return shades


def map_colours(
    snapshot: Snapshot, unit: Unit, map_: Array, theme: Theme, *, zero_line: bool = True
) -> NDArray[np.uint32]:
    """Return the colours of a neuron's map, of the same shape: 0xffRRGGBB.

    Inputs, hidden neurons and the value of a regression have the diverging scale; the output of a class has its colour,
    the fuller the likelier. Without `zero_line` somebody else draws the line where a map is 0.
    """
    settings = snapshot.network.settings
    if unit.layer < len(settings.layer_sizes) - 1 or snapshot.is_regression:
        colours = theme.diverging_image(map_, map_limit(snapshot, unit))
        if zero_line and map_.ndim == 2 and has_zero_line(settings, unit.layer):
            mark_zero(colours, map_, theme)
        return colours
    class_index = 1 if settings.layer_sizes[-1] == 1 else unit.index
    return class_shades(OUTPUT_ACTIVATIONS[settings.output_activation].shares(map_), class_index, theme)


def class_shades(shares: Array, class_index: int, theme: Theme) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB of the shape of `shares`, 0 to 1: from the panel's to that of a class."""
    background, full = rgb_array(theme.panel), rgb_array(theme.classes[class_index])
    rgb = (background + (full - background) * np.nan_to_num(shares)[..., np.newaxis]).astype(np.uint32)
    packed: NDArray[np.uint32] = np.uint32(0xFF000000) | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    return packed


@lru_cache(maxsize=2)
def map_images(
    snapshot: Snapshot, theme: Theme, limits: tuple[tuple[float, ...], ...]
) -> tuple[NDArray[np.uint32], ...]:
    """Return the colours of all maps for an image, whose first row is the top of the plane; not to be changed.

    Parameters
    ----------
    limits : tuple of tuple of float
        Of each neuron what the end colours of its map stand for.

    Returns
    -------
    tuple of ndarray of shape (n_units, n_rows, n_columns)
    """
    layers = enumerate(limits)
    return tuple(np.ascontiguousarray(_layer_colours(snapshot, layer, theme, tops)[:, ::-1]) for layer, tops in layers)


def prepare_maps(snapshot: Snapshot, theme: Theme) -> None:
    """Compute the colours of a moment's maps, in any thread: they are then there for whoever asks."""
    if not snapshot.unit_curves:
        map_images(snapshot, theme, limits_of(snapshot).maps)


def _layer_colours(snapshot: Snapshot, layer: int, theme: Theme, limits: tuple[float, ...]) -> NDArray[np.uint32]:
    """Return the colours of all maps of a layer, of shape (n_units, n_rows, n_columns)."""
    maps = snapshot.unit_maps[layer]
    if layer == len(snapshot.unit_maps) - 1:
        return np.stack([map_colours(snapshot, Unit(layer, index), map_, theme) for index, map_ in enumerate(maps)])
    colours = theme.diverging_image(maps, np.array(limits, dtype=maps.dtype)[:, np.newaxis, np.newaxis])
    if has_zero_line(snapshot.network.settings, layer):
        mark_zero(colours, maps, theme)
    return colours
