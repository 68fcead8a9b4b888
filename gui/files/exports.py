"""Writing what other programs read: whole or not at all, and over a file only if a person agrees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QMainWindow

from gui.dialogs.asking import LastFolder, ask_about_suffix, note, warn
from gui.export.errors import export_error
from gui.program.exported import exported
from model.writing import write_whole

DATA_FOLDER = LastFolder("files/data_folder")
"""Where the last table or network was."""


def export(window: QMainWindow, path: Path, suffixes: Sequence[str], content: bytes, kind: str) -> None:
    """Write a file that a file dialog has asked for; a name without one of the suffixes gets the first.

    Parameters
    ----------
    kind : str
        What is exported, as :mod:`gui.program.exported` tells it.
    """
    DATA_FOLDER.remember(path)
    ask_about_suffix(window, path, suffixes, lambda named: _write(window, named, content, kind))


def _write(window: QMainWindow, path: Path, content: bytes, kind: str) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        warn(window, str(export_error(path, error)))
    else:
        note(window, f"Wrote {path}.")
        exported().tell(kind)
