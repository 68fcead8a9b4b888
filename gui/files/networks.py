"""NetworkFiles: the network as a script, as JSON or as arrays, and its run as a notebook."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMainWindow

from gui.dialogs.asking import warn
from gui.document.document import Document
from gui.files.exports import DATA_FOLDER, export
from model.notebook.notebook import SUFFIX, notebook
from model.scripts.formats import NETWORK_FORMATS, NetworkFormat
from model.scripts.wording import Wording


class NetworkFiles:
    """Writes the network that is shown, and the run.

    Parameters
    ----------
    window : QMainWindow
    document : Document
    """

    def __init__(self, window: QMainWindow, document: Document) -> None:
        self._window = window
        self._document = document

    def ask_and_export(self) -> None:
        """Ask for a file, and write the network in the format that was chosen."""
        start = str((DATA_FOLDER.path or Path()) / "network.py")
        filters = ";;".join(entry.filter for entry in NETWORK_FORMATS.values())
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export Network", start, filters)
        if not name:
            return
        path, displayed = Path(name), self._document.displayed
        entry = _format_of(path, chosen)
        try:
            content = entry.content(displayed.network, Wording.of(displayed.moment.dataset))
        except ValueError as error:
            warn(self._window, f"The network cannot be exported: {error}.")
            return
        export(self._window, path, (entry.suffix,), content)

    def ask_and_export_notebook(self) -> None:
        """Ask for a file, and write the run as a notebook."""
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
        export(self._window, Path(name), (SUFFIX,), content)


def _format_of(path: Path, chosen_filter: str) -> NetworkFormat:
    """Return the format that the name says, or the filter where the name leaves it open."""
    formats = list(NETWORK_FORMATS.values())
    by_filter = next((entry for entry in formats if entry.filter == chosen_filter), formats[0])
    suffix = path.suffix.lower()
    if suffix == by_filter.suffix:
        return by_filter
    return next((entry for entry in formats if entry.suffix == suffix), by_filter)
