import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEventLoop, QTimer

from gui.document.document import Document
from model import Dataset, Trainer
from model.data.dataset import MAX_POINTS, PLANE_LIMIT
from model.data.edits import ReplaceAll
from model.data.generators import GENERATORS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Edge, Unit, bias_position, weight_position


def what_undo_restores(document):
    return (
        document.dataset,
        document.network_settings,
        document.training_settings,
        document.changes.generator_settings,
    )


def replace_points(document, points, labels, **others):
    document.changes.edit_points("other points", ReplaceAll(Dataset(points, labels, n_classes=3, **others)))


@pytest.fixture
def trained(document, answered, qtbot):
    """A document whose run has taken some hundred steps and is paused."""
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 300)
    document.run.set_playing(False)
    answered(document)
    return document


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
            document.run.rewind()
            document.run.run_epoch()
            qtbot.waitUntil(lambda: document.displayed.epoch == 1)
            parameters.append(document.displayed.network.parameters)
        document.run.rewind()
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
        document.run.rewind()
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
        document.run.rewind()
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
            document.run.rewind()
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


class TestDivergence:
    @pytest.fixture
    def diverging(self, document):
        for layer in (1, 2):
            document.network.set_activation(layer, "relu")
        document.learning.set_training(learning_rate=1000.0)
        return document

    def test_pauses_goes_back_and_says_so(self, diverging, answered, qtbot):
        diverging.run.set_playing(True)
        with qtbot.waitSignal(diverging.run.notice_changed):
            pass
        answered(diverging)

        assert not diverging.run.playing
        assert diverging.run.notice.offers_halving
        assert "learning rate 1000" in diverging.run.notice.text
        assert f"step {diverging.displayed.step:,}" in diverging.run.notice.text
        assert np.isfinite(diverging.displayed.metrics.train_loss)
        assert np.isfinite(diverging.displayed.network.parameters).all()
        assert np.isfinite(diverging.displayed.surface.probabilities).all()
        steps, losses, *_ = diverging.run.curve.thinned(10_000)
        assert np.isfinite(losses).all()
        assert steps[-1] <= diverging.displayed.step

    def test_one_call_halves_and_playing_works_again(self, diverging, answered, qtbot):
        diverging.run.set_playing(True)
        qtbot.waitUntil(lambda: diverging.run.notice is not None)
        diverging.learning.halve_learning_rate()

        assert diverging.training_settings.learning_rate == 500.0
        assert diverging.run.notice is None
        diverging.learning.set_training(learning_rate=0.01)
        step = diverging.displayed.step
        diverging.run.set_playing(True)
        qtbot.waitUntil(lambda: diverging.displayed.step > step)
        diverging.changes.undo()
        diverging.changes.undo()
        assert diverging.training_settings.learning_rate == 1000.0, "halving is a step of undo"

    @pytest.mark.parametrize(
        "act",
        [
            lambda document: document.run.set_playing(True),
            lambda document: document.run.step(),
            lambda document: document.run.rewind(),
            lambda document: document.learning.reinitialise(),
        ],
        ids=["play", "step", "rewind", "reinitialise"],
    )
    def test_the_notice_goes_when_it_no_longer_holds(self, diverging, act, qtbot):
        diverging.run.set_playing(True)
        qtbot.waitUntil(lambda: diverging.run.notice is not None)
        act(diverging)

        assert diverging.run.notice is None


class TestFewPoints:
    @pytest.mark.parametrize(
        ("points", "labels", "is_test", "words"),
        [
            ([], [], [], "no training point"),
            ([[1, 1]], [0], [True], "no training point"),
            ([[1, 1]], [0], [False], "one class"),
            ([[1, 1], [2, 2], [3, 3]], [1, 1, 1], None, "one class"),
        ],
    )
    def test_are_answered_by_a_sentence(self, document, answered, qtbot, points, labels, is_test, words):
        replace_points(document, points, labels, is_test=is_test)
        document.run.set_playing(True)
        answered(document)

        assert words in document.run.notice.text
        assert not document.run.notice.offers_halving
        metrics = document.displayed.metrics
        values = [metrics.train_loss, metrics.test_loss, metrics.train_accuracy, metrics.test_accuracy]
        assert all(value is None or np.isfinite(value) for value in values)
        assert np.isfinite(document.displayed.surface.probabilities).all()

    def test_training_begins_when_a_point_arrives(self, document, answered, qtbot):
        document.points.clear()
        document.run.set_playing(True)
        answered(document)
        assert document.run.playing
        assert document.displayed.step == 0

        document.points.add("place point", [(1.0, 1.0)])
        qtbot.waitUntil(lambda: document.displayed.step > 0)
        assert "one class" in document.run.notice.text
        document.points.add("place point", [(-1.0, 1.0)], class_index=1)
        assert document.run.notice is None

    def test_an_empty_test_set_has_no_figures(self, document, answered):
        document.points.set_training_share(1.0)
        answered(document)

        assert document.displayed.metrics.test_loss is None
        assert document.displayed.metrics.test_accuracy is None
        assert document.run.notice is None

    def test_a_class_can_be_removed_when_there_is_no_point(self, document, answered, qtbot):
        document.points.clear()
        with qtbot.assertNotEmitted(document.failed):
            document.points.remove_class(2)
            answered(document)

        assert document.displayed.network.settings.layer_sizes[-1] == 2

    def test_more_points_than_memory_should_hold_are_refused(self, document):
        document.points.add("brush", np.zeros((MAX_POINTS + 5, 2)))
        assert len(document.dataset) == MAX_POINTS
        document.points.add("brush", [(0.0, 0.0)])
        assert len(document.dataset) == MAX_POINTS


class TestStrokes:
    def test_one_stroke_is_one_step_of_undo(self, document):
        before = document.dataset
        document.changes.begin_stroke("brush")
        for _ in range(20):
            document.points.spray((1.0, 1.0), 3)
        document.changes.end_stroke()

        assert len(document.dataset) == len(before) + 60
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert document.dataset == before
        document.changes.redo()
        assert len(document.dataset) == len(before) + 60

    def test_a_stroke_without_an_edit_leaves_nothing_to_undo(self, document):
        document.changes.begin_stroke("erase points")
        document.points.remove("erase points", np.array([], dtype=int))
        document.changes.end_stroke()

        assert not document.changes.undo_stack.canUndo()

    def test_there_is_no_limit(self, document):
        before = document.dataset
        for index in range(300):
            document.points.add("place point", [(index / 100, 0.0)])
        for _ in range(300):
            document.changes.undo()

        assert document.dataset == before
        assert not document.changes.undo_stack.canUndo()

    def test_undo_during_a_stroke_ends_it(self, document):
        before = document.dataset
        document.changes.begin_stroke("brush")
        document.points.spray((0.0, 0.0), 5)
        document.changes.undo()

        assert document.dataset == before
        document.changes.redo()
        assert len(document.dataset) == len(before) + 5

    def test_another_change_during_a_stroke_undoes_in_its_order(self, document):
        states = [what_undo_restores(document)]
        document.changes.begin_stroke("brush")
        document.points.spray((0.0, 0.0), 5)
        states.append(what_undo_restores(document))
        document.points.regenerate()
        states.append(what_undo_restores(document))
        document.points.spray((0.0, 0.0), 3)
        document.changes.end_stroke()
        while document.changes.undo_stack.canUndo():
            document.changes.undo()
            assert what_undo_restores(document) == states[document.changes.undo_stack.index()]

    def test_points_stay_on_the_plane(self, document):
        document.view.set(brush_radius=3.0)
        document.points.spray((PLANE_LIMIT, -PLANE_LIMIT), 200)
        document.points.move(np.arange(5), np.full((5, 2), 100.0))

        assert np.abs(document.dataset.points).max() == PLANE_LIMIT

    def test_the_brush_covers_its_disk_evenly(self, document):
        n_before = len(document.dataset)
        document.view.set(brush_radius=2.0)
        document.points.spray((1.0, 1.0), 4000)
        distances = np.hypot(*(document.dataset.points[n_before:] - 1.0).T)

        assert distances.max() <= 2.0
        assert np.mean(distances < 1.0) == pytest.approx(0.25, abs=0.04)

    def test_new_points_keep_the_training_share(self, document):
        document.points.clear()
        document.points.add("brush", np.zeros((200, 2)))
        assert document.dataset.n_training == 140


class TestGestures:
    def test_a_drag_of_a_slider_is_one_step(self, document):
        before = what_undo_restores(document)
        gesture = document.changes.new_gesture()
        for noise in (0.2, 0.3, 0.4):
            document.points.generate(gesture, noise=noise)

        after = what_undo_restores(document)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert what_undo_restores(document) == before
        document.changes.redo()
        assert what_undo_restores(document) == after

    def test_two_drags_are_two_steps(self, document):
        for _ in range(2):
            gesture = document.changes.new_gesture()
            for noise in (0.2, 0.3):
                document.points.generate(gesture, noise=noise)

        assert document.changes.undo_stack.count() == 2

    @pytest.mark.parametrize("counts", [(4, 5), (2, 4, 2), (4, 3, 2)])
    def test_a_drag_over_numbers_of_classes_gives_every_weight_back(self, document, answered, counts):
        before, parameters = what_undo_restores(document), document.displayed.network.parameters
        gesture = document.changes.new_gesture()
        for n_classes in counts:
            document.points.generate(gesture, n_classes=n_classes)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        answered(document)

        assert what_undo_restores(document) == before
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)
        document.changes.redo()
        answered(document)
        assert document.displayed.network.settings.n_classes == counts[-1]

    def test_a_weight_turned_for_long_is_one_step(self, trained, answered):
        before = trained.displayed.network.parameters
        gesture = trained.changes.new_gesture()
        for value in (1.0, 2.0, 3.0):
            trained.network.set_parameter(4, value, gesture)
        answered(trained)
        assert trained.displayed.network.parameters[4] == 3.0
        trained.changes.undo()
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.parameters, before)


class TestClasses:
    def test_adding_one_adds_an_output_and_keeps_the_weights(self, trained, answered):
        before = trained.displayed.network
        trained.points.add_class()
        answered(trained)

        after = trained.displayed.network
        assert trained.dataset.n_classes == after.settings.layer_sizes[-1] == 4
        assert trained.view.settings.current_class == 3
        np.testing.assert_array_equal(after.weights[0], before.weights[0])
        np.testing.assert_array_equal(after.weights[-1][:, :3], before.weights[-1])
        assert trained.displayed.step > 0, "the run goes on"

    def test_removing_one_removes_its_points_and_output(self, trained, answered):
        before, points = trained.displayed.network, trained.dataset
        trained.points.remove_class(1)
        answered(trained)

        after = trained.displayed.network
        assert trained.dataset.n_classes == 2
        np.testing.assert_array_equal(trained.dataset.points, points.points[points.labels != 1])
        np.testing.assert_array_equal(after.weights[-1], before.weights[-1][:, [0, 2]])
        trained.changes.undo()
        answered(trained)
        assert trained.dataset == points
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.parameters)

    def test_there_are_two_to_eight(self, document):
        for _ in range(10):
            document.points.add_class()
        assert document.dataset.n_classes == 8
        for _ in range(10):
            document.points.remove_current_class()
        assert document.dataset.n_classes == 2
        assert document.view.settings.current_class < 2

    def test_a_single_output_becomes_one_for_each_class(self, document, answered):
        document.points.remove_class(2)
        document.network.set_output("sigmoid", single_unit=True)
        assert document.network_settings.layer_sizes[-1] == 1
        answered(document)
        before = document.displayed.surface.probabilities
        document.network.set_output("softmax", single_unit=False)
        answered(document)

        np.testing.assert_allclose(document.displayed.surface.probabilities, before, atol=1e-5)

    def test_three_classes_need_an_output_each(self, document):
        document.network.set_output("sigmoid", single_unit=True)
        assert (document.network_settings.output_activation, document.network_settings.layer_sizes[-1]) == (
            "sigmoid",
            3,
        )

    def test_an_output_without_cross_entropy_brings_the_squared_error(self, document, answered):
        document.points.remove_class(2)
        document.network.set_output("tanh", single_unit=True)
        assert document.training_settings.loss == "squared_error"
        document.changes.undo()
        assert document.training_settings.loss == "cross_entropy"
        answered(document)
        assert document.displayed.network.settings == document.network_settings


class TestShape:
    @pytest.mark.parametrize("index", [0, 3, None])
    def test_a_removed_neuron_comes_back_with_its_weights(self, trained, answered, index):
        before = trained.displayed.network.parameters
        trained.network.remove_unit(1, index)
        answered(trained)
        assert trained.displayed.network.settings.layer_sizes == (2, 5, 5, 3)
        trained.changes.undo()
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.parameters, before)
        assert trained.displayed.step > 0, "the run goes on"

    def test_a_removed_neuron_comes_back_as_it_was_at_the_first_weights(self, trained, answered):
        trained.run.rewind()
        answered(trained)
        first = trained.displayed.network.parameters
        trained.run.run_epoch()
        answered(trained)
        trained.network.remove_unit(1, 2)
        trained.changes.undo()
        trained.run.rewind()
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.parameters, first)

    @pytest.mark.parametrize("layer", [1, 2])
    def test_a_removed_layer_comes_back_with_its_weights(self, trained, answered, layer):
        before = trained.displayed.network.parameters
        trained.network.remove_layer(layer)
        answered(trained)
        assert len(trained.displayed.network.weights) == 2
        trained.changes.undo()
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.parameters, before)

    def test_adding_a_neuron_keeps_the_weights(self, trained, answered):
        before = trained.displayed.network
        trained.network.insert_unit(1)
        answered(trained)

        np.testing.assert_array_equal(trained.displayed.network.weights[0][:, :6], before.weights[0])

    def test_there_is_an_end(self, document, answered):
        for _ in range(12):
            document.network.insert_layer()
        for _ in range(70):
            document.network.insert_unit(1)
        assert document.network_settings.n_hidden_layers == 10
        assert document.network_settings.layer_sizes[1] == 64
        for _ in range(12):
            document.network.remove_layer()
        assert document.network_settings.layer_sizes == (2, 3)
        answered(document)
        assert document.displayed.network.settings.layer_sizes == (2, 3)
        document.network.insert_layer()
        for _ in range(5):
            document.network.remove_unit(1)
        assert document.network_settings.layer_sizes == (2, 1, 3), "one always stays"

    def test_what_is_gone_is_not_selected_any_more(self, document):
        document.view.select(Unit(1, 5))
        document.view.hover(Edge(1, 5, 0))
        document.network.remove_unit(1)

        assert document.view.selection is None
        assert document.view.hovered is None

    def test_the_activation_of_a_layer(self, document, answered):
        document.network.set_activation(2, "relu")
        assert document.network_settings.hidden_activations == ("tanh", "relu")
        document.network.set_activation(2, "relu")
        assert document.changes.undo_stack.count() == 1
        answered(document)
        assert document.displayed.network.settings == document.network_settings


class TestSettings:
    @pytest.mark.parametrize("change", [{"learning_rate": 0.5}, {"batch_size": 3}, {"batch_size": None}])
    def test_change_without_a_reset(self, trained, answered, change):
        before = trained.displayed
        trained.learning.set_training(**change)
        answered(trained)

        assert trained.displayed.step == before.step
        assert trained.displayed.run == before.run
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.network.parameters)
        trained.run.step()
        answered(trained)
        assert trained.displayed.step == before.step + 1
        trained.changes.undo()
        assert trained.training_settings.learning_rate == 0.1

    @pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
    def test_a_wrong_learning_rate_is_refused(self, document, rate):
        with pytest.raises(ValueError, match="learning_rate"):
            document.learning.set_training(learning_rate=rate)
        assert not document.changes.undo_stack.canUndo()

    @pytest.mark.parametrize("change", [{"seed": 5}, {"initializer": "uniform"}])
    def test_first_weights_begin_a_new_run(self, trained, answered, change):
        before = trained.displayed
        trained.learning.set_initial(**change)
        answered(trained)
        assert trained.displayed.step == 0
        assert not np.array_equal(trained.displayed.network.parameters, before.network.parameters)
        trained.changes.undo()
        answered(trained)
        assert trained.displayed.step == before.step
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.network.parameters)

    def test_what_changes_nothing_leaves_nothing_to_undo(self, document):
        document.learning.set_training(learning_rate=document.training_settings.learning_rate)
        document.learning.set_initial(seed=document.network_settings.seed)

        assert not document.changes.undo_stack.canUndo()

    def test_speed_goes_up_and_down_between_its_ends(self, document):
        document.view.faster()
        assert document.view.settings.speed is None
        document.view.slower()
        assert document.view.settings.speed == 5000
        for _ in range(20):
            document.view.slower()
        assert document.view.settings.speed == 1


class TestWeightsByHand:
    def test_arrive_in_the_displayed_network_with_its_metrics(self, trained, answered):
        settings_ = trained.network_settings
        weight, bias = weight_position(settings_, Edge(1, 2, 3)), bias_position(settings_, Unit(3, 1))
        trained.network.set_parameter(weight, 2.5)
        trained.network.set_parameter(bias, -1.5)
        answered(trained)

        displayed = trained.displayed
        assert displayed.network.weights[1][2, 3] == 2.5
        assert displayed.network.biases[2][1] == -1.5
        training = trained.dataset.subset(test=False)
        answers = displayed.network.class_probabilities(training.points)
        loss = -np.log(answers[np.arange(len(training)), training.labels]).mean()
        assert displayed.metrics.train_loss == pytest.approx(loss)
        assert displayed.step > 0, "the run goes on"

    def test_arrive_in_the_next_displayed_network_while_training(self, document, qtbot):
        document.learning.set_training(learning_rate=1e-9)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        for value in range(1, 6):
            time.sleep(0.04)  # Meanwhile the thread has made a snapshot that the window has not taken yet.
            document.network.set_parameter(0, float(value))
            with qtbot.waitSignal(document.run.displayed_changed):
                pass
            assert document.displayed.network.parameters[0] == pytest.approx(value, abs=1e-3)

    def test_undo_gives_back_the_value_of_the_edit_before(self, document, answered, qtbot):
        document.learning.set_training(learning_rate=1e-9)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        document.network.set_parameter(0, 1.0)
        for value in (2.0, 3.0, 4.0):
            time.sleep(0.04)
            document.network.set_parameter(0, value)
            process_events()  # A snapshot from before the edit is read now.
            document.network.set_parameter(0, 10.0 * value)
            document.changes.undo()
            answered(document)
            assert document.displayed.network.parameters[0] == pytest.approx(value, abs=1e-3)

    def test_undo_after_new_weights_gives_back_the_new_weight(self, trained, answered):
        trained.learning.reinitialise()
        trained.network.set_parameter(0, 1.0)
        trained.changes.undo()
        answered(trained)
        after_undo = trained.displayed.network.parameters[0]
        trained.run.rewind()
        answered(trained)

        assert after_undo == trained.displayed.network.parameters[0]


def process_events():
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()


class TestData:
    @pytest.mark.parametrize("name", GENERATORS)
    def test_every_generator_can_be_chosen_and_undone(self, document, answered, name):
        before = what_undo_restores(document)
        document.points.generate(name=name)
        answered(document)
        smallest, largest = GENERATORS[name].class_range

        assert smallest <= document.dataset.n_classes <= largest
        assert document.displayed.is_regression == GENERATORS[name].is_regression
        assert document.displayed.network.settings.n_classes == max(document.dataset.n_classes, 2)
        document.changes.undo()
        assert what_undo_restores(document) == before

    def test_regenerate_takes_the_next_seed(self, document):
        before = document.dataset
        document.points.regenerate()
        assert document.changes.generator_settings.seed == 1
        assert len(document.dataset) == len(before)
        assert document.dataset != before

    def test_training_share_splits_the_same_points(self, document):
        before = document.dataset
        document.points.set_training_share(0.5)

        np.testing.assert_array_equal(document.dataset.points, before.points)
        assert document.dataset.n_training == 120

    def test_the_selection_goes_with_its_points(self, document):
        document.view.select_points(np.arange(10))
        document.points.delete_selected()
        assert len(document.dataset) == 230
        assert len(document.view.selected_points) == 0
        document.points.select_all()
        document.points.move(document.view.selected_points, document.dataset.points * 0.5)
        assert len(document.view.selected_points) == 230, "moved points stay selected"
        document.view.select(Unit(1, 0))
        document.view.select_none()
        assert len(document.view.selected_points) == 0
        assert document.view.selection is None

    def test_new_points_are_used_at_once(self, trained, answered):
        before = trained.displayed.metrics.train_loss
        trained.points.add("brush", np.full((50, 2), 3.0), class_index=0)
        answered(trained)
        assert trained.displayed.metrics.train_loss != before


# Every sequence of changes, and back

fractions = st.floats(0.0, 1.0, exclude_max=True)


def pick(fraction, n):
    return int(fraction * n)


def points_of(fraction, n_points):
    return np.random.default_rng(pick(fraction, 1000)).uniform(-6, 6, (n_points, 2))


def some_indices(document, fraction):
    n = len(document.dataset)
    return np.unique(np.random.default_rng(pick(fraction, 1000)).integers(0, n, 5)) if n else np.array([], dtype=int)


def move_some(document, fraction):
    indices = some_indices(document, fraction)
    if len(indices):
        document.points.move(indices, points_of(fraction, len(indices)))


def hidden(document, fraction):
    return 1 + pick(fraction, document.network_settings.n_hidden_layers)


def if_hidden(call):
    return lambda d, f: call(d, f) if d.network_settings.n_hidden_layers else None


def drag_classes(document, fraction):
    gesture = document.changes.new_gesture()
    for n_classes in (2 + pick(fraction, 4), 2 + pick(1 - fraction, 4)):
        document.points.generate(gesture, name="spiral", n_classes=n_classes)


def stroke(document, fraction):
    """Spray and move in one stroke; now and then another change comes between."""
    document.changes.begin_stroke("stroke")
    document.points.spray((0.0, 0.0), 3)
    move_some(document, fraction)
    if fraction > 0.7:
        document.points.regenerate()
    document.points.spray((0.0, 0.0), 2)
    document.changes.end_stroke()


ACTIVATIONS = ["relu", "linear", "sigmoid"]
CHANGES = {
    "add points": lambda d, f: d.points.add("brush", points_of(f, 1 + pick(f, 20))),
    "move points": move_some,
    "remove points": lambda d, f: d.points.remove("erase", some_indices(d, f)),
    "clear": lambda d, f: d.points.clear(),
    "stroke": stroke,
    "add class": lambda d, f: d.points.add_class(),
    "remove class": lambda d, f: d.points.remove_class(pick(f, d.dataset.n_classes)),
    "generate": lambda d, f: d.points.generate(name=list(GENERATORS)[pick(f, len(GENERATORS))], n_points=20),
    "drag classes": drag_classes,
    "share": lambda d, f: d.points.set_training_share(0.1 + 0.9 * f),
    "insert neuron": if_hidden(lambda d, f: d.network.insert_unit(hidden(d, f))),
    "remove neuron": if_hidden(lambda d, f: d.network.remove_unit(hidden(d, f), 0)),
    "insert layer": lambda d, f: d.network.insert_layer(),
    "remove layer": if_hidden(lambda d, f: d.network.remove_layer(hidden(d, f))),
    "activation": if_hidden(
        lambda d, f: d.network.set_activation(hidden(d, f), ["relu", "linear", "sigmoid"][pick(f, 3)])
    ),
    "output": lambda d, f: d.network.set_output(list(OUTPUT_ACTIVATIONS)[pick(f, 4)], single_unit=f < 0.5),
    "learning rate": lambda d, f: d.learning.set_training(learning_rate=0.01 + f),
    "weight": lambda d, f: d.network.set_parameter(pick(f, d.network_settings.n_parameters), f),
    "undo": lambda d, f: d.changes.undo(),
    "redo": lambda d, f: d.changes.redo(),
    "new run": lambda d, f: d.learning.reinitialise(),
}


@settings(
    max_examples=60,
    deadline=None,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.lists(st.tuples(st.sampled_from(list(CHANGES)), fractions), max_size=12))
def test_every_sequence_of_changes_can_be_undone_and_redone(qapp, answered, changes):
    document = Document()
    failures = []
    document.failed.connect(lambda sentence, details: failures.append(details))
    stack = document.changes.undo_stack
    try:
        first = document.displayed.network.parameters
        states = {0: what_undo_restores(document)}

        def is_as_it_was():
            return states.get(stack.index(), what_undo_restores(document)) == what_undo_restores(document)

        for name, fraction in changes:
            if name not in ("undo", "redo"):
                # What was taken back is gone for good.
                states = {index: state for index, state in states.items() if index <= stack.index()}
            CHANGES[name](document, fraction)
            assert is_as_it_was()
            states[stack.index()] = what_undo_restores(document)
        while stack.canUndo():
            document.changes.undo()
            assert is_as_it_was()
        answered(document)
        assert document.displayed.network.settings == document.network_settings
        if not any(name == "new run" for name, _ in changes):
            np.testing.assert_array_equal(document.displayed.network.parameters, first)
        while stack.canRedo():
            document.changes.redo()
            assert is_as_it_was()
        answered(document)
        assert document.displayed.network.settings == document.network_settings
        assert failures == []
    finally:
        document.close()
        document.deleteLater()


class TestRegression:
    def test_classes_become_values_and_undo_brings_all_back(self, document, answered):
        before = what_undo_restores(document)
        parameters = document.displayed.network.parameters.copy()
        document.points.set_regression(True)
        answered(document)

        assert document.dataset.is_regression
        assert document.displayed.is_regression
        np.testing.assert_array_equal(np.unique(document.dataset.labels), [-1, 0, 1])
        assert document.network_settings.layer_sizes[-1] == 1
        assert (document.network_settings.output_activation, document.training_settings.loss) == (
            "linear",
            "squared_error",
        )
        document.changes.undo()
        answered(document)
        assert what_undo_restores(document) == before
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)

    def test_values_become_classes(self, document, answered):
        document.points.generate(name="plane")
        document.points.set_regression(False)
        answered(document)

        assert document.dataset.n_classes == 2
        assert not document.displayed.is_regression
        assert (document.network_settings.output_activation, document.training_settings.loss) == (
            "softmax",
            "cross_entropy",
        )

    def test_new_points_have_the_current_value(self, document):
        document.points.set_regression(True)
        document.view.set(current_value=-0.35)
        document.points.add("place point", [[1.0, 2.0], [0.0, 0.0]])

        np.testing.assert_array_equal(document.dataset.labels[-2:], -0.35)

    def test_learns_while_points_are_drawn(self, document, qtbot):
        document.points.generate(name="sine")
        document.learning.set_training(optimizer="adam", learning_rate=0.02)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        document.points.spray((0.0, 0.0), 30)
        qtbot.waitUntil(lambda: (document.displayed.metrics.train_r2 or 0) > 0.5)
        document.run.set_playing(False)
        assert document.run.notice is None

    def test_one_value_is_no_reason_for_a_notice(self, document):
        document.points.set_regression(True)
        document.points.clear()
        document.points.add("place point", [[1.0, 2.0], [0.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
        assert document.run.notice is None


class TestMarks:
    def test_freeze_prune_and_mute_are_undone_one_by_one(self, document, answered):
        states = [what_undo_restores(document)]
        for change in (
            lambda: document.network.set_frozen(Unit(1, 0), True),
            lambda: document.network.set_frozen(Edge(1, 2, 3), True),
            lambda: document.network.set_pruned(Edge(0, 1, 4), True),
            lambda: document.network.set_muted(Unit(2, 1), True),
            lambda: document.network.set_muted(Unit(0, 0), True),
            lambda: document.network.set_frozen(Unit(1, 0), False),
            lambda: document.network.set_muted(Unit(0, 0), False),
            lambda: document.network.set_pruned(Edge(0, 1, 4), False),
        ):
            change()
            assert what_undo_restores(document) != states[-1]
            states.append(what_undo_restores(document))
        answered(document)
        assert document.displayed.network.settings == document.network_settings
        while document.changes.undo_stack.canUndo():
            document.changes.undo()
            assert what_undo_restores(document) == states[document.changes.undo_stack.index()]
        while document.changes.undo_stack.canRedo():
            document.changes.redo()
            assert what_undo_restores(document) == states[document.changes.undo_stack.index()]

    def test_what_is_frozen_rests_while_the_rest_learns(self, document, qtbot, answered):
        document.network.set_frozen(Unit(1, 0), True)
        document.network.set_pruned(Edge(0, 1, 4), True)
        answered(document)
        assert document.network.is_frozen(Unit(1, 0))
        assert document.network.is_frozen(Edge(0, 1, 0))
        assert not document.network.is_frozen(Unit(1, 1))
        before = document.displayed.network
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 200)
        document.run.set_playing(False)
        after = document.displayed.network

        np.testing.assert_array_equal(after.weights[0][:, 0], before.weights[0][:, 0])
        assert after.biases[0][0] == before.biases[0][0]
        assert after.weights[0][1, 4] == 0.0
        assert (after.weights[0][:, 1] != before.weights[0][:, 1]).all()

    def test_a_pruned_weight_comes_back_by_undo(self, document, answered):
        weight = document.displayed.network.weights[0][1, 4]
        document.network.set_pruned(Edge(0, 1, 4), True)
        document.changes.undo()
        answered(document)
        assert document.displayed.network.weights[0][1, 4] == weight

    def test_a_split_leaves_the_answer(self, document, answered):
        points = document.dataset.points
        before = document.displayed.network.predict(points)
        document.network.split_unit(Unit(1, 2))
        answered(document)

        assert document.network_settings.layer_sizes == (2, 7, 5, 3)
        np.testing.assert_allclose(document.displayed.network.predict(points), before, atol=1e-12)
        document.changes.undo()
        answered(document)
        np.testing.assert_allclose(document.displayed.network.predict(points), before, atol=1e-12)

    def test_marks_stay_with_their_neurons_when_others_go(self, document):
        document.network.set_muted(Unit(1, 5), True)
        document.network.remove_unit(1, 0)
        assert document.network_settings.muted == {(1, 4)}


class TestEndings:
    def test_a_spent_search_says_so_and_goes_on(self, document, qtbot):
        document.learning.set_training(optimizer="random_search", optimizer_options={"budget": 30.0})
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)

        assert "has spent its 30 tries" in document.run.notice.text
        assert "of 168 points right" in document.run.notice.text
        assert not document.run.playing
        document.run.set_playing(True)
        assert document.run.notice is None
        qtbot.waitUntil(lambda: document.run.notice is not None)
        assert "60 tries" in document.run.notice.text

    def test_a_search_that_has_found_says_so(self, document, qtbot):
        replace_points(document, [[-3, 0], [3, 0], [3.1, 0]], [0, 1, 1])
        document.learning.set_training(optimizer="random_search", optimizer_options={})
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None and not document.run.playing)
        assert "has all 3 training points right" in document.run.notice.text

    def test_early_stopping_says_so(self, document, qtbot, answered):
        document.learning.set_training(learning_rate=1.0, patience=2)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        answered(document)

        assert f"lowest test loss, {document.displayed.metrics.test_loss:.4g}" in document.run.notice.text
        assert not document.run.playing

    def test_a_heaviside_layer_is_explained(self, document):
        document.network.set_activation(1, "heaviside")
        assert "no useful gradient" in document.run.notice.text
        document.changes.undo()
        assert document.run.notice is None


def test_another_seed_is_the_seed_of_the_order_too(document):
    document.learning.set_initial(seed=7)
    assert document.training_settings.seed == 7
    document.learning.reinitialise()
    assert (document.network_settings.seed, document.training_settings.seed) == (8, 8)
    document.changes.undo()
    document.changes.undo()
    assert (document.network_settings.seed, document.training_settings.seed) == (0, 0)
