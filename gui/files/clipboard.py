"""Clipboard: points and pictures go out, and points come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from gui.dialogs.asking import note
from gui.document.document import Document
from gui.files.drops import local_files
from gui.files.experiments import ExperimentFiles
from gui.files.tables import TableFiles, decimal_sign
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.experiment import ExperimentError
from model.experiment.state_text import is_state_text, write_state_text
from model.types import counted

if TYPE_CHECKING:
    from gui.dialogs.pending_import import PendingImport
    from model.table.points import Table

_NUMERIC_SAMPLE = 1000
_NO_TABLE = "There is no table of points on the clipboard: copy rows such as 0.5, 1.5, A, in at least two columns."


class Clipboard:
    """Copies and pastes.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    files : ExperimentFiles
        Opens a state that is pasted.
    tables : TableFiles
        Takes a file that was copied, and asks how a table is to be read where that is not plain.
    """

    def __init__(self, window: QMainWindow, document: Document, files: ExperimentFiles, tables: TableFiles) -> None:
        self._window = window
        self._document = document
        self._files = files
        self._tables = tables

    def copy_picture(self) -> None:
        """Put the view with the focus on the clipboard, otherwise the output."""
        from gui.export.stills import VIEWS, Stills

        document = self._document
        stills = Stills(self._window, document.run, document.view, document.pins, document.probe, document.landscape)
        name = stills.focused()
        QGuiApplication.clipboard().setImage(stills.image(name))
        note(self._window, f"Copied as a picture: {VIEWS[name].label.lower()}.")

    def copy_points(self) -> None:
        """Put the selected points, or all, on the clipboard as a table that a spreadsheet takes."""
        from model.table.written import table_format

        dataset, chosen = self._document.run.shown_dataset, self._document.view.selected_points
        if len(chosen):
            dataset = dataset.take(chosen)
        if not len(dataset):
            note(self._window, "There are no points to copy.")
            return
        QGuiApplication.clipboard().setText(table_format(".tsv", decimal_sign()).text(dataset))
        note(self._window, f"Copied {counted(len(dataset), 'point')} as a table.")

    def copy_state(self) -> None:
        """Put points, network, settings and weights on the clipboard as a text, which can be sent and pasted."""
        try:
            text = write_state_text(self._document.experiment())
        except ExperimentError as error:
            note(self._window, str(error))
            return
        QGuiApplication.clipboard().setText(text)
        note(self._window, f"Copied the state as a text of {len(text):,} characters: send it, and paste it there.")

    def paste_points(self) -> None:
        """Place the points on the clipboard; where it is not plain which columns are what, ask."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = local_files(mime)
        if len(paths) == 1:
            self._tables.open(paths[0])
        elif paths:
            note(self._window, f"{len(paths)} files are on the clipboard: copy the one whose points you want.")
        else:
            self.paste_text(mime.text() if mime.hasText() else "")

    def paste_text(self, text: str) -> None:
        """Place the points of a table that comes by the clipboard or the mouse, or open the state in a text."""
        if is_state_text(text):
            self._files.settle_and_open_state(text)
            return
        from gui.dialogs.pending_import import PendingImport

        pending = PendingImport(self._document.changes, self._document.view, text, adding=True)
        if pending.table is None:
            problem = f"The clipboard cannot be pasted. {pending.problem}"
            note(self._window, problem if text.strip() else _NO_TABLE)
            return
        if len(pending.table.columns) < 2 or not _has_numbers(pending.table):
            note(self._window, _NO_TABLE)
            return
        pending.set_choice(scale=False, **({"scale_values": False} if self._document.dataset.is_curve else {}))
        if pending.imported is None or not self._is_plain(pending):
            # Nobody wants an example among the points of a table of their own.
            if pending.table.has_header and not pending.is_written_here and self._document.points.are_drawn:
                pending.set_adding(False)
            guess = pending.guess
            if guess is not None:
                pending.set_choice(scale=guess.scale, scale_values=guess.scale_values)
            self._tables.ask(pending, "from the Clipboard")
            return
        n_points, before = len(pending.imported.dataset), self._document.dataset
        self._document.points.paste("paste points", self._with_sets(pending))
        note(self._window, f"Pasted {counted(n_points, 'point')}{_renamed(before, self._document.dataset)}.")

    def _is_plain(self, pending: PendingImport) -> bool:
        """Return whether nobody needs be asked: a table of our own, or coordinates on the plane and perhaps a label."""
        table, guess, choice, imported = pending.table, pending.guess, pending.choice, pending.imported
        if table is None or guess is None or choice is None or imported is None:
            return False
        if pending.doubts or table.too_long or table.too_short or len(imported.rows) < len(table.rows):
            return False
        if pending.is_written_here:
            return True
        if float(np.abs(imported.dataset.points).max()) > PLANE_LIMIT:
            return False
        if (choice.x1, choice.x2) != (0, 1):
            return False
        if choice.label is not None and guess.kind != self._document.dataset.kind:
            return False
        chosen = {choice.x1, choice.x2, choice.label, choice.set} - {None}
        return len(chosen) == len(table.columns)

    def _with_sets(self, pending: PendingImport) -> Dataset:
        """Return the points to paste; without a column of sets they are for what new points are."""
        assert pending.imported is not None
        assert pending.choice is not None
        dataset, document = pending.imported.dataset, self._document
        if pending.choice.set is not None:
            return dataset
        is_test = np.full(len(dataset), document.view.settings.new_points == "test")
        return dataset.like(dataset.points, dataset.labels, is_test)


def _renamed(before: Dataset, after: Dataset) -> str:
    """Return which classes that have points are called otherwise now: the pasted ones have joined them."""
    if before.is_regression or after.is_regression:
        return ""
    names = zip(before.class_names, after.class_names, before.class_counts, strict=False)
    renamed = [f"{old} is now {new}" for old, new, count in names if old != new and count]
    return f"; class {', '.join(renamed)}" if renamed else ""


def _has_numbers(table: Table) -> bool:
    """Return whether a cell is a number."""
    from model.table.numbers import may_be_number

    return any(may_be_number(cell) for row in table.rows[:_NUMERIC_SAMPLE] for cell in row)
