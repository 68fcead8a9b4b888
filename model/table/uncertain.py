"""Numbers with their uncertainty, as 1.5 ± 0.1, 1.5+/-0.1 and 1.5(2): the number counts, and the rest is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.table.numbers import may_be_number

_NUMBER = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_SPACE = "[ \xa0\u2009\u202f]*"
_SIGN = r"(?:±|\+/?[-−]|\\pm(?![A-Za-z]))"
_BETWEEN = re.compile(rf"(?:(?<=[0-9.%)]){_SPACE}{_SIGN}|(?<=[^\s,;|]){_SPACE}±){_SPACE}(?=[0-9.,])")
_BRACKETED = re.compile(rf"\(([-+−]?{_NUMBER})±({_NUMBER})\)([eE][-+]?[0-9]+)?")
_HAS_DIGITS = re.compile(rf"[0-9]{_SPACE}\([0-9.,]+\)")

_TOLERANCE = re.compile(
    rf"(?P<unit>[^\W\d_]{{1,4}}|%)?±[0-9]+(?:[.,][0-9]+(?![0-9]*±))?(?:[eE][-+]?[0-9]+)?(?(unit)(?:{_SPACE}(?P=unit))?)"
)
_LAST_DIGITS = re.compile(rf"(?<=[0-9])\([0-9.,]+\)|(?<=[0-9]){_SPACE}\([0-9.,]+\)(?=[ ]*[;,\t|])")
"""What is uncertain where the separator is not yet known; a comma may be one, or a decimal sign."""

_PLAIN = r"[-+0-9.,e]+[,;\t| ]"
_OWN = re.compile(rf'[^\n]*\b(?:set|split)"?\n{_PLAIN}{_PLAIN}[^\n]*\b(?:train|test)"?(?:\n|$)')
"""A table that NetCanvas wrote has no uncertainties, but may have classes that look like them."""

_AFTER_SIGN = re.compile(rf"(?P<rest>±{_NUMBER})(?P<unit>[^±]*)")
_WITH_DIGITS = re.compile(rf"(?P<number>[-+−]?{_NUMBER})(?P<rest>{_SPACE}\([0-9.,]+\))(?P<unit>[^±()]*)")


def may_be_uncertain(text: str) -> bool:
    """Return whether numbers of a table may have an uncertainty."""
    return ("±" in text or "\\pm" in text or "+" in text or "(" in text) and _OWN.match(text) is None


def with_one_sign(text: str) -> str:
    """Return a text in which ± stands for all that means it, without spaces round it, nor brackets round the whole."""
    text = _BETWEEN.sub("±", text)
    return _BRACKETED.sub(r"\1\3±\2", text) if "±" in text else text


def without_tolerances(text: str) -> str:
    """Return a text to guess the separator from, in which only the numbers themselves are left."""
    if "±" in text:
        text = _TOLERANCE.sub(r"\g<unit>", text)
    return _LAST_DIGITS.sub("", text) if _HAS_DIGITS.search(text) is not None else text


def without_uncertainties(rows: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Return rows whose cells have the numbers alone, and what is left out, in words.

    Notes
    -----
    Digits in brackets are an uncertainty in a column where they follow decimals: 1(2) alone may be the name of a class.
    """
    has_digits = {i for row in rows for i, cell in enumerate(row) if "(" in cell and _is_decimal(cell)}
    if not has_digits and not any("±" in cell for row in rows for cell in row):
        return list(rows), ()
    left: list[str] = []

    def certain(column: int, cell: str) -> str:
        number, rest = _parted(cell, column in has_digits)
        if rest:
            left.append(rest)
        return number

    found = [tuple(certain(i, cell) for i, cell in enumerate(row)) for row in rows]
    if not left:
        return found, ()
    what = f"1 uncertainty, {left[0]}," if len(left) == 1 else f"{len(left):,} uncertainties such as {left[0]}"
    return found, (what,)


def _is_decimal(cell: str) -> bool:
    match = _WITH_DIGITS.fullmatch(cell.strip())
    return match is not None and not match["number"].lstrip("-+−").isdigit()


def _parted(cell: str, has_digits: bool) -> tuple[str, str]:
    """Return the number of a cell with its unit, and what is uncertain about it, which may be nothing."""
    sign = cell.find("±")
    match = _AFTER_SIGN.fullmatch(cell, sign) if sign > 0 else None
    number = cell[:sign]
    if match is None and has_digits:
        match = _WITH_DIGITS.fullmatch(cell.strip())
        number = "" if match is None else match["number"]
    if match is None:
        return cell, ""
    unit = match["unit"]
    # A unit may stand behind each of the two.
    for whole in (f"{number}{unit}", number):
        if may_be_number(whole):
            return whole, match["rest"].strip()
    return cell, ""
