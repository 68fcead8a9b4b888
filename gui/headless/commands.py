"""What the commands `render` and `train` do; training alone needs no Qt."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from gui.export.animation.settings import AnimationSettings
from gui.export.errors import ExportError
from gui.headless.interruption import StoppedError, noted_signals
from gui.headless.settings import animation_of, generator_of, n_steps_of, setup_of
from model import Metrics
from model.experiment import Experiment, ExperimentError, load_experiment, save_experiment
from model.run.curve import LossCurve
from model.run.history import History
from model.run.run import TrainedRun, record
from model.training.settings import Setup

_N_LINES = 10


def run_command(arguments: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for.

    Returns
    -------
    int
        The exit status: 0 when all went well, 1 when a file cannot be read or written, 2 for wrong arguments, 130 after
        Ctrl+C and 143 after SIGTERM.
    """
    command = {"render": _render, "train": _train}[arguments.command]
    try:
        with noted_signals() as check_signals:
            return command(arguments, check_signals)
    except (ExperimentError, ExportError) as error:
        return _complain(arguments, str(error), 1)
    except ValueError as error:
        return _complain(arguments, str(error), 2)
    except StoppedError as stopped:
        if stopped.number == signal.SIGINT:
            sys.stderr.write("\n")  # The terminal has written ^C.
        return 128 + stopped.number


def _complain(arguments: argparse.Namespace, sentence: str, status: int) -> int:
    sys.stderr.write(f"netcanvas {arguments.command}: {sentence}\n")
    return status


def _train(arguments: argparse.Namespace, check_signals: Callable[[], None]) -> int:
    generator = generator_of(arguments)
    setup, n_steps = setup_of(arguments, generator), n_steps_of(arguments)
    if arguments.save is not None:
        _check_folder(Path(arguments.save))
    every = max(n_steps // _N_LINES, 1)
    due = every
    last = -1

    def on_metrics(metrics: Metrics, epoch: int) -> None:
        nonlocal due, last
        check_signals()
        if metrics.step >= due or metrics.step == n_steps:
            due = metrics.step - metrics.step % every + every
            last = metrics.step
            sys.stdout.write(f"{metrics_line(metrics, epoch)}\n")
            sys.stdout.flush()

    trained = record(setup, n_steps, on_metrics)
    frame = trained.moment
    if frame.step != last:
        sys.stdout.write(f"{metrics_line(frame.metrics, frame.epoch)}\n")
    _warn(trained)
    if arguments.save is not None:
        experiment = Experiment(setup, generator, trained.history, trained.curve)
        save_experiment(experiment, arguments.save)
        sys.stdout.write(f"saved {arguments.save}\n")
    return 0


def _check_folder(path: Path) -> None:
    """Complain before the work and not after it."""
    if not path.absolute().parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no such folder. Choose a folder that exists.")


def _warn(trained: TrainedRun) -> None:
    if trained.note:
        sys.stderr.write(f"note: {trained.note}\n")


def metrics_line(metrics: Metrics, epoch: int) -> str:
    """Return the figures of a moment in one line."""
    parts = [f"step {metrics.step:>9,}", f"epoch {epoch:>7,}"]
    for name, value, form in (
        ("loss", metrics.train_loss, ".6f"),
        ("accuracy", metrics.train_accuracy, ".1%"),
        ("R2", metrics.train_r2, ".4f"),
        ("test loss", metrics.test_loss, ".6f"),
        ("test accuracy", metrics.test_accuracy, ".1%"),
        ("test R2", metrics.test_r2, ".4f"),
    ):
        if value is not None:
            parts.append(f"{name} {value:{form}}")
    return "   ".join(parts)


def _render(arguments: argparse.Namespace, check_signals: Callable[[], None]) -> int:
    from gui.export.animation.pacing import chosen_range  # It needs Qt, which training does without.

    settings = animation_of(arguments)
    given = [option for name, option in arguments.run_options.items() if name in arguments]
    if arguments.file is not None and given:
        raise ValueError(f"an experiment file has its own run, so {', '.join(given)} cannot be given with it")
    if arguments.file is None and "--dataset" not in given:
        raise ValueError("an experiment file is needed, or --dataset with the name of a data set to learn from nothing")
    setup = None if arguments.file is not None else setup_of(arguments, generator_of(arguments))
    _check_folder(Path(arguments.out))
    if setup is None:
        experiment = load_experiment(arguments.file)
        history, curve, names = experiment.history, experiment.curve, experiment.class_names
    else:
        trained = _record(setup, n_steps_of(arguments), check_signals)
        history, curve, names = trained.history, trained.curve, ()
    chosen_range(history, settings)
    return _write(settings, history, curve, names, Path(arguments.out), check_signals)


def _record(setup: Setup, n_steps: int, check_signals: Callable[[], None]) -> TrainedRun:
    with _progress("Training", "steps", n_steps) as bar:

        def on_metrics(metrics: Metrics, _epoch: int) -> None:
            bar.update(metrics.step - bar.n)
            check_signals()

        trained = record(setup, n_steps, on_metrics)
    _warn(trained)
    return trained


def _write(
    settings: AnimationSettings,
    history: History,
    curve: LossCurve,
    class_names: tuple[str, ...],
    path: Path,
    check_signals: Callable[[], None],
) -> int:
    if sys.platform == "linux":
        # Elsewhere there always is a screen, and its own fonts.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app import make_application
    from gui.export.animation.rendering import Renderer

    application = make_application(["netcanvas"])
    start = time.perf_counter()
    rendering = Renderer(settings, history, curve, path, class_names)
    try:
        with _progress("Rendering", "frames", rendering.n_frames) as bar:
            while rendering.advance():
                bar.update(rendering.n_done - bar.n)
                check_signals()
    finally:
        rendering.cancel()
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{path}: {rendering.n_written} frames of {settings.size[0]}x{settings.size[1]} in {seconds:.1f} s, "
        f"{rendering.n_written / seconds:.1f} frames/s\n"
    )
    application.shutdown()
    return 0


def _progress(what: str, unit: str, total: int) -> tqdm:
    """Return a bar on standard error; nothing is drawn unless that is a terminal."""
    return tqdm(total=total, desc=what, unit=f" {unit}", leave=False, disable=None)
