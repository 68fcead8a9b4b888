"""A step taken apart: it is the step that training takes, and its parts are what that is made of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, NetworkSettings, TrainingSettings
from model.explain.chain_rule import chain_rule
from model.network.activations import ACTIVATIONS
from model.network.network import Network
from model.run.run import Run
from model.run.step import next_step
from model.training.optimizers import OPTIMIZERS
from model.training.settings import BATCH_ORDERS, Setup
from model.training.step import Descent, Try, take_apart
from model.training.trainer import Trainer

RNG = np.random.default_rng(5)
POINTS = RNG.uniform(-6.0, 6.0, (23, 2))
DATA = Dataset(POINTS, np.arange(23) % 3, np.arange(23) % 5 == 0)
NETWORK = NetworkSettings((2, 4, 3, 3), ("tanh", "relu"))


def run_of(network=NETWORK, data=DATA, steps=0, **training):
    run = Run(Setup(data, network, TrainingSettings(**{"batch_size": 5, "learning_rate": 0.1} | training)))
    for _ in range(steps):
        run.advance(1)
    return run


TRAININGS = st.fixed_dictionaries(
    {
        "optimizer": st.sampled_from(sorted(OPTIMIZERS)),
        "batch_order": st.sampled_from(sorted(BATCH_ORDERS)),
        "batch_size": st.sampled_from([None, 1, 5, 7]),
        "reduction": st.sampled_from(["mean", "sum"]),
        "dropout": st.sampled_from([0.0, 0.4, (0.3, 0.5)]),
        "clip_norm": st.sampled_from([None, 0.05]),
        "seed": st.integers(0, 5),
    },
    optional={"regularization": st.sampled_from(["l1", "l2"]), "regularization_rate": st.just(0.01)},
)
NETWORKS = st.sampled_from(
    [
        NETWORK,
        replace(NETWORK, bias="shared"),
        replace(NETWORK, bias="none", muted=frozenset({(1, 2)})),
        replace(NETWORK, frozen=frozenset({0, 3}), pruned=frozenset({5})),
    ]
)


@settings(max_examples=150)
@given(training=TRAININGS, network=NETWORKS, steps=st.integers(0, 12))
def test_it_leads_where_training_leads_to_the_bit(training, network, steps):
    run = run_of(network, steps=steps, **training)
    moment = run.moment()

    step = next_step(moment)
    run.advance(1)

    assert run.step == steps + 1
    np.testing.assert_array_equal(step.before, moment.checkpoint.parameters)
    np.testing.assert_array_equal(step.after, run.trainer.network.parameters)


def numeric_gradient(network, loss_of):
    """Return central differences of ``loss_of(network)`` by every parameter."""
    gradient = np.zeros_like(network.parameters)
    for position in range(len(gradient)):
        losses = []
        for change in (1e-6, -1e-6):
            parameters = network.parameters.copy()
            parameters[position] += change
            losses.append(loss_of(Network.from_settings(network.settings, parameters)))
        gradient[position] = (losses[0] - losses[1]) / 2e-6
    return gradient


@pytest.mark.parametrize("bias", ["per_neuron", "none", "shared"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_gradient_of_the_data_is_that_of_central_differences_and_of_the_chain_rule(bias, reduction):
    run = run_of(replace(NETWORK, bias=bias), steps=3, reduction=reduction, regularization="l2", clip_norm=0.01)
    step = next_step(run.moment())
    network = Network.read_only(run.setup.network, step.before)
    points, labels = DATA.points[step.points], DATA.labels[step.points]
    combine = np.mean if reduction == "mean" else np.sum

    def chains_of(other):
        return [chain_rule(other, point, int(label)) for point, label in zip(points, labels, strict=True)]

    def loss_of(other):
        return combine([chain.loss_value for chain in chains_of(other)])

    chains = chains_of(network)
    product = combine([chain.gradient() for chain in chains], axis=0)

    np.testing.assert_allclose(step.data_gradient, product, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(step.data_gradient, numeric_gradient(network, loss_of), rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(step.losses, [chain.loss_value for chain in chains], rtol=1e-13)
    assert np.linalg.norm(step.gradient) <= 0.01 * (1 + 1e-9) < np.linalg.norm(step.data_gradient)


def test_layers_are_those_of_the_points_that_the_batch_has():
    run = run_of(steps=6)
    step = next_step(run.moment())
    network = Network.read_only(run.setup.network, step.before)

    assert len(step.points) == len(set(step.points)) > 0
    assert not DATA.is_test[step.points].any()
    for row, point in enumerate(step.points):
        chain = chain_rule(network, DATA.points[point], int(DATA.labels[point]))
        for layer, factors in zip(step.layers, chain.layers, strict=True):
            np.testing.assert_allclose(layer.inputs[row], factors.inputs, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(layer.pre_activations[row], factors.pre_activations, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(layer.activations[row], factors.activations, rtol=1e-12, atol=1e-14)
            np.testing.assert_allclose(layer.deltas[row], factors.delta / len(step.points), rtol=1e-12, atol=1e-15)


def test_an_epoch_of_steps_takes_each_point_once():
    trainer = Trainer(Network.from_settings(NETWORK), DATA, TrainingSettings(batch_size=5))
    taken = [take_apart(trainer).points for _ in range(trainer.steps_left_in_epoch)]

    assert sorted(np.concatenate(taken).tolist()) == np.flatnonzero(~DATA.is_test).tolist()


def test_plain_descent_goes_against_the_gradient_by_the_rate_of_the_schedule():
    step = next_step(run_of(optimizer="sgd", learning_rate=0.25).moment())

    assert step.learning_rate == 0.25
    np.testing.assert_allclose(step.after, step.before - 0.25 * step.gradient, rtol=1e-13)
    np.testing.assert_allclose(step.gradient, step.data_gradient, rtol=1e-12, atol=1e-16)


def test_dropout_shows_what_is_left_out():
    step = next_step(run_of(dropout=(0.5, 0.0)).moment())
    left_out = step.layers[1].inputs == 0.0

    assert 0.2 < left_out.mean() < 0.8
    assert (step.layers[0].deltas[left_out] == 0.0).all()


def test_what_dropout_multiplies_by_is_there_where_it_is():
    step = next_step(run_of(dropout=(0.5, 0.0)).moment())
    first, second, output = step.layers

    assert set(np.unique(first.kept)) == {0.0, 2.0}
    np.testing.assert_allclose(first.activations, np.tanh(first.pre_activations) * first.kept, rtol=1e-12)
    assert second.kept is None
    assert output.kept is None


def test_training_that_has_ended_goes_on_as_it_does_when_a_person_asks_for_a_step():
    run = run_of(patience=1, learning_rate=5.0)
    while run.trainer.finished is None:
        run.advance(1)
    moment = run.moment()

    step = next_step(moment)
    run.resume()
    run.advance(1)

    np.testing.assert_array_equal(step.after, run.trainer.network.parameters)
    assert not np.array_equal(step.after, step.before)


def test_what_is_frozen_or_pruned_has_no_gradient():
    step = next_step(run_of(replace(NETWORK, frozen=frozenset({1}), pruned=frozenset({2}))).moment())

    assert step.data_gradient[1] != 0.0
    assert step.gradient[1] == step.gradient[2] == 0.0
    assert step.after[1] == step.before[1]


def test_random_search_shows_the_network_that_it_draws():
    run = run_of(optimizer="random_search")
    for _ in range(30):
        step = next_step(run.moment())
        run.advance(1)
        assert isinstance(step, Try)
        assert np.array_equal(step.after, step.drawn) or np.array_equal(step.after, step.before)
        assert not np.array_equal(step.drawn, step.before)


def test_there_is_no_step_without_a_point_to_learn_from():
    empty = Dataset(np.zeros((0, 2)), np.zeros(0, dtype=int), n_classes=3)

    assert next_step(run_of(data=empty).moment()) is None
    assert isinstance(next_step(run_of().moment()), Descent)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
def test_every_activation_and_a_value_can_be_taken_apart(activation):
    data = Dataset(POINTS, np.sin(POINTS[:, 0]))
    network = NetworkSettings((2, 3, 1), (activation,), output_activation="linear")
    run = run_of(network, data, loss="squared_error")

    step = next_step(run.moment())
    run.advance(1)

    np.testing.assert_array_equal(step.after, run.trainer.network.parameters)
    assert np.isfinite(step.losses).all()
