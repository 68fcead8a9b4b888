"""The command that lets several ways to train a network race."""

from __future__ import annotations

import argparse
import signal
from dataclasses import replace
from typing import Any

from gui.headless.interruption import Signals
from gui.headless.output import Output
from gui.headless.results import values_of_metrics
from gui.headless.settings import naming_options, plan_of
from gui.headless.training import DIVERGED, prepare_compiled
from model import TrainingSettings
from model.run.race import USUAL_RATES, LaneState, Race, RaceState, Standing, lane_names, seconds_text, verdict

_STRETCH = 100
"""After so many steps at most it is asked whether the race is to stop."""


def race(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Let the lanes race, and tell in a table how each did, and which won.

    Returns
    -------
    int
        The exit status.
    """
    plan = plan_of(arguments)
    if plan.points.sentence:
        output.line(plan.points.sentence)
    if arguments.engine == "compiled":
        prepare_compiled(output)
    training = plan.setup.training
    options = {"lanes": "--lanes", "rates": "--rates"}
    the_race = naming_options(
        arguments,
        options,
        lambda some: Race(plan.setup, lanes_of(some, training), plan.n_steps, engine=arguments.engine),
    )
    with output.bar("Racing", "steps", plan.n_steps) as bar:
        while not the_race.is_over and not signals.have_come():
            the_race.advance(_STRETCH)
            bar.update(the_race.step - bar.n)
    if signals.first == signal.SIGINT:
        output.end_line()
    state, names = the_race.state(), lane_names(lanes_of(arguments, training))
    for line in table_of(state, names):
        output.line(line)
    output.line(verdict(state, names))
    output.result(
        command="race",
        step=state.step,
        is_over=state.is_over,
        lanes=[_values_of_lane(lane, name) for lane, name in zip(state.lanes, names, strict=True)],
        by_step=_values_of_standing(state.by_step(), names),
        by_time=_values_of_standing(state.by_time(), names),
    )
    if signals.first is not None:
        return 128 + signals.first
    return DIVERGED if all(lane.has_diverged for lane in state.lanes) else 0


def lanes_of(arguments: argparse.Namespace, base: TrainingSettings) -> list[TrainingSettings]:
    """Return how each lane learns: as the run that the arguments describe, but for its optimizer or learning rate.

    Raises
    ------
    ValueError
        If an optimizer or a learning rate is not allowed, or there are too few lanes or too many.
    """
    if hasattr(arguments, "rates"):
        return [replace(base, learning_rate=rate) for rate in arguments.rates]
    lanes = []
    for name, rate in getattr(arguments, "lanes", USUAL_RATES.items()):
        options = base.optimizer_options if name == base.optimizer else {}
        learning_rate = base.learning_rate if rate is None else rate
        lanes.append(replace(base, optimizer=name, optimizer_options=options, learning_rate=learning_rate))
    return lanes


def table_of(state: RaceState, names: tuple[str, ...]) -> list[str]:
    """Return a table of the lanes, line by line."""
    width = max(len("lane"), *map(len, names))
    lines = [f"{'lane':<{width}}  {'step':>9}  {'loss':>10}  {'test loss':>10}  {'time':>8}"]
    for name, lane in zip(names, state.lanes, strict=True):
        metrics = lane.trained.moment.metrics
        losses = (
            "-" if loss is None else f"{loss:.6f}" if 1e-4 <= loss < 1e3 else f"{loss:.3e}"
            for loss in (metrics.train_loss, metrics.test_loss)
        )
        train, test = losses
        note = "" if not lane.trained.note else f"  {lane.trained.note}"
        lines.append(
            f"{name:<{width}}  {metrics.step:>9,}  {train:>10}  {test:>10}  {seconds_text(lane.seconds):>8}{note}"
        )
    return lines


def _values_of_lane(lane: LaneState, name: str) -> dict[str, Any]:
    training, moment = lane.training, lane.trained.moment
    return {
        "name": name,
        "optimizer": training.optimizer,
        "learning_rate": training.learning_rate,
        "batch_size": training.batch_size,
        "engine": lane.trained.engine,
        "ended": lane.trained.how,
        "note": lane.trained.note,
        "learning_rate_too_high": lane.trained.is_rate_too_high,
        **values_of_metrics(moment.metrics, moment.epoch, moment.dataset.naming.value.unit),
        "seconds": round(lane.seconds, 6),
    }


def _values_of_standing(standing: Standing, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "at": standing.at,
        "losses": dict(zip(names, standing.losses, strict=True)),
        "leaders": [names[place] for place in standing.leaders],
    }
