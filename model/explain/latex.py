r"""The registries' formulas, and features, in LaTeX; without SymPy, which is slow to load.

A formula is read as :class:`model.network.activations.Activation` describes it. Beside its functions it may have those
of :mod:`model.data.formula`, and comparisons such as ``(z > 0)``, which are 1 where they hold and otherwise 0.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import e, pi

import numpy as np

from model.data.formula import evaluate
from model.types import PARSING, FloatArray

_SIGNS = str.maketrans({"−": "-", "·": "*"})

_NAMES = {"λ": r"\lambda", "α": r"\alpha", "x1": "x_1", "x2": "x_2"}

_FUNCTIONS = {
    "H": "H",
    "Φ": r"\Phi",
    "φ": r"\varphi",
    "sign": r"\mathrm{sign}",
    "atan2": r"\mathrm{atan2}",
}
"""Functions that LaTeX has no command of the same name for."""

_SHAPES: dict[str, Callable[..., str]] = {
    "exp": lambda power: f"e^{{{power}}}",
    "abs": lambda value: rf"\left|{value}\right|",
    "sqrt": lambda value: rf"\sqrt{{{value}}}",
    "floor": lambda value: rf"\lfloor {value} \rfloor",
}
"""Functions that are not written as a name with parentheses."""

_COMPARISONS: dict[type[ast.cmpop], str] = {ast.Gt: ">", ast.GtE: r"\geq", ast.Lt: "<", ast.LtE: r"\leq"}

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
"""How tightly a part holds together."""


def latex_of(formula: str, names: Mapping[str, str] | None = None) -> str:
    r"""Return a formula in LaTeX.

    Parameters
    ----------
    formula : str
    names : mapping of str to str, optional
        LaTeX for some of its names, such as that of a number, and for a whole sum by the name Σ. It must hold together:
        a negative number has parentheses.

    Returns
    -------
    str
        ``Σ`` of a function's name is the sum of that function of ``z_k``, and of anything else the sum of it with an
        index k at the letters a, y and z.

    Raises
    ------
    ValueError
        If it has a part that is no formula.
    """
    return _written(_tree(formula), {**_NAMES, **(names or {})})[0]


def sum_in(formula: str, values: Mapping[str, FloatArray]) -> float:
    """Return what the sum of a formula is, given what its letters are of each unit; 0 where it has none."""
    inner = [node.args[0] for node in ast.walk(_tree(formula)) if isinstance(node, ast.Call) and _is_sum(node)]
    return float(np.sum(evaluate(inner[0], values))) if inner else 0.0


def _is_sum(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "Σ"


@lru_cache(maxsize=256)
def _tree(formula: str) -> ast.expr:
    with PARSING:
        return ast.parse(formula.translate(_SIGNS), mode="eval").body


def _written(node: ast.expr, names: Mapping[str, str]) -> tuple[str, int]:
    """Return a part in LaTeX, and how tightly it holds together."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return _number(number), _ATOM
        case ast.Name(id=name):
            return names.get(name, name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_within(operand, names, _PRODUCT)}", _SUM
        case ast.BinOp(left=left, op=sign, right=right):
            return _operation(left, sign, right, names)
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            ends = _written(left, names)[0], _written(right, names)[0]
            return rf"\left[{ends[0]} {_COMPARISONS[type(sign)]} {ends[1]}\right]", _ATOM
        case ast.Call(func=ast.Name(id="Σ")) if "Σ" in names:
            return names["Σ"], _ATOM
        case ast.Call(func=ast.Name(id="Σ"), args=[ast.Name(id=function)]) if function not in names:
            inner = _written(ast.Call(ast.Name(function), [ast.Name("z")], []), {**names, "z": "z_k"})[0]
            return rf"\sum_k {inner}", _PRODUCT
        case ast.Call(func=ast.Name(id="Σ"), args=[inner_node]):
            indexed = {letter: f"{letter}_k" for letter in "ayz"}
            return rf"\sum_k {_within(inner_node, {**names, **indexed}, _PRODUCT)}", _PRODUCT
        case ast.Call(func=ast.Name(id="hypot"), args=[x, y]):
            squares = [ast.BinOp(side, ast.Pow(), ast.Constant(2)) for side in (x, y)]
            return _written(ast.Call(ast.Name("sqrt"), [ast.BinOp(squares[0], ast.Add(), squares[1])], []), names)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            given = [_written(argument, names)[0] for argument in arguments]
            return _called(name, given), _POWER if name == "exp" else _ATOM
    raise ValueError(f"no part of a formula: {ast.dump(node)}")


def _operation(left: ast.expr, sign: ast.operator, right: ast.expr, names: Mapping[str, str]) -> tuple[str, int]:
    match sign:
        case ast.Add():
            return f"{_written(left, names)[0]} + {_written(right, names)[0]}", _SUM
        case ast.Sub():
            return f"{_written(left, names)[0]} - {_within(right, names, _PRODUCT)}", _SUM
        case ast.Mult() | ast.Div() if isinstance(left, ast.UnaryOp):
            return _written(ast.UnaryOp(left.op, ast.BinOp(left.operand, sign, right)), names)
        case ast.Mult():
            factors = _within(left, names, _PRODUCT), _within(right, names, _PRODUCT)
            return _dot(*factors).join(factors), _PRODUCT
        case ast.Div():
            return rf"\frac{{{_written(left, names)[0]}}}{{{_written(right, names)[0]}}}", _PRODUCT
        case ast.Pow():
            return f"{_within(left, names, _ATOM)}^{{{_written(right, names)[0]}}}", _POWER
    raise ValueError(f"no sign of a formula: {ast.dump(sign)}")


def _within(node: ast.expr, names: Mapping[str, str], least: int) -> str:
    """Return a part in LaTeX, in parentheses if it does not hold together as tightly as it must there."""
    written, tightness = _written(node, names)
    return written if tightness >= least else rf"\left({written}\right)"


def _dot(left: str, right: str) -> str:
    r"""Return what stands between two factors: a dot where they would otherwise be read as one number."""
    return r" \cdot " if right[0].isdigit() or (left[-1].isdigit() and right[0] == "(") else " "


def _called(name: str, arguments: list[str]) -> str:
    if name in _SHAPES:
        return _SHAPES[name](*arguments)
    return rf"{_FUNCTIONS.get(name, chr(92) + name)}\left({', '.join(arguments)}\right)"


def _number(value: float) -> str:
    return {pi: r"\pi", e: "e"}.get(value, f"{value:.6g}")
