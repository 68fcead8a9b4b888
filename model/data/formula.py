"""Formula: what a person types for a feature or a rule, parsed by a whitelist and never executed."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from model.data.dataset import PLANE_LIMIT
from model.types import PARSING, FloatArray, counted, readable

MAX_CHARACTERS = 200
MAX_DEPTH = 100
"""How many operations of a formula may stand inside one another; a sum of n terms is n - 1 deep."""

MAX_SIZE = 1e6
"""The largest absolute value that :meth:`Formula.check_on_plane` accepts."""

_GRID_STEPS = 49


@dataclass(frozen=True, slots=True)
class MathFunction:
    """A function that a formula may call: the NumPy function and how many arguments it takes."""

    function: np.ufunc
    n_arguments: int = 1


FUNCTIONS: dict[str, MathFunction] = {
    "sin": MathFunction(np.sin),
    "cos": MathFunction(np.cos),
    "tan": MathFunction(np.tan),
    "sinh": MathFunction(np.sinh),
    "cosh": MathFunction(np.cosh),
    "tanh": MathFunction(np.tanh),
    "exp": MathFunction(np.exp),
    "log": MathFunction(np.log),
    "sqrt": MathFunction(np.sqrt),
    "abs": MathFunction(np.absolute),
    "sign": MathFunction(np.sign),
    "floor": MathFunction(np.floor),
    "min": MathFunction(np.minimum, 2),
    "max": MathFunction(np.maximum, 2),
    "hypot": MathFunction(np.hypot, 2),
    "atan2": MathFunction(np.arctan2, 2),
}
"""Every function of a formula, by name."""

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: operator.pow,  # As scripts have it: np.power has not its short cuts in every version of NumPy.
}

_SIGNS = str.maketrans({"^": "**", "−": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "π": "pi"})
_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<operator>\*\*|[-+*/])|(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<space>\s+)"
)
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True, init=False)
class Formula:
    """A formula of some variables, as a person typed it.

    Numbers, the variables, ``pi``, ``e``, ``+ - * / **``, parentheses and the functions of :data:`FUNCTIONS` are
    allowed; ``^`` is read as ``**``, and the signs − · × as ``-`` and ``*``. Two formulas are equal when they are
    parsed alike: ``x1 ** 2`` equals ``x1^2``.

    Parameters
    ----------
    text : str
        What was typed, at most 200 characters.
    names : sequence of str
        The variables.

    Attributes
    ----------
    text : str
        What was typed, without surrounding spaces.
    names : tuple of str
    used_names : frozenset of str
        Those of them that occur in it.
    source : str
        The formula in Python, all its numbers as floats, by which formulas are compared.

    Raises
    ------
    ValueError
        If the text is not such a formula. The message is one sentence for the person who typed it.

    Notes
    -----
    Python's parser gives the tree, and each node is checked against what is allowed. Nothing is evaluated by Python:
    all numbers are float64, so ``9**9**9**9`` is an infinity and not an endless computation.
    """

    text: str = field(compare=False)
    names: tuple[str, ...]
    source: str = field(repr=False)
    used_names: frozenset[str] = field(repr=False, compare=False)
    _tree: ast.expr = field(repr=False, compare=False)

    def __init__(self, text: str, names: Sequence[str] = ("x1", "x2")) -> None:
        if not isinstance(text, str):
            raise ValueError(f"a formula must be text; got {text!r}")
        typed = text.strip()
        object.__setattr__(self, "text", typed)
        object.__setattr__(self, "names", tuple(names))
        tree = _parse(typed, self.names)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        object.__setattr__(self, "_tree", tree)
        object.__setattr__(self, "used_names", frozenset(used & {*self.names}))
        object.__setattr__(self, "source", ast.unparse(self._tree))

    def __call__(self, *values: ArrayLike) -> FloatArray:
        """Return the value at every point.

        Parameters
        ----------
        *values : array_like
            One array for each of the names, of shapes that fit one another.

        Returns
        -------
        ndarray
            A new float64 array of the broadcast shape. Where the formula has no finite value it is 0: a feature must
            not end a run.

        Raises
        ------
        ValueError
            If the number of arrays is not the number of names.
        """
        result = self.raw(*values)
        return np.where(np.isfinite(result), result, 0.0)

    def raw(self, *values: ArrayLike) -> FloatArray:
        """Return the value at every point, as a call does, infinity and NaN included."""
        if len(values) != len(self.names):
            raise ValueError(
                f"{self.text!r} needs {len(self.names)} arrays ({', '.join(self.names)}); got {len(values)}"
            )
        arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
        # NumPy's power takes a short cut through an exponent that does not vary along the array, as in an array of one
        # point. Two points at least, each in contiguous memory, make a point alone give the same bits as among others.
        flat = [np.repeat(array.ravel(), 2) if array.size == 1 else array.ravel() for array in arrays]
        with np.errstate(all="ignore"):
            result = evaluate(self._tree, dict(zip(self.names, flat, strict=True)))
        size, shape = arrays[0].size, arrays[0].shape
        return np.array(np.broadcast_to(result, flat[0].shape)[:size].reshape(shape), dtype=np.float64)

    @property
    def label(self) -> str:
        """The formula as a person reads it: ``x₁²``, ``x₁x₂``, ``sin x₁``, ``x₁² − abs(x₂)``."""
        match self._tree:
            case ast.BinOp(left=ast.Name(id=first), op=ast.Mult(), right=ast.Name(id=second)):
                return _subscripted(first) + _subscripted(second)
            case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=argument)]):
                return f"{function} {_subscripted(argument)}"
        text = self.text.translate(_SIGNS)
        text = re.sub(r"\w+", lambda match: _subscripted(match[0]) if match[0] in self.names else match[0], text)
        # An exponent that has an exponent itself stays as it is: x²³ would be read as x to the power of 23.
        text = re.sub(r"\s*\*\*\s*([0-9])(?![\w.])(?!\s*\*\*)", lambda match: match[1].translate(_SUPERSCRIPTS), text)
        return re.sub(r"(?<!\*)\*(?!\*)", "·", text).replace("-", "−")

    def check_on_plane(self) -> None:
        """Raise a ValueError naming a point of the plane where the value is not finite, or beyond 1,000,000.

        Looked at are the 49 x 49 points of a grid from -6 to 6, which has the axes in it.
        """
        axis = np.linspace(-PLANE_LIMIT, PLANE_LIMIT, _GRID_STEPS)
        grid = np.meshgrid(*[axis] * len(self.names), indexing="ij")
        values = self.raw(*grid)
        finite = np.isfinite(values)
        if finite.all() and np.abs(values).max() <= MAX_SIZE:
            return
        worst = int(np.argmax(np.abs(values))) if finite.all() else int(np.argmin(finite))
        where = ", ".join(
            readable(f"{name} = {part.flat[worst]:g}") for name, part in zip(self.names, grid, strict=True)
        )
        if not finite.all():
            raise ValueError(f"“{self.text}” has no finite value at {where}")
        size = readable(f"{values.flat[worst]:.3g}")
        raise ValueError(f"“{self.text}” is {size} at {where}; it must be within ±1,000,000")


def _subscripted(name: str) -> str:
    """Return ``x₁`` for ``x1``."""
    return name.translate(_SUBSCRIPTS)


def evaluate(node: ast.expr, values: Mapping[str, FloatArray]) -> Any:
    """Return the value of a part of a formula, given those of its variables, infinity and NaN included."""
    match node:
        case ast.Constant(value=float() as number):
            return np.float64(number)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(operand=operand):
            return np.negative(evaluate(operand, values))
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.Constant(value=2.0)):
            # Exactly what x1 * x1 gives, in every version of NumPy.
            return np.square(evaluate(base, values))
        case ast.BinOp(left=left, op=sign, right=right):
            return _OPERATORS[type(sign)](evaluate(left, values), evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name].function(*(evaluate(argument, values) for argument in arguments))
    raise TypeError(f"no part of a formula: {ast.dump(node)}")


# Parsing


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _parse(text: str, names: tuple[str, ...]) -> ast.expr:
    """Return the tree of a formula, or raise a ValueError."""
    if not text:
        raise ValueError(f"the formula is empty; write one of {', '.join(names)}, such as {names[0]}**2")
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a formula may have at most {MAX_CHARACTERS} characters; got {len(text)}")
    tokens = _tokens(text.translate(_SIGNS), names)
    _check_neighbours(tokens)
    _check_parentheses(tokens)
    # With spaces between them no two tokens make a third one, and numbers are floats already here.
    source = " ".join(repr(float(token.text)) if token.kind == "number" else token.text for token in tokens)
    try:
        with PARSING:
            tree = ast.parse(source, mode="eval").body
        return _checked(tree, text)
    except (MemoryError, RecursionError):
        _refuse_depth()
    except SyntaxError:
        _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text!r} is not a formula; write something like 2*x1 - sin(x1)**2") from None


def _refuse_depth() -> NoReturn:
    raise ValueError(
        f"the formula is too deeply nested; at most {MAX_DEPTH} operations may stand inside one another"
    ) from None


def _tokens(text: str, names: tuple[str, ...]) -> list[_Token]:
    """Return the numbers, names and signs of a formula; refuse any that is not allowed."""
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(
                f"{text[position]!r} is not allowed; a formula may use numbers, {', '.join((*names, *CONSTANTS))}, "
                "+ - * / ** ( ) and functions such as sin(…)"
            )
        token = _Token(str(match.lastgroup), match[0])
        position = match.end()
        if token.kind == "number" and not math.isfinite(float(token.text)):
            raise ValueError(f"the number {token.text} is too large; it may be up to 1e308")
        if token.kind == "name":
            _check_name(token.text, names, called=text[position:].lstrip().startswith("("))
        if token.kind != "space":
            tokens.append(token)
    return tokens


def _check_name(name: str, names: tuple[str, ...], *, called: bool) -> None:
    if name in FUNCTIONS and not called:
        raise ValueError(f"“{name}” needs parentheses; write {name}({', '.join(['…'] * FUNCTIONS[name].n_arguments)})")
    if name in FUNCTIONS or name in names or name in CONSTANTS:
        return
    if called:
        raise ValueError(f"unknown function {name!r}; you can use {', '.join(FUNCTIONS)}")
    raise ValueError(
        f"unknown name {name!r}; you can use {', '.join((*names, *CONSTANTS))} and the functions {', '.join(FUNCTIONS)}"
    )


def _check_neighbours(tokens: Sequence[_Token]) -> None:
    """Refuse two values without an operator between them, as many people write a product."""
    for first, second in pairwise(tokens):
        is_value = first.kind in ("number", "close") or (first.kind == "name" and first.text not in FUNCTIONS)
        if is_value and second.kind in ("number", "name", "open"):
            left = "(…)" if first.kind == "close" else first.text
            right = f"{second.text}(…)" if second.text in FUNCTIONS else "(…)" if second.kind == "open" else second.text
            raise ValueError(
                f"an operator is missing between {first.text!r} and {second.text!r}; write {left}*{right} for a product"
            )
    if tokens[-1].kind in ("operator", "comma"):
        raise ValueError(f"something is missing after the last {tokens[-1].text!r}; write a number or a name there")


def _check_parentheses(tokens: Sequence[_Token]) -> None:
    n_open = 0
    for token in tokens:
        n_open += (token.kind == "open") - (token.kind == "close")
        if n_open < 0:
            raise ValueError("a parenthesis is closed that was not opened; write one '(' for each ')'")
    if n_open:
        raise ValueError("a parenthesis is not closed; write one ')' for each '('")


def _checked(node: ast.expr, text: str, depth: int = 0) -> ast.expr:
    """Return a tree with numbers for pi and e, or raise a ValueError where it has anything but arithmetic."""
    if depth > MAX_DEPTH:
        _refuse_depth()
    match node:
        case ast.Constant(value=float()):
            return node
        case ast.Name(id=name):
            return ast.Constant(CONSTANTS[name]) if name in CONSTANTS else node
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _checked(operand, text, depth + 1)
        case ast.UnaryOp(op=ast.USub() as minus, operand=operand):
            return ast.UnaryOp(minus, _checked(operand, text, depth + 1))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return ast.BinOp(_checked(left, text, depth + 1), sign, _checked(right, text, depth + 1))
        case ast.Call(func=ast.Name(id=name) as function, args=given, keywords=[]) if name in FUNCTIONS:
            wanted = FUNCTIONS[name].n_arguments
            if len(given) != wanted:
                raise ValueError(f"“{name}” takes {counted(wanted, 'argument')}; got {len(given)}")
            return ast.Call(function, [_checked(argument, text, depth + 1) for argument in given], [])
        case ast.Tuple():
            raise ValueError("a comma or an empty pair of parentheses stands alone; a decimal has a point, as in 0.5")
    _refuse(text)
