"""What is shown in space: whose heights they are, and how high it is at any place of the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from model import Dataset, Network
from model.data.dataset import CLASS_LETTERS
from model.network.parts import Selection, Unit, exists
from model.network.settings import NetworkSettings
from model.run.snapshot import Snapshot
from model.types import FloatArray

MOST_NEURONS = 8
"""More surfaces over each other cannot be told apart: of a larger layer the first ones are shown."""

_MOST_DOTTED = 2


@dataclass(frozen=True, slots=True)
class PreActivation:
    """What a neuron's activation is applied to: its layer, the first hidden one being 1, and its place in the layer."""

    layer: int
    index: int


@dataclass(frozen=True, slots=True)
class Several:
    """Surfaces of neurons over each other, one or more."""

    parts: tuple[Unit | PreActivation, ...]


Shown: TypeAlias = Unit | PreActivation | Several | int | Literal["likeliest", "each"]
"""Whose heights: a neuron's activation or pre-activation, those of several, a class's probability, that of the
likeliest class, or each class's. In a regression all but those of neurons are the value."""


def shown_of(snapshot: Snapshot, height: str, selected: Selection = None, hovered: Selection = None) -> Shown:
    """Return whose heights are shown.

    Parameters
    ----------
    snapshot : Snapshot
    height : str
        An entry of `gui.document.looks.HEIGHTS`; a class or neuron that there is not is taken as the likeliest class.
    selected, hovered : Unit, Edge or None
        The selected neuron is what some entries mean; one under the mouse comes first, if the snapshot has its map.
    """
    if isinstance(hovered, Unit) and snapshot.probe == (hovered.layer, hovered.index):
        return hovered
    settings, probabilities = snapshot.network.settings, snapshot.surface.probabilities
    if isinstance(selected, Unit) and exists(settings, selected):
        of_neuron = _of_neuron(settings, height, selected)
        if of_neuron is not None:
            return of_neuron
    if height == "each":
        return "each"
    if probabilities is not None and height in CLASS_LETTERS[: len(probabilities)]:
        return CLASS_LETTERS.index(height)
    return "likeliest"


def _of_neuron(settings: NetworkSettings, height: str, unit: Unit) -> Shown | None:
    """Return what a height means for a neuron; None: nothing."""
    layer, n_shown = unit.layer, min(settings.layer_sizes[unit.layer], MOST_NEURONS)
    if height == "neuron_a":
        return unit
    if height == "layer_a":
        return Several(tuple(Unit(layer, index) for index in range(n_shown)))
    if layer == 0:
        return None
    if height == "neuron_z":
        return PreActivation(layer, unit.index)
    if height == "neuron_za":
        return Several((PreActivation(layer, unit.index), unit))
    if height == "layer_z":
        return Several(tuple(PreActivation(layer, index) for index in range(n_shown)))
    return None


def neurons_of(shown: Shown) -> tuple[Unit | PreActivation, ...]:
    """Return what of neurons is shown; empty where it is the network's answer."""
    if isinstance(shown, Several):
        return shown.parts
    return (shown,) if isinstance(shown, Unit | PreActivation) else ()


def is_value(settings: NetworkSettings, shown: Shown, *, regression: bool) -> bool:
    """Return whether what is shown is the value of a regression, and so the network's answer."""
    if isinstance(shown, Unit):
        return regression and shown.layer == len(settings.layer_sizes) - 1
    return regression and not isinstance(shown, PreActivation | Several)


def surfaces_at(network: Network, points: FloatArray, shown: Shown, *, regression: bool) -> FloatArray:
    """Return how high each surface is that is shown, at places of the plane of shape (n_points, 2).

    Returns
    -------
    ndarray of shape (n_surfaces, n_points)
    """
    neurons = neurons_of(shown)
    if neurons:
        outputs = network.layer_outputs(points) if any(isinstance(part, Unit) for part in neurons) else []
        sums = network.pre_activations(points) if any(isinstance(part, PreActivation) for part in neurons) else []
        return np.array(
            [
                outputs[part.layer][:, part.index] if isinstance(part, Unit) else sums[part.layer - 1][:, part.index]
                for part in neurons
            ]
        )
    if regression:
        values: FloatArray = network.predict(points).T
        return values
    probabilities = network.class_probabilities(points)
    if isinstance(shown, int):
        of_class: FloatArray = probabilities[:, shown][np.newaxis]
        return of_class
    each_or_likeliest: FloatArray = probabilities.T if shown == "each" else probabilities.max(axis=1)[np.newaxis]
    return each_or_likeliest


def heights_of(network: Network, dataset: Dataset, shown: Shown) -> FloatArray:
    """Return how high the points of a data set are.

    A point of a class lies on the surface that is shown, where each class has one on that of its class; one of a
    regression has the height of its target, and lies on a neuron's surface; where a few neurons are shown, on each.

    Returns
    -------
    ndarray of shape (n_points,), of several neurons (n_surfaces, n_points)
        NaN where there are so many surfaces that nothing could be seen for points, and for a point of a class that
        the network does not have yet.
    """
    if is_value(network.settings, shown, regression=dataset.is_regression):
        return np.asarray(dataset.labels, dtype=np.float64)
    if isinstance(shown, Several) and len(shown.parts) > _MOST_DOTTED:
        return np.full(len(dataset), np.nan)
    heights = surfaces_at(network, dataset.points, shown, regression=dataset.is_regression)
    if shown == "each":
        labels = dataset.labels.astype(np.intp)
        own: FloatArray = heights[np.minimum(labels, len(heights) - 1), np.arange(len(dataset))]
        return np.where(labels < len(heights), own, np.nan)
    first: FloatArray = heights if isinstance(shown, Several) else heights[0]
    return first


def height_at(network: Network, place: tuple[float, float], label: int | float, shown: Shown) -> FloatArray:
    """Return how high the surface is at a place; where each class has one, that of a class; of several neurons all.

    Returns
    -------
    ndarray of shape (n_surfaces,)
    """
    heights = surfaces_at(network, np.array([place]), shown, regression=isinstance(label, float))[:, 0]
    is_of_class = shown == "each" and isinstance(label, int) and label < len(heights)
    chosen: FloatArray = heights[[int(label)]] if is_of_class else heights
    return chosen
