"""Runs whose points have names of their own."""

from dataclasses import replace

from model.data.naming import Naming
from model.run.run import TrainedRun


def with_names(run: TrainedRun, naming: Naming) -> TrainedRun:
    """Return a run as it is after its points were renamed."""
    history, dataset = run.history.copy(), run.moment.dataset
    history.rename(dataset, dataset.named(naming))
    return replace(run, history=history)
