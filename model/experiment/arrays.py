"""The arrays of experiment files: data sets and key frames as a few tables and long rows of numbers.

Here they are made; :mod:`model.experiment.frames` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import Dataset
from model.experiment.archive import MAX_ARRAY_BYTES, Arrays
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.checkpoint import Best, Finished
from model.training.optimizers import memory_sizes
from model.training.settings import TrainingSettings
from model.types import FloatArray, IntArray

MAX_FRAMES = 32_000
MAX_DATASETS = 5_000
MAX_CURVE = 1_000_000

METRICS = (
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "penalty",
    "train_r2",
    "test_r2",
    "train_mae",
    "test_mae",
)
"""The columns of a frame's metrics."""

FINISHED: tuple[Finished | None, ...] = (None, "all_right", "budget_spent", "early_stopping")
"""What the numbers 0 to 3 of a frame say."""

_WHOLE = np.dtype("<i8")
_FLOAT = np.dtype("<f8")
FRAME = np.dtype(
    [
        ("step", "<i8"),
        ("epoch", "<i8"),
        ("dataset", "<i8"),
        ("network", "<i8"),
        ("training", "<i8"),
        ("n_parameters", "<i8"),
        ("n_memory", "<i8"),
        ("next_batch", "<i8"),
        ("order", "<i8"),
        ("best", "<i8"),
        ("finished", "<i8"),
        ("tries", "<i8", (3,)),
        ("random", "<u8", (6,)),
        ("metrics", "<f8", (len(METRICS),)),
        ("is_known", "|b1", (len(METRICS),)),
    ]
)
_BEST = np.dtype([("loss", "<f8"), ("epoch", "<i8"), ("n_parameters", "<i8")])
_DATASET = np.dtype([("n_points", "<i8"), ("n_classes", "<i8")])

EXPECTED: dict[str, tuple[np.dtype[Any], int | None]] = {
    "datasets": (_DATASET, None),
    "points": (_FLOAT, 2),
    "labels": (_FLOAT, None),
    "is_test": (np.dtype("|b1"), None),
    "frames": (FRAME, None),
    "parameters": (_FLOAT, None),
    "memory": (_FLOAT, None),
    "order_sizes": (_WHOLE, None),
    "orders": (_WHOLE, None),
    "bests": (_BEST, None),
    "best_parameters": (_FLOAT, None),
    "curve": (_FLOAT, 4),
}
"""Every array: its type, and the length of its second dimension where it has one."""

_LOW = (1 << 64) - 1

Item = TypeVar("Item")


class Numbered(Generic[Item]):
    """Things in the order in which they came, each once.

    Parameters
    ----------
    key : callable
        Things of the same key are the same; by default only the same object is.

    Attributes
    ----------
    items : list
    """

    def __init__(self, key: Callable[[Item], Hashable] = id) -> None:
        self.items: list[Item] = []
        self._key = key
        self._numbers: dict[Hashable, int] = {}
        self._of_object: dict[int, int] = {}

    def number(self, item: Item) -> int:
        """Return the number of an item, which must live as long as this does."""
        number = self._of_object.get(id(item))
        if number is None:
            number = self._numbers.setdefault(self._key(item), len(self.items))
            if number == len(self.items):
                self.items.append(item)
            self._of_object[id(item)] = number
        return number


def _by_repr() -> Numbered[Any]:
    # Equal numbers of different types, as 1 and 1.0, are written differently.
    return Numbered(repr)


@dataclass(slots=True)
class SharedParts:
    """What the moments of an experiment share, each once.

    Attributes
    ----------
    datasets, networks, trainings : Numbered
    """

    datasets: Numbered[Dataset] = field(default_factory=Numbered)
    networks: Numbered[NetworkSettings] = field(default_factory=_by_repr)
    trainings: Numbered[TrainingSettings] = field(default_factory=_by_repr)

    def number(self, dataset: Dataset, network: NetworkSettings, training: TrainingSettings) -> tuple[int, int, int]:
        """Return the numbers of what is in force at a moment."""
        return self.datasets.number(dataset), self.networks.number(network), self.trainings.number(training)


def epoch_size(n_points: int, training: TrainingSettings) -> tuple[int, int]:
    """Return how many points an epoch takes of `n_points` for training, and in how many batches."""
    size = training.batch_size or n_points
    if n_points == 0:
        return 0, 0
    if training.batch_order == "with_replacement":
        n_batches = -(-n_points // size)
        return n_batches * size, n_batches
    return n_points, -(-n_points // size)


# Writing


def pack(frames: Sequence[KeyFrame], parts: SharedParts, curve: FloatArray) -> Arrays:
    """Return the arrays of a run; `parts` takes up what its frames are made of.

    Notes
    -----
    What a frame cannot go on from, such as the memory of another optimizer, is left out, as training would leave it.
    """
    rows = []
    memories: list[FloatArray] = []
    counts = [dataset.n_training for dataset in parts.datasets.items]
    orders: Numbered[IntArray] = Numbered()
    bests: Numbered[Best] = Numbered()
    for frame in frames:
        moment, measured = frame.checkpoint, frame.metrics
        memory = _memory(frame)
        memories += memory
        numbers = parts.number(frame.dataset, frame.network, frame.training)
        if numbers[0] == len(counts):
            counts.append(frame.dataset.n_training)
        order = moment.order if _goes_on(frame, counts[numbers[0]]) else None
        state, increment, has_half, half = moment.random
        values = [getattr(measured, name) for name in METRICS]
        rows.append(
            (
                moment.step_count,
                moment.epoch_count,
                *numbers,
                len(moment.parameters),
                sum(map(len, memory)),
                0 if order is None else moment.next_batch,
                -1 if order is None else orders.number(order),
                -1 if moment.best is None else bests.number(moment.best),
                FINISHED.index(moment.finished),
                (measured.tries, *moment.tries),
                (state >> 64, state & _LOW, increment >> 64, increment & _LOW, has_half, half),
                tuple(np.nan if value is None else value for value in values),
                tuple(value is not None for value in values),
            )
        )
    datasets, best = parts.datasets.items, bests.items
    return {
        "datasets": np.array([(len(dataset), dataset.n_classes) for dataset in datasets], _DATASET),
        "points": _joined([dataset.points for dataset in datasets], _FLOAT).reshape(-1, 2),
        "labels": _joined([dataset.labels for dataset in datasets], _FLOAT),
        "is_test": _joined([dataset.is_test for dataset in datasets], np.dtype("|b1")),
        "frames": np.array(rows, FRAME),
        "parameters": _joined([frame.checkpoint.parameters for frame in frames], _FLOAT),
        "memory": _joined(memories, _FLOAT),
        "order_sizes": np.array([len(order) for order in orders.items], _WHOLE),
        "orders": _joined(orders.items, _WHOLE),
        "bests": np.array([(item.loss, item.epoch, len(item.parameters)) for item in best], _BEST),
        "best_parameters": _joined([item.parameters for item in best], _FLOAT),
        "curve": curve,
    }


def fits(arrays: Arrays) -> bool:
    """Return whether there are not more or larger arrays than :func:`unpack` takes."""
    n_bytes = sum(array.nbytes + 4_000 for array in arrays.values())
    return (
        n_bytes <= MAX_ARRAY_BYTES and len(arrays["frames"]) <= MAX_FRAMES and len(arrays["datasets"]) <= MAX_DATASETS
    )


def _joined(arrays: Sequence[NDArray[Any]], dtype: np.dtype[Any]) -> NDArray[Any]:
    # One after the other into one array: a second copy of all key frames would be large.
    joined = np.empty(sum(array.size for array in arrays), dtype)
    start = 0
    for array in arrays:
        joined[start : start + array.size] = array.reshape(-1)
        start += array.size
    return joined


def _memory(frame: KeyFrame) -> list[FloatArray]:
    """Return what the frame's optimizer remembers, in its order of names; nothing if it is not all there."""
    memory = frame.checkpoint.memory
    sizes = memory_sizes(frame.training.optimizer, frame.network.n_parameters)
    whole = all(name in memory and memory[name].shape == (size,) for name, size in sizes.items())
    return [memory[name] for name in sizes] if whole else []


def _goes_on(frame: KeyFrame, n_training: int) -> bool:
    """Return whether the frame is within an epoch of its own data and settings."""
    order = frame.checkpoint.order
    n_taken, n_batches = epoch_size(n_training, frame.training)
    return order is not None and len(order) == n_taken and 0 < frame.checkpoint.next_batch < n_batches
