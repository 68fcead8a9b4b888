"""Activations, outputs and losses as SymPy formulas, and their print as LaTeX and Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.pycode import PythonCodePrinter

Expression: TypeAlias = sympy.Expr

_LEAK = sympy.Rational(1, 100)
_SELU_SCALE = sympy.Float("1.0507009873554804934193349852946", 17)
_SELU_ALPHA = sympy.Float("1.6732632423543772848170429916717", 17)


def _sigmoid(z: Expression) -> Expression:
    return 1 / (1 + sympy.exp(-z))


def _elu(z: Expression) -> Expression:
    return _relu(z) + sympy.exp(sympy.Min(0, z)) - 1


def _relu(z: Expression) -> Expression:
    return sympy.Max(0, z)


ACTIVATION_FORMULAS: dict[str, Callable[[Expression], Expression]] = {
    "relu": _relu,
    "tanh": sympy.tanh,
    "sigmoid": _sigmoid,
    "linear": lambda z: z,
    "leaky_relu": lambda z: _LEAK * z + (1 - _LEAK) * _relu(z),
    "elu": _elu,
    "selu": lambda z: _SELU_SCALE * (_relu(z) + _SELU_ALPHA * (sympy.exp(sympy.Min(0, z)) - 1)),
    "softplus": lambda z: sympy.log(1 + sympy.exp(z)),
    "gelu": lambda z: z * (1 + sympy.erf(z / sympy.sqrt(2))) / 2,
    "silu": lambda z: z / (1 + sympy.exp(-z)),
    "sin": sympy.sin,
    "softsign": lambda z: z / (1 + sympy.Abs(z)),
    "heaviside": lambda z: sympy.Heaviside(z, 1),
}
"""Every entry of :data:`model.network.activations.ACTIVATIONS` that is known as a formula of its pre-activation."""


def _softmax(z: Sequence[Expression]) -> list[Expression]:
    total = sympy.Add(*[sympy.exp(unit) for unit in z])
    return [sympy.exp(unit) / total for unit in z]


def output_formulas(name: str, z: Sequence[Expression]) -> list[Expression]:
    """Return the outputs of the units whose pre-activations are `z`."""
    return _softmax(z) if name == "softmax" else [ACTIVATION_FORMULAS[name](unit) for unit in z]


def _cross_entropy(output: str, a: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    terms = [-target * sympy.log(unit) for unit, target in zip(a, targets, strict=True)]
    if output == "sigmoid":
        terms += [-(1 - target) * sympy.log(1 - unit) for unit, target in zip(a, targets, strict=True)]
    return sympy.Add(*terms)


def _squared_error(output: str, a: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    return sympy.Add(*[(unit - target) ** 2 for unit, target in zip(a, targets, strict=True)]) / 2


LOSS_FORMULAS: dict[str, Callable[[str, Sequence[Expression], Sequence[Expression]], Expression]] = {
    "cross_entropy": _cross_entropy,
    "squared_error": _squared_error,
}
"""Each of :data:`model.network.losses.LOSSES`: ``formula(output_activation, outputs, targets)`` for one point."""


def slope_of(expression: Expression, z: sympy.Symbol) -> Expression:
    """Return the derivative by `z`, with what training takes at a kink: the slope of the side below it.

    Notes
    -----
    SymPy writes the slope of max(0, z) as a step that is 1/2 at 0, and of a step as Dirac's delta, which is no number.
    In :mod:`model.network.activations` they are 0 at 0, and 0.
    """
    step = sympy.Heaviside(z, 0)
    replacements = {
        sympy.Heaviside(z): step,
        sympy.Heaviside(-z): 1 - step,
        sympy.DiracDelta(z): sympy.S.Zero,
    }
    return expression.diff(z).xreplace(replacements)


class _LatexPrinter(LatexPrinter):
    """LaTeX in which the step is H(z), as in :mod:`model.network.activations`, whatever it is at 0."""

    def _print_Heaviside(self, expr: Any, exp: str | None = None) -> str:
        step = rf"H{{\left({self._print(expr.args[0])} \right)}}"
        return step if exp is None else rf"\left({step}\right)^{{{exp}}}"


class PythonPrinter(PythonCodePrinter):
    """Python of the standard library's math module, in which SymPy has no step function."""

    def _print_Heaviside(self, expr: Any) -> str:
        argument, at_zero = expr.args
        return f"({self._print(at_zero)} if {self._print(argument)} == 0 else float({self._print(argument)} > 0))"


def latex(expression: Expression) -> str:
    """Return a formula in LaTeX; its numbers have 15 digits."""
    result: str = _LatexPrinter().doprint(expression)
    return result


def python(expression: Expression) -> str:
    """Return a formula as a Python expression that needs ``import math`` and its symbols as floats."""
    result: str = PythonPrinter({"precision": 17}).doprint(expression)
    return result
