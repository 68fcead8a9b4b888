"""Texts as a person reads them."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from pathlib import Path

from PySide6.QtGui import Qt

_LONGEST_FOLDER = 60
_TIP_COLUMNS = 60
"""How many characters a line of a tip has at most, if its words are not longer."""


def as_sentence(error: Exception) -> str:
    """Return an error's text as a sentence: with a capital letter and a full stop."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


@lru_cache(maxsize=512)
def as_tip(text: str) -> str:
    """Return a text so that a tool tip shows it as it is, in lines that are not too long.

    Qt takes what looks like HTML for HTML, and breaks lines in nothing else.
    """
    if Qt.mightBeRichText(text):
        return Qt.convertFromPlainText(text, Qt.WhiteSpaceMode.WhiteSpaceNormal)
    return "\n".join(map(_in_even_lines, text.split("\n")))


def _in_even_lines(text: str) -> str:
    """Break a text at spaces into as few lines as it needs, as even as they can be."""
    lines = _broken(text, _TIP_COLUMNS)
    widths = range(ceil(len(text) / max(len(lines), 1)), _TIP_COLUMNS)
    return "\n".join(next((even for width in widths if len(even := _broken(text, width)) == len(lines)), lines))


def _broken(text: str, width: int) -> list[str]:
    """Break a text at spaces, as soon as another word would be too much; textwrap takes ten times as long for it."""
    if len(text) <= width:
        return [text]
    lines = [""]
    for word in text.strip().split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line.rstrip() for line in lines]


def folder_text(path: Path) -> str:
    """Return the folder of a file as a person writes it, with ~ for the own one; a long one is cut in the middle."""
    folder, home = path.parent, Path.home()
    text = str(Path("~") / folder.relative_to(home)) if folder.is_relative_to(home) else str(folder)
    return text if len(text) <= _LONGEST_FOLDER else f"{text[: _LONGEST_FOLDER // 3]}…{text[-_LONGEST_FOLDER // 2 :]}"


def as_read(text: str) -> str:
    """Return a title as a person reads it, without the marks of its key and of what comes after it."""
    return text.replace("&", "").strip().rstrip("…").strip()


def plain(text: str) -> str:
    """Return a title without what only a menu or a button adds to it, and without capitals."""
    return as_read(text).casefold()
