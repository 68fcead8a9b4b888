from dataclasses import replace

import numpy as np
import pytest

from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.between import between, can_flow
from model.run.record import record
from model.run.run import Run
from model.training.settings import Setup


def setup(**training) -> Setup:
    return Setup(
        generate(GeneratorSettings(n_points=40)),
        NetworkSettings((2, 4, 3), ("tanh",)),
        TrainingSettings(**{"batch_size": 7, "learning_rate": 0.1} | training),
    )


@pytest.fixture(scope="module")
def run():
    return record(setup(), 400)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
@pytest.mark.parametrize("steps", [1, 3])
def test_the_parameters_are_on_the_way_and_the_numbers_are_those_of_the_last_step(run, steps, part):
    before, after = run.history.frames[20], run.history.frames[20 + steps]
    moment = between(before, after, before.step + steps - 1 + part, run.curve)

    old, new = before.checkpoint.parameters, after.checkpoint.parameters
    np.testing.assert_allclose(moment.checkpoint.parameters, old + (steps - 1 + part) / steps * (new - old))
    real = run.history.frames[20 + steps - 1]
    assert (moment.step, moment.epoch, moment.metrics.step) == (real.step, real.epoch, real.step)
    assert moment.time == pytest.approx(real.step + part)
    assert (moment.metrics.train_loss, moment.metrics.test_loss) == (real.metrics.train_loss, real.metrics.test_loss)
    assert moment.metrics.train_accuracy == before.metrics.train_accuracy
    assert moment.setup is before.setup


def test_where_the_curve_is_thinner_the_loss_is_that_of_its_last_point(run):
    before, after = run.history.frames[-2:]
    assert after.step - before.step > 2
    rows = run.curve.rows
    for step in range(before.step, after.step):
        shown = between(before, after, step + 0.5, run.curve)
        assert shown.metrics.train_loss == rows[rows[:, 0] <= step][-1, 1]
        assert not shown.checkpoint.parameters.flags.writeable


def test_every_epoch_is_that_of_a_run_that_stops_there(run):
    one = Run(setup())
    epochs = [one.epoch]
    for _ in range(60):
        one.advance(1)
        epochs.append(one.epoch)
    before, after = run.history.frames[3], run.history.frames[60]
    assert [between(before, after, step, run.curve).epoch for step in range(3, 60)] == epochs[3:60]


def test_nothing_flows_over_a_change_or_a_leap(run):
    before, after = run.history.frames[5:7]
    assert can_flow(before, after)
    moved = replace(after.dataset)
    for other in (
        replace(after.setup, dataset=moved),
        replace(after.setup, network=NetworkSettings((2, 5, 3), ("tanh",))),
        replace(after.setup, training=replace(after.training, learning_rate=0.2)),
    ):
        assert not can_flow(before, replace(after, setup=other))
    assert not can_flow(before, replace(after, checkpoint=replace(after.checkpoint, finished="early_stopping")))
    search = record(setup(optimizer="random_search"), 10)
    assert not can_flow(*search.history.frames[:2])


def test_the_numbers_that_a_set_does_not_have_stay_none():
    dataset = generate(GeneratorSettings(n_points=40))
    all_training = replace(dataset, is_test=np.zeros(len(dataset), dtype=bool))
    run = record(replace(setup(), dataset=all_training), 5)
    moment = between(*run.history.frames[2:4], 2.5, run.curve)
    assert moment.metrics.test_loss is None
    assert moment.metrics.train_loss == run.history.frames[2].metrics.train_loss
