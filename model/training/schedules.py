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
        return SCHEDULES[self.name].share(self, step)


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
        ``share(schedule, step)``, see :meth:`Schedule.share`.
    options : tuple of str
        Which attributes of a schedule it uses.
    """

    name: str
    tip: str
    share: Callable[[Schedule, int], float]
    options: tuple[str, ...]


def _constant(schedule: Schedule, step: int) -> float:
    return 1.0


def _step(schedule: Schedule, step: int) -> float:
    return float(schedule.factor ** (step // schedule.period))


def _exponential(schedule: Schedule, step: int) -> float:
    return float(schedule.factor ** (step / schedule.period))


def _cosine(schedule: Schedule, step: int) -> float:
    if step < schedule.warm_up:
        return (step + 1) / (schedule.warm_up + 1)
    along = min((step - schedule.warm_up) / schedule.period, 1.0)
    return schedule.factor + (1.0 - schedule.factor) * (1.0 + cos(pi * along)) / 2.0


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
