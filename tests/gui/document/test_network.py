"""The network's shape, weights and marks as the document changes them, and back."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer

from model.network.parts import Edge, Unit, bias_position, weight_position


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

    def test_arrive_in_the_displayed_network_while_training(self, document, qtbot):
        document.learning.set_training(learning_rate=1e-9)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        for value in range(1, 6):
            time.sleep(0.04)  # Meanwhile the thread has made a snapshot that the window has not taken yet.
            document.network.set_parameter(0, float(value))
            # On a busy machine a picture from before the edit may come first.
            qtbot.waitUntil(
                lambda value=value: document.displayed.network.parameters[0] == pytest.approx(value, abs=1e-3)
            )

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


class TestMarks:
    def test_freeze_prune_and_mute_are_undone_one_by_one(self, document, answered, what_undo_restores):
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
