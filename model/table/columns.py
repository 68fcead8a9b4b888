"""Columns of a table: which of them are x1, x2, the label and the set."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from model.data.dataset import CURVE_LIMIT, MAX_CLASSES, PLANE_LIMIT, ProblemKind
from model.table.text import Table, TableError

TEST_WORDS = ("test", "testing", "validation", "valid", "val", "holdout")
TRAINING_WORDS = ("train", "training", "")
YES_WORDS = ("1", "1.0", "true", "yes", "y")
NO_WORDS = ("0", "0.0", "false", "no", "n")
"""What a column of sets may say. Yes means a test point, except in a column whose name contains "train"."""

CLASS_COLUMNS = ("x1", "x2", "class", "set")
VALUE_COLUMNS = ("x1", "x2", "value", "set")
CURVE_COLUMNS = ("x", "y", "set")
"""The columns of the tables that :func:`model.table.points.write_table` writes."""

_X1_NAMES = ("x1", "x", "feature1", "xcoordinate")
_X2_NAMES = ("x2", "y", "feature2", "ycoordinate")
_SET_NAMES = ("set", "split", "subset", "partition", "test", "istest", "train", "istrain", "training")
_VALUE_NAMES = ("value", "values")
_LABEL_NAMES = (
    *("class", "classes", "label", "labels", *_VALUE_NAMES, "target", "targets", "category", "species", "kind"),
    *("type", "group", "diagnosis", "outcome", "result", "y", "z", "t", "c"),
)
_INDEX_NAMES = ("id", "index", "number", "row", "no", "nr")
_N_SAMPLE = 1000
_LEAST_HEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column of a table is which, counted from 0, and whether its numbers are scaled.

    Attributes
    ----------
    x1, x2 : int
    label : int or None
        Classes by name, or values; None: there is none.
    set : int or None
        Which points are for testing; None: all are for training.
    kind : str
        Whether the label is a class or a value; "curve": it does not count, and x2 has the heights y over x1. Without a
        label there are no values, but points of one class.
    scale : bool
        Whether points are scaled to the plane, and values outside -1 to 1 into that range.
    """

    x1: int
    x2: int
    label: int | None
    set: int | None
    kind: ProblemKind
    scale: bool

    def __post_init__(self) -> None:
        if self.label is None and self.kind == "values":
            object.__setattr__(self, "kind", "classes")


@dataclass(frozen=True, slots=True)
class _Column:
    """What one column looks like; `name` is in lower case and has only letters and digits."""

    index: int
    name: str
    is_numeric: bool
    has_few_classes: bool
    is_index: bool


def is_own(table: Table) -> bool:
    """Return whether the columns are those that :func:`model.table.points.write_table` writes."""
    return table.columns in (CLASS_COLUMNS, VALUE_COLUMNS, CURVE_COLUMNS)


def guess_columns(table: Table, *, curve: bool | None = None) -> ColumnChoice:
    """Return which columns are x1, x2, label and set, by their names and by what is in them.

    Parameters
    ----------
    table : Table
    curve : bool, optional
        Whether the points are those of a curve, where that is known; otherwise it is told by the columns.

    Raises
    ------
    TableError
        If there is only one column.

    Notes
    -----
    If the names do not tell, the first two columns of numbers that are not small whole numbers are the coordinates, and
    a column of a few words, or else of a few whole numbers, is the label. Scaling is proposed if a point is outside the
    plane, or all are within 1 of its middle; never for a table that NetCanvas wrote.

    Two columns of numbers, and beside them at most one of sets, are the x and the y of a curve, unless they are called
    x1 and x2, as points of the plane without a label. Then scaling is proposed, too, if no height is beyond 0.25.
    """
    if len(table.columns) < 2:
        raise TableError("the table has 1 column; x1 and x2 need one each, separated by a comma for example")
    columns = _columns(table)
    free = list(columns)

    def take(found: Iterable[_Column]) -> _Column | None:
        column = next(iter(found), None)
        if column is not None:
            free.remove(column)
        return column

    def named(names: Iterable[str]) -> list[_Column]:
        return [column for name in names for column in free if column.name == name]

    x1, x2 = take(named(_X1_NAMES)), take(named(_X2_NAMES))
    sets = take(c for c in named(_SET_NAMES) if _has_sets(table, c.index, (*YES_WORDS, *NO_WORDS)))
    sets = sets or take(c for c in list(free) if _has_sets(table, c.index) and not c.is_numeric)
    set_column = None if sets is None else sets.index
    x_and_y = None if curve is False else _curve_columns([column for column in columns if column is not sets], curve)
    if x_and_y is not None:
        return ColumnChoice(*x_and_y, None, set_column, "curve", _wants_scale(table, *x_and_y, "curve"))
    label = take(named(_LABEL_NAMES))
    # Small whole numbers are more likely classes. A column without numbers gives an error that names a wrong cell.
    likely = sorted(free, key=lambda c: (not c.is_numeric, c.is_index, c.has_few_classes and label is None))
    rest = iter(sorted(likely[: (x1 is None) + (x2 is None)], key=lambda c: c.index))
    x1 = x1 or take(rest)
    x2 = x2 or take(rest)
    label = label or take(_by_likelihood_of_label(free))
    first, second = (0 if column is None else column.index for column in (x1, x2))
    if curve:
        return ColumnChoice(first, second, None, set_column, "curve", _wants_scale(table, first, second, "curve"))
    kind: ProblemKind = "values" if label is not None and _has_values(table, label) else "classes"
    label_column = None if label is None else label.index
    return ColumnChoice(first, second, label_column, set_column, kind, _wants_scale(table, first, second, kind))


def _columns(table: Table) -> list[_Column]:
    names = [re.sub(r"[\W_]", "", name).lower() for name in table.columns]
    if "x0" in names:
        names = [{"x0": "x1", "x1": "x2", "x2": "x3"}.get(name, name) for name in names]
    columns = []
    for index, name in enumerate(names):
        sample = table.cells(index, _N_SAMPLE)
        # More than half is enough, so that a wrong cell is reported as one.
        is_numeric = 2 * sum(map(table.is_number, sample)) > len(sample)
        is_index = name in _INDEX_NAMES or _counts_rows(table, sample)
        columns.append(_Column(index, name, is_numeric, _has_few_classes(table, index), is_index))
    return columns


def _counts_rows(table: Table, sample: list[str]) -> bool:
    """Return whether the cells are whole numbers that go up by 1 from row to row."""
    if len(sample) < 3 or not all(map(table.is_finite, sample)):
        return False
    first = table.number(sample[0])
    return first.is_integer() and all(table.number(cell) == first + row for row, cell in enumerate(sample))


def _has_few_classes(table: Table, column: int) -> bool:
    """Return whether a column has at most 8 different cells, and only whole numbers among its numbers."""
    different = set(table.cells(column))
    if len(different) > MAX_CLASSES:
        return False
    return all(table.number(cell).is_integer() for cell in different if table.is_finite(cell))


def _has_sets(table: Table, column: int, also: Iterable[str] = ()) -> bool:
    """Return whether most cells name a set, and not all of them are empty."""
    words = {*TEST_WORDS, *TRAINING_WORDS, *also}
    sample = [cell.lower() for cell in table.cells(column, _N_SAMPLE)]
    return any(sample) and 2 * sum(cell in words for cell in sample) > len(sample)


def _by_likelihood_of_label(columns: list[_Column]) -> list[_Column]:
    """Return columns of few words first, then few whole numbers, other numbers, other words; of each the last first."""
    chosen = [column for column in columns if not column.is_index]
    return sorted(chosen, key=lambda c: ((c.is_numeric if c.has_few_classes else 2 + (not c.is_numeric)), -c.index))


def _has_values(table: Table, label: _Column) -> bool:
    """Return whether the label is a value, not a class."""
    if label.name == "class" or not label.is_numeric:
        return False
    return label.name in _VALUE_NAMES or not label.has_few_classes


def _curve_columns(columns: list[_Column], is_curve: bool | None) -> tuple[int, int] | None:
    """Return which columns are x and y of a curve; None where there are not just two columns of numbers."""
    if len(columns) != 2 or not all(column.is_numeric for column in columns):
        return None
    first, second = columns
    if {first.name, second.name} == {"x1", "x2"} and not is_curve:
        return None
    return (second.index, first.index) if second.name == "x" or first.name == "y" else (first.index, second.index)


def _wants_scale(table: Table, first: int, second: int, kind: ProblemKind) -> bool:
    """Return whether coordinates do not fit the plane as they are."""
    if is_own(table):
        return False
    if kind == "curve":
        fits = _LEAST_HEIGHT <= _largest(table, second) <= CURVE_LIMIT
        return not (fits and 1.0 < _largest(table, first) <= PLANE_LIMIT)
    return not 1.0 < _largest(table, first, second) <= PLANE_LIMIT


def _largest(table: Table, *columns: int) -> float:
    """Return the largest absolute value of some columns; cells that are not numbers are left out."""
    largest = [0.0]
    for column in columns:
        numbers = table.numbers(column)
        if numbers is None:
            numbers = np.array([table.number(cell) for cell in table.cells(column) if table.is_finite(cell)])
        largest.append(float(np.abs(numbers).max(initial=0.0)))
    return max(largest)
