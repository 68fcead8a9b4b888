from itertools import pairwise

import numpy as np
import pytest

from model import Dataset
from model.run.due import frame_interval, point_interval, steps_for_evaluation
from model.run.history import DEFAULT_BUDGET, History
from model.run.run import Run, trainer_at
from model.training.settings import first_setup

NETWORK = 195
"""Parameters of 2-8-8-8-3."""


def count(n_points, n_steps, interval, batch_size=10, n_parameters=NETWORK):
    """Count how often something is due in a run."""
    cost, step, n = steps_for_evaluation(n_points, batch_size, n_parameters), 0, 0
    while step < n_steps:
        every = interval(step, cost)
        step += every - step % every
        n += 1
    return n


@pytest.mark.parametrize(
    ("n_points", "steps_in_a_minute", "least"),
    [
        (240, 300_000, 900),
        (500, 300_000, 500),
        (5_000, 30_000, 300),
        (5_000, 330_000, 300),
        (5_000, 1_000_000, 300),
        (100_000, 200_000, 100),
        (100_000, 1_000_000, 100),
    ],
)
def test_a_minute_of_training_has_key_frames_to_look_back_at(n_points, steps_in_a_minute, least):
    assert least <= count(n_points, steps_in_a_minute, frame_interval) <= 4 * 900


def test_the_budget_has_room_for_the_key_frames_of_many_points():
    """They are taken within epochs, whose order of 100,000 points alone would fill the budget with 80 of them."""
    points = np.random.default_rng(0).uniform(-6.0, 6.0, (100_000, 2))
    setup = first_setup(Dataset(points, (points[:, 0] > points[:, 1]).astype(int)))
    run, history = Run(setup), History()
    history.append(run.moment())
    while len(history) < 12:
        progress = run.advance(2_000)
        if progress.frame is not None:
            history.append(progress.frame)
    last = history.frames[-1]
    assert last.checkpoint.order is not None
    assert 600 * max(frame.own_bytes(before) for before, frame in pairwise(history.frames)) < DEFAULT_BUDGET
    trainer = trainer_at(last)
    for one in (trainer, run.trainer):
        one.run_steps(50)
    np.testing.assert_array_equal(trainer.network.parameters, run.trainer.network.parameters)


@pytest.mark.parametrize("n_points", [10, 240, 500, 5_000, 100_000])
def test_however_long_a_run_is_its_curve_stays_small(n_points):
    assert count(n_points, 100_000_000, point_interval) < 20_000


@pytest.mark.parametrize("n_points", [500, 5_000, 100_000])
@pytest.mark.parametrize("batch_size", [1, 10, 1000])
@pytest.mark.parametrize("n_parameters", [20, 195, 8707])
def test_once_a_run_has_settled_most_of_its_time_goes_into_steps(n_points, batch_size, n_parameters):
    cost = steps_for_evaluation(n_points, batch_size, n_parameters)
    interval = point_interval(100_000, cost)
    assert interval >= 4 * cost
    if cost <= 64:
        assert interval >= 32 * cost


@pytest.mark.parametrize("n_points", [10, 500, 5_000, 100_000])
def test_a_frame_is_always_due_together_with_a_point(n_points):
    cost = steps_for_evaluation(n_points, 10, NETWORK)
    for step in (0, 1, 127, 999, 1000, 5_000, 31_999, 32_000, 10**6, 10**9):
        assert frame_interval(step, cost) % point_interval(step, cost) == 0


def test_evaluating_few_points_costs_no_more_than_a_step():
    assert steps_for_evaluation(1, 1, 3) == steps_for_evaluation(0, 1, 3) == steps_for_evaluation(200, 10, 71) == 1


def test_more_points_and_a_smaller_batch_make_evaluating_dearer():
    costs = [steps_for_evaluation(n, 10, NETWORK) for n in (100, 1_000, 10_000, 100_000)]
    assert costs == sorted(costs)
    assert costs[-1] > 100
    assert steps_for_evaluation(5_000, 5_000, NETWORK) == 1
