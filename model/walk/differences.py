"""Central differences: the gradient of a loss without any chain rule, from nothing but the loss itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.network.activations import ACTIVATIONS
from model.network.settings import NetworkSettings, output_loss
from model.types import Array, BoolArray, FloatArray, IntArray
from model.walk.pages import Line

FORMULA: Line = (
    r"\frac{\partial C}{\partial w} \approx \frac{8\, (C(w + h) - C(w - h)) - (C(w + 2h) - C(w - 2h))}{12\, h}",
)
"""From four points, so that what is left out is of the fourth power of h."""

_DISTANCES = (1e-4, 1e-5, 1e-6)
"""How far apart losses are compared; the next only where there is a corner in between."""

_AFFORDABLE, _OF_EACH, _LEAST = 1.5e8, 1e5, 6
"""How much arithmetic all may take, what one takes at least, and how many there are in any case."""


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """What central differences say of some parameters.

    Attributes
    ----------
    positions : ndarray of int of shape (n,)
        Of the parameters, spread over all of them where they would be too many.
    values : ndarray of shape (n,)
    has_corner : ndarray of bool of shape (n,)
        Where an activation has a corner or a jump between the losses that are compared: there is no slope there.
    """

    positions: IntArray
    values: FloatArray
    has_corner: BoolArray


class Loss:
    """The loss of some points as a function of the parameters.

    Parameters
    ----------
    settings : NetworkSettings
    loss : str
    inputs : ndarray of shape (n_points, n_features)
        Values of the input layer.
    targets : ndarray of shape (n_out, n_points)
    kept : sequence of (ndarray of shape (n_points, n_units)) or None
        For each hidden layer what dropout multiplies the activations by.
    is_mean : bool
        Whether it is the mean over the points; otherwise their sum.
    """

    def __init__(
        self,
        settings: NetworkSettings,
        loss: str,
        inputs: FloatArray,
        targets: FloatArray,
        kept: Sequence[FloatArray | None] = (),
        *,
        is_mean: bool = True,
    ) -> None:
        self._pair = output_loss(loss, settings.output_activation)
        self._parameters = np.zeros(settings.n_parameters)
        self._inputs = np.vstack([inputs.T, np.ones(len(inputs))])
        self._targets = targets
        self._workspace = settings.workspace(self._parameters, len(inputs))
        self._combine = np.mean if is_mean else np.sum
        self._corners = [n for n, name in enumerate(settings.hidden_activations) if _has_corner(name)]
        if any(factors is not None for factors in kept):
            hidden = [_Kept(name, factors) for name, factors in zip(settings.hidden_activations, kept, strict=True)]
            self._workspace = type(self._workspace)(
                self._parameters,
                settings.layer_sizes,
                hidden,
                settings.output_activation,
                len(inputs),
                settings.layout(),
            )

    def at(self, parameters: FloatArray) -> tuple[float, list[BoolArray]]:
        """Return the loss, and of each layer with corners on which side of them its neurons are."""
        self._parameters[:] = parameters
        workspace = self._workspace
        workspace.forward(self._inputs)
        losses = self._pair.value(workspace.pre_activations[-1], workspace.activations[-1], self._targets)
        return float(self._combine(losses)), [workspace.pre_activations[n] > 0.0 for n in self._corners]

    def differences(self, parameters: FloatArray) -> Differences:
        """Return central differences at these parameters."""
        n_parameters = len(parameters)
        n = max(_LEAST, int(_AFFORDABLE / (n_parameters * self._inputs.shape[1] + _OF_EACH)))
        positions = np.unique(np.linspace(0, n_parameters - 1, min(n, n_parameters)).astype(np.intp))
        with np.errstate(all="ignore"):
            found = [self._difference(parameters, position) for position in positions.tolist()]
        return Differences(positions, np.array([value for value, _ in found]), np.array([near for _, near in found]))

    def _difference(self, parameters: FloatArray, position: int) -> tuple[float, bool]:
        has_corner, value = True, 0.0
        for distance in _DISTANCES:
            losses, sides = {}, []
            for steps in (-2, -1, 1, 2):
                moved = parameters.copy()
                moved[position] += steps * distance
                losses[steps], on_side = self.at(moved)
                sides.append(on_side)
            value = (8.0 * (losses[1] - losses[-1]) - (losses[2] - losses[-2])) / (12.0 * distance)
            has_corner = any(not np.array_equal(*ends) for ends in zip(sides[0], sides[-1], strict=True))
            if not has_corner:
                break
        return value, has_corner


class _Kept:
    """An activation after which what dropout has drawn is multiplied in."""

    def __init__(self, name: str, factors: FloatArray | None) -> None:
        self._activation = ACTIVATIONS[name]
        self._factors = None if factors is None else factors.T

    def function(self, z: Array, out: Array) -> None:
        self._activation.function(z, out)
        if self._factors is not None:
            np.multiply(out, self._factors, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        raise NotImplementedError("the loss alone needs no slopes")


@lru_cache
def _has_corner(name: str) -> bool:
    """Return whether an activation, or its slope, has a jump or corner at 0."""
    z = np.array([[-1e-4, 0.0, 1e-4]])
    a, slope = np.empty_like(z), np.empty_like(z)
    ACTIVATIONS[name].function(z, a)
    ACTIVATIONS[name].derivative(z, a, slope)
    bend = np.diff(slope[0]) / 1e-4
    return bool(abs(bend[1] - bend[0]) > 0.1 or abs(a[0, 2] - a[0, 0]) > 0.1)
