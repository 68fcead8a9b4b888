"""EdgeNumbers: what the edges and biases of the diagram show: weights, gradients, or what the next step changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from gui.items.probed import Probed
from gui.items.scales import round_up
from model.network.network import Network
from model.types import readable


@dataclass(frozen=True, slots=True)
class EdgeKind:
    """One kind of number that edges can show.

    Attributes
    ----------
    text, tip : str
        What the window shows.
    symbol : str
        What stands before the number of an edge; that of a bias has b in the place of w.
    what : str
        What the legend says.
    """

    text: str
    tip: str
    symbol: str
    what: str


EDGE_KINDS: dict[str, EdgeKind] = {
    "weights": EdgeKind("Weights", "Edges show their weights.", "w", "weights"),
    "gradients": EdgeKind(
        "Gradients",
        "Edges show the derivative of the training loss, or of the loss at a pinned probe, by each weight: which way "
        "it should not go, and how much.",
        "∂C/∂w",
        "gradients of the training loss",
    ),
    "updates": EdgeKind(
        "Updates", "Edges show how the next step changes each weight.", "Δw", "changes by the next step"
    ),
}
"""Every kind, by the names of `gui.document.view.ViewSettings.edges`."""

FAR = 100.0
"""A layer whose gradient is smaller or larger by this factor than those of all others is marked."""


@dataclass(frozen=True, slots=True)
class LayerSize:
    """How large the gradient of a layer's weights is.

    Attributes
    ----------
    mean : float
        Of the absolute values.
    others : float
        The largest mean of the other layers; its own where there is none.
    """

    mean: float
    others: float

    @property
    def text(self) -> str:
        """The mean, and a word where it is far from those of all other layers."""
        return f"{self.figure()} · {self.mark}" if self.mark else self.figure()

    def figure(self, n_digits: int = 2) -> str:
        """Return the mean, to `n_digits` significant digits."""
        return readable(f"⌀ {self.mean:.{n_digits}g}")

    @property
    def mark(self) -> str:
        """A word where the mean is far from those of all other layers, otherwise empty."""
        if self.mean * FAR < self.others:
            return "vanishing"
        return "exploding" if self.mean > FAR * self.others else ""

    @property
    def sentence(self) -> str:
        """What the mark means, in a sentence; empty without one."""
        smaller, larger = sorted((self.mean, self.others))
        times = f"{larger / smaller:,.0f} times" if smaller > 0 else "infinitely"
        than = "than the largest of the other layers"
        return {
            "": "",
            "vanishing": f"It is {times} smaller {than}: this layer learns next to nothing.",
            "exploding": f"It is {times} larger {than}: this layer learns in leaps.",
        }[self.mark]


@dataclass(frozen=True, slots=True, eq=False)
class ShownNumbers:
    """Numbers in the places of a network's weights and biases.

    Attributes
    ----------
    kind : EdgeKind
    network : Network
        Its parameters are these numbers.
    limit : float
        What the ends of the colour scale stand for.
    is_at_probe : bool
        Whether the gradients are of the loss at the pinned probe point; otherwise of the training loss.
    """

    kind: EdgeKind
    network: Network
    limit: float
    is_at_probe: bool = False

    @property
    def what(self) -> str:
        """What the legend says."""
        return "gradients of the loss at the probe" if self.is_at_probe else self.kind.what

    @property
    def loss(self) -> str:
        """Of which loss the gradients are."""
        return "the loss at the probe" if self.is_at_probe else "the training loss"

    def sizes(self) -> list[LayerSize]:
        """Return how large the numbers of each layer's weights are, the first layer with weights first."""
        means = [float(np.abs(weights).mean()) for weights in self.network.weights]
        return [
            LayerSize(mean, max(means[:index] + means[index + 1 :], default=mean)) for index, mean in enumerate(means)
        ]


class EdgeNumbers(Derived):
    """Computes the numbers of the displayed moment where they are not its weights, while they are seen.

    Gradients are those of the loss at the pinned probe point; without one, and where the displayed network has no
    output for its class or value, those of the training loss.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed, shown_by: QWidget) -> None:
        super().__init__(run, view, shown_by, shown_by)
        self._probe, self._probed = probe, probed
        self._shown: ShownNumbers | None = None
        probe.pinned_changed.connect(self._on_pinned_changed)
        view.settings_changed.connect(self._on_settings_changed)

    @property
    def shown(self) -> ShownNumbers | None:
        """The numbers; None for the weights themselves, and where the displayed network has another shape by now."""
        shown = self._shown
        is_fit = shown is not None and shown.network.settings == self._run.displayed.network.settings
        return shown if is_fit else None

    @Slot()
    def _on_settings_changed(self) -> None:
        kind = EDGE_KINDS[self._view.settings.edges]
        if self.is_seen and kind is not (EDGE_KINDS["weights"] if self._shown is None else self._shown.kind):
            self._pace.work()

    @Slot()
    def _on_pinned_changed(self) -> None:
        if self.is_seen and self._view.settings.edges == "gradients":
            self._pace.ask(urgent=True)

    @property
    def is_wanted(self) -> bool:
        """Whether edges show something else than the weights."""
        return self._view.settings.edges != "weights"

    def compute(self) -> None:
        """Compute the numbers, or forget them."""
        name, moment = self._view.settings.edges, self._run.displayed.moment
        self._shown = None
        if self.is_wanted:
            at_probe = None if self._probe.pinned is None or name != "gradients" else self._probed.gradient
            if at_probe is not None:
                numbers = at_probe
            else:
                numbers = self._run.numbers.gradient if name == "gradients" else self._run.numbers.update
            largest = float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))
            network = Network.read_only(moment.network, numbers)
            self._shown = ShownNumbers(EDGE_KINDS[name], network, round_up(largest), at_probe is not None)
