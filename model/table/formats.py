"""Files that are no plain tables: those that are read all the same, and those that are named for what they are."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from model.data.dataset import MAX_POINTS
from model.table.errors import TableError
from model.table.parsed import Parsed, TextFormat
from model.table.printed import PRINTED_FORMATS
from model.table.rows import MAX_COLUMNS

_SAVE = "save the table as CSV"

BINARY_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", f"an Excel workbook of the old kind; {_SAVE} in Excel"),
    (b"\x93NUMPY", "a NumPy array; write it as text with numpy.savetxt"),
    (b"PAR1", f"a Parquet file; {_SAVE}, for example with pandas"),
    (b"ARROW1", f"an Arrow file; {_SAVE}, for example with pandas"),
    (b"\x89HDF", f"an HDF5 file; {_SAVE}"),
    (b"SQLite format 3", f"an SQLite database; {_SAVE}"),
    (b"%PDF", f"a PDF document; {_SAVE}"),
    (b"{\\rtf", f"a formatted text; {_SAVE}"),
    (b"\x89PNG", "a picture; points are read from tables of numbers"),
    (b"\xff\xd8\xff", "a picture; points are read from tables of numbers"),
    (b"GIF8", "a picture; points are read from tables of numbers"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"7z\xbc\xaf", "packed with 7-Zip; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"MATLAB 5.0", f"a MATLAB file; {_SAVE}, for example with writematrix"),
    (b"$FL2", f"an SPSS file; {_SAVE}"),
    (b"RDX", f"an R data file; {_SAVE} with write.csv"),
    (b"\x80\x03", f"a Python pickle; {_SAVE}"),
    (b"\x80\x04", f"a Python pickle; {_SAVE}"),
    (b"\x80\x05", f"a Python pickle; {_SAVE}"),
)
"""How files of other programs begin, what they are, and what to do."""

_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"xl/", f"an Excel workbook; {_SAVE} in Excel"),
    (b"opendocument.spreadsheet", f"an OpenDocument spreadsheet; {_SAVE} in LibreOffice"),
    (b"word/", f"a Word document; {_SAVE}"),
    (b"experiment.json", "an experiment of NetCanvas; open it with File > Open"),
    (b".npy", "a NumPy archive; write its arrays as text with numpy.savetxt"),
    (b"", "packed as a ZIP archive; unpack it first"),
)


def refuse_binary(content: bytes) -> None:
    """Raise for a file that is no text, if it is of a kind that is known.

    Raises
    ------
    TableError
        The sentence names what it is.
    """
    if content.startswith(b"PK\x03\x04"):
        what = next(what for part, what in _ZIPPED if part in content[:100_000] or part in content[-100_000:])
        raise TableError(f"this is {what}")
    for beginning, what in BINARY_FORMATS:
        if content.startswith(beginning):
            raise TableError(f"this is {what}")


def parse(text: str) -> Parsed | None:
    """Return the rows of a text that is not written as a plain table; None if it is one.

    Raises
    ------
    TableError
        If it is of a kind that is known and not read, or is damaged.
    """
    start = text[:_LONGEST_PROLOGUE].lstrip()
    for entry in TEXT_FORMATS:
        if entry.beginning.match(start):
            parsed = entry.read(text)
            if parsed is not None:
                return parsed
    return None


def _refuse_html(_text: str) -> Parsed:
    raise TableError("this is an HTML page, perhaps saved under another name; copy its table, or save it as CSV")


def _refuse_xml(_text: str) -> Parsed:
    raise TableError("this is an XML file; save the table as CSV")


def _refuse_shape(_text: str) -> Parsed:
    raise TableError(
        "this is a shape in three dimensions, of corners and faces; points are read from tables of numbers"
    )


def _refuse_positions(_text: str) -> Parsed:
    raise TableError(
        f"this is what a receiver of satellites says (NMEA 0183), with degrees and minutes as one number; {_SAVE}"
    )


def _read_arff(text: str) -> Parsed:
    """Return the data of an ARFF file, see https://waikato.github.io/weka-wiki/formats_and_processing/arff/."""
    names: list[str] = []
    marks: list[str] = []
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    in_data = False
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if not line or line.startswith("%"):
            continue
        if in_data:
            if line.startswith("{"):
                raise TableError(f"line {number} of this ARFF file is sparse, which is not read; {_SAVE}")
            rows.append(tuple(_cells_of(line)))
            lines.append(number)
        elif line[:5].lower() == "@data":
            in_data = True
        elif line[:10].lower() == "@attribute":
            found = _ATTRIBUTE.match(line[10:].strip())
            if found is None:
                raise TableError(f"line {number} of this ARFF file has no name and type of an attribute")
            names.append(_unquoted(found["name"]))
            is_string = found["type"].lower().startswith(("string", "date", "relational"))
            marks.append("class" if found["type"].startswith("{") else "ignored" if is_string else "")
    if not rows:
        raise TableError("this ARFF file has no data")
    # The class of Weka is the last nominal attribute.
    last = max((index for index, mark in enumerate(marks) if mark == "class"), default=-1)
    marks = ["" if mark == "class" and index != last else mark for index, mark in enumerate(marks)]
    return Parsed("an ARFF file", rows, lines, tuple(names), tuple(marks))


def _read_libsvm(text: str) -> Parsed | None:
    """Return the rows of a file of LIBSVM, "label 1:0.5 2:1.5"; what it leaves out is 0."""
    found: list[tuple[str, dict[int, str]]] = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        parts = line.split("#", 1)[0].split()
        if not parts:
            continue
        pairs = [part.partition(":") for part in parts[1:]]
        if not all(sign and index.isascii() and index.isdigit() and len(index) < 4 for index, sign, _ in pairs):
            return None
        found.append((parts[0], {int(index): value for index, _, value in pairs}))
        lines.append(number)
    indices = sorted({index for _, values in found for index in values})
    _check_size(len(found), 1 + len(indices))
    rows = [(label, *(values.get(index, "0") for index in indices)) for label, values in found]
    return Parsed("a LIBSVM file", rows, lines, None, ("class", *([""] * len(indices))))


def _read_json(text: str) -> Parsed | None:
    """Return the rows of JSON: records, one in each line perhaps, columns by name, or lists of numbers."""
    for bracket in "{[":
        _check_size(text.count(bracket) - 1, 1)
    try:
        content = _loaded(text)
    except (ValueError, RecursionError):
        if not _RECORDS.match(text) or "array(" in text or "tensor(" in text:
            return None  # Perhaps a dict of NumPy's arrays.
        raise _json_error("is damaged") from None
    if isinstance(content, dict) and isinstance(content.get("columns"), list) and isinstance(content.get("data"), list):
        content = [dict(zip(map(str, content["columns"]), row, strict=False)) for row in content["data"]]
    if isinstance(content, dict):
        columns = {str(name): value for name, value in content.items() if isinstance(value, (list, dict))}
        if len(columns) != 1:
            return _from_columns(columns)
        content = next(iter(columns.values()))  # {"data": [...]}
    if not isinstance(content, list) or not content:
        raise _json_error("holds no rows")
    _check_size(len(content), 1)
    if all(isinstance(record, dict) for record in content):
        return _from_records(content, "JSON records")
    if all(_is_flat(record) for record in content):
        return _from_lists([tuple(map(_text_of, record)) for record in content], [], "lists of numbers")
    return None


def _from_columns(columns: dict[str, Any]) -> Parsed:
    """Return the rows of columns by name, lists or what pandas makes of them: {"x": {"0": 1.5, "1": 2}}."""
    cells = [list(value.values()) if isinstance(value, dict) else value for value in columns.values()]
    if not cells:
        raise _json_error("holds no rows")
    if len({len(column) for column in cells}) != 1:
        raise _json_error("has columns of different lengths")
    return _from_records([dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)], "JSON columns")


def _from_records(records: Sequence[dict[Any, Any]], what: str) -> Parsed:
    flat = [_flat(record) for record in records]
    names = tuple(dict.fromkeys(name for record in flat for name in record))
    _check_size(len(flat), len(names))
    rows = [tuple(_text_of(record.get(name)) for name in names) for record in flat]
    last = [name.rsplit(".", 1)[-1] for name in names]
    is_told = [last.count(part) == 1 and not part.isdigit() for part in last]
    short = (part if told else name for told, part, name in zip(is_told, last, names, strict=True))
    return Parsed(what, rows, list(range(1, len(rows) + 1)), tuple(short))


def _flat(record: dict[Any, Any], before: str = "", depth: int = 3) -> dict[str, Any]:
    """Return a record whose inner objects and one short list have become columns: "place.x", or "place.0"."""
    found: dict[str, Any] = {}
    n_lists = sum(isinstance(value, list) for value in record.values())
    for key, value in record.items():
        name = f"{before}{key}"
        is_place = n_lists == 1 and _is_flat(value) and len(value) <= _MOST_LISTED_COLUMNS
        inner = dict(enumerate(value)) if is_place else value
        if isinstance(inner, dict) and depth:
            found |= _flat(inner, f"{name}.", depth - 1)
        else:
            found[name] = value
    return found


def _is_flat(record: Any) -> bool:
    return isinstance(record, list) and not any(isinstance(cell, (list, dict)) for cell in record)


def _check_size(n_rows: int, n_columns: int) -> None:
    """Raise before more rows or columns are made than a table may have."""
    if n_rows > MAX_POINTS + 1:
        raise TableError(f"the table has too many rows; at most {MAX_POINTS:,} are allowed")
    if n_columns > MAX_COLUMNS:
        raise TableError(f"the table has {n_columns:,} columns; at most {MAX_COLUMNS} are allowed")


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            return [json.loads(line) for line in lines]
        if not _RECORDS.match(text) or len(text) > _LONGEST_PYTHON:
            raise
        return _evaluated(text.strip())


def _evaluated(text: str) -> Any:
    """Return a literal of Python, such as a printed dict."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            return ast.literal_eval(text)
        except (SyntaxError, MemoryError, TypeError) as error:
            raise ValueError(f"no literal of Python: {error}") from error


def _json_error(why: str) -> TableError:
    return TableError(f'this is a JSON file that {why}; it may hold records such as {{"x": 1, "y": 2, "class": "A"}}')


def _text_of(value: object) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read_lists(text: str) -> Parsed | None:
    """Return the rows of lists, tuples and arrays as Python and NumPy write them."""
    if "..." in text and not _OUTSIDE.sub("", _INNER_LIST.sub("", text)).strip():
        raise TableError(
            "this array was shortened with … when it was printed; print it whole, for example with array.tolist()"
        )
    rows: list[tuple[str, ...]] = []
    names: list[str] = []
    labels: list[str] = []
    end = 0
    for found in _INNER_LIST.finditer(text):
        behind = _LABEL_BEHIND.match(text, found.end())
        labels += [behind[1]] if behind is not None else []
        # The rows of MATLAB are parted by semicolons.
        rows += [tuple(_cells_of(part)) for part in found[1].split(";")]
        name = _NAME_BEFORE.search(text[max(end, found.start() - 100) : found.start()])
        names.append(next((part for part in name.groups() if part), "") if name is not None else "")
        end = found.end()
        _check_size(len(rows), 1)
    if _OUTSIDE.sub("", _INNER_LIST.sub("", text)).strip():
        return None  # Something stands beside the rows, and would be lost.
    if len(labels) == len(rows) > 0 and all(rows):
        rows = [(*row, label) for row, label in zip(rows, labels, strict=True)]
    return _from_lists([row for row in rows if row], names, "a list of Python")


def _read_c(text: str) -> Parsed | None:
    """Return the rows of an array of C or Java."""
    return _read_lists(_DECLARED.sub("", text, count=1).replace("//", "#"))


def _read_javascript(text: str) -> Parsed | None:
    """Return the rows of objects of JavaScript, whose names stand without quotation marks."""
    return _read_json(_BARE_NAME.sub(r'\1"\2"\3', _BARE_NAMES.sub("", text, count=1)).strip().rstrip(";"))


def _from_lists(rows: Sequence[tuple[str, ...]], names: Sequence[str], what: str) -> Parsed | None:
    """Return rows of lists; where some are long and as long as each other, they are columns."""
    lengths = [len(row) for row in rows]
    if not lengths:
        return None
    is_of_labels = lengths[-1] != lengths[0] or (names and names[-1] and not any(names[1:-1]))
    if len(rows) > 2 and lengths[-1] == len(rows) - 1 and len(set(lengths[:-1])) == 1 and is_of_labels:
        # Points, and behind them a list of labels.
        rows = [(*row, label) for row, label in zip(rows[:-1], rows[-1], strict=True)]
    elif (
        len(set(lengths)) == 1
        and len(rows) <= _MOST_LISTED_COLUMNS
        and (lengths[0] > max(4, len(rows)) or any({*map(str.lower, names)}.issuperset(pair) for pair in _PAIRS))
    ):
        rows = list(zip(*rows, strict=True))
        if all(names) and names:
            return Parsed(what, list(rows), list(range(1, len(rows) + 1)), tuple(names))
    return Parsed(what, list(rows), list(range(1, len(rows) + 1)))


def _cells_of(text: str) -> list[str]:
    """Return the cells of a row in brackets: parted by commas, or else by spaces."""
    if "'" not in text and '"' not in text:
        return [cell.strip() for cell in text.strip().rstrip(",").split(",")] if "," in text else text.split()
    return list(_quoted_cells(text))


def _quoted_cells(text: str) -> Iterator[str]:
    for found in _CELL.finditer(text):
        yield _unquoted(found[0].strip())


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


_LONGEST_PROLOGUE, _LONGEST_PYTHON = 20_000, 300_000
_RECORDS = re.compile(r"\s*\[?\s*\{\s*['\"]")
_MOST_LISTED_COLUMNS = 4
_ATTRIBUTE = re.compile(r"(?P<name>'[^']*'|\"[^\"]*\"|\S+)\s*(?P<type>\S.*)")
_INNER_LIST = re.compile(r"[\[({]([^\[\](){}]*)[\])}]")
_OUTSIDE = re.compile(r"\.\.\.|#[^\n]*|[A-Za-z_][\w.]*|['\"][\w ]*['\"]\s*:|[\[\](){},;=\s]+")
_NAME_BEFORE = re.compile(r"(?:(\w+)\s*=|['\"]([^'\"]*)['\"]\s*:)[^=:\]]*$")
_PAIRS = (("x", "y"), ("x1", "x2"))
_LABEL_BEHIND = re.compile(r"[ \t:,;]*([A-Za-z_]\w*)[ \t]*(?=\n|$)")
_DECLARED = re.compile(
    r"(?:(?:static|const|final|public|private|unsigned|long)\s+)*(?:double|float|int|var|auto|std::vector<[^\n=]*>)\s*"
    r"(?:\[\d*\]\s*)*\w+\s*(?:\[\w*\]\s*)*=\s*(?:new\s*\w*\s*(?:\[\d*\]\s*)*)?(?=[\[{(])"
    r"|\\addplot[^\n{]{0,200}coordinates\s*(?=\{)"
)
_BARE_NAMES = re.compile(r"(?:(?:const|let|var)\s+\w+\s*=\s*)?(?=\[\s*\{\s*[A-Za-z_]\w*\s*:)")
_BARE_NAME = re.compile(r"([{,]\s*)([A-Za-z_]\w*)(\s*:)")
_CELL = re.compile(r"'[^']*'|\"[^\"]*\"|[^\s,'\"]+")

_SHAPE = re.compile(
    r"""(?:\#[^\n]*\n|\s)* (?:
        ply \s*\n\s* format \s
      | solid\b [^\n]*\n\s* facet \s
      | OFF \s*\n
      | (?:(?:mtllib|usemtl|[og]) \s [^\n]*\n\s*)* v(?:[ \t]+[-+\d.eE]+){3,7} [ \t]*\n\s* v[nt]?[ \t]
    )""",
    re.VERBOSE,
)
"""How shapes of PLY, STL, OFF and OBJ begin."""

TEXT_FORMATS: tuple[TextFormat, ...] = (
    *PRINTED_FORMATS,
    TextFormat(re.compile(r"<(?:!doctype html|html|table|head|body|div|meta)", re.IGNORECASE), _refuse_html),
    TextFormat(re.compile(r"<\?xml|<[a-zA-Z]+[\s>]"), _refuse_xml),
    TextFormat(_SHAPE, _refuse_shape),
    TextFormat(re.compile(r"[$!][A-Z]{5},"), _refuse_positions),
    TextFormat(re.compile(r"(?:%[^\n]*\n|\s)*@relation\b", re.IGNORECASE), _read_arff),
    TextFormat(re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?(?:[ \t]+\d+:[-+\d.eE]+)+[ \t]*(?:\n|$)"), _read_libsvm),
    TextFormat(_BARE_NAMES, _read_javascript),
    TextFormat(_DECLARED, _read_c),
    TextFormat(re.compile(r"[\[{]"), _read_json),
    TextFormat(re.compile(r"(?:[\w.]+\s*=\s*)?(?:[\w.]+\()?\s*[\[({]{1,3}\s*['\"\d.+\-]"), _read_lists),
)
"""Every kind of text that is no plain table, the first that fits."""
