"""Table of text: what a CSV file or a spreadsheet's clipboard holds, as cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias

import numpy as np

from model.data.dataset import MAX_POINTS
from model.types import FloatArray, check_choice, counted, shortened

Decimal: TypeAlias = Literal[".", ","]

SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "space"}
"""Every separator of columns with its name; where two would do as well, the earlier one is taken."""

DECIMALS: dict[Decimal, str] = {".": "point", ",": "comma"}

MAX_BYTES = 20_000_000
MAX_LINES = 250_000
MAX_COLUMNS = 100
MAX_CELLS = 2_000_000
MAX_ROW_CHARACTERS = 100_000

_SAMPLE_ROWS, _SAMPLE_CHARACTERS = 100, 200_000
_NUMBERS: dict[str, re.Pattern[str]] = {
    sign: re.compile(rf"[-+]?(?:[0-9]+(?:[{sign}][0-9]*)?|[{sign}][0-9]+)(?:[eE][-+]?[0-9]+)?") for sign in DECIMALS
}
_NUMBERS_ALONE = re.compile(r"[-+0-9.,eE\s\0]*")
_NO_FINITE_NUMBER = re.compile(r"[-+]?(?:nan|inf|infinity)", re.IGNORECASE)


class TableError(ValueError):
    """A table that cannot be read or has no points in it; the message is a sentence for the person who chose it."""


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
        A key of :data:`SEPARATORS`.
    decimal : str
        The decimal sign, "." or ",".
    has_header : bool
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    decimal: Decimal
    has_header: bool

    def cells(self, column: int, n_rows: int | None = None) -> list[str]:
        """Return the first `n_rows` cells of a column, or all, without surrounding spaces."""
        return [row[column].strip() for row in self.rows[:n_rows]]

    def number(self, cell: str) -> float:
        """Return the number in a cell.

        Raises
        ------
        ValueError
            If there is none, or it is not finite; the message says what is wrong with the cell.
        """
        text = _plain(cell)
        if _NUMBERS[self.decimal].fullmatch(text) is None:
            wrong = "a finite number" if _NO_FINITE_NUMBER.fullmatch(text) else "a number"
            raise ValueError(f"{quoted(cell)} is not {wrong}" if text else "the cell is empty")
        value = float(text.replace(",", "."))
        if not isfinite(value):
            raise ValueError(f"{quoted(cell)} is too large; it may be up to 1e308")
        return value

    def numbers(self, column: int) -> FloatArray | None:
        """Return the numbers in a column, of shape (n_rows,); None where a cell holds none that is finite.

        Notes
        -----
        It says the same as :meth:`number` of each cell, and takes a tenth of the time.
        """
        text = _plain("\0".join([row[column] for row in self.rows]))
        other = "," if self.decimal == "." else "."
        if other in text or _NUMBERS_ALONE.fullmatch(text) is None:
            return None
        try:
            values = np.array([float(cell) for cell in text.replace(",", ".").split("\0")])
        except ValueError:
            return None
        return values if np.isfinite(values).all() else None

    def is_number(self, cell: str) -> bool:
        """Return whether a cell holds a number, finite or not."""
        return _is_number(cell, self.decimal)

    def is_finite(self, cell: str) -> bool:
        """Return whether a cell holds a finite number."""
        text = _plain(cell)
        return _NUMBERS[self.decimal].fullmatch(text) is not None and isfinite(float(text.replace(",", ".")))

    def place(self, row: int, column: int) -> str:
        """Return where a cell stands, as a person finds it: ``line 7, column 2 (x2)``."""
        name = self.columns[column]
        named = "" if name == _default_name(column) else f" ({shortened(name)})"
        return f"line {self.lines[row]}, column {column + 1}{named}"


def quoted(cell: str) -> str:
    """Return a cell in quotation marks, not too long for a sentence."""
    return repr(shortened(cell.strip()))


def read_bytes(path: Path) -> bytes:
    """Return what is in a file that may be a table.

    Raises
    ------
    TableError
        If it is not there, too large, or no file.
    """
    try:
        # A pipe would be waited for.
        if not path.is_file():
            reason = "it is not a file" if path.exists() else "there is no such file"
            raise TableError(f"{path} cannot be read: {reason}")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        # A name may also be too long to be looked for.
        raise TableError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise TableError(f"{path} is too large for a table: at most {MAX_BYTES:,} bytes are allowed")
    return content


def read_table(
    content: str | bytes,
    *,
    separator: str | None = None,
    decimal: Decimal | None = None,
    has_header: bool | None = None,
) -> Table:
    """Return the cells of a text.

    Parameters
    ----------
    content : str or bytes
        Bytes are UTF-8, with a byte order mark or without, UTF-16 with one, or otherwise Latin-1.
    separator, decimal, has_header : optional
        What the person says about the text; by default it is guessed.

    Raises
    ------
    TableError
        If there are no rows, or rows of different lengths, or too many of them.
    """
    if separator is not None:
        check_choice("separator", separator, SEPARATORS)
    if decimal is not None:
        check_choice("decimal", decimal, DECIMALS)
    text = _checked_text(content)
    if separator is None:
        separator = _guess_separator(text)
    rows, lines = _all_rows(text, separator)
    if decimal is None:
        decimal = _guess_decimal(rows)
    if has_header is None:
        has_header = _looks_like_header(rows)
    names = [name.strip() for name in rows[0]] if has_header else [""] * len(rows[0])
    columns = tuple(name or _default_name(index) for index, name in enumerate(names))
    start = int(has_header)
    if len(rows) == start:
        raise TableError("the table has a header and no points under it; write each point on a line of its own")
    if len(rows) - start > MAX_POINTS:
        raise TableError(f"the table has too many rows; at most {MAX_POINTS:,} are allowed")
    return Table(columns, tuple(rows[start:]), tuple(lines[start:]), separator, decimal, has_header)


def _default_name(column: int) -> str:
    return f"column {column + 1}"


def _plain(cell: str) -> str:
    """Return a cell without surrounding spaces, and with the minus that keyboards have."""
    return cell.strip().replace("−", "-")


def _is_number(cell: str, decimal: Decimal) -> bool:
    text = _plain(cell)
    return _NUMBERS[decimal].fullmatch(text) is not None or _NO_FINITE_NUMBER.fullmatch(text) is not None


# From bytes to rows


def _checked_text(content: str | bytes) -> str:
    """Return a text whose lines end with a line feed; refuse what is too large or not text."""
    if len(content) > MAX_BYTES:
        raise TableError(f"the table is too large: {len(content):,} bytes; at most {MAX_BYTES:,} are allowed")
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    wrong = text.find("\0")
    if wrong >= 0:
        line = text.count("\n", 0, wrong) + 1
        raise TableError(f"line {line} has a NUL character, so this is not text; save the table as CSV in UTF-8")
    n_lines = text.count("\n") + 1
    if n_lines > MAX_LINES:
        raise TableError(f"the table is too large: {n_lines:,} lines; at most {MAX_LINES:,} are allowed")
    return text


def _decoded(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf16:
            raise TableError(f"the text is damaged at byte {error.start + 1}; save it again as UTF-8") from None
        return content.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _rows(text: str, separator: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the number of the line in which each row begins and its cells; rows without any text are left out."""
    before = 0
    n_characters = 0

    def lines() -> Iterator[str]:
        nonlocal n_characters
        for number, line in enumerate(io.StringIO(text), start=1):
            if len(line) > MAX_ROW_CHARACTERS:
                most = f"at most {MAX_ROW_CHARACTERS:,} are allowed"
                raise TableError(f"line {number} has {len(line):,} characters; {most}")
            # A quotation mark that is never closed would take in all the rest.
            n_characters += len(line)
            if n_characters > MAX_ROW_CHARACTERS:
                _refuse_quoting(before + 1)
            yield f"{line.strip()}\n" if separator == " " else line

    reader = csv.reader(lines(), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                yield before + 1, tuple(row)
            before, n_characters = reader.line_num, 0
    except csv.Error as error:
        # Any part of the program may set this limit; all other complaints are about quotation marks.
        if "field larger" in str(error):
            raise TableError(f"line {before + 1} has a cell that is too long") from None
        _refuse_quoting(before + 1)


def _refuse_quoting(line: int) -> NoReturn:
    raise TableError(
        f'line {line}: a quotation mark is not closed, or not followed by a separator; write "…" around the whole cell'
    ) from None


def _all_rows(text: str, separator: str) -> tuple[list[tuple[str, ...]], list[int]]:
    """Return all rows, which have the same length, and the line in which each begins."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, row in _rows(text, separator):
        if len(row) > MAX_COLUMNS:
            raise TableError(f"line {line} has {len(row):,} columns; at most {MAX_COLUMNS} are allowed")
        if rows and len(row) != len(rows[0]):
            raise TableError(
                f"line {line} has {counted(len(row), 'column')}, but line {lines[0]} has {len(rows[0])}; "
                f"it was read with {SEPARATORS[separator]} as separator"
            )
        rows.append(row)
        lines.append(line)
        # One more is allowed here because the first may be a header.
        if len(rows) > MAX_POINTS + 1:
            raise TableError(f"the table has too many rows; at most {MAX_POINTS:,} are allowed")
        if len(rows) * len(row) > MAX_CELLS:
            raise TableError(f"the table has too many cells; at most {MAX_CELLS:,} are allowed")
    if not rows:
        raise TableError("the table is empty; write each point on a line of its own, such as 0.5,1.5,A")
    return rows, lines


# What a text looks like


def _guess_separator(text: str) -> str:
    """Return the separator that makes the most rows equally long and the most cells numbers."""
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        rows = _sample(text, separator)
        lengths = [len(row) for row in rows]
        usual = max(lengths, key=lengths.count, default=0)
        if usual < 2:
            continue
        cells = [cell for row in rows for cell in row[:MAX_COLUMNS]]
        share = max(sum(_is_number(cell, sign) for cell in cells) for sign in DECIMALS) / len(cells)
        score = lengths.count(usual) / len(rows) * (0.1 + share)
        if score > best_score:
            best, best_score = separator, score
    return best


def _sample(text: str, separator: str) -> list[tuple[str, ...]]:
    """Return the first rows that can be read; errors are reported when all rows are read."""
    rows: list[tuple[str, ...]] = []
    try:
        for _, row in _rows(text[:_SAMPLE_CHARACTERS], separator):
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except TableError:
        pass
    # The last one may be cut.
    return rows[:-1] if len(text) > _SAMPLE_CHARACTERS and len(rows) > 1 else rows


def _guess_decimal(rows: list[tuple[str, ...]]) -> Decimal:
    """Return the decimal sign that most cells have; a point if none has any."""
    n_commas = sum("," in cell and _is_number(cell, ",") for row in rows for cell in row)
    if n_commas == 0:
        return "."
    n_points = sum("." in cell and _is_number(cell, ".") for row in rows for cell in row)
    return "," if n_commas > n_points else "."


def _looks_like_header(rows: list[tuple[str, ...]]) -> bool:
    """Return whether the first row has no number above the columns whose other cells are mostly numbers."""

    def is_number(cell: str) -> bool:
        return any(_is_number(cell, sign) for sign in DECIMALS)

    sample = rows[1 : _SAMPLE_ROWS + 1]
    every = range(len(rows[0]))
    numeric = [index for index in every if 2 * sum(is_number(row[index]) for row in sample) > len(sample)]
    return not any(is_number(rows[0][index]) for index in numeric or every)
