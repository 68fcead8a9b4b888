"""Arguments: what an action of a lesson is given, as a text in its file, and what that means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf, isfinite
from typing import Protocol, TypeAlias

from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS

Value: TypeAlias = str | float | int | tuple[int, ...] | tuple[str, str] | None
"""What an argument can mean."""

_ON_OFF = {"on": "on", "off": "off"}


class Argument(Protocol):
    """A kind of argument."""

    @property
    def text(self) -> str:
        """What may be written, for the page of the format."""

    def read(self, text: str) -> Value:
        """Return what a text means; raise a ValueError that says what is allowed."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The action is given nothing."""

    text: str = ""

    def read(self, text: str) -> Value:
        """Return None."""
        if text:
            raise ValueError(f"nothing may stand behind it; got {text!r}")
        return None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some names."""

    names: Collection[str]

    @property
    def text(self) -> str:
        """The names."""
        return ", ".join(self.names)

    def read(self, text: str) -> Value:
        """Return the name."""
        if text not in self.names:
            raise ValueError(f"it must be one of {self.text}; got {text!r}")
        return text


@dataclass(frozen=True, slots=True)
class Number:
    """A number from a least to a most."""

    least: float = -inf
    most: float = inf

    @property
    def text(self) -> str:
        """The range."""
        return f"a number{_range(self.least, self.most)}"

    def read(self, text: str) -> Value:
        """Return the number."""
        try:
            value = float(text)
        except ValueError:
            value = inf
        if not (isfinite(value) and self.least <= value <= self.most):
            raise ValueError(f"it must be {self.text}; got {text!r}")
        return value


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from a least to a most; a word may stand for none, and nothing for the usual one."""

    least: int
    most: int
    none: str = ""
    usual: int | None = None

    @property
    def text(self) -> str:
        """The range."""
        word = f", or {self.none}" if self.none else ""
        usual = "" if self.usual is None else f"; {self.usual} where none is given"
        return f"a whole number{_range(self.least, self.most)}{word}{usual}"

    def read(self, text: str) -> Value:
        """Return the number; None for the word."""
        if self.none and text == self.none:
            return None
        if not text and self.usual is not None:
            return self.usual
        if not (text.isascii() and text.isdigit() and len(text) < 12 and self.least <= int(text) <= self.most):
            raise ValueError(f"it must be {self.text}; got {text!r}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many neurons each hidden layer has."""

    text: str = f"up to {MAX_HIDDEN_LAYERS} numbers of neurons, such as 4 4, or none"

    def read(self, text: str) -> Value:
        """Return the numbers."""
        parts = [] if text == "none" else text.replace(",", " ").split()
        are_sizes = all(part.isascii() and part.isdigit() and 1 <= int(part[:6]) <= MAX_UNITS for part in parts)
        if not are_sizes or len(parts) > MAX_HIDDEN_LAYERS or not (parts or text == "none"):
            raise ValueError(f"it must be {self.text}, 1 to {MAX_UNITS} each; got {text!r}")
        return tuple(map(int, parts))


@dataclass(frozen=True, slots=True)
class Neuron:
    """A neuron."""

    text: str = "a neuron as its layer and its place in it, such as h1.2, or none; inputs are layer 0"

    def read(self, text: str) -> Value:
        """Return its layer and its place, both as a person counts; None for none."""
        if text == "none":
            return None
        layer, _, place = text.removeprefix("h").partition(".")
        are_numbers = all(part.isascii() and part.isdigit() and len(part) < 4 for part in (layer, place))
        if not are_numbers or int(place) < 1:
            raise ValueError(f"it must be {self.text}; got {text!r}")
        return int(layer), int(place)


@dataclass(frozen=True, slots=True)
class Switch:
    """A name of some, and whether it is on or off."""

    names: Collection[str]

    @property
    def text(self) -> str:
        """The names."""
        return f"on or off behind one of {', '.join(self.names)}"

    def read(self, text: str) -> Value:
        """Return the name, and "on" or "off"."""
        name, _, state = text.partition(" ")
        if name not in self.names or state.strip() not in _ON_OFF:
            raise ValueError(f"it must be {self.text}; got {text!r}")
        return name, state.strip()


def _range(least: float, most: float) -> str:
    if least == -inf:
        return ""
    return f" of {least:g} or more" if most == inf else f" of {least:,g} to {most:,g}"
