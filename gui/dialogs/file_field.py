"""FileField: the name of the file to write, typed or chosen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from gui.dialogs.asking import LastFolder, ask_to_replace

_FOLDER = LastFolder("export/folder")


class FileField(QWidget):
    """A line for a path, and a button for the system's dialog.

    The folder of the last file that was written is where the next one is offered.

    Parameters
    ----------
    name : str
        Of what is written, such as "picture"; for the accessible names.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._label, self._suffix = "", ""
        self._endings: tuple[str, ...] = ()
        self._confirmed: Path | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = QLineEdit()
        self.line.setAccessibleName(f"File of the {name}")
        self.line.setToolTip("Where the file is written.")
        self.line.textChanged.connect(self.changed)
        self._browse = QPushButton("&Browse…")
        self._browse.setAccessibleName(f"Choose the file of the {name}")
        self._browse.setToolTip("Choose a folder and a name.")
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._on_browse_clicked)
        row.addWidget(self.line, 1)
        row.addWidget(self._browse)

    def offer(self, stem: str) -> None:
        """Offer a name that is still free, in the folder of the last file."""
        documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        folder = _FOLDER.path or (documents if documents.is_absolute() and documents.is_dir() else Path.home())
        path, number = folder / f"{stem}{self._suffix}", 2
        while path.exists():
            path, number = folder / f"{stem}-{number}{self._suffix}", number + 1
        self.line.setText(str(path))

    def show_kind(self, label: str, suffix: str, *others: str) -> None:
        """Ask for another kind of file: the end of the name changes with it.

        Parameters
        ----------
        label : str
            What the kind is called.
        suffix : str
            The name's end, such as ".png"; empty for a folder.
        *others : str
            Ends that are as good.
        """
        text, before = self.line.text(), self._endings
        self._label, self._suffix, self._endings = label, suffix, (suffix, *others) if suffix else ()
        ending = next((ending for ending in before if text.lower().endswith(ending)), None)
        if text and ending is not None and ending not in self._endings:
            self.line.setText(text[: -len(ending)] + suffix)
        elif text and suffix and not before:
            self.line.setText(text + suffix)

    def path(self) -> Path:
        """Return what is typed, with the end that belongs to the kind.

        Raises
        ------
        ValueError
            If there is no name, or none that a file can have.
        """
        text = self.line.text().strip()
        if "\0" in text:
            raise ValueError("A file's name cannot have a NUL character: type another one.")
        try:
            path = Path(text).expanduser()
        except RuntimeError as error:
            raise ValueError(f"There is no home folder for {text.split('/')[0]}: type the whole path.") from error
        if not text or not path.name:
            raise ValueError("There is no name for the file: type one, or choose one with Browse.")
        if not path.is_absolute():
            path = Path.home() / path
        if self._suffix and path.suffix.lower() not in self._endings:
            path = path.with_name(path.name + self._suffix)
        return path

    def confirm(self, path: Path, then: Callable[[], object]) -> None:
        """Do what writes the file; before one is written over, ask, unless the system's dialog has asked already."""
        # Where the system does not let one look, writing says why.
        if not os.path.exists(path) or path == self._confirmed:
            then()
        else:
            ask_to_replace(self.window(), path, then, is_folder=not self._suffix)

    def remember(self, path: Path) -> None:
        """Offer the folder of this file the next time; another file of the same name is asked for again."""
        self._confirmed = None
        _FOLDER.remember(path)

    @Slot()
    def _on_browse_clicked(self) -> None:
        endings = " ".join(f"*{ending}" for ending in self._endings)
        pattern = f"{self._label} ({endings})" if endings else "Folder of pictures (*)"
        chosen, _ = QFileDialog.getSaveFileName(self.window(), "Export", self.line.text(), pattern)
        if chosen:
            self.line.setText(chosen)
            self._confirmed = None
            with contextlib.suppress(ValueError):  # What is wrong with a name is said when it is written.
                # The dialog has asked about just this name.
                self._confirmed = Path(chosen) if self.path() == Path(chosen) else None
