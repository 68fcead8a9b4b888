"""Data files: points come from a file, a drop or the clipboard, and points and networks go out again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from gui.actions.actions import Actions
from gui.dialogs.import_table import ImportDialog
from gui.dialogs.pending_import import PendingImport
from gui.document.document import Document
from gui.export.errors import export_error
from gui.files.drops import only_file
from model import Dataset, Network
from model.data.dataset import PLANE_LIMIT, class_name
from model.scripts.scripts import npz_bytes, numpy_script, pytorch_script, weights_json
from model.table.columns import is_own
from model.table.points import Table, write_table
from model.table.text import MAX_BYTES
from model.types import counted
from model.writing import write_whole

SUFFIXES = (".csv", ".tsv", ".txt")
"""What is taken for a table of points where a file is dropped."""

TABLE_FILTER = "Tables (*.csv *.tsv *.txt);;All files (*)"
CSV_FILTER = "CSV table (*.csv)"

_FOLDER_KEY = "files/data_folder"
_MESSAGE_MS = 10_000
_NUMERIC_SAMPLE = 1000
_NO_TABLE = "There is no table of points on the clipboard: copy rows such as 0.5, 1.5, A, in at least two columns."


@dataclass(frozen=True, slots=True)
class NetworkFormat:
    """A way to write a network.

    Attributes
    ----------
    filter : str
        As the file dialog names it.
    suffix : str
    content : callable
        Returns what is in the file, of the network and the names of its classes.
    """

    filter: str
    suffix: str
    content: Callable[[Network, Sequence[str] | None], bytes]


NETWORK_FORMATS = (
    NetworkFormat("Python script (NumPy) (*.py)", ".py", lambda network, names: numpy_script(network, names).encode()),
    NetworkFormat(
        "Python script (PyTorch) (*.py)", ".py", lambda network, names: pytorch_script(network, names).encode()
    ),
    NetworkFormat("JSON (*.json)", ".json", lambda network, names: weights_json(network).encode()),
    NetworkFormat("NumPy arrays (*.npz)", ".npz", lambda network, names: npz_bytes(network)),
)


class DataFiles(QObject):
    """Does what the actions of data files say.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    actions : Actions
    """

    def __init__(self, window: QMainWindow, document: Document, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._to_replace: tuple[Path, bytes] | None = None
        actions["import_data"].triggered.connect(self.choose_table)
        actions["export_data"].triggered.connect(self.export_data)
        actions["export_network"].triggered.connect(self.export_network)
        actions["copy_points"].triggered.connect(self.copy_points)
        actions["paste_points"].triggered.connect(self.paste_points)

    # In

    @Slot()
    def choose_table(self) -> None:
        """Ask for a file, and how its points are to be taken."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Import Data", _folder(), TABLE_FILTER)
        if name:
            _remember_folder(Path(name))
            self.open_table(Path(name))

    def open_table(self, path: Path) -> None:
        """Show the import dialog for a file."""
        try:
            if not path.is_file():
                # A pipe would be waited for.
                self._tell(f"{path} cannot be read: it is no file.")
                return
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            self._tell(f"{path} cannot be read: {error.strerror or error}.")
            return
        if len(content) > MAX_BYTES:
            self._tell(f"{path} is too large for a table: allowed are {MAX_BYTES:,} bytes.")
            return
        self._ask(PendingImport(self._document, content, adding=False), path.name)

    def _ask(self, pending: PendingImport, name: str) -> None:
        dialog = ImportDialog(self._document, pending, name, self._window)
        dialog.imported.connect(self._say)
        dialog.open()

    @Slot()
    def paste_points(self) -> None:
        """Place the points on the clipboard; where it is not plain which columns are what, ask."""
        mime = QGuiApplication.clipboard().mimeData()
        path = only_file(mime, SUFFIXES)
        if path is not None:
            self.open_table(path)
            return
        text = mime.text()
        pending = PendingImport(self._document, text, adding=True)
        if pending.table is None:
            problem = f"The clipboard cannot be pasted. {pending.problem}"
            self._say(problem if mime.hasText() and text.strip() else _NO_TABLE)
            return
        if _n_numeric_columns(pending.table) < 2:
            self._say(_NO_TABLE)
            return
        pending.set_choice(scale=False)
        if pending.imported is None or not self._is_plain(pending):
            pending.set_choice(scale=pending.guess is not None and pending.guess.scale)
            self._ask(pending, "from the Clipboard")
            return
        n_points = len(pending.imported.dataset)
        self._document.paste_points("paste points", self._with_sets(pending))
        legend = f": {pending.legend}" if pending.legend else ""
        self._say(f"Pasted {counted(n_points, 'point')}{legend}.")

    def _is_plain(self, pending: PendingImport) -> bool:
        """Return whether nobody needs be asked: a table of our own, or coordinates on the plane and perhaps a label."""
        table, guess, choice, imported = pending.table, pending.guess, pending.choice, pending.imported
        if table is None or guess is None or choice is None or imported is None:
            return False
        if is_own(table):
            return True
        if float(np.abs(imported.dataset.points).max()) > PLANE_LIMIT:
            return False
        if (choice.x1, choice.x2) != (0, 1):
            return False
        if choice.label is not None and guess.is_regression != self._document.dataset.is_regression:
            return False
        chosen = {choice.x1, choice.x2, choice.label, choice.set} - {None}
        return len(chosen) == len(table.columns)

    def _with_sets(self, pending: PendingImport) -> Dataset:
        """Return the points to paste; without a column of sets those that keep the training share are for testing."""
        assert pending.imported is not None
        assert pending.choice is not None
        dataset, document = pending.imported.dataset, self._document
        if pending.choice.set is not None:
            return dataset
        share = document.generator_settings.training_share
        is_test = document.dataset.sets_for_new_points(len(dataset), share)
        return Dataset(dataset.points, dataset.labels, is_test, dataset.n_classes)

    # Out

    @Slot()
    def copy_points(self) -> None:
        """Put the selected points, or all, on the clipboard as a table that a spreadsheet takes."""
        dataset, chosen = self._document.shown_dataset, self._document.selected_points
        if len(chosen):
            dataset = Dataset(
                dataset.points[chosen], dataset.labels[chosen], dataset.is_test[chosen], dataset.n_classes
            )
        if not len(dataset):
            self._say("There are no points to copy.")
            return
        QGuiApplication.clipboard().setText(write_table(dataset, separator="\t"))
        self._say(f"Copied {counted(len(dataset), 'point')} as a table.")

    @Slot()
    def export_data(self) -> None:
        """Write the points that are shown into a CSV file."""
        dataset = self._document.shown_dataset
        if not len(dataset):
            self._tell("There are no points to export. Draw some, or choose a data set.")
            return
        start = str(Path(_folder()) / "points.csv")
        name, _ = QFileDialog.getSaveFileName(self._window, "Export Data", start, CSV_FILTER)
        if name:
            self._write(Path(name), (".csv", *SUFFIXES), write_table(dataset).encode())

    @Slot()
    def export_network(self) -> None:
        """Write the network that is shown in the format that a person chooses."""
        start = str(Path(_folder()) / "network.py")
        filters = ";;".join(entry.filter for entry in NETWORK_FORMATS)
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export Network", start, filters)
        if not name:
            return
        path, displayed = Path(name), self._document.displayed
        entry = _network_format(path, chosen)
        n_classes = displayed.network.settings.n_classes
        names = None if displayed.is_regression else [class_name(index) for index in range(n_classes)]
        try:
            content = entry.content(displayed.network, names)
        except ValueError as error:
            self._tell(f"The network cannot be exported: {error}.")
            return
        self._write(path, (entry.suffix,), content)

    def _write(self, path: Path, suffixes: Sequence[str], content: bytes) -> None:
        """Write a file whole or not at all; a name without one of the suffixes gets the first."""
        _remember_folder(path)
        if path.suffix.lower() in suffixes:
            self._replace(path, content)
            return
        path = path.with_name(path.name + suffixes[0])
        if path.exists():
            # The file dialog asked about another name.
            self._to_replace = (path, content)
            box = self._box(f"{path} exists already.", QMessageBox.Icon.Question)
            replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
            box.addButton(QMessageBox.StandardButton.Cancel).setIcon(QIcon())
            replace.clicked.connect(self._on_replace_clicked)
            box.open()
        else:
            self._replace(path, content)

    @Slot()
    def _on_replace_clicked(self) -> None:
        if self._to_replace is not None:
            path, content = self._to_replace
            self._to_replace = None
            self._replace(path, content)

    def _replace(self, path: Path, content: bytes) -> None:
        try:
            write_whole(path, content)
        except OSError as error:
            self._tell(str(export_error(path, error)))
        else:
            self._say(f"Wrote {path}.")

    # What a person is told

    @Slot(str)
    def _say(self, sentence: str) -> None:
        """Say what was done, or why nothing was, at the foot of the window."""
        self._window.statusBar().showMessage(sentence, _MESSAGE_MS)

    def _tell(self, sentence: str) -> None:
        """Say what went wrong, so that it is not missed."""
        box = self._box(sentence, QMessageBox.Icon.Warning)
        box.addButton(QMessageBox.StandardButton.Close).setIcon(QIcon())
        box.open()

    def _box(self, sentence: str, icon: QMessageBox.Icon) -> QMessageBox:
        box = QMessageBox(icon, "NetCanvas", sentence, QMessageBox.StandardButton.NoButton, self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return box


def _n_numeric_columns(table: Table) -> int:
    """Return how many columns have numbers in more than half of their cells."""
    samples = (table.cells(column, _NUMERIC_SAMPLE) for column in range(len(table.columns)))
    return sum(2 * sum(map(table.is_number, sample)) > len(sample) for sample in samples)


def _network_format(path: Path, chosen_filter: str) -> NetworkFormat:
    """Return the format that the name says, or the filter where the name leaves it open."""
    by_filter = next((entry for entry in NETWORK_FORMATS if entry.filter == chosen_filter), NETWORK_FORMATS[0])
    suffix = path.suffix.lower()
    if suffix == by_filter.suffix:
        return by_filter
    return next((entry for entry in NETWORK_FORMATS if entry.suffix == suffix), by_filter)


def _folder() -> str:
    """Return where the last table or network was; nothing where that is gone."""
    folder = str(QSettings().value(_FOLDER_KEY, ""))
    return folder if folder and Path(folder).is_dir() else ""


def _remember_folder(path: Path) -> None:
    QSettings().setValue(_FOLDER_KEY, str(path.parent))
