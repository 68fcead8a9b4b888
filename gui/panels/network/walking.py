"""Walking through the diagram by key: from neuron to neuron, and from a neuron to the weights at it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from gui.widgets.focus import ARROWS
from model.network.parts import Edge, Selection, Unit


def next_part(
    sizes: Sequence[int], selected: Selection, anchor: Unit | None, key: Qt.Key, *, to_weights: bool
) -> Unit | Edge:
    """Return what an arrow key leads to.

    Parameters
    ----------
    sizes : sequence of int
        Of the layers.
    selected : Unit, Edge or None
    anchor : Unit or None
        Along whose weights one walks: an end of the selected weight.
    key : Qt.Key
        An arrow key.
    to_weights : bool
        From a neuron to a weight, and not to the next neuron.
    """
    dx, up = ARROWS[key]
    match selected:
        case Unit(layer, index) if to_weights and dx:
            leads_on = 0 <= layer + dx < len(sizes)
            if leads_on:
                return Edge(layer, index, 0) if dx > 0 else Edge(layer - 1, 0, index)
            return selected
        case Unit(layer, index):
            at = max(0, min(layer + dx, len(sizes) - 1))
            return Unit(at, max(0, min(index - up, sizes[at] - 1)))
        case Edge(layer, source, target) if dx:
            return Unit(layer, source) if dx < 0 else Unit(layer + 1, target)
        case Edge(layer, source, target):
            if anchor == Unit(layer, source):
                return Edge(layer, source, max(0, min(target - up, sizes[layer + 1] - 1)))
            return Edge(layer, max(0, min(source - up, sizes[layer] - 1)), target)
    return Unit(0, 0)
