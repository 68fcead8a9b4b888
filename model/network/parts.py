"""Neurons and weights as the window points at them: names, and places in the flat vector of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from model.data.dataset import Dataset
from model.data.naming import class_letter
from model.data.wording import class_text, feature_text, value_name
from model.network.layout import bias_views, weight_views
from model.network.settings import NetworkSettings


@dataclass(frozen=True, slots=True)
class Unit:
    """A neuron: its layer, the input being 0, and its place in the layer."""

    layer: int
    index: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A weight: from neuron `source` of layer `layer` to neuron `target` of the next."""

    layer: int
    source: int
    target: int

    @property
    def ends(self) -> tuple[Unit, Unit]:
        """The neurons that it leads from and to."""
        return Unit(self.layer, self.source), Unit(self.layer + 1, self.target)


Selection: TypeAlias = Unit | Edge | None


def exists(settings: NetworkSettings, selection: Selection) -> bool:
    """Return whether a network of these settings has the neuron or weight; nothing selected exists always."""
    sizes = settings.layer_sizes
    match selection:
        case Unit(layer, index):
            return layer < len(sizes) and index < sizes[layer]
        case Edge(layer, source, target):
            return layer + 1 < len(sizes) and source < sizes[layer] and target < sizes[layer + 1]
    return True


def unit_name(settings: NetworkSettings, unit: Unit, dataset: Dataset | None = None) -> str:
    """Return how a neuron is called: its feature for an input, h2.3, its class or its value for an output.

    Parameters
    ----------
    dataset : Dataset, optional
        What the network learns, in whose names coordinates, classes and values are called; by default classes, which
        have letters.
    """
    if unit.layer == 0:
        if settings.features is None:
            return f"input {unit.index + 1}"
        return feature_text(settings.features[unit.index], dataset)
    if unit.layer == len(settings.layer_sizes) - 1:
        if dataset is not None and dataset.is_regression:
            return value_name(dataset)
        index = 1 if settings.layer_sizes[-1] == 1 else unit.index
        return class_letter(index) if dataset is None else class_text(dataset, index)
    return f"h{unit.layer}.{unit.index + 1}"


def typed_unit(text: str) -> Unit:
    """Return the neuron that somebody has typed as its layer and its place in it, such as h1.2; inputs are layer 0.

    Raises
    ------
    ValueError
        If the text is none.
    """
    layer, _, place = text.removeprefix("h").removeprefix("H").partition(".")
    if not (layer.isdecimal() and place.isdecimal() and int(place) > 0):
        raise ValueError(f"a neuron is its layer and its place in it, such as h1.2; got {text!r}")
    return Unit(int(layer), int(place) - 1)


def same_places(first: NetworkSettings, second: NetworkSettings) -> bool:
    """Return whether what is at a place of the one flat vector of parameters is at the same place of the other."""
    return (first.layer_sizes, first.bias) == (second.layer_sizes, second.bias)


def weight_position(settings: NetworkSettings, edge: Edge) -> int:
    """Return where in the flat vector of parameters a weight is."""
    positions = np.arange(settings.n_parameters)
    return int(weight_views(positions, settings.layer_sizes, settings.bias)[edge.layer][edge.source, edge.target])


def bias_position(settings: NetworkSettings, unit: Unit) -> int | None:
    """Return where in the flat vector of parameters the bias of a neuron behind the input is; None: it has none."""
    if settings.bias == "none":
        return None
    positions = np.arange(settings.n_parameters)
    return int(bias_views(positions, settings.layer_sizes, settings.bias)[unit.layer - 1][unit.index])


def part_at(settings: NetworkSettings, position: int) -> Edge | Unit:
    """Return what is at a position of the flat vector of parameters: a weight, or the neuron whose bias is there.

    A shared bias is that of the first neuron behind the input.

    Raises
    ------
    ValueError
        If there is no such position.
    """
    if not 0 <= position < settings.n_parameters:
        raise ValueError(f"position must be 0 to {settings.n_parameters - 1}; got {position!r}")
    positions, layout = np.arange(settings.n_parameters), (settings.layer_sizes, settings.bias)
    for layer, weights in enumerate(weight_views(positions, *layout)):
        for source, target in np.argwhere(weights == position).tolist():
            return Edge(layer, source, target)
    layers = enumerate(bias_views(positions, *layout), start=1)
    return next(Unit(layer, int(np.argmax(biases == position))) for layer, biases in layers if position in biases)


def unit_positions(settings: NetworkSettings, unit: Unit) -> list[int]:
    """Return where the weights into a neuron are, and its bias if it is its own: what training changes of it."""
    sources = range(settings.layer_sizes[unit.layer - 1]) if unit.layer else ()
    positions = [weight_position(settings, Edge(unit.layer - 1, source, unit.index)) for source in sources]
    bias = bias_position(settings, unit) if unit.layer and settings.bias == "per_neuron" else None
    return positions if bias is None else [bias, *positions]
