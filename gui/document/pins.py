"""Pins: runs that are kept to compare others with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.run import LiveRun
from model import NetworkSettings, TrainingSettings
from model.data.dataset import ProblemKind
from model.network.initializers import INITIALIZERS
from model.network.losses import LOSSES
from model.network.parts import same_places
from model.numbers import number_text
from model.run.curve import LossCurve, shares_over_steps
from model.run.history import History, KeyFrame
from model.run.race import lane_names, training_details
from model.run.run import TrainedRun
from model.run.snapshot import Snapshot, SnapshotMaker
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.stopping import Stop
from model.types import FloatArray

MAX_PINNED = 8
"""More curves over each other cannot be told apart."""

MAX_TITLE = 60

_PATH_BYTES, _MOST_MOMENTS = 8_000_000, 400
"""What the path of a pinned run takes at most."""

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
        Its surface is that of the whole plane, whatever part of it the view shows.
    training : TrainingSettings
    curve : LossCurve
        A copy.
    seconds : float
        How long it had trained.
    path : tuple of ndarray of shape (n_parameters,)
        Its weights from the beginning to this moment, some of many.
    first : KeyFrame or None
        The moment with which it began, where that is known.
    title : str
        What the person calls it; empty for nothing.
    shares : LossCurve
        How much was right at its key frames, see :func:`model.run.curve.shares_over_steps`.
    """

    number: int
    snapshot: Snapshot
    training: TrainingSettings
    curve: LossCurve
    seconds: float
    path: tuple[FloatArray, ...] = ()
    first: KeyFrame | None = None
    title: str = ""
    shares: LossCurve = field(default_factory=LossCurve)

    @property
    def network(self) -> NetworkSettings:
        """The network's shape and names."""
        return self.snapshot.network.settings

    @property
    def name(self) -> str:
        """What the person calls it, or what the run is, in a few characters."""
        if self.title:
            return self.title
        shape = "–".join(str(size) for size in self.network.layer_sizes)
        (how,) = lane_names((self.training,))
        return f"{self.number}: {', '.join([shape, how, *training_details(self.training)])}"

    @property
    def problem(self) -> tuple[ProblemKind, str]:
        """What is learned, and by which loss: runs that differ in them cannot be compared."""
        return self.snapshot.moment.dataset.kind, self.training.loss

    def kept(self) -> TrainedRun:
        """Return the run as one that can go on: its beginning, the moment at which it was pinned, and its curve."""
        moment, history, curve = self.snapshot.moment, History(), self.curve.copy()
        if self.first is not None and self.first.step < moment.step:
            history.append(self.first)
        history.append(moment)
        curve.forget_after(moment.step)
        return TrainedRun(history, curve, seconds=self.seconds)


class Pins(QObject):
    """The runs that are kept for comparison."""

    changed = Signal()

    def __init__(self, run: LiveRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._runs: tuple[PinnedRun, ...] = ()
        self._count = 0
        self._shown: tuple[PinnedRun, ...] = ()

    @property
    def kept(self) -> tuple[PinnedRun, ...]:
        """All runs that are pinned, the oldest first."""
        return self._runs

    @property
    def runs(self) -> tuple[PinnedRun, ...]:
        """Those of the present problem, which are shown beside the present run; the oldest first."""
        setup = self._run.setup
        return tuple(run for run in self._runs if run.problem == (setup.dataset.kind, setup.training.loss))

    @Slot()
    def follow_problem(self) -> None:
        """Show other runs where the problem is another one now."""
        if self.runs != self._shown:
            self._tell()

    def _tell(self) -> None:
        self._shown = self.runs
        self.changed.emit()

    def rename(self, run: PinnedRun, title: str) -> None:
        """Call a run otherwise; without a title it is called by what it is."""
        title = title.strip()[:MAX_TITLE]
        if title != run.name:
            renamed = replace(run, title=title)
            self._runs = tuple(renamed if other is run else other for other in self._runs)
            self._tell()

    def pin(self) -> None:
        """Keep the present run; the oldest gives way where there are too many."""
        run = self._run
        moment, frames = run.displayed.moment, run.history.frames
        self._keep(moment, frames, run.setup.training, run.curve.copy(), run.trained_seconds)

    def pin_trained(self, trained: TrainedRun, seconds: float) -> None:
        """Keep a run that was trained beside the present one for so many seconds."""
        moment, frames = trained.moment, trained.history.frames
        self._keep(moment, frames, moment.training, trained.curve, seconds)

    def _keep(
        self,
        moment: KeyFrame,
        frames: Sequence[KeyFrame],
        training: TrainingSettings,
        curve: LossCurve,
        seconds: float,
    ) -> None:
        self._count += 1
        snapshot = SnapshotMaker().make(self._run.displayed.run, moment)
        first = frames[0] if frames else None
        shares = shares_over_steps([*(one.metrics for one in frames if one.step < moment.step), moment.metrics])
        path = _path_to(moment, frames)
        pinned = PinnedRun(self._count, snapshot, training, curve, seconds, path, first, shares=shares)
        self._runs = (*self._runs, pinned)[-MAX_PINNED:]
        self._tell()

    def unpin(self, run: PinnedRun) -> None:
        """Keep a run no longer."""
        self._runs = tuple(other for other in self._runs if other is not run)
        self._tell()


def _path_to(moment: KeyFrame, frames: Sequence[KeyFrame]) -> tuple[FloatArray, ...]:
    """Return the weights of key frames up to a moment, as far as their network has its shape."""
    before = [frame for frame in frames if frame.step < moment.step and same_places(frame.network, moment.network)]
    most = min(max(_PATH_BYTES // moment.checkpoint.parameters.nbytes, 1), _MOST_MOMENTS)
    rows = np.linspace(0, len(before) - 1, min(len(before), most)).round().astype(np.intp)
    return *(before[row].checkpoint.parameters for row in rows.tolist()), moment.checkpoint.parameters


def differing_settings(runs: list[PinnedRun]) -> dict[str, list[str]]:
    """Return the settings in which runs differ: what it is -> its value in each of them."""
    result: dict[str, list[str]] = {}
    for part in ("network", "training"):
        for setting in fields(getattr(runs[0], part)) if runs else ():
            labels = _LABELS.get(setting.name)
            present = [getattr(getattr(run, part), setting.name) for run in runs]
            values = [_shown(value) if labels is None else labels[value] for value in present]
            if setting.name not in _NOT_COMPARED and len(set(values)) > 1:
                result[setting.name.replace("_", " ")] = values
    return result


_LABELS: Mapping[str, Mapping[str, str]] = {
    "optimizer": {name: entry.label for name, entry in OPTIMIZERS.items()},
    "loss": {name: entry.label for name, entry in LOSSES.items()},
    "regularization": {name: entry.label for name, entry in REGULARIZATIONS.items()},
    "initializer": {name: entry.label for name, entry in INITIALIZERS.items()},
}
"""What the window calls the values of a setting."""


def _shown(value: object) -> str:
    if value is None or value == () or value == {}:
        return "–"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part)}" for name, part in value.items())
    if isinstance(value, Stop):
        return value.text
    return str(getattr(value, "name", value)).replace("_", " ")
