import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Network
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.surgery import (
    insert_layer,
    insert_unit,
    remove_layer,
    remove_unit,
    resize_layers,
    set_activation,
    set_bias,
    set_features,
    set_marks,
    set_output,
    split_unit,
)

POINTS = np.random.default_rng(0).uniform(-6.0, 6.0, (20, 2))

activations = st.sampled_from(list(ACTIVATIONS))
outputs = st.sampled_from(list(OUTPUT_ACTIVATIONS))


@st.composite
def networks(draw, min_hidden=0, min_units=1, output=None, biases=False):
    hidden_sizes = draw(st.lists(st.integers(min_units, 5), min_size=min_hidden, max_size=4))
    output = output or draw(outputs)
    n_out = 1 if OUTPUT_ACTIVATIONS[output].min_units == 1 else draw(st.integers(2, 5))
    hidden = draw(st.lists(activations, min_size=len(hidden_sizes), max_size=len(hidden_sizes)))
    bias = draw(st.sampled_from(sorted(BIAS_KINDS) if biases else ["per_neuron"]))
    seed = draw(st.integers(0, 99))
    return Network([2, *hidden_sizes, n_out], hidden, output, initializer="uniform", bias=bias, seed=seed)


@st.composite
def layers_of(draw, network):
    """Draw the number of a hidden layer, counted from 1."""
    return draw(st.integers(1, network.settings.n_hidden_layers))


def generator():
    return np.random.default_rng(1234)


def matrices_of(network):
    """Return each layer's weights over its biases, shape (n_in + 1, n_out)."""
    return [np.vstack(pair) for pair in zip(network.weights, network.biases, strict=True)]


def assert_same_matrices(network, expected):
    for matrix, kept in zip(matrices_of(network), expected, strict=True):
        np.testing.assert_array_equal(matrix, kept)


@st.composite
def operations(draw):
    """Draw a network and any surgery that fits it."""
    kinds = ["insert_unit", "remove_unit", "insert_layer", "remove_layer", "activation", "output", "features", "marks"]
    kind = draw(st.sampled_from(kinds))
    if kind == "output":
        network = draw(networks(biases=True))
        n_classes = network.settings.n_classes
        after = draw(st.integers(2, 8) | st.just(0))
        removed = draw(st.none() | st.integers(0, n_classes - 1)) if after == n_classes - 1 else None
        name = draw(outputs if after else st.sampled_from(["linear", "tanh"]))
        surgery = set_output(network.settings, after, name, generator(), removed, single_unit=draw(st.booleans()))
        return network, surgery
    if kind == "insert_layer":
        network = draw(networks(biases=True))
        place = draw(st.integers(1, network.settings.n_hidden_layers + 1))
        return network, insert_layer(network.settings, place, draw(st.integers(1, 5)), draw(activations), generator())
    if kind == "features":
        network = draw(networks(biases=True))
        names = draw(st.lists(st.sampled_from(["x1", "x2", "x1*x2", "abs(x1)"]), min_size=1, max_size=4, unique=True))
        return network, set_features(network.settings, names, [], generator())
    if kind == "marks":
        network = draw(networks(biases=True))
        frozen = draw(st.frozensets(st.integers(0, network.settings.n_parameters - 1), max_size=5))
        return network, set_marks(network.settings, frozen=frozen, muted=frozenset({(0, 1)}))
    network = draw(networks(min_hidden=1, min_units=2, biases=True))
    layer = draw(layers_of(network))
    n_units = network.settings.layer_sizes[layer]
    if kind == "insert_unit":
        return network, insert_unit(network.settings, layer, draw(st.integers(0, n_units)), generator())
    if kind == "remove_unit":
        return network, remove_unit(network.settings, layer, draw(st.integers(0, n_units - 1)))
    if kind == "remove_layer":
        return network, remove_layer(network.settings, layer, generator())
    return network, set_activation(network.settings, layer, draw(activations))


@settings(max_examples=200)
@given(operations())
def test_the_inverse_leads_back_to_the_bit(operation):
    network, surgery = operation
    before = network.parameters.copy()

    after = surgery.apply(network)
    back = surgery.inverse(network).apply(after)

    assert back.settings == network.settings
    np.testing.assert_array_equal(back.parameters, before)
    np.testing.assert_array_equal(network.parameters, before)


@settings(max_examples=200)
@given(operations())
def test_what_training_did_in_between_is_kept_by_the_inverse(operation):
    network, surgery = operation
    after = surgery.apply(network)
    kept = np.isin(network.parameters, after.parameters)
    after.parameters += 100.0

    back = surgery.inverse(network).apply(after)

    np.testing.assert_array_equal(back.parameters, np.where(kept, network.parameters + 100.0, network.parameters))


@settings(max_examples=200)
@given(operations())
def test_redoing_an_undone_surgery_leads_forward_to_the_bit(operation):
    network, surgery = operation
    after = surgery.apply(network)

    undo = surgery.inverse(network)
    redo = undo.inverse(after)

    assert redo.settings == after.settings
    np.testing.assert_array_equal(redo.apply(undo.apply(after)).parameters, after.parameters)


@given(st.data())
def test_inserting_a_unit_keeps_every_other_weight(data):
    network = data.draw(networks(min_hidden=1))
    layer = data.draw(layers_of(network))
    index = data.draw(st.integers(0, network.settings.layer_sizes[layer]))

    after = insert_unit(network.settings, layer, index, generator()).apply(network)

    matrices = matrices_of(after)
    assert (matrices[layer - 1][:, index] != 0.0).all()
    matrices[layer - 1] = np.delete(matrices[layer - 1], index, axis=1)
    matrices[layer] = np.delete(matrices[layer], index, axis=0)
    assert_same_matrices(network, matrices)
    assert after.settings.hidden_activations == network.settings.hidden_activations


@given(st.data())
def test_removing_a_unit_keeps_every_other_weight(data):
    network = data.draw(networks(min_hidden=1, min_units=2))
    layer = data.draw(layers_of(network))
    index = data.draw(st.integers(0, network.settings.layer_sizes[layer] - 1))

    after = remove_unit(network.settings, layer, index).apply(network)

    matrices = matrices_of(network)
    matrices[layer - 1] = np.delete(matrices[layer - 1], index, axis=1)
    matrices[layer] = np.delete(matrices[layer], index, axis=0)
    assert_same_matrices(after, matrices)


def test_the_only_neuron_of_a_layer_stays():
    with pytest.raises(ValueError, match="a layer keeps at least one neuron; remove the layer instead"):
        remove_unit(Network([2, 1, 2]).settings, 1, 0)


@given(st.data())
def test_inserting_a_layer_keeps_every_other_weight(data):
    network = data.draw(networks())
    layer = data.draw(st.integers(1, network.settings.n_hidden_layers + 1))
    n_units, activation = data.draw(st.integers(1, 5)), data.draw(activations)

    after = insert_layer(network.settings, layer, n_units, activation, generator()).apply(network)

    old, new = matrices_of(network), matrices_of(after)
    n_kept = min(n_units, network.settings.layer_sizes[layer - 1])
    assert after.settings.layer_sizes[layer] == n_units
    assert after.settings.hidden_activations[layer - 1] == activation
    for matrix, kept in zip([*new[: layer - 1], *new[layer + 1 :]], [*old[: layer - 1], *old[layer:]], strict=True):
        np.testing.assert_array_equal(matrix, kept)
    np.testing.assert_array_equal(new[layer][:n_kept], old[layer - 1][:n_kept])
    np.testing.assert_array_equal(new[layer][-1], old[layer - 1][-1])


@given(st.data())
def test_removing_a_layer_keeps_every_other_weight(data):
    network = data.draw(networks(min_hidden=1))
    layer = data.draw(layers_of(network))

    after = remove_layer(network.settings, layer, generator()).apply(network)

    old, new = matrices_of(network), matrices_of(after)
    n_kept = min(network.settings.layer_sizes[layer - 1 : layer + 1])
    for matrix, kept in zip([*new[: layer - 1], *new[layer:]], [*old[: layer - 1], *old[layer + 1 :]], strict=True):
        np.testing.assert_array_equal(matrix, kept)
    np.testing.assert_array_equal(new[layer - 1][:n_kept], old[layer][:n_kept])
    np.testing.assert_array_equal(new[layer - 1][-1], old[layer][-1])


@given(st.data())
def test_setting_an_activation_keeps_every_weight(data):
    network, activation = data.draw(networks(min_hidden=1)), data.draw(activations)
    layer = data.draw(layers_of(network))

    after = set_activation(network.settings, layer, activation).apply(network)

    expected = list(network.settings.hidden_activations)
    expected[layer - 1] = activation
    assert after.settings.hidden_activations == tuple(expected)
    np.testing.assert_array_equal(after.parameters, network.parameters)


@given(networks(output="sigmoid"))
def test_from_sigmoid_to_softmax_the_function_stays(network):
    after = set_output(network.settings, 2, "softmax", generator()).apply(network)

    assert after.settings.output_activation == "softmax"
    np.testing.assert_allclose(after.class_probabilities(POINTS), network.class_probabilities(POINTS), atol=1e-14)


@given(networks(output="sigmoid"))
def test_from_sigmoid_to_softmax_and_back_the_weights_stay(network):
    softmax = set_output(network.settings, 2, "softmax", generator()).apply(network)

    after = set_output(softmax.settings, 2, "sigmoid", generator()).apply(softmax)

    assert after.settings == network.settings
    np.testing.assert_array_equal(after.parameters, network.parameters)


@given(networks(output="softmax"), st.integers(1, 3))
def test_new_classes_leave_the_units_of_the_others(network, n_new):
    n_classes = network.settings.n_classes

    after = set_output(network.settings, n_classes + n_new, "softmax", generator()).apply(network)

    matrices = matrices_of(after)
    assert matrices[-1].shape[1] == n_classes + n_new
    assert (matrices[-1][:, n_classes:] != 0.0).all()
    assert_same_matrices(network, [*matrices[:-1], matrices[-1][:, :n_classes]])


@pytest.mark.parametrize(("removed", "kept"), [(None, [0, 1, 2]), (0, [1, 2, 3]), (1, [0, 2, 3]), (3, [0, 1, 2])])
def test_a_removed_class_takes_its_unit_along(removed, kept):
    network = Network([2, 3, 4], initializer="uniform")

    after = set_output(network.settings, 3, "softmax", generator(), removed).apply(network)

    matrices = matrices_of(network)
    assert_same_matrices(after, [*matrices[:-1], matrices[-1][:, kept]])


@pytest.mark.parametrize(("removed", "kept"), [(None, 1), (0, 2), (1, 2), (2, 1)])
def test_from_three_classes_to_one_sigmoid_unit(removed, kept):
    network = Network([2, 3, 3], initializer="uniform")

    after = set_output(network.settings, 2, "sigmoid", generator(), removed).apply(network)

    matrices = matrices_of(network)
    assert_same_matrices(after, [*matrices[:-1], matrices[-1][:, [kept]]])


def test_a_third_class_makes_the_single_unit_the_unit_of_class_one():
    network = Network([2, 3, 1], output_activation="sigmoid", initializer="uniform")

    after = set_output(network.settings, 3, "sigmoid", generator()).apply(network)

    assert (after.settings.output_activation, after.settings.layer_sizes) == ("sigmoid", (2, 3, 3))
    np.testing.assert_array_equal(matrices_of(after)[-1][:, 1:2], matrices_of(network)[-1])


@given(operations())
def test_one_surgery_serves_every_network_of_the_shape(operation):
    network, surgery = operation
    first = Network.from_settings(network.settings, network.parameters + 50.0)

    now, then = surgery.apply(network).parameters, surgery.apply(first).parameters

    kept = np.isin(now, network.parameters)
    np.testing.assert_array_equal(then[kept], now[kept] + 50.0)
    np.testing.assert_array_equal(then[~kept], now[~kept])


def marked(network, **marks):
    return Network.from_settings(set_marks(network.settings, **marks).settings, network.parameters)


@given(st.data())
def test_a_split_neuron_leaves_the_function(data):
    network = data.draw(networks(min_hidden=1))
    layer = data.draw(layers_of(network))
    index = data.draw(st.integers(0, network.settings.layer_sizes[layer] - 1))
    surgery = split_unit(network.settings, layer, index, generator())
    after = surgery.apply(network)

    assert after.settings.layer_sizes[layer] == network.settings.layer_sizes[layer] + 1
    np.testing.assert_allclose(after.predict(POINTS), network.predict(POINTS), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(after.weights[layer - 1][:, index], after.weights[layer - 1][:, index + 1])
    back = surgery.inverse(network).apply(after)
    np.testing.assert_allclose(back.parameters, network.parameters, rtol=1e-12)


def test_the_halves_of_a_split_neuron_come_apart_in_training():
    network = Network([2, 3, 2], initializer="uniform")
    after = split_unit(network.settings, 1, 0, generator()).apply(network)
    after.parameters -= 0.1 * after.gradient(POINTS, np.arange(len(POINTS)) % 2)

    assert not np.allclose(after.weights[0][:, 0], after.weights[0][:, 1])


def test_a_neuron_with_a_shared_bias_is_not_split():
    network = Network([2, 3, 2], bias="shared")
    with pytest.raises(ValueError, match="a neuron cannot be split where the bias is shared"):
        split_unit(network.settings, 1, 0, generator())


def test_features_that_stay_keep_their_weights():
    network = Network([3, 4, 2], features=("x1", "x2", "x1*x2"))
    after = set_features(network.settings, ["x1*x2", "sin(x1)", "x1"], [], generator()).apply(network)

    assert after.settings.features == ("x1*x2", "sin(x1)", "x1")
    np.testing.assert_array_equal(after.weights[0][[0, 2]], network.weights[0][[2, 0]])
    assert (after.weights[0][1] != 0).all()
    np.testing.assert_array_equal(after.biases[0], network.biases[0])
    np.testing.assert_array_equal(after.weights[1], network.weights[1])


def test_wrong_features_are_refused():
    network = Network([2, 4, 2])
    with pytest.raises(ValueError, match="x3"):
        set_features(network.settings, ["x1", "x3"], [], generator())
    with pytest.raises(ValueError, match="there must be 1 to 12 features; got none"):
        set_features(network.settings, [], [], generator())


@pytest.mark.parametrize("before", BIAS_KINDS)
@pytest.mark.parametrize("after", BIAS_KINDS)
def test_another_kind_of_bias_keeps_the_weights(before, after):
    network = Network([2, 3, 2], initializer="uniform", bias=before)
    surgery = set_bias(network.settings, after)
    changed = surgery.apply(network)

    assert changed.settings.bias == after
    for own, expected in zip(changed.weights, network.weights, strict=True):
        np.testing.assert_array_equal(own, expected)
    if before == after or (before, after) in {("shared", "per_neuron"), ("none", "per_neuron"), ("none", "shared")}:
        np.testing.assert_allclose(changed.predict(POINTS), network.predict(POINTS), rtol=1e-12)
    back = surgery.inverse(network).apply(changed)
    np.testing.assert_allclose(back.parameters, network.parameters, rtol=1e-12)


def test_a_pruned_weight_is_zero_and_comes_back():
    network = Network([2, 3, 2], initializer="uniform")
    surgery = set_marks(network.settings, pruned=frozenset({4}))
    pruned = surgery.apply(network)

    assert pruned.parameters[4] == 0.0
    np.testing.assert_array_equal(np.delete(pruned.parameters, 4), np.delete(network.parameters, 4))
    np.testing.assert_array_equal(surgery.inverse(network).apply(pruned).parameters, network.parameters)
    assert set_marks(pruned.settings, pruned=frozenset()).apply(pruned).parameters[4] == 0.0


def test_marks_move_with_their_neurons():
    network = marked(
        Network([2, 3, 3, 2]),
        # The bias and both weights of h1.3; the weight from h2.1 to the first output; both marks of shapes below.
        frozen=frozenset({2, 5, 8}),
        pruned=frozenset({21}),
        muted=frozenset({(0, 1), (1, 2), (2, 0)}),
    )
    after = remove_unit(network.settings, 1, 0).settings

    assert after.muted == {(0, 1), (1, 1), (2, 0)}
    # Layer 1 has two neurons now: its matrix has six entries, and h1.2 is every second of them.
    assert after.frozen == {1, 3, 5}
    assert after.pruned == {6 + 9}
    gone = remove_unit(network.settings, 1, 2).settings
    assert gone.frozen == set()
    assert gone.muted == {(0, 1), (2, 0)}
    assert insert_layer(network.settings, 1, 3, "tanh", generator()).settings.muted == {(0, 1), (2, 2), (3, 0)}
    assert remove_layer(network.settings, 1, generator()).settings.muted == {(0, 1), (1, 0)}
    without_first = set_features(network.settings, ["x2"], [], generator()).settings
    assert without_first.muted == {(0, 0), (1, 2), (2, 0)}
    assert split_unit(network.settings, 1, 2, generator()).settings.muted == {(0, 1), (1, 2), (1, 3), (2, 0)}
    assert set_output(network.settings, 4, "softmax", generator()).settings.muted == network.settings.muted


def test_a_regression_has_one_output():
    network = Network([2, 3, 3])
    after = set_output(network.settings, 0, "linear", generator(), single_unit=False).apply(network)

    assert after.settings.layer_sizes == (2, 3, 1)
    np.testing.assert_array_equal(after.weights[-1][:, 0], network.weights[-1][:, 1])


@given(st.data())
def test_resized_layers_keep_what_has_a_place(data):
    network = data.draw(networks(min_hidden=1, biases=True))
    before = network.settings
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=before.n_hidden_layers, max_size=before.n_hidden_layers))
    surgery = resize_layers(before, sizes, generator())
    after = surgery.apply(network)
    assert after.settings.layer_sizes == (2, *sizes, before.layer_sizes[-1])
    for old, new in zip(network.weights, after.weights, strict=True):
        rows, columns = np.minimum(old.shape, new.shape)
        np.testing.assert_array_equal(new[:rows, :columns], old[:rows, :columns])
    back = surgery.inverse(network).apply(after)
    assert back.settings == before
    np.testing.assert_array_equal(back.parameters, network.parameters)
