"""Which weights of a network a diagram draws, in which order, and how wide: numbers that any thread can find."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gui.items.diagram_colours import limits_of
from gui.items.diagram_marks import Marks, marks_of
from model import Network
from model.run.snapshot import Snapshot
from model.types import FloatArray, IntArray

MAX_DRAWN_EDGES = 400
"""More weights than this are not drawn; the strongest are, and a note says how many are not."""

WIDTH_STEPS = 40
"""So many widths there are, up to that of a weight at the end of the scale."""

_ALL_STEPS = 2 * WIDTH_STEPS + 1
"""By so many steps no two weights differ, of whatever signs."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerWeights:
    """The weights between two layers that are drawn.

    Attributes
    ----------
    numbers : ndarray of int, shape (n_drawn,)
        In :attr:`gui.items.diagram_layout.DiagramLayout.edges`, in the order of drawing, so that the strongest lie on
        top.
    steps : ndarray of int, shape (n_drawn,)
        The step of each width, with the sign of the weight.
    sorted_numbers, sorted_steps : ndarray of int, shape (n_drawn,)
        The same in the order of the numbers.
    marks : Marks
        Of the whole network.
    """

    numbers: IntArray
    steps: IntArray
    sorted_numbers: IntArray
    sorted_steps: IntArray
    marks: Marks

    @classmethod
    def of(cls, numbers: IntArray, steps: IntArray, marks: Marks) -> LayerWeights:
        """Make them of numbers and steps in the order of drawing."""
        order = np.argsort(numbers)
        return cls(numbers, steps, numbers[order], steps[order], marks)

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """Numbers, steps, whether each is frozen and whether it is pruned, in the order of drawing."""
        return self.numbers, self.steps, self.marks.frozen[self.numbers], self.marks.pruned[self.numbers]

    def steps_off(self, other: LayerWeights) -> int:
        """Return by how many steps at most the width of a curve is another one.

        It is at least one step where curves lie on each other the other way round, and more than any width has where
        there are other curves, or other marks.
        """
        if not np.array_equal(self.sorted_numbers, other.sorted_numbers):
            return _ALL_STEPS
        if self.marks is not other.marks and not all(map(np.array_equal, self.columns[2:], other.columns[2:])):
            return _ALL_STEPS
        least = 0 if np.array_equal(self.numbers, other.numbers) else 1
        return max(least, int(np.abs(self.sorted_steps - other.sorted_steps).max(initial=0)))


@dataclass(frozen=True, slots=True, eq=False)
class DrawnWeights:
    """The weights of a network that are drawn.

    Attributes
    ----------
    layers : tuple of LayerWeights
    numbers : ndarray of int
        Those of all layers.
    n_pruned : int
        How many of them are pruned.
    """

    layers: tuple[LayerWeights, ...]
    numbers: IntArray
    n_pruned: int


def drawn_weights(network: Network, limit: float, strengths: FloatArray | None = None) -> DrawnWeights:
    """Return what is drawn of the weights of a network whose parameters cannot be written.

    Parameters
    ----------
    network : Network
    limit : float
        The size of a weight that has the thickest curve.
    strengths : ndarray of shape (n_weights,), optional
        By which weights lie on top of one another, and are chosen where they are too many; by default their sizes.
    """
    return _by_size(network, limit) if strengths is None else _chosen(network, limit, strengths)


def prepare_weights(snapshot: Snapshot) -> None:
    """Find what is drawn of a moment's weights, in any thread: it is then there for whoever asks."""
    drawn_weights(snapshot.network, limits_of(snapshot).weights)


def width_steps(weights: FloatArray, limit: float) -> IntArray:
    """Return the step of the width of each weight, with its sign; the limit has the widest."""
    steps: IntArray = np.ceil(np.minimum(np.abs(weights), limit) * (WIDTH_STEPS / limit)).astype(np.intp)
    return np.where(weights < 0, -steps, steps)


@lru_cache(maxsize=2)
def _by_size(network: Network, limit: float) -> DrawnWeights:
    return _chosen(network, limit, None)


def _chosen(network: Network, limit: float, strengths: FloatArray | None) -> DrawnWeights:
    weights = np.nan_to_num(np.concatenate([w.ravel() for w in network.weights]))
    marks, steps = marks_of(network.settings), width_steps(weights, limit)
    numbers = np.arange(len(weights))
    if len(weights) > MAX_DRAWN_EDGES:
        # What is pruned stays to be seen, and to be clicked.
        by = np.where(marks.pruned, np.inf, np.minimum(np.abs(weights), limit) if strengths is None else strengths)
        numbers = np.argpartition(by, -MAX_DRAWN_EDGES)[-MAX_DRAWN_EDGES:]
    order = np.lexsort((numbers, (np.abs(steps) if strengths is None else strengths)[numbers]))
    numbers = numbers[order]
    ends = np.cumsum([layer.size for layer in network.weights])
    of_layer = np.searchsorted(ends, numbers, side="right")
    own = [numbers[of_layer == layer] for layer in range(network.n_layers)]
    layers = tuple(LayerWeights.of(each, steps[each], marks) for each in own)
    return DrawnWeights(layers, numbers, int(np.count_nonzero(marks.pruned[numbers])))
