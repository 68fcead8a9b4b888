"""Functions by themselves: experiments that show one function each, with what is looked at set up for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gui.document.changes import Change
from gui.document.document import Document
from model import Dataset, Network
from model.data.edits import ReplaceAll
from model.data.features import RAW_CURVE_FEATURES
from model.data.problems import PROBLEMS
from model.network.parts import Selection, Unit
from model.training.settings import TrainingSettings

_SAME_PLACE = 1e-6
_NO_POINTS = np.empty((0, 2))


@dataclass(frozen=True, slots=True)
class Function:
    """One entry of the registry.

    Attributes
    ----------
    label, tip : str
        What the window shows.
    make : callable
        Returns the points, and the network that is the function.
    selected : Unit
        What the inspector shows.
    view : mapping of str to object
        How it is looked at, fields of :class:`gui.document.view.ViewSettings`.
    probe : tuple of float or None
        The place of the plane at which numbers are shown.
    """

    label: str
    tip: str
    make: Callable[[], tuple[Dataset, Network]]
    selected: Selection
    view: Mapping[str, Any] = field(default_factory=dict)
    probe: tuple[float, float] | None = None


def show_function(document: Document, name: str) -> None:
    """Begin the experiment of a function, as one step of undo, and look at it.

    Parameters
    ----------
    document : Document
    name : str
        A key of :data:`FUNCTIONS`.
    """
    function = FUNCTIONS[name]
    dataset, network = function.make()
    training = TrainingSettings(loss=PROBLEMS[dataset.kind].loss, learning_rate=0.1)
    text = f"show {function.label[0].lower()}{function.label[1:]}"
    document.changes.perform(text, Change(edits=(ReplaceAll(dataset),), restart=network, training=training))
    document.run.dismiss_notice()  # That it has no points is as it should be, until it is trained.
    document.view.set(shows="output", **function.view)
    document.view.select(function.selected)
    if function.probe is None:
        document.probe.release()
    else:
        document.probe.pin_near(function.probe, _SAME_PLACE)


def _softmax() -> tuple[Dataset, Network]:
    """Softmax of the two inputs: the weights are the identity, and there are no biases to speak of."""
    network = Network([2, 2])
    network.set_parameters([np.eye(2)], [np.zeros(2)])
    return Dataset(_NO_POINTS, [], None, 2), network


def _cross_entropy() -> tuple[Dataset, Network]:
    """Softmax of the two inputs with a point of each class, whose loss is seen over what the network says."""
    _, network = _softmax()
    return Dataset([[1.0, 0.5], [-1.5, 1.0]], [0, 1], None, 2), network


def _sums(
    weights: Sequence[float], biases: Sequence[float], out: Sequence[float], activation: str = "sigmoid"
) -> Callable[[], tuple[Dataset, Network]]:
    """Return what makes a curve that is a sum of functions of x, each times a number."""

    def make() -> tuple[Dataset, Network]:
        network = Network([1, len(weights), 1], activation, "linear", features=RAW_CURVE_FEATURES)
        network.set_parameters([[weights], np.transpose([out])], [biases, [0.0]])
        return Dataset.curve(_NO_POINTS), network

    return make


_WEIGHTS = {"page": "weights", "terms": True}

FUNCTIONS: dict[str, Function] = {
    "softmax": Function(
        "Softmax of two inputs",
        "The probability of the first of two classes over both inputs, as a surface.",
        _softmax,
        Unit(1, 0),
        {"in_space": True, "height": "A", "reach": 10.0, "colouring": "height", "slices": (), "page": "weights"},
    ),
    "heaviside": Function(
        "Heaviside's step",
        "0 below 0 and 1 from there on; a bias moves the step.",
        _sums([1.0], [0.0], [1.0], "heaviside"),
        Unit(1, 0),
        _WEIGHTS,
    ),
    "sigmoid": Function(
        "Sigmoid with a weight",
        "A weight of −1,000 to 1,000 stretches it and turns it round; let its slider go at an end to go further.",
        _sums([1.0], [0.0], [1.0]),
        Unit(1, 0),
        _WEIGHTS,
    ),
    "gap": Function(
        "Two steep sigmoids",
        "One is taken from the other: between their steps there is a block.",
        _sums([100.0, 100.0], [0.0, -150.0], [1.0, -1.0]),
        Unit(1, 1),
        _WEIGHTS,
    ),
    "hill": Function(
        "Two sigmoids",
        "One is taken from the other: a hill. Turn weights and biases to see how.",
        _sums([2.0, 2.0], [3.0, -3.0], [1.0, -1.0]),
        Unit(1, 0),
        _WEIGHTS,
    ),
    "three": Function(
        "Three sigmoids",
        "A hill and a step beside it, the sum of three.",
        _sums([5.0, 5.0, 2.5], [3.0, -3.0, -10.0], [1.0, -1.0, 1.0]),
        Unit(1, 2),
        _WEIGHTS,
    ),
    "cross_entropy": Function(
        "Cross-entropy",
        "What the loss of a point is over what the network says of its class: none at 1, without end at 0.",
        _cross_entropy,
        Unit(1, 0),
        {"in_space": False, "page": "loss"},
        (1.0, 0.5),
    ),
}
"""Every function that is shown by itself, by name."""
