import itertools
import time
from dataclasses import replace

import numpy as np
import pytest

from gui.document.document import Document
from gui.document.view import DEFAULT_SPEED, known_view
from model import Trainer
from model.run.record import record


class TestTheStart:
    def test_is_a_small_spiral_ready_to_play(self, document):
        assert document.changes.generator_settings.name == "spiral"
        assert len(document.dataset) == 240
        assert document.network_settings.layer_sizes[-1] == document.dataset.n_classes == 3
        assert not document.run.playing
        assert not document.changes.undo_stack.canUndo()
        assert document.run.notice is None

    def test_shows_the_first_weights_at_once(self, document, answered):
        at_once = document.displayed
        answered(document)

        assert (at_once.step, at_once.epoch) == (0, 0)
        np.testing.assert_array_equal(at_once.network.parameters, document.displayed.network.parameters)
        assert at_once.metrics == document.displayed.metrics


class TestRunning:
    def test_play_and_pause(self, document, answered, qtbot):
        with qtbot.waitSignal(document.run.playing_changed, check_params_cb=lambda playing: playing):
            document.run.toggle_playing()
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        with qtbot.waitSignal(document.run.playing_changed, check_params_cb=lambda playing: not playing):
            document.run.toggle_playing()
        answered(document)
        step = document.displayed.step
        answered(document)

        assert document.displayed.step == step

    def test_one_step_and_one_epoch(self, document, answered, qtbot):
        steps_of_an_epoch = -(-document.dataset.n_training // document.training_settings.batch_size)
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        document.run.run_epoch()
        qtbot.waitUntil(lambda: document.displayed.epoch == 1)
        answered(document)

        assert document.displayed.step == steps_of_an_epoch

    @pytest.mark.parametrize("verb", ["step", "run_epoch"])
    def test_a_step_pauses_a_run_that_plays(self, document, verb, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        getattr(document.run, verb)()

        assert not document.run.playing

    def test_rewind_goes_back_and_repeats_the_run(self, document, answered, qtbot):
        first = document.displayed
        parameters = []
        for _ in range(2):
            document.changes.rewind()
            document.run.run_epoch()
            qtbot.waitUntil(lambda: document.displayed.epoch == 1)
            parameters.append(document.displayed.network.parameters)
        document.changes.rewind()
        qtbot.waitUntil(lambda: document.displayed.step == 0)

        np.testing.assert_array_equal(parameters[0], parameters[1])
        np.testing.assert_array_equal(document.displayed.network.parameters, first.network.parameters)
        assert not document.run.playing

    def test_rewind_shows_the_first_weights_at_once_while_training(self, document, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        time.sleep(0.05)  # Mail of the old run lies unread.
        shown = []
        document.run.displayed_changed.connect(lambda: shown.append(document.displayed.step))
        document.changes.rewind()
        qtbot.waitUntil(lambda: len(shown) > 0)

        assert shown[0] == 0

    def test_reinitialise_begins_a_run_with_other_weights(self, trained):
        before = trained.network_settings
        trained.learning.reinitialise()

        assert trained.network_settings == replace(before, seed=before.seed + 1)

    def test_reinitialise_shows_the_new_weights(self, trained, answered, qtbot):
        first = trained.displayed.network.parameters
        trained.learning.reinitialise()
        answered(trained)

        assert trained.displayed.step == 0
        assert not np.array_equal(trained.displayed.network.parameters, first)
        trained.changes.undo()
        answered(trained)
        assert trained.displayed.network.settings.seed == 0

    def test_answers_of_an_older_run_are_not_shown(self, document, qtbot):
        shown = []
        document.run.displayed_changed.connect(lambda: shown.append(document.displayed))
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        time.sleep(0.05)  # Meanwhile the thread has sent more of this run.
        document.changes.rewind()
        document.run.set_playing(True)
        shown.clear()
        qtbot.waitUntil(lambda: len(shown) > 3)

        assert len({snapshot.run for snapshot in shown}) == 1
        assert [snapshot.step for snapshot in shown] == sorted(snapshot.step for snapshot in shown)

    def test_snapshots_from_before_a_change_of_shape_are_not_shown(self, document, qtbot):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        for change in (
            document.network.insert_layer,
            lambda: document.network.insert_unit(1),
            document.network.remove_layer,
        ):
            shown = []
            connection = document.run.displayed_changed.connect(
                lambda shown=shown: shown.append(document.displayed.network.settings)
            )
            time.sleep(0.03)
            change()
            qtbot.waitUntil(lambda shown=shown: len(shown) > 1)
            document.disconnect(connection)
            assert set(shown) == {document.network_settings}

    def test_the_curve_begins_at_step_0_and_has_every_point(self, document, answered, qtbot):
        for _ in range(2):
            document.run.set_playing(True)
            qtbot.waitUntil(lambda: document.displayed.step >= 400)
            document.run.set_playing(False)
            answered(document)
            steps, *_ = document.run.curve.thinned(10_000)
            np.testing.assert_array_equal(steps[:300], np.arange(300))
            document.changes.rewind()
            answered(document)

    def test_errors_of_the_thread_arrive_and_the_window_goes_on(self, document, qtbot, monkeypatch):
        def fail(trainer, n_steps):
            raise ArithmeticError("no such step")

        with monkeypatch.context() as patches, qtbot.waitSignal(document.failed) as failed:
            patches.setattr(Trainer, "run_steps", fail)
            document.run.set_playing(True)

        assert failed.args[0] == "The training stopped: no such step."
        assert "Traceback" in failed.args[1]
        assert not document.run.playing
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)


class TestSpeed:
    def test_in_ten_seconds_of_it_the_first_spiral_is_learned(self, document):
        assert record(document.run.setup, 10 * DEFAULT_SPEED).moment.metrics.train_accuracy > 0.95
        assert record(document.run.setup, 3 * DEFAULT_SPEED).moment.metrics.train_accuracy < 0.85

    def test_at_first_one_can_watch_it_learn_and_the_thread_knows(self, qapp, answered):
        document = Document()
        try:
            answered(document)
            assert document.view.settings.speed == document.run._thread._steps_per_second == DEFAULT_SPEED
        finally:
            document.close()
            document.deleteLater()

    def test_a_file_brings_its_own_and_one_that_says_nothing_changes_nothing(self):
        assert known_view({"speed": None}) == {"speed": None}
        assert known_view({"speed": 500}) == {"speed": 500}
        assert known_view({}) == {}


class TestLossFollowsTheOutput:
    def test_both_ways(self, document):
        document.network.set_output("tanh", single_unit=False)
        assert document.training_settings.loss == "squared_error"
        document.network.set_output("softmax", single_unit=False)
        assert document.training_settings.loss == "cross_entropy"

    def test_a_loss_that_was_chosen_stays_where_it_goes_with_the_output(self, document):
        document.learning.set_training(loss="squared_error")
        document.network.set_output("sigmoid", single_unit=False)
        assert document.training_settings.loss == "squared_error"

    @pytest.mark.parametrize("kind", ["values", "curve"])
    @pytest.mark.parametrize("names", list(itertools.permutations(("linear", "sigmoid", "tanh"), 2)), ids="-".join)
    def test_a_number_is_learned_by_the_squared_error_alone(self, document, kind, names):
        document.points.set_kind(kind)
        for name in names:
            document.network.set_output(name, single_unit=True)
            assert document.network_settings.output_activation == name
            assert document.training_settings.loss == "squared_error"
