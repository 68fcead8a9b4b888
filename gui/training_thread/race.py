"""The thread of a race, which alone touches its runs: it trains them in turns, and says how they stand."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TypeAlias

from gui.training_thread.messages import FrameDrawn
from gui.training_thread.worker import (
    BESIDE_BURST_S,
    BURST_S,
    FRAME_PATIENCE_S,
    N_PROCESSORS,
    OVERDUE_S,
    Worker,
)
from model.run.history import KeyFrame
from model.run.race import LaneState, Race, RaceState
from model.run.snapshot import Snapshot, SnapshotMaker

FRAME_INTERVAL_S = 1 / 20
"""Four surfaces are drawn for each report."""

SURFACE_RESOLUTION = 64

_REPORT_SHARE = 4.0
"""While the lanes train, a report takes at most one part in so many of the time."""

_ROUND_S = 0.002
_LARGEST_CHUNK = 4096
_YIELD_S = 0.002


@dataclass(frozen=True, slots=True)
class RaceRequest:
    """Something that is asked of a race.

    Attributes
    ----------
    number : int
        Counts the requests; the report carries that of the last one that had been taken.
    """

    number: int


@dataclass(frozen=True, slots=True)
class BeginRace(RaceRequest):
    """Have this race, which belongs to the thread from now on; None: have none."""

    race: Race | None


@dataclass(frozen=True, slots=True)
class PlayRace(RaceRequest):
    """Train until told otherwise, or the goal, or pause."""

    playing: bool


@dataclass(frozen=True, slots=True)
class StepRace(RaceRequest):
    """Let each lane take one step."""


@dataclass(frozen=True, slots=True)
class SetGoal(RaceRequest):
    """End the race after so many steps."""

    goal: int


RaceMessage: TypeAlias = RaceRequest | FrameDrawn


@dataclass(frozen=True, slots=True, eq=False)
class RaceReport:
    """How a race stands, with all that is drawn of it.

    Attributes
    ----------
    state : RaceState
    snapshots : tuple of Snapshot or None
        Of each lane's last finite moment; None where there is none. It has no maps of neurons.
    is_playing : bool
    number : int
        That of the last request that had been taken.
    """

    state: RaceState
    snapshots: tuple[Snapshot | None, ...]
    is_playing: bool
    number: int


@dataclass(frozen=True, slots=True)
class RaceFailed:
    """Something unexpected was raised in the thread, after it had taken request `number`."""

    number: int
    sentence: str
    details: str


class RaceThread(Worker):
    """Owns a race, trains its lanes in turns, and posts how they stand: the newest report alone."""

    called = "the thread of the race"

    def __init__(self) -> None:
        super().__init__()
        self._mail_lock = threading.Lock()
        self._mail: RaceReport | RaceFailed | None = None
        self._race: Race | None = None
        self._number = 0
        self._is_playing = False
        self._n_due = 0
        self._chunk = 1
        self._maker = SnapshotMaker(1, SURFACE_RESOLUTION)
        self._made: dict[int, tuple[KeyFrame, Snapshot]] = {}
        self._is_report_wanted = False
        self._frame_drawn = True
        self._shown_at = self._report_cost = 0.0

    # The window's side

    def take_mail(self) -> RaceReport | RaceFailed | None:
        """Return the newest that it has to say; None where that has been taken."""
        with self._mail_lock:
            mail, self._mail = self._mail, None
        return mail

    # The thread's side

    def _report(self, sentence: str, details: str) -> None:
        """Pause, and tell the window what was raised."""
        self._pause()
        self._is_report_wanted = False
        self._post(RaceFailed(self._number, sentence, details))

    def _turn(self) -> None:
        """Take what messages there are, train for one burst, and answer."""
        self._take_messages()
        race = self._race
        if self._stopping or race is None:
            return
        if self._is_training:
            self._burst(race)
        if self._is_report_wanted and time.perf_counter() >= self._report_due:
            self._show(race)

    @property
    def _is_training(self) -> bool:
        return self._race is not None and not self._race.is_over and (self._is_playing or self._n_due > 0)

    @property
    def _trains_beside(self) -> bool:
        """Whether the window can draw while steps are taken, as with its own run."""
        return N_PROCESSORS > 1 and self._race is not None and self._race.is_compiled

    @property
    def _report_due(self) -> float:
        wait = FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S
        return self._shown_at + (max(wait, _REPORT_SHARE * self._report_cost) if self._is_training else wait)

    def _pause(self) -> None:
        self._is_playing, self._n_due = False, 0

    def _idle_s(self) -> float | None:
        """Return for how long there is nothing to do but wait for a message; None: without limit."""
        now = time.perf_counter()
        if not self._is_training:
            has_to_say = self._is_report_wanted and self._race is not None
            return max(self._report_due - now, 0.0) if has_to_say else None
        if self._frame_drawn or self._trains_beside:
            return 0.0
        # The window draws while training waits, as with the window's own run.
        return max(self._shown_at + FRAME_PATIENCE_S - now, _YIELD_S)

    def _apply(self, message: RaceMessage) -> None:
        if isinstance(message, FrameDrawn):
            self._frame_drawn = True
            return
        # Even where it fails: it has been taken.
        self._number = message.number
        self._is_report_wanted = True
        match message:
            case BeginRace(_, race):
                self._pause()
                self._race, self._chunk, self._frame_drawn = race, 1, True
                self._made = {}
            case PlayRace(_, playing):
                self._is_playing, self._n_due = playing, 0
            case StepRace():
                self._is_playing, self._n_due = False, self._n_due + 1
            case SetGoal(_, goal) if self._race is not None:
                self._race.goal = goal

    def _burst(self, race: Race) -> None:
        """Train all lanes for at most BURST_S (beside the window BESIDE_BURST_S), or for as many steps as are due."""
        longest = BESIDE_BURST_S if self._trains_beside else BURST_S
        self._is_report_wanted = True
        start = time.perf_counter()
        while self._is_training and time.perf_counter() - start < longest:
            before, step = time.perf_counter(), race.step
            race.advance(min(self._chunk, self._n_due) if self._n_due else self._chunk)
            taken = race.step - step
            self._n_due = max(self._n_due - taken, 0)
            seconds = max(time.perf_counter() - before, 1e-6)
            self._chunk = max(1, min(_LARGEST_CHUNK, int(taken * _ROUND_S / seconds)))
        if race.is_over:
            self._pause()

    def _show(self, race: Race) -> None:
        start = time.perf_counter()
        state = race.state()
        self._is_report_wanted = self._frame_drawn = False
        snapshots = tuple(self._snapshot_of(place, lane) for place, lane in enumerate(state.lanes))
        self._shown_at = time.perf_counter()
        self._report_cost = self._shown_at - start
        self._post(RaceReport(state, snapshots, self._is_training, self._number))

    def _snapshot_of(self, place: int, lane: LaneState) -> Snapshot | None:
        """Return the picture of a lane; that of one that has ended is made once."""
        moment = lane.trained.moment
        if not moment.metrics.is_finite:
            return None
        if place not in self._made or self._made[place][0] is not moment:
            self._made[place] = moment, self._maker.make(place, moment)
        return self._made[place][1]

    def _post(self, mail: RaceReport | RaceFailed) -> None:
        """Put something into the mailbox; tell the window if it has not been told already."""
        with self._mail_lock:
            is_told = self._mail is not None
            self._mail = mail
        if not is_told:
            self.mail_arrived.emit()
