"""Document: the only mutable state of the window. Panels show its parts and ask them; nothing else holds state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from gui.document.changes import Change, Changes
from gui.document.engine import TrainingEngine
from gui.document.landscape import LossLandscape
from gui.document.lesson import OpenLesson
from gui.document.network import NetworkEdits
from gui.document.notices import went_on
from gui.document.pins import Pins
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.race import LiveRace
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.document.view import View, ViewSettings, known_view
from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment
from model.run.history import History
from model.run.run import Run, TrainedRun
from model.run.snapshot import Snapshot
from model.training.settings import first_setup


class Document(QObject):
    """What the window shows and a person changes.

    Attributes
    ----------
    run : LiveRun
        What is trained, and the moment that is shown.
    engine : TrainingEngine
        What takes its steps.
    view : View
        How it is looked at, and what is selected.
    changes : Changes
        The setup in force, and the undo stack.
    points : Points
    network : NetworkEdits
    learning : TrainingEdits
        What can be done to points, network and training.
    pins : Pins
        Runs kept for comparison.
    landscape : LossLandscape
        The loss over a plane through the weights.
    probe : Probe
        The point at which every number is shown.
    race : LiveRace
        Several ways to train the network beside each other.
    lesson : OpenLesson
        What a person is led through, if anything.
    """

    failed = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        generator_settings = GeneratorSettings()
        self.view = View(self)
        self.run = LiveRun(first_setup(generate(generator_settings)), self)
        self.engine = TrainingEngine(self.run, self)
        self.changes = Changes(self.run, generator_settings, self)
        self.points = Points(self.changes, self.view, self)
        self.network = NetworkEdits(self.changes, self.view, self)
        self.learning = TrainingEdits(self.changes, self)
        self.pins = Pins(self.run, self)
        self.landscape = LossLandscape(self.run, self.view, self.pins, self)
        self.probe = Probe(self.run, self.changes, self.view, self)
        self.race = LiveRace(self.run, self.changes, self.pins, self)
        self.lesson = OpenLesson(self)
        # Before any panel hears of a change, what is selected and chosen fits it.
        self.view.looked_at.connect(self.run.look_at)
        self.view.speed_changed.connect(self.run.set_speed)
        self.run.set_speed(self.view.settings.speed)
        self.run.moment_changed.connect(self.view.drop_selected_points)
        self.changes.points_renumbered.connect(self.view.drop_selected_points)
        self.changes.dataset_changed.connect(self._on_dataset_changed)
        self.changes.network_changed.connect(self._on_network_changed)
        for signal in (self.changes.dataset_changed, self.changes.training_changed):
            signal.connect(self.pins.follow_problem)
        self.run.failed.connect(self.failed)
        self.race.failed.connect(self.failed)

    def close(self) -> None:
        """End the threads."""
        self.engine.close()
        self.changes.close()
        self.landscape.close()
        self.race.close()
        self.run.close()

    @Slot()
    def _on_dataset_changed(self) -> None:
        n_classes = self.dataset.n_classes
        if self.view.settings.current_class >= n_classes > 0:
            self.view.set(current_class=n_classes - 1)

    @Slot()
    def _on_network_changed(self) -> None:
        self.view.drop_stale_selection(self.network_settings)

    @property
    def dataset(self) -> Dataset:
        """The points on the canvas."""
        return self.run.setup.dataset

    @property
    def network_settings(self) -> NetworkSettings:
        """The network's shape and names."""
        return self.run.setup.network

    @property
    def training_settings(self) -> TrainingSettings:
        """How the network learns."""
        return self.run.setup.training

    @property
    def displayed(self) -> Snapshot:
        """The moment that every view shows."""
        return self.run.displayed

    # Training goes on from the moment that is shown

    def toggle_playing(self) -> None:
        """Pause, or play on from the moment that is shown."""
        self._train_on(self.run.toggle_playing)

    def step(self, n_steps: int = 1) -> None:
        """Take one step, or some, from the moment that is shown; a run that plays pauses for it."""
        self._train_on(partial(self.run.step, n_steps))

    def run_epoch(self) -> None:
        """Take the steps that complete the epoch of the moment that is shown; a run that plays pauses for it."""
        self._train_on(self.run.run_epoch)

    def _train_on(self, go_on: Callable[[], None]) -> None:
        """Let a past moment that is shown be the present before training goes on, and say so."""
        moment, last = self.run.moment, self.run.step_count
        self.changes.continue_from_here()
        go_on()
        if moment is not None:
            self.run.tell(went_on(moment.step, last))

    def experiment(self) -> Experiment:
        """Return all that a file has to keep."""
        kept = self.run.kept()
        return Experiment(
            setup=self.run.setup,
            generator=self.changes.generator_settings,
            history=kept.history,
            curve=kept.curve,
            view=asdict(self.view.settings),
            name=self.changes.titles.name,
            notes=self.changes.titles.notes,
            seconds=kept.seconds,
        )

    def begin_anew(self) -> None:
        """Show the experiment with which the program begins instead of the present one."""
        generator = GeneratorSettings()
        setup = first_setup(generate(generator))
        history = History()
        history.append(Run(setup, engine=None).moment())
        self.open_experiment(Experiment(setup, generator, history, view=asdict(ViewSettings())))

    def show_experiment(self, text: str, experiment: Experiment) -> None:
        """Show an experiment in the place of the present one, as a step of undo that brings this one back."""
        self.run.set_playing(False)
        self.view.set(**known_view(experiment.view))
        kept = TrainedRun(experiment.history, experiment.curve, seconds=experiment.seconds)
        self.changes.perform(text, Change(generator=experiment.generator, branch=kept))
        self.run.hush_points()

    def open_experiment(self, experiment: Experiment) -> None:
        """Show an experiment instead of the present one, paused at the end of its run."""
        self.changes.end_stroke()
        self.run.set_playing(False)
        self.changes.forget_all()
        self.view.drop_selected_points()
        self.probe.release()
        self.view.set(**known_view(experiment.view))
        kept = TrainedRun(experiment.history, experiment.curve, seconds=experiment.seconds)
        self.changes.apply(Change(generator=experiment.generator, branch=kept, titles=experiment.titles))
        self.run.hush_points()
