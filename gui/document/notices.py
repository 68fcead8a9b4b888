"""Notices: what a person should know now, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model import Metrics
from model.numbers import number_text
from model.run.run import Diverged, Ended
from model.training.settings import Setup
from model.training.stopping import Stop
from model.types import counted, readable


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that the window shows until it no longer holds.

    Attributes
    ----------
    text : str
    offers_halving : bool
        Whether a button that halves the learning rate belongs to it.
    offers_rewinding : bool
        Whether one that also begins the run again does.
    is_hint : bool
        Whether it is said no more once a person has put it away. A button that begins a new run belongs to it.
    is_of_weights : bool
        Whether it tells of the weights, and is true no longer where a person changes them.
    """

    text: str
    offers_halving: bool = False
    offers_rewinding: bool = False
    is_hint: bool = False
    is_of_weights: bool = False


NO_POINTS = Notice("There is no training point yet: click on the canvas to place some, then training goes on.")
ONE_CLASS = Notice("All training points have one class; add points of another for a boundary to learn.")
STEP_LAYER = Notice("A heaviside layer has no useful gradient: neither it nor what comes before it learns.")
SAME_WEIGHTS = Notice("The points are new, and the network still has the weights that others trained.", is_hint=True)
NOT_FINITE = Notice(
    "The network's answers are too large for numbers: make its weights smaller, undo, or re-initialise."
)


def standing_notice(setup: Setup, metrics: Metrics) -> Notice | None:
    """Return what holds of points, network and the present loss, whatever has happened."""
    if setup.dataset.n_training == 0:
        return NO_POINTS
    if not metrics.is_finite:
        return NOT_FINITE
    if not setup.dataset.is_regression and _has_one_class(setup):
        return ONE_CLASS
    return STEP_LAYER if "heaviside" in setup.network.hidden_activations else None


def _has_one_class(setup: Setup) -> bool:
    dataset = setup.dataset
    return bool(np.count_nonzero(np.bincount(dataset.labels[~dataset.is_test])) == 1)


def divergence(diverged: Diverged) -> Notice | None:
    """Return what a person is told of a run that diverged; None where the standing notice says it."""
    if not diverged.is_mended:
        return None
    ran = readable(f"The run diverged at learning rate {diverged.setup.training.learning_rate:g}")
    if diverged.is_ruined:
        text = f"{ran}, and its last finite moment, step {diverged.step:,}, is beyond learning: begin again."
        return Notice(text, offers_halving=True, offers_rewinding=True)
    text = f"{ran}: it is paused and back at step {diverged.step:,}, its last finite moment."
    return Notice(text, offers_halving=True)


def too_high(learning_rate: float) -> Notice:
    """Return what a person is told of a run whose loss jumps for ever above where it began."""
    text = f"The loss stays above where it began: the learning rate {learning_rate:g} is too high."
    return Notice(readable(text), offers_halving=True, offers_rewinding=True)


def ending(ended: Ended) -> Notice:
    """Return why training has ended by itself."""
    return Notice(_why_ended(ended), is_of_weights=True)


def _why_ended(ended: Ended) -> str:
    metrics, n_points = ended.metrics, ended.setup.dataset.n_training
    stopped = _stopped(ended, ended.setup.training.stop)
    if stopped:
        return f"{stopped} Play goes on from here."
    if ended.reason == "early_stopping":
        loss = number_text(metrics.test_loss or 0.0, 4)
        return f"Early stopping: the weights with the lowest test loss, {loss}, are back."
    if ended.reason == "all_right":
        right = f"all {n_points:,} training points" if n_points > 1 else "the only training point"
        return f"Random search has {right} right, after {counted(metrics.tries, 'try', 'tries')}."
    spent = f"Random search has spent its {counted(metrics.tries, 'try', 'tries')}; the best"
    if metrics.train_accuracy is None:
        return f"{spent} network is shown."
    return f"{spent} has {round(metrics.train_accuracy * n_points):,} of {n_points:,} points right."


def _stopped(ended: Ended, stop: Stop) -> str:
    """Return at which of the places that a person has set training has ended, in a sentence; empty for another end."""
    metrics, reason = ended.metrics, ended.reason
    loss, accuracy = stop.loss_of(metrics), stop.accuracy_of(metrics)
    of = "test" if stop.watched == "test" else "training"
    is_share = metrics.train_accuracy is not None or metrics.test_accuracy is not None
    if reason == "steps_done":
        return f"Training has stopped after {counted(metrics.step, 'step')}, as you asked."
    if reason == "epochs_done":
        return f"Training has stopped after {counted(ended.epoch, 'epoch')}, as you asked."
    if reason == "loss_reached":
        reached = f"the {of} loss is {loss:.4g}, at most {stop.loss:.4g}"
        return readable(f"Training has stopped at step {metrics.step:,}: {reached}.")
    if reason == "accuracy_reached":
        form, what = (".1%", f"{of} accuracy") if is_share else (".3g", f"R² of the {of} points")
        reached = f"the {what} is {accuracy:{form}}, at least {stop.accuracy:{form}}"
        return readable(f"Training has stopped at step {metrics.step:,}: {reached}.")
    if reason == "plateau":
        epochs, share = counted(stop.plateau or 0, "epoch"), f"{100 * stop.improvement:.3g}%"
        return f"Training has stopped at step {metrics.step:,}: in {epochs} the {of} loss has not fallen by {share}."
    return ""


def went_on(step: int, last_step: int) -> Notice:
    """Return what a person is told when training went on from a past moment, instead of what came after it."""
    left = counted(last_step - step, "step")
    return Notice(f"Training goes on from step {step:,}, which was shown. Undo brings back the {left} after it.")


class Notices:
    """The notice that holds now: of what has happened, or of how things stand; unless the person has put it away."""

    def __init__(self) -> None:
        self._event: Notice | None = None
        self._dismissed: Notice | None = None
        self._hushed: set[Notice] = set()

    def current(self, setup: Setup, metrics: Metrics) -> Notice | None:
        """Return what to show."""
        notice = self._event or standing_notice(setup, metrics)
        return None if notice == self._dismissed else notice

    def dismiss(self, notice: Notice | None) -> None:
        """Put a notice away, until there is another."""
        self._dismissed = notice
        if notice is not None and notice.is_hint:
            self._hushed.add(notice)

    def drop_hint(self) -> bool:
        """Take a hint back; return whether there was one."""
        return self._event is not None and self._event.is_hint and self.set_event(None)

    @property
    def event_is_of_weights(self) -> bool:
        """Whether what has happened is told of weights that a person can change."""
        return self._event is not None and self._event.is_of_weights

    def set_event(self, notice: Notice | None) -> bool:
        """Say what has happened, or that it is over; return whether that is new."""
        if notice == self._event or notice in self._hushed:
            return False
        self._event, self._dismissed = notice, None
        return True
