"""Columns of a table: which of them are x1, x2, the label and the set, guessed together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from model.data.dataset import MAX_CLASSES, ProblemKind
from model.table.errors import TableError
from model.table.looks import (
    FEWEST_ROWS,
    Column,
    alike_but_for_case,
    columns_of,
    follows,
    missing_codes,
    says_index,
)
from model.table.scaling import wants_scale
from model.table.text import Table
from model.types import FloatArray, counted

TEST_WORDS = ("test", "testing", "validation", "valid", "val", "holdout", "dev", "eval", "evaluation")
TRAINING_WORDS = ("train", "training", "")
YES_WORDS = ("1", "1.0", "true", "yes", "y")
NO_WORDS = ("0", "0.0", "false", "no", "n")
"""What a column of sets may say. Yes means a test point, except in a column whose name contains "train"."""

CLASS_COLUMNS = ("x1", "x2", "class", "set")
VALUE_COLUMNS = ("x1", "x2", "value", "set")
CURVE_COLUMNS = ("x", "y", "set")
"""The columns of the tables that :func:`model.table.points.write_table` writes."""

_OTHER_PAIRS = (("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("long", "lat"))
_SET_NAMES = ("set", "split", "subset", "partition", "istest", "istrain", "isvalidation")
_PERHAPS_SET_NAMES = ("test", "train", "training", "validation")
_VALUE_NAMES = ("value", "values", "wert", "valeur", "valor")
_CLASS_NAMES = (
    *("class", "classes", "label", "labels", "target", "targets", "category", "species", "kind"),
    *("diagnosis", "outcome", "classname", "targetname", "ytrue", "groundtruth"),
    *("klasse", "kategorie", "sorte", "classe", "clase", "especie", "categoria"),
)
_LABEL_NAMES = (
    *("type", "group", "result", "cluster", "gruppe", "typ", "output", "color", "colour", "survived", "quality"),
    *("price", "preis", "prix", "precio", "prezzo", "mpg", "medv"),
    *("y", "z", "t", "c"),
)
_TARGET_NAMES = ("y", *_VALUE_NAMES)
_MOST_COUNTED_CLASSES = 30


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column of a table is which, counted from 0, and what becomes of its numbers.

    Attributes
    ----------
    x1, x2 : int
    label : int or None
        Classes by name, or values; None: there is none.
    set : int or None
        Which points are for testing; None: all are for training.
    kind : str
        Whether the label is a class or a value; "curve": it does not count, and x2 has the heights y over x1. Without a
        label there are no values, but points of one class.
    scale : bool
        Whether coordinates are scaled to the plane, of a curve those along x.
    scale_values : bool, optional
        Whether values outside -1 to 1, or the heights of a curve, are scaled into that range; by default as coordinates
        are.
    leaves_out : bool
        Whether rows without a number or a class are left out; otherwise the first of them is an error.
    """

    x1: int
    x2: int
    label: int | None
    set: int | None
    kind: ProblemKind
    scale: bool
    scale_values: bool | None = None
    leaves_out: bool = True

    def __post_init__(self) -> None:
        if self.label is None and self.kind == "values":
            object.__setattr__(self, "kind", "classes")
        if self.scale_values is None:
            object.__setattr__(self, "scale_values", self.scale)


def is_own(table: Table) -> bool:
    """Return whether columns and sets are those that :func:`model.table.points.write_table` writes."""
    is_named = table.columns in (CLASS_COLUMNS, VALUE_COLUMNS, CURVE_COLUMNS)
    return is_named and table.different(len(table.columns) - 1).keys() <= {"test", "train"}


def guess_columns(table: Table, *, curve: bool | None = None) -> ColumnChoice:
    """Return which columns are x1, x2, label and set, see :func:`judge_columns`."""
    return judge_columns(table, curve=curve)[0]


def judge_columns(table: Table, *, curve: bool | None = None) -> tuple[ColumnChoice, tuple[str, ...]]:
    """Return which columns are x1, x2, label and set, and sentences on what may be read in another way.

    Parameters
    ----------
    table : Table
    curve : bool, optional
        Whether the points are those of a curve, where that is known; otherwise it is told by the columns.

    Raises
    ------
    TableError
        If there is only one column.

    Notes
    -----
    Names that are pairs are coordinates: x and y, feature_0 and feature_1 in their order; y alone is none. Otherwise
    the first two columns of numbers are that neither count the rows nor look like classes. The label is a column of
    that name, of a few words, of a few whole numbers, or what is left. Two columns of numbers alone are the x and the y
    of a curve, unless they are called x1 and x2 or the like, or are scattered.

    Scaling is proposed if a point is outside the plane, or all are within 1 of its middle, or no height of a curve is
    beyond 0.25; never for a table that NetCanvas wrote.
    """
    if len(table.columns) < 2:
        raise TableError("the table has 1 column; x1 and x2 need one each, separated by a comma for example")
    if is_own(table):
        return _own_choice(table, curve), ()
    judgement = _Judgement(table)
    choice = judgement.choice(curve)
    labels = () if choice.label is None or choice.kind == "curve" else (choice.label,)
    doubts = [*judgement.doubts]
    if choice.kind == "classes":
        doubts += [doubt for label in labels for doubt in alike_but_for_case(table, label)]
    doubts += missing_codes(table, (choice.x1, choice.x2, *(labels if choice.kind == "values" else ())))
    return choice, tuple(doubts)


def _own_choice(table: Table, curve: bool | None) -> ColumnChoice:
    """Return the columns of a table that NetCanvas wrote, which are kept as they are; also as what it is not."""
    is_curve = table.columns == CURVE_COLUMNS
    kind: ProblemKind = "values" if table.columns == VALUE_COLUMNS else "classes"
    kind = "curve" if curve or (is_curve and curve is None) else kind
    label = None if is_curve or kind == "curve" else 2
    return ColumnChoice(0, 1, label, len(table.columns) - 1, kind, scale=False)


class _Judgement:
    """The roles that the columns of a table get one after the other, each in the light of all columns."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._columns = columns_of(table)
        self._set: Column | None = None
        self._label: Column | None = None
        self.doubts: list[str] = []

    def choice(self, curve: bool | None) -> ColumnChoice:
        usable = [c for c in self._columns if not c.is_ignored]
        self._set = self._find_set(usable)
        free = [c for c in usable if c is not self._set]
        self._label = self._named_label(free, strong=True)
        features = self._features(free)
        if self._label is not None and self._label.name in _VALUE_NAMES and len(features) < 2 and self._words(free):
            # What is called a value is the second coordinate where only words are left for it.
            self._label = None
            features = self._features(free)
        pair = _pair(features, self._label is None)
        idle = self._idle([c for c in features if c not in (pair or ())], len(features))
        free, features = [c for c in free if c not in idle], [c for c in features if c not in idle]
        if curve is not False:
            found = self._curve(free, features, pair, bool(curve))
            if found is not None:
                return self._choice_of(*found, "curve")
        if self._label is None and pair is None and not self._words(free):
            self._label = self._target_by_name(free, features)
            features = [c for c in features if c is not self._label]
        first, second = pair or self._coordinates(free)
        if curve:
            return self._choice_of(first, second, "curve")
        self._label = self._label or self._likely_label([c for c in free if c not in (first, second)])
        is_values = self._label is not None and self._has_values(self._label)
        return self._choice_of(first, second, "values" if is_values else "classes")

    def _features(self, columns: Sequence[Column]) -> list[Column]:
        return [c for c in columns if c.is_numeric and not c.is_index and c is not self._label]

    def _idle(self, columns: Sequence[Column], n_features: int) -> list[Column]:
        """Return columns of one number alone, or mostly empty ones, if others are left for the coordinates."""
        if len(self._table.rows) < FEWEST_ROWS:
            return []
        fullest = max((c.n_filled for c in columns), default=0)
        found = [c for c in columns if not c.mark and (c.n_different < 2 or 2 * c.n_filled < fullest)]
        return found if n_features - len(found) >= 2 else []

    def _choice_of(self, first: Column, second: Column, kind: ProblemKind) -> ColumnChoice:
        label = None if self._label is None or kind == "curve" else self._label.index
        sets = None if self._set is None else self._set.index
        scale = wants_scale(self._table, first.index, second.index, kind)
        # Values are only scaled that are outside their range.
        scale_values = kind != "curve" or scale
        return ColumnChoice(first.index, second.index, label, sets, kind, scale, scale_values)

    # Sets

    def _find_set(self, columns: Sequence[Column]) -> Column | None:
        yes = (*YES_WORDS, *NO_WORDS)
        for column in columns:
            if column.name in _SET_NAMES and self._has_sets(column, yes, may_be_wrong=True):
                return column
        for column in columns:
            if not column.is_numeric and self._has_sets(column, (), may_be_wrong=False):
                return column
        for column in columns:
            if column.name in _PERHAPS_SET_NAMES and self._has_sets(column, yes, may_be_wrong=False):
                others = [c for c in columns if c is not column and (c.name in _CLASS_NAMES or _is_words(c))]
                numeric = [c for c in columns if c is not column and c.is_numeric and not c.is_index]
                if others or len(numeric) > 2:
                    return column
                self.doubts.append(
                    f"{self._title(column)} is taken for the label, and may say which points are for testing"
                )
        return None

    def _has_sets(self, column: Column, also: Iterable[str], *, may_be_wrong: bool) -> bool:
        """Return whether the cells name sets: all of them, or most of them if the column's name says so."""
        words = {*TEST_WORDS, *TRAINING_WORDS, *also}
        found = self._table.different(column.index)
        n_filled = n_known = 0
        for cell, count in found.items():
            if cell:
                n_filled += count
                n_known += count * (cell.lower() in words)
        return n_known > 0 and (n_known == n_filled or (may_be_wrong and 2 * n_known > n_filled))

    # Labels

    def _named_label(self, columns: Sequence[Column], *, strong: bool) -> Column | None:
        marked = next((c for c in columns if c.mark == "class"), None)
        if marked is not None:
            return marked
        names = (*_CLASS_NAMES, *_VALUE_NAMES) if strong else _LABEL_NAMES
        for name in names:
            for column in columns:
                if column.name == name and column.n_filled and (strong or self._may_be_label(column)):
                    return column
        return None

    def _target_by_name(self, columns: Sequence[Column], features: Sequence[Column]) -> Column | None:
        """Return the column that is named as a target, such as y without x, if others are left for the coordinates."""
        found = self._named_label([c for c in columns if not (c.is_index or self._is_time(c))], strong=False)
        if found is None or len([c for c in features if c is not found]) < min(2, len(features) - 1):
            return None
        return found

    def _is_time(self, column: Column) -> bool:
        """Return whether t stands before the others and only rises, and so is a time and no target."""
        return column.name == "t" and column.index == 0 and bool((np.diff(self._table.numbers(0)) > 0).all())

    def _may_be_label(self, column: Column) -> bool:
        n_rows = len(self._table.rows)
        if column.is_index or 2 * column.n_filled < n_rows:
            return False
        return column.is_numeric or column.n_different <= MAX_CLASSES or 4 * column.n_different <= 3 * n_rows

    def _words(self, columns: Sequence[Column]) -> list[Column]:
        return [c for c in columns if _is_words(c) and self._may_be_label(c)]

    def _likely_label(self, columns: Sequence[Column]) -> Column | None:
        """Return the column of few words first, then few whole numbers, other numbers, other words; the last first."""
        named = self._named_label(columns, strong=False)
        if named is not None:
            return named
        may = [c for c in columns if self._may_be_label(c) and (c.n_different > 1 or not c.is_numeric)]
        rank = {c.index: c.is_numeric if c.is_few else 2 + (not c.is_numeric) for c in may}
        likely = sorted(may, key=lambda c: (rank[c.index], -c.index))
        self._say_label_of_several([c for c in likely if _is_words(c) and c.is_few])
        if not likely:
            self._say_few_words(columns)
        return likely[0] if likely else None

    def _say_label_of_several(self, words: Sequence[Column]) -> None:
        """Doubt which column has the classes, where several have a few words each."""
        if len(words) > 1:
            others = " or ".join(self._title(c) for c in sorted(words[1:], key=lambda c: c.index))
            self.doubts.append(f"{self._title(words[0])} is taken for the label; it may be {others}")

    def _say_few_words(self, columns: Iterable[Column]) -> None:
        """Say of columns of words why they are no label: where cells were merged only the first row has the word."""
        for column in columns:
            if _is_words(column) and column.is_few and column.n_filled:
                few = f"a word in {column.n_filled:,} of {counted(len(self._table.rows), 'row')} only, and is left out"
                self.doubts.append(f"{self._title(column)} has {few}; to be the label it needs one in each row")

    # Coordinates

    def _coordinates(self, columns: Sequence[Column]) -> tuple[Column, Column]:
        # Small whole numbers are more likely classes. A column without numbers gives an error that names a wrong cell.
        free = [c for c in columns if c is not self._label] or list(columns)
        needed = 2 if len(free) > 1 else 1
        has_label = self._label is not None or bool(self._words(free))
        likely = sorted(free, key=lambda c: (not c.is_numeric, c.is_index, not c.n_filled, c.is_few and not has_label))[
            :needed
        ]
        found = sorted(likely, key=lambda c: c.index)
        self._say_left_out(c for c in free if c not in found)
        if needed == 1:
            return found[0], found[0]
        return found[0], found[1]

    def _say_left_out(self, columns: Iterable[Column]) -> None:
        """Doubt that columns count the rows whose names do not say so."""
        for column in columns:
            is_named = self._table.name(column.index) is not None and not says_index(column.name)
            if column.is_index and column.is_numeric and is_named:
                self.doubts.append(f"{self._title(column)} looks like the numbers of rows, and is left out")

    # Curves

    def _curve(
        self, free: Sequence[Column], features: Sequence[Column], pair: tuple[Column, Column] | None, is_curve: bool
    ) -> tuple[Column, Column] | None:
        """Return x and y of a curve, None where there are not just two columns of numbers, or they are no curve."""
        numeric = [c for c in free if c in features or (c is self._label and c.is_numeric and not c.mark)]
        if len(numeric) == 1:
            # What counts the rows is x where nothing else is.
            numeric = [c for c in free if c.is_numeric]
        others = [c for c in free if c not in numeric]
        if len(numeric) != 2 or self._label in others or self._words(others):
            return None
        first, second = numeric
        if pair is not None:
            first, second = pair
        elif second.name == "x" or first is self._label or (first.name in _TARGET_NAMES and second is not self._label):
            first, second = second, first
        if is_curve:
            return first, second
        is_xy = (first.name, second.name) == ("x", "y")
        if pair is not None and not is_xy:
            return None
        has_names = self._table.name(first.index) is not None and not is_xy
        if not has_names and not follows(self._table.numbers(first.index), self._table.numbers(second.index)):
            self.doubts.append(
                "two columns of numbers are read as points without a class, and may be those of a curve over "
                f"{self._title(first)}"
            )
            return None
        self._say_left_out(others)
        self.doubts.append(
            f"{self._title(second)} is read as a curve over {self._title(first)}; the two may be points of the plane"
        )
        return first, second

    # Classes or values

    def _has_values(self, label: Column) -> bool:
        """Return whether the label is a value, not a class."""
        if label.mark == "class" or not label.is_numeric or label.name in ("class", "classes"):
            return False
        if label.name in _VALUE_NAMES or not label.is_whole:
            return True
        is_class = label.name in _CLASS_NAMES
        if label.is_few:
            all_differ = label.n_different == label.n_filled >= FEWEST_ROWS
            if not is_class and (all_differ or label.n_different > 3):
                other = "classes" if all_differ else "values"
                self.doubts.append(
                    f"{self._title(label)} has {counted(label.n_different, 'whole number')}, read as "
                    f"{'values' if all_differ else 'classes'}; they may be {other}"
                )
            return all_differ and not is_class
        return not (is_class or _are_counted_classes(self._table.numbers(label.index), label.n_different))

    def _title(self, column: Column) -> str:
        return self._table.title(column.index)


def _is_words(column: Column) -> bool:
    return not column.is_numeric and column.n_different > 0


def _are_counted_classes(numbers: FloatArray, n_different: int) -> bool:
    """Return whether whole numbers look like classes that are counted from 0 or 1, although there are too many."""
    finite = numbers[np.isfinite(numbers)]
    low, high = finite.min(), finite.max()
    is_counted = low in (0.0, 1.0) and high - low + 1 == n_different <= _MOST_COUNTED_CLASSES
    return bool(is_counted and len(finite) >= 2 * n_different)


def _pair(columns: Sequence[Column], needs_label: bool) -> tuple[Column, Column] | None:
    """Return the two columns whose names say that they are coordinates, None if there are none."""
    by_name = {column.name: column for column in reversed(columns) if column.name}
    x, y = by_name.get("x"), by_name.get("y")
    if x is not None and y is not None and not _is_target(x, y, columns, needs_label):
        return x, y
    numbered = _numbered_pair(columns)
    if numbered is not None and not (x is not None and numbered[0].name[0] == "y"):
        return numbered
    for name, column in by_name.items():
        for other in (f"y{name[1:]}" if name[0] == "x" else "", f"{name[:-1]}y" if name[-1] == "x" else ""):
            if len(name) > 1 and other in by_name:
                return column, by_name[other]
    found = next((pair for pair in _OTHER_PAIRS if by_name.keys() >= set(pair)), None)
    return None if found is None else (by_name[found[0]], by_name[found[1]])


def _is_target(x: Column, y: Column, columns: Sequence[Column], needs_label: bool) -> bool:
    """Return whether y has the classes of points whose coordinates are x and another column."""
    others = [column for column in columns if column not in (x, y) and not column.is_few]
    return needs_label and y.is_few and not x.is_few and len(others) == 1


def _numbered_pair(columns: Sequence[Column]) -> tuple[Column, Column] | None:
    """Return the columns with the two lowest numbers behind one name: x1 and x2, feature_0 and feature_1."""
    stems: dict[str, dict[int, Column]] = {}
    for column in columns:
        found = re.fullmatch(r"(.*?)([0-9]{1,4})", column.name)
        if found is not None:
            stems.setdefault(found[1], {}).setdefault(int(found[2]), column)
    for numbered in stems.values():
        if len(numbered) > 1:
            first, second = sorted(numbered)[:2]
            return numbered[first], numbered[second]
    return None
