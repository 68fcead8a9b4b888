"""Building: a relief of what is shown of a moment, in the colours that are wished for, with its slices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gui.items.space.colouring import blended, cells_of, height_colours, label_colours, nearest_labels
from gui.items.space.relief import Look, Relief
from gui.items.space.shown import Several, Shown, is_value, neurons_of
from gui.items.space.slices import Slice, places_of, slice_heights
from gui.items.space.surfaces import of_answer, of_neurons, own_colours
from gui.items.surface_item import faded
from gui.theme import Theme
from model.data.dataset import TARGET_LIMIT
from model.data.wording import amount_text, name_text, plane_axes
from model.run.snapshot import Snapshot
from model.types import FloatArray, IntArray, LabelArray, readable

_SEVERAL, _BEHIND_SLICES = 0.72, 0.25
"""How opaque surfaces are where there are several, and where there are slices, too."""

_SHADES = 24
"""Of slices whose colour follows their height: a line for each of them is enough."""

_SHADE = 0.2
"""How much of a slice's colour is the text's, so that a pale one is seen on the panel."""

_LONGEST_NAME = 18
_FIRST_LOOK = Look()


def relief_of(snapshot: Snapshot, shown: Shown, theme: Theme, look: Look = _FIRST_LOOK) -> Relief:
    """Return what is shown of a moment."""
    if neurons_of(shown) and not is_value(snapshot.network.settings, shown, regression=snapshot.is_regression):
        relief = of_neurons(snapshot, shown, theme)
    else:
        relief = of_answer(snapshot, shown, theme, regions=look.regions)
    x1, x2 = plane_axes(snapshot.moment.dataset)
    relief = replace(relief, axes=(x1.name, x2.name), units=(x1, x2, relief.units[2]))
    labels = nearest_labels(snapshot.moment.dataset, relief.plane) if look.colouring == "class" else None
    relief = _coloured(relief, snapshot, theme, look, labels)
    drawn = tuple(at for at in look.slices if relief.plane.y_min <= at <= relief.plane.y_max)
    if drawn and relief.sheets:
        relief = replace(relief, slices=_slices(relief, snapshot, shown, theme, replace(look, slices=drawn), labels))
    opacity = 1.0 if len(relief.sheets) == 1 else _SEVERAL
    if look.slices:
        opacity = _BEHIND_SLICES if look.surface else 0.0
    return replace(relief, opacity=opacity)


def _coloured(relief: Relief, snapshot: Snapshot, theme: Theme, look: Look, labels: LabelArray | None) -> Relief:
    """Return a relief in the colours that are wished for; its own where there is no point whose class they could be."""
    if look.colouring == "height":
        by_height = [
            replace(sheet, colours=faded(height_colours(sheet.heights, relief.low, relief.high, theme), theme))
            for sheet in relief.sheets
        ]
        return replace(relief, sheets=tuple(by_height), is_coloured_by_height=True)
    if labels is None:
        return relief
    colours = faded(label_colours(labels, theme, regression=snapshot.is_regression), theme)
    by_class = []
    for sheet in relief.sheets:
        n = len(sheet.colours)
        cells = np.arange(n) * len(colours) // n
        by_class.append(replace(sheet, colours=np.ascontiguousarray(colours[np.ix_(cells, cells)])))
    return replace(relief, sheets=tuple(by_class))


def _slices(
    relief: Relief, snapshot: Snapshot, shown: Shown, theme: Theme, look: Look, labels: LabelArray | None
) -> tuple[Slice, ...]:
    """Return the slices of all surfaces; none where something is not finite."""
    regression, places = snapshot.is_regression, places_of(look.slices, relief.plane)
    is_likeliest = shown == "likeliest" and not regression
    with np.errstate(all="ignore"):
        each = slice_heights(snapshot.network, "each" if is_likeliest else shown, places, regression=regression)
    if not np.isfinite(each).all():
        return ()
    heights = each.max(axis=0, keepdims=True) if is_likeliest else each
    classes = each.argmax(axis=0)[np.newaxis] if is_likeliest else np.arange(len(each))[:, np.newaxis, np.newaxis]
    colours = _line_colours(_Curves(places, heights, classes), relief, snapshot, shown, theme, look, labels)
    colours = blended(colours, theme.text, _SHADE)
    names = [_at(snapshot, x2) for x2 in look.slices]
    return tuple(
        Slice(places[row], heights[surface, row], colours[surface, row], relief.sheets[surface].name or names[row])
        for surface in range(len(heights))
        for row in range(len(look.slices))
    )


def _at(snapshot: Snapshot, x2: float) -> str:
    _, axis = plane_axes(snapshot.moment.dataset)
    at = amount_text(axis, x2) if axis.is_scaled else readable(f"{x2:g}")
    return f"{name_text(axis.name, _LONGEST_NAME)} = {at}"


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Slices before they have colours.

    Attributes
    ----------
    places : ndarray of shape (n_slices, n, 2)
    heights : ndarray of shape (n_surfaces, n_slices, n)
    classes : ndarray
        Which class each has the colour of, if it has any; of a shape that goes with that of the heights.
    """

    places: FloatArray
    heights: FloatArray
    classes: IntArray


def _line_colours(
    curves: _Curves,
    relief: Relief,
    snapshot: Snapshot,
    shown: Shown,
    theme: Theme,
    look: Look,
    labels: LabelArray | None,
) -> NDArray[np.uint32]:
    """Return the colours of slices, of the shape of their heights."""
    places, heights, classes = curves.places, curves.heights, curves.classes
    regression, settings = snapshot.is_regression, snapshot.network.settings
    step = (relief.high - relief.low) / _SHADES
    steps = relief.low + (np.floor((heights - relief.low) / step) + 0.5) * step
    if look.colouring == "height":
        return height_colours(steps, relief.low, relief.high, theme)
    if labels is not None:
        last = len(labels) - 1
        column, row = (np.clip(one, 0, last) for one in cells_of(places[..., 0], places[..., 1], relief.plane))
        colours = label_colours(labels[row, column], theme, regression=regression)
        return np.broadcast_to(colours, heights.shape)
    if is_value(settings, shown, regression=regression):
        return label_colours(np.clip(steps, -TARGET_LIMIT, TARGET_LIMIT), theme, regression=True)
    neurons = neurons_of(shown)
    if len(neurons) == 1 and not isinstance(shown, Several):
        return own_colours(snapshot, neurons[0], steps, relief.high, theme)
    if isinstance(shown, int):
        classes = np.array(shown)
    return label_colours(np.broadcast_to(classes, heights.shape), theme, regression=False)
