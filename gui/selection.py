"""Neurons and weights as the window points at them: names, and places in the flat vector of parameters."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TypeAlias

from model import NetworkSettings


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


Selection: TypeAlias = Unit | Edge | None


def exists(settings: NetworkSettings, selection: Selection) -> bool:
    """Say whether a network of these settings has the neuron or weight; nothing selected exists always."""
    sizes = settings.layer_sizes
    match selection:
        case Unit(layer, index):
            return layer < len(sizes) and index < sizes[layer]
        case Edge(layer, source, target):
            return layer + 1 < len(sizes) and source < sizes[layer] and target < sizes[layer + 1]
    return True


def unit_name(settings: NetworkSettings, unit: Unit) -> str:
    """Return how the window calls a neuron: x₁, h2.3, or its class for an output."""
    if unit.layer == 0:
        return f"x{'₁₂₃₄₅₆₇₈₉'[unit.index]}"
    if unit.layer == len(settings.layer_sizes) - 1:
        return class_name(1 if settings.layer_sizes[-1] == 1 else unit.index)
    return f"h{unit.layer}.{unit.index + 1}"


def class_name(class_index: int) -> str:
    """Return the letter of a class: A for 0."""
    return chr(ord("A") + class_index)


def weight_position(settings: NetworkSettings, edge: Edge) -> int:
    """Return where in the flat vector of parameters a weight is."""
    sizes = settings.layer_sizes
    start = sum((n_in + 1) * n_out for n_in, n_out in itertools.pairwise(sizes[: edge.layer + 1]))
    return start + edge.source * sizes[edge.layer + 1] + edge.target


def bias_position(settings: NetworkSettings, unit: Unit) -> int:
    """Return where in the flat vector of parameters the bias of a neuron behind the input is."""
    return weight_position(settings, Edge(unit.layer - 1, settings.layer_sizes[unit.layer - 1], unit.index))
