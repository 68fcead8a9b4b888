"""Trainer: mini-batch gradient descent on one network and one data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

import numpy as np

from model.dataset import Dataset
from model.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network import Network, output_loss
from model.optimizers import OPTIMIZERS, Optimizer, OptionValue
from model.regularization import REGULARIZATIONS, shrink_towards_zero
from model.schedules import Schedule
from model.types import Array, FloatArray, IntArray, check_choice, read_only
from model.workspace import Workspace, layer_matrices, with_ones

DIVERGED_RATIO = 1e6
"""A run whose training loss exceeds its first by this factor has diverged."""

BATCH_ORDERS = {
    "shuffled": "Every epoch takes the points in a new order.",
    "sequential": "Every epoch takes the points as they are listed.",
    "with_replacement": "Every point of a batch is drawn from all training points.",
}
"""How batches are put together: name -> what it does, in a sentence."""

REDUCTIONS = {
    "mean": "A step follows the mean of its points' gradients.",
    "sum": "A step follows the sum of its points' gradients: larger batches take larger steps.",
}
"""How the gradients of a batch become one: name -> what it does, in a sentence."""

_CLIP_EPSILON = 1e-6
"""Added to the norm, as torch.nn.utils.clip_grad_norm_ does."""

_LEAST_FIRST_LOSS = 1e-3
"""A run that began with next to no loss is measured from here."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a network learns.

    Attributes
    ----------
    loss : str
        A key of :data:`model.losses.LOSSES`; displayed as the mean over the points.
    optimizer : str
        A key of :data:`model.optimizers.OPTIMIZERS`.
    learning_rate : float
        Above 0.
    batch_size : int or None
        Points of one step; None: all training points.
    optimizer_options : mapping of str to float or tuple of float
        What differs from the optimizer's defaults, by PyTorch's names.
    batch_order : str
        "shuffled": every epoch in a new order; "sequential": as listed; "with_replacement": every point of every batch
        drawn from all training points.
    reduction : str
        Whether a step follows the "mean" of its points' gradients or their "sum".
    regularization : str
        A key of :data:`model.regularization.REGULARIZATIONS`.
    regularization_rate : float
        0 or more.
    clip_norm : float or None
        A longer gradient is scaled down to this Euclidean norm.
    schedule : Schedule
        How the learning rate changes over the steps.

    Raises
    ------
    ValueError
        If a name is unknown or a value outside its range.
    """

    loss: str = "cross_entropy"
    optimizer: str = "sgd"
    learning_rate: float = 0.03
    batch_size: int | None = 10
    optimizer_options: Mapping[str, OptionValue] = field(default_factory=dict)
    batch_order: Literal["shuffled", "sequential", "with_replacement"] = "shuffled"
    reduction: Literal["mean", "sum"] = "mean"
    regularization: str = "none"
    regularization_rate: float = 0.0
    clip_norm: float | None = None
    schedule: Schedule = field(default_factory=Schedule)

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        OPTIMIZERS[self.optimizer].check(self.optimizer_options)
        if not (isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate must be a number above 0; got {self.learning_rate}")
        if self.batch_size is not None and self.batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, or None for all points; got {self.batch_size}")
        check_choice("batch_order", self.batch_order, BATCH_ORDERS)
        check_choice("reduction", self.reduction, REDUCTIONS)
        check_choice("regularization", self.regularization, REGULARIZATIONS)
        if not (isfinite(self.regularization_rate) and self.regularization_rate >= 0):
            raise ValueError(f"regularization_rate must be a number of 0 or more; got {self.regularization_rate}")
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise ValueError(f"clip_norm must be above 0, or None; got {self.clip_norm}")


@dataclass(frozen=True, slots=True)
class Metrics:
    """How well a network does at one step. A value is None where its set has no point.

    Attributes
    ----------
    step : int
    train_loss, test_loss : float or None
        The mean loss over the points of the set.
    train_accuracy, test_accuracy : float or None
        The share of points whose class is right, 0 to 1.
    penalty : float
        What regularization adds to the loss; not part of the losses above.
    """

    step: int
    train_loss: float | None
    test_loss: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    penalty: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A moment of a run that it can go back to.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
        A read-only copy.
    step_count, epoch_count : int
    """

    parameters: FloatArray
    step_count: int
    epoch_count: int


class _PointSet:
    """The training or the test points as matrices, with the workspace that evaluates all of them."""

    def __init__(self, network: Network, dataset: Dataset, *, test: bool) -> None:
        chosen = dataset.subset(test=test)
        self.inputs: Array = with_ones(chosen.points)
        self.labels: IntArray = chosen.labels
        self.targets: FloatArray = network.targets(chosen.labels)
        self.n_points = len(chosen)
        self._workspace: Workspace | None = None

    def evaluate(self, network: Network, loss: str) -> tuple[float | None, float | None]:
        """Return mean loss and accuracy, or None and None where there is no point."""
        if not self.n_points:
            return None, None
        if self._workspace is None:
            self._workspace = network.settings.workspace(network.parameters, self.n_points)
        self._workspace.forward(self.inputs)
        z = self._workspace.pre_activations[-1]
        name = network.settings.output_activation
        values = output_loss(loss, name).value(z, self._workspace.activations[-1], self.targets)
        right = OUTPUT_ACTIVATIONS[name].predicted_classes(z) == self.labels
        return float(np.add.reduce(values)) / self.n_points, int(np.count_nonzero(right)) / self.n_points


class Trainer:
    """Trains a network in place, step by step.

    Parameters
    ----------
    network : Network
        Changed by training.
    dataset : Dataset
        Its training points are learnt from, its test points only looked at.
    settings : TrainingSettings
    seed : int
        Seed of the order of the points; the same seed gives the same run to the bit.

    Attributes
    ----------
    network, dataset, settings
        As given, or as last changed by :meth:`set_dataset` and :meth:`set_settings`.
    step_count, epoch_count : int
        Steps taken, and epochs completed.

    Notes
    -----
    Every epoch shuffles the training points anew and cuts them into batches; the last batch of an epoch may be smaller
    and is never carried over into the next. Without training points nothing happens.
    """

    def __init__(self, network: Network, dataset: Dataset, settings: TrainingSettings, seed: int = 0) -> None:
        self.settings = settings
        self.step_count = 0
        self.epoch_count = 0
        self._generator = np.random.default_rng(seed)
        self.set_network(network, dataset)

    def set_network(self, network: Network, dataset: Dataset, settings: TrainingSettings | None = None) -> None:
        """Go on with another network, of any shape, a data set that fits it, and perhaps other settings.

        Raises
        ------
        ValueError
            If the network has no output for one of the classes, or the loss does not go with its outputs; the trainer
            is then unchanged.
        """
        _check_outputs(network, dataset)
        settings = settings or self.settings
        self._loss = output_loss(settings.loss, network.settings.output_activation)
        self.settings = settings
        self.network = network
        self._optimizer = self._new_optimizer()
        self._gradient = np.zeros_like(network.parameters)
        self._gradients = list(layer_matrices(self._gradient, network.settings.layer_sizes))
        self._is_weight = np.ones(len(network.parameters), dtype=np.bool_)
        for matrix in layer_matrices(self._is_weight, network.settings.layer_sizes):
            matrix[-1] = False
        self.set_dataset(dataset)

    def set_dataset(self, dataset: Dataset) -> None:
        """Learn from another data set from the next step on; the present epoch begins anew.

        Raises
        ------
        ValueError
            If the network has no output for one of the classes.
        """
        _check_outputs(self.network, dataset)
        self.dataset = dataset
        self._training = _PointSet(self.network, dataset, test=False)
        self._test = _PointSet(self.network, dataset, test=True)
        self._cut_batches()

    def set_settings(self, settings: TrainingSettings) -> None:
        """Train with other settings from the next step on, without a reset."""
        self._loss = output_loss(settings.loss, self.network.settings.output_activation)
        previous, self.settings = self.settings, settings
        if (settings.optimizer, settings.optimizer_options) != (previous.optimizer, previous.optimizer_options):
            self._optimizer = self._new_optimizer()
        if (settings.batch_size, settings.batch_order) != (previous.batch_size, previous.batch_order):
            self._cut_batches()

    def _new_optimizer(self) -> Optimizer:
        """Return an optimizer that remembers nothing yet."""
        entry = OPTIMIZERS[self.settings.optimizer]
        return entry.make(len(self.network.parameters), **self.settings.optimizer_options)

    def _cut_batches(self) -> None:
        n_points = self._training.n_points
        with_replacement = self.settings.batch_order == "with_replacement"
        size = self.settings.batch_size or n_points
        if not with_replacement:
            size = min(size, n_points)
        # With replacement every batch is full, however few points there are.
        n_taken = -(-n_points // size) * size if with_replacement and n_points else n_points
        self._epoch_inputs = np.ones((len(self._training.inputs), n_taken))
        self._epoch_targets = np.zeros((len(self._training.targets), n_taken))
        workspaces: dict[int, Workspace] = {}
        self._batches: list[tuple[Workspace, Array, Array]] = []
        for start in range(0, n_taken, max(size, 1)):
            stop = min(start + size, n_taken)
            if stop - start not in workspaces:
                workspaces[stop - start] = self.network.settings.workspace(self.network.parameters, stop - start)
            self._batches.append(
                (workspaces[stop - start], self._epoch_inputs[:, start:stop], self._epoch_targets[:, start:stop])
            )
        self._next_batch = 0

    @property
    def can_train(self) -> bool:
        """Whether there is a point to learn from."""
        return bool(self._batches)

    @property
    def steps_left_in_epoch(self) -> int:
        """How many steps complete the present epoch."""
        return len(self._batches) - self._next_batch

    def run_steps(self, n_steps: int) -> None:
        """Take `n_steps` steps, each on the next batch."""
        if not self._batches:
            return
        parameters, gradient, gradients, loss = self.network.parameters, self._gradient, self._gradients, self._loss
        update, learning_rate = self._optimizer.update, self.settings.learning_rate
        mean = self.settings.reduction == "mean"
        plain = (
            self.settings.regularization == "none"
            and self.settings.clip_norm is None
            and self.settings.schedule.name == "constant"
        )
        # A run that diverges overflows; that is found out by its metrics and said to the person.
        with np.errstate(all="ignore"):
            while n_steps > 0:
                if self._next_batch == 0:
                    self._fill_epoch()
                stop = min(self._next_batch + n_steps, len(self._batches))
                for workspace, inputs, targets in self._batches[self._next_batch : stop]:
                    workspace.forward(inputs)
                    workspace.backward(inputs, targets, loss, gradients, mean=mean)
                    if plain:
                        update(parameters, gradient, learning_rate)
                    else:
                        self._change_parameters()
                    self.step_count += 1
                n_steps -= stop - self._next_batch
                self._next_batch = stop
                if stop == len(self._batches):
                    self._next_batch = 0
                    self.epoch_count += 1

    def run_epoch(self) -> None:
        """Take the steps that complete the present epoch."""
        self.run_steps(self.steps_left_in_epoch)

    def _fill_epoch(self) -> None:
        """Put the points of a new epoch into the batches."""
        n_points, n_taken = self._training.n_points, self._epoch_inputs.shape[1]
        if self.settings.batch_order == "shuffled":
            order = self._generator.permutation(n_points)
        elif self.settings.batch_order == "sequential":
            order = np.arange(n_points)
        else:
            order = self._generator.integers(n_points, size=n_taken)
        # mode="clip" writes straight into the buffer; every index is in range.
        np.take(self._training.inputs, order, axis=1, out=self._epoch_inputs, mode="clip")
        np.take(self._training.targets, order, axis=1, out=self._epoch_targets, mode="clip")

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, as the schedule has it."""
        return self.settings.learning_rate * self.settings.schedule.share(self.step_count)

    def _change_parameters(self) -> None:
        """Take the step that the gradient, the penalty and the optimizer say, with what is rarely asked for."""
        parameters, gradient, settings = self.network.parameters, self._gradient, self.settings
        learning_rate = self.learning_rate
        rates: FloatArray = self._is_weight * np.float64(settings.regularization_rate)
        if settings.regularization == "l2":
            np.add(gradient, rates * parameters, out=gradient)
        if settings.clip_norm is not None:
            scale = settings.clip_norm / (float(np.sqrt(np.dot(gradient, gradient))) + _CLIP_EPSILON)
            if scale < 1.0:
                np.multiply(gradient, scale, out=gradient)
        signs = np.sign(parameters)
        self._optimizer.update(parameters, gradient, learning_rate)
        if settings.regularization == "l1":
            shrink_towards_zero(parameters, signs, rates * learning_rate)

    def checkpoint(self) -> Checkpoint:
        """Return the present moment, to go back to with :meth:`restore`."""
        return Checkpoint(read_only(self.network.parameters.copy()), self.step_count, self.epoch_count)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a moment; the next step begins an epoch in a new order, and the optimizer anew."""
        self._optimizer = self._new_optimizer()
        self.network.parameters[:] = checkpoint.parameters
        self.step_count = checkpoint.step_count
        self.epoch_count = checkpoint.epoch_count
        self._next_batch = 0

    def metrics(self) -> Metrics:
        """Return loss and accuracy of the present network over all training points and all test points."""
        with np.errstate(all="ignore"):
            train_loss, train_accuracy = self._training.evaluate(self.network, self.settings.loss)
            test_loss, test_accuracy = self._test.evaluate(self.network, self.settings.loss)
            weights = self.network.parameters[self._is_weight]
            unit_penalty = REGULARIZATIONS[self.settings.regularization].penalty(weights)
        penalty = self.settings.regularization_rate * unit_penalty
        return Metrics(self.step_count, train_loss, test_loss, train_accuracy, test_accuracy, penalty)

    @property
    def metrics_interval(self) -> int:
        """Every how many steps a point of the loss curve is due.

        Notes
        -----
        It depends on the step, the points and the batch size alone, so that the same run gives the same curve. At
        first every step has its point (every few, where evaluating all points costs more than a step); from 1,000
        steps on the interval doubles whenever the step count does, so that a curve of any length stays small.
        """
        batch_size = self.settings.batch_size or max(self._training.n_points, 1)
        affordable = max(len(self.dataset) // (20 * batch_size), 1)
        doublings = max((self.step_count // 1000).bit_length() - 1, 0)
        return int(affordable * 2**doublings)

    def steps_to_next_metrics(self) -> int:
        """Return after how many more steps a point of the loss curve is due."""
        interval = self.metrics_interval
        return interval - self.step_count % interval


def _check_outputs(network: Network, dataset: Dataset) -> None:
    n_classes = network.settings.n_classes
    if dataset.n_classes > n_classes:
        raise ValueError(f"the network tells {n_classes} classes apart; the data set has {dataset.n_classes}")


def has_diverged(metrics: Metrics, first_loss: float | None) -> bool:
    """Say whether a run has left what training can mend: a loss that is not finite or 1e6 times the first."""
    losses = [loss for loss in (metrics.train_loss, metrics.test_loss) if loss is not None]
    if not all(isfinite(loss) for loss in losses):
        return True
    return (
        first_loss is not None
        and metrics.train_loss is not None
        and (metrics.train_loss > DIVERGED_RATIO * max(first_loss, _LEAST_FIRST_LOSS))
    )
