"""Writing lessons: a folder that shows an experiment, to be gone on with in an editor."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import replace
from pathlib import Path

from model.experiment import SUFFIX, Experiment, ExperimentError, save_experiment
from model.lessons.lesson import LESSON_NAME, LessonError
from model.lessons.parsing import MAX_LINE, MAX_TITLE
from model.lessons.reading import MAX_EXPERIMENT_BYTES
from model.run.curve import LossCurve
from model.run.history import History
from model.types import counted, name_of, shortened
from model.writing import write_whole

EXPERIMENT_NAME = f"experiment{SUFFIX}"

_MORE_STEPS = 100
_MOST_NOTES = 20_000
_MARKS = re.compile(r"([\\`*_{}\[\]<>#+|!$~&=:-])")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def write_lesson(folder: str | os.PathLike[str], experiment: Experiment) -> None:
    """Make the folder of a lesson that opens an experiment, with the text of two steps to begin with.

    Parameters
    ----------
    folder : path-like
        Where it goes. It must not be there yet, or be empty.
    experiment : Experiment
        With its run, if that is not larger than a lesson may be; otherwise its last moment alone.

    Raises
    ------
    LessonError
        If that is not possible; nothing is left behind then.
    """
    path = Path(folder)
    is_new = _is_new(path)
    try:
        path.mkdir(exist_ok=True)
        _save(experiment, path / EXPERIMENT_NAME)
        write_whole(path / LESSON_NAME, lesson_text(experiment, name_of(path)).encode("utf-8"))
    except FileNotFoundError as error:
        raise _error(path, "there is no such folder") from error
    except (OSError, ValueError) as error:
        _remove(path, is_new=is_new)
        raise _error(path, _reason(error)) from error


def _is_new(path: Path) -> bool:
    """Return whether there is no folder yet; raise for one that holds something, or of which that cannot be said."""
    try:
        is_new = not path.exists()
        is_free = is_new or (path.is_dir() and not any(path.iterdir()))
    except (OSError, ValueError) as error:
        raise _error(path, _reason(error)) from error
    if not is_free:
        raise _error(path, "there is something of this name already; choose another name, or an empty folder")
    return is_new


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _error(path: Path, reason: str) -> LessonError:
    return LessonError(f"The lesson {name_of(path)} cannot be made: {reason[:1].lower()}{reason[1:].rstrip('.')}.")


def _save(experiment: Experiment, path: Path) -> None:
    save_experiment(experiment, path)
    if path.stat().st_size > MAX_EXPERIMENT_BYTES:
        history = History()
        history.append(experiment.history.frames[-1])
        save_experiment(replace(experiment, history=history, curve=LossCurve()), path)
        if path.stat().st_size > MAX_EXPERIMENT_BYTES:
            raise ExperimentError(f"its experiment may have {MAX_EXPERIMENT_BYTES:,} bytes")


def _remove(path: Path, *, is_new: bool) -> None:
    """Take away what was written."""
    with contextlib.suppress(OSError, ValueError):
        for name in (LESSON_NAME, EXPERIMENT_NAME):
            (path / name).unlink(missing_ok=True)
        if is_new:
            path.rmdir()


def lesson_text(experiment: Experiment, name: str) -> str:
    """Return the text of a lesson that opens an experiment.

    Parameters
    ----------
    experiment : Experiment
        Its name is the title, and its notes are the text of the first step.
    name : str
        The title where the experiment has none.
    """
    title = shortened(_one_line(experiment.name) or _one_line(name) or "A lesson", MAX_TITLE)
    frames = experiment.history.frames
    n_steps = (frames[-1].step if frames else 0) + _MORE_STEPS
    notes = "\n\n".join(_paragraphs(shortened(experiment.notes, _MOST_NOTES))) or "Say here what there is to see."
    return f"""title: {title}
summary: Say here in a sentence what it is about.
minutes: 10

## What there is
> do: open {EXPERIMENT_NAME}
> do: select nothing
> point: Data

{_described(experiment)}

{notes}

## What to do
> point: Play
> offer: train {_MORE_STEPS}
> until: steps >= {n_steps}

Say here what the person is to do. This step is done at step {n_steps:,}.
"""


def _one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text in Markdown that shows it as it is."""
    lines = (_MARKS.sub(r"\\\1", _one_line(line)) for line in text.splitlines())
    return [line[:MAX_LINE].rstrip("\\") for line in lines if line]


def _described(experiment: Experiment) -> str:
    """Return in a sentence what an experiment has."""
    sizes, dataset = experiment.network.layer_sizes, experiment.dataset
    classes = f" in {counted(dataset.n_classes, 'class', 'classes')}" if dataset.kind == "classes" else ""
    hidden = [counted(size, "neuron") for size in sizes[1:-1]]
    name = "a hidden layer" if len(hidden) == 1 else "hidden layers"
    layers = f", {name} of {' and '.join(hidden)}," if hidden else ""
    return (
        f"{counted(len(dataset), 'point')}{classes}, and a network of {counted(sizes[0], 'input')}{layers} "
        f"and {counted(sizes[-1], 'output')}."
    )
