"""The key frames of experiment files, read from their arrays and checked against their data and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from model.data.dataset import MAX_POINTS, Dataset
from model.experiment.archive import Arrays
from model.experiment.arrays import (
    FINISHED,
    FRAME,
    MAX_CURVE,
    MAX_DATASETS,
    MAX_FRAMES,
    METRICS,
    epoch_size,
)
from model.experiment.content import check_parts
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.checkpoint import Best, Checkpoint
from model.training.metrics import Metrics
from model.training.optimizers import memory_sizes
from model.training.settings import Setup, TrainingSettings
from model.types import FloatArray, IntArray, read_only

_MAX_COUNT = 1 << 53


def unpack_datasets(arrays: Arrays) -> list[Dataset]:
    """Return the data sets.

    Raises
    ------
    ValueError
        If one of them has more than 100,000 points, or is none.
    """
    _check_counts(arrays, {"datasets": MAX_DATASETS, "frames": MAX_FRAMES, "curve": MAX_CURVE})
    sizes = arrays["datasets"]["n_points"]
    if len(sizes) and sizes.max() > MAX_POINTS:
        raise ValueError(f"a data set may have {MAX_POINTS:,} points; got {sizes.max():,}")
    _check_bools("is_test", arrays["is_test"])
    columns = [_split(name, arrays[name], sizes) for name in ("points", "labels", "is_test")]
    return [
        Dataset(points, labels, is_test, int(n_classes))
        for points, labels, is_test, n_classes in zip(*columns, arrays["datasets"]["n_classes"], strict=True)
    ]


def unpack_frames(
    arrays: Arrays,
    datasets: Sequence[Dataset],
    networks: Sequence[NetworkSettings],
    trainings: Sequence[TrainingSettings],
) -> list[KeyFrame]:
    """Return the key frames; `arrays` loses what has been copied.

    Raises
    ------
    ValueError
        If a number is outside its range, or does not fit the others.
    """
    table = arrays["frames"]
    _check_table(table, {"dataset": len(datasets), "network": len(networks), "training": len(trainings)})
    setups = {}
    for dataset, network, training in set(table[["dataset", "network", "training"]].tolist()):
        check_parts(datasets[dataset], networks[network], trainings[training])
        setups[dataset, network, training] = Setup(datasets[dataset], networks[network], trainings[training])
    bests = _bests(arrays)
    _check_range("best", table["best"], -1, len(bests))
    orders = _split("orders", arrays.pop("orders"), arrays["order_sizes"])
    _check_range("order", table["order"], -1, len(orders))
    spans = [(len(order), int(order.min(initial=0)), int(order.max(initial=0))) for order in orders]
    names = FRAME.names or ()
    columns = [cast("list[Any]", table[name].tolist()) for name in names]
    moments = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    sizes = [network.n_parameters for network in networks]
    counts = [dataset.n_training for dataset in datasets]
    for moment in moments:
        training = trainings[moment["training"]]
        _check_moment(moment, sizes[moment["network"]], training, bests)
        if moment["order"] >= 0:
            _check_order(moment, counts[moment["dataset"]], training, *spans[moment["order"]])
    parameters = _split("parameters", _finite("parameters", arrays.pop("parameters")), table["n_parameters"])
    memories = _split("memory", arrays.pop("memory"), table["n_memory"])
    frames = []
    for moment, own, memory in zip(moments, parameters, memories, strict=True):
        setup = setups[moment["dataset"], moment["network"], moment["training"]]
        order = None if moment["order"] < 0 else orders[moment["order"]]
        best = None if moment["best"] < 0 else bests[moment["best"]]
        named = _named(memory, setup.training.optimizer, sizes[moment["network"]])
        frames.append(KeyFrame(_checkpoint(moment, own, named, order, best), _metrics(moment), setup))
    return frames


def _checkpoint(
    moment: Mapping[str, Any],
    parameters: FloatArray,
    memory: Mapping[str, FloatArray],
    order: IntArray | None,
    best: Best | None,
) -> Checkpoint:
    high, low, increment_high, increment_low, has_half, half = moment["random"]
    return Checkpoint(
        parameters=read_only(parameters),
        step_count=moment["step"],
        epoch_count=moment["epoch"],
        random=(high << 64 | low, increment_high << 64 | increment_low, has_half, half),
        next_batch=moment["next_batch"],
        order=None if order is None else read_only(order),
        memory=memory,
        best=best,
        tries=(moment["tries"][1], moment["tries"][2]),
        finished=FINISHED[moment["finished"]],
    )


def _metrics(moment: Mapping[str, Any]) -> Metrics:
    # In the order of METRICS, which is that of the attributes.
    columns = zip(moment["metrics"], moment["is_known"], strict=True)
    values: list[Any] = [value if known else None for value, known in columns]
    values = [moment["step"], *values, moment["tries"][0]]
    return Metrics(*values)


def unpack_curve(arrays: Arrays) -> FloatArray:
    """Return the rows of the loss curve; losses may be infinite or none, steps not."""
    steps = arrays["curve"][:, 0]
    if not (np.isfinite(steps).all() and (steps >= 0).all() and (np.diff(steps) >= 0).all()):
        raise ValueError("the steps of its loss curve do not ascend")
    return arrays["curve"]


def _check_counts(arrays: Arrays, limits: Mapping[str, int]) -> None:
    for name, limit in limits.items():
        if len(arrays[name]) > limit:
            raise ValueError(f"{name} may have {limit:,} rows; got {len(arrays[name]):,}")


def _check_bools(what: str, values: NDArray[np.bool_]) -> None:
    if values.size and values.view(np.uint8).max() > 1:
        raise ValueError(f"{what} must be 0 or 1")


def _check_range(what: str, values: NDArray[Any], first: int, stop: int) -> None:
    """Refuse whole numbers that are not at least `first` and below `stop`."""
    if values.size and not (values.min() >= first and values.max() < stop):
        raise ValueError(f"{what} must be {first} to {stop - 1}; got {values.min()} to {values.max()}")


def _finite(what: str, values: FloatArray) -> FloatArray:
    if not np.isfinite(values).all():
        raise ValueError(f"{what} must be finite; got NaN or infinity")
    return values


def _check_table(table: NDArray[Any], counts: Mapping[str, int]) -> None:
    """Refuse frames whose numbers cannot be, whatever their data and settings."""
    for name, count in counts.items():
        _check_range(f"the {name} of a frame", table[name], 0, count)
    for name in ("step", "epoch", "next_batch", "tries"):
        _check_range(f"the {name} of a frame", table[name], 0, _MAX_COUNT)
    _check_range("finished", table["finished"], 0, len(FINISHED))
    _check_range("random", table["random"][:, 4], 0, 2)
    _check_range("random", table["random"][:, 5], 0, 1 << 32)
    _check_bools("is_known", table["is_known"])
    if not table["is_known"][:, METRICS.index("penalty")].all():
        raise ValueError("every frame has a penalty")
    if not (np.diff(table["step"]) > 0).all():
        raise ValueError("the steps of its frames do not ascend")


def _check_moment(
    moment: Mapping[str, Any], n_parameters: int, training: TrainingSettings, bests: Sequence[Best]
) -> None:
    """Refuse a frame whose numbers do not go with its network and settings."""
    if moment["n_parameters"] != n_parameters:
        raise ValueError(f"a network has {n_parameters} parameters; a frame of it has {moment['n_parameters']}")
    if moment["n_memory"] not in (0, sum(memory_sizes(training.optimizer, n_parameters).values())):
        raise ValueError(f"the optimizer {training.optimizer} does not remember {moment['n_memory']} numbers")
    if moment["best"] >= 0 and len(bests[moment["best"]].parameters) != n_parameters:
        raise ValueError("the best parameters of a frame are of another network")
    if moment["order"] < 0 and moment["next_batch"] != 0:
        raise ValueError("a frame within an epoch has no order of points")


def _check_order(
    moment: Mapping[str, Any], n_training: int, training: TrainingSettings, size: int, least: int, largest: int
) -> None:
    """Refuse a frame within an epoch that its data and settings do not have."""
    n_taken, n_batches = epoch_size(n_training, training)
    if size != n_taken:
        raise ValueError(f"an epoch of a frame takes {n_taken} points; its order has {size}")
    if not 0 < moment["next_batch"] < n_batches:
        raise ValueError(f"the next batch of a frame must be 1 to {n_batches - 1}; got {moment['next_batch']}")
    if least < 0 or largest >= n_training:
        raise ValueError(f"an order must be of the points 0 to {n_training - 1}; got {least} to {largest}")


def _split(what: str, values: NDArray[Any], sizes: NDArray[np.int64]) -> list[NDArray[Any]]:
    """Return copies of the parts of an array, so that each can be forgotten alone."""
    # In floats the sum of absurd sizes is no small number by accident.
    if len(sizes) and (sizes.min() < 0 or sizes.astype(np.float64).sum() != len(values)):
        raise ValueError(f"{what} has fewer or more numbers than it declares")
    if not len(sizes) and len(values):
        raise ValueError(f"{what} has fewer or more numbers than it declares")
    stops = np.cumsum(sizes).tolist()
    return [values[stop - size : stop].copy() for size, stop in zip(sizes.tolist(), stops, strict=True)]


def _bests(arrays: Arrays) -> list[Best]:
    table = arrays["bests"]
    _check_range("the epoch of a best moment", table["epoch"], 0, _MAX_COUNT)
    values = _finite("best_parameters", arrays.pop("best_parameters"))
    split = _split("best_parameters", values, table["n_parameters"])
    return [
        Best(loss, epoch, read_only(parameters))
        for loss, epoch, parameters in zip(table["loss"].tolist(), table["epoch"].tolist(), split, strict=True)
    ]


def _named(memory: FloatArray, optimizer: str, n_parameters: int) -> dict[str, FloatArray]:
    """Return what an optimizer remembers, by name; numbers that count steps or parameters are whole."""
    if not len(memory):
        return {}
    named = {}
    start = 0
    for name, size in memory_sizes(optimizer, n_parameters).items():
        named[name] = read_only(memory[start : start + size])
        start += size
    for name, limit in (("n_updates", _MAX_COUNT), ("next", n_parameters)):
        if name in named and not (0 <= named[name][0] < limit and named[name][0] == int(named[name][0])):
            raise ValueError(f"{name} of {optimizer} must be a whole number; got {named[name][0]}")
    return named
