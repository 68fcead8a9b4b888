"""What is wrong with a table, in a sentence."""

from __future__ import annotations

from model.types import shortened


class TableError(ValueError):
    """A table that cannot be read or has no points in it; the message is a sentence for the person who chose it."""

    @property
    def sentence(self) -> str:
        """The message with a capital letter and a full stop."""
        text = str(self)
        return f"{text[:1].upper()}{text[1:].rstrip('.')}."


class TableFileError(TableError):
    """A file that cannot be read at all; the message begins with its name, which stays as it is written."""

    @property
    def sentence(self) -> str:
        """The message with a full stop."""
        return f"{self}."


def quoted(cell: str) -> str:
    """Return a cell in quotation marks, not too long for a sentence."""
    return repr(shortened(cell.strip()))
