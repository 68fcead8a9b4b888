"""Typed formulas as Python source for NumPy and PyTorch."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from math import e, isfinite, pi
from typing import Any

import numpy as np

from model.data.formula import FUNCTIONS, Formula, evaluate
from model.types import PARSING

_NAMES = {"min": "minimum", "max": "maximum", "atan2": "arctan2"}
"""Functions that have other names in NumPy and PyTorch."""

_LARGEST_EXPONENT = 1000.0


@dataclass(frozen=True, slots=True)
class Library:
    """How a library writes formulas.

    Attributes
    ----------
    name : str
        Its name in a script.
    own : frozenset of str
        Functions that the script defines itself.
    constants : str
        The module that has pi and e.
    """

    name: str
    own: frozenset[str]
    constants: str


NUMPY = Library("np", frozenset(), "np")
PYTORCH = Library("torch", frozenset({"sign"}), "math")
"""PyTorch's sign of NaN is 0, and NumPy's NaN."""


def formula_source(formula: Formula, library: Library, like: str = "x1") -> str:
    """Return a formula as an expression of arrays that are called as its variables are.

    Parameters
    ----------
    formula : Formula
    library : Library
    like : str
        An array of the shape that a formula without variables has.

    Notes
    -----
    What has no variable in it is computed here as :mod:`model.data.formula` computes it: Python's own 1 / 0 and
    9.0**999.0 would end the script.
    """
    return ast.unparse(_Translator(library, like).argument(_parsed(formula.source)))


def functions_of(formula: Formula) -> set[str]:
    """Return the functions that a formula calls."""
    return {name for name in _names(_parsed(formula.source)) if name in FUNCTIONS}


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


class _Translator(ast.NodeTransformer):
    """Replaces parts without variables by their values, and functions by the library's."""

    def __init__(self, library: Library, like: str) -> None:
        self._library, self._like = library, like

    def visit(self, node: ast.AST) -> Any:
        """Return the value of a part without variables, or the part translated."""
        if not isinstance(node, ast.expr) or _names(node) - FUNCTIONS.keys():
            return super().visit(node)
        return _parsed(self._number(node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Return an operation, with a whole number for a whole exponent."""
        translated = ast.BinOp(self.visit(node.left), node.op, self.visit(node.right))
        match node:
            case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=float() as exponent)):
                if exponent.is_integer() and exponent <= _LARGEST_EXPONENT:
                    translated.right = ast.Constant(int(exponent))
        return translated

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Return the call of the library's function."""
        name = ast.unparse(node.func)
        function = name if name in self._library.own else f"{self._library.name}.{_NAMES.get(name, name)}"
        return ast.Call(_parsed(function), [self.argument(argument) for argument in node.args], [])

    def argument(self, node: ast.expr) -> ast.expr:
        """Return a part of a formula as an array."""
        if _names(node) - FUNCTIONS.keys():
            translated: ast.expr = self.visit(node)
            return translated
        return _parsed(f"{self._library.name}.full_like({self._like}, {self._number(node)})")

    def _number(self, node: ast.expr) -> str:
        """Return the source of a part that is a number."""
        with np.errstate(all="ignore"):
            value = float(evaluate(node, {}))
        if value in (pi, e):
            return f"{self._library.constants}.{'pi' if value == pi else 'e'}"
        return repr(value) if isfinite(value) else f'float("{value}")'


def _parsed(source: str) -> ast.expr:
    # From text: a negative number as a constant would have no parentheses under an exponent.
    with PARSING:
        return ast.parse(source, mode="eval").body
