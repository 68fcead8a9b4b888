"""Tables on their side: the name of a coordinate or of the classes begins each line, and points are columns."""

from __future__ import annotations

from model.table.numbers import may_be_number
from model.table.parsed import Parsed
from model.table.rows import Rows

_PAIRS = (("x", "y"), ("x1", "x2"), ("x0", "x1"), ("lon", "lat"))
_MOST_ROWS = 4


def turned(found: Rows) -> Parsed | None:
    """Return the points of a table that lies on its side; None if it stands."""
    rows = found.cells
    if not 2 <= len(rows) <= _MOST_ROWS or len({len(row) for row in rows}) != 1 or len(rows[0]) <= len(rows) + 1:
        return None
    names = tuple(row[0].strip() for row in rows)
    known = {name.lower() for name in names}
    n_numeric = sum(all(map(may_be_number, row[1:])) for row in rows)
    if n_numeric < 2 or not any(known.issuperset(pair) for pair in _PAIRS):
        return None
    points = list(zip(*(row[1:] for row in rows), strict=True))
    return Parsed("a table on its side", points, [found.lines[0]] * len(points), names)
