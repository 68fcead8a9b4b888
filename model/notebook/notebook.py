"""Notebook: a run from its last change on, to be trained again with NumPy alone and drawn with matplotlib."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from model.data.dataset import CURVE_UNIT, Dataset
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.settings import NetworkSettings
from model.notebook import pictures, training
from model.notebook.arrays import MOST_LISTED, array_source, list_source, matrix_source
from model.notebook.sources import (
    activation_calls,
    definitions,
    indented,
    loss_slope,
    loss_value,
)
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.scripts.scripts import features_source
from model.types import counted, or_nan

SUFFIX = ".ipynb"

_TEMPLATE = Path(__file__).resolve().parents[2] / "resources" / "scripts" / "notebook.py.txt"
_MOST_COMPARED = 40
"""Moments of the window's loss curve that are compared."""
_MOST_DRAWN = 200
"""Moments at which the notebook measures the loss, for its own curve."""
_CELL = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A part of a run in which nobody changed anything.

    Attributes
    ----------
    first, last : KeyFrame
    rows : ndarray of shape (n, 3)
        Steps of the loss curve with the training and the test loss that the window showed; the first and last moment
        among them.
    is_whole : bool
        Whether it begins with the run.
    """

    first: KeyFrame
    last: KeyFrame
    rows: np.ndarray[Any, np.dtype[np.float64]]
    is_whole: bool


def last_stretch(history: History, curve: LossCurve) -> Stretch:
    """Return the end of a run, from its last change on.

    Raises
    ------
    ValueError
        If there is no moment.
    """
    frames = history.frames
    if not frames:
        raise ValueError("there is no run")
    last = frames[-1]
    changed = max((event.step for event in history.events if not event.is_note), default=0)
    first = next(frame for frame in frames if frame is last or (frame.step >= changed and frame.setup == last.setup))
    within = curve.rows[:, :3]
    within = within[(within[:, 0] > first.step) & (within[:, 0] < last.step)]
    chosen = np.unique(np.linspace(0, len(within) - 1, min(len(within), _MOST_COMPARED)).astype(np.intp))
    rows = [_row(first), *within[chosen], _row(last)]
    return Stretch(first, last, np.array(rows[:1] if first is last else rows), first is frames[0])


def _row(frame: KeyFrame) -> tuple[float, float, float]:
    metrics = frame.metrics
    return frame.step, or_nan(metrics.train_loss), or_nan(metrics.test_loss)


def notebook(history: History, curve: LossCurve, name: str = "") -> bytes:
    """Return a Jupyter notebook that rebuilds the points and trains as the run did from its last change on.

    Parameters
    ----------
    history : History
    curve : LossCurve
    name : str
        Of the experiment, for the title.

    Raises
    ------
    ValueError
        If there is no run, or a weight is not finite.
    """
    import nbformat  # Its schemas take long to be imported.

    stretch = last_stretch(history, curve)
    if not np.isfinite(stretch.first.checkpoint.parameters).all():
        raise ValueError("the weights with which it begins are not finite")
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(_slots(stretch, name))
    _, *parts = _CELL.split(text)
    cells = []
    for number, (kind, content) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        source = re.sub("\n{4,}", "\n\n\n", content.strip())
        cell: dict[str, Any] = {"id": f"cell-{number}", "cell_type": "markdown", "metadata": {}, "source": source}
        if kind is None:
            cell |= {"cell_type": "code", "execution_count": None, "outputs": []}
        else:
            cell["source"] = "\n".join(line[2:] for line in source.split("\n"))
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    book = nbformat.from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    text = nbformat.writes(book)  # type: ignore[no-untyped-call]
    return f"{text}\n".encode()


def _slots(stretch: Stretch, name: str) -> dict[str, str]:
    first = stretch.first
    dataset, settings, learning = first.dataset, first.network, first.training
    functions = definitions(settings, learning.loss)
    standardized = bool(settings.standardization)
    prepare = []
    features = features_source(settings)
    if features:
        functions.insert(0, features)
        prepare.append("a = features(a)")
    elif settings.is_of_curve:
        prepare.append("a = a[:, :1]")
    if standardized:
        prepare.append("a = (a - MEANS) / SPREADS")
    parts = training.parts_of(stretch.first)
    functions_text = "\n\n\n".join(functions)
    return {
        "title": _plain(name) or "A run of NetCanvas",
        "story": _wrapped(_story(stretch)),
        "imports": "\n".join(f"import {module}" for module in ("base64", "math", "zlib") if _uses(module, stretch)),
        "points_text": _wrapped(_points_text(dataset)),
        "data": _data(dataset),
        "network_text": _wrapped(_network_text(settings)),
        "layer_sizes": repr(list(settings.layer_sizes)),
        "constants": "\n".join(_constants(settings)),
        "definitions": functions_text,
        "activations": ", ".join(activation_calls(settings)),
        "prepare": indented(prepare or ["# The coordinates go in as they are."]),
        "expand": "".join(f"\n{indented([line])}" for line in _expand(settings)),
        "loss_text": _wrapped(f"Training makes the {LOSSES[learning.loss].label} of the training points small."),
        "loss_value": loss_value(settings, learning.loss),
        "loss_delta": loss_slope(settings, learning.loss),
        "loss_label": repr(LOSSES[learning.loss].label),
        "targets": _targets(dataset, settings),
        "training_text": _commented(parts.text),
        "training": parts.functions,
        "run_text": _wrapped(_run_text(stretch)),
        "start": f"{_start(stretch)}\n{parts.start}",
        "loop": parts.loop,
        "window": matrix_source(stretch.rows),
        "window_columns": "step, training loss, test loss",
        "picture": pictures.source(dataset, settings),
    }


# Words


def _story(stretch: Stretch) -> str:
    n_steps = stretch.last.step - stretch.first.step
    if stretch.is_whole:
        return f"This notebook trains a network of NetCanvas again: {counted(n_steps, 'step')} from its first weights."
    return (
        f"This notebook trains a network of NetCanvas again, from step {stretch.first.step:,}, after which nothing was "
        f"changed, to step {stretch.last.step:,}."
    )


def _points_text(dataset: Dataset) -> str:
    naming = dataset.naming
    if dataset.is_curve:
        text = f"Points of a curve: x, and the height y times {CURVE_UNIT:g}, as NetCanvas has them on its plane."
    elif dataset.is_regression:
        text = "Points of the plane with values of −1 to 1."
    else:
        names = ", ".join(_plain(name) for name in dataset.class_names)
        text = f"Points of the plane in {counted(dataset.n_classes, 'class', 'classes')}: {names}."
    if naming.is_scaled:
        text += " They are scaled to the plane, from −6 to 6; UNITS and MIDDLES lead back to the numbers of the table."
    return text


def _network_text(settings: NetworkSettings) -> str:
    sizes = " → ".join(map(str, settings.layer_sizes))
    hidden = ", ".join(settings.hidden_activations) or "none"
    text = f"{sizes} units; activations of the hidden layers: {hidden}; of the output: {settings.output_activation}."
    if settings.bias != "per_neuron":
        text += " There are no biases." if settings.bias == "none" else " One bias serves all neurons."
    return text


def _run_text(stretch: Stretch) -> str:
    frame = stretch.first
    origin = "The first weights" if stretch.is_whole else f"The weights of step {frame.step:,}"
    return f"{origin}, and the state of the generator of random numbers that orders the points."


def _plain(text: str) -> str:
    """Return a person's text for Markdown, in one line and without its signs."""
    return re.sub(r"([\\`*_{}\[\]<>#$|~])", r"\\\1", " ".join(text.split()))


def _wrapped(text: str) -> str:
    return _commented("\n".join(textwrap.wrap(text, 110)))


def _commented(text: str) -> str:
    """Return lines of Markdown for the template, where they are comments but for the first, which is one already."""
    return "\n# ".join(text.split("\n"))


# Numbers


def _uses(module: str, stretch: Stretch) -> bool:
    settings, loss = stretch.first.network, stretch.first.training.loss
    if module == "math":
        return "math." in "\n".join([*definitions(settings, loss), training.schedule_source(stretch.first.training)])
    return len(stretch.first.dataset) * 2 > MOST_LISTED


def _data(dataset: Dataset) -> str:
    axes, plain = dataset.axes, ("x", "y") if dataset.is_curve else ("x1", "x2")
    names = [axis.name or name for axis, name in zip(axes, plain, strict=True)]
    lines = [
        f"POINTS = {array_source(dataset.points)}",
        f"LABELS = {array_source(dataset.labels)}",
        f"IS_TEST = {array_source(dataset.is_test.astype(np.int64))} == 1",
        "",
        f"AXES = {names!r}",
    ]
    lines += [f"MIDDLES, UNITS = {[axis.middle for axis in axes]!r}, {[axis.unit for axis in axes]!r}"]
    if not dataset.is_regression:
        lines += [f"CLASS_NAMES = {list(dataset.class_names)!r}"]
    return "\n".join(lines)


def _constants(settings: NetworkSettings) -> list[str]:
    lines = []
    if settings.standardization:
        means, spreads = np.array(settings.standardization).T
        lines += [f"MEANS, SPREADS = {array_source(means)}, {array_source(spreads)}"]
    layout = settings.layout()
    if layout is not None:
        lines += [
            "# Which parameter each number of the layers' matrices is made of, and what it is multiplied by.",
            f"POSITIONS = {array_source(layout.positions)}",
            f"FACTORS = {array_source(layout.factors)}",
        ]
    return lines


def _expand(settings: NetworkSettings) -> Sequence[str]:
    return [] if settings.layout() is None else ["parameters = parameters[POSITIONS] * FACTORS"]


def _targets(dataset: Dataset, settings: NetworkSettings) -> str:
    if dataset.is_regression:
        return "LABELS[np.newaxis]"
    output = OUTPUT_ACTIVATIONS[settings.output_activation]
    n_units = settings.layer_sizes[-1]
    classes = "1" if n_units == 1 else f"np.arange({n_units})[:, np.newaxis]"
    return f"np.where(LABELS[np.newaxis] == {classes}, {output.present}, {output.absent})"


def _start(stretch: Stretch) -> str:
    compared = np.unique(stretch.rows[:, 0].astype(np.int64)).tolist()
    return "\n".join(
        [
            f"parameters = {array_source(stretch.first.checkpoint.parameters)}",
            f"FIRST_STEP, LAST_STEP = {stretch.first.step}, {stretch.last.step}",
            "# The losses are measured at these steps, some of them to be compared with NetCanvas.",
            f"compared = {list_source(compared)}",
            f"moments = {{*compared, *np.linspace(FIRST_STEP, LAST_STEP, {_MOST_DRAWN + 1}).astype(int)}}",
        ]
    )
