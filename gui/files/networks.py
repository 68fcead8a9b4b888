"""NetworkFiles: the network as a script, as JSON or as arrays, and its run as a notebook.

What reads and writes them is imported when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMainWindow

from gui.dialogs.asking import warn
from gui.document.document import Document
from gui.files.experiments import ExperimentFiles
from gui.files.exports import DATA_FOLDER, export
from model.scripts import ONNX_SUFFIX

if TYPE_CHECKING:
    from model.scripts.formats import NetworkFormat


class NetworkFiles:
    """Writes the network that is shown, and the run.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    files : ExperimentFiles
        Settles what is unsaved before a network takes its place.
    """

    def __init__(self, window: QMainWindow, document: Document, files: ExperimentFiles) -> None:
        self._window = window
        self._document = document
        self._files = files

    def ask_and_export(self) -> None:
        """Ask for a file, and write the network in the format that was chosen."""
        from model.scripts.formats import NETWORK_FORMATS
        from model.scripts.wording import Wording

        start = str((DATA_FOLDER.path or Path()) / "network.py")
        filters = ";;".join(entry.filter for entry in NETWORK_FORMATS.values())
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export Network", start, filters)
        if not name:
            return
        path, displayed = Path(name), self._document.displayed
        entry = _format_of(path, chosen, list(NETWORK_FORMATS.values()))
        try:
            content = entry.content(displayed.network, Wording.of(displayed.moment.dataset))
        except ValueError as error:
            warn(self._window, f"The network cannot be exported: {error}.")
            return
        export(self._window, path, (entry.suffix,), content, "network")

    def ask_and_import(self) -> None:
        """Ask for a network of another program, and open it."""
        start = str(DATA_FOLDER.path or Path())
        name, _ = QFileDialog.getOpenFileName(self._window, "Import Network", start, f"ONNX (*{ONNX_SUFFIX})")
        if name:
            DATA_FOLDER.remember(Path(name))
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Open a network of another program with the present points, if it can answer for them, or say why not."""
        from model.experiment.imported import experiment_around
        from model.scripts.onnx_reader import MAX_BYTES, read_onnx

        try:
            read = read_onnx(_content(path, MAX_BYTES + 1))
        except OSError as error:
            warn(self._window, f"{path.name} cannot be read: {error.strerror or error}.")
        except ValueError as error:
            warn(self._window, f"{path.name} cannot be opened: {error}.")
        else:
            changes = self._document.changes
            experiment, keeps = experiment_around(
                read.network, read.naming, self._document.run.setup, changes.generator_settings
            )
            points = "the present points" if keeps else "no points, which it would not go with"
            text = f"Opened the network of {path.name}, with {points}."
            self._files.settle(lambda: self._files.open_untitled(experiment, text))

    def ask_and_export_notebook(self) -> None:
        """Ask for a file, and write the run as a notebook."""
        from model.notebook.notebook import SUFFIX, notebook

        experiment = self._document.experiment()
        start = str((DATA_FOLDER.path or Path()) / f"run{SUFFIX}")
        filters = f"Jupyter notebook (*{SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(self._window, "Export Notebook", start, filters)
        if not name:
            return
        try:
            content = notebook(experiment.history, experiment.curve, experiment.name)
        except ValueError as error:
            warn(self._window, f"The notebook cannot be written: {error}.")
            return
        export(self._window, Path(name), (SUFFIX,), content, "notebook")


def _content(path: Path, n_bytes: int) -> bytes:
    """Return what is in a file, or its first bytes where there are more."""
    if not path.is_file():
        # A pipe would be waited for.
        raise ValueError("it is not a file" if path.exists() else "there is no such file")
    with path.open("rb") as file:
        return file.read(n_bytes)


def _format_of(path: Path, chosen_filter: str, formats: Sequence[NetworkFormat]) -> NetworkFormat:
    """Return the format that the name says, or the filter where the name leaves it open."""
    by_filter = next((entry for entry in formats if entry.filter == chosen_filter), formats[0])
    suffix = path.suffix.lower()
    if suffix == by_filter.suffix:
        return by_filter
    return next((entry for entry in formats if entry.suffix == suffix), by_filter)
