"""What the arguments mean: the settings of data, of a run and of an animation."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from gui.export.animation.formats import FORMATS
from gui.export.animation.settings import AnimationSettings
from gui.headless.options import DEFAULT_STEPS, values_of
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.network.losses import LOSSES
from model.training.schedules import Schedule
from model.training.settings import Setup, first_setup


def generator_of(arguments: argparse.Namespace) -> GeneratorSettings:
    """Return what draws the data; raise a ValueError that names a value which is not allowed, and what is."""
    return GeneratorSettings(**values_of(arguments, GeneratorSettings))


def setup_of(arguments: argparse.Namespace, generator: GeneratorSettings) -> Setup:
    """Return the run that the arguments describe; what they do not say is as the window begins with such data.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it and what is.
    """
    first = first_setup(generate(generator))
    network = _network(arguments, first.network)
    # As in the window, a loss that does not go with the output gives way.
    fits = network.output_activation in LOSSES[first.training.loss].outputs
    training = {"loss": first.training.loss if fits else "squared_error", **values_of(arguments, TrainingSettings)}
    schedule = replace(first.training.schedule, **values_of(arguments, Schedule))
    return Setup(first.dataset, network, replace(first.training, **training, schedule=schedule))


def n_steps_of(arguments: argparse.Namespace) -> int:
    """Return how many steps the run takes."""
    n_steps: int = getattr(arguments, "steps", DEFAULT_STEPS)
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
