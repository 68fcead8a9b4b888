"""How a table is read, in a few words and numbers: what it becomes, by the names and in the units that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model.data.dataset import ProblemKind
from model.table.columns import judge_columns
from model.table.points import dataset_of, shortest_name
from model.table.text import Table, read_table


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table becomes where nobody says otherwise.

    Attributes
    ----------
    kind : str
        "classes", "values" or "curve".
    x1, x2, label : str or None
        The names of the columns; None where the table has no such column, or no name for it. A curve has no x2: the
        label is its height.
    points, left_out : int
        How many rows are read, and how many are not since they lack a number or a class, or have too many cells.
    classes : tuple of str
        In the order in which they first come; empty where there are none.
    first : tuple
        x1, x2 and the label of the first point, in the units of the table.
    sentence : str
        What is imported, for a person.
    doubts : tuple of str
        Sentences on what may be read in another way.
    """

    kind: ProblemKind
    x1: str | None
    x2: str | None
    label: str | None
    points: int
    left_out: int
    classes: tuple[str, ...]
    first: tuple[float | None, float | None, float | str | None]
    sentence: str
    doubts: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what a program is told, for JSON."""
        names = ("kind", "x1", "x2", "label", "points", "left_out", "classes", "first")
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in names}


def read(content: str | bytes) -> Reading:
    """Return how a table is read.

    Raises
    ------
    TableError
        If it is not: the sentence says why.
    """
    table = read_table(content)
    choice, doubts = judge_columns(table)
    imported = dataset_of(table, choice)
    rows = imported.rows
    label = choice.x2 if choice.kind == "curve" else choice.label
    classes: tuple[str, ...] = ()
    if choice.kind == "classes" and label is not None:
        cells = table.cells(label)
        classes = tuple(dict.fromkeys(_class_name(table, label, cells[row]) for row in rows.tolist()))
    first = int(rows[0])
    x1, x2 = (float(table.numbers(column)[first]) for column in (choice.x1, choice.x2))
    said: float | str | None = classes[0] if classes else None
    if label is not None and choice.kind != "classes":
        said = float(table.numbers(label)[first])
    is_curve = choice.kind == "curve"
    return Reading(
        choice.kind,
        table.name(choice.x1),
        None if is_curve else table.name(choice.x2),
        None if label is None else table.name(label),
        len(rows),
        len(table.rows) - len(rows) + len(table.too_long),
        classes,
        (x1, None if is_curve else x2, said),
        imported.sentence,
        (*table.doubts, *doubts),
    )


def _class_name(table: Table, column: int, cell: str) -> str:
    """Return what a class is called that a cell names."""
    return shortest_name(cell, table.number(cell, column) if table.is_finite(cell, column) else cell)
