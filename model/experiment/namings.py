"""The names and units of the data sets of experiment files."""

from __future__ import annotations

from collections.abc import Sequence

from model.data.dataset import MAX_CLASSES, Dataset
from model.data.naming import PLAIN, Naming, class_letter


def shared_class_names(namings: Sequence[Naming]) -> tuple[str, ...] | None:
    """Return the names of classes where all data sets have these and nothing else of their own, otherwise None."""
    first = namings[0] if namings else PLAIN
    is_alone = all(naming == first for naming in namings) and first == Naming(classes=first.classes)
    return first.classes if is_alone else None


def with_class_names(datasets: Sequence[Dataset], class_names: Sequence[str]) -> list[Dataset]:
    """Return data sets with names of classes, as many as each has.

    Raises
    ------
    ValueError
        If there are more than 8 names, or one is too long.
    """
    if len(class_names) > MAX_CLASSES:
        raise ValueError(f"there may be {MAX_CLASSES} class_names; got {len(class_names)}")
    naming = Naming(classes=_different(class_names))
    return [
        dataset if dataset.is_regression else dataset.named(Naming(classes=naming.class_names(dataset.n_classes)))
        for dataset in datasets
    ]


def with_namings(datasets: Sequence[Dataset], namings: Sequence[Naming], numbers: Sequence[int]) -> list[Dataset]:
    """Return data sets with the names and units whose numbers are given.

    Raises
    ------
    ValueError
        If there is not one for each, or one does not go with its data set.
    """
    if len(numbers) != len(datasets) or not all(0 <= number < len(namings) for number in numbers):
        raise ValueError("dataset_namings must have the number of one of namings for each data set")
    return [dataset.named(namings[number]) for dataset, number in zip(datasets, numbers, strict=True)]


def _different(names: Sequence[str]) -> tuple[str, ...]:
    """Return names of classes, with letters for those that are blank or that a class before has."""
    found: list[str] = []
    letters = [class_letter(index) for index in range(2 * MAX_CLASSES)]
    for letter, name in zip(letters, names, strict=False):
        is_own = bool(name.strip()) and name not in found
        free = (other for other in (letter, *letters) if other not in {*names, *found})
        found.append(name if is_own else next(free))
    return tuple(found)
