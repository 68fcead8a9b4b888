"""The pages for a batch: the matrices of backpropagation, a column for each point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.data.wording import units_text
from model.network.activations import ACTIVATIONS
from model.network.layout import bias_views, layer_matrices, weight_views
from model.network.losses import layer_activations
from model.network.network import Network
from model.network.settings import NetworkSettings, output_loss
from model.run.history import KeyFrame
from model.training.checkpoint import epoch_size
from model.training.step import Descent, StepLayer
from model.training.trainer import CLIP_EPSILON
from model.types import FloatArray, counted
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

_ORDERS = {
    "shuffled": "every epoch takes the training points in a new order",
    "sequential": "every epoch takes the training points as they are listed",
    "with_replacement": "each is drawn from all training points, so that one may come twice",
}


@dataclass(frozen=True, eq=False)
class BatchPages:
    """Makes the pages.

    Attributes
    ----------
    moment : KeyFrame
        Before the step.
    step : Descent
    """

    moment: KeyFrame
    step: Descent

    def drafts(self) -> list[Draft]:
        """Return the pages from the points to the gradient that the optimizer is given."""
        return there_and_back(
            self._settings,
            tuple(self.step.points.tolist()),
            points=("The points of this batch", self._points),
            forward=self._forward,
            loss=("The loss of the batch", self._loss),
            backward=self._backward,
            gradient=("The gradient", self._gradient),
        )

    @property
    def _settings(self) -> NetworkSettings:
        return self.moment.network

    @property
    def _n_points(self) -> int:
        return len(self.step.points)

    @property
    def _is_mean(self) -> bool:
        return self.moment.training.reduction == "mean"

    @cached_property
    def network(self) -> Network:
        """The network before the step."""
        return Network.read_only(self._settings, self.step.before)

    @cached_property
    def matrices(self) -> list[FloatArray]:
        """What each layer multiplies its inputs and a one by, of shape (n_in + 1, n_out)."""
        return self.network.layer_matrices()

    @cached_property
    def targets(self) -> FloatArray:
        """What the outputs should be, of shape (n_out, n_points)."""
        return self.network.targets(self.moment.dataset.labels[self.step.points])

    # Pages

    def _points(self) -> tuple[str, Sequence[Block]]:
        dataset, training, checkpoint = self.moment.dataset, self.moment.training, self.moment.checkpoint
        n_training = int(np.count_nonzero(~dataset.is_test))
        _, n_batches = epoch_size(n_training, training)
        batch = f"batch {checkpoint.next_batch + 1:,} of {n_batches:,} of this epoch"
        share = f"{self._n_points:,} of {counted(n_training, 'training point')}"
        sentence = (
            f"Step {checkpoint.step_count + 1:,} learns from {share}, {batch}; {_ORDERS[training.batch_order]}. "
            f"Each point is a column. {units_text(dataset)}"
        ).rstrip()
        inputs: Line = (of_layer("A", 0), "=", self.step.layers[0].inputs.T)
        return sentence, [
            Block("What goes in, the features of the points:", (inputs,)),
            Block("What should come out:", ((r"\mathbf{Y} =", self.targets),)),
        ]

    def _forward(self, number: int) -> tuple[str, Sequence[Block]]:
        settings, layer, matrix = self._settings, self.step.layers[number - 1], self.matrices[number - 1]
        z, a, below = of_layer("Z", number), of_layer("A", number), of_layer("A", number - 1)
        name = activation_name(settings, number)
        entry = layer_activations(settings.hidden_activations, settings.output_activation)[number - 1]
        bias: Line = ()
        added: Line = ()
        text = "The pre-activations z:"
        if settings.bias != "none":
            symbol = of_layer("b", number) if settings.bias == "per_neuron" else rf"{len(matrix) - 1}\, w_0"
            bias, added = ("+", symbol), ("+", matrix[-1])
            text = "The pre-activations z, the bias being added to each column:"
        activations: list[Line] = [(rf"{a} = f({z}), \quad", function_of(name, entry.formula))]
        remark = muted_remark(settings, number - 1)
        if layer.kept is not None:
            share = float(np.mean(layer.kept == 0.0))
            remark += f" Dropout leaves out {share:.0%} of these activations, at random, and scales up the others."
            activations = [
                (rf"{a} = f({z}) \odot \mathbf{{M}}, \quad", function_of(name, entry.formula)),
                (r"\mathbf{M} =", layer.kept.T),
            ]
        return (
            f"Each neuron of {layer_name(settings, number)} adds up what comes in, for every point of the batch at "
            f"once; {name} turns the sum into its activation.{remark}",
            [
                Block(
                    text,
                    (
                        (z, "=", of_layer("W", number), below, *bias),
                        (r"\phantom{z}=", matrix[:-1].T, layer.inputs.T, *added),
                        (r"\phantom{z}=", layer.pre_activations.T),
                    ),
                ),
                Block(f"The activations a, by {name}:", (*activations, (f"{a} =", layer.activations.T))),
            ],
        )

    def _loss(self) -> tuple[str, Sequence[Block]]:
        training, last = self.moment.training, self.step.layers[-1]
        losses, n = self.step.losses, self._n_points
        term = of_output(output_loss(training.loss, self._settings.output_activation).formula)
        total = r"C = \frac{1}{n} \sum_k C_k =" if self._is_mean else r"C = \sum_k C_k ="
        sentence = (
            f"The loss of each point, and their {'mean' if self._is_mean else 'sum'}, which is to become smaller."
        )
        if training.regularization != "none":
            sentence += " What the penalty on weights adds comes with the gradient."
        combined = float(np.mean(losses) if self._is_mean else np.sum(losses))
        return sentence, [
            Block(
                "The outputs, and what they should be:",
                ((of_layer("A", len(self.step.layers)), "=", last.activations.T), (r"\mathbf{Y} =", self.targets)),
            ),
            Block(
                "The loss of each point k:",
                (
                    (rf"C_k = \sum_i \left({term}\right)",),
                    (r"\begin{matrix} C_1 & \cdots & C_n \end{matrix} =", losses[np.newaxis]),
                    (total, combined, rf",\quad n = {n}"),
                ),
            ),
        ]

    def _backward(self, number: int) -> tuple[str, Sequence[Block]]:
        if number == len(self.step.layers):
            return self._backward_from_loss(number)
        settings, layer, above = self._settings, self.step.layers[number - 1], self.step.layers[number]
        error, name = delta(number, r"\Delta"), activation_name(settings, number)
        mask = r" \odot \mathbf{M}" if layer.kept is not None else ""
        return (
            f"The errors of {layer_name(settings, number + 1)} come back along the weights to "
            f"{layer_name(settings, number)}, and are multiplied by the slopes of {name}."
            f"{flat_remark(settings, number, self.slopes(number))}",
            [
                Block(
                    "Delta, with a column for each point:",
                    (
                        (
                            rf"{error} = {of_layer('W', number + 1)}{{}}^{{T}} {delta(number + 1, chr(92) + 'Delta')} "
                            rf"\odot f'({of_layer('Z', number)}){mask}",
                        ),
                        (
                            r"\phantom{C}=",
                            self.matrices[number][:-1],
                            above.deltas.T,
                            r"\odot",
                            self.slopes(number).T,
                        ),
                        (r"\phantom{C}=", layer.deltas.T),
                    ),
                )
            ],
        )

    def _backward_from_loss(self, number: int) -> tuple[str, Sequence[Block]]:
        output, training = self._settings.output_activation, self.moment.training
        layer, error = self.step.layers[-1], delta(number, r"\Delta")
        a, z = of_layer("A", number), of_layer("Z", number)
        share = r"\frac{1}{n}" if self._is_mean else ""
        if output_loss(training.loss, output).delta_formula == ERROR_ALONE:
            formula, words = rf"{share} ({a} - \mathbf{{Y}})", "which for this loss and this output is simply:"
        elif output == "softmax":
            column = rf"{share}\, \mathbf{{J}}_k ({a} - \mathbf{{Y}})_k"
            formula, words = rf"\left[ {column} \right]_k", "column by column, J being the Jacobian matrix of softmax:"
        else:
            formula, words = rf"{share} ({a} - \mathbf{{Y}}) \odot f'({z})", "the slope of the output included:"
        sentence = "Now back: delta says how the loss changes with each pre-activation z of the output."
        if self._is_mean:
            sentence += f" Each point has a share of 1/{self._n_points} in the mean."
        lines: tuple[Line, ...] = (
            (f"{error} = {by('C', z)} = {formula}",),
            (f"{a} - " + r"\mathbf{Y} =", layer.activations.T - self.targets),
            (f"{error} =", layer.deltas.T),
        )
        return sentence, [Block(f"Delta, {words}", lines)]

    def slopes(self, number: int) -> FloatArray:
        """Return da/dz of a hidden layer, of shape (n_points, n_units), with what dropout multiplies it by."""
        layer, activation = self.step.layers[number - 1], ACTIVATIONS[self._settings.hidden_activations[number - 1]]
        a, slopes = np.empty_like(layer.pre_activations), np.empty_like(layer.pre_activations)
        activation.function(layer.pre_activations, a)
        activation.derivative(layer.pre_activations, a, slopes)
        return slopes if layer.kept is None else slopes * layer.kept

    def product(self) -> FloatArray:
        """Return the gradient of the batch's loss as the pages multiply it out, laid out as the parameters."""
        dense = np.zeros(sum(matrix.size for matrix in self.matrices))
        gradients = list(layer_matrices(dense, self._settings.layer_sizes))
        deltas = self.step.layers[-1].deltas
        for number in range(len(gradients), 0, -1):
            gradients[number - 1][:-1] = self.step.layers[number - 1].inputs.T @ deltas
            gradients[number - 1][-1] = deltas.sum(axis=0)
            if number > 1:
                deltas = deltas @ self.matrices[number - 1][:-1].T * self.slopes(number - 1)
        layout = self._settings.layout()
        if layout is None:
            return dense
        result = np.zeros(self._settings.n_parameters)
        layout.collect(dense, result)
        return result

    # From the gradient of the loss to what the optimizer is given

    def _gradient(self) -> tuple[str, Sequence[Block]]:
        blocks = [self._gradient_of(layer, number) for number, layer in enumerate(self.step.layers, start=1)]
        if self._settings.bias == "shared":
            blocks.append(self._shared_bias())
        treated = self._treatment()
        if treated:
            blocks += [*treated, *self._given_blocks()]
        return (
            "The gradient of a weight is the sum over the points of what came in through it times delta"
            f"{'; what the settings make of it stands below' if treated else ''}.",
            blocks,
        )

    def _gradient_of(self, layer: StepLayer, number: int) -> Block:
        symbol, error = of_layer("W", number), delta(number, r"\Delta")
        below = of_layer("A", number - 1)
        lines: list[Line] = [
            (rf"{by('C', symbol)} = {error}\, {below}{{}}^{{T}} =", layer.deltas.T, layer.inputs),
            (r"\phantom{C}=", layer.deltas.T @ layer.inputs),
        ]
        if self._settings.bias == "per_neuron":
            lines.append((rf"{by('C', of_layer('b', number))} = {error}\, \mathbf{{1}} =", layer.deltas.sum(axis=0)))
        return Block(f"{title_of(self._settings, number).capitalize()}:", tuple(lines))

    def _shared_bias(self) -> Block:
        line: Line = (
            rf"{by('C', 'w_0')} = \sum_l n_l \sum_{{i,k}} \Delta^{{(l)}}_{{i,k}} =",
            float(self.step.data_gradient[0]),
        )
        return Block("The shared bias, once for each input of each layer:", (line,))

    def _treatment(self) -> list[Block]:
        """Return what is done to the gradient of the loss before the optimizer gets it."""
        training, fixed, blocks = self.moment.training, self._settings.fixed, []
        if fixed:
            blocks.append(Block(f"Training leaves {counted(len(fixed), 'frozen or pruned parameter')} alone: 0 there."))
        if training.regularization == "l2":
            lines: tuple[Line, ...] = (
                (rf"\mathbf{{g}} = {by('C', chr(92) + 'mathbf{w}')} + r\, \mathbf{{w}}, \quad r =", self._rate),
            )
            blocks.append(Block("The L2 penalty pulls each weight towards 0:", lines))
        if training.clip_norm is not None:
            before = float(np.linalg.norm(self._penalized(self.step.data_gradient)))
            after = float(np.linalg.norm(self.step.gradient))
            is_cut = after < before
            text = "is longer than allowed, and is scaled down" if is_cut else "is not longer than allowed"
            cut: list[Line] = [(r"\|\mathbf{g}\| =", before, rf"{'>' if is_cut else '<'}", float(training.clip_norm))]
            if is_cut:
                cut.append((r"\mathbf{g} \leftarrow \mathbf{g} \cdot", after / before))
            blocks.append(Block(f"Clipping: the gradient {text}:", tuple(cut)))
        return blocks

    def _given_blocks(self) -> list[Block]:
        """Return the gradient that the optimizer is given, layer by layer."""
        settings, gradient = self._settings, self.step.gradient
        weights = weight_views(gradient, settings.layer_sizes, settings.bias)
        lines: list[Line] = [(rf"\mathbf{{G}}^{{({number})}} =", own.T) for number, own in enumerate(weights, start=1)]
        if settings.bias == "per_neuron":
            biases = bias_views(gradient, settings.layer_sizes, settings.bias)
            lines += [(rf"\mathbf{{g}}_b^{{({number})}} =", own) for number, own in enumerate(biases, start=1)]
        return [Block("What the optimizer is given, of weights and of biases:", tuple(lines))]

    @property
    def _rate(self) -> float:
        return float(self.moment.training.regularization_rate)

    def _penalized(self, gradient: FloatArray) -> FloatArray:
        """Return what frozen parameters and the penalty make of a gradient of the loss."""
        result: FloatArray = gradient.copy()
        settings = self._settings
        result[sorted(settings.fixed)] = 0.0
        if self.moment.training.regularization == "l2":
            result += np.where(settings.is_weight, self._rate * self.step.before, 0.0)
        return result

    def given(self, gradient: FloatArray) -> FloatArray:
        """Return what the optimizer would be given for a gradient of the loss."""
        result, longest = self._penalized(gradient), self.moment.training.clip_norm
        if longest is not None:
            np.multiply(result, min(longest / (float(np.linalg.norm(result)) + CLIP_EPSILON), 1.0), out=result)
        return result
