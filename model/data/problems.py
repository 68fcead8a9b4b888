"""Problems: a registry of what can be learned of points: their classes, their values, or the curve through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.data.dataset import ProblemKind
from model.data.features import CURVE_FEATURES, FEATURES, RAW_CURVE_FEATURES, RAW_FEATURES, Feature


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the registry.

    Attributes
    ----------
    kind : str
        The key in :data:`PROBLEMS`, and the ``kind`` of its data sets.
    label, tip : str
        What the window shows.
    raw_features : tuple of str
        What the network is given of a point at first.
    features : mapping of str to Feature
        Those that have a toggle of their own, by name.
    hidden_sizes : tuple of int
        The hidden layers of a new document.
    output_activation, loss : str
        What a network begins with that is to learn it: keys of :data:`model.network.losses.OUTPUT_ACTIVATIONS` and
        :data:`model.network.losses.LOSSES`.
    """

    kind: ProblemKind
    label: str
    tip: str
    raw_features: tuple[str, ...]
    features: Mapping[str, Feature]
    hidden_sizes: tuple[int, ...]
    output_activation: str
    loss: str


PROBLEMS: dict[ProblemKind, Problem] = {
    entry.kind: entry
    for entry in (
        Problem(
            "classes",
            "Classes",
            "Classification: each point has a class.",
            RAW_FEATURES,
            FEATURES,
            (6, 5),
            "softmax",
            "cross_entropy",
        ),
        Problem(
            "values",
            "Values",
            "Regression: each point has a value, −1 to 1.",
            RAW_FEATURES,
            FEATURES,
            (6, 5),
            "linear",
            "squared_error",
        ),
        Problem(
            "curve",
            "Curve",
            "Regression of one input: each point is an x and its y, and the network draws the curve.",
            RAW_CURVE_FEATURES,
            CURVE_FEATURES,
            (8,),
            "linear",
            "squared_error",
        ),
    )
}
"""Every kind of problem, in the order in which the window offers them."""
