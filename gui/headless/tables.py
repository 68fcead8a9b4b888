"""Tables of points on the command line: nobody is there to be asked which column is what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gui.headless.output import CommandError
from model.data.dataset import CLASS_LETTERS, MAX_POINTS
from model.table.points import (
    ColumnChoice,
    ImportedPoints,
    Scaling,
    Table,
    TableError,
    dataset_of,
    guess_columns,
    read_table,
)
from model.table.text import read_bytes


def read_points(
    name: str,
    class_names: Sequence[str] = (),
    *,
    scale: bool | None = None,
    scaling: Scaling | None = None,
    curve: bool | None = None,
) -> tuple[ImportedPoints, ColumnChoice]:
    """Return the points of a table, and which columns they are in.

    Parameters
    ----------
    name : str
        Of a file.
    class_names : sequence of str
        Classes that exist already, in their order.
    scale : bool, optional
        Whether numbers are scaled to the plane; by default where they do not fit on it.
    scaling : Scaling, optional
        That of another table, by which the numbers are scaled instead.
    curve : bool, optional
        Whether the points are those of a curve; by default where the table has two columns of numbers.

    Raises
    ------
    CommandError
        If it cannot be read, or has no points.
    """
    try:
        content = read_bytes(Path(name))
    except TableError as error:
        raise CommandError(f"{error}.") from error
    try:
        table = read_table(content)
        choice = guess_columns(table, curve=curve)
        choice = choice if scale is None else replace(choice, scale=scale)
        known = () if choice.label is None or choice.kind != "classes" else tuple(class_names)
        if not known and choice.label is not None and set(table.cells(choice.label)) <= set(CLASS_LETTERS):
            known = CLASS_LETTERS[: max(CLASS_LETTERS.index(cell) + 1 for cell in table.cells(choice.label))]
        imported, choice = _imported(table, choice, known, scaling, may_scale=scale is None)
    except TableError as error:
        raise CommandError(f"{name} cannot be read as a table of points: {error}.") from error
    if len(imported.dataset) > MAX_POINTS:
        raise CommandError(f"{name} has {len(imported.dataset):,} points; at most {MAX_POINTS:,} are allowed.")
    return imported, choice


def _imported(
    table: Table, choice: ColumnChoice, known: Sequence[str], scaling: Scaling | None, *, may_scale: bool
) -> tuple[ImportedPoints, ColumnChoice]:
    """Return the points of a table, scaled also where only the values, or heights, do not fit."""
    try:
        return dataset_of(table, choice, known, scaling), choice
    except TableError:
        if choice.scale or choice.kind == "classes" or not may_scale:
            raise
    scaled = replace(choice, scale=True)
    return dataset_of(table, scaled, known), scaled
