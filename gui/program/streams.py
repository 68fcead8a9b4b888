"""The standard streams where nobody reads them: closed ones, pipes whose reader has gone, and full disks."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO


def prepare() -> None:
    """Open what is not there to nowhere, and let no sign stop the program that an encoding does not have.

    Streams are not there where they are closed, and on Windows for a program without a console; there the encoding of
    a pipe has no minus sign, and names of files may be in none.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")


def flush_output() -> str | None:
    """Write what waits for the standard output; return in a sentence why that cannot be; None where nobody minds."""
    try:
        sys.stdout.flush()
    except OSError as error:
        let_go(sys.stdout)
        return why_not_written(error)
    return None


def why_not_written(error: OSError) -> str | None:
    """Return in a sentence why the output cannot be written; None where its reader has just gone."""
    if isinstance(error, BrokenPipeError):
        return None
    return f"the output cannot be written: {(error.strerror or str(error)).lower()}"


def let_go(stream: TextIO) -> None:
    """Send what a stream still holds to nowhere: Python would try to write it once more at the end."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
