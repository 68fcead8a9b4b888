"""The commands: which does what, and with which exit status it ends."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable
from typing import TypeAlias

from gui.export.errors import ExportError
from gui.headless.experiments import evaluate, write_network, write_notebook
from gui.headless.interruption import Signals, StoppedError, noted_signals
from gui.headless.output import CommandError, Output
from gui.headless.racing import race
from gui.headless.tables import show_table
from gui.headless.training import train
from model.experiment import ExperimentError

Run: TypeAlias = Callable[[argparse.Namespace, Output, Signals], int]


def run_command(arguments: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for.

    Returns
    -------
    int
        The exit status: 0 when all went well, 1 when a file cannot be read or written, 2 for wrong arguments, 3 for a
        run that diverged, 128 and the signal's number after a signal, such as 130 after Ctrl+C.
    """
    output = Output(arguments.command, quiet=arguments.quiet, as_json=arguments.json)
    # Where a file is wanted, that is the work, and not what is told of it.
    output.goes_on = any(getattr(arguments, name, None) is not None for name in ("save", "out"))
    try:
        with noted_signals() as signals:
            return _COMMANDS[arguments.command](arguments, output, signals) or output.status
    except CommandError as error:
        if str(error):
            output.complain(str(error))
        return error.status
    except (ExperimentError, ExportError) as error:
        output.complain(str(error))
        return 1
    except ValueError as error:
        output.complain(str(error))
        return 2
    except StoppedError as stopped:
        if stopped.number == signal.SIGINT:
            output.end_line()
        return 128 + stopped.number


def _render(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    from gui.headless.rendering import render  # It needs Qt, which training does without.

    return render(arguments, output, signals)


def _picture(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    from gui.headless.pictures import write_picture

    return write_picture(arguments, output, signals)


def _desktop(arguments: argparse.Namespace, output: Output, signals: Signals) -> int:
    from gui.headless.desktop import change_desktop

    return change_desktop(arguments, output, signals)


_COMMANDS: dict[str, Run] = {
    "train": train,
    "race": race,
    "evaluate": evaluate,
    "picture": _picture,
    "network": write_network,
    "notebook": write_notebook,
    "render": _render,
    "table": show_table,
    "desktop": _desktop,
}
