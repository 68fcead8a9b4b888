"""NetworkFiles: the network as a script, as JSON or as arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMainWindow

from gui.dialogs.asking import warn
from gui.document.run import LiveRun
from gui.files.exports import DATA_FOLDER, export
from model import Network
from model.data.dataset import CLASS_LETTERS
from model.scripts.scripts import npz_bytes, numpy_script, pytorch_script, weights_json


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


class NetworkFiles:
    """Writes the network that is shown.

    Parameters
    ----------
    window : QMainWindow
    run : LiveRun
    """

    def __init__(self, window: QMainWindow, run: LiveRun) -> None:
        self._window = window
        self._run = run

    def ask_and_export(self) -> None:
        """Ask for a file, and write the network in the format that was chosen."""
        start = str((DATA_FOLDER.path or Path()) / "network.py")
        filters = ";;".join(entry.filter for entry in NETWORK_FORMATS)
        name, chosen = QFileDialog.getSaveFileName(self._window, "Export Network", start, filters)
        if not name:
            return
        path, displayed = Path(name), self._run.displayed
        entry = _format_of(path, chosen)
        names = None if displayed.is_regression else list(CLASS_LETTERS[: displayed.network.settings.n_classes])
        try:
            content = entry.content(displayed.network, names)
        except ValueError as error:
            warn(self._window, f"The network cannot be exported: {error}.")
            return
        export(self._window, path, (entry.suffix,), content)


def _format_of(path: Path, chosen_filter: str) -> NetworkFormat:
    """Return the format that the name says, or the filter where the name leaves it open."""
    by_filter = next((entry for entry in NETWORK_FORMATS if entry.filter == chosen_filter), NETWORK_FORMATS[0])
    suffix = path.suffix.lower()
    if suffix == by_filter.suffix:
        return by_filter
    return next((entry for entry in NETWORK_FORMATS if entry.suffix == suffix), by_filter)
