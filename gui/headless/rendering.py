"""The command that writes an animation of a run."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from gui.export.animation.formats import FORMATS
from gui.export.animation.pacing import chosen_range
from gui.export.animation.rendering import Renderer
from gui.export.animation.settings import AnimationSettings
from gui.headless.interruption import Signals
from gui.headless.options import values_of
from gui.headless.output import Output
from gui.headless.places import check_no_experiment, place_of
from gui.headless.screen import without_screen
from gui.headless.settings import Plan, animation_of, naming_options, plan_of
from gui.headless.training import trained_run
from model.experiment import load_experiment
from model.experiment.titles import Titles
from model.run.curve import LossCurve
from model.run.history import History
from model.types import counted


def render(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Write an animation of the run of an experiment, or of a run from nothing."""
    settings = naming_options(arguments, arguments.animation_options, animation_of)
    plan = _plan_of(arguments)
    check_no_experiment(Path(arguments.out))
    inputs = [arguments.file, getattr(arguments, "data", None)]
    path = place_of("--out", arguments.out, inputs, is_folder=not FORMATS[settings.format].suffix)
    if plan is None:
        experiment = load_experiment(arguments.file)
        history, curve = experiment.history, experiment.curve
        settings = _with_titles(settings, arguments, experiment.titles)
    else:
        trained = trained_run(plan, output, signals)
        history, curve = trained.history, trained.curve
    naming_options(arguments, arguments.animation_options, lambda some: chosen_range(history, animation_of(some)))
    return _write(settings, history, curve, path, output, signals)


def _with_titles(settings: AnimationSettings, arguments: argparse.Namespace, titles: Titles) -> AnimationSettings:
    """Return settings with the experiment's own title and caption, where the arguments have none."""
    given = values_of(arguments, AnimationSettings)
    return replace(settings, title=given.get("title", titles.name), caption=given.get("caption", titles.caption))


def _plan_of(arguments: argparse.Namespace) -> Plan | None:
    """Return the run from nothing that is to be shown, None where it is that of an experiment."""
    given = [option for name, option in arguments.run_options.items() if name in arguments]
    if arguments.file is not None:
        if given:
            raise ValueError(f"an experiment file has its own run, so {', '.join(given)} cannot be given with it")
        return None
    if not {"--dataset", "--data"} & set(given):
        raise ValueError("an experiment file is needed, or --dataset or --data with what to learn from nothing")
    return plan_of(arguments)


def _write(
    settings: AnimationSettings,
    history: History,
    curve: LossCurve,
    path: Path,
    output: Output,
    signals: Signals,
) -> int:
    application = without_screen()
    start = time.perf_counter()
    rendering = Renderer(settings, history, curve, path)
    try:
        with output.bar("Rendering", "frames", rendering.n_frames) as bar:
            while rendering.advance():
                bar.update(rendering.n_done - bar.n)
                signals.check()
    finally:
        rendering.cancel()
    seconds = time.perf_counter() - start
    width, height = settings.size
    output.line(
        f"{path}: {counted(rendering.n_written, 'frame')} of {width}x{height} in {seconds:.1f} s, "
        f"{rendering.n_written / seconds:.1f} frames/s"
    )
    output.result(
        command="render",
        out=str(path),
        n_frames=rendering.n_written,
        width=width,
        height=height,
        seconds=round(seconds, 3),
    )
    application.shutdown()
    return 0
