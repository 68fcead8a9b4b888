"""Editing: what a person changes, and the undo stack that takes it back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from gui.document.commands import Branch, Change, UndoableChange
from gui.document.view import Looking
from gui.training_thread import messages
from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.edits import Edit, InsertPoints, MovePoints, RemovePoints
from model.data.generators import GeneratorSettings
from model.run.history import KeyFrame
from model.training.checkpoint import Checkpoint, random_state


class Editing(Looking):
    """A session that can be changed, each change with undo.

    Attributes
    ----------
    undo_stack : QUndoStack
    """

    dataset_changed = Signal()
    generator_changed = Signal()
    network_changed = Signal()
    training_changed = Signal()
    stroke_ended = Signal()

    def __init__(
        self,
        dataset: Dataset,
        generator_settings: GeneratorSettings,
        network_settings: NetworkSettings,
        training_settings: TrainingSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(dataset, network_settings, training_settings, parent)
        self.undo_stack = QUndoStack(self)
        self._generator_settings = generator_settings
        self._gestures = itertools.count(1)
        self._stroke: _Stroke | None = None

    def close(self) -> None:
        """End the training thread."""
        # The stack empties itself when it is deleted, and would tell panels that are gone.
        self.undo_stack.blockSignals(True)
        super().close()

    @property
    def generator_settings(self) -> GeneratorSettings:
        """What the data panel's controls say."""
        return self._generator_settings

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
        if not (change.restart or change.branch):
            self.history.note(self._live.step, text)

    def new_gesture(self) -> int:
        """Return a number for the changes of one drag, see :meth:`perform`."""
        return next(self._gestures)

    def _apply(self, change: Change) -> Change:
        """Apply a change, tell the thread and the panels, and return the change that takes it back."""
        # What is changed is the present.
        self.look_at_present()
        inverse = Change(
            edits=self._apply_edits(change.edits),
            generator=self._generator_settings if change.generator else None,
            surgery=change.surgery.inverse(self._latest_network) if change.surgery else None,
            training=self._training_settings if change.training else None,
            branch=self._present() if change.restart or change.branch else None,
        )
        if change.generator:
            self._generator_settings = change.generator
        if change.training:
            self._training_settings = change.training
            self._set_event(None)
        if change.surgery:
            self._latest_network = change.surgery.apply(self._latest_network).frozen_copy()
            self._network_settings = change.surgery.settings
            self._drop_stale_selection()
        if change.parameter:
            position, value = change.parameter
            inverse = replace(inverse, parameter=(position, float(self._latest_network.parameters[position])))
            self._set_latest_parameter(position, value)
        if change.branch:
            self._go_on_from(change.branch)
        elif change.restart:
            self._network_settings = change.restart.settings
            self._latest_network = change.restart.frozen_copy()
            self._begin_run()
            self._send_start()
        elif change.edits or change.surgery or change.training:
            self._send_change(messages.Revise(self._dataset if change.edits else None, change.surgery, change.training))
        self._tell(change)
        return inverse

    def _present(self) -> Branch:
        """Return what leads back to the present moment, to go on from it after something else."""
        parameters, live = self._latest_network.parameters, self._live
        frame = self.history.frames[-1] if len(self.history) else None
        if frame is not None and frame.network == self._network_settings and frame.step != live.step:
            # Training runs on meanwhile: the last key frame is a moment of its own.
            checkpoint = frame.checkpoint
        elif frame is not None and frame.network == self._network_settings:
            checkpoint = replace(frame.checkpoint, parameters=parameters)
        else:
            # The thread has not answered yet: what it knows beside the parameters begins anew.
            random = random_state(np.random.default_rng(self._training_settings.seed))
            checkpoint = Checkpoint(parameters, live.step, live.epoch, random)
        if frame is None or frame.training.optimizer != self._training_settings.optimizer:
            checkpoint = replace(checkpoint, memory={})
        present = KeyFrame(checkpoint, live.metrics, self._dataset, self._network_settings, self._training_settings)
        return Branch(present, self.history.copy(), self.curve.copy())

    def _go_on_from(self, branch: Branch) -> None:
        frame = branch.frame
        self._begin_run()
        budget = self.history.budget
        self.history, self.curve = branch.history.copy(), branch.curve.copy()
        self.history.set_budget(budget)
        self._dataset, self._network_settings, self._training_settings = frame.dataset, frame.network, frame.training
        self._latest_network = Network.from_settings(frame.network, frame.checkpoint.parameters).frozen_copy()
        self._live = self._snapshot_of(frame)
        self._show_moment(self._live)
        self._drop_stale_selection()
        first = self.history.frames[0] if len(self.history) else frame
        self._send_change(messages.Branch(self._run, frame, first))

    def continue_from_here(self) -> None:
        """Let the run go on from the moment that is shown, in the place of what came after it."""
        frame = self._moment
        if frame is not None:
            history, curve = self.history.copy(), self.curve.copy()
            history.forget_after(frame.step)
            curve.forget_after(frame.step)
            self.perform(f"continue from step {frame.step:,}", Change(branch=Branch(frame, history, curve)))

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
        self._send_change(messages.SetParameter(position, value))

    def _tell(self, change: Change) -> None:
        if change.edits or change.branch:
            if not all(isinstance(edit, MovePoints) for edit in change.edits):
                self.select_points(np.empty(0, dtype=np.intp))
            if self._view.current_class >= self._dataset.n_classes > 0:
                self.set_view(current_class=self._dataset.n_classes - 1)
            self.dataset_changed.emit()
            self.notice_changed.emit()
        if change.generator:
            self.generator_changed.emit()
        if change.surgery or change.restart or change.branch:
            self.network_changed.emit()
        if change.training or change.branch:
            self.training_changed.emit()

    # Strokes

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
            self.history.note(self._live.step, _in_short(stroke))

    def edit_points(self, text: str, edit: Edit) -> None:
        """Apply an edit that leaves the classes as they are: part of the open stroke, or a step of undo of its own."""
        if self._stroke is None:
            with self._as_stroke(text):
                self.edit_points(text, edit)
            return
        inverse = self._apply(Change(edits=(edit,)))
        self._stroke.add(edit, inverse.edits[0])


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


def _in_short(stroke: _Stroke) -> str:
    """Return what a stroke did to the points, in a few signs."""
    added = sum(len(edit.points) for edit in stroke.edits if isinstance(edit, InsertPoints))
    removed = sum(len(edit.indices) for edit in stroke.edits if isinstance(edit, RemovePoints))
    counts = [f"{sign}{count:,}" for sign, count in (("+", added), ("−", removed)) if count]
    return f"{' '.join(counts)} {'point' if added + removed == 1 else 'points'}" if counts else stroke.text
