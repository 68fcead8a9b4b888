from dataclasses import replace

import numpy as np
import pytest

from gui.document.race import PRESETS
from model import Network
from model.run.race import MOST_LANES
from model.run.record import record
from model.training.settings import Setup


@pytest.fixture
def race(document):
    return document.race


@pytest.fixture
def raced(race, qtbot):
    """Let the race run to its goal."""

    def run(goal=60):
        race.set_goal(goal)
        race.set_playing(True)
        qtbot.waitUntil(lambda: race.is_over and not race.playing)
        return race.report.state

    return run


def firsts(state):
    return [lane.trained.first.checkpoint.parameters for lane in state.lanes]


class TestLanes:
    @pytest.mark.parametrize("name", PRESETS)
    @pytest.mark.parametrize("optimizer", ["sgd", "adam", "random_search"])
    def test_a_preset_makes_lanes_that_can_race(self, document, race, raced, name, optimizer):
        document.learning.set_training(optimizer=optimizer)
        race.use_preset(name)
        assert len(set(race.names)) == len(race.lanes) == len(PRESETS[name].lanes)
        raced(5)

    def test_are_added_doubled_changed_and_taken_out(self, race, document):
        race.use_preset("rates")
        race.remove_lane(0)
        race.remove_lane(0)
        race.remove_lane(0)
        assert [lane.learning_rate for lane in race.lanes] == [0.03, 0.1]
        document.learning.set_training(learning_rate=0.5, regularization="l2")
        race.add_lane()
        assert race.lanes[2] == document.training_settings
        race.duplicate_lane(0)
        race.duplicate_lane(0)
        assert [lane.learning_rate for lane in race.lanes] == [0.03, 0.03, 0.1, 0.5]
        assert len(race.lanes) == MOST_LANES
        race.set_lane(1, optimizer="adam", optimizer_options={})
        assert race.names == ("SGD 0.03", "Adam 0.03", "SGD 0.1", "SGD 0.5")
        with pytest.raises(ValueError, match="above 0"):
            race.set_lane(1, learning_rate=-1.0)

    def test_of_a_preset_follow_the_window_until_they_are_changed_or_race(self, race, raced, document):
        race.use_preset("rates")
        document.learning.set_training(optimizer="adam", batch_size=3)
        assert {(lane.optimizer, lane.batch_size) for lane in race.lanes} == {("adam", 3)}
        raced(5)
        document.learning.set_training(batch_size=7)
        assert {lane.batch_size for lane in race.lanes} == {3}
        race.restart()
        assert {lane.batch_size for lane in race.lanes} == {7}
        race.remove_lane(0)
        document.learning.set_training(batch_size=9)
        assert {lane.batch_size for lane in race.lanes} == {7}

    def test_stay_as_they_are_once_the_race_has_begun(self, race, raced):
        raced(5)
        lanes = race.lanes
        race.use_preset("batches")
        race.remove_lane(0)
        race.set_lane(0, learning_rate=1.0)
        assert race.lanes == lanes
        race.restart()
        race.remove_lane(0)
        assert len(race.lanes) == 3

    def test_take_loss_and_seed_of_the_window_when_they_begin(self, race, raced, document):
        assert len(race.lanes) == 4
        document.learning.set_training(loss="squared_error", seed=7)
        state = raced(5)
        assert {(lane.training.loss, lane.training.seed) for lane in state.lanes} == {("squared_error", 7)}


class TestStart:
    def test_present_weights_are_those_that_are_shown(self, trained, race, raced):
        shown = trained.displayed.network.parameters
        for parameters in firsts(raced()):
            np.testing.assert_array_equal(parameters, shown)

    def test_while_a_person_looks_back_those_of_the_past(self, trained, race, raced):
        trained.run.look_back(3)
        shown = trained.displayed.network.parameters
        for parameters in firsts(raced()):
            np.testing.assert_array_equal(parameters, shown)

    def test_first_weights_are_those_of_the_run(self, trained, race, raced):
        race.set_start("first")
        first = trained.run.history.frames[0].checkpoint.parameters
        for parameters in firsts(raced()):
            np.testing.assert_array_equal(parameters, first)

    def test_first_weights_of_another_shape_are_none(self, trained, race, raced):
        trained.network.insert_unit(1)
        assert not race.can_begin_with_first
        race.set_start("first")
        shown = trained.run.network.parameters
        for parameters in firsts(raced()):
            np.testing.assert_array_equal(parameters, shown)

    def test_new_weights_are_others_at_each_race(self, document, race, raced):
        race.set_start("new")
        settings = document.network_settings
        for seed in (settings.seed + 1, settings.seed + 2):
            expected = Network.from_settings(replace(settings, seed=seed)).parameters
            for parameters in firsts(raced()):
                np.testing.assert_array_equal(parameters, expected)
            race.restart()

    def test_without_a_point_it_is_refused(self, document, race):
        document.points.clear()
        with pytest.raises(ValueError, match="no training point"):
            race.set_playing(True)
        assert not race.has_begun
        assert not race.playing

    def test_weights_that_are_not_finite_are_refused(self, document, race, answered):
        document.network.set_parameter(0, float("nan"))
        answered(document)
        with pytest.raises(ValueError, match="not finite"):
            race.step()
        assert not race.has_begun


class TestTurns:
    def test_the_window_s_run_pauses_while_the_race_trains_and_the_other_way_round(self, document, race, qtbot):
        document.run.set_playing(True)
        race.set_goal(1_000_000)
        race.set_playing(True)
        assert not document.run.playing
        qtbot.waitUntil(lambda: race.report is not None and race.report.state.step > 10)
        document.run.set_playing(True)
        assert not race.playing
        step = document.displayed.step
        qtbot.waitUntil(lambda: document.displayed.step > step)
        document.run.set_playing(False)

    @pytest.mark.usefixtures("engine")
    def test_each_lane_is_what_the_window_would_train(self, document, race, raced):
        state = raced(200)
        setup = document.run.setup
        for lane, training in zip(state.lanes, race.lanes, strict=True):
            alone = record(Setup(setup.dataset, setup.network, training), 200)
            np.testing.assert_array_equal(lane.trained.moment.checkpoint.parameters, alone.moment.checkpoint.parameters)

    def test_goes_on_to_a_later_goal(self, race, raced):
        raced(20)
        assert race.is_over
        race.set_playing(True)
        assert not race.playing
        assert raced(40).step == 40

    def test_steps_are_taken_one_by_one(self, race, qtbot):
        for step in (1, 2, 3):
            race.step()
            qtbot.waitUntil(lambda step=step: race.report is not None and race.report.state.step == step)
        assert race.names[0] == "SGD 0.1"

    def test_keeps_its_own_start_and_says_when_the_window_has_another(self, document, race, raced, answered):
        raced(20)
        assert not race.has_other_start
        dataset = document.dataset
        document.points.remove("remove", np.arange(3))
        assert race.has_other_start
        state = raced(30)
        assert state.lanes[0].trained.moment.dataset == dataset
        document.changes.undo()
        assert not race.has_other_start
        document.network.insert_unit(1)
        assert race.has_other_start

    def test_closing_ends_it_and_another_can_begin(self, race, qtbot):
        race.set_goal(1_000_000)
        race.set_playing(True)
        qtbot.waitUntil(lambda: race.report is not None)
        race.close()
        assert (race.report, race.playing, race.has_begun) == (None, False, False)
        race.step()
        qtbot.waitUntil(lambda: race.report is not None and race.report.state.step == 1)


class TestWhatBecomesOfALane:
    @pytest.mark.usefixtures("engine")
    def test_it_goes_on_as_the_run_and_undo_brings_the_other_back(self, trained, race, raced, answered):
        before = trained.run.setup, trained.run.step_count
        lane = raced(300).lanes[3]
        race.continue_lane(3)
        answered(trained)

        assert trained.training_settings == lane.training
        assert trained.training_settings.optimizer == "adam"
        assert trained.displayed.step == 300
        np.testing.assert_array_equal(trained.displayed.network.parameters, lane.trained.moment.checkpoint.parameters)
        np.testing.assert_array_equal(trained.run.curve.rows, lane.trained.curve.rows)
        assert [frame.step for frame in trained.run.history.frames] == [
            frame.step for frame in lane.trained.history.frames
        ]
        assert trained.changes.undo_stack.undoText() == "continue Adam 0.01 of the race"
        trained.changes.undo()
        answered(trained)
        assert (trained.run.setup, trained.run.step_count) == before

    @pytest.mark.usefixtures("engine")
    def test_it_trains_on_as_the_lane_would_have(self, document, race, raced, answered, qtbot):
        setup = document.run.setup
        raced(100)
        race.continue_lane(1)
        for _ in range(7):
            document.run.step()
        answered(document)
        qtbot.waitUntil(lambda: document.displayed.step == 107)
        alone = record(replace(setup, training=race.lanes[1]), 107)
        np.testing.assert_array_equal(document.displayed.network.parameters, alone.moment.checkpoint.parameters)

    def test_it_is_pinned_with_its_own_time(self, document, race, raced):
        lane = raced(50).lanes[2]
        race.pin_lane(2)
        (pinned,) = document.pins.runs
        assert pinned.training == lane.training
        assert pinned.seconds == lane.seconds
        assert pinned.snapshot.step == 50
        assert len(pinned.snapshot.unit_maps[1]) == document.network_settings.layer_sizes[1]
