"""TableFiles: points come from a table, and go into one; what reads tables is imported when there is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QFileDialog, QMainWindow

from gui.dialogs.asking import note, warn
from gui.document.document import Document
from gui.files.exports import DATA_FOLDER, export
from gui.widgets.screens import fit_dialog

if TYPE_CHECKING:
    from gui.dialogs.pending_import import PendingImport

SUFFIXES = (".csv", ".tsv", ".txt", ".data", ".dat", ".tab", ".arff", ".json", ".jsonl", ".libsvm", ".svm", ".md")
"""What is taken for a table of points."""

TABLE_FILTER = f"Tables ({' '.join(f'*{suffix}' for suffix in SUFFIXES)});;All files (*)"
_DECIMAL_KEY, _SUFFIX_KEY = "files/decimal_sign", "files/table_suffix"


def decimal_sign() -> str:
    """Return the decimal sign of tables that are written: the one chosen last, at first that of the person's system."""
    chosen = str(QSettings().value(_DECIMAL_KEY) or QLocale.system().decimalPoint())
    return "," if chosen == "," else "."


class TableFiles:
    """Reads points from tables, and writes them.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    """

    def __init__(self, window: QMainWindow, document: Document) -> None:
        self._window = window
        self._document = document

    @property
    def has_decimal_comma(self) -> bool:
        """Whether tables that are written or copied have 0,5 for 0.5."""
        return decimal_sign() == ","

    def toggle_decimal_comma(self) -> None:
        """Write 0,5 for 0.5 in tables from now on, or no longer."""
        QSettings().setValue(_DECIMAL_KEY, "." if self.has_decimal_comma else ",")

    def ask_and_import(self) -> None:
        """Ask for a file, and how its points are to be taken."""
        start = str(DATA_FOLDER.path or "")
        name, _ = QFileDialog.getOpenFileName(self._window, "Import Data", start, TABLE_FILTER)
        if name:
            DATA_FOLDER.remember(Path(name))
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Ask how the points of a file are to be taken."""
        from gui.dialogs.pending_import import PendingImport
        from model.table.formats import refuse_binary
        from model.table.text import TableError, read_bytes

        try:
            content = read_bytes(path)
            refuse_binary(content)
        except TableError as error:
            named = "" if path.name in str(error) else f"{path.name} cannot be imported: "
            warn(self._window, f"{named}{error}.")
            return
        self.ask(PendingImport(self._document.changes, self._document.view, content, adding=False), path.name)

    def ask(self, pending: PendingImport, name: str) -> None:
        """Show what is to be imported, from a file or another place of this name, and ask which columns are what."""
        from gui.dialogs.import_table import ImportDialog

        dialog = ImportDialog(self._document.changes, self._document.points, pending, name, self._window)
        dialog.imported.connect(lambda sentence: note(self._window, sentence))
        fit_dialog(dialog)
        dialog.open()

    def ask_and_export(self) -> None:
        """Ask for a file, and write the points that are shown into it."""
        from model.table.written import TABLE_FORMATS, table_format

        dataset = self._document.run.shown_dataset
        if not len(dataset):
            warn(self._window, "There are no points to export. Draw some, or choose a data set.")
            return
        usual = table_format(str(QSettings().value(_SUFFIX_KEY) or ""), decimal_sign())
        start = str((DATA_FOLDER.path or Path()) / f"points{usual.suffix}")
        filters = ";;".join(entry.filter for entry in TABLE_FORMATS.values())
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export Data", start, filters, usual.filter)
        if not name:
            return
        path, entry = Path(name), next((one for one in TABLE_FORMATS.values() if one.filter == chosen), usual)
        if path.suffix.lower() in {one.suffix for one in TABLE_FORMATS.values()}:
            # A name that ends otherwise than its filter keeps the decimal sign.
            entry = table_format(path.suffix, entry.decimal)
        QSettings().setValue(_SUFFIX_KEY, entry.suffix)
        QSettings().setValue(_DECIMAL_KEY, entry.decimal)
        export(self._window, path, (entry.suffix, ".txt"), entry.text(dataset).encode(), "data")
