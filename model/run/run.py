"""Recording: trains a network from its first weights without a window, and keeps its history and its loss curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model import Dataset, Metrics, Network, NetworkSettings, Trainer, TrainingSettings
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.training.metrics import has_diverged

_CHUNK = 256


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A run that has been trained.

    Attributes
    ----------
    history : History
    curve : LossCurve
    note : str
        Why it ended before its last step, in a sentence; empty where it did not.
    """

    history: History
    curve: LossCurve
    note: str = ""


def record(
    dataset: Dataset,
    network: NetworkSettings,
    training: TrainingSettings,
    n_steps: int,
    on_metrics: Callable[[Metrics, int], None] = lambda metrics, epoch: None,
) -> Recorded:
    """Train a network as the window does, step for step the same.

    Parameters
    ----------
    n_steps : int
        1 or more.
    on_metrics : callable
        ``on_metrics(metrics, epoch)`` is called at each point of the loss curve.

    Raises
    ------
    ValueError
        If there is no point to learn from, or network and settings do not go with the data.
    """
    if n_steps < 1:
        raise ValueError(f"steps must be 1 or more; got {n_steps}")
    trainer = Trainer(Network.from_settings(network), dataset, training)
    if not trainer.can_train:
        raise ValueError("there is no training point to learn from")
    history, curve = History(), LossCurve()
    metrics = trainer.metrics()
    first_loss = metrics.train_loss
    _keep(trainer, metrics, history, curve)
    while trainer.step_count < n_steps and trainer.finished is None:
        trainer.run_steps(min(trainer.steps_to_next_metrics(), n_steps - trainer.step_count, _CHUNK))
        is_last = trainer.step_count >= n_steps or trainer.finished is not None
        if not is_last and trainer.step_count % trainer.metrics_interval:
            continue
        metrics = trainer.metrics()
        if has_diverged(metrics, first_loss):
            last = history.frames[-1].step
            curve.forget_after(last)
            note = f"the run diverged at learning rate {training.learning_rate:g}, and ends at step {last:,}"
            return Recorded(history, curve, note)
        _keep(trainer, metrics, history, curve, frame=is_last or trainer.step_count % trainer.key_frame_interval == 0)
        on_metrics(metrics, trainer.epoch_count)
    if trainer.finished is None:
        return Recorded(history, curve)
    reason = {"all_right": "every training point is right", "budget_spent": "random search has no try left"}
    why = reason.get(trainer.finished, "the test loss falls no more")
    return Recorded(history, curve, f"training ended by itself at step {trainer.step_count:,}: {why}")


def _keep(trainer: Trainer, metrics: Metrics, history: History, curve: LossCurve, *, frame: bool = True) -> None:
    """Add a point to the curve, and perhaps a key frame to the history."""
    curve.extend([metrics])
    if frame:
        settings = trainer.network.settings
        history.append(KeyFrame(trainer.checkpoint(), metrics, trainer.dataset, settings, trainer.settings))
