"""Edits of a data set: each is a value that can be applied, and that knows the edit that undoes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from model.data.dataset import Dataset
from model.types import BoolArray, FloatArray, IntArray


class Edit(Protocol):
    """What every edit can do. Both methods are pure."""

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the data set after the edit."""

    def inverse(self, dataset: Dataset) -> Edit:
        """Return the edit that leads back to `dataset` from ``self.apply(dataset)``."""


@dataclass(frozen=True, slots=True, eq=False)
class InsertPoints:
    """Insert points at the given positions of the result.

    Attributes
    ----------
    points : ndarray of shape (n_new, 2)
    labels, is_test : ndarray of shape (n_new,)
        Among the points of a curve, labels do not count.
    indices : ndarray of shape (n_new,) or None
        The points' positions afterwards, ascending; None: at the end.
    """

    points: FloatArray
    labels: IntArray
    is_test: BoolArray
    indices: IntArray | None = None

    def apply(self, dataset: Dataset) -> Dataset:
        """Return `dataset` with the points."""
        if self.indices is None:
            return dataset.like(
                np.concatenate([dataset.points, self.points]),
                np.concatenate([dataset.labels, self.labels]),
                np.concatenate([dataset.is_test, self.is_test]),
            )
        before = self.indices - np.arange(len(self.indices))
        return dataset.like(
            np.insert(dataset.points, before, self.points, axis=0),
            np.insert(dataset.labels, before, self.labels),
            np.insert(dataset.is_test, before, self.is_test),
        )

    def inverse(self, dataset: Dataset) -> Edit:
        """Return the removal of these points."""
        if self.indices is None:
            return RemovePoints(len(dataset) + np.arange(len(self.points)))
        return RemovePoints(self.indices)


@dataclass(frozen=True, slots=True, eq=False)
class RemovePoints:
    """Remove the points at `indices`, ascending."""

    indices: IntArray

    def apply(self, dataset: Dataset) -> Dataset:
        """Return `dataset` without the points."""
        keep = np.ones(len(dataset), dtype=np.bool_)
        keep[self.indices] = False
        return dataset.take(keep)

    def inverse(self, dataset: Dataset) -> Edit:
        """Return the insertion of the same points at the same places."""
        return InsertPoints(
            dataset.points[self.indices], dataset.labels[self.indices], dataset.is_test[self.indices], self.indices
        )


@dataclass(frozen=True, slots=True, eq=False)
class MovePoints:
    """Move the points at `indices` to `points`, an ndarray of shape (n_moved, 2)."""

    indices: IntArray
    points: FloatArray

    def apply(self, dataset: Dataset) -> Dataset:
        """Return `dataset` with the points moved."""
        points = dataset.points.copy()
        points[self.indices] = self.points
        return dataset.like(points, dataset.labels, dataset.is_test)

    def inverse(self, dataset: Dataset) -> Edit:
        """Return the move back."""
        return MovePoints(self.indices, dataset.points[self.indices])


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceAll:
    """Replace the data set by another."""

    dataset: Dataset

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the other data set."""
        return self.dataset

    def inverse(self, dataset: Dataset) -> Edit:
        """Return the edit that brings this one back."""
        return ReplaceAll(dataset)


def remove_class(dataset: Dataset, class_index: int) -> Dataset:
    """Return `dataset` without one class and its points; the classes above it move down by one, with their names."""
    keep = dataset.labels != class_index
    labels = dataset.labels[keep]
    names = dataset.naming.classes
    naming = replace(dataset.naming, classes=names[:class_index] + names[class_index + 1 :])
    moved = labels - (labels > class_index)
    return Dataset(dataset.points[keep], moved, dataset.is_test[keep], dataset.n_classes - 1, naming=naming)


def rename_class(dataset: Dataset, class_index: int, name: str) -> Dataset:
    """Return `dataset` with another name of one class.

    Raises
    ------
    ValueError
        If the name is empty, too long, or that of another class.
    """
    names = list(dataset.class_names)
    names[class_index] = name
    return dataset.named(replace(dataset.naming, classes=tuple(names)))
