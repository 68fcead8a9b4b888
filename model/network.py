"""Network: a fully connected network whose parameters are one flat vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.activations import ACTIVATIONS
from model.initializers import INITIALIZERS
from model.losses import LOSSES, OUTPUT_ACTIVATIONS, OutputLoss
from model.types import Array, FloatArray, IntArray, check_choice, read_only
from model.workspace import Workspace, layer_matrices, with_ones

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MAX_HIDDEN_LAYERS = 10
MAX_UNITS = 64
"""The largest shape that the window offers and draws; the model itself has no limit."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What a network is, without its numbers.

    Attributes
    ----------
    layer_sizes : tuple of int
        Units of each layer, the input features first, at least two layers.
    hidden_activations : tuple of str
        One name for each hidden layer.
    output_activation : str
    initializer : str
        How new weights are drawn.
    bias : str
        "per_neuron".
    seed : int
        Seed of the first weights.
    initializer_scale : float
        Range, spread or value of the initializers that have one, 0 or more.
    bias_start : float or None
        What every bias begins with; None: what the initializer gives.

    Raises
    ------
    ValueError
        If a name or a size is not allowed; the message names it and what is.
    """

    layer_sizes: tuple[int, ...]
    hidden_activations: tuple[str, ...]
    output_activation: str = "softmax"
    initializer: str = "xavier_uniform"
    bias: Literal["per_neuron"] = "per_neuron"
    seed: int = 0
    initializer_scale: float = 0.5
    bias_start: float | None = None

    def __post_init__(self) -> None:
        if len(self.layer_sizes) < 2:
            raise ValueError(f"layer_sizes needs an input and an output layer; got {list(self.layer_sizes)}")
        for size in self.layer_sizes:
            if size < 1:
                raise ValueError(f"every layer needs 1 unit or more; got {list(self.layer_sizes)}")
        if len(self.hidden_activations) != len(self.layer_sizes) - 2:
            raise ValueError(
                f"{len(self.layer_sizes) - 2} hidden layers need as many activations; got {self.hidden_activations}"
            )
        for name in self.hidden_activations:
            check_choice("hidden activation", name, ACTIVATIONS)
        check_choice("output activation", self.output_activation, OUTPUT_ACTIVATIONS)
        check_choice("initializer", self.initializer, INITIALIZERS)
        check_choice("bias", self.bias, ["per_neuron"])
        if self.layer_sizes[-1] < OUTPUT_ACTIVATIONS[self.output_activation].min_units:
            raise ValueError(f"a {self.output_activation} output has 2 units or more; got {self.layer_sizes[-1]}")
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more; got {self.seed}")
        if not (isfinite(self.initializer_scale) and self.initializer_scale >= 0):
            raise ValueError(f"initializer_scale must be a number of 0 or more; got {self.initializer_scale}")
        if self.bias_start is not None and not isfinite(self.bias_start):
            raise ValueError(f"bias_start must be a finite number, or None; got {self.bias_start}")

    def draw_layer(self, generator: np.random.Generator, n_in: int, n_out: int) -> FloatArray:
        """Draw a new layer's matrix, an ndarray of shape (n_in + 1, n_out) whose last row holds the biases."""
        matrix = INITIALIZERS[self.initializer].draw(generator, n_in, n_out, self.initializer_scale)
        if self.bias_start is not None:
            matrix[-1] = self.bias_start
        return matrix

    @property
    def n_parameters(self) -> int:
        """How many weights and biases the network has."""
        sizes = self.layer_sizes
        return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))

    @property
    def n_hidden_layers(self) -> int:
        """How many layers lie between the input and the output."""
        return len(self.hidden_activations)

    @property
    def n_classes(self) -> int:
        """How many classes the outputs tell apart."""
        return max(self.layer_sizes[-1], 2)

    def workspace(self, parameters: Array, n_points: int) -> Workspace:
        """Return buffers for passes of `n_points` points through a network with these `parameters`."""
        return Workspace(parameters, self.layer_sizes, self.hidden_activations, self.output_activation, n_points)


class Network:
    """A fully connected network.

    Parameters
    ----------
    layer_sizes : sequence of int
        Units of each layer after the input features; with the two raw features the first size is 2.
    hidden_activation : str or sequence of str
        One name for all hidden layers, or one for each.
    output_activation : str
        "softmax" (one unit for each class) or "sigmoid" (one unit for two classes).
    initializer : str
        How the first weights are drawn.
    bias : str
        "per_neuron".
    seed : int
        Seed of the first weights; the same seed gives the same weights to the bit.

    Attributes
    ----------
    settings : NetworkSettings
    parameters : ndarray of shape (n_parameters,)
        Every weight and bias: for each layer its weights row by row, then its biases.
    weights : list of ndarray of shape (n_in, n_out)
        Views of `parameters`.
    biases : list of ndarray of shape (n_out,)
        Views of `parameters`.

    Raises
    ------
    ValueError
        If a name or a size is not allowed.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        hidden_activation: str | Sequence[str] = "tanh",
        output_activation: str = "softmax",
        initializer: str = "xavier_uniform",
        bias: Literal["per_neuron"] = "per_neuron",
        seed: int = 0,
    ) -> None:
        n_hidden = max(len(layer_sizes) - 2, 0)
        names = (hidden_activation,) * n_hidden if isinstance(hidden_activation, str) else tuple(hidden_activation)
        settings = NetworkSettings(
            tuple(int(size) for size in layer_sizes), names, output_activation, initializer, bias, seed
        )
        self._bind(settings, np.zeros(settings.n_parameters))
        self.initialize()

    @classmethod
    def from_settings(cls, settings: NetworkSettings, parameters: ArrayLike | None = None) -> Network:
        """Return a network of these settings, freshly initialised or with a copy of `parameters`.

        Raises
        ------
        ValueError
            If there are not as many parameters as the settings need.
        """
        network = cls.__new__(cls)
        network._bind(settings, np.zeros(settings.n_parameters))
        if parameters is None:
            network.initialize()
            return network
        given = np.asarray(parameters, dtype=np.float64)
        if given.shape != network.parameters.shape:
            raise ValueError(f"{settings.n_parameters} parameters are needed; got an array of shape {given.shape}")
        network.parameters[:] = given
        return network

    def _bind(self, settings: NetworkSettings, parameters: FloatArray) -> None:
        self.settings = settings
        self.parameters = parameters
        matrices = list(layer_matrices(parameters, settings.layer_sizes))
        self.weights: list[Array] = [matrix[:-1] for matrix in matrices]
        self.biases: list[Array] = [matrix[-1] for matrix in matrices]

    def initialize(self) -> None:
        """Draw every weight and bias anew from the settings' initializer and seed."""
        generator = np.random.default_rng(self.settings.seed)
        for matrix in layer_matrices(self.parameters, self.settings.layer_sizes):
            n_in, n_out = matrix.shape[0] - 1, matrix.shape[1]
            matrix[:] = self.settings.draw_layer(generator, n_in, n_out)

    def frozen_copy(self) -> Network:
        """Return a network with its own, read-only copy of the parameters."""
        network = Network.__new__(Network)
        network._bind(self.settings, read_only(self.parameters.copy()))
        return network

    @property
    def n_layers(self) -> int:
        """How many layers have weights: all but the input."""
        return len(self.weights)

    def set_parameters(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> None:
        """Copy weights and biases, one array for each layer, into the network.

        Raises
        ------
        ValueError
            If a number of layers or a shape does not fit; the network is then unchanged.
        """
        if len(weights) != self.n_layers or len(biases) != self.n_layers:
            raise ValueError(f"{self.n_layers} weights and biases are needed; got {len(weights)} and {len(biases)}")
        # Copies, because what is given may be the network's own arrays in another order.
        new = [
            *zip(self.weights, [np.array(w, dtype=np.float64) for w in weights], strict=True),
            *zip(self.biases, [np.array(b, dtype=np.float64) for b in biases], strict=True),
        ]
        for own, given in new:
            if own.shape != given.shape:
                raise ValueError(f"an array of shape {own.shape} is needed; got {given.shape}")
        for own, given in new:
            own[:] = given

    def _forward(self, points: ArrayLike) -> tuple[Array, Workspace]:
        array = np.asarray(points, dtype=np.float64)
        n_features = self.settings.layer_sizes[0]
        if array.ndim != 2 or array.shape[1] != n_features:
            raise ValueError(f"points must have shape (n_points, {n_features}); got {array.shape}")
        inputs = with_ones(array)
        workspace = self.settings.workspace(self.parameters, len(array))
        workspace.forward(inputs)
        return inputs, workspace

    def predict(self, points: ArrayLike) -> FloatArray:
        """Return the outputs for points of shape (n_points, 2), an ndarray of shape (n_points, n_out)."""
        return self.layer_outputs(points)[-1]

    def layer_outputs(self, points: ArrayLike) -> list[FloatArray]:
        """Return the activations of every layer, the input layer first.

        Parameters
        ----------
        points : array_like of shape (n_points, 2)

        Returns
        -------
        list of ndarray of shape (n_points, n_units)
            Copies.
        """
        inputs, workspace = self._forward(points)
        return [np.array(a.T, dtype=np.float64, order="C") for a in [inputs[:-1], *workspace.activations]]

    def class_probabilities(self, points: ArrayLike) -> FloatArray:
        """Return the probability of each class, an ndarray of shape (n_points, n_classes)."""
        output = OUTPUT_ACTIVATIONS[self.settings.output_activation]
        return np.array(output.class_probabilities(self.predict(points).T).T, dtype=np.float64, order="C")

    def gradient(self, points: ArrayLike, labels: ArrayLike, loss: str = "cross_entropy") -> FloatArray:
        """Return the derivative of the mean loss over the points by every parameter, laid out as `parameters`.

        Raises
        ------
        ValueError
            If the loss is unknown or does not go with the output, if there is no point, or if a point has no label
            that the network has an output for.
        """
        pair = output_loss(loss, self.settings.output_activation)
        inputs, workspace = self._forward(points)
        n_points, classes = inputs.shape[1], np.asarray(labels)
        if n_points == 0:
            raise ValueError("a gradient needs at least one point")
        if classes.shape != (n_points,):
            raise ValueError(f"labels must have shape ({n_points},); got {classes.shape}")
        allowed = np.isin(classes, np.arange(self.settings.n_classes))
        if not allowed.all():
            raise ValueError(f"labels must be 0 to {self.settings.n_classes - 1}; got {classes[~allowed][0]}")
        result = np.zeros_like(self.parameters)
        workspace.backward(inputs, self.targets(labels), pair, list(layer_matrices(result, self.settings.layer_sizes)))
        return result

    def targets(self, labels: ArrayLike) -> FloatArray:
        """Return what the outputs should be for points of these classes, an ndarray of shape (n_out, n_points)."""
        classes: IntArray = np.asarray(labels, dtype=np.intp)
        return OUTPUT_ACTIVATIONS[self.settings.output_activation].targets(classes, self.settings.layer_sizes[-1])


def output_loss(loss: str, output_activation: str) -> OutputLoss:
    """Return the stable form of a loss for an output activation.

    Raises
    ------
    ValueError
        If the loss is unknown or does not go with the output activation.
    """
    check_choice("loss", loss, LOSSES)
    check_choice(f"output activation for {loss}", output_activation, LOSSES[loss].outputs)
    return LOSSES[loss].outputs[output_activation]


def with_output(
    settings: NetworkSettings, n_classes: int, output_activation: str, *, single_unit: bool = True
) -> NetworkSettings:
    """Return the settings with an output layer for `n_classes`; a single unit where that is wanted and can serve."""
    can_be_single = n_classes == 2 and OUTPUT_ACTIVATIONS[output_activation].min_units == 1
    n_out = 1 if single_unit and can_be_single else n_classes
    return replace(settings, layer_sizes=(*settings.layer_sizes[:-1], n_out), output_activation=output_activation)
