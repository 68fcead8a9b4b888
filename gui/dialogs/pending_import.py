"""PendingImport: points on their way into the document, without any widget."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from gui.document.changes import Changes
from gui.document.view import View
from gui.widgets.texts import as_sentence
from model.data.dataset import CLASS_LETTERS, MAX_POINTS, PLANE_LIMIT, Dataset
from model.data.naming import Naming
from model.table.columns import is_own
from model.table.encodings import guess_encoding
from model.table.points import (
    FEWEST_TO_DRAW,
    ColumnChoice,
    ImportedPoints,
    Table,
    TableError,
    choice_like,
    dataset_of,
    header_of,
    judge_columns,
    named_like,
    read_table,
)
from model.types import counted, readable, shortened

PREVIEW_ROWS = 50
"""How many rows the preview shows."""

LONGEST_LINE = 200


class PendingImport:
    """Points on their way in: a text, what is chosen of it, and what that comes to.

    Parameters
    ----------
    changes : Changes
        Which points are there, and how they are drawn into sets.
    view : View
        Which class or value new points get.
    content : str or bytes
    adding : bool
        Whether the points that are there stay.

    Attributes
    ----------
    table : Table or None
        None where the text cannot be read.
    guess, choice : ColumnChoice or None
        What the columns look like, and what is chosen; None where there is nothing to choose of.
    doubts : tuple of str
        Sentences on what may be read in another way.
    imported : ImportedPoints or None
    problem : str
        What is wrong, a sentence; empty if there are points.
    """

    def __init__(self, changes: Changes, view: View, content: str | bytes, *, adding: bool) -> None:
        self._changes, self._view = changes, view
        self._content = content
        self._format: dict[str, Any] = {}
        self._by_hand: dict[str, Any] = {}
        self.adding = adding
        self._draws_sets: bool | None = None
        self._n_read = 0
        self.table: Table | None = None
        self.choice: ColumnChoice | None = None
        self.guess: ColumnChoice | None = None
        self.imported: ImportedPoints | None = None
        self.doubts: tuple[str, ...] = ()
        self.problem = ""
        self._read()

    @property
    def draws_sets(self) -> bool:
        """Without a column of sets: whether the training share is drawn, or all points are for training.

        Unless a person says so, a few points all are: of four corners none can be done without.
        """
        if self._draws_sets is not None:
            return self._draws_sets
        return self._n_read >= FEWEST_TO_DRAW and self._changes.generator_settings.training_share < 1.0

    def set_format(self, **changes: Any) -> None:
        """Say what :func:`model.table.text.read_table` is to be told: the encoding, the separator and so on."""
        self._format.update(changes)
        self._read()

    def set_choice(self, **changes: Any) -> None:
        """Say what is what, see :class:`model.table.points.ColumnChoice`."""
        self._by_hand.update(changes)
        self._choose()

    def set_draws_sets(self, draws_sets: bool) -> None:
        """Let the training share be drawn, or all points be for training; no column has the sets."""
        self._draws_sets = draws_sets
        self.set_choice(set=None)

    def set_adding(self, adding: bool) -> None:
        """Let the points that are there stay, or go."""
        self.adding = adding
        self._choose()

    @property
    def is_file(self) -> bool:
        """Whether the text comes as bytes, which may be read in any encoding."""
        return isinstance(self._content, bytes)

    @property
    def has_detected_separator(self) -> bool:
        """Whether nobody has said what separates the columns."""
        return "separator" not in self._format

    @property
    def raw_lines(self) -> list[str]:
        """The first lines of the text, for a look at what cannot be read."""
        if isinstance(self._content, str):
            text = self._content[: PREVIEW_ROWS * LONGEST_LINE]
        else:
            encoding = self._format.get("encoding") or guess_encoding(self._content)
            text = self._content[: PREVIEW_ROWS * LONGEST_LINE].decode(encoding, "replace")
        return [line[:LONGEST_LINE] for line in text.splitlines()[:PREVIEW_ROWS]]

    @property
    def placed_by(self) -> Naming | None:
        """The names and units of the points that are there, by which those are placed that are added to them.

        None: the points have their own, or are on the plane already.
        """
        present = self._changes.dataset
        if not self.adding or present.naming.is_plain or self.table is None:
            return None
        is_of_plane = is_own(self.table) and self.table.columns != header_of(present)
        return None if is_of_plane else present.naming

    @property
    def is_written_here(self) -> bool:
        """Whether the table is one that NetCanvas wrote, of plain points or of some like those that are there."""
        if self.table is None:
            return False
        return is_own(self.table) or choice_like(self.table, self._changes.dataset) is not None

    def _read(self) -> None:
        n_columns = len(self.table.columns) if self.table is not None else 0
        self.doubts = ()
        try:
            self.table = read_table(self._content, **self._format)
        except TableError as error:
            self.table = self.choice = self.guess = self.imported = None
            self.problem = as_sentence(error)
            return
        if len(self.table.columns) != n_columns:
            self._by_hand.clear()
        self._choose()

    def _choose(self) -> None:
        if self.table is None:
            return
        present, by_hand = self._changes.dataset, self._by_hand
        if self.adding and not is_own(self.table):
            by_hand = {**by_hand, "kind": present.kind}
        self.imported, self.problem = None, ""
        try:
            is_curve = by_hand["kind"] == "curve" if "kind" in by_hand else None
            like = choice_like(self.table, present) if self.adding else None
            self.guess, doubts = (like, ()) if like is not None else judge_columns(self.table, curve=is_curve)
            if like is None and self.placed_by is not None:
                self.guess = named_like(self.table, self.guess, present)
        except TableError as error:
            self.guess = self.choice = None
            self.problem = as_sentence(error)
            return
        self.choice = replace(self.guess, **by_hand)
        # What a person has said of the columns is no longer doubtful.
        self.doubts = (*self.table.doubts, *(() if self._by_hand else doubts))
        try:
            known = self._known_names(self.table, self.choice)
            imported = dataset_of(self.table, self.choice, known, self.placed_by)
        except TableError as error:
            self.problem = as_sentence(error)
            return
        self._n_read = len(imported.dataset)
        n_present = len(present) if self.adding else 0
        if n_present + len(imported.dataset) > MAX_POINTS:
            self.problem = (
                f"There are {n_present:,} points already, and {len(imported.dataset):,} more are too many: at most "
                f"{MAX_POINTS:,} are allowed. Replace the points instead."
            )
            return
        self.imported = self._finished(imported, self.choice)

    def _known_names(self, table: Table, choice: ColumnChoice) -> tuple[str, ...]:
        """Return the names of the points that are there, or our letters, as far as the table has them."""
        if choice.label is None or choice.kind != "classes":
            return ()
        if self.placed_by is not None and self.placed_by.classes:
            return self._changes.dataset.class_names
        n_present = self._changes.dataset.n_classes if self.adding else 0
        names = set(table.cells(choice.label))
        if names <= set(CLASS_LETTERS):
            return CLASS_LETTERS[: max(n_present, *(CLASS_LETTERS.index(name) + 1 for name in names))]
        return CLASS_LETTERS[:n_present] if names & set(CLASS_LETTERS[:n_present]) else ()

    def _finished(self, imported: ImportedPoints, choice: ColumnChoice) -> ImportedPoints:
        """Return the points with what the table does not say: sets, and labels like those of new points."""
        dataset, notes = imported.dataset, [imported.sentence.rstrip(".")]
        if choice.label is None and choice.kind != "curve" and self.adding:
            view, present = self._view.settings, self._changes.dataset
            n_classes = present.n_classes
            labels = np.full(len(dataset), view.current_class if n_classes else view.current_value)
            dataset = Dataset(dataset.points, labels, dataset.is_test, n_classes, naming=present.naming)
            value = readable(f"value {present.naming.value.shown(view.current_value):g}")
            given = f"class {cut_name(present.class_name(view.current_class))}" if n_classes else value
            notes = [f"{counted(len(dataset), 'point')} of {given}, as new ones have", *notes[0].split("; ")[1:]]
        if self.placed_by is not None and self.placed_by.is_scaled:
            notes.append("in the units of the points that are there")
        if choice.set is None and self.draws_sets:
            settings = self._changes.generator_settings
            dataset = dataset.split(settings.training_share, np.random.default_rng(settings.seed))
            notes.append(f"{counted(dataset.n_test, 'point')} drawn for testing")
        n_outside = int((np.abs(dataset.points).max(axis=1) > PLANE_LIMIT).sum())
        if n_outside:
            notes.append(f"{counted(n_outside, 'point')} outside the plane")
        return replace(imported, dataset=dataset, sentence="; ".join(notes) + ".")


def cut_name(name: str) -> str:
    """Return a name in one line that is not too long to stand among others."""
    return shortened(" ".join(name.split()))
