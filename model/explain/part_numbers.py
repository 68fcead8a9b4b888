"""The numbers of one neuron, input or weight at one point: what the inspector's formulas are filled with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.explain.chain_rule import ChainRule, LayerFactors
from model.network.network import Network
from model.network.parts import Edge, Unit, bias_position
from model.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class UnitNumbers:
    """A neuron behind the input, at one point whose loss is C.

    Attributes
    ----------
    inputs : ndarray of shape (n_in,)
        The activations that come in, a_i; 0 of a muted neuron.
    weights : ndarray of shape (n_in,)
        w_i, as the network has them.
    bias : float
        What is added: its own bias, or the shared one times `n_in`; 0 where there is none.
    z, a : float
        The sum of ``weights * inputs`` and the bias, and its activation.
    slope : float
        da / dz, all other z as they are.
    weights_above, deltas_above : ndarray of shape (n_above,)
        The weights to the neurons of the next layer, 0 if this neuron is muted, and the delta of each; empty for an
        output.
    loss_by_activation : float
        dC / da; of a hidden neuron the sum of ``weights_above * deltas_above``.
    delta : float
        dC / dz.
    weight_gradients : ndarray of shape (n_in,)
        dC / dw_i, which is ``inputs * delta``.
    bias_gradient : float or None
        dC / db, which is delta; where the bias is shared, of all neurons together. None where there is no bias.
    outputs, targets : ndarray of shape (n_out,)
        Of an output all outputs, and what they should be; both empty for a hidden neuron.
    loss : float
        C.
    """

    inputs: FloatArray
    weights: FloatArray
    bias: float
    z: float
    a: float
    slope: float
    weights_above: FloatArray
    deltas_above: FloatArray
    loss_by_activation: float
    delta: float
    weight_gradients: FloatArray
    bias_gradient: float | None
    outputs: FloatArray
    targets: FloatArray
    loss: float


@dataclass(frozen=True, slots=True)
class InputNumbers:
    """An input, at one point whose loss is C.

    Attributes
    ----------
    value : float
        Of the feature, standardised where the network has that; 0 where it is muted.
    loss_by_value : float
        dC / dvalue.
    """

    value: float
    loss_by_value: float


@dataclass(frozen=True, slots=True)
class WeightNumbers:
    """A weight, at one point whose loss is C.

    Attributes
    ----------
    weight : float
    input : float
        The activation that it is multiplied by; 0 of a muted neuron.
    delta : float
        dC / dz of the neuron it leads to.
    gradient : float
        dC / dw, which is ``input * delta``.
    """

    weight: float
    input: float
    delta: float
    gradient: float

    @property
    def contribution(self) -> float:
        """What it adds to the pre-activation of the neuron it leads to."""
        return self.weight * self.input


def unit_numbers(network: Network, rule: ChainRule, unit: Unit) -> UnitNumbers:
    """Return the numbers of a neuron behind the input.

    Parameters
    ----------
    network : Network
    rule : ChainRule
        Of this network.
    unit : Unit
        Of layer 1 or higher.
    """
    layer, j = unit.layer, unit.index
    factors, is_output = rule.layers[layer - 1], layer == len(rule.layers)
    inputs, none = _inputs(network, factors), np.zeros(0)
    above = None if is_output else rule.layers[layer]
    position = bias_position(network.settings, unit)
    return UnitNumbers(
        inputs=inputs,
        weights=np.array(network.weights[layer - 1][:, j]),
        bias=float(factors.biases[j]),
        z=float(factors.pre_activations[j]),
        a=float(factors.activations[j]),
        slope=float(factors.activation_jacobian[j, j]),
        weights_above=none if above is None else np.array(above.weights[j]),
        deltas_above=none if above is None else np.array(above.delta),
        loss_by_activation=float(factors.loss_by_activations[j]),
        delta=float(factors.delta[j]),
        weight_gradients=inputs * factors.delta[j],
        bias_gradient=None if position is None else float(rule.gradient()[position]),
        outputs=np.array(factors.activations) if is_output else none,
        targets=np.array(rule.targets) if is_output else none,
        loss=rule.loss_value,
    )


def input_numbers(network: Network, rule: ChainRule, index: int) -> InputNumbers:
    """Return the numbers of an input."""
    value = float(_inputs(network, rule.layers[0])[index])
    return InputNumbers(value, float(rule.loss_by_inputs[index]))


def weight_numbers(network: Network, rule: ChainRule, edge: Edge) -> WeightNumbers:
    """Return the numbers of a weight."""
    factors = rule.layers[edge.layer]
    value, delta = float(_inputs(network, factors)[edge.source]), float(factors.delta[edge.target])
    weight = float(network.weights[edge.layer][edge.source, edge.target])
    return WeightNumbers(weight, value, delta, value * delta)


def _inputs(network: Network, factors: LayerFactors) -> FloatArray:
    """Return what comes into a layer, as it counts there."""
    inputs = np.array(factors.inputs)
    inputs[[index for layer, index in network.settings.muted if layer == factors.number - 1]] = 0.0
    return inputs
