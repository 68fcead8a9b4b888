"""Session: the training run as the window knows it, with the thread that trains behind it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.training_thread import messages
from gui.training_thread.thread import TrainingThread
from model import Dataset, Metrics, Network, NetworkSettings, Trainer, TrainingSettings
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.checkpoint import Finished
from model.training.metrics import PointSet

_LONGEST_STILL_S = 0.1


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that the window shows until it no longer holds.

    Attributes
    ----------
    text : str
    offers_halving : bool
        Whether a button that halves the learning rate belongs to it.
    """

    text: str
    offers_halving: bool = False


NO_POINTS = Notice("There is no training point yet: click on the canvas to place some, then training goes on.")
ONE_CLASS = Notice("All training points have one class; add points of another for a boundary to learn.")
STEP_LAYER = Notice("A heaviside layer has no useful gradient: neither it nor what comes before it learns.")


class Session(QObject):
    """What is trained, how far it is, and the moment that is shown.

    Parameters
    ----------
    dataset : Dataset
    network_settings : NetworkSettings
    training_settings : TrainingSettings
    parent : QObject, optional

    Attributes
    ----------
    curve : LossCurve
        Of the present run.
    history : History
        Its key frames and events.

    Notes
    -----
    After `displayed_changed` comes `frame_due`: whoever draws draws then, and training goes on when that is done.
    """

    displayed_changed = Signal()
    moment_changed = Signal()
    frame_due = Signal()
    playing_changed = Signal(bool)
    notice_changed = Signal()
    failed = Signal(str, str)

    def __init__(
        self,
        dataset: Dataset,
        network_settings: NetworkSettings,
        training_settings: TrainingSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.curve = LossCurve()
        self.history = History()
        self._dataset = dataset
        self._network_settings = network_settings
        self._training_settings = training_settings
        self._playing = False
        self._event: Notice | None = None
        self._dismissed: Notice | None = None
        self._run = 0
        self._n_changes = 0
        self._shown_at = time.perf_counter()
        self._trained_s = 0.0
        self._playing_since = 0.0
        network = Network.from_settings(network_settings)
        self._latest_network = network.frozen_copy()
        trainer = Trainer(network, dataset, training_settings)
        self._maker = SnapshotMaker()
        self._displayed = self._live = self._maker.make(
            self._run,
            0,
            network,
            trainer.metrics(),
            regression=dataset.is_regression,
            confusion=trainer.confusion(),
        )
        self._moment: KeyFrame | None = None
        self._thread = TrainingThread()
        self._thread.mail_arrived.connect(self._on_mail_arrived)
        self._send_start()
        self._thread.start()

    def close(self) -> None:
        """End the training thread."""
        self._thread.stop()

    @property
    def dataset(self) -> Dataset:
        """The points on the canvas."""
        return self._dataset

    @property
    def network_settings(self) -> NetworkSettings:
        """The network's shape and names."""
        return self._network_settings

    @property
    def training_settings(self) -> TrainingSettings:
        """How the network learns."""
        return self._training_settings

    @property
    def displayed(self) -> Snapshot:
        """The moment that every view shows."""
        return self._displayed

    @property
    def moment(self) -> KeyFrame | None:
        """The past moment that is shown; None: the present."""
        return self._moment

    @property
    def shown_dataset(self) -> Dataset:
        """The points as they were at the moment that is shown."""
        return self._dataset if self._moment is None else self._moment.dataset

    @property
    def playing(self) -> bool:
        """Whether training runs."""
        return self._playing

    @property
    def notice(self) -> Notice | None:
        """What the person should know now, and has not put away."""
        notice = self._event
        if notice is None and self._dataset.n_training == 0:
            notice = NO_POINTS
        elif notice is None and not self._dataset.is_regression and _has_one_class(self._dataset):
            notice = ONE_CLASS
        elif notice is None and "heaviside" in self._network_settings.hidden_activations:
            notice = STEP_LAYER
        return None if notice == self._dismissed else notice

    def dismiss_notice(self) -> None:
        """Put the present notice away, until there is another."""
        self._dismissed = self.notice
        self.notice_changed.emit()

    def set_playing(self, playing: bool) -> None:
        """Train until told otherwise, or pause."""
        if playing:
            self.look_at_present()
            self._set_event(None)
        self._thread.send(messages.Play(playing))
        self._show_playing(playing)

    def toggle_playing(self) -> None:
        """Play, or pause."""
        self.set_playing(not self._playing)

    def step(self) -> None:
        """Take one step; a run that plays pauses for it."""
        self._advance(whole_epoch=False)

    def run_epoch(self) -> None:
        """Take the steps that complete the epoch; a run that plays pauses for it."""
        self._advance(whole_epoch=True)

    def _advance(self, *, whole_epoch: bool) -> None:
        self.look_at_present()
        self._set_event(None)
        if self._playing:
            self.set_playing(False)
        self._thread.send(messages.Advance(whole_epoch))

    def set_history_budget(self, budget: int) -> None:
        """Let the timeline take so many bytes of memory.

        Raises
        ------
        ValueError
            If it is less than a megabyte.
        """
        self.history.set_budget(budget)

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

    def look_at_present(self) -> None:
        """Show the live network again."""
        if self._moment is not None:
            self._moment = None
            self._show_moment(self._live)

    def _show_moment(self, snapshot: Snapshot) -> None:
        self._displayed = snapshot
        self.moment_changed.emit()
        self.displayed_changed.emit()

    def _snapshot_of(self, frame: KeyFrame) -> Snapshot:
        """Return the picture of a key frame, as the thread would have made it."""
        network = Network.from_settings(frame.network, frame.checkpoint.parameters)
        sets = (PointSet(network, frame.dataset, test=test) for test in (False, True))
        with np.errstate(all="ignore"):
            training, test = (points.confusion(network) for points in sets)
        return self._maker.make(
            self._run,
            frame.epoch,
            network,
            frame.metrics,
            *self._looked_at(),
            regression=frame.dataset.is_regression,
            confusion=(training, test),
        )

    def _looked_at(self) -> tuple[Plane, tuple[int, int] | None]:
        """Return what the output view shows: a part of the plane, and the neuron under the mouse."""
        return Plane(), None

    def rewind(self) -> None:
        """Go back to this run's first weights and pause; playing again repeats the run."""
        self._begin_run()
        if self._playing:
            self.set_playing(False)
        self._send_change(messages.Rewind(self._run))

    def _begin_run(self) -> None:
        self.look_at_present()
        self._run += 1
        self._trained_s, self._playing_since = 0.0, time.perf_counter()
        self.curve = LossCurve()
        self.history = History(self.history.budget)
        self._set_event(None)

    def _send_start(self) -> None:
        parameters = self._latest_network.parameters
        self._send_change(
            messages.Start(self._run, self._network_settings, self._dataset, self._training_settings, parameters)
        )

    def _send_change(self, message: messages.Message) -> None:
        """Send a message after which an older snapshot is no longer what the person has made."""
        self._n_changes += 1
        self._thread.send(message)

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
            self.history.append(frame)
        match mail.pause:
            case messages.Diverged(step):
                self.curve.forget_after(step)
                self.history.forget_after(step)
                rate = self._training_settings.learning_rate
                self._set_event(
                    Notice(
                        f"The run diverged at learning rate {rate:g}: it is paused and back at step {step:,}, "
                        "its last finite moment.",
                        offers_halving=True,
                    )
                )
                self._show_playing(False)
            case messages.Ended(reason, metrics):
                self._set_event(Notice(_ending(reason, metrics, self._dataset.n_training)))
                self._show_playing(False)
            case messages.Failed(sentence, details):
                self._show_playing(False)
                self.failed.emit(sentence, details)
        if mail.snapshot is None or mail.snapshot.network.settings != self._network_settings:
            # A snapshot from before the last change of shape would be of another network.
            return
        is_current = mail.n_changes == self._n_changes
        if is_current:
            self._latest_network = mail.snapshot.network
        self._live = mail.snapshot
        if self._moment is not None:
            return
        now = time.perf_counter()
        # While somebody drags a slider there may always be a later change; the picture must not stand still for it.
        if is_current or now - self._shown_at > _LONGEST_STILL_S:
            self._shown_at = now
            self._displayed = mail.snapshot
            self.displayed_changed.emit()
            self.frame_due.emit()

    @property
    def trained_seconds(self) -> float:
        """How long this run has been trained."""
        return self._trained_s + (time.perf_counter() - self._playing_since if self._playing else 0.0)

    def _show_playing(self, playing: bool) -> None:
        if playing != self._playing:
            self._trained_s = self.trained_seconds
            self._playing_since = time.perf_counter()
            self._playing = playing
            self.playing_changed.emit(playing)

    def _set_event(self, notice: Notice | None) -> None:
        if notice != self._event:
            self._event = notice
            self._dismissed = None
            self.notice_changed.emit()


def _has_one_class(dataset: Dataset) -> bool:
    return bool(np.count_nonzero(np.bincount(dataset.labels[~dataset.is_test])) == 1)


def _ending(reason: Finished, metrics: Metrics, n_points: int) -> str:
    """Return a sentence on why training has ended by itself."""
    if reason == "early_stopping":
        return f"Early stopping: the weights with the lowest test loss, {metrics.test_loss or 0:.4g}, are back."
    if reason == "all_right":
        return f"Random search has all {n_points:,} training points right, after {metrics.tries:,} tries."
    if metrics.train_accuracy is None:
        return f"Random search has spent its {metrics.tries:,} tries; the best network is shown."
    right = round(metrics.train_accuracy * n_points)
    return f"Random search has spent its {metrics.tries:,} tries; the best has {right:,} of {n_points:,} points right."
