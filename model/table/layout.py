"""Which rows of a text are points: titles above them, a header, units, footers, rows of another length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from model.table.errors import TableError
from model.table.numbers import is_missing, may_be_number
from model.table.rows import MAX_COLUMNS, SEPARATORS, Rows
from model.types import counted

Row = tuple[str, ...]

_MOST_LEADING, _MOST_TRAILING, _SAMPLE = 50, 20, 100
_MOST_TOO_LONG = 0.1
_TOTALS = frozenset(
    (
        *("sum", "total", "totals", "grandtotal", "mean", "average", "avg", "median", "count", "min", "max"),
        *("minimum", "maximum", "std", "stdev", "stddev", "sd", "standarddeviation", "variance", "var"),
        *("summe", "gesamt", "gesamtergebnis", "mittelwert", "mittel", "durchschnitt", "anzahl", "varianz"),
        *("standardabweichung", "stabw", "stabwn", "stabws"),
        *("somme", "moyenne", "médiane", "écarttype", "suma", "promedio", "media", "mediana", "totale", "totaal"),
        *("desviaciónestándar", "gemiddelde", "som", "średnia", "média", "soma"),
    )
)
_SETS = ("train", "test")
"""What is for training or testing is a point, whatever its class is called."""

_TYPES = {
    **dict.fromkeys(("continuous", "c", "numeric", "n", "number", "float", "real", "double", "float64", "int"), ""),
    **dict.fromkeys(("discrete", "d", "string", "s", "text", "str", "object", "time", "t", "category", "factor"), ""),
}
_FLAGS = {"class": "class", "c": "class", "meta": "ignored", "m": "ignored", "ignore": "ignored", "i": "ignored"}
_ORANGE_NAME = re.compile(r"(?P<flag>[mic]?)(?P<type>[CDSTN]?)#(?P<name>.+)")
_UNIT = re.compile(
    r"[\[(].{0,12}[\])]|[-–—%‰°]|1|(?:[kMGmµμnp]?(?:m|g|s|V|A|W|Hz|Pa|J|N|l|L|K|Ω|mol|bar|eV|rad)|cm|dm|t|h|min|sec|d|°[CF]"
    r"|in|ft|dB|ppm|rpm|px|a\.?u\.?|€|\$|£|[kMGmµμn]?m/s|km/h|m/s[²2]|deg|none|unit|Einheit)(?:[²³23])?"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows of a table that are points, all of one length.

    Attributes
    ----------
    rows : list of tuple of str
    lines : list of int
        The line of the text in which each begins, from 1.
    names : tuple of str or None
        The header; None: there is none.
    marks : tuple of str
        What the text says of each column: "class", "ignored" or "".
    skipped : tuple of str
        What else stands in the text, such as "a title line".
    too_long : tuple of int
        The lines of rows with more cells than the others, which are left out.
    too_short : tuple of int
        The lines of rows that were filled up, where nothing but spaces says which cell is missing.
    """

    rows: list[Row]
    lines: list[int]
    names: Row | None
    marks: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    too_long: tuple[int, ...] = ()
    too_short: tuple[int, ...] = ()


@dataclass(slots=True)
class _Parts:
    """What has been found so far: rows from `start` to `stop` are points."""

    start: int
    stop: int
    header: int | None = None
    n_titles: int = 0
    n_units: int = 0
    marks: tuple[str, ...] = ()
    kept: list[int] = field(default_factory=list)


def lay_out(found: Rows, last_comment: Row, has_header: bool | None) -> Layout:
    """Return which rows are points.

    Parameters
    ----------
    found : Rows
    last_comment : tuple of str
        The cells of the comment right above the rows, which may name the columns; empty if there is none.
    has_header : bool or None
        What the person says; None: it is guessed.

    Raises
    ------
    TableError
        If the rows have too many different lengths.
    """
    rows, lines = found.cells, found.lines
    width = _width(found)
    numeric = _numeric_columns(rows, width)
    # A name that has spaces in it would be taken for several.
    longest_header = width if found.separator == " " else MAX_COLUMNS
    parts = _find_parts(rows, width, numeric, longest_header)
    names: Row | None = None
    if has_header is None:
        if parts.header is None and not parts.kept and _names_columns(last_comment, rows[parts.start], width, numeric):
            names = last_comment
    elif has_header and parts.header is None:
        parts.header, parts.start = parts.start, parts.start + 1
    elif not has_header and parts.header is not None:
        parts.kept, parts.header, parts.marks = [parts.header], None, ()
    if parts.header is not None:
        names = rows[parts.header]
    chosen = [*parts.kept, *range(parts.start, parts.stop)]
    header = tuple(cell.strip() for cell in names) if names is not None else None
    body, body_lines, n_repeated, too_long = _of_one_width(rows, lines, chosen, width, names)
    too_short = tuple(lines[row] for row in chosen if len(rows[row]) < width) if found.separator == " " else ()
    skipped = _in_words(parts, len(rows), n_repeated)
    return _without_empty_ends(Layout(body, body_lines, header, parts.marks, skipped, too_long, too_short), width)


def _width(found: Rows) -> int:
    """Return how many cells most rows have; of two lengths the longer one, whose last cells may be empty."""
    lengths = Counter(map(len, found.cells))
    width, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    near = sum(n for length, n in lengths.items() if length <= width)
    if 2 * near < len(found.cells) or (len(found.cells) > 2 and width > 1 and 3 * count < len(found.cells)):
        row = next(row for row, cells in enumerate(found.cells) if len(cells) != len(found.cells[0]))
        raise TableError(
            f"line {found.lines[row]} has {counted(len(found.cells[row]), 'column')}, but line {found.lines[0]} has "
            f"{len(found.cells[0])}; it was read with {SEPARATORS[found.separator]} as separator"
        )
    return width


def _numeric_columns(rows: Sequence[Row], width: int) -> list[int]:
    """Return the columns in which at least half of the cells that are not missing look like numbers."""
    step = max(1, len(rows) // _SAMPLE)
    sample = [row for row in rows[::step] if len(row) == width][: 2 * _SAMPLE]
    sample = sample or list(rows[:_SAMPLE])
    found = []
    for column in range(width):
        cells = [row[column] for row in sample if column < len(row) and not is_missing(row[column])]
        n_numbers = sum(map(may_be_number, cells))
        if n_numbers and 2 * n_numbers >= len(cells):
            found.append(column)
    return found


def _count(row: Row, numeric: Sequence[int]) -> tuple[int, int]:
    """Return how many numbers a row has where numbers are to be, and how many words."""
    n_numbers = n_words = 0
    for column in numeric:
        cell = row[column].strip() if column < len(row) else ""
        if not cell:
            continue
        if may_be_number(cell) or is_missing(cell):
            n_numbers += 1
        else:
            n_words += 1
    return n_numbers, n_words


def _find_parts(rows: Sequence[Row], width: int, numeric: Sequence[int], longest_header: int) -> _Parts:
    if not numeric:
        # Nothing tells; a header alone, or words in all columns.
        return _Parts(1, len(rows), header=0)
    counts = [_count(row, numeric) for row in rows[:_MOST_LEADING]]
    first = next((i for i, (n_numbers, n_words) in enumerate(counts) if n_numbers and not n_words), 0)
    parts = _Parts(first, len(rows))
    candidates = [
        row
        for row in range(first)
        if len(rows[row]) <= longest_header
        and _may_name(rows[row], width, len(numeric))
        and _are_names(rows[row], numeric)
    ]
    if candidates:
        _choose_header(parts, rows, candidates, first, numeric)
    elif _is_counted(rows, first, numeric):
        parts.header, parts.start, parts.n_titles = first, first + 1, first
    else:
        titles = [row for row in range(first) if _n_filled(rows[row]) < min(2, width) or not counts[row][0]]
        parts.n_titles = len(titles)
        parts.kept = [row for row in range(first) if row not in titles]
    parts.stop = _end(rows, parts.start, width, numeric)
    return parts


def _n_filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _may_name(row: Row, width: int, n_numeric: int) -> bool:
    """Return whether a row has enough cells to name the columns; that of row names may have none."""
    filled = _n_filled(row)
    return filled >= min(2, width) and filled >= min(width - 2, n_numeric - 1)


def _are_names(row: Row, numeric: Sequence[int]) -> bool:
    n_numbers, n_words = _count(row, numeric)
    numbers = [row[column].strip() for column in numeric if column < len(row) and may_be_number(row[column])]
    return n_words > 0 and (not n_numbers or n_words >= 2 * n_numbers or _count_up(numbers))


def _count_up(cells: Sequence[str]) -> bool:
    """Return whether cells are 0, 1, 2 or 1, 2, 3 and so on."""
    whole = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and len(cell) < 4]
    return len(whole) == len(cells) > 1 and whole[0] in (0, 1) and whole == list(range(whole[0], whole[0] + len(cells)))


def _is_counted(rows: Sequence[Row], first: int, numeric: Sequence[int]) -> bool:
    """Return whether a row of numbers is a header that counts columns: 0, 1, 2 above decimals."""
    row, below = (
        rows[first],
        [other for other in rows[first + 1 : first + 1 + _SAMPLE] if len(other) == len(rows[first])],
    )
    filled = [column for column in numeric if column < len(row) and row[column].strip()]
    if len(below) < 2 or not _count_up([row[column].strip() for column in filled]):
        return False
    others = [column for column in range(len(row)) if column not in filled and row[column].strip()]
    if any(row[column] in {other[column] for other in below} for column in others):
        return False
    n_decimals = [sum("." in other[column] or "," in other[column] for other in below) for column in filled]
    return 10 * max(n_decimals) >= 9 * len(below) and sum(10 * n >= 9 * len(below) for n in n_decimals) > 1


def _choose_header(
    parts: _Parts, rows: Sequence[Row], candidates: Sequence[int], first: int, numeric: Sequence[int]
) -> None:
    """Take the header among rows of words: the last one, unless that says units, or types as Orange writes them."""
    types = next((row for row in candidates[1:] if _are_types(rows[row], numeric)), None)
    if types is not None and types - 1 in candidates:
        header = types - 1
        flags = rows[types + 1] if types + 1 < first else ()
        marks = [_FLAGS.get(cell.strip().split("=")[0].lower(), "") for cell in flags]
        parts.marks = tuple(marks)
        parts.n_units = first - types
    else:
        header = candidates[-1]
        before = [row for row in candidates if row < header]
        if (
            before
            and before[-1] == header - 1
            and _n_filled(rows[header - 1]) <= max(len(rows[header]), len(rows[first]))
            and _are_units(rows[header], rows[header - 1])
        ):
            header -= 1
        elif before and (described := [row for row in before if _are_described(rows[row], rows[header])]):
            header = described[0]
        between = range(header + 1, first)
        parts.kept = [row for row in between if row not in candidates and _count(rows[row], numeric)[0]]
        parts.n_units = len(between) - len(parts.kept)
    parts.header, parts.n_titles = header, header


def _are_types(row: Row, numeric: Sequence[int]) -> bool:
    return all(column < len(row) and row[column].strip().lower() in _TYPES for column in numeric)


def _are_units(row: Row, names: Row) -> bool:
    cells = [cell.strip() for cell in row if cell.strip()]
    if all(_UNIT.fullmatch(cell) or cell.lower() in _TYPES for cell in cells):
        return True
    above = [cell.strip() for cell in names if cell.strip()]
    return len(set(above)) == len(above) >= len(cells) and (len(set(cells)) < len(cells) or len(cells) < len(above))


def _are_described(names: Row, row: Row) -> bool:
    """Return whether a row says in words what the short names of another one mean, or is one of a program's marks."""
    above = [cell.strip() for cell in names if cell.strip()]
    cells = [cell.strip() for cell in row if cell.strip()]
    if len(above) < len(cells) or len(set(above)) < len(above) or any(" " in name for name in above):
        return False
    pairs = zip(above, cells, strict=False)
    return all(len(cell) > len(name) and (" " in cell or cell[0] in "{[") for name, cell in pairs)


def _names_columns(names: Row, row: Row, width: int, numeric: Sequence[int]) -> bool:
    """Return whether the cells of a comment name the columns of the rows below; its sign may name the first: #,x,y."""
    is_long_enough = len(names) == width or (len(names) == width - 1 and 0 not in numeric)
    return width > 1 and is_long_enough and all(names[1:]) and not any(map(may_be_number, names)) and names != row


def _end(rows: Sequence[Row], start: int, width: int, numeric: Sequence[int]) -> int:
    """Return the row after the last point: what is below are sums, sources and the like."""
    stop = len(rows)
    while stop > max(start + 1, len(rows) - _MOST_TRAILING) and _is_footer(rows, start, stop - 1, width, numeric):
        stop -= 1
    return stop


def _is_footer(rows: Sequence[Row], start: int, index: int, width: int, numeric: Sequence[int]) -> bool:
    row = rows[index]
    first = next((cell.strip() for cell in row if cell.strip()), "")
    if len(row) == width and row[-1].strip() in _SETS:
        return False
    if any(_is_total(rows, start, index, column) for column in range(len(row))):
        return True
    n_numbers, n_words = _count(row, numeric)
    if n_words and len(row) < width:
        return True
    return not n_numbers and (len(row) < width - 1 or (width > 1 and _n_filled(row) == 1 and first == row[0].strip()))


def _is_total(rows: Sequence[Row], start: int, index: int, column: int) -> bool:
    """Return whether a cell says that its row sums up the others; a class that is called so has other points, too."""
    cell = rows[index][column].strip()
    if re.sub(r"[\W_]", "", cell).lower() not in _TOTALS:
        return False
    return not any(cell == row[column].strip() for row in rows[start:index] if column < len(row))


def _of_one_width(
    rows: Sequence[Row], lines: Sequence[int], chosen: Sequence[int], width: int, header: Row | None
) -> tuple[list[Row], list[int], int, tuple[int, ...]]:
    """Return rows filled up or cut to one length, their lines, how many repeat the header, and which are too long."""
    is_whole = len(chosen) == len(rows) or chosen == list(range(chosen[0], chosen[0] + len(chosen))) if chosen else True
    part = list(rows[chosen[0] : chosen[0] + len(chosen)]) if is_whole and chosen else [rows[row] for row in chosen]
    places = [lines[row] for row in chosen]
    n_repeated = part.count(header) if header is not None else 0
    if not n_repeated and set(map(len, part)) <= {width}:
        return part, places, 0, ()
    body: list[Row] = []
    body_lines: list[int] = []
    too_long: list[int] = []
    for row, line in zip(part, places, strict=True):
        if row == header:
            continue
        if any(cell.strip() for cell in row[width:]):
            too_long.append(line)
            continue
        body.append((*row[:width], *([""] * (width - len(row)))))
        body_lines.append(line)
    if len(too_long) > _MOST_TOO_LONG * len(part):
        raise TableError(
            f"line {too_long[0]} has more columns than the other rows, which have {width}, and so have "
            f"{len(too_long) - 1:,} others; a cell with a separator in it must stand in quotation marks"
        )
    return body, body_lines, n_repeated, tuple(too_long)


def _without_empty_ends(layout: Layout, width: int) -> Layout:
    """Return a layout without the columns at its end that are empty, and with a name for each of the others."""
    names = layout.names
    rows = layout.rows
    n_named = 0 if names is None else max((i + 1 for i, name in enumerate(names) if name), default=0)
    kept = width
    while kept > max(1, n_named) and not any(row[kept - 1].strip() for row in rows):
        kept -= 1
    if kept < width:
        rows = [row[:kept] for row in rows]
    if names is not None:
        names = _names_of_all(names, rows, kept, layout.too_long == ())
    marks = layout.marks
    if names is not None and any(_ORANGE_NAME.fullmatch(name) for name in names):
        names, marks = _without_flags(names)
    marks = (*marks[:kept], *([""] * (kept - len(marks)))) if any(marks) else ()
    return replace(layout, rows=rows, names=names, marks=marks)


def _names_of_all(names: Row, rows: Sequence[Row], width: int, may_shift: bool) -> Row:
    """Return one name for each column; where one is missing, it is that of row names, as R writes them."""
    filled = names[:width] if len(names) >= width else names
    if len(filled) == width - 1 and may_shift:
        first = [row[0].strip() for row in rows]
        if len(set(first)) == len(first) and rows:
            return ("", *filled)
    return (*filled, *([""] * (width - len(filled))))


def _without_flags(names: Row) -> tuple[Row, tuple[str, ...]]:
    """Return names without the flags that Orange writes before them, such as "C#", and what they mean."""
    plain, marks = [], []
    for name in names:
        found = _ORANGE_NAME.fullmatch(name)
        plain.append(found["name"] if found is not None else name)
        flag = found["flag"] if found is not None else ""
        is_text = found is not None and found["type"] in ("S", "T")
        marks.append({"c": "class", "m": "ignored", "i": "ignored"}.get(flag, "ignored" if is_text else ""))
    return tuple(plain), tuple(marks)


def _in_words(parts: _Parts, n_rows: int, n_repeated: int) -> tuple[str, ...]:
    found = (
        (parts.n_titles, "line above the header" if parts.header is not None else "line above the table"),
        (parts.n_units, "line below the header"),
        (n_repeated, "repeated header"),
        (n_rows - parts.stop, "line below the table"),
    )
    return tuple(
        counted(n, what, what.replace("line ", "lines ", 1) if what.startswith("line ") else f"{what}s")
        for n, what in found
        if n
    )
