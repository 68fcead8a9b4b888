"""HiddenMoment: what a moment's hidden space is made of: places, colours, and the lines that are drawn on the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any, TypeVar

import contourpy
import numpy as np
from numpy.typing import NDArray

from gui.items.surface_item import class_margins, probability_image, value_image
from gui.theme import Theme
from model import Dataset, Network, NetworkSettings
from model.explain.hidden_space import Axes, HiddenSpace, hidden_space
from model.network.losses import OUTPUT_ACTIVATIONS
from model.types import Array, FloatArray

N_LINES = 12
"""Along each side of the sheet so many of its lines of vertices are drawn, and the last: those of whole coordinates."""

MOST_UNITS = 16
"""Of more neurons of the next layer the lines would be a haze."""

_T = TypeVar("_T", bound=np.floating[Any])

NO_HIDDEN_LAYER = "The network has no hidden layer."
NOT_FINITE = "Some values of this layer are not finite: there is nothing to draw."


@dataclass(frozen=True, slots=True, eq=False)
class SheetLine:
    """A line on the sheet of the plane.

    Attributes
    ----------
    unit : int or None
        The neuron of the next layer whose sum is 0 there; None: the network's answer changes there.
    vertices : ndarray of shape (n_vertices, 2)
        Columns and rows of the sheet, whole numbers at its vertices.
    """

    unit: int | None
    vertices: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class HiddenMoment:
    """What is drawn of a moment.

    Attributes
    ----------
    space : HiddenSpace
    dataset : Dataset
        Its points are those of the space.
    colours : ndarray of shape (n_rows, n_columns)
        0xffRRGGBB of the network's answer at the sheet's vertices.
    lines : tuple of SheetLine
    is_regression : bool
        Whether the network gives a value.
    """

    space: HiddenSpace
    dataset: Dataset
    colours: NDArray[np.uint32]
    lines: tuple[SheetLine, ...]
    is_regression: bool

    def sheet(self, share: float) -> FloatArray:
        """Return where the sheet's vertices are, an ndarray of shape (n_rows, n_columns, n_axes)."""
        return _as_sheet(self.space.sheet.at(share))

    def on_sheet(self, vertices: FloatArray, sheet: FloatArray) -> FloatArray:
        """Return where places between the vertices of a sheet are, an ndarray of shape (n, n_axes)."""
        n_rows, n_columns = sheet.shape[:2]
        column = np.clip(vertices[:, 0].astype(np.intp), 0, n_columns - 2)
        row = np.clip(vertices[:, 1].astype(np.intp), 0, n_rows - 2)
        right, up = vertices[:, :1] - column[:, np.newaxis], vertices[:, 1:] - row[:, np.newaxis]
        low = sheet[row, column] * (1.0 - right) + sheet[row, column + 1] * right
        high = sheet[row + 1, column] * (1.0 - right) + sheet[row + 1, column + 1] * right
        places: FloatArray = low * (1.0 - up) + high * up
        return places


def layer_of(settings: NetworkSettings, wanted: str) -> int | None:
    """Return which hidden layer is meant by an entry of `gui.document.view.HIDDEN_LAYERS`; None where there is none."""
    n_hidden = settings.n_hidden_layers
    if not n_hidden:
        return None
    return n_hidden if wanted == "last" else min(int(wanted), n_hidden)


def n_axes_of(settings: NetworkSettings, layer: int, wanted: str) -> int:
    """Return along how many axes a layer is seen, by an entry of `gui.document.view.HIDDEN_AXES`.

    By itself a layer of three neurons is seen along three, which leave nothing out; one of fewer has no third.
    """
    size = settings.layer_sizes[layer]
    if size < 3:
        return 2
    return (3 if size == 3 else 2) if wanted == "auto" else int(wanted)


def hidden_moment(
    network: Network,
    dataset: Dataset,
    layer: int,
    n_axes: int,
    theme: Theme,
    *,
    regression: bool,
    regions: bool,
    like: Mapping[int, Axes] | None = None,
) -> HiddenMoment:
    """Return what is drawn of a network's hidden layer.

    Parameters
    ----------
    dataset : Dataset
        The points that are shown.
    regression : bool
        Whether the network gives a value.
    regions : bool
        As regions of the likeliest class, or bands of value; otherwise smoothly.
    like : mapping of int to Axes, optional
        The axes of some layers at a moment before, so that the picture does not flip.
    """
    space = hidden_space(network, layer, dataset.points, n_axes=n_axes, like=like)
    fields, colours = _answer(space, theme, regression=regression, regions=regions)
    lines = [SheetLine(None, line) for answer in fields for line in _zero_lines(answer)]
    settings = network.settings
    if layer < settings.n_hidden_layers:
        for unit in range(min(settings.layer_sizes[layer + 1], MOST_UNITS)):
            lines += [SheetLine(unit, line) for line in _zero_lines(_as_sheet(space.sheet_sums[:, unit]))]
    return HiddenMoment(space, dataset, colours, tuple(lines), regression)


def _answer(
    space: HiddenSpace, theme: Theme, *, regression: bool, regions: bool
) -> tuple[list[Array], NDArray[np.uint32]]:
    """Return fields over the sheet that are 0 where the network's answer changes, and the answer's colours."""
    outputs = space.sheet_outputs.T.astype(np.float32)
    if regression:
        values = _as_sheet(outputs[0])
        return [values], value_image(values, theme, bands=regions)
    with np.errstate(all="ignore"):
        output = OUTPUT_ACTIVATIONS[space.network.settings.output_activation]
        flat = np.array(output.class_probabilities(outputs))
    probabilities = np.stack([_as_sheet(row) for row in flat])
    return class_margins(probabilities), probability_image(probabilities, theme, regions=regions)


def _as_sheet(values: NDArray[_T]) -> NDArray[_T]:
    side = isqrt(len(values))
    return values.reshape(side, side, *values.shape[1:])


def _zero_lines(values: Array) -> list[FloatArray]:
    """Return the lines on which a field over the sheet is 0, in columns and rows; none where it is not finite."""
    if not np.isfinite(values).all() or not values.min() < 0.0 < values.max():
        return []
    contours = contourpy.contour_generator(z=values, line_type=contourpy.LineType.Separate)
    return [np.asarray(line, dtype=np.float64) for line in contours.lines(0.0)]
