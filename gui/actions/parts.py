"""What a person can do to a neuron, a weight or a layer, as data: the inspector's buttons and the diagram's menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gui.document.network import NetworkEdits
from model.network.parts import Edge, Selection, Unit, weight_position
from model.network.settings import MAX_UNITS, NetworkSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PartAction:
    """One thing that can be done to a part now.

    Attributes
    ----------
    name : str
        One of :data:`NAMES`.
    text, tip : str
        What it does; for a state that holds, how it ends.
    icon : str
        A name for gui.icons.icon.
    checked : bool or None
        Whether the state holds; None for an action without a state.
    call : callable
        Does it.
    """

    name: str
    text: str
    tip: str
    icon: str
    checked: bool | None = None
    call: Callable[[], None]


NAMES = ("freeze", "mute", "prune", "split", "remove")
"""Every action, in the order in which it is offered."""


def part_actions(settings: NetworkSettings, network: NetworkEdits, part: Selection) -> list[PartAction]:
    """Return what can be done to a neuron or a weight as the network is now; nothing for nothing."""
    if isinstance(part, Edge):
        pruned = weight_position(settings, part) in settings.pruned
        # A pruned weight stays 0 anyway.
        return [*([] if pruned else [_freeze(network, part)]), _prune(network, part, pruned)]
    if not isinstance(part, Unit):
        return []
    if part.layer == 0:
        return [_mute(settings, network, part)]
    actions = [_freeze(network, part)]
    if part.layer < len(settings.layer_sizes) - 1:
        size = settings.layer_sizes[part.layer]
        actions.append(_mute(settings, network, part))
        if settings.bias != "shared" and size < MAX_UNITS:
            actions.append(_split(network, part))
        if size > 1:
            actions.append(_remove(network, part))
    return actions


def _freeze(network: NetworkEdits, part: Unit | Edge) -> PartAction:
    frozen = network.is_frozen(part)
    what = "this weight" if isinstance(part, Edge) else "the weights into this neuron and its own bias"
    return PartAction(
        name="freeze",
        text="Unfreeze" if frozen else "Freeze",
        tip=f"Let training change {what} again." if frozen else f"Let training leave {what} alone.",
        icon="lock",
        checked=frozen,
        call=partial(network.set_frozen, part, not frozen),
    )


def _mute(settings: NetworkSettings, network: NetworkEdits, unit: Unit) -> PartAction:
    muted = (unit.layer, unit.index) in settings.muted
    what = "this input" if unit.layer == 0 else "this neuron's output"
    return PartAction(
        name="mute",
        text="Unmute" if muted else "Mute",
        tip=f"Let {what} count again." if muted else f"Let {what} count as 0.",
        icon="mute",
        checked=muted,
        call=partial(network.set_muted, unit, not muted),
    )


def _prune(network: NetworkEdits, edge: Edge, pruned: bool) -> PartAction:
    return PartAction(
        name="prune",
        text="Restore" if pruned else "Prune",
        tip="Bring this weight back; it begins at 0." if pruned else "Take this weight out, so that it stays 0.",
        icon="prune",
        checked=pruned,
        call=partial(network.set_pruned, edge, not pruned),
    )


def _split(network: NetworkEdits, unit: Unit) -> PartAction:
    return PartAction(
        name="split",
        text="Split",
        tip="Make two of this neuron; what the network says stays the same.",
        icon="split",
        call=partial(network.split_unit, unit),
    )


def _remove(network: NetworkEdits, unit: Unit) -> PartAction:
    return PartAction(
        name="remove",
        text="Remove",
        tip="Take this neuron out of its layer; every other weight stays.",
        icon="delete",
        call=partial(network.remove_unit, unit.layer, unit.index),
    )
