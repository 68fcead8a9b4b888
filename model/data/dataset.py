"""Dataset: the points of the plane and their classes or target values, a value that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.types import BoolArray, FloatArray, IntArray, LabelArray, as_floats, is_whole, read_only

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

PLANE_LIMIT = 6.0
"""The plane that a person draws on reaches from -6 to 6 in both directions."""

MAX_POINTS = 100_000
"""The window, tables and files take no more: a person cannot tell them apart, and memory has an end."""

MIN_CLASSES, MAX_CLASSES = 2, 8

TARGET_LIMIT = 1.0
"""Targets of a regression are -1 to 1."""


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Dataset:
    """Labelled points, some for training and some for testing.

    Parameters
    ----------
    points : array_like of shape (n_points, 2)
        Coordinates x1, x2 in data units, finite.
    labels : array_like of shape (n_points,)
        Classification: the class of each point, an integer from 0. Regression: the target of each point, -1 to 1.
    is_test : array_like of shape (n_points,), optional
        True where a point is kept out of training. All are training points by default.
    n_classes : int, optional
        How many classes there are, 2 to 8, drawn or not; 0 for a regression. By default as many as the labels need;
        labels of which one is not a whole number, or is negative, make a regression.

    Attributes
    ----------
    points, labels, is_test : ndarray
        Read-only copies of what was given. Labels are integers in a classification, float64 in a regression.
    n_classes : int

    Raises
    ------
    ValueError
        If shapes do not fit, a coordinate is not finite, a label is not a class or a target outside its range.
    """

    points: FloatArray
    labels: LabelArray
    is_test: BoolArray
    n_classes: int

    def __init__(
        self,
        points: ArrayLike,
        labels: ArrayLike,
        is_test: ArrayLike | None = None,
        n_classes: int | None = None,
    ) -> None:
        coordinates = as_floats("points", points)
        if coordinates.size == 0:
            coordinates = coordinates.reshape(0, 2)
        if coordinates.ndim != 2 or coordinates.shape[1] != 2:
            raise ValueError(f"points must have shape (n_points, 2); got {coordinates.shape}")
        if not np.isfinite(coordinates).all():
            raise ValueError("points must be finite; got NaN or infinity")
        n_points = len(coordinates)
        given = np.asarray(labels)
        if given.size == 0:
            given = np.zeros(0, dtype=np.intp)
        if given.dtype.kind not in "iubf":
            raise ValueError(f"labels must be numbers: classes from 0, or targets; got {given.ravel()[0]!r}")
        if given.shape != (n_points,):
            raise ValueError(f"labels must have shape ({n_points},); got {given.shape}")
        test = np.zeros(n_points, dtype=np.bool_) if is_test is None else np.array(is_test, dtype=np.bool_).reshape(-1)
        if test.shape != (n_points,):
            raise ValueError(f"is_test must have shape ({n_points},); got {test.shape}")
        count = (None if are_classes(given) else 0) if n_classes is None else n_classes
        kept, count = (_as_targets(given), 0) if count == 0 else _as_classes(given, count)
        object.__setattr__(self, "points", read_only(coordinates))
        object.__setattr__(self, "labels", read_only(kept))
        object.__setattr__(self, "is_test", read_only(test))
        object.__setattr__(self, "n_classes", count)

    def __len__(self) -> int:
        return len(self.points)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return (
            self.n_classes == other.n_classes
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.labels, other.labels)
            and np.array_equal(self.is_test, other.is_test)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash, and a value of them neither

    @property
    def is_regression(self) -> bool:
        """Whether the labels are target values and not classes."""
        return self.n_classes == 0

    @property
    def class_counts(self) -> IntArray:
        """How many points each class has, an ndarray of shape (n_classes,); empty in a regression."""
        if self.is_regression:
            return np.empty(0, dtype=np.intp)
        return np.bincount(self.labels, minlength=self.n_classes)

    @property
    def n_test(self) -> int:
        """How many points are kept out of training."""
        return int(self.is_test.sum())

    @property
    def n_training(self) -> int:
        """How many points the network learns from."""
        return len(self) - self.n_test

    def nearest(self, place: tuple[float, float], reach: float) -> int | None:
        """Return the row of the point nearest to a place, None where none is within `reach`, in data units."""
        if not len(self):
            return None
        distances = np.hypot(*(self.points - place).T)
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= reach else None

    def subset(self, *, test: bool) -> Dataset:
        """Return the test points or the training points alone."""
        chosen = self.is_test if test else ~self.is_test
        return Dataset(self.points[chosen], self.labels[chosen], self.is_test[chosen], self.n_classes)

    def split(self, training_share: float, generator: np.random.Generator) -> Dataset:
        """Return the same points with `training_share` of them, 0 to 1, drawn for training and the rest for testing."""
        n_test = len(self) - round(training_share * len(self))
        is_test = np.zeros(len(self), dtype=np.bool_)
        is_test[generator.permutation(len(self))[:n_test]] = True
        return Dataset(self.points, self.labels, is_test, self.n_classes)

    def sets_for_new_points(self, n_new: int, training_share: float) -> BoolArray:
        """Say which of `n_new` points to be added are test points, so that `training_share` is kept.

        Notes
        -----
        A new point goes to the test set only when the set is due for one: the first points drawn are for training.
        """
        total = len(self) + np.arange(1, n_new + 1)
        due = np.floor((1.0 - training_share) * total + 1e-9).astype(np.intp)
        is_test = np.zeros(n_new, dtype=np.bool_)
        n_test = self.n_test
        for index in range(n_new):
            if n_test < due[index]:
                is_test[index] = True
                n_test += 1
        return is_test

    def as_regression(self) -> Dataset:
        """Return the points with their classes as targets, spread evenly from -1 to 1."""
        if self.is_regression:
            return self
        return Dataset(self.points, self.labels * (2.0 / (self.n_classes - 1)) - 1.0, self.is_test, 0)

    def as_classification(self) -> Dataset:
        """Return the points with two classes: class 1 where the target is above 0."""
        if not self.is_regression:
            return self
        return Dataset(self.points, (self.labels > 0).astype(np.intp), self.is_test, MIN_CLASSES)


def are_classes(labels: LabelArray) -> bool:
    """Return whether labels are classes, whole numbers of 0 or more, and not targets."""
    if labels.dtype.kind in "iub":
        return True
    with np.errstate(invalid="ignore"):
        return bool(np.all((labels >= 0) & (labels == np.floor(labels)) & np.isfinite(labels)))


def _as_targets(labels: LabelArray) -> FloatArray:
    """Return targets as float64, a copy."""
    targets = labels.astype(np.float64)
    wrong = ~(np.abs(targets) <= TARGET_LIMIT)
    if wrong.any():
        raise ValueError(f"target values must be -{TARGET_LIMIT:g} to {TARGET_LIMIT:g}; got {targets[wrong][0]}")
    return targets


def _as_classes(labels: LabelArray, n_classes: int | None) -> tuple[IntArray, int]:
    """Return classes as integers, a copy, and how many there are."""
    # NaN and infinity become some integer, which differs from them below.
    with np.errstate(invalid="ignore"):
        classes = labels.astype(np.intp)
    if not np.array_equal(classes, labels):
        raise ValueError(f"labels must be whole numbers; got {labels[classes != labels][0]}")
    largest = int(classes.max(initial=0))
    count = max(MIN_CLASSES, largest + 1) if n_classes is None else n_classes
    if not (is_whole(count) and MIN_CLASSES <= count <= MAX_CLASSES):
        raise ValueError(f"n_classes must be {MIN_CLASSES} to {MAX_CLASSES}; got {count!r}")
    if len(classes) and (classes.min() < 0 or largest >= count):
        raise ValueError(f"labels must be 0 to {count - 1}; got {int(classes.min())} to {largest}")
    return classes, count


def class_name(class_index: int) -> str:
    """Return the letter of a class: A for 0."""
    return chr(ord("A") + class_index)


CLASS_LETTERS = tuple(map(class_name, range(MAX_CLASSES)))
