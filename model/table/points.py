"""Points as a table of text: a CSV file, or what a spreadsheet puts on the clipboard.

``read_table`` turns text into cells, ``guess_columns`` says which column is which, ``dataset_of`` turns cells into
points, and ``write_table`` turns points into text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from model.data.dataset import CLASS_LETTERS, CURVE_UNIT, MAX_CLASSES, MIN_CLASSES, TARGET_LIMIT, Dataset
from model.table.columns import (
    CLASS_COLUMNS,
    CURVE_COLUMNS,
    NO_WORDS,
    TEST_WORDS,
    TRAINING_WORDS,
    VALUE_COLUMNS,
    YES_WORDS,
    ColumnChoice,
    guess_columns,
    is_own,
)
from model.table.text import SEPARATORS, Table, TableError, quoted, read_table
from model.types import FloatArray, check_choice, counted, shortened

__all__ = [
    "ColumnChoice",
    "ImportedPoints",
    "Scaling",
    "Table",
    "TableError",
    "dataset_of",
    "guess_columns",
    "read_table",
    "write_table",
]

SCALED_LIMIT = 5.5
"""Points that are scaled to the plane reach from -5.5 to 5.5, so that none is on its edge."""

SCALED_HEIGHT = 1.0
"""The heights of a curve that are scaled reach from -1 to 1, as high as tanh does."""

_MAX_HEIGHT = float(np.finfo(np.float64).max) / CURVE_UNIT

_COLUMNS = {"classes": CLASS_COLUMNS, "values": VALUE_COLUMNS, "curve": CURVE_COLUMNS}
_MAX_ASPECT = 10.0
_ROUNDING = 1e-9

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How the numbers of a table became points of the plane, or of a curve, and values from -1 to 1.

    Attributes
    ----------
    middle, reach : ndarray of shape (2,) or None
        What becomes 0, and how far from it :data:`SCALED_LIMIT` is, for each coordinate; None: they are as they were.
    value_middle, value_reach : float
        Likewise what becomes 0, and how far from it 1 is.
    """

    middle: FloatArray | None = None
    reach: FloatArray | None = None
    value_middle: float = 0.0
    value_reach: float = 1.0

    def points(self, points: FloatArray) -> FloatArray:
        """Return points of shape (n_points, 2) scaled to the plane."""
        if self.middle is None or self.reach is None:
            return points
        with np.errstate(over="ignore"):
            # Divide first: the factor alone could overflow.
            return (points - self.middle) / self.reach * SCALED_LIMIT

    def values(self, values: FloatArray) -> FloatArray:
        """Return values scaled; those beyond the ends become the ends."""
        return np.clip((values - self.value_middle) / self.value_reach, -1.0, 1.0) * TARGET_LIMIT


@dataclass(frozen=True, slots=True)
class ImportedPoints:
    """The points of a table.

    Attributes
    ----------
    dataset : Dataset
    class_names : tuple of str
        One for each class; empty where there are none.
    sentence : str
        What was read and what was changed, for the person who imports.
    scaling : Scaling
        With which other numbers become points of the same plane.
    """

    dataset: Dataset
    class_names: tuple[str, ...]
    sentence: str
    scaling: Scaling = Scaling()


def dataset_of(
    table: Table, choice: ColumnChoice, class_names: Sequence[str] = (), scaling: Scaling | None = None
) -> ImportedPoints:
    """Return the points of a table.

    Parameters
    ----------
    table : Table
    choice : ColumnChoice
    class_names : sequence of str
        Classes that exist already, in their order, for example when points are pasted; other names come after them.
    scaling : Scaling, optional
        That of another table, whose plane the points shall be on; what the choice says of scaling does not count then.

    Raises
    ------
    TableError
        At the first wrong cell, with its line and column; or if there are more than 8 classes.
    ValueError
        If the choice has a column that the table does not have.

    Notes
    -----
    If all names are numbers, classes are in the order of the numbers, otherwise in the order in which the names occur.
    In a table that :func:`write_table` wrote, the letters A to H are the classes 0 to 7, even if some are missing.

    Scaling centres both coordinates and multiplies them by one factor, so that the wider range becomes -5.5 to 5.5 and
    the shape is kept; if one range is more than 10 times the other, each is scaled on its own. If a value is outside
    -1 to 1, values are scaled so that the smallest becomes -1 and the largest 1. Of a curve x and y are scaled each on
    its own, y to heights of -1 to 1.
    """
    for column in (choice.x1, choice.x2, choice.label, choice.set):
        if column is not None and not 0 <= column < len(table.columns):
            raise ValueError(f"columns must be 0 to {len(table.columns) - 1}; got {column!r}")
    coordinates, labels, is_test = _read_cells(table, choice, may_scale=choice.scale or scaling is not None)
    points, notes = np.array(coordinates).T, []
    used = Scaling() if scaling is None else scaling
    if scaling is None and choice.scale:
        used, note = _onto_curve(points) if choice.kind == "curve" else _onto_plane(points)
        notes.append(note)
    points = used.points(points)
    if scaling is None and choice.scale:
        points = np.clip(points, -SCALED_LIMIT, SCALED_LIMIT)  # Of which rounding may miss the last bit.
    names: tuple[str, ...] = ()
    if choice.kind == "curve":
        # Numbers that are scaled reach as far upwards as to the side.
        height = 1.0 if used.middle is None else SCALED_HEIGHT / SCALED_LIMIT
        dataset = Dataset.curve(points * (1.0, height * CURVE_UNIT), is_test)
    elif choice.kind == "values":
        values = np.array(labels, dtype=np.float64)
        if scaling is None and not np.all(np.abs(values) <= TARGET_LIMIT):
            used, note = _into_target_range(used, values)
            notes.append(note)
        n_beyond = int((np.abs(values - used.value_middle) > used.value_reach * (1 + _ROUNDING)).sum())
        notes += [f"{counted(n_beyond, 'value')} beyond the range taken for its end"] if n_beyond else []
        dataset = Dataset(points, used.values(values), is_test, n_classes=0)
    else:
        classes, names = _classes(table, choice.label, [str(label) for label in labels], tuple(class_names))
        dataset = Dataset(points, classes, is_test, len(names))
    return ImportedPoints(dataset, names, _sentence(dataset, names, notes), used)


def _read_cells(
    table: Table, choice: ColumnChoice, *, may_scale: bool
) -> tuple[list[list[float] | FloatArray], list[float] | list[str], list[bool]]:
    """Return both coordinates, the values or class names, and which are test points; raise for the first wrong cell."""
    problems: list[tuple[int, int, str]] = []

    def read(column: int, value_of: Callable[[str], _Value]) -> list[_Value]:
        values: list[_Value] = []
        try:
            for row in table.rows:
                values.append(value_of(row[column]))
        except ValueError as error:
            problems.append((len(values), column, str(error)))
        return values

    def target_of(cell: str) -> float:
        value = table.number(cell)
        if not may_scale and abs(value) > TARGET_LIMIT:
            raise ValueError(f"{quoted(cell)} is outside -1 to 1; let the numbers be scaled")
        return value

    def height_of(cell: str) -> float:
        value = table.number(cell)
        if not may_scale and abs(value) > _MAX_HEIGHT:
            raise ValueError(f"{quoted(cell)} is too large; let the numbers be scaled")
        return value

    def read_numbers(column: int, number_of: Callable[[str], float] = table.number) -> list[float] | FloatArray:
        numbers = table.numbers(column)
        if numbers is None or (number_of is height_of and np.abs(numbers).max(initial=0.0) > _MAX_HEIGHT):
            return read(column, number_of)
        return numbers

    is_curve = choice.kind == "curve"
    coordinates = [read_numbers(choice.x1), read_numbers(choice.x2, height_of if is_curve else table.number)]
    labels: list[float] | list[str] = [CLASS_LETTERS[0]] * len(table.rows)
    if choice.label is not None and not is_curve:
        labels = read(choice.label, target_of) if choice.kind == "values" else read(choice.label, _name_of)
    is_test = [False] * len(table.rows)
    if choice.set is not None:
        is_test = read(choice.set, _set_reader(table.columns[choice.set]))
    if problems:
        row, column, wrong = min(problems)
        raise TableError(f"{table.place(row, column)}: {wrong}")
    return coordinates, labels, is_test


def _name_of(cell: str) -> str:
    name = cell.strip()
    if not name:
        raise ValueError("the cell is empty; every point needs a class")
    return name


def _set_reader(column_name: str) -> Callable[[str], bool]:
    """Return a function that tells whether a cell marks a test point; in a column "train", yes means training."""
    yes_is_test = "train" not in column_name.lower()
    meaning = {
        **dict.fromkeys(TEST_WORDS, True),
        **dict.fromkeys(TRAINING_WORDS, False),
        **dict.fromkeys(YES_WORDS, yes_is_test),
        **dict.fromkeys(NO_WORDS, not yes_is_test),
    }

    def is_test(cell: str) -> bool:
        word = cell.strip().lower()
        if word not in meaning:
            raise ValueError(f"{quoted(cell)} is neither train nor test")
        return meaning[word]

    return is_test


def _classes(
    table: Table, column: int | None, names: Sequence[str], known: tuple[str, ...]
) -> tuple[list[int], tuple[str, ...]]:
    """Return the class of each point, and the names of all classes, see :func:`dataset_of`."""
    different = list(dict.fromkeys([*known, *names]))
    are_numbers = all(map(table.is_finite, different))
    # As numbers, 1 and 1.0 are the same class.
    keys = {name: table.number(name) if are_numbers else name for name in different}
    spelled = {keys[name]: name for name in reversed(different)}
    new = [name for name in different if spelled[keys[name]] == name and name not in known]
    if column is not None and is_own(table) and not known and set(new) <= set(CLASS_LETTERS):
        new = list(CLASS_LETTERS[: CLASS_LETTERS.index(max(new)) + 1])
    elif are_numbers:
        new.sort(key=table.number)
    ordered = [*known, *new] if column is not None or not known else list(known)
    if len(ordered) > MAX_CLASSES:
        named = "" if column is None else f"column {column + 1} ({shortened(table.columns[column])}): "
        raise TableError(f"{named}there are {len(ordered):,} classes; at most {MAX_CLASSES} are allowed")
    position = {keys.get(name, name): index for index, name in enumerate(ordered)}
    classes = [position[keys[name]] for name in names] if column is not None else [0] * len(names)
    while len(ordered) < MIN_CLASSES:
        ordered.append(next(letter for letter in CLASS_LETTERS if letter not in ordered))
    return classes, tuple(ordered)


def _middle_and_reach(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the middle and half the width of each column's range, without overflow."""
    low, high = values.min(axis=0) / 2.0, values.max(axis=0) / 2.0
    return low + high, high - low


def _onto_plane(points: FloatArray) -> tuple[Scaling, str]:
    """Return what scales points to the plane, and what that does, in words."""
    middle, reach = _middle_and_reach(points)
    note = "scaled to the plane"
    wide, narrow = float(reach.max()), float(reach.min())
    if narrow > 0.0 and wide / _MAX_ASPECT > narrow:
        note = "each coordinate scaled to the plane on its own, because their ranges differ widely"
    else:
        reach = np.full(2, wide if wide > 0.0 else 1.0)
    return Scaling(middle, reach), note


def _onto_curve(points: FloatArray) -> tuple[Scaling, str]:
    """Return what scales x to the plane and y to heights of -1 to 1, and what that does, in words."""
    middle, reach = _middle_and_reach(points)
    reach[reach == 0.0] = 1.0
    low, high = points.min(axis=0), points.max(axis=0)
    ends = ((name, low[axis], high[axis]) for axis, name in enumerate("xy"))
    note = " and ".join(f"{name} scaled from {first:g} … {last:g}" for name, first, last in ends)
    return Scaling(middle, reach), note


def _into_target_range(scaling: Scaling, values: FloatArray) -> tuple[Scaling, str]:
    """Return a scaling that brings values to -1 to 1, too, and what that does, in words."""
    middle, reach = _middle_and_reach(values)
    note = f"values scaled from {values.min():g} … {values.max():g} to -1 … 1"
    return Scaling(scaling.middle, scaling.reach, float(middle), float(reach) if reach > 0.0 else 1.0), note


def _sentence(dataset: Dataset, class_names: Sequence[str], notes: Sequence[str]) -> str:
    kind = "of a curve" if dataset.is_curve else "with values"
    if not dataset.is_regression:
        drawn = [shortened(name) for name, count in zip(class_names, dataset.class_counts, strict=True) if count]
        kind = f"in {counted(len(drawn), 'class', 'classes')} ({', '.join(drawn)})"
    tests = f", {dataset.n_test:,} of them for testing" if dataset.n_test else ""
    return "; ".join([f"{counted(len(dataset), 'point')} {kind}{tests}", *notes]) + "."


def write_table(dataset: Dataset, class_names: Sequence[str] | None = None, separator: str = ",") -> str:
    """Return points as a table with the columns x1, x2, class (or value) and set, those of a curve with x, y and set.

    Parameters
    ----------
    dataset : Dataset
    class_names : sequence of str, optional
        One for each class; letters from A on by default.
    separator : str
        A tab for the clipboard.

    Raises
    ------
    ValueError
        If there is not one different name for each class, or the separator is not one that :func:`read_table` knows.

    Notes
    -----
    Reading the numbers back gives the same points to the bit. Classes above the last one that has points are not in
    the table. To read names other than the letters back in their order, pass them to :func:`dataset_of` as well.
    """
    check_choice("separator", separator, SEPARATORS)
    names = list(CLASS_LETTERS[: dataset.n_classes] if class_names is None else class_names)
    if len(names) != dataset.n_classes or len(set(names)) != len(names):
        raise ValueError(f"class_names must be {dataset.n_classes} different names; got {names!r}")
    labels = dataset.labels.tolist()
    texts = [repr(value) for value in labels] if dataset.is_regression else [names[index] for index in labels]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(_COLUMNS[dataset.kind])
    for (x1, x2), label, is_test in zip(dataset.points.tolist(), texts, dataset.is_test.tolist(), strict=True):
        place = (repr(x1),) if dataset.is_curve else (repr(x1), repr(x2))
        writer.writerow((*place, label, "test" if is_test else "train"))
    return out.getvalue()
