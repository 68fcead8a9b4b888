"""State texts: a moment of an experiment as a short text, which can be sent by mail and pasted."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass

import numpy as np

from model.data.dataset import Dataset, ProblemKind
from model.data.generators import GeneratorSettings, generate
from model.data.naming import PLAIN, Naming
from model.experiment.content import check_amounts, check_limits
from model.experiment.experiment import Experiment, ExperimentError
from model.experiment.settings_json import MAX_JSON_BYTES, from_json, read_json, to_json, write_json
from model.network.settings import NetworkSettings
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup, TrainingSettings
from model.types import shown

MAX_STATE_POINTS = 200
"""So many points that no generator draws may be in a text; more are worth a file."""

_FORMAT = "netcanvas-state"
_VERSION = 1
_SIGN = "netcanvas:"
_TEXT = re.compile(_SIGN + r"([A-Za-z0-9_\-=\s>]*)(\.?)", re.ASCII)
"""Where a mail breaks lines there is white space in it, and ">" where somebody answers. The full stop is its end."""
_LONGEST_TEXT = 2_000_000
_INCOMPLETE = "a part of it is missing or was changed: copy all of it, from “netcanvas:” to the full stop"


@dataclass(frozen=True, slots=True)
class _Points:
    """Points that no generator draws: each attribute is a name in the JSON of a state."""

    coordinates: tuple[tuple[float, float], ...]
    labels: tuple[float, ...]
    is_test: tuple[bool, ...]
    n_classes: int
    is_curve: bool = False


@dataclass(frozen=True, slots=True)
class _StateJson:
    """What a state text holds, as JSON."""

    format: str
    version: int
    generator: GeneratorSettings
    network: NetworkSettings
    training: TrainingSettings
    parameters: tuple[float, ...]
    points: _Points | None = None
    naming: Naming = PLAIN
    name: str = ""


def is_state_text(text: str) -> bool:
    """Return whether there is a state in a text, whole or not."""
    return _SIGN in text


def write_state_text(experiment: Experiment) -> str:
    """Return the present moment of an experiment as a text: its points, network, training settings and weights.

    Points that its generator draws are written as the generator's settings. The run and the view are left out.

    Raises
    ------
    ExperimentError
        If there are more than 200 points that no generator draws, or the weights are not finite.
    """
    setup = experiment.setup
    naming = setup.dataset.naming
    points = None if _drawn(experiment.generator, naming) == setup.dataset else _points(setup.dataset)
    frames = experiment.history.frames
    parameters = frames[-1].checkpoint.parameters if frames else Run(setup).moment().checkpoint.parameters
    if not np.isfinite(parameters).all():
        raise ExperimentError("The state cannot be copied: its weights are not finite.")
    content = _StateJson(
        _FORMAT,
        _VERSION,
        experiment.generator,
        setup.network,
        setup.training,
        tuple(parameters.tolist()),
        points,
        naming,
        experiment.name,
    )
    packed = base64.urlsafe_b64encode(zlib.compress(write_json(to_json(content)), 9)).decode("ascii")
    return f"{_SIGN}{packed}."


def _drawn(generator: GeneratorSettings, naming: Naming) -> Dataset | None:
    """Return what a generator draws under a person's names; None where it draws fewer classes than have names."""
    dataset = generate(generator)
    return None if len(naming.classes) > dataset.n_classes else dataset.named(naming)


def _points(dataset: Dataset) -> _Points:
    if len(dataset) > MAX_STATE_POINTS:
        raise ExperimentError(
            f"The state cannot be copied: {len(dataset):,} points that no generator draws are too many for a text, "
            f"which may have {MAX_STATE_POINTS}. Save the experiment and send the file."
        )
    return _Points(
        tuple((x1, x2) for x1, x2 in dataset.points.tolist()),
        tuple(dataset.labels.tolist()),
        tuple(dataset.is_test.tolist()),
        dataset.n_classes,
        dataset.is_curve,
    )


def read_state_text(text: str) -> Experiment:
    """Return the experiment of a state text, whose run begins with the weights of the text.

    What stands before and after the state is left out, as are line breaks and the marks of an answered mail.

    Raises
    ------
    ExperimentError
        If there is no whole state in the text, or anything in it is not allowed; nothing else is raised.
    """
    try:
        return _experiment(_content(text))
    except (ValueError, OverflowError) as error:
        raise ExperimentError(f"The state cannot be opened: {str(error).rstrip('.')}.") from error


def _content(text: str) -> _StateJson:
    found = _TEXT.search(text)
    if found is None:
        raise ValueError(f"it does not begin with “{_SIGN}”")
    if len(found[1]) > _LONGEST_TEXT:
        raise ValueError(f"it may have {_LONGEST_TEXT:,} characters")
    try:
        packed = base64.urlsafe_b64decode(re.sub(r"[\s>]", "", found[1]))
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, MAX_JSON_BYTES + 1)
    except (binascii.Error, zlib.error):
        raise ValueError(_INCOMPLETE) from None
    if len(data) <= MAX_JSON_BYTES and not (unpacking.eof and found[2]):
        raise ValueError(_INCOMPLETE)
    value = read_json(data)
    if not isinstance(value, dict) or value.get("format") != _FORMAT:
        raise ValueError("it is not a state of NetCanvas")
    version = value.get("version")
    if type(version) is not int or version < 1:
        raise ValueError(f"its version must be a whole number from 1; got {shown(version)}")
    if version > _VERSION:
        raise ValueError(f"it was made by a newer NetCanvas: version {version}, this one reads {_VERSION}")
    check_amounts({"networks": [value.get("network")]})
    return from_json(_StateJson, value, "state")


def _experiment(content: _StateJson) -> Experiment:
    dataset = generate(content.generator) if content.points is None else _dataset(content.points)
    dataset = dataset.named(content.naming)
    setup = Setup(dataset, content.network, content.training)
    check_limits(setup)
    run = Run(setup, np.array(content.parameters), engine=None)
    history = History()
    history.append(run.moment())
    return Experiment(setup, content.generator, history, name=content.name)


def _dataset(points: _Points) -> Dataset:
    if len(points.coordinates) > MAX_STATE_POINTS:
        raise ValueError(f"it may have {MAX_STATE_POINTS} points; got {len(points.coordinates):,}")
    kind: ProblemKind | None = "curve" if points.is_curve else None
    return Dataset(points.coordinates, points.labels, points.is_test, points.n_classes, kind)
