"""Experiment: all that a person can keep of the window, in one file; see resources/file-format.md."""

from __future__ import annotations

import contextlib
import logging
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar

import numpy as np

from model.data.dataset import Dataset
from model.data.generators import GeneratorSettings
from model.experiment.archive import (
    JSON_NAME,
    MAX_ARRAY_BYTES,
    MEMBERS,
    NO_EXPERIMENT,
    Arrays,
    checked_zip,
    open_regular,
    read_arrays,
    read_member,
    write_archive,
)
from model.experiment.arrays import EXPECTED, MAX_CURVE, MAX_DATASETS, MAX_FRAMES, OPTIONAL, SharedParts, pack
from model.experiment.content import (
    FORMAT,
    MAX_SECONDS,
    VERSION,
    ExperimentJson,
    check_limits,
    has_room,
    read_content,
    version_of,
    write_content,
)
from model.experiment.engines import engine_spans
from model.experiment.frames import unpack_curve, unpack_datasets, unpack_frames
from model.experiment.namings import shared_class_names, with_class_names, with_namings
from model.experiment.settings_json import MAX_JSON_BYTES, JsonValue, json_copy, write_json
from model.experiment.titles import Titles
from model.network.settings import NetworkSettings
from model.run.curve import LossCurve
from model.run.history import DEFAULT_BUDGET, History, KeyFrame
from model.training.settings import Setup, TrainingSettings
from model.types import FloatArray, is_number, name_of, shortened

__all__ = [
    "SUFFIX",
    "VERSION",
    "Experiment",
    "ExperimentError",
    "load_experiment",
    "read_experiment",
    "recovery_paths",
    "save_experiment",
]

SUFFIX = ".netcanvas"

_MAX_VIEW_BYTES = 100_000
_MAX_NAME, _MAX_NOTES = 1_000, 100_000
_LONGEST_REASON = 300
_SECONDS_DECIMALS = 3

Item = TypeVar("Item")

_log = logging.getLogger(__name__)


class ExperimentError(ValueError):
    """An experiment file cannot be opened or saved; the message is one sentence that names it and says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """All that a person can keep of the window.

    Attributes
    ----------
    setup : Setup
        Data set, network and training, which are also attributes of their own. At most 100,000 points, 12 features, 10
        hidden layers of 64 neurons, 8 outputs.
    generator : GeneratorSettings
    history : History
        Its last frame is the present moment, from which the run goes on to the bit. Who saves in another thread gives
        a copy.
    curve : LossCurve
    view : mapping of str to JSON value
        How the window looks at it, which the model does not know. Tuples become lists.
    name, notes : str
        What the person calls it, and says of it.
    seconds : float
        How long the run was trained.

    Raises
    ------
    ValueError
        If something is larger than a file may hold.
    """

    setup: Setup
    generator: GeneratorSettings
    history: History = field(default_factory=History)
    curve: LossCurve = field(default_factory=LossCurve)
    view: Mapping[str, JsonValue] = field(default_factory=dict)
    name: str = ""
    notes: str = ""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        check_limits(self.setup)
        for what, text, limit in (
            ("the name", self.name, _MAX_NAME),
            ("the rule", self.generator.rule, _MAX_NAME),
            ("the rule of a curve", self.generator.curve_rule, _MAX_NAME),
            ("the notes", self.notes, _MAX_NOTES),
        ):
            if not isinstance(text, str) or len(text) > limit:
                raise ValueError(f"{what} must be text of at most {limit:,} characters")
        if not (is_number(self.seconds) and 0.0 <= self.seconds <= MAX_SECONDS):
            raise ValueError(f"seconds must be 0 to {MAX_SECONDS:g}; got {self.seconds!r}")
        if not isinstance(self.view, Mapping):
            raise ValueError(f"view must be a mapping; got {self.view!r}")
        n_bytes = len(write_json(self.view))
        if n_bytes > _MAX_VIEW_BYTES:
            raise ValueError(f"view may have {_MAX_VIEW_BYTES:,} bytes as JSON; got {n_bytes:,}")
        view = json_copy("view", self.view)
        object.__setattr__(self, "view", view)

    @property
    def titles(self) -> Titles:
        """Name and notes together."""
        return Titles(self.name, self.notes)

    @property
    def dataset(self) -> Dataset:
        """The points."""
        return self.setup.dataset

    @property
    def network(self) -> NetworkSettings:
        """The network's shape and names."""
        return self.setup.network

    @property
    def training(self) -> TrainingSettings:
        """How the network learns."""
        return self.setup.training


def save_experiment(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write an experiment file; until it is whole, the one that was there stays.

    Parameters
    ----------
    experiment : Experiment
    path : path-like
        Where it goes; ``.netcanvas`` is not added.

    Raises
    ------
    ExperimentError
        If it cannot be written. What was there is then unchanged, and nothing else is left behind.

    Notes
    -----
    Key frames whose parameters are not finite are left out, and every other one where a file would be too large.
    """
    target = Path(path)
    try:
        write_archive(target, *_packed(experiment))
    except FileNotFoundError as error:
        raise _error(target, "saved", "there is no such folder") from error
    except (OSError, ValueError, zipfile.LargeZipFile) as error:
        raise _error(target, "saved", error) from error


def load_experiment(path: str | os.PathLike[str], budget: int = DEFAULT_BUDGET) -> Experiment:
    """Read an experiment file, whatever is in it.

    Parameters
    ----------
    path : path-like
    budget : int
        Of the history, in bytes; a run that was kept in more is thinned.

    Raises
    ------
    ExperimentError
        If it cannot be read or is not a whole experiment; nothing else is raised.
    """
    source = Path(path)
    with _opening(source), open_regular(source) as file:
        return _read_file(file, budget)


def read_experiment(file: IO[bytes], name: str, budget: int = DEFAULT_BUDGET) -> Experiment:
    """Read an experiment that is part of another file.

    Parameters
    ----------
    file : file of bytes
        One that can seek.
    name : str
        What an error calls it.
    budget : int
        As in :func:`load_experiment`.

    Raises
    ------
    ExperimentError
        If it is not a whole experiment; nothing else is raised.
    """
    with _opening(Path(name)):
        return _read_file(file, budget)


@contextlib.contextmanager
def _opening(source: Path) -> Iterator[None]:
    """Let whatever goes wrong while a file is read be an ExperimentError that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise _error(source, "opened", "there is no such file") from error
    except (OSError, ValueError) as error:
        raise _error(source, "opened", error) from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise _error(source, "opened", "it is incomplete or damaged") from error
    except Exception as error:
        # A document that is open must not fall to a file that somebody else has made.
        _log.exception("unexpected while reading %s", source)
        raise _error(source, "opened", "it is incomplete or damaged") from error


def _read_file(file: IO[bytes], budget: int) -> Experiment:
    with checked_zip(file, NO_EXPERIMENT) as archive:
        return _read(archive, budget)


def recovery_paths(folder: str | os.PathLike[str]) -> list[Path]:
    """Return the experiment files of a folder, such as the one for autosaves, the newest first."""
    try:
        found = [(entry.stat().st_mtime, Path(entry.path)) for entry in os.scandir(folder) if entry.is_file()]
    except OSError:
        return []
    return [path for _, path in sorted(found, reverse=True) if path.suffix == SUFFIX]


def _error(path: Path, what: str, reason: object) -> ExperimentError:
    if isinstance(reason, OSError) and reason.strerror:
        reason = reason.strerror[:1].lower() + reason.strerror[1:]
    text = shortened(" ".join(str(reason).split()).rstrip("."), _LONGEST_REASON)
    return ExperimentError(f"{name_of(path)} cannot be {what}: {text}.")


# Writing


def _packed(experiment: Experiment) -> tuple[bytes, Arrays]:
    """Return JSON and arrays, with as many key frames as a file may have."""
    sound = _sound(experiment.history.frames)
    if not sound and len(experiment.history):
        raise ValueError("the weights of the run are not finite; go back to its start, or re-initialise the network")
    curve = _ascending(experiment.curve.rows)
    for stride, frames in _thinned(sound):
        if len(frames) > MAX_FRAMES:
            continue
        parts = SharedParts()
        numbers, _ = parts.numbers(experiment.setup)
        rows = [parts.row(frame) for frame in frames]
        n_bytes = parts.n_bytes(frames) + curve.nbytes
        if n_bytes <= MAX_ARRAY_BYTES and len(parts.datasets.items) <= MAX_DATASETS and has_room(parts):
            content = _content(experiment, numbers, parts, frames, experiment.history.stride * stride)
            return write_content(content), pack(frames, rows, parts, curve)
    raise ValueError("it is larger than a file may be")


def _thinned(frames: Sequence[KeyFrame]) -> Iterator[tuple[int, Sequence[KeyFrame]]]:
    """Yield all frames, then every second, every fourth and so on, each with the last; at last the last one alone."""
    stride = 1
    while stride < len(frames):
        yield stride, [*frames[:-1:stride], frames[-1]]
        stride *= 2
    yield stride, frames[-1:]


def _sound(frames: Sequence[KeyFrame]) -> list[KeyFrame]:
    """Return the frames with finite parameters, of setups that a file may have."""
    allowed: dict[int, bool] = {}
    kept = []
    for frame in frames:
        if id(frame.setup) not in allowed:
            try:
                check_limits(frame.setup)
                allowed[id(frame.setup)] = True
            except ValueError:
                allowed[id(frame.setup)] = False
        best = frame.checkpoint.best
        arrays = [frame.checkpoint.parameters] if best is None else [frame.checkpoint.parameters, best.parameters]
        if allowed[id(frame.setup)] and all(np.isfinite(array).all() for array in arrays):
            kept.append(frame)
    return kept


def _ascending(rows: FloatArray) -> FloatArray:
    """Return the rows of a curve without those that a later row goes back behind, and not too many."""
    steps = rows[:, 0]
    rows = rows[steps <= np.minimum.accumulate(steps[::-1])[::-1]]
    return rows[:: max(-(-len(rows) // MAX_CURVE), 1)]


def _content(
    experiment: Experiment,
    numbers: tuple[int, int, int],
    parts: SharedParts,
    frames: Sequence[KeyFrame],
    stride: int,
) -> ExperimentJson:
    dataset, network, training = numbers
    namings = parts.namings_of_datasets
    class_names = shared_class_names(namings)
    engines = engine_spans(frames)
    return ExperimentJson(
        format=FORMAT,
        version=version_of(experiment.generator, parts, engines, experiment.seconds),
        dataset=dataset,
        network=network,
        training=training,
        generator=experiment.generator,
        networks=tuple(parts.networks.items),
        trainings=tuple(parts.trainings.items),
        events=tuple(experiment.history.events),
        stride=stride,
        view=dict(experiment.view),
        class_names=class_names or (),
        name=experiment.name,
        notes=experiment.notes,
        namings=tuple(parts.namings.items) if class_names is None else (),
        dataset_namings=tuple(map(parts.namings.number, namings)) if class_names is None else (),
        engines=engines,
        seconds=round(experiment.seconds, _SECONDS_DECIMALS),
    )


# Reading


def _read(archive: zipfile.ZipFile, budget: int) -> Experiment:
    names = set(archive.namelist())
    if JSON_NAME not in names:
        raise ValueError(NO_EXPERIMENT)
    content = read_content(read_member(archive, JSON_NAME, MAX_JSON_BYTES).getvalue())
    if names != MEMBERS:
        raise ValueError(f"it must have {' and '.join(sorted(MEMBERS))} and nothing else")
    arrays = read_arrays(archive, EXPECTED, OPTIONAL)
    datasets = unpack_datasets(arrays)
    if content.dataset_namings:
        datasets = with_namings(datasets, content.namings, content.dataset_namings)
    else:
        datasets = with_class_names(datasets, content.class_names)
    frames = unpack_frames(arrays, datasets, content.networks, content.trainings, content.engines)
    history = History(budget)
    for frame in frames:
        history.append(frame)
    history.stride *= content.stride
    history.set_events(content.events)
    return Experiment(
        Setup(
            _numbered("dataset", content.dataset, datasets),
            _numbered("network", content.network, content.networks),
            _numbered("training", content.training, content.trainings),
        ),
        content.generator,
        history,
        LossCurve.from_rows(unpack_curve(arrays)),
        content.view,
        content.name,
        content.notes,
        content.seconds,
    )


def _numbered(what: str, number: int, items: Sequence[Item]) -> Item:
    if not 0 <= number < len(items):
        raise ValueError(f"{what} must be 0 to {len(items) - 1}; got {number}")
    return items[number]
