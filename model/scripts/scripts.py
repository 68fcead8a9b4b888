"""A trained network as a script for NumPy or PyTorch: the templates of resources/scripts, filled in."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import Template
from typing import TypeAlias

from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.network.activations import ACTIVATIONS, Activation, Source
from model.network.losses import OutputActivation, layer_activations
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.scripts.formula import NUMPY, PYTORCH, Library, formula_source, functions_of
from model.scripts.parameters import check_finite, npz_bytes, save_npz, weights_json
from model.scripts.wording import PLAIN_WORDING, Wording
from model.types import counted

__all__ = ["npz_bytes", "numpy_script", "pytorch_script", "save_npz", "weights_json"]

_Entry: TypeAlias = "Activation | OutputActivation"

_TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "scripts"
_WIDTH = 88

_OUTPUT_IN_OWN_UNITS = "a = a * OUTPUT_UNIT + OUTPUT_MIDDLE"

_SIGN = '''def sign(values):
    """Return -1, 0 or 1, and NaN for NaN."""
    return torch.where(values.isnan(), values, torch.sign(values))'''


def numpy_script(network: Network, wording: Wording = PLAIN_WORDING) -> str:
    """Return a Python script that predicts as the network does, and needs NumPy alone.

    Parameters
    ----------
    network : Network
    wording : Wording, optional
        The names and units in which the script takes points, answers values, and prints classes. By default they are
        those of the network, and it prints only outputs.

    Returns
    -------
    str
        To be written as UTF-8. Its ``predict(points)`` takes points of shape (n_points, 2), of a curve (n_points, 1),
        and returns outputs of shape (n_points, n_out). Run as a program, it predicts points from the command line or
        the standard input.

    Raises
    ------
    ValueError
        If a parameter is not finite, or the wording does not go with the network.
    """
    _check(network, wording)
    settings = network.settings
    definitions, forward = _definitions(settings, lambda entry: entry.numpy), []
    if wording.scales_inputs:
        forward.append("a = (a - MIDDLES) / UNITS")
    features = features_source(settings)
    if features:
        definitions.insert(0, features)
        forward.append("a = features(a)")
    if settings.standardization:
        forward.append("a = (a - MEANS) / SPREADS")
    for layer, entry in enumerate(_activations(settings), start=1):
        biases = "" if settings.bias == "none" else f" + BIASES_{layer}"
        forward.append(f"a = {entry.numpy.applied(f'a @ WEIGHTS_{layer}{biases}')}")
    if wording.output.is_scaled:
        forward.append(_OUTPUT_IN_OWN_UNITS)
    return _filled(
        "numpy",
        **_common_slots(network, wording, "np.array({})", "np.argmax(output)"),
        definitions=definitions,
        forward=_indented(forward),
    )


def pytorch_script(network: Network, wording: Wording = PLAIN_WORDING) -> str:
    """Return a Python script that predicts as the network does, with an nn.Module in double precision.

    Parameters
    ----------
    network, wording
        As for :func:`numpy_script`.

    Returns
    -------
    str
        To be written as UTF-8. ``Network()`` is the module, which needs no file beside the script; ``predict(points)``
        returns a tensor of shape (n_points, n_out).

    Raises
    ------
    ValueError
        If a parameter is not finite, or the wording does not go with the network.
    """
    _check(network, wording)
    settings = network.settings
    definitions, parts, forward = _definitions(settings, lambda entry: entry.pytorch), [], []
    if any("sign" in functions_of(feature(name).formula) for name in _formulas(settings)):
        definitions.append(_SIGN)
    if wording.scales_inputs:
        parts += _buffers("MIDDLES", "UNITS")
        forward.append("a = (a - self.middles) / self.units")
    if _formulas(settings):
        definitions.append(_features_function(settings, "pytorch_features", PYTORCH, indent=12))
        forward.append("a = features(a)")
    if settings.standardization:
        parts += _buffers("MEANS", "SPREADS")
        forward.append("a = (a - self.means) / self.spreads")
    for layer, entry in enumerate(_activations(settings), start=1):
        biases = "" if settings.bias == "none" else f", BIASES_{layer}"
        parts.append(f"self.layer_{layer} = linear(WEIGHTS_{layer}{biases})")
        forward.append(f"a = {entry.pytorch.applied(f'self.layer_{layer}(a)')}")
    if wording.output.is_scaled:
        forward.append(_OUTPUT_IN_OWN_UNITS)
    imports = ["from torch import nn", "from torch.nn import functional"]
    if "functional." not in "".join(forward):
        imports.pop()
    return _filled(
        "pytorch",
        **_common_slots(network, wording, "{}", "output.argmax()"),
        definitions=definitions,
        torch_imports="\n".join(imports),
        parts=_indented(parts, 2),
        forward=_indented(forward, 2),
    )


def _check(network: Network, wording: Wording) -> None:
    check_finite(network)
    wording.check(network.settings.n_classes, network.settings.n_coordinates)


def _buffers(*names: str) -> list[str]:
    """Return the lines that let a module of PyTorch keep constants of the script."""
    return [f'self.register_buffer("{name.lower()}", torch.tensor({name}, dtype=torch.float64))' for name in names]


def _filled(template: str, *, definitions: Sequence[str], **slots: str) -> str:
    """Return a template with its slots filled in."""
    functions = "\n\n\n".join(definitions)
    imports = "import math\nimport sys" if "math." in functions else "import sys"
    filled = _template(template).substitute(slots, definitions=functions, imports=imports)
    # The blank lines around an empty slot meet.
    return re.sub("\n{4,}", "\n\n\n", filled)


def _template(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.py.txt").read_text(encoding="utf-8"))


def _indented(lines: Iterable[str], depth: int = 1) -> str:
    return textwrap.indent("\n".join(lines), "    " * depth)


# What the network is


def _activations(settings: NetworkSettings) -> list[_Entry]:
    return layer_activations(settings.hidden_activations, settings.output_activation)


def _formulas(settings: NetworkSettings) -> tuple[str, ...]:
    """Return the features that must be computed: none where the coordinates go in as they are."""
    return () if settings.features in (None, RAW_FEATURES, RAW_CURVE_FEATURES) else settings.features or ()


def _coordinates(settings: NetworkSettings) -> tuple[str, ...]:
    """Return what formulas call the numbers of a point."""
    return RAW_CURVE_FEATURES if settings.is_of_curve else RAW_FEATURES


def _common_slots(network: Network, wording: Wording, array: str, index_of_largest: str) -> dict[str, str]:
    """Return the slots of both templates, given the library's source of an array and of the largest output's index."""
    settings = network.settings
    names = [entry.name for entry in _activations(settings)]
    sizes = [f"{size} {name}" for size, name in zip(settings.layer_sizes[1:], names, strict=True)]
    layers = " -> ".join([counted(settings.layer_sizes[0], "input"), *sizes])
    example = list(map(repr, wording.example(([0.5, -1.2, 3.0] * settings.n_coordinates)[: settings.n_coordinates])))
    command = f"python network.py {' '.join(example)}"
    return {
        "layers": textwrap.fill(layers, _WIDTH - 4, initial_indent="    ", subsequent_indent="    "),
        "command": f"{command:<30}",
        "n_coordinates": str(settings.n_coordinates),
        "n_numbers": counted(settings.n_coordinates, "number"),
        "example": ",".join(example),
        "constants": "\n".join(_constants(network, wording, array)),
        "class_name": "" if wording.class_names is None else _class_name_function(settings, index_of_largest),
        "and_class": "" if wording.class_names is None else ", class_name(output)",
    }


def _constants(network: Network, wording: Wording, array: str) -> list[str]:
    """Return the lines that hold the numbers of the network."""
    settings, n = network.settings, network.settings.n_coordinates
    lines = wording.comments(_WIDTH)
    if wording.class_names is not None:
        lines += [_assigned("CLASS_NAMES", list(wording.class_names))]
    lines += [""] if lines else []
    lines += [f"# Three points to predict if none are given, {counted(n, 'number')} each."]
    lines += [_assigned("EXAMPLES", wording.example([0.0] * n + [1.0] * n + [-2.0] + [3.0] * (n - 1))), ""]
    if wording.scales_inputs:
        lines += ["# What each number of a point is where the network has 0, and how much a 1 of it is."]
        lines += [_assigned("MIDDLES", [axis.middle for axis in wording.inputs], array)]
        lines += [_assigned("UNITS", [axis.unit for axis in wording.inputs], array), ""]
    if wording.output.is_scaled:
        lines += ["# What is predicted where the network has 0, and how much a 1 of it is."]
        lines += [f"OUTPUT_MIDDLE = {wording.output.middle!r}", f"OUTPUT_UNIT = {wording.output.unit!r}", ""]
    if settings.standardization:
        means, spreads = (list(map(float, values)) for values in zip(*settings.standardization, strict=True))
        lines += ["# Mean and spread of each input over the training points."]
        lines += [_assigned("MEANS", means, array), _assigned("SPREADS", spreads, array), ""]
    lines += ["# A layer's weights have a row for each unit below and a column for each unit."]
    if settings.bias == "shared":
        lines += ["# One bias serves all units, added once for each weight that leads to a unit."]
    for layer, index in sorted(settings.muted):
        unit = f"Input {index + 1}" if layer == 0 else f"Unit {index + 1} of layer {layer}"
        lines += [f"# {unit} is muted: its row of WEIGHTS_{layer + 1} is 0."]
    layers = zip(network.layer_matrices(), _activations(settings), strict=True)
    for layer, (matrix, entry) in enumerate(layers, start=1):
        lines += ["", f"# Layer {layer}: {len(matrix) - 1} -> {matrix.shape[1]}, {entry.name}."]
        # A muted unit's negative weights have become -0.0.
        lines.append(_assigned(f"WEIGHTS_{layer}", (matrix[:-1] + 0.0).tolist(), array))
        if settings.bias != "none":
            lines.append(_assigned(f"BIASES_{layer}", matrix[-1].tolist(), array))
    return lines


def _assigned(name: str, values: list[str] | list[float] | list[list[float]], array: str = "{}") -> str:
    """Return the source that gives a name to a list, or to an array of it; a matrix has a line for each row."""
    line = f"{name} = {array.format(_in_a_line(values))}"
    fits = len(line) <= _WIDTH and not isinstance(values[0], list)
    return line if fits else f"{name} = {array.format(_in_lines(values))}"


def _in_a_line(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_in_a_line, value))}]"
    source = repr(value)
    # In double quotes where it has none itself.
    return f'"{source[1:-1]}"' if isinstance(value, str) and not {"'", '"'} & set(value) else source


def _in_lines(values: Sequence[object], indent: str = "") -> str:
    """Return a list over several lines: numbers fill each line, other items have one each."""
    inner = f"{indent}    "
    if isinstance(values[0], float):
        lines = textwrap.wrap(
            f"{_in_a_line(values)[1:-1]},",
            _WIDTH,
            initial_indent=inner,
            subsequent_indent=inner,
            break_on_hyphens=False,
        )
    else:
        lines = [f"{inner}{_in_a_line(value)}," for value in values]
        lines = [
            line if len(line) <= _WIDTH or not isinstance(value, list) else f"{inner}{_in_lines(value, inner)},"
            for line, value in zip(lines, values, strict=True)
        ]
    return "\n".join(["[", *lines, f"{indent}]"])


# Functions of the scripts


def _definitions(settings: NetworkSettings, source_of: Callable[[_Entry], Source]) -> list[str]:
    """Return the functions that the activations need, each once."""
    definitions: dict[str, None] = {}
    for source in map(source_of, _activations(settings)):
        for needed in (*(source_of(ACTIVATIONS[name]) for name in source.needs), source):
            definitions[needed.definition] = None
    return [definition for definition in definitions if definition]


def features_source(settings: NetworkSettings) -> str:
    """Return the NumPy function ``features(points)``; empty where the coordinates go in as they are."""
    return _features_function(settings, "numpy_features", NUMPY, indent=16) if _formulas(settings) else ""


def _features_function(settings: NetworkSettings, template: str, library: Library, indent: int) -> str:
    """Return the function that computes the features of points, its formulas indented as the template wants them."""
    # A long formula is broken at a space; it stands in brackets.
    space = " " * indent
    wrapper = textwrap.TextWrapper(
        _WIDTH, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )
    names = _coordinates(settings)
    sources = (formula_source(feature(name).formula, library, names[0]) for name in _formulas(settings))
    lines = "\n".join(wrapper.fill(f"{source},") for source in sources)
    # One name takes one of many by a comma alone.
    coordinates = f"({names[0]},)" if len(names) == 1 else ", ".join(names)
    return _template(template).substitute(coordinates=coordinates, formulas=lines).rstrip()


def _class_name_function(settings: NetworkSettings, index_of_largest: str) -> str:
    """Return the function that names the class of an output."""
    border = 0.5 if settings.output_activation == "sigmoid" else 0.0
    index = index_of_largest if settings.layer_sizes[-1] > 1 else f"int(output[0] > {border})"
    return (
        'def class_name(output):\n    """Return the name of the class that the outputs of one point mean."""\n'
        f"    return CLASS_NAMES[{index}]"
    )
