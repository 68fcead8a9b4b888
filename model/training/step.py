"""A step of the training taken apart: what it learns from, what it computes on the way, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from model.network.dropout import DroppedActivation
from model.network.layout import layer_matrices
from model.network.settings import output_loss
from model.training.batches import Batch
from model.training.trainer import Trainer
from model.types import Array, FloatArray, IntArray, read_only


@dataclass(frozen=True, slots=True, eq=False)
class StepLayer:
    """What a layer computes in a step; one row for each point of the batch. Arrays are read-only copies.

    Attributes
    ----------
    inputs : ndarray of shape (n_points, n_in)
        What comes from below: the activations of that layer, 0 where dropout leaves a neuron out, or the inputs.
    pre_activations, activations : ndarray of shape (n_points, n_out)
        z and a.
    deltas : ndarray of shape (n_points, n_out)
        dC / dz, where C is the mean loss of the batch, or its sum where the settings say so.
    kept : ndarray of shape (n_points, n_out) or None
        What dropout multiplies the activations by: 0, or 1 / (1 - rate). None where there is none.
    """

    inputs: FloatArray
    pre_activations: FloatArray
    activations: FloatArray
    deltas: FloatArray
    kept: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """A step along a gradient. Arrays are read-only copies.

    Attributes
    ----------
    points : ndarray of int of shape (n_points,)
        The batch: rows of the data set.
    layers : tuple of StepLayer
        The first layer with weights first.
    losses : ndarray of shape (n_points,)
        Of each point, before the step.
    data_gradient : ndarray of shape (n_parameters,)
        dC / dparameters as backpropagation has it.
    gradient : ndarray of shape (n_parameters,)
        What the optimizer is given: with the penalty, clipped, and 0 for what is frozen or pruned.
    learning_rate : float
        As the schedule has it.
    before, after : ndarray of shape (n_parameters,)
        The parameters.
    """

    points: IntArray
    layers: tuple[StepLayer, ...]
    losses: FloatArray
    data_gradient: FloatArray
    gradient: FloatArray
    learning_rate: float
    before: FloatArray
    after: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """A step of random search. Arrays are read-only copies.

    Attributes
    ----------
    drawn : ndarray of shape (n_parameters,)
        The network that is tried.
    before, after : ndarray of shape (n_parameters,)
        The best so far; afterwards it is what was drawn, if that is better.
    """

    drawn: FloatArray
    before: FloatArray
    after: FloatArray


Step: TypeAlias = Descent | Try


def take_apart(trainer: Trainer) -> Step | None:
    """Take a step, to the bit the one of ``trainer.run_steps(1)``, and return what it is made of.

    Parameters
    ----------
    trainer : Trainer
        Is one step further afterwards.

    Returns
    -------
    Descent or Try or None
        None where no step is taken: there is no point to learn from, or training has ended.
    """
    before = read_only(trainer.network.parameters.copy())
    n_steps, number = trainer.step_count, trainer.next_batch
    drawn = None if trainer.search is None else trainer.search.next_drawn()
    given: list[tuple[FloatArray, float]] = []
    trainer.run_steps(1, lambda gradient, learning_rate: given.append((gradient.copy(), learning_rate)))
    if trainer.step_count == n_steps:
        return None
    after = read_only(trainer.network.parameters.copy())
    if drawn is not None:
        return Try(read_only(drawn), before, after)
    gradient, learning_rate = given[0]
    batch, settings = trainer.batches.items[number], trainer.network.settings
    pair = output_loss(trainer.settings.loss, settings.output_activation)
    with np.errstate(all="ignore"):
        losses = pair.value(batch.workspace.pre_activations[-1], batch.workspace.activations[-1], batch.targets)
        data_gradient = _data_gradient(trainer, batch)
    training_points = np.flatnonzero(~trainer.dataset.is_test)
    return Descent(
        points=read_only(training_points[trainer.batches.order_of(number)]),
        layers=_layers(batch),
        losses=read_only(np.array(losses, dtype=np.float64)),
        data_gradient=read_only(data_gradient),
        gradient=read_only(gradient),
        learning_rate=learning_rate,
        before=before,
        after=after,
    )


def _below(batch: Batch) -> list[Array]:
    """Return what each layer has had from below, of shape (n_in, n_points)."""
    return [batch.inputs[:-1], *batch.workspace.activations[:-1]]


def _layers(batch: Batch) -> tuple[StepLayer, ...]:
    workspace = batch.workspace
    blocks = zip(_below(batch), workspace.pre_activations, workspace.activations, workspace.deltas, strict=True)
    kept = [hidden.kept if isinstance(hidden, DroppedActivation) else None for hidden in workspace.hidden]
    layers = []
    for (below, z, a, delta), factors in zip(blocks, [*kept, None], strict=True):
        inputs, pre_activations, activations, deltas = map(_copy_by_points, (below, z, a, delta))
        by_dropout = None if factors is None else _copy_by_points(factors)
        layers.append(StepLayer(inputs, pre_activations, activations, deltas, by_dropout))
    return tuple(layers)


def _copy_by_points(block: Array) -> FloatArray:
    """Return a block of shape (n_units, n_points) as a read-only copy of shape (n_points, n_units)."""
    return read_only(block.T.copy())


def _data_gradient(trainer: Trainer, batch: Batch) -> FloatArray:
    """Return the gradient from the deltas of the step: the trainer's own has the penalty in it by now."""
    settings = trainer.network.settings
    layout = settings.layout()
    dense = np.zeros(settings.n_parameters if layout is None else layout.size)
    matrices = layer_matrices(dense, settings.layer_sizes)
    for matrix, below, delta in zip(matrices, _below(batch), batch.workspace.deltas, strict=True):
        np.dot(below, delta.T, out=matrix[:-1])
        np.sum(delta, axis=1, out=matrix[-1])
    if layout is None:
        return dense
    gradient = np.zeros(settings.n_parameters)
    layout.collect(dense, gradient)
    return gradient
