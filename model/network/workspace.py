"""Workspace: the buffers of one forward and one backward pass, allocated once.

Inside a workspace arrays are laid out ``(n_units, n_points)``, and the activations of a layer carry one more row, of
ones. Where every neuron has its bias, a layer's weights and biases lie one after the other in the flat parameter
vector, so they are also one matrix of shape ``(n_in + 1, n_out)``: a single product with the activations and their ones
adds the bias too, and a single product in the backward pass gives the gradients of both. Where it is otherwise, a
:class:`model.network.layout.DenseLayout` makes such matrices of the vector before each forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike

from model.network.layout import DenseLayout, layer_matrices
from model.network.losses import OUTPUT_ACTIVATIONS, OutputLoss
from model.types import Array


class HiddenFunction(Protocol):
    """What a workspace needs of a hidden layer's activation, see :class:`model.network.activations.Activation`."""

    @property
    def function(self) -> Callable[[Array, Array], None]:
        """``function(z, out)``."""

    @property
    def derivative(self) -> Callable[[Array, Array, Array], None]:
        """``derivative(z, a, out)``."""


def with_ones(points: Array, dtype: DTypeLike = np.float64) -> Array:
    """Return points of shape (n_points, n_features) as a workspace reads them: (n_features + 1, n_points), a copy."""
    n_points, n_features = points.shape
    inputs = np.ones((n_features + 1, n_points), dtype=dtype)
    inputs[:-1] = points.T
    return inputs


class Workspace:
    """Forward and backward passes of one network for a fixed number of points, without allocation.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
        The flat vector; it is read, never written. Its dtype is the workspace's.
    layer_sizes : sequence of int
        Units of each layer, the input features first.
    hidden : sequence of HiddenFunction
        One for each hidden layer.
    output_activation : str
    n_points : int
    layout : DenseLayout or None
        How the flat vector becomes the layers' matrices; None where it is them already.

    Attributes
    ----------
    activations : list of ndarray of shape (n_units, n_points)
        Of each layer after the input.
    pre_activations : list of ndarray of shape (n_units, n_points)
    deltas : list of ndarray of shape (n_units, n_points)
        Of each layer, the derivative of the loss by its pre-activations, after :meth:`backward`.
    hidden : list of HiddenFunction
        As given.
    """

    def __init__(
        self,
        parameters: Array,
        layer_sizes: Sequence[int],
        hidden: Sequence[HiddenFunction],
        output_activation: str,
        n_points: int,
        layout: DenseLayout | None = None,
    ) -> None:
        dtype: np.dtype[Any] = parameters.dtype
        self._layout = layout
        self._parameters = parameters
        self.hidden = list(hidden)
        self._dense = parameters if layout is None else np.zeros(layout.size, dtype=dtype)
        matrices = list(layer_matrices(self._dense, layer_sizes))
        with_bias = [np.ones((size + 1, n_points), dtype=dtype) for size in layer_sizes[1:]]
        self.pre_activations: list[Array] = [np.zeros((size, n_points), dtype=dtype) for size in layer_sizes[1:]]
        self.activations: list[Array] = [block[:-1] for block in with_bias]
        self.deltas: list[Array] = [np.zeros_like(z) for z in self.pre_activations]
        self._slopes = [np.zeros_like(z) for z in self.pre_activations]
        functions = [entry.function for entry in hidden]
        functions.append(OUTPUT_ACTIVATIONS[output_activation].function)
        # One tuple a layer, so that the loops below look nothing up.
        self._first_matrix = matrices[0].T
        self._forward = list(
            zip(
                [matrix.T for matrix in matrices[1:]],
                with_bias[:-1],
                self.pre_activations[1:],
                functions[1:],
                self.activations[1:],
                strict=True,
            )
        )
        self._first_function = functions[0]
        self._first_delta_transposed = self.deltas[0].T
        self._backward = [
            (
                layer,
                with_bias[layer - 1],
                self.deltas[layer],
                self.deltas[layer].T,
                matrices[layer][:-1],
                self.deltas[layer - 1],
                hidden[layer - 1].derivative,
                self.pre_activations[layer - 1],
                self.activations[layer - 1],
                self._slopes[layer - 1],
            )
            for layer in range(len(matrices) - 1, 0, -1)
        ]

    def forward(self, inputs: Array) -> None:
        """Fill the pre-activations and activations of all layers.

        Parameters
        ----------
        inputs : ndarray of shape (n_features + 1, n_points)
            The last row holds ones, see :func:`with_ones`.
        """
        if self._layout is not None:
            self._layout.expand(self._parameters, self._dense)
        np.dot(self._first_matrix, inputs, out=self.pre_activations[0])
        self._first_function(self.pre_activations[0], self.activations[0])
        for matrix, below, z, function, a in self._forward:
            np.dot(matrix, below, out=z)
            function(z, a)

    def backward(
        self, inputs: Array, targets: Array, loss: OutputLoss, gradients: Sequence[Array], *, mean: bool = True
    ) -> None:
        """Write the gradient of the loss, for the points of the last :meth:`forward`.

        Parameters
        ----------
        inputs : ndarray of shape (n_features + 1, n_points)
            As given to :meth:`forward`.
        targets : ndarray of shape (n_outputs, n_points)
        loss : OutputLoss
        gradients : sequence of ndarray of shape (n_in + 1, n_out)
            Written; views of one vector, as :func:`~model.network.layout.layer_matrices` gives them. Where there is a
            layout, the vector is not yet the gradient by the parameters: its method ``collect`` makes it.
        mean : bool
            Of the mean over the points; otherwise of their sum.

        Notes
        -----
        Backpropagation as in seed 002_2220fc8ca6ad7e5c.txt: a layer's delta is the derivative of the loss by its
        pre-activations; delta of the layer below = W delta times the activation's slope; the gradient of W is the
        activation below times delta.
        """
        delta = self.deltas[-1]
        loss.delta(self.pre_activations[-1], self.activations[-1], targets, delta)
        if mean:
            np.multiply(delta, 1.0 / delta.shape[1], out=delta)
        for layer, below, delta, delta_transposed, weights, delta_below, derivative, z, a, slope in self._backward:
            np.dot(below, delta_transposed, out=gradients[layer])
            np.dot(weights, delta, out=delta_below)
            derivative(z, a, slope)
            np.multiply(delta_below, slope, out=delta_below)
        np.dot(inputs, self._first_delta_transposed, out=gradients[0])
