"""Line breaks: where a formula in LaTeX that is too long for a line may go on in the next."""

from __future__ import annotations

import re
from collections.abc import Callable

_DELIMITER = r"(?![a-zA-Z])\s*(?:\\[a-zA-Z]+|\\.|.)"
_TOKEN = re.compile(
    rf"(?P<opening>\\left{_DELIMITER}|[(\[])"
    rf"|(?P<closing>\\right{_DELIMITER}|[)\]])"
    r"|(?P<begin>\{|\\begin\s*\{[^}]*\})"
    r"|(?P<end>\}|\\end\s*\{[^}]*\})"
    r"|(?P<space>\s+|~|\\[,:;!\s]|\\q?quad(?![a-zA-Z]))"
    r"|(?P<symbol>\\[a-zA-Z]+|\\.|.)",
    re.DOTALL,
)
_RELATIONS = frozenset({"=", r"\approx", r"\ne", r"\neq", r"\leq", r"\geq", "<", ">", r"\to", r"\Rightarrow"})
_SUMS = _RELATIONS | {"+", "-", "−"}
_PRODUCTS = _SUMS | {r"\cdot", r"\times", r"\odot"}

_WAYS: tuple[tuple[frozenset[str], int], ...] = ((_SUMS, 0), (_PRODUCTS, 0), (_PRODUCTS, 1), (_PRODUCTS, 2))
"""Before which signs a line ends, and in how many parentheses; the first ones read best."""

_LEFT_SIGN = "{}"
"""Before a sign at the start of a line: so it is that of a sum, and not that of a number."""


def broken(latex: str, width_of: Callable[[str], float], room: float) -> list[str]:
    """Return a formula in as many lines as it needs.

    Parameters
    ----------
    latex : str
    width_of : callable
        Returns the width of a formula.
    room : float
        The width that a line has. What cannot be broken, such as a fraction, may still be wider.
    """
    lines: list[str] = []
    left = 0.0
    for piece in _fitting(latex, width_of, room, 0):
        width = width_of(piece)
        if lines and width <= left:
            lines[-1] += f" {piece.removeprefix(_LEFT_SIGN)}"
            left -= width
        else:
            lines.append(piece)
            left = room - width
    return lines


def _fitting(latex: str, width_of: Callable[[str], float], room: float, way: int) -> list[str]:
    """Return the parts of a formula that fit a line, or cannot be broken."""
    if way == len(_WAYS) or (way > 0 and width_of(latex) <= room):
        return [latex]
    return [part for piece in pieces(latex, *_WAYS[way]) for part in _fitting(piece, width_of, room, way + 1)]


def pieces(latex: str, signs: frozenset[str], depth: int) -> list[str]:
    """Return the parts of a formula, of which each but the first begins with one of the signs.

    Parameters
    ----------
    latex : str
    signs : frozenset of str
    depth : int
        In how many parentheses a sign may be, and the parts get parentheses of one size there. It is never between
        braces or in a matrix.
    """
    rest = latex.removeprefix(_LEFT_SIGN)
    result = [latex[: len(latex) - len(rest)]]
    braces = parentheses = 0
    follows_operand = False
    for match in _TOKEN.finditer(rest):
        token, kind = match[0], match.lastgroup
        if kind == "end":
            braces -= 1
        elif kind == "closing" and braces == 0:
            parentheses -= 1
        if follows_operand and token in signs and braces == 0 and parentheses <= depth:
            result.append(_LEFT_SIGN)
        result[-1] += _of_one_size(token) if braces == 0 and parentheses < depth else token
        if kind == "begin":
            braces += 1
        elif kind == "opening" and braces == 0:
            parentheses += 1
        if kind != "space":
            follows_operand = kind != "opening" and token not in _PRODUCTS
    return result


def _of_one_size(token: str) -> str:
    """Return a parenthesis that needs no other one in its line; anything else as it is."""
    match = re.fullmatch(rf"\\(left|right)({_DELIMITER})", token, re.DOTALL)
    if match is None:
        return token
    delimiter = match[2].strip()
    return " " if delimiter == "." else rf"\big{match[1][0]}{delimiter}"
