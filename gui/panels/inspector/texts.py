"""What the inspector says in words of a neuron or a weight."""

from __future__ import annotations

import numpy as np

from gui.document.network import NetworkEdits
from gui.document.probe import Probe, ProbePoint
from model import Dataset, NetworkSettings
from model.data.features import feature
from model.data.wording import label_text, letter_meanings, place_text
from model.network.activations import ACTIVATIONS
from model.network.parts import Edge, Selection, Unit, unit_name, weight_position
from model.numbers import number_text
from model.run.snapshot import Snapshot
from model.types import shortened

FROZEN = "frozen: training leaves it alone"

NOT_THERE = "The network of this moment has another shape: what is selected is not in it."


def title(settings: NetworkSettings, selection: Selection, longest: int | None, dataset: Dataset) -> str:
    """Return what is selected, its names cut to `longest` characters."""

    def name(unit: Unit) -> str:
        text = unit_name(settings, unit, dataset)
        return text if longest is None else shortened(text, longest)

    match selection:
        case Unit(layer, _):
            kind = "INPUT" if layer == 0 else "OUTPUT" if layer == len(settings.layer_sizes) - 1 else "NEURON"
            return f"{kind} {name(selection)}"
        case Edge(layer, source, target):
            return f"WEIGHT {name(Unit(layer, source))} → {name(Unit(layer + 1, target))}"
    return "INSPECTOR"


def formula(settings: NetworkSettings, selection: Selection, dataset: Dataset) -> str:
    """Return how a neuron's output comes about, or what an input is."""
    if not isinstance(selection, Unit):
        return ""
    layer, index = selection.layer, selection.index
    if layer == 0:
        if settings.features is None:
            return ""
        of = feature(settings.features[index]).formula
        text = of.text
        if settings.standardization:
            mean, spread = settings.standardization[index]
            offset = f"{'+' if mean < 0 else '−'} {number_text(abs(mean), 3)}"
            text = f"({text} {offset}) / {number_text(spread, 3)}"
        meanings = (meaning for letter, meaning in letter_meanings(dataset).items() if letter in of.used_names)
        return ",   ".join([f"a = {text}", *meanings])
    total = {"per_neuron": "Σ wᵢaᵢ + b", "shared": "Σ wᵢaᵢ + n·w₀", "none": "Σ wᵢaᵢ"}[settings.bias]
    is_output = layer == len(settings.layer_sizes) - 1
    name = settings.output_activation if is_output else settings.hidden_activations[layer - 1]
    # Softmax is that of all outputs, and so no formula of this z.
    value = ACTIVATIONS[name].formula if name in ACTIVATIONS else f"{name}(z)"
    return f"z = {total},   a = {value}"


def formula_tip(settings: NetworkSettings, selection: Selection) -> str:
    """Return what a formula does not say by itself."""
    if not isinstance(selection, Unit):
        return ""
    if selection.layer == 0:
        return feature(settings.features[selection.index]).tip if settings.features else ""
    n_inputs = settings.layer_sizes[selection.layer - 1]
    if settings.bias == "shared":
        return f"w₀ is the bias that all neurons share, added once for each of the n = {n_inputs} weights that come in."
    return ""


def note(settings: NetworkSettings, network: NetworkEdits, selection: Selection) -> str:
    """Return in words how the selected part is marked."""
    notes = []
    if isinstance(selection, Unit) and (selection.layer, selection.index) in settings.muted:
        notes.append("muted: it counts as 0" if selection.layer == 0 else "muted: its output counts as 0")
    if selection is not None and network.is_frozen(selection):
        pruned = isinstance(selection, Edge) and weight_position(settings, selection) in settings.pruned
        notes += [] if pruned else [f"{FROZEN}; it can still be turned by hand"]
    return ",  ".join(notes)


def where(point: ProbePoint, dataset: Dataset) -> str:
    """Return at which point the numbers of the formulas are; on a curve its height is what it should be."""
    label = label_text(dataset, point.label).removeprefix("class ")
    target = label if point.index is not None else f"as if it were {label}"
    pinned = "pinned: " if point.is_pinned else ""
    return f"{pinned}{place_text(dataset, point.place)}, {target}"


def asked(probe: Probe) -> str:
    """Return the word for what the numbers of a point are at."""
    return "mouse" if probe.pinned is None else "probe"


def no_rule(point: ProbePoint | None, snapshot: Snapshot) -> str:
    """Return why there are no numbers, and how to get some where there is no probe point."""
    if point is None:
        return "Point at the plane, or pin a point of it, to see the numbers."
    if not snapshot.moment.setup.has_output_for(point.label):
        what = "a value" if isinstance(point.label, float) else label_text(snapshot.moment.dataset, point.label)
        return f"The network has no output for {what}."
    if not np.isfinite(snapshot.network.parameters).all():
        return "The numbers of the network are not finite."
    return "A factor of the loss's derivative is infinite here."


def letters(selection: Selection) -> str:
    """Return what the letters of the formulas stand for."""
    loss = "C is the loss of the point, and δ its derivative by z"
    match selection:
        case Edge():
            return (
                f"w is the weight, and a what it multiplies; {loss} of the neuron it leads to; Δw is the next step's."
            )
        case Unit(0, _):
            return f"a is the input's value, and wₖ its weight to neuron k of the next layer; {loss} of that."
    return (
        "aᵢ comes from neuron i of the layer before, by the weight wᵢ; wₖ leads to neuron k of the layer after. "
        f"{loss}; f is the activation, and y what the output should be."
    )


def formula_note(settings: NetworkSettings, selection: Selection) -> str:
    """Return in a sentence what the formulas of a part do not say by themselves."""
    if isinstance(selection, Edge):
        position, source = weight_position(settings, selection), Unit(selection.layer, selection.source)
        if position in settings.pruned:
            return "It is pruned: it stays 0, whatever its gradient is."
        if (source.layer, source.index) in settings.muted:
            return "It leads from a muted neuron, whose output counts as 0."
        return "It is frozen: the next step leaves it alone." if position in settings.frozen else ""
    if not isinstance(selection, Unit):
        return ""
    if (selection.layer, selection.index) in settings.muted:
        return "It is muted: its output counts as 0, and no gradient comes back."
    is_hidden = 0 < selection.layer < len(settings.layer_sizes) - 1
    if is_hidden and settings.hidden_activations[selection.layer - 1] == "heaviside":
        return "A step has no slope: δ is 0, and nothing before it learns."
    return (
        "w₀ is the bias that all neurons share; its derivative is that of all."
        if _is_shared(settings, selection)
        else ""
    )


def _is_shared(settings: NetworkSettings, unit: Unit) -> bool:
    return settings.bias == "shared" and unit.layer > 0
