"""The loss over an output passes through the loss of the point with the chain rule's slope."""

import numpy as np
import pytest

from model import Network
from model.explain.chain_rule import chain_rule
from model.explain.output_loss import loss_over_output, right_output
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS

POINT = [0.7, -1.2]
PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]


def rule_of(output, loss, n_out, label=1):
    network = Network([2, 4, n_out], "tanh", output, "uniform", seed=3)
    return chain_rule(network, POINT, label, loss)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_it_passes_through_the_point_with_its_slope(output, loss, label):
    for n_out in range(OUTPUT_ACTIVATIONS[output].min_units, 4):
        rule = rule_of(output, loss, n_out, label)
        for index in range(n_out):
            curve = loss_over_output(rule, output, index)

            assert np.isfinite(curve.losses).all()
            assert curve.loss == rule.loss_value
            near = np.interp(curve.output, curve.outputs, curve.losses)
            assert near == pytest.approx(curve.loss, abs=2e-3)
            slopes = np.gradient(curve.losses, curve.outputs)
            assert np.interp(curve.output, curve.outputs, slopes) == pytest.approx(curve.slope, rel=0.02, abs=0.01)


def test_of_the_right_class_it_is_the_figure_of_the_seed():
    rule = rule_of("softmax", "cross_entropy", 2)
    curve = loss_over_output(rule, "softmax", 1)

    np.testing.assert_allclose(curve.losses, -np.log(curve.outputs), rtol=1e-12)
    assert curve.slope == pytest.approx(-1 / curve.output)
    assert right_output(rule) == 1


@pytest.mark.parametrize("label", [0, 1])
def test_a_sigmoid_has_both_cases(label):
    curve = loss_over_output(rule_of("sigmoid", "cross_entropy", 1, label), "sigmoid", 0)

    cases = [-np.log(1 - curve.outputs), -np.log(curve.outputs)]
    np.testing.assert_allclose(curve.losses, cases[label], rtol=1e-12)
    np.testing.assert_allclose(curve.other_losses, cases[1 - label], rtol=1e-12)


def test_a_value_has_a_parabola_about_it():
    network = Network([2, 4, 1], "tanh", "linear", "uniform", seed=3)
    rule = chain_rule(network, POINT, 0.25, "squared_error")
    curve = loss_over_output(rule, "linear", 0)

    np.testing.assert_allclose(curve.losses, (curve.outputs - 0.25) ** 2 / 2, rtol=1e-12, atol=1e-15)
    assert curve.other_losses is None
    assert curve.outputs[0] < curve.output < curve.outputs[-1]


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_only_with_softmax_and_cross_entropy_one_output_alone_counts(output, loss):
    right = right_output(rule_of(output, loss, 3))

    assert right == (1 if (output, loss) == ("softmax", "cross_entropy") else None)
