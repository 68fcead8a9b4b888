"""Numbers that touch: columns of a fixed width whose numbers have taken all of it, as in 1.234-5.678."""

from __future__ import annotations

import re

from model.table.errors import TableError, quoted
from model.table.rows import Rows

_PLAIN = r"(?:\d+[.,]\d*|[.,]\d+)"
_EXPONENT = r"(?:[eEdD][-+]?\d+)?"
_SIGNED = re.compile(rf"([-+−]?{_PLAIN}{_EXPONENT})((?:[-+−]{_PLAIN}{_EXPONENT})+)")
_RUN_TOGETHER = re.compile(r"[-+−]?\d+(?:\.\d{4,})+\.\d+")
"""A point comes again only after more digits than a group of thousands has."""

_WITHOUT_E = re.compile(r"([-+−]?\d*[.,]\d+)(\+\d{2,3}|[-−]0\d|[-−]\d{3})")
_SIGNS = (re.compile(r"[-+−](?<=[\d.,].)[\d.,]"), re.compile(r"\.\d{4,}\."))
"""What some cell of such a table has; most tables have it nowhere."""

_RANGE = re.compile(rf"({_PLAIN})[-−]({_PLAIN})")
_NUMBER_STARTS = frozenset("0123456789.,+-−")


def refuse_touching(text: str, found: Rows) -> None:
    """Refuse a table in which numbers of two columns stand in one cell, for nobody can say where the first one ends.

    Parameters
    ----------
    text : str
        All of the table.
    found : Rows
        Its rows.

    Raises
    ------
    TableError
        If there is such a cell in a row that begins with a number. A range, as ``0.5-1.5`` among the names of classes,
        is none: it rises, and has no signs.
    """
    is_parted = found.separator not in " \t" and len(found.cells[0]) > 1
    if is_parted or not any(sign.search(text) for sign in _SIGNS):
        return
    for row, line in zip(found.cells, found.lines, strict=True):
        if row[0].lstrip()[:1] not in _NUMBER_STARTS:
            continue
        for cell in row:
            said = _what_touches(cell.strip())
            if said:
                raise TableError(f"line {line} has {quoted(cell)}, {said}")


def _what_touches(cell: str) -> str:
    """Return what a cell looks like that has more than one number, or one that is not whole; otherwise nothing."""
    without = _WITHOUT_E.fullmatch(cell)
    if without is not None:
        whole = f"{without[1]}E{without[2]}"
        return f"which looks like {whole} as Fortran writes it where that has no room; write the E between them"
    signed, together = _SIGNED.fullmatch(cell), _RUN_TOGETHER.fullmatch(cell)
    if (signed is None and together is None) or _is_range(cell):
        return ""
    numbers = f"{signed[1]} and {signed[2]}" if signed is not None else "several numbers"
    return f"which looks like {numbers} with nothing between; put a space between the columns, or another separator"


def _is_range(cell: str) -> bool:
    ends = _RANGE.fullmatch(cell)
    return ends is not None and float(ends[1].replace(",", ".")) < float(ends[2].replace(",", "."))
