"""What a person does with a run: nothing here flushes a queue that no person flushes."""

import gc
import threading

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, Qt
from PySide6.QtTest import QTest

from model import Dataset, Trainer
from model.data.edits import ReplaceAll
from model.experiment import load_experiment, save_experiment
from model.network.network import Network
from model.network.parts import Edge, Unit
from model.run.history import History


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


def assert_saved_is_shown(document):
    """Fail unless a file would hold the moment that is shown."""
    saved = document.experiment().history.frames[-1]
    shown = document.displayed
    assert (saved.step, saved.metrics) == (shown.step, shown.metrics)
    np.testing.assert_array_equal(saved.checkpoint.parameters, shown.network.parameters)
    assert_whole(saved)


def points(n_points):
    labels = np.arange(n_points) % 3
    return Dataset(np.random.default_rng(0).normal(0, 2, (n_points, 2)).clip(-6, 6), labels, n_classes=3)


class TestSaving:
    @pytest.mark.parametrize(("n_points", "n_pauses"), [(240, 25), (5_000, 10), (100_000, 2)])
    def test_after_a_pause_saves_what_is_shown(self, document, qtbot, n_points, n_pauses):
        if n_points != 240:
            document.points.set_data("points", points(n_points))
        for _ in range(n_pauses):
            step = document.displayed.step
            document.run.set_playing(True)
            qtbot.waitUntil(lambda step=step: document.displayed.step > step + 20)
            document.run.set_playing(False)
            assert_saved_is_shown(document)
            # The timeline ends at the present, without anybody doing anything.
            qtbot.waitUntil(lambda: document.run.history.frames[-1].step == document.displayed.step)
            process_events()
            assert_saved_is_shown(document)

    def test_while_training_saves_one_moment(self, document, qtbot):
        document.run.set_playing(True)
        for _ in range(10):
            step = document.displayed.step
            qtbot.waitUntil(lambda step=step: document.displayed.step > step + 50)
            assert_saved_is_shown(document)

    def test_at_once_after_a_change_saves_the_change(self, document, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 200)
        for change in (
            lambda: document.points.add("place points", np.full((5, 2), 2.0)),
            lambda: document.network.insert_unit(1),
            lambda: document.learning.set_training(optimizer="adam"),
            lambda: document.network.set_parameter(0, 3.0),
            document.learning.reinitialise,
        ):
            change()
            saved = document.experiment()
            assert_whole(saved.history.frames[-1])
            assert saved.history.frames[-1].setup == document.run.setup
            process_events()

    def test_by_keys_in_a_window(self, window, qtbot, tmp_path):
        document, path = window.document, tmp_path / "run.netcanvas"
        save_experiment(document.experiment(), path)
        assert window.files.open(path)
        for _ in range(3):
            step = document.displayed.step
            QTest.keyClick(window, Qt.Key.Key_Space)
            qtbot.waitUntil(lambda step=step: document.displayed.step > step + 50)
            QTest.keyClick(window, Qt.Key.Key_Space)
            process_events(60)
            QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            saved = load_experiment(path).history.frames[-1]

            assert saved.step == document.displayed.step
            np.testing.assert_array_equal(saved.checkpoint.parameters, document.displayed.network.parameters)


class TestUndoOfANewRun:
    @pytest.fixture
    def failures(self, document):
        failures = []
        document.failed.connect(lambda sentence, details: failures.append(details))
        return failures

    @pytest.mark.parametrize("n_added", [5, -5])
    def test_at_once_after_an_edit_within_an_epoch(self, document, qtbot, failures, n_added):
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        if n_added > 0:
            document.points.add("place points", np.ones((n_added, 2)))
        else:
            document.points.remove("erase", np.arange(-n_added))
        document.learning.reinitialise()
        document.changes.undo()
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 2)

        assert failures == []
        assert document.displayed.moment.dataset == document.dataset

    def test_while_training_goes_back_to_the_moment_that_was_shown(self, document, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 300)
        shown = document.displayed
        document.learning.reinitialise()
        document.run.set_playing(False)
        document.changes.undo()

        assert document.displayed.step == shown.step
        np.testing.assert_array_equal(document.displayed.network.parameters, shown.network.parameters)
        assert_saved_is_shown(document)

    def test_runs_share_one_budget_and_clearing_gives_it_back(self, document, qtbot):
        others = {id(history) for history in histories()} - {id(document.run.history)}

        def kept_bytes():
            return sum(history.n_bytes for history in histories() if id(history) not in others)

        document.run.set_history_budget(1_000_000)
        for _ in range(6):
            document.run.set_playing(True)
            qtbot.waitUntil(lambda: document.displayed.step > 400)
            document.run.set_playing(False)
            document.learning.reinitialise()

        assert kept_bytes() <= 1_000_000 + 6 * 30_000, "two frames of each run stay whatever they take"
        document.changes.forget_all()
        process_events()
        assert kept_bytes() == document.run.history.n_bytes


def histories():
    gc.collect()
    return [item for item in gc.get_objects() if isinstance(item, History)]


class TestFailures:
    def test_window_and_thread_agree_again(self, document, qtbot, monkeypatch):
        """A change fails in the thread: what the person has made is what is trained afterwards."""
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)

        set_settings = Trainer.set_settings

        def fail(trainer, settings):
            if threading.current_thread() is not threading.main_thread():
                raise MemoryError("no room")
            set_settings(trainer, settings)

        with monkeypatch.context() as patches, qtbot.waitSignal(document.failed):
            patches.setattr(Trainer, "set_settings", fail)
            document.learning.set_training(learning_rate=0.05)
        assert not document.run.playing
        qtbot.waitUntil(lambda: document.displayed.moment.training.learning_rate == 0.05)
        step = document.displayed.step
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > step)
        assert document.displayed.moment.setup == document.run.setup

    def test_a_change_that_cannot_be_trained_at_all_is_given_up(self, document, qtbot, monkeypatch):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)

        def fail(trainer, settings):
            raise MemoryError("no room")

        with monkeypatch.context() as patches, qtbot.waitSignal(document.failed):
            patches.setattr(Trainer, "set_settings", fail)
            document.learning.set_training(learning_rate=0.05)
        assert document.training_settings.learning_rate == 0.1
        assert not document.changes.undo_stack.canUndo()
        step = document.displayed.step
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > step)
        assert document.displayed.moment.setup == document.run.setup

    def test_a_repair_that_fails_is_not_tried_for_ever(self, document, qtbot, monkeypatch):
        failures = []
        document.failed.connect(lambda sentence, details: failures.append(sentence))

        def fail(*arguments):
            raise MemoryError("no room")

        with monkeypatch.context() as patches:
            patches.setattr("model.run.run.Run.branch", fail)
            patches.setattr(Trainer, "run_steps", fail)
            document.run.set_playing(True)
            qtbot.waitUntil(lambda: len(failures) == 2)
            process_events(100)
        assert len(failures) == 2
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 0)


class TestHonesty:
    def test_a_network_without_finite_answers_is_explained(self, document, qtbot):
        for layer in (1, 2):
            document.network.set_activation(layer, "relu")
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(position, 1e150)
        qtbot.waitUntil(lambda: not document.displayed.metrics.is_finite)
        assert "too large" in document.run.notice.text
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: not document.run.playing)
        assert "too large" in document.run.notice.text
        document.learning.reinitialise()
        qtbot.waitUntil(lambda: document.displayed.metrics.is_finite)
        assert document.run.notice is None

    def test_a_pruned_weight_cannot_be_turned(self, document, qtbot):
        document.network.set_pruned(Edge(0, 0, 0), True)
        document.network.set_parameter(0, 2.0)
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)

        assert document.displayed.network.weights[0][0, 0] == 0.0

    def test_a_part_that_is_gone_is_passed_over(self, document):
        """As from a menu that was open while its neuron went."""
        document.network.remove_layer()
        document.network.remove_layer()
        index = document.changes.undo_stack.index()
        for stale in (
            lambda: document.network.insert_unit(1),
            lambda: document.network.remove_unit(1, 0),
            lambda: document.network.split_unit(Unit(2, 0)),
            lambda: document.network.remove_layer(2),
            lambda: document.network.set_activation(1, "relu"),
            lambda: document.network.set_frozen(Unit(3, 1), True),
            lambda: document.network.set_layer_frozen(3, True),
            lambda: document.network.set_pruned(Edge(1, 0, 4), True),
            lambda: document.network.set_muted(Unit(2, 3), True),
            lambda: document.network.set_parameter(60, 1.0),
            lambda: document.learning.set_dropout(1, 0.5),
        ):
            stale()
        assert document.changes.undo_stack.index() == index


def test_what_the_thread_says_of_an_older_request_is_not_taken_for_the_newest(document, qtbot):
    document.run.set_playing(True)
    for _ in range(5):
        document.network.set_parameter(0, 10.0)
        document.changes.edit_points("other points", ReplaceAll(points(40)))
        document.changes.undo()
        document.changes.undo()
    document.run.set_playing(False)
    qtbot.waitUntil(lambda: document.displayed.moment.setup == document.run.setup)
    assert_saved_is_shown(document)
