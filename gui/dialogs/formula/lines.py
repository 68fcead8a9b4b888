"""Lines: a derivation in LaTeX as the dialog shows it. It needs SymPy, and runs in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy

from gui.items.latex import by_sign, coloured, factor, number
from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.explain.derivation import LOSS, Derivation
from model.explain.formulas import Expression, FormulaPrinter
from model.network.settings import NetworkSettings

_PARAMETER = r"w0|[wb]\d+_.*"
_NEGATIVE = r"\(\{(-[\d.]+)\}\)"
_TWICE = ((rf"\\left\({_NEGATIVE} \\right\)", r"\\left({\1} \\right)"), (rf"\^\{{{_NEGATIVE}\}}", r"^{\1}"))
"""Negative numbers whose parentheses would be in others, or alone in an exponent, and what they are there."""

_DIGITS = 4


class _Printer(FormulaPrinter):
    """Prints formulas with numbers, or names as they are written by hand, for their symbols."""

    def _print_Float(self, expr: Any) -> str:
        return number(float(expr), 6)

    def doprint(self, expr: Any) -> str:
        """Return a formula; of a sum of weights and values, the weights first in each product, and the bias last."""
        terms = sympy.Add.make_args(expr)
        if not all(_is_product(term) for term in terms):
            whole: str = super().doprint(expr)
            return whole
        ordered = sorted(terms, key=lambda term: _natural(_weight(term)))
        return " + ".join(self._product(term) for term in ordered)

    def _product(self, term: Expression) -> str:
        factors = sorted(sympy.Mul.make_args(term), key=lambda one: (one.is_Symbol, not str(one).startswith("w")))
        between: str = self._settings["mul_symbol_latex"]
        printed: list[str] = [self._print(one) for one in factors]
        return between.join(printed)


def _is_product(term: Expression) -> bool:
    """Return whether a term is a weight times a value, or a bias."""
    symbols = [one for one in sympy.Mul.make_args(term) if one.is_Symbol]
    rest = [one for one in sympy.Mul.make_args(term) if not one.is_Symbol]
    return 1 <= len(symbols) <= 2 and all(one.is_Integer and one > 0 for one in rest) and bool(_weight(term))


def _weight(term: Expression) -> str:
    """Return the name of the weight or the bias in a term; empty where there is none."""
    names = [one.name for one in term.free_symbols if re.fullmatch(_PARAMETER, one.name)]
    return names[0] if len(names) == 1 else ""


def _natural(name: str) -> tuple[bool, list[int]]:
    return name[0] == "b" or name == "w0", [int(digits) for digits in re.findall(r"\d+", name)]


def symbol_latex(name: str, *, are_inputs_raw: bool = True) -> str:
    """Return how a symbol of :mod:`model.explain.derivation` is written.

    Parameters
    ----------
    name : str
    are_inputs_raw : bool
        Whether the inputs are the coordinates; otherwise they are called as the values of layer 0.
    """
    kind, *indices = re.findall(r"[A-Za-z]+|\d+", name)
    if name.startswith(f"d{LOSS}_d"):
        by = symbol_latex(name.removeprefix(f"d{LOSS}_d"))
        return rf"\frac{{\partial {LOSS}}}{{\partial {by}}}"
    match kind:
        case "dz":
            return _indexed(r"\delta", indices)
        case "da":
            return rf"\frac{{\partial {LOSS}}}{{\partial {_indexed('a', indices)}}}"
        case "x" if not are_inputs_raw:
            return _indexed("a", ["0", *indices])
    return _indexed(kind, indices)


def _indexed(letter: str, indices: list[str]) -> str:
    match indices:
        case []:
            return letter
        case [index]:
            return f"{letter}_{{{index}}}"
    return f"{letter}^{{({indices[0]})}}_{{{','.join(indices[1:])}}}"


def lines_of(derivation: Derivation, numbers: Mapping[str, float], *, is_result_first: bool = False) -> list[str]:
    """Return the lines that show a derivation.

    Parameters
    ----------
    derivation : Derivation
    numbers : mapping of str to float
        Of none, some or all of the inputs and parameters, by name; they stand for their symbols.
    is_result_first : bool
        Whether the steps come after what is made of them.

    Raises
    ------
    ValueError
        If a value is infinite or no number.
    """
    settings = derivation.network.settings
    are_raw = _has_raw_inputs(settings)
    are_known = all(one.name in numbers for one in derivation.parameters)
    values = derivation.values(dict.fromkeys(_names(derivation), 0.0) | dict(numbers)) if are_known else {}
    names = {name: symbol_latex(name, are_inputs_raw=are_raw) for name in (*_names(derivation), *_steps(derivation))}
    if are_raw and settings.is_of_curve:
        # There is no second coordinate, so that it needs no number.
        names["x1"] = "x"
    shown = dict(names)
    shown |= {name: _number(name, value) for name, value in {**numbers, **values}.items()}
    options: dict[str, Any] = {"symbol_names": {_symbol(name): text for name, text in shown.items()}}
    if numbers:
        options["mul_symbol"] = "dot"
    printer = _Printer(options)

    def line(name: str, formula: Expression) -> str:
        text = f"{names[name]} = {printer.doprint(formula)}"
        for pattern, instead in _TWICE:
            text = re.sub(pattern, instead, text)
        if name not in values or not formula.free_symbols:
            return text
        return f"{text} = {number(values[name], _DIGITS)}"

    backward = [step for step in derivation.steps if step[0].name[0] == "d"]
    forward = derivation.steps[: len(derivation.steps) - len(backward)]
    parts = {
        "Inputs": [] if are_raw else _input_lines(derivation, names, numbers),
        "Forward": [line(name.name, formula) for name, formula in forward],
        "Backward": [line(name.name, formula) for name, formula in backward],
        "Result": [line(name.name, formula) for name, formula in derivation.results],
    }
    order = ("Result", "Inputs", "Forward", "Backward") if is_result_first else tuple(parts)
    return [text for part in order if parts[part] for text in (_caption(part), *parts[part])]


def _names(derivation: Derivation) -> list[str]:
    return [one.name for one in (*derivation.network.inputs, *derivation.network.parameters)]


def _steps(derivation: Derivation) -> list[str]:
    return [name.name for name, _ in (*derivation.steps, *derivation.results)]


def _symbol(name: str) -> sympy.Symbol:
    return sympy.Symbol(name, real=True)


def _number(name: str, value: float) -> str:
    text = factor(value, _DIGITS)
    return by_sign(text, value) if re.fullmatch(_PARAMETER, name) else text


def _caption(text: str) -> str:
    return coloured(rf"\text{{{text}}}", "muted")


def _has_raw_inputs(settings: NetworkSettings) -> bool:
    """Return whether the inputs are the coordinates of a point as they are."""
    return settings.features in (None, RAW_FEATURES, RAW_CURVE_FEATURES) and not settings.standardization


def _input_lines(derivation: Derivation, names: Mapping[str, str], numbers: Mapping[str, float]) -> list[str]:
    """Return what the inputs are of the coordinates."""
    settings = derivation.network.settings
    standardization = settings.standardization or ((0.0, 1.0),) * settings.layer_sizes[0]
    lines = []
    for one, (mean, spread) in zip(derivation.network.inputs, standardization, strict=True):
        index = int(one.name[1:]) - 1
        made_of = rf"\text{{{feature(settings.features[index]).label if settings.features else one.name}}}"
        if settings.standardization:
            made_of = rf"\left({made_of} - {number(mean)}\right) / {number(spread)}"
        value = f" = {number(numbers[one.name])}" if one.name in numbers else ""
        lines.append(f"{names[one.name]} = {made_of}{value}")
    return lines
