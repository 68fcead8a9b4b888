"""What the arguments mean: the settings of data, of a run and of an animation."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from gui.export.animation.formats import FORMATS
from gui.export.animation.settings import AnimationSettings
from gui.headless.options import DEFAULT_STEPS, MOST_STEPS, values_of
from gui.headless.tables import read_points
from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.experiment.content import check_limits
from model.network.losses import LOSSES
from model.table.points import FEWEST_TO_DRAW
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import Setup, first_setup
from model.training.stopping import Stop
from model.types import counted

Result = TypeVar("Result")

_OF_SEVERAL = ("--optimizer-options",)
"""Options of several values, each with a name of its own."""


@dataclass(frozen=True, slots=True)
class Points:
    """What a run learns from.

    Attributes
    ----------
    dataset : Dataset
    generator : GeneratorSettings
        What drew it, or what the window begins with.
    sentence : str
        What was read from a table; empty where nothing was.
    """

    dataset: Dataset
    generator: GeneratorSettings
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that the arguments describe.

    Attributes
    ----------
    points : Points
    setup : Setup
    n_steps : int
    """

    points: Points
    setup: Setup
    n_steps: int


def plan_of(arguments: argparse.Namespace) -> Plan:
    """Return the run that the arguments describe.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names its option and what is allowed.
    CommandError
        If a table cannot be read.
    """
    options = arguments.run_options
    points = naming_options(arguments, options, points_of)
    setup = naming_options(arguments, options, lambda some: setup_of(some, points.dataset))
    return Plan(points, setup, naming_options(arguments, options, n_steps_of))


def generator_of(arguments: argparse.Namespace) -> GeneratorSettings:
    """Return what draws the data; raise a ValueError for a value that is not allowed, or that would change nothing."""
    values = values_of(arguments, GeneratorSettings)
    generator = GeneratorSettings(**values)
    smallest, largest = GENERATORS[generator.name].class_range
    if "n_classes" in values and not smallest <= generator.n_classes <= largest:
        allowed = f"{smallest}" if smallest == largest else f"{smallest} to {largest}"
        allowed = f"{allowed} for" if largest else "left out with"
        raise ValueError(f"--classes must be {allowed} {generator.name}; got {generator.n_classes}")
    for name, option in (("rule", "--rule"), ("curve_rule", "--curve-rule")):
        if name in values and generator.name != name:
            raise ValueError(f"{option} must be left out with {generator.name}; it goes with --dataset {name}")
    if "label_noise" in values and GENERATORS[generator.name].kind == "curve":
        raise ValueError(
            f"--label-noise must be left out with {generator.name}, whose heights have the noise of --noise"
        )
    return generator


def points_of(arguments: argparse.Namespace) -> Points:
    """Return the points that the arguments name: those of a table, or of a generator."""
    if "data" not in arguments:
        generator = generator_of(arguments)
        return Points(generate(generator), generator)
    kept = ("training_share", "seed")
    for name, option in arguments.run_options.items():
        kind, _, field = name.partition(".")
        if kind == GeneratorSettings.__name__ and field not in kept and name in arguments:
            raise ValueError(f"--data has its own points, so {option} cannot be given with it")
    values = values_of(arguments, GeneratorSettings)
    generator = GeneratorSettings(**values)
    imported, choice = read_points(arguments.data)
    dataset, sentence = imported.dataset, imported.sentence
    if choice.set is None and (len(dataset) >= FEWEST_TO_DRAW or "training_share" in values):
        dataset = dataset.split(generator.training_share, np.random.default_rng(generator.seed))
        sentence = f"{sentence.rstrip('.')}; {counted(dataset.n_test, 'point')} drawn for testing."
    return Points(dataset, generator, sentence)


def setup_of(arguments: argparse.Namespace, dataset: Dataset) -> Setup:
    """Return the run that the arguments describe; what they do not say is as the window begins with such data.

    Raises
    ------
    ValueError
        If a value is not allowed, or would change nothing; the message names it and what is allowed.
    """
    first = first_setup(dataset)
    network = _network(arguments, first.network)
    # As in the window, a loss that does not go with the output gives way.
    fits = network.output_activation in LOSSES[first.training.loss].outputs
    values = values_of(arguments, TrainingSettings)
    training = {"loss": first.training.loss if fits else "squared_error", **values}
    given = values_of(arguments, Schedule)
    schedule = replace(first.training.schedule, **given)
    for name in given.keys() - {"name", *SCHEDULES[schedule.name].options}:
        option = arguments.run_options[f"Schedule.{name}"]
        raise ValueError(f"{option} must be left out with the schedule {schedule.name}, which does not use it")
    if "regularization_rate" in values and values.get("regularization", "none") == "none":
        raise ValueError("--regularization-rate must be left out without a regularization, such as --regularization l2")
    changes = {**training, "schedule": schedule, "stop": _stop(arguments)}
    setup = Setup(first.dataset, network, replace(first.training, **changes))
    if getattr(arguments, "save", None) is not None:
        check_limits(setup)
    return setup


def _stop(arguments: argparse.Namespace) -> Stop:
    """Return where training is to end; raise a ValueError for what would change nothing."""
    values = values_of(arguments, Stop)
    stop = Stop(**values)
    for name, needed in (("improvement", ("plateau",)), ("watched", ("loss", "accuracy", "plateau"))):
        if name in values and all(getattr(stop, other) is None for other in needed):
            others = " or ".join(f"--stop-{other}" for other in needed)
            raise ValueError(f"--stop-{name} must be left out without {others}")
    return stop


def n_steps_of(arguments: argparse.Namespace) -> int:
    """Return how many steps the run takes at most."""
    ends = Stop(**values_of(arguments, Stop)).is_set or getattr(arguments, "TrainingSettings.patience", None)
    n_steps: int = getattr(arguments, "steps", MOST_STEPS if ends else DEFAULT_STEPS)
    if n_steps < 1:
        raise ValueError(f"steps must be 1 or more; got {n_steps}")
    return n_steps


def _network(arguments: argparse.Namespace, first: NetworkSettings) -> NetworkSettings:
    hidden = getattr(arguments, "hidden", first.layer_sizes[1:-1])
    activations = getattr(arguments, "activation", first.hidden_activations[:1])
    values = values_of(arguments, NetworkSettings)
    features = values.get("features", first.features) or ()
    return replace(
        first,
        layer_sizes=(len(features), *hidden, first.layer_sizes[-1]),
        hidden_activations=activations * len(hidden) if len(activations) == 1 else activations,
        **values,
    )


def animation_of(arguments: argparse.Namespace) -> AnimationSettings:
    """Return the animation that the arguments describe.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it and what is.
    """
    values = values_of(arguments, AnimationSettings)
    if "format" not in values:
        values["format"] = _format_of(Path(arguments.out))
    settings = AnimationSettings(**values)
    # The format may know narrower limits.
    settings.movie()
    return settings


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    for name, entry in FORMATS.items():
        if suffix in (entry.suffix, *entry.other_suffixes):
            return name
    known = ", ".join(
        f"{' or '.join((entry.suffix, *entry.other_suffixes))} ({entry.label})"
        for entry in FORMATS.values()
        if entry.suffix
    )
    raise ValueError(f"--out must end in {known}, or in nothing for a folder of PNG pictures; got {path.name!r}")


# What is wrong, in the words of the command line


def naming_options(
    arguments: argparse.Namespace, options: Mapping[str, str], build: Callable[[argparse.Namespace], Result]
) -> Result:
    """Return what `build` makes of the arguments; where it raises a ValueError, one that names the option.

    Parameters
    ----------
    arguments : argparse.Namespace
    options : mapping of str to str
        The option of each name in the arguments.
    build : callable
    """
    try:
        return build(arguments)
    except ValueError as error:
        problem = error
    given = [name for name in options if name in arguments]
    if str(problem).startswith("--"):
        raise problem
    # The first option with which it is wrong is the one that is at fault.
    some = argparse.Namespace(**{name: value for name, value in vars(arguments).items() if name not in given})
    for name in (None, *given):
        if name is not None:
            setattr(some, name, getattr(arguments, name))
        try:
            build(some)
        except ValueError as error:
            raise problem if name is None else ValueError(_in_options(str(error), options, name)) from error
    raise problem


def _in_options(message: str, options: Mapping[str, str], name: str) -> str:
    """Return a message with options in the place of the fields that they are for; it is the fault of that of `name`."""
    message, listed, names = re.sub(r",? or None[^;]*", "", message).partition("must be one of ")
    for other, option in options.items():
        field = other.rpartition(".")[2]
        if "_" in field:
            message = re.sub(rf"(?<![\w-]){field}\b", option, message)
    message += listed + names
    if message.startswith("--"):
        return message
    # A message on one of several values that an option has names that value itself.
    what = re.match(r"(\w+ ){1,2}(?=must\b)", message) if options[name] not in _OF_SEVERAL else None
    return f"{options[name]}: {message}" if what is None else f"{options[name]} {message[what.end() :]}"
