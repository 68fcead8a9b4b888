import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.training.schedules import SCHEDULES, Schedule


def shares(schedule, steps):
    return [schedule.share(step) for step in steps]


def test_constant_stays():
    assert shares(Schedule(), [0, 1, 10**9]) == [1.0, 1.0, 1.0]


def test_step_drops_after_every_period():
    schedule = Schedule("step", period=10, factor=0.1)

    assert shares(schedule, [0, 9, 10, 19, 20]) == pytest.approx([1, 1, 0.1, 0.1, 0.01])


def test_exponential_falls_by_the_factor_over_each_period():
    schedule = Schedule("exponential", period=10, factor=0.25)

    assert shares(schedule, [0, 5, 10, 20]) == pytest.approx([1, 0.5, 0.25, 0.0625])


def test_cosine_warms_up_falls_and_stays():
    schedule = Schedule("cosine", period=100, factor=0.2, warm_up=4)

    assert shares(schedule, [0, 1, 2, 3, 4]) == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert shares(schedule, [54, 104, 10_000]) == pytest.approx([0.6, 0.2, 0.2])


@pytest.mark.parametrize("name", SCHEDULES)
def test_trainer_takes_each_step_at_the_rate_of_the_schedule(name):
    points = np.random.default_rng(0).normal(size=(8, 2))
    labels = (points[:, 0] > 0).astype(int)
    schedule = Schedule(name, period=3, factor=0.5, warm_up=2)
    expected = Network([2, 3, 2], seed=1)
    network = Network([2, 3, 2], seed=1)
    settings = TrainingSettings(learning_rate=0.3, batch_size=None, batch_order="sequential", schedule=schedule)
    trainer = Trainer(network, Dataset(points, labels), settings)

    for step in range(12):
        assert trainer.learning_rate == 0.3 * schedule.share(step)
        expected.parameters[:] -= 0.3 * schedule.share(step) * expected.gradient(points, labels)
        trainer.run_steps(1)

    np.testing.assert_allclose(network.parameters, expected.parameters, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"name": "linear"}, "schedule must be one of constant, step, exponential, cosine; got 'linear'"),
        ({"period": 0}, "period must be 1 step or more; got 0"),
        ({"factor": 0.0}, "factor must be above 0 and at most 1; got 0.0"),
        ({"warm_up": -1}, "warm_up must be 0 steps or more; got -1"),
    ],
)
def test_wrong_values_are_named_with_what_is_allowed(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Schedule(**arguments)
