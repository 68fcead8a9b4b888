"""A run that goes on from a checkpoint is the run that never stopped, to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, Network, Trainer, TrainingSettings
from model.network.layout import BIAS_KINDS
from model.training.checkpoint import order_points, random_state, set_random_state
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS

pytestmark = pytest.mark.usefixtures("engine")

POINTS = np.random.default_rng(0).uniform(-4.0, 4.0, (60, 2))
# Labels without a rule: random search never has all of them right.
DATASET = Dataset(POINTS, np.random.default_rng(1).integers(2, size=60), np.arange(60) % 3 == 0)


def trainer_of(bias="per_neuron", **changes):
    training = TrainingSettings(**{"learning_rate": 0.02, "batch_size": 7, **changes})
    return Trainer(Network([2, 8, 8, 2], bias=bias), DATASET, training)


def branch(trainer):
    """Return a trainer of its own that goes on from the present moment of another."""
    checkpoint = trainer.checkpoint()
    other = Trainer(Network.from_settings(trainer.network.settings), trainer.dataset, trainer.settings)
    other.run_steps(3)
    other.restore(checkpoint)
    return other


def assert_same(trainer, other):
    np.testing.assert_array_equal(trainer.network.parameters, other.network.parameters)
    assert trainer.metrics() == other.metrics()
    assert (trainer.step_count, trainer.epoch_count, trainer.finished) == (
        other.step_count,
        other.epoch_count,
        other.finished,
    )


def assert_a_branch_repeats(trainer, before=123, after=500):
    trainer.run_steps(before)
    other = branch(trainer)
    assert_same(trainer, other)
    trainer.run_steps(after)
    other.run_steps(after)
    assert_same(trainer, other)
    assert not np.array_equal(trainer.network.parameters, trainer_of(trainer.network.settings.bias).network.parameters)


# What a checkpoint keeps of each is kept apart from the others, so that they need not meet in every combination: each
# optimizer comes with and without dropout, each schedule and each order of batches with several optimizers.
CHOICES = [
    (optimizer, list(SCHEDULES)[(row + 2 * column) % 4], list(BATCH_ORDERS)[(row + column) % 3], dropout)
    for row, optimizer in enumerate(OPTIMIZERS)
    for column, dropout in enumerate([0.0, (0.3, 0.0)])
]


@pytest.mark.parametrize(("optimizer", "schedule", "order", "dropout"), CHOICES)
def test_a_branch_repeats_the_original(optimizer, schedule, order, dropout):
    assert_a_branch_repeats(
        trainer_of(
            optimizer=optimizer,
            schedule=Schedule(schedule, period=200, warm_up=50),
            batch_order=order,
            dropout=dropout,
        )
    )


@pytest.mark.parametrize("batch_size", [1, 10, 39, 40, None, 100])
@pytest.mark.parametrize("order", BATCH_ORDERS)
def test_with_every_size_of_batch(order, batch_size):
    assert_a_branch_repeats(trainer_of(optimizer="adam", batch_order=order, batch_size=batch_size))


@pytest.mark.parametrize(("bias", "regularization"), list(zip(BIAS_KINDS, ["l1", "none", "l2"], strict=True)))
def test_with_every_kind_of_bias_and_penalty(bias, regularization):
    assert_a_branch_repeats(
        trainer_of(bias, optimizer="momentum", regularization=regularization, regularization_rate=0.01, clip_norm=0.5)
    )


def test_with_early_stopping():
    trainer = trainer_of(patience=4, optimizer="adam")
    trainer.run_steps(40)
    other = branch(trainer)
    trainer.run_steps(5000)
    other.run_steps(5000)

    assert trainer.finished == "early_stopping"
    assert_same(trainer, other)
    assert branch(trainer).finished == "early_stopping"


@settings(max_examples=30)
@given(before=st.integers(0, 60), batch_size=st.integers(1, 50), optimizer=st.sampled_from(sorted(OPTIMIZERS)))
def test_from_any_step(before, batch_size, optimizer):
    trainer = trainer_of(optimizer=optimizer, batch_size=batch_size, dropout=0.2)
    trainer.run_steps(before)
    other = branch(trainer)
    trainer.run_steps(30)
    other.run_steps(30)

    assert_same(trainer, other)


def test_a_checkpoint_stays_when_training_goes_on():
    trainer = trainer_of(optimizer="adam")
    trainer.run_steps(5)
    checkpoint = trainer.checkpoint()
    kept = replace(
        checkpoint, parameters=checkpoint.parameters.copy(), memory={k: v.copy() for k, v in checkpoint.memory.items()}
    )
    trainer.run_steps(50)

    np.testing.assert_array_equal(checkpoint.parameters, kept.parameters)
    for name, array in checkpoint.memory.items():
        np.testing.assert_array_equal(array, kept.memory[name])
        assert not array.flags.writeable
    assert not checkpoint.parameters.flags.writeable


def test_says_how_much_memory_it_takes():
    trainer = trainer_of(optimizer="adam")
    n = len(trainer.network.parameters)
    assert trainer.checkpoint().n_bytes == 8 * (n + 2 * n + 1)
    trainer.run_steps(1)
    checkpoint = trainer.checkpoint()
    assert checkpoint.n_bytes == 8 * (n + 2 * n + 1)
    listed = replace(checkpoint, order=order_points(checkpoint.order))
    assert listed.n_bytes == 8 * (n + 2 * n + 1) + 8 * 40


def test_the_random_state_goes_on():
    generator, other = np.random.default_rng(3), np.random.default_rng(4)
    generator.integers(2**31, size=3, dtype=np.uint32)
    set_random_state(other, random_state(generator))

    np.testing.assert_array_equal(
        generator.integers(2**31, size=9, dtype=np.uint32), other.integers(2**31, size=9, dtype=np.uint32)
    )
    np.testing.assert_array_equal(generator.permutation(50), other.permutation(50))
