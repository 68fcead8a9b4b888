"""Typed formulas as Python source for NumPy and PyTorch, written by a walk over the parsed tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import e, isfinite, isnan, pi
from typing import TYPE_CHECKING

import numpy as np

from model.data.formula import Formula

if TYPE_CHECKING:
    from model.data.formula import _Node

_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)
"""How strongly the parts of an expression hold together."""

_OPERATORS = {"+": (_SUM, " + "), "-": (_SUM, " - "), "*": (_PRODUCT, " * "), "/": (_PRODUCT, " / ")}

_NAMES = {"min": "minimum", "max": "maximum", "atan2": "arctan2"}
"""Functions that NumPy and PyTorch call otherwise than a formula does."""

_LARGEST_EXPONENT = 1000.0


@dataclass(frozen=True, slots=True)
class Library:
    """How a library writes formulas.

    Attributes
    ----------
    library : str
        The name by which a script knows it.
    own : frozenset of str
        Functions that the script defines itself.
    array_of : callable
        ``array_of(number)`` returns the source of an array of one number, as long as ``x1``.
    """

    library: str
    own: frozenset[str]
    array_of: Callable[[str], str]


NUMPY = Library("np", frozenset(), "np.full_like(x1, {})".format)
PYTORCH = Library("torch", frozenset({"sign"}), "torch.full_like(x1, {})".format)
"""PyTorch's sign of NaN is 0, and NumPy's NaN."""


def formula_source(formula: Formula, library: Library) -> str:
    """Return a formula of x1 and x2 as an expression of the arrays x1 and x2.

    Notes
    -----
    What has no variable in it is computed here as :mod:`model.data.formula` computes it: Python's own 1 / 0 and
    9.0**999.0 would end the script.
    """
    tree = formula._tree
    if _is_constant(tree):
        return library.array_of(_number(_value(tree), library))
    return _expression(tree, library)[0]


def functions_of(formula: Formula) -> set[str]:
    """Return the functions that a formula calls."""

    def visit(node: _Node) -> set[str]:
        if isinstance(node, float | str):
            return set()
        return {node.symbol}.union(*map(visit, node.arguments))

    return visit(formula._tree)


def _is_constant(node: _Node) -> bool:
    if isinstance(node, float | str):
        return isinstance(node, float)
    return all(map(_is_constant, node.arguments))


def _value(node: _Node) -> float:
    """Return the value of a part without variables, infinity and NaN included."""
    if isinstance(node, float):
        return node
    assert not isinstance(node, str)
    values = [np.float64(_value(argument)) for argument in node.arguments]
    signs = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power, "negative": np.negative}
    with np.errstate(all="ignore"):
        function = signs[node.symbol] if node.symbol in signs else getattr(np, _NAMES.get(node.symbol, node.symbol))
        return float(function(*values))


def _number(value: float, library: Library) -> str:
    if isfinite(value):
        named = {pi: "pi", e: "e"}.get(value)
        return repr(value) if named is None else f"{'np' if library is NUMPY else 'math'}.{named}"
    return 'float("nan")' if isnan(value) else f'float("{value}")'


def _expression(node: _Node, library: Library) -> tuple[str, int]:
    """Return the source of a part, and how strongly it holds together."""
    if isinstance(node, str):
        return node, _ATOM
    if _is_constant(node):
        text = _number(_value(node), library)
        return text, _SIGN if text.startswith("-") else _ATOM
    assert not isinstance(node, float)

    def part(index: int, least: int) -> str:
        text, strength = _expression(node.arguments[index], library)
        return text if strength >= least else f"({text})"

    if node.symbol == "negative":
        return f"-{part(0, _SIGN)}", _SIGN
    if node.symbol == "**":
        exponent = node.arguments[1]
        if isinstance(exponent, float) and exponent.is_integer() and 0.0 <= exponent <= _LARGEST_EXPONENT:
            return f"{part(0, _ATOM)}**{int(exponent)}", _POWER
        return f"{part(0, _ATOM)}**{part(1, _SIGN)}", _POWER
    if node.symbol in _OPERATORS:
        strength, sign = _OPERATORS[node.symbol]
        return f"{part(0, strength)}{sign}{part(1, strength + 1)}", strength
    arguments = [
        library.array_of(_number(_value(argument), library))
        if _is_constant(argument)
        else _expression(argument, library)[0]
        for argument in node.arguments
    ]
    prefix = "" if node.symbol in library.own else f"{library.library}."
    return f"{prefix}{_NAMES.get(node.symbol, node.symbol)}({', '.join(arguments)})", _ATOM
