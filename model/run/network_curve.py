"""Curve: the answer of a network that is given x alone, and what its neurons add to it, over a stretch of x."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.dataset import PLANE_LIMIT
from model.network.network import Network
from model.types import FloatArray, read_only

CURVE_RESOLUTION = 481
"""Places of x over the part of the plane that is seen."""

UNIT_CURVE_RESOLUTION = 121
"""Places of x over the whole plane for the curve of each neuron, which the diagram draws small."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A network of one output over a stretch of x, in float64; arrays are read-only, and not finite if it diverged.

    Attributes
    ----------
    x : ndarray of shape (n_places,)
        Ascending, from edge to edge.
    layers : tuple of ndarray of shape (n_units, n_places)
        For every layer, the input first, each neuron's activation; 0 where it is muted.
    terms : ndarray of shape (n_units, n_places)
        What each neuron of the last layer before the output adds to it: its activation times its weight, a·w.
    bias : float
        What is added to them.
    z : ndarray of shape (n_places,)
        The sum of all terms and the bias.
    """

    x: FloatArray
    layers: tuple[FloatArray, ...]
    terms: FloatArray
    bias: float
    z: FloatArray

    @property
    def y(self) -> FloatArray:
        """What the network says, of shape (n_places,), as a height: times CURVE_UNIT it is a place of the plane."""
        heights: FloatArray = self.layers[-1][0]
        return heights


def sample_curve(
    network: Network, x_min: float = -PLANE_LIMIT, x_max: float = PLANE_LIMIT, n_places: int = CURVE_RESOLUTION
) -> Curve:
    """Return the curve of a network with features of x alone, at places that are evenly spread from edge to edge."""
    x = np.linspace(x_min, x_max, n_places)
    points = np.stack([x, np.zeros(n_places)], axis=1)
    layers = [read_only(np.ascontiguousarray(layer.T)) for layer in network.layer_outputs(points)]
    weights = network.layer_matrices()[-1][:, 0]
    with np.errstate(all="ignore"):
        terms = layers[-2] * weights[:-1, np.newaxis]
        z = terms.sum(axis=0) + weights[-1]
    return Curve(read_only(x), tuple(layers), read_only(terms), float(weights[-1]), read_only(z))
