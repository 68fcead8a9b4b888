"""The commands of the command line and their options, read without the heavy libraries."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

_RUN_OPTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("--dataset", "NAME", "text", "what to learn, such as spiral, moons, xor, circle, rings, gaussians, sine"),
    ("--points", "N", "whole", "how many points (240)"),
    ("--noise", "SPREAD", "number", "spread of the noise on the coordinates (0.15)"),
    ("--classes", "N", "whole", "how many classes, where the data set leaves a choice (3)"),
    ("--training-share", "SHARE", "number", "share of the points that is for training (0.7)"),
    ("--label-noise", "SHARE", "number", "share of wrong labels, or spread of the noise on values (0)"),
    ("--rule", "FORMULA", "text", "for the data set rule: class 1 is above this curve (2*sin(x1))"),
    ("--hidden", "SIZES", "sizes", "neurons of each hidden layer, such as 8,8, or none (8,8)"),
    ("--activation", "NAME", "names", "of the hidden layers, one or one for each (tanh)"),
    ("--output", "NAME", "text", "activation of the output layer (softmax, or linear for values)"),
    ("--features", "FORMULAS", "names", "what the network is given of a point (x1,x2)"),
    ("--initializer", "NAME", "text", "how the first weights are drawn (xavier_uniform)"),
    ("--initializer-scale", "SCALE", "number", "for the initializers that have one (0.5)"),
    ("--bias", "KIND", "text", "per_neuron, shared or none (per_neuron)"),
    ("--bias-start", "VALUE", "number", "what every bias begins with (as the initializer has it)"),
    ("--loss", "NAME", "text", "cross_entropy or squared_error (what goes with the output)"),
    ("--optimizer", "NAME", "text", "such as sgd, momentum, rmsprop, adam (sgd)"),
    ("--optimizer-options", "NAME=VALUE", "options", "such as momentum=0.9,weight_decay=0.01"),
    ("--learning-rate", "RATE", "number", "(0.03)"),
    ("--batch-size", "N", "batch", "points of one step, or all (10)"),
    ("--batch-order", "NAME", "text", "shuffled, sequential or with_replacement (shuffled)"),
    ("--reduction", "NAME", "text", "mean or sum (mean)"),
    ("--regularization", "NAME", "text", "none, l1 or l2 (none)"),
    ("--regularization-rate", "RATE", "number", "(0)"),
    ("--clip-norm", "NORM", "number", "the longest gradient"),
    ("--schedule", "NAME", "text", "of the learning rate: constant, step, exponential or cosine (constant)"),
    ("--schedule-period", "STEPS", "whole", "(5000)"),
    ("--schedule-factor", "FACTOR", "number", "(0.5)"),
    ("--schedule-warm-up", "STEPS", "whole", "(0)"),
    ("--dropout", "RATES", "numbers", "one for all hidden layers, or one for each (0)"),
    ("--patience", "EPOCHS", "whole", "early stopping after so many without a lower test loss"),
    ("--steps", "N", "whole", "how long to train (3000)"),
    ("--seed", "N", "whole", "of the data, the first weights and the order of the points (0)"),
)
"""Flag, placeholder, kind of value, help."""

RUN_NAMES = tuple(flag[2:].replace("-", "_") for flag, _, _, _ in _RUN_OPTIONS)
"""The names, in the parsed arguments, of all that describes a run from nothing."""

_RENDER_OPTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("--format", "NAME", "text", "mp4, webm, gif, apng, webp or png (by the ending of --out)"),
    ("--size", "WxH", "size", "in pixels (1280x720)"),
    ("--fps", "N", "number", "frames per second (30)"),
    ("--seconds", "S", "number", "how long the run takes (10)"),
    ("--hold", "S", "number", "how long the last frame stays after that (1.5)"),
    ("--layout", "NAME", "text", "wide, square or tall (by the size)"),
    ("--panels", "NAMES", "names", "of network, surface, loss, data (network,surface,loss)"),
    ("--theme", "NAME", "text", "light or dark (light)"),
    ("--pacing", "NAME", "text", "even in steps, even in loss, or early steps longer: steps, loss, early (loss)"),
    ("--title", "TEXT", "text", "above the picture"),
    ("--caption", "TEXT", "text", "below the picture"),
    ("--first-step", "N", "whole", "where in the run to begin (at its beginning)"),
    ("--last-step", "N", "whole", "where in the run to end (at its end)"),
)


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(2)


def make_parser(version: str) -> argparse.ArgumentParser:
    """Return the parser of the command line; its result says in `command` which command, or None: the window."""
    parser = _Parser(
        prog="netcanvas",
        description="A desktop laboratory for small neural networks: draw data, train, watch.",
        epilog="Without a command the window opens.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"NetCanvas {version}")
    commands = parser.add_subparsers(dest="command", metavar="command", parser_class=_Parser)
    _add_render(commands.add_parser, "render", "write an animation of a run, without a screen")
    _add_train(commands.add_parser, "train", "train a network and save the experiment, without a screen")
    return parser


def _add_render(add: Callable[..., argparse.ArgumentParser], name: str, text: str) -> None:
    parser = add(name, help=text, description=f"{text.capitalize()}.", allow_abbrev=False)
    parser.add_argument("file", nargs="?", metavar="FILE.netcanvas", help="an experiment; without, --dataset is needed")
    parser.add_argument("--out", required=True, metavar="FILE", help="where to, such as run.mp4")
    picture = parser.add_argument_group("the animation")
    _add_options(picture, _RENDER_OPTIONS)
    picture.add_argument("--regions", action="store_true", help="show the surface as regions, or bands of value")
    picture.add_argument("--no-test-points", action="store_true", help="leave out the test points and their figures")
    picture.add_argument("--no-counters", action="store_true", help="leave out step, epoch, loss and accuracy")
    picture.add_argument("--no-loop", action="store_true", help="stop at the end")
    _add_options(parser.add_argument_group("a run from nothing"), _RUN_OPTIONS)


def _add_train(add: Callable[..., argparse.ArgumentParser], name: str, text: str) -> None:
    parser = add(name, help=text, description=f"{text.capitalize()}.", allow_abbrev=False)
    parser.add_argument("--save", metavar="FILE.netcanvas", help="where to save the experiment")
    _add_options(parser, _RUN_OPTIONS)


def _add_options(group: argparse._ActionsContainer, options: tuple[tuple[str, str, str, str], ...]) -> None:
    for flag, placeholder, kind, text in options:
        group.add_argument(flag, metavar=placeholder, type=_KINDS[kind], help=text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number; got {text!r}") from None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number; got {text!r}") from None


def _sizes(text: str) -> tuple[int, ...]:
    return () if text == "none" else tuple(_whole(part) for part in _names(text))


def _numbers(text: str) -> float | tuple[float, ...]:
    values = tuple(_number(part) for part in _names(text))
    return values[0] if len(values) == 1 else values


def _batch(text: str) -> int | str:
    return text if text == "all" else _whole(text)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    try:
        return int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be like 1280x720; got {text!r}") from None


def _options(text: str) -> dict[str, float | tuple[float, ...]]:
    """Read name=value pairs; a pair of numbers is written with a slash, such as betas=0.9/0.999."""
    options: dict[str, float | tuple[float, ...]] = {}
    for part in _names(text):
        name, sign, value = part.partition("=")
        if not sign:
            raise argparse.ArgumentTypeError(f"must be like momentum=0.9,weight_decay=0.01; got {text!r}")
        numbers = tuple(_number(number) for number in value.split("/"))
        options[name.strip()] = numbers[0] if len(numbers) == 1 else numbers
    return options


_KINDS: dict[str, Callable[[str], object]] = {
    "text": str,
    "names": _names,
    "whole": _whole,
    "number": _number,
    "numbers": _numbers,
    "sizes": _sizes,
    "size": _size,
    "batch": _batch,
    "options": _options,
}
