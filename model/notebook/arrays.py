"""Arrays: numbers as the source of a notebook, to the bit."""

from __future__ import annotations

import base64
import textwrap
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

_WIDTH = 100

MOST_LISTED = 400
"""More numbers are packed into a text, which nobody wants to scroll past."""


def array_source(values: np.ndarray[Any, Any]) -> str:
    """Return the source of an array, to the bit; a long one is packed."""
    kind = "int" if values.dtype.kind in "iu" else "float"
    if values.size == 0:
        return f"np.zeros({values.shape!r}, dtype={kind})"
    if values.size <= MOST_LISTED:
        return f"np.array({matrix_source(values) if values.ndim == 2 else list_source(values.tolist())}, dtype={kind})"
    packed = base64.b64encode(zlib.compress(np.ascontiguousarray(values).astype(f"<{kind[0]}8").tobytes(), 9)).decode()
    lines = "\n".join(f'    b"{line}"' for line in textwrap.wrap(packed, _WIDTH))
    shape = f".reshape{values.shape!r}" if values.ndim > 1 else ""
    return f'np.frombuffer(zlib.decompress(base64.b64decode(\n{lines}\n)), dtype="<{kind[0]}8"){shape}'


def list_source(numbers: Iterable[float]) -> str:
    """Return the source of a list of numbers, over several lines where it is long."""
    text = ", ".join(map(repr, numbers))
    if len(text) <= _WIDTH:
        return f"[{text}]"
    lines = textwrap.wrap(text, _WIDTH, break_on_hyphens=False, break_long_words=False)
    return "\n    ".join(["[", *lines]) + "\n]"


def matrix_source(values: np.ndarray[Any, Any]) -> str:
    """Return the source of a list of lists, with a line for each row."""
    rows = (", ".join("np.nan" if number != number else repr(number) for number in row) for row in values.tolist())
    return "[\n" + "\n".join(f"    [{row}]," for row in rows) + "\n]"
