"""What window and training thread say to each other: frozen messages one way, mail the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from model import Dataset, Metrics, NetworkSettings, TrainingSettings
from model.network.surgery import Surgery
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot
from model.training.checkpoint import Finished
from model.types import FloatArray


@dataclass(frozen=True, slots=True)
class Start:
    """Begin run number `run` with new weights, or with the given `parameters`."""

    run: int
    network: NetworkSettings
    dataset: Dataset
    training: TrainingSettings
    parameters: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Rewind:
    """Begin run number `run` with the first weights of the present one, which repeats it."""

    run: int


@dataclass(frozen=True, slots=True)
class Branch:
    """Go on as run number `run` from a moment, as if training had never left it; `first` is the run's first one."""

    run: int
    frame: KeyFrame
    first: KeyFrame


@dataclass(frozen=True, slots=True)
class Revise:
    """Change what is given, all between the same two steps, and keep the run."""

    dataset: Dataset | None = None
    surgery: Surgery | None = None
    training: TrainingSettings | None = None


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give the parameter at `position` of the flat vector a value."""

    position: int
    value: float


@dataclass(frozen=True, slots=True)
class Play:
    """Train until told otherwise, or pause."""

    playing: bool


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Train at `steps_per_second`; None: as fast as possible."""

    steps_per_second: float | None


@dataclass(frozen=True, slots=True)
class Advance:
    """Take one step, or as many as complete the epoch."""

    whole_epoch: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Say what snapshots should show beside the neurons' maps."""

    plane: Plane
    probe: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class FrameDrawn:
    """The window has drawn what it took from the mailbox."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the thread."""


Message: TypeAlias = (
    Start | Rewind | Branch | Revise | SetParameter | Play | SetSpeed | Advance | Look | FrameDrawn | Stop
)


@dataclass(frozen=True, slots=True)
class Diverged:
    """The run left what training can mend and went back to `step`, its last finite moment."""

    step: int


@dataclass(frozen=True, slots=True)
class Ended:
    """Training ended by itself; the run is paused."""

    reason: Finished
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Failed:
    """Something unexpected was raised in the thread."""

    sentence: str
    details: str


@dataclass(slots=True)
class Mail:
    """All that the thread has to say since it was last asked.

    Attributes
    ----------
    run : int
        The run that it is about.
    snapshot : Snapshot or None
        The newest.
    curve : list of Metrics
        Every point of the loss curve, in order.
    frames : list of KeyFrame
        Every moment that the timeline may keep, in order.
    pause : Diverged or Ended or Failed or None
        Why training paused by itself.
    n_changes : int
        How many messages that change run, data, network or settings had been taken when the snapshot was made.
    """

    run: int = 0
    snapshot: Snapshot | None = None
    curve: list[Metrics] = field(default_factory=list)
    frames: list[KeyFrame] = field(default_factory=list)
    pause: Diverged | Ended | Failed | None = None
    n_changes: int = 0
