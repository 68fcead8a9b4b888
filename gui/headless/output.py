"""What a command tells: lines for a person or a result for a program, notes, and a bar while it works."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any

from tqdm import tqdm

from gui.program.streams import let_go, why_not_written

UNREAD = 141
"""The exit status of a command whose reader has gone: what a shell gives one that SIGPIPE ends."""


class CommandError(Exception):
    """A command cannot do what it is asked for.

    Parameters
    ----------
    sentence : str
        What is wrong, and what to do.
    status : int
        The exit status.
    """

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


class Output:
    """The standard output of a command, and what it says beside that.

    Parameters
    ----------
    command : str
        Its name stands before what is wrong.
    quiet : bool
        Whether lines are left out.
    as_json : bool
        Whether the result is written as one JSON object, and nothing else.

    Attributes
    ----------
    goes_on : bool
        Whether the work is worth doing although nobody reads the output.
    status : int
        The exit status that the output itself asks for.
    """

    def __init__(self, command: str, *, quiet: bool = False, as_json: bool = False) -> None:
        self._command = command
        self._is_quiet, self._as_json = quiet, as_json
        self._is_open = True
        self.goes_on = False
        self.status = 0

    def line(self, text: str) -> None:
        """Write a line for a person."""
        if not (self._is_quiet or self._as_json):
            self._write(text)

    def result(self, **values: Any) -> None:
        """Write the result for a program, where that is wanted."""
        if self._as_json:
            self._write(json.dumps(_plain(values)))

    def note(self, text: str) -> None:
        """Write on the standard error what a person should know."""
        if not self._is_quiet:
            _write_error(f"note: {text}")

    def complain(self, sentence: str) -> None:
        """Write on the standard error what is wrong."""
        _write_error(f"netcanvas {self._command}: {sentence}")

    def end_line(self) -> None:
        """Begin a new line after the ^C that a terminal has written."""
        _write_error("")

    @contextmanager
    def bar(self, what: str, unit: str, total: int) -> Iterator[tqdm]:
        """Show a bar on the standard error, if that is a terminal and nobody wants silence."""
        disable = True if self._is_quiet else None
        with tqdm(total=total, desc=what, unit=f" {unit}", leave=False, disable=disable) as bar:
            yield bar

    def _write(self, text: str) -> None:
        if not self._is_open:
            return
        try:
            with tqdm.external_write_mode(file=sys.stdout):
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()
        except OSError as error:
            let_go(sys.stdout)
            self._is_open = False
            problem = why_not_written(error)
            if not self.goes_on:
                raise CommandError(problem or "", UNREAD if problem is None else 1) from error
            if problem is not None:
                self.status = 1
                self.complain(problem)


def _write_error(text: str) -> None:
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, which knows no NaN and no infinity."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value
