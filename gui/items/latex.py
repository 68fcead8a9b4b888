"""Numbers, matrices and coloured parts of formulas in LaTeX, as :mod:`gui.items.typeset` draws it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite
from typing import Literal, TypeAlias

Colour: TypeAlias = Literal["text", "muted", "accent", "positive", "negative"]
"""The colours of a theme that a part of a formula can have."""

COLOUR_PATTERN = r"\\textcolor\{(text|muted|accent|positive|negative)\}"


def number(value: float, digits: int = 4) -> str:
    r"""Return a number.

    Parameters
    ----------
    value : float
    digits : int
        How many significant ones it has; fewer where the last are zeros.

    Returns
    -------
    str
        Such as ``0.25``, ``{-0.25}`` or ``{1.2 \cdot 10^{-5}}``; the braces make its minus that of a number, and hold
        its product together at the end of a line.

    Raises
    ------
    ValueError
        If it is infinite or NaN.
    """
    if not isfinite(value):
        raise ValueError(f"a formula has finite numbers only; got {value}")
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    if float(mantissa) == 0.0:
        return "0"
    text = mantissa
    if exponent:
        power = f"10^{{{int(exponent)}}}"
        text = {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")
    return f"{{{text}}}" if value < 0 or exponent else text


def factor(value: float, digits: int = 4) -> str:
    """Return a number as it stands in a product: in parentheses if it is negative; else as :func:`number`."""
    text = number(value, digits)
    return f"({text})" if text.startswith("{-") else text


def base(value: float, digits: int = 4) -> str:
    """Return a number as a power is taken of it: in parentheses if it has a sign or a power of its own."""
    text = number(value, digits)
    return f"({text})" if text.startswith("{") else text


def coloured(latex: str, colour: Colour) -> str:
    """Return a formula in a colour of the theme that is shown; :func:`gui.items.typeset.dyed` puts it in."""
    return rf"\textcolor{{{colour}}}{{{latex}}}"


def by_sign(latex: str, value: float) -> str:
    """Return a formula in the colour of the sign of a value, as weights have it."""
    return latex if value == 0.0 else coloured(latex, "positive" if value > 0.0 else "negative")


def without_colours(latex: str) -> str:
    """Return a formula that needs no package of LaTeX for its colours."""
    return re.sub(COLOUR_PATTERN, "", latex)


def matrix(rows: Sequence[Sequence[float | str]], most: int = 6, digits: int = 4) -> str:
    """Return a matrix in brackets; of a large one the first rows and columns and the last, and dots between them.

    Parameters
    ----------
    rows : sequence of sequences of float or str
        Of equal length; a text is an entry in LaTeX.
    most : int
        How many rows and columns it has at most, the dots among them, 3 or more.
    digits : int
        As in :func:`number`.

    Raises
    ------
    ValueError
        If a number that is shown is infinite or NaN.
    """
    width = len(rows[0]) if len(rows) else 0
    columns = _shown(width, most)
    lines = []
    for row in _shown(len(rows), most):
        if row is None:
            entries = [r"\ddots" if column is None else r"\vdots" for column in columns]
        else:
            entries = [r"\cdots" if column is None else _entry(rows[row][column], digits) for column in columns]
        lines.append(" & ".join(entries))
    return r"{\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}}"


def _shown(count: int, most: int) -> list[int | None]:
    """Return which of `count` rows or columns are shown; None stands for dots."""
    return list(range(count)) if count <= most else [*range(most - 2), None, count - 1]


def _entry(value: float | str, digits: int) -> str:
    return value if isinstance(value, str) else number(value, digits)
