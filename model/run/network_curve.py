"""Curve: the answer of a network that is given x alone, and what its neurons add to it, over a stretch of x."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.dataset import PLANE_LIMIT
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.network.workspace import with_ones
from model.types import Array, FloatArray, read_only

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


class CurveSampler:
    """Evaluates networks of one shape at places of x that are evenly spread from edge to edge.

    Parameters
    ----------
    settings : NetworkSettings
        With features of x alone.
    x_min, x_max : float
    n_places : int
    """

    def __init__(
        self,
        settings: NetworkSettings,
        x_min: float = -PLANE_LIMIT,
        x_max: float = PLANE_LIMIT,
        n_places: int = CURVE_RESOLUTION,
    ) -> None:
        self.key = (settings, x_min, x_max, n_places)
        self.x: FloatArray = read_only(np.linspace(x_min, x_max, n_places))
        points = np.stack([self.x, np.zeros(n_places)], axis=1)
        self._settings = settings
        self._inputs: Array = with_ones(settings.inputs(points))
        self._parameters = np.zeros(settings.n_parameters)
        self._workspace = settings.workspace(self._parameters, n_places)

    def layers(self, network: Network) -> tuple[FloatArray, ...]:
        """Return each layer's activations, the input first, of shape (n_units, n_places), as copies."""
        self._parameters[:] = network.parameters
        with np.errstate(all="ignore"):
            self._workspace.forward(self._inputs)
        layers = [np.array(layer) for layer in (self._inputs[:-1], *self._workspace.activations)]
        self._settings.silence(layers)
        return tuple(read_only(layer) for layer in layers)

    def sample(self, network: Network) -> Curve:
        """Return the curve of a network."""
        layers = self.layers(network)
        weights = network.layer_matrices()[-1][:, 0]
        with np.errstate(all="ignore"):
            terms = layers[-2] * weights[:-1, np.newaxis]
            z = terms.sum(axis=0) + weights[-1]
        return Curve(self.x, layers, read_only(terms), float(weights[-1]), read_only(z))
