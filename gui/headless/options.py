"""The options of the command line, made from the settings classes: their fields, types, docstrings and first values."""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from types import NoneType
from typing import Any, TypeAlias, get_args, get_type_hints

from gui.document.looks import COLOURINGS, HEIGHTS, REACHES, typed_slices
from gui.export.animation.settings import PANEL_NAMES, THEMES, AnimationSettings
from model import NetworkSettings
from model.data.generators import GeneratorSettings, generate
from model.landscape.landscape import LEAST_REACH, MOST_REACH, SPANS
from model.network.parts import Unit, typed_unit
from model.run.race import USUAL_RATES
from model.training.optimizers import OPTIMIZERS, OptionValue
from model.training.settings import first_setup
from model.training.stopping import Stop

DEFAULT_STEPS, MOST_STEPS = 3000, 1_000_000
"""How long a run is trained that nothing ends before, and one that is to end by what it comes to."""

_WITHOUT = (
    "layer_sizes",
    "hidden_activations",
    "standardization",
    "frozen",
    "pruned",
    "muted",
    "schedule",
    "stop",
    "seed",
)
"""Fields without an option of their own."""

_FLAGS = {
    "GeneratorSettings.name": "dataset",
    "GeneratorSettings.n_points": "points",
    "GeneratorSettings.n_classes": "classes",
    "NetworkSettings.output_activation": "output",
    "Schedule.name": "schedule",
    "Schedule.period": "schedule-period",
    "Schedule.factor": "schedule-factor",
    "Schedule.warm_up": "schedule-warm-up",
    **{f"Stop.{field.name}": f"stop-{field.name}" for field in fields(Stop)},
    "AnimationSettings.hold_seconds": "hold",
    "AnimationSettings.hold_start_seconds": "hold-start",
}
"""Field -> its option, where that has another name."""

_FIRST = {
    "output_activation": "softmax, or linear for values and curves",
    "features": "x1,x2, or x for a curve",
    "loss": "what goes with the output",
    "optimizer_options": "such as momentum=0.9, or betas=0.8/0.99,eps=1e-6",
    "format": "by the ending of --out",
    "hold_start_seconds": "1 for what loops, otherwise 0",
    "Stop.loss": "none",
    "neuron": "none",
    "slices": "none",
    "give": "such as output=2,loss=0.5",
}
"""Field -> what the help says instead of its first value."""


def add_run_options(parser: argparse.ArgumentParser, of_what: str = "") -> None:
    """Let a parser read what describes a run from nothing; what is left out is not in the result.

    The result's `run_options` has the option of each name in it, in the order in which they depend on each other.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    of_what : str
        Before the titles of the groups of options.
    """
    generator = GeneratorSettings()
    first = first_setup(generate(generator))
    names = f"{_descriptions(NetworkSettings)['hidden_activations']}, or one for all"
    sizes = ",".join(map(str, first.network.layer_sizes[1:-1]))
    seeds = "of the data, the first weights and the order of the points"
    table = "a table of points instead, such as a CSV file: its columns are found as the window finds them"
    limits = f"{DEFAULT_STEPS}, or {MOST_STEPS} where another option ends the run"
    data, network, training = (
        parser.add_argument_group(f"{of_what}the {name}") for name in ("data", "network", "training")
    )
    actions = [
        _add(data, "data", table, "", ("TABLE", str)),
        *_add_fields(data, generator),
        _add(network, "hidden", "neurons of each hidden layer, such as 8,8, or none", sizes, ("SIZES", _sizes)),
        _add(network, "activation", names, first.network.hidden_activations[0], ("NAMES", _names)),
        *_add_fields(network, first.network),
        *_add_fields(training, first.training),
        *_add_fields(training, first.training.schedule),
        *_add_fields(training, first.training.stop),
        _add(training, "steps", "how long to train at most", limits, ("N", whole)),
        _add(training, "seed", seeds, str(first.training.seed), ("N", whole)),
    ]
    parser.set_defaults(run_options={action.dest: action.option_strings[0] for action in actions})


def add_race_options(parser: argparse.ArgumentParser) -> None:
    """Let a parser read which lanes a race has."""
    usual = ",".join(f"{name}={rate:g}" for name, rate in USUAL_RATES.items())
    group = parser.add_argument_group("the lanes").add_mutually_exclusive_group()
    group.add_argument(
        "--lanes",
        metavar="NAME=RATE,...",
        type=_lanes,
        default=argparse.SUPPRESS,
        help=f"two to four optimizers, each with its learning rate, or without for --learning-rate ({usual})",
    )
    text = "two to four learning rates instead, all for --optimizer, such as 0.003,0.01,0.03,0.1"
    group.add_argument("--rates", metavar="NUMBERS", type=_rates, default=argparse.SUPPRESS, help=text)


def optimizer_options() -> str:
    """Return what each optimizer's options are, with what they are by default, as the help lists them."""
    lines = ["optimizer options:"]
    for name, entry in OPTIMIZERS.items():
        options = (f"{option}={_shown(value).replace(',', '/')}" for option, value in entry.defaults.items())
        lines.append(f"  {name:<14} {','.join(options) or '-'}")
    return "\n".join(lines)


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Let a parser read what describes a picture."""
    from gui.export.page import KINDS, UNITS
    from gui.export.stills import VIEWS
    from gui.items.space.camera import Camera
    from model.explain.hidden_choice import HIDDEN_AXES, HIDDEN_LAYERS

    views = [name for name, view in VIEWS.items() if view.paint is not None]
    endings = ", ".join(f".{kind}" for kind in KINDS)
    group = parser.add_argument_group("the picture")
    group.add_argument("--out", required=True, metavar="FILE", help=f"where to; the name ends in {endings}")
    group.add_argument("--view", metavar="NAME", default="output", help=f"one of {', '.join(views)} (output)")
    units = ", ".join(UNITS)
    text = f"how wide it is, in {units}, such as 85mm; its height follows (what suits the view)"
    group.add_argument("--width", metavar="WIDTH", type=_width, help=text)
    group.add_argument("--theme", metavar="NAME", default="light", help=f"one of {', '.join(THEMES)} (light)")
    first = Camera()
    _add_looks(group)
    for name, offered, what in (
        ("layer", HIDDEN_LAYERS, "of the hidden space"),
        ("axes", HIDDEN_AXES, "along which it is seen"),
    ):
        text = f"{name} {what}, one of {', '.join(offered)} (as the experiment says)"
        group.add_argument(f"--hidden-{name}", metavar="NAME", help=text)
    text = "how much of the way from the layer before lies behind its points, 0 to 1 (1)"
    group.add_argument("--share", metavar="NUMBER", type=_number, default=1.0, help=text)
    for name, text in (
        ("azimuth", "from where 3D is seen, round the box"),
        ("elevation", "and above its ground, 0 to 90"),
    ):
        value = getattr(first, name)
        group.add_argument(f"--{name}", metavar="DEGREES", type=_number, default=value, help=f"{text} ({value:g})")
    _add_landscape(group)
    for name, text in (
        ("regions", "show the surface as regions, or bands of value"),
        ("terms", "show what each neuron adds to a curve"),
        ("surface", "show in 3D the surface behind its slices"),
        ("switch-lines", "draw on the output where the neurons of a layer switch"),
        ("test-points", "show the test points and their figures"),
        ("log-loss", "show the loss on a logarithmic scale"),
        ("log-landscape", "show the loss landscape on a logarithmic scale"),
    ):
        group.add_argument(
            f"--{name}",
            action=argparse.BooleanOptionalAction,
            default=None,
            help=f"{text}, or not (as the experiment says)",
        )


def _add_landscape(group: argparse._ActionsContainer) -> None:
    """Let a parser read which plane a loss landscape shows."""
    says = "(as the experiment says)"
    text = f"what spans the loss landscape: one of {', '.join(SPANS)} {says}"
    group.add_argument("--landscape", metavar="NAME", help=text)
    text = f"seed of its random directions {says}"
    group.add_argument("--landscape-seed", metavar="N", type=whole, help=text)
    text = f"how far it goes: 1 for what fits the path, {LEAST_REACH:g} to {MOST_REACH:g} {says}"
    group.add_argument("--landscape-range", metavar="NUMBER", type=_number, help=text)


def _add_looks(group: argparse._ActionsContainer) -> None:
    """Let a parser read how the output looks in 3D."""
    heights, colours = ", ".join(HEIGHTS), ", ".join(COLOURINGS)
    reaches = ", ".join(f"{reach:g}" for reach in REACHES)
    says = "(as the experiment says)"
    group.add_argument("--height", metavar="NAME", help=f"in 3D one of {heights} {says}")
    text = "whose height that is, by its layer and its place in it, such as 1.2"
    group.add_argument("--neuron", metavar="NEURON", type=_unit, help=text)
    group.add_argument("--colors", metavar="NAME", help=f"what the colors say in 3D: one of {colours} {says}")
    text = f"at which x2 there are slices in 3D, such as 0,-1,-10 or -6:6:0.5, or none {says}"
    group.add_argument("--slices", metavar="NUMBERS", type=_slices, help=text)
    text = f"how far from 0 the plane is shown in 3D: {reaches} {says}"
    group.add_argument("--reach", metavar="NUMBER", type=_number, help=text)


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """Let a parser read in which format a network is written."""
    from model.scripts.formats import NETWORK_FORMATS

    endings = ", ".join(dict.fromkeys(entry.suffix for entry in NETWORK_FORMATS.values()))
    group = parser.add_argument_group("the file")
    group.add_argument("--out", required=True, metavar="FILE", help=f"where to; the name ends in {endings}")
    text = f"one of {', '.join(NETWORK_FORMATS)} (by the ending of --out)"
    group.add_argument("--format", metavar="NAME", help=text)


def add_animation_options(group: argparse._ActionsContainer) -> dict[str, str]:
    """Let a parser read what describes an animation; what is left out is not in the result.

    Returns
    -------
    dict of str to str
        Name in the result -> option.
    """
    first = AnimationSettings()
    actions = _add_fields(group, first)
    for name, text in (
        ("regions", "show the surface as regions, or bands of value"),
        ("terms", "leave out what each neuron adds to a curve"),
        ("bend", "let the layer before become the one of the hidden space while the run passes"),
        ("switch_lines", "draw on the output where the neurons of the first hidden layer switch"),
        ("test_points", "leave out the test points and their figures"),
        ("counters", "leave out step, epoch, loss and accuracy"),
        ("exact_steps", "show only moments of the run, and let nothing flow from one to the next"),
        ("landscape_in_space", "show the loss landscape in 3D"),
        ("future", "show the whole loss curve from the start, faintly"),
        ("marks", "leave out the marks of changes and notes on the loss curve"),
        ("loop", "stop at the end"),
    ):
        flag = f"--{'no-' if getattr(first, name) else ''}{name.replace('_', '-')}"
        action = "store_false" if getattr(first, name) else "store_true"
        group.add_argument(
            flag, dest=_place(AnimationSettings, name), action=action, default=argparse.SUPPRESS, help=text
        )
    return {action.dest: action.option_strings[0] for action in actions}


def values_of(arguments: argparse.Namespace, settings: type) -> dict[str, Any]:
    """Return what the arguments say for the fields of a settings class."""
    places = {field.name: _place(settings, field.name) for field in fields(settings)}
    return {name: getattr(arguments, place) for name, place in places.items() if place in arguments}


def _place(settings: type, field: str) -> str:
    """Return how the parsed arguments call the value of a field; one seed is for all."""
    return field if field == "seed" else f"{settings.__name__}.{field}"


# From settings classes to options


def _add_fields(group: argparse._ActionsContainer, first: Any) -> list[argparse.Action]:
    """Add an option for each field that is more than a switch; `first` has what counts where one is left out."""
    kind = type(first)
    hints, descriptions = get_type_hints(kind), _descriptions(kind)
    actions = []
    for name in (field.name for field in fields(kind)):
        place, hint = _place(kind, name), hints[name]
        if name not in _WITHOUT and hint is not bool:
            flag = _FLAGS.get(place, name.replace("_", "-"))
            reader = _READERS.get(name) or _READERS.get(_without_none(hint), ("NAME", str))
            shown = _FIRST.get(place) or _FIRST.get(name) or _shown(getattr(first, name))
            actions.append(_add(group, flag, descriptions[name], shown, reader, dest=place))
    return actions


def _add(
    group: argparse._ActionsContainer, flag: str, text: str, first: str, reader: Reader, dest: str | None = None
) -> argparse.Action:
    placeholder, read = reader
    text = f"{text} ({first})" if first else text
    action = _Merge if read in (_named_numbers, _named_panels) else "store"
    return group.add_argument(
        f"--{flag}", metavar=placeholder, type=read, help=text, default=argparse.SUPPRESS, dest=dest, action=action
    )


class _Merge(argparse.Action):
    """Lets an option with names and values be given several times."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, values: Any, _option: str | None = None) -> None:
        setattr(namespace, self.dest, {**getattr(namespace, self.dest, {}), **values})


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ("x" if isinstance(value[0], int) else ",").join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value in (None, "", {}) else str(value)


def _without_none(hint: Any) -> Any:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return kinds[0] if NoneType in get_args(hint) and len(kinds) == 1 else hint


def _descriptions(kind: type) -> dict[str, str]:
    """Return what a class's docstring says of each attribute: the first sentence, with the keys of a registry."""
    found = re.findall(r"^(\w+) : .*\n((?: {4}.*\n)+)", f"{inspect.getdoc(kind)}\n", re.MULTILINE)
    return {name: _in_short(kind, text) for name, text in found}


def _in_short(kind: type, text: str) -> str:
    def keys(reference: re.Match[str]) -> str:
        module = importlib.import_module(reference[1].rstrip(".") or kind.__module__)
        return ", ".join(getattr(module, reference[2]))

    sentence = re.split(r"[.;] (?=[A-Z])|\.$", " ".join(text.split()))[0].replace("``", "").replace("%", "%%")
    sentence = re.sub(r",? see :\w+:`[^`]*`", "", f"{sentence[:1].lower()}{sentence[1:]}")
    sentence = sentence.replace("a key of :data:", "one of :data:").replace("keys of :data:", "of :data:")
    return re.sub(r":data:`((?:\w+\.)*)(\w+)`", keys, sentence)


# How a value is read


def _names(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise argparse.ArgumentTypeError(f"must be one or more, with commas between them; got {text!r}")
    return parts


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number; got {text!r}") from None


def _numbers(text: str) -> float | tuple[float, ...]:
    values = tuple(_number(part) for part in _names(text))
    return values[0] if len(values) == 1 else values


def whole(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number; got {text!r}") from None


def _sizes(text: str) -> tuple[int, ...]:
    if text == "none":
        return ()
    sizes = tuple(whole(part) for part in _names(text))
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more for each layer; got {text!r}")
    return sizes


def _batch_size(text: str) -> int | None:
    return None if text == "all" else whole(text)


def _width(text: str) -> tuple[float, str]:
    """Read a width with its unit."""
    from gui.export.page import UNITS

    unit = next((unit for unit in UNITS if text.strip().endswith(unit)), "")
    try:
        if unit:
            return float(text.strip()[: -len(unit)]), unit
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"must be a number with {', '.join(UNITS)}, such as 85mm; got {text!r}")


def _unit(text: str) -> Unit:
    try:
        return typed_unit(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _slices(text: str) -> tuple[float, ...]:
    try:
        return typed_slices("" if text == "none" else text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _side_lengths(text: str) -> tuple[int, int]:
    width, _, height = text.lower().replace("×", "x").partition("x")
    try:
        return int(width), int(height)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be like 1280x720; got {text!r}") from None


def _named_numbers(text: str) -> dict[str, float | tuple[float, ...]]:
    """Read name=value pairs; a pair of numbers is written with a slash, such as betas=0.9/0.999."""
    values: dict[str, float | tuple[float, ...]] = {}
    for part in _names(text):
        name, sign, value = part.partition("=")
        if not sign:
            raise argparse.ArgumentTypeError(f"must be like momentum=0.9,weight_decay=0.01; got {text!r}")
        values[name.strip()] = _numbers(value.replace("/", ","))
    return values


def _lanes(text: str) -> list[tuple[str, float | None]]:
    """Read names of optimizers, each with its learning rate or without."""
    lanes: list[tuple[str, float | None]] = []
    for part in _names(text):
        name, sign, value = part.partition("=")
        lanes.append((name.strip(), _number(value) if sign else None))
    return lanes


def _rates(text: str) -> list[float]:
    return [_number(part) for part in _names(text)]


def _panel(name: str) -> str:
    """Return a panel's own name: in the pictures the surface is called output."""
    for panel, shown in PANEL_NAMES.items():
        if name.lower() in (panel, shown.lower()):
            return panel
    known = [panel if " " in shown else shown.lower() for panel, shown in PANEL_NAMES.items()]
    raise argparse.ArgumentTypeError(f"must name panels of {', '.join(known)}; got {name!r}")


def _panels(text: str) -> tuple[str, ...]:
    return tuple(map(_panel, _names(text)))


def _named_panels(text: str) -> dict[str, float | tuple[float, ...]]:
    try:
        numbers = _named_numbers(text)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"must be like output=2,loss=0.5; got {text!r}") from None
    return {_panel(name): value for name, value in numbers.items()}


Reader: TypeAlias = tuple[str, Callable[[str], object]]

_READERS: dict[Any, Reader] = {
    int: ("N", whole),
    float: ("NUMBER", _number),
    float | tuple[float, ...]: ("NUMBERS", _numbers),
    tuple[str, ...]: ("NAMES", _names),
    Mapping[str, OptionValue]: ("NAME=VALUE,...", _named_numbers),
    "size": ("WxH", _side_lengths),
    "batch_size": ("N|all", _batch_size),
    "rule": ("FORMULA", str),
    "curve_rule": ("FORMULA", str),
    "features": ("FORMULAS", _names),
    "panels": ("NAMES", _panels),
    "give": ("PANEL=N,...", _named_panels),
    "neuron": ("NEURON", str),
    "slices": ("NUMBERS", _slices),
    "title": ("TEXT", str),
    "caption": ("TEXT", str),
}
"""A field's type, or the name of one of its own kind -> what the help calls a value, and what reads it."""
