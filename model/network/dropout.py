"""Dropout: hidden neurons that are left out at random while training (Srivastava et al. 2014)."""

from __future__ import annotations

import numpy as np

from model.network.activations import Activation
from model.types import Array


class DroppedActivation:
    """An activation after which each neuron is 0 with some probability, drawn for each point.

    What is left is scaled up by 1 / (1 - rate), so that the expectation stays and nothing changes when the network only
    answers (torch.nn.Dropout).

    Parameters
    ----------
    activation : Activation
    rate : float
        The probability, 0 or more and below 1.
    generator : numpy.random.Generator
    """

    def __init__(self, activation: Activation, rate: float, generator: np.random.Generator) -> None:
        self._activation = activation
        self._rate = rate
        self._generator = generator
        self._undropped: Array = np.empty((0, 0))
        self._mask: Array = np.empty((0, 0))

    @property
    def kept(self) -> Array:
        """What the last :meth:`function` multiplied the activations by, an ndarray of shape (n_units, n_points)."""
        return self._mask

    def function(self, z: Array, out: Array) -> None:
        """Write the activation of what is not left out into `out`."""
        if self._mask.shape != z.shape:
            self._mask, self._undropped = np.empty_like(z), np.empty_like(z)
        self._generator.random(out=self._mask)
        np.greater_equal(self._mask, self._rate, out=self._mask, casting="unsafe")
        np.multiply(self._mask, 1.0 / (1.0 - self._rate), out=self._mask)
        self._activation.function(z, self._undropped)
        np.multiply(self._undropped, self._mask, out=out)

    def derivative(self, z: Array, a: Array, out: Array) -> None:
        """Write the slope of the last :meth:`function` into `out`; `a` is not used."""
        self._activation.derivative(z, self._undropped, out)
        np.multiply(out, self._mask, out=out)
