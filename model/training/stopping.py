"""Stop, where training is to end by itself, and Stopper, which finds out that it is there."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal, TypeAlias

from model.training.metrics import Metrics
from model.types import is_number, is_whole

StopReason: TypeAlias = Literal["steps_done", "epochs_done", "loss_reached", "accuracy_reached", "plateau"]

WATCHED: dict[Literal["training", "test"], str] = {
    "training": "Loss and accuracy of the training points decide.",
    "test": "Loss and accuracy of the test points decide.",
}
"""Whose loss and accuracy decide: name -> what that means, in a sentence."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where training ends by itself, beside early stopping; of what is None it does not.

    Attributes
    ----------
    steps : int or None
        After every so many steps of the run, counted from its first.
    epochs : int or None
        After every so many epochs of the run, counted from its first.
    loss : float or None
        At a loss of this or less, above 0.
    accuracy : float or None
        At an accuracy of this or more, above 0 up to 1; for values and curves it is R2.
    plateau : int or None
        After this many epochs in which the loss has not fallen by a certain share of its lowest; see `improvement`.
    improvement : float
        The share of the lowest loss by which the loss must fall so that it is no plateau, 0 or more and below 1.
    watched : str
        Whose loss and accuracy decide: a key of :data:`WATCHED`.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Notes
    -----
    Steps and epochs are exact. Loss and accuracy are looked at where a point of the loss curve is due, and so at the
    same steps whatever else happens meanwhile.
    """

    steps: int | None = None
    epochs: int | None = None
    loss: float | None = None
    accuracy: float | None = None
    plateau: int | None = None
    improvement: float = 0.01
    watched: Literal["training", "test"] = "training"

    def __post_init__(self) -> None:
        for name in ("steps", "epochs", "plateau"):
            value = getattr(self, name)
            if value is not None and not (is_whole(value) and value >= 1):
                raise ValueError(f"{name} must be 1 or more, or None; got {value!r}")
        if self.loss is not None and not (is_number(self.loss) and self.loss > 0):
            raise ValueError(f"loss must be above 0, or None; got {self.loss!r}")
        if self.accuracy is not None and not (is_number(self.accuracy) and 0 < self.accuracy <= 1):
            raise ValueError(f"accuracy must be above 0 and at most 1, or None; got {self.accuracy!r}")
        if not (is_number(self.improvement) and 0 <= self.improvement < 1):
            raise ValueError(f"improvement must be 0 or more and below 1; got {self.improvement!r}")
        if self.watched not in WATCHED:
            raise ValueError(f"watched must be one of {', '.join(WATCHED)}; got {self.watched!r}")

    @property
    def is_set(self) -> bool:
        """Whether it ends training anywhere."""
        return any(rule is not None for rule in (self.steps, self.epochs, self.loss, self.accuracy, self.plateau))

    @property
    def text(self) -> str:
        """In a few words where it ends training: "500 steps, loss 0.1"; "off" where it does not."""
        whole = (("steps", self.steps), ("epochs", self.epochs))
        texts = [f"{count:,} {name}" for name, count in whole if count is not None]
        texts += [
            f"{name} {value:g}"
            for name in ("loss", "accuracy", "plateau")
            if (value := getattr(self, name)) is not None
        ]
        return ", ".join(texts) or "off"

    def loss_of(self, metrics: Metrics) -> float | None:
        """Return the loss that decides; None where its set has no point."""
        return metrics.test_loss if self.watched == "test" else metrics.train_loss

    def accuracy_of(self, metrics: Metrics) -> float | None:
        """Return the accuracy that decides, or R2; None where its set has none."""
        if self.watched == "test":
            return metrics.test_r2 if metrics.test_accuracy is None else metrics.test_accuracy
        return metrics.train_r2 if metrics.train_accuracy is None else metrics.train_accuracy


@dataclass(frozen=True, slots=True)
class StopState:
    """What a run must remember to end where it would have ended without a pause.

    Attributes
    ----------
    has_passed_loss, has_passed_accuracy : bool
        Whether training was ended there and went on: a goal ends a run once.
    lowest_loss : float
        The last one that counts as an improvement; infinite before the first.
    lowest_epoch : int
        Its epoch.
    """

    has_passed_loss: bool = False
    has_passed_accuracy: bool = False
    lowest_loss: float = inf
    lowest_epoch: int = 0


class Stopper:
    """Finds out where training is to end.

    Parameters
    ----------
    stop : Stop

    Attributes
    ----------
    stop : Stop
    state : StopState
    """

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        self.state = StopState()

    def change(self, stop: Stop, *, same_loss: bool) -> None:
        """End elsewhere from now on; goals that were passed count again if they, or what the loss is, have changed."""
        if stop != self.stop or not same_loss:
            self.stop, self.state = stop, StopState()

    def go_on(self, reason: str | None) -> None:
        """Wait anew for an improvement; what has ended training does so no more."""
        state = self.state
        self.state = StopState(
            state.has_passed_loss or reason == "loss_reached", state.has_passed_accuracy or reason == "accuracy_reached"
        )

    def steps_left(self, step: int, epoch: int, left_in_epoch: int, epoch_steps: int) -> int | None:
        """Return after how many more steps training ends by their number, or that of its epochs; None: it does not.

        Parameters
        ----------
        step, epoch : int
            Taken, and completed.
        left_in_epoch, epoch_steps : int
            How many steps complete the present epoch, and take a whole one.
        """
        left = []
        if self.stop.steps is not None:
            left.append(self.stop.steps - step % self.stop.steps)
        if self.stop.epochs is not None:
            left.append(left_in_epoch + (self.stop.epochs - epoch % self.stop.epochs - 1) * epoch_steps)
        return min(left, default=None)

    def is_counted_out(self, step: int, epoch: int, *, ends_epoch: bool) -> StopReason | None:
        """Return why training ends after a step by the number of steps or epochs, if it does."""
        if self.stop.steps is not None and step % self.stop.steps == 0:
            return "steps_done"
        if self.stop.epochs is not None and ends_epoch and epoch % self.stop.epochs == 0:
            return "epochs_done"
        return None

    def judge(self, metrics: Metrics, epoch: int) -> StopReason | None:
        """Return why training ends at a point of the loss curve, if it does."""
        stop, state = self.stop, self.state
        loss, accuracy = stop.loss_of(metrics), stop.accuracy_of(metrics)
        if stop.loss is not None and not state.has_passed_loss and loss is not None and loss <= stop.loss:
            return "loss_reached"
        if (
            stop.accuracy is not None
            and not state.has_passed_accuracy
            and accuracy is not None
            and accuracy >= stop.accuracy
        ):
            return "accuracy_reached"
        if stop.plateau is None or loss is None:
            return None
        if state.lowest_loss == inf or loss < state.lowest_loss * (1.0 - stop.improvement):
            self.state = StopState(state.has_passed_loss, state.has_passed_accuracy, loss, epoch)
        elif epoch - state.lowest_epoch >= stop.plateau:
            return "plateau"
        return None
