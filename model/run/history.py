"""History: key frames of a run within a fixed budget of memory, and what happened in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.data.dataset import Dataset
from model.data.naming import Naming
from model.network.settings import NetworkSettings
from model.training.checkpoint import Checkpoint
from model.training.metrics import Metrics
from model.training.settings import Setup, TrainingSettings
from model.training.trainer import Trainer

DEFAULT_BUDGET = 64_000_000
"""Bytes that the key frames of a run may take."""

LEAST_BUDGET = 1_000_000
"""A smaller budget is refused."""

_FRAME_BYTES = 2_000
"""About what a key frame takes beside its arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyFrame:
    """A moment of a run, with the data and settings that were in force.

    Attributes
    ----------
    checkpoint : Checkpoint
    metrics : Metrics
    setup : Setup
        Data set, network and training, which are also attributes of their own.
    """

    checkpoint: Checkpoint
    metrics: Metrics
    setup: Setup

    @classmethod
    def of(cls, trainer: Trainer, metrics: Metrics | None = None, checkpoint: Checkpoint | None = None) -> KeyFrame:
        """Return the present moment of a trainer; its metrics and its checkpoint may be at hand already."""
        return cls(checkpoint or trainer.checkpoint(), metrics or trainer.metrics(), trainer.setup)

    @property
    def dataset(self) -> Dataset:
        """The points."""
        return self.setup.dataset

    @property
    def network(self) -> NetworkSettings:
        """The network's shape and names."""
        return self.setup.network

    @property
    def training(self) -> TrainingSettings:
        """How the network learns."""
        return self.setup.training

    @property
    def step(self) -> int:
        """Steps taken since the first weights."""
        return self.checkpoint.step_count

    @property
    def time(self) -> float:
        """When it is, in steps; only what lies between two key frames is within one."""
        return float(self.step)

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.checkpoint.epoch_count

    def with_dataset(self, dataset: Dataset) -> KeyFrame:
        """Return the same moment with the same points by other names."""
        return replace(self, setup=replace(self.setup, dataset=dataset))

    def own_bytes(self, before: KeyFrame | None) -> int:
        """Return how much memory this takes beside what it shares with the frame before it."""
        n_bytes = self.checkpoint.n_bytes + _FRAME_BYTES
        order = self.checkpoint.order
        if before is not None and isinstance(order, np.ndarray) and order is before.checkpoint.order:
            n_bytes -= int(order.nbytes)
        if before is None or self.dataset is not before.dataset:
            data = self.dataset
            n_bytes += data.points.nbytes + data.labels.nbytes + data.is_test.nbytes
        return n_bytes


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person changed during a run, or has to say of a moment of it.

    Attributes
    ----------
    step : int
    text : str
        In a few words, as a mark on the timeline has room for.
    is_note : bool
        Whether a person only says something there, and changed nothing.
    """

    step: int
    text: str
    is_note: bool = False


class History:
    """Key frames in the order of their steps, at most one for each step.

    When they would take more than the budget, every other one goes, and from then on every second that is offered is
    kept, every fourth after the next time, and so on. The first and the last always stay.

    Parameters
    ----------
    budget : int
        In bytes.

    Attributes
    ----------
    stride : int
        Every how many offered frames one is kept.
    """

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self.stride = 1
        self._budget = budget
        self._frames: list[KeyFrame] = []
        self._steps: list[int] = []
        self._n_bytes = 0
        self._n_offered = 0
        self._last_is_spare = False
        self._events: list[Event] = []

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def frames(self) -> Sequence[KeyFrame]:
        """The key frames, the first one first."""
        return self._frames

    @property
    def events(self) -> Sequence[Event]:
        """What happened, in the order of steps."""
        return self._events

    @property
    def n_bytes(self) -> int:
        """About how much memory the key frames take."""
        return self._n_bytes

    @property
    def budget(self) -> int:
        """How many bytes the key frames may take."""
        return self._budget

    def set_budget(self, budget: int) -> None:
        """Allow another number of bytes; frames that are too many go at once.

        Raises
        ------
        ValueError
            If it is less than a megabyte.
        """
        if not budget >= LEAST_BUDGET:
            raise ValueError(f"the budget must be {LEAST_BUDGET:,} bytes or more; got {budget!r}")
        self._budget = budget
        if self._n_bytes > budget and len(self._frames) > 2:
            self.thin(int(0.75 * self._budget))

    def copy(self) -> History:
        """Return a history of its own with the same frames."""
        other = History(self._budget)
        other.stride = self.stride
        other._frames, other._steps, other._events = self._frames.copy(), self._steps.copy(), self._events.copy()
        other._n_bytes, other._n_offered, other._last_is_spare = self._n_bytes, self._n_offered, self._last_is_spare
        return other

    def append(self, frame: KeyFrame) -> None:
        """Add a later moment, or another state of the last step. The latest is always there."""
        if self._frames and frame.step < self._frames[-1].step:
            self.forget_after(frame.step)
        if self._frames and frame.step == self._frames[-1].step:
            # A change between two steps: what training goes on from is what counts.
            self._drop_last()
            self._put(frame)
            return
        if self._last_is_spare:
            self._drop_last()
        self._put(frame)
        # Until the next one comes, a frame that is not due stands for the present.
        self._last_is_spare = self._n_offered % self.stride != 0
        self._n_offered += 1
        if self._n_bytes > self._budget and len(self._frames) > 2:
            self.thin(int(0.75 * self._budget))

    def _put(self, frame: KeyFrame) -> None:
        self._n_bytes += frame.own_bytes(self._frames[-1] if self._frames else None)
        self._frames.append(frame)
        self._steps.append(frame.step)

    def _drop_last(self) -> None:
        frame = self._frames.pop()
        self._steps.pop()
        self._n_bytes -= frame.own_bytes(self._frames[-1] if self._frames else None)

    def thin(self, n_bytes: int) -> None:
        """Drop every other frame until they take `n_bytes` at most, but never the first and the last."""
        while self._n_bytes > n_bytes and len(self._frames) > 2:
            self.stride *= 2
            kept = self._frames[:-1:2]
            self._set_frames([*kept, self._frames[-1]])
        self._n_offered = 0
        self._last_is_spare = True

    def _set_frames(self, frames: list[KeyFrame]) -> None:
        self._frames = frames
        self._steps = [frame.step for frame in frames]
        befores = [None, *frames]
        self._n_bytes = sum(frame.own_bytes(before) for frame, before in zip(frames, befores, strict=False))

    def rename(self, before: Dataset, after: Dataset) -> None:
        """Give the points of the last moments other names, in as many moments as they go by the same ones.

        Moments before are of the same points where the data set after them has some of its points and all of its names;
        it may have had fewer classes.

        Parameters
        ----------
        before, after : Dataset
            The present points, by the names that they had and have.
        """
        frames, renamed, later = list(self._frames), {id(before): after}, before
        for index in reversed(range(len(frames))):
            dataset = frames[index].dataset
            if id(dataset) not in renamed:
                if not _are_of_one_person(dataset, later, before.naming):
                    break
                renamed[id(dataset)] = dataset.named(_cut(after.naming, dataset.n_classes))
            later = dataset
            frames[index] = frames[index].with_dataset(renamed[id(dataset)])
        self._frames = frames

    def forget_after(self, step: int) -> None:
        """Take out what came after `step`: the run went back to it."""
        n_kept = bisect_right(self._steps, step)
        if n_kept < len(self._frames):
            self._set_frames(self._frames[:n_kept])
            self._last_is_spare = False
        self._events = [event for event in self._events if event.step <= step]

    def index_at(self, step: int) -> int:
        """Return the number of the last frame that is not after `step`; the first one's where all are."""
        return max(bisect_right(self._steps, step) - 1, 0)

    def nearest(self, step: float) -> int:
        """Return the number of the frame whose step is nearest."""
        after = min(bisect_right(self._steps, step), len(self._steps) - 1)
        before = max(after - 1, 0)
        return after if self._steps[after] - step < step - self._steps[before] else before

    def note(self, step: int, text: str) -> None:
        """Add an event of now; the same again at the same step is one event."""
        event = Event(step, text)
        if not self._events or self._events[-1] != event:
            self._events.append(event)

    def set_events(self, events: Iterable[Event]) -> None:
        """Have these events in the place of those that are there; they are put in the order of their steps."""
        self._events = sorted(events, key=lambda event: event.step)

    def change_event(self, before: Event | None, after: Event | None) -> None:
        """Put an event in the place of another; None: add it, or take the other out.

        An event that is there no more, as when the run went back to before it, is not replaced.
        """
        if before is None:
            self.set_events([*self._events, *([] if after is None else [after])])
        elif before in self._events:
            at = self._events.index(before)
            self._events[at : at + 1] = [] if after is None else [after]


def _cut(naming: Naming, n_classes: int) -> Naming:
    return replace(naming, classes=naming.classes[:n_classes])


def _are_of_one_person(dataset: Dataset, later: Dataset, naming: Naming) -> bool:
    """Return whether a data set is what a later one was before some edits, by the same names."""
    if dataset.kind != later.kind or dataset.naming != _cut(naming, dataset.n_classes):
        return False
    places, other = (one.points[:, 0] + 1j * one.points[:, 1] for one in (dataset, later))
    return dataset.points is later.points or bool(np.isin(places, other).any())
