"""Features: registries of what the network is given of a point, and formulas that a person types beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.data.dataset import ProblemKind
from model.data.formula import MAX_CHARACTERS, Formula
from model.types import FloatArray

MAX_FEATURES = 12
RAW_FEATURES = ("x1", "x2")
RAW_CURVE_FEATURES = ("x",)
"""The network of a curve is given x, the first coordinate, and formulas of it; of the second it knows nothing."""

_LARGE_RATIO = 5.0
_X1, _X = re.compile(r"\bx1\b"), re.compile(r"\bx\b")


@dataclass(frozen=True, slots=True)
class Feature:
    """One entry of the registry, or one that a person typed.

    Attributes
    ----------
    name : str
        The formula of x1 and x2, or of x alone, which is the key in :data:`FEATURES` or :data:`CURVE_FEATURES`, as
        settings and files write it.
    label, tip : str
        What the window shows.
    formula : Formula
        The same, parsed.
    """

    name: str
    label: str
    tip: str
    formula: Formula

    @property
    def is_of_plane(self) -> bool:
        """Whether it uses x1 or x2, which a curve has not."""
        return not self.formula.used_names.isdisjoint(RAW_FEATURES)

    @property
    def is_of_curve(self) -> bool:
        """Whether it uses x, which only a curve has."""
        return not self.formula.used_names.isdisjoint(RAW_CURVE_FEATURES)

    def values(self, points: FloatArray) -> FloatArray:
        """Return its value at points of shape (n_points, 2), or of shape (n_points, 1) if it is of x alone."""
        return self.formula(*points.T[: len(self.formula.names)])


def _parsed(name: str) -> Formula:
    """Return the formula of a feature: of x alone where it has an x, or no variable at all, else of x1 and x2."""
    of_plane = None if _X.search(name) else Formula(name, RAW_FEATURES)
    return of_plane if of_plane and of_plane.used_names else Formula(name, RAW_CURVE_FEATURES)


def _entry(name: str, tip: str) -> Feature:
    formula = _parsed(name)
    return Feature(name, formula.label, tip, formula)


FEATURES: dict[str, Feature] = {
    entry.name: entry
    for entry in (
        _entry("x1", "The horizontal coordinate."),
        _entry("x2", "The vertical coordinate."),
        _entry("x1**2", "The square of the horizontal coordinate: far left and far right are alike."),
        _entry("x2**2", "The square of the vertical coordinate: far up and far down are alike."),
        _entry("x1*x2", "The product of the coordinates: opposite quadrants are alike."),
        _entry("sin(x1)", "A wave from left to right."),
        _entry("sin(x2)", "A wave from bottom to top."),
    )
}
"""Every feature of classes and values that has a toggle of its own, by name, in the order of the window."""

CURVE_FEATURES: dict[str, Feature] = {
    entry.name: entry
    for entry in (
        _entry("x", "The place along the curve."),
        _entry("x**2", "The square of x: far left and far right are alike."),
        _entry("x**3", "The cube of x: steep far from the middle."),
        _entry("sin(x)", "A wave from left to right."),
    )
}
"""The same for a curve."""

_BY_NAME = FEATURES | CURVE_FEATURES


@lru_cache(maxsize=256)
def feature(name: str) -> Feature:
    """Return the registries' feature of this name, or the one that a typed formula makes.

    Raises
    ------
    ValueError
        If `name` is not a formula of x1 and x2, or of x, or has no finite value, or one beyond 1,000,000, on the plane.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    formula = _parsed(name)
    formula.check_on_plane()
    return Feature(name, formula.label, f"The typed formula {formula.text}.", formula)


def check_features(names: Sequence[str]) -> None:
    """Raise a ValueError unless `names` are 1 to 12 different features, of the plane or of a curve."""
    if isinstance(names, str) or not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"features must be a list of formulas such as x1 or sin(x2); got {names!r}")
    if not names:
        raise ValueError(f"there must be 1 to {MAX_FEATURES} features; got none")
    if len(names) > MAX_FEATURES:
        raise ValueError(f"there must be 1 to {MAX_FEATURES} features; got {len(names)}")
    seen: dict[Formula, str] = {}
    for name in names:
        formula = feature(name).formula
        if formula in seen:
            raise ValueError(f"each feature may be there once; got {seen[formula]!r} and {name!r}")
        seen[formula] = name
    if is_of_curve(names) and any(feature(name).is_of_plane for name in names):
        raise ValueError(f"features are formulas of x1 and x2, or all of x; got {', '.join(names)}")


def is_of_curve(names: Sequence[str]) -> bool:
    """Return whether features are those of a curve: whether one uses x."""
    return any(feature(name).is_of_curve for name in names)


def check_problem(names: Sequence[str], kind: ProblemKind) -> None:
    """Raise a ValueError, one sentence for the person, if one of the features is not of a kind of problem."""
    for entry in map(feature, names):
        if kind == "curve" and entry.is_of_plane:
            raise ValueError(f"the network of a curve is given x alone; write the feature {entry.name} with x")
        if kind != "curve" and entry.is_of_curve:
            raise ValueError(f"a point has the coordinates x1 and x2; write the feature {entry.name} with them")


def translated(names: Sequence[str], kind: ProblemKind) -> dict[str, str | None]:
    """Return what each feature is called for a kind of problem, between the plane and a curve: x1 is x there.

    None stands for what has no place: a formula of x2 along a curve, and one that becomes too long for a formula.
    """
    return {name: _renamed(feature(name), kind) for name in names}


def _renamed(entry: Feature, kind: ProblemKind) -> str | None:
    if kind == "curve":
        return None if "x2" in entry.formula.used_names else _X1.sub("x", entry.name)
    name = _X.sub("x1", entry.name)
    return name if len(name) <= MAX_CHARACTERS else None


def feature_values(names: Sequence[str], points: FloatArray) -> FloatArray:
    """Return what the network is given of each point.

    Parameters
    ----------
    names : sequence of str
        The features.
    points : ndarray of shape (n_points, 2)
        Coordinates x1, x2. For features of x alone it may be of shape (n_points, 1).

    Returns
    -------
    ndarray of shape (n_points, n_features)
        A new float64 array, finite: where a formula has no finite value, it is 0.
    """
    if tuple(names) == RAW_FEATURES:
        return np.array(points, dtype=np.float64)
    values = np.empty((len(points), len(names)))
    for column, name in enumerate(names):
        values[:, column] = feature(name).values(points)
    return values


def spreads(names: Sequence[str], points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the standard deviation of each feature, for standardising.

    Parameters
    ----------
    names : sequence of str
        The features.
    points : ndarray of shape (n_points, 2)
        The training points.

    Returns
    -------
    means, deviations : ndarray of shape (n_features,)
        The deviation is 1 for a feature that is the same everywhere, and the mean 0 where there are no points, so that
        ``(value - mean) / deviation`` never divides by 0.
    """
    if len(points) == 0:
        return np.zeros(len(names)), np.ones(len(names))
    means, deviations = _moments(names, points)
    return means, np.where(deviations > 0.0, deviations, 1.0)


def spreads_differ(names: Sequence[str], points: FloatArray) -> bool:
    """Return whether the largest standard deviation of a feature is more than 5 times the smallest above 0."""
    if len(points) == 0:
        return False
    deviations = _moments(names, points)[1]
    varying = deviations[deviations > 0.0]
    return bool(varying.size and varying.max() > _LARGE_RATIO * varying.min())


def _moments(names: Sequence[str], points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the standard deviation of each feature, of which the latter may be 0."""
    values = feature_values(names, points)
    # Of features near a pole, the squares would overflow; of constant ones, rounding would leave a deviation of 1e-17.
    largest = np.abs(values).max(axis=0)
    largest[largest == 0.0] = 1.0
    scaled = values / largest
    varies = values.min(axis=0) < values.max(axis=0)
    means = np.where(varies, scaled.mean(axis=0) * largest, values[0])
    return means, np.where(varies, scaled.std(axis=0) * largest, 0.0)
