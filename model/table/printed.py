"""Tables as other programs print them for a person: LaTeX, wikis, statements of SQL, R and C, boxes of statistics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.table.errors import TableError
from model.table.parsed import Parsed, TextFormat

_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[^}\n]{0,50}\}(?:\[[^\]\n]{0,50}\])?(?:\{[^\n&]{0,200}\})?")
_RULE = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|addlinespace|centering|small)\b(?:\[[^\]\n]{0,50}\])?"
    r"|\\c(?:mid)?(?:rule|line)(?:\([^)\n]{0,50}\))?\{[^}\n]{0,50}\}|\\(?:caption|label)\{[^\n]*\}"
)
_STYLED = re.compile(r"\\(?:textbf|textit|emph|text|mathrm|num|multicolumn\{\d+\}\{[^{}\n]{0,50}\})\{([^{}]*)\}")
_ROW_END = re.compile(r"\\\\(?:\[[^\]\n]*\])?")
_CELL_END = re.compile(r"(?<!\\)&")
_INSERT = re.compile(r"INSERT\s+INTO\s+\S+?\s*(?:\((?P<names>[^()]*)\))?\s*VALUES", re.IGNORECASE)
_SQL_ROW = re.compile(r"\(((?:[^()']|'[^']*')*)\)")
_SQL_CELL = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^,']*))\s*(?:,|$)")
_PAIR = re.compile(r"([A-Za-z_]\w*)[=:](?!//)(\"[^\"]*\"|[^\s,;]+)")
_PAIRS_ALONE = re.compile(rf"(?:{_PAIR.pattern})(?:[\s,;]+(?:{_PAIR.pattern}))+")
_R_NAME = r"(?P<name>[\w.]+|`[^`]*`|\"[^\"]*\")\s*=\s*"
_R_VECTOR = re.compile(rf"{_R_NAME}c\((?P<cells>[^()]*)\)")
_R_FACTOR = re.compile(
    rf"{_R_NAME}structure\(c\((?P<codes>[^()]*)\),\s*(?:levels|\.Label)\s*=\s*c\((?P<levels>[^()]*)\)"
)
_R_RANGE = re.compile(rf"{_R_NAME}(?P<first>\d+):(?P<last>\d+)")
_R_CELL = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\s,]+)")
_R_ATTRIBUTES = frozenset(("class", "row.names", "levels", ".Label", ".Names", "names", "dim", "stringsAsFactors"))
_YAML_ITEM = re.compile(r"(?P<dash>-\s+|\s+)(?P<name>[\w .]+?)\s*:\s+(?P<value>[^\n]*?)\s*")
_NUMBERED = re.compile(r"\s*\d+\.\s*\|(?P<cells>.*?)\|?\s*")
_BARRED = re.compile(r"\s*\|(?P<cells>[^|]*[^|\s-][^|]*)\|\s*")
_LONGEST_LINE = 2_000
_TYPE = re.compile(
    r"[fiu]\d+|str|bool|cat|enum|double|float|varchar|integer|bigint|int\d*|decimal\S*|boolean|timestamp|date\S*|\w+\d+\??"
    r"|String\d*\??|Bool\??|Char"
)


def _read_latex(text: str) -> Parsed | None:
    """Return the rows of a table or matrix of LaTeX: cells are parted by &, rows end with two backslashes."""
    body = "\n".join(re.sub(r"(?<!\\)%.*", "", line) for line in text.split("\n"))
    body = _RULE.sub("", _ENVIRONMENT.sub("", body))
    for _ in range(2):
        body = _STYLED.sub(r"\1", body)
    rows, lines, start = [], [], 1
    for part in _ROW_END.split(body):
        found = _CELL_END.split(part) if "&" in body else part.split()
        cells = tuple(re.sub(r"\\([_%&#$])", r"\1", cell).replace("$", "").strip() for cell in found)
        if len(cells) > 1:
            rows.append(cells)
            lines.append(start + part[: len(part) - len(part.lstrip())].count("\n"))
        start += part.count("\n")
    return Parsed("a table of LaTeX", rows, lines) if rows else None


def _read_mediawiki(text: str) -> Parsed | None:
    """Return the rows of a table of Wikipedia: |- between rows, ! before names, | before cells."""
    rows: list[list[str]] = [[]]
    lines = [1]
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if line.startswith("|-"):
            rows.append([])
            lines.append(number + 1)
        elif line.startswith(("!", "|")) and not line.startswith(("|}", "|+")):
            cells = re.split(r"!!|\|\|", line[1:])
            # An attribute stands before the cell: align="right" | 1.5
            rows[-1] += [cell.rsplit("|", 1)[-1].strip() for cell in cells]
    found = [(tuple(row), line) for row, line in zip(rows, lines, strict=True) if row]
    return Parsed("a table of a wiki", [row for row, _ in found], [line for _, line in found]) if found else None


def _read_jira(text: str) -> Parsed:
    """Return the rows of a table of Jira or Confluence: || parts names, | parts cells."""
    numbered = [(line.strip(), number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    rows = [tuple(cell.strip() for cell in re.split(r"\|\|?", line.strip("|"))) for line, _ in numbered]
    return Parsed("a table of a wiki", rows, [number for _, number in numbered])


def _read_sql(text: str) -> Parsed | None:
    """Return the rows that INSERT statements of SQL put into a table."""
    names: tuple[str, ...] | None = None
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for found in _INSERT.finditer(text):
        if found["names"]:
            names = tuple(name.strip().strip('`"[]') for name in found["names"].split(","))
        end = _INSERT.search(text, found.end())
        for row in _SQL_ROW.finditer(text, found.end(), end.start() if end else len(text)):
            rows.append(_sql_cells(row[1]))
            lines.append(text.count("\n", 0, row.start()) + 1 if len(lines) < 100 else lines[-1] + 1)
    return Parsed("a statement of SQL", rows, lines, names) if rows else None


def _sql_cells(text: str) -> tuple[str, ...]:
    cells, place = [], 0
    while place < len(text):
        found = _SQL_CELL.match(text, place)
        if found is None:
            break
        value = found[2].strip() if found[1] is None else found[1].replace("''", "'")
        cells.append("" if found[1] is None and value.upper() == "NULL" else value)
        place = found.end()
    return tuple(cells)


def _read_pairs(text: str) -> Parsed | None:
    """Return the rows of lines such as "x=1.5 y=2 class=A" or "x:1.5,y:2", all with the same names."""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    names: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if _PAIRS_ALONE.fullmatch(line.strip()) is None:
            return None
        pairs = _PAIR.findall(line)
        names = names or tuple(name for name, _ in pairs)
        if tuple(name for name, _ in pairs) != names:
            return None
        rows.append(tuple(value.strip('"') for _, value in pairs))
        lines.append(number)
    return Parsed("lines of names and values", rows, lines, names)


def _read_r(text: str) -> Parsed | None:
    """Return the rows of a data frame as R's dput writes it, or as it is typed."""
    columns: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    for found in _R_FACTOR.finditer(text):
        levels = _r_cells(found["levels"])
        codes = [cell.rstrip("L") for cell in _r_cells(found["codes"])]
        if not all(code == "NA" or (code.isdigit() and 0 < int(code) <= len(levels)) for code in codes):
            return None
        name = found["name"].strip('`"')
        columns[name], places[name] = ["" if code == "NA" else levels[int(code) - 1] for code in codes], found.start()
    for found in _R_VECTOR.finditer(_R_FACTOR.sub(lambda part: " " * len(part[0]), text)):
        name = found["name"].strip('`"')
        if name not in _R_ATTRIBUTES:
            columns[name], places[name] = _r_cells(found["cells"]), found.start()
    for found in _R_RANGE.finditer(text):
        first, last = int(found["first"]), int(found["last"])
        if last - first < 100_000 and found["name"] not in _R_ATTRIBUTES:
            columns[found["name"]], places[found["name"]] = [str(n) for n in range(first, last + 1)], found.start()
    names = sorted(columns, key=places.__getitem__)
    if len(names) < 2 or len({len(columns[name]) for name in names}) != 1:
        raise TableError("this is R code that is not read; save the table with write.csv")
    rows = list(zip(*(columns[name] for name in names), strict=True))
    return Parsed("a data frame of R", rows, list(range(1, len(rows) + 1)), tuple(names))


def _r_cells(text: str) -> list[str]:
    """Return the elements of a vector of R; whole numbers have an L behind them, and NA is none."""
    cells = []
    for found in _R_CELL.finditer(text):
        bare = found[3]
        quoted = found[1] if found[1] is not None else found[2]
        cells.append(quoted if bare is None else re.sub(r"(?<=\d)L$", "", bare))
    return cells


def _read_yaml(text: str) -> Parsed:
    """Return the rows of a list of YAML whose items have plain values by name."""
    records: list[dict[str, str]] = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.strip() in ("---", "...") or line.lstrip().startswith("#"):
            continue
        found = _YAML_ITEM.fullmatch(line) if len(line) < _LONGEST_LINE else None
        if found is None or (found["dash"][0] != "-" and not records):
            raise TableError("this is a YAML file that is not read; save the table as CSV, or its records as JSON")
        if found["dash"][0] == "-":
            records.append({})
            lines.append(number)
        records[-1][found["name"]] = found["value"].strip("'\"")
    names = tuple(dict.fromkeys(name for record in records for name in record))
    return Parsed("a YAML file", [tuple(record.get(name, "") for name in names) for record in records], lines, names)


def _read_stata(text: str) -> Parsed | None:
    """Return the rows that Stata lists: numbered, in a box."""
    rows: list[tuple[str, ...]] = []
    lines = []
    names: tuple[str, ...] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > _LONGEST_LINE:
            return None
        row, barred = _NUMBERED.fullmatch(line), _BARRED.fullmatch(line)
        if row is not None:
            rows.append(tuple(row["cells"].replace("|", " ").split()))
            lines.append(number)
        elif barred is not None and names is None:
            names = tuple(barred["cells"].split())
    is_whole = bool(rows) and names is not None and all(len(row) == len(names) for row in rows)
    return Parsed("a list of Stata", rows, lines, names) if is_whole else None


def _read_frame(text: str) -> Parsed | None:
    """Return the rows that Polars, Julia or DuckDB prints: names, types and rows in a box."""
    if re.search(r"^\s*(?:│\s*)?(?:…|⋮)", text, re.MULTILINE):
        raise TableError("this table was shortened with … when it was printed; save it as CSV")
    is_julia = "DataFrame" in text[: text.find("│")]
    rows, lines = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if "│" not in line:
            continue
        if not is_julia:
            rows.append(tuple(cell.strip() for cell in line.strip().strip("│").replace("┆", "│").split("│")))
        else:
            rows.append(tuple(line.split("│", 1)[1].split()))
        lines.append(number)
    if len(rows) < 2:
        return None
    names = rows[0]
    first = next((i for i, row in enumerate(rows[1:], 1) if not all(map(_is_type, row))), len(rows))
    while len(rows) > first and len(rows[-1]) < len(names):
        rows.pop()  # How many rows there are.
    if any(len(row) != len(names) for row in rows[first:]):
        return None
    return Parsed("a table in a box", rows[first:], lines[first : len(rows)], names)


def _is_type(cell: str) -> bool:
    return cell in ("", "---") or (_TYPE.fullmatch(cell) is not None and not cell.isdigit())


def _read_matlab(text: str) -> Parsed | None:
    """Return the rows of a matrix that MATLAB prints, perhaps with a factor above it, such as "1.0e+03 *"."""
    factor = ""
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = re.fullmatch(r"\s*1\.0e(?P<power>[+-]?\d+)\s*\*\s*", line)
        if found is not None:
            if factor or rows:
                return None
            factor = f"e{found['power']}"
        elif line.strip() and not (not rows and line.rstrip().endswith("=")):
            rows.append(tuple(cell if _is_zero(cell) else f"{cell}{factor}" for cell in line.split()))
            lines.append(number)
    return Parsed("a matrix of MATLAB", rows, lines) if rows else None


def _read_matlab_table(text: str) -> Parsed | None:
    """Return the rows of a table that MATLAB prints: names are underlined, and words in {'brackets'}."""
    numbered = [(line.split(), number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    rows = [tuple(re.sub(r"^(?:\{')?(.*?)(?:'\})?$", r"\1", cell).strip('"') for cell in row) for row, _ in numbered]
    names, body = rows[0], rows[2:]
    is_whole = all(len(row) == len(names) for row in body)
    return Parsed("a table of MATLAB", body, [number for _, number in numbered[2:]], names) if is_whole else None


def _is_zero(cell: str) -> bool:
    return not cell.strip("0.")


def _read_julia(text: str) -> Parsed:
    """Return the rows of a matrix that Julia prints below its size and type."""
    numbered = [(line.split(), number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()][1:]
    if any("⋮" in row or "…" in row for row, _ in numbered):
        raise TableError("this matrix was shortened with … when it was printed; save it with writedlm")
    return Parsed("a matrix of Julia", [tuple(row) for row, _ in numbered], [number for _, number in numbered])


PRINTED_FORMATS: Sequence[TextFormat] = (
    TextFormat(re.compile(r"\\(?:begin|toprule|hline)\b|[^\n&]+&[^\n]*\\\\|[^\n&\\]+\\\\[ \t]*\n"), _read_latex),
    TextFormat(re.compile(r"\{\|"), _read_mediawiki),
    TextFormat(re.compile(r"\|\|"), _read_jira),
    TextFormat(
        re.compile(r"(?:--[^\n]*\n\s*|(?:CREATE|DROP|USE|SET|BEGIN)\b[^;]*;\s*)*INSERT\s+INTO", re.I), _read_sql
    ),
    TextFormat(re.compile(rf"{_PAIR.pattern}[\s,;]+{_PAIR.pattern}"), _read_pairs),
    TextFormat(re.compile(r"(?:\w+\s*(?:<-|=)\s*)?(?:structure\(\s*list|data\.frame|tibble|data\.table)\("), _read_r),
    TextFormat(re.compile(r"(?:---\s*\n|#[^\n]*\n|\s)*-\s+[A-Za-z_][\w ]*:\s"), _read_yaml),
    TextFormat(re.compile(r"\+-+\+\s*\n\s*\|[^|\n]*\|"), _read_stata),
    TextFormat(re.compile(r"shape: \(|\d+×\d+ DataFrame|┌[─┬]+┐"), _read_frame),
    TextFormat(re.compile(r"(?:\w+\s*=\s*)?1\.0e[+-]?\d+\s*\*|\w+ =[ \t]*\n\s*[-\d.]"), _read_matlab),
    TextFormat(re.compile(r"\w[\w \t]*\n\s*(?:_{2,}[ \t]*)+\n"), _read_matlab_table),
    TextFormat(re.compile(r"\d+×\d+ \w*(?:Matrix|Array)\{[^\n]*:\s*\n"), _read_julia),
)
"""Every kind, the first that fits; one that finds no rows in a text leaves it to others."""
