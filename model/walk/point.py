"""The pages for one point: every factor of the chain rule, as seeds 000 and 002 multiply them out by hand.

Notes
-----
The Jacobian matrices, and the loss's derivative as a row that is multiplied by them from the left, are those of seed
000_0d7c6b029f52678d.txt; the deltas, and how they go back through a layer, those of seed 002_2220fc8ca6ad7e5c.txt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES
from model.explain.chain_rule import ChainRule, LayerFactors
from model.network.losses import layer_activations
from model.network.network import Network
from model.network.settings import output_loss
from model.types import FloatArray
from model.walk.notation import (
    ERROR_ALONE,
    activation_name,
    by,
    delta,
    flat_remark,
    function_of,
    layer_name,
    muted_remark,
    of_layer,
    of_output,
    title_of,
)
from model.walk.pages import Block, Draft, Line, there_and_back


@dataclass(frozen=True, slots=True, eq=False)
class PointPages:
    """Makes the pages.

    Attributes
    ----------
    network : Network
    chain : ChainRule
        Of the point.
    place : tuple of float
        Its coordinates.
    name : str
        What a sentence calls it.
    points : tuple of int
        Its row in the data set, if it has one.
    units : str
        A sentence on whose numbers its coordinates are, if there is something to say.
    """

    network: Network
    chain: ChainRule
    place: tuple[float, ...]
    name: str
    points: tuple[int, ...] = ()
    units: str = ""

    def drafts(self) -> list[Draft]:
        """Return the pages from the point to the gradient."""
        return there_and_back(
            self.network.settings,
            self.points,
            points=("The point", self._point),
            forward=self._forward,
            loss=("The loss of this point", self._loss),
            backward=self._backward,
            gradient=("The gradient of this point", self._gradient),
        )

    def _point(self) -> tuple[str, Sequence[Block]]:
        first, settings = self.chain.layers[0], self.network.settings
        inputs: Line = (of_layer("a", 0), "=", first.inputs)
        lines: list[Line] = [inputs]
        if settings.features not in (RAW_FEATURES, RAW_CURVE_FEATURES) or settings.standardization:
            coordinates = r"x =" if settings.is_of_curve else r"\mathbf{x} ="
            lines.insert(0, (coordinates, np.array(self.place[: settings.n_coordinates])))
        targets: Line = (r"\mathbf{y} =", self.chain.targets)
        return (
            f"Take {self.name}. The network gets its features as inputs, and its outputs should become the targets y."
            f" {self.units}".rstrip(),
            [Block("What goes in:", tuple(lines)), Block("What should come out:", (targets,))],
        )

    def _forward(self, number: int) -> tuple[str, Sequence[Block]]:
        settings, layer = self.network.settings, self.chain.layers[number - 1]
        z, a, below = of_layer("z", number), of_layer("a", number), of_layer("a", number - 1)
        bias, added, remark = self._bias(layer)
        name = activation_name(settings, number)
        entry = layer_activations(settings.hidden_activations, settings.output_activation)[number - 1]
        return (
            f"Each neuron of {layer_name(settings, number)} multiplies what comes in by its weights and adds it up"
            f"{remark}; {name} turns the sum into its activation.{muted_remark(settings, number - 1)}",
            [
                Block(
                    "The pre-activations z:",
                    (
                        (z, "=", of_layer("W", number), below, *bias),
                        (r"\phantom{z}=", layer.weights.T, layer.inputs, *added),
                        (r"\phantom{z}=", layer.pre_activations),
                    ),
                ),
                Block(
                    f"The activations a, by {name}:",
                    (
                        (rf"{a} = f({z}), \quad", function_of(name, entry.formula)),
                        (r"\phantom{a}=", layer.activations),
                    ),
                ),
            ],
        )

    def _bias(self, layer: LayerFactors) -> tuple[Line, Line, str]:
        """Return the bias's symbol, its numbers and the words for it."""
        kind = self.network.settings.bias
        if kind == "none":
            return (), (), ""
        if kind == "shared":
            n_inputs = len(layer.inputs)
            each = f"each of the {n_inputs} inputs" if n_inputs > 1 else "the only input"
            words = f" with the one shared bias, once for {each}"
            return (rf"+ {len(layer.inputs)}\, w_0",), ("+", layer.biases), words
        return ("+", of_layer("b", layer.number)), ("+", layer.biases), " with its bias"

    def _loss(self) -> tuple[str, Sequence[Block]]:
        pair = output_loss(self.chain.loss, self.network.settings.output_activation)
        last = self.chain.layers[-1]
        lines: list[Line] = [
            (rf"C = \sum_i \left({of_output(pair.formula)}\right)",),
            (of_layer("a", last.number), "=", last.activations, r",\quad \mathbf{y} =", self.chain.targets),
            ("C =", self.chain.loss_value),
        ]
        return "The loss says in one number how far the outputs are from the targets.", [Block("", tuple(lines))]

    def _backward(self, number: int) -> tuple[str, Sequence[Block]]:
        settings, layer = self.network.settings, self.chain.layers[number - 1]
        if number == self.network.n_layers:
            return self._backward_from_loss(layer)
        above = self.chain.layers[number]
        a, z, error = of_layer("a", number), of_layer("z", number), delta(number)
        slopes = np.diag(layer.activation_jacobian)
        name = activation_name(settings, number)
        return (
            f"The error of {layer_name(settings, number + 1)} comes back along the weights to "
            f"{layer_name(settings, number)}, and is multiplied by the slope of {name}."
            f"{flat_remark(settings, number, slopes)}",
            [
                Block(
                    "What the loss wants of the activations, along the weights:",
                    (
                        (by("C", a), "=", delta(number + 1) + "{}^{T}", of_layer("W", number + 1)),
                        (r"\phantom{C}=", _row(above.delta), above.weights.T),
                        (r"\phantom{C}=", _row(layer.loss_by_activations)),
                    ),
                ),
                Block(
                    f"The slopes of {name}, a matrix in which each neuron depends on itself alone:",
                    ((by(a, z), "=", layer.activation_jacobian),),
                ),
                Block(
                    "Their product is delta; as a column it is the same with the slopes multiplied one by one:",
                    (
                        (rf"{error}{{}}^{{T}} = {by('C', a)} \cdot {by(a, z)} =", _row(layer.delta)),
                        (rf"{error} = {of_layer('W', number + 1)}{{}}^{{T}} {delta(number + 1)} \odot f'({z})",),
                        (r"\phantom{C}=", above.weights, above.delta, r"\odot", slopes, "=", layer.delta),
                    ),
                ),
            ],
        )

    def _backward_from_loss(self, layer: LayerFactors) -> tuple[str, Sequence[Block]]:
        number, settings = layer.number, self.network.settings
        a, z, error = of_layer("a", number), of_layer("z", number), delta(number)
        pair = output_loss(self.chain.loss, settings.output_activation)
        name = settings.output_activation
        blocks = []
        if self.chain.has_finite_factors:
            blocks = [
                Block(
                    "How the loss changes with each output:",
                    (
                        (rf"{by('C', 'a_i')} = {of_output(pair.by_output_formula)}",),
                        (by("C", a), "=", _row(layer.loss_by_activations)),
                    ),
                ),
                Block(
                    f"How the outputs change with z, the Jacobian matrix of {name}:",
                    ((by(a, z), "=", layer.activation_jacobian),),
                ),
                Block(
                    "Their product is delta, the error of the output:",
                    (
                        (rf"{error}{{}}^{{T}} = {by('C', z)} = {by('C', a)} \cdot {by(a, z)}",),
                        (r"\phantom{C}=", _row(layer.loss_by_activations), layer.activation_jacobian),
                        (r"\phantom{C}=", _row(layer.delta)),
                    ),
                ),
            ]
        else:
            blocks = [Block("An output is 0 where it should not be: the loss's derivative by it is infinite there.")]
        if pair.delta_formula == ERROR_ALONE:
            short: Line = (rf"{error} = {a} - \mathbf{{y}} =", layer.activations, "-", self.chain.targets)
            blocks.append(Block("For this loss and this output all of that is simply:", ((*short, "=", layer.delta),)))
        return (
            "Now back: delta says how the loss changes with each pre-activation z of the output, by the chain rule.",
            blocks,
        )

    def _gradient(self) -> tuple[str, Sequence[Block]]:
        blocks = [block for layer in self.chain.layers for block in self._gradient_of(layer)]
        return (
            "Each weight changes the z that it leads to by what comes in through it, and so the loss by that times "
            "delta.",
            blocks,
        )

    def _gradient_of(self, layer: LayerFactors) -> list[Block]:
        number = layer.number
        z, error, below = of_layer("z", number), delta(number), of_layer("a", number - 1)
        name, has_bias = layer_name(self.network.settings, number), self.network.settings.bias != "none"
        weights = of_layer("W", number)
        lines: list[Line] = [
            (rf"{by('C', weights)} = {error}\, {below}{{}}^{{T}} =", layer.delta, _row(layer.inputs)),
            (r"\phantom{C}=", layer.weight_gradient.T),
        ]
        if has_bias:
            lines.append((rf"{by('C', of_layer('b', number))} = {error} =", layer.bias_gradient))
        parameters = rf"\mathbf{{w}}^{{({number})}}"
        jacobian = layer.pre_activation_jacobian()[:, : layer.weights.size]
        chain: list[Line] = [
            (by(z, parameters), "=", jacobian),
            (
                rf"{by('C', parameters)} = {error}{{}}^{{T}} \cdot {by(z, parameters)} =",
                _row(layer.weight_gradient.ravel()),
            ),
        ]
        return [
            Block(f"{title_of(self.network.settings, number).capitalize()}:", tuple(lines)),
            Block(f"The same by the Jacobian matrix of z, with all weights of {name} in a row:", tuple(chain)),
        ]


def _row(values: FloatArray) -> FloatArray:
    return values[np.newaxis]
