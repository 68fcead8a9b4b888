"""Texts of the diagram: what it says of the neuron or weight under the mouse."""

from __future__ import annotations

import numpy as np

from gui.items.diagram_marks import marks_of
from gui.items.diagram_probe import ShownProbe
from gui.items.edge_numbers import ShownNumbers
from gui.items.map_scales import input_ranges
from model.data.dataset import PLANE_LIMIT
from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES
from model.data.wording import amount_text
from model.network.parts import Edge, Unit, unit_name, weight_position
from model.run.snapshot import Snapshot
from model.types import readable


def describe(snapshot: Snapshot, part: Unit | Edge) -> str:
    """Return a neuron's or a weight's name and present value, and how it is marked."""
    settings, dataset = snapshot.network.settings, snapshot.moment.dataset
    if isinstance(part, Edge):
        source = unit_name(settings, Unit(part.layer, part.source), dataset)
        target = unit_name(settings, Unit(part.layer + 1, part.target), dataset)
        name, position = f"{source} → {target}", weight_position(settings, part)
        if position in settings.pruned:
            return f"{name}   pruned: it stays 0"
        weight = _number(snapshot.network.weights[part.layer][part.source, part.target])
        return f"{name}   w = {weight}{', frozen' if position in settings.frozen else ''}"
    name = unit_name(settings, part, dataset)
    muted = (part.layer, part.index) in settings.muted
    if part.layer == 0:
        low, high = _ends_text(*input_ranges(settings)[part.index].tolist())
        kind = "input, standardised" if settings.standardization else "input"
        return (
            f"{name}   {kind}, {_in_units(snapshot, part)}{low} to {high}{', muted: it counts as 0' if muted else ''}"
        )
    bias = _number(snapshot.network.biases[part.layer - 1][part.index])
    value = {"per_neuron": f"bias = {bias}", "shared": f"shared bias = {bias}", "none": "no bias"}[settings.bias]
    frozen = ", frozen" if part in marks_of(settings).frozen_units else ""
    return f"{name}   {value}{frozen}{', muted: its output counts as 0' if muted else ''}"


def _in_units(snapshot: Snapshot, part: Unit) -> str:
    """Return which of the person's numbers a coordinate is from and to, before those that the network is given."""
    settings, axes = snapshot.network.settings, snapshot.moment.dataset.axes
    name = settings.features[part.index] if settings.features else ""
    axis = axes[name == RAW_FEATURES[1]]
    if name not in (*RAW_FEATURES, *RAW_CURVE_FEATURES) or not axis.is_scaled:
        return ""
    low, high = (amount_text(axis, end) for end in (-PLANE_LIMIT, PLANE_LIMIT))
    return f"{low} to {high} as "


def describe_number(numbers: ShownNumbers, part: Unit | Edge) -> str:
    """Return what the diagram shows of a weight or a bias instead of its value; empty where a neuron has none."""
    network, symbol = numbers.network, numbers.kind.symbol
    if isinstance(part, Edge):
        value = network.weights[part.layer][part.source, part.target]
    elif part.layer == 0 or network.settings.bias == "none":
        return ""
    else:
        value, symbol = network.biases[part.layer - 1][part.index], symbol.replace("w", "b")
    return readable(f"   {symbol} = {value:.3g}")


def describe_at_probe(snapshot: Snapshot, probe: ShownProbe, part: Unit | Edge) -> str:
    """Return what a neuron says at the probe point, or what a weight contributes to the neuron that it leads to."""
    if isinstance(part, Edge):
        weight = float(snapshot.network.weights[part.layer][part.source, part.target])
        value = float(probe.values[part.layer][part.source])
        factor = f"({_number(value)})" if value < 0 else _number(value)
        return f"   w·a = {_number(weight)} · {factor} = {_number(weight * value)}"
    text = f"   a = {_number(probe.values[part.layer][part.index])}"
    if probe.probabilities is not None and part.layer == len(probe.values) - 1:
        text += f", {probe.probability(part.index):.1%}"
    return text


def _number(value: float) -> str:
    return readable(f"{value:.3f}")


def _ends_text(low: float, high: float) -> tuple[str, str]:
    """Return the ends of a range, to three digits of the larger one."""
    largest = max(abs(low), abs(high))
    n_digits = 2 - int(np.floor(np.log10(largest))) if largest > 0 else 0
    first, second = (readable(f"{round(value, n_digits) + 0.0:g}") for value in (low, high))
    return first, second
