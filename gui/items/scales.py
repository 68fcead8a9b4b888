"""Scales: round ends for colour scales and axes, so that a live picture does not rescale with every frame."""

from __future__ import annotations

from math import ceil, floor, isfinite, log10

_ROUND = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def round_up(value: float) -> float:
    """Return the next round number that is `value` or more: 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten.

    Anything that is not a finite number above 0 gives 1.
    """
    if not isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    for factor in _ROUND:
        if value <= factor * power * (1 + 1e-12):
            return factor * power
    return 10.0 * power


def decade_below(value: float) -> float:
    """Return the power of ten that is `value` or less, for a `value` above 0."""
    return float(10.0 ** floor(log10(value) + 1e-12))


def decade_above(value: float) -> float:
    """Return the power of ten that is `value` or more, for a `value` above 0."""
    return float(10.0 ** ceil(log10(value) - 1e-12))
