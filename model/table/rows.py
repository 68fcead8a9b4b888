"""A text as rows of cells: comments, separators and quotation marks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from model.data.dataset import MAX_POINTS
from model.table.errors import TableError
from model.table.numbers import may_be_number

SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma", " ": "space"}
"""Every separator of columns with its name; where two would do as well, the earlier one is taken."""

MAX_LINES = 250_000
MAX_COLUMNS = 100
MAX_CELLS = 2_000_000
MAX_ROW_CHARACTERS = 100_000

_SAMPLE_ROWS, _SAMPLE_CHARACTERS, _LONGEST_SAMPLED_LINE = 100, 20_000, 200
_MOST_LEADING_ROWS = 200
_COMMENT = re.compile(
    r"^[ \t]*(?:#(?!(?:[0-9A-F]{3,8}|N/A|VALUE!|DIV/0!|REF!|NAME\?|NUM!|NULL!)[,;|\t ])|%|//|!)[^\n]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""A line that begins with the sign of a comment, and not with a color or with what Excel writes for a number."""

_RULE = re.compile(r"^[ \t|+:=\-]*(?:--|==)[ \t|+:=\-]*$", re.MULTILINE)
_SAYS_SEPARATOR = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\n|$)', re.IGNORECASE)
_SPACES, _GAPS = re.compile(r"[ \t]+"), re.compile(r"[ \t]{2,}|\t")
_CUT = re.compile(r"^[ \t|]*(?:\.{2,3}|…|⋮)(?:[ \t|]+(?:\.{2,3}|…|⋮))+[ \t|]*$", re.MULTILINE)
_MORE_ROWS = re.compile(r"(\d[\d,]*) more rows|omitted (\d[\d,]*) (?:rows|entries)")
_MARKS = frozenset(("> ", "- ", "* ", "• "))
_MARK = re.compile(r"^[ \t]*[>*•-] ", re.MULTILINE)
_FORMULA = re.compile(r'(^|[,;\t|])="([^"\n]*)"(?=[,;\t|\n]|$)', re.MULTILINE)
_APOSTROPHES = re.compile(r"(?:^|[,;|\t ])'[^'\n]*'(?=[,;|\t \n]|$)")


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a text that are rows.

    Attributes
    ----------
    text : str
        All lines, each of which ends with a line feed but the last.
    skipped : frozenset of int
        The numbers of lines that are comments or rules, from 1.
    last_comment : str
        The comment that stands right above the rows, without its sign; it may name the columns.
    n_comments : int
    separator : str or None
        What the text itself says.
    has_bars : bool
        Whether a bar stands before and after each row, too.
    has_gaps : bool
        Whether two spaces or more part columns whose names have single ones in them.
    """

    text: str
    skipped: frozenset[int]
    last_comment: str
    n_comments: int
    separator: str | None
    has_bars: bool
    has_gaps: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of cells, the line of the text in which each begins, from 1, and the separator."""

    cells: list[tuple[str, ...]]
    lines: list[int]
    separator: str


def without_marks(text: str) -> str:
    """Return a text without what mails and lists put before each line, and Excel round a cell: > or -, and ="1.5"."""
    if '="' in text:
        text = _FORMULA.sub(r'\1"\2"', text)
    lines = text[:_SAMPLE_CHARACTERS].split("\n")[:_SAMPLE_ROWS]
    marks = {line.strip()[:2] for line in lines if line.strip()}
    return _MARK.sub("", text) if len(marks) == 1 and marks <= _MARKS else text


def find_rows(text: str) -> Source:
    """Return which lines of a text are rows."""
    skipped: set[int] = set()
    said = _SAYS_SEPARATOR.match(text)
    separator = said[1] if said is not None and said[1] in SEPARATORS else None
    if said is not None and separator is not None:
        skipped.add(text.count("\n", 0, said.start(1)) + 1)
    comments = _numbered(text, _COMMENT) if any(sign in text for sign in ("#", "%", "//", "!")) else {}
    rules = _numbered(text, _RULE) if "--" in text or "==" in text else {}
    n_lines = text.count("\n") + 1
    if len(comments) + len(rules) >= n_lines - text.count("\n\n") - 1:
        comments = {}  # All rows may begin with such a sign.
    first = next((number for number in range(1, n_lines + 1) if number not in comments), n_lines)
    last_comment = re.sub(r"^[ \t]*(?:#+|%+|//|!+)[ \t]*", "", comments.get(first - 1, ""))
    skipped.update(comments, rules)
    lines = text[:_SAMPLE_CHARACTERS].split("\n")[:_SAMPLE_ROWS]
    shown = [line.strip() for number, line in enumerate(lines, start=1) if line.strip() and number not in skipped]
    has_bars = len(shown) > 1 and sum(line[0] == line[-1] == "|" for line in shown) > len(shown) // 2
    single, wide = ({len(pattern.split(line)) for line in shown} for pattern in (_SPACES, _GAPS))
    has_gaps = len(single) > 1 and len(wide) == 1 and wide != {1}
    return Source(text, frozenset(skipped), last_comment, len(comments), separator, has_bars, has_gaps)


def cut_rows(text: str) -> tuple[str, ...]:
    """Return a sentence on rows that were left out when a table was printed, if its text says so.

    Raises
    ------
    TableError
        If it has a row of … in their place.
    """
    if ("..." in text or "…" in text or "⋮" in text) and _CUT.search(text) is not None:
        raise TableError("this table was shortened with … when it was printed; print all its rows, or save it as CSV")
    found = _MORE_ROWS.search(text) if "more rows" in text or "omitted" in text else None
    return () if found is None else (f"{found[1] or found[2]} more rows are not in the text, which was shortened",)


def _numbered(text: str, pattern: re.Pattern[str]) -> dict[int, str]:
    """Return the lines that a pattern finds, by their numbers."""
    found = {}
    number, end = 1, 0
    for match in pattern.finditer(text):
        number += text.count("\n", end, match.start())
        end = match.start()
        found[number] = match[0]
    return found


def split_line(line: str, separator: str) -> tuple[str, ...]:
    """Return the cells of one line."""
    reader = csv.reader([line.strip()], delimiter=separator, skipinitialspace=True)
    try:
        return tuple(cell.strip() for cell in next(reader, []))
    except csv.Error:
        return ()


def all_rows(source: Source, separator: str) -> Rows:
    """Return every row that has any text.

    Raises
    ------
    TableError
        If there is none, or there are too many rows or cells, or a quotation mark is not closed.
    """
    cells: list[tuple[str, ...]] = []
    lines: list[int] = []
    n_cells = 0
    for line, row in _rows(source, separator):
        if len(row) > MAX_COLUMNS:
            raise TableError(f"line {line} has {len(row):,} columns; at most {MAX_COLUMNS} are allowed")
        cells.append(row)
        lines.append(line)
        if len(cells) > MAX_POINTS + _MOST_LEADING_ROWS:
            raise TableError(f"the table has too many rows; at most {MAX_POINTS:,} are allowed")
        n_cells += len(row)
        if n_cells > MAX_CELLS:
            raise TableError(f"the table has too many cells; at most {MAX_CELLS:,} are allowed")
    if not cells:
        raise TableError("the table is empty; write each point on a line of its own, such as 0.5,1.5,A")
    return Rows(cells, lines, separator)


def _rows(source: Source, separator: str, limit: int | None = None) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the number of the line in which each row begins and its cells; rows without any text are left out."""
    quote = "'" if _quotes_by_apostrophe(source.text[:_SAMPLE_CHARACTERS]) else '"'
    text = source.text[:limit]
    if quote in text:
        yield from _quoted_rows(source, text, separator, quote)
        return
    bar = "|" if source.has_bars and separator == "|" else ""
    for number, line in enumerate(text.split("\n"), start=1):
        _check_length(number, line)
        if number in source.skipped or not line.strip().strip(separator):
            continue
        if separator == " ":
            row = tuple((_GAPS if source.has_gaps else _SPACES).split(line.strip()))
        else:
            row = tuple((_without_ends(line, bar) if bar else line).split(separator))
        if row[0].strip() or any(map(str.strip, row)):
            yield number, row


def _quoted_rows(source: Source, text: str, separator: str, quote: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a text in which cells may be quoted, and so have separators and line ends in them."""
    numbers = [0]
    n_characters = 0
    strips = separator == " " or source.has_bars
    bar = "|" if source.has_bars and separator == "|" else ""

    def lines() -> Iterator[str]:
        nonlocal n_characters
        for number, line in enumerate(io.StringIO(text), start=1):
            _check_length(number, line)
            if number in source.skipped:
                continue
            # A quotation mark that is never closed would take in all the rest.
            n_characters += len(line)
            if n_characters > MAX_ROW_CHARACTERS:
                _refuse_quoting(numbers[before + 1] if before + 1 < len(numbers) else number)
            numbers.append(number)
            spaced = line.replace("\t", " ") if separator == " " else line
            yield f"{_without_ends(spaced, bar)}\n" if strips else spaced

    before = 0
    reader = csv.reader(lines(), delimiter=separator, quotechar=quote, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                yield numbers[before + 1], tuple(row)
            before, n_characters = reader.line_num, 0
    except csv.Error as error:
        line = numbers[min(before + 1, len(numbers) - 1)]
        # Any part of the program may set this limit; all other complaints are about quotation marks.
        if "field larger" in str(error):
            raise TableError(f"line {line} has a cell that is too long") from None
        _refuse_quoting(line)


def _check_length(number: int, line: str) -> None:
    if len(line) > MAX_ROW_CHARACTERS:
        raise TableError(f"line {number} has {len(line):,} characters; at most {MAX_ROW_CHARACTERS:,} are allowed")


def _without_ends(line: str, bar: str) -> str:
    return line.strip().removeprefix(bar).removesuffix(bar)


def _refuse_quoting(line: int) -> NoReturn:
    raise TableError(
        f'line {line}: a quotation mark is not closed, or not followed by a separator; write "…" around the whole cell'
    ) from None


def _quotes_by_apostrophe(sample: str) -> bool:
    """Return whether cells are quoted by apostrophes, as some programs do; one alone parts Swiss thousands."""
    return "'" in sample and '"' not in sample and len(_APOSTROPHES.findall(sample)) > sample.count("\n") // 2 + 1


# What a text looks like


def guess_separator(source: Source) -> str:
    """Return the separator of a text.

    Notes
    -----
    clevercsv looks at the first rows: it weighs how regular they are and how many cells have a type. What it finds is
    taken unless another separator makes many more numbers.
    """
    if source.separator is not None:
        return source.separator
    if source.has_bars:
        return "|"
    scores = {separator: _score(_sample(source, separator)) for separator in SEPARATORS}
    best = max(scores, key=scores.__getitem__)
    found = _clever_separator(source)
    # A comma is regular in 1,5 2,5 too, where it makes fewer numbers.
    if found is not None and scores[found] > 0.8 * scores[best]:
        return found
    return best if scores[best] else ","


def _clever_separator(source: Source) -> str | None:
    import clevercsv  # Takes its time, and the window starts without a table.

    lines = source.text[:_SAMPLE_CHARACTERS].split("\n")
    if len(source.text) > _SAMPLE_CHARACTERS:
        lines = lines[:-1]  # The last one may be cut.
    kept = [line for number, line in enumerate(lines, start=1) if line.strip() and number not in source.skipped]
    sample = "\n".join(line[:_LONGEST_SAMPLED_LINE] for line in kept[: _SAMPLE_ROWS // 2])
    try:
        dialect = clevercsv.Detector().detect(sample, delimiters=list(SEPARATORS))
    except (clevercsv.Error, ValueError):
        return None
    return dialect.delimiter if dialect is not None and dialect.delimiter in SEPARATORS else None


def _score(rows: Sequence[tuple[str, ...]]) -> float:
    """Return how many rows are equally long, and how many of their cells are numbers; 0 for one column."""
    lengths = [len(row) for row in rows]
    usual = max(lengths, key=lengths.count, default=0)
    if usual < 2:
        return 0.0
    cells = [cell for row in rows for cell in row[:MAX_COLUMNS]]
    return lengths.count(usual) / len(rows) * (0.1 + sum(map(may_be_number, cells)) / len(cells))


def _sample(source: Source, separator: str) -> list[tuple[str, ...]]:
    """Return the first rows that can be read; errors are reported when all rows are read."""
    rows: list[tuple[str, ...]] = []
    try:
        for _, row in _rows(source, separator, _SAMPLE_CHARACTERS):
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except TableError:
        pass
    # The last one may be cut.
    return rows[:-1] if len(source.text) > _SAMPLE_CHARACTERS and len(rows) > 1 else rows
