"""Scales: round ends for colour scales and axes, so that a live picture does not rescale with every frame."""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np

from model.types import FloatArray

ENDS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Round factors for the end of a scale: the next one is never far."""

TICKS = (1.0, 2.0, 5.0)
"""Rounder factors, for the numbers along an axis."""

DECADES = (1.0,)

_TOLERANCE = 1e-12


def round_up(value: float, factors: tuple[float, ...] = ENDS) -> float:
    """Return the next round number that is `value` or more: one of the factors times a power of ten.

    Anything that is not a finite number above 0 gives 1.
    """
    if not isfinite(value) or value <= 0:
        return 1.0
    exponent = floor(log10(value))
    power = 10.0**exponent
    for factor in factors:
        if value <= factor * power * (1 + _TOLERANCE):
            return factor * power
    return 10.0 ** (exponent + 1)


def round_down(value: float, factors: tuple[float, ...] = ENDS) -> float:
    """Return the next round number that is `value` or less, for a `value` above 0."""
    exponent = floor(log10(value))
    rounder = (10.0 ** (exponent + 1), *(factor * 10.0**exponent for factor in reversed(factors)))
    return next(number for number in rounder if number <= value * (1 + _TOLERANCE))


def losses_top(losses: FloatArray, loss: float) -> float:
    """Return the upper end of an axis of losses: most of their curve is below it, and the present loss by far."""
    finite = losses[np.isfinite(losses)]
    return round_up(min(float(finite.max()), max(4.0 * loss, float(np.median(finite)))))
