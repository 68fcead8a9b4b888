"""Curve shapes: a registry of functions of x through which the points of a curve are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.data.dataset import CURVE_LIMIT
from model.data.formula import Formula
from model.types import FloatArray

CURVE_EXTENT = 5.5
"""The points of a curve are drawn from -5.5 to 5.5."""

_CUBIC_NOISE = 0.15
_CHECKED_PLACES = 1_101


@dataclass(frozen=True, slots=True)
class CurveShape:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`CURVE_SHAPES`.
    label, tip : str
        What the gallery shows.
    heights : callable
        ``heights(x)`` returns y, of the shape of x.
    spread : float
        Standard deviation of the normal noise that always is in its y.
    """

    name: str
    label: str
    tip: str
    heights: Callable[[FloatArray], FloatArray]
    spread: float = 0.0


def _expit(z: FloatArray) -> FloatArray:
    """Return the logistic function, which overflows nowhere in this form."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))


def _parabola(x: FloatArray) -> FloatArray:
    return np.asarray(2.0 * (x / CURVE_EXTENT) ** 2 - 1.0)


def _cubic(x: FloatArray) -> FloatArray:
    u = x / CURVE_EXTENT
    return np.asarray(2.0 * u**3 - u)


CURVE_SHAPES: dict[str, CurveShape] = {
    entry.name: entry
    for entry in (
        CurveShape("line", "Line", "y rises evenly with x.", lambda x: x / CURVE_EXTENT),
        CurveShape("parabola", "Parabola", "A bowl: y falls and rises with the square of x.", _parabola),
        CurveShape("sine_wave", "Sine wave", "y = sin(x).", np.sin),
        CurveShape("step", "Step", "y is 0 left of the middle, 1 right of it.", lambda x: np.where(x < 0.0, 0.0, 1.0)),
        CurveShape("sinc", "Sinc", "y = sin(πx) / πx: a peak with waves that die away.", np.sinc),
        CurveShape(
            "noisy_cubic",
            "Noisy cubic",
            "A cubic whose y is noisy whatever the noise below: with few points a network learns the noise.",
            _cubic,
            _CUBIC_NOISE,
        ),
        CurveShape(
            "two_sigmoids",
            "Two sigmoids",
            "y = sigmoid(2x + 3) − sigmoid(2x − 3): two hidden neurons can draw it exactly.",
            lambda x: _expit(2.0 * x + 3.0) - _expit(2.0 * x - 3.0),
        ),
        CurveShape(
            "gate",
            "Gate",
            "y = sigmoid(100x) − sigmoid(100x − 150): two steep sigmoids, 1 between 0 and 1.5 and 0 elsewhere.",
            lambda x: _expit(100.0 * x) - _expit(100.0 * x - 150.0),
        ),
    )
}
"""Every shape, by name, in the order of the gallery. The sums of two sigmoids are those of seed 003."""


def curve_rule_formula(text: str) -> Formula:
    """Return the formula of a typed curve, of x that may be written x1; call it with x twice.

    Raises
    ------
    ValueError
        If `text` is not a formula of x, or has no height on the plane; the message is for the person who typed it.
    """
    formula = Formula(text, names=("x", "x1"))
    if not len(_checked_places(formula)):
        raise ValueError(f"y = {formula.text} is nowhere −{CURVE_LIMIT:g} to {CURVE_LIMIT:g}, so it has no points")
    return formula


def on_plane(formula: Formula, x: FloatArray) -> FloatArray:
    """Return those x at which a curve is a number and on the plane, -1.5 to 1.5."""
    heights = formula.raw(x, x)
    return x[np.isfinite(heights) & (np.abs(heights) <= CURVE_LIMIT)]


def places_on_plane(formula: Formula, generator: np.random.Generator, n_places: int) -> FloatArray:
    """Draw `n_places` of x evenly from where a curve is on the plane; fewer only where that is next to nowhere."""
    drawn = generator.uniform(-CURVE_EXTENT, CURVE_EXTENT, 20 * n_places)
    return np.concatenate([on_plane(formula, drawn), _checked_places(formula)])[:n_places]


def _checked_places(formula: Formula) -> FloatArray:
    return on_plane(formula, np.linspace(-CURVE_EXTENT, CURVE_EXTENT, _CHECKED_PLACES))
