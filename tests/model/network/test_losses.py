import numpy as np
import pytest

from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS

PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]
CROSS_ENTROPY_OUTPUTS = list(LOSSES["cross_entropy"].outputs)


def n_units_of(output):
    return 3 if OUTPUT_ACTIVATIONS[output].min_units > 1 else 1


def drawn_case(output, n_points=12, scale=2.0):
    """Return pre-activations, labels and targets of some points."""
    generator = np.random.default_rng(3)
    n_units = n_units_of(output)
    z = generator.normal(0.0, scale, (n_units, n_points))
    labels = np.arange(n_points) % max(n_units, 2)
    return z, labels, OUTPUT_ACTIVATIONS[output].targets(labels, n_units)


def outputs_of(output, z):
    a = np.full_like(z, np.nan)
    OUTPUT_ACTIVATIONS[output].function(z, a)
    return a


def test_every_loss_names_known_output_activations():
    assert {output for _, output in PAIRS} <= set(OUTPUT_ACTIVATIONS)


@pytest.mark.parametrize("output", CROSS_ENTROPY_OUTPUTS)
def test_cross_entropy_is_minus_the_log_of_the_right_class_probability(output):
    z, labels, targets = drawn_case(output)
    probabilities = OUTPUT_ACTIVATIONS[output].class_probabilities(outputs_of(output, z))

    values = LOSSES["cross_entropy"].outputs[output].value(z, outputs_of(output, z), targets)

    np.testing.assert_allclose(values, -np.log(probabilities[labels, np.arange(len(labels))]), rtol=1e-12)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_delta_agrees_with_central_differences(loss, output):
    z, _, targets = drawn_case(output)
    pair, step = LOSSES[loss].outputs[output], 1e-5
    expected = np.empty_like(z)
    for unit in range(len(z)):
        shift = np.zeros_like(z)
        shift[unit] = step
        above, below = (pair.value(y, outputs_of(output, y), targets) for y in (z + shift, z - shift))
        expected[unit] = (above - below) / (2 * step)
    delta = np.full_like(z, np.nan)

    pair.delta(z, outputs_of(output, z), targets, delta)

    np.testing.assert_allclose(delta, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("output", "z", "label", "expected"),
    [
        ("softmax", [1000.0, -1000.0], 0, 0.0),
        ("softmax", [1000.0, -1000.0], 1, 2000.0),
        ("softmax", [1000.0, 1000.0], 1, np.log(2.0)),
        ("softmax", [-1000.0, -1000.0], 0, np.log(2.0)),
        ("sigmoid", [1000.0], 1, 0.0),
        ("sigmoid", [1000.0], 0, 1000.0),
        ("sigmoid", [-1000.0], 0, 0.0),
        ("sigmoid", [-1000.0], 1, 1000.0),
    ],
)
def test_cross_entropy_is_exact_far_from_zero(output, z, label, expected):
    column = np.array(z)[:, np.newaxis]
    targets = OUTPUT_ACTIVATIONS[output].targets(np.array([label]), len(z))

    value = LOSSES["cross_entropy"].outputs[output].value(column, outputs_of(output, column), targets)

    np.testing.assert_allclose(value, [expected], rtol=1e-12)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_value_and_delta_are_finite_at_a_thousand(loss, output):
    z, _, targets = drawn_case(output)
    z = 1000.0 * np.sign(z)
    delta = np.full_like(z, np.nan)

    values = LOSSES[loss].outputs[output].value(z, outputs_of(output, z), targets)
    LOSSES[loss].outputs[output].delta(z, outputs_of(output, z), targets, delta)

    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert np.isfinite(delta).all()
    if loss == "cross_entropy":
        assert np.abs(delta).max() <= 1.0


def test_softmax_targets_are_one_hot():
    targets = OUTPUT_ACTIVATIONS["softmax"].targets(np.array([2, 0]), 3)

    np.testing.assert_array_equal(targets, [[0, 1], [0, 0], [1, 0]])


def test_sigmoid_target_is_one_for_class_one():
    targets = OUTPUT_ACTIVATIONS["sigmoid"].targets(np.array([0, 1, 1]), 1)

    np.testing.assert_array_equal(targets, [[0, 1, 1]])


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_squared_error_is_half_the_squared_distance_to_the_targets(output):
    z, _, targets = drawn_case(output)
    a = outputs_of(output, z)

    values = LOSSES["squared_error"].outputs[output].value(z, a, targets)

    np.testing.assert_allclose(values, np.linalg.norm(a - targets, axis=0) ** 2 / 2, rtol=1e-13)


@pytest.mark.parametrize(("output", "absent"), [("softmax", 0.0), ("sigmoid", 0.0), ("tanh", -1.0), ("linear", -1.0)])
def test_targets_of_several_units_mark_the_class(output, absent):
    targets = OUTPUT_ACTIVATIONS[output].targets(np.array([2, 0]), 3)

    np.testing.assert_array_equal(targets, np.where([[0, 1], [0, 0], [1, 0]], 1.0, absent))


@pytest.mark.parametrize("output", [name for name, entry in OUTPUT_ACTIVATIONS.items() if entry.min_units == 1])
def test_several_units_give_probabilities_too(output):
    z = np.random.default_rng(4).normal(0.0, 3.0, (4, 30))
    z[:, 0] = -1000.0

    probabilities = OUTPUT_ACTIVATIONS[output].class_probabilities(outputs_of(output, z))

    np.testing.assert_allclose(probabilities.sum(axis=0), 1.0, rtol=1e-12)
    assert probabilities.min() >= 0.0


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_the_predicted_class_is_the_most_probable_one(output):
    z, _, _ = drawn_case(output, n_points=50)
    probabilities = OUTPUT_ACTIVATIONS[output].class_probabilities(outputs_of(output, z))

    predicted = OUTPUT_ACTIVATIONS[output].predicted_classes(z)

    np.testing.assert_array_equal(predicted, np.argmax(probabilities, axis=0))
    assert len(np.unique(predicted)) == len(probabilities)


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_class_probabilities_sum_to_one(output):
    z, _, _ = drawn_case(output, scale=20.0)

    probabilities = OUTPUT_ACTIVATIONS[output].class_probabilities(outputs_of(output, z))

    np.testing.assert_allclose(probabilities.sum(axis=0), 1.0, rtol=1e-14)
