"""Relief: what is shown in space of a moment: heights over the plane, their colours, and the scale that they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gui.items.diagram_colours import class_shades, map_colours, map_limit
from gui.items.scales import round_up
from gui.items.space.box import Scale, Scales
from gui.items.space.camera import HALF_HEIGHT
from gui.items.surface_item import faded, level_lines, surface_image, surface_lines
from gui.theme import Theme
from model import Dataset, Network
from model.data.dataset import CLASS_LETTERS, class_name
from model.network.activations import ACTIVATIONS
from model.network.parts import Selection, Unit, exists, unit_name
from model.run.snapshot import Plane, Snapshot
from model.types import Array, FloatArray


@dataclass(frozen=True, slots=True)
class PreActivation:
    """What a neuron's activation is applied to: its layer, the first hidden one being 1, and its place in the layer."""

    layer: int
    index: int


Shown: TypeAlias = Unit | PreActivation | int | Literal["likeliest", "each"]
"""Whose heights: a neuron's activation or pre-activation, a class's probability, that of the likeliest class, or each
class's. In a regression all but those of a neuron are the value."""

NOT_FINITE = "Some values are not finite: there is no surface to draw."

_FAR, _STEPS = 50.0, 401


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One surface.

    Attributes
    ----------
    fields : tuple of ndarray of shape (n, n)
        Heights at the centres of cells that cover the plane, the first row the lowest x2. It is the highest of them.
    colours : ndarray of shape (n, n)
        0xffRRGGBB.
    """

    fields: tuple[Array, ...]
    colours: NDArray[np.uint32]

    @property
    def heights(self) -> Array:
        """The highest of the fields, an ndarray of shape (n, n)."""
        highest: Array = np.maximum.reduce(self.fields)
        return highest


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """What is shown in space.

    Attributes
    ----------
    plane : Plane
        What the ground of the box is.
    low, high : float
        What the heights of its bottom and top are.
    name : str
        What the heights are.
    sheets : tuple of Sheet
        Several are translucent; none where a value is not finite.
    lines, levels : tuple of ndarray of shape (n_vertices, 2)
        Boundaries and contour lines to be drawn on a single sheet, in data units.
    """

    plane: Plane
    low: float
    high: float
    name: str
    sheets: tuple[Sheet, ...]
    lines: tuple[FloatArray, ...] = ()
    levels: tuple[FloatArray, ...] = ()

    @property
    def scales(self) -> Scales:
        """What the axes of the box stand for."""
        plane = self.plane
        return (
            Scale(plane.x_min, plane.x_max, "x₁"),
            Scale(plane.y_min, plane.y_max, "x₂"),
            Scale(self.low, self.high, self.name),
        )

    def on_ground(self, places: FloatArray) -> FloatArray:
        """Return where places of the plane, an ndarray of shape (n, 2), are on the ground of the box."""
        plane = self.plane
        low, high = np.array([plane.x_min, plane.y_min]), np.array([plane.x_max, plane.y_max])
        on_ground: FloatArray = (places - low) * (2.0 / (high - low)) - 1.0
        return on_ground

    def on_plane(self, x: float, y: float) -> tuple[float, float]:
        """Return which place of the plane is at a place of the ground of the box."""
        plane = self.plane
        return (
            plane.x_min + (x + 1.0) / 2.0 * (plane.x_max - plane.x_min),
            plane.y_min + (y + 1.0) / 2.0 * (plane.y_max - plane.y_min),
        )

    def in_box(self, heights: Array) -> FloatArray:
        """Return how high heights are in the box; those beyond its bottom or top are there."""
        shares = (np.asarray(heights, dtype=np.float64) - self.low) / (self.high - self.low)
        in_box: FloatArray = (np.clip(shares, 0.0, 1.0) * 2.0 - 1.0) * HALF_HEIGHT
        return in_box


def shown_of(snapshot: Snapshot, height: str, selected: Selection = None, hovered: Selection = None) -> Shown:
    """Return whose heights are shown.

    Parameters
    ----------
    snapshot : Snapshot
    height : str
        An entry of `gui.document.view.HEIGHTS`; a class or neuron that there is not is taken as the likeliest class.
    selected, hovered : Unit, Edge or None
        The selected neuron is what some entries mean; one under the mouse comes first, if the snapshot has its map.
    """
    if isinstance(hovered, Unit) and snapshot.probe == (hovered.layer, hovered.index):
        return hovered
    probabilities = snapshot.surface.probabilities
    if isinstance(selected, Unit) and exists(snapshot.network.settings, selected):
        if height == "neuron_a":
            return selected
        if height == "neuron_z" and selected.layer > 0:
            return PreActivation(selected.layer, selected.index)
    if height == "each":
        return "each"
    if probabilities is not None and height in CLASS_LETTERS[: len(probabilities)]:
        return CLASS_LETTERS.index(height)
    return "likeliest"


def relief_of(snapshot: Snapshot, shown: Shown, theme: Theme, *, regions: bool) -> Relief:
    """Return what is shown of a moment.

    Parameters
    ----------
    regions : bool
        As regions of the likeliest class, or bands of value; otherwise smoothly.
    """
    surface = snapshot.surface
    lines, levels = tuple(surface_lines(surface)), tuple(level_lines(surface))
    if isinstance(shown, PreActivation):
        return _of_sums(snapshot, shown, theme, lines)
    if isinstance(shown, Unit) and not is_value(snapshot, shown):
        plane, map_ = _map_of(snapshot, shown)
        low, high = _unit_limits(snapshot, shown, map_)
        sheets = _finite_sheets([(map_, faded(map_colours(snapshot, shown, map_, theme), theme))])
        return Relief(plane, low, high, unit_name(snapshot.network.settings, shown), sheets, lines)
    if surface.values is not None:
        limit = max(1.0, _largest(surface.values))
        sheets = _finite_sheets([(surface.values, surface_image(surface, theme, regions=regions))])
        return Relief(surface.plane, -limit, limit, "y", sheets, lines, levels)
    assert surface.probabilities is not None
    if isinstance(shown, int):
        sheets = _finite_sheets([_of_class(surface.probabilities, shown, theme)])
        return Relief(surface.plane, 0.0, 1.0, f"P({class_name(shown)})", sheets, lines)
    if shown == "each":
        each = [
            (field, faded(class_shades(np.ones_like(field), index, theme), theme))
            for index, field in enumerate(surface.probabilities)
        ]
        return Relief(surface.plane, 0.0, 1.0, "probability", _finite_sheets(each))
    sheets = _finite_sheets([(surface.probabilities, surface_image(surface, theme, regions=regions))])
    return Relief(surface.plane, 0.0, 1.0, "probability", sheets, lines)


def heights_of(network: Network, dataset: Dataset, shown: Shown) -> FloatArray:
    """Return how high the points of a data set are.

    A point of a class lies on the surface that is shown, where there are several on that of its class; one of a
    regression has the height of its target, and lies on a neuron's surface.

    Returns
    -------
    ndarray of shape (n_points,)
    """
    if isinstance(shown, PreActivation):
        return np.asarray(network.pre_activations(dataset.points)[shown.layer - 1][:, shown.index], dtype=np.float64)
    if isinstance(shown, Unit) and not (dataset.is_regression and shown.layer == len(network.settings.layer_sizes) - 1):
        return np.asarray(network.layer_outputs(dataset.points)[shown.layer][:, shown.index], dtype=np.float64)
    if dataset.is_regression:
        return np.asarray(dataset.labels, dtype=np.float64)
    return _answers(network, dataset.points, dataset.labels, shown)


def height_at(network: Network, place: tuple[float, float], label: int | float, shown: Shown) -> float:
    """Return how high the surface is at a place; of several that of a class."""
    points = np.array([place])
    if isinstance(shown, PreActivation):
        return float(network.pre_activations(points)[shown.layer - 1][0, shown.index])
    if isinstance(shown, Unit):
        return float(network.layer_outputs(points)[shown.layer][0, shown.index])
    if isinstance(label, float):
        return float(network.predict(points)[0, 0])
    return float(_answers(network, points, np.array([label]), shown)[0])


def _answers(network: Network, points: FloatArray, labels: NDArray[np.intp], shown: Shown) -> FloatArray:
    """Return the probability that is shown for each of the points."""
    probabilities = network.class_probabilities(points)
    if isinstance(shown, int):
        chosen: FloatArray = probabilities[:, shown]
        return chosen
    if shown == "each":
        own: FloatArray = probabilities[np.arange(len(labels)), labels]
        return own
    likeliest: FloatArray = probabilities.max(axis=1)
    return likeliest


def _map_of(snapshot: Snapshot, unit: Unit) -> tuple[Plane, Array]:
    """Return a neuron's activation over a part of the plane: that of the surface, or coarser over all of it."""
    if snapshot.surface.unit_map is not None and snapshot.probe == (unit.layer, unit.index):
        return snapshot.surface.plane, snapshot.surface.unit_map
    return Plane(), snapshot.unit_maps[unit.layer][unit.index]


def _of_sums(snapshot: Snapshot, shown: PreActivation, theme: Theme, lines: tuple[FloatArray, ...]) -> Relief:
    """Return a neuron's pre-activation, which follows from the maps of the layer before."""
    network = snapshot.network
    weights, bias = network.weights[shown.layer - 1][:, shown.index], network.biases[shown.layer - 1][shown.index]
    with np.errstate(all="ignore"):
        sums = np.tensordot(weights, snapshot.unit_maps[shown.layer - 1], axes=1) + bias
    limit = max(1.0, _largest(sums))
    name = f"z of {unit_name(network.settings, Unit(shown.layer, shown.index), regression=snapshot.is_regression)}"
    sheets = _finite_sheets([(sums, faded(theme.diverging_image(sums, limit), theme))])
    return Relief(Plane(), -limit, limit, name, sheets, lines)


def _of_class(probabilities: Array, index: int, theme: Theme) -> tuple[Array, NDArray[np.uint32]]:
    return probabilities[index], faded(class_shades(probabilities[index], index, theme), theme)


def _finite_sheets(sheets: list[tuple[Array, NDArray[np.uint32]]]) -> tuple[Sheet, ...]:
    """Return sheets with a field, or with several that are stacked; none where something is not finite."""
    if not all(np.isfinite(fields).all() for fields, _ in sheets):
        return ()
    return tuple(Sheet(tuple(fields) if fields.ndim == 3 else (fields,), colours) for fields, colours in sheets)


def is_value(snapshot: Snapshot, unit: Unit) -> bool:
    """Return whether a neuron's activation is the value of a regression, and so the network's answer."""
    return snapshot.is_regression and unit.layer == len(snapshot.network.settings.layer_sizes) - 1


def _largest(values: Array) -> float:
    """Return a round number that no value exceeds."""
    return round_up(float(np.abs(values).max()))


def _unit_limits(snapshot: Snapshot, unit: Unit, map_: Array) -> tuple[float, float]:
    """Return the heights of bottom and top for a neuron's activation."""
    settings = snapshot.network.settings
    limit = map_limit(snapshot, unit.layer, unit.index)
    largest = float(np.abs(map_).max())
    high = max(limit, round_up(largest)) if largest > limit else limit
    if unit.layer == 0:
        return -high, high
    activations = (*settings.hidden_activations, settings.output_activation)
    return (-high if _goes_below_zero(activations[unit.layer - 1]) else 0.0), high


@lru_cache(maxsize=64)
def _goes_below_zero(activation: str) -> bool:
    if activation not in ACTIVATIONS:
        return False
    z = np.linspace(-_FAR, _FAR, _STEPS)[np.newaxis]
    a = np.empty_like(z)
    ACTIVATIONS[activation].function(z, a)
    return bool((a < 0.0).any())
