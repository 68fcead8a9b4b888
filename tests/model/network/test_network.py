from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from model import Network, NetworkSettings
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import output_loss, with_output


def network_of(hidden="tanh", output="softmax", n_classes=3, seed=1, hidden_sizes=(4, 3)):
    n_out = 1 if OUTPUT_ACTIVATIONS[output].min_units == 1 else n_classes
    return Network([2, *hidden_sizes, n_out], hidden, output, initializer="uniform", seed=seed)


def test_gradient_is_the_mean_over_the_points():
    network = network_of()
    points, labels = np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 3
    each = [network.gradient(points[[i]], labels[[i]]) for i in range(6)]

    np.testing.assert_allclose(network.gradient(points, labels), np.mean(each, axis=0), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("points", "labels", "message"),
    [
        (np.zeros((0, 2)), [], "a gradient needs at least one point"),
        (np.zeros((2, 3)), [0, 0], r"points must have shape \(n_points, 2\); got \(2, 3\)"),
        (np.zeros((2, 2)), [0], r"labels must have shape \(2,\); got \(1,\)"),
        (np.zeros((2, 2)), [0, 3], "labels must be 0 to 2; got 3"),
        (np.zeros((2, 2)), [-1, 0], "labels must be 0 to 2; got -1"),
        (np.zeros((2, 2)), [0, 0.5], r"labels must be 0 to 2; got 0\.5"),
    ],
)
def test_gradient_refuses_points_that_have_none(points, labels, message):
    with pytest.raises(ValueError, match=message):
        network_of().gradient(points, labels)


def test_weights_and_biases_are_views_of_the_parameters():
    network = Network([2, 4, 3, 2])

    for size_pair, weights, biases in zip(pairwise([2, 4, 3, 2]), network.weights, network.biases, strict=True):
        assert weights.shape == size_pair
        assert biases.shape == size_pair[1:]
    network.parameters[:] = np.arange(network.parameters.size)
    in_order = [array.ravel() for pair in zip(network.weights, network.biases, strict=True) for array in pair]
    np.testing.assert_array_equal(np.concatenate(in_order), np.arange(network.settings.n_parameters))
    network.weights[1][2, 0] = network.biases[2][1] = -7.0
    assert np.count_nonzero(network.parameters == -7.0) == 2


@pytest.mark.parametrize("muted", [frozenset(), frozenset({(1, 2)})])
def test_the_values_of_a_unit_are_those_of_its_layer(muted):
    settings = NetworkSettings((2, 4, 3), ("tanh",), muted=muted)
    network, points = Network.from_settings(settings), np.random.default_rng(0).uniform(-6.0, 6.0, (7, 2))
    for layer, index in ((1, 0), (1, 2), (2, 1)):
        z, a = network.unit_values(points, layer, index)

        np.testing.assert_array_equal(z, network.pre_activations(points)[layer - 1][:, index])
        np.testing.assert_array_equal(a, network.layer_outputs(points)[layer][:, index])


def test_layer_outputs_are_the_layers_one_after_the_other():
    network = network_of(("tanh", "relu"))
    points = np.random.default_rng(0).normal(size=(5, 2))

    layers = network.layer_outputs(points)

    w, b = network.weights, network.biases
    np.testing.assert_array_equal(layers[0], points)
    np.testing.assert_allclose(layers[1], np.tanh(points @ w[0] + b[0]), rtol=1e-14)
    np.testing.assert_allclose(layers[2], np.maximum(layers[1] @ w[1] + b[1], 0.0), rtol=1e-13)
    exponentials = np.exp(layers[2] @ w[2] + b[2])
    np.testing.assert_allclose(layers[3], exponentials / exponentials.sum(axis=1, keepdims=True), rtol=1e-13)
    np.testing.assert_array_equal(network.predict(points), layers[3])


def test_outputs_are_copies():
    network, points = network_of(), np.zeros((3, 2))
    layers = network.layer_outputs(points)
    for layer in layers:
        layer[:] = 9.0

    assert (network.predict(points) < 1.0).all()
    assert not points.any()


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_no_points_have_no_outputs(output):
    network = network_of(output=output)

    assert network.predict(np.zeros((0, 2))).shape == (0, network.settings.layer_sizes[-1])


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_class_probabilities_sum_to_one(output):
    network = network_of(output=output)

    probabilities = network.class_probabilities(np.random.default_rng(0).normal(size=(7, 2)))

    assert probabilities.shape == (7, network.settings.n_classes)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-14)


def test_a_sigmoid_output_is_the_probability_of_class_one():
    network = network_of(output="sigmoid")
    points = np.random.default_rng(0).normal(size=(7, 2))

    np.testing.assert_array_equal(network.class_probabilities(points)[:, 1], network.predict(points)[:, 0])


@pytest.mark.parametrize(("output", "n_out"), [*product(OUTPUT_ACTIVATIONS, [3]), ("sigmoid", 1), ("tanh", 1)])
def test_the_predicted_class_is_told_where_outputs_have_reached_their_end(output, n_out):
    network = Network([2, 4, n_out], "tanh", output, initializer="uniform", seed=1)
    network.parameters[:] *= 300.0
    network.biases[-1][:] = 0.0
    points = np.random.default_rng(0).normal(size=(40, 2))
    linear = Network.from_settings(replace(network.settings, output_activation="linear"), network.parameters)

    z = linear.predict(points)
    expected = np.argmax(z, axis=1) if n_out > 1 else (z[:, 0] > 0).astype(int)
    assert len(set(expected)) > 1
    np.testing.assert_array_equal(network.predicted_classes(points), expected)


@pytest.mark.parametrize("points", [[1.0, 2.0], [[1.0, 2.0, 3.0]]])
def test_predict_refuses_other_than_two_coordinates(points):
    with pytest.raises(ValueError, match=r"points must have shape \(n_points, 2\); got "):
        network_of().predict(points)


@pytest.mark.parametrize(
    ("features", "allowed"), [(["x1", "3"], (2,)), (["x", "3"], (1, 2)), (["3"], (1, 2)), (None, (1,))]
)
def test_points_have_as_many_coordinates_as_the_features_need(features, allowed):
    network = Network([1 if features is None else len(features), 3, 1], output_activation="linear", features=features)
    for n_coordinates in (1, 2, 3):
        points = np.ones((4, n_coordinates))
        if n_coordinates in allowed:
            assert network.predict(points).shape == (4, 1)
        else:
            with pytest.raises(ValueError, match="points must have shape"):
                network.predict(points)


def test_the_seed_alone_decides_the_first_weights():
    first, again, other = (Network([2, 4, 2], seed=seed) for seed in (3, 3, 4))

    np.testing.assert_array_equal(first.parameters, again.parameters)
    assert not np.array_equal(first.parameters, other.parameters)


def test_initialize_brings_the_first_weights_back():
    network = Network([2, 4, 2], seed=3)
    first = network.parameters.copy()
    network.parameters += 1.0

    network.initialize()

    np.testing.assert_array_equal(network.parameters, first)


def test_from_settings_draws_or_copies_parameters():
    network = Network([2, 4, 2], seed=3)
    given = np.arange(network.settings.n_parameters, dtype=np.float64)

    drawn, copied = Network.from_settings(network.settings), Network.from_settings(network.settings, given)

    np.testing.assert_array_equal(drawn.parameters, network.parameters)
    np.testing.assert_array_equal(copied.parameters, given)
    assert not np.shares_memory(copied.parameters, given)


def test_from_settings_refuses_another_number_of_parameters():
    with pytest.raises(ValueError, match=r"22 parameters are needed; got an array of shape \(3,\)"):
        Network.from_settings(Network([2, 4, 2]).settings, [1.0, 2.0, 3.0])


def test_a_frozen_copy_cannot_be_written_and_does_not_follow():
    network = network_of()
    points = np.ones((1, 2))
    frozen, before = network.frozen_copy(), network.predict(points)
    network.parameters += 1.0

    np.testing.assert_array_equal(frozen.predict(points), before)
    assert frozen.settings == network.settings
    for array in (frozen.parameters, *frozen.weights, *frozen.biases):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_set_parameters_copies_every_array():
    source, network = network_of(seed=1), network_of(seed=2)

    network.set_parameters(source.weights, source.biases)

    np.testing.assert_array_equal(network.parameters, source.parameters)
    assert not np.shares_memory(network.parameters, source.parameters)


def test_set_parameters_takes_the_network_s_own_arrays_in_another_order():
    network = Network([2, 2, 2], initializer="uniform")
    first, second = (weights.copy() for weights in network.weights)

    network.set_parameters(weights=network.weights[::-1], biases=network.biases)

    np.testing.assert_array_equal(network.weights, [second, first])


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([(2, 4), (4, 2)], [(4,), (3,)], r"an array of shape \(2,\) is needed; got \(3,\)"),
        ([(2, 4), (2, 4)], [(4,), (2,)], r"an array of shape \(4, 2\) is needed; got \(2, 4\)"),
        ([(2, 4)], [(4,), (2,)], "2 weights and biases are needed; got 1 and 2"),
        ([(2, 4), (4, 2)], [(4,), (2,), (2,)], "2 weights and biases are needed; got 2 and 3"),
    ],
)
def test_set_parameters_changes_all_or_nothing(weights, biases, message):
    network = Network([2, 4, 2])
    before = network.parameters.copy()

    with pytest.raises(ValueError, match=message):
        network.set_parameters([np.ones(shape) for shape in weights], [np.ones(shape) for shape in biases])

    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer_sizes": [2]}, r"layer_sizes needs an input and an output layer; got \[2\]"),
        ({"layer_sizes": [2, 0, 2]}, r"every layer needs 1 unit or more, a whole number; got \[2, 0, 2\]"),
        ({"hidden_activation": ["tanh", "relu"]}, r"1 hidden layers need as many activations; got \('tanh', 'relu'\)"),
        ({"hidden_activation": "step"}, "hidden activation must be one of relu, tanh, .*; got 'step'"),
        ({"output_activation": "relu"}, "output activation must be one of softmax, sigmoid.*; got 'relu'"),
        ({"initializer": "ones"}, "initializer must be one of xavier_uniform, .*; got 'ones'"),
        ({"bias": "some"}, "bias must be one of per_neuron, none, shared; got 'some'"),
        ({"layer_sizes": [2, 4, 1]}, "a softmax output has 2 units or more; got 1"),
        ({"seed": -1}, "seed must be 0 or more; got -1"),
    ],
)
def test_a_network_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Network(**{"layer_sizes": [2, 4, 2], **arguments})


def test_settings_count_what_a_network_has():
    settings = NetworkSettings((2, 4, 4, 3), ("relu", "tanh"))

    assert settings.n_parameters == (2 * 4 + 4) + (4 * 4 + 4) + (4 * 3 + 3)
    assert settings.n_hidden_layers == 2
    assert settings.n_classes == 3
    assert NetworkSettings((2, 1), (), "sigmoid").n_classes == 2


def test_an_unknown_loss_is_refused():
    with pytest.raises(ValueError, match=r"loss must be one of cross_entropy.*; got 'hinge'"):
        output_loss("hinge", "softmax")


def test_a_loss_that_does_not_go_with_the_output_is_refused():
    with pytest.raises(ValueError, match=r"output activation for cross_entropy must be one of .*; got 'tanh'"):
        output_loss("cross_entropy", "tanh")


@pytest.mark.parametrize(
    ("n_classes", "asked", "layer_sizes", "output"),
    [
        (2, "sigmoid", (2, 4, 1), "sigmoid"),
        (2, "softmax", (2, 4, 2), "softmax"),
        (5, "softmax", (2, 4, 5), "softmax"),
        (3, "sigmoid", (2, 4, 3), "sigmoid"),
        (2, "tanh", (2, 4, 1), "tanh"),
    ],
)
def test_the_output_layer_follows_the_number_of_classes(n_classes, asked, layer_sizes, output):
    settings = with_output(NetworkSettings((2, 4, 2), ("tanh",)), n_classes, asked)

    assert (settings.layer_sizes, settings.output_activation) == (layer_sizes, output)


def test_features_are_what_the_network_is_given():
    features = ("x1**2", "x2", "sin(3*x1)")
    network = Network([3, 4, 2], features=features, seed=2)
    points = np.random.default_rng(0).uniform(-5, 5, (7, 2))
    inputs = np.stack([points[:, 0] ** 2, points[:, 1], np.sin(3 * points[:, 0])], axis=1)

    np.testing.assert_allclose(network.layer_outputs(points)[0], inputs, rtol=1e-12)
    np.testing.assert_allclose(network.predict(points), Network([3, 4, 2], seed=2).predict(inputs), rtol=1e-12)


def test_two_inputs_are_the_coordinates():
    assert Network([2, 3, 2]).settings.features == ("x1", "x2")
    assert Network([2, 3, 2]).settings == Network([2, 3, 2], features=("x1", "x2")).settings


def test_standardized_features_have_mean_0_and_spread_1():
    points = np.random.default_rng(0).uniform(1, 5, (200, 2))
    settings = NetworkSettings((2, 3, 2), ("tanh",), features=("x1**2", "x2"), standardization=((9.0, 4.0), (3.0, 0.5)))
    inputs = Network.from_settings(settings).layer_outputs(points)[0]

    np.testing.assert_allclose(inputs[:, 0], (points[:, 0] ** 2 - 9) / 4)
    np.testing.assert_allclose(inputs[:, 1], (points[:, 1] - 3) / 0.5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"features": ("x1", "x2", "x1*x2")}, "3 features need as many units of the first layer; got 2"),
        ({"features": ("x1", "x1")}, "each feature may be there once"),
        ({"features": ("x1", "y")}, "y"),
        ({"features": ()}, "there must be 1 to 12 features"),
        ({"standardization": ((0.0, 1.0),)}, "standardization needs 2 pairs of numbers; got 1"),
        ({"standardization": ((0.0, 1.0), (0.0, 0.0))}, "spreads above 0; got 0.0 and 0.0"),
        ({"frozen": frozenset({99})}, r"frozen must be positions of 0 to 16; got \[99\]"),
        ({"pruned": frozenset({-1})}, r"pruned must be positions of 0 to 16; got \[-1\]"),
        ({"muted": frozenset({(2, 0)})}, r"muted must be neurons of the input or a hidden layer; got \(2, 0\)"),
        ({"muted": frozenset({(1, 3)})}, r"muted must be neurons of the input or a hidden layer; got \(1, 3\)"),
    ],
)
def test_wrong_inputs_and_marks_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        NetworkSettings((2, 3, 2), ("tanh",), **changes)


def test_parameters_of_a_shared_bias():
    network = Network([2, 2, 1], output_activation="sigmoid", bias="shared")
    network.set_parameters([[[1, 2], [3, 4]], [[5], [6]]], [[0.5, 0.5], [0.5]])

    np.testing.assert_array_equal(network.parameters, [0.5, 1, 2, 3, 4, 5, 6])
    first, second = network.layer_matrices()
    np.testing.assert_array_equal(first, [[1, 2], [3, 4], [1, 1]])
    np.testing.assert_array_equal(second, [[5], [6], [1]])
    with pytest.raises(ValueError, match="with bias 'shared' every bias must be the same number"):
        network.set_parameters(network.weights, [[0.1, 0.2], [0.1]])
    np.testing.assert_array_equal(network.biases[0], [0.5, 0.5])


def test_parameters_without_a_bias():
    network = Network([2, 2, 1], output_activation="sigmoid", bias="none", initializer="uniform")
    network.set_parameters(network.weights, network.biases)
    with pytest.raises(ValueError, match="with bias 'none' every bias must be 0"):
        network.set_parameters(network.weights, [[0.1, 0.1], [0.1]])

    assert len(network.parameters) == 6
    # At the origin all is 0, and both classes are as likely.
    np.testing.assert_allclose(network.predict([[0, 0]]), 0.5)


@pytest.mark.parametrize("bias", ["per_neuron", "shared"])
def test_first_bias(bias):
    settings = NetworkSettings((2, 3, 2), ("tanh",), bias=bias, bias_start=0.25)

    for biases in Network.from_settings(settings).biases:
        np.testing.assert_array_equal(biases, 0.25)


def test_pruned_weights_begin_at_0():
    settings = NetworkSettings((2, 3, 2), ("tanh",), pruned=frozenset({1, 4}))

    np.testing.assert_array_equal(np.flatnonzero(Network.from_settings(settings).parameters[:6] == 0), [1, 4])


def test_labels_that_are_all_whole_can_be_targets():
    network = Network([2, 3, 1], output_activation="linear")
    points = [[1.0, 2.0], [0.5, -1.0]]

    by_class = network.gradient(points, [0, 0], "squared_error")
    by_value = network.gradient(points, [0.0, 0.0], "squared_error", regression=True)
    np.testing.assert_allclose(by_class[-1] - by_value[-1], 1.0)


@pytest.mark.parametrize(("n_out", "output"), [(1, "sigmoid"), (3, "softmax")])
def test_a_network_that_diverged_answers_without_a_warning(n_out, output):
    network = Network([2, 3, n_out], "relu", output)
    network.parameters[:] = 1e300
    points = [[5.0, 5.0], [-5.0, 5.0]]
    assert not np.isfinite(network.pre_activations(points)[-1]).all()
    assert network.class_probabilities(points).shape == (2, max(n_out, 2))
    assert network.predicted_classes(points).shape == (2,)
