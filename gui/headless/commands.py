"""What the commands `render` and `train` do; training alone needs no Qt."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from gui.export.animation.formats import FORMATS, Movie
from gui.export.animation.pacing import chosen_range
from gui.export.animation.settings import LAYOUTS, AnimationSettings
from gui.export.errors import ExportError
from gui.headless.arguments import RUN_NAMES
from gui.headless.interruption import StoppedError, noted_signals
from model import Dataset, Metrics, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, ExperimentError, load_experiment, save_experiment
from model.run.curve import LossCurve
from model.run.history import History
from model.run.run import TrainedRun, record
from model.training.schedules import Schedule
from model.training.settings import Setup

_DEFAULT_STEPS = 3000
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


# What the arguments say


@dataclass(frozen=True, slots=True)
class Plan:
    """A run from nothing.

    Attributes
    ----------
    generator : GeneratorSettings
    dataset : Dataset
    network : NetworkSettings
    training : TrainingSettings
    n_steps : int
    """

    generator: GeneratorSettings
    dataset: Dataset
    network: NetworkSettings
    training: TrainingSettings
    n_steps: int

    @property
    def setup(self) -> Setup:
        """All that the run is made of."""
        return Setup(self.dataset, self.network, self.training)


def plan_of(arguments: argparse.Namespace) -> Plan:
    """Return the run that the arguments describe; what they do not say is as in the window.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it and what is.
    """
    given = vars(arguments)
    seed = _given(given, seed="seed")
    generator = GeneratorSettings(
        **_given(
            given,
            name="dataset",
            n_points="points",
            noise="noise",
            n_classes="classes",
            training_share="training_share",
            label_noise="label_noise",
            rule="rule",
        ),
        **seed,
    )
    dataset = generate(generator)
    hidden = (8, 8) if given["hidden"] is None else given["hidden"]
    activations = given["activation"] or ("tanh",)
    features = given["features"] or ("x1", "x2")
    output = given["output"] or ("linear" if dataset.is_regression else "softmax")
    network = NetworkSettings(
        (len(features), *hidden, 1 if dataset.is_regression else dataset.n_classes),
        activations * len(hidden) if len(activations) == 1 else activations,
        output,
        features=features,
        **_given(given, **_same("initializer", "initializer_scale", "bias", "bias_start")),
        **seed,
    )
    steps = _DEFAULT_STEPS if given["steps"] is None else given["steps"]
    if steps < 1:
        raise ValueError(f"steps must be 1 or more; got {steps}")
    return Plan(generator, dataset, network, _training(given, output, dataset), steps)


def _training(given: dict[str, Any], output: str, dataset: Dataset) -> TrainingSettings:
    names = _same(
        *("loss", "optimizer", "optimizer_options", "learning_rate", "batch_size", "batch_order", "reduction"),
        *("regularization", "regularization_rate", "clip_norm", "dropout", "patience", "seed"),
    )
    values = _given(given, **names)
    if values.get("batch_size") == "all":
        values["batch_size"] = None
    fits_classes = output in ("softmax", "sigmoid") and not dataset.is_regression
    values.setdefault("loss", "cross_entropy" if fits_classes else "squared_error")
    schedule = _given(
        given, name="schedule", period="schedule_period", factor="schedule_factor", warm_up="schedule_warm_up"
    )
    return TrainingSettings(schedule=Schedule(**schedule), **values)


def animation_of(arguments: argparse.Namespace) -> AnimationSettings:
    """Return the animation that the arguments describe.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it and what is.
    """
    names = _same(
        "size", "fps", "seconds", "layout", "panels", "theme", "pacing", "title", "caption", "first_step", "last_step"
    )
    values = _given(vars(arguments), hold_seconds="hold", **names)
    values["format"] = arguments.format or _format_of(Path(arguments.out))
    if "layout" not in values and "size" in values:
        width, height = values["size"]
        values["layout"] = list(LAYOUTS)[0 if width > 1.2 * height else 2 if height > 1.2 * width else 1]
    settings = AnimationSettings(
        regions=arguments.regions,
        test_points=not arguments.no_test_points,
        counters=not arguments.no_counters,
        loop=not arguments.no_loop,
        **values,
    )
    Movie(settings.format, settings.size, settings.fps, settings.loop, settings.hold_seconds)
    return settings


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    for name, entry in FORMATS.items():
        if entry.suffix == suffix:
            return name
    known = ", ".join(entry.suffix for entry in FORMATS.values() if entry.suffix)
    raise ValueError(f"--out must end in {known}, or in nothing for a folder of PNG pictures; got {path.name!r}")


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _given(given: dict[str, Any], **names: str) -> dict[str, Any]:
    """Return those arguments that are given, under the names of a dataclass."""
    return {name: given[option] for name, option in names.items() if given[option] is not None}


# The commands


def _train(arguments: argparse.Namespace, check_signals: Callable[[], None]) -> int:
    plan = plan_of(arguments)
    if arguments.save is not None:
        _check_folder(Path(arguments.save))
    every = max(plan.n_steps // _N_LINES, 1)
    due = every
    last = 0

    def on_metrics(metrics: Metrics, epoch: int) -> None:
        nonlocal due, last
        check_signals()
        if metrics.step >= due or metrics.step == plan.n_steps:
            due = metrics.step - metrics.step % every + every
            last = metrics.step
            sys.stdout.write(f"{metrics_line(metrics, epoch)}\n")
            sys.stdout.flush()

    recorded = record(plan.setup, plan.n_steps, on_metrics)
    frame = recorded.history.frames[-1]
    if frame.step != last:
        sys.stdout.write(f"{metrics_line(frame.metrics, frame.epoch)}\n")
    _warn(recorded)
    if arguments.save is not None:
        save_experiment(_experiment(plan, recorded), arguments.save)
        sys.stdout.write(f"saved {arguments.save}\n")
    return 0


def _check_folder(path: Path) -> None:
    """Complain before the work and not after it."""
    if not path.absolute().parent.is_dir():
        raise ExportError(f"{path} cannot be written: there is no such folder. Choose a folder that exists.")


def _warn(recorded: TrainedRun) -> None:
    if recorded.note:
        sys.stderr.write(f"note: {recorded.note}\n")


def _experiment(plan: Plan, recorded: TrainedRun) -> Experiment:
    return Experiment(
        plan.dataset, plan.generator, plan.network, plan.training, history=recorded.history, curve=recorded.curve
    )


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
    settings = animation_of(arguments)
    given = [name for name in RUN_NAMES if getattr(arguments, name) is not None]
    if arguments.file is not None and given:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ValueError(f"an experiment file has its own run, so {flags} cannot be given with it")
    if arguments.file is None and arguments.dataset is None:
        raise ValueError("an experiment file is needed, or --dataset with the name of a data set to learn from nothing")
    plan = None if arguments.file is not None else plan_of(arguments)
    _check_folder(Path(arguments.out))
    if plan is None:
        experiment = load_experiment(arguments.file)
        history, curve, names = experiment.history, experiment.curve, experiment.class_names
    else:
        recorded = _record(plan, check_signals)
        history, curve, names = recorded.history, recorded.curve, ()
    chosen_range(history, settings)
    return _write(settings, history, curve, names, Path(arguments.out), check_signals)


def _record(plan: Plan, check_signals: Callable[[], None]) -> TrainedRun:
    with _progress("Training", "steps", plan.n_steps) as bar:

        def on_metrics(metrics: Metrics, _epoch: int) -> None:
            bar.update(metrics.step - bar.n)
            check_signals()

        recorded = record(plan.setup, plan.n_steps, on_metrics)
    _warn(recorded)
    return recorded


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
    from gui.export.animation.rendering import Rendering

    application = make_application(["netcanvas"])
    start = time.perf_counter()
    rendering = Rendering(settings, history, curve, path, class_names)
    try:
        with _progress("Rendering", "frames", rendering.n_frames) as bar:
            while rendering.advance():
                bar.update(rendering.n_done - bar.n)
                check_signals()
    finally:
        rendering.cancel()
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{path}: {rendering.n_frames} frames of {settings.size[0]}x{settings.size[1]} in {seconds:.1f} s, "
        f"{rendering.n_frames / seconds:.1f} frames/s\n"
    )
    application.shutdown()
    return 0


def _progress(what: str, unit: str, total: int) -> tqdm:
    """Return a bar on standard error; nothing is drawn unless that is a terminal."""
    return tqdm(total=total, desc=what, unit=f" {unit}", leave=False, disable=None)
