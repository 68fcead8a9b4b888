"""What window and training thread say to each other: frozen messages one way, mail the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from model import Metrics, Network
from model.network.surgery import Surgery
from model.run.history import KeyFrame
from model.run.run import Pause
from model.run.snapshot import Plane, Snapshot
from model.training.settings import Setup
from model.types import FloatArray, read_only


@dataclass(frozen=True, slots=True)
class Request:
    """A message after which an older snapshot is no longer what the person has made.

    Attributes
    ----------
    number : int
        Counts the requests; what the thread says afterwards carries it.
    """

    number: int

    def applied_to(self, network: Network) -> Network:
        """Return a network of read-only parameters as the request leaves it."""
        return network


@dataclass(frozen=True, slots=True)
class Begin(Request):
    """Begin run number `run` with the weights that the network's settings draw, or with `parameters`."""

    run: int
    setup: Setup
    parameters: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Rewind(Request):
    """Begin run number `run` with the first weights of the present one, perhaps with another setup."""

    run: int
    setup: Setup | None = None


@dataclass(frozen=True, slots=True)
class Branch(Request):
    """Go on as run number `run` from a moment, as if training had never left it; `first` is the run's first one."""

    run: int
    moment: KeyFrame
    first: KeyFrame


@dataclass(frozen=True, slots=True)
class Revise(Request):
    """Go on with `setup` from between two steps; `surgery` leads to its network, where that is another one."""

    setup: Setup
    surgery: Surgery | None = None

    def applied_to(self, network: Network) -> Network:
        """Return a network of read-only parameters as the request leaves it."""
        return network if self.surgery is None else self.surgery.apply(network).frozen_copy()


@dataclass(frozen=True, slots=True)
class SetParameter(Request):
    """Give the parameter at `position` of the flat vector a value."""

    position: int
    value: float

    def applied_to(self, network: Network) -> Network:
        """Return a network of read-only parameters as the request leaves it."""
        parameters = network.parameters.copy()
        parameters[self.position] = self.value
        return Network.read_only(network.settings, read_only(parameters))


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
    """Take some steps, or those that complete the epoch."""

    whole_epoch: bool
    n_steps: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """Say what snapshots should show beside the neurons' maps."""

    plane: Plane
    probe: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Prepare:
    """Call `works` with each snapshot before the window gets it: pure functions that keep what they last computed."""

    works: tuple[Callable[[Snapshot], object], ...]


@dataclass(frozen=True, slots=True)
class FrameDrawn:
    """The window has drawn what it took from the mailbox."""


@dataclass(frozen=True, slots=True)
class FetchEngine:
    """Fetch compiled code ahead of the run that needs it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the thread."""


Message: TypeAlias = Request | Play | SetSpeed | Advance | Look | Prepare | FrameDrawn | FetchEngine | Stop


@dataclass(frozen=True, slots=True)
class Failed:
    """Something unexpected was raised in the thread, after it had taken request `number`."""

    number: int
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
    high_rate : float or None
        The learning rate of which it has become clear that it is too high.
    number : int
        That of the last request that had been taken when the snapshot was made.
    """

    run: int = 0
    snapshot: Snapshot | None = None
    curve: list[Metrics] = field(default_factory=list)
    frames: list[KeyFrame] = field(default_factory=list)
    pause: Pause | Failed | None = None
    high_rate: float | None = None
    number: int = 0
