"""Points written as a table for other programs, in the ways that these read."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

from model.data.dataset import Dataset
from model.table.columns import CLASS_COLUMNS, CURVE_COLUMNS, VALUE_COLUMNS, ColumnChoice
from model.table.numbers import DECIMALS
from model.table.text import SEPARATORS, Table
from model.types import check_choice

OWN_UNITS_SET = "split"
"""What the column of sets is called where only that tells a table in units of its own from one of the plane's."""

_COLUMNS = {"classes": CLASS_COLUMNS, "values": VALUE_COLUMNS, "curve": CURVE_COLUMNS}


def write_table(dataset: Dataset, separator: str = ",", decimal: str = ".") -> str:
    """Return points as a table in the person's names and units: coordinates, the class or value, and the set.

    Parameters
    ----------
    dataset : Dataset
    separator : str
        A tab for the clipboard.
    decimal : str
        The decimal sign, "," or ".", as :data:`model.table.numbers.DECIMALS` has them.

    Raises
    ------
    ValueError
        If the separator or the decimal sign is not one that :func:`read_table` knows, or both are the comma.

    Notes
    -----
    Reading the numbers back gives the same points to the bit, and points that were imported have the numbers that they
    came with, see :meth:`model.data.naming.Axis.written`. Classes above the last one that has points are not in the
    table. Points without names and units of their own have the columns x1, x2, class or value, and set, those of a
    curve x, y and set; by these :func:`read_table` knows that they are on the plane as they are.
    """
    check_choice("separator", separator, SEPARATORS)
    check_choice("decimal", decimal, DECIMALS)
    if separator == decimal:
        raise ValueError(f"separator and decimal must be different; both are {decimal!r}")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(header_of(dataset))
    sets = ["test" if is_test else "train" for is_test in dataset.is_test.tolist()]
    writer.writerows(zip(*_written_columns(dataset, decimal), sets, strict=True))
    return out.getvalue()


def header_of(dataset: Dataset) -> tuple[str, ...]:
    """Return the names of the columns that :func:`write_table` writes."""
    naming, usual = dataset.naming, _COLUMNS[dataset.kind]
    axes = (naming.x1, naming.value) if dataset.is_curve else (naming.x1, naming.x2, naming.value)
    header = (*(axis.name or other for axis, other in zip(axes, usual, strict=False)), usual[-1])
    # By another name than that of tables whose numbers are those of the plane.
    return (*header[:-1], OWN_UNITS_SET) if header == usual and naming.is_scaled else header


def choice_like(table: Table, dataset: Dataset) -> ColumnChoice | None:
    """Return what the columns of a table are that :func:`write_table` wrote of points with these names, or None."""
    columns = header_of(dataset)
    is_like = table.columns == columns and table.different(len(columns) - 1).keys() <= {"test", "train"}
    label = None if dataset.is_curve else 2
    return ColumnChoice(0, 1, label, len(columns) - 1, dataset.kind, scale=False) if is_like else None


def named_like(table: Table, choice: ColumnChoice, dataset: Dataset) -> ColumnChoice:
    """Return a choice of columns with those for coordinates and label that are called as these are of other points."""
    naming = dataset.naming
    axes = {"x1": naming.x1, "x2": naming.value} if dataset.is_curve else {"x1": naming.x1, "x2": naming.x2}
    if not dataset.is_curve:
        axes["label"] = naming.value
    names = [name.casefold() for name in table.columns]
    wanted = {role: axis.name.casefold() for role, axis in axes.items() if axis.name}
    found = {role: names.index(name) for role, name in wanted.items() if names.count(name) == 1}
    label = found.get("label", choice.label)
    places = [found.get("x1"), found.get("x2"), label]
    taken = {place for place in (*places, choice.set) if place is not None}
    n_roles = len(places) + (choice.set is not None) - (label is None)
    if None in places[:2] or len(taken) < n_roles:
        return choice
    kind = choice.kind if label is None else dataset.kind
    return replace(choice, x1=found["x1"], x2=found["x2"], label=label, kind=kind)


def _written_columns(dataset: Dataset, decimal: str) -> list[list[str]]:
    """Return the cells of coordinates and labels; a curve has its heights in the place of both x2 and labels."""
    naming = dataset.naming
    numbers = [naming.x1.written(dataset.points[:, 0])]
    if not dataset.is_curve:
        numbers.append(naming.x2.written(dataset.points[:, 1]))
    if dataset.is_regression:
        numbers.append(naming.value.written(dataset.labels))
    columns = [[repr(number).replace(".", decimal) for number in column.tolist()] for column in numbers]
    if not dataset.is_regression:
        names = dataset.class_names
        columns.append([names[index] for index in dataset.labels.tolist()])
    return columns


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A way to write a table of points.

    Attributes
    ----------
    name : str
        The key in :data:`TABLE_FORMATS`.
    label : str
    suffix : str
        The usual end of a file's name.
    separator, decimal : str
        As for :func:`model.table.points.write_table`.
    """

    name: str
    label: str
    suffix: str
    separator: str
    decimal: str

    def text(self, dataset: Dataset) -> str:
        """Return points as a table."""
        return write_table(dataset, self.separator, self.decimal)

    @property
    def filter(self) -> str:
        """The format as a file dialog names it."""
        return f"{self.label} (*{self.suffix})"


TABLE_FORMATS: dict[str, TableFormat] = {
    entry.name: entry
    for entry in (
        TableFormat("csv", "Table with commas and decimal points", ".csv", ",", "."),
        TableFormat("semicolons", "Table with semicolons and decimal commas", ".csv", ";", ","),
        TableFormat("tsv", "Table with tabs and decimal points", ".tsv", "\t", "."),
        TableFormat("tabs", "Table with tabs and decimal commas", ".tsv", "\t", ","),
    )
}
"""Every way, by name; the first of those with the same suffix is the usual one."""


def table_format(suffix: str, decimal: str = ".") -> TableFormat:
    """Return the format that the end of a file's name asks for, with a decimal sign; with any other end it is CSV."""
    of_sign = [entry for entry in TABLE_FORMATS.values() if entry.decimal == decimal]
    return next((entry for entry in of_sign if entry.suffix == suffix.lower()), of_sign[0])
