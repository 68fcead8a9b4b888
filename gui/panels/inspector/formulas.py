r"""What the inspector's formulas are: those of a neuron, an input and a weight, in symbols and numbers, as LaTeX.

Units are numbered within their layer, from 1: ``a_i`` is what comes into a neuron from the layer below by its weight
``w_i``, ``w_k`` the weight from it to neuron k of the layer above, and C the loss of the probe point.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gui.items.latex import by_sign, factor, number
from model import Dataset
from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.data.naming import Axis
from model.data.wording import name_text
from model.explain.latex import latex_of, sum_in
from model.explain.part_numbers import InputNumbers, UnitNumbers, WeightNumbers
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS, OutputLoss
from model.network.parts import Unit
from model.network.settings import NetworkSettings, output_loss

_MOST_TERMS = 4
"""A longer sum, or list of weights, is folded until a person asks for all of it."""

_SHOWN_TERMS = 3
_LATEX_SIGNS = re.compile(r"[\\{}$&#^_~%\u2066-\u2069]+")
_DIGITS = 3
"""Of the numbers in a sum or product; what comes of it has one more."""


def is_long(settings: NetworkSettings, unit: Unit) -> bool:
    """Return whether the formulas of a neuron have something that is folded."""
    sizes, layer = settings.layer_sizes, unit.layer
    return layer > 0 and max(sizes[layer - 1], *sizes[layer + 1 : layer + 2], 0) > _MOST_TERMS


def unit_formulas(
    settings: NetworkSettings, unit: Unit, loss: str, numbers: UnitNumbers | None, *, folded: bool = True
) -> list[str]:
    """Return how a neuron comes to its activation, and by the chain rule to its derivatives.

    Parameters
    ----------
    settings : NetworkSettings
    unit : Unit
        Behind the input.
    loss : str
        A key of :data:`model.network.losses.LOSSES`.
    numbers : UnitNumbers or None
        Of the neuron at the probe point; None: only symbols.
    folded : bool
        Whether long sums have dots for most of their terms.
    """
    is_output = unit.layer == len(settings.layer_sizes) - 1
    lines = [_sum_line(settings, unit, numbers, folded=folded)]
    if is_output:
        pair = output_loss(loss, settings.output_activation)
        lines += _output_lines(settings, pair, unit, numbers)
    else:
        lines += _hidden_lines(settings, unit, numbers, folded=folded)
    return lines + _gradient_lines(settings, unit, numbers, folded=folded)


def input_formulas(settings: NetworkSettings, index: int, numbers: InputNumbers | None) -> list[str]:
    """Return what an input is made of, its value, and the derivative of the loss by it."""
    value, slope = f"x_{{{index + 1}}}", r"\partial C / \partial a = \sum_k w_k \delta_k"
    if settings.features is not None:
        value = latex_of(feature(settings.features[index]).formula.source)
    if settings.standardization:
        mean, spread = settings.standardization[index]
        # Of a sum, a fraction makes the parentheses.
        value = rf"\frac{{{value} - {factor(mean, _DIGITS)}}}{{{number(spread, _DIGITS)}}}"
    if numbers is None:
        return [f"a = {value}", slope]
    return [f"a = {value} = {number(numbers.value)}", f"{slope} = {number(numbers.loss_by_value)}"]


def coordinate_formulas(
    settings: NetworkSettings, index: int, dataset: Dataset, place: Sequence[float] | None
) -> list[str]:
    """Return how the coordinates that an input is made of come from the person's numbers; empty where they are those.

    Parameters
    ----------
    place : sequence of float, optional
        The probe point, on the plane.
    """
    names = RAW_CURVE_FEATURES if dataset.is_curve else RAW_FEATURES
    used = names[index : index + 1]
    if settings.features is not None:
        used = tuple(name for name in names if name in feature(settings.features[index]).formula.used_names)
    lines = []
    for at, (name, axis) in enumerate(zip(names, (dataset.naming.x1, dataset.naming.x2), strict=False)):
        if name in used and (axis.is_scaled or axis.name):
            value = "" if place is None else f" = {number(place[at])}"
            lines.append(f"{latex_of(name)} = {_placed(axis)}{value}")
    return lines


def _placed(axis: Axis) -> str:
    """Return how a number of the program comes from the person's."""
    # What would be a sign of LaTeX is none of the formula's.
    name = _LATEX_SIGNS.sub(" ", name_text(axis.name)).strip() or "your number"
    shifted = rf"\text{{{name}}}"
    if axis.middle:
        shifted += f" {'+' if axis.middle < 0 else '-'} {number(abs(axis.middle))}"
    return shifted if axis.unit == 1.0 else rf"\frac{{{shifted}}}{{{number(axis.unit)}}}"


def weight_formulas(numbers: WeightNumbers | None, update: float | None) -> list[str]:
    """Return what a weight adds to the neuron it leads to, its derivative, and where the next step leads.

    Parameters
    ----------
    numbers : WeightNumbers or None
        At the probe point.
    update : float or None
        What the next step adds to it; None where there is no step.
    """
    adds, slope = r"w\,a", r"\partial C / \partial w = a\,\delta"
    if numbers is not None:
        weight = by_sign(factor(numbers.weight, _DIGITS), numbers.weight)
        adds += rf" = {weight} \cdot {factor(numbers.input, _DIGITS)} = {number(numbers.contribution)}"
        slope += f" = {_product(numbers.input, numbers.delta)} = {number(numbers.gradient)}"
    return [adds, slope, *([] if update is None else [rf"\Delta w = {number(update)}"])]


# The parts of a neuron


def _sum_line(settings: NetworkSettings, unit: Unit, numbers: UnitNumbers | None, *, folded: bool) -> str:
    """Return the pre-activation."""
    n_in = settings.layer_sizes[unit.layer - 1]
    symbols = r"z = \sum_i w_i a_i" + {"per_neuron": " + b", "shared": rf" + {n_in}\,w_0", "none": ""}[settings.bias]
    if numbers is None:
        return symbols
    terms = list(zip(numbers.weights.tolist(), numbers.inputs.tolist(), strict=True))
    bias = [] if settings.bias == "none" else [numbers.bias]
    return f"{symbols} = {_sum(terms, bias, folded=folded)} = {number(numbers.z)}"


def _hidden_lines(settings: NetworkSettings, unit: Unit, numbers: UnitNumbers | None, *, folded: bool) -> list[str]:
    """Return activation, slope and delta of a hidden neuron."""
    entry = ACTIVATIONS[settings.hidden_activations[unit.layer - 1]]
    value, slope = f"a = {latex_of(entry.formula)}", f"f'(z) = {latex_of(entry.derivative_formula)}"
    delta = r"\delta = \partial C / \partial z = f'(z) \sum_k w_k \delta_k"
    if numbers is None:
        return [value, slope, delta]
    terms = list(zip(numbers.weights_above.tolist(), numbers.deltas_above.tolist(), strict=True))
    above = _sum(terms, [], folded=folded)
    return [
        f"{value} = {number(numbers.a)}",
        _with_number(slope, numbers.slope),
        rf"{delta} = {factor(numbers.slope, _DIGITS)} \cdot ({above}) = {number(numbers.delta)}",
    ]


def _output_lines(settings: NetworkSettings, pair: OutputLoss, unit: Unit, numbers: UnitNumbers | None) -> list[str]:
    """Return activation, loss, slope where it counts, and delta of an output."""
    name = settings.output_activation
    value, loss = f"a = {latex_of(OUTPUT_ACTIVATIONS[name].formula)}", f"C = {_loss(settings, pair)}"
    delta = r"\delta = \partial C / \partial z = " + latex_of(pair.delta_formula, {"slope": "f'(z)"})
    slope = ACTIVATIONS[name].derivative_formula if "slope" in pair.delta_formula else ""
    slope_line = [f"f'(z) = {latex_of(slope)}"] if slope else []
    if numbers is None:
        return [value, loss, *slope_line, delta]
    a, y = numbers.outputs, numbers.targets
    filled = {
        "a": factor(a[unit.index], _DIGITS),
        "y": factor(y[unit.index], _DIGITS),
        "slope": factor(numbers.slope, _DIGITS),
        "Σ": factor(sum_in(pair.delta_formula, {"a": a, "y": y}), _DIGITS),
    }
    return [
        f"{value} = {number(numbers.a)}",
        f"{loss} = {number(numbers.loss)}",
        *(_with_number(line, numbers.slope) for line in slope_line),
        f"{delta} = {latex_of(pair.delta_formula, filled)} = {number(numbers.delta)}",
    ]


def _loss(settings: NetworkSettings, pair: OutputLoss) -> str:
    """Return the loss of a point; of several outputs, it is a sum."""
    if settings.layer_sizes[-1] == 1:
        return latex_of(pair.formula)
    return latex_of(f"Σ({pair.formula})")


def _gradient_lines(settings: NetworkSettings, unit: Unit, numbers: UnitNumbers | None, *, folded: bool) -> list[str]:
    """Return the derivatives by bias and weights; by the weights each, where there are numbers."""
    by_bias = {
        "per_neuron": [r"\partial C / \partial b = \delta"],
        "shared": [r"\partial C / \partial w_0 = \sum n\,\delta"],
        "none": [],
    }[settings.bias]
    if numbers is None:
        return [*by_bias, r"\partial C / \partial w_i = a_i\,\delta"]
    lines = [_with_number(line, numbers.bias_gradient or 0.0) for line in by_bias]
    weights = zip(numbers.inputs.tolist(), numbers.weight_gradients.tolist(), strict=True)
    for i, (value, gradient) in enumerate(weights, 1):
        if folded and i > _SHOWN_TERMS and len(numbers.inputs) > _MOST_TERMS:
            return [*lines, r"\cdots"]
        product = _product(value, numbers.delta)
        lines.append(rf"\partial C / \partial w_{{{i}}} = a_{{{i}}}\,\delta = {product} = {number(gradient)}")
    return lines


# Numbers


def _sum(terms: Sequence[tuple[float, float]], rest: Sequence[float], *, folded: bool) -> str:
    """Return a sum of weights times values, the weights in the colours of their signs, and of what else there is."""
    shown = terms[:_SHOWN_TERMS] if folded and len(terms) > _MOST_TERMS else terms
    written = ""
    for weight, value in shown:
        # The first minus is that of a number, the others are those of the sum.
        size = by_sign(number(abs(weight) if written else weight, _DIGITS), weight)
        written += rf"{_sign(weight) if written else ''}{size} \cdot {factor(value, _DIGITS)}"
    if len(shown) < len(terms):
        written += r" + \cdots"
    for value in rest:
        written += f"{_sign(value)}{number(abs(value), _DIGITS)}"
    return written


def _sign(value: float) -> str:
    """Return the sign before a term of a sum."""
    return " - " if value < 0.0 else " + "


def _product(first: float, second: float) -> str:
    return rf"{factor(first, _DIGITS)} \cdot {factor(second, _DIGITS)}"


def _with_number(line: str, value: float) -> str:
    """Return a formula and its value; a formula that is its own value has it once."""
    written = number(value)
    return line if line.endswith(f" = {written}") else f"{line} = {written}"
