"""Tables of points on the command line: nobody is there to be asked which column is what."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gui.headless.interruption import Signals
from gui.headless.output import CommandError, Output
from model.data.dataset import CLASS_LETTERS, MAX_POINTS
from model.data.naming import Naming
from model.table.points import (
    ColumnChoice,
    ImportedPoints,
    TableError,
    dataset_of,
    judge_columns,
    read_table,
)
from model.table.reading import read
from model.table.text import read_bytes


def read_points(
    name: str,
    class_names: Sequence[str] = (),
    *,
    scale: bool | None = None,
    naming: Naming | None = None,
    curve: bool | None = None,
) -> tuple[ImportedPoints, ColumnChoice]:
    """Return the points of a table, with what is doubtful in their sentence, and which columns they are in.

    Parameters
    ----------
    name : str
        Of a file.
    class_names : sequence of str
        Classes that exist already, in their order.
    scale : bool, optional
        Whether numbers are scaled to the plane; by default where they do not fit on it.
    naming : Naming, optional
        That of other points, by which the numbers are scaled instead.
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
        choice, doubts = judge_columns(table, curve=curve)
        choice = choice if scale is None else replace(choice, scale=scale, scale_values=scale)
        known = () if choice.label is None or choice.kind != "classes" else tuple(class_names)
        if not known and choice.label is not None and set(table.cells(choice.label)) <= set(CLASS_LETTERS):
            known = CLASS_LETTERS[: max(CLASS_LETTERS.index(cell) + 1 for cell in table.cells(choice.label))]
        imported = dataset_of(table, choice, known, naming)
    except TableError as error:
        raise CommandError(f"{name} cannot be read as a table of points: {error}.") from error
    if len(imported.dataset) > MAX_POINTS:
        raise CommandError(f"{name} has {len(imported.dataset):,} points; at most {MAX_POINTS:,} are allowed.")
    notes = (imported.sentence.rstrip("."), *table.doubts, *doubts)
    return replace(imported, sentence=f"{'; '.join(notes)}."), choice


def show_table(arguments: argparse.Namespace, output: Output, _signals: Signals) -> int:
    """Tell how a table is read: what it becomes, by the names and in the units that it has."""
    try:
        reading = read(read_bytes(Path(arguments.file)))
    except TableError as error:
        output.result(refused=error.sentence)
        if not arguments.json:
            output.complain(error.sentence)
        return 1
    output.result(**reading.as_dict())
    for doubt in reading.doubts:
        output.note(f"{doubt}.")
    output.line(reading.sentence)
    for name, value in reading.as_dict().items():
        output.line(f"{name.replace('_', ' '):9}{_in_words(value)}")
    return 0


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_in_words, value)) or "none"
    return "none" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)
