"""What a mark on the timeline says of a change: what was changed, from what, and to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.features import feature
from model.data.generators import GENERATORS, GeneratorSettings
from model.network.activations import activation_label
from model.network.parts import Edge, Unit, part_at, unit_name
from model.numbers import number_text
from model.training.optimizers import OPTIMIZERS
from model.training.settings import Setup
from model.training.stopping import Stop
from model.types import counted, readable, shortened

_LONGEST = 80
_WITHOUT_VALUE = {"batch_size": "all"}
"""What a setting of None is called, where that is not "off"."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a mark compares: all that a change can change of a run that goes on.

    Attributes
    ----------
    setup : Setup
    generator : GeneratorSettings
    network : Network
        With the parameters that are in force.
    """

    setup: Setup
    generator: GeneratorSettings
    network: Network

    def is_same(self, other: State) -> bool:
        """Return whether nothing of the run differs."""
        same_points = self.setup.dataset.has_points_of(other.setup.dataset)
        same_settings = self.setup.network is other.setup.network and self.setup.training is other.setup.training
        return same_points and same_settings and self.network is other.network


def mark_text(what: str, before: State, after: State) -> str:
    """Return what a mark says of a change.

    Parameters
    ----------
    what : str
        What the undo menu calls it; the mark says the same where it knows nothing better.
    before, after : State
    """
    texts = [
        *_data_texts(before, after),
        *_network_texts(before.setup.network, after.setup.network, after.setup.dataset),
        *_turned(before, after),
    ]
    if before.setup.training != after.setup.training and not texts:
        texts.append(training_text(before.setup.training, after.setup.training))
    return shortened(readable(", ".join(texts[:2])), _LONGEST) if texts else what


def training_text(before: TrainingSettings, after: TrainingSettings) -> str:
    """Return in a few words what of the settings has changed, and how."""
    names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
    if "optimizer" in names:
        return f"optimizer {OPTIMIZERS[before.optimizer].label} → {OPTIMIZERS[after.optimizer].label}"
    if names[0] == "optimizer_options":
        return "optimizer options"
    name = names[0]
    return f"{name.replace('_', ' ')} {_setting(before, name)} → {_setting(after, name)}"


def _setting(training: TrainingSettings, name: str) -> str:
    value = training.schedule.name if name == "schedule" else getattr(training, name)
    if isinstance(value, Stop):
        return value.text
    if value is None:
        return _WITHOUT_VALUE.get(name, "off")
    if isinstance(value, tuple):
        return " / ".join(number_text(rate) for rate in value)
    return number_text(value) if isinstance(value, float) else str(value).replace("_", " ")


def _data_texts(before: State, after: State) -> Iterator[str]:
    """Yield what has become of the points: drawn by another rule, more or fewer of them, or of another problem."""
    old, new = before.setup.dataset, after.setup.dataset
    if old is new:
        return
    if old.kind != new.kind:
        yield f"{old.kind} → {new.kind}"
    if before.generator != after.generator:
        yield from _generator_texts(before.generator, after.generator)
    elif old.n_classes != new.n_classes and old.kind == new.kind:
        yield f"{old.n_classes} → {counted(new.n_classes, 'class', 'classes')}"
    elif len(old) != len(new):
        yield _points_text(old, new)


def _points_text(old: Dataset, new: Dataset) -> str:
    more = len(new) - len(old)
    return f"{'+' if more > 0 else '−'}{counted(abs(more), 'point')}"


def _generator_texts(before: GeneratorSettings, after: GeneratorSettings) -> Iterator[str]:
    """Yield what of the controls has changed; another rule alone says what there is now."""
    if before.name != after.name:
        yield f"{GENERATORS[before.name].label} → {GENERATORS[after.name].label}"
        return
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        if field.name == "n_points":
            yield f"{old:,} → {new:,} points"
        elif field.name == "training_share":
            yield f"training share {old:.0%} → {new:.0%}"
        elif field.name == "seed":
            yield f"new points of seed {new}"
        else:
            name = {"n_classes": "classes", "curve_rule": "rule"}.get(field.name, field.name.replace("_", " "))
            yield f"{name} {old} → {new}"


def _network_texts(before: NetworkSettings, after: NetworkSettings, dataset: Dataset) -> Iterator[str]:
    """Yield what has become of the network's shape and its marks."""
    if before is after:
        return
    yield from _feature_texts(before, after)
    if before.n_hidden_layers != after.n_hidden_layers:
        yield f"{before.n_hidden_layers} → {counted(after.n_hidden_layers, 'hidden layer')}"
        return
    sizes = list(zip(before.layer_sizes, after.layer_sizes, strict=True))[1:-1]
    for layer, (old, new) in enumerate(sizes, start=1):
        if old != new:
            yield f"hidden {layer}: {old} → {counted(new, 'neuron')}"
    names = zip(before.hidden_activations, after.hidden_activations, strict=True)
    for layer, (old_name, new_name) in enumerate(names, start=1):
        if old_name != new_name:
            yield f"hidden {layer}: {activation_label(old_name)} → {activation_label(new_name)}"
    if before.output_activation != after.output_activation:
        yield f"output: {before.output_activation} → {after.output_activation}"
    if before.bias != after.bias:
        yield f"bias: {before.bias} → {after.bias}".replace("_", " ")
    if before.layer_sizes == after.layer_sizes:
        yield from _marked_texts(before, after, dataset)


def _feature_texts(before: NetworkSettings, after: NetworkSettings) -> Iterator[str]:
    old, new = before.features or (), after.features or ()
    if not (old and new):
        return
    for sign, names in (
        ("+", [name for name in new if name not in old]),
        ("−", [one for one in old if one not in new]),
    ):
        if names:
            yield f"{sign}{', '.join(feature(name).label for name in names)}"
    if bool(before.standardization) != bool(after.standardization):
        yield "features standardized" if after.standardization else "features no longer standardized"


def _marked_texts(before: NetworkSettings, after: NetworkSettings, dataset: Dataset) -> Iterator[str]:
    """Yield what was pruned, muted or frozen, or is that no longer."""
    for verb, old, new in (("prune", before.pruned, after.pruned), ("freeze", before.frozen, after.frozen)):
        # What is pruned is frozen, too.
        changed = (old ^ new) - (before.pruned ^ after.pruned if verb == "freeze" else frozenset())
        if changed:
            what = _part_name(after, min(changed), dataset) if len(changed) == 1 else f"{len(changed)} weights"
            yield f"{'' if new > old else 'un'}{verb} {what}"
    for layer, index in sorted(before.muted ^ after.muted):
        verb = "mute" if (layer, index) in after.muted else "unmute"
        yield f"{verb} {_unit_name(after, Unit(layer, index), dataset)}"


def _turned(before: State, after: State) -> Iterator[str]:
    """Yield which one weight or bias was turned."""
    if before.setup is not after.setup:
        return
    old, new = before.network.parameters, after.network.parameters
    (turned,) = np.nonzero(old != new)
    if len(turned) == 1:
        at = int(turned[0])
        name = _part_name(after.setup.network, at, after.setup.dataset)
        yield f"{name} {number_text(old[at], 3)} → {number_text(new[at], 3)}"


def _part_name(settings: NetworkSettings, position: int, dataset: Dataset) -> str:
    """Return how the weight or the bias at a place of the flat vector of parameters is called."""
    part = part_at(settings, position)
    if isinstance(part, Edge):
        return "w " + " → ".join(_unit_name(settings, unit, dataset) for unit in part.ends)
    return f"b {_unit_name(settings, part, dataset)}"


def _unit_name(settings: NetworkSettings, unit: Unit, dataset: Dataset) -> str:
    return unit_name(settings, unit, dataset)
