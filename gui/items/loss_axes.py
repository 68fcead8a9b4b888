"""LossAxes: the round ends and ticks of a loss curve, and where a loss stands between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from PySide6.QtCore import QRectF

from gui.items.scales import DECADES, TICKS, round_down, round_up
from model.numbers import number_text
from model.types import FloatArray

SMALLEST_LOSS = 1e-12
"""A smaller loss stands here on a logarithmic scale."""

_LOG_RATIO = 30.0
"""Losses of a picture that differ by more are drawn on a logarithmic scale."""

_FEW_POWERS = 3
"""A logarithmic axis of no more powers of ten also has ticks between them."""

_SHORTEST = 10.0
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class LossAxes:
    """The axes of a loss curve.

    Attributes
    ----------
    log : bool
        Whether the losses' axis is logarithmic.
    x_range, y_range : tuple of float
        What the ends of the axes stand for, of a logarithmic one as powers of ten.
    """

    log: bool
    x_range: tuple[float, float]
    y_range: tuple[float, float]

    @classmethod
    def of_whole_run(cls, steps: FloatArray, losses: FloatArray, *, log: bool | None = None) -> LossAxes:
        """Return axes that end where a run does.

        Parameters
        ----------
        steps, losses : ndarray
            All that will be shown.
        log : bool, optional
            Whether the losses' axis is logarithmic; by default if they differ by far.
        """
        smallest, largest = _extremes(losses)
        if log is None:
            log = largest > _LOG_RATIO * smallest
        first, last = (float(steps.min()), float(steps.max())) if len(steps) else (0.0, 1.0)
        return cls(log, (first, max(last, first + 1.0)), _ends(smallest, largest, TICKS, log=log))

    @classmethod
    def of_growing_run(cls, steps: FloatArray, losses: FloatArray, *, log: bool) -> LossAxes:
        """Return axes with room beyond the present end of a run, so that they seldom change while it goes on.

        Parameters
        ----------
        steps, losses : ndarray
            All that is shown now.
        log : bool
            Whether the losses' axis is logarithmic.
        """
        smallest, largest = _extremes(losses)
        x_max = max(round_up(float(steps.max())), _SHORTEST) if len(steps) else _SHORTEST
        return cls(log, (0.0, x_max), _ends(smallest, largest, DECADES, log=log))

    def heights(self, losses: FloatArray) -> FloatArray:
        """Return losses as the axis has them: as powers of ten where it is logarithmic."""
        return np.log10(np.maximum(losses, SMALLEST_LOSS)) if self.log else losses

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
        pitch = max(round_up((last - first) / 5, TICKS), 1.0)
        ticks = np.arange(ceil(first / pitch), floor(last / pitch + _NEAR) + 1) * pitch
        return [((tick - first) / (last - first), step_text(tick)) for tick in ticks.tolist()]

    def loss_ticks(self) -> list[tuple[float, str]]:
        """Return about four round losses, each with how far up the axis it is, 0 to 1, and its text."""
        low, high = self.y_range
        if self.log:
            powers, others = self.power_ticks(most=5)
            ticks = sorted(powers + others)
        else:
            pitch = round_up(high / 4, TICKS)
            values = [pitch * index for index in range(floor(high / pitch + _NEAR) + 1)]
            ticks = [(value, number_text(value)) for value in values]
        shares = [((height - low) / (high - low), text) for height, text in ticks]
        return [(share, text) for share, text in shares if -_NEAR <= share <= 1 + _NEAR]

    def power_ticks(self, most: int) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        """Return the ticks of a logarithmic axis, each with its height and its text.

        Returns
        -------
        powers, others : list of tuple
            About `most` powers of ten; and 2 and 5 times those, where there are few.
        """
        low, high = self.y_range
        powers = range(floor(low + _NEAR), ceil(high - _NEAR) + 1)
        every = max(1, len(powers) // most)

        def ticks(factors: tuple[float, ...]) -> list[tuple[float, str]]:
            return [
                (power + log10(factor), number_text(factor * 10.0**power))
                for power in powers
                if power % every == 0
                for factor in factors
            ]

        return ticks(DECADES), ticks(TICKS[1:]) if len(powers) <= _FEW_POWERS else []


def step_text(step: float) -> str:
    """Return how an axis writes a step."""
    return f"{step:,.0f}"


def _extremes(losses: FloatArray) -> tuple[float, float]:
    """Return the smallest loss that an axis can show, and the largest."""
    losses = losses[np.isfinite(losses)]
    if not len(losses):
        return 0.1, 1.0
    return max(float(losses.min()), SMALLEST_LOSS), float(losses.max())


def _ends(smallest: float, largest: float, factors: tuple[float, ...], *, log: bool) -> tuple[float, float]:
    if not log:
        return 0.0, round_up(largest)
    return log10(round_down(smallest, factors)), log10(round_up(max(largest, smallest * 1.01), factors))
