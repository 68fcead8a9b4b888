"""Places of files that a command writes: checked before the work, and not after it."""

from __future__ import annotations

import os
from pathlib import Path

from gui.export.errors import export_error
from model.experiment import SUFFIX
from model.writing import check_place


def place_of(flag: str, text: str, inputs: list[str | None], *, is_folder: bool = False) -> Path:
    """Return where an option wants a file, after trying whether it can be written there.

    Parameters
    ----------
    flag : str
        The option, such as "--out".
    text : str
        What it says.
    inputs : list of str or None
        Files that are read, and must not be written over.
    is_folder : bool
        Whether it is a folder of pictures.

    Raises
    ------
    ValueError
        If there is no name, or it is the name of a file that is read.
    ExportError
        If it cannot be written.
    """
    path = Path(text)
    if not text.strip() or "\0" in text:
        raise ValueError(f"{flag} must be the name of a file; got {text!r}")
    for name in inputs:
        if name is not None and _is_same(path, Path(name)):
            raise ValueError(f"{flag} {text} is the file that is read; choose another name")
    try:
        check_place(path, is_folder=is_folder)
    except OSError as error:
        raise export_error(path, error) from error
    return path


def check_no_experiment(path: Path) -> None:
    """Raise a ValueError where a name says that something else than an experiment is one."""
    if path.suffix.lower() == SUFFIX:
        raise ValueError(f"--out must not end in {SUFFIX}, which is an experiment; got {str(path)!r}")


def experiment_name(text: str) -> str:
    """Return the name of an experiment file, with the ending that belongs to it.

    Raises
    ------
    ValueError
        If it has another ending: the window would not offer the file.
    """
    suffix = Path(text).suffix
    if suffix.lower() == SUFFIX:
        return text
    if suffix:
        raise ValueError(f"--save must end in {SUFFIX}; got {text!r}")
    return text if text.endswith(("/", os.sep)) or not text else f"{text}{SUFFIX}"


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two names mean one file, also by links."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)
