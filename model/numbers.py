"""Numbers as a person types them, with any of the world's signs, and shares as a person reads them."""

from __future__ import annotations

import re
import unicodedata

from model.types import readable

_MINUS_SIGNS = dict.fromkeys(map(ord, "−‐‑‒–﹣－"), "-")
_SEPARATORS = dict.fromkeys(map(ord, " \u00a0\u2009\u202f'’٬"), None)
_MARKS = {ord("٫"): ".", ord("،"): ",", ord("，"): ",", ord("．"): "."}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_GROUPED_BY_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?")
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class AmbiguousNumberError(ValueError):
    """What was typed could be two numbers; the message is a sentence that names both."""


def typed_number(text: str) -> float:
    """Return the number that a person means: −0.5, -0,5, 1e-3, 12 000, 1,234.5, 1.234,5, ٠٫٥.

    Parameters
    ----------
    text : str
        With a point or a comma before the decimals, digits of any script, a hyphen or a minus sign.

    Raises
    ------
    ValueError
        If it is no number.
    AmbiguousNumberError
        If it could be two, as 1,500 could be 1500 and 1.5.
    """
    plain = _plain(text)
    if _EITHER.fullmatch(plain):
        whole, decimal = plain.replace(",", ""), plain.replace(",", ".").rstrip("0").rstrip(".")
        raise AmbiguousNumberError(f"“{text.strip()}” could be {whole} or {decimal}: type one of them.")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    elif plain.count(".") > 1 or "," in plain:
        grouped = _GROUPED_BY_POINTS.fullmatch(plain)
        plain = (plain.replace(".", "") if grouped else plain).replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"“{text.strip()}” is not a number.")
    return float(plain)


def typed_whole(text: str) -> int:
    """Return the whole number that a person means: 12000, 12,000, 12.000, 12 000, 1e4, ١٢.

    Raises
    ------
    ValueError
        If it is no whole number; the message is a sentence.
    """
    plain = _plain(text)
    if _GROUPED.fullmatch(plain) or _GROUPED_BY_POINTS.fullmatch(plain):
        plain = re.sub(r"[.,](?=\d{3}(\D|$))", "", plain)
    if re.fullmatch(r"[+-]?\d+", plain):
        return int(plain)
    number = typed_number(plain)
    if not number.is_integer():
        raise ValueError(f"“{text.strip()}” is not a whole number.")
    return int(number)


def number_text(number: float, digits: int = 6) -> str:
    """Return a number as short as it is, as a person reads it: −0.5, 1,234.5, 1.2e−6.

    Parameters
    ----------
    number : float
    digits : int
        How many digits it has at most.
    """
    return readable(f"{number:,.{digits}g}")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share of 1 as a person reads it, such as 98.6%."""
    return f"{share:.{decimals}%}"


def _plain(text: str) -> str:
    """Return a text with ASCII digits and signs, without what only groups digits."""
    signs = text.strip().translate(_MINUS_SIGNS | _SEPARATORS | _MARKS)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in signs)
