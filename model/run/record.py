"""Recorder: trains a run and keeps what the window keeps of one, its history and its loss curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.run.curve import LossCurve
from model.run.history import DEFAULT_BUDGET, History
from model.run.run import Diverged, Ended, How, Run, TrainedRun
from model.training.checkpoint import Finished
from model.training.engines import EngineName
from model.training.metrics import Metrics
from model.training.settings import Setup
from model.types import FloatArray, read_only

_ENDINGS: dict[Finished, str] = {
    "all_right": "every training point is right",
    "budget_spent": "random search has no try left",
    "early_stopping": "the test loss falls no more",
    "steps_done": "so many steps were asked for",
    "epochs_done": "so many epochs were asked for",
    "loss_reached": "the loss is as small as was asked for",
    "accuracy_reached": "the accuracy is as high as was asked for",
    "plateau": "the loss hardly falls any more",
}

_STRETCH = 200
"""After so many steps at most it is asked whether training is to stop."""


def _nobody(metrics: Metrics, epoch: int) -> None:
    """Say nothing of a point of the loss curve."""


class Recorder:
    """A run that is trained, with what is kept of it.

    Parameters
    ----------
    run : Run
        Nobody else trains it.
    budget : int
        Bytes that its key frames may take.
    on_metrics : callable
        ``on_metrics(metrics, epoch)`` is called at each new point of the loss curve.

    Attributes
    ----------
    how : How or None
        How the run has ended; None while it goes on.
    note : str
        Why it has ended, in a sentence.
    seconds : float
        How long its steps have computed.
    is_rate_too_high : bool
        Whether it has become clear that its learning rate is too high.

    Raises
    ------
    ValueError
        If there is no point to learn from.
    """

    def __init__(
        self, run: Run, budget: int = DEFAULT_BUDGET, on_metrics: Callable[[Metrics, int], None] = _nobody
    ) -> None:
        if not run.can_train:
            raise ValueError("there is no training point to learn from")
        self.run = run
        self.how: How | None = None
        self.note = ""
        self.seconds = 0.0
        self.is_rate_too_high = False
        self._on_metrics = on_metrics
        self._history, self._curve, self._times = History(budget), LossCurve(), [0.0]
        first = run.moment()
        self._history.append(first)
        self._curve.extend([first.metrics])

    def advance(self, n_steps: int) -> None:
        """Take `n_steps` steps, or fewer where the run ends."""
        if self.run.settle_engine():
            self._history.append(self.run.moment())
        last = self.run.step + n_steps
        while self.run.step < last and self.how is None:
            progress = self.run.advance(last - self.run.step)
            self.seconds += progress.seconds
            self.is_rate_too_high |= progress.is_rate_too_high
            match progress.pause:
                case Diverged() as diverged:
                    self._end_diverged(diverged)
                case Ended(reason):
                    self.end(reason, f"training ended by itself at step {self.run.step:,}: {_ENDINGS[reason]}")
            if progress.frame is not None:
                self._history.append(progress.frame)
            if progress.metrics is not None:
                self._add_point(progress.metrics)

    def end(self, how: How, note: str) -> None:
        """Let the run end here."""
        self.how, self.note = how, note

    def settle(self) -> None:
        """Take the present moment as one that is kept, or find out that the run has diverged before it."""
        moment, diverged = self.run.check()
        if diverged is not None:
            self._end_diverged(diverged)
        if self._history.frames[-1].step != moment.step:
            self._history.append(moment)
        if moment.step > self._curve.rows[-1, 0]:
            self._add_point(moment.metrics)

    def _end_diverged(self, diverged: Diverged) -> None:
        self._curve.forget_after(diverged.step)
        self._history.forget_after(diverged.step)
        del self._times[len(self._curve) :]
        rate = f"{self.run.setup.training.learning_rate:g}"
        self.end("diverged", f"the run diverged at learning rate {rate}, and ends at step {diverged.step:,}")

    def _add_point(self, metrics: Metrics) -> None:
        self._curve.extend([metrics])
        self._times.append(self.seconds)
        self._on_metrics(metrics, self.run.epoch)

    def kept(self) -> TrainedRun:
        """Return the run up to its present moment, or to its last one that is finite."""
        return self.timed()[0]

    def timed(self) -> tuple[TrainedRun, FloatArray]:
        """Return the run as :meth:`kept`, and how long its steps had computed at each point of its curve.

        Returns
        -------
        trained : TrainedRun
        times : ndarray of shape (n_points,)
            In seconds, read-only.
        """
        history, curve, times = self._history.copy(), self._curve.copy(), np.array(self._times)
        end = self.run.moment()
        if end.metrics.is_finite:
            if end.step != history.frames[-1].step:
                history.append(end)
            if end.step > curve.rows[-1, 0]:
                curve.extend([end.metrics])
                times = np.append(times, self.seconds)
        how = self.how or "completed"
        trained = TrainedRun(history, curve, self.note, how, self.run.engine, self.seconds, self.is_rate_too_high)
        return trained, read_only(times)


def record(
    setup: Setup,
    n_steps: int,
    on_metrics: Callable[[Metrics, int], None] = _nobody,
    is_stopped: Callable[[], bool] = lambda: False,
    engine: EngineName = "numpy",
) -> TrainedRun:
    """Train a network from its first weights, as the window does, and keep its history and its loss curve.

    Parameters
    ----------
    setup : Setup
    n_steps : int
        1 or more.
    on_metrics : callable
        ``on_metrics(metrics, epoch)`` is called at each point of the loss curve.
    is_stopped : callable
        Asked every few steps; True ends the run there.
    engine : str
        What is to take the steps: a key of :data:`model.training.engines.ENGINES`.

    Raises
    ------
    ValueError
        If there is no point to learn from.
    """
    if n_steps < 1:
        raise ValueError(f"steps must be 1 or more; got {n_steps}")
    recorder = Recorder(Run(setup, engine=engine), on_metrics=on_metrics)
    run = recorder.run
    while run.step < n_steps and recorder.how is None:
        if is_stopped():
            recorder.end("stopped", f"training was stopped at step {run.step:,}")
        else:
            recorder.advance(min(n_steps - run.step, _STRETCH))
    recorder.settle()
    return recorder.kept()
