import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.run import numbers
from model.run.numbers import MomentNumbers
from model.run.run import Run
from model.training.settings import Setup

POINTS = np.random.default_rng(1).uniform(-6.0, 6.0, (30, 2))
DATA = Dataset(POINTS, np.arange(30) % 2, np.arange(30) % 4 == 0)


def run_of(data=DATA, **training):
    return Run(Setup(data, NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings(learning_rate=0.1, **training)))


def test_each_number_is_computed_once_however_many_ask(monkeypatch):
    asked = []
    monkeypatch.setattr(
        numbers, "next_step", lambda moment, real=numbers.next_step: asked.append(moment) or real(moment)
    )
    of_moment = MomentNumbers(run_of().moment())
    assert asked == []

    steps = {id(of_moment.next_step) for _ in range(3)}
    assert len(steps) == len(asked) == 1
    assert of_moment.gradient is of_moment.gradient
    np.testing.assert_array_equal(of_moment.update, of_moment.next_step.after - of_moment.next_step.before)


def test_they_are_those_of_the_whole_training_set_and_of_the_next_step():
    run = run_of(batch_size=None)
    run.advance(7)
    of_moment = MomentNumbers(run.moment())
    training, before = DATA.subset(test=False), run.trainer.network.parameters.copy()

    np.testing.assert_array_equal(of_moment.gradient, run.trainer.network.gradient(training.points, training.labels))
    run.advance(1)
    np.testing.assert_array_equal(of_moment.update, run.trainer.network.parameters - before)


@pytest.mark.parametrize("data", [Dataset(np.zeros((0, 2)), [], n_classes=2), DATA.subset(test=True)])
def test_without_a_training_point_they_are_0(data):
    of_moment = MomentNumbers(run_of(data).moment())

    assert of_moment.next_step is None
    assert not of_moment.gradient.any()
    assert not of_moment.update.any()
