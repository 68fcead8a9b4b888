"""The registries' formulas of activations, outputs and losses as SymPy's, their slopes, and their print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import sympy
from sympy.parsing.sympy_parser import auto_number, auto_symbol, parse_expr, rationalize
from sympy.printing.latex import LatexPrinter
from sympy.printing.pycode import PythonCodePrinter

from model.network.activations import ACTIVATIONS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.scalars import SELU_ALPHA, SELU_SCALE

Expression: TypeAlias = sympy.Expr

_PYTHON_SIGNS = str.maketrans({"−": "-", "·": "*"})


def _larger(first: Expression, second: Expression) -> Expression:
    """Return the larger of two, as max(0, z) of some z with a factor, so that :func:`slope_of` knows its kink."""
    factor, rest = (second - first).as_coeff_Mul()
    return first + factor * sympy.Max(0, rest) if factor > 0 else sympy.Max(first, second)


_NAMES: dict[str, Any] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "tanh": sympy.tanh,
    "sin": sympy.sin,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "max": _larger,
    "H": lambda z: sympy.Heaviside(z, 1),
    "Φ": lambda z: (1 + sympy.erf(z / sympy.sqrt(2))) / 2,
    "λ": sympy.Float(SELU_SCALE, 17),
    "α": sympy.Float(SELU_ALPHA, 17),
}
"""What the formulas of :mod:`model.network.activations` and :mod:`model.network.losses` are written with."""

_NUMBERS = {"Integer": sympy.Integer, "Float": sympy.Float, "Rational": sympy.Rational}


def _parsed(formula: str, names: Mapping[str, Any]) -> Expression:
    """Return an entry's formula with expressions for its names; its decimals are exact."""
    return parse_expr(
        formula.translate(_PYTHON_SIGNS),
        local_dict={**_NAMES, **names},
        global_dict=dict(_NUMBERS),
        transformations=(auto_symbol, auto_number, rationalize),
    )


def activation_formula(name: str, z: Expression) -> Expression:
    """Return the activation of a hidden unit whose pre-activation is `z`."""
    return _parsed(ACTIVATIONS[name].formula, {"z": z})


def output_formulas(name: str, z: Sequence[Expression]) -> list[Expression]:
    """Return the outputs of the units whose pre-activations are `z`."""
    names = {"Σ": lambda function: sympy.Add(*map(function, z))}
    return [_parsed(OUTPUT_ACTIVATIONS[name].formula, {**names, "z": unit}) for unit in z]


def loss_formula(loss: str, output: str, a: Sequence[Expression], targets: Sequence[Expression]) -> Expression:
    """Return the loss of one point whose outputs, of the activation named `output`, are `a`."""
    formula = LOSSES[loss].outputs[output].formula
    terms = [_parsed(formula, {"a": unit, "y": target}) for unit, target in zip(a, targets, strict=True)]
    return sympy.Add(*terms)


def slope_of(expression: Expression, z: sympy.Symbol) -> Expression:
    """Return the derivative by `z`, with what training takes at a kink: the slope of the side below it.

    Notes
    -----
    SymPy writes the slope of max(0, z) as a step that is 1/2 at 0, and of a step as Dirac's delta, which is not a
    number. In :mod:`model.network.activations` they are 0 at 0, and 0.
    """
    step = sympy.Heaviside(z, 0)
    replacements = {
        sympy.Heaviside(z): step,
        sympy.Heaviside(-z): 1 - step,
        sympy.DiracDelta(z): sympy.S.Zero,
    }
    return expression.diff(z).xreplace(replacements)


class FormulaPrinter(LatexPrinter):
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
    result: str = FormulaPrinter().doprint(expression)
    return result


def python(expression: Expression) -> str:
    """Return a formula as a Python expression that needs ``import math`` and its symbols as floats."""
    result: str = PythonPrinter({"precision": 17}).doprint(expression)
    return result
