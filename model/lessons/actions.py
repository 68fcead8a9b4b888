"""Actions: a registry of what a lesson may do in the window, each with what its value may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from model.data.dataset import PLANE_LIMIT
from model.data.features import check_features, feature
from model.data.generators import GENERATORS, GeneratorSettings
from model.lessons.facts import FACTS
from model.meant import did_you_mean
from model.network.activations import ACTIVATIONS
from model.network.parts import Unit, typed_unit
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, NetworkSettings
from model.training.settings import TrainingSettings
from model.types import counted, readable, shortened

ActionValue: TypeAlias = "int | str | Unit | GeneratorSettings | tuple[Any, ...] | None"
"""What an action is given, see the ``parse`` of each."""

MOST_STEPS = 10_000
"""So many steps a lesson may take at once; more are a matter of playing."""

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class LessonAction:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`ACTIONS`.
    example : str
        The whole of it, as a lesson writes it.
    description : str
        What it does, in a sentence, for teachers.
    parse : callable
        Makes its value of the text that follows the name; raises a ValueError, one sentence, if that is not allowed.
    title : callable
        Says on a button what the action does with a value.
    """

    name: str
    example: str
    description: str
    parse: Callable[[str], ActionValue]
    title: Callable[[Any], str]


# What values may be


def _none(text: str) -> None:
    if text:
        raise ValueError(f"nothing may follow it; got {shortened(text)!r}")


def _whole(text: str, least: int, most: int, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise ValueError(f"{what} must be a whole number from {least:,} to {most:,}; got {shortened(text)!r}")
    return int(text)


def _number(text: str, what: str) -> float:
    try:
        return float(text.replace("−", "-"))
    except ValueError:
        raise ValueError(f"{what} must be a number; got {shortened(text)!r}") from None


def _line(text: str) -> str:
    if not text:
        raise ValueError("a name must follow it")
    return text


def _generator(text: str) -> GeneratorSettings:
    """Return the settings of ``spiral n_points=200 noise=0.1``; what is not named is as the window begins with."""
    name, *options = text.split()
    kinds = {field.name: field.default for field in fields(GeneratorSettings) if field.name != "name"}
    values: dict[str, Any] = {}
    for option in options:
        key, _, value = option.partition("=")
        if key not in kinds:
            got = f"{shortened(option)!r}{did_you_mean(key, kinds)}"
            raise ValueError(f"an option is one of {', '.join(kinds)}, then = and a value; got {got}")
        values[key] = value if isinstance(kinds[key], str) else _numeric(value, key)
    return GeneratorSettings(name=name, **values)


def _numeric(text: str, what: str) -> int | float:
    value = _number(text, what)
    return int(value) if value.is_integer() and "." not in text else value


def _generator_of(text: str) -> GeneratorSettings:
    return _generator(_line(text))


def _layers(text: str) -> tuple[int, ...]:
    if text == NOTHING:
        return ()
    if "," in text:
        raise ValueError(f"sizes have spaces between them, as in layers 4 4; got {shortened(text)!r}")
    sizes = tuple(_whole(size, 1, MAX_UNITS, "the size of a layer") for size in _line(text).split())
    if len(sizes) > MAX_HIDDEN_LAYERS:
        raise ValueError(f"there may be {MAX_HIDDEN_LAYERS} hidden layers; got {len(sizes)}")
    return sizes


def _features(text: str) -> tuple[str, ...]:
    names = tuple(_line(text).split())
    if any(name.endswith(",") for name in names):
        raise ValueError(f"inputs have spaces between them, and no commas, as in x1 x2; got {shortened(text)!r}")
    check_features(names)
    return names


def _unit(text: str) -> Unit | None:
    return None if text == NOTHING else typed_unit(text)


def _place(text: str) -> tuple[float, ...]:
    if text == NOTHING:
        return ()
    place = tuple(_number(part, "a coordinate") for part in text.split())
    if len(place) != 2 or not all(abs(x) <= PLANE_LIMIT for x in place):
        raise ValueError(f"a place is two numbers from −{PLANE_LIMIT:g} to {PLANE_LIMIT:g}; got {shortened(text)!r}")
    return place


_TRAINING = (
    "learning_rate",
    "batch_size",
    "loss",
    "optimizer",
    "reduction",
    "batch_order",
    "regularization",
    "regularization_rate",
    "patience",
)
_NETWORK = ("activation", "output_activation", "bias", "initializer", "initializer_scale", "seed")
_WHOLE = ("batch_size", "patience", "seed")
_REAL = ("learning_rate", "regularization_rate", "initializer_scale")

SETTINGS = (*_TRAINING, *_NETWORK)
"""What the action ``set`` can set: attributes of the settings of training and of the network."""


def _setting(text: str) -> tuple[str, Any]:
    name, _, written = text.partition(" ")
    written = written.strip()
    if name not in SETTINGS:
        got = f"{shortened(name)!r}{did_you_mean(name.partition('=')[0], SETTINGS)}"
        raise ValueError(f"a setting is one of {', '.join(SETTINGS)}, then a space and its value; got {got}")
    value: Any = written
    if written == "none" and name in ("batch_size", "patience"):
        value = None
    elif name in _WHOLE:
        value = _whole(written, 0, 10**9 - 1, name)
    elif name in _REAL:
        value = _number(written, name)
    _check_setting(name, value)
    return name, value


def _check_setting(name: str, value: Any) -> None:
    """Raise a ValueError unless a setting may have a value."""
    if name in _TRAINING:
        TrainingSettings(**{name: value})
    elif name == "activation":
        NetworkSettings((2, 1, 2), (value,))
    else:
        NetworkSettings((2, 2), (), **{name: value})


def _look(text: str) -> tuple[str, Any]:
    """Return the name and the value of a setting of the view: on and off, a number, or a word."""
    name, _, written = text.partition(" ")
    written = written.strip()
    if not name or not written:
        raise ValueError("a setting of the view and its value must follow it, such as regions on")
    if written in ("on", "off"):
        return name, written == "on"
    try:
        return name, _numeric(written, name)
    except (ValueError, OverflowError):
        return name, written


# How buttons say it


def _generate_title(settings: GeneratorSettings) -> str:
    return f"Generate {GENERATORS[settings.name].label}"


def _layers_title(sizes: tuple[int, ...]) -> str:
    return f"Give it hidden layers of {', '.join(map(str, sizes))}" if sizes else "Take all hidden layers away"


def _set_title(value: tuple[str, Any]) -> str:
    name, chosen = value
    shown = ACTIVATIONS[chosen].name if name == "activation" else "none" if chosen is None else chosen
    label = FACTS[name].label if name in FACTS else name.replace("_", " ")
    return f"Set {label} to {readable(str(shown))}"


def _select_title(unit: Unit | None) -> str:
    return "Select nothing" if unit is None else f"Select neuron {unit.index + 1} of layer {unit.layer}"


def _probe_title(place: tuple[float, ...]) -> str:
    return readable(f"Probe the place {place[0]:g}, {place[1]:g}") if place else "Take the probe away"


def _look_title(value: tuple[str, Any]) -> str:
    shown = {True: "on", False: "off"}.get(value[1], value[1]) if isinstance(value[1], bool) else value[1]
    return f"Set {value[0].replace('_', ' ')} to {readable(str(shown))}"


ACTIONS: dict[str, LessonAction] = {
    action.name: action
    for action in (
        LessonAction(
            "open",
            "open circle.netcanvas",
            "Open one of the lesson's experiments, by the name of its file.",
            _line,
            lambda name: f"Open {name.removesuffix('.netcanvas')}",
        ),
        LessonAction(
            "generate",
            "generate spiral n_points=200 noise=0.1 n_classes=2",
            "Draw a data set, by the name of its generator; after it, what differs from a new window's settings.",
            _generator_of,
            _generate_title,
        ),
        LessonAction("clear", "clear", "Remove all points.", _none, lambda _: "Remove all points"),
        LessonAction(
            "features",
            "features x1 x2 x1*x2",
            "Give the network these inputs, formulas without spaces.",
            _features,
            lambda names: f"Give it {', '.join(feature(name).label for name in names)}",
        ),
        LessonAction(
            "layers",
            "layers 4 4",
            "Give the network hidden layers of these sizes; `layers nothing` leaves none.",
            _layers,
            _layers_title,
        ),
        LessonAction(
            "set",
            "set learning_rate 0.1",
            f"Change a setting: {', '.join(f'`{name}`' for name in SETTINGS)}.",
            _setting,
            _set_title,
        ),
        LessonAction(
            "train",
            "train 50",
            f"Take so many steps, at most {MOST_STEPS:,}.",
            lambda text: _whole(text, 1, MOST_STEPS, "the number of steps"),
            lambda n: f"Train {counted(n, 'step')}",
        ),
        LessonAction("play", "play", "Train until paused.", _none, lambda _: "Play"),
        LessonAction("pause", "pause", "Pause the training.", _none, lambda _: "Pause"),
        LessonAction("rewind", "rewind", "Go back to the run's first weights.", _none, lambda _: "Rewind"),
        LessonAction(
            "reinitialise",
            "reinitialise",
            "Begin a new run with the weights of the next seed.",
            _none,
            lambda _: "Re-initialise",
        ),
        LessonAction(
            "scrub",
            "scrub 10",
            "Look back at the moment after so many steps, or the one kept that is next to it.",
            lambda text: _whole(text, 0, 10**9 - 1, "the step"),
            lambda step: f"Look back at step {step:,}",
        ),
        LessonAction("present", "present", "Look at the present moment again.", _none, lambda _: "Look at the present"),
        LessonAction(
            "select",
            "select h1.2",
            "Select a neuron by its layer and its place in it, inputs being layer 0; `select nothing` ends it.",
            _unit,
            _select_title,
        ),
        LessonAction(
            "probe",
            "probe 0.5 -1",
            "Put the probe on a place of the plane; `probe nothing` takes it away.",
            _place,
            _probe_title,
        ),
        LessonAction(
            "show",
            "show Step Through",
            "Show a card, by its name in the menu View.",
            _line,
            lambda name: f"Show {name}",
        ),
        LessonAction(
            "view",
            "view regions on",
            "Change how the window looks at it, by the names in `view` of an experiment file; switches are on or off.",
            _look,
            _look_title,
        ),
    )
}
"""Every action, by name, in the order of the documentation."""
