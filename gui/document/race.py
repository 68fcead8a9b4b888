"""LiveRace: a race of several ways to train the network, as the window knows it; the only door to its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from gui.document.changes import Change, Changes
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.training_thread import race as messages
from gui.training_thread.messages import FrameDrawn
from gui.training_thread.race import RaceFailed, RaceReport, RaceThread
from model import TrainingSettings
from model.run.race import FEWEST_LANES, MOST_LANES, USUAL_RATES, Race, lane_names
from model.run.run import Run
from model.training.optimizers import OPTIMIZERS
from model.training.settings import Setup
from model.types import FloatArray

Start: TypeAlias = Literal["present", "first", "new"]
"""Which weights all lanes begin with: those that are shown, those with which the run began, or others."""

FIRST_GOAL, LARGEST_GOAL = 2000, 10_000_000
"""How many steps a race takes, unless a person says so; and the most that can be said."""


@dataclass(frozen=True, slots=True)
class Preset:
    """Lanes that are often wanted.

    Attributes
    ----------
    label, tip : str
    lanes : tuple of mapping
        For each lane, the training settings in which it differs from the window's.
    """

    label: str
    tip: str
    lanes: tuple[Mapping[str, Any], ...]


def _rates(*rates: float) -> tuple[Mapping[str, Any], ...]:
    return tuple({"learning_rate": rate} for rate in rates)


def _optimizer(name: str, **changes: float) -> dict[str, Any]:
    return {"optimizer": name, "optimizer_options": {}, **changes}


PRESETS: dict[str, Preset] = {
    "optimizers": Preset(
        "SGD, Momentum, RMSprop, Adam",
        "Four optimizers, each with a learning rate that is usual for it.",
        tuple(_optimizer(name, learning_rate=rate) for name, rate in USUAL_RATES.items()),
    ),
    "rates": Preset(
        "Rates 0.003, 0.01, 0.03, 0.1",
        "The window's optimizer with four learning rates.",
        _rates(0.003, 0.01, 0.03, 0.1),
    ),
    "large_rates": Preset(
        "Rates 0.1, 0.3, 1, 3",
        "The window's optimizer with four learning rates, of which the largest may be too large.",
        _rates(0.1, 0.3, 1.0, 3.0),
    ),
    "same_rate": Preset(
        "Four optimizers, one rate",
        "SGD, Momentum, RMSprop and Adam, all with the window's learning rate.",
        tuple(map(_optimizer, USUAL_RATES)),
    ),
    "batches": Preset(
        "Batches of 1, 10, 50, all",
        "The window's optimizer with four batch sizes: each learns from batches of its own.",
        tuple({"batch_size": size} for size in (1, 10, 50, None)),
    ),
}
"""Every preset, by name."""

FIRST_PRESET = "optimizers"
"""The lanes that there are at first."""


class LiveRace(QObject):
    """What races, and how it stands.

    The lanes can be changed until the race begins; what it begins with stays, whatever is changed in the window
    meanwhile. Only one of the two trains at a time: the race, or the window's run.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    pins : Pins
    parent : QObject, optional
    """

    lanes_changed = Signal()
    report_changed = Signal()
    frame_due = Signal()  # After the one before: whoever draws draws then, and training goes on when that is done.
    playing_changed = Signal(bool)
    failed = Signal(str, str)
    done = Signal(str)  # What has been done with a lane, as a sentence.

    def __init__(self, run: LiveRun, changes: Changes, pins: Pins, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._changes, self._pins = run, changes, pins
        self._preset = FIRST_PRESET
        self._own_lanes: tuple[TrainingSettings, ...] | None = None
        self._racing: tuple[TrainingSettings, ...] = ()
        self._start: Start = "present"
        self._goal = FIRST_GOAL
        self._n_drawn = 0
        self._thread: RaceThread | None = None
        self._number = self._begun_at = 0
        self._begun_from: Setup | None = None
        self._playing = False
        self._report: RaceReport | None = None
        run.playing_changed.connect(self._on_run_playing)
        changes.training_changed.connect(self._on_training_changed)

    def close(self) -> None:
        """End the thread, and with it the race; what the lanes are is kept."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.mail_arrived.disconnect(self._on_mail_arrived)
            thread.stop()
        self._forget()

    # The lanes

    @property
    def lanes(self) -> tuple[TrainingSettings, ...]:
        """How each lane learns. Those of a preset follow the window's settings until the race begins."""
        if self.has_begun:
            return self._racing
        if self._own_lanes is not None:
            return self._own_lanes
        base = self._changes.training_settings
        if OPTIMIZERS[base.optimizer].make is None:
            # Random search has neither rates nor batches in which lanes could differ.
            base = replace(base, **_optimizer("sgd"))
        return tuple(replace(base, **lane) for lane in PRESETS[self._preset].lanes)

    @property
    def names(self) -> tuple[str, ...]:
        """A short name for each lane."""
        return lane_names(self.lanes)

    @property
    def start(self) -> Start:
        """Which weights all lanes begin with."""
        return self._start

    @property
    def goal(self) -> int:
        """After how many steps the race ends."""
        return self._goal

    @property
    def has_begun(self) -> bool:
        """Whether there is a race, whose lanes and start stay as they are."""
        return self._begun_from is not None

    @property
    def can_begin_with_first(self) -> bool:
        """Whether the run's first weights fit the network that is shown."""
        frames = self._run.history.frames
        return bool(frames) and frames[0].network == self._shown_setup.network

    def use_preset(self, name: str) -> None:
        """Have the lanes of a preset."""
        if not self.has_begun:
            self._preset, self._own_lanes = name, None
            self.lanes_changed.emit()

    def add_lane(self) -> None:
        """Add a lane that learns as the window's run does now, where there is room."""
        if len(self.lanes) < MOST_LANES:
            self._set_lanes((*self.lanes, self._changes.training_settings))

    def duplicate_lane(self, place: int) -> None:
        """Add a lane like another one below it, where there is room."""
        if len(self.lanes) < MOST_LANES:
            self._set_lanes((*self.lanes[: place + 1], *self.lanes[place:]))

    def remove_lane(self, place: int) -> None:
        """Take a lane out, unless too few would be left."""
        if len(self.lanes) > FEWEST_LANES:
            self._set_lanes((*self.lanes[:place], *self.lanes[place + 1 :]))

    def set_lane(self, place: int, **changes: Any) -> None:
        """Let a lane learn otherwise.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        lane = replace(self.lanes[place], **changes)
        self._set_lanes((*self.lanes[:place], lane, *self.lanes[place + 1 :]))

    def _set_lanes(self, lanes: Sequence[TrainingSettings]) -> None:
        if not self.has_begun:
            self._own_lanes = tuple(lanes)
            self.lanes_changed.emit()

    @Slot()
    def _on_training_changed(self) -> None:
        if not self.has_begun and self._own_lanes is None:
            self.lanes_changed.emit()

    def set_start(self, start: Start) -> None:
        """Begin with other weights."""
        self._start = start
        self.lanes_changed.emit()

    def set_goal(self, goal: int) -> None:
        """End the race after another number of steps; one that was over goes on when it is played."""
        self._goal = goal
        if self.has_begun:
            self._send(messages.SetGoal(self._next(), goal))
        self.lanes_changed.emit()

    # Racing

    @property
    def playing(self) -> bool:
        """Whether the lanes train."""
        return self._playing

    @property
    def report(self) -> RaceReport | None:
        """How the race stands; None before it has begun."""
        return self._report

    @property
    def is_over(self) -> bool:
        """Whether no lane goes on: all are at the goal, or have ended before."""
        if self._report is None:
            return False
        state = self._report.state
        return state.step >= self._goal or not any(lane.is_running for lane in state.lanes)

    @property
    def has_other_start(self) -> bool:
        """Whether points or network are no longer those with which the race began."""
        begun, shown = self._begun_from, self._run.setup
        return begun is not None and not (begun.dataset == shown.dataset and begun.network == shown.network)

    def set_playing(self, playing: bool) -> None:
        """Let the lanes train until the goal, or pause; the window's run pauses while they do.

        Raises
        ------
        ValueError
            If the race has not begun and cannot; the message says why.
        """
        if playing and not self.has_begun:
            self.begin()
        if playing and self.is_over:
            return
        if playing:
            self._pause_run()
        if self.has_begun:
            self._send(messages.PlayRace(self._next(), playing))
        self._show_playing(playing)

    def step(self) -> None:
        """Let each lane take one step; a race that plays pauses for it.

        Raises
        ------
        ValueError
            If the race has not begun and cannot.
        """
        if not self.has_begun:
            self.begin()
        self._pause_run()
        self._show_playing(False)
        self._send(messages.StepRace(self._next()))

    def begin(self) -> None:
        """Begin a race with the points, the network and the weights that are chosen now.

        Raises
        ------
        ValueError
            If the lanes cannot be trained or compared; what there was is then still there.
        """
        setup, parameters = self._first_moment()
        lanes = tuple(replace(lane, loss=setup.training.loss, seed=setup.training.seed) for lane in self.lanes)
        race = Race(setup, lanes, self._goal, parameters, engine=None)
        if not Run(setup, parameters).moment().metrics.is_finite:
            raise ValueError("the loss of these weights is not finite: begin with other ones")
        if self._start == "new":
            self._n_drawn += 1
        self._begun_from, self._racing = self._shown_setup, lanes
        self._report = None
        self._begun_at = self._next()
        self._send(messages.BeginRace(self._begun_at, race))
        self._show_playing(False)
        self.lanes_changed.emit()
        self.report_changed.emit()

    def restart(self) -> None:
        """Forget the race; the lanes can be changed, and what is trained next is a new one."""
        if self.has_begun:
            self._send(messages.BeginRace(self._next(), None))
        self._forget()

    def _forget(self) -> None:
        self._begun_from = self._report = None
        self._show_playing(False)
        self.lanes_changed.emit()
        self.report_changed.emit()

    @property
    def _shown_setup(self) -> Setup:
        """What is shown, of the past while a person looks back."""
        return self._run.setup if self._run.moment is None else self._run.moment.setup

    def _first_moment(self) -> tuple[Setup, FloatArray | None]:
        """Return what all lanes begin with, and the first weights if they are not those that the network draws."""
        setup, past = self._shown_setup, self._run.moment
        if self._start == "new":
            seed = setup.network.seed + 1 + self._n_drawn
            network, training = replace(setup.network, seed=seed), replace(setup.training, seed=seed)
            return Setup(setup.dataset, network, training), None
        if self._start == "first" and self.can_begin_with_first:
            return setup, self._run.history.frames[0].checkpoint.parameters
        return setup, self._run.network.parameters if past is None else past.checkpoint.parameters

    @Slot(bool)
    def _on_run_playing(self, playing: bool) -> None:
        if playing and self._playing:
            self.set_playing(False)

    def _pause_run(self) -> None:
        if self._run.playing:
            self._run.set_playing(False)

    def _show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    # What becomes of a lane

    def continue_lane(self, place: int) -> None:
        """Let a lane be the window's run from here on, as a step of undo: its settings, loss curve and key frames."""
        if self._report is not None:
            name = self.names[place]
            if self._playing:
                self.set_playing(False)
            self._pause_run()
            trained = self._report.state.lanes[place].trained
            self._changes.perform(f"continue {name} of the race", Change(branch=trained))
            self.done.emit(f"The window goes on with {name}; undo takes it back.")

    def pin_lane(self, place: int) -> None:
        """Keep a lane, to compare others with it."""
        if self._report is not None:
            lane = self._report.state.lanes[place]
            self._pins.pin_trained(lane.trained, lane.seconds)
            self.done.emit(f"{self.names[place]} is pinned: Train > Compare Runs shows it beside others.")

    # The thread

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _send(self, message: messages.RaceMessage) -> None:
        if self._thread is None:
            self._thread = RaceThread()
            self._thread.mail_arrived.connect(self._on_mail_arrived)
            self._thread.start()
        self._thread.send(message)

    @Slot()
    def _on_mail_arrived(self) -> None:
        mail = None if self._thread is None else self._thread.take_mail()
        if isinstance(mail, RaceFailed):
            self._show_playing(False)
            self.failed.emit(mail.sentence, mail.details)
        elif mail is not None:
            if self.has_begun and mail.number >= self._begun_at:
                self._take(mail)
            self._send(FrameDrawn())

    def _take(self, report: RaceReport) -> None:
        self._report = report
        if report.number == self._number and not report.is_playing:
            self._show_playing(False)
        self.report_changed.emit()
        self.frame_due.emit()
