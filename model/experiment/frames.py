"""The key frames of experiment files, read from their arrays and checked against their data and settings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import MAX_POINTS, Dataset
from model.experiment.archive import Arrays
from model.experiment.arrays import (
    CURVE,
    FINISHED,
    FRAME,
    KINDS_OF_ORDER,
    MAX_CURVE,
    MAX_DATASETS,
    MAX_FRAMES,
    METRICS,
)
from model.experiment.content import check_limits
from model.experiment.engines import EngineSpan
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.checkpoint import Best, Checkpoint, DrawnOrder, Order, RandomState
from model.training.engines import NUMPY, Engine
from model.training.metrics import Metrics
from model.training.optimizers import memory_sizes
from model.training.settings import Setup, TrainingSettings
from model.training.stopping import StopState
from model.types import FloatArray, read_only

_MAX_COUNT = 1 << 53


def unpack_datasets(arrays: Arrays) -> list[Dataset]:
    """Return the data sets.

    Raises
    ------
    ValueError
        If there are too many of them or too much else, one has more than 100,000 points, or is none.
    """
    for name, limit in (("datasets", MAX_DATASETS), ("frames", MAX_FRAMES), ("curve", MAX_CURVE)):
        if len(arrays[name]) > limit:
            raise ValueError(f"{name} may have {limit:,} rows; got {len(arrays[name]):,}")
    sizes = arrays["datasets"]["n_points"]
    if len(sizes) and sizes.max() > MAX_POINTS:
        raise ValueError(f"a data set may have {MAX_POINTS:,} points; got {sizes.max():,}")
    _check_bools("is_test", arrays["is_test"])
    columns = [_split(name, arrays[name], sizes) for name in ("points", "labels", "is_test")]
    return [
        Dataset.curve(points, is_test) if n_classes == CURVE else Dataset(points, labels, is_test, int(n_classes))
        for points, labels, is_test, n_classes in zip(*columns, arrays["datasets"]["n_classes"], strict=True)
    ]


def unpack_curve(arrays: Arrays) -> FloatArray:
    """Return the rows of the loss curve; losses may be infinite or none, steps not."""
    steps = arrays["curve"][:, 0]
    if not (np.isfinite(steps).all() and (steps >= 0).all() and (np.diff(steps) >= 0).all()):
        raise ValueError("the steps of its loss curve do not ascend")
    return arrays["curve"]


def unpack_frames(
    arrays: Arrays,
    datasets: Sequence[Dataset],
    networks: Sequence[NetworkSettings],
    trainings: Sequence[TrainingSettings],
    spans: Sequence[EngineSpan] = (),
) -> list[KeyFrame]:
    """Return the key frames; `arrays` loses what has been copied.

    A run without a step that says of no engine has not decided for one.

    Raises
    ------
    ValueError
        If a number is outside its range, or does not fit the others.
    """
    table, bests = arrays["frames"], _bests(arrays)
    orders: list[Order] = [read_only(order) for order in _split("orders", arrays.pop("orders"), arrays["order_sizes"])]
    drawn_orders = _drawn_orders(arrays["drawn_orders"])
    for name, first, stop in (
        *((name, 0, _MAX_COUNT) for name in ("step", "epoch", "next_batch", "tries")),
        ("dataset", 0, len(datasets)),
        ("network", 0, len(networks)),
        ("training", 0, len(trainings)),
        ("order", -1 - len(drawn_orders), len(orders)),
        ("best", -1, len(bests)),
        ("finished", 0, len(FINISHED)),
    ):
        _check_range(f"{name} of a frame", table[name], first, stop)
    _check_table(table)
    setups = {}
    for dataset, network, training in set(table[["dataset", "network", "training"]].tolist()):
        setup = setups[dataset, network, training] = Setup(datasets[dataset], networks[network], trainings[training])
        check_limits(setup)
    parameters = _split("parameters", _finite("parameters", arrays.pop("parameters")), table["n_parameters"])
    memories = _split("memory", arrays.pop("memory"), table["n_memory"])
    names, training_counts = FRAME.names or (), [dataset.n_training for dataset in datasets]
    # Counted from the end, -1 is none, and -2 the first order that was drawn.
    orders_or_none, bests_or_none = [*orders, *reversed(drawn_orders), None], [*bests, None]
    none: Engine | None = None if not spans and table["step"].max(initial=0) == 0 else NUMPY
    starts, engines = [span.step for span in spans], [none, *(span.engine for span in spans)]
    frames, stops = [], _stops(arrays["stops"], len(table))
    for number, values in enumerate(zip(*(table[name].tolist() for name in names), parameters, memories, strict=True)):
        row = dict(zip((*names, "own_parameters", "own_memory"), values, strict=True))
        setup = setups[row["dataset"], row["network"], row["training"]]
        engine = engines[bisect_right(starts, row["step"])]
        checkpoint = _checkpoint(row, setup, orders_or_none[row["order"]], bests_or_none[row["best"]], engine)
        if row["next_batch"] and not checkpoint.is_within_epoch(training_counts[row["dataset"]], setup.training):
            raise ValueError("the order of points of a frame does not go with its data and settings")
        if number in stops:
            checkpoint = replace(checkpoint, stop=stops[number])
        frames.append(KeyFrame(checkpoint, _metrics(row), setup))
    return frames


def _check_table(table: NDArray[Any]) -> None:
    """Refuse frames whose numbers cannot be, whatever their data and settings."""
    _check_random(table)
    _check_bools("is_known", table["is_known"])
    if not table["is_known"][:, METRICS.index("penalty")].all():
        raise ValueError("every frame has a penalty")
    if not (np.diff(table["step"]) > 0).all():
        raise ValueError("the steps of its frames do not ascend")
    if ((table["order"] == -1) != (table["next_batch"] == 0)).any():
        raise ValueError("a frame within an epoch has an order of points, and no other frame has one")


def _checkpoint(
    row: Mapping[str, Any], setup: Setup, order: Order | None, best: Best | None, engine: Engine | None
) -> Checkpoint:
    """Return the moment of a row; refuse one whose numbers do not go with its setup."""
    parameters, n_parameters = row["own_parameters"], setup.network.n_parameters
    if len(parameters) != n_parameters:
        raise ValueError(f"a network has {n_parameters} parameters; a frame of it has {len(parameters)}")
    if best is not None and len(best.parameters) != n_parameters:
        raise ValueError("the best parameters of a frame are of another network")
    return Checkpoint(
        parameters=read_only(parameters),
        step_count=row["step"],
        epoch_count=row["epoch"],
        random=_random(row["random"]),
        next_batch=row["next_batch"],
        order=order,
        memory=_memory(row["own_memory"], setup.training.optimizer, n_parameters),
        best=best,
        tries=(row["tries"][1], row["tries"][2]),
        finished=FINISHED[row["finished"]],
        engine=engine,
    )


def _stops(table: NDArray[Any], n_frames: int) -> dict[int, StopState]:
    """Return what frames remember of where training is to end, by the number of the frame."""
    _check_range("frame of a stop", table["frame"], 0, n_frames)
    _check_range("lowest_epoch of a stop", table["lowest_epoch"], 0, _MAX_COUNT)
    for name in ("has_passed_loss", "has_passed_accuracy"):
        _check_bools(name, np.ascontiguousarray(table[name]))
    if not (table["lowest_loss"] >= 0).all():
        raise ValueError("the lowest loss of a stop must be a number of 0 or more")
    return {number: StopState(*values) for number, *values in table.tolist()}


def _drawn_orders(table: NDArray[Any]) -> list[DrawnOrder]:
    """Return how orders were drawn; whether they go with data and settings is not known yet."""
    _check_range("kind of a drawn order", table["kind"], 0, len(KINDS_OF_ORDER))
    _check_random(table)
    columns = (table[name].tolist() for name in ("kind", "n_points", "n_taken", "random"))
    return [
        DrawnOrder(KINDS_OF_ORDER[kind], n_points, n_taken, _random(random))
        for kind, n_points, n_taken, random in zip(*columns, strict=True)
    ]


def _random(row: Sequence[int]) -> RandomState:
    high, low, increment_high, increment_low, has_half, half = row
    return high << 64 | low, increment_high << 64 | increment_low, has_half, half


def _check_random(table: NDArray[Any]) -> None:
    _check_range("random", table["random"][:, 4], 0, 2)
    _check_range("random", table["random"][:, 5], 0, 1 << 32)


def _memory(values: FloatArray, optimizer: str, n_parameters: int) -> dict[str, FloatArray]:
    """Return what an optimizer remembers, by name; numbers that count steps or parameters are whole."""
    sizes = memory_sizes(optimizer, n_parameters)
    if len(values) not in (0, sum(sizes.values())):
        raise ValueError(f"the optimizer {optimizer} does not remember {len(values)} numbers")
    named, start = {}, 0
    for name, size in sizes.items() if len(values) else ():
        named[name] = read_only(values[start : start + size])
        start += size
    for name, limit in (("n_updates", _MAX_COUNT), ("next", n_parameters)):
        if name in named and not (0 <= named[name][0] < limit and named[name][0] == int(named[name][0])):
            raise ValueError(f"{name} of {optimizer} must be a whole number; got {named[name][0]}")
    return named


def _metrics(row: Mapping[str, Any]) -> Metrics:
    values = zip(METRICS, row["metrics"], row["is_known"], strict=True)
    known: dict[str, Any] = {name: value if is_known else None for name, value, is_known in values}
    return Metrics(step=row["step"], tries=row["tries"][0], **known)


def _bests(arrays: Arrays) -> list[Best]:
    table = arrays["bests"]
    _check_range("the epoch of a best moment", table["epoch"], 0, _MAX_COUNT)
    values = _finite("best_parameters", arrays.pop("best_parameters"))
    split = _split("best_parameters", values, table["n_parameters"])
    return [
        Best(loss, epoch, read_only(parameters))
        for loss, epoch, parameters in zip(table["loss"].tolist(), table["epoch"].tolist(), split, strict=True)
    ]


def _split(what: str, values: NDArray[Any], sizes: NDArray[np.int64]) -> list[NDArray[Any]]:
    """Return copies of the parts of an array, so that each can be forgotten alone."""
    # In floats the sum of absurd sizes is not a small number by accident.
    if sizes.min(initial=0) < 0 or sizes.astype(np.float64).sum() != len(values):
        raise ValueError(f"{what} has fewer or more numbers than it declares")
    stops = np.cumsum(sizes).tolist()
    return [values[stop - size : stop].copy() for size, stop in zip(sizes.tolist(), stops, strict=True)]


def _check_bools(what: str, values: NDArray[np.bool_]) -> None:
    if values.view(np.uint8).max(initial=0) > 1:
        raise ValueError(f"{what} must be 0 or 1")


def _check_range(what: str, values: NDArray[Any], first: int, stop: int) -> None:
    """Refuse whole numbers that are not at least `first` and below `stop`."""
    if values.size and not (values.min() >= first and values.max() < stop):
        raise ValueError(f"{what} must be {first} to {stop - 1}; got {values.min()} to {values.max()}")


def _finite(what: str, values: FloatArray) -> FloatArray:
    if not np.isfinite(values).all():
        raise ValueError(f"{what} must be finite; got NaN or infinity")
    return values
