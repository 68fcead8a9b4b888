"""What a person is told of a run: that it diverged, has too few points, or has ended."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QDeadlineTimer

from gui.document.notices import SAME_WEIGHTS, Notice, ending
from model import Dataset
from model.data.dataset import MAX_POINTS
from model.data.edits import ReplaceAll
from model.run.run import Run
from model.training.stopping import Stop
from tests.gui.conftest import PATIENCE_MS

pytestmark = pytest.mark.usefixtures("engine")


def replace_points(document, points, labels, **others):
    document.changes.edit_points("other points", ReplaceAll(Dataset(points, labels, n_classes=3, **others)))


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

    def test_names_the_learning_rate_that_it_had_when_it_diverged(self, diverging, qtbot):
        diverging.run.set_playing(True)
        deadline = QDeadlineTimer(PATIENCE_MS)
        while diverging.run._thread._mail.pause is None and not deadline.hasExpired():
            time.sleep(0.001)  # Without events: the window hears of it only after the next line.
        diverging.learning.set_training(learning_rate=0.25)
        qtbot.waitUntil(lambda: diverging.run.notice is not None)
        assert "diverged at learning rate 1000" in diverging.run.notice.text

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


class TestRate:
    @pytest.fixture
    def jumping(self, document, qtbot):
        document.learning.set_training(learning_rate=10.0)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        return document

    def test_a_run_that_jumps_for_ever_goes_on_and_is_told(self, jumping, qtbot):
        notice = jumping.run.notice
        assert "the learning rate 10 is too high" in notice.text
        assert notice.offers_halving
        assert notice.offers_rewinding
        assert jumping.run.playing
        jumping.run.dismiss_notice()
        step = jumping.displayed.step
        qtbot.waitUntil(lambda: jumping.displayed.step > step + 1000)
        assert jumping.run.notice is None, "it is said once"
        jumping.run.set_playing(False)

    def test_rewinding_with_half_of_it_is_one_step_of_undo(self, jumping, answered):
        jumping.run.set_playing(False)
        answered(jumping)
        step, n_steps = jumping.displayed.step, jumping.changes.undo_stack.count()
        jumping.learning.rewind_and_halve()
        answered(jumping)
        assert jumping.run.notice is None
        assert (jumping.displayed.step, jumping.training_settings.learning_rate) == (0, 5.0)
        assert jumping.changes.undo_stack.count() == n_steps + 1
        jumping.changes.undo()
        answered(jumping)
        assert (jumping.displayed.step, jumping.training_settings.learning_rate) == (step, 10.0)

    def test_a_ruined_last_moment_offers_to_rewind(self, document, qtbot):
        document.points.generate(name="sine")
        for layer in range(1, document.network_settings.n_hidden_layers + 1):
            document.network.set_activation(layer, "relu")
        document.learning.set_training(learning_rate=3.0)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        assert "beyond learning" in document.run.notice.text
        assert document.run.notice.offers_rewinding
        document.learning.rewind_and_halve()
        assert document.run.notice is None


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

    @pytest.mark.parametrize(("budget", "tries"), [(1.0, "its 1 try; "), (2.0, "its 2 tries; ")])
    def test_tries_are_counted(self, document, qtbot, budget, tries):
        document.learning.set_training(optimizer="random_search", optimizer_options={"budget": budget})
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        assert tries in document.run.notice.text

    def test_early_stopping_says_so(self, document, qtbot, answered):
        document.learning.set_training(learning_rate=1.0, patience=2)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        answered(document)

        assert f"lowest test loss, {document.displayed.metrics.test_loss:.4g}" in document.run.notice.text
        assert not document.run.playing
        document.network.set_parameter(0, 3.0)
        assert document.run.notice is None

    @pytest.mark.parametrize(
        ("stop", "words"),
        [
            (Stop(steps=150), "Training has stopped after 150 steps, as you asked. Play goes on from here."),
            (Stop(epochs=1), "Training has stopped after 1 epoch, as you asked."),
            (Stop(loss=0.9), "the training loss is 0."),
            (Stop(accuracy=0.6, watched="test"), "at least 60.0%"),
            (Stop(plateau=1, improvement=0.9), "in 1 epoch the training loss has not fallen by 90%"),
        ],
    )
    def test_why_training_has_stopped_is_said_and_play_goes_on(self, document, qtbot, answered, stop, words):
        document.learning.set_training(stop=stop)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.notice is not None)
        answered(document)
        step = document.displayed.step
        assert words in document.run.notice.text
        assert not document.run.playing
        if stop.steps:
            assert step == 150
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > step)
        document.run.set_playing(False)

    def test_an_end_is_told_by_what_was_asked_for_then(self, document):
        """The word of it may come when a person has asked for something else already."""
        document.learning.set_training(stop=Stop(accuracy=0.1))
        run = Run(document.changes.setup)
        progress = run.advance(1)
        while progress.pause is None:
            progress = run.advance(1000)
        document.learning.set_training(stop=Stop())
        assert "at least 10.0%" in ending(progress.pause).text

    def test_a_heaviside_layer_is_explained(self, document):
        document.network.set_activation(1, "heaviside")
        assert "no useful gradient" in document.run.notice.text
        document.changes.undo()
        assert document.run.notice is None


class TestSameWeights:
    def test_another_data_set_during_a_run_is_hinted_at_until_it_is_acted_on(self, document, answered):
        document.points.generate(name="moons")
        assert document.run.notice is None, "nothing has been trained"
        document.run.step()
        answered(document)
        document.points.generate(noise=0.2)
        assert document.run.notice is None, "the same data set, a little different"
        document.points.generate(name="circle")
        assert document.run.notice is SAME_WEIGHTS
        document.changes.undo()
        assert document.run.notice is None
        document.points.generate(name="circle")
        document.learning.reinitialise()
        assert document.run.notice is None

    def test_once_put_away_it_is_said_no_more(self, document, answered):
        document.run.step()
        answered(document)
        document.points.generate(name="circle")
        document.run.dismiss_notice()
        document.points.generate(name="moons")
        assert document.run.notice is None


@pytest.mark.parametrize(
    "act",
    [
        lambda document: document.network.set_parameter(0, 0.5),
        lambda document: document.network.insert_unit(1),
        lambda document: document.learning.set_training(learning_rate=0.01),
    ],
    ids=["a weight is turned", "a neuron is added", "the rate is changed"],
)
def test_what_is_no_longer_so_is_no_longer_said(document, act):
    document.run.tell(Notice("Early stopping: the weights with the lowest test loss, 0.1, are back."))
    assert document.run.notice is not None
    act(document)
    assert document.run.notice is None
