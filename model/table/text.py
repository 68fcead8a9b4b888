"""Table of text: what a CSV file or a spreadsheet's clipboard holds, as cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np

from model.data.dataset import MAX_POINTS
from model.table import formats
from model.table.encodings import ENCODINGS, decoded
from model.table.errors import TableError, TableFileError, quoted
from model.table.layout import Layout, lay_out
from model.table.numbers import (
    NO_AFFIXES,
    PLAIN_NUMBERS,
    Affixes,
    Doubt,
    NumberStyle,
    affixes_of,
    are_plainly,
    guess_style,
    is_infinite,
    may_be_number,
    plain,
    shapes_of,
    why_no_number,
)
from model.table.parsed import Parsed
from model.table.rows import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    SEPARATORS,
    Rows,
    all_rows,
    cut_rows,
    find_rows,
    guess_separator,
    split_line,
    without_marks,
)
from model.table.touching import refuse_touching
from model.table.turned import turned
from model.table.uncertain import may_be_uncertain, with_one_sign, without_tolerances, without_uncertainties
from model.types import FloatArray, check_choice, counted, shortened

__all__ = ["SEPARATORS", "Table", "TableError", "quoted", "read_bytes", "read_table"]

MAX_BYTES = 20_000_000

_NUMBERS_ALONE = re.compile(r"[-+0-9.,eE\s\0]*")
_SAMPLED = 300
_UNICODE = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text.

    Attributes
    ----------
    columns : tuple of str
        Names; "column 1" and so on without a header, or where it has an empty cell.
    rows : tuple of tuple of str
        The cells under the header, as they were written.
    lines : tuple of int
        The line of the text in which each row begins, from 1.
    separator : str
        A key of :data:`model.table.rows.SEPARATORS`.
    style : NumberStyle
        How its numbers are written.
    has_header : bool
    affixes : tuple of Affixes
        What stands before and after the numbers of each column; empty: nothing does.
    marks : tuple of str
        What the text says of each column: "class", "ignored" or ""; empty: nothing.
    encoding : str
        A key of :data:`model.table.encodings.ENCODINGS`; empty where the text did not come as bytes.
    what : str
        What it is if not a plain table, such as "an ARFF file".
    skipped : tuple of str
        What of the text is no row, such as "1 line above the header".
    too_long : tuple of int
        The lines of rows with more cells than the others, which are left out.
    too_short : tuple of int
        The lines of rows with fewer cells, where nobody can say which of them is missing.
    doubts : tuple of str
        Sentences without a full stop: what may be read in another way, too.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    style: NumberStyle = PLAIN_NUMBERS
    has_header: bool = False
    affixes: tuple[Affixes, ...] = ()
    marks: tuple[str, ...] = ()
    encoding: str = ""
    what: str = ""
    skipped: tuple[str, ...] = ()
    too_long: tuple[int, ...] = ()
    too_short: tuple[int, ...] = ()
    doubts: tuple[str, ...] = ()
    _known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def name(self, column: int) -> str | None:
        """Return the name that the text has for a column, None if it has none."""
        name = self.columns[column]
        return None if name == _default_name(column) else name

    def mark(self, column: int) -> str:
        """Return what the text says of a column, see :attr:`marks`."""
        return self.marks[column] if self.marks else ""

    def cells(self, column: int, n_rows: int | None = None) -> list[str]:
        """Return the first `n_rows` cells of a column, or all, without surrounding spaces."""
        if ("cells", column) not in self._known:
            self._known["cells", column] = [row[column].strip() for row in self.rows]
        found: list[str] = self._known["cells", column]
        return found[:n_rows]

    def number(self, cell: str, column: int | None = None) -> float:
        """Return the number in a cell, of a column whose numbers may have a unit.

        Raises
        ------
        ValueError
            If there is none, or it is not finite; the message says what is wrong with the cell.
        """
        text = self._stripped(cell, column)
        value = self.style.value(text)
        if value is None or not isfinite(value):
            raise ValueError(why_no_number(cell, text, value))
        return value

    def numbers(self, column: int) -> FloatArray:
        """Return the numbers in a column, of shape (n_rows,); NaN where a cell holds none that is finite.

        Notes
        -----
        It says the same as :meth:`number` of each cell. Where all of them are plain it takes a tenth of the time.
        """
        if ("numbers", column) not in self._known:
            values = None if self.style.grouping else self._all_plain(column)
            if values is None:
                values = np.array([self._number_or_nan(row[column], column) for row in self.rows])
            values.flags.writeable = False
            self._known["numbers", column] = values
        found: FloatArray = self._known["numbers", column]
        return found

    def is_number(self, cell: str, column: int | None = None) -> bool:
        """Return whether a cell holds a number, finite or not."""
        text = self._stripped(cell, column)
        return self.style.pattern.fullmatch(text) is not None or is_infinite(text)

    def is_finite(self, cell: str, column: int | None = None) -> bool:
        """Return whether a cell holds a finite number."""
        value = self.style.value(self._stripped(cell, column))
        return value is not None and isfinite(value)

    def different(self, column: int) -> Counter[str]:
        """Return how often each text occurs in a column, in the order in which they come."""
        if ("different", column) not in self._known:
            self._known["different", column] = Counter(self.cells(column))
        found: Counter[str] = self._known["different", column]
        return found

    def place(self, row: int, column: int) -> str:
        """Return where a cell stands, as a person finds it: ``line 7, column 2 (x2)``."""
        return f"line {self.lines[row]:,}, {self.title(column)}"

    def title(self, column: int) -> str:
        """Return what a column is called in a sentence: ``column 2 (x2)``."""
        name = self.name(column)
        named = "" if name is None else f" ({shortened(' '.join(name.split()))})"
        return f"column {column + 1}{named}"

    def _affixes(self, column: int) -> Affixes:
        return self.affixes[column] if self.affixes else NO_AFFIXES

    def _stripped(self, cell: str, column: int | None) -> str:
        text = plain(cell)
        return text if column is None or not self.affixes else self.affixes[column].stripped(text)

    def _number_or_nan(self, cell: str, column: int) -> float:
        value = self.style.value(self._stripped(cell, column))
        return value if value is not None and isfinite(value) else nan

    def _all_plain(self, column: int) -> FloatArray | None:
        cells = [row[column] for row in self.rows]
        affixes = self._affixes(column)
        if affixes != NO_AFFIXES:
            cells = [affixes.stripped(plain(cell)) for cell in cells]
        text = plain("\0".join(cells))
        other = "," if self.style.decimal == "." else "."
        if other in text or _NUMBERS_ALONE.fullmatch(text) is None:
            return None
        try:
            values = np.array([float(cell) for cell in text.replace(",", ".").split("\0")])
        except ValueError:
            return None
        return values if np.isfinite(values).all() else None


def read_bytes(path: Path) -> bytes:
    """Return what is in a file that may be a table.

    Raises
    ------
    TableFileError
        If it is not there, too large, or no file.
    """
    try:
        # A pipe would be waited for.
        if not path.is_file():
            reason = "it is not a file" if path.exists() else "there is no such file"
            raise TableFileError(f"{path} cannot be read: {reason}")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        # A name may also be too long to be looked for.
        raise TableFileError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise TableFileError(f"{path} is too large for a table: at most {MAX_BYTES:,} bytes are allowed")
    return content


def read_table(
    content: str | bytes,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    style: NumberStyle | None = None,
    has_header: bool | None = None,
) -> Table:
    """Return the cells of a text.

    Parameters
    ----------
    content : str or bytes
    encoding, separator, style, has_header : optional
        What the person says about the text; by default it is guessed.

    Raises
    ------
    TableError
        If there are no rows, or rows of too many lengths, or too many of them; or if it is a file of another kind.
    """
    if encoding is not None:
        check_choice("encoding", encoding, ENCODINGS)
    if separator is not None:
        check_choice("separator", separator, SEPARATORS)
    text, encoding = _checked_text(content, encoding)
    text = without_marks(text)
    text = with_one_sign(text) if may_be_uncertain(text) else text
    cut = cut_rows(text)
    parsed = formats.parse(text) if separator is None else None
    if parsed is not None:
        layout, separator, what = _laid_out(parsed, has_header), ",", parsed.what
    else:
        layout, separator, what = _plainly_laid_out(text, separator, has_header)
    return _table_of(layout, separator, style, encoding, what, cut)


def _plainly_laid_out(text: str, separator: str | None, has_header: bool | None) -> tuple[Layout, str, str]:
    """Return the rows of a plain table, its separator, and what it is where its rows are its columns."""
    source = find_rows(text)
    if separator is None:
        separator = guess_separator(replace(source, text=without_tolerances(text)))
    comment = split_line(source.last_comment, separator) if source.last_comment else ()
    rows = all_rows(source, separator)
    refuse_touching(source.text, rows)
    cells, uncertain = without_uncertainties(rows.cells) if may_be_uncertain(text) else (rows.cells, ())
    rows = replace(rows, cells=cells)
    parsed = turned(rows) if has_header is None else None
    layout = lay_out(rows, comment, has_header) if parsed is None else _laid_out(parsed, None)
    n_comments = source.n_comments - (layout.names == comment and comment != ())
    comments = (counted(n_comments, "comment"),) if n_comments else ()
    layout = replace(layout, skipped=(*comments, *uncertain, *layout.skipped))
    return layout, separator, "" if parsed is None else parsed.what


def _laid_out(parsed: Parsed, has_header: bool | None) -> Layout:
    """Return the rows of another format, checked as those of a plain table."""
    if not parsed.rows:
        raise TableError(f"this is {parsed.what} without any points")
    longest = max(map(len, parsed.rows))
    if longest > MAX_COLUMNS:
        raise TableError(f"the table has {longest:,} columns; at most {MAX_COLUMNS} are allowed")
    if longest * len(parsed.rows) > MAX_CELLS:
        raise TableError(f"the table has too many cells; at most {MAX_CELLS:,} are allowed")
    rows, uncertain = without_uncertainties(parsed.rows)
    if parsed.names is None:
        layout = lay_out(Rows(rows, parsed.lines, ","), (), has_header)
        return replace(layout, marks=parsed.marks, skipped=(*uncertain, *layout.skipped))
    width = len(parsed.names)
    for row, line in zip(rows, parsed.lines, strict=True):
        if len(row) != width:
            raise TableError(f"line {line} of this table has {len(row)} cells; there are {width} columns")
    return Layout(rows, parsed.lines, parsed.names, parsed.marks, uncertain)


def _table_of(
    layout: Layout, separator: str, style: NumberStyle | None, encoding: str, what: str, cut: tuple[str, ...]
) -> Table:
    rows = layout.rows
    if not rows:
        raise TableError("the table has a header and no points under it; write each point on a line of its own")
    if len(rows) > MAX_POINTS:
        raise TableError(f"the table has too many rows; at most {MAX_POINTS:,} are allowed")
    columns = [[row[column] for row in rows] for column in range(len(rows[0]))]
    guessed, affixes, doubt = _numbers_of(columns, separator)
    style, doubt = (guessed, doubt) if style is None else (style, None)
    names = layout.names or ()
    titles = tuple((names[i] if i < len(names) else "") or _default_name(i) for i in range(len(columns)))
    return Table(
        titles,
        tuple(rows),
        tuple(layout.lines),
        separator,
        style,
        layout.names is not None,
        affixes,
        layout.marks,
        encoding,
        what,
        layout.skipped,
        layout.too_long,
        layout.too_short,
        (
            *cut,
            *_doubtful_number(doubt, style, columns, affixes, layout.lines),
            *_doubtful_letters(encoding, rows, names),
        ),
    )


def _numbers_of(
    columns: Sequence[Sequence[str]], separator: str
) -> tuple[NumberStyle, tuple[Affixes, ...], Doubt | None]:
    """Return how numbers are written, what stands before and after those of each column, and what is doubtful."""
    some = [cells[:_SAMPLED] for cells in columns]
    style, doubt = guess_style(some, separator)
    # Most tables are plain throughout. All cells of the others are looked at: a thousand may come late.
    if doubt is None and not style.grouping and any(style.decimal in cell for cells in some for cell in cells):
        others = [cells for cells in columns if not are_plainly(style, cells)]
        if not any(may_be_number(cell) for cells in others for cell in dict.fromkeys(cells[:_SAMPLED])):
            return style, (), None
    affixes = tuple(affixes_of(shapes_of(cells)) for cells in columns)
    if all(found == NO_AFFIXES for found in affixes):
        affixes = ()
    stripped = (
        columns
        if not affixes
        else [
            cells if found == NO_AFFIXES else [found.stripped(plain(cell)) for cell in cells]
            for cells, found in zip(columns, affixes, strict=True)
        ]
    )
    style, doubt = guess_style(stripped, separator)
    return style, affixes, doubt


def _default_name(column: int) -> str:
    return f"column {column + 1}"


# From bytes to a text


def _checked_text(content: str | bytes, encoding: str | None) -> tuple[str, str]:
    """Return a text whose lines end with a line feed, and its encoding; refuse what is too large or not text."""
    if len(content) > MAX_BYTES:
        raise TableError(f"the table is too large: {len(content):,} bytes; at most {MAX_BYTES:,} are allowed")
    if isinstance(content, str):
        text, encoding = content.removeprefix("\ufeff"), ""
    else:
        formats.refuse_binary(content)
        text, encoding = decoded(content, encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    wrong = text.find("\0")
    if wrong >= 0:
        line = text.count("\n", 0, wrong) + 1
        raise TableError(f"line {line} has a NUL character, so this is not text; save the table as CSV in UTF-8")
    n_lines = text.count("\n") + 1
    if n_lines > MAX_LINES:
        raise TableError(f"the table is too large: {n_lines:,} lines; at most {MAX_LINES:,} are allowed")
    return text, encoding


# What is told


def _doubtful_number(
    doubt: Doubt | None,
    style: NumberStyle,
    columns: Sequence[Sequence[str]],
    affixes: Sequence[Affixes],
    lines: Sequence[int],
) -> tuple[str, ...]:
    if doubt is None:
        return ()
    cell = plain(columns[doubt.column][doubt.row])
    cell = affixes[doubt.column].stripped(cell) if affixes else cell
    taken, other = style.value(cell), doubt.other.value(cell)
    return (f"{quoted(cell)} in line {lines[doubt.row]:,} is read as {taken:.15g}, and may be {other:.15g}",)


def _doubtful_letters(encoding: str, rows: Sequence[tuple[str, ...]], names: Sequence[str]) -> tuple[str, ...]:
    if encoding in (*_UNICODE, "") or all(cell.isascii() for row in (names, *rows) for cell in row):
        return ()
    return (f"the letters are read as {ENCODINGS[encoding]}; look whether they are right",)
