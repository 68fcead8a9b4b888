"""Network: a fully connected network whose parameters are one flat vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.data.dataset import are_classes
from model.network.layout import (
    BiasKind,
    bias_views,
    layer_matrices,
    weight_views,
)
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import NetworkSettings, output_loss
from model.network.workspace import Workspace, with_ones
from model.types import Array, FloatArray, IntArray, LabelArray, as_floats, is_whole, read_only

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


class Network:
    """A fully connected network.

    Parameters
    ----------
    layer_sizes : sequence of int
        Units of each layer after the input features; with the two raw features the first size is 2.
    hidden_activation : str or sequence of str
        One name for all hidden layers, or one for each.
    output_activation : str
        A key of :data:`model.network.losses.OUTPUT_ACTIVATIONS`. A single unit stands for class 1 of
        two, or for the value of a regression.
    initializer : str
        How the first weights are drawn.
    bias : str
        "per_neuron", "none" or "shared".
    seed : int
        Seed of the first weights; the same seed gives the same weights to the bit.
    features : sequence of str, optional
        What the inputs are made of the two coordinates, such as ``("x1", "x1**2")``, or along a curve of x alone, such
        as ``("x",)``; as many as `layer_sizes` begins with. By default points go in as they are.

    Attributes
    ----------
    settings : NetworkSettings
    parameters : ndarray of shape (n_parameters,)
        Every weight and bias: for each layer its weights row by row, then its biases; for the other kinds of bias in
        the order of :mod:`model.network.layout`.
    weights : list of ndarray of shape (n_in, n_out)
        Views of `parameters`.
    biases : list of ndarray of shape (n_out,)
        Views of `parameters`: of the one scalar where the bias is shared. Zeros where there is none.

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
        bias: BiasKind = "per_neuron",
        seed: int = 0,
        features: Sequence[str] | None = None,
    ) -> None:
        if not isinstance(layer_sizes, Sequence) or isinstance(layer_sizes, str):
            raise ValueError(f"layer_sizes must be a list of whole numbers; got {layer_sizes!r}")
        if not isinstance(hidden_activation, Sequence):
            raise ValueError(f"hidden_activation must be a name, or one a hidden layer; got {hidden_activation!r}")
        n_hidden = max(len(layer_sizes) - 2, 0)
        names = (hidden_activation,) * n_hidden if isinstance(hidden_activation, str) else tuple(hidden_activation)
        settings = NetworkSettings(
            tuple(int(size) if is_whole(size) else size for size in layer_sizes),
            names,
            output_activation,
            initializer,
            bias,
            seed,
            features=None if features is None else tuple(features),
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
        given = as_floats("parameters", parameters)
        if given.shape != network.parameters.shape:
            raise ValueError(f"{settings.n_parameters} parameters are needed; got an array of shape {given.shape}")
        network.parameters[:] = given
        return network

    @classmethod
    def read_only(cls, settings: NetworkSettings, parameters: FloatArray) -> Network:
        """Return a network of these settings whose parameters are `parameters` themselves; they must be read-only."""
        network = cls.__new__(cls)
        network._bind(settings, parameters)
        return network

    def _bind(self, settings: NetworkSettings, parameters: FloatArray) -> None:
        self.settings = settings
        self.parameters = parameters
        self.weights: list[Array] = weight_views(parameters, settings.layer_sizes, settings.bias)
        self.biases: list[Array] = bias_views(parameters, settings.layer_sizes, settings.bias)

    def initialize(self) -> None:
        """Draw every weight and bias again from the settings' initializer and seed; pruned weights stay 0."""
        generator = np.random.default_rng(self.settings.seed)
        for weights, biases in zip(self.weights, self.biases, strict=True):
            drawn = self.settings.draw_layer(generator, *weights.shape)
            weights[:] = drawn[:-1]
            if self.settings.bias == "per_neuron":
                biases[:] = drawn[-1]
            elif self.settings.bias == "shared":
                # One scalar: what the last layer draws first.
                biases[:1] = drawn[-1, :1]
        self.parameters[sorted(self.settings.pruned)] = 0.0

    def layer_matrices(self) -> list[FloatArray]:
        """Return what each layer multiplies its inputs and a one by, copies of shape (n_in + 1, n_out).

        The last row is what is added: the bias, or the shared bias times the number of inputs. Rows of muted neurons
        are 0.
        """
        layout = self.settings.layout()
        dense = np.array(self.parameters, dtype=np.float64)
        if layout is not None:
            dense = np.zeros(layout.size)
            layout.expand(self.parameters, dense)
        return list(layer_matrices(dense, self.settings.layer_sizes))

    def frozen_copy(self) -> Network:
        """Return a network with its own, read-only copy of the parameters."""
        return Network.read_only(self.settings, read_only(self.parameters.copy()))

    @property
    def n_layers(self) -> int:
        """How many layers have weights: all but the input."""
        return len(self.weights)

    def set_parameters(self, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> None:
        """Copy weights and biases, one array for each layer, into the network.

        Where the bias is shared, all the biases given must be the same number; where there is none, 0.

        Raises
        ------
        ValueError
            If a number of layers or a shape does not fit; the network is then unchanged.
        """
        if len(weights) != self.n_layers or len(biases) != self.n_layers:
            raise ValueError(f"{self.n_layers} weights and biases are needed; got {len(weights)} and {len(biases)}")
        # Copies, because what is given may be the network's own arrays in another order.
        new = [
            *zip(self.weights, [as_floats("weights", w) for w in weights], strict=True),
            *zip(self.biases, [as_floats("biases", b) for b in biases], strict=True),
        ]
        for own, given in new:
            if own.shape != given.shape:
                raise ValueError(f"an array of shape {own.shape} is needed; got {given.shape}")
        given_biases = np.concatenate([given for _, given in new[self.n_layers :]])
        kind = self.settings.bias
        if kind != "per_neuron" and not np.all(given_biases == (given_biases[0] if kind == "shared" else 0.0)):
            allowed = "the same number" if kind == "shared" else "0"
            raise ValueError(f"with bias {kind!r} every bias must be {allowed}; got {given_biases}")
        for own, given in new:
            if own.flags.writeable:
                own[:] = given

    def _forward(self, points: ArrayLike) -> tuple[Array, Workspace]:
        array = as_floats("points", points)
        n_coordinates = self.settings.n_coordinates
        # The points of a curve have a height, which is not for the network.
        allowed = (n_coordinates,) if self.settings.is_of_plane else (1, 2)
        if array.ndim != 2 or array.shape[1] not in allowed:
            raise ValueError(f"points must have shape (n_points, {n_coordinates}); got {array.shape}")
        inputs = with_ones(self.settings.inputs(array))
        workspace = self.settings.workspace(self.parameters, len(array))
        # Of a network that diverged, answers are infinite or no numbers, and no news.
        with np.errstate(all="ignore"):
            workspace.forward(inputs)
        return inputs, workspace

    def predict(self, points: ArrayLike) -> FloatArray:
        """Return the outputs for points of shape (n_points, 2), an ndarray of shape (n_points, n_out).

        Here and below, points of a curve may also be of shape (n_points, 1): the second coordinate is not looked at.
        """
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
        return self.layer_values(points)[1]

    def pre_activations(self, points: ArrayLike) -> list[FloatArray]:
        """Return what the activation of every layer after the input is applied to.

        Parameters
        ----------
        points : array_like of shape (n_points, 2)

        Returns
        -------
        list of ndarray of shape (n_points, n_units)
            Copies.
        """
        return self.layer_values(points)[0]

    def layer_values(self, points: ArrayLike) -> tuple[list[FloatArray], list[FloatArray]]:
        """Return what :meth:`pre_activations` and :meth:`layer_outputs` return, in one pass."""
        inputs, workspace = self._forward(points)
        sums = [np.array(z.T, dtype=np.float64, order="C") for z in workspace.pre_activations]
        layers = [inputs[:-1], *workspace.activations]
        self.settings.silence(layers)
        return sums, [np.array(a.T, dtype=np.float64, order="C") for a in layers]

    def unit_values(self, points: ArrayLike, layer: int, index: int) -> tuple[FloatArray, FloatArray]:
        """Return the pre-activation and the activation of one unit behind the input, in one pass.

        Parameters
        ----------
        points : array_like of shape (n_points, 2)
        layer : int
            1 for the first layer with weights.
        index : int

        Returns
        -------
        z, a : ndarray of shape (n_points,)
            Copies. As in :meth:`layer_outputs`, a is 0 where the unit is muted.
        """
        _, workspace = self._forward(points)
        z, a = (np.array(rows[layer - 1][index]) for rows in (workspace.pre_activations, workspace.activations))
        return z, np.zeros_like(a) if (layer, index) in self.settings.muted else a

    def class_probabilities(self, points: ArrayLike) -> FloatArray:
        """Return the probability of each class, an ndarray of shape (n_points, n_classes)."""
        output, answers = OUTPUT_ACTIVATIONS[self.settings.output_activation], self.predict(points)
        with np.errstate(all="ignore"):
            probabilities = output.class_probabilities(answers.T).T
        return np.array(probabilities, dtype=np.float64, order="C")

    def predicted_classes(self, points: ArrayLike) -> IntArray:
        """Return the class of each point, an ndarray of shape (n_points,), by the outputs' pre-activations."""
        _, workspace = self._forward(points)
        output = OUTPUT_ACTIVATIONS[self.settings.output_activation]
        return output.predicted_classes(workspace.pre_activations[-1])

    def gradient(
        self, points: ArrayLike, labels: ArrayLike, loss: str = "cross_entropy", regression: bool | None = None
    ) -> FloatArray:
        """Return the derivative of the mean loss over the points by every parameter, laid out as `parameters`.

        Parameters
        ----------
        points : array_like of shape (n_points, 2)
        labels : array_like of shape (n_points,)
            Classes, or the targets of a regression.
        loss : str
        regression : bool, optional
            Whether the labels are targets. By default they are if one is not a whole number, or is negative.

        Raises
        ------
        ValueError
            If the loss is unknown or does not go with the output, if there is no point, or if a point has no label
            that the network has an output for.
        """
        pair = output_loss(loss, self.settings.output_activation)
        inputs, workspace = self._forward(points)
        n_points, given = inputs.shape[1], np.asarray(labels)
        if n_points == 0:
            raise ValueError("a gradient needs at least one point")
        if given.shape != (n_points,):
            raise ValueError(f"labels must have shape ({n_points},); got {given.shape}")
        if regression is None:
            regression = self.settings.layer_sizes[-1] == 1 and not are_classes(given)
        if not regression:
            allowed = np.isin(given, np.arange(self.settings.n_classes))
            if not allowed.all():
                raise ValueError(f"labels must be 0 to {self.settings.n_classes - 1}; got {given[~allowed][0]}")
        given = given.astype(np.float64 if regression else np.intp)
        result = np.zeros_like(self.parameters)
        layout = self.settings.layout()
        dense = result if layout is None else np.zeros(layout.size)
        workspace.backward(inputs, self.targets(given), pair, list(layer_matrices(dense, self.settings.layer_sizes)))
        if layout is not None:
            layout.collect(dense, result)
        return result

    def targets(self, labels: ArrayLike) -> FloatArray:
        """Return what the outputs should be, an ndarray of shape (n_out, n_points).

        Parameters
        ----------
        labels : array_like of shape (n_points,)
            Integer classes, or the float targets of a regression.
        """
        given: LabelArray = np.asarray(labels)
        if given.dtype.kind == "f":
            return given[np.newaxis].astype(np.float64)
        classes: IntArray = given.astype(np.intp)
        return OUTPUT_ACTIVATIONS[self.settings.output_activation].targets(classes, self.settings.layer_sizes[-1])
