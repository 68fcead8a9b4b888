"""Sources: the functions of a notebook, made of what the registries say of activations and losses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.network.activations import ACTIVATIONS
from model.network.losses import LOSSES, layer_activations
from model.network.scalars import SELU_ALPHA, SELU_SCALE
from model.network.settings import NetworkSettings

_SIGNS = {
    "−": "-",
    "·": " * ",
    "λ": repr(SELU_SCALE),
    "α": repr(SELU_ALPHA),
    "φ(z)": "(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))",
    "Φ(": "normal_distribution(",
    "Σ(": "total(",
}
_FUNCTIONS = {"exp": "exp", "log": "log", "cos": "cos", "abs": "abs", "min": "minimum", "max": "maximum"}
"""Functions of formulas, and what NumPy calls them."""

_HELPERS = {
    "normal_distribution": '''def normal_distribution(z):
    """Return the share of a normal distribution that is below z."""
    return (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2''',
    "total": '''def total(values):
    """Return the sum over the units of each point."""
    return values.sum(axis=0)''',
}
_IDENTITY = "identity"
_HELPERS[_IDENTITY] = f'''def {_IDENTITY}(z):
    """Return z as it is."""
    return z'''


def expression(formula: str) -> str:
    """Return a formula of a registry as an expression of arrays z, a and y, and of the slope of the output."""
    for sign, source in _SIGNS.items():
        formula = formula.replace(sign, source)
    return re.sub(r"(?<![\w.])(\w+)\(", lambda call: f"{_name(call[1])}(", formula)


def _name(function: str) -> str:
    return f"np.{_FUNCTIONS[function]}" if function in _FUNCTIONS else function


def activation_calls(settings: NetworkSettings) -> list[str]:
    """Return the name of each layer's activation in the notebook."""
    entries = layer_activations(settings.hidden_activations, settings.output_activation)
    return [entry.numpy.call or _IDENTITY for entry in entries]


def slope_calls(settings: NetworkSettings) -> list[str]:
    """Return the name of the derivative of each hidden layer's activation in the notebook."""
    return [_slope_name(name) for name in settings.hidden_activations]


def _slope_name(activation: str) -> str:
    return f"{activation}_slope"


def definitions(settings: NetworkSettings, loss: str) -> list[str]:
    """Return the functions that activations, their derivatives and the loss need, each once."""
    entries = layer_activations(settings.hidden_activations, settings.output_activation)
    needed = [other for entry in entries for other in (*(ACTIVATIONS[name] for name in entry.numpy.needs), entry)]
    # In a notebook points are columns, and in a script rows.
    functions = [entry.numpy.definition.replace("axis=1, keepdims=True", "axis=0") for entry in needed]
    slopes = [_slope(name) for name in settings.hidden_activations]
    if "slope" in loss_slope(settings, loss):
        slopes.append(_slope(settings.output_activation))
    text = "\n".join([*functions, *slopes, loss_slope(settings, loss), *activation_calls(settings)])
    helpers = [source for name, source in _HELPERS.items() if name in text]
    return [source for source in dict.fromkeys([*helpers, *functions, *slopes]) if source]


def _slope(activation: str) -> str:
    formula = expression(ACTIVATIONS[activation].derivative_formula)
    return (
        f'def {_slope_name(activation)}(z, a):\n    """Return the derivative of {activation} at z, where it is a."""\n'
        f"    return {formula}"
    )


def loss_value(settings: NetworkSettings, loss: str) -> str:
    """Return the expression of each point's loss, of the pre-activations z, the outputs a and the targets y."""
    return LOSSES[loss].outputs[settings.output_activation].source


def loss_slope(settings: NetworkSettings, loss: str) -> str:
    """Return the expression of its derivative by the pre-activations of the outputs."""
    formula = expression(LOSSES[loss].outputs[settings.output_activation].delta_formula)
    return re.sub(r"\bslope\b", f"{_slope_name(settings.output_activation)}(z, a)", formula)


def indented(lines: Sequence[str], depth: int = 1) -> str:
    """Return lines of source within a function."""
    return "\n".join(f"{'    ' * depth}{line}" if line else "" for line in lines)
