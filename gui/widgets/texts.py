"""Texts as a person reads them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import Qt

_LONGEST_FOLDER = 60


def as_sentence(error: Exception) -> str:
    """Return an error's text as a sentence: with a capital letter and a full stop."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def as_tip(text: str) -> str:
    """Return a text so that a tool tip shows it as it is; Qt takes what looks like HTML for HTML."""
    return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal) if Qt.mightBeRichText(text) else text


def folder_text(path: Path) -> str:
    """Return the folder of a file as a person writes it, with ~ for the own one; a long one is cut in the middle."""
    folder, home = path.parent, Path.home()
    text = str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
    return text if len(text) <= _LONGEST_FOLDER else f"{text[: _LONGEST_FOLDER // 3]}…{text[-_LONGEST_FOLDER // 2 :]}"
