"""What is said of a moment equals central differences, at 200 random moments of runs over every choice there is."""

from itertools import pairwise

import numpy as np
import pytest

from model.explain.chain_rule import chain_rule
from model.explain.part_numbers import input_numbers, unit_numbers, weight_numbers
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.parts import Edge, Unit, bias_position, weight_position
from model.run.numbers import MomentNumbers
from model.training.optimizers import OPTIMIZERS
from model.training.section import LossSection
from model.training.step import Descent
from model.walk.batch import BatchPages
from model.walk.walk import Subject, point_walk
from tests.moments import (
    CURVE_FEATURE_SETS,
    FEATURE_SETS,
    alone,
    assert_equal,
    cases,
    exact_gradient,
    exact_losses,
    is_precise,
    moment_of,
    network_of,
    probe_of,
)

CASES = list(cases())


def test_the_moments_are_of_every_choice():
    assert len(CASES) == 200
    assert {name for case in CASES for name in case.hidden} == set(ACTIVATIONS)
    assert {case.hidden[0] for case in CASES} == set(ACTIVATIONS)
    pairs = {(case.loss, case.output) for case in CASES}
    assert pairs == {(loss.name, output) for loss in LOSSES.values() for output in loss.outputs}
    assert {case.output for case in CASES} == set(OUTPUT_ACTIVATIONS)
    assert {(case.bias, case.features) for case in CASES} == {
        (bias, names) for bias in BIAS_KINDS for names in (*FEATURE_SETS, *CURVE_FEATURE_SETS)
    }
    assert {case.optimizer for case in CASES} == set(OPTIMIZERS)
    assert {(case.kind, case.n_classes) for case in CASES} == {
        *(("classes", n) for n in (2, 3)),
        ("values", 0),
        ("curve", 0),
    }


@is_precise
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_number_of_a_moment_is_that_of_central_differences(case):
    moment = moment_of(case)
    network, parameters, loss = network_of(moment), moment.checkpoint.parameters, case.loss

    for point, label in (probe_of(case, moment), data_point(moment, case.number)):
        exact = exact_gradient(moment, alone(moment, point, label))
        rule = chain_rule(network, point, label, loss)
        assert_equal(rule.gradient(), exact)
        assert rule.loss_value == pytest.approx(exact.loss, rel=1e-12, abs=1e-15)
        assert_equal(gradients_of_parts(network, rule, tuple(point)), exact)
        for gradient in last_page(point_walk(moment, None, Subject(tuple(point), label))):
            assert_equal(gradient, exact)

    training = moment.dataset.subset(test=False)
    exact = exact_gradient(moment, training)
    assert_equal(network.gradient(training.points, training.labels, loss, regression=training.is_regression), exact)
    numbers = MomentNumbers(moment)
    assert_equal(numbers.gradient, exact)
    assert moment.metrics.train_loss == pytest.approx(exact.loss, rel=1e-12, abs=1e-15)

    section, position = LossSection(moment.dataset, moment.network, loss), case.number % len(parameters)
    values = parameters[position] + np.array([-2.0, -0.1, 0.0, 0.1, 2.0])
    variants = np.tile(parameters.astype(np.longdouble), (len(values), 1))
    variants[:, position] = values
    losses = exact_losses(moment.network, loss, variants, training).astype(np.float64)
    np.testing.assert_allclose(section.losses(parameters, position, values), losses, rtol=1e-12, atol=1e-15)

    step = numbers.next_step
    if isinstance(step, Descent):
        exact = exact_gradient(moment, rows(moment.dataset, step.points))
        assert_equal(step.data_gradient, exact)
        assert_equal(BatchPages(moment, step).product(), exact)


def test_the_exact_derivatives_are_known_well_enough():
    known, n_numbers = 0, 0
    for case in CASES[::10]:
        moment = moment_of(case)
        exact = exact_gradient(moment, moment.dataset)
        counted = exact.gradient != 0.0
        known += np.count_nonzero(exact.uncertainty[counted] < 1e-9 * np.abs(exact.gradient[counted]))
        n_numbers += np.count_nonzero(counted)
    assert known > 0.95 * n_numbers


def edges_of(sizes):
    pairs = enumerate(pairwise(sizes))
    return [Edge(layer, i, j) for layer, (n_in, n_out) in pairs for i in range(n_in) for j in range(n_out)]


def units_of(sizes):
    return [Unit(layer, index) for layer, size in enumerate(sizes) if layer for index in range(size)]


def gradients_of_parts(network, rule, point):
    """Return the gradients that the inspector has of each part: weights, biases, and once more by each neuron's own."""
    settings, sizes = network.settings, network.settings.layer_sizes
    gradients = np.full(len(network.parameters), np.nan)
    for edge in edges_of(sizes):
        numbers = weight_numbers(network, rule, edge)
        position = weight_position(settings, edge)
        gradients[position] = numbers.gradient
        assert numbers.weight == network.parameters[position]
    for unit in units_of(sizes):
        numbers = unit_numbers(network, rule, unit)
        positions = [
            weight_position(settings, Edge(unit.layer - 1, i, unit.index)) for i in range(sizes[unit.layer - 1])
        ]
        np.testing.assert_allclose(numbers.weight_gradients, gradients[positions], rtol=1e-12, atol=1e-300)
        assert numbers.z == pytest.approx(numbers.inputs @ numbers.weights + numbers.bias, rel=1e-12, abs=1e-13)
        assert numbers.loss == rule.loss_value
        if numbers.bias_gradient is not None:
            gradients[bias_position(settings, unit)] = numbers.bias_gradient
    for index in range(sizes[0]):
        assert input_numbers(network, rule, index).loss_by_value == rule.loss_by_inputs[index]
    return gradients


def last_page(walk):
    """Return the gradients that the check of a walk shows: from its pages, and as training has it."""
    lines = walk.page(len(walk) - 1).blocks[0].lines
    return [line[1][0] for line in lines[:2]]


def data_point(moment, number):
    row = number % len(moment.dataset)
    return moment.dataset.points[row], moment.dataset.labels[row].item()


def rows(dataset, chosen):
    return dataset.take(chosen)
