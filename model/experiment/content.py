"""What experiment files say in JSON: settings, view, events, and the limits of all of them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from model.data.dataset import MAX_CLASSES, MAX_POINTS
from model.data.features import CURVE_FEATURES, FEATURES
from model.data.generators import GENERATORS, GeneratorSettings
from model.data.naming import Naming
from model.experiment.archive import NO_EXPERIMENT
from model.experiment.arrays import MAX_DATASETS, SharedParts
from model.experiment.engines import MAX_ENGINES, EngineSpan, check_spans
from model.experiment.namings import shared_class_names
from model.experiment.settings_json import from_json, read_json, to_json, write_json
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, NetworkSettings
from model.run.history import Event
from model.training.settings import Setup, TrainingSettings
from model.training.stopping import Stop

FORMAT = "netcanvas-experiment"
VERSION = 3
"""Of the format, the newest that is read. What earlier programs can read is written as version 1 or 2."""

MAX_SETTINGS = 1_000
MAX_EVENTS = 10_000

_KNOWN_FEATURES = {*FEATURES, *CURVE_FEATURES}
_MAX_FORMULAS = 100
_MAX_MARKS = 400_000
_MAX_EVENT_TEXT = 500
_MAX_NAMED = 500_000
MAX_SECONDS = 1e9
_MAX_STRIDE = 1 << 40


@dataclass(frozen=True, slots=True)
class ExperimentJson:
    """``experiment.json``: each attribute is a name in it, see resources/file-format.md."""

    format: str
    version: int
    dataset: int
    network: int
    training: int
    generator: GeneratorSettings
    networks: tuple[NetworkSettings, ...]
    trainings: tuple[TrainingSettings, ...]
    events: tuple[Event, ...] = ()
    stride: int = 1
    view: dict[str, Any] = field(default_factory=dict)
    class_names: tuple[str, ...] = ()
    name: str = ""
    notes: str = ""
    program: str = ""
    namings: tuple[Naming, ...] = ()
    dataset_namings: tuple[int, ...] = ()
    engines: tuple[EngineSpan, ...] = ()
    seconds: float = 0.0


def check_limits(setup: Setup) -> None:
    """Raise a ValueError unless a window, and so a file, can hold a setup."""
    sizes, batch_size = setup.network.layer_sizes, setup.training.batch_size
    if len(setup.dataset) > MAX_POINTS:
        raise ValueError(f"a data set may have {MAX_POINTS:,} points; got {len(setup.dataset):,}")
    if setup.network.features is None:
        raise ValueError(f"{sizes[0]} inputs need as many features")
    if len(sizes) - 2 > MAX_HIDDEN_LAYERS or max(sizes[1:-1], default=0) > MAX_UNITS or sizes[-1] > MAX_CLASSES:
        raise ValueError(
            f"a network may have {MAX_HIDDEN_LAYERS} hidden layers of {MAX_UNITS} neurons and {MAX_CLASSES} outputs; "
            f"got {list(sizes)}"
        )
    if batch_size is not None and batch_size > MAX_POINTS:
        raise ValueError(f"batch_size may be {MAX_POINTS:,}; got {batch_size:,}")


def has_room(parts: SharedParts) -> bool:
    """Return whether there are not more settings than :func:`read_content` takes."""
    networks = parts.networks.items
    n_marks = sum(len(network.frozen) + len(network.pruned) for network in networks)
    return (
        max(len(networks), len(parts.trainings.items), len(parts.namings.items)) <= MAX_SETTINGS
        and sum(map(_n_characters, parts.namings.items)) <= _MAX_NAMED
        and n_marks <= _MAX_MARKS
        and len({name for network in networks for name in network.features or ()} - _KNOWN_FEATURES) <= _MAX_FORMULAS
    )


def _n_characters(naming: Naming) -> int:
    return sum(map(len, (naming.x1.name, naming.x2.name, naming.value.name, *naming.classes)))


def version_of(generator: GeneratorSettings, parts: SharedParts, engines: Sequence[EngineSpan], seconds: float) -> int:
    """Return the earliest version of the format in which all of an experiment can be written.

    Parameters
    ----------
    generator : GeneratorSettings
    parts : SharedParts
    engines : sequence of EngineSpan
    seconds : float
        How long the run was trained.
    """
    stops = any(training.stop != Stop() for training in parts.trainings.items)
    if stops or engines or seconds or shared_class_names(parts.namings_of_datasets) is None:
        return 3
    draws_curve = GENERATORS[generator.name].kind == "curve" or generator.curve_rule != GeneratorSettings().curve_rule
    has_curve = draws_curve or any(dataset.is_curve for dataset in parts.datasets.items)
    return 2 if has_curve or parts.drawn_orders.items else 1


def write_content(content: ExperimentJson) -> bytes:
    """Return the JSON of an experiment; of its events the last 10,000.

    Raises
    ------
    ValueError
        If it could not be read again.
    """
    events = sorted(content.events, key=lambda event: event.step)[-MAX_EVENTS:]
    content = replace(
        content,
        events=tuple(replace(event, text=event.text[:_MAX_EVENT_TEXT]) for event in events),
        stride=min(content.stride, _MAX_STRIDE),
        program=f"NetCanvas {_program_version()}",
    )
    value = to_json(content)
    for training in value["trainings"]:
        # What is left out, earlier programs read.
        if training["stop"] == to_json(Stop()):
            del training["stop"]
    if content.version == 1:
        del value["generator"]["curve_rule"]
    for name in ("namings", "dataset_namings", "engines", "seconds"):
        if not value[name]:
            del value[name]
    for event in value["events"]:
        # What only notes have is left out of the others, which earlier programs then read.
        if not event["is_note"]:
            del event["is_note"]
    data = write_json(value)
    # A seed of a hundred digits, for one, is not read.
    read_json(data)
    return data


def _program_version() -> str:
    """Return the version that pyproject.toml has: what pip noted of a checkout may be older."""
    checkout = Path(__file__).resolve().parents[2] / "pyproject.toml"
    with contextlib.suppress(OSError):
        found = re.search(r'^version = "([^"]+)"$', checkout.read_text(encoding="utf-8"), re.MULTILINE)
        if found is not None:
            return found[1]
    from importlib import metadata  # Nobody need wait for it who does not save.

    try:
        return metadata.version("netcanvas")
    except metadata.PackageNotFoundError:
        return "from source"


def read_content(data: bytes) -> ExperimentJson:
    """Return what an experiment says in JSON.

    Raises
    ------
    ValueError
        If it is of another program or a newer version, or anything in it is not allowed.
    """
    value = read_json(data)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError(NO_EXPERIMENT)
    version = value.get("version")
    if type(version) is not int or version < 1:
        raise ValueError(f"its version must be a whole number from 1; got {version!r}")
    if version > VERSION:
        raise ValueError(f"it was made by a newer NetCanvas: version {version}, this one reads {VERSION}")
    check_amounts(value)
    content = from_json(ExperimentJson, value, "experiment")
    steps = [event.step for event in content.events]
    if any(step < 0 for step in steps) or steps != sorted(steps):
        raise ValueError("the steps of its events do not ascend")
    check_spans(content.engines)
    if any(len(event.text) > _MAX_EVENT_TEXT for event in content.events):
        raise ValueError(f"the text of an event may have {_MAX_EVENT_TEXT} characters")
    if not 0.0 <= content.seconds <= MAX_SECONDS:
        raise ValueError(f"seconds must be 0 to {MAX_SECONDS:g}; got {content.seconds}")
    if not 1 <= content.stride <= _MAX_STRIDE:
        raise ValueError(f"stride must be 1 to {_MAX_STRIDE}; got {content.stride}")
    return content


def check_amounts(value: Mapping[str, Any]) -> None:
    """Refuse what would take long to be made into settings, whatever its types."""
    for name, limit in (
        *((name, MAX_SETTINGS) for name in ("networks", "trainings", "namings")),
        ("events", MAX_EVENTS),
        ("engines", MAX_ENGINES),
        ("dataset_namings", MAX_DATASETS),
    ):
        if isinstance(value.get(name), list) and len(value[name]) > limit:
            raise ValueError(f"there may be {limit:,} {name}; got {len(value[name]):,}")
    networks = [network for network in _list(value.get("networks")) if isinstance(network, dict)]
    names = {name for network in networks for name in _list(network.get("features")) if isinstance(name, str)}
    n_formulas = len(names - _KNOWN_FEATURES)
    if n_formulas > _MAX_FORMULAS:
        raise ValueError(f"there may be {_MAX_FORMULAS} different formulas; got {n_formulas}")
    runs = [run for network in networks for what in ("frozen", "pruned") for run in _list(network.get(what))]
    pairs = [run for run in runs if isinstance(run, list) and [type(edge) for edge in run] == [int, int]]
    n_marks = sum(max(stop - start, 0) for start, stop in pairs)
    if n_marks > _MAX_MARKS:
        raise ValueError(f"there may be {_MAX_MARKS:,} marks on parameters; got {n_marks:,}")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
