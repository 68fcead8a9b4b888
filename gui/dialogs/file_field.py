"""FileField: the name of the file to write, typed or chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMessageBox, QPushButton, QWidget

_FOLDER_KEY = "export/folder"


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
        self._confirmed: Path | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.line = QLineEdit()
        self.line.setAccessibleName(f"File of the {name}")
        self.line.setToolTip("Where it is written.")
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
        folder = Path(str(QSettings().value(_FOLDER_KEY) or ""))
        if not folder.is_absolute() or not folder.is_dir():
            places = QStandardPaths.StandardLocation
            folder = Path(QStandardPaths.writableLocation(places.DocumentsLocation) or Path.home())
            folder = folder if folder.is_dir() else Path.home()
        path, number = folder / f"{stem}{self._suffix}", 2
        while path.exists():
            path, number = folder / f"{stem}-{number}{self._suffix}", number + 1
        self.line.setText(str(path))

    def show_kind(self, label: str, suffix: str) -> None:
        """Ask for another kind of file: the end of the name changes with it.

        Parameters
        ----------
        label : str
            What the kind is called.
        suffix : str
            The name's end, such as ".png"; empty for a folder.
        """
        text, before = self.line.text(), self._suffix
        self._label, self._suffix = label, suffix
        if text and before and text.lower().endswith(before):
            self.line.setText(text[: -len(before)] + suffix)
        elif text and suffix and not before:
            self.line.setText(text + suffix)

    def path(self) -> Path:
        """Return what is typed, with the end that belongs to the kind.

        Raises
        ------
        ValueError
            If there is no name.
        """
        text = self.line.text().strip()
        path = Path(text).expanduser()
        if not text or not path.name:
            raise ValueError("There is no name for the file: type one, or choose one with Browse.")
        if not path.is_absolute():
            path = Path.home() / path
        if self._suffix and path.suffix.lower() != self._suffix:
            path = path.with_name(path.name + self._suffix)
        return path

    def may_replace(self, path: Path) -> bool:
        """Ask before a file is written over, unless the system's dialog has asked already."""
        if not path.exists() or path == self._confirmed:
            return True
        what = "It" if self._suffix else "The pictures in it"
        answer = QMessageBox.question(
            self.window(),
            "Replace the file?",
            f"{path.name} is there already. {what} will be replaced.",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Yes

    def remember(self, path: Path) -> None:
        """Offer the folder of this file the next time; another file of the same name is asked for again."""
        self._confirmed = None
        QSettings().setValue(_FOLDER_KEY, str(path.parent))

    @Slot()
    def _on_browse_clicked(self) -> None:
        pattern = f"{self._label} (*{self._suffix})" if self._suffix else "Folder of pictures (*)"
        chosen, _ = QFileDialog.getSaveFileName(self.window(), "Export", self.line.text(), pattern)
        if chosen:
            self.line.setText(chosen)
            # The dialog has asked about just this name.
            self._confirmed = Path(chosen) if self.path() == Path(chosen) else None
