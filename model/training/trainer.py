"""Trainer: mini-batch gradient descent on one network and one data set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from model.data.dataset import Dataset
from model.network.layout import layer_matrices
from model.network.network import Network
from model.network.settings import output_loss
from model.training.batches import Batches
from model.training.checkpoint import Best, Checkpoint, Finished, random_state, set_random_state
from model.training.compiled.bursts import Bursts, Counts, bursts_of
from model.training.engines import Engine, EngineName, engine_here
from model.training.metrics import Metrics, PointSet
from model.training.optimizers import OPTIMIZERS, Optimizer, memory_sizes
from model.training.random_search import RandomSearch
from model.training.regularization import REGULARIZATIONS, shrink_towards_zero
from model.training.settings import Setup, TrainingSettings
from model.training.stopping import Stopper
from model.types import FloatArray, IntArray, read_only

Watch: TypeAlias = Callable[[FloatArray, float], None]
"""``watch(gradient, learning_rate)``: told what an optimizer is given."""

Update: TypeAlias = Callable[[FloatArray, FloatArray, float], None]
"""``update(parameters, gradient, learning_rate)``, see :class:`model.training.optimizers.Optimizer`."""

CLIP_EPSILON = 1e-6
"""Added to the norm, as torch.nn.utils.clip_grad_norm_ does."""


class Trainer:
    """Trains a network in place, step by step.

    Parameters
    ----------
    network : Network
        Changed by training.
    dataset : Dataset
        Its training points are learnt from, its test points only looked at.
    settings : TrainingSettings
    seed : int, optional
        In the place of the settings' seed; the same seed gives the same run to the bit.
    engine : str
        What is to take the steps: a key of :data:`model.training.engines.ENGINES`. See :attr:`engine`. Compiled code
        that is not there yet is made first, which takes many seconds.

    Attributes
    ----------
    network, dataset, settings
        As given, or as last changed by :meth:`set_dataset` and :meth:`set_settings`.
    step_count, epoch_count : int
        Steps taken, and epochs completed. A step of random search is a try, and an epoch too.
    finished : Finished or None
        Why training has ended by itself; it goes on after :meth:`resume`, or when something is changed.
    run_engine : Engine or None
        What the run is trained with, which moments keep and :meth:`restore` brings back; None where that is not
        decided yet. Whoever sets another one goes on with that.

    Notes
    -----
    Every epoch shuffles the training points and cuts them into batches; the last batch of an epoch may be smaller
    and is never carried over into the next. Without training points nothing happens.
    """

    def __init__(
        self,
        network: Network,
        dataset: Dataset,
        settings: TrainingSettings,
        seed: int | None = None,
        engine: EngineName = "numpy",
    ) -> None:
        self.run_engine: Engine | None = engine_here(engine)
        self._bursts: Bursts | None = None
        self._setup_of_bursts: Setup | None = None
        self.settings = settings
        self.step_count = 0
        self.epoch_count = 0
        self.finished: Finished | None = None
        self._best: Best | None = None
        self._search: RandomSearch | None = None
        self._stopper = Stopper(settings.stop)
        self._generator = np.random.default_rng(settings.seed if seed is None else seed)
        self.set_network(network, dataset)

    def set_network(self, network: Network, dataset: Dataset, settings: TrainingSettings | None = None) -> None:
        """Go on with another network, of any shape, a data set that fits it, and perhaps other settings.

        Raises
        ------
        ValueError
            If the network has no output for one of the classes, or the settings do not go with it; the trainer is then
            unchanged.
        """
        settings = settings or self.settings
        self._setup = Setup(dataset, network.settings, settings)
        self._loss = output_loss(settings.loss, network.settings.output_activation)
        self._stopper.change(settings.stop, same_loss=settings.loss == self.settings.loss)
        self.settings = settings
        self.network = network
        shape = network.settings
        self._layout = shape.layout()
        self._gradient = np.zeros_like(network.parameters)
        self._dense_gradient = self._gradient if self._layout is None else np.zeros(self._layout.size)
        self._gradients = list(layer_matrices(self._dense_gradient, shape.layer_sizes))
        self._is_weight = shape.is_weight
        self._fixed: IntArray = np.array(sorted(shape.fixed), dtype=np.intp)
        self._optimizer = self._new_optimizer()
        self.set_dataset(dataset)

    def set_dataset(self, dataset: Dataset) -> None:
        """Learn from another data set from the next step on; the present epoch starts again.

        Raises
        ------
        ValueError
            If the network has no output for one of the classes.
        """
        self._setup = Setup(dataset, self.network.settings, self.settings)
        self.dataset = dataset
        self._training = PointSet(self.network, dataset, test=False)
        self._test = PointSet(self.network, dataset, test=True)
        self._cut_batches()
        self._begin_search()
        self._forget_best()

    def rename(self, dataset: Dataset) -> None:
        """Learn from the very same points by other names, which changes nothing of training."""
        self._setup = Setup(dataset, self.network.settings, self.settings)
        self.dataset = dataset

    def set_settings(self, settings: TrainingSettings) -> None:
        """Train with other settings from the next step on, without a reset."""
        self._setup = Setup(self.dataset, self.network.settings, settings)
        self._loss = output_loss(settings.loss, self.network.settings.output_activation)
        previous, self.settings = self.settings, settings
        self._stopper.change(settings.stop, same_loss=settings.loss == previous.loss)
        if (settings.optimizer, settings.optimizer_options) != (previous.optimizer, previous.optimizer_options):
            self._optimizer = self._new_optimizer()
            self._begin_search()
        batches = (settings.batch_size, settings.batch_order, settings.dropout)
        if batches != (previous.batch_size, previous.batch_order, previous.dropout):
            self._cut_batches()
        self._forget_best()

    def _new_optimizer(self) -> Optimizer | None:
        """Return an optimizer that remembers nothing yet; None for random search."""
        make = OPTIMIZERS[self.settings.optimizer].make
        return None if make is None else make(len(self.network.parameters), **self.settings.optimizer_options)

    def _begin_search(self) -> None:
        """Forget what random search has found, except the present parameters."""
        self._search = None
        if self._optimizer is None:
            options: dict[str, Any] = dict(self.settings.optimizer_options)
            self._search = RandomSearch(
                self.network,
                self._training,
                self.settings.loss,
                self._generator,
                is_regression=self.dataset.is_regression,
                **options,
            )

    def _cut_batches(self) -> None:
        self._batches = Batches(self.network, self._training, self.settings, self._generator)
        self._next_batch = 0

    @property
    def setup(self) -> Setup:
        """Data set, network and training as they are in force."""
        return self._setup

    @property
    def engine(self) -> EngineName:
        """What takes the steps of the setup in force."""
        return "numpy" if self._compiled() is None else "compiled"

    def _compiled(self) -> Bursts | None:
        """Return what takes the steps in compiled code; None where NumPy takes them."""
        if self.run_engine is None or self.run_engine.name == "numpy" or not self.can_train:
            return None
        if self._setup_of_bursts is not self._setup:
            from model.training.compiled import cache  # With what a program that starts does without.

            self._setup_of_bursts, kernel = self._setup, cache.kernel()
            self._bursts = kernel and bursts_of(kernel, self._setup, self.network, self._training, self._generator)
        return self._bursts

    @property
    def n_points(self) -> int:
        """How many points there are to learn from."""
        return self._training.n_points

    @property
    def can_train(self) -> bool:
        """Whether there is a point to learn from."""
        return len(self._batches) > 0

    @property
    def search(self) -> RandomSearch | None:
        """What draws networks at random; None where the gradient is followed."""
        return self._search

    @property
    def batches(self) -> Batches:
        """What the steps of the present epoch learn from."""
        return self._batches

    @property
    def next_batch(self) -> int:
        """Which of them is next."""
        return self._next_batch

    @property
    def steps_left_in_epoch(self) -> int:
        """How many steps complete the present epoch."""
        return len(self._batches) - self._next_batch

    def run_steps(self, n_steps: int, watch: Watch | None = None) -> None:
        """Take `n_steps` steps, each on the next batch; fewer where training ends by itself, see :attr:`finished`.

        Parameters
        ----------
        n_steps : int
        watch : callable, optional
            Told what the optimizer is given at each step; the gradient is overwritten afterwards.
        """
        if not self.can_train:
            return
        # A run that diverges overflows; that is found out by its metrics and said to the person.
        with np.errstate(all="ignore"):
            if self._search is not None:
                self._search_steps(self._search, n_steps)
            elif self._optimizer is not None:
                optimizer = self._optimizer
                bursts = self._compiled() if watch is None else None
                if bursts is not None:
                    self._descend_in_bursts(bursts, optimizer, n_steps)
                else:
                    self._batches.fill()
                    self._descend(optimizer.update if watch is None else _watched(optimizer, watch), n_steps)

    def _descend_in_bursts(self, bursts: Bursts, optimizer: Optimizer, n_steps: int) -> None:
        """Follow the gradient for `n_steps` steps in compiled code, up to where the test loss is to be watched."""
        patience = self.settings.patience
        while n_steps > 0 and self.finished is None:
            n = n_steps if patience is None else min(n_steps, self.steps_left_in_epoch)
            counts = Counts(self.step_count, self.epoch_count, self._next_batch)
            self.step_count, self.epoch_count, self._next_batch = bursts.run(n, counts, self._batches, optimizer)
            n_steps -= n
            if patience is not None and self._next_batch == 0:
                self._watch_test_loss(patience)

    def _descend(self, update: Update, n_steps: int) -> None:
        """Follow the gradient for `n_steps` steps."""
        parameters, gradient, gradients, loss = self.network.parameters, self._gradient, self._gradients, self._loss
        learning_rate = self.settings.learning_rate
        mean = self.settings.reduction == "mean"
        plain = (
            self.settings.regularization == "none"
            and self.settings.clip_norm is None
            and self.settings.schedule.name == "constant"
            and self._layout is None
            and not len(self._fixed)
        )
        while n_steps > 0 and self.finished is None:
            if self._next_batch == 0:
                self._batches.begin_epoch()
            stop = min(self._next_batch + n_steps, len(self._batches))
            for workspace, inputs, targets in self._batches.items[self._next_batch : stop]:
                workspace.forward(inputs)
                workspace.backward(inputs, targets, loss, gradients, mean=mean)
                if plain:
                    update(parameters, gradient, learning_rate)
                else:
                    self._change_parameters(update)
                self.step_count += 1
            n_steps -= stop - self._next_batch
            self._next_batch = stop
            if stop == len(self._batches):
                self._next_batch = 0
                self.epoch_count += 1
                if self.settings.patience is not None:
                    self._watch_test_loss(self.settings.patience)

    def _search_steps(self, search: RandomSearch, n_tries: int) -> None:
        """Try `n_tries` networks, or fewer if one is found or the budget is spent."""
        for _ in range(n_tries):
            self._note_outcome(search)
            if self.finished is not None:
                return
            search.try_once()
            self.step_count += 1
            self.epoch_count += 1
        self._note_outcome(search)

    def _note_outcome(self, search: RandomSearch) -> None:
        if search.is_all_right:
            self.finished = "all_right"
        elif search.is_spent:
            self.finished = "budget_spent"

    def _watch_test_loss(self, patience: int) -> None:
        """Remember the weights of the lowest test loss; end with them when it has not fallen for `patience` epochs."""
        loss = self._test.mean_loss(self.network, self.settings.loss)
        if loss is None:
            return
        if self._best is None or loss < self._best.loss:
            self._best = Best(loss, self.epoch_count, read_only(self.network.parameters.copy()))
        elif self.epoch_count - self._best.epoch >= patience:
            self.network.parameters[:] = self._best.parameters
            self.finished = "early_stopping"

    def _forget_best(self) -> None:
        """Start again to wait for a lower test loss: it is measured by other points or settings."""
        self._best = None
        self._stopper.go_on(None)
        self.finished = None

    @property
    def steps_to_stop(self) -> int | None:
        """After how many more steps :meth:`stop_if_due` ends training by their number; None: it does not."""
        # A try of random search is a step, and an epoch too.
        left, whole = (1, 1) if self._search is not None else (self.steps_left_in_epoch, len(self._batches))
        return self._stopper.steps_left(self.step_count, self.epoch_count, left, whole)

    def stop_if_due(self, metrics: Metrics | None) -> None:
        """End training if it is where the settings want it to; that is for whoever calls for the steps to ask.

        Parameters
        ----------
        metrics : Metrics or None
            Of the present network, where loss and accuracy are to be looked at.
        """
        if self.finished is not None:
            return
        ends_epoch = self._search is not None or self._next_batch == 0
        reason = self._stopper.is_counted_out(self.step_count, self.epoch_count, ends_epoch=ends_epoch)
        if reason is None and metrics is not None:
            reason = self._stopper.judge(metrics, self.epoch_count)
        self.finished = reason

    def resume(self) -> None:
        """Go on although training has ended by itself: with patience, and tries, as at the beginning."""
        if self.finished is not None:
            reason = self.finished
            self._forget_best()
            self._stopper.go_on(reason)
            if self._search is not None:
                self._search.extend()

    def run_epoch(self) -> None:
        """Take the steps that complete the present epoch."""
        self.run_steps(self.steps_left_in_epoch)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, as the schedule has it."""
        return self.settings.learning_rate * self.settings.schedule.share(self.step_count)

    def _change_parameters(self, update: Update) -> None:
        """Take the step that the gradient, the penalty and the optimizer say, with what is rarely asked for."""
        parameters, gradient, settings = self.network.parameters, self._gradient, self.settings
        if self._layout is not None:
            self._layout.collect(self._dense_gradient, gradient)
        fixed = parameters[self._fixed]
        gradient[self._fixed] = 0.0
        learning_rate = self.learning_rate
        rates: FloatArray = self._is_weight * np.float64(settings.regularization_rate)
        if settings.regularization == "l2":
            np.add(gradient, rates * parameters, out=gradient)
        if settings.clip_norm is not None:
            scale = settings.clip_norm / (float(np.sqrt(np.dot(gradient, gradient))) + CLIP_EPSILON)
            if scale < 1.0:
                np.multiply(gradient, scale, out=gradient)
        signs = np.sign(parameters)
        update(parameters, gradient, learning_rate)
        if settings.regularization == "l1":
            shrink_towards_zero(parameters, signs, rates * learning_rate)
        parameters[self._fixed] = fixed

    def checkpoint(self) -> Checkpoint:
        """Return the present moment, to go back to with :meth:`restore` or :meth:`fall_back`."""
        search = self._search
        return Checkpoint(
            parameters=read_only(self.network.parameters.copy()),
            step_count=self.step_count,
            epoch_count=self.epoch_count,
            random=random_state(self._generator),
            next_batch=self._next_batch,
            order=self._batches.order if self._next_batch else None,
            memory={} if self._optimizer is None else self._optimizer.memory(),
            best=self._best,
            tries=(0, 0) if search is None else (search.n_tries, search.last_try),
            finished=self.finished,
            stop=self._stopper.state,
            engine=self.run_engine,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to a moment of this network, data set and settings; what follows is the same to the bit.

        Notes
        -----
        Of a moment with other points or batches the present epoch starts again, and what another optimizer remembers is
        left aside, as when they are changed during a run.

        Raises
        ------
        ValueError
            If the moment is one of a network of another shape; the trainer is then unchanged.
        """
        if checkpoint.parameters.shape != self.network.parameters.shape:
            raise ValueError(
                f"the network has {len(self.network.parameters)} parameters; got {len(checkpoint.parameters)}"
            )
        self.network.parameters[:] = checkpoint.parameters
        self.step_count = checkpoint.step_count
        self.epoch_count = checkpoint.epoch_count
        self._optimizer = self._new_optimizer()
        sizes = {name: len(array) for name, array in checkpoint.memory.items()}
        kept = memory_sizes(self.settings.optimizer, len(checkpoint.parameters))
        if self._optimizer is not None and sizes == kept:
            self._optimizer.recall(checkpoint.memory)
        self._begin_search()
        if self._search is not None:
            self._search.n_tries, self._search.last_try = checkpoint.tries
        set_random_state(self._generator, checkpoint.random)
        self._next_batch = 0
        if checkpoint.order is not None and checkpoint.is_within_epoch(self._training.n_points, self.settings):
            self._batches.take(checkpoint.order)
            self._next_batch = checkpoint.next_batch
        best = checkpoint.best
        self._best = best if best is None or len(best.parameters) == len(self.network.parameters) else None
        self.finished = checkpoint.finished
        self._stopper.state = checkpoint.stop
        self.run_engine = checkpoint.engine

    def fall_back(self, checkpoint: Checkpoint) -> None:
        """Go back to the weights of a moment, to do better: with a new order, and an optimizer that has forgotten."""
        self._optimizer = self._new_optimizer()
        self.network.parameters[:] = checkpoint.parameters
        self.step_count = checkpoint.step_count
        self.epoch_count = checkpoint.epoch_count
        self._next_batch = 0
        self._begin_search()
        self._forget_best()

    def metrics(self) -> Metrics:
        """Return how well the present network does on all training points and on all test points."""
        with np.errstate(all="ignore"):
            train = self._training.evaluate(self.network, self.settings.loss)
            test = self._test.evaluate(self.network, self.settings.loss)
            weights = self.network.parameters[self._is_weight]
            unit_penalty = REGULARIZATIONS[self.settings.regularization].penalty(weights)
        return Metrics(
            self.step_count,
            train.loss,
            test.loss,
            train.accuracy,
            test.accuracy,
            self.settings.regularization_rate * unit_penalty,
            train.r2,
            test.r2,
            train.mae,
            test.mae,
            0 if self._search is None else self._search.n_tries,
        )

    def confusion(self) -> tuple[IntArray, IntArray]:
        """Return the confusion matrices of the training and of the test points, see :meth:`PointSet.confusion`."""
        with np.errstate(all="ignore"):
            return self._training.confusion(self.network), self._test.confusion(self.network)


def _watched(optimizer: Optimizer, watch: Watch) -> Update:
    """Return an optimizer's update that tells first what it is given."""

    def update(parameters: FloatArray, gradient: FloatArray, learning_rate: float) -> None:
        watch(gradient, learning_rate)
        optimizer.update(parameters, gradient, learning_rate)

    return update
