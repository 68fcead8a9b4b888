from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Dataset, Network
from model.data.dataset import PROBLEM_KINDS
from model.data.features import check_problem
from model.data.problems import PROBLEMS
from model.network.change_problem import change_problem
from model.network.settings import NetworkSettings
from model.network.surgery import insert_unit, set_marks
from model.training.settings import Setup, TrainingSettings, first_setup

POINTS = np.random.default_rng(0).uniform(-6.0, 6.0, (20, 2))
DATASETS = {kind: Dataset(POINTS, np.arange(20) % 3).as_kind(kind) for kind in PROBLEM_KINDS}
kinds = st.sampled_from(PROBLEM_KINDS)


def changed(network, before, after, seed=0):
    surgery = change_problem(network.settings, DATASETS[before], DATASETS[after], np.random.default_rng(seed))
    return surgery.apply(network)


def network_of(*features, standardization=(), output="linear", **marks):
    settings = NetworkSettings(
        (len(features), 3, 1), ("tanh",), output, features=features, standardization=standardization
    )
    return Network.from_settings(replace(settings, **marks))


@given(kinds, kinds, kinds)
def test_the_network_fits_the_problem_and_goes_back(first, second, third):
    network = Network.from_settings(first_setup(DATASETS[first]).network)
    there = changed(network, first, second)
    further = changed(there, second, third)

    for kind, result in ((second, there), (third, further)):
        Setup(DATASETS[kind], result.settings, TrainingSettings(loss=PROBLEMS[kind].loss))
    surgery = change_problem(network.settings, DATASETS[first], DATASETS[second], np.random.default_rng(0))
    back = surgery.inverse(network).apply(there)
    assert back.settings == network.settings
    np.testing.assert_array_equal(back.parameters, network.parameters)


def test_along_a_curve_x_is_what_x1_was():
    before = network_of("x1", "x2", "x1**2", "x1*x2", "3")
    after = changed(before, "values", "curve")

    assert after.settings.features == ("x", "x**2", "3")
    np.testing.assert_array_equal(after.weights[0], before.weights[0][[0, 2, 4]])
    np.testing.assert_array_equal(after.weights[1], before.weights[1])


def test_from_a_curve_x1_is_what_x_was_and_x2_is_new():
    before = network_of("sin(x)", "x")
    after = changed(before, "curve", "values")

    assert after.settings.features == ("x1", "x2", "sin(x1)")
    np.testing.assert_array_equal(after.weights[0][[0, 2]], before.weights[0][[1, 0]])
    assert (after.weights[0][1] != 0).all()


def test_without_x_itself_x2_stays_away():
    assert changed(network_of("x**2"), "curve", "values").settings.features == ("x1**2",)


def test_a_network_of_nothing_but_x2_begins_anew_with_x():
    before = network_of("x2", "sin(x2)")
    after = changed(before, "values", "curve")

    assert after.settings.features == ("x",)
    assert not np.isin(after.weights[0], before.weights[0]).any()
    np.testing.assert_array_equal(after.weights[1], before.weights[1])


def test_what_stays_keeps_its_standardization_and_its_marks():
    before = network_of("x2", "x1", standardization=((1.0, 2.0), (3.0, 4.0)), muted=frozenset({(0, 1), (1, 2)}))
    before = set_marks(before.settings, frozen=frozenset({0, 3}), pruned=frozenset({4})).apply(before)
    curve = changed(before, "values", "curve")

    assert curve.settings.standardization == ((3.0, 4.0),)
    assert curve.settings.muted == {(0, 0), (1, 2)}
    assert (curve.settings.frozen, curve.settings.pruned) == ({0}, {1})

    assert changed(curve, "curve", "values").settings.standardization == ((3.0, 4.0), (0.0, 1.0))


@pytest.mark.parametrize("output", ["tanh", "sigmoid", "linear"])
def test_an_output_of_numbers_stays_between_values_and_a_curve(output):
    network = network_of("x1", "x2", output=output)
    there = changed(network, "values", "curve")

    assert there.settings.output_activation == output
    assert changed(there, "curve", "values").settings.output_activation == output
    assert changed(there, "curve", "classes").settings.output_activation == "softmax"


@pytest.mark.parametrize("kind", PROBLEM_KINDS)
def test_a_new_document_fits_its_problem(kind):
    setup = first_setup(DATASETS[kind])

    check_problem(setup.network.features, kind)
    assert setup.network.features == PROBLEMS[kind].raw_features
    assert setup.training.loss == PROBLEMS[kind].loss


@given(st.integers(0, 2), st.integers(0, 3), st.integers(0, 9))
def test_two_surgeries_one_after_the_other_are_one(first, second, seed):
    network = network_of("x1", "x2")
    one = insert_unit(network.settings, 1, first, np.random.default_rng(seed))
    two = insert_unit(one.settings, 1, second, np.random.default_rng(seed + 1))

    both = one.then(two).apply(network)

    assert both.settings == two.settings
    np.testing.assert_array_equal(both.parameters, two.apply(one.apply(network)).parameters)
