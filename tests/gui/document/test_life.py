"""A life of a document: changes of every kind in any order while it trains, and back."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

from gui.document.document import Document
from model import Trainer
from model.data.dataset import PROBLEM_KINDS
from model.data.generators import GENERATORS
from model.data.problems import PROBLEMS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.parts import Edge, Unit

GESTURES = itertools.count(1)


def process_events(milliseconds=30):
    """Let the window live for a while, as it does between two actions of a person."""
    deadline = QDeadlineTimer(milliseconds)
    while not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def assert_whole(moment):
    """Fail unless the figures of a moment are those of its own weights and points."""
    network = Network.from_settings(moment.network, moment.checkpoint.parameters)
    trainer = Trainer(network, moment.dataset, moment.training)
    trainer.restore(moment.checkpoint)
    assert trainer.metrics() == moment.metrics


fractions = st.floats(0.0, 1.0, exclude_max=True)


def pick(fraction, n):
    return int(fraction * n)


def drag_classes(document, fraction):
    gesture = next(GESTURES)
    for n_classes in (2 + pick(fraction, 4), 2 + pick(1 - fraction, 4)):
        document.points.generate(gesture, name="spiral", n_classes=n_classes)


def choose_output(document, fraction):
    """Choose what the menu of the last layer's header offers."""
    regression = document.dataset.is_regression
    names = ("linear", "sigmoid", "tanh") if regression else tuple(OUTPUT_ACTIVATIONS)
    name, rest = names[pick(fraction, len(names))], pick(fraction, 99) % 2
    document.network.set_output(name, single_unit=regression or (rest == 0 and OUTPUT_ACTIVATIONS[name].min_units == 1))


def toggle_feature(document, fraction):
    """Choose one of the features that are offered for such points."""
    names = PROBLEMS[document.dataset.kind].features
    document.network.toggle_feature(list(names)[pick(fraction, len(names))])


CHANGES = {
    "add points": lambda d, f: d.points.add("brush", np.random.default_rng(pick(f, 99)).uniform(-6, 6, (5, 2))),
    "move points": lambda d, f: d.points.move(np.arange(min(3, len(d.dataset))), d.dataset.points[:3] * f),
    "remove points": lambda d, f: d.points.remove("erase", np.arange(pick(f, len(d.dataset)))),
    "clear": lambda d, f: d.points.clear(),
    "add class": lambda d, f: d.points.add_class(),
    "remove class": lambda d, f: d.points.remove_class(pick(f, d.dataset.n_classes)),
    "kind": lambda d, f: d.points.set_kind(PROBLEM_KINDS[pick(f, len(PROBLEM_KINDS))]),
    "generate": lambda d, f: d.points.generate(name=list(GENERATORS)[pick(f, len(GENERATORS))], n_points=20),
    "drag classes": drag_classes,
    "share": lambda d, f: d.points.set_training_share(0.1 + 0.9 * f),
    "insert neuron": lambda d, f: d.network.insert_unit(1 + pick(f, 2)),
    "remove neuron": lambda d, f: d.network.remove_unit(1 + pick(f, 2), 0),
    "insert layer": lambda d, f: d.network.insert_layer(),
    "remove layer": lambda d, f: d.network.remove_layer(1 + pick(f, 3)),
    "activation": lambda d, f: d.network.set_activation(1, ["relu", "linear", "sigmoid"][pick(f, 3)]),
    "output": choose_output,
    "bias": lambda d, f: d.network.set_bias(["none", "shared", "per_neuron"][pick(f, 3)]),
    "feature": toggle_feature,
    "prune": lambda d, f: d.network.set_pruned(Edge(0, 0, 0), f < 0.7),
    "freeze": lambda d, f: d.network.set_frozen(Unit(1, 0), f < 0.7),
    "mute": lambda d, f: d.network.set_muted(Unit(1, 0), f < 0.7),
    "weight": lambda d, f: d.network.set_parameter(pick(f, d.network_settings.n_parameters), f),
    "learning rate": lambda d, f: d.learning.set_training(learning_rate=0.01 + f),
    "optimizer": lambda d, f: d.learning.set_training(
        optimizer=["adam", "momentum", "random_search"][pick(f, 3)], optimizer_options={}
    ),
    "batch": lambda d, f: d.learning.set_training(batch_size=[1, 7, None][pick(f, 3)]),
    "patience": lambda d, f: d.learning.set_training(patience=[None, 1][pick(f, 2)]),
    "dropout": lambda d, f: d.learning.set_dropout(1, 0.5 * f),
    "new run": lambda d, f: d.learning.reinitialise(),
    "other seed": lambda d, f: d.learning.set_initial(seed=pick(f, 9)),
}


class Life(RuleBasedStateMachine):
    """A person changes things by clicks, drags and strokes while the network trains, pauses, saves, undoes, redoes."""

    def __init__(self):
        super().__init__()
        self.document = Document()
        self.document.view.set(speed=None)
        self.failures = []
        self.document.failed.connect(lambda sentence, details: self.failures.append(details))
        self.states = {0: self.what_undo_restores()}

    def what_undo_restores(self):
        return self.document.run.setup, self.document.changes.generator_settings

    @property
    def stack(self):
        return self.document.changes.undo_stack

    @rule(name=st.sampled_from(list(CHANGES)), fraction=fractions)
    def change(self, name, fraction):
        before = self.stack.index()
        CHANGES[name](self.document, fraction)
        if self.stack.index() != before:
            self.note(before, self.what_undo_restores())

    def note(self, before, *states):
        """Note the states that came after index `before`; what was taken back before is gone for good."""
        self.states = {index: state for index, state in self.states.items() if index <= before}
        self.states |= dict(enumerate(states, start=before + 1))
        assert self.stack.index() == before + len(states)

    @rule(milliseconds=st.sampled_from([0, 20]), interrupted=st.booleans())
    def stroke(self, milliseconds, interrupted):
        """Spray and move in one stroke; another change, which comes between, makes two strokes of it."""
        document, before, states = self.document, self.stack.index(), []
        document.run.look_at_present()
        document.changes.begin_stroke("stroke")
        document.points.spray((0.0, 0.0), 3)
        process_events(milliseconds)
        document.points.move(np.arange(2), document.dataset.points[:2] / 2 + 0.1)
        if interrupted:
            states.append(self.what_undo_restores())
            document.points.regenerate()
            states.append(self.what_undo_restores())
        document.points.spray((0.0, 0.0), 2)
        document.changes.end_stroke()
        self.note(before, *states, self.what_undo_restores())

    @rule(changes=st.lists(st.tuples(st.sampled_from(list(CHANGES)), fractions), min_size=1, max_size=5))
    def change_and_take_back(self, changes):
        """Undo gives every weight back, whatever the changes do to the network's shape."""
        document = self.document
        self.rewind()
        before = self.stack.index()
        self.wait_until(lambda: document.displayed.run == document.run.state.run)
        parameters = document.displayed.network.parameters
        for name, fraction in changes:
            self.change(name, fraction)
        while self.stack.index() > before:
            self.undo()
        np.testing.assert_array_equal(document.run.present().checkpoint.parameters, parameters)
        process_events(20)
        self.wait_until(lambda: document.displayed.moment.setup == document.run.setup)
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)

    @staticmethod
    def wait_until(holds):
        deadline = QDeadlineTimer(5000)
        while not holds() and not deadline.hasExpired():
            process_events(5)
        assert holds()

    @rule()
    def step(self):
        self.document.run.step()

    @rule()
    def epoch(self):
        self.document.run.run_epoch()

    @rule(playing=st.booleans())
    def play(self, playing):
        self.document.run.set_playing(playing)

    @rule(milliseconds=st.sampled_from([0, 1, 20]))
    def live(self, milliseconds):
        process_events(milliseconds)

    @rule(fraction=fractions)
    def look_back(self, fraction):
        if len(self.document.run.history):
            self.document.run.look_back(pick(fraction, len(self.document.run.history)))

    @rule()
    def select_all(self):
        self.document.points.select_all()

    @invariant()
    def what_is_selected_is_shown(self):
        assert max(self.document.view.selected_points, default=-1) < len(self.document.run.shown_dataset)

    @rule(fraction=fractions)
    def pin_a_point(self, fraction):
        if len(self.document.dataset):
            self.document.probe.pin(pick(fraction, len(self.document.dataset)))

    @invariant()
    def what_is_pinned_is_there(self):
        point, dataset = self.document.probe.pinned, self.document.dataset
        if point is not None and point.index is not None:
            assert point.place == tuple(dataset.points[point.index].tolist())
            assert point.label == dataset.labels[point.index]
            assert isinstance(point.label, float) == dataset.is_regression

    @rule()
    def continue_from_here(self):
        before = self.stack.index()
        self.document.changes.continue_from_here()
        if self.stack.index() != before:
            self.note(before, self.what_undo_restores())

    @rule()
    def rewind(self):
        before = self.stack.index()
        self.document.changes.rewind()
        if self.stack.index() != before:
            self.note(before, self.what_undo_restores())

    @rule()
    def save(self):
        experiment = self.document.experiment()
        moment = experiment.history.frames[-1]
        assert moment.setup == self.document.run.setup
        if moment.metrics.is_finite:
            assert_whole(moment)

    @rule()
    def open_what_was_saved(self):
        if self.document.run.present().metrics.is_finite:
            self.document.open_experiment(self.document.experiment())
            self.states = {0: self.what_undo_restores()}

    @rule()
    def undo(self):
        self.document.changes.undo()
        self.check()

    @rule()
    def redo(self):
        self.document.changes.redo()
        self.check()

    def check(self):
        assert self.what_undo_restores() == self.states[self.stack.index()]

    @invariant()
    def nothing_failed(self):
        assert self.failures == []

    def teardown(self):
        try:
            document = self.document
            while self.stack.canUndo():
                self.undo()
            while self.stack.canRedo():
                self.redo()
            document.run.set_playing(False)
            self.wait_until(lambda: document.displayed.moment.setup == document.run.setup)
            assert self.failures == []
        finally:
            self.document.close()
            self.document.deleteLater()


def live(n_examples, n_steps):
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=n_examples,
            stateful_step_count=n_steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


def test_a_life_of_changes_while_training(qapp, engine):
    live(20, 15)


@pytest.mark.soak
def test_a_long_life_of_changes_while_training(qapp, engine):
    live(1500, 50)
