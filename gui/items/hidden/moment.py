"""HiddenMoment: what a moment's hidden space is made of: places, colours, and the lines that are drawn on the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import contourpy
import numpy as np
from numpy.typing import NDArray

from gui.items.surface_item import class_margins, probability_image, value_image
from gui.theme import Theme
from model import Dataset, Network
from model.explain.hidden_choice import layer_of, n_axes_of
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
        Of a network that is that of a curve the sheet is a single row, a line.
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
        return _as_sheet(self.space.sheet.at(share), self.space)

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


def coloured(dataset: Dataset) -> Dataset:
    """Return points with the colours that they have here: those of a curve, no longer at their heights, have values."""
    return dataset.as_kind("values") if dataset.is_curve else dataset


def hidden_moment(
    network: Network,
    dataset: Dataset,
    layer: int,
    n_axes: int,
    theme: Theme,
    *,
    regression: bool,
    regions: bool,
    coarse: bool = False,
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
    coarse : bool
        Whether the sheet is coarse, for a picture that another one soon follows.
    like : mapping of int to Axes, optional
        The axes of some layers at a moment before, so that the picture does not flip.
    """
    space = hidden_space(network, layer, dataset.points, n_axes=n_axes, coarse=coarse, like=like)
    fields, colours = _answer(space, theme, regression=regression, regions=regions)
    lines = [SheetLine(None, line) for answer in fields for line in _zero_lines(answer)]
    settings = network.settings
    if layer < settings.n_hidden_layers:
        for unit in range(min(settings.layer_sizes[layer + 1], MOST_UNITS)):
            lines += [SheetLine(unit, line) for line in _zero_lines(_as_sheet(space.sheet_sums[:, unit], space))]
    return HiddenMoment(space, coloured(dataset), colours, tuple(lines), regression)


def moment_of(
    network: Network,
    dataset: Dataset,
    wanted: tuple[str, str],
    theme: Theme,
    *,
    regression: bool,
    regions: bool,
    coarse: bool = False,
    like: Mapping[int, Axes] | None = None,
) -> HiddenMoment | None:
    """Return what is drawn of the hidden layer that is wanted, see :func:`hidden_moment`; None where there is none.

    Parameters
    ----------
    wanted : tuple of str
        Entries of :data:`model.explain.hidden_choice.HIDDEN_LAYERS` and HIDDEN_AXES.
    """
    layer = layer_of(network.settings, wanted[0])
    if layer is None:
        return None
    n_axes = n_axes_of(network.settings, layer, wanted[1])
    return hidden_moment(
        network, dataset, layer, n_axes, theme, regression=regression, regions=regions, coarse=coarse, like=like
    )


def _answer(
    space: HiddenSpace, theme: Theme, *, regression: bool, regions: bool
) -> tuple[list[Array], NDArray[np.uint32]]:
    """Return fields over the sheet that are 0 where the network's answer changes, and the answer's colours."""
    with np.errstate(over="ignore"):
        outputs = space.sheet_outputs.T.astype(np.float32)
    if regression:
        values = _as_sheet(outputs[0], space)
        return [values], value_image(values, theme, bands=regions)
    with np.errstate(all="ignore"):
        output = OUTPUT_ACTIVATIONS[space.network.settings.output_activation]
        flat = np.array(output.class_probabilities(outputs))
    probabilities = np.stack([_as_sheet(row, space) for row in flat])
    return class_margins(probabilities), probability_image(probabilities, theme, regions=regions)


def _as_sheet(values: NDArray[_T], space: HiddenSpace) -> NDArray[_T]:
    return values.reshape(*space.sheet_shape, *values.shape[1:])


def _zero_lines(values: Array) -> list[FloatArray]:
    """Return the lines on which a field over the sheet is 0, in columns and rows; none where it is not finite."""
    if len(values) < 2:
        return []
    if not np.isfinite(values).all() or not values.min() < 0.0 < values.max():
        return []
    contours = contourpy.contour_generator(z=values, line_type=contourpy.LineType.Separate)
    return [np.asarray(line, dtype=np.float64) for line in contours.lines(0.0)]
