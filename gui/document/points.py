"""Points: placed, moved and removed by hand, classes, and data sets that a generator draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QObject

from gui.document.changes import Change, Changes
from gui.document.view import View
from model import Dataset, NetworkSettings
from model.data.dataset import MAX_CLASSES, MAX_POINTS, MIN_CLASSES, PLANE_LIMIT, ProblemKind
from model.data.edits import InsertPoints, MovePoints, RemovePoints, ReplaceAll, remove_class, rename_class
from model.data.features import RAW_FEATURES, spreads
from model.data.generators import GENERATORS, GeneratorSettings, generate, has_drawn
from model.data.naming import PLAIN, Naming, typed_name
from model.data.noise import lay_noise
from model.data.problems import PROBLEMS
from model.network.change_problem import change_problem
from model.network.surgery import Surgery, set_marks, set_output
from model.types import IntArray

_MOST_LAID = 24


@dataclass(frozen=True, slots=True, eq=False)
class _LaidNoise:
    """Noise that was laid on points, so that it can be turned up and down, and taken off again."""

    base: Dataset
    result: Dataset
    seed: int
    noise: float = 0.0
    label_noise: float = 0.0


class Points(QObject):
    """What is done to the points: drawn, moved, removed, given classes, or drawn by a generator."""

    def __init__(self, changes: Changes, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        self._view = view
        self._random = np.random.default_rng()
        self._laid: tuple[_LaidNoise, ...] = ()

    @property
    def dataset(self) -> Dataset:
        """The points on the canvas."""
        return self._changes.dataset

    @property
    def _network(self) -> NetworkSettings:
        return self._changes.network_settings

    def add(self, text: str, points: ArrayLike, class_index: int | None = None) -> None:
        """Place points of the current class, or value, to be learned or for testing as the view says. Full means full.

        Parameters
        ----------
        class_index : int, optional
            In the place of the current class.
        """
        room = MAX_POINTS - len(self.dataset)
        array = np.asarray(points, dtype=np.float64).reshape(-1, 2)[: max(room, 0)]
        if len(array):
            if self.dataset.is_regression:
                # Those of a curve learn their heights, whatever is given.
                labels = np.full(len(array), self._view.settings.current_value)
            else:
                chosen = self._view.settings.current_class if class_index is None else class_index
                labels = np.full(len(array), chosen, dtype=np.intp)
            is_test = np.full(len(array), self._view.settings.new_points == "test")
            self._changes.edit_points(text, InsertPoints(array, labels, is_test))

    def paste(self, text: str, dataset: Dataset) -> None:
        """Add points with the classes, or values, and sets that they have, and select them.

        Points of the other kind become what those are that are there. For more classes, which bring their names, the
        network gets outputs. Where nothing is there yet, names and units are those of the added points.

        Raises
        ------
        ValueError
            If there would be too many points.
        """
        self._changes.end_stroke()
        present = self.dataset
        if len(present) + len(dataset) > MAX_POINTS:
            raise ValueError(f"there may be {MAX_POINTS:,} points; got {len(present):,} and {len(dataset):,}")
        added = dataset.as_kind(present.kind)
        insertion = InsertPoints(added.points, added.labels, added.is_test)
        naming, n_classes = _joined_names(present, added), max(present.n_classes, added.n_classes)
        if len(added) and (naming, n_classes) != (present.naming, present.n_classes):
            larger = present.named(naming, n_classes)
            self._changes.perform(text, self._replacing(insertion.apply(larger)))
        elif len(added):
            self._changes.edit_points(text, insertion)
        self._view.select_points(np.arange(len(present), len(present) + len(added)))

    def set_data(self, text: str, dataset: Dataset) -> None:
        """Replace the data set; the network gets the outputs and the loss it needs.

        Raises
        ------
        ValueError
            If there are too many points.
        """
        if len(dataset) > MAX_POINTS:
            raise ValueError(f"there may be {MAX_POINTS:,} points; got {len(dataset):,}")
        self._changes.perform(text, self._replacing(dataset))
        self._changes.hint_at_weights()

    def move(self, indices: IntArray, points: ArrayLike) -> None:
        """Put points to new places; they stay on the plane."""
        array = np.clip(np.asarray(points, dtype=np.float64), -PLANE_LIMIT, PLANE_LIMIT)
        self._changes.edit_points("move points", MovePoints(indices, array))

    def remove(self, text: str, indices: IntArray) -> None:
        """Take points out."""
        if len(indices):
            self._changes.edit_points(text, RemovePoints(np.unique(indices)))

    def delete_selected(self) -> None:
        """Remove the selected points."""
        self.remove("delete points", self._view.selected_points)

    def select_all(self) -> None:
        """Select every point that is shown."""
        self._view.select_points(np.arange(len(self._changes.shown_dataset)))

    def spray(self, centre: tuple[float, float], n_points: int) -> None:
        """Place points of the current class at random inside the brush, evenly over its area on the plane."""
        radius = self._view.settings.brush_radius * np.sqrt(self._random.uniform(0.0, 1.0, n_points))
        angle = self._random.uniform(0.0, 2.0 * np.pi, n_points)
        points = np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], axis=1)
        self.add("brush", points[np.abs(points).max(axis=1) <= PLANE_LIMIT])

    def add_class(self) -> None:
        """Add a class, and choose it for new points; the network gets an output for it."""
        if MIN_CLASSES <= self.dataset.n_classes < MAX_CLASSES:
            larger = self.dataset.named(self.dataset.naming, self.dataset.n_classes + 1)
            self._changes.perform("add class", self._replacing(larger))
            self._view.set(current_class=larger.n_classes - 1)

    def remove_class(self, class_index: int) -> None:
        """Remove a class with its points and its output."""
        if self.dataset.n_classes > MIN_CLASSES:
            smaller = remove_class(self._changes.dataset, class_index)
            self._changes.perform("remove class", self._replacing(smaller, removed_class=class_index))

    def remove_last_class(self) -> None:
        """Remove the class that was added last."""
        self.remove_class(self.dataset.n_classes - 1)

    def remove_current_class(self) -> None:
        """Remove the class that new points would have."""
        self.remove_class(self._view.settings.current_class)

    def set_kind(self, kind: ProblemKind) -> None:
        """Let points have classes or values, or be those of a curve; the network gets the inputs and the output for it.

        What is there is taken over, see :meth:`model.data.dataset.Dataset.as_kind` and
        :func:`model.network.change_problem.change_problem`.
        """
        if kind != self.dataset.kind:
            self._changes.perform(kind, self._replacing(self.dataset.as_kind(kind)))

    def _replacing(self, dataset: Dataset, removed_class: int | None = None) -> Change:
        """Return the change to another data set, with the outputs and the loss that it needs."""
        surgery, training = None, None
        if dataset.kind != self.dataset.kind:
            training = replace(self._changes.training_settings, loss=PROBLEMS[dataset.kind].loss)
            surgery = change_problem(self._network, self.dataset, dataset, self._random)
        elif not dataset.is_regression and dataset.n_classes != self._network.n_classes:
            surgery = self._outputs_for(dataset.n_classes, removed_class)
        if self._network.standardization:
            surgery = surgery or set_marks(self._network)
            standardization = standardization_of(dataset, surgery.settings.features or RAW_FEATURES)
            surgery = replace(surgery, settings=replace(surgery.settings, standardization=standardization))
        return Change(edits=(ReplaceAll(dataset),), surgery=surgery, training=training)

    def _outputs_for(self, n_classes: int, removed_class: int | None) -> Surgery:
        network = self._network
        single_unit = network.layer_sizes[-1] == 1
        # What one sigmoid is for two classes, softmax is for more.
        goes_soft = single_unit and self._changes.training_settings.loss == "cross_entropy"
        return set_output(
            network,
            n_classes,
            "softmax" if goes_soft else network.output_activation,
            self._random,
            removed_class,
            single_unit=single_unit,
        )

    def generate(self, gesture: int = -1, **changes: Any) -> None:
        """Draw a new data set, with changed values of the generator's settings.

        Where the points were turned into another problem than the generator's, the first one of that problem draws.

        Raises
        ------
        ValueError
            If a value is outside its range.
        """
        settings = replace(self._changes.generator_settings, **changes)
        kind = self.dataset.kind
        if "name" not in changes and GENERATORS[settings.name].kind != kind:
            name = next(name for name, entry in GENERATORS.items() if entry.kind == kind)
            settings = replace(settings, name=name)
        entry = GENERATORS[settings.name]
        before = GENERATORS[self._changes.generator_settings.name]
        if entry is not before and entry.kind == "classes":
            smallest, largest = entry.class_range
            # A number that nobody has chosen is no wish: where there was no choice, the usual one is drawn.
            had_choice = "n_classes" in changes or before.class_range[0] < before.class_range[1]
            wanted = settings.n_classes if had_choice else GeneratorSettings().n_classes
            settings = replace(settings, n_classes=min(max(wanted, smallest), largest))
        change = self._replacing(generate(settings))
        is_other = settings.name != self._changes.generator_settings.name or not self.are_drawn
        self._changes.perform("new data", replace(change, generator=settings), gesture)
        if is_other:
            self._changes.hint_at_weights()

    @property
    def are_drawn(self) -> bool:
        """Whether the points are those of the generator, and not a person's own."""
        return has_drawn(self._changes.generator_settings, self.dataset)

    @property
    def noise(self) -> tuple[float, float]:
        """The noise on places and labels: the generator's, or what was laid on a person's own points."""
        if self.are_drawn:
            settings = self._changes.generator_settings
            return settings.noise, settings.label_noise
        laid = self._laid_noise
        return (laid.noise, laid.label_noise) if laid is not None else (0.0, 0.0)

    @property
    def _laid_noise(self) -> _LaidNoise | None:
        """What was laid on the points that are there; None where they have been changed since."""
        dataset = self.dataset
        return next((laid for laid in reversed(self._laid) if dataset is laid.result or dataset == laid.result), None)

    def set_noise(self, noise: float | None = None, label_noise: float | None = None, gesture: int = -1) -> None:
        """Draw the generator's points with other noise, or lay noise on a person's own; 0 takes it off again.

        Parameters
        ----------
        noise, label_noise : float, optional
            See :class:`model.data.generators.GeneratorSettings`; by default as it is.
        gesture : int
        """
        before_noise, before_label_noise = self.noise
        noise = before_noise if noise is None else noise
        text, label_noise = ("noise", before_label_noise) if label_noise is None else ("label noise", label_noise)
        if self.are_drawn:
            self.generate(gesture, noise=noise, label_noise=label_noise)
            return
        present = self.dataset
        laid = self._laid_noise or _LaidNoise(present, present, int(self._random.integers(1 << 31)))
        result = lay_noise(laid.base, noise, label_noise, laid.seed) if noise or label_noise else laid.base
        laid = replace(laid, result=result, noise=noise, label_noise=label_noise)
        # Undo and redo lead back to those before.
        self._laid = (*self._laid[-_MOST_LAID:], laid)
        self._changes.perform(text, self._replacing(result), gesture)

    def regenerate(self) -> None:
        """Draw the data set again with the next seed."""
        self.generate(seed=self._changes.generator_settings.seed + 1)

    def set_training_share(self, share: float, gesture: int = -1) -> None:
        """Draw again which points are for training.

        Raises
        ------
        ValueError
            If the share is outside 0.1 to 1.
        """
        settings = replace(self._changes.generator_settings, training_share=share)
        dataset = self.dataset.split(share, np.random.default_rng(settings.seed))
        self._changes.perform("training share", Change(edits=(ReplaceAll(dataset),), generator=settings), gesture)

    def rename(self, text: str, naming: Naming) -> None:
        """Call points, classes or values otherwise, or show them in other units; the run goes on.

        Raises
        ------
        ValueError
            If there are names of more classes than there are.
        """
        self._changes.rename(text, naming)

    def rename_class(self, class_index: int, name: str) -> None:
        """Call a class otherwise.

        Raises
        ------
        ValueError
            If the name is empty, too long, or that of another class.
        """
        if name != self.dataset.class_name(class_index):
            renamed = rename_class(self.dataset, class_index, typed_name(name))
            self._changes.rename("rename class", renamed.naming)

    def clear(self) -> None:
        """Take all points out, with the names and the units that they have."""
        if len(self.dataset) or not self.dataset.naming.is_plain:
            self._changes.edit_points("clear points", ReplaceAll(self.dataset.take(slice(0)).named(PLAIN)))


def _joined_names(present: Dataset, added: Dataset) -> Naming:
    """Return the names and units of points to which others are added."""
    own = present.naming
    if own.is_plain and not len(present):
        return added.naming
    # Points that were copied where classes have no names are those of the first classes, whatever these are called.
    has_them = added.naming.classes[: len(own.classes)] == own.classes
    return replace(own, classes=added.naming.classes) if has_them else own


def standardization_of(dataset: Dataset, features: Sequence[str]) -> tuple[tuple[float, float], ...]:
    """Return mean and spread of each feature over the training points."""
    means, deviations = spreads(features, dataset.points[~dataset.is_test])
    return tuple(zip(means.tolist(), deviations.tolist(), strict=True))
