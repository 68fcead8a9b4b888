"""CurveAxes: the round ends and ticks of a loss curve, and where a loss stands between them."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np
from PySide6.QtCore import QRectF

from gui.items.scales import round_up
from model.types import FloatArray

_LOG_RATIO = 30.0
"""Losses that differ by more are drawn on a logarithmic scale."""

_SMALLEST_LOSS = 1e-12
_ROUND = (1.0, 2.0, 5.0)


class CurveAxes:
    """The axes of a loss curve.

    Parameters
    ----------
    steps, losses : ndarray
        All that will be shown.

    Attributes
    ----------
    log : bool
        Whether the losses' axis is logarithmic.
    x_range, y_range : tuple of float
        What the ends of the axes stand for, of a logarithmic one as powers of ten.
    """

    def __init__(self, steps: FloatArray, losses: FloatArray) -> None:
        losses = losses[np.isfinite(losses)]
        largest = float(losses.max()) if len(losses) else 1.0
        smallest = max(float(losses.min()) if len(losses) else 1.0, _SMALLEST_LOSS)
        self.log = largest > _LOG_RATIO * smallest
        first, last = (float(steps[0]), float(steps[-1])) if len(steps) else (0.0, 1.0)
        self.x_range = (first, max(last, first + 1.0))
        if self.log:
            self.y_range = log10(_round_below(smallest)), log10(_round_above(largest))
        else:
            self.y_range = 0.0, round_up(largest)

    def heights(self, losses: FloatArray) -> FloatArray:
        """Return losses as the axis has them: as powers of ten where it is logarithmic."""
        return np.log10(np.maximum(losses, _SMALLEST_LOSS)) if self.log else losses

    def places(self, steps: FloatArray, losses: FloatArray, area: QRectF) -> FloatArray:
        """Return where points of the curve are in an area, an ndarray of shape (n_points, 2)."""
        (x0, x1), (y0, y1) = self.x_range, self.y_range
        x = area.left() + (steps - x0) * (area.width() / (x1 - x0))
        y = area.bottom() - (self.heights(losses) - y0) * (area.height() / (y1 - y0))
        # What lies far outside is beyond what a line can be drawn to.
        return np.stack([x, np.clip(y, area.top() - 2, area.bottom() + 2)], axis=1)

    def step_ticks(self) -> list[tuple[float, str]]:
        """Return about five round steps, each with how far it is along the axis, 0 to 1, and its text."""
        first, last = self.x_range
        pitch = max(_nice_pitch((last - first) / 5), 1.0)
        ticks = np.arange(ceil(first / pitch), floor(last / pitch + 1e-9) + 1) * pitch
        return [((tick - first) / (last - first), f"{tick:,.0f}") for tick in ticks.tolist()]

    def loss_ticks(self) -> list[tuple[float, str]]:
        """Return about four round losses, each with how far up the axis it is, 0 to 1, and its text."""
        low, high = self.y_range
        if self.log:
            powers = range(floor(low + 1e-9), ceil(high - 1e-9) + 1)
            factors = (1.0,) if len(powers) > 3 else _ROUND
            every = max(1, len(powers) // 5)
            values = [factor * 10.0**power for power in powers if power % every == 0 for factor in factors]
        else:
            pitch = _nice_pitch(high / 4)
            values = [pitch * index for index in range(floor(high / pitch + 1e-9) + 1)]
        shares = [(float(self.heights(np.array([value]))[0]) - low) / (high - low) for value in values]
        return [
            (share, f"{value:g}") for share, value in zip(shares, values, strict=True) if -1e-9 <= share <= 1 + 1e-9
        ]


def _nice_pitch(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten that is `value` or more."""
    return _round_above(value)


def _round_above(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    return next((factor * power for factor in _ROUND if value <= factor * power * (1 + 1e-9)), 10.0 * power)


def _round_below(value: float) -> float:
    power = 10.0 ** floor(log10(value) + 1e-12)
    return max(factor * power for factor in _ROUND if factor * power <= value * (1 + 1e-9))
