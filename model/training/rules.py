"""Rules: what an optimizer does with the gradient of a parameter, line by line, as formulas with symbols and numbers.

The arithmetic of :mod:`model.training.optimizers` in the form in which papers write it, to be read and not to be quick.
Every line works on one parameter, or on arrays of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from model.types import FloatArray

if TYPE_CHECKING:
    from model.training.optimizers import OptimizerEntry, OptionValue

Quantities: TypeAlias = dict[str, Any]
"""Numbers, or arrays with an entry for each parameter, by the names of :data:`SYMBOLS`."""

SYMBOLS: dict[str, str] = {
    "w": "w",
    "w'": "w'",
    "w~": r"\tilde{w}",
    "g": "g",
    "g~": r"\tilde{g}",
    "velocity": "v",
    "velocity'": "v'",
    "mean": "m",
    "mean'": "m'",
    "mean^": r"\hat{m}",
    "squares": "s",
    "squares'": "s'",
    "squares^": r"\hat{s}",
    "t": "t",
    "learning_rate": r"\eta",
    "momentum": r"\mu",
    "weight_decay": r"\lambda",
    "alpha": r"\alpha",
    "beta_1": r"\beta_1",
    "beta_2": r"\beta_2",
    "eps": r"\varepsilon",
}
"""How formulas write a quantity. A stroke is what it becomes in this step."""

WORDS: dict[str, tuple[str, str]] = {
    "g": ("g", "the gradient"),
    "velocity": ("v", "the velocity"),
    "mean": ("m", "the mean of past gradients"),
    "squares": ("s", "past gradients squared and gathered"),
    "t": ("t", "the number of this update"),
    "learning_rate": ("η", "the learning rate"),
    "momentum": ("μ", "how much of the velocity is kept"),
    "weight_decay": ("λ", "the weight decay"),
    "alpha": ("α", "how much of s is kept"),
    "beta_1": ("β₁", "how much of m is kept"),
    "beta_2": ("β₂", "how much of s is kept"),
    "eps": ("ε", "what keeps the divisor away from 0"),
}
"""The sign and the meaning of the quantities that a rule begins with, for a sentence."""

_SLOT = re.compile(r"<([^>]+)>")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of a rule.

    Attributes
    ----------
    result : str
        The quantity that it computes.
    formula : str
        LaTeX, in which quantities stand as ``<name>``.
    value : callable
        ``value(quantities)`` returns the result.
    option : str
        The option that must not be 0 for the line to do anything; empty: it always does.
    otherwise : str
        The quantity that the result is where the line does nothing.
    """

    result: str
    formula: str
    value: Callable[[Quantities], Any]
    option: str = ""
    otherwise: str = ""

    def pieces(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the formula as pairs of LaTeX and the quantity behind it, the last of which is empty.

        Parameters
        ----------
        names : mapping of str to str
            Quantities that replace others.
        """
        parts = _SLOT.split(self.formula)
        for text, name in zip(parts[::2], [*parts[1::2], ""], strict=True):
            yield text, names.get(name, name)


def applied(rule: tuple[RuleLine, ...], quantities: Quantities) -> tuple[list[RuleLine], Quantities, dict[str, str]]:
    """Follow a rule.

    Parameters
    ----------
    rule : tuple of RuleLine
    quantities : Quantities
        What is there before the step.

    Returns
    -------
    lines : list of RuleLine
        Those that do something.
    quantities : Quantities
        With all results; ``w'`` is the parameter after the step.
    names : dict of str to str
        For the results of lines that do nothing, what they are.
    """
    values, names, lines = dict(quantities), {}, []
    for line in rule:
        if line.option and not values[line.option]:
            values[line.result], names[line.result] = values[line.otherwise], line.otherwise
        else:
            values[line.result] = line.value(values)
            lines.append(line)
    return lines, values, names


def quantities_of(
    entry: OptimizerEntry,
    options: Mapping[str, OptionValue],
    memory: Mapping[str, FloatArray],
    parameters: FloatArray,
    gradient: FloatArray,
    learning_rate: float,
) -> Quantities:
    """Return what an optimizer's rule needs.

    Parameters
    ----------
    entry : OptimizerEntry
    options : mapping of str to float or tuple of float
        What differs from the defaults.
    memory : mapping of str to ndarray
        What the optimizer keeps from step to step, before this one. That of another optimizer counts as none.
    parameters, gradient : ndarray of shape (n_parameters,)
        What it is given.
    learning_rate : float

    Raises
    ------
    ValueError
        If it follows no gradient.
    """
    if entry.make is None:
        raise ValueError(f"{entry.name} has no rule for a gradient")
    fresh = entry.make(len(parameters)).memory()
    sizes = {name: len(array) for name, array in memory.items()}
    kept = memory if sizes == {name: len(array) for name, array in fresh.items()} else fresh
    quantities: Quantities = {"w": parameters, "g": gradient, "learning_rate": learning_rate}
    for name, value in (entry.defaults | dict(options)).items():
        if isinstance(value, tuple):
            quantities["beta_1"], quantities["beta_2"] = value
        else:
            quantities[name] = value
    quantities |= {name: kept[name] for name in ("velocity", "squares") if name in kept}
    if "moments" in kept:
        quantities["mean"], quantities["squares"] = np.split(kept["moments"], 2)
        quantities["t"] = float(kept["n_updates"][0]) + 1.0
    if "next" in kept:
        quantities["turn"] = np.zeros(len(parameters))
        quantities["turn"][int(kept["next"][0])] = 1.0
    return quantities


_DECAY = RuleLine(
    "g~",
    r"<g> + <weight_decay> \cdot <w>",
    lambda q: q["g"] + q["weight_decay"] * q["w"],
    option="weight_decay",
    otherwise="g",
)
_VELOCITY = RuleLine(
    "velocity'", r"<momentum> \cdot <velocity> + <g~>", lambda q: q["momentum"] * q["velocity"] + q["g~"]
)
_SCALED = RuleLine(
    "w'",
    r"<w> - <learning_rate> \cdot \frac{<g~>}{\sqrt{<squares'>} + <eps>}",
    lambda q: q["w"] - q["learning_rate"] * q["g~"] / (np.sqrt(q["squares'"]) + q["eps"]),
)

GRADIENT_DESCENT = (
    _DECAY,
    RuleLine("w'", r"<w> - <learning_rate> \cdot <g~>", lambda q: q["w"] - q["learning_rate"] * q["g~"]),
)
MOMENTUM = (
    _DECAY,
    _VELOCITY,
    RuleLine("w'", r"<w> - <learning_rate> \cdot <velocity'>", lambda q: q["w"] - q["learning_rate"] * q["velocity'"]),
)
NESTEROV = (
    _DECAY,
    _VELOCITY,
    RuleLine(
        "w'",
        r"<w> - <learning_rate> \cdot (<g~> + <momentum> \cdot <velocity'>)",
        lambda q: q["w"] - q["learning_rate"] * (q["g~"] + q["momentum"] * q["velocity'"]),
    ),
)
ADAGRAD = (
    _DECAY,
    RuleLine("squares'", r"<squares> + <g~>^2", lambda q: q["squares"] + q["g~"] ** 2),
    _SCALED,
)
RMSPROP = (
    _DECAY,
    RuleLine(
        "squares'",
        r"<alpha> \cdot <squares> + (1 - <alpha>) \cdot <g~>^2",
        lambda q: q["alpha"] * q["squares"] + (1.0 - q["alpha"]) * q["g~"] ** 2,
    ),
    _SCALED,
)


def _adam(gradient: str, weight: str) -> tuple[RuleLine, ...]:
    """Return the lines of Adam that lead from quantities for a gradient and a weight to the new weight."""
    return (
        RuleLine(
            "mean'",
            rf"<beta_1> \cdot <mean> + (1 - <beta_1>) \cdot <{gradient}>",
            lambda q: q["beta_1"] * q["mean"] + (1.0 - q["beta_1"]) * q[gradient],
        ),
        RuleLine(
            "squares'",
            rf"<beta_2> \cdot <squares> + (1 - <beta_2>) \cdot <{gradient}>^2",
            lambda q: q["beta_2"] * q["squares"] + (1.0 - q["beta_2"]) * q[gradient] ** 2,
        ),
        RuleLine("mean^", r"\frac{<mean'>}{1 - <beta_1>^{<t>}}", lambda q: q["mean'"] / (1.0 - q["beta_1"] ** q["t"])),
        RuleLine(
            "squares^",
            r"\frac{<squares'>}{1 - <beta_2>^{<t>}}",
            lambda q: q["squares'"] / (1.0 - q["beta_2"] ** q["t"]),
        ),
        RuleLine(
            "w'",
            rf"<{weight}> - <learning_rate> \cdot \frac{{<mean^>}}{{\sqrt{{<squares^>}} + <eps>}}",
            lambda q: q[weight] - q["learning_rate"] * q["mean^"] / (np.sqrt(q["squares^"]) + q["eps"]),
        ),
    )


ADAM = (_DECAY, *_adam("g~", "w"))
ADAMW = (
    RuleLine(
        "w~",
        r"(1 - <learning_rate> \cdot <weight_decay>) \cdot <w>",
        lambda q: (1.0 - q["learning_rate"] * q["weight_decay"]) * q["w"],
        option="weight_decay",
        otherwise="w",
    ),
    *_adam("g", "w~"),
)
COORDINATE = (
    RuleLine(
        "w'",
        r"<w> - <learning_rate> \cdot <g>",
        lambda q: q["w"] - q["learning_rate"] * q["g"] * q["turn"],
    ),
)
"""``turn`` is 1 for the parameter whose turn it is, and 0 for all others."""
