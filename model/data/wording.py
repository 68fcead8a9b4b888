"""Wording: places, labels and axes of a data set in the names and the units of the person whose it is.

Names come from files and people: what is shown of them is one line, not too long, and does not turn the text around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from math import log10

from model.data.dataset import Dataset
from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.data.naming import Axis, class_letter
from model.numbers import number_text
from model.types import readable, shortened

LONGEST_NAME = 28
"""Characters of a name in a sentence; a longer one is cut."""

_CLEAN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_FIRST_STRONG_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"
_LEAST_UNIT, _MOST_UNIT = 0.1, 100.0
_MOST_DECIMALS, _MOST_WHOLE, _GROUPED = 4, 1e9, 10_000


def name_text(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name as it is written among other words: in one line, cut to `longest` characters.

    One that is read from right to left leaves the order of the words and numbers beside it alone.
    """
    text = shortened(_CLEAN.sub(" ", name).strip(), longest)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_END_OF_ISOLATE}"
    return text


def class_text(dataset: Dataset, class_index: int) -> str:
    """Return what a class is called; one that the data set does not have is a letter."""
    if class_index < dataset.n_classes:
        return name_text(dataset.class_name(class_index))
    return class_letter(class_index)


def value_name(dataset: Dataset) -> str:
    """Return what the values, or the heights of a curve, are called."""
    return name_text(dataset.naming.value.name) or "y"


def plane_axes(dataset: Dataset) -> tuple[Axis, Axis]:
    """Return the axes of the plane, along it and upwards, each with a name; of a curve those of its x and its height.

    They are of places on the plane: the height of a curve is what is upwards there, in units of the person.
    """
    names = (feature(RAW_CURVE_FEATURES[0]).label, "y") if dataset.is_curve else map(_label, RAW_FEATURES)
    x, y = (replace(axis, name=axis.name or name) for axis, name in zip(dataset.axes, names, strict=True))
    return x, y


def letters_of(dataset: Dataset) -> dict[str, str]:
    """Return the quantities of a data set that can have a name, as in its naming, and the letter of each."""
    if dataset.is_curve:
        return {"x1": feature(RAW_CURVE_FEATURES[0]).label, "value": "y"}
    coordinates = {name: feature(name).label for name in RAW_FEATURES}
    return {**coordinates, "value": "y" if dataset.is_regression else "class"}


def _label(name: str) -> str:
    return feature(name).label


def feature_text(name: str, dataset: Dataset | None = None) -> str:
    """Return what a feature is called: a coordinate by the person's name, a formula of coordinates by their letters."""
    if dataset is not None and name in (*RAW_FEATURES, *RAW_CURVE_FEATURES):
        axis = dataset.naming.x2 if name == RAW_FEATURES[1] else dataset.naming.x1
        if axis.name:
            return name_text(axis.name)
    return feature(name).label


def amount_text(axis: Axis, value: float, decimals: int = 2, *, steady: bool = False) -> str:
    """Return a number of the program in the person's units, about as precise as `decimals` of the program's.

    Parameters
    ----------
    steady : bool
        Whether it has zeros at its end, so that its width stays while it changes.
    """
    number, places = axis.shown(value), max(decimals - round(log10(axis.unit)), 0)
    if places > decimals + _MOST_DECIMALS or abs(number) >= _MOST_WHOLE:
        return number_text(number)
    text = grouped(number, places)
    if "." in text and not steady:
        text = text.rstrip("0").rstrip(".")
    return readable("0" if text == "-0" else text)


def unit_along(axes: Sequence[Axis]) -> tuple[float, str]:
    """Return in which unit a length along axes is shown, and what is to be said of it.

    Returns
    -------
    unit : float
        How much of the person's a 1 of the program's is, where that is the same along all axes and such lengths can be
        read; otherwise 1.
    said : str
        A sentence where it is then not in the person's units; otherwise empty.
    """
    units = {axis.unit for axis in axes}
    if len(units) == 1 and (units == {1.0} or _LEAST_UNIT <= min(units) <= _MOST_UNIT):
        return min(units), ""
    parts = (f"{number_text(float(f'{axis.unit:.3g}'))} of {name_text(axis.name) or 'yours'}" for axis in axes)
    return 1.0, f"In units of the plane: 1 is {' and '.join(parts)}."


def grouped(number: float, decimals: int) -> str:
    """Return a number with so many decimals; from 10,000 on its digits are grouped, for 2005 may be a year."""
    return f"{number:,.{decimals}f}" if abs(number) >= _GROUPED else f"{number:.{decimals}f}"


def place_text(dataset: Dataset, place: tuple[float, float], decimals: int = 2) -> str:
    """Return what the network is told of a place: its coordinates, or along a curve x alone."""
    axes = plane_axes(dataset)[: 1 if dataset.is_curve else 2]
    parts = (
        f"{name_text(axis.name)} = {amount_text(axis, value, decimals)}"
        for axis, value in zip(axes, place, strict=False)
    )
    return ", ".join(parts)


def label_text(dataset: Dataset, label: float, decimals: int = 2) -> str:
    """Return what a point is: its class, or its value with what that is called."""
    if isinstance(label, float):
        return f"{value_name(dataset)} = {amount_text(dataset.naming.value, label, decimals)}"
    return f"class {class_text(dataset, label)}"


def units_text(dataset: Dataset) -> str:
    """Return in a sentence what the letters of formulas are of the person's quantities; empty where they are the same.

    Formulas count in units of the plane, as the network does.
    """
    meanings = letter_meanings(dataset)
    if not meanings:
        return ""
    is_scaled = any(axis.is_scaled for axis in (*plane_axes(dataset), dataset.naming.value))
    start = "Formulas count in units of the plane:" if is_scaled and not dataset.is_curve else "In formulas"
    return f"{start} {', '.join(meanings.values())}."


def letter_meanings(dataset: Dataset) -> dict[str, str]:
    """Return for each letter of formulas, such as x1, what it is of the person's: ``x₁ = (length − 3.7) / 0.6``.

    Letters that are the person's numbers themselves, without another name, are not among them.
    """
    naming = dataset.naming
    if dataset.is_curve:
        quantities = {"x": naming.x1, "y": naming.value}
    else:
        quantities = {"x1": naming.x1, "x2": naming.x2, **({"y": naming.value} if dataset.is_regression else {})}
    labels = {letter: feature(letter).label if letter != "y" else letter for letter in quantities}
    return {
        letter: f"{labels[letter]} = {_placed_text(axis)}"
        for letter, axis in quantities.items()
        if axis.is_scaled or axis.name not in ("", labels[letter])
    }


def _placed_text(axis: Axis) -> str:
    """Return how a number of the program comes from the person's."""
    name = name_text(axis.name) or "your number"
    if axis.middle:
        name = f"({name} {'+' if axis.middle < 0 else '−'} {number_text(abs(axis.middle))})"
    return name if axis.unit == 1.0 else f"{name} / {number_text(axis.unit)}"
