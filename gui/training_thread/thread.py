"""The thread that trains: the only code that touches a live network.

It takes messages between mini-batches and answers through a mailbox that holds the newest snapshot and every point of
the loss curve. At most one notification is under way to the window at a time.
"""

from __future__ import annotations

import atexit
import logging
import queue
import threading
import time
import traceback

from PySide6.QtCore import QThread, Signal

from gui.training_thread.messages import (
    Advance,
    Branch,
    Diverged,
    Ended,
    Failed,
    FrameDrawn,
    Look,
    Mail,
    Message,
    Play,
    Revise,
    Rewind,
    SetParameter,
    SetSpeed,
    Start,
    Stop,
)
from model import Dataset, Metrics, Network, NetworkSettings, Trainer, TrainingSettings
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.checkpoint import Checkpoint, Finished
from model.training.metrics import has_diverged

_log = logging.getLogger(__name__)

BURST_S = 0.005
"""How long training runs before the window may have the interpreter for a frame (architecture.md, Threads)."""

FRAME_PATIENCE_S = 0.030
"""How long training waits for the window to have drawn a frame before it goes on beside it."""

OVERDUE_S = 0.250
"""After how long a window that draws nothing (it may be hidden) gets a newer snapshot all the same."""

FRAME_INTERVAL_S = 1 / 60
"""Snapshots come no faster than screens show them."""

_YIELD_S = 0.002
_CHUNK_S = 0.001
_STOP_TIMEOUT_MS = 5000


class TrainingThread(QThread):
    """Owns the trainer and the live network of the window's run.

    It has no parent and is kept until :meth:`stop`, at the latest when the interpreter ends: Qt aborts a process that
    deletes a thread which still runs, as an error on the way to the window could otherwise do.
    """

    mail_arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        atexit.register(self.stop)
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._mail_lock = threading.Lock()
        self._mail = Mail()
        self._notified = False
        self._stopping = False
        self._trainer: Trainer | None = None
        self._first = Network([2, 2])
        self._run = 0
        self._n_changes = 0
        self._firsts: dict[NetworkSettings, Network] = {}
        self._playing = False
        self._pending_steps = 0
        self._steps_per_second: float | None = None
        self._due = 0.0
        self._chunk = 8
        self._look = Look(Plane(), None)
        self._maker = SnapshotMaker()
        self._snapshot_wanted = False
        self._frame_drawn = True
        self._shown_at = 0.0
        self._first_loss: float | None = None
        self._last_good: Checkpoint | None = None

    # The window's side

    def send(self, message: Message) -> None:
        """Hand over a message; it is taken between two steps."""
        self._messages.put(message)

    def take_mail(self) -> Mail:
        """Return everything since the last call."""
        with self._mail_lock:
            mail, self._mail = self._mail, Mail(self._mail.run)
            self._notified = False
        return mail

    def stop(self) -> None:
        """End the thread and wait for it."""
        atexit.unregister(self.stop)
        if self.isRunning():
            self.send(Stop())
            if not self.wait(_STOP_TIMEOUT_MS):
                _log.error("the training thread did not end within %d ms", _STOP_TIMEOUT_MS)

    # The thread's side

    def run(self) -> None:
        """Qt calls this in the thread."""
        self.work()

    def work(self) -> None:
        """Take messages and train until :class:`Stop`. What is raised is reported, and the thread goes on."""
        while not self._stopping:
            try:
                self._turn()
            except Exception as error:
                _log.exception("the training thread raised")
                self._playing = False
                self._pending_steps = 0
                self._snapshot_wanted = False
                self._post(pause=Failed(f"The training stopped: {error}.", traceback.format_exc()))

    def _turn(self) -> None:
        """Take what messages there are, train for one burst, and answer."""
        self._take_messages()
        if self._stopping:
            return
        trainer = self._trainer
        if trainer is None:
            return
        if self._is_training and trainer.can_train:
            self._burst(trainer)
        if self._snapshot_wanted and self._may_show:
            self._post_snapshot(trainer)

    @property
    def _is_training(self) -> bool:
        return self._playing or self._pending_steps > 0

    @property
    def _may_show(self) -> bool:
        since = time.perf_counter() - self._shown_at
        return since >= (FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S)

    def _take_messages(self) -> None:
        """Apply every waiting message; wait for one where there is nothing else to do."""
        timeout = self._idle_s()
        try:
            if timeout is None:
                self._apply(self._messages.get())
            elif timeout > 0:
                self._apply(self._messages.get(timeout=timeout))
            while True:
                self._apply(self._messages.get_nowait())
        except queue.Empty:
            return

    def _idle_s(self) -> float | None:
        """Return for how long there is nothing to do but wait for a message; None: without limit."""
        now = time.perf_counter()
        if not (self._is_training and self._trainer is not None and self._trainer.can_train):
            interval = FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S
            return max(self._shown_at + interval - now, 0.0) if self._snapshot_wanted else None
        if self._pending_steps == 0 and self._steps_per_second is not None and self._due > now:
            until_due = self._due - now
            if not self._snapshot_wanted:
                return until_due
            interval = FRAME_INTERVAL_S if self._frame_drawn else OVERDUE_S
            return min(until_due, max(self._shown_at + interval - now, 0.0))
        if self._frame_drawn:
            return 0.0
        # The window draws while training waits: two threads that want the interpreter at once slow each other down.
        return max(self._shown_at + FRAME_PATIENCE_S - now, _YIELD_S)

    def _apply(self, message: Message) -> None:
        if isinstance(message, Start | Rewind | Branch | Revise | SetParameter):
            self._n_changes += 1
        match message:
            case Stop():
                self._stopping = True
            case FrameDrawn():
                self._frame_drawn = True
            case Start(run, network, dataset, training, parameters):
                self._first = Network.from_settings(network, parameters)
                self._firsts = {network: self._first}
                self._begin(run, dataset, training)
            case Rewind(run) if self._trainer is not None:
                self._begin(run, self._trainer.dataset, self._trainer.settings)
            case Branch(run, frame, first):
                self._branch(run, frame, first)
            case Revise() if self._trainer is not None:
                self._revise(self._trainer, message)
            case SetParameter(position, value) if self._trainer is not None:
                self._trainer.network.parameters[position] = value
                self._last_good = self._trainer.checkpoint()
                self._record(self._trainer, self._trainer.metrics())
            case Play(playing):
                self._playing = playing
                self._pending_steps = 0
                if self._trainer is not None and playing:
                    self._trainer.resume()
                elif self._trainer is not None:
                    self._record(self._trainer, self._trainer.metrics())
                self._due = time.perf_counter()
            case SetSpeed(steps_per_second):
                self._steps_per_second = steps_per_second
                self._due = time.perf_counter()
            case Advance(whole_epoch) if self._trainer is not None and self._trainer.can_train:
                self._trainer.resume()
                self._pending_steps += self._trainer.steps_left_in_epoch if whole_epoch else 1
            case Look():
                self._look = message
        if not isinstance(message, FrameDrawn | Play | SetSpeed | Stop):
            self._snapshot_wanted = True

    def _begin(self, run: int, dataset: Dataset, training: TrainingSettings) -> None:
        """Start the run anew from its first weights."""
        self._run = run
        self._pending_steps = 0
        network = Network.from_settings(self._first.settings, self._first.parameters)
        self._trainer = Trainer(network, dataset, training)
        metrics = self._trainer.metrics()
        self._forget_mail(run)
        self._first_loss = None
        self._last_good = None
        self._note(self._trainer, metrics)
        self._record(self._trainer, metrics, curve=True)

    def _forget_mail(self, run: int) -> None:
        """Begin the mail of a run: what the window has not taken yet is about the run before."""
        with self._mail_lock:
            self._mail = Mail(run)
        self._frame_drawn = True

    def _branch(self, run: int, frame: KeyFrame, first: KeyFrame) -> None:
        """Go on from a moment of a run."""
        self._run = run
        self._pending_steps = 0
        network = Network.from_settings(frame.network, frame.checkpoint.parameters)
        trainer = self._trainer = Trainer(network, frame.dataset, frame.training)
        trainer.restore(frame.checkpoint)
        same_shape = first.network == frame.network
        self._first = Network.from_settings(frame.network, first.checkpoint.parameters if same_shape else None)
        self._firsts = {frame.network: self._first}
        self._forget_mail(run)
        self._first_loss = first.metrics.train_loss if same_shape else frame.metrics.train_loss
        self._last_good = frame.checkpoint

    def _revise(self, trainer: Trainer, message: Revise) -> None:
        network = trainer.network
        if message.surgery is not None:
            # A shape that the run had before, as after undo, has its first weights already.
            settings = message.surgery.settings
            self._first = self._firsts.setdefault(settings, message.surgery.apply(self._first))
            network = message.surgery.apply(network)
        if message.surgery is not None or (message.dataset is not None and message.training is not None):
            # What fits only together is set together.
            dataset = trainer.dataset if message.dataset is None else message.dataset
            trainer.set_network(network, dataset, message.training)
        elif message.dataset is not None:
            trainer.set_dataset(message.dataset)
        elif message.training is not None:
            trainer.set_settings(message.training)
        # Another task has another loss: what counts as diverged starts from it.
        metrics = trainer.metrics()
        self._first_loss = metrics.train_loss
        self._last_good = trainer.checkpoint()
        self._record(trainer, metrics)

    def _burst(self, trainer: Trainer) -> None:
        """Train for at most BURST_S, or for as many steps as are due."""
        start = time.perf_counter()
        allowed = self._pending_steps
        if allowed == 0 and self._steps_per_second is not None:
            if start < self._due:
                return
            allowed = 1 + int((start - self._due) * self._steps_per_second)
            # What a busy machine could not do in time is not made up for later.
            self._due = max(self._due + allowed / self._steps_per_second, start - BURST_S)
        taken = 0
        while (allowed == 0 or taken < allowed) and time.perf_counter() - start < BURST_S:
            n_steps = min(self._chunk, trainer.steps_to_next_metrics(), allowed - taken if allowed else self._chunk)
            before = time.perf_counter()
            trainer.run_steps(n_steps)
            taken += n_steps
            self._adapt_chunk(n_steps, time.perf_counter() - before)
            if trainer.finished is not None:
                self._end(trainer, trainer.finished)
                return
            if trainer.step_count % trainer.metrics_interval == 0:
                metrics = trainer.metrics()
                if not self._note(trainer, metrics):
                    return
                if trainer.step_count % trainer.key_frame_interval == 0:
                    self._record(trainer, metrics, curve=True)
                else:
                    self._post(curve=[metrics])
        self._pending_steps = max(self._pending_steps - taken, 0)
        self._snapshot_wanted = True
        if not self._is_training:
            self._record(trainer, trainer.metrics())

    def _end(self, trainer: Trainer, reason: Finished) -> None:
        """Pause a run that has ended by itself, and say why."""
        metrics = trainer.metrics()
        self._playing = False
        self._pending_steps = 0
        self._snapshot_wanted = True
        self._note(trainer, metrics)
        self._record(trainer, metrics, curve=True)
        self._post(pause=Ended(reason, metrics))

    def _record(self, trainer: Trainer, metrics: Metrics, *, curve: bool = False) -> None:
        """Hand the window a key frame of the present moment, and if so said a point of the loss curve."""
        frame = KeyFrame(trainer.checkpoint(), metrics, trainer.dataset, trainer.network.settings, trainer.settings)
        self._post(curve=[metrics] if curve else None, frame=frame)

    def _adapt_chunk(self, n_steps: int, seconds: float) -> None:
        """Keep the steps between two looks at the clock to about _CHUNK_S."""
        if n_steps == self._chunk:
            self._chunk = max(1, min(256, int(n_steps * _CHUNK_S / max(seconds, 1e-6))))

    def _note(self, trainer: Trainer, metrics: Metrics) -> bool:
        """Remember a good moment and return True, or go back to the last one, pause and return False."""
        if not has_diverged(metrics, self._first_loss) or self._last_good is None:
            self._last_good = trainer.checkpoint()
            if self._first_loss is None:
                self._first_loss = metrics.train_loss
            return True
        trainer.fall_back(self._last_good)
        self._playing = False
        self._pending_steps = 0
        self._snapshot_wanted = True
        self._post(pause=Diverged(trainer.step_count))
        return False

    def _post_snapshot(self, trainer: Trainer) -> None:
        metrics = trainer.metrics()
        if not self._note(trainer, metrics):
            metrics = trainer.metrics()
        self._snapshot_wanted = False
        self._frame_drawn = False
        snapshot = self._maker.make(
            self._run,
            trainer.epoch_count,
            trainer.network,
            metrics,
            self._look.plane,
            self._look.probe,
            regression=trainer.dataset.is_regression,
            confusion=trainer.confusion(),
        )
        self._shown_at = time.perf_counter()
        self._post(snapshot=snapshot)

    def _post(
        self,
        snapshot: Snapshot | None = None,
        curve: list[Metrics] | None = None,
        frame: KeyFrame | None = None,
        pause: Diverged | Ended | Failed | None = None,
    ) -> None:
        """Put something into the mailbox; tell the window if it has not been told already."""
        with self._mail_lock:
            self._mail.run = self._run
            if snapshot is not None:
                self._mail.snapshot, self._mail.n_changes = snapshot, self._n_changes
            self._mail.curve += curve or []
            if frame is not None:
                self._mail.frames.append(frame)
            self._mail.pause = pause or self._mail.pause
            # Points of the curve alone can wait for the snapshot that follows them.
            tell = not self._notified and (snapshot is not None or pause is not None)
            self._notified = self._notified or tell
        if tell:
            self.mail_arrived.emit()
