"""What is counted and kept between bursts: the same run to the bit, however it is cut, and whatever comes between."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import Schedule
from model.training.settings import BATCH_ORDERS
from model.training.step import take_apart

pytest.importorskip("numba")

POINTS = np.random.default_rng(0).uniform(-3.0, 3.0, (25, 2))
DATASET = Dataset(POINTS, np.arange(25) % 2, is_test=np.arange(25) % 6 == 5)
NETWORK = NetworkSettings((2, 5, 4, 2), ("tanh", "relu"))
TRAINING = TrainingSettings(learning_rate=0.1, batch_size=4, schedule=Schedule("cosine", 100))


def trainer_of(training=TRAINING, network=NETWORK, dataset=DATASET, engine="compiled"):
    trainer = Trainer(Network.from_settings(network), dataset, training, engine=engine)
    assert trainer.engine == engine
    return trainer


def assert_same_moment(trainer, expected):
    """Assert that two trainers are at the same moment to the bit."""
    found, wanted = trainer.checkpoint(), expected.checkpoint()
    np.testing.assert_array_equal(found.parameters, wanted.parameters)
    assert found.order == wanted.order
    assert (found.step_count, found.epoch_count, found.next_batch) == (
        wanted.step_count,
        wanted.epoch_count,
        wanted.next_batch,
    )
    assert found.random == wanted.random
    for name, memory in wanted.memory.items():
        np.testing.assert_array_equal(found.memory[name], memory)


TRAININGS = st.builds(
    TrainingSettings,
    optimizer=st.sampled_from([name for name, entry in OPTIMIZERS.items() if entry.make is not None]),
    batch_size=st.sampled_from([1, 4, 10, None]),
    batch_order=st.sampled_from(sorted(BATCH_ORDERS)),
    dropout=st.sampled_from([0.0, 0.3]),
    patience=st.sampled_from([None, 3]),
    regularization=st.sampled_from(["none", "l1", "l2"]),
    regularization_rate=st.just(0.01),
)


@settings(max_examples=60)
@given(training=TRAININGS, bursts=st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_bursts_of_any_length_are_the_same_run(training, bursts):
    at_once, cut = trainer_of(training), trainer_of(training)

    at_once.run_steps(sum(bursts))
    for n_steps in bursts:
        cut.run_steps(n_steps)
        cut.metrics()

    assert_same_moment(cut, at_once)


@settings(max_examples=60)
@given(training=TRAININGS, before=st.integers(0, 40), after=st.integers(1, 40))
def test_a_checkpoint_goes_on_as_if_training_had_never_stopped(training, before, after):
    trainer, other = trainer_of(training), trainer_of(training)
    trainer.run_steps(before)
    checkpoint = trainer.checkpoint()
    kept = checkpoint.parameters.copy()
    trainer.run_steps(after)

    other.run_steps(3)
    other.restore(checkpoint)
    other.run_steps(after)

    assert_same_moment(other, trainer)
    np.testing.assert_array_equal(checkpoint.parameters, kept)


def test_the_same_seed_is_the_same_run_and_another_is_not():
    first, again, other = (trainer_of(replace(TRAINING, seed=seed)) for seed in (5, 5, 6))
    for trainer in (first, again, other):
        trainer.run_steps(100)

    assert_same_moment(first, again)
    assert not np.array_equal(first.network.parameters, other.network.parameters)


def test_steps_and_epochs_are_counted():
    trainer = trainer_of(replace(TRAINING, batch_size=10))
    counts = []
    for _ in range(7):
        trainer.run_steps(1)
        counts.append((trainer.step_count, trainer.epoch_count, trainer.steps_left_in_epoch))

    assert counts == [(1, 0, 2), (2, 0, 1), (3, 1, 3), (4, 1, 2), (5, 1, 1), (6, 2, 3), (7, 2, 2)]


@pytest.mark.parametrize("n_steps", [1, 5, 6, 13])
def test_a_step_in_between_that_is_taken_apart_has_the_batch_that_is_next(n_steps):
    """NumPy takes it, in the middle of an epoch whose order compiled code has drawn."""
    compiled, reference = trainer_of(), trainer_of(engine="numpy")
    compiled.run_steps(n_steps)
    reference.run_steps(n_steps)

    step, expected = take_apart(compiled), take_apart(reference)
    compiled.run_steps(20)
    reference.run_steps(20)

    np.testing.assert_array_equal(step.points, expected.points)
    np.testing.assert_allclose(step.gradient, expected.gradient, rtol=0, atol=1e-13)
    np.testing.assert_allclose(compiled.network.parameters, reference.network.parameters, rtol=0, atol=1e-12)


def test_changes_on_the_way_lead_where_they_lead_the_numpy_trainer():
    compiled, reference = trainer_of(), trainer_of(engine="numpy")
    other = Dataset(POINTS[::-1] * 0.5, np.arange(25) % 2)
    larger = NetworkSettings((2, 7, 2), ("gelu",))
    changes = (
        lambda trainer: trainer.set_settings(replace(TRAINING, optimizer="adam", learning_rate=0.01)),
        lambda trainer: trainer.set_dataset(other),
        lambda trainer: trainer.set_settings(replace(TRAINING, batch_size=7, dropout=0.2)),
        lambda trainer: trainer.set_network(Network.from_settings(larger), other, TRAINING),
        lambda trainer: trainer.network.parameters.fill(0.1),
        lambda trainer: trainer.fall_back(trainer.checkpoint()),
    )
    for change in changes:
        for trainer in (compiled, reference):
            trainer.run_steps(17)
            change(trainer)
    for trainer in (compiled, reference):
        trainer.run_steps(17)

    np.testing.assert_allclose(compiled.network.parameters, reference.network.parameters, rtol=0, atol=1e-12)
    assert compiled.checkpoint().random == reference.checkpoint().random


def test_a_run_that_ended_by_itself_goes_on_when_it_is_resumed():
    training = replace(TRAINING, patience=2, learning_rate=0.5)
    compiled, reference = trainer_of(training), trainer_of(training, engine="numpy")
    for trainer in (compiled, reference):
        trainer.run_steps(10_000)
        assert trainer.finished == "early_stopping"
        ended = trainer.step_count
        trainer.run_steps(10)
        assert trainer.step_count == ended
        trainer.resume()
        trainer.run_steps(10)
        assert trainer.step_count == ended + 10

    assert compiled.step_count == reference.step_count


@pytest.mark.parametrize("output", ["linear", "softmax"])
def test_a_run_that_diverges_shows_it(output):
    training = TrainingSettings(loss="squared_error", learning_rate=1e150)
    network = replace(NETWORK, hidden_activations=("relu", "relu"), output_activation=output)
    for engine in ("numpy", "compiled"):
        trainer = trainer_of(training, network, engine=engine)
        trainer.run_steps(50)
        assert not trainer.metrics().is_finite


def test_what_is_no_number_stays_none():
    trainer = trainer_of()
    trainer.network.parameters[3] = np.nan
    trainer.run_steps(20)

    assert np.isnan(trainer.network.parameters).any()
    assert not trainer.metrics().is_finite


@pytest.mark.parametrize("training", [TRAINING, replace(TRAINING, dropout=0.2)])
def test_other_threads_run_during_a_burst(training):
    """A thread that gave way gets its turn back before the burst is over; a longer one is tried on a busy machine."""
    trainer = trainer_of(training)

    def is_seen_from_beside(n_steps):
        before = trainer.step_count
        burst = threading.Thread(target=trainer.run_steps, args=(n_steps,))
        burst.start()
        time.sleep(0.002)
        is_seen = trainer.step_count == before
        burst.join()
        assert trainer.step_count == before + n_steps
        return is_seen

    assert any(is_seen_from_beside(n_steps) for n_steps in (10_000, 40_000, 160_000, 640_000))


def test_without_a_point_to_learn_from_nothing_happens():
    trainer = Trainer(
        Network([2, 2]), Dataset(np.zeros((0, 2)), [], n_classes=2), TrainingSettings(), engine="compiled"
    )
    trainer.run_steps(10)

    assert (trainer.step_count, trainer.engine) == (0, "numpy")
