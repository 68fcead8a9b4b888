"""View: how the document is looked at, and what is selected and under the mouse. Nothing of this is part of undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.looks import COLOURINGS, HEIGHTS, REACHES, are_slices
from model import NetworkSettings
from model.data.dataset import PLANE_LIMIT
from model.explain.hidden_choice import HIDDEN_AXES, HIDDEN_LAYERS
from model.landscape.landscape import LEAST_REACH, MOST_REACH, SPANS
from model.network.parts import Selection, Unit, exists
from model.run.snapshot import Plane
from model.types import IntArray, is_number, is_whole
from model.walk.pages import Lit

LeftOut: TypeAlias = Unit | Literal["biases"] | None
"""Without what the output is shown."""

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, None)
"""Steps per second that the speed slider offers; None: as fast as possible."""

DEFAULT_SPEED: float | None = 100
"""At this one a person sees the spiral with which the program begins being learned, in about ten seconds."""

NEW_POINTS = ("train", "test")
"""What a point that a person places is for: to be learned, or to be kept out of training."""

_NUMBERED = tuple(speed for speed in SPEEDS if speed is not None)

SHOWS = ("output", "hidden")
"""What the output panel shows: the network's answer, or where a hidden layer puts the plane."""

EDGES = ("weights", "gradients", "updates")
"""What the edges of the diagram can show."""

LOSS_PAGES = ("curve", "accuracy", "confusion", "landscape")
"""What the loss view shows; values have no confusion matrix, and R² for an accuracy."""

PAGES = ("weights", "formula", "activation", "loss", "along", "course")
"""The pages of the inspector, in their order; which there are depends on what is selected."""

ACTIVATION_AXES = ("a_z", "a_sum", "z_sum")
"""What the plot of the activation shows of each point: a over z, a over x1 + x2, or z over x1 + x2."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """How the document is looked at; not part of undo.

    Attributes
    ----------
    tool : str
        A name of gui.tools.TOOLS.
    current_class : int
        The class of new points in a classification.
    current_value : float
        Their target in a regression, -1 to 1.
    new_points : str
        What new points are for, an entry of NEW_POINTS.
    brush_radius : float
        In data units.
    brush_density : float
        Points that the brush sprays in a second.
    regions : bool
        The output as regions of the likeliest class; otherwise as blended probabilities. In a regression as bands of
        value, otherwise smoothly.
    terms : bool
        Whether the output of a curve shows what each neuron adds to it, and their sum.
    in_space : bool
        Whether the output is shown in 3D, which that of a curve never is.
    height : str
        What its heights are there, an entry of HEIGHTS.
    shows : str
        What the output panel shows, an entry of SHOWS.
    hidden_layer, hidden_axes : str
        Which hidden layer it shows, and along how many axes: entries of
        :data:`model.explain.hidden_choice.HIDDEN_LAYERS` and HIDDEN_AXES.
    colouring : str
        What its colours say there, an entry of COLOURINGS.
    slices : tuple of float
        Where it has slices there, x2, at most MOST_SLICES; none: it is whole.
    sliced_surface : bool
        Whether the surface is seen behind its slices.
    reach : float
        How far from 0 the plane is shown there, an entry of REACHES.
    show_test_points : bool
    mark_wrong : bool
        Whether the output rings the points that the network gets wrong.
    switch_lines : bool
        Whether the output has the lines where the neurons of a layer switch.
    log_loss : bool
    show_penalty : bool
        Whether the loss view has a curve of the loss with the penalty of regularization.
    loss_page : str
        What the loss view shows, an entry of LOSS_PAGES.
    test_confusion : bool
        Whether the confusion matrix counts the test points; otherwise the training points.
    landscape : str
        What spans the plane of the loss landscape, a key of :data:`model.landscape.landscape.SPANS`.
    landscape_weights : tuple of int or None
        The two weights that do so, as positions in the flat vector of parameters; None: none are chosen.
    landscape_seed : int
        Of its random directions.
    landscape_reach : float
        How far it goes, see :class:`model.landscape.landscape.LandscapeSettings`.
    landscape_in_space, log_landscape : bool
        Whether it is shown in 3D, and whether the loss is on a logarithmic scale.
    speed : float or None
        Steps per second, from the first to the last number of SPEEDS; None: as fast as possible.
    edges : str
        What the edges of the diagram show, an entry of EDGES.
    page : str
        The page of the inspector that is shown where there is no room for all of them, an entry of PAGES.
    map_in_space : bool
        Whether the selected neuron's map is shown in 3D.
    activation_axes : str
        What the points of the activation's plot lie over, and how high, an entry of ACTIVATION_AXES.
    activation_derivative, activation_histogram : bool
        What that plot has beside points and curve.
    """

    tool: str = "point"
    current_class: int = 0
    current_value: float = 1.0
    new_points: str = "train"
    brush_radius: float = 0.7
    brush_density: float = 40.0
    regions: bool = False
    terms: bool = True
    in_space: bool = False
    height: str = "likeliest"
    shows: str = "output"
    hidden_layer: str = "last"
    hidden_axes: str = "auto"
    colouring: str = "own"
    slices: tuple[float, ...] = ()
    sliced_surface: bool = True
    reach: float = PLANE_LIMIT
    show_test_points: bool = True
    mark_wrong: bool = False
    switch_lines: bool = False
    log_loss: bool = False
    show_penalty: bool = False
    loss_page: str = "curve"
    test_confusion: bool = False
    landscape: str = "random"
    landscape_weights: tuple[int, int] | None = None
    landscape_seed: int = 0
    landscape_reach: float = 1.0
    landscape_in_space: bool = False
    log_landscape: bool = True
    speed: float | None = DEFAULT_SPEED
    edges: str = "weights"
    page: str = "weights"
    map_in_space: bool = False
    activation_axes: str = "a_z"
    activation_derivative: bool = True
    activation_histogram: bool = True


_CHOICES = {
    "new_points": NEW_POINTS,
    "edges": EDGES,
    "page": PAGES,
    "activation_axes": ACTIVATION_AXES,
    "height": HEIGHTS,
    "shows": SHOWS,
    "hidden_layer": HIDDEN_LAYERS,
    "hidden_axes": HIDDEN_AXES,
    "colouring": COLOURINGS,
    "reach": REACHES,
    "loss_page": LOSS_PAGES,
    "landscape": tuple(SPANS),
}


def _is_speed(speed: float) -> bool:
    return _NUMBERED[0] <= speed <= _NUMBERED[-1]


def known_view(values: Mapping[str, object]) -> dict[str, Any]:
    """Return those of the values that a file may bring into a view: its switches, the speed, and what was chosen."""
    known: dict[str, Any] = {}
    for field in fields(ViewSettings):
        value = values.get(field.name)
        if isinstance(field.default, bool) and isinstance(value, bool):
            known[field.name] = value
    speed = values.get("speed")
    is_known = speed is None or (isinstance(speed, int | float) and is_number(speed) and _is_speed(speed))
    if "speed" in values and is_known:
        known["speed"] = speed
    known |= {name: values[name] for name, offered in _CHOICES.items() if values.get(name) in offered}
    slices = values.get("slices")
    if isinstance(slices, list | tuple) and slices and are_slices(slices):
        known["slices"] = tuple(map(float, slices))
    if values.get("show_confusion") is True:
        # What files said before there was a third page.
        known.setdefault("loss_page", "confusion")
    return known | _known_landscape(values)


def _known_landscape(values: Mapping[str, object]) -> dict[str, Any]:
    """Return what a file may say of the loss landscape in numbers."""
    known: dict[str, Any] = {}
    seed, reach, weights = (values.get(f"landscape_{name}") for name in ("seed", "reach", "weights"))
    if is_whole(seed) and isinstance(seed, int) and seed >= 0:
        known["landscape_seed"] = seed
    if isinstance(reach, int | float) and is_number(reach) and LEAST_REACH <= reach <= MOST_REACH:
        known["landscape_reach"] = float(reach)
    if isinstance(weights, list | tuple) and len(weights) == 2 and all(is_whole(one) and one >= 0 for one in weights):
        known["landscape_weights"] = (int(weights[0]), int(weights[1]))
    return known


class View(QObject):
    """What a person looks at and points at. It knows neither the run nor what can be changed."""

    settings_changed = Signal()
    speed_changed = Signal(object)
    looked_at = Signal(object, object)
    selection_changed = Signal()
    hovered_changed = Signal()
    points_selected = Signal()
    cursor_changed = Signal()
    left_out_changed = Signal()
    lit_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = ViewSettings()
        self._selection: Selection = None
        self._hovered: Selection = None
        self._selected_points: IntArray = np.empty(0, dtype=np.intp)
        self._cursor: tuple[float, float] | None = None
        self._reach = 0.0
        self._left_out: LeftOut = None
        self._lit: Lit | None = None
        self._plane = Plane()

    @property
    def settings(self) -> ViewSettings:
        """How the document is looked at."""
        return self._settings

    def set(self, **changes: Any) -> None:
        """Change how the document is looked at."""
        before, self._settings = self._settings, replace(self._settings, **changes)
        if self._settings.speed != before.speed:
            self.speed_changed.emit(self._settings.speed)
        if self._settings != before:
            self.settings_changed.emit()

    def switch(self, name: str) -> None:
        """Turn a switch of the settings, such as ``regions``, on or off."""
        self.set(**{name: not getattr(self._settings, name)})

    def slower(self) -> None:
        """Train at the next lower speed."""
        now = self._settings.speed
        lower = [speed for speed in _NUMBERED if now is None or speed < now]
        self.set(speed=lower[-1] if lower else now)

    def faster(self) -> None:
        """Train at the next higher speed."""
        now = self._settings.speed
        self.set(speed=next((speed for speed in _NUMBERED if now is not None and speed > now), None))

    # The network

    @property
    def selection(self) -> Selection:
        """The neuron or weight that the inspector shows."""
        return self._selection

    def select(self, selection: Selection) -> None:
        """Show a neuron or weight in the inspector."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    @property
    def hovered(self) -> Selection:
        """The neuron or weight under the mouse."""
        return self._hovered

    def hover(self, hovered: Selection) -> None:
        """Say what is under the mouse; a neuron's map is then made large."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._emit_looked_at()
            self.hovered_changed.emit()

    @property
    def left_out(self) -> LeftOut:
        """Without what the output is shown: a neuron, or "biases"; None: nothing."""
        return self._left_out

    def leave_out(self, left_out: LeftOut) -> None:
        """Show the output without a neuron, or without biases; None: as it is."""
        if left_out != self._left_out:
            self._left_out = left_out
            self.left_out_changed.emit()

    def switch_left_out(self, left_out: LeftOut) -> None:
        """Leave something out, or show the output as it is if just that is left out already."""
        self.leave_out(None if left_out == self._left_out else left_out)

    @property
    def lit(self) -> Lit | None:
        """What of the network and the points is at work in the step that is taken apart; None: none is."""
        return self._lit

    def light(self, lit: Lit | None) -> None:
        """Let a part of the network and of the points stand out, or all as it is."""
        if lit != self._lit:
            self._lit = lit
            self.lit_changed.emit()

    def drop_stale_selection(self, network: NetworkSettings) -> None:
        """Forget a part that is selected, hovered or left out and that the network does not have."""
        if not exists(network, self._hovered):
            self.hover(None)
        if not exists(network, self._selection):
            self.select(None)
        is_there = exists(network, self._left_out) if isinstance(self._left_out, Unit) else network.bias != "none"
        if not is_there:
            self.leave_out(None)

    # The plane

    def look_at(self, plane: Plane) -> None:
        """Say which part of the plane the output view shows."""
        if plane != self._plane:
            self._plane = plane
            self._emit_looked_at()

    def _emit_looked_at(self) -> None:
        hovered = self._hovered
        self.looked_at.emit(self._plane, (hovered.layer, hovered.index) if isinstance(hovered, Unit) else None)

    @property
    def cursor(self) -> tuple[float, float] | None:
        """Where the mouse is on the plane, in data units; None where it is not."""
        return self._cursor

    @property
    def reach(self) -> float:
        """How near to the mouse a data point must be to be meant, in data units."""
        return self._reach

    def set_cursor(self, cursor: tuple[float, float] | None, reach: float = 0.0) -> None:
        """Say where the mouse is on the plane, and how near to it a data point must be to be meant."""
        if (cursor, reach) != (self._cursor, self._reach):
            self._cursor, self._reach = cursor, reach
            self.cursor_changed.emit()

    @property
    def selected_points(self) -> IntArray:
        """Rows of the selected points in the data set that is shown, ascending."""
        return self._selected_points

    def select_points(self, indices: IntArray) -> None:
        """Select these points, and no others."""
        if not np.array_equal(indices, self._selected_points):
            self._selected_points = indices
            self.points_selected.emit()

    @Slot()
    def drop_selected_points(self) -> None:
        """Select no point: others may have the numbers of those that were selected."""
        self.select_points(np.empty(0, dtype=np.intp))

    def select_none(self) -> None:
        """Let the selection go: points, neuron or weight."""
        self.drop_selected_points()
        self.select(None)
