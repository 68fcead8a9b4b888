"""The arrays of experiment files: data sets and key frames as a few tables and long rows of numbers.

Here they are made; :mod:`model.experiment.frames` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import astuple
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import Dataset
from model.data.naming import Naming
from model.experiment.archive import Arrays
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.checkpoint import Best, DrawnOrder, Finished, Order, RandomState
from model.training.optimizers import memory_sizes
from model.training.settings import BatchOrder, Setup, TrainingSettings
from model.training.stopping import StopState
from model.types import FloatArray, IntArray

MAX_FRAMES = 32_000
MAX_DATASETS = 5_000
MAX_CURVE = 1_000_000

METRICS = (
    *("train_loss", "test_loss", "train_accuracy", "test_accuracy", "penalty"),
    *("train_r2", "test_r2", "train_mae", "test_mae"),
)
"""The columns of a frame's metrics."""

FINISHED: tuple[Finished | None, ...] = (
    *(None, "all_right", "budget_spent", "early_stopping"),
    *("steps_done", "epochs_done", "loss_reached", "accuracy_reached", "plateau"),
)
"""What the numbers from 0 of a frame say."""

_WHOLE = np.dtype("<i8")
_FLOAT = np.dtype("<f8")
FRAME = np.dtype(
    [
        *((name, "<i8") for name in ("step", "epoch", "dataset", "network", "training", "n_parameters", "n_memory")),
        *((name, "<i8") for name in ("next_batch", "order", "best", "finished")),
        ("tries", "<i8", (3,)),
        ("random", "<u8", (6,)),
        ("metrics", "<f8", (len(METRICS),)),
        ("is_known", "|b1", (len(METRICS),)),
    ]
)
_BEST = np.dtype([("loss", "<f8"), ("epoch", "<i8"), ("n_parameters", "<i8")])
_DRAWN_ORDER = np.dtype([*((name, "<i8") for name in ("kind", "n_points", "n_taken")), ("random", "<u8", (6,))])
STOP = np.dtype(
    [
        ("frame", "<i8"),
        *((name, "|b1") for name in ("has_passed_loss", "has_passed_accuracy")),
        ("lowest_loss", "<f8"),
        ("lowest_epoch", "<i8"),
    ]
)
CURVE = -1
"""What the table of data sets has as the number of classes of a curve."""

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
    "drawn_orders": (_DRAWN_ORDER, None),
    "stops": (STOP, None),
}
"""Every array: its type, and the length of its second dimension where it has one."""

OPTIONAL = frozenset({"drawn_orders", "stops"})
"""Arrays that may be missing, and then are empty."""

KINDS_OF_ORDER: tuple[BatchOrder, ...] = ("shuffled", "sequential", "with_replacement")
"""What the numbers 0 to 2 of a drawn order say."""

_LOW = (1 << 64) - 1
_HEADER_BYTES = 50_000
_NO_ORDER = -1

Item = TypeVar("Item")


class Register(Generic[Item]):
    """Things in the order in which they came, each once.

    Parameters
    ----------
    key : callable
        Things of the same key are the same; by default only the same object is, which must live as long as this does.

    Attributes
    ----------
    items : list
    """

    def __init__(self, key: Callable[[Item], Hashable] = id) -> None:
        self.items: list[Item] = []
        self._key = key
        self._numbers: dict[Hashable, int] = {}

    def number(self, item: Item) -> int:
        """Return the number of an item."""
        number = self._numbers.setdefault(self._key(item), len(self.items))
        if number == len(self.items):
            self.items.append(item)
        return number


class SharedParts:
    """What the moments of an experiment share, each once.

    Attributes
    ----------
    datasets, namings, networks, trainings, bests : Register
    listed_orders, drawn_orders : Register
        Orders of points as they are, and how others were drawn.
    """

    def __init__(self) -> None:
        self.datasets: Register[Dataset] = Register()
        self.namings: Register[Naming] = Register(lambda naming: naming)
        # Equal numbers of different types, as 1 and 1.0, are written differently.
        self.networks: Register[NetworkSettings] = Register(repr)
        self.trainings: Register[TrainingSettings] = Register(repr)
        self.listed_orders: Register[IntArray] = Register()
        self.drawn_orders: Register[DrawnOrder] = Register(lambda order: order)
        self.bests: Register[Best] = Register()
        self._of_setup: dict[int, tuple[tuple[int, int, int], int]] = {}

    @property
    def namings_of_datasets(self) -> list[Naming]:
        """What each of the data sets is called."""
        return [dataset.naming for dataset in self.datasets.items]

    def numbers(self, setup: Setup) -> tuple[tuple[int, int, int], int]:
        """Return the numbers of data set, network and training, and how many points there are to learn from."""
        if id(setup) not in self._of_setup:
            dataset, network = self.datasets.number(setup.dataset), self.networks.number(setup.network)
            self.namings.number(setup.dataset.naming)
            numbers = dataset, network, self.trainings.number(setup.training)
            self._of_setup[id(setup)] = numbers, setup.dataset.n_training
        return self._of_setup[id(setup)]

    def row(self, frame: KeyFrame) -> tuple[Any, ...]:
        """Return the frame's row of the table :data:`FRAME`."""
        moment = frame.checkpoint
        numbers, n_points = self.numbers(frame.setup)
        goes_on = moment.is_within_epoch(n_points, frame.training)
        values = [getattr(frame.metrics, name) for name in METRICS]
        return (
            moment.step_count,
            moment.epoch_count,
            *numbers,
            len(moment.parameters),
            sum(map(len, _memory(frame))),
            moment.next_batch if goes_on else 0,
            self._order_number(moment.order) if goes_on else _NO_ORDER,
            -1 if moment.best is None else self.bests.number(moment.best),
            FINISHED.index(moment.finished),
            (frame.metrics.tries, *moment.tries),
            _random_row(moment.random),
            tuple(np.nan if value is None else value for value in values),
            tuple(value is not None for value in values),
        )

    def _order_number(self, order: Order | None) -> int:
        """Return the number of an order: from 0 those that are listed, down from -2 those that were drawn."""
        if order is None:
            return _NO_ORDER
        if isinstance(order, DrawnOrder):
            return _NO_ORDER - 1 - self.drawn_orders.number(order)
        return self.listed_orders.number(order)

    def n_bytes(self, frames: Sequence[KeyFrame]) -> int:
        """Return how many bytes the arrays of `frames` take at most, when the row of each has been asked for."""
        arrays: list[NDArray[Any]] = [*self.listed_orders.items, *(best.parameters for best in self.bests.items)]
        for frame in frames:
            arrays += [frame.checkpoint.parameters, *_memory(frame)]
        tables: list[Register[Any]] = [self.datasets, self.listed_orders, self.drawn_orders, self.bests]
        n_rows = sum(len(table.items) for table in tables)
        n_points = sum(map(len, self.datasets.items))
        n_bytes = sum(array.nbytes for array in arrays) + FRAME.itemsize * (len(frames) + n_rows) + 25 * n_points
        n_bytes += STOP.itemsize * len(frames)
        return n_bytes + _HEADER_BYTES


def pack(frames: Sequence[KeyFrame], rows: Sequence[tuple[Any, ...]], parts: SharedParts, curve: FloatArray) -> Arrays:
    """Return the arrays of a run.

    Parameters
    ----------
    frames : sequence of KeyFrame
    rows : sequence of tuple
        What :meth:`SharedParts.row` says of each.
    parts : SharedParts
    curve : ndarray of shape (n, 4)

    Notes
    -----
    What a frame cannot go on from, such as the memory of another optimizer, is left out, as training would leave it.
    """
    datasets, orders, bests = parts.datasets.items, parts.listed_orders.items, parts.bests.items
    arrays = {
        "datasets": np.array(
            [(len(dataset), CURVE if dataset.is_curve else dataset.n_classes) for dataset in datasets], _DATASET
        ),
        "points": _joined([dataset.points for dataset in datasets], _FLOAT).reshape(-1, 2),
        "labels": _joined([dataset.labels for dataset in datasets], _FLOAT),
        "is_test": _joined([dataset.is_test for dataset in datasets], np.dtype("|b1")),
        "frames": np.array(rows, FRAME),
        "parameters": _joined([frame.checkpoint.parameters for frame in frames], _FLOAT),
        "memory": _joined([array for frame in frames for array in _memory(frame)], _FLOAT),
        "order_sizes": np.array([len(order) for order in orders], _WHOLE),
        "orders": _joined(orders, _WHOLE),
        "bests": np.array([(best.loss, best.epoch, len(best.parameters)) for best in bests], _BEST),
        "best_parameters": _joined([best.parameters for best in bests], _FLOAT),
        "curve": curve,
    }
    stops = [
        (number, *astuple(frame.checkpoint.stop))
        for number, frame in enumerate(frames)
        if frame.checkpoint.stop != StopState()
    ]
    if stops:
        arrays["stops"] = np.array(stops, STOP)
    if parts.drawn_orders.items:
        arrays["drawn_orders"] = np.array([_drawn_row(order) for order in parts.drawn_orders.items], _DRAWN_ORDER)
    return arrays


def _drawn_row(order: DrawnOrder) -> tuple[Any, ...]:
    return KINDS_OF_ORDER.index(order.kind), order.n_points, order.n_taken, _random_row(order.random)


def _random_row(random: RandomState) -> tuple[int, ...]:
    state, increment, has_half, half = random
    return state >> 64, state & _LOW, increment >> 64, increment & _LOW, has_half, half


def _memory(frame: KeyFrame) -> list[FloatArray]:
    """Return what the frame's optimizer remembers, in its order of names; nothing if it is not all there."""
    memory = frame.checkpoint.memory
    sizes = memory_sizes(frame.training.optimizer, frame.network.n_parameters)
    whole = all(name in memory and memory[name].shape == (size,) for name, size in sizes.items())
    return [memory[name] for name in sizes] if whole else []


def _joined(arrays: Sequence[NDArray[Any]], dtype: np.dtype[Any]) -> NDArray[Any]:
    # One after the other into one array: a second copy of all key frames would be large.
    joined = np.empty(sum(array.size for array in arrays), dtype)
    start = 0
    for array in arrays:
        joined[start : start + array.size] = array.reshape(-1)
        start += array.size
    return joined
