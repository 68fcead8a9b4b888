"""Texts as a person reads them."""

from __future__ import annotations

from PySide6.QtGui import Qt


def as_sentence(error: Exception) -> str:
    """Return an error's text as a sentence: with a capital letter and a full stop."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def as_tip(text: str) -> str:
    """Return a text so that a tool tip shows it as it is; Qt takes what looks like HTML for HTML."""
    return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal) if Qt.mightBeRichText(text) else text
