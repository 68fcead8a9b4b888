"""TrainingSettings, how a network learns, and Setup, all that a run is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from model.data.dataset import TARGET_LIMIT, Dataset
from model.data.features import check_problem
from model.data.problems import PROBLEMS
from model.network.losses import LOSSES
from model.network.settings import NetworkSettings, output_loss
from model.training.optimizers import OPTIMIZERS, OptionValue
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import Schedule
from model.training.stopping import Stop
from model.types import check_choice, is_number, is_whole

BatchOrder: TypeAlias = Literal["shuffled", "sequential", "with_replacement"]

BATCH_ORDERS: dict[BatchOrder, str] = {
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


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a network learns.

    Attributes
    ----------
    loss : str
        A key of :data:`model.network.losses.LOSSES`. It is displayed as the mean over the points.
    optimizer : str
        A key of :data:`model.training.optimizers.OPTIMIZERS`.
    learning_rate : float
        How large a step is, above 0.
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
        The penalty on weights: a key of :data:`model.training.regularization.REGULARIZATIONS`.
    regularization_rate : float
        How much the penalty counts, 0 or more.
    clip_norm : float or None
        A longer gradient is scaled down to this Euclidean norm.
    schedule : Schedule
        How the learning rate changes over the steps.
    dropout : float or tuple of float
        The probability with which a hidden neuron is left out of a step, 0 or more and below 1: one for all hidden
        layers, or one for each.
    patience : int or None
        Early stopping: after this many epochs without a lower test loss, training ends with the weights of the lowest.
        None: it goes on.
    stop : Stop
        Where else training ends by itself.
    seed : int
        Of the order of the points, and of what is left out.

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
    batch_order: BatchOrder = "shuffled"
    reduction: Literal["mean", "sum"] = "mean"
    regularization: str = "none"
    regularization_rate: float = 0.0
    clip_norm: float | None = None
    schedule: Schedule = field(default_factory=Schedule)
    dropout: float | tuple[float, ...] = 0.0
    patience: int | None = None
    stop: Stop = field(default_factory=Stop)
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        OPTIMIZERS[self.optimizer].check(self.optimizer_options)
        if not (is_number(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate must be a number above 0; got {self.learning_rate!r}")
        if self.batch_size is not None and not (is_whole(self.batch_size) and self.batch_size >= 1):
            raise ValueError(f"batch_size must be 1 or more, or None for all points; got {self.batch_size!r}")
        check_choice("batch_order", self.batch_order, BATCH_ORDERS)
        check_choice("reduction", self.reduction, REDUCTIONS)
        check_choice("regularization", self.regularization, REGULARIZATIONS)
        if not (is_number(self.regularization_rate) and self.regularization_rate >= 0):
            raise ValueError(f"regularization_rate must be a number of 0 or more; got {self.regularization_rate!r}")
        if self.clip_norm is not None and not (is_number(self.clip_norm) and self.clip_norm > 0):
            raise ValueError(f"clip_norm must be above 0, or None; got {self.clip_norm!r}")
        for rate in self.dropout if isinstance(self.dropout, tuple) else (self.dropout,):
            if not (is_number(rate) and 0.0 <= rate < 1.0):
                raise ValueError(f"dropout must be 0 or more and below 1; got {self.dropout!r}")
        if self.patience is not None and not (is_whole(self.patience) and self.patience >= 1):
            raise ValueError(f"patience must be 1 epoch or more, or None; got {self.patience!r}")
        if not (is_whole(self.seed) and self.seed >= 0):
            raise ValueError(f"seed must be 0 or more; got {self.seed!r}")
        if not isinstance(self.schedule, Schedule):
            raise ValueError(f"schedule must be a Schedule; got {self.schedule!r}")
        if not isinstance(self.stop, Stop):
            raise ValueError(f"stop must be a Stop; got {self.stop!r}")

    def dropout_rates(self, n_hidden_layers: int) -> tuple[float, ...]:
        """Return the rate of each hidden layer.

        Raises
        ------
        ValueError
            If there is a rate for each hidden layer, but of another number of layers.
        """
        if not isinstance(self.dropout, tuple):
            return (self.dropout,) * n_hidden_layers
        if len(self.dropout) != n_hidden_layers:
            raise ValueError(f"{n_hidden_layers} hidden layers need as many dropout rates; got {self.dropout}")
        return self.dropout


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run is made of: points, a network's shape, and how it learns them. They fit together.

    Attributes
    ----------
    dataset : Dataset
    network : NetworkSettings
    training : TrainingSettings

    Raises
    ------
    ValueError
        If the network has no output for one of the classes, or the features, the loss or the dropout do not go with the
        problem.
    """

    dataset: Dataset
    network: NetworkSettings
    training: TrainingSettings

    def __post_init__(self) -> None:
        output_loss(self.training.loss, self.network.output_activation)
        self.training.dropout_rates(self.network.n_hidden_layers)
        if self.network.features is not None:
            check_problem(self.network.features, self.dataset.kind)
        elif self.dataset.is_curve:
            raise ValueError("the network of a curve needs features of x; got none")
        if self.dataset.is_regression:
            if self.network.layer_sizes[-1] != 1:
                raise ValueError(f"a regression needs one output unit; got {self.network.layer_sizes[-1]}")
            if self.training.loss != "squared_error":
                raise ValueError(f"a regression needs the loss squared_error; got {self.training.loss!r}")
        elif self.dataset.n_classes > self.network.n_classes:
            raise ValueError(
                f"the network tells {self.network.n_classes} classes apart; the data set has {self.dataset.n_classes}"
            )

    def has_output_for(self, label: int | float) -> bool:
        """Return whether the network can be right or wrong about a point of a class, or with a float as its target."""
        if isinstance(label, float):
            return self.dataset.is_curve or (self.dataset.is_regression and abs(label) <= TARGET_LIMIT)
        return not self.dataset.is_regression and label < self.network.n_classes


def first_setup(dataset: Dataset) -> Setup:
    """Return what a new document begins with: a small network, and training that one can watch."""
    problem = PROBLEMS[dataset.kind]
    sizes = (len(problem.raw_features), *problem.hidden_sizes, max(dataset.n_classes, 1))
    hidden = ("tanh",) * len(problem.hidden_sizes)
    network = NetworkSettings(sizes, hidden, problem.output_activation, features=problem.raw_features)
    return Setup(dataset, network, TrainingSettings(loss=problem.loss, learning_rate=0.1))
