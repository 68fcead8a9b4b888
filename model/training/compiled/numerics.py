"""Functions of single numbers in a form whose loops work on several numbers at once.

Importing this module lets numba compile the rules of :mod:`model.network.scalars`, with :func:`exp` and :func:`tanh`
from here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from math import copysign
from typing import Any, TypeVar

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload, register_jitable

from model.network import scalars

Function = TypeVar("Function", bound=Callable[..., Any])

_EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}}
"""A product and a sum may become one instruction, which rounds once. Everything else stays as written: what is no
number must show, and the range reduction of :func:`exp` must not be rearranged."""

_SUMS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "reassoc", "nsz"}}
"""Sums over points may be taken in another order, several at once."""


def exact(function: Function) -> Function:
    """Let numba compile a function as it is written, when it is first called from compiled code."""
    return njit(**_EXACT)(function)  # type: ignore[no-any-return]


def sums(function: Function) -> Function:
    """Let numba compile a function whose sums may be taken in another order."""
    return njit(**_SUMS)(function)  # type: ignore[no-any-return]


def _cast(source: Any, target: Any, as_ir: Any) -> Any:
    """Return what takes the bits of a number of one type as one of another."""

    def cast(typing_context: Any, number: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], as_ir)

        return target(source), generate

    return intrinsic(cast)


_bits: Callable[[float], int] = _cast(types.float64, types.int64, ir.IntType(64))
_float: Callable[[int], float] = _cast(types.int64, types.float64, ir.DoubleType())

_LOG2_E = 1.4426950408889634073599
_LN_2_HIGH, _LN_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""The logarithm of 2 in two parts, the first of which has so few digits that its small multiples are exact."""

_TO_WHOLE = 1.5 * 2.0**52
"""A number to which this is added is rounded to a whole one, which is then in its lowest bits."""

_BITS_OF_1 = 4607182418800017408
_LOWEST, _LARGE = -708.0, 22.0


def _exp(x: float) -> float:
    """Return exp(x) for `x` below 709; what is below -708 counts as that.

    Notes
    -----
    x = k ln 2 + r; exp(r) by the rational approximation of Cephes (S. L. Moshier), whose error is below 2e-16; 2^k by
    its exponent's bits.
    """
    x = _LOWEST if x < _LOWEST else x
    shifted = x * _LOG2_E + _TO_WHOLE
    k = shifted - _TO_WHOLE
    r = x - k * _LN_2_HIGH
    r = r - k * _LN_2_LOW
    square = r * r
    numerator = r * (
        (1.26177193074810590878e-4 * square + 3.02994407707441961300e-2) * square + 9.99999999999999999910e-1
    )
    denominator = (
        (3.00198505138664455042e-6 * square + 2.52448340349684104192e-3) * square + 2.27265548208155028766e-1
    ) * square + 2.0
    result = 1.0 + 2.0 * numerator / (denominator - numerator)
    return result * _float((_bits(shifted) << 52) + _BITS_OF_1)


def _tanh(x: float) -> float:
    """Return tanh(x).

    Notes
    -----
    Below 0.625 a rational approximation of Cephes, above it 1 - 2 / (exp(2 x) + 1); the error is at most one unit in
    the last place.
    """
    size = abs(x)
    square = x * x
    numerator = (-9.64399179425052238628e-1 * square - 9.92877231001918586564e1) * square - 1.61468768441708447952e3
    denominator = (
        (square + 1.12811678491632931402e2) * square + 2.23548839060100448583e3
    ) * square + 4.84406305325125486048e3
    small = x + x * (square * (numerator / denominator))
    large = copysign(1.0 - 2.0 / (scalars.exp(2.0 * (_LARGE if size > _LARGE else size)) + 1.0), x)
    return small if size < 0.625 else large


def _substitute(rule: Callable[..., Any], used: Callable[..., Any]) -> None:
    """Let compiled code call `used` where it is written that it calls `rule`."""
    overload(rule, jit_options=_EXACT, strict=False)(lambda x: used)


_substitute(scalars.exp, _exp)
_substitute(scalars.tanh, _tanh)
for _name, _function in inspect.getmembers(scalars, inspect.isfunction):
    if _function.__module__ == scalars.__name__ and _function not in (scalars.exp, scalars.tanh):
        register_jitable(**_EXACT)(_function)
