"""The lines of a curve's picture: what the network says, what each neuron adds to it, and their sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.document.pins import PinnedRun
from gui.items.surface_item import drawn_once, surface_lines
from gui.theme import Theme, mixed
from model.data.dataset import CURVE_UNIT
from model.network.parts import Unit, unit_name
from model.numbers import number_text
from model.run.network_curve import Curve
from model.run.snapshot import Plane, Snapshot
from model.types import FloatArray, readable

MOST_STRONG_TERMS = 12
"""More terms than these are paler, so that the curve is seen among them."""

_DASHES = (5.0, 3.0)
_SUM_DASHES = (1.0, 2.0)
_FINE_DASHES = (2.0, 2.0)
_PALE = 0.55
_WIDTH_OF_UNIT = 1.6
_NOTHING = 1e-12
_BEYOND = 10.0
"""How far lines go on above and below what is seen, in its heights."""


@dataclass(frozen=True, slots=True, eq=False)
class CurveLine:
    """One line.

    Attributes
    ----------
    vertices : ndarray of shape (n_places, 2)
        On the plane; broken where one is not finite.
    pen : QPen
        In pixels, or in the units of a page.
    text : str
        What it is, in a few words.
    unit : Unit or None
        The neuron whose line it is; None: the network's.
    """

    vertices: FloatArray
    pen: QPen
    text: str
    unit: Unit | None = None


def curve_pen(theme: Theme, width: float) -> QPen:
    """Return the pen of what the network says."""
    return _pen(theme.text, width)


def sum_pen(theme: Theme, width: float = 1.0) -> QPen:
    """Return the pen of the sum of all terms, before the output's activation."""
    return _pen(theme.muted, width, _SUM_DASHES)


def term_pen(theme: Theme, weight: float, width: float = 1.0, paleness: float = 0.0) -> QPen:
    """Return the pen of what a neuron adds: in the colour of its weight's sign, as its edge has it."""
    colour = theme.negative if weight < 0 else theme.positive
    return _pen(mixed(colour, theme.panel, paleness), width, _DASHES)


def _pen(colour: QColor, width: float, dashes: Sequence[float] = ()) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def answer_line(snapshot: Snapshot) -> FloatArray:
    """Return what the network of a curve says, on the plane, an ndarray of shape (n_places, 2); empty of another."""
    curve = snapshot.curve
    return np.empty((0, 2)) if curve is None else _on_plane(curve.x, curve.y, snapshot.surface.plane)


def answer_lines(snapshot: Snapshot) -> list[FloatArray]:
    """Return what draws an answer in lines alone: its curve, or its boundaries, each of shape (n_vertices, 2)."""
    return [answer_line(snapshot)] if snapshot.curve is not None else drawn_once(surface_lines(snapshot.surface))


def curve_lines(snapshot: Snapshot, theme: Theme, *, terms: bool, width: float) -> list[CurveLine]:
    """Return the lines of a moment of a curve, the last to be drawn on top of the others.

    Parameters
    ----------
    snapshot : Snapshot
        Of a curve; there are none otherwise.
    theme : Theme
    terms : bool
        Whether to show what each neuron of the last hidden layer adds, and their sum where it is not what is said.
    width : float
        Of what the network says.
    """
    curve = snapshot.curve
    if curve is None:
        return []
    lines = [*_terms(snapshot, curve, theme), *_sum(snapshot, curve, theme)] if terms else []
    return [*lines, CurveLine(answer_line(snapshot), curve_pen(theme, width), "y, what the network says")]


def unit_line(snapshot: Snapshot, unit: Unit, theme: Theme) -> CurveLine | None:
    """Return the line of a neuron's activation; None where there is no curve, or that neuron is the output itself."""
    curve, settings = snapshot.curve, snapshot.network.settings
    if curve is None or unit.layer == len(settings.layer_sizes) - 1:
        return None
    vertices = _on_plane(curve.x, curve.layers[unit.layer][unit.index], snapshot.surface.plane)
    text = f"a of {unit_name(settings, unit, snapshot.moment.dataset)}"
    return CurveLine(vertices, _pen(theme.accent, _WIDTH_OF_UNIT), text, unit)


def without_line(snapshot: Snapshot, theme: Theme) -> CurveLine:
    """Return the line of what the network says, as it is drawn beside what it says without something."""
    return CurveLine(answer_line(snapshot), _pen(theme.text, 1.0, _DASHES), "y as it is")


def residual_line(snapshot: Snapshot, place: tuple[float, float], theme: Theme) -> CurveLine:
    """Return the way from a place to what the network says there, on the plane."""
    x, height = place
    with np.errstate(all="ignore"):
        said = float(snapshot.network.predict([place])[0, 0])
    ends = _on_plane(np.array([x, x]), np.array([height / CURVE_UNIT, said]), snapshot.surface.plane)
    off = readable(f"{said - height / CURVE_UNIT:+.3g}")
    return CurveLine(ends, _pen(theme.accent, 1.0), f"y is {off} off the probe")


def pinned_lines(runs: Sequence[PinnedRun], theme: Theme) -> list[CurveLine]:
    """Return the line of each pinned run, in the colour that the table of runs gives it; those of curves alone."""
    return [
        CurveLine(answer_line(run.snapshot), _pen(theme.run_colour(place), 1.0, _FINE_DASHES), run.name)
        for place, run in enumerate(runs)
        if run.snapshot.curve is not None
    ]


def line_at(lines: Sequence[CurveLine], place: tuple[float, float], reach: float) -> CurveLine | None:
    """Return the line nearest to a place of the plane, None where none is within `reach`, in data units."""
    nearest, least = None, reach
    for line in reversed(lines):
        distance = _distance(line.vertices, place)
        if distance < least:
            nearest, least = line, distance
    return nearest


def _terms(snapshot: Snapshot, curve: Curve, theme: Theme) -> list[CurveLine]:
    settings = snapshot.network.settings
    layer, paleness = len(settings.layer_sizes) - 2, 0.0 if len(curve.terms) <= MOST_STRONG_TERMS else _PALE
    above, below = (term_pen(theme, sign, paleness=paleness) for sign in (1.0, -1.0))
    places = _on_plane(np.broadcast_to(curve.x, curve.terms.shape), curve.terms, snapshot.surface.plane)
    lines = []
    for index, (weight, vertices) in enumerate(zip(snapshot.network.weights[-1][:, 0].tolist(), places, strict=True)):
        unit = Unit(layer, index)
        text = readable(f"{number_text(weight, 3)} · {unit_name(settings, unit)}")
        lines.append(CurveLine(vertices, below if weight < 0 else above, text, unit))
    return lines


def _sum(snapshot: Snapshot, curve: Curve, theme: Theme) -> list[CurveLine]:
    """Return the line of the sum, unless that is what the network says."""
    if snapshot.network.settings.output_activation == "linear":
        return []
    sign = "−" if curve.bias < 0 else "+"
    bias = "" if abs(curve.bias) < _NOTHING else f" {sign} {number_text(abs(curve.bias), 3)}"
    vertices = _on_plane(curve.x, curve.z, snapshot.surface.plane)
    return [CurveLine(vertices, sum_pen(theme), f"z, the sum of the dashed lines{bias}")]


def _on_plane(x: FloatArray, heights: FloatArray, plane: Plane) -> FloatArray:
    """Return where lines are, of one more dimension: far above and below a part of the plane that is seen they end."""
    beyond = _BEYOND * (plane.y_max - plane.y_min)
    return np.stack([x, np.clip(heights * CURVE_UNIT, plane.y_min - beyond, plane.y_max + beyond)], axis=-1)


def _distance(vertices: FloatArray, place: tuple[float, float]) -> float:
    """Return how far a place is from a polyline."""
    starts, ways = vertices[:-1] - place, np.diff(vertices, axis=0)
    with np.errstate(all="ignore"):
        shares = np.clip(-(starts * ways).sum(axis=1) / (ways * ways).sum(axis=1), 0.0, 1.0)
        distances = np.hypot(*(starts + shares[:, np.newaxis] * ways).T)
    return float(np.min(distances, where=np.isfinite(distances), initial=np.inf))
