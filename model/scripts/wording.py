"""What the numbers of a network mean to the person who trained it: names and units of inputs and outputs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from model.data.dataset import Dataset
from model.data.naming import Axis
from model.types import counted

_EXAMPLE_DIGITS = 2
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Wording:
    """Names and units in which a network is used by other programs.

    Attributes
    ----------
    class_names : tuple of str or None
        One for each class; None where outputs are numbers.
    inputs : tuple of Axis
        One for each coordinate of a point; empty: all are plain.
    output : Axis
        Of the value, or the height of a curve; of classes it has only a name.
    """

    class_names: tuple[str, ...] | None = None
    inputs: tuple[Axis, ...] = ()
    output: Axis = field(default_factory=Axis)

    @classmethod
    def of(cls, dataset: Dataset) -> Wording:
        """Return the wording of the points that a network has learned."""
        naming = dataset.naming
        inputs = (naming.x1,) if dataset.is_curve else (naming.x1, naming.x2)
        return cls(None if dataset.is_regression else dataset.class_names, inputs, naming.value)

    @property
    def scales_inputs(self) -> bool:
        """Whether the numbers that a person gives are others than the network's."""
        return any(axis.is_scaled for axis in self.inputs)

    def check(self, n_classes: int, n_coordinates: int) -> None:
        """Raise a ValueError unless it goes with a network that tells classes apart by coordinates of a point."""
        names = self.class_names
        if names is not None and len(names) != n_classes:
            raise ValueError(f"class_names must be {n_classes} names; got {list(names)!r}")
        if self.inputs and len(self.inputs) != n_coordinates:
            raise ValueError(f"{counted(n_coordinates, 'input')} must have as many axes; got {len(self.inputs)}")

    def example(self, places: Sequence[float]) -> list[float]:
        """Return places of the plane, one coordinate after the other, as a person might write them."""
        axes = self.inputs or (Axis(),)
        return [_rounded(axes[index % len(axes)], place) for index, place in enumerate(places)]

    def comments(self, width: int) -> list[str]:
        """Return lines of a script that say what the inputs and the output are called, where they have names."""
        lines: list[str] = []
        if any(axis.name for axis in self.inputs):
            usual = ("x",) if len(self.inputs) == 1 else tuple(f"x{index}" for index in range(1, len(self.inputs) + 1))
            names = (axis.name or other for axis, other in zip(self.inputs, usual, strict=True))
            lines += _comment(f"A point: {', '.join(map(_in_a_line, names))}.", width)
        if self.output.name:
            lines += _comment(f"What is predicted: {_in_a_line(self.output.name)}.", width)
        return lines


PLAIN_WORDING = Wording()
"""Numbers are those of the network, and classes have no names."""


def _rounded(axis: Axis, place: float) -> float:
    """Return a number in the person's units, to a hundredth of the unit."""
    if not axis.is_scaled:
        return place
    return float(round(axis.shown(place), _EXAMPLE_DIGITS - math.floor(math.log10(axis.unit))))


def _in_a_line(name: str) -> str:
    """Return a name without what would end a comment."""
    return "".join(filter(str.isprintable, " ".join(name.split())))[:_LONGEST_NAME]


def _comment(text: str, width: int) -> Iterable[str]:
    return textwrap.wrap(text, width, initial_indent="# ", subsequent_indent="# ")
