from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.run.race import MOST_LANES, Race, Standing, lane_names, verdict
from model.run.record import record
from model.run.run import Run
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import Schedule
from model.training.settings import Setup, first_setup

MOONS = generate(GeneratorSettings("moons", n_points=100))
SETUP = Setup(MOONS, NetworkSettings((2, 4, 2), ("tanh",)), TrainingSettings(learning_rate=0.1, seed=3))
BASE = SETUP.training
DIVERGING = replace(BASE, optimizer="momentum", learning_rate=1e8)


def trainings(*optimizers, **changes):
    return [replace(BASE, optimizer=optimizer, **changes) for optimizer in optimizers]


def race_of(lanes, goal=1000, setup=SETUP, **options):
    return Race(setup, lanes, goal, **options)


def clock_of(race_seconds):
    """A clock whose seconds the test sets."""
    return lambda: race_seconds[0]


class Batches:
    """Notes which points each step of a lane learns from."""

    def __init__(self, lane):
        trainer = lane.run.trainer
        self.orders = []
        begin = trainer.batches.begin_epoch

        def begin_epoch():
            begin()
            self.orders.append(trainer.batches.points_in_order.copy())

        trainer.batches.begin_epoch = begin_epoch


class TestTraining:
    @pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "random_search"])
    def test_each_lane_is_the_run_that_the_window_would_train_to_the_bit(self, optimizer):
        lanes = [replace(BASE, optimizer=optimizer, learning_rate=0.01), BASE]
        race = race_of(lanes, 700)
        while not race.is_over:
            race.advance(37)

        for lane, training in zip(race.state().lanes, lanes, strict=True):
            alone = record(replace(SETUP, training=training), 700)
            np.testing.assert_array_equal(lane.trained.moment.checkpoint.parameters, alone.moment.checkpoint.parameters)
            np.testing.assert_array_equal(lane.trained.curve.rows, alone.curve.rows)
            assert [frame.step for frame in lane.trained.history.frames] == [
                frame.step for frame in alone.history.frames
            ]

    @pytest.mark.parametrize("name", [*GENERATORS])
    def test_every_kind_of_problem_can_race(self, name):
        setup = first_setup(generate(GeneratorSettings(name, n_points=40, n_classes=3)))
        lanes = [replace(setup.training, optimizer=optimizer) for optimizer in ("sgd", "adam", "random_search")]
        race = race_of(lanes, 20, setup)
        race.advance(50)
        assert race.step == 20
        assert len(race.state().by_step().leaders) >= 1

    def test_all_begin_with_the_weights_that_are_given(self):
        weights = Network.from_settings(replace(SETUP.network, seed=9)).parameters
        race = race_of(trainings("sgd", "adam", "rmsprop"), parameters=weights)
        for lane in race.state().lanes:
            np.testing.assert_array_equal(lane.trained.first.checkpoint.parameters, weights)

    def test_all_lanes_learn_from_the_same_batches(self):
        race = race_of(trainings("sgd", "adam", "nesterov", "coordinate"))
        seen = [Batches(lane) for lane in race.lanes]
        race.advance(30)

        assert len(seen[0].orders) > 2
        for batches in seen[1:]:
            np.testing.assert_array_equal(batches.orders, seen[0].orders)

    @pytest.mark.parametrize("pieces", [[100], [1] * 100, [7, 64, 29]])
    def test_it_is_the_same_race_in_whatever_pieces(self, pieces):
        race = race_of(trainings("sgd", "adam"))
        for n_steps in pieces:
            race.advance(n_steps)
            assert {lane.run.step for lane in race.lanes} == {race.step}
            race.state()
        whole = race_of(trainings("sgd", "adam"), 100)
        whole.advance(100)
        assert race.step == whole.step == 100
        assert race.state().by_step() == whole.state().by_step()

    def test_goes_on_to_a_later_goal(self):
        race = race_of(trainings("sgd", "adam"), 150)
        race.advance(1000)
        assert (race.step, race.is_over) == (150, True)
        race.goal = 400
        assert not race.is_over
        race.advance(1000)
        alone = record(replace(SETUP, training=trainings("adam")[0]), 400)
        np.testing.assert_array_equal(
            race.state().lanes[1].trained.moment.checkpoint.parameters, alone.moment.checkpoint.parameters
        )

    def test_a_lane_goes_on_as_a_run_would(self):
        race = race_of(trainings("adam", "sgd"), 333)
        race.advance(333)
        kept = race.state().lanes[0].trained
        run = Run(SETUP)
        run.branch(kept.moment, kept.first)
        while run.step < 500:
            run.advance(500 - run.step)
        alone = record(replace(SETUP, training=kept.moment.training), 500)
        np.testing.assert_array_equal(run.moment().checkpoint.parameters, alone.moment.checkpoint.parameters)
        assert kept.moment.training.optimizer == "adam"


class TestEnds:
    def test_a_lane_that_diverges_is_out_and_the_others_go_on(self):
        race = race_of([DIVERGING, BASE], 300)
        race.advance(300)
        out, left = race.state().lanes

        assert out.has_diverged
        assert "diverged at learning rate 1e+08" in out.trained.note
        assert out.trained.moment.metrics.is_finite
        assert (left.trained.moment.step, left.trained.note) == (300, "")
        standing = race.state().by_step()
        assert isnan(standing.losses[0])
        assert standing.leaders == race.state().by_time().leaders == (1,)

    def test_when_all_have_diverged_it_is_over(self):
        race = race_of([DIVERGING, DIVERGING], 300)
        race.advance(300)
        state = race.state()
        assert state.is_over
        assert state.by_step().leaders == state.by_time().leaders == ()
        assert verdict(state, ("a", "b")) == "No lane is left: all have diverged."

    def test_one_that_stops_early_keeps_its_best_loss(self):
        early = replace(BASE, patience=1, learning_rate=3.0)
        race = race_of([early, BASE], 3000)
        race.advance(2999)
        first, second = race.state().lanes
        assert first.trained.how == "early_stopping"
        assert not first.is_running
        assert second.is_running
        standing = race.state().by_step(test=True)
        assert standing.losses[0] == first.trained.moment.metrics.test_loss
        # It does not hold the clock at its own end.
        assert race.state().by_time().at == second.seconds

    def test_random_search_counts_a_try_as_a_step(self):
        search = replace(BASE, optimizer="random_search", optimizer_options={"budget": 30.0})
        race = race_of([search, BASE], 100)
        race.advance(20)
        assert race.state().lanes[0].trained.moment.metrics.tries == 20
        race.advance(80)
        assert race.state().lanes[0].trained.how in ("budget_spent", "all_right")
        assert race.step == 100


class TestStanding:
    def test_the_same_settings_are_a_tie(self):
        race = race_of([BASE, BASE, BASE], 50)
        race.advance(50)
        assert race.state().by_step().leaders == (0, 1, 2)
        assert verdict(race.state(), ("a", "b", "c")).startswith("a, b and c win: ")

    def test_at_the_same_time_a_quicker_lane_has_taken_more_steps(self):
        now = [0.0]
        race = race_of([BASE, replace(BASE, learning_rate=0.2)], 64, clock=clock_of(now))
        slow, quick = race.lanes
        for lane, seconds in ((slow, 2.0), (quick, 0.5)):
            run_steps = lane.run.trainer.run_steps

            def timed(n_steps, run_steps=run_steps, seconds=seconds):
                run_steps(n_steps)
                now[0] += seconds * n_steps

            lane.run.trainer.run_steps = timed
        race.advance(64)
        state = race.state()

        assert (slow.seconds, quick.seconds) == (128.0, 32.0)
        standing = state.by_time()
        assert standing.at == 32.0
        # In 32 seconds the slow one takes 16 steps, of which each is a point of its curve.
        assert standing.losses == (slow.kept().curve.rows[16, 1], quick.kept().curve.rows[64, 1])
        between = state.lanes[0].loss_at_time(33.0, test=False)
        rows = slow.kept().curve.rows[:, 1]
        assert between == pytest.approx((rows[16] + rows[17]) / 2)

    @pytest.mark.parametrize(
        ("losses", "leaders"),
        [
            ((0.2, 0.1), (1,)),
            ((0.1, 0.1), (0, 1)),
            ((float("nan"), 0.5), (1,)),
            ((float("nan"),) * 2, ()),
            ((0, 0), (0, 1)),
        ],
    )
    def test_the_smallest_loss_leads(self, losses, leaders):
        assert Standing(1, losses).leaders == leaders

    def test_is_said_in_a_sentence(self):
        race = race_of(trainings("sgd", "adam"), 2000)
        names = lane_names(trainings("sgd", "adam"))
        assert verdict(race.state(), names).startswith("All begin with a loss of ")
        race.advance(1000)
        leader = names[race.state().by_step().leaders[0]]
        sentence = verdict(race.state(), names)
        assert sentence.startswith(f"{leader} leads: ")
        assert " after 1,000 steps. By time, " in sentence
        race.advance(1000)
        assert " wins: " in verdict(race.state(), names)

    def test_without_test_points_they_do_not_decide(self):
        setup = replace(SETUP, dataset=Dataset(MOONS.points, MOONS.labels))
        race = race_of(trainings("sgd", "adam"), 20, setup)
        race.advance(20)
        assert verdict(race.state(), ("a", "b"), test=True) == "There is no test point to compare by."
        assert race.state().by_step(test=False).leaders


@pytest.mark.parametrize(
    ("lanes", "names"),
    [
        (trainings("sgd", "adam"), ("SGD 0.1", "Adam 0.1")),
        ([BASE, replace(BASE, learning_rate=1e-6)], ("SGD 0.1", "SGD 1e−6")),
        ([BASE, replace(BASE, batch_size=None)], ("SGD, batch 10", "SGD, batch all")),
        ([BASE, BASE, BASE], ("SGD 0.1", "SGD 0.1 (2)", "SGD 0.1 (3)")),
        (trainings("random_search", "adam"), ("Random search", "Adam 0.1")),
        (
            [
                BASE,
                replace(BASE, regularization="l2", regularization_rate=0.01),
                replace(BASE, patience=5, dropout=0.1),
            ],
            ("SGD 0.1", "SGD 0.1, l2 0.01", "SGD 0.1, patience 5, dropout"),
        ),
        (
            [
                replace(BASE, optimizer="momentum", optimizer_options={"momentum": 0.5}, schedule=Schedule("cosine")),
                replace(BASE, optimizer="momentum", batch_order="with_replacement"),
            ],
            ("Momentum 0.1, momentum 0.5, cosine", "Momentum 0.1, with replacement"),
        ),
    ],
)
def test_names_tell_lanes_apart(lanes, names):
    assert lane_names(lanes) == names


@pytest.mark.parametrize(
    ("lanes", "goal", "setup", "message"),
    [
        ([BASE], 10, SETUP, "needs 2 to 4 lanes; got 1"),
        ([BASE] * (MOST_LANES + 1), 10, SETUP, "got 5"),
        ([BASE, replace(BASE, seed=4)], 10, SETUP, "the same seed; got 3, 4"),
        ([BASE, replace(BASE, loss="squared_error")], 10, SETUP, "the same loss"),
        ([BASE, BASE], 0, SETUP, "steps must be 1 or more"),
        ([BASE, BASE], 10, replace(SETUP, dataset=Dataset([], [])), "no training point"),
    ],
)
def test_what_cannot_race_is_refused(lanes, goal, setup, message):
    with pytest.raises(ValueError, match=message):
        Race(setup, lanes, goal)
