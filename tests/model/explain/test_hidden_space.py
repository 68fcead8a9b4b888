"""Where a hidden layer puts the plane, the way there, and how the next layer divides it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model import Network
from model.explain.boundaries import boundaries, has_boundary
from model.explain.hidden_space import (
    BEFORE,
    COARSE_CELLS,
    FINE_CELLS,
    SUMS,
    VALUES,
    Axes,
    hidden_space,
    neuron_axes,
    principal_axes,
    sheet_places,
)
from model.network.activations import ACTIVATIONS

POINTS = np.random.default_rng(4).uniform(-5.0, 5.0, (60, 2))


def network(*hidden, activation="tanh", seed=2, n_out=3, features=None):
    sizes = [2 if features is None else len(features), *hidden, n_out]
    output = "softmax" if n_out > 1 else "linear"
    made = Network(sizes, activation, output, seed=seed, features=features)
    made.parameters[:] += 0.1 * np.random.default_rng(seed).normal(size=made.parameters.size)
    return made


class TestPrincipalAxes:
    @pytest.mark.parametrize(("n_points", "n_values"), [(60, 5), (5, 5), (4, 9), (1, 3)])
    @pytest.mark.parametrize("n_axes", [2, 3])
    def test_equal_those_of_the_singular_value_decomposition(self, n_points, n_values, n_axes):
        values = np.random.default_rng(n_values).normal(size=(n_points, n_values)) * np.arange(1, n_values + 1)
        axes = principal_axes(values, n_axes)

        u, singular, vt = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
        n_found = int((singular > 1e-9).sum())
        seen = axes.seen(values)
        for index in range(min(n_axes, n_found)):
            assert abs(axes.directions[index] @ vt[index]) == pytest.approx(1.0, abs=1e-12)
            assert np.abs(seen[:, index]) == pytest.approx(np.abs(u[:, index] * singular[index]), abs=1e-9)
        if n_found:
            shares = singular**2 / (singular**2).sum()
            assert axes.shares[:n_found] == pytest.approx(shares[: min(n_axes, n_found)], abs=1e-12)
        assert axes.directions @ axes.directions.T == pytest.approx(np.eye(n_axes), abs=1e-12)

    @settings(max_examples=30, deadline=None)
    @given(arrays(np.float64, (7, 4), elements=st.floats(-1e6, 1e6)))
    def test_shares_are_of_the_variance_and_go_down(self, values):
        shares = np.array(principal_axes(values, 3).shares)
        assert (shares >= 0.0).all()
        assert shares.sum() <= 1.0 + 1e-9
        assert (np.diff(shares) <= 1e-9).all()

    def test_the_signs_are_those_of_the_moment_before(self):
        generator = np.random.default_rng(0)
        values = generator.normal(size=(50, 6)) * [9.0, 5.0, 2.0, 1.0, 1.0, 1.0]
        first = principal_axes(values, 3)
        turned = Axes(first.origin, -first.directions, first.shares)
        assert principal_axes(values, 3, turned).directions == pytest.approx(-first.directions)
        axes = first
        for _ in range(200):
            values = values @ np.linalg.qr(np.eye(6) + 0.02 * generator.normal(size=(6, 6)))[0]
            after = principal_axes(values, 3, axes)
            assert (np.einsum("ij,ij->i", after.directions, axes.directions) > 0.5).all()
            axes = after

    def test_without_a_moment_before_the_same_values_have_the_same_signs(self):
        values = np.random.default_rng(3).normal(size=(20, 5))
        for sign in (1.0, -1.0):
            directions = principal_axes(sign * values, 2).directions
            assert (np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, np.newaxis], 1) > 0).all()

    @pytest.mark.parametrize("size", [1e-300, 1e150, 1e300])
    def test_values_of_any_size_have_them(self, size):
        values = np.random.default_rng(1).normal(size=(30, 4))
        usual, extreme = principal_axes(values, 2), principal_axes(values * size, 2)
        assert extreme.directions == pytest.approx(usual.directions, abs=1e-9)
        assert extreme.shares == pytest.approx(usual.shares, abs=1e-9)

    @pytest.mark.parametrize("value", [0.0, 7.0])
    def test_values_that_are_all_the_same_vary_along_none(self, value):
        axes = principal_axes(np.full((9, 4), value), 2)
        assert axes.shares == (0.0, 0.0)
        assert axes.seen(np.full((1, 4), value)) == pytest.approx(np.zeros((1, 2)))

    @pytest.mark.parametrize("value", [np.inf, np.nan])
    def test_what_is_not_finite_is_nowhere(self, value):
        values = np.ones((5, 4))
        values[2, 1] = value
        assert not np.isfinite(principal_axes(values, 2).seen(values)).any()


class TestWay:
    @pytest.mark.parametrize("layer", [1, 2])
    def test_two_neurons_are_seen_along_themselves(self, layer):
        made = network(2, 2)
        space = hidden_space(made, layer, POINTS, n_axes=2)
        sums, layers = made.layer_values(POINTS)
        assert (space.points.at(BEFORE) == layers[layer - 1]).all()
        assert (space.points.at(SUMS) == sums[layer - 1]).all()
        assert (space.points.at(VALUES) == layers[layer]).all()
        assert space.axes.are_neurons

    @pytest.mark.parametrize("sizes", [(2, 5), (5, 2), (1, 4), (4, 1), (3, 3), (6, 7)])
    @pytest.mark.parametrize("n_axes", [2, 3])
    def test_its_ends_are_the_pictures_of_both_layers(self, sizes, n_axes):
        made = network(*sizes)
        first, second = (hidden_space(made, layer, POINTS, n_axes=n_axes) for layer in (1, 2))
        for one, other in ((first.points, second.points), (first.sheet, second.sheet)):
            assert (other.at(BEFORE) == one.at(VALUES)).all()
        assert first.points.at(BEFORE)[:, :2] == pytest.approx(POINTS)
        assert first.sheet.at(BEFORE)[:, :2] == pytest.approx(sheet_places(FINE_CELLS))

    def test_on_its_first_half_lines_stay_straight_and_on_its_second_it_is_a_layer_in_between(self):
        made = network(5, 4)
        space = hidden_space(made, 1, POINTS, n_axes=2)
        row = space.sheet.at(0.3)[: FINE_CELLS + 1]
        along, from_first = row[-1] - row[0], row - row[0]
        assert along[0] * from_first[:, 1] == pytest.approx(along[1] * from_first[:, 0], abs=1e-9)
        sums, layers = made.layer_values(POINTS)
        between = 0.4 * sums[0] + 0.6 * layers[1]
        assert space.points.at(0.8) == pytest.approx(space.axes.seen(between))

    def test_other_points_go_the_same_way(self):
        made = network(5, 4)
        for layer in (1, 2):
            space = hidden_space(made, layer, POINTS, n_axes=3)
            other = space.way_of(POINTS[:4])
            for share in (0.0, 0.2, 0.5, 0.9, 1.0):
                assert other.at(share) == pytest.approx(space.points.at(share)[:4])

    @pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.77, 1.0])
    def test_all_places_lie_within_the_limits(self, share):
        space = hidden_space(network(4, 6, activation="relu"), 2, POINTS, n_axes=3)
        low, high = space.limits(share)
        for way in (space.points, space.sheet):
            assert (way.at(share) >= low - 1e-9).all()
            assert (way.at(share) <= high + 1e-9).all()

    def test_before_the_first_layer_lies_the_plane_whatever_the_features_are(self):
        made = network(3, features=("x1**2", "x2", "sin(x1)", "x1*x2"))
        space = hidden_space(made, 1, POINTS, n_axes=3)
        assert space.points.at(BEFORE) == pytest.approx(np.column_stack([POINTS, np.zeros(len(POINTS))]))

    def test_a_muted_neuron_is_0(self):
        made = network(2, 2)
        silent = Network.from_settings(replace(made.settings, muted=frozenset({(1, 0)})), made.parameters)
        space = hidden_space(silent, 1, POINTS, n_axes=2)
        assert (space.sheet.at(VALUES)[:, 0] == 0.0).all()
        assert (space.sheet.at(SUMS)[:, 0] != 0.0).any()

    def test_axes_of_the_moment_before_are_kept_by_layer(self):
        made = network(6, 5)
        first = hidden_space(made, 2, POINTS, n_axes=2)
        turned = {
            layer: Axes(axes.origin, -axes.directions, axes.shares)
            for layer, axes in ((1, first.before), (2, first.axes))
        }
        second = hidden_space(made, 2, POINTS, n_axes=2, like=turned)
        assert second.points.at(VALUES) == pytest.approx(-first.points.at(VALUES))
        assert second.points.at(BEFORE) == pytest.approx(-first.points.at(BEFORE))

    def test_on_a_line_only_the_first_coordinate_counts(self):
        made = network(2, 2, features=("x", "x**2"))
        space = hidden_space(made, 1, POINTS, n_axes=2)
        flat = POINTS * [1.0, 0.0]
        assert (space.points.at(BEFORE) == flat).all()
        assert (space.points.at(VALUES) == made.layer_outputs(flat)[1]).all()
        assert space.sheet_shape == (1, 4 * FINE_CELLS + 1)
        assert (space.way_of(POINTS).at(VALUES) == space.points.at(VALUES)).all()


class TestLimits:
    @pytest.mark.parametrize("n_points", [0, 1, 2, 3])
    @pytest.mark.parametrize("hidden", [(1,), (2,), (5, 4)])
    def test_few_points_are_enough(self, n_points, hidden):
        space = hidden_space(network(*hidden), len(hidden), POINTS[:n_points], n_axes=2)
        assert space.is_finite
        assert space.points.at(0.7).shape == (n_points, 2)
        assert np.isfinite(space.limits(0.7)).all()

    def test_one_neuron_is_a_line(self):
        space = hidden_space(network(1), 1, POINTS, n_axes=2)
        assert (space.sheet.at(VALUES)[:, 1] == 0.0).all()
        assert np.ptp(space.sheet.at(VALUES)[:, 0]) > 0.1

    @pytest.mark.parametrize("hidden", [(2,), (5,)])
    def test_a_dead_layer_is_constant(self, hidden):
        made = network(*hidden, activation="relu")
        assert not hidden_space(made, 1, POINTS, n_axes=2).is_constant
        made.biases[0][:] = -1e5
        space = hidden_space(made, 1, POINTS, n_axes=2)
        assert space.is_constant
        assert space.is_finite

    @pytest.mark.parametrize("weight", [1e6, 1e150, 1e200, 1e308])
    @pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
    @pytest.mark.parametrize("hidden", [(2, 2), (5, 4)])
    def test_huge_numbers_are_placed_or_not_finite(self, weight, activation, hidden):
        made = network(*hidden, activation=activation)
        made.parameters[:] = weight * np.sign(made.parameters)
        space = hidden_space(made, 2, POINTS, n_axes=2)
        if space.is_finite:
            low, high = space.limits(0.6)
            assert np.isfinite(high - low).all()

    def test_a_coarse_sheet_has_every_second_place_of_a_fine_one(self):
        fine, coarse = (hidden_space(network(3), 1, POINTS, n_axes=3, coarse=coarse) for coarse in (False, True))
        every = fine.sheet.values.reshape(FINE_CELLS + 1, FINE_CELLS + 1, 3)[::2, ::2]
        assert coarse.sheet.values == pytest.approx(every.reshape(-1, 3))

    def test_a_large_network_has_a_coarse_sheet(self):
        space = hidden_space(network(64, 64, 64), 3, POINTS, n_axes=2)
        assert len(space.sheet.values) == (COARSE_CELLS + 1) ** 2

    @pytest.mark.parametrize("layer", [0, 3, -1])
    def test_only_a_hidden_layer_has_one(self, layer):
        with pytest.raises(ValueError, match="layer must be 1 to 2"):
            hidden_space(network(3, 3), layer, POINTS, n_axes=2)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_every_activation_bends(self, name):
        space = hidden_space(network(3, activation=name), 1, POINTS, n_axes=3)
        assert space.is_finite


class TestBoundaries:
    @pytest.mark.parametrize("n_axes", [2, 3])
    def test_on_them_the_sum_of_a_neuron_of_the_next_layer_is_0(self, n_axes):
        made = network(n_axes, 4)
        space = hidden_space(made, 1, POINTS, n_axes=n_axes)
        low, high = space.limits(1.0)
        found = boundaries(space, low, high, regression=False)
        assert found
        for boundary in found:
            sums = boundary.corners @ made.weights[1] + made.biases[1]
            assert sums[:, boundary.unit] == pytest.approx(np.zeros(len(sums)), abs=1e-9)
            assert (boundary.corners >= low - 1e-9).all()
            assert (boundary.corners <= high + 1e-9).all()
            assert len(boundary.corners) == 2 if n_axes == 2 else len(boundary.corners) >= 3

    @pytest.mark.parametrize("n_out", [2, 3, 5])
    @pytest.mark.parametrize("n_axes", [2, 3])
    def test_before_the_output_two_classes_are_the_likeliest_there(self, n_axes, n_out):
        made = network(4, n_axes, n_out=n_out)
        space = hidden_space(made, 2, POINTS, n_axes=n_axes)
        found = boundaries(space, *space.limits(1.0), regression=False)
        assert found
        for boundary in found:
            inside = np.concatenate([boundary.corners, boundary.corners.mean(axis=0, keepdims=True)])
            sums = np.sort(inside @ made.weights[2] + made.biases[2], axis=1)
            assert sums[:, -1] == pytest.approx(sums[:, -2], abs=1e-9)

    def test_a_single_output_has_one(self):
        made = Network([2, 2, 1], "tanh", "sigmoid", seed=1)
        space = hidden_space(made, 1, POINTS, n_axes=2)
        (boundary,) = boundaries(space, *space.limits(1.0), regression=False)
        answers = 1 / (1 + np.exp(-(boundary.corners @ made.weights[1] + made.biases[1])))
        assert answers == pytest.approx(np.full((2, 1), 0.5), abs=1e-12)

    @pytest.mark.parametrize(("output", "has"), [("linear", True), ("tanh", True), ("sigmoid", False)])
    def test_a_value_has_one_where_it_is_0(self, output, has):
        made = Network([2, 2, 1], "tanh", output, seed=1)
        assert has_boundary(made.settings, 1, regression=True) == has
        space = hidden_space(made, 1, POINTS, n_axes=2)
        assert bool(boundaries(space, *space.limits(1.0), regression=True)) == has

    def test_of_components_it_is_how_their_own_plane_is_divided(self):
        made = network(5, 3)
        space = hidden_space(made, 1, POINTS, n_axes=2)
        for boundary in boundaries(space, *space.limits(1.0), regression=False):
            values = space.axes.origin + boundary.corners @ space.axes.directions
            sums = values @ made.weights[1] + made.biases[1]
            assert sums[:, boundary.unit] == pytest.approx(np.zeros(2), abs=1e-9)

    def test_without_weights_and_far_away_there_is_none(self):
        made = network(2, 2)
        made.weights[1][:] = [[0.0, 1e-3], [0.0, 0.0]]
        made.biases[1][:] = 1.0
        space = hidden_space(made, 1, POINTS, n_axes=2)
        assert boundaries(space, *space.limits(1.0), regression=False) == []

    @pytest.mark.parametrize("weight", [1e200, 1e308, np.inf])
    def test_huge_weights_bring_no_warning(self, weight):
        made = network(2, 2)
        made.weights[1][:] = weight
        space = hidden_space(made, 1, POINTS, n_axes=2)
        for boundary in boundaries(space, np.full(2, -1.0), np.full(2, 1.0), regression=False):
            assert np.isfinite(boundary.corners).all()


def test_the_axes_of_neurons_leave_nothing_out():
    axes = neuron_axes(2, 3)
    assert axes.seen(np.array([[1.5, -2.0]])).tolist() == [[1.5, -2.0, 0.0]]
    assert axes.are_neurons
