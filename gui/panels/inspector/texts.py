"""What the inspector says in words of a neuron or a weight."""

from __future__ import annotations

from gui.document.network import NetworkEdits
from model import NetworkSettings
from model.data.features import feature
from model.network.activations import ACTIVATIONS
from model.network.parts import Edge, Selection, Unit, unit_name, weight_position
from model.types import shortened

FROZEN = "frozen: training leaves it alone"


def title(settings: NetworkSettings, selection: Selection, longest: int | None, *, regression: bool) -> str:
    """Return what is selected, its names cut to `longest` characters."""

    def name(unit: Unit) -> str:
        text = unit_name(settings, unit, regression=regression)
        return text if longest is None else shortened(text, longest)

    match selection:
        case Unit(layer, _):
            kind = "INPUT" if layer == 0 else "OUTPUT" if layer == len(settings.layer_sizes) - 1 else "NEURON"
            return f"{kind} {name(selection)}"
        case Edge(layer, source, target):
            return f"WEIGHT {name(Unit(layer, source))} → {name(Unit(layer + 1, target))}"
    return "INSPECTOR"


def formula(settings: NetworkSettings, selection: Selection) -> str:
    """Return how a neuron's output comes about, or what an input is."""
    if not isinstance(selection, Unit):
        return ""
    layer, index = selection.layer, selection.index
    if layer == 0:
        if settings.features is None:
            return ""
        text = feature(settings.features[index]).formula.text
        if not settings.standardization:
            return f"a = {text}"
        mean, spread = settings.standardization[index]
        offset = f"{'+' if mean < 0 else '−'} {abs(mean):.3g}"
        return f"a = ({text} {offset}) / {spread:.3g}"
    total = {"per_neuron": "bias + Σ w·a", "shared": "n·w₀ + Σ w·a", "none": "Σ w·a"}[settings.bias]
    if layer == len(settings.layer_sizes) - 1:
        return f"z = {total},   a = {settings.output_activation}(z)"
    return f"z = {total},   a = {ACTIVATIONS[settings.hidden_activations[layer - 1]].formula}"


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
