"""Pinned runs: what is kept of a run to compare others with it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from model import NetworkSettings, TrainingSettings
from model.run.curve import LossCurve
from model.run.snapshot import Snapshot

MAX_PINNED = 8
"""More curves over each other cannot be told apart."""

_NOT_COMPARED = ("frozen", "pruned", "muted", "standardization")
"""Of a network's settings: they are many numbers, and the diagram shows them."""


@dataclass(frozen=True, slots=True, eq=False)
class PinnedRun:
    """A run at the moment at which it was pinned.

    Attributes
    ----------
    number : int
        Counts the runs that were pinned, from 1.
    snapshot : Snapshot
    training : TrainingSettings
    curve : LossCurve
        A copy.
    seconds : float
        How long it had trained.
    """

    number: int
    snapshot: Snapshot
    training: TrainingSettings
    curve: LossCurve
    seconds: float

    @property
    def network(self) -> NetworkSettings:
        """The network's shape and names."""
        return self.snapshot.network.settings

    @property
    def name(self) -> str:
        """What the run is, in a few signs."""
        shape = "–".join(str(size) for size in self.network.layer_sizes)
        return f"{self.number}: {shape}, {self.training.optimizer} {self.training.learning_rate:g}"


def differing_settings(runs: list[PinnedRun]) -> dict[str, list[str]]:
    """Return the settings in which runs differ: what it is -> its value in each of them."""
    result: dict[str, list[str]] = {}
    for part in ("network", "training"):
        for field in fields(getattr(runs[0], part)) if runs else ():
            values = [_shown(getattr(getattr(run, part), field.name)) for run in runs]
            if field.name not in _NOT_COMPARED and len(set(values)) > 1:
                result[field.name.replace("_", " ")] = values
    return result


def _shown(value: object) -> str:
    if value is None or value == () or value == {}:
        return "–"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    return str(getattr(value, "name", value)).replace("_", " ")
