"""Document: the only mutable state of the window. Panels show it and ask it; nothing else holds state."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from gui import training_thread as thread
from gui.commands import Change, UndoableChange
from gui.selection import Selection, Unit, exists
from gui.session import Session
from gui.view_settings import SPEEDS, ViewSettings
from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.dataset import MAX_CLASSES, MIN_CLASSES, PLANE_LIMIT
from model.edits import Edit, InsertPoints, MovePoints, RemovePoints, ReplaceAll, remove_class
from model.generators import GENERATORS, GeneratorSettings, generate
from model.losses import LOSSES
from model.network import MAX_HIDDEN_LAYERS, MAX_UNITS
from model.snapshot import Plane
from model.surgery import (
    Surgery,
    insert_layer,
    insert_unit,
    remove_layer,
    remove_unit,
    set_activation,
    set_output,
)
from model.types import IntArray

MAX_POINTS = 100_000
"""More points than this are refused: a person cannot tell them apart, and memory has an end."""


class Document(Session):
    """What the window shows and a person changes: data, network, settings, and the undo stack beside the run.

    Attributes
    ----------
    undo_stack : QUndoStack
    """

    dataset_changed = Signal()
    generator_changed = Signal()
    network_changed = Signal()
    training_changed = Signal()
    view_changed = Signal()
    selection_changed = Signal()
    hovered_changed = Signal()
    points_selected = Signal()
    cursor_changed = Signal()
    stroke_ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        self._generator_settings = GeneratorSettings()
        dataset = generate(self._generator_settings)
        network_settings = NetworkSettings((2, 6, 5, dataset.n_classes), ("tanh", "tanh"))
        super().__init__(dataset, network_settings, TrainingSettings(learning_rate=0.1), parent)
        self.undo_stack = QUndoStack(self)
        self._view = ViewSettings()
        self._selection: Selection = None
        self._hovered: Selection = None
        self._selected_points: IntArray = np.empty(0, dtype=np.intp)
        self._cursor: tuple[float, float] | None = None
        self._plane = Plane()
        self._gestures = itertools.count(1)
        self._stroke: _Stroke | None = None
        self._random = np.random.default_rng()

    def close(self) -> None:
        """End the training thread."""
        # The stack empties itself when it is deleted, and would tell panels that are gone.
        self.undo_stack.blockSignals(True)
        super().close()

    # What is

    @property
    def generator_settings(self) -> GeneratorSettings:
        """What the data panel's controls say."""
        return self._generator_settings

    @property
    def view(self) -> ViewSettings:
        """How the document is looked at."""
        return self._view

    @property
    def selection(self) -> Selection:
        """The neuron or weight that the inspector shows."""
        return self._selection

    @property
    def hovered(self) -> Selection:
        """The neuron or weight under the mouse."""
        return self._hovered

    @property
    def selected_points(self) -> IntArray:
        """Indices of the selected points, ascending."""
        return self._selected_points

    @property
    def cursor(self) -> tuple[float, float] | None:
        """Where the mouse is on the plane, in data units; None where it is not."""
        return self._cursor

    # What a person changes, with undo

    def undo(self) -> None:
        """Take back the last change."""
        self.end_stroke()
        self.undo_stack.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.end_stroke()
        self.undo_stack.redo()

    def perform(self, text: str, change: Change, gesture: int = -1) -> None:
        """Apply a change as one step of undo; changes of one gesture become one step."""
        self.end_stroke()
        self.undo_stack.push(UndoableChange(text, self._apply, change, gesture=gesture))

    def new_gesture(self) -> int:
        """Return a number for the changes of one drag, see :meth:`perform`."""
        return next(self._gestures)

    def _apply(self, change: Change) -> Change:
        """Apply a change, tell the thread and the panels, and return the change that takes it back."""
        inverse = Change(
            edits=self._apply_edits(change.edits),
            generator=self._generator_settings if change.generator else None,
            surgery=change.surgery.inverse(self._latest_network) if change.surgery else None,
            training=self._training_settings if change.training else None,
            restart=self._latest_network if change.restart else None,
        )
        if change.generator:
            self._generator_settings = change.generator
        if change.training:
            self._training_settings = change.training
            self._set_diverged(None)
        if change.surgery:
            self._latest_network = change.surgery.apply(self._latest_network).frozen_copy()
            self._network_settings = change.surgery.settings
            self._drop_stale_selection()
        if change.parameter:
            position, value = change.parameter
            inverse = replace(inverse, parameter=(position, float(self._latest_network.parameters[position])))
            self._set_latest_parameter(position, value)
        if change.restart:
            self._network_settings = change.restart.settings
            self._latest_network = change.restart.frozen_copy()
            self._begin_run()
            self._send_start()
        elif change.edits or change.surgery or change.training:
            self._send_change(thread.Revise(self._dataset if change.edits else None, change.surgery, change.training))
        self._tell(change)
        return inverse

    def _apply_edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        inverses: list[Edit] = []
        for edit in edits:
            inverses.insert(0, edit.inverse(self._dataset))
            self._dataset = edit.apply(self._dataset)
        return tuple(inverses)

    def _set_latest_parameter(self, position: int, value: float) -> None:
        parameters = self._latest_network.parameters.copy()
        parameters[position] = value
        self._latest_network = Network.from_settings(self._latest_network.settings, parameters).frozen_copy()
        self._send_change(thread.SetParameter(position, value))

    def _tell(self, change: Change) -> None:
        if change.edits:
            if not all(isinstance(edit, MovePoints) for edit in change.edits):
                self.select_points(np.empty(0, dtype=np.intp))
            if self._view.current_class >= self._dataset.n_classes:
                self.set_view(current_class=self._dataset.n_classes - 1)
            self.dataset_changed.emit()
            self.notice_changed.emit()
        if change.generator:
            self.generator_changed.emit()
        if change.surgery or change.restart:
            self.network_changed.emit()
        if change.training:
            self.training_changed.emit()

    # Points

    @contextmanager
    def _as_stroke(self, text: str) -> Iterator[None]:
        self.begin_stroke(text)
        try:
            yield
        finally:
            self.end_stroke()

    def begin_stroke(self, text: str) -> None:
        """Collect the edits until :meth:`end_stroke` into one step of undo; each is applied at once."""
        self.end_stroke()
        self._stroke = _Stroke(text)

    def end_stroke(self) -> None:
        """Close the stroke; without an edit there is nothing to undo."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self.stroke_ended.emit()
        if stroke is not None and stroke.edits:
            change, inverse = Change(edits=tuple(stroke.edits)), Change(edits=tuple(reversed(stroke.inverses)))
            self.undo_stack.push(UndoableChange(stroke.text, self._apply, change, inverse))

    def edit_points(self, text: str, edit: Edit) -> None:
        """Apply an edit that leaves the classes as they are: part of the open stroke, or a step of undo of its own."""
        if self._stroke is None:
            with self._as_stroke(text):
                self.edit_points(text, edit)
            return
        inverse = self._apply(Change(edits=(edit,)))
        self._stroke.add(edit, inverse.edits[0])

    def add_points(self, text: str, points: ArrayLike, class_index: int | None = None) -> None:
        """Place points of a class, by default the current one; the training share is kept. Full means full."""
        room = MAX_POINTS - len(self._dataset)
        array = np.asarray(points, dtype=np.float64).reshape(-1, 2)[: max(room, 0)]
        if len(array):
            chosen = self._view.current_class if class_index is None else class_index
            labels = np.full(len(array), chosen, dtype=np.intp)
            is_test = self._dataset.sets_for_new_points(len(array), self._generator_settings.training_share)
            self.edit_points(text, InsertPoints(array, labels, is_test))

    def move_points(self, indices: IntArray, points: ArrayLike) -> None:
        """Put points to new places; they stay on the plane."""
        array = np.clip(np.asarray(points, dtype=np.float64), -PLANE_LIMIT, PLANE_LIMIT)
        self.edit_points("move points", MovePoints(indices, array))

    def remove_points(self, text: str, indices: IntArray) -> None:
        """Take points out."""
        if len(indices):
            self.edit_points(text, RemovePoints(np.unique(indices)))

    def select_points(self, indices: IntArray) -> None:
        """Select points, in the place of those selected before."""
        if not np.array_equal(indices, self._selected_points):
            self._selected_points = indices
            self.points_selected.emit()

    def select_all(self) -> None:
        """Select every point."""
        self.select_points(np.arange(len(self._dataset)))

    def select_none(self) -> None:
        """Let the selection go: points, neuron or weight."""
        self.select_points(np.empty(0, dtype=np.intp))
        self.select(None)

    def delete_selected(self) -> None:
        """Remove the selected points."""
        self.remove_points("delete points", self._selected_points)

    def spray(self, centre: tuple[float, float], n_points: int) -> None:
        """Place points of the current class at random inside the brush, evenly over its area on the plane."""
        radius = self._view.brush_radius * np.sqrt(self._random.uniform(0.0, 1.0, n_points))
        angle = self._random.uniform(0.0, 2.0 * np.pi, n_points)
        points = np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], axis=1)
        self.add_points("brush", points[np.abs(points).max(axis=1) <= PLANE_LIMIT])

    def add_class(self) -> None:
        """Add a class, and choose it for new points; the network gets an output for it."""
        if self._dataset.n_classes < MAX_CLASSES:
            data = self._dataset
            larger = Dataset(data.points, data.labels, data.is_test, data.n_classes + 1)
            self.perform("add class", self._replacing(larger))
            self.set_view(current_class=larger.n_classes - 1)

    def remove_class(self, class_index: int) -> None:
        """Remove a class with its points and its output."""
        if self._dataset.n_classes > MIN_CLASSES:
            smaller = remove_class(self._dataset, class_index)
            self.perform("remove class", self._replacing(smaller, removed_class=class_index))

    def remove_current_class(self) -> None:
        """Remove the class that new points would have."""
        self.remove_class(self._view.current_class)

    def _replacing(self, dataset: Dataset, removed_class: int | None = None) -> Change:
        """Return the change to another data set, with the outputs that it needs."""
        surgery = None
        if dataset.n_classes != self._network_settings.n_classes:
            network = self._network_settings
            single_unit = network.layer_sizes[-1] == 1
            # What one sigmoid is for two classes, softmax is for more.
            goes_soft = single_unit and self._training_settings.loss == "cross_entropy"
            surgery = set_output(
                network,
                dataset.n_classes,
                "softmax" if goes_soft else network.output_activation,
                self._random,
                removed_class,
                single_unit=single_unit,
            )
        return Change(edits=(ReplaceAll(dataset),), surgery=surgery)

    def generate(self, gesture: int = -1, **changes: Any) -> None:
        """Draw a new data set, with changed values of the generator's settings.

        Raises
        ------
        ValueError
            If a value is outside its range.
        """
        settings = replace(self._generator_settings, **changes)
        if "name" in changes:
            smallest, largest = GENERATORS[settings.name].class_range
            settings = replace(settings, n_classes=min(max(settings.n_classes, smallest), largest))
        change = self._replacing(generate(settings))
        self.perform("new data", replace(change, generator=settings), gesture)

    def regenerate(self) -> None:
        """Draw the data set anew with the next seed."""
        self.generate(seed=self._generator_settings.seed + 1)

    def set_training_share(self, share: float, gesture: int = -1) -> None:
        """Draw anew which points are for training.

        Raises
        ------
        ValueError
            If the share is outside 0.1 to 1.
        """
        settings = replace(self._generator_settings, training_share=share)
        dataset = self._dataset.split(share, np.random.default_rng(settings.seed))
        self.perform("training share", Change(edits=(ReplaceAll(dataset),), generator=settings), gesture)

    def clear_points(self) -> None:
        """Take all points out."""
        self.remove_points("clear points", np.arange(len(self._dataset)))

    # Network and training

    def reinitialise(self) -> None:
        """Begin a new run with new weights, the next seed's; a run that plays plays on."""
        settings = replace(self._network_settings, seed=self._network_settings.seed + 1)
        self.perform("re-initialise", Change(restart=Network.from_settings(settings)))

    def halve_learning_rate(self) -> None:
        """Train on with half the learning rate, after a run that diverged."""
        self.set_training(learning_rate=self._training_settings.learning_rate / 2)
        self._set_diverged(None)

    def insert_unit(self, layer: int) -> None:
        """Add a neuron at the end of a hidden layer, counted from 1, while there is room."""
        size = self._network_settings.layer_sizes[layer]
        if size < MAX_UNITS:
            self._operate("add neuron", insert_unit(self._network_settings, layer, size, self._random))

    def remove_unit(self, layer: int, index: int | None = None) -> None:
        """Remove a neuron of a hidden layer, counted from 1, by default the last; one always stays."""
        size = self._network_settings.layer_sizes[layer]
        if size > 1:
            removed = size - 1 if index is None else index
            if self._selection == Unit(layer, removed):
                # The next neuron moves into its place, and it is another one.
                self.select(None)
            self._operate("remove neuron", remove_unit(self._network_settings, layer, removed))

    def insert_layer(self) -> None:
        """Add a hidden layer before the output, like the one before it, while there is room."""
        settings = self._network_settings
        if settings.n_hidden_layers < MAX_HIDDEN_LAYERS:
            size = settings.layer_sizes[-2] if settings.n_hidden_layers else 4
            activation = settings.hidden_activations[-1] if settings.n_hidden_layers else "tanh"
            layer = settings.n_hidden_layers + 1
            self._operate("add layer", insert_layer(settings, layer, size, activation, self._random))

    def remove_layer(self, layer: int | None = None) -> None:
        """Remove a hidden layer, counted from 1, by default the last."""
        settings = self._network_settings
        if settings.n_hidden_layers:
            chosen = settings.n_hidden_layers if layer is None else layer
            self._operate("remove layer", remove_layer(settings, chosen, self._random))

    def set_activation(self, layer: int, name: str) -> None:
        """Give a hidden layer, counted from 1, an activation."""
        if self._network_settings.hidden_activations[layer - 1] != name:
            self._operate("activation", set_activation(self._network_settings, layer, name))

    def set_output(self, activation: str, *, single_unit: bool) -> None:
        """Choose what the outputs are; a loss that does not go with them gives way to the squared error."""
        surgery = set_output(
            self._network_settings, self._dataset.n_classes, activation, self._random, single_unit=single_unit
        )
        if surgery.settings != self._network_settings:
            fits = activation in LOSSES[self._training_settings.loss].outputs
            training = None if fits else replace(self._training_settings, loss="squared_error")
            self.perform("output", Change(surgery=surgery, training=training))

    def _operate(self, text: str, surgery: Surgery) -> None:
        self.perform(text, Change(surgery=surgery))

    def set_initial(self, **changes: Any) -> None:
        """Change initializer or seed, and begin a new run with the weights that they give.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        settings = replace(self._network_settings, **changes)
        if settings != self._network_settings:
            self.perform("first weights", Change(restart=Network.from_settings(settings)))

    def set_training(self, gesture: int = -1, **changes: Any) -> None:
        """Change how the network learns, without a reset.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        settings = replace(self._training_settings, **changes)
        if settings != self._training_settings:
            self.perform("training settings", Change(training=settings), gesture)

    def set_parameter(self, position: int, value: float, gesture: int = -1) -> None:
        """Give one weight or bias a value, during training or not."""
        self.perform("turn a weight", Change(parameter=(position, value)), gesture)

    # Looking

    def slower(self) -> None:
        """Train at the next lower speed."""
        self.set_view(speed=SPEEDS[max(SPEEDS.index(self._view.speed) - 1, 0)])

    def faster(self) -> None:
        """Train at the next higher speed."""
        self.set_view(speed=SPEEDS[min(SPEEDS.index(self._view.speed) + 1, len(SPEEDS) - 1)])

    def set_view(self, **changes: Any) -> None:
        """Change how the document is looked at."""
        view = replace(self._view, **changes)
        if view != self._view:
            if view.speed != self._view.speed:
                self._thread.send(thread.SetSpeed(view.speed))
            self._view = view
            self.view_changed.emit()

    def select(self, selection: Selection) -> None:
        """Show a neuron or weight in the inspector."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def hover(self, hovered: Selection) -> None:
        """Say what is under the mouse; a neuron's map is then made large."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._send_look()
            self.hovered_changed.emit()

    def look_at(self, plane: Plane) -> None:
        """Say which part of the plane the output view shows."""
        if plane != self._plane:
            self._plane = plane
            self._send_look()

    def _send_look(self) -> None:
        hovered = self._hovered
        probe = (hovered.layer, hovered.index) if isinstance(hovered, Unit) else None
        self._thread.send(thread.Look(self._plane, probe))

    def set_cursor(self, cursor: tuple[float, float] | None) -> None:
        """Say where the mouse is on the plane."""
        if cursor != self._cursor:
            self._cursor = cursor
            self.cursor_changed.emit()

    def _drop_stale_selection(self) -> None:
        """Forget a selected or hovered part that the network no longer has."""
        if not exists(self._network_settings, self._hovered):
            self.hover(None)
        if not exists(self._network_settings, self._selection):
            self.select(None)


class _Stroke:
    """The edits of a stroke so far, with what takes each back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[Edit] = []
        self.inverses: list[Edit] = []

    def add(self, edit: Edit, inverse: Edit) -> None:
        """Add an edit; a move of the same points as the one before takes its place."""
        last = self.edits[-1] if self.edits else None
        if isinstance(edit, MovePoints) and isinstance(last, MovePoints) and last.indices is edit.indices:
            self.edits[-1] = edit
            return
        self.edits.append(edit)
        self.inverses.append(inverse)
