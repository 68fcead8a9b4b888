"""Neurons that learn next to nothing, because they are where their activation is flat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.data.dataset import Dataset
from model.network.activations import ACTIVATIONS, Activation
from model.network.network import Network
from model.network.parts import Unit
from model.types import FloatArray

FLAT = 0.01
"""An activation is flat where its slope is at most this share of its largest."""

STUCK = 0.99
"""A neuron is stuck if it is where its activation is flat for more than this share of the training points."""

MOST_POINTS = 2000
"""Of more training points a fixed sample is asked, evenly spread over them; of many neurons a smaller one."""

_AFFORDABLE = 250_000
"""How many pre-activations are looked at, about 10 ms of NumPy."""

_WIDE = np.linspace(-10.0, 10.0, 2001)


@dataclass(frozen=True, slots=True)
class StuckUnit:
    """What holds a neuron.

    Attributes
    ----------
    activation : Activation
    share : float
        Of the training points for which it is where the activation is flat, 0 to 1.
    is_exact : bool
        Whether its slope is 0 for all of them, and not only small.
    sample_size : int or None
        How many of the training points were asked; None: all.
    """

    activation: Activation
    share: float
    is_exact: bool
    sample_size: int | None = None

    @property
    def word(self) -> str:
        """Dead or saturated."""
        return self.activation.stuck or ""

    @property
    def sentence(self) -> str:
        """What it is, for how many of the training points, and what follows."""
        # No share but that of all is written as 100%.
        percent = f"{np.floor(1000 * self.share) / 10:g}%"
        sample = "" if self.sample_size is None else f"a sample of {self.sample_size:,} of "
        what = "its output" if self.word == "dead" else f"the slope of {self.activation.name}"
        flat = f"{what} is {'' if self.is_exact else 'nearly '}0"
        learns = "learns nothing" if self.is_exact and self.share == 1.0 else "learns next to nothing"
        return f"{self.word}: {flat} for {percent} of {sample}the training points, so it {learns}"


def can_get_stuck(network: Network) -> bool:
    """Return whether the network has a hidden neuron that could be dead or saturated."""
    return any(ACTIVATIONS[name].stuck for name in network.settings.hidden_activations)


def stuck_units(network: Network, dataset: Dataset) -> dict[Unit, StuckUnit]:
    """Return the hidden neurons that are dead or saturated for nearly all training points.

    Parameters
    ----------
    network : Network
        Only read.
    dataset : Dataset
        Of many training points, a sample is asked.

    Returns
    -------
    dict of Unit to StuckUnit
        Empty without a training point. A muted neuron, which counts as 0 whatever it does, is never among them, nor one
        whose pre-activations are not finite, nor an output, for which a flat place is that of a sure answer.
    """
    rows = np.flatnonzero(~dataset.is_test)
    if not len(rows) or not can_get_stuck(network):
        return {}
    most = min(MOST_POINTS, _AFFORDABLE // sum(network.settings.layer_sizes[1:]))
    sample_size = most if len(rows) > most else None
    if sample_size is not None:
        rows = rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)]
    settings, found = network.settings, {}
    layers = zip(settings.hidden_activations, network.pre_activations(dataset.points[rows]), strict=False)
    for layer, (name, z) in enumerate(layers, start=1):
        activation = ACTIVATIONS[name]
        if activation.stuck is None:
            continue
        slopes = _slopes(activation, z)
        flat = slopes <= FLAT * _steepest(activation)
        shares = np.where(np.isfinite(z).all(axis=0), flat.mean(axis=0), 0.0)
        for index in np.flatnonzero(shares > STUCK).tolist():
            if (layer, index) not in settings.muted:
                is_exact = not slopes[flat[:, index], index].any()
                found[Unit(layer, index)] = StuckUnit(activation, float(shares[index]), is_exact, sample_size)
    return found


def _slopes(activation: Activation, z: FloatArray) -> FloatArray:
    """Return the size of the activation's slope at each of the pre-activations."""
    a, slopes = np.empty_like(z), np.empty_like(z)
    with np.errstate(all="ignore"):
        activation.function(z, a)
        activation.derivative(z, a, slopes)
    return np.abs(slopes)


@lru_cache(maxsize=32)
def _steepest(activation: Activation) -> float:
    """Return the largest slope of an activation, which each has near 0."""
    return float(_slopes(activation, _WIDE).max())
