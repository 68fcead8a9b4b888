"""Tables of points on the command line: nobody is there to be asked which column is what."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from gui.headless.interruption import Signals
from gui.headless.output import CommandError, Output
from model import Dataset
from model.data.dataset import CLASS_LETTERS, MAX_POINTS
from model.data.naming import Naming
from model.table.columns import is_own
from model.table.points import (
    ColumnChoice,
    ImportedPoints,
    TableError,
    choice_like,
    dataset_of,
    judge_columns,
    named_like,
    read_table,
)
from model.table.reading import read
from model.table.text import Table, read_bytes


def read_points(
    name: str, like: Dataset | None = None, *, curve: bool | None = None
) -> tuple[ImportedPoints, ColumnChoice]:
    """Return the points of a table, with what is doubtful in their sentence, and which columns they are in.

    Parameters
    ----------
    name : str
        Of a file.
    like : Dataset, optional
        Points by whose names and units these are read, as others of the same kind. By default they have their own, and
        are scaled to the plane where they do not fit on it.
    curve : bool, optional
        Whether the points are those of a curve, where there are none like them; by default the columns tell.

    Raises
    ------
    CommandError
        If it cannot be read, or has no points.
    """
    try:
        content = read_bytes(Path(name))
    except TableError as error:
        raise CommandError(error.sentence) from error
    try:
        table = read_table(content)
        choice, doubts, naming = _choice_of(table, like, curve)
        has_names = like is not None and like.naming.classes and choice.label is not None and choice.kind == "classes"
        known = like.class_names if like is not None and has_names else ()
        if not known and choice.label is not None and set(table.cells(choice.label)) <= set(CLASS_LETTERS):
            known = CLASS_LETTERS[: max(CLASS_LETTERS.index(cell) + 1 for cell in table.cells(choice.label))]
        imported = dataset_of(table, choice, known, naming)
    except TableError as error:
        raise CommandError(f"{name} cannot be read as a table of points: {error}.") from error
    if len(imported.dataset) > MAX_POINTS:
        raise CommandError(f"{name} has {len(imported.dataset):,} points; at most {MAX_POINTS:,} are allowed.")
    notes = (imported.sentence.rstrip("."), *table.doubts, *doubts)
    return replace(imported, sentence=f"{'; '.join(notes)}."), choice


def _choice_of(
    table: Table, like: Dataset | None, curve: bool | None
) -> tuple[ColumnChoice, tuple[str, ...], Naming | None]:
    """Return which columns of a table are what, what is doubtful, and by which names and units they are read."""
    if like is None:
        return *judge_columns(table, curve=curve), None
    choice = choice_like(table, like)
    if choice is not None:
        return choice, (), like.naming
    choice, doubts = judge_columns(table, curve=like.is_curve)
    # A table of NetCanvas by other names has points that are on the plane already.
    naming = like.naming if like.naming.is_scaled and not is_own(table) else None
    choice = replace(named_like(table, choice, like), scale=False, scale_values=False)
    return choice, doubts, naming


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
