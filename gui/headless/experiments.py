"""The commands that look at an experiment: how well its network does, and the network for other programs."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from gui.export.errors import export_error
from gui.headless.interruption import Signals
from gui.headless.output import CommandError, Output
from gui.headless.places import check_no_experiment, place_of
from gui.headless.results import evaluation_line, values_of_evaluation
from gui.headless.tables import read_points
from model import Dataset, Network
from model.data.dataset import PLANE_LIMIT
from model.experiment import Experiment, load_experiment
from model.notebook.notebook import SUFFIX as NOTEBOOK_SUFFIX
from model.notebook.notebook import notebook
from model.run.history import KeyFrame
from model.scripts.formats import NETWORK_FORMATS, NetworkFormat
from model.scripts.wording import Wording
from model.training.metrics import PointSet
from model.types import check_choice, counted, shown
from model.writing import write_whole


def opened(arguments: argparse.Namespace) -> tuple[Experiment, KeyFrame]:
    """Return the experiment that the arguments name, and the moment of its run.

    Raises
    ------
    ValueError
        If its run does not have the step.
    """
    experiment = load_experiment(arguments.file)
    frames, step = experiment.history.frames, arguments.step
    if not frames:
        raise CommandError(f"{arguments.file} has no run.")
    first, last = frames[0].step, frames[-1].step
    if step is None:
        return experiment, frames[-1]
    if not first <= step <= last:
        raise ValueError(f"--step must be {first} to {last}, which is the run; got {step}")
    return experiment, [frame for frame in frames if frame.step <= step][-1]


def evaluate(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Tell how well the network does on its training and test points, and on those of a table."""
    experiment, moment = opened(arguments)
    network = Network.read_only(moment.network, moment.checkpoint.parameters)
    sets = {
        "training": (moment.dataset.subset(test=False), False),
        "test": (moment.dataset.subset(test=True), True),
    }
    if arguments.data is not None:
        sets = {"table": (_points_for(network, experiment, moment, arguments, output), False)}
    elif arguments.scaled_as is not None:
        raise ValueError("--scaled-as goes with --data")
    output.line(f"{arguments.file} at step {moment.step:,}, epoch {moment.epoch:,}")
    values, unit = {}, moment.dataset.naming.value.unit
    for name, (points, is_test) in sets.items():
        with np.errstate(all="ignore"):
            evaluation = PointSet(network, points, test=is_test).evaluate(network, moment.training.loss)
        values[name] = {"n_points": len(points), **values_of_evaluation(evaluation, unit)}
        output.line(evaluation_line(name, len(points), evaluation, unit))
    output.result(command="evaluate", file=arguments.file, step=moment.step, epoch=moment.epoch, **values)
    return 0


def _points_for(
    network: Network, experiment: Experiment, moment: KeyFrame, arguments: argparse.Namespace, output: Output
) -> Dataset:
    """Return the points of a table as a network takes them, all for training."""
    table, learned, like = arguments.data, moment.dataset, moment.dataset
    if arguments.scaled_as is not None:
        naming = read_points(arguments.scaled_as, curve=learned.is_curve)[0].dataset.naming
        like = learned.named(replace(naming, classes=learned.naming.classes))
    imported, choice = read_points(table, like)
    dataset = imported.dataset
    if choice.label is None and not learned.is_curve:
        raise CommandError(f"{table} has no column of classes or values to compare with.")
    if dataset.is_regression != moment.dataset.is_regression:
        has, knows = ("values", "classes") if dataset.is_regression else ("classes", "values")
        raise CommandError(f"{table} has {has}, and the network knows {knows}.")
    if dataset.n_classes > network.settings.n_classes:
        known = ", ".join(learned.class_names)
        raise CommandError(f"{table} has the classes {', '.join(dataset.class_names)}; the network knows {known}.")
    n_outside = int((np.abs(dataset.points).max(axis=1) > PLANE_LIMIT).sum())
    if n_outside and not like.naming.is_scaled:
        output.note(
            f"{n_outside:,} of {len(dataset):,} points are outside the plane, -6 to 6; if the network learned points "
            "that were scaled to it, name their table with --scaled-as"
        )
    output.line(imported.sentence)
    return dataset.like(dataset.points, dataset.labels)


def write_network(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Write the network for other programs."""
    path = Path(arguments.out)
    entry = _format_of(path, arguments.format)
    _, moment = opened(arguments)
    network = Network.read_only(moment.network, moment.checkpoint.parameters)
    try:
        content = entry.content(network, Wording.of(moment.dataset))
    except ValueError as error:
        raise CommandError(f"the network cannot be written: {error}.") from error
    _write(path, content, arguments)
    n_parameters = network.settings.n_parameters
    output.line(f"{path}: {entry.label}, {counted(n_parameters, 'parameter')} of step {moment.step:,}")
    output.result(command="network", out=str(path), format=entry.name, n_parameters=n_parameters, step=moment.step)
    return 0


def write_notebook(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    """Write the run as a notebook for Jupyter."""
    path = Path(arguments.out)
    if path.suffix.lower() != NOTEBOOK_SUFFIX:
        raise ValueError(f"--out must end in {NOTEBOOK_SUFFIX}; got {shown(path.name)}")
    experiment = load_experiment(arguments.file)
    try:
        content = notebook(experiment.history, experiment.curve, experiment.name)
    except ValueError as error:
        raise CommandError(f"the notebook cannot be written: {error}.") from error
    _write(path, content, arguments)
    output.line(f"{path}: trains the network again with NumPy, and draws what it learns")
    output.result(command="notebook", out=str(path))
    return 0


def _write(path: Path, content: bytes, arguments: argparse.Namespace) -> None:
    place_of("--out", arguments.out, [arguments.file])
    try:
        write_whole(path, content)
    except OSError as error:
        raise export_error(path, error) from error


def _format_of(path: Path, name: str | None) -> NetworkFormat:
    check_no_experiment(path)
    if name is not None:
        check_choice("--format", name, NETWORK_FORMATS)
    formats = [NETWORK_FORMATS[name]] if name is not None else list(NETWORK_FORMATS.values())
    for entry in formats:
        if path.suffix.lower() == entry.suffix:
            return entry
    known = ", ".join(dict.fromkeys(entry.suffix for entry in formats))
    raise ValueError(f"--out must end in {known}; got {shown(path.name)}")
