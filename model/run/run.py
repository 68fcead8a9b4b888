"""Run: a network that is trained, from its first weights on, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from model.network.network import Network
from model.network.surgery import Surgery
from model.run.clock import computing_time
from model.run.curve import LossCurve
from model.run.due import frame_interval, point_interval, steps_for_evaluation
from model.run.history import History, KeyFrame
from model.run.rate import RateWatch, first_loss_of, is_ruined, loss_to_beat
from model.training.checkpoint import Checkpoint, Finished
from model.training.engines import EngineName, engine_here
from model.training.metrics import Metrics, has_diverged
from model.training.optimizers import OPTIMIZERS
from model.training.settings import Setup
from model.training.trainer import Trainer
from model.types import FloatArray


@dataclass(frozen=True, slots=True)
class Diverged:
    """The run left what training can mend.

    Attributes
    ----------
    step : int
        Where it is now.
    is_mended : bool
        Whether that is its last finite moment; otherwise there never was one.
    is_ruined : bool
        Whether going on from there is no good, see :func:`model.run.rate.is_ruined`.
    setup : Setup
        What was in force when it did.
    """

    step: int
    is_mended: bool = True
    is_ruined: bool = False
    setup: Setup = field(kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """Training ended by itself, at the end of so many epochs, with the setup that it had then."""

    reason: Finished
    metrics: Metrics
    epoch: int
    setup: Setup = field(compare=False)


Pause: TypeAlias = Diverged | Ended
"""Why a run does not go on by itself."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a stretch of training brought.

    Attributes
    ----------
    n_steps : int
        How many steps were taken.
    metrics : Metrics or None
        A point of the loss curve, where one was due.
    frame : KeyFrame or None
        A key frame of the history, where one was due.
    pause : Diverged or Ended or None
    seconds : float
        How long the steps computed, without what it takes to evaluate all points afterwards.
    is_rate_too_high : bool
        Whether it has become clear, once, that the learning rate is too high, see :class:`model.run.rate.RateWatch`.
    """

    n_steps: int
    metrics: Metrics | None = None
    frame: KeyFrame | None = None
    pause: Pause | None = None
    seconds: float = 0.0
    is_rate_too_high: bool = False


class Run:
    """Owns the trainer, the first weights and the last good moment of a run, and knows when what is due.

    Parameters
    ----------
    setup : Setup
    parameters : ndarray of shape (n_parameters,), optional
        The first weights; by default those that the network's settings draw.
    clock : callable, optional
        Says in seconds how long this thread has computed.
    engine : str or None
        What is to take the steps: a key of :data:`model.training.engines.ENGINES`. None: what is there at the first
        one, see :meth:`settle_engine`.
    """

    def __init__(
        self,
        setup: Setup,
        parameters: FloatArray | None = None,
        clock: Callable[[], float] = computing_time,
        engine: EngineName | None = "numpy",
    ) -> None:
        self._clock = clock
        self._engine = None if engine is None else engine_here(engine)
        self._is_settled = engine is not None
        self._firsts = {setup.network: Network.from_settings(setup.network, parameters)}
        self._begin(setup)

    def _begin(self, setup: Setup) -> None:
        first = self._firsts[setup.network]
        network = Network.from_settings(setup.network, first.parameters)
        self._trainer = Trainer(network, setup.dataset, setup.training)
        self._trainer.run_engine = self._engine
        self._first_loss: float | None = None
        self._last_good: Checkpoint | None = None
        metrics = self._trainer.metrics()
        self._is_good(metrics)
        self._come_to_task(metrics.train_loss, is_first=True)
        self._watch_rate()

    def rewind(self, setup: Setup | None = None) -> None:
        """Go back to the first weights.

        Parameters
        ----------
        setup : Setup, optional
            What is in force from then on, with the network of now. By default all as it is, and what follows repeats
            the run.
        """
        self._begin(setup or self.setup)

    def branch(self, moment: KeyFrame, first: KeyFrame) -> None:
        """Go on from a moment of a run that began with `first`, as if training had never left it.

        Raises
        ------
        ValueError
            If the moment is not whole; the run is then as it was.
        """
        trainer = trainer_at(moment)
        same_shape = first.network == moment.network
        weights = Network.from_settings(moment.network, first.checkpoint.parameters if same_shape else None)
        self._trainer = trainer
        self._engine, self._is_settled = moment.checkpoint.engine, False
        self._firsts = {moment.network: weights}
        same_task = same_shape and _have_one_task(Setup(first.dataset, first.network, first.training), trainer.setup)
        self._first_loss = (first if same_task else moment).metrics.train_loss
        self._come_to_task(self._first_loss, is_first=same_task)
        self._last_good = None
        self._is_good(moment.metrics)
        self._watch_rate()

    def settle_engine(self) -> bool:
        """Decide what takes the steps from here on, once for each run and before its first step.

        A run that has not begun takes compiled code where that need not be made first. One that goes on keeps its
        engine, but for one that is not there.

        Returns
        -------
        bool
            Whether the present moment does not say so yet.
        """
        if self._is_settled:
            return False
        before = self._engine
        self._engine = engine_here("compiled" if before is None else before.name, wait=False)
        self._trainer.run_engine = self._engine
        self._is_settled = True
        if self._last_good is not None:
            self._last_good = self._trainer.checkpoint()
        return self._engine != before

    @property
    def setup(self) -> Setup:
        """Points, network and training as they are in force."""
        return self._trainer.setup

    @property
    def engine(self) -> EngineName:
        """What takes the steps; NumPy until it is decided."""
        return self._trainer.engine if self._is_settled else "numpy"

    @property
    def trainer(self) -> Trainer:
        """What trains; only the run's owner may touch it."""
        return self._trainer

    @property
    def step(self) -> int:
        """Steps taken since the first weights."""
        return self._trainer.step_count

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._trainer.epoch_count

    @property
    def can_train(self) -> bool:
        """Whether there is a point to learn from."""
        return self._trainer.can_train

    @property
    def steps_left_in_epoch(self) -> int:
        """How many steps complete the present epoch."""
        return self._trainer.steps_left_in_epoch

    def moment(self) -> KeyFrame:
        """Return the present moment, whole: parameters, metrics, data and settings of one instant."""
        return KeyFrame.of(self._trainer)

    def resume(self) -> None:
        """Go on although training has ended by itself."""
        self._trainer.resume()

    def advance(self, n_steps: int) -> Progress:
        """Take `n_steps` steps, or fewer where something is due before, and say what that brought."""
        trainer = self._trainer
        before, start = trainer.step_count, self._clock()
        trainer.run_steps(min(n_steps, self.steps_to_next_point, trainer.steps_to_stop or n_steps))
        seconds = self._clock() - start
        taken = trainer.step_count - before
        is_due = trainer.step_count % self.point_interval == 0
        if not is_due:
            trainer.stop_if_due(None)
            if trainer.finished is None:
                return Progress(taken, seconds=seconds)
        metrics = trainer.metrics()
        if is_due:
            trainer.stop_if_due(metrics)
        if not self._is_good(metrics):
            return Progress(taken, pause=self._fall_back(), seconds=seconds)
        self._arrive(metrics.train_loss)
        frame = KeyFrame.of(trainer, metrics, self._last_good)
        is_too_high = is_due and self._rate_watch is not None and self._rate_watch.finds(self.step, metrics.train_loss)
        ended = None if trainer.finished is None else Ended(trainer.finished, metrics, trainer.epoch_count, self.setup)
        is_frame_due = ended is not None or trainer.step_count % self.frame_interval == 0
        return Progress(taken, metrics, frame if is_frame_due else None, ended, seconds, is_too_high)

    def check(self) -> tuple[KeyFrame, Diverged | None]:
        """Return the present moment, and whether the run had to go back to the last good one for it."""
        metrics = self._trainer.metrics()
        if self._is_good(metrics):
            return KeyFrame.of(self._trainer, metrics, self._last_good), None
        if self._last_good is None:
            return KeyFrame.of(self._trainer, metrics), None
        diverged = self._fall_back()
        return self.moment(), diverged

    def _is_good(self, metrics: Metrics) -> bool:
        """Return whether the present is a moment to go back to, and if so remember it."""
        if has_diverged(metrics, self._first_loss):
            return False
        if self._first_loss is None:
            self._first_loss = metrics.train_loss
        self._last_good = self._trainer.checkpoint()
        return True

    def _fall_back(self) -> Diverged:
        """Go back to the last good moment, if there is one."""
        trainer, setup = self._trainer, self._trainer.setup
        if self._last_good is None:
            return Diverged(self.step, is_mended=False, setup=setup)
        trainer.fall_back(self._last_good)
        self._watch_rate()
        to_beat, first = loss_to_beat(trainer.setup, self._begun_loss), self._firsts[trainer.network.settings]
        ruined = is_ruined(trainer.metrics().train_loss, to_beat, trainer.network.parameters, first.parameters)
        return Diverged(self.step, is_ruined=ruined, setup=setup)

    def _come_to_task(self, loss: float | None, *, is_first: bool) -> None:
        """Measure by a loss from here on: that of the first weights, or of those that another task has left."""
        self._begun_loss, self._is_arriving = loss, not is_first
        self._usual_loss: float | None = None

    def _arrive(self, loss: float | None) -> None:
        """Measure by the first weights, once a run with weights of another task does as well as these would.

        Until then it is measured by the loss with which it came to the task, which may be many times as large.
        """
        if not self._is_arriving or loss is None or self._begun_loss is None:
            return
        if self._usual_loss is None:
            self._usual_loss = first_loss_of(self.setup, self._firsts[self.setup.network])
        if loss <= self._usual_loss:
            self._is_arriving = False
            if self._usual_loss < self._begun_loss:
                self._begun_loss = self._usual_loss
                self._watch_rate()

    def _watch_rate(self) -> None:
        """Watch from here on whether the learning rate is too high, where there is one."""
        setup = self._trainer.setup
        has_rate = OPTIMIZERS[setup.training.optimizer].make is not None
        self._rate_watch = RateWatch(setup, self._begun_loss, self.step) if has_rate else None

    def revise(self, setup: Setup, surgery: Surgery | None = None) -> None:
        """Change points, settings or the network's shape, all between the same two steps, and keep the run.

        Parameters
        ----------
        setup : Setup
            What is in force from now on.
        surgery : Surgery, optional
            What leads from the present network to that of `setup`.

        Raises
        ------
        ValueError
            If the surgery does not lead there; the run is then as it was.
        """
        trainer, network = self._trainer, self._trainer.network
        first = self._firsts[network.settings]
        if surgery is not None:
            # A shape that the run had before, as after undo, has its first weights already.
            first = self._firsts.get(setup.network) or surgery.apply(first)
            network = surgery.apply(network)
        if network.settings != setup.network:
            raise ValueError(f"the network is {network.settings}, and not {setup.network}")
        before = trainer.setup
        _revise(trainer, setup, network)
        self._firsts[setup.network] = first
        self._measure_again()
        if before.network != setup.network or not _have_one_task(before, setup):
            self._come_to_task(self._first_loss, is_first=False)
        self._watch_rate()

    def set_parameter(self, position: int, value: float) -> None:
        """Give the parameter at `position` of the flat vector a value."""
        self._trainer.network.parameters[position] = value
        self._last_good = None
        metrics = self._trainer.metrics()
        if not self._is_good(metrics):
            self._measure_again()
        self._begun_loss = max(self._begun_loss or 0.0, metrics.train_loss or 0.0)
        self._watch_rate()

    def _measure_again(self) -> None:
        """Take the present loss as the first one: what is too much depends on the task."""
        self._first_loss = self._last_good = None
        self._is_good(self._trainer.metrics())

    # When what is due

    @property
    def _evaluation_steps(self) -> int:
        """What evaluating all points costs, in steps."""
        trainer = self._trainer
        batch_size = trainer.settings.batch_size or max(trainer.n_points, 1)
        return steps_for_evaluation(len(trainer.dataset), batch_size, trainer.network.settings.n_parameters)

    @property
    def point_interval(self) -> int:
        """Every how many steps a point of the loss curve is due."""
        return point_interval(self.step, self._evaluation_steps)

    @property
    def frame_interval(self) -> int:
        """Every how many steps a key frame of the history is due; a multiple of :attr:`point_interval`."""
        return frame_interval(self.step, self._evaluation_steps)

    @property
    def steps_to_next_point(self) -> int:
        """After how many more steps a point of the loss curve is due."""
        interval = self.point_interval
        return interval - self.step % interval


def trainer_at(moment: KeyFrame) -> Trainer:
    """Return a trainer that goes on from a moment, with its engine: to the bit, where that is there."""
    network = Network.from_settings(moment.network, moment.checkpoint.parameters)
    trainer = Trainer(network, moment.dataset, moment.training)
    trainer.restore(moment.checkpoint)
    return trainer


def _revise(trainer: Trainer, setup: Setup, network: Network) -> None:
    """Let a trainer go on with what is in force from now on; what has not changed goes on."""
    has_data = not setup.dataset.has_points_of(trainer.dataset)
    if not has_data and setup.dataset is not trainer.dataset:
        trainer.rename(setup.dataset)
    has_training = setup.training != trainer.settings
    if network is not trainer.network or (has_data and has_training):
        # What fits only together is set together.
        trainer.set_network(network, setup.dataset, setup.training)
    elif has_data:
        trainer.set_dataset(setup.dataset)
    elif has_training:
        trainer.set_settings(setup.training)


def _have_one_task(first: Setup, second: Setup) -> bool:
    """Return whether losses can be compared: points, and what the loss is, are the same."""
    return second.dataset.has_points_of(first.dataset) and first.training.loss == second.training.loss


def changed(moment: KeyFrame, setup: Setup, network: Network) -> KeyFrame:
    """Return a moment as it is after changes between two steps that led to `setup` and `network`; it is whole again."""
    trainer = trainer_at(moment)
    if network.settings == moment.network:
        trainer.network.parameters[:] = network.parameters
        network = trainer.network
    else:
        network = Network.from_settings(network.settings, network.parameters)
    _revise(trainer, setup, network)
    return KeyFrame.of(trainer)


How: TypeAlias = Literal["completed", "stopped", "diverged"] | Finished
"""How a run that was trained for some steps ended: after its last one, because somebody said so, or by itself."""


@dataclass(frozen=True, slots=True, eq=False)
class TrainedRun:
    """What is kept of a run that has been trained.

    Attributes
    ----------
    history : History
        With one key frame or more.
    curve : LossCurve
    note : str
        Why it ended before its last step, in a sentence; empty where it did not.
    how : str
        How it ended, see :data:`How`.
    engine : str
        What took its last steps: a key of :data:`model.training.engines.ENGINES`.
    seconds : float
        How long it was trained, as whoever trained it has measured that.
    is_rate_too_high : bool
        Whether it became clear that its learning rate is too high.
    """

    history: History
    curve: LossCurve
    note: str = ""
    how: How = "completed"
    engine: EngineName = "numpy"
    seconds: float = 0.0
    is_rate_too_high: bool = False

    @property
    def first(self) -> KeyFrame:
        """The moment with which the history begins."""
        return self.history.frames[0]

    @property
    def moment(self) -> KeyFrame:
        """The last moment, from which the run can go on."""
        return self.history.frames[-1]
