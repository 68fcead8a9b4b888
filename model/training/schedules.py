"""Schedules: a registry of how the learning rate changes over the steps of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

from model.types import check_choice, is_number, is_whole


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the learning rate changes over the steps.

    Attributes
    ----------
    name : str
        How the rate changes: a key of :data:`SCHEDULES`.
    period : int
        Steps, 1 or more: between two drops ("step"), to one factor ("exponential"), or to the end of the fall
        ("cosine").
    factor : float
        What a period multiplies the rate by, above 0 up to 1; "cosine" ends at this share of the rate.
    warm_up : int
        Steps over which the rate grows in a straight line to its full size, before the rest begins; "cosine" only.

    Raises
    ------
    ValueError
        If a name is unknown or a value outside its range.
    """

    name: str = "constant"
    period: int = 5000
    factor: float = 0.5
    warm_up: int = 0

    def __post_init__(self) -> None:
        check_choice("schedule", self.name, SCHEDULES)
        if not (is_whole(self.period) and self.period >= 1):
            raise ValueError(f"period must be 1 step or more; got {self.period!r}")
        if not (is_number(self.factor) and 0 < self.factor <= 1):
            raise ValueError(f"factor must be above 0 and at most 1; got {self.factor!r}")
        if not (is_whole(self.warm_up) and self.warm_up >= 0):
            raise ValueError(f"warm_up must be 0 steps or more; got {self.warm_up!r}")

    def share(self, step: int) -> float:
        """Return what the learning rate is multiplied by for the step after `step` steps."""
        return SCHEDULES[self.name].share(step, self.period, self.factor, self.warm_up)


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`SCHEDULES`.
    tip : str
        One sentence for the person who chooses.
    share : callable
        ``share(step, period, factor, warm_up)``, see :meth:`Schedule.share`. The compiled engine compiles it, too.
    options : tuple of str
        Which attributes of a schedule it uses.
    """

    name: str
    tip: str
    share: Callable[[int, int, float, int], float]
    options: tuple[str, ...]


def _constant(step: int, period: int, factor: float, warm_up: int) -> float:
    return 1.0


def _step(step: int, period: int, factor: float, warm_up: int) -> float:
    return float(factor ** (step // period))


def _exponential(step: int, period: int, factor: float, warm_up: int) -> float:
    return float(factor ** (step / period))


def _cosine(step: int, period: int, factor: float, warm_up: int) -> float:
    if step < warm_up:
        return (step + 1) / (warm_up + 1)
    along = min((step - warm_up) / period, 1.0)
    return factor + (1.0 - factor) * (1.0 + cos(pi * along)) / 2.0


SCHEDULES: dict[str, ScheduleEntry] = {
    entry.name: entry
    for entry in (
        ScheduleEntry("constant", "The learning rate stays as it is.", _constant, ()),
        ScheduleEntry(
            "step", "After every period the rate drops by the factor (torch StepLR).", _step, ("period", "factor")
        ),
        ScheduleEntry(
            "exponential",
            "The rate falls smoothly, by the factor over each period (torch ExponentialLR).",
            _exponential,
            ("period", "factor"),
        ),
        ScheduleEntry(
            "cosine",
            "The rate warms up, then falls along a cosine to the factor's share (Loshchilov and Hutter 2016).",
            _cosine,
            ("period", "factor", "warm_up"),
        ),
    )
}
"""Every schedule, by name."""
