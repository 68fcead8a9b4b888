"""Between: moments between two key frames, so that a picture of a run can flow from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from model.run.curve import LossCurve
from model.run.history import KeyFrame
from model.training.checkpoint import epoch_size
from model.training.metrics import Metrics
from model.types import read_only


@dataclass(frozen=True, slots=True, eq=False)
class Between(KeyFrame):
    """A moment between two key frames, to be looked at: no run had its parameters, and none goes on from it.

    Attributes
    ----------
    part : float
        How much of the step after :attr:`step` is done, 0 to 1.
    """

    part: float = 0.0

    @property
    def time(self) -> float:
        """When it is, in steps."""
        return self.step + self.part


def can_flow(before: KeyFrame, after: KeyFrame) -> bool:
    """Return whether training alone led from a key frame to the next, by steps that go somewhere.

    A change of points, network or settings in between does not, nor do the leaps of random search and of early
    stopping, which goes back to its best moment. A parameter that was set by hand is not seen here.
    """
    return (
        before.dataset is after.dataset
        and before.network == after.network
        and before.training == after.training
        and before.training.optimizer != "random_search"
        and after.checkpoint.finished != "early_stopping"
    )


def between(before: KeyFrame, after: KeyFrame, time: float, curve: LossCurve) -> Between:
    """Return the moment at a time between two key frames of the same points and settings.

    Parameters
    ----------
    before, after : KeyFrame
        See :func:`can_flow`.
    time : float
        In steps.
    curve : LossCurve
        Of the same run.

    Notes
    -----
    The parameters are interpolated. The numbers are those of a real moment: the last step taken, its epoch and its loss
    as the curve has it; what only key frames know, such as the accuracy, is that of the one before.
    """
    step = floor(time)
    share = (time - before.step) / (after.step - before.step)
    old, new = before.checkpoint.parameters, after.checkpoint.parameters
    checkpoint = replace(
        before.checkpoint,
        parameters=read_only(old + share * (new - old)),
        step_count=step,
        epoch_count=_epoch(before, step),
    )
    return Between(checkpoint, _metrics(before, step, curve), before.setup, time - step)


def _epoch(frame: KeyFrame, step: int) -> int:
    """Return how many epochs are completed at a step after a key frame."""
    _, n_batches = epoch_size(frame.dataset.n_training, frame.training)
    return frame.epoch + (frame.checkpoint.next_batch + step - frame.step) // max(n_batches, 1)


def _metrics(frame: KeyFrame, step: int, curve: LossCurve) -> Metrics:
    """Return a key frame's metrics, with the losses that the curve has at or before a later step."""
    metrics = replace(frame.metrics, step=step)
    point = curve.last_until(step)
    if point is None or point[0] <= frame.step:
        return metrics
    _, train_loss, test_loss, penalty = point
    return replace(
        metrics,
        train_loss=None if metrics.train_loss is None else train_loss,
        test_loss=None if metrics.test_loss is None else test_loss,
        penalty=penalty,
    )
