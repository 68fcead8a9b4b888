"""What the columns of a table look like: numbers or words, how many are different, whether they tell rows apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from model.data.dataset import MAX_CLASSES
from model.table.errors import quoted
from model.table.numbers import NO_CLASS, is_missing
from model.table.text import Table
from model.types import FloatArray, counted

FEWEST_ROWS = 5
"""Of fewer nothing is said but what their names say: whether they differ, or rise as a curve does."""

_INDEX_NAMES = (
    *("id", "index", "idx", "number", "nummer", "no", "nr", "lfdnr", "zeile", "sample", "obs", "observation"),
    *("row", "rowid", "rowname", "rownames", "rownumber", "rowno"),
)
_QUANTITIES = frozenset(
    (
        *("time", "zeit", "temps", "tiempo", "tempo", "timestamp", "elapsed", "year", "jahr", "month"),
        *("monat", "week", "woche", "day", "tag", "hour", "hours", "stunde", "minute", "minutes", "second"),
        *("seconds", "sekunde", "date", "age", "alter", "step", "steps", "schritt", "epoch", "epochs"),
        *("epoche", "iteration", "iterations", "generation", "frame", "temperature", "temperatur", "temp"),
        *("pressure", "druck", "voltage", "spannung", "current", "strom", "power", "frequency", "frequenz"),
        *("wavelength", "wellenlänge", "energy", "energie", "dose", "dosis", "speed", "distance", "abstand"),
        *("depth", "tiefe", "height", "höhe", "length", "länge", "width", "breite", "weight", "position"),
        *("angle", "winkel", "mass", "masse", "volume", "concentration", "price", "preis", "size", "größe"),
    )
)
"""What is measured or set, and may be 1, 2, 3 and so on."""

_COUNTERS = frozenset("ijkn")
"""Letters that count; any other stands for a quantity."""

_UNIT = re.compile(r"[\[(](?!\d+[\])])[^\])]+[\])]|\S\s*/\s*(?:[^\W\d]|[%°])|\sin\s")
_MISSING_CODES = (-99.0, -999.0, -9999.0, -99999.0, -999.9, -999.25, 999.0, 9999.0, 99999.0)
_LOOKED_AT = 1000
_SMOOTH = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """What one column looks like; `name` is in lower case and has only letters and digits."""

    index: int
    name: str
    is_numeric: bool
    is_whole: bool
    n_different: int
    n_filled: int
    is_index: bool
    is_ignored: bool
    mark: str

    @property
    def is_few(self) -> bool:
        """Whether it may be classes: at most 8 different cells, and only whole numbers among numbers."""
        return 0 < self.n_different <= MAX_CLASSES and (self.is_whole or not self.is_numeric)


def columns_of(table: Table) -> list[Column]:
    """Return what each column of a table looks like."""
    seen = [_contents(table, index) for index in range(len(table.columns))]
    n_decimals = sum(is_numeric and not is_whole for is_numeric, is_whole, _, _ in seen)
    columns = []
    for index, (is_numeric, is_whole, n_different, n_filled) in enumerate(seen):
        name = "" if table.name(index) is None else _plain_name(table.columns[index])
        is_index = _is_index(table, index, name, is_whole, n_different, n_decimals)
        mark = table.mark(index)
        columns.append(
            Column(index, name, is_numeric, is_whole, n_different, n_filled, is_index, mark == "ignored", mark)
        )
    return columns


def _contents(table: Table, column: int) -> tuple[bool, bool, int, int]:
    """Return whether cells are numbers, and all whole ones, how many are different, and how many there are at all.

    At least half of the cells that are not missing are numbers in a column of numbers.
    """
    n_rows = len(table.rows)
    if _may_be_numeric(table, column):
        numbers = table.numbers(column)
        is_finite = np.isfinite(numbers)
        finite = numbers[is_finite]
        others = [table.rows[row][column] for row in np.flatnonzero(~is_finite).tolist()]
        n_filled = n_rows - sum(map(is_missing, others))
        if len(finite) and 2 * len(finite) >= n_filled:
            return True, bool(np.all(finite == np.floor(finite))), len(np.unique(finite)), n_filled
    different = table.different(column)
    kinds = [cell for cell in different if cell.lower() not in NO_CLASS]
    return False, False, len(kinds), sum(different[cell] for cell in kinds)


def _may_be_numeric(table: Table, column: int) -> bool:
    """Return whether a quarter of some cells that are not missing are numbers; a column of words is soon told."""
    step = max(1, len(table.rows) // _LOOKED_AT)
    cells = [row[column] for row in table.rows[::step] if not is_missing(row[column])]
    cells = cells or [row[column] for row in table.rows if not is_missing(row[column])][:_LOOKED_AT]
    return 4 * sum(table.is_finite(cell, column) for cell in cells) >= max(1, len(cells))


def _plain_name(name: str) -> str:
    """Return a name in lower case, with letters and digits only, without a unit in brackets."""
    without_unit = re.sub(r"[\[(](?!\d+[\])])[^\])]*[\])]", "", name)
    return re.sub(r"[\W_]", "", without_unit).lower() or re.sub(r"[\W_]", "", name).lower()


def _is_index(table: Table, column: int, name: str, is_whole: bool, n_different: int, n_decimals: int) -> bool:
    """Return whether a column tells the rows apart, and nothing else."""
    n_rows = len(table.rows)
    if says_index(name):
        return is_whole or n_different == n_rows
    if table.mark(column) or not is_whole or _says_quantity(table.name(column) or ""):
        return False
    numbers = table.numbers(column)
    if not np.isfinite(numbers).all() or n_rows < 3:
        return False
    if np.array_equal(numbers, numbers[0] + np.arange(n_rows)):
        return True
    if column > 0 or numbers.min() < 0:
        return False
    if table.has_header and not name:
        return True
    all_differ = n_different == n_rows >= FEWEST_ROWS and n_decimals >= 2
    return all_differ and (not name or bool(numbers.max() < 20 * n_rows))


def says_index(name: str) -> bool:
    """Return whether a name in lower case says that a column numbers the rows."""
    return name in _INDEX_NAMES or name.startswith("unnamed")


def _says_quantity(name: str) -> bool:
    """Return whether a name says that a column is of something that is measured: a word, a letter, or with a unit."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", _UNIT.split(name)[0]))
    if any(says_index(word.lower()) for word in words):
        return False
    is_letter = len(words) == 1 and len(words[0]) == 1 and words[0].lower() not in _COUNTERS
    return is_letter or _UNIT.search(name) is not None or not _QUANTITIES.isdisjoint(map(str.lower, words))


def missing_codes(table: Table, columns: Iterable[int]) -> tuple[str, ...]:
    """Return sentences on numbers that stand far from all others, as programs write what is missing: -999."""
    said = []
    for column in columns:
        numbers = table.numbers(column)
        is_code = np.isin(numbers, _MISSING_CODES)
        others = numbers[~is_code & np.isfinite(numbers)]
        if not is_code.any() or not len(others):
            continue
        code, low, high = float(numbers[is_code][0]), float(others.min()), float(others.max())
        if max(low - code, code - high) > 3.0 * (high - low):
            n_codes = counted(int(is_code.sum()), "number")
            said.append(f"{n_codes} of {table.title(column)} may stand for what is missing: {code:g}")
    return tuple(said)


def alike_but_for_case(table: Table, column: int) -> tuple[str, ...]:
    """Return a sentence on two classes whose names differ in nothing but capitals: Yes and yes."""
    known: dict[str, str] = {}
    for cell in table.different(column):
        other = known.setdefault(cell.casefold(), cell)
        if other != cell and len(known) <= MAX_CLASSES:
            return (f"{quoted(other)} and {quoted(cell)} are two classes, and may be one",)
    return ()


def follows(xs: FloatArray, ys: FloatArray) -> bool:
    """Return whether y follows from x: x only rises or falls, or neighbours over x have similar heights."""
    both = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[both], ys[both]
    if len(xs) < FEWEST_ROWS:
        return True
    steps = np.diff(xs)
    if (steps > 0).all() or (steps < 0).all():
        return True
    in_order = ys[np.argsort(xs, kind="stable")]
    with np.errstate(over="ignore", invalid="ignore"):
        # Von Neumann's ratio: 1 where neighbours have nothing to do with each other, 0 for a smooth curve.
        spread = np.mean((ys - ys.mean()) ** 2)
        return bool(spread > 0.0 and np.mean(np.diff(in_order) ** 2) / (2.0 * spread) < _SMOOTH)
