"""Colours of the diagram: what the ends of its scales stand for, and the neurons' maps in colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gui.items.scales import round_up
from gui.theme import Theme, rgb_array
from model import Network, NetworkSettings
from model.data.dataset import CURVE_LIMIT, PLANE_LIMIT
from model.data.features import feature_values
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Unit
from model.run.snapshot import Snapshot
from model.types import Array, FloatArray, read_only

_RANGE_STEPS = 240


@dataclass(frozen=True, slots=True)
class Limits:
    """What the ends of the diagram's scales stand for.

    Attributes
    ----------
    weights : float
        Of weights and biases.
    maps : tuple of float
        Of the maps of each layer, the input first; see :func:`map_limit`.
    note : str
        What the scales are chosen for, in a few words; empty for those of one moment.
    what : str
        What the edges show.
    """

    weights: float
    maps: tuple[float, ...]
    note: str = ""
    what: str = "weights"


def limits_of(snapshot: Snapshot) -> Limits:
    """Return the limits of one moment."""
    n_layers = len(snapshot.network.settings.layer_sizes)
    return Limits(weight_limit(snapshot.network), tuple(map_limit(snapshot, layer) for layer in range(n_layers)))


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


def map_limit(snapshot: Snapshot, layer: int, index: int | None = None) -> float:
    """Return what the end colours of a layer's maps stand for.

    Inputs have a scale each, as features differ by far: `index` says of which; None: the largest.
    """
    settings = snapshot.network.settings
    if layer == 0:
        limits = _input_limits(settings)
        return max(limits) if index is None else limits[index]
    if layer == len(settings.layer_sizes) - 1:
        return 1.0 if snapshot.curve is None else CURVE_LIMIT
    bound = ACTIVATIONS[settings.hidden_activations[layer - 1]].bound
    return bound if bound is not None else round_up(float(np.abs(unit_answers(snapshot)[layer]).max()))


def unit_answers(snapshot: Snapshot) -> tuple[Array, ...]:
    """Return for each layer what its neurons answer over all of x, or over the whole plane."""
    return snapshot.unit_curves or snapshot.unit_maps


def unit_limits(snapshot: Snapshot, limits: Limits) -> list[list[float]]:
    """Return what the end colours of each neuron's map stand for, or the upper edge of its curve, layer by layer."""
    sizes = snapshot.network.settings.layer_sizes
    others = [[limit] * size for size, limit in zip(sizes[1:], limits.maps[1:], strict=True)]
    return [_input_limits(snapshot.network.settings), *others]


def map_colours(snapshot: Snapshot, unit: Unit, map_: Array, theme: Theme) -> NDArray[np.uint32]:
    """Return the colours of a neuron's map, of the same shape: 0xffRRGGBB.

    Inputs, hidden neurons and the value of a regression have the diverging scale; the output of a class has its colour,
    the fuller the likelier.
    """
    settings = snapshot.network.settings
    if unit.layer < len(settings.layer_sizes) - 1 or snapshot.is_regression:
        return theme.diverging_image(map_, map_limit(snapshot, unit.layer, unit.index))
    class_index = 1 if settings.layer_sizes[-1] == 1 else unit.index
    return class_shades(OUTPUT_ACTIVATIONS[settings.output_activation].shares(map_), class_index, theme)


def class_shades(shares: Array, class_index: int, theme: Theme) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB of the shape of `shares`, 0 to 1: from the panel's to that of a class."""
    background, full = rgb_array(theme.panel), rgb_array(theme.classes[class_index])
    rgb = (background + (full - background) * np.nan_to_num(shares)[..., np.newaxis]).astype(np.uint32)
    packed: NDArray[np.uint32] = np.uint32(0xFF000000) | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    return packed


@lru_cache(maxsize=2)
def map_images(snapshot: Snapshot, theme: Theme, limits: tuple[float, ...]) -> tuple[NDArray[np.uint32], ...]:
    """Return the colours of all maps for an image, whose first row is the top of the plane; not to be changed.

    Parameters
    ----------
    limits : tuple of float
        Of each layer what the end colours of its maps stand for.

    Returns
    -------
    tuple of ndarray of shape (n_units, n_rows, n_columns)
    """
    layers = enumerate(limits)
    return tuple(np.ascontiguousarray(_layer_colours(snapshot, layer, theme, top)[:, ::-1]) for layer, top in layers)


def prepare_maps(snapshot: Snapshot, theme: Theme) -> None:
    """Compute the colours of a moment's maps, in any thread: they are then there for whoever asks."""
    if not snapshot.unit_curves:
        map_images(snapshot, theme, limits_of(snapshot).maps)


def _layer_colours(snapshot: Snapshot, layer: int, theme: Theme, limit: float) -> NDArray[np.uint32]:
    """Return the colours of all maps of a layer, of shape (n_units, n_rows, n_columns)."""
    maps = snapshot.unit_maps[layer]
    if layer == 0:
        limits = np.array(_input_limits(snapshot.network.settings))[:, np.newaxis, np.newaxis]
        return theme.diverging_image(maps / limits, 1.0)
    if layer < len(snapshot.unit_maps) - 1:
        return theme.diverging_image(maps, limit)
    return np.stack([map_colours(snapshot, Unit(layer, index), map_, theme) for index, map_ in enumerate(maps)])
