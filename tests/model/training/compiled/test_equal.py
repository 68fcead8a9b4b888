"""Compiled code takes the steps of the NumPy trainer, up to rounding: for each entry of a registry, and in pairs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.training.compiled.bursts import BLOCK
from model.training.compiled.coverage import FEW
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS, REDUCTIONS

pytest.importorskip("numba")

TOLERANCE = 1e-9
N_STEPS = 1000
N_POINTS = 23
POINTS = np.random.default_rng(0).uniform(-1.5, 1.5, (N_POINTS, 2))
PAIRS = [(loss.name, output) for loss in LOSSES.values() for output in loss.outputs]
DESCENTS = [name for name, entry in OPTIMIZERS.items() if entry.make is not None]

NETWORK = NetworkSettings((2, 4, 3, 3), ("tanh", "tanh"), initializer="uniform")
TRAINING = TrainingSettings(learning_rate=0.02, batch_size=10)


def dataset_of(n_points=N_POINTS, n_classes=3):
    points = np.random.default_rng(n_points).uniform(-1.5, 1.5, (n_points, 2))
    labels = points[:, 0] * points[:, 1] / 3.0 if n_classes == 0 else np.arange(n_points) % n_classes
    is_test = np.arange(n_points) % 5 == 4
    return Dataset(points, labels, n_classes=n_classes, is_test=is_test)


def trained(engine, network, training, dataset, n_steps=N_STEPS):
    trainer = Trainer(Network.from_settings(network), dataset, training, engine=engine)
    trainer.run_steps(n_steps)
    return trainer


def assert_same_run(network=NETWORK, training=TRAINING, dataset=None, n_steps=N_STEPS, tolerance=TOLERANCE):
    """Assert that both engines lead from the first weights of a setup to the same moment."""
    dataset = dataset or dataset_of()
    reference, compiled = (trained(engine, network, training, dataset, n_steps) for engine in ("numpy", "compiled"))

    assert (reference.engine, compiled.engine) == ("numpy", "compiled")
    expected, found = reference.checkpoint(), compiled.checkpoint()
    np.testing.assert_allclose(found.parameters, expected.parameters, rtol=tolerance, atol=tolerance)
    for name in ("step_count", "epoch_count", "next_batch", "order", "random", "finished"):
        assert getattr(found, name) == getattr(expected, name)
    assert found.memory.keys() == expected.memory.keys()
    for name, memory in expected.memory.items():
        np.testing.assert_allclose(found.memory[name], memory, rtol=tolerance, atol=tolerance)


def test_the_setup_that_is_varied_learns():
    trainer = Trainer(Network.from_settings(NETWORK), dataset_of(), TRAINING, engine="compiled")
    before = trainer.metrics().train_loss
    trainer.run_steps(N_STEPS)

    assert trainer.metrics().train_loss < 0.99 * before


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation(name):
    assert_same_run(replace(NETWORK, hidden_activations=(name, name)))


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_every_loss_with_every_output(loss, output, n_classes):
    n_out = 1 if n_classes == 2 and output != "softmax" else n_classes
    network = replace(NETWORK, layer_sizes=(2, 4, 3, n_out), output_activation=output)

    assert_same_run(network, replace(TRAINING, loss=loss), dataset_of(n_classes=n_classes))


@pytest.mark.parametrize("output", [name for name in LOSSES["squared_error"].outputs if name != "softmax"])
def test_regressions(output):
    network = replace(NETWORK, layer_sizes=(2, 4, 3, 1), output_activation=output)

    assert_same_run(network, replace(TRAINING, loss="squared_error"), dataset_of(n_classes=0))


@pytest.mark.parametrize("output", ["linear", "tanh"])
def test_curves(output):
    network = NetworkSettings((1, 4, 3, 1), ("tanh", "silu"), output, features=("x",))

    assert_same_run(network, replace(TRAINING, loss="squared_error"), Dataset.curve(POINTS))


@pytest.mark.parametrize("name", DESCENTS)
def test_every_optimizer(name):
    assert_same_run(training=replace(TRAINING, optimizer=name))


@pytest.mark.parametrize("name", DESCENTS)
def test_every_option_of_an_optimizer(name):
    options = {
        option: tuple(0.9 * number for number in value) if isinstance(value, tuple) else 0.9 * value + 0.001
        for option, value in OPTIMIZERS[name].defaults.items()
    }

    assert_same_run(training=replace(TRAINING, optimizer=name, optimizer_options=options))


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule(name):
    assert_same_run(training=replace(TRAINING, schedule=Schedule(name, period=70, factor=0.9, warm_up=30)))


@pytest.mark.parametrize("name", REGULARIZATIONS)
@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_every_penalty_with_every_bias(name, bias):
    rate = 0.0 if name == "none" else 0.01

    assert_same_run(replace(NETWORK, bias=bias), replace(TRAINING, regularization=name, regularization_rate=rate))


@pytest.mark.parametrize("order", BATCH_ORDERS)
@pytest.mark.parametrize("batch_size", [1, 5, 10, 100, None])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_every_kind_of_batch(order, batch_size, reduction):
    training = replace(TRAINING, batch_order=order, batch_size=batch_size, reduction=reduction, learning_rate=0.005)

    assert_same_run(training=training, n_steps=200)


@pytest.mark.parametrize("n_points", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK - 2])
def test_batches_of_more_points_than_are_taken_at_once(n_points):
    dataset = Dataset(np.random.default_rng(1).uniform(-1.5, 1.5, (n_points, 2)), np.arange(n_points) % 3)

    assert_same_run(training=replace(TRAINING, batch_size=None), dataset=dataset, n_steps=100)
    assert_same_run(training=replace(TRAINING, batch_size=None, dropout=0.2), dataset=dataset, n_steps=100)


@pytest.mark.parametrize("dropout", [0.4, (0.0, 0.5), (0.3, 0.0)])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_dropout_with_every_activation(dropout, name):
    network = replace(NETWORK, hidden_activations=(name, name))

    assert_same_run(network, replace(TRAINING, dropout=dropout), n_steps=100)


def test_gradients_that_are_clipped():
    assert_same_run(training=replace(TRAINING, clip_norm=0.05, learning_rate=0.3))
    assert_same_run(training=replace(TRAINING, clip_norm=1e6))


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_frozen_pruned_and_muted_parts(bias):
    network = replace(
        NETWORK, bias=bias, frozen=frozenset({1, 8}), pruned=frozenset({3}), muted=frozenset({(0, 1), (1, 2), (2, 0)})
    )
    decaying = {"optimizer": "adamw", "optimizer_options": {"weight_decay": 0.1}}

    for penalty in REGULARIZATIONS:
        assert_same_run(
            network, replace(TRAINING, regularization=penalty, regularization_rate=0.01, clip_norm=0.2, **decaying)
        )


@pytest.mark.parametrize(
    "sizes", [(2, 1), (2, 3), (1, 1, 1), (5, 2, 7, 3, 2), (2, 9, 10, 11, 12, 13, 1), (3, 64, 64, 62, 7)]
)
def test_networks_of_many_shapes(sizes):
    network = NetworkSettings(sizes, ("tanh",) * (len(sizes) - 2), "sigmoid", initializer="xavier_uniform")
    if sizes[0] != 2:
        features = ("x1", "x2", "x1*x2", "x1**2", "sin(x2)")
        network = replace(network, features=features[: sizes[0]])

    assert_same_run(network, dataset=dataset_of(n_classes=max(sizes[-1], 2)), n_steps=200)


@pytest.mark.parametrize("batch_size", [1, 4, 7, 12, 15, FEW, FEW + 1])
@pytest.mark.parametrize("sizes", [(2, 13, 15, 3), (2, 31, 18, 1)])
def test_wide_layers_with_batches_of_every_size(sizes, batch_size):
    network = NetworkSettings(sizes, ("tanh", "silu"), "sigmoid", "xavier_uniform")
    training = replace(TRAINING, batch_size=batch_size)
    dataset = dataset_of(3 * FEW, max(sizes[-1], 2))

    assert_same_run(network, training, dataset, n_steps=100)
    assert_same_run(network, replace(training, dropout=0.2), dataset, n_steps=100)


def test_early_stopping():
    training = replace(TRAINING, patience=3, learning_rate=0.3)
    dataset = dataset_of()
    reference, compiled = (trained(engine, NETWORK, training, dataset) for engine in ("numpy", "compiled"))

    assert reference.finished == compiled.finished == "early_stopping"
    assert reference.epoch_count == compiled.epoch_count
    assert reference.checkpoint().best.epoch == compiled.checkpoint().best.epoch
    np.testing.assert_allclose(compiled.network.parameters, reference.network.parameters, rtol=0, atol=TOLERANCE)


# Where a sum is 0 but for rounding, as that of the deltas of a softmax is, a small eps makes steps of the rounding.
TRAININGS = [
    TrainingSettings(optimizer=name, optimizer_options={"eps": 1e-4} if "eps" in OPTIMIZERS[name].options else {})
    for name in DESCENTS
]
# Learning rates are small: a run at the edge of chaos makes anything of a last digit. So does a step where it is: with
# heaviside, or no input but a muted one, a neuron may be at 0 but for rounding.
SETUPS = st.tuples(
    st.builds(
        lambda sizes, names, pair, bias, muted, initializer: (
            pair,
            NetworkSettings(
                (2, *sizes, 3),
                tuple(names[: len(sizes)]),
                pair[1],
                initializer,
                bias,
                initializer_scale=0.4,
                muted=frozenset({(1, 0)}) if muted and sizes and sizes[0] > 1 else frozenset(),
                frozen=frozenset({2}) if muted else frozenset(),
            ),
        ),
        st.lists(st.integers(1, 9), max_size=3),
        st.lists(st.sampled_from(sorted(ACTIVATIONS.keys() - {"heaviside"})), min_size=3, max_size=3),
        st.sampled_from(PAIRS),
        st.sampled_from(sorted(BIAS_KINDS)),
        st.booleans(),
        st.sampled_from(["uniform", "xavier_normal"]),
    ),
    st.builds(
        replace,
        st.sampled_from(TRAININGS),
        learning_rate=st.sampled_from([1e-5, 1e-4]),
        batch_size=st.sampled_from([1, 3, 8, 10, None]),
        batch_order=st.sampled_from(sorted(BATCH_ORDERS)),
        reduction=st.sampled_from(sorted(REDUCTIONS)),
        regularization=st.sampled_from(sorted(REGULARIZATIONS)),
        regularization_rate=st.sampled_from([0.0, 0.01]),
        clip_norm=st.sampled_from([None, 0.1]),
        schedule=st.builds(Schedule, st.sampled_from(sorted(SCHEDULES)), st.just(300), st.just(0.5), st.just(20)),
        dropout=st.sampled_from([0.0, 0.2]),
        seed=st.integers(0, 99),
    ),
)


@settings(max_examples=40, derandomize=True)
@given(setup=SETUPS)
def test_options_together(setup):
    ((loss, _), network), training = setup

    assert_same_run(network, replace(training, loss=loss))


@pytest.mark.soak
@settings(max_examples=3000)
@given(setup=SETUPS)
def test_options_together_for_long(setup):
    ((loss, _), network), training = setup

    assert_same_run(network, replace(training, loss=loss))
