"""Which hidden space is meant: of which layer, and along how many axes it is seen."""

from __future__ import annotations

from model.network.settings import MAX_HIDDEN_LAYERS, NetworkSettings

HIDDEN_LAYERS = ("last", *map(str, range(1, MAX_HIDDEN_LAYERS + 1)))
"""Which hidden layer: the last, or by its number; one that there is not is the last."""

HIDDEN_AXES = ("auto", "2", "3")
"""Along how many axes it is seen: three for a layer of three neurons and two for others, or by their number."""


def layer_of(settings: NetworkSettings, wanted: str) -> int | None:
    """Return the number of the layer that is meant by an entry of HIDDEN_LAYERS; None where there is no hidden one."""
    n_hidden = settings.n_hidden_layers
    if not n_hidden:
        return None
    return n_hidden if wanted == "last" else min(int(wanted), n_hidden)


def n_axes_of(settings: NetworkSettings, layer: int, wanted: str) -> int:
    """Return along how many axes a layer is seen, by an entry of HIDDEN_AXES.

    By itself a layer of three neurons is seen along three, which leave nothing out; one of fewer has no third.
    """
    size = settings.layer_sizes[layer]
    if size < 3:
        return 2
    return (3 if size == 3 else 2) if wanted == "auto" else int(wanted)
