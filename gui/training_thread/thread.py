"""The thread that trains: the only code that touches a live network.

It takes messages between mini-batches and answers through a mailbox that holds the newest snapshot, every point of the
loss curve and every key frame. At most one notification is under way to the window at a time. What training does is
:class:`model.run.run.Run`'s; here is decided when it goes on, and what the window is told.

A run that NumPy trains takes turns with the window: it waits until its last snapshot has been drawn. One that compiled
code trains goes on meanwhile, in shorter bursts, where there is a second processor.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from gui.training_thread.messages import (
    Advance,
    Begin,
    Branch,
    Failed,
    FetchEngine,
    FrameDrawn,
    Look,
    Mail,
    Message,
    Play,
    Prepare,
    Request,
    Revise,
    Rewind,
    SetParameter,
    SetSpeed,
)
from gui.training_thread.worker import (
    BESIDE_BURST_S,
    BURST_S,
    FRAME_PATIENCE_S,
    N_PROCESSORS,
    OVERDUE_S,
    Worker,
)
from model import Metrics
from model.run.history import KeyFrame
from model.run.run import Pause, Run
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.engines import engine_here

FRAME_INTERVAL_S = 1 / 60
"""Snapshots come no faster than screens show them."""

_YIELD_S = 0.002
_CHUNK_S = 0.001
_LARGEST_CHUNK = 4096


class TrainingThread(Worker):
    """Owns the window's run, schedules its training, and posts what it brings."""

    called = "the training thread"

    def __init__(self) -> None:
        super().__init__()
        self._mail_lock = threading.Lock()
        self._mail = Mail()
        self._notified = False
        self._run: Run | None = None
        self._run_number = 0
        self._request = 0
        self._playing = False
        self._pending_steps = 0
        self._steps_per_second: float | None = None
        self._due = 0.0
        self._chunk = 1
        self._look = Look(Plane(), None)
        self._maker = SnapshotMaker()
        self._preparations: tuple[Callable[[Snapshot], object], ...] = ()
        self._snapshot_wanted = False
        self._frame_drawn = True
        self._shown_at = 0.0

    # The window's side

    def take_mail(self) -> Mail:
        """Return everything since the last call."""
        with self._mail_lock:
            mail, self._mail = self._mail, Mail(self._mail.run)
            self._notified = False
        return mail

    # The thread's side

    def _report(self, sentence: str, details: str) -> None:
        """Pause, and tell the window what was raised."""
        self._pause()
        self._snapshot_wanted = False
        self._post(pause=Failed(self._request, sentence, details))

    def _turn(self) -> None:
        """Take what messages there are, train for one burst, and answer."""
        self._take_messages()
        if self._stopping:
            return
        run = self._run
        if run is None:
            return
        if self._is_training and run.can_train:
            self._burst(run)
        if self._snapshot_wanted and self._may_show:
            self._post_snapshot(run)

    def _pause(self) -> None:
        self._playing = False
        self._pending_steps = 0

    @property
    def _is_training(self) -> bool:
        return self._playing or self._pending_steps > 0

    @property
    def _trains_beside(self) -> bool:
        """Whether the window can draw while steps are taken."""
        return N_PROCESSORS > 1 and self._run is not None and self._run.engine == "compiled"

    @property
    def _may_show(self) -> bool:
        since = time.perf_counter() - self._shown_at
        return since >= (FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S)

    def _idle_s(self) -> float | None:
        """Return for how long there is nothing to do but wait for a message; None: without limit."""
        now = time.perf_counter()
        if not (self._is_training and self._run is not None and self._run.can_train):
            interval = FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S
            return max(self._shown_at + interval - now, 0.0) if self._snapshot_wanted else None
        if self._pending_steps == 0 and self._steps_per_second is not None and self._due > now:
            until_due = self._due - now
            if not self._snapshot_wanted:
                return until_due
            interval = FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S
            return min(until_due, max(self._shown_at + interval - now, 0.0))
        if self._frame_drawn or self._trains_beside:
            return 0.0
        # The window draws while training waits: two threads that want the interpreter at once slow each other down.
        return max(self._shown_at + FRAME_PATIENCE_S - now, _YIELD_S)

    def _apply(self, message: Message) -> None:
        # Even where it fails: it has been taken.
        if isinstance(message, Request):
            self._request = message.number
            self._chunk = 1  # What a step costs may be something else now.
        self._snapshot_wanted |= not isinstance(message, FrameDrawn | SetSpeed | Prepare | FetchEngine)
        match message:
            case FrameDrawn():
                self._frame_drawn = True
            case SetSpeed(steps_per_second):
                self._steps_per_second = steps_per_second
                self._due = time.perf_counter()
            case FetchEngine():
                engine_here("compiled", wait=False)
            case Look():
                self._look = message
            case Prepare(works):
                self._preparations = works
            case Begin(_, number, setup, parameters):
                self._run = Run(setup, parameters, engine=None)
                self._start_mail(number)
                self._record(self._run, as_point=True)
            case Play() | Advance() | Request() if self._run is not None:
                self._apply_to(self._run, message)

    def _apply_to(self, run: Run, message: Message) -> None:
        """Apply what needs a run."""
        match message:
            case Play(playing):
                self._playing = playing
                self._pending_steps = 0
                self._due = time.perf_counter()
                if playing:
                    run.resume()
                else:
                    self._record(run)
            case Advance(whole_epoch, n_steps) if run.can_train:
                run.resume()
                self._pending_steps += run.steps_left_in_epoch if whole_epoch else n_steps
            case Rewind(_, number, setup):
                run.rewind(setup)
                self._start_mail(number)
                self._record(run, as_point=True)
            case Branch(_, number, moment, first):
                run.branch(moment, first)
                self._start_mail(number)
            case Revise(_, setup, surgery):
                run.revise(setup, surgery)
                self._record(run)
            case SetParameter(_, position, value):
                run.set_parameter(position, value)
                self._record(run)

    def _start_mail(self, number: int) -> None:
        """Begin the mail of run `number`: what the window has not taken yet is about the run before."""
        self._run_number = number
        self._pending_steps = 0
        self._frame_drawn = True
        with self._mail_lock:
            self._mail = Mail(number)

    def _burst(self, run: Run) -> None:
        """Train for at most BURST_S, beside the window for BESIDE_BURST_S, or for as many steps as are due."""
        if run.settle_engine():
            self._record(run)
        start = time.perf_counter()
        longest = BESIDE_BURST_S if self._trains_beside else BURST_S
        allowed = self._pending_steps
        if allowed == 0 and self._steps_per_second is not None:
            if start < self._due:
                return
            allowed = 1 + int((start - self._due) * self._steps_per_second)
            # What a busy machine could not do in time is not made up for later.
            self._due = max(self._due + allowed / self._steps_per_second, start - BURST_S)
        self._snapshot_wanted = True
        taken = 0
        while (allowed == 0 or taken < allowed) and time.perf_counter() - start < longest:
            wanted = min(self._chunk, allowed - taken if allowed else self._chunk)
            before = time.perf_counter()
            progress = run.advance(wanted)
            taken += progress.n_steps
            if progress.metrics is None:
                self._adapt_chunk(progress.n_steps, time.perf_counter() - before)
            else:
                high_rate = run.setup.training.learning_rate if progress.is_rate_too_high else None
                self._post(point=progress.metrics, frame=progress.frame, high_rate=high_rate)
            if progress.pause is not None:
                self._pause()
                self._post(pause=progress.pause)
                return
        self._pending_steps = max(self._pending_steps - taken, 0)
        if not self._is_training:
            self._record(run)

    def _record(self, run: Run, *, as_point: bool = False) -> None:
        """Hand the window a key frame of the present moment, and if so said a point of the loss curve."""
        moment = run.moment()
        self._post(point=moment.metrics if as_point else None, frame=moment)

    def _adapt_chunk(self, n_steps: int, seconds: float) -> None:
        """Keep the steps between two looks at the clock to about _CHUNK_S."""
        if n_steps == self._chunk:
            self._chunk = max(1, min(_LARGEST_CHUNK, int(n_steps * _CHUNK_S / max(seconds, 1e-6))))

    def _post_snapshot(self, run: Run) -> None:
        moment, diverged = run.check()
        if diverged is not None:
            self._pause()
            self._post(pause=diverged)
        self._snapshot_wanted = False
        self._frame_drawn = False
        look, hurried = self._look, self._playing
        snapshot = self._maker.make(
            self._run_number, moment, look.plane, look.probe, run.trainer.confusion(), hurried=hurried
        )
        for prepare in self._preparations:
            prepare(snapshot)
        self._shown_at = time.perf_counter()
        self._post(snapshot=snapshot)

    def _post(
        self,
        snapshot: Snapshot | None = None,
        point: Metrics | None = None,
        frame: KeyFrame | None = None,
        pause: Pause | Failed | None = None,
        high_rate: float | None = None,
    ) -> None:
        """Put something into the mailbox; tell the window if it has not been told already."""
        with self._mail_lock:
            self._mail.run = self._run_number
            if snapshot is not None:
                self._mail.snapshot, self._mail.number = snapshot, self._request
            if point is not None:
                self._mail.curve.append(point)
            if frame is not None:
                self._mail.frames.append(frame)
            self._mail.pause = pause or self._mail.pause
            self._mail.high_rate = high_rate or self._mail.high_rate
            # Points of the curve and key frames can wait for the snapshot that follows them.
            tell = not self._notified and (snapshot is not None or pause is not None)
            self._notified = self._notified or tell
        if tell:
            self.mail_arrived.emit()
