"""Changes: what a person does to points, network and settings, each answered by the change that takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from gui.document.marks import ChangeMarks
from gui.document.notices import SAME_WEIGHTS
from gui.document.run import LiveRun
from gui.document.undoing import Stroke, UndoableChange
from gui.program.memory import give_back_memory
from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.edits import Edit, MovePoints
from model.data.generators import GeneratorSettings
from model.data.naming import Naming
from model.experiment.titles import Titles
from model.network.surgery import Surgery
from model.run.history import Event
from model.run.run import TrainedRun
from model.training.settings import Setup


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One change of the document; only what is given changes.

    Attributes
    ----------
    edits : tuple of Edit
        Of the data set, one after the other.
    generator : GeneratorSettings or None
        What the data panel's controls say.
    surgery : Surgery or None
        Of the network's shape; the run goes on.
    training : TrainingSettings or None
    parameter : tuple of (int, float) or None
        A position in the flat vector of parameters, and its value.
    restart : Network or None
        Begin a new run with this network.
    rewind : bool
        Begin the run again, with its first weights.
    branch : TrainedRun or None
        Go on from the last moment of a run, with its points, network and settings.
    mark : tuple of (Event or None, Event or None)
        A mark on the timeline and what comes in its place; None for a mark that is new, or taken out. It comes alone.
    titles : Titles or None
        What the experiment is called, and what is said of it. It comes alone, or with a run that is opened.
    naming : Naming or None
        What the points, their classes and values are called, and in which units they are shown. It comes alone.
    """

    edits: tuple[Edit, ...] = ()
    generator: GeneratorSettings | None = None
    surgery: Surgery | None = None
    training: TrainingSettings | None = None
    parameter: tuple[int, float] | None = None
    restart: Network | None = None
    rewind: bool = False
    branch: TrainedRun | None = None
    mark: tuple[Event | None, Event | None] | None = None
    titles: Titles | None = None
    naming: Naming | None = None

    @property
    def leaves_run(self) -> bool:
        """Whether the present run is put aside for it."""
        return self.rewind or self.restart is not None or self.branch is not None


class Changes(QObject):
    """Applies changes to the run, tells the panels, and keeps what takes each change back.

    Attributes
    ----------
    undo_stack : QUndoStack
    """

    points_renumbered = Signal()
    dataset_changed = Signal()
    generator_changed = Signal()
    network_changed = Signal()
    training_changed = Signal()
    marks_changed = Signal()
    titles_changed = Signal()
    stroke_ended = Signal()

    def __init__(self, run: LiveRun, generator_settings: GeneratorSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._run = run
        self._generator_settings = generator_settings
        self._titles = Titles()
        self._stroke: Stroke | None = None
        self._marks = ChangeMarks(run)
        self._step_text: str | None = None
        self._has_begun_step = False
        self._is_telling = False
        run.fell_back.connect(self._on_fell_back)

    def close(self) -> None:
        """Say nothing any more: the stack empties itself when it is deleted, and would tell panels that are gone."""
        self.undo_stack.blockSignals(True)

    @property
    def setup(self) -> Setup:
        """Points, network and training that are in force."""
        return self._run.setup

    @property
    def dataset(self) -> Dataset:
        """The points on the canvas."""
        return self._run.setup.dataset

    @property
    def shown_dataset(self) -> Dataset:
        """The points that are shown: those of a past moment while a person looks back."""
        return self._run.shown_dataset

    @property
    def network_settings(self) -> NetworkSettings:
        """The network's shape and names."""
        return self._run.setup.network

    @property
    def training_settings(self) -> TrainingSettings:
        """How the network learns."""
        return self._run.setup.training

    @property
    def generator_settings(self) -> GeneratorSettings:
        """What the data panel's controls say."""
        return self._generator_settings

    @property
    def titles(self) -> Titles:
        """What the experiment is called, and what is said of it."""
        return self._titles

    def set_titles(self, titles: Titles) -> None:
        """Call the experiment otherwise, as a step of undo; the same again is none."""
        if titles != self._titles:
            self.end_stroke()
            change = Change(titles=titles)
            self._push(UndoableChange("change the title", self.apply, change, self.apply(change)))

    def rename(self, text: str, naming: Naming) -> None:
        """Call points, classes or values otherwise, or show them in other units, as a step of undo.

        The run goes on, and its moments of these points have the new names as well.

        Raises
        ------
        ValueError
            If there are names of more classes than there are.
        """
        if naming != self.dataset.naming:
            self.end_stroke()
            change = Change(naming=naming)
            self._push(UndoableChange(text, self.apply, change, self.apply(change)))

    @contextmanager
    def as_one_step(self, text: str) -> Iterator[None]:
        """Let all that is changed meanwhile be one step of undo, called so; if nothing is, there is none."""
        self.end_stroke()
        self._step_text = text
        try:
            yield
        finally:
            self.end_stroke()
            if self._has_begun_step:
                self.undo_stack.endMacro()
            self._step_text, self._has_begun_step = None, False

    def _push(self, command: UndoableChange) -> None:
        if self._step_text is not None and not self._has_begun_step:
            self.undo_stack.beginMacro(self._step_text)
            self._has_begun_step = True
        self.undo_stack.push(command)

    def undo(self) -> None:
        """Take back the last change; the timeline says so, where the run goes on."""
        self.end_stroke()
        text, before = f"undo {self.undo_stack.undoText()}", self._marks.begin(self._generator_settings)
        self.undo_stack.undo()
        self._marks.note(text, before, self._generator_settings, "undo: ")

    def redo(self) -> None:
        """Do again what was taken back; the timeline says so, where the run goes on."""
        self.end_stroke()
        text, before = f"redo {self.undo_stack.redoText()}", self._marks.begin(self._generator_settings)
        self.undo_stack.redo()
        self._marks.note(text, before, self._generator_settings, "redo: ")

    def forget_all(self) -> None:
        """Leave nothing to undo; runs that were kept for that give their memory back."""
        self._stroke = None
        self.undo_stack.clear()
        give_back_memory()

    def perform(self, text: str, change: Change, gesture: int = -1) -> None:
        """Apply a change as one step of undo; changes of one gesture become one step.

        What a field still has to say when a change takes it away, while the panels are told, is dropped: it was meant
        for what was there before.

        Raises
        ------
        ValueError
            If points, network and settings would not fit together; nothing is then changed.
        """
        if self._is_telling:
            return
        self.end_stroke()
        before = self._marks.begin(self._generator_settings, gesture)
        inverse = self.apply(change)
        self._push(UndoableChange(text, self.apply, change, inverse, gesture))
        self._marks.note(text, before, self._generator_settings)

    def hint_at_weights(self) -> None:
        """Say that a run that has been trained goes on with its weights, though the points are others altogether."""
        if self._run.step_count:
            self._run.tell(SAME_WEIGHTS)

    def mark(self, before: Event | None, after: Event | None) -> None:
        """Put a mark on the timeline in the place of another, as a step of undo; None: add it, or take it out."""
        if before == after:
            return
        self.end_stroke()
        change = Change(mark=(before, after))
        text = "remove the mark" if after is None else "add a note" if before is None else "change a mark's text"
        self._push(UndoableChange(text, self.apply, change, self.apply(change)))

    def rewind(self, text: str = "rewind", training: TrainingSettings | None = None) -> None:
        """Pause at this run's first weights, as a step of undo; at the beginning there is nothing to rewind.

        Parameters
        ----------
        text : str
            What the undo menu calls it.
        training : TrainingSettings, optional
            How the network learns from then on, if otherwise.
        """
        if self._run.is_at_beginning and training is None:
            self._run.set_playing(False)
        else:
            self.perform(text, Change(rewind=True, training=training))

    def go_back_to(self, text: str, kept: TrainedRun) -> None:
        """Go on from a run that was kept, as a step of undo that brings the present one back."""
        self._run.set_playing(False)
        self.perform(text, Change(branch=kept))

    def continue_from_here(self) -> None:
        """Let the run go on from the past moment that is shown, instead of what came after it."""
        kept = self._run.kept_until_shown()
        if kept is not None:
            self.perform(f"continue from step {kept.moment.step:,}", Change(branch=kept))

    def apply(self, change: Change) -> Change:
        """Apply a change, tell the thread and the panels, and return the change that takes it back."""
        run = self._run
        if change.mark:
            run.change_mark(*change.mark)
            self.marks_changed.emit()
            return Change(mark=change.mark[::-1])
        if change.titles:
            titles, self._titles = self._titles, change.titles
            self.titles_changed.emit()
            if change.branch is None:
                return Change(titles=titles)
        if change.naming:
            naming = self.dataset.naming
            run.rename(change.naming)
            self.dataset_changed.emit()
            return Change(naming=naming)
        # What is changed is the present.
        run.look_at_present()
        before = run.setup
        dataset, inverse_edits = _edited(before.dataset, change.edits)
        network = change.surgery.settings if change.surgery else before.network
        inverse = Change(
            edits=inverse_edits,
            generator=self._generator_settings if change.generator else None,
            surgery=change.surgery.inverse(run.network) if change.surgery else None,
            training=before.training if change.training else None,
            parameter=(change.parameter[0], float(run.network.parameters[change.parameter[0]]))
            if change.parameter
            else None,
            branch=run.put_aside() if change.leaves_run else None,
        )
        if change.branch:
            run.branch(change.branch)
        elif change.restart:
            run.begin(Setup(dataset, change.restart.settings, change.training or before.training), change.restart)
        elif change.rewind:
            run.rewind(replace(before, training=change.training or before.training))
        elif change.edits or change.surgery or change.training:
            run.revise(Setup(dataset, network, change.training or before.training), change.surgery)
        if change.training or change.parameter or change.surgery:
            # What it said of the weights or of the rate is no longer so.
            run.drop_event()
        elif change.edits or change.branch:
            run.drop_hint()
        if change.parameter:
            run.set_parameter(*change.parameter)
        if change.parameter or change.surgery:
            run.drop_event_of_weights()
        self._generator_settings = change.generator or self._generator_settings
        self._tell(change)
        return inverse

    @Slot()
    def _on_fell_back(self) -> None:
        """Show what is in force after changes that could not be trained; what undo would take back is not there."""
        self.forget_all()
        self.points_renumbered.emit()
        for signal in (self.dataset_changed, self.network_changed, self.training_changed):
            signal.emit()
        self._run.notice_changed.emit()

    def _tell(self, change: Change) -> None:
        self._is_telling = True
        try:
            self._emit_signals(change)
        finally:
            self._is_telling = False

    def _emit_signals(self, change: Change) -> None:
        if change.edits or change.branch:
            if change.branch or not all(isinstance(edit, MovePoints) for edit in change.edits):
                self.points_renumbered.emit()
            self.dataset_changed.emit()
        if change.generator:
            self.generator_changed.emit()
        if change.surgery or change.leaves_run:
            self.network_changed.emit()
        if change.training or change.branch:
            self.training_changed.emit()
        if change.edits or change.branch or change.surgery:
            self._run.notice_changed.emit()

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
        self._stroke = Stroke(text)

    def end_stroke(self) -> None:
        """Close the stroke; without an edit there is nothing to undo."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self.stroke_ended.emit()
        if stroke is not None and stroke.edits:
            change, inverse = Change(edits=tuple(stroke.edits)), Change(edits=tuple(reversed(stroke.inverses)))
            self._push(UndoableChange(stroke.text, self.apply, change, inverse))
            self._marks.note_stroke(stroke)

    def edit_points(self, text: str, edit: Edit) -> None:
        """Apply an edit that leaves the classes as they are: part of the open stroke, or a step of undo of its own."""
        if self._stroke is None:
            with self._as_stroke(text):
                self.edit_points(text, edit)
            return
        inverse = self.apply(Change(edits=(edit,)))
        self._stroke.add(edit, inverse.edits[0])


def _edited(dataset: Dataset, edits: Sequence[Edit]) -> tuple[Dataset, tuple[Edit, ...]]:
    """Return a data set after edits, and the edits that take them back, in the order for it."""
    inverses: list[Edit] = []
    for edit in edits:
        inverses.insert(0, edit.inverse(dataset))
        dataset = edit.apply(dataset)
    return dataset, tuple(inverses)
