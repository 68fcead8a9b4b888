"""Lines of a page in LaTeX: what is a number is rounded, what is a matrix is folded to what there is room for."""

from __future__ import annotations

import numpy as np

from gui.items.latex import base, factor, matrix, number
from model.walk.pages import Line

_STARTS = ("=", "(", "{", "[", "<", ">", r"\approx")
"""What a negative number needs no parentheses behind."""


def latex_of(line: Line, most: int, digits: int) -> str:
    """Return a line in LaTeX.

    Parameters
    ----------
    line : Line
        Of finite numbers.
    most : int
        How many rows and columns a matrix has at most, 3 or more.
    digits : int
        How many significant ones a number has.
    """
    result = ""
    for index, part in enumerate(line):
        if isinstance(part, str):
            written = part
        elif isinstance(part, np.ndarray):
            written = matrix((part[:, np.newaxis] if part.ndim == 1 else part).tolist(), most, digits)
        else:
            follows = line[index + 1] if index + 1 < len(line) else ""
            is_alone = result.rstrip().endswith(_STARTS) or not result
            is_power = isinstance(follows, str) and follows.startswith("^")
            write = base if is_power else number if is_alone else factor
            written = write(part, digits)
        follows_array = index > 0 and isinstance(part, np.ndarray) and isinstance(line[index - 1], np.ndarray)
        # Without a sign between two matrices a long line could not go on in the next between them.
        result += rf" \cdot {written}" if follows_array else f" {written}"
    return result.strip()
