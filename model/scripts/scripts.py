"""A trained network for other programs: scripts for NumPy and PyTorch, JSON and npz of its parameters."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence

from model.data.features import RAW_FEATURES, feature
from model.network.activations import ACTIVATIONS, Activation, Source
from model.network.losses import OutputActivation, layer_activations
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.scripts.formula import NUMPY, PYTORCH, Library, formula_source, functions_of
from model.scripts.parameters import check_finite, npz_bytes, save_npz, weights_json

__all__ = ["npz_bytes", "numpy_script", "pytorch_script", "save_npz", "weights_json"]

_WIDTH = 88


def numpy_script(network: Network, class_names: Sequence[str] | None = None) -> str:
    """Return a Python script that predicts as the network does, and needs NumPy alone.

    Parameters
    ----------
    network : Network
    class_names : sequence of str, optional
        One for each class, for what the script prints. Without them it prints outputs alone.

    Returns
    -------
    str
        To be written as UTF-8. Its ``predict(points)`` takes points of shape (n_points, 2) and returns outputs of
        shape (n_points, n_out). Run as a program it predicts points of the command line or the standard input.

    Raises
    ------
    ValueError
        If a parameter is not finite, or the class names are not one for each class.
    """
    _check(network, class_names)
    settings = network.settings
    sources = [activation.numpy for activation in _activations(settings)]
    definitions = _definitions(sources, {name: entry.numpy for name, entry in ACTIVATIONS.items()})
    imports = ["import sys"] if "math." not in "".join(definitions) else ["import math", "import sys"]
    has_features = _has_features(settings)
    body = ["a = np.asarray(points, dtype=float)", *(["a = inputs(a)"] if has_features else [])]
    for layer, source in enumerate(sources, start=1):
        z = f"a @ WEIGHTS_{layer}" + ("" if settings.bias == "none" else f" + BIASES_{layer}")
        body.append(f"a = {source.applied(z)}")
    predict = _indented(
        [
            f'"""Return the outputs for points of shape (n, {settings.n_coordinates}), a row for each point."""',
            *body,
            "return a",
        ]
    )
    parts = [
        "\n".join(
            [
                *(_docstring(settings, "Python and NumPy"), "", *imports, "", "import numpy as np", ""),
                *_constants(network, class_names, "np.array({})"),
            ]
        ),
        *([_numpy_inputs(settings)] if has_features else []),
        *definitions,
        f"def predict(points):\n{predict}",
        *_class_name_function(settings, class_names, "np.argmax(output)"),
        _main(settings, class_names, "np.array(numbers, dtype=float).reshape", "points, predict(points)"),
    ]
    return _script(parts)


def pytorch_script(network: Network, class_names: Sequence[str] | None = None) -> str:
    """Return a Python script that predicts as the network does, with an nn.Module in double precision.

    Parameters
    ----------
    network, class_names
        As for :func:`numpy_script`.

    Returns
    -------
    str
        To be written as UTF-8. ``Network()`` is the module, which needs no file beside the script; ``predict(points)``
        returns a tensor of shape (n_points, n_out).

    Raises
    ------
    ValueError
        If a parameter is not finite, or the class names are not one for each class.
    """
    _check(network, class_names)
    settings = network.settings
    sources = [activation.pytorch for activation in _activations(settings)]
    definitions = _definitions(sources, {name: entry.pytorch for name, entry in ACTIVATIONS.items()})
    if any("sign" in functions_of(feature(name).formula) for name in _formulas(settings)):
        definitions.append(_SIGN)
    module = _module(settings)
    imports = ["import math", "import sys"] if "math." in module else ["import sys"]
    from_torch = ["from torch import nn"] + ["from torch.nn import functional"] * ("functional." in module)
    parts = [
        "\n".join(
            [
                *(_docstring(settings, "Python and PyTorch"), "", *imports, "", "import torch", *from_torch, ""),
                *_constants(network, class_names, "{}"),
            ]
        ),
        *definitions,
        _LINEAR_WITHOUT_BIAS if settings.bias == "none" else _LINEAR,
        module,
        _PYTORCH_PREDICT.format(n_coordinates=settings.n_coordinates),
        *_class_name_function(settings, class_names, "output.argmax()"),
        _main(
            settings,
            class_names,
            "torch.tensor(numbers, dtype=torch.float64).reshape",
            "points.tolist(), predict(points)",
            output=".tolist()",
            errors="(ValueError, RuntimeError)",
        ),
    ]
    return _script(parts)


def _check(network: Network, class_names: Sequence[str] | None) -> None:
    check_finite(network)
    n_classes = network.settings.n_classes
    if class_names is not None and len(class_names) != n_classes:
        raise ValueError(f"class_names must be {n_classes} names; got {list(class_names)!r}")


def _script(parts: Iterable[str]) -> str:
    return "\n\n\n".join(parts) + '\n\n\nif __name__ == "__main__":\n    main()\n'


def _indented(lines: Iterable[str], depth: int = 1) -> str:
    return textwrap.indent("\n".join(lines), "    " * depth)


# What the network is


def _activations(settings: NetworkSettings) -> list[Activation | OutputActivation]:
    return layer_activations(settings.hidden_activations, settings.output_activation)


def _activation_names(settings: NetworkSettings) -> list[str]:
    return [*settings.hidden_activations, settings.output_activation]


def _formulas(settings: NetworkSettings) -> tuple[str, ...]:
    """Return the features that must be computed: none where the two coordinates go in as they are."""
    return () if settings.features in (None, RAW_FEATURES) else settings.features or ()


def _has_features(settings: NetworkSettings) -> bool:
    return bool(_formulas(settings) or settings.standardization)


def _docstring(settings: NetworkSettings, needed: str) -> str:
    layers = [f"{settings.layer_sizes[0]} inputs"]
    layers += [
        f"{size} {name}" for size, name in zip(settings.layer_sizes[1:], _activation_names(settings), strict=True)
    ]
    example = " ".join(["0.5", "-1.2", "3.0"][: settings.n_coordinates])
    shape = textwrap.wrap(" -> ".join(layers), _WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(
        [
            f'"""A neural network, trained with NetCanvas. The script needs {needed} alone.',
            "",
            "Layers:",
            "",
            *shape,
            "",
            "Save it as network.py, then",
            "",
            f"    {f'python network.py {example}':<32}predicts one point, or more",
            f"    {'python network.py < points.txt':<32}predicts the points of a file, one a line",
            "",
            "or in a program: from network import predict",
            '"""',
        ]
    )


def _constants(network: Network, class_names: Sequence[str] | None, array: str) -> list[str]:
    """Return the lines that hold the numbers of the network."""
    settings = network.settings
    lines = []
    if class_names is not None:
        lines += [_list("CLASS_NAMES", [_text(str(name)) for name in class_names], "{}"), ""]
    n = settings.n_coordinates
    examples = [0.0] * n + [1.0] * n + [-2.0] + [3.0] * (n - 1)
    lines += [f"# Three points to predict if none are given, {n} numbers each."]
    lines += [_list("EXAMPLES", [repr(value) for value in examples], "{}"), ""]
    if settings.standardization:
        means, spreads = zip(*settings.standardization, strict=True)
        lines += ["# Mean and spread of each input over the training points."]
        lines += [_list("MEANS", [repr(float(v)) for v in means], array)]
        lines += [_list("SPREADS", [repr(float(v)) for v in spreads], array), ""]
    lines += ["# A layer's weights have a row for each unit below and a column for each unit."]
    if settings.bias == "shared":
        lines += ["# One bias serves all units, added once for each weight that leads to a unit."]
    for layer, index in sorted(settings.muted):
        unit = f"Input {index + 1}" if layer == 0 else f"Unit {index + 1} of layer {layer}"
        lines += [f"# {unit} is muted: its row of WEIGHTS_{layer + 1} is 0."]
    for layer, (matrix, name) in enumerate(
        zip(network.layer_matrices(), _activation_names(settings), strict=True), start=1
    ):
        lines += ["", f"# Layer {layer}: {len(matrix) - 1} -> {matrix.shape[1]}, {name}."]
        # A muted unit's negative weights have become -0.0.
        rows = [_row(row) for row in (matrix[:-1] + 0.0).tolist()]
        lines.append(f"WEIGHTS_{layer} = " + array.format("[\n" + "\n".join(rows) + "\n]"))
        if settings.bias != "none":
            lines.append(_list(f"BIASES_{layer}", [repr(value) for value in matrix[-1].tolist()], array))
    return lines


def _text(text: str) -> str:
    """Return a text as source, in double quotes where it has none itself."""
    source = repr(text)
    return source if "'" in text or '"' in text else f'"{source[1:-1]}"'


def _row(values: Sequence[float]) -> str:
    """Return a row of a matrix, inside its brackets."""
    line = f"    {values},"
    if len(line) <= _WIDTH:
        return line
    return f"    [\n{_packed(map(repr, values), 8)}\n    ],"


def _list(name: str, items: Sequence[str], array: str) -> str:
    line = f"{name} = " + array.format(f"[{', '.join(items)}]")
    if len(line) <= _WIDTH:
        return line
    return f"{name} = " + array.format(f"[\n{_packed(items, 4)}\n]")


def _packed(items: Iterable[str], indent: int) -> str:
    """Return items in as few lines as they need, a comma after each."""
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + 2 <= _WIDTH:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{' ' * indent}{item},")
    return "\n".join(lines)


# Functions of the scripts


def _definitions(sources: Iterable[Source], known: Mapping[str, Source]) -> list[str]:
    """Return the functions that some activations need, each once."""
    wanted = [source for needing in sources for source in (*map(known.__getitem__, needing.needs), needing)]
    return list(dict.fromkeys(source.definition for source in wanted if source.definition))


def _feature_lines(settings: NetworkSettings, library: Library, stack: str, *options: str) -> list[str]:
    """Return the lines that make the array `a` of the coordinates x1 and x2."""
    space = " " * 8
    # A long formula is broken at a space; it stands in brackets.
    wrapper = textwrap.TextWrapper(
        _WIDTH - 8, initial_indent=space, subsequent_indent=space, break_long_words=False, break_on_hyphens=False
    )
    items = [wrapper.fill(f"{formula_source(feature(name).formula, library)},") for name in _formulas(settings)]
    end = ["    ]", ")"] if not options else ["    ],", *(f"    {option}," for option in options), ")"]
    return [f"a = {stack}(", "    [", *items, *end]


_NO_FINITE_VALUE = "# Where a formula has no finite value, it counts as 0."


def _numpy_inputs(settings: NetworkSettings) -> str:
    lines = ['"""Return what the network is given of each point."""']
    result = "points"
    if _formulas(settings):
        lines += ["x1, x2 = points.T", 'with np.errstate(all="ignore"):']
        lines += [_indented(_feature_lines(settings, NUMPY, "np.column_stack"))]
        lines += [_NO_FINITE_VALUE, "a = np.nan_to_num(a, nan=0.0, posinf=0.0, neginf=0.0)"]
        result = "a"
    lines.append(f"return ({result} - MEANS) / SPREADS" if settings.standardization else f"return {result}")
    return f"def inputs(points):\n{_indented(lines)}"


_SIGN = '''def sign(values):
    """Return -1, 0 or 1, and NaN for NaN."""
    return torch.where(values.isnan(), values, torch.sign(values))'''

_LINEAR = '''def linear(weights, biases):
    """Return a layer with these weights and biases."""
    layer = nn.Linear(len(weights), len(biases), dtype=torch.float64)
    with torch.no_grad():
        # PyTorch keeps a row for each unit.
        layer.weight.copy_(torch.tensor(weights, dtype=torch.float64).T)
        layer.bias.copy_(torch.tensor(biases, dtype=torch.float64))
    return layer'''

_LINEAR_WITHOUT_BIAS = '''def linear(weights):
    """Return a layer with these weights and no biases."""
    layer = nn.Linear(len(weights), len(weights[0]), bias=False, dtype=torch.float64)
    with torch.no_grad():
        # PyTorch keeps a row for each unit.
        layer.weight.copy_(torch.tensor(weights, dtype=torch.float64).T)
    return layer'''

_PYTORCH_PREDICT = '''def predict(points):
    """Return the outputs for points of shape (n, {n_coordinates}), a row for each point."""
    with torch.no_grad():
        return Network()(torch.as_tensor(points, dtype=torch.float64))'''


def _module(settings: NetworkSettings) -> str:
    """Return the class of the network."""
    start, forward = ["super().__init__()"], []
    if settings.standardization:
        start += [
            f'self.register_buffer("{name.lower()}", torch.tensor({name}, dtype=torch.float64))'
            for name in ("MEANS", "SPREADS")
        ]
    below = "points"
    if _formulas(settings):
        forward += ["x1, x2 = points.unbind(dim=1)"]
        forward += _feature_lines(settings, PYTORCH, "torch.stack", "dim=1")
        forward += [_NO_FINITE_VALUE, "a = torch.nan_to_num(a, nan=0.0, posinf=0.0, neginf=0.0)"]
        below = "a"
    if settings.standardization:
        forward.append(f"a = ({below} - self.means) / self.spreads")
        below = "a"
    for layer, activation in enumerate(_activations(settings), start=1):
        biases = "" if settings.bias == "none" else f", BIASES_{layer}"
        start.append(f"self.layer_{layer} = linear(WEIGHTS_{layer}{biases})")
        forward.append(f"a = {activation.pytorch.applied(f'self.layer_{layer}({below})')}")
        below = "a"
    return "\n".join(
        [
            "class Network(nn.Module):",
            '    """The network, with its trained weights."""',
            "",
            "    def __init__(self):",
            _indented(start, 2),
            "",
            "    def forward(self, points):",
            '        """Return the outputs for points, a row for each point."""',
            _indented([*forward, "return a"], 2),
        ]
    )


def _class_name_function(settings: NetworkSettings, class_names: Sequence[str] | None, largest: str) -> list[str]:
    """Return the function that names the class of an output, where classes have names."""
    if class_names is None:
        return []
    border = 0.5 if settings.output_activation == "sigmoid" else 0.0
    index = largest if settings.layer_sizes[-1] > 1 else f"int(output[0] > {border})"
    return [
        'def class_name(output):\n    """Return the name of the class that the outputs of one point mean."""\n'
        f"    return CLASS_NAMES[{index}]"
    ]


def _main(
    settings: NetworkSettings,
    class_names: Sequence[str] | None,
    make_points: str,
    pairs: str,
    output: str = "",
    errors: str = "ValueError",
) -> str:
    """Return the function that a script runs as a program."""
    n = settings.n_coordinates
    shown = f'*point, "->", *output{output}' + ("" if class_names is None else ", class_name(output)")
    return f'''def main():
    """Predict the points of the command line or the standard input, or else a few."""
    text = " ".join(sys.argv[1:])
    if not text and sys.stdin is not None and not sys.stdin.isatty():
        text = sys.stdin.read()
    try:
        numbers = [float(word) for word in text.replace(",", " ").split()] or EXAMPLES
        points = {make_points}(-1, {n})
    except {errors}:
        sys.exit("Give {n} numbers for each point, such as {",".join(["0.5", "-1.2", "3.0"][:n])}")
    for point, output in zip({pairs}):
        print({shown})'''
