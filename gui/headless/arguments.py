"""The commands of the command line. Their options are read only when one is given, with the libraries they need."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any, NoReturn


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(2)


class _CommandParser(_Parser):
    """The parser of a command.

    Parameters
    ----------
    add_options : callable
        Tells it its options before it reads any: they come from the settings classes, and those need NumPy.
    """

    def __init__(self, *, add_options: Callable[[argparse.ArgumentParser], None], **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)
        self._add_options = add_options

    def parse_known_args(self, *arguments: Any, **options: Any) -> Any:
        """Read arguments."""
        self._add_options(self)
        return super().parse_known_args(*arguments, **options)


def make_parser(version: str) -> argparse.ArgumentParser:
    """Return the parser of the command line; its result says in `command` which command, or None: the window."""
    parser = _Parser(
        prog="netcanvas",
        description="A desktop laboratory for small neural networks: draw data, train, watch.",
        epilog="Without a command the window opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"NetCanvas {version}")
    commands = parser.add_subparsers(dest="command", metavar="command", parser_class=_CommandParser)
    for name, text, add_options in (
        ("render", "write an animation of a run, without a screen", _add_render_options),
        ("train", "train a network and save the experiment, without a screen", _add_train_options),
    ):
        commands.add_parser(name, help=text, description=f"{text.capitalize()}.", add_options=add_options)
    return parser


def _add_render_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_animation_options, add_run_options

    parser.add_argument("file", nargs="?", metavar="FILE.netcanvas", help="an experiment; without, --dataset is needed")
    parser.add_argument("--out", required=True, metavar="FILE", help="where to, such as run.mp4")
    add_animation_options(parser.add_argument_group("the animation"))
    parser.set_defaults(run_options=add_run_options(parser.add_argument_group("a run from nothing")))


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_run_options

    parser.add_argument("--save", metavar="FILE.netcanvas", help="where to save the experiment")
    add_run_options(parser)
