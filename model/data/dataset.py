"""Dataset: points of the plane with their classes or values, or those of a curve; a value that never changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from model.data.naming import MAX_CLASSES as MAX_CLASSES
from model.data.naming import PLAIN, Axis, Naming, class_letter
from model.types import BoolArray, FloatArray, IntArray, LabelArray, as_floats, check_choice, is_whole, read_only

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

PLANE_LIMIT = 6.0
"""The plane that a person draws on reaches from -6 to 6 in both directions."""

MAX_POINTS = 100_000
"""The window, tables and files take no more: a person cannot tell them apart, and memory has an end."""

MIN_CLASSES = 2

TARGET_LIMIT = 1.0
"""The targets of points with values are -1 to 1."""

CURVE_UNIT = 4.0
"""How many units of the plane a height of 1 is where the points are those of a curve: -1.5 to 1.5 are on the plane,
which leaves room above and below what tanh and sigmoid reach."""

CURVE_LIMIT = PLANE_LIMIT / CURVE_UNIT
"""The plane's highest place, as a height of a curve."""

ProblemKind: TypeAlias = Literal["classes", "values", "curve"]
"""What can be learned of points; :data:`model.data.problems.PROBLEMS` says what each kind means."""

PROBLEM_KINDS: tuple[ProblemKind, ...] = get_args(ProblemKind)


@dataclass(frozen=True, slots=True, eq=False, init=False)
class Dataset:
    """Labelled points, some for training and some for testing.

    Parameters
    ----------
    points : array_like of shape (n_points, 2)
        Coordinates x1, x2 in data units, finite. Of a curve: x, and the height y times :data:`CURVE_UNIT`, so that they
        are placed on the plane as any others.
    labels : array_like of shape (n_points,), optional
        Classes: the class of each point, an integer from 0. Values: the target of each point, -1 to 1. Those of a
        curve do not count: its targets are the heights of its points.
    is_test : array_like of shape (n_points,), optional
        True where a point is kept out of training. All are training points by default.
    n_classes : int, optional
        How many classes there are, 2 to 8, drawn or not; 0 for values and for a curve. By default as many as the labels
        need; labels of which one is not a whole number, or is negative, are values.
    kind : str, optional
        "curve" for the points of a curve. By default `n_classes` and the labels say what is learned.
    naming : Naming, optional
        What the person calls it all, and in which units; by default plain.

    Attributes
    ----------
    points, labels, is_test : ndarray
        Read-only copies of what was given. Labels are integers where they are classes, and else float64; those of a
        curve are ``points[:, 1] / CURVE_UNIT``.
    n_classes : int
    kind : str
        "classes", "values" or "curve".
    naming : Naming

    Raises
    ------
    ValueError
        If shapes do not fit, a coordinate is not finite, a label is not a class or a target outside its range, or there
        are names of more classes than there are.
    """

    points: FloatArray
    labels: LabelArray
    is_test: BoolArray
    n_classes: int
    kind: ProblemKind
    naming: Naming

    def __init__(
        self,
        points: ArrayLike,
        labels: ArrayLike | None = None,
        is_test: ArrayLike | None = None,
        n_classes: int | None = None,
        kind: ProblemKind | None = None,
        naming: Naming = PLAIN,
    ) -> None:
        coordinates = as_floats("points", points)
        if coordinates.size == 0:
            coordinates = coordinates.reshape(0, 2)
        if coordinates.ndim != 2 or coordinates.shape[1] != 2:
            raise ValueError(f"points must have shape (n_points, 2); got {coordinates.shape}")
        if not np.isfinite(coordinates).all():
            raise ValueError("points must be finite; got NaN or infinity")
        n_points = len(coordinates)
        if kind is not None:
            check_choice("kind", kind, PROBLEM_KINDS)
        if kind == "curve":
            labels = coordinates[:, 1] / CURVE_UNIT
        elif labels is None:
            raise ValueError("points need labels, classes or target values, unless they are those of a curve")
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
        kind, kept, count = ("curve", given, 0) if kind == "curve" else _learned(given, n_classes)
        if len(naming.classes) > count:
            raise ValueError(f"{count} classes cannot have {len(naming.classes)} names")
        object.__setattr__(self, "points", read_only(coordinates))
        object.__setattr__(self, "labels", read_only(kept))
        object.__setattr__(self, "is_test", read_only(test))
        object.__setattr__(self, "n_classes", count)
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "naming", naming)

    @classmethod
    def curve(cls, points: ArrayLike, is_test: ArrayLike | None = None, naming: Naming = PLAIN) -> Dataset:
        """Return the points of a curve: x, and the height y times :data:`CURVE_UNIT`, of shape (n_points, 2)."""
        return cls(points, None, is_test, kind="curve", naming=naming)

    def like(self, points: ArrayLike, labels: ArrayLike, is_test: ArrayLike | None = None) -> Dataset:
        """Return other points with what is learned of these; a curve's labels follow from the points alone."""
        return Dataset(points, labels, is_test, self.n_classes, self.kind, self.naming)

    def named(self, naming: Naming, n_classes: int | None = None) -> Dataset:
        """Return the same points by other names and in other units; there may be more classes, too."""
        count = self.n_classes if n_classes is None else n_classes
        if count != self.n_classes or len(naming.classes) > count:
            return Dataset(self.points, self.labels, self.is_test, count, self.kind, naming)
        named = object.__new__(Dataset)
        for attribute in ("points", "labels", "is_test", "n_classes", "kind"):
            object.__setattr__(named, attribute, getattr(self, attribute))
        object.__setattr__(named, "naming", naming)
        return named

    def has_points_of(self, other: Dataset) -> bool:
        """Return whether these are the very points of another data set, which may only have other names."""
        return (
            self.points is other.points
            and self.labels is other.labels
            and self.is_test is other.is_test
            and (self.n_classes, self.kind) == (other.n_classes, other.kind)
        )

    def take(self, rows: IntArray | BoolArray | slice) -> Dataset:
        """Return some of the points: those of an index, or where a mask is True."""
        return self.like(self.points[rows], self.labels[rows], self.is_test[rows])

    def __len__(self) -> int:
        return len(self.points)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return (
            self.kind == other.kind
            and self.naming == other.naming
            and self.n_classes == other.n_classes
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.labels, other.labels)
            and np.array_equal(self.is_test, other.is_test)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash, and a value of them neither

    @property
    def is_regression(self) -> bool:
        """Whether the labels are numbers that are learned, values or heights of a curve, and not classes."""
        return self.kind != "classes"

    @property
    def is_curve(self) -> bool:
        """Whether the labels are the points' own heights, and the network is given x alone."""
        return self.kind == "curve"

    @property
    def class_names(self) -> tuple[str, ...]:
        """What each class is called, by the person or by a letter; empty in a regression."""
        return self.naming.class_names(self.n_classes)

    def class_name(self, class_index: int) -> str:
        """Return what a class is called, by the person or by a letter."""
        return self.class_names[class_index]

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The person's names and units along the plane and upwards on it; a curve has its height there."""
        naming = self.naming
        return naming.x1, naming.value.rescaled(CURVE_UNIT) if self.is_curve else naming.x2

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
        return self.take(self.is_test if test else ~self.is_test)

    def split(self, training_share: float, generator: np.random.Generator) -> Dataset:
        """Return the same points with `training_share` of them, 0 to 1, drawn for training and the rest for testing."""
        n_test = len(self) - round(training_share * len(self))
        is_test = np.zeros(len(self), dtype=np.bool_)
        is_test[generator.permutation(len(self))[:n_test]] = True
        return self.like(self.points, self.labels, is_test)

    def as_kind(self, kind: ProblemKind) -> Dataset:
        """Return the same places with what another kind of problem learns of them.

        Classes become values that are spread evenly from -1 to 1; values above 0 become class 1, others class 0. For a
        curve the heights of the points are all that counts. The points of a curve have as values their heights, up to
        -1 and 1, and as classes whether they are above 0. Names and units of the coordinates stay, also where one of
        them becomes a height; those of labels that are now others go.
        """
        if kind == self.kind:
            return self
        own = self.naming
        if kind == "curve":
            height = own.x2 if own.x2 == PLAIN.x2 else own.x2.rescaled(1.0 / CURVE_UNIT)
            return Dataset.curve(self.points, self.is_test, Naming(own.x1, value=height))
        upwards = PLAIN.x2 if own.value == PLAIN.value else self.axes[1]
        naming = Naming(own.x1, upwards if self.is_curve else own.x2)
        if kind == "classes":
            labels = (self.labels > 0).astype(np.intp)
            return Dataset(self.points, labels, self.is_test, MIN_CLASSES, naming=naming)
        if self.is_curve:
            targets = np.clip(self.labels, -TARGET_LIMIT, TARGET_LIMIT)
            naming = replace(naming, value=own.value)
        else:
            targets = self.labels * (2.0 / (self.n_classes - 1)) - 1.0
        return Dataset(self.points, targets, self.is_test, 0, naming=naming)


def are_classes(labels: LabelArray) -> bool:
    """Return whether labels are classes, whole numbers of 0 or more, and not targets."""
    if labels.dtype.kind in "iub":
        return True
    with np.errstate(invalid="ignore"):
        return bool(np.all((labels >= 0) & (labels == np.floor(labels)) & np.isfinite(labels)))


def _learned(labels: LabelArray, n_classes: int | None) -> tuple[ProblemKind, LabelArray, int]:
    """Return whether labels are classes or values, a checked copy of them, and how many classes there are."""
    if n_classes == 0 or (n_classes is None and not are_classes(labels)):
        return "values", _as_targets(labels), 0
    classes, count = _as_classes(labels, n_classes)
    return "classes", classes, count


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


CLASS_LETTERS = tuple(map(class_letter, range(MAX_CLASSES)))
