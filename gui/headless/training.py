"""The command that trains a network and saves the experiment."""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from pathlib import Path

from gui.headless.interruption import Signals
from gui.headless.output import Output
from gui.headless.places import experiment_name, place_of
from gui.headless.results import metrics_line, values_of_metrics
from gui.headless.settings import Plan, plan_of
from model import Metrics
from model.experiment import SUFFIX, Experiment, ExperimentError, save_experiment
from model.run.record import record
from model.run.run import TrainedRun
from model.training.compiled import cache
from model.training.engines import EngineName

DIVERGED = 3
"""The exit status for a run that diverged."""

_N_LINES = 10


def train(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Train, tell how it goes, and save what there is, however it ended.

    Returns
    -------
    int
        The exit status.
    """
    text = arguments.save
    if text is not None:
        text = arguments.save = experiment_name(text)
    plan = plan_of(arguments)
    path = None if text is None else place_of("--save", text, [getattr(arguments, "data", None)])
    if plan.points.sentence:
        output.line(plan.points.sentence)
    if arguments.engine == "compiled":
        prepare_compiled(output)
    start = time.perf_counter()
    trained = _with_lines(plan, output, signals, arguments.engine)
    seconds = time.perf_counter() - start
    if signals.first == signal.SIGINT:
        output.end_line()
    _tell_end(trained, output)
    saved = None if path is None else _save(plan, trained, path, output)
    output.result(
        command="train",
        ended=trained.how,
        note=trained.note,
        learning_rate_too_high=trained.is_rate_too_high,
        **values_of_metrics(trained.moment.metrics, trained.moment.epoch, plan.setup.dataset.naming.value.unit),
        seconds=round(seconds, 3),
        engine=trained.engine,
        saved=None if saved is None else str(saved),
    )
    if saved is not None:
        output.line(f"saved {saved}")
    if saved != path:
        return 1
    if signals.first is not None:
        return 128 + signals.first
    return DIVERGED if trained.how == "diverged" else 0


def prepare_compiled(output: Output) -> None:
    """Have compiled code at hand before the run begins, and say so where that takes long or does not work."""
    if cache.is_installed() and not cache.is_at_hand():
        output.note("compiling, which takes some 20 seconds, once for this version on this machine")
    if cache.kernel() is None:
        output.note("the compiled engine does not work here, so NumPy trains: is numba installed?")


def trained_run(plan: Plan, output: Output, signals: Signals) -> TrainedRun:
    """Train with a bar alone; raise a StoppedError where a signal came."""
    with output.bar("Training", "steps", plan.n_steps) as bar:
        trained = record(
            plan.setup, plan.n_steps, lambda metrics, _: bar.update(metrics.step - bar.n), signals.have_come
        )
    signals.check()
    _tell_end(trained, output)
    return trained


def _tell_end(trained: TrainedRun, output: Output) -> None:
    """Say why a run ended before its last step."""
    if trained.how == "diverged":
        output.complain(f"{trained.note}.")
    elif trained.note:
        output.note(trained.note)
    if trained.is_rate_too_high:
        rate = trained.moment.training.learning_rate
        output.note(f"the loss stayed above where it began: the learning rate {rate:g} is too high")


def _with_lines(plan: Plan, output: Output, signals: Signals, engine: EngineName) -> TrainedRun:
    """Train, with a bar and a line for each tenth of the run, and one for its end."""
    every = max(plan.n_steps // _N_LINES, 1)
    due, last = every, -1
    with output.bar("Training", "steps", plan.n_steps) as bar:

        def on_metrics(metrics: Metrics, epoch: int) -> None:
            nonlocal due, last
            bar.update(metrics.step - bar.n)
            if metrics.step >= due or metrics.step == plan.n_steps:
                due = metrics.step - metrics.step % every + every
                last = metrics.step
                output.line(metrics_line(metrics, epoch))

        trained = record(plan.setup, plan.n_steps, on_metrics, signals.have_come, engine)
    moment = trained.moment
    if moment.step != last:
        output.line(metrics_line(moment.metrics, moment.epoch))
    return trained


def _save(plan: Plan, trained: TrainedRun, path: Path, output: Output) -> Path | None:
    """Save a run, or where its place does not take it any more beside other temporary files; return where it is."""
    points = plan.points
    experiment = Experiment(plan.setup, points.generator, trained.history, trained.curve, seconds=trained.seconds)
    try:
        save_experiment(experiment, path)
    except ExperimentError as error:
        was = " What was there is unchanged." if path.exists() else ""
        output.complain(f"{error}{was}")
    else:
        return path
    other = Path(tempfile.gettempdir()) / f"{path.stem}-{os.getpid()}{SUFFIX}"
    try:
        save_experiment(experiment, other)
    except ExperimentError as error:
        output.complain(f"{error} The run is lost.")
        return None
    output.complain(f"the run is saved as {other} instead.")
    return other
