import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Network
from model.activations import ACTIVATIONS
from model.losses import OUTPUT_ACTIVATIONS
from model.surgery import insert_layer, insert_unit, remove_layer, remove_unit, set_activation, set_output

POINTS = np.random.default_rng(0).uniform(-6.0, 6.0, (20, 2))

activations = st.sampled_from(list(ACTIVATIONS))
outputs = st.sampled_from(list(OUTPUT_ACTIVATIONS))


@st.composite
def networks(draw, min_hidden=0, min_units=1, output=None):
    hidden_sizes = draw(st.lists(st.integers(min_units, 5), min_size=min_hidden, max_size=4))
    output = output or draw(outputs)
    n_out = 1 if OUTPUT_ACTIVATIONS[output].min_units == 1 else draw(st.integers(2, 5))
    hidden = draw(st.lists(activations, min_size=len(hidden_sizes), max_size=len(hidden_sizes)))
    return Network([2, *hidden_sizes, n_out], hidden, output, initializer="uniform", seed=draw(st.integers(0, 99)))


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
    kind = draw(st.sampled_from(["insert_unit", "remove_unit", "insert_layer", "remove_layer", "activation", "output"]))
    if kind == "output":
        network = draw(networks())
        n_classes = network.settings.n_classes
        after = draw(st.integers(2, 8))
        removed = draw(st.none() | st.integers(0, n_classes - 1)) if after == n_classes - 1 else None
        single_unit = draw(st.booleans())
        surgery = set_output(network.settings, after, draw(outputs), generator(), removed, single_unit=single_unit)
        return network, surgery
    if kind == "insert_layer":
        network = draw(networks())
        place = draw(st.integers(1, network.settings.n_hidden_layers + 1))
        return network, insert_layer(network.settings, place, draw(st.integers(1, 5)), draw(activations), generator())
    network = draw(networks(min_hidden=1, min_units=2))
    layer = draw(layers_of(network))
    n_units = network.settings.layer_sizes[layer]
    if kind == "insert_unit":
        return network, insert_unit(network.settings, layer, draw(st.integers(0, n_units)), generator())
    if kind == "remove_unit":
        return network, remove_unit(network.settings, layer, draw(st.integers(0, n_units - 1)))
    if kind == "remove_layer":
        return network, remove_layer(network.settings, layer, generator())
    return network, set_activation(network.settings, layer, draw(activations))


@settings(deadline=None, max_examples=200)
@given(operations())
def test_the_inverse_leads_back_to_the_bit(operation):
    network, surgery = operation
    before = network.parameters.copy()

    after = surgery.apply(network)
    back = surgery.inverse(network).apply(after)

    assert back.settings == network.settings
    np.testing.assert_array_equal(back.parameters, before)
    np.testing.assert_array_equal(network.parameters, before)


@settings(deadline=None, max_examples=200)
@given(operations())
def test_what_training_did_in_between_is_kept_by_the_inverse(operation):
    network, surgery = operation
    after = surgery.apply(network)
    kept = np.isin(network.parameters, after.parameters)
    after.parameters += 100.0

    back = surgery.inverse(network).apply(after)

    np.testing.assert_array_equal(back.parameters, np.where(kept, network.parameters + 100.0, network.parameters))


@settings(deadline=None, max_examples=200)
@given(operations())
def test_redoing_an_undone_surgery_leads_forward_to_the_bit(operation):
    network, surgery = operation
    after = surgery.apply(network)

    undo = surgery.inverse(network)
    redo = undo.inverse(after)

    assert redo.settings == after.settings
    np.testing.assert_array_equal(redo.apply(undo.apply(after)).parameters, after.parameters)


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
@given(st.data())
def test_setting_an_activation_keeps_every_weight(data):
    network, activation = data.draw(networks(min_hidden=1)), data.draw(activations)
    layer = data.draw(layers_of(network))

    after = set_activation(network.settings, layer, activation).apply(network)

    expected = list(network.settings.hidden_activations)
    expected[layer - 1] = activation
    assert after.settings.hidden_activations == tuple(expected)
    np.testing.assert_array_equal(after.parameters, network.parameters)


@settings(deadline=None)
@given(networks(output="sigmoid"))
def test_from_sigmoid_to_softmax_the_function_stays(network):
    after = set_output(network.settings, 2, "softmax", generator()).apply(network)

    assert after.settings.output_activation == "softmax"
    np.testing.assert_allclose(after.class_probabilities(POINTS), network.class_probabilities(POINTS), atol=1e-14)


@settings(deadline=None)
@given(networks(output="sigmoid"))
def test_from_sigmoid_to_softmax_and_back_the_weights_stay(network):
    softmax = set_output(network.settings, 2, "softmax", generator()).apply(network)

    after = set_output(softmax.settings, 2, "sigmoid", generator()).apply(softmax)

    assert after.settings == network.settings
    np.testing.assert_array_equal(after.parameters, network.parameters)


@settings(deadline=None)
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


@settings(deadline=None)
@given(operations())
def test_one_surgery_serves_every_network_of_the_shape(operation):
    network, surgery = operation
    first = Network.from_settings(network.settings, network.parameters + 50.0)

    now, then = surgery.apply(network).parameters, surgery.apply(first).parameters

    kept = np.isin(now, network.parameters)
    np.testing.assert_array_equal(then[kept], now[kept] + 50.0)
    np.testing.assert_array_equal(then[~kept], now[~kept])
