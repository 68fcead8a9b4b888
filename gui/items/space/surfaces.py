"""Surfaces: what a moment's answer is over the plane, and its neurons, in colours of their own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gui.items.diagram_colours import class_shades, map_colours
from gui.items.map_scales import scale_ends
from gui.items.scales import round_up
from gui.items.space.relief import Relief, Sheet
from gui.items.space.shown import PreActivation, Several, Shown, neurons_of, surfaces_at
from gui.items.surface_item import faded, level_lines, surface_image, surface_lines
from gui.theme import Theme
from model.data.naming import Axis
from model.data.wording import class_text, value_name
from model.network.parts import Unit, unit_name
from model.run.snapshot import Plane, Snapshot
from model.types import Array, FloatArray

_FAR, _STEPS = 50.0, 401
_SAMPLES = 60
"""Along each side of a part of the plane of which a snapshot has no maps."""


# The network's answer


def of_answer(snapshot: Snapshot, shown: Shown, theme: Theme, *, regions: bool) -> Relief:
    """Return the value of a regression, or probabilities of classes."""
    surface, dataset = snapshot.surface, snapshot.moment.dataset
    lines, levels = tuple(surface_lines(surface)), tuple(level_lines(surface))
    if surface.values is not None:
        limit = max(1.0, _largest(surface.values))
        sheets = _finite(Sheet((surface.values,), surface_image(surface, theme, regions=regions)))
        units = (Axis(), Axis(), dataset.naming.value)
        return Relief(surface.plane, -limit, limit, value_name(dataset), sheets, lines, levels, units=units)
    probabilities = surface.probabilities
    assert probabilities is not None
    if isinstance(shown, int):
        colours = faded(class_shades(probabilities[shown], shown, theme), theme)
        sheets = _finite(Sheet((probabilities[shown],), colours))
        return Relief(surface.plane, 0.0, 1.0, f"P({class_text(dataset, shown)})", sheets, lines)
    if shown == "each":
        each = [
            Sheet((field,), faded(class_shades(np.ones_like(field), index, theme), theme), class_text(dataset, index))
            for index, field in enumerate(probabilities)
        ]
        return Relief(surface.plane, 0.0, 1.0, "probability", _finite(*each))
    sheets = _finite(Sheet(tuple(probabilities), surface_image(surface, theme, regions=regions)))
    return Relief(surface.plane, 0.0, 1.0, "probability", sheets, lines)


def _finite(*sheets: Sheet) -> tuple[Sheet, ...]:
    """Return the sheets; none where something is not finite."""
    return sheets if all(np.isfinite(field).all() for sheet in sheets for field in sheet.fields) else ()


# Neurons


def of_neurons(snapshot: Snapshot, shown: Shown, theme: Theme) -> Relief:
    """Return what is shown of neurons: one in the colours of its map, several in a colour each."""
    neurons, surface = neurons_of(shown), snapshot.surface
    settings = snapshot.network.settings
    with np.errstate(all="ignore"):
        fields = [_field(snapshot, neuron) for neuron in neurons]
    limits = [_limits(snapshot, neuron, field) for neuron, field in zip(neurons, fields, strict=True)]
    names = [_name(snapshot, neuron) for neuron in neurons]
    if isinstance(shown, Several):
        of_one = len({neuron.index for neuron in neurons}) == 1 and len(neurons) > 1
        kinds = ["z" if isinstance(neuron, PreActivation) else "a" for neuron in neurons]
        unit = unit_name(settings, Unit(neurons[0].layer, neurons[0].index), snapshot.moment.dataset)
        name = f"z and a of {unit}" if of_one else kinds[0]
        own = [np.full(field.shape, theme.classes[place].rgb(), np.uint32) for place, field in enumerate(fields)]
        names = kinds if of_one else names
    else:
        name, names, own = names[0], [""], [own_colours(snapshot, neurons[0], fields[0], limits[0][1], theme)]
    sheets = [
        Sheet((field,), faded(colours, theme), one) for field, colours, one in zip(fields, own, names, strict=True)
    ]
    low, high = min(low for low, _ in limits), max(high for _, high in limits)
    return Relief(surface.plane, low, high, name, _finite(*sheets), tuple(surface_lines(surface)))


def _name(snapshot: Snapshot, neuron: Unit | PreActivation) -> str:
    unit = Unit(neuron.layer, neuron.index)
    name = unit_name(snapshot.network.settings, unit, snapshot.moment.dataset)
    return name if isinstance(neuron, Unit) else f"z of {name}"


def own_colours(
    snapshot: Snapshot, neuron: Unit | PreActivation, heights: Array, high: float, theme: Theme
) -> NDArray[np.uint32]:
    """Return the colours of a neuron's map, or of its sums."""
    if isinstance(neuron, Unit):
        return map_colours(snapshot, neuron, heights, theme)
    return theme.diverging_image(heights, high)


def _field(snapshot: Snapshot, neuron: Unit | PreActivation) -> Array:
    """Return a neuron's heights over the part of the plane that the surface covers.

    Those of its map, if that is all of the plane; its sums follow from the maps of the layer before.
    """
    surface, layer, index = snapshot.surface, neuron.layer, neuron.index
    if isinstance(neuron, Unit) and surface.unit_map is not None and snapshot.probe == (layer, index):
        return surface.unit_map
    if surface.plane != Plane():
        heights = surfaces_at(snapshot.network, _centres(surface.plane), neuron, regression=snapshot.is_regression)
        sampled: Array = heights.reshape(_SAMPLES, _SAMPLES)
        return sampled
    if isinstance(neuron, Unit):
        map_: Array = snapshot.unit_maps[layer][index]
        return map_
    weights, bias = snapshot.network.weights[layer - 1][:, index], snapshot.network.biases[layer - 1][index]
    sums: Array = np.tensordot(weights, snapshot.unit_maps[layer - 1], axes=1) + bias
    return sums


@lru_cache(maxsize=2)
def _centres(plane: Plane) -> FloatArray:
    """Return the centres of cells of a part of the plane, row by row, an ndarray of shape (_SAMPLES ** 2, 2)."""
    centres = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    x = plane.x_min + centres * (plane.x_max - plane.x_min)
    y = plane.y_min + centres * (plane.y_max - plane.y_min)
    return np.column_stack([np.tile(x, _SAMPLES), np.repeat(y, _SAMPLES)])


def _limits(snapshot: Snapshot, neuron: Unit | PreActivation, field: Array) -> tuple[float, float]:
    """Return the heights of bottom and top for a neuron."""
    if isinstance(neuron, PreActivation):
        limit = max(1.0, _largest(field))
        return -limit, limit
    return _unit_limits(snapshot, neuron, field)


def _largest(values: Array) -> float:
    """Return a round number that no value exceeds."""
    return round_up(float(np.abs(values).max()))


def _unit_limits(snapshot: Snapshot, unit: Unit, map_: Array) -> tuple[float, float]:
    """Return the heights of bottom and top for a neuron's activation."""
    low, limit = scale_ends(snapshot, unit)
    largest = float(np.abs(map_).max())
    high = max(limit, round_up(largest)) if largest > limit else limit
    return (-high if low < 0 else 0.0), high
