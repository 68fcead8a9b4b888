"""Notation: how the pages write layers, functions and losses.

That of seed 002_2220fc8ca6ad7e5c.txt: a layer's number stands above, what a layer has is a column, and of a batch each
point is a column. So a layer's weights are a matrix with a row for each of its neurons.
"""

from __future__ import annotations

import numpy as np

from model.data.dataset import Dataset
from model.explain.latex import latex_of
from model.network.layout import bias_views, weight_views
from model.network.parts import Edge, Unit, unit_name
from model.network.settings import NetworkSettings
from model.types import FloatArray, counted

ERROR_ALONE = "a − y"
"""The short form of delta that some losses have for some outputs."""


def of_layer(symbol: str, number: int) -> str:
    """Return a vector or matrix of a layer, such as **W** of layer 2."""
    return rf"\mathbf{{{symbol}}}^{{({number})}}"


def delta(number: int, symbol: str = r"\delta") -> str:
    """Return the derivative of the loss by a layer's pre-activations."""
    return rf"{symbol}^{{({number})}}"


def by(top: str, bottom: str) -> str:
    """Return a derivative."""
    return rf"\frac{{\partial {top}}}{{\partial {bottom}}}"


def layer_name(settings: NetworkSettings, number: int) -> str:
    """Return what a sentence calls a layer with weights, the first being 1."""
    return "the output" if number == len(settings.layer_sizes) - 1 else f"hidden {number}"


def title_of(settings: NetworkSettings, number: int) -> str:
    """Return what a heading calls such a layer."""
    return layer_name(settings, number).removeprefix("the ")


def muted_remark(settings: NetworkSettings, layer: int) -> str:
    """Return a sentence on the neurons of a layer that are muted, with a space before it; empty without one."""
    n_muted = sum(own == layer for own, _ in settings.muted)
    what = counted(n_muted, "muted neuron" if layer else "muted input")
    return f" What comes from {what} counts as 0." if n_muted else ""


def flat_remark(settings: NetworkSettings, number: int, slopes: FloatArray) -> str:
    """Return a sentence on slopes that are all 0, with a space before it; empty where one is not."""
    if np.any(slopes):
        return ""
    return f" All of them are 0 here: neither {layer_name(settings, number)} nor what is before it learns from this."


def activation_name(settings: NetworkSettings, number: int) -> str:
    """Return the name of a layer's activation."""
    return (*settings.hidden_activations, settings.output_activation)[number - 1]


def function_of(name: str, formula: str) -> str:
    """Return an activation as a function of z, given its name and the formula of its registry."""
    if name == "softmax":
        return r"f_i(\mathbf{z}) = \frac{e^{z_i}}{\sum_k e^{z_k}}"
    return f"f(z) = {latex_of(formula)}"


def of_output(formula: str) -> str:
    """Return a formula of a loss in LaTeX, for the i-th output."""
    return latex_of(formula, {"a": "a_i", "y": "y_i", "slope": "f'(z_i)"})


def parameter_symbol(settings: NetworkSettings, position: int) -> str:
    """Return a weight or bias with its layer, for a weight the neuron it comes from, and the one it leads to."""
    part = part_at(settings, position)
    if part is None:
        return "w_0"
    if isinstance(part, Unit):
        return rf"b^{{({part.layer})}}_{{{part.index + 1}}}"
    return rf"w^{{({part.layer + 1})}}_{{{part.source + 1},{part.target + 1}}}"


def parameter_name(settings: NetworkSettings, position: int, dataset: Dataset | None = None) -> str:
    """Return what a weight or bias is called in a sentence."""
    part = part_at(settings, position)
    if part is None:
        return "the shared bias"
    if isinstance(part, Unit):
        return f"the bias of {unit_name(settings, part, dataset)}"
    source, target = Unit(part.layer, part.source), Unit(part.layer + 1, part.target)
    names = [unit_name(settings, unit, dataset) for unit in (source, target)]
    return f"the weight from {names[0]} to {names[1]}"


def part_at(settings: NetworkSettings, position: int) -> Edge | Unit | None:
    """Return the weight, or the neuron whose bias it is, at a position of the flat vector; None for a shared bias."""
    positions = np.arange(settings.n_parameters)
    for layer, weights in enumerate(weight_views(positions, settings.layer_sizes, settings.bias)):
        for source, target in np.argwhere(weights == position).tolist():
            return Edge(layer, source, target)
    if settings.bias == "shared":
        return None
    biases = bias_views(positions, settings.layer_sizes, settings.bias)
    return next(Unit(layer + 1, int(position - own[0])) for layer, own in enumerate(biases) if position in own)
