"""Points as a table of text: a CSV file, or what a spreadsheet puts on the clipboard.

``read_table`` turns text into cells, ``guess_columns`` says which column is which, ``dataset_of`` turns cells into
points, and ``write_table`` turns points into text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from model.data.dataset import (
    CLASS_LETTERS,
    CURVE_UNIT,
    MAX_CLASSES,
    MIN_CLASSES,
    TARGET_LIMIT,
    Dataset,
)
from model.data.naming import MAX_NAME, Axis, Naming
from model.table.columns import (
    CLASS_COLUMNS,
    NO_WORDS,
    TEST_WORDS,
    TRAINING_WORDS,
    VALUE_COLUMNS,
    YES_WORDS,
    ColumnChoice,
    guess_columns,
    is_own,
    judge_columns,
)
from model.table.errors import TableError, quoted
from model.table.numbers import NO_CLASS, is_missing
from model.table.scaling import SCALED_HEIGHT, SCALED_LIMIT, into_target_range, onto_plane, onto_range
from model.table.text import Table, read_table
from model.table.written import choice_like, header_of, named_like, write_table
from model.types import BoolArray, FloatArray, IntArray, counted, shortened

__all__ = [
    "ColumnChoice",
    "ImportedPoints",
    "Table",
    "TableError",
    "choice_like",
    "dataset_of",
    "guess_columns",
    "header_of",
    "judge_columns",
    "named_like",
    "read_table",
    "write_table",
]

FEWEST_TO_DRAW = 20
"""Of fewer points none is drawn for testing unless a person says so: of four corners none can be done without."""

_LARGEST = float(np.finfo(np.float64).max)
_MAX_HEIGHT = _LARGEST / CURVE_UNIT
_ROUNDING = 1e-9
_LOOKED_AT = 1000
_WITH_DECIMALS = re.compile(r"[-+−]?[0-9]*[.,][0-9]*(?:[eEdD][-+]?[0-9]+)?|[-+−]?[0-9]+[eEdD][-+]?[0-9]+")


@dataclass(frozen=True, slots=True)
class ImportedPoints:
    """The points of a table.

    Attributes
    ----------
    dataset : Dataset
        With the names and the units of the table.
    sentence : str
        What was read and what was changed, for the person who imports.
    rows : ndarray of shape (n_points,)
        The row of the table that each point comes from; the others are left out.
    """

    dataset: Dataset
    sentence: str
    rows: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.intp))


def dataset_of(
    table: Table, choice: ColumnChoice, class_names: Sequence[str] = (), naming: Naming | None = None
) -> ImportedPoints:
    """Return the points of a table.

    Parameters
    ----------
    table : Table
    choice : ColumnChoice
    class_names : sequence of str
        Classes that exist already, in their order, for example when points are pasted; other names come after them.
    naming : Naming, optional
        That of other points, on whose plane the points shall be, and whose names they get; what the choice says of
        scaling does not count then.

    Raises
    ------
    TableError
        If no row is left that has all its numbers, or a row is not to be left out and lacks one, with its line and
        column; or if there are more than 8 classes.
    ValueError
        If the choice has a column that the table does not have.

    Notes
    -----
    If all names are numbers, classes are in the order of the numbers, otherwise in the order in which the names occur.
    In a table that :func:`write_table` wrote, the letters A to H are the classes 0 to 7, even if some are missing.

    Scaling centres both coordinates and multiplies them by one factor, so that the wider range becomes -5.5 to 5.5 and
    the shape is kept; if one range is more than 10 times the other, each is scaled on its own. Values are scaled so
    that the smallest becomes -1 and the largest 1, and so are the heights of a curve.
    """
    for column in (choice.x1, choice.x2, choice.label, choice.set):
        if column is not None and not 0 <= column < len(table.columns):
            raise ValueError(f"columns must be 0 to {len(table.columns) - 1}; got {column!r}")
    coordinates = (choice.x1, choice.x2)
    numbers = {column: table.numbers(column) for column in coordinates}
    if choice.kind == "values" and choice.label is not None:
        numbers[choice.label] = table.numbers(choice.label)
    rows, left_out = _complete_rows(table, choice, numbers, class_names)
    is_test = _sets(table, choice, rows)
    numbers = {column: values[rows] for column, values in numbers.items()}
    names: tuple[str, ...] = ()
    if choice.kind == "classes":
        classes, names = _classes(table, choice.label, _texts(table, choice.label, rows), tuple(class_names))
    if naming is None:
        used, notes = _naming_of(table, choice, numbers, names)
    else:
        used, notes = replace(naming, classes=names), []
    upwards = used.value if choice.kind == "curve" else used.x2
    x1 = _placed(table, choice.x1, rows, used.x1, numbers[choice.x1])
    x2 = _placed(table, choice.x2, rows, upwards, numbers[choice.x2])
    if choice.kind == "curve":
        _check_range(table, choice.x2, rows, x2, _MAX_HEIGHT, "is too large; let the numbers be scaled")
        dataset = Dataset.curve(np.stack([x1, x2 * CURVE_UNIT], axis=1), is_test, used)
    elif choice.kind == "values" and choice.label is not None:
        values = _placed(table, choice.label, rows, used.value, numbers[choice.label])
        if naming is None:
            _check_range(
                table, choice.label, rows, values, TARGET_LIMIT, "is outside −1 to 1; let the numbers be scaled"
            )
        n_beyond = int((np.abs(values) > TARGET_LIMIT * (1 + _ROUNDING)).sum())
        notes += [f"{counted(n_beyond, 'value')} beyond the range taken for its end"] if n_beyond else []
        targets = np.clip(values, -TARGET_LIMIT, TARGET_LIMIT)
        dataset = Dataset(np.stack([x1, x2], axis=1), targets, is_test, 0, naming=used)
    else:
        dataset = Dataset(np.stack([x1, x2], axis=1), classes, is_test, len(names), naming=used)
    return ImportedPoints(dataset, _sentence(dataset, [*notes, *left_out]), rows)


def _naming_of(
    table: Table, choice: ColumnChoice, numbers: Mapping[int, FloatArray], class_names: tuple[str, ...]
) -> tuple[Naming, list[str]]:
    """Return the names and the units of a table's points, and what is said of the units."""
    x1, x2, value, notes = Axis(), Axis(), Axis(), []
    if choice.kind == "curve":
        said = []
        if choice.scale:
            x1, note = onto_range("x", numbers[choice.x1], SCALED_LIMIT)
            said.append(note)
        if choice.scale_values:
            value, note = onto_range("y", numbers[choice.x2], SCALED_HEIGHT)
            said.append(note)
        notes += [" and ".join(said)] if said else []
    elif choice.scale:
        x1, x2, note = onto_plane(np.stack([numbers[choice.x1], numbers[choice.x2]], axis=1))
        notes.append(note)
    if choice.kind == "values" and choice.label is not None and choice.scale_values:
        values = numbers[choice.label]
        if not np.all(np.abs(values) <= TARGET_LIMIT):
            value, note = into_target_range(values)
            notes.append(note)
    return _named(table, choice, Naming(x1, x2, value, class_names)), notes


def _named(table: Table, choice: ColumnChoice, naming: Naming) -> Naming:
    """Return a naming with the names of a table's columns, as far as they are not those that stand there anyway."""
    is_curve = choice.kind == "curve"
    columns = (choice.x1, None, choice.x2) if is_curve else (choice.x1, choice.x2, choice.label)
    usual = (
        ("x", "", "y") if is_curve else ("x1", "x2", VALUE_COLUMNS[2] if choice.kind == "values" else CLASS_COLUMNS[2])
    )
    names = ["" if column is None else shortened(table.name(column) or "", MAX_NAME) for column in columns]
    kept = ["" if name == other else name for name, other in zip(names, usual, strict=True)]
    x1, x2, value = (
        replace(axis, name=name) for axis, name in zip((naming.x1, naming.x2, naming.value), kept, strict=True)
    )
    return Naming(x1, x2, value, naming.classes)


def _placed(table: Table, column: int, rows: IntArray, axis: Axis, numbers: FloatArray) -> FloatArray:
    """Return numbers in the program's units."""
    with np.errstate(over="ignore"):
        placed = axis.placed(numbers)
    _check_range(table, column, rows, placed, _LARGEST, "is too far from the other points")
    return placed


def _texts(table: Table, column: int | None, rows: IntArray) -> list[str]:
    """Return the classes of some rows by name; all are of one where there is no column."""
    if column is None:
        return [CLASS_LETTERS[0]] * len(rows)
    cells = table.cells(column)
    return cells if len(rows) == len(cells) else [cells[row] for row in rows.tolist()]


def _complete_rows(
    table: Table, choice: ColumnChoice, numbers: Mapping[int, FloatArray], class_names: Sequence[str]
) -> tuple[IntArray, list[str]]:
    """Return the rows that have all that a point needs, and what is said of the others."""
    lacking = {column: np.flatnonzero(~np.isfinite(values)) for column, values in numbers.items()}
    if choice.label is not None and choice.kind == "classes":
        missing = _missing_classes(table, choice.label, class_names)
        cells = table.cells(choice.label) if missing else []
        without = np.array([row for row, cell in enumerate(cells) if cell in missing], dtype=np.intp)
        # The column may be a coordinate as well.
        lacking[choice.label] = np.union1d(lacking.get(choice.label, without), without)
    lacking = {column: rows for column, rows in lacking.items() if len(rows)}
    n_rows = len(table.rows)
    is_left = np.zeros(n_rows, dtype=np.bool_)
    for rows in lacking.values():
        is_left[rows] = True
    n_left = int(is_left.sum())
    if n_left and (not choice.leaves_out or n_left == n_rows):
        row, column = min((int(rows[0]), column) for column, rows in lacking.items())
        wrong = f"{table.place(row, column)}: {_why_lacking(table, row, column, column in numbers)}"
        raise TableError(wrong if n_left == 1 or not choice.leaves_out else f"{wrong}; no row has all its numbers")
    return np.flatnonzero(~is_left), _left_out(table, lacking, numbers, is_left)


def _left_out(
    table: Table, lacking: Mapping[int, IntArray], numbers: Mapping[int, FloatArray], is_left: BoolArray
) -> list[str]:
    """Return what the table is if no plain one, and what is said of all that is left out of it."""
    notes = [f"read as {table.what}"] if table.what else []
    notes += [f"{', '.join(table.skipped)} left out"] if table.skipped else []
    is_short = np.isin(table.lines, table.too_short)
    notes += _short_rows(table, is_short & is_left, is_short & ~is_left)
    lacking = {column: rows[~is_short[rows]] for column, rows in lacking.items()}
    lacking = {column: rows for column, rows in lacking.items() if len(rows)}
    n_left = int((is_left & ~is_short).sum())
    if n_left:
        of_rows = f"{n_left:,} of {counted(len(table.rows), 'row')} {'has' if n_left == 1 else 'have'}"
        columns = sorted(lacking)
        of_numbers = " or ".join(table.title(column) for column in columns if column in numbers)
        of_classes = "".join(table.title(column) for column in columns if column not in numbers)
        titles = " or ".join(
            f"no {what} in {where}" for what, where in (("number", of_numbers), ("class", of_classes)) if where
        )
        row, column = next(
            (
                (row, column)
                for column, rows in lacking.items()
                for row in rows.tolist()[:_LOOKED_AT]
                if not is_missing(table.rows[row][column])
            ),
            (None, 0),
        )
        such = "" if row is None else f", such as {quoted(table.rows[row][column])} in line {table.lines[row]:,}"
        notes.append(f"{of_rows} {titles}{such}: left out")
    if table.too_long:
        n_long = len(table.too_long)
        has = "has" if n_long == 1 else "have"
        notes.append(f"{counted(n_long, 'row')} {has} too many cells, such as line {table.too_long[0]:,}: left out")
    return notes


def _short_rows(table: Table, left: BoolArray, used: BoolArray) -> list[str]:
    """Return what is said of rows that have fewer cells than the others, and are left out or used nevertheless."""
    notes = []
    for are_short, is_used in ((left, False), (used, True)):
        n_short = int(are_short.sum())
        if n_short:
            has, its = ("has", "its") if n_short == 1 else ("have", "their")
            fewer = f"{n_short:,} of {counted(len(table.rows), 'row')} {has} fewer cells than the others"
            place = f"such as line {table.lines[int(are_short.argmax())]:,}, where two numbers may touch"
            what = f"; look whether {its} cells are in the right columns" if is_used else ": left out"
            notes.append(f"{fewer}, {place}{what}")
    return notes


def _why_lacking(table: Table, row: int, column: int, needs_number: bool) -> str:
    cell = table.rows[row][column]
    if not needs_number:
        return f"{quoted(cell)} is no class" if cell.strip() else "the cell is empty; every point needs a class"
    try:
        table.number(cell, column)
    except ValueError as error:
        return str(error)
    raise AssertionError("the cell holds a number")


def _missing_classes(table: Table, column: int, class_names: Sequence[str]) -> set[str]:
    """Return the cells that name no class; NA is one where many rows have it."""
    different = table.different(column)
    n_rows = len(table.rows)
    return {
        cell
        for cell, count in different.items()
        if not cell or (cell.lower() in NO_CLASS and cell not in class_names and 4 * count <= n_rows)
    }


def _check_range(table: Table, column: int, rows: IntArray, values: FloatArray, limit: float, wrong: str) -> None:
    """Raise for the first value that is beyond a limit."""
    beyond = np.flatnonzero(np.abs(values) > limit)
    if len(beyond):
        row = int(rows[beyond[0]])
        cell = quoted(table.rows[row][column])
        raise TableError(f"{table.place(row, column)}: {cell} {wrong}")


def _sets(table: Table, choice: ColumnChoice, rows: IntArray) -> list[bool] | None:
    """Return which of some rows are test points; raise for the first that names no set."""
    if choice.set is None:
        return None
    is_test = _set_reader(table.columns[choice.set])
    meaning = {}
    for cell in table.different(choice.set):
        try:
            meaning[cell] = is_test(cell)
        except ValueError as error:
            row = next((row for row in rows.tolist() if table.rows[row][choice.set].strip() == cell), None)
            if row is not None:
                raise TableError(f"{table.place(row, choice.set)}: {error}") from None
    cells = table.cells(choice.set)
    return [meaning[cells[row]] for row in rows.tolist()]


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
    are_numbers = all(table.is_finite(name, column) for name in different)
    # As numbers, 1 and 1.0 are the same class.
    keys = {name: table.number(name, column) if are_numbers else name for name in different}
    spelled = {keys[name]: name for name in reversed(different)}
    new = [name for name in different if spelled[keys[name]] == name and name not in known]
    if column is not None and is_own(table) and not known and set(new) <= set(CLASS_LETTERS):
        new = list(CLASS_LETTERS[: CLASS_LETTERS.index(max(new)) + 1])
    elif are_numbers:
        new.sort(key=lambda name: table.number(name, column))
    ordered = [*known, *new] if column is not None or not known else list(known)
    if len(ordered) > MAX_CLASSES:
        named = "" if column is None else f"{table.title(column)}: "
        values = "; as numbers they can be read as values" if are_numbers else ""
        raise TableError(f"{named}there are {len(ordered):,} classes; at most {MAX_CLASSES} are allowed{values}")
    position = {keys.get(name, name): index for index, name in enumerate(ordered)}
    classes = [position[keys[name]] for name in names] if column is not None else [0] * len(names)
    ordered = [name if name in known else shortest_name(name, keys.get(name, name)) for name in ordered]
    too_long = next((name for name in ordered if len(name) > MAX_NAME), None)
    if too_long is not None:
        raise TableError(f"{quoted(too_long)} is too long for the name of a class; {MAX_NAME:,} characters are allowed")
    return classes, Naming(classes=tuple(ordered)).class_names(max(len(ordered), MIN_CLASSES))


def shortest_name(name: str, key: float | str) -> str:
    """Return what a class is called: a whole number without decimals and exponent, any other name as it is."""
    if isinstance(key, str) or _WITH_DECIMALS.fullmatch(name) is None or not key.is_integer() or abs(key) >= 1e15:
        return name
    return str(int(key))


def _sentence(dataset: Dataset, notes: Sequence[str]) -> str:
    kind = "of a curve" if dataset.is_curve else "with values"
    if not dataset.is_regression:
        drawn = [
            shortened(name) for name, count in zip(dataset.class_names, dataset.class_counts, strict=True) if count
        ]
        kind = f"in {counted(len(drawn), 'class', 'classes')} ({', '.join(drawn)})"
    tests = f", {dataset.n_test:,} of them for testing" if dataset.n_test else ""
    return "; ".join([f"{counted(len(dataset), 'point')} {kind}{tests}", *notes]) + "."
