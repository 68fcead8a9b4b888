"""What is read of a text that is no plain table, and how such a text is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows of a text that is not written as a plain table.

    Attributes
    ----------
    what : str
        What it is, such as "an ARFF file".
    rows : list of tuple of str
    lines : list of int
        The line of each row, from 1.
    names : tuple of str or None
        Those of the columns.
    marks : tuple of str
        What the text says of each column: "class", "ignored" or "".
    """

    what: str
    rows: list[tuple[str, ...]]
    lines: list[int]
    names: tuple[str, ...] | None = None
    marks: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A way to write points that is no plain table: how it is known by its text, and what makes rows of that."""

    beginning: re.Pattern[str]
    read: Callable[[str], Parsed | None]
