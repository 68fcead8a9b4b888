"""The chain rule as data: every factor of backpropagation for one point, and their products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.network.activations import ACTIVATIONS
from model.network.layout import DenseLayout
from model.network.losses import layer_activations
from model.network.network import Network
from model.network.settings import output_loss
from model.types import FloatArray, read_only

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, eq=False)
class LayerFactors:
    """One layer's part of the derivation. C is the loss of the point; all arrays are read-only copies.

    Attributes
    ----------
    number : int
        1 for the first layer with weights.
    inputs : ndarray of shape (n_in,)
        Activations of the layer below, or the values of the input layer.
    weights : ndarray of shape (n_in, n_out)
        Also the derivative of each pre-activation by each input: dz_j / dinput_i is ``weights[i, j]``. Those that lead
        from a muted neuron count as 0.
    biases : ndarray of shape (n_out,)
        What is added: a shared bias counts once for each input.
    pre_activations : ndarray of shape (n_out,)
        z = inputs @ weights + biases.
    activations : ndarray of shape (n_out,)
        a, the activation function of z.
    activation_jacobian : ndarray of shape (n_out, n_out)
        da_i / dz_j in row i, column j: diagonal where each unit is activated alone, diag(a) - a a^T for softmax.
    loss_by_activations : ndarray of shape (n_out,)
        dC / da. In a hidden layer it is the weights of the layer above times that layer's delta.
    delta : ndarray of shape (n_out,)
        dC / dz, which is ``loss_by_activations @ activation_jacobian``.
    pre_activation_by_parameters : ndarray of shape (n_in + 1,)
        The inputs and a one. dz_j / dw_ij is entry i, dz_j / db_j the last entry, both the same for every j; z_j does
        not depend on another unit's parameters. :meth:`pre_activation_jacobian` has it with all its zeros.
    weight_gradient : ndarray of shape (n_in, n_out)
        dC / dw, the inputs times delta: dC / dw_ij = inputs_i delta_j.
    bias_gradient : ndarray of shape (n_out,)
        dC / db, which is delta.
    """

    number: int
    inputs: FloatArray
    weights: FloatArray
    biases: FloatArray
    pre_activations: FloatArray
    activations: FloatArray
    activation_jacobian: FloatArray
    loss_by_activations: FloatArray
    delta: FloatArray
    pre_activation_by_parameters: FloatArray
    weight_gradient: FloatArray
    bias_gradient: FloatArray

    def pre_activation_jacobian(self) -> FloatArray:
        """Return the derivative of each pre-activation by each of the layer's parameters.

        Returns
        -------
        ndarray of shape (n_out, (n_in + 1) * n_out)
            Columns are the weights row by row, then the biases: delta times this matrix is the layer's gradient.

        Notes
        -----
        The block matrix of seed 000_0d7c6b029f52678d.txt, its columns in the order of ``Network.parameters``.
        """
        n_out = len(self.pre_activations)
        return np.asarray(np.kron(self.pre_activation_by_parameters, np.eye(n_out)), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class ChainRule:
    """The whole derivation for one point.

    Attributes
    ----------
    label : int or float
        The point's class, or its target.
    loss : str
        A key of :data:`model.network.losses.LOSSES`.
    loss_value : float
        Of this point.
    targets : ndarray of shape (n_out,)
        What the outputs should be; read-only.
    layers : tuple of LayerFactors
        The first layer with weights first.
    loss_by_inputs : ndarray of shape (n_inputs,)
        dC / dx, the weights of the first layer times its delta; read-only.
    layout : DenseLayout or None
        How the layers' weights and biases come from the parameters.
    """

    label: float
    loss: str
    loss_value: float
    targets: FloatArray
    layers: tuple[LayerFactors, ...]
    loss_by_inputs: FloatArray
    layout: DenseLayout | None = None

    @property
    def has_finite_factors(self) -> bool:
        """Whether the derivative of the loss by each output is a number, so that delta can be multiplied out from it.

        It is not where cross-entropy meets a right class of probability 0; delta and the gradients are right there too.
        """
        return bool(np.isfinite(self.layers[-1].loss_by_activations).all())

    def gradient(self) -> FloatArray:
        """Return the gradients of all parameters, laid out as ``Network.parameters``."""
        parts = [part for layer in self.layers for part in (layer.weight_gradient.ravel(), layer.bias_gradient)]
        dense = np.concatenate(parts)
        if self.layout is None:
            return dense
        result = np.zeros(self.layout.n_parameters)
        self.layout.collect(dense, result)
        return result


def chain_rule(network: Network, point: ArrayLike, label: float, loss: str = "cross_entropy") -> ChainRule:
    """Return every factor of the derivative of one point's loss by the parameters, and the products.

    Parameters
    ----------
    network : Network
        Only read.
    point : array_like of shape (n_coordinates,)
        As ``Network.predict`` takes it, without the axis of points.
    label : int or float
        The point's class, or as a float its target in a regression.
    loss : str
        A key of :data:`model.network.losses.LOSSES` that goes with the network's output.

    Returns
    -------
    ChainRule
        Its :meth:`~ChainRule.gradient` equals ``network.gradient([point], [label], loss)``.

    Raises
    ------
    ValueError
        As ``Network.gradient`` does: for a wrong point, label or loss.

    Notes
    -----
    The derivation of seed 000_0d7c6b029f52678d.txt, with its full Jacobian matrices, and for deeper networks of seed
    002_2220fc8ca6ad7e5c.txt, with its delta of each layer.

    Cross-entropy has an infinite derivative by the probability of the right class where that is 0: the factor is then
    -inf (for a sigmoid output that should be 0, +inf), and its product with the Jacobian, infinity times 0, is not
    defined. Therefore the delta of the output layer is always the stable form of
    :mod:`model.network.losses`, output minus target for cross-entropy, which equals the product wherever that is
    defined, and all gradients follow from it.
    """
    points = np.asarray(point, dtype=np.float64)[np.newaxis]
    # A chain rule is there where a gradient is; this checks the point, the label and the loss.
    network.gradient(points, [label], loss, regression=isinstance(label, float))
    pair, targets = output_loss(loss, network.settings.output_activation), network.targets([label])
    passes = _passes(network, network.settings.inputs(points).T)
    z, a = passes[-1].z, passes[-1].a
    arriving = np.asarray(pair.by_outputs(a, targets), dtype=np.float64)
    delta = np.empty_like(z)
    pair.delta(z, a, targets, delta)
    layers: list[LayerFactors] = []
    for index in range(network.n_layers - 1, -1, -1):
        factors = _layer_factors(index + 1, passes[index], arriving, delta)
        layers.insert(0, factors)
        arriving = factors.weights @ delta
        if index > 0:
            delta = passes[index - 1].jacobian.T @ arriving
    value = float(pair.value(z, a, targets)[0])
    layout = network.settings.layout()
    return ChainRule(label, loss, value, _row(targets), tuple(layers), _row(arriving), layout)


@dataclass(frozen=True, slots=True, eq=False)
class _Pass:
    """One layer's forward pass: columns of shape (n_units, 1), and the Jacobian of the activation."""

    matrix: FloatArray
    inputs: FloatArray
    z: FloatArray
    a: FloatArray
    jacobian: FloatArray


def _passes(network: Network, inputs: FloatArray) -> list[_Pass]:
    """Return the pass of each layer, the first one first, for inputs of shape (n_inputs, 1)."""
    passes: list[_Pass] = []
    activations = layer_activations(network.settings.hidden_activations, network.settings.output_activation)
    for matrix, activation in zip(network.layer_matrices(), activations, strict=True):
        z: FloatArray = np.asarray(matrix[:-1].T @ inputs + matrix[-1][:, np.newaxis], dtype=np.float64)
        a = np.empty_like(z)
        activation.function(z, a)
        passes.append(_Pass(matrix, inputs, z, a, _jacobian(activation.name, z, a)))
        inputs = a
    return passes


def _jacobian(name: str, z: FloatArray, a: FloatArray) -> FloatArray:
    """Return the derivative of each activation by each pre-activation, for columns of them."""
    if name == "softmax":
        return np.asarray(np.diag(a[:, 0]) - a @ a.T, dtype=np.float64)
    slope = np.empty_like(z)
    ACTIVATIONS[name].derivative(z, a, slope)
    return np.diag(slope[:, 0])


def _layer_factors(number: int, forward: _Pass, loss_by_activations: FloatArray, delta: FloatArray) -> LayerFactors:
    return LayerFactors(
        number=number,
        inputs=_row(forward.inputs),
        weights=read_only(forward.matrix[:-1].copy()),
        biases=read_only(forward.matrix[-1].copy()),
        pre_activations=_row(forward.z),
        activations=_row(forward.a),
        activation_jacobian=read_only(forward.jacobian),
        loss_by_activations=_row(loss_by_activations),
        delta=_row(delta),
        pre_activation_by_parameters=read_only(np.append(forward.inputs[:, 0], 1.0)),
        weight_gradient=read_only(forward.inputs @ delta.T),
        bias_gradient=_row(delta),
    )


def _row(column: FloatArray) -> FloatArray:
    """Return a column of shape (n, 1) as a read-only copy of shape (n,)."""
    return read_only(column[:, 0].copy())
