"""The commands of the command line. Their options are read only when one is given, with the libraries they need."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from gui.program import streams

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes
    ----------
    text : str
        What it does.
    examples : tuple of str
        Without the program's name.
    add_options : callable
        Lets a parser know its options.
    """

    text: str
    examples: tuple[str, ...]
    add_options: Callable[[argparse.ArgumentParser], None]


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message.rstrip('.')}; see {self.prog} --help\n")
        sys.exit(2)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help, and say where that cannot be: argparse would pass over a full disk."""
        try:
            (file or sys.stdout).write(self.format_help())
        except OSError as error:
            streams.let_go(sys.stdout)
            problem = streams.why_not_written(error)
            if problem is not None:
                self.exit(1, f"netcanvas: {problem}\n")


class _Version(argparse.Action):
    """Says what the program is made of; what that is is looked up only when somebody asks."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, help="show what the program is made of, and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it, and exit."""
        from gui.program.versions import all_lines

        sys.stdout.write(f"{all_lines()}\n")
        parser.exit()


class _CommandParser(_Parser):
    """The parser of a command.

    Parameters
    ----------
    add_options : callable
        Tells it its options before it reads any: they come from the settings classes, and those need NumPy.
    """

    def __init__(self, *, add_options: Callable[[argparse.ArgumentParser], None], **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter)
        self._add_options = add_options

    def parse_known_args(self, *arguments: Any, **options: Any) -> Any:
        """Read arguments; one that it does not know is its own matter, and not the program's."""
        self._add_options(self)
        found, unknown = super().parse_known_args(*arguments, **options)
        if unknown:
            name = unknown[0].partition("=")[0]
            what = "option" if name.startswith("-") else "place for"
            self.error(f"there is no {what} {name}{_did_you_mean(name, self._option_string_actions)}")
        return found, unknown


def read_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return what the arguments say: `command` is which command, or None for the window with its `file` or `state`."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = make_parser()
    name = given[0] if given else "-"
    if name != "--" and (name in COMMANDS or name.startswith("-")):
        return parser.parse_args(given)
    files = given[1:] if name == "--" else given
    if len(files) > 1:
        parser.error(f"the window opens one file, and {files[0]} is not a command{_did_you_mean(files[0], COMMANDS)}")
    if files and not os.path.exists(files[0]):
        parser.error(f"there is no file and no command {files[0]}{_did_you_mean(files[0], COMMANDS)}")
    return argparse.Namespace(command=None, file=files[0] if files else None, state=None)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the commands."""
    parser = _Parser(
        prog="netcanvas",
        usage="netcanvas [-h] [--version] [FILE | --state TEXT | command ...]",
        description="A desktop laboratory for small neural networks: draw data, train, watch.",
        epilog=(
            "Without a command the window opens, with an experiment (run.netcanvas), a table of points (points.csv)\n"
            "or a lesson (its folder, or a zip of it) in it if one is named. netcanvas COMMAND --help has the options\n"
            "of a command.\n\n"
            "examples:\n  netcanvas run.netcanvas\n"
            + "\n".join(f"  netcanvas {name} {command.examples[0]}".rstrip() for name, command in COMMANDS.items())
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(file=None)
    parser.add_argument("--version", action=_Version)
    text = "a state that Edit > Copy State as Text has copied, to open in the window"
    parser.add_argument("--state", metavar="TEXT", help=text)
    commands = parser.add_subparsers(dest="command", metavar="command", prog=parser.prog, parser_class=_CommandParser)
    for name, command in COMMANDS.items():
        examples = "\n".join(f"  netcanvas {name} {example}".rstrip() for example in command.examples)
        text = command.text
        commands.add_parser(
            name,
            help=text,
            description=f"{text[:1].upper()}{text[1:]}. What an option is by default stands in brackets.",
            epilog=f"examples:\n{examples}",
            add_options=command.add_options,
        )
    return parser


def _did_you_mean(name: str, known: Sequence[str] | dict[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is told")
    group.add_argument("--json", action="store_true", help="write the result as one JSON object, and nothing else")
    group.add_argument("--quiet", action="store_true", help="write nothing but what goes wrong")


def _add_engine(parser: argparse.ArgumentParser) -> None:
    from model.training.engines import ENGINES

    text = "what takes the steps: numpy, or compiled, which is several times as quick (numpy)"
    parser.add_argument("--engine", metavar="NAME", choices=ENGINES, default="numpy", help=text)


def _add_train_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_run_options, optimizer_options

    parser.add_argument(
        "--save", metavar="FILE.netcanvas", help="where to save the experiment; also what there is at Ctrl+C"
    )
    add_run_options(parser)
    _add_engine(parser)
    _add_output_options(parser)
    parser.epilog = f"{optimizer_options()}\n\n{parser.epilog}"


def _add_race_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_race_options, add_run_options, optimizer_options

    add_race_options(parser)
    add_run_options(parser, "of all lanes: ")
    _add_engine(parser)
    _add_output_options(parser)
    parser.epilog = f"{optimizer_options()}\n\n{parser.epilog}"


def _add_render_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_animation_options, add_run_options

    text = "an experiment; without it a run from nothing is shown, of --dataset or --data"
    parser.add_argument("file", nargs="?", metavar="FILE.netcanvas", help=text)
    parser.add_argument("--out", required=True, metavar="FILE", help="where to, such as run.mp4")
    options = add_animation_options(parser.add_argument_group("the animation"))
    parser.set_defaults(animation_options=options)
    add_run_options(parser, "a run from nothing: ")
    _add_output_options(parser)


def _add_experiment(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import whole

    parser.add_argument("file", metavar="FILE.netcanvas", help="an experiment")
    text = "the moment of its run, the last one that was kept up to this step (the end)"
    parser.add_argument("--step", metavar="N", type=whole, help=text)


def _add_evaluate_options(parser: argparse.ArgumentParser) -> None:
    _add_experiment(parser)
    text = "a table of other points to try the network on, in the units of the table that it learned from"
    parser.add_argument("--data", metavar="TABLE", help=text)
    text = "the table that it learned from, where the experiment is an earlier one that does not know its units"
    parser.add_argument("--scaled-as", metavar="TABLE", help=text)
    _add_output_options(parser)


def _add_picture_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_picture_options

    _add_experiment(parser)
    add_picture_options(parser)
    _add_output_options(parser)


def _add_table_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="TABLE", help="a table of points, such as points.csv")
    _add_output_options(parser)


def _add_notebook_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.netcanvas", help="an experiment")
    parser.add_argument("--out", required=True, metavar="FILE.ipynb", help="where to")
    _add_output_options(parser)


def _add_desktop_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--remove", action="store_true", help="take it out again")
    _add_output_options(parser)


def _add_network_options(parser: argparse.ArgumentParser) -> None:
    from gui.headless.options import add_network_options

    _add_experiment(parser)
    add_network_options(parser)
    _add_output_options(parser)


COMMANDS: dict[str, Command] = {
    "train": Command(
        "train a network and save the experiment",
        (
            "--dataset spiral --hidden 8,8 --optimizer adam --learning-rate 0.03 --save spiral.netcanvas",
            "--data iris.csv --activation relu --steps 5000 --save iris.netcanvas",
            "--optimizer adam --optimizer-options betas=0.9/0.99,eps=1e-6 --json",
        ),
        _add_train_options,
    ),
    "race": Command(
        "train several optimizers or learning rates from the same weights and batches, and tell which wins",
        (
            "--dataset spiral --lanes sgd=0.1,momentum=0.03,rmsprop=0.01,adam=0.01 --steps 2000",
            "--dataset moons --optimizer adam --rates 0.003,0.01,0.03,0.1 --json",
        ),
        _add_race_options,
    ),
    "evaluate": Command(
        "tell how well the network of an experiment does",
        (
            "spiral.netcanvas",
            "spiral.netcanvas --data other.csv --json",
            "iris.netcanvas --data new-iris.csv",
        ),
        _add_evaluate_options,
    ),
    "picture": Command(
        "write a view of an experiment as a picture, without a screen",
        (
            "spiral.netcanvas --view output --out output.svg",
            "spiral.netcanvas --view figure --width 170mm --out figure.pdf",
        ),
        _add_picture_options,
    ),
    "network": Command(
        "write the network of an experiment for other programs",
        ("spiral.netcanvas --out network.py", "spiral.netcanvas --format pytorch --out network.py"),
        _add_network_options,
    ),
    "notebook": Command(
        "write the run of an experiment as a notebook for Jupyter that trains again with NumPy alone",
        ("spiral.netcanvas --out spiral.ipynb",),
        _add_notebook_options,
    ),
    "render": Command(
        "write an animation of a run, without a screen",
        (
            "spiral.netcanvas --out spiral.mp4 --theme dark",
            "--dataset moons --steps 500 --size 720x720 --out moons.gif",
        ),
        _add_render_options,
    ),
    "table": Command(
        "tell how a table of points is read: which columns are what, how many rows, which classes",
        ("iris.csv", "measured.dat --json"),
        _add_table_options,
    ),
    "desktop": Command(
        "put NetCanvas into the menu of a Linux desktop, with its icon and the files that it opens",
        ("", "--remove"),
        _add_desktop_options,
    ),
}
"""Every command, by name."""
