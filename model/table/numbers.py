"""Numbers as people and programs write them: 1,234.5 or 1.234,5, 40 %, $40.50, 12 mm."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isfinite
from typing import Literal, TypeAlias

from model.table.errors import quoted

Decimal: TypeAlias = Literal[".", ","]
Grouping: TypeAlias = Literal["", ",", ".", " ", "'"]

DECIMALS: dict[Decimal, str] = {".": "point", ",": "comma"}
GROUPINGS: dict[Grouping, str] = {"": "nothing", ",": "comma", ".": "point", " ": "space", "'": "apostrophe"}

MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "?", "-", "--", ".", "#value!", "#div/0!", "#num!"))
"""What stands where something is missing, in lower case."""

NO_CLASS = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "?"))
"""What stands where a class is missing, in lower case; - may be one beside +."""

_SPACES = " \xa0\u2009\u202f"
_SIGNS: dict[str, str] = {",": ",", ".": r"\.", " ": f"[{_SPACES}]", "'": "['’]"}
_NO_FINITE_NUMBER = re.compile(r"[-+]?(?:nan|inf|infinity)", re.IGNORECASE)
_CURRENCIES = r"(?:US\$|[$€£¥₹₽₩₺]|(?:USD|EUR|GBP|CHF|JPY|CNY|SEK|NOK|DKK|PLN|CZK|Fr\.|kr\.?|zł|Kč)(?![A-Za-z]))"
_UNITS = (
    "(?:%|‰|°[CF]?|K|mm|cm|dm|m|km|nm|µm|μm|um|in|ft|mg|g|kg|t|ms|µs|s|sec|min|h|mV|V|kV|mA|A|W|kW|Hz|kHz|MHz|GHz|dB"
    "|Pa|hPa|kPa|bar|J|kJ|N|kN|l|ml|L|mL|ppm|rpm|px|m/s|km/h)"
)
_AFFIXED = re.compile(
    rf"[-+]?(?P<before>{_CURRENCIES}?)\s?[-+]?[0-9.,][0-9.,'’{_SPACES}]*?(?:[eE][-+]?[0-9]+)?"
    rf"\s?(?P<after>{_CURRENCIES}|{_UNITS}|(?<=\s)[^\W\d_][^\s0-9]{{0,7}})?"
)
_LOOSE = re.compile(
    rf"[-+]?{_CURRENCIES}?\s?[-+]?(?:(?:[0-9]{{1,3}}(?:[.,'’{_SPACES}][0-9]{{2,3}})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+)"
    rf"(?:[eE][-+]?[0-9]+|[dD][-+][0-9]+)?\s?(?:{_CURRENCIES}|{_UNITS})?"
)
_OF_KEYBOARDS = str.maketrans("−－＋．，０１２３４５６７８９", "--+.,0123456789")
"""The minus of typesetters, and full-width signs and digits."""

_MARKED = re.compile(r"'([-+]?[0-9.,][^'a-zA-Z\0]*)|\(([^\s()a-zA-Z\0-][^()a-zA-Z\0]*)\)|([0-9.,]*[0-9])-")
_AS_ONES = {ord(digit): "1" for digit in "023456789"}
_POINTS_ALONE, _COMMAS_ALONE = re.compile(r"[-+−0-9.eE\s\0]*"), re.compile(r"[-+−0-9,eE\s\0]*")
_INNER_SPACE = re.compile(r"[0-9.,]\s+[0-9.,]")
_MOST_SHAPES, _LONGEST_NUMBER = 500, 400


@dataclass(frozen=True)
class NumberStyle:
    """How numbers are written.

    Attributes
    ----------
    decimal : str
        The decimal sign, "." or ",".
    grouping : str
        What parts thousands; a space is any kind of space, and an apostrophe may be a typesetter's.
    """

    decimal: Decimal = "."
    grouping: Grouping = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a finite number looks like, without surrounding spaces and with the minus of keyboards."""
        return _pattern(self.decimal, self.grouping)

    def value(self, text: str) -> float | None:
        """Return the number that a plain text is, perhaps infinite for its size; None where it is none."""
        if self.pattern.fullmatch(text) is None:
            return None
        if self.grouping:
            text = re.sub(_SIGNS[self.grouping], "", text)
        return float(text.replace(",", ".").replace("D", "e").replace("d", "e"))


PLAIN_NUMBERS = NumberStyle()

STYLES: tuple[NumberStyle, ...] = (
    *(PLAIN_NUMBERS, NumberStyle(",")),
    *(NumberStyle(".", ","), NumberStyle(",", ".")),
    *(NumberStyle(".", " "), NumberStyle(",", " ")),
    *(NumberStyle(".", "'"), NumberStyle(",", "'")),
)
"""Every style, the likelier first where two would do."""

_AMBIGUOUS = ((NumberStyle("."), NumberStyle(",", ".")), (NumberStyle(","), NumberStyle(".", ",")))
"""Where one sign may stand before decimals or between thousands."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """What stands before and after the numbers of a column, such as "$" or "%"; in some cells it may be left out."""

    before: str = ""
    after: str = ""

    def stripped(self, text: str) -> str:
        """Return a plain text without them."""
        if self.before:
            sign = text[:1] if text[:1] in ("-", "+") else ""
            if text.startswith(self.before, len(sign)):
                text = sign + text[len(sign) + len(self.before) :].lstrip()
        return text[: -len(self.after)].rstrip() if self.after and text.endswith(self.after) else text


NO_AFFIXES = Affixes()


@dataclass(frozen=True, slots=True)
class Doubt:
    """The row and column of a cell that is one number in the style that was taken, and one in another style."""

    row: int
    column: int
    other: NumberStyle


def plain(cell: str) -> str:
    """Return a cell without surrounding spaces, and with the digits and the minus that keyboards have.

    Numbers in brackets are negative, as bookkeepers write them, and so are those with a minus behind them, as SAP does.
    An apostrophe before a number lets Excel take it for a text.
    """
    text = cell.strip()
    if not text.isascii():
        text = text.translate(_OF_KEYBOARDS)
    if text and (text[0] in "('" or text[-1] == "-"):
        found = _MARKED.fullmatch(text)
        if found is not None:
            return found[1] or f"-{found[2] or found[3]}"
    return text


def is_missing(cell: str) -> bool:
    """Return whether a cell is empty, or says that something is missing."""
    return cell.strip().lower() in MISSING


def is_infinite(text: str) -> bool:
    """Return whether a plain text says nan or infinity."""
    return _NO_FINITE_NUMBER.fullmatch(text) is not None


def may_be_number(cell: str) -> bool:
    """Return whether a cell looks like a number in some style, perhaps with a unit or a currency."""
    text = plain(cell[:_LONGEST_NUMBER])
    return _LOOSE.fullmatch(text) is not None or is_infinite(text)


def why_no_number(cell: str, text: str, value: float | None) -> str:
    """Return what is wrong with a cell whose plain text is not a finite number."""
    if value is not None and not isfinite(value):
        return f"{quoted(cell)} is too large; it may be up to 1e308"
    if not text:
        return "the cell is empty"
    return f"{quoted(cell)} is not {'a finite number' if is_infinite(text) else 'a number'}"


# What the numbers of a table look like


def shapes_of(cells: Iterable[str]) -> Counter[str]:
    """Return how often each shape of a plain cell occurs: every digit is a 1.

    Notes
    -----
    A column of 90,000 decimals has a few dozen of them, which are soon looked at.
    """
    text = "\0".join(cells).replace("−", "-").translate(_AS_ONES)
    return Counter(map(str.strip, text.split("\0")))


def affixes_of(shapes: Counter[str]) -> Affixes:
    """Return what stands before and after the numbers of a column, if nine of ten cells agree."""
    found: Counter[tuple[str, str]] = Counter()
    n_plain = n_others = 0
    for shape, count in _most_common(shapes):
        match = _AFFIXED.fullmatch(shape)
        if match is not None:
            found[match["before"], match["after"] or ""] += count
        elif not is_missing(shape):
            n_others += count
    n_plain = found.pop(("", ""), 0)
    if not found:
        return NO_AFFIXES
    (before, after), count = found.most_common(1)[0]
    n_others += sum(found.values()) - count
    return Affixes(before, after) if 9 * n_others <= count + n_plain else NO_AFFIXES


def are_plainly(style: NumberStyle, cells: Sequence[str]) -> bool:
    """Return whether all cells are written with the signs of a style that parts no thousands, and no others."""
    text = "\0".join(cells)
    alone = _POINTS_ALONE if style.decimal == "." else _COMMAS_ALONE
    if alone.fullmatch(text) is None:
        return False
    return not any(space in text for space in f"{_SPACES}\t") or _INNER_SPACE.search(text) is None


def guess_style(columns: Sequence[Sequence[str]], separator: str) -> tuple[NumberStyle, Doubt | None]:
    """Return how the numbers of a table are written, and where that may be wrong.

    Parameters
    ----------
    columns : sequence of sequence of str
        The cells of each column, without units and currencies.
    separator : str
        What parts the columns.

    Notes
    -----
    The style that makes the most cells numbers is taken. 1.000 may be 1 or a thousand if every point in the table has
    three digits behind it and no zero alone before it; what stands beside it, such as 960, and the separator decide.
    """
    shapes = [shapes_of(cells) for cells in columns]
    counts = {style: sum(_n_numbers(column, style) for column in shapes) for style in STYLES}
    most = max(counts.values())
    if not most:
        return PLAIN_NUMBERS, None
    for with_decimals, with_thousands in _AMBIGUOUS:
        sign = with_decimals.decimal
        place = _first_with(sign, columns, shapes) if counts[with_decimals] == counts[with_thousands] == most else None
        if place is None or _has_zero_before(sign, columns):
            continue
        are_thousands, is_doubtful = _judge_sign(sign, shapes, separator)
        taken, other = (with_thousands, with_decimals) if are_thousands else (with_decimals, with_thousands)
        return taken, Doubt(*place, other) if is_doubtful else None
    for style in STYLES:
        is_parted_wrongly = style.grouping in DECIMALS and _has_zero_before(style.grouping, columns)
        if counts[style] == most and not is_parted_wrongly:
            return style, None
    return PLAIN_NUMBERS, None


def _judge_sign(sign: str, shapes: Sequence[Counter[str]], separator: str) -> tuple[bool, bool]:
    """Return whether a sign that may part thousands does so, and whether that is doubtful."""
    # Decimals have the same number of places everywhere; thousands have no sign below 1000.
    with_sign = [column for column in shapes if any(sign in shape for shape in column)]
    is_mixed = any(shape.lstrip("+-") in ("1", "11", "111") for column in with_sign for shape in column)
    if separator == ";":
        return (True, True) if sign == "." else (False, is_mixed)
    if sign == ".":
        return is_mixed and separator != ",", is_mixed
    return True, True


def _first_with(sign: str, columns: Sequence[Sequence[str]], shapes: Sequence[Counter[str]]) -> tuple[int, int] | None:
    """Return the row and column of the first cell that is a number with this sign."""
    pattern = NumberStyle(",", ".").pattern if sign == "." else NumberStyle(".", ",").pattern
    for index, cells in enumerate(columns):
        if any(sign in shape and pattern.fullmatch(shape) for shape, _ in _most_common(shapes[index])):
            for row, cell in enumerate(cells):
                if sign in cell and pattern.fullmatch(plain(cell)):
                    return row, index
    return None


def _has_zero_before(sign: str, columns: Sequence[Sequence[str]]) -> bool:
    """Return whether a number has a zero alone before the sign, which then parts no thousands."""
    pattern = re.compile(rf"(?:^|\0)\s*[-+−]?0{re.escape(sign)}[0-9]")
    return any(pattern.search("\0".join(cells)) is not None for cells in columns)


def _n_numbers(shapes: Counter[str], style: NumberStyle) -> int:
    return sum(count for shape, count in _most_common(shapes) if style.pattern.fullmatch(shape))


def _most_common(shapes: Counter[str]) -> list[tuple[str, int]]:
    return [(shape, count) for shape, count in shapes.most_common(_MOST_SHAPES) if len(shape) <= _LONGEST_NUMBER]


@lru_cache
def _pattern(decimal: str, grouping: str) -> re.Pattern[str]:
    sign = re.escape(decimal)
    whole = "[0-9]+"
    if grouping:
        part = _SIGNS[grouping]
        indian = "|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}" if grouping == "," else ""
        whole = rf"(?:[0-9]{{1,3}}(?:{part}[0-9]{{3}})+{indian}|[0-9]+)"
    return re.compile(rf"[-+]?(?:{whole}(?:{sign}[0-9]*)?|{sign}[0-9]+)(?:[eE][-+]?[0-9]+|[dD][-+][0-9]+)?")
