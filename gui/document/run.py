"""LiveRun: the training run as the window knows it; the only door to the thread that trains."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.notices import NO_POINTS, ONE_CLASS, Notice, Notices, divergence, ending, too_high
from gui.training_thread import messages
from gui.training_thread.thread import TrainingThread
from model import Dataset, Network
from model.data.naming import Naming
from model.network.surgery import Surgery
from model.run.budget import SharedBudget
from model.run.curve import LossCurve
from model.run.history import Event, History, KeyFrame
from model.run.numbers import MomentNumbers
from model.run.run import Diverged, Ended, Run, TrainedRun, changed
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.metrics import confusions
from model.training.settings import Setup

_log = logging.getLogger(__name__)

_LONGEST_STILL_S = 0.1


class RunState(NamedTuple):
    """What tells apart two states of a run: how many requests it has had, its number, its step, and changed marks."""

    n_requests: int
    run: int
    step: int
    n_mark_changes: int


class LiveRun(QObject):
    """What is trained, how far it is, and the moment that is shown.

    Parameters
    ----------
    setup : Setup
    parent : QObject, optional

    Attributes
    ----------
    curve : LossCurve
        Of the present run.
    history : History
        Its key frames and events.

    Notes
    -----
    What a person has asked for (`setup`, `network`) runs ahead of what the thread has answered (the live snapshot).
    Each request has a number, which the answer carries back; :meth:`present` is the one place where the two meet.
    """

    displayed_changed = Signal()
    moment_changed = Signal()
    frame_due = Signal()  # After the one before: whoever draws draws then, and training goes on when that is done.
    playing_changed = Signal(bool)
    stopped = Signal()
    """Training has paused by itself, before all that was asked for or after it."""

    notice_changed = Signal()
    failed = Signal(str, str)
    fell_back = Signal()

    def __init__(self, setup: Setup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.curve = LossCurve()
        self.history = History()
        self._setup = setup
        self._budget = SharedBudget()
        self._playing = False
        self._notices = Notices()
        self._run = 0
        self._number = self._answered = 1
        self._pending: list[messages.Request] = []
        # Kept with what they have become, so that no other data set gets their identity.
        self._renamed: dict[int, tuple[Dataset, Dataset]] = {}
        self._n_mark_changes = 0
        self._repair: int | None = None
        self._shown_at = time.perf_counter()
        self._trained_s = 0.0
        self._playing_since = 0.0
        self._may_have_trained = False
        self._plane = Plane()
        self._probe: tuple[int, int] | None = None
        self._maker = SnapshotMaker()
        self._preparations: dict[str, Callable[[Snapshot], object]] = {}
        first = Run(setup, engine=None).moment()
        self._origin: KeyFrame | None = first
        self._displayed = self._live = self._snapshot_of(first)
        self._numbers = MomentNumbers(first)
        self._network = self._live.network
        self._moment: KeyFrame | None = None
        self._thread = TrainingThread()
        self._thread.mail_arrived.connect(self._on_mail_arrived)
        self._thread.send(messages.Begin(self._number, self._run, setup, self._network.parameters))
        self._thread.start()

    def close(self) -> None:
        """End the training thread."""
        self._thread.stop()

    @property
    def setup(self) -> Setup:
        """Points, network and training as the person has them now."""
        return self._setup

    @property
    def network(self) -> Network:
        """The network of the thread's last answer, with all that was changed since."""
        return self._network

    @property
    def displayed(self) -> Snapshot:
        """The moment that every view shows."""
        return self._displayed

    @property
    def numbers(self) -> MomentNumbers:
        """The gradient and the next step of the displayed moment, computed once for all who ask."""
        if self._numbers.moment is not self._displayed.moment:
            self._numbers = MomentNumbers(self._displayed.moment)
        return self._numbers

    @property
    def moment(self) -> KeyFrame | None:
        """The past moment that is shown; None: the present."""
        return self._moment

    @property
    def shown_dataset(self) -> Dataset:
        """The points as they were at the moment that is shown."""
        return self._setup.dataset if self._moment is None else self._moment.dataset

    @property
    def step_count(self) -> int:
        """How many steps the present has behind it, whatever moment is shown; 0 as soon as a run begins."""
        return self._live.step if self._live.run == self._run else 0

    @property
    def state(self) -> RunState:
        """What is different whenever there is something else to save."""
        return RunState(self._number, self._run, self._live.step, self._n_mark_changes)

    # Playing

    @property
    def playing(self) -> bool:
        """Whether training runs."""
        return self._playing

    @property
    def trained_seconds(self) -> float:
        """How long this run has been trained."""
        return self._trained_s + (time.perf_counter() - self._playing_since if self._playing else 0.0)

    def set_playing(self, playing: bool) -> None:
        """Train until told otherwise, or pause."""
        if playing:
            self.look_at_present()
            self.drop_event()
            self._say_what_is_missing()
            self._may_have_trained = True
        self._thread.send(messages.Play(playing))
        self._show_playing(playing)

    def toggle_playing(self) -> None:
        """Play, or pause."""
        self.set_playing(not self._playing)

    def step(self, n_steps: int = 1) -> None:
        """Take one step, or some; a run that plays pauses for it."""
        self._advance(messages.Advance(False, n_steps))

    def run_epoch(self) -> None:
        """Take the steps that complete the epoch; a run that plays pauses for it."""
        self._advance(messages.Advance(True))

    def _advance(self, message: messages.Advance) -> None:
        self.look_at_present()
        self.drop_event()
        self._say_what_is_missing()
        if self._playing:
            self.set_playing(False)
        self._may_have_trained = True
        self._thread.send(message)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Train at this many steps per second; None: as fast as possible."""
        self._thread.send(messages.SetSpeed(steps_per_second))

    def fetch_engine(self) -> None:
        """Let the thread fetch compiled code, for the next run that begins."""
        self._thread.send(messages.FetchEngine())

    def _show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._trained_s = self.trained_seconds
            self._playing_since = time.perf_counter()
            self._playing = playing
            self.playing_changed.emit(playing)

    # Notices

    @property
    def notice(self) -> Notice | None:
        """What the person should know now, and has not put away."""
        return self._notices.current(self._setup, self._live.metrics)

    def dismiss_notice(self) -> None:
        """Put the present notice away, until there is another."""
        self._notices.dismiss(self.notice)
        self.notice_changed.emit()

    def hush_points(self) -> None:
        """Say nothing of few points that were opened so: the canvas shows it, and Play says if training needs more."""
        if self.notice in (NO_POINTS, ONE_CLASS):
            self.dismiss_notice()

    def tell(self, notice: Notice) -> None:
        """Say what has happened, until the person acts on it."""
        self._set_event(notice)

    def drop_hint(self) -> None:
        """Take back a hint: what it was about is over."""
        if self._notices.drop_hint():
            self.notice_changed.emit()

    def drop_event(self) -> None:
        """Take back the notice of what has happened: the person has acted on it."""
        self._set_event(None)

    def drop_event_of_weights(self) -> None:
        """Take back what was said of weights that the person has changed since."""
        if self._notices.event_is_of_weights:
            self._set_event(None)

    def _say_what_is_missing(self) -> None:
        """Say that training waits for points, also where that was put away: nothing else would answer the person."""
        if self._setup.dataset.n_training == 0:
            self._notices.dismiss(None)
            self.notice_changed.emit()

    def _set_event(self, notice: Notice | None) -> None:
        if self._notices.set_event(notice):
            self.notice_changed.emit()

    # Looking

    def look_back(self, index: int) -> None:
        """Show a key frame of the history; training pauses. The last one is the present."""
        if self._playing:
            self.set_playing(False)
        if index >= len(self.history) - 1:
            self.look_at_present()
            return
        frame = self.history.frames[max(index, 0)]
        if frame is not self._moment:
            self._moment = frame
            self._show_moment(self._snapshot_of(frame))

    def step_back(self) -> None:
        """Show the key frame before the moment that is shown, if there is one; training pauses."""
        if self._playing:
            self.set_playing(False)
        last = len(self.history) - 1
        at = last if self._moment is None else self.history.index_at(self._moment.step)
        if at > 0:
            self.look_back(at - 1)

    def look_at_present(self) -> None:
        """Show the live network again."""
        if self._moment is not None:
            self._moment = None
            self._show_moment(self._live)

    def look_at(self, plane: Plane, probe: tuple[int, int] | None) -> None:
        """Let snapshots show this part of the plane, and the map of this neuron at its resolution."""
        self._plane, self._probe = plane, probe
        if self._moment is not None:
            self._show_moment(self._snapshot_of(self._moment))
        self._thread.send(messages.Look(plane, probe))

    def prepare(self, name: str, work: Callable[[Snapshot], object] | None) -> None:
        """Let the thread do some of a view's work for each snapshot before the window has it; None: no longer.

        Parameters
        ----------
        name : str
            Whose work it is, for there may be one of each.
        work : callable
            A pure function of a snapshot that keeps what it computed last, so that the view finds it done.
        """
        if work is None:
            self._preparations.pop(name, None)
        else:
            self._preparations[name] = work
        self._thread.send(messages.Prepare(tuple(self._preparations.values())))

    def _show_moment(self, snapshot: Snapshot) -> None:
        self._displayed = snapshot
        self.moment_changed.emit()
        self.displayed_changed.emit()

    def _snapshot_of(self, moment: KeyFrame) -> Snapshot:
        """Return the picture of a moment, as the thread would have made it."""
        network = Network.read_only(moment.network, moment.checkpoint.parameters)
        confusion = confusions(network, moment.dataset)
        return self._maker.make(self._run, moment, self._plane, self._probe, confusion)

    # Requests

    def begin(self, setup: Setup, network: Network) -> None:
        """Begin a run with the weights of `network`; one that plays plays on."""
        self._forget_run()
        self._setup, self._network, self._origin = setup, network.frozen_copy(), None
        self._thread.send(messages.Begin(self._next(), self._run, setup, self._network.parameters))

    @property
    def is_at_beginning(self) -> bool:
        """Whether the present network is the one with which this run began."""
        if self._may_have_trained or self._answered != self._number or not len(self.history):
            return False
        first = self.history.frames[0]
        own = self._network.parameters
        return first.network == self._setup.network and np.array_equal(first.checkpoint.parameters, own)

    def rewind(self, setup: Setup | None = None) -> None:
        """Go back to this run's first weights and pause; playing again repeats the run.

        Parameters
        ----------
        setup : Setup, optional
            What is in force from then on, with the network of now; by default all as it is.
        """
        first = self.history.frames[0] if len(self.history) else None
        self._forget_run()
        self._setup = setup or self._setup
        if first is not None and first.network == self._setup.network:
            self._network = Network.read_only(first.network, first.checkpoint.parameters)
        self._origin, self._may_have_trained = None, False
        if self._playing:
            self.set_playing(False)
        self._thread.send(messages.Rewind(self._next(), self._run, self._setup))

    def branch(self, kept: TrainedRun) -> None:
        """Go on from the last moment of a run that was kept."""
        moment = kept.moment
        self._forget_run()
        self.history, self.curve, self._trained_s = kept.history.copy(), kept.curve.copy(), kept.seconds
        self._budget.share_with(self.history)
        self._setup, self._origin = moment.setup, moment
        self._may_have_trained |= moment.step > 0
        self._live = self._snapshot_of(moment)
        self._network = self._live.network
        self._thread.send(messages.Branch(self._next(), self._run, moment, kept.first))
        self._answered = self._number
        self._show_moment(self._live)

    def revise(self, setup: Setup, surgery: Surgery | None = None) -> None:
        """Go on with other points, settings or, by surgery, another shape."""
        self._setup = setup
        self._change(messages.Revise(self._next(), setup, surgery))

    def rename(self, naming: Naming) -> None:
        """Call points, classes and values otherwise, also in the moments of the run that are of the same points."""
        before = self._setup.dataset
        after = before.named(naming)
        self._renamed[id(before)] = before, after
        frames = self.history.frames
        at = next((index for index, frame in enumerate(frames) if frame is self._moment), None)
        self.history.rename(before, after)
        self.revise(replace(self._setup, dataset=after))
        if at is not None:
            self._moment = self.history.frames[at]
            self._show_moment(self._snapshot_of(self._moment))

    def set_parameter(self, position: int, value: float) -> None:
        """Give the parameter at `position` of the flat vector a value."""
        self._change(messages.SetParameter(self._next(), position, value))

    def _change(self, request: messages.Request) -> None:
        self._pending.append(request)
        self._network = request.applied_to(self._network)
        self._thread.send(request)

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _forget_run(self) -> None:
        self.look_at_present()
        self._run += 1
        self._pending, self._renamed = [], {}
        self._trained_s, self._playing_since, self._may_have_trained = 0.0, time.perf_counter(), self._playing
        self.curve = LossCurve()
        self.history = History()
        self._budget.share_with(self.history)
        self.drop_event()

    def change_mark(self, before: Event | None, after: Event | None) -> None:
        """Put a mark on the timeline in the place of another; None: add it, or take the other out."""
        self._n_mark_changes += 1
        self.history.change_event(before, after)

    # What is kept

    def present(self) -> KeyFrame:
        """Return the moment that is shown when nobody looks back, with all that was changed since it was trained."""
        if self._answered == self._number:
            return self._live.moment
        if self._origin is None:
            return Run(self._setup, self._network.parameters, engine=None).moment()
        return changed(self._origin, self._setup, self._network)

    def kept(self) -> TrainedRun:
        """Return the run up to the present moment, which is the last of its history."""
        return self._up_to(self.present())

    def kept_until_shown(self) -> TrainedRun | None:
        """Return the run up to the past moment that is shown; None where the present is."""
        return None if self._moment is None else self._up_to(self._moment)

    def put_aside(self) -> TrainedRun:
        """Return the run as :meth:`kept`, for undo: such runs share one memory budget with the timeline."""
        kept = self.kept()
        self._budget.put_aside(kept.history)
        return kept

    def _up_to(self, moment: KeyFrame) -> TrainedRun:
        history, curve = self.history.copy(), self.curve.copy()
        history.forget_after(moment.step)
        history.append(moment)
        curve.forget_after(moment.step)
        # Of a past moment in proportion to its steps.
        seconds = self.trained_seconds * min(moment.step / max(self._live.step, 1), 1.0)
        return TrainedRun(history, curve, seconds=seconds)

    @property
    def history_budget(self) -> int:
        """How many bytes the timeline may take, with the runs that undo brings back."""
        return self._budget.n_bytes

    def set_history_budget(self, budget: int) -> None:
        """Let the timeline, with the runs that undo brings back, take this many bytes of memory.

        Raises
        ------
        ValueError
            If it is less than a megabyte.
        """
        self._budget.set(budget, self.history)

    # Answers

    @Slot()
    def _on_mail_arrived(self) -> None:
        mail = self._thread.take_mail()
        if mail.run == self._run:
            self._show(mail)
        if mail.snapshot is not None:
            self._thread.send(messages.FrameDrawn())

    def _show(self, mail: messages.Mail) -> None:
        self.curve.extend(mail.curve)
        for frame in mail.frames:
            self.history.append(self._by_present_names(frame))
        if mail.high_rate is not None:
            self._set_event(too_high(mail.high_rate))
        if mail.pause is not None:
            self._show_pause(mail.pause)
        if mail.snapshot is not None:
            self._take(mail.snapshot, mail.number)

    def _by_present_names(self, frame: KeyFrame) -> KeyFrame:
        """Return a moment that was on its way when its points were renamed, by the names that they have now."""
        dataset = frame.dataset
        while id(dataset) in self._renamed:
            _, dataset = self._renamed[id(dataset)]
        return frame if dataset is frame.dataset else frame.with_dataset(dataset)

    def _take(self, snapshot: Snapshot, number: int) -> None:
        """Take an answer, and show it unless it is of another shape than the network has by now."""
        self._pending = [request for request in self._pending if request.number > number]
        self._origin, self._network = snapshot.moment, snapshot.network
        for request in self._pending:
            self._network = request.applied_to(self._network)
        if snapshot.moment.network != self._setup.network:
            return
        is_current = number == self._number
        was_finite = self._live.metrics.is_finite
        self._live, self._answered = snapshot, number
        if is_current:
            self._repair = None
        if snapshot.metrics.is_finite != was_finite:
            self.notice_changed.emit()
        if self._moment is not None:
            return
        now = time.perf_counter()
        # While somebody drags a slider there may always be a later change; the picture must not stand still for it.
        if is_current or now - self._shown_at > _LONGEST_STILL_S:
            self._shown_at = now
            self._displayed = snapshot
            self.displayed_changed.emit()
            self.frame_due.emit()

    def _show_pause(self, pause: Diverged | Ended | messages.Failed) -> None:
        self._show_playing(False)
        match pause:
            case Diverged(step):
                self.curve.forget_after(step)
                self.history.forget_after(step)
                self._set_event(divergence(pause))
            case Ended():
                self._set_event(ending(pause))
            case messages.Failed(number, sentence, details):
                self._repair_run(number)
                self.failed.emit(sentence, details)
        self.stopped.emit()

    def _repair_run(self, number: int) -> None:
        """Let the thread go on from the moment that the window has: what failed in it may have left something half."""
        if number == self._repair or not len(self.history):
            return
        try:
            moment, has_all = self.present(), True
        except Exception:
            # What failed there fails here: it is a change that cannot be trained.
            _log.exception("the last changes are given up")
            moment, has_all = self._live.moment, False
        self._setup, self._pending, self._origin = moment.setup, [], moment
        self._network = Network.read_only(moment.network, moment.checkpoint.parameters)
        self._repair = self._next()
        self._thread.send(messages.Branch(self._repair, self._run, moment, self.history.frames[0]))
        if not has_all:
            self.fell_back.emit()
