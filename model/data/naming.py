"""Naming: what a person calls coordinates, values and classes, and the person's own units for them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

import numpy as np

from model.types import FloatArray, is_number, shown

MAX_CLASSES = 8

MAX_NAME = 1_000
"""The most characters of a name."""

MAX_TYPED_NAME = 100
"""The most characters of a name that a person types."""

_MOST_DECIMALS, _DECIMALS_TRIED = 330, 20

Numbers = TypeVar("Numbers", float, FloatArray)


@dataclass(frozen=True, slots=True)
class Axis:
    """One quantity of a person: its name, and the straight line between its numbers and those of the program.

    Parameters
    ----------
    name : str
        Empty where it has none of its own.
    middle : float
        The person's number where the program has 0.
    unit : float
        How much of the person's a 1 of the program's is, above 0.

    Raises
    ------
    ValueError
        If the name is no text or too long, a number is not finite, or the unit is not above 0.
    """

    name: str = ""
    middle: float = 0.0
    unit: float = 1.0

    def __post_init__(self) -> None:
        _check_name("the name of an axis", self.name)
        for what, value in (("middle", self.middle), ("unit", self.unit)):
            if not is_number(value):
                raise ValueError(f"{what} must be a finite number; got {shown(value)}")
            object.__setattr__(self, what, float(value))
        if self.unit < np.finfo(np.float64).tiny:
            raise ValueError(f"unit must be above 0; got {self.unit}")

    @property
    def is_scaled(self) -> bool:
        """Whether the person's numbers are others than the program's."""
        return (self.middle, self.unit) != (0.0, 1.0)

    def shown(self, values: Numbers) -> Numbers:
        """Return numbers of the program in the person's units."""
        return values * self.unit + self.middle if self.is_scaled else values

    def placed(self, values: Numbers) -> Numbers:
        """Return numbers of the person in the program's units."""
        return (values - self.middle) / self.unit if self.is_scaled else values

    def written(self, values: FloatArray) -> FloatArray:
        """Return numbers of the program in the person's units, each the shortest that is placed where it was.

        Notes
        -----
        What a person wrote with no more digits than a number can have beside the axis's middle comes back as it was:
        5.1, not 5.1000000000000005. Where rounding leaves no such number, it is that of :meth:`shown`.
        """
        if not self.is_scaled:
            return values
        exact: FloatArray = np.asarray(self.shown(values), dtype=np.float64)
        found: FloatArray = exact.copy()
        missing = np.arange(len(values))
        step = np.log10(self.unit) + np.log10(np.spacing(np.abs(values).max(initial=1.0)))
        coarsest = min(-int(np.floor(step)) - 2, _MOST_DECIMALS)
        below, above = (np.nextafter(exact, end) for end in (-np.inf, np.inf))
        for numbers, decimals in (
            *((exact, decimals) for decimals in range(coarsest, coarsest + _DECIMALS_TRIED)),
            *((numbers, None) for numbers in (below, above)),
        ):
            if not len(missing):
                break
            tried = numbers[missing]
            if decimals is not None:
                tried = np.array([round(number, decimals) for number in tried.tolist()])
            with np.errstate(over="ignore"):
                is_there = self.placed(tried) == values[missing]
            found[missing[is_there]] = tried[is_there]
            missing = missing[~is_there]
        return found

    def rescaled(self, factor: float) -> Axis:
        """Return the axis of a quantity that has `factor` times as large numbers in the program."""
        return replace(self, unit=self.unit / factor)


@dataclass(frozen=True, slots=True)
class Naming:
    """What a data set is called by the person whose it is, and in which units it is shown.

    Parameters
    ----------
    x1, x2 : Axis
        The coordinates: what is shown where the plane has 0, and for 1 of the plane.
    value : Axis
        The labels: what they are called together, such as "species", and of values or the heights of a curve also their
        units; 1 is a value of 1, or a height of 1. A curve has its x in `x1`, its height here, and no `x2`.
    classes : tuple of str
        The names of the first classes, or of all; the others have letters. Names at the end that are the letters are
        left out.

    Raises
    ------
    ValueError
        If a name is empty, too long, or that of two classes, or there are more than 8.
    """

    x1: Axis = field(default_factory=Axis)
    x2: Axis = field(default_factory=Axis)
    value: Axis = field(default_factory=Axis)
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        classes = list(self.classes)
        if len(classes) > MAX_CLASSES:
            raise ValueError(f"there may be {MAX_CLASSES} names of classes; got {len(classes):,}")
        for name in classes:
            _check_name("the name of a class", name)
            if not name.strip():
                raise ValueError("a class needs a name")
            if classes.count(name) > 1:
                raise ValueError(f"two classes are called {shown(name)}")
        while classes and classes[-1] == class_letter(len(classes) - 1):
            classes.pop()
        object.__setattr__(self, "classes", tuple(classes))

    @property
    def is_plain(self) -> bool:
        """Whether nothing has a name or a unit of its own."""
        return self == PLAIN

    @property
    def is_scaled(self) -> bool:
        """Whether any of the person's numbers are others than the program's."""
        return self.x1.is_scaled or self.x2.is_scaled or self.value.is_scaled

    def class_names(self, n_classes: int) -> tuple[str, ...]:
        """Return a different name for each of `n_classes` classes: a letter for those that have no name.

        It is the letter of its place, A for the first class, or where a class before has that the first one that is
        free.
        """
        return _class_names(self.classes, n_classes)


@lru_cache(maxsize=64)
def _class_names(given: tuple[str, ...], n_classes: int) -> tuple[str, ...]:
    """Return the names of :meth:`Naming.class_names`, which all that shows points asks for again and again."""
    names = list(given[:n_classes])
    for index in range(len(names), n_classes):
        taken = {*given, *names}
        letters = (class_letter(index), *map(class_letter, range(2 * n_classes)))
        names.append(next(letter for letter in letters if letter not in taken))
    return tuple(names)


def typed_name(text: str) -> str:
    """Return a name that a person typed, in one line.

    Raises
    ------
    ValueError
        If it is longer than anybody could read where it is shown.
    """
    name = " ".join(text.split())
    if len(name) > MAX_TYPED_NAME:
        raise ValueError(f"a name has at most {MAX_TYPED_NAME} characters; got {len(name)}")
    return name


def class_letter(class_index: int) -> str:
    """Return the letter of a class: A for 0."""
    return chr(ord("A") + class_index)


def _check_name(what: str, name: object) -> None:
    """Raise a ValueError that says what is named unless `name` is a text that is not too long."""
    if not isinstance(name, str) or len(name) > MAX_NAME:
        raise ValueError(f"{what} must be text of at most {MAX_NAME:,} characters; got {shown(name)}")


PLAIN = Naming()
"""Nothing has a name of its own, and all numbers are the program's."""
