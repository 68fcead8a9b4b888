"""Race: runs that begin with the same weights and batches are trained in turns beside each other, and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isclose, isfinite, nan

import numpy as np

from model.run.clock import computing_time
from model.run.history import DEFAULT_BUDGET
from model.run.record import Recorder
from model.run.run import How, Run, TrainedRun
from model.training.engines import EngineName
from model.training.optimizers import OPTIMIZERS, OptionValue
from model.training.settings import Setup, TrainingSettings
from model.types import FloatArray, counted, readable

FEWEST_LANES, MOST_LANES = 2, 4
"""How many runs race beside each other."""

USUAL_RATES: Mapping[str, float] = {"sgd": 0.1, "momentum": 0.03, "rmsprop": 0.01, "adam": 0.01}
"""Optimizers that are often compared, each with a learning rate that is usual for it with small networks."""

_SAME = 1e-9
"""Losses that differ by a smaller share are equal."""

_COLUMN = {False: 1, True: 2}
"""Whether the test points decide -> which column of a loss curve."""


@dataclass(frozen=True, slots=True, eq=False)
class LaneState:
    """How far a lane has come.

    Attributes
    ----------
    trained : TrainedRun
        Up to its present moment, where that is finite.
    times : ndarray of shape (n_points,)
        How long its steps had computed at each point of its loss curve, in seconds.
    is_running : bool
        Whether it goes on with the race.
    """

    trained: TrainedRun
    times: FloatArray
    is_running: bool

    @property
    def training(self) -> TrainingSettings:
        """How it learns."""
        return self.trained.moment.training

    @property
    def has_diverged(self) -> bool:
        """Whether it is out of the race."""
        return self.trained.how == "diverged"

    @property
    def seconds(self) -> float:
        """How long its steps have computed."""
        return float(self.times[-1])

    def loss_at_step(self, step: int, *, test: bool) -> float:
        """Return its loss at the race's step; one that ended by itself before keeps its last. NaN where it has none."""
        last = self.trained.curve.last_until(inf)
        if last is None or self.has_diverged or (self.is_running and last[0] != step):
            return nan
        return last[_COLUMN[test]]

    def loss_at_time(self, seconds: float, *, test: bool) -> float:
        """Return its loss when its steps had computed for so long, between points of its curve on a straight line."""
        if self.has_diverged:
            return nan
        return float(np.interp(seconds, self.times, self.trained.curve.rows[:, _COLUMN[test]]))


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lanes compare at one step, or after one time.

    Attributes
    ----------
    at : float
        The step, or how long each lane has computed, in seconds.
    losses : tuple of float
        Of each lane; NaN for one that is out, or has no such loss.
    """

    at: float
    losses: tuple[float, ...]

    @property
    def leaders(self) -> tuple[int, ...]:
        """The lanes with the smallest loss; several where that is equal."""
        finite = [loss for loss in self.losses if isfinite(loss)]
        return tuple(
            lane
            for lane, loss in enumerate(self.losses)
            if isfinite(loss) and isclose(loss, min(finite), rel_tol=_SAME)
        )


@dataclass(frozen=True, slots=True, eq=False)
class RaceState:
    """How a race stands.

    Attributes
    ----------
    step : int
        At which all lanes are that have not ended.
    lanes : tuple of LaneState
    is_over : bool
        Whether no lane goes on: all are at the goal, or have ended before.
    """

    step: int
    lanes: tuple[LaneState, ...]
    is_over: bool

    def by_step(self, *, test: bool = False) -> Standing:
        """Return how the lanes compare now, at the same step, by the loss of the training or the test points."""
        return Standing(self.step, tuple(lane.loss_at_step(self.step, test=test) for lane in self.lanes))

    def by_time(self, *, test: bool = False) -> Standing:
        """Return how the lanes compare when each had computed for as long as the quickest of them now.

        A lane that ended by itself keeps its last loss, and does not limit the time.
        """
        left = [lane for lane in self.lanes if not lane.has_diverged]
        at_the_step = [lane.seconds for lane in left if lane.trained.how == "completed"]
        seconds = min(at_the_step) if at_the_step else max((lane.seconds for lane in left), default=0.0)
        return Standing(seconds, tuple(lane.loss_at_time(seconds, test=test) for lane in self.lanes))


class Race:
    """Trains two to four runs in turns, so that all are at the same step.

    Each is, to the bit, the run that it would be alone.

    Parameters
    ----------
    setup : Setup
        Points and network of all lanes; its training is none's.
    trainings : sequence of TrainingSettings
        Of each lane. The loss is the same for all, or they could not be compared, and so is the seed: lanes with the
        same batch size and order of batches have the same batches, unless one draws neurons to leave out.
    goal : int
        The race ends after so many steps, 1 or more.
    parameters : ndarray of shape (n_parameters,), optional
        The first weights of all lanes; by default those that the network's settings draw.
    clock : callable, optional
        Says in seconds how long this thread has computed.
    engine : str or None
        What is to take the steps of all lanes: a key of :data:`model.training.engines.ENGINES`. None: what is there at
        the first one.

    Attributes
    ----------
    lanes : tuple of Recorder

    Raises
    ------
    ValueError
        If there are too few lanes or too many, they cannot be compared, or there is no point to learn from.
    """

    def __init__(
        self,
        setup: Setup,
        trainings: Sequence[TrainingSettings],
        goal: int,
        parameters: FloatArray | None = None,
        clock: Callable[[], float] = computing_time,
        engine: EngineName | None = "numpy",
    ) -> None:
        if not FEWEST_LANES <= len(trainings) <= MOST_LANES:
            raise ValueError(f"a race needs {FEWEST_LANES} to {MOST_LANES} lanes; got {len(trainings)}")
        for name in ("loss", "seed"):
            values = {getattr(training, name) for training in trainings}
            if len(values) > 1:
                raise ValueError(f"all lanes need the same {name}; got {', '.join(map(str, sorted(values)))}")
        self.goal = goal
        self.lanes = tuple(
            Recorder(
                Run(Setup(setup.dataset, setup.network, training), parameters, clock, engine),
                DEFAULT_BUDGET // MOST_LANES,
            )
            for training in trainings
        )
        self._ended: dict[Recorder, LaneState] = {}

    @property
    def step(self) -> int:
        """At which all lanes are that have not ended."""
        return max(lane.run.step for lane in self.lanes)

    @property
    def goal(self) -> int:
        """After how many steps it ends; a later one lets it go on.

        Raises
        ------
        ValueError
            If it is set to less than 1.
        """
        return self._goal

    @goal.setter
    def goal(self, goal: int) -> None:
        if goal < 1:
            raise ValueError(f"steps must be 1 or more; got {goal}")
        self._goal = goal

    @property
    def is_over(self) -> bool:
        """Whether no lane goes on."""
        return self.step >= self._goal or all(lane.how is not None for lane in self.lanes)

    @property
    def is_compiled(self) -> bool:
        """Whether compiled code takes the steps of all lanes that go on."""
        return all(lane.run.engine == "compiled" for lane in self.lanes if lane.how is None)

    def advance(self, n_steps: int) -> None:
        """Let each lane take `n_steps` steps, or fewer where the race or the lane ends."""
        step = min(self.step + n_steps, self._goal)
        for lane in self.lanes:
            lane.advance(step - lane.run.step)
            if step == self._goal and lane.how is None:
                lane.settle()

    def state(self) -> RaceState:
        """Return how the race stands."""
        return RaceState(self.step, tuple(map(self._state_of, self.lanes)), self.is_over)

    def _state_of(self, lane: Recorder) -> LaneState:
        if lane in self._ended:
            return self._ended[lane]
        state = LaneState(*lane.timed(), is_running=lane.how is None)
        if lane.how is not None:
            self._ended[lane] = state
        return state


def lane_names(trainings: Sequence[TrainingSettings]) -> tuple[str, ...]:
    """Return a short name for each lane: its optimizer, and what tells it apart from lanes with the same one."""
    names = [OPTIMIZERS[training.optimizer].label for training in trainings]
    rated = [training for training in trainings if OPTIMIZERS[training.optimizer].kind is not None]
    has_rates = len({training.learning_rate for training in rated}) > 1
    has_sizes = len({training.batch_size for training in rated}) > 1
    for place, training in enumerate(trainings):
        if training in rated and (has_rates or not has_sizes):
            names[place] += readable(f" {training.learning_rate:g}")
        if training in rated and has_sizes:
            names[place] += f", batch {training.batch_size or 'all'}"
    for place, training in enumerate(trainings):
        alike = [other for other, name in zip(trainings, names, strict=True) if name.startswith(names[place])]
        if any(training_details(other) != training_details(training) for other in alike):
            names[place] = ", ".join([names[place], *training_details(training)])
    return tuple(_numbered(names))


def training_details(training: TrainingSettings) -> list[str]:
    """Return in a few words what is not usual of how a run learns, beside optimizer, learning rate and batch size."""
    details = [f"{name} {_option(value)}" for name, value in training.optimizer_options.items()]
    if training.regularization != "none":
        details.append(f"{training.regularization} {training.regularization_rate:g}")
    if training.clip_norm is not None:
        details.append(f"clip {training.clip_norm:g}")
    if training.patience is not None:
        details.append(f"patience {training.patience}")
    details.append("dropout" if training.dropout else "")
    details += [
        name for name in (training.schedule.name, training.batch_order, training.reduction) if name not in _USUAL
    ]
    return [readable(detail.replace("_", " ")) for detail in details if detail]


_USUAL = ("constant", "shuffled", "mean")


def _option(value: OptionValue) -> str:
    return "/".join(f"{part:g}" for part in (value if isinstance(value, tuple) else (value,)))


def _numbered(names: Sequence[str]) -> list[str]:
    """Return names that differ: of equal ones the later have a number."""
    counts = [names[: place + 1].count(name) for place, name in enumerate(names)]
    return [name if count == 1 else f"{name} ({count})" for name, count in zip(names, counts, strict=True)]


def verdict(state: RaceState, names: Sequence[str], *, test: bool = False) -> str:
    """Return in a sentence which lane leads, or has won, at the same step and at the same time."""
    if all(lane.has_diverged for lane in state.lanes):
        return "No lane is left: all have diverged."
    by_step, by_time = state.by_step(test=test), state.by_time(test=test)
    if not by_step.leaders:
        return "There is no test point to compare by." if test else "No lane has a loss yet."
    goals = [lane for lane in state.lanes if lane.trained.how in _GOALS]
    if goals:
        return _first_at_goal(state, names, goals)
    loss = _written(by_step.losses[by_step.leaders[0]])
    if state.step == 0:
        return f"All begin with a loss of {loss}."
    steps = f"{loss} after {counted(state.step, 'step')}"
    first = _who(by_step, names, ("wins", "win") if state.is_over else ("leads", "lead"))
    if not by_time.leaders:
        return f"{first}: {steps}."
    time_loss = _written(by_time.losses[by_time.leaders[0]])
    return f"{first}: {steps}. By time, {_who(by_time, names)}: {time_loss} after {seconds_text(by_time.at)} each."


_GOALS: tuple[How, ...] = ("loss_reached", "accuracy_reached")


def _first_at_goal(state: RaceState, names: Sequence[str], goals: Sequence[LaneState]) -> str:
    """Return which lane has reached the loss, or accuracy, at which all are to end, and after how long."""

    def who(lane: LaneState) -> str:
        return names[state.lanes.index(lane)]

    soonest = min(goals, key=lambda lane: lane.trained.moment.step)
    quickest = min(goals, key=lambda lane: lane.seconds)
    what = "loss" if soonest.trained.how == "loss_reached" else "accuracy"
    steps = counted(soonest.trained.moment.step, "step")
    return (
        f"{who(soonest)} was the first at the {what} that was asked for: after {steps}. "
        f"By time, {who(quickest)}: after {seconds_text(quickest.seconds)}."
    )


def _who(standing: Standing, names: Sequence[str], verbs: tuple[str, str] = ("", "")) -> str:
    leaders = [names[lane] for lane in standing.leaders]
    who = " and ".join([", ".join(leaders[:-1]), leaders[-1]]) if len(leaders) > 1 else leaders[0]
    return f"{who} {verbs[len(leaders) > 1]}".strip()


def _written(loss: float) -> str:
    return readable(f"{loss:.3g}")


def seconds_text(seconds: float) -> str:
    """Return how long something has computed, as a person reads it."""
    if seconds >= 1:
        return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"
    return f"{1000 * seconds:.0f} ms" if seconds >= 0.01 else f"{1000 * seconds:.1f} ms"
