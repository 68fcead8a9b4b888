from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, Metrics, Network, NetworkSettings, TrainingSettings
from model.run.history import KeyFrame
from model.run.network_curve import CURVE_RESOLUTION, UNIT_CURVE_RESOLUTION
from model.run.snapshot import (
    LEAST_MAP_RESOLUTION,
    MAP_RESOLUTION,
    MAX_SURFACE_RESOLUTION,
    MIN_SURFACE_RESOLUTION,
    Plane,
    SnapshotMaker,
    surface_resolution,
)
from model.training.checkpoint import Checkpoint
from model.training.settings import Setup
from model.types import read_only

METRICS = Metrics(40, 0.5, None, 0.75, None)
TALL_PLANE = Plane(x_min=-1.0, x_max=2.0, y_min=3.0, y_max=13.0)


def moment_of(network, regression=False):
    dataset = Dataset([], [], n_classes=0 if regression else network.settings.n_classes)
    checkpoint = Checkpoint(read_only(network.parameters.copy()), 40, 3, (1, 3, 0, 0))
    return KeyFrame(checkpoint, METRICS, Setup(dataset, network.settings, TrainingSettings(loss="squared_error")))


def snapshot_of(network, plane=None, probe=None, regression=False):
    return SnapshotMaker().make(7, moment_of(network, regression), plane, probe)


def cell_centres(plane, resolution):
    """Return the points that a map of `plane` samples, shape (resolution, resolution, 2)."""
    centres = (np.arange(resolution) + 0.5) / resolution
    x = plane.x_min + centres * (plane.x_max - plane.x_min)
    y = plane.y_min + centres * (plane.y_max - plane.y_min)
    return np.stack(np.meshgrid(x, y), axis=-1)


def test_a_snapshot_says_which_moment_it_shows():
    snapshot = snapshot_of(Network([2, 3, 2]))

    assert (snapshot.run, snapshot.epoch, snapshot.step, snapshot.metrics) == (7, 3, 40, METRICS)


def test_nothing_in_a_snapshot_can_be_written():
    snapshot = snapshot_of(Network([2, 3, 2]), probe=(1, 2))

    arrays = [snapshot.network.parameters, *snapshot.unit_maps, snapshot.surface.probabilities]
    for array in [*arrays, snapshot.surface.unit_map]:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_a_snapshot_stays_when_training_and_the_maker_go_on():
    network, maker = Network([2, 3, 2], initializer="uniform"), SnapshotMaker()
    snapshot = maker.make(0, moment_of(network), probe=(1, 0))
    arrays = [snapshot.network.parameters, *snapshot.unit_maps, snapshot.surface.probabilities]
    arrays.append(snapshot.surface.unit_map)
    before = [array.copy() for array in arrays]
    network.parameters += 1.0

    later = maker.make(0, moment_of(network), probe=(1, 0))

    for array, then in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, then)
    assert not np.array_equal(later.surface.probabilities, snapshot.surface.probabilities)


class TestCurve:
    @pytest.fixture
    def network(self):
        settings = NetworkSettings((2, 3, 4, 1), ("tanh", "relu"), "tanh", "uniform", features=("x", "sin(3*x)"))
        return Network.from_settings(replace(settings, muted=frozenset({(2, 1)})))

    def snapshot_of(self, network, plane=None, probe=None):
        checkpoint = Checkpoint(read_only(network.parameters.copy()), 40, 3, (1, 3, 0, 0))
        setup = Setup(Dataset.curve([]), network.settings, TrainingSettings(loss="squared_error"))
        return SnapshotMaker().make(7, KeyFrame(checkpoint, METRICS, setup), plane, probe)

    def test_is_the_network_over_the_x_that_is_seen(self, network):
        curve = self.snapshot_of(network, TALL_PLANE).curve

        np.testing.assert_array_equal(curve.x, np.linspace(-1.0, 2.0, CURVE_RESOLUTION))
        np.testing.assert_array_equal(curve.y, network.predict(curve.x[:, np.newaxis])[:, 0])
        for layer, values in zip(curve.layers, network.layer_outputs(curve.x[:, np.newaxis]), strict=True):
            np.testing.assert_array_equal(layer, values.T)

    def test_is_the_sum_of_what_the_last_hidden_neurons_add(self, network):
        curve = self.snapshot_of(network).curve
        activations = network.layer_outputs(curve.x[:, np.newaxis])[-2]

        np.testing.assert_allclose(curve.terms, (activations * network.weights[-1][:, 0]).T, rtol=1e-15)
        np.testing.assert_array_equal(curve.terms[1], 0.0)
        np.testing.assert_allclose(curve.z, curve.terms.sum(axis=0) + curve.bias, rtol=1e-15)
        np.testing.assert_allclose(np.tanh(curve.z), curve.y, rtol=1e-12)

    def test_without_a_hidden_layer_adds_up_its_inputs(self):
        network = Network([1, 1], (), "linear", features=("x",))
        curve = self.snapshot_of(network).curve

        np.testing.assert_array_equal(curve.terms[0], curve.x * network.weights[0][0, 0])

    def test_the_curve_of_each_neuron_is_over_the_whole_plane_whatever_is_seen(self, network):
        snapshot = self.snapshot_of(network, TALL_PLANE)
        x = np.linspace(-6.0, 6.0, UNIT_CURVE_RESOLUTION)

        for curves, values in zip(snapshot.unit_curves, network.layer_outputs(x[:, np.newaxis]), strict=True):
            np.testing.assert_array_equal(curves, values.T)

    def test_maps_are_the_same_at_every_height(self, network):
        snapshot = self.snapshot_of(network, TALL_PLANE, probe=(1, 2))
        points = cell_centres(TALL_PLANE, len(snapshot.surface.values)).reshape(-1, 2)
        shape = snapshot.surface.values.shape

        np.testing.assert_allclose(snapshot.surface.values, network.predict(points).reshape(shape), atol=1e-5)
        np.testing.assert_allclose(
            snapshot.surface.unit_map, network.layer_outputs(points)[1][:, 2].reshape(shape), atol=1e-5
        )
        assert [maps.shape for maps in snapshot.unit_maps] == [
            (n, MAP_RESOLUTION, MAP_RESOLUTION) for n in (2, 3, 4, 1)
        ]

    def test_cannot_be_written(self, network):
        snapshot = self.snapshot_of(network)
        curve = snapshot.curve

        for array in (curve.x, *curve.layers, curve.terms, curve.z, *snapshot.unit_curves):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0.0

    def test_is_there_when_the_network_diverged(self, network):
        network.parameters[:] = 1e300

        assert not np.isfinite(self.snapshot_of(network).curve.z).all()

    def test_of_constants_alone_is_level(self):
        network = Network([1, 2, 1], "tanh", "linear", features=("3",))

        assert np.ptp(self.snapshot_of(network).curve.y) == 0.0

    @pytest.mark.parametrize("regression", [False, True])
    def test_is_there_for_no_other_problem(self, regression):
        snapshot = snapshot_of(Network([2, 3, 1], "tanh", "linear"), regression=regression)

        assert (snapshot.curve, snapshot.unit_curves) == (None, ())


def test_input_maps_are_the_right_way_up():
    x1, x2 = snapshot_of(Network([2, 3, 2])).unit_maps[0]
    half_cell = 6.0 / MAP_RESOLUTION

    np.testing.assert_allclose(x1[0, [0, -1]], [-6 + half_cell, 6 - half_cell], rtol=1e-6)
    np.testing.assert_allclose(x2[[0, -1], 0], [-6 + half_cell, 6 - half_cell], rtol=1e-6)
    assert (np.diff(x1, axis=1) > 0).all()
    assert (np.diff(x2, axis=0) > 0).all()


def test_the_surface_is_the_right_way_up():
    network = Network([2, 2])
    network.set_parameters(weights=[[[0.0, 0.0], [0.0, 1.0]]], biases=[[0.0, 0.0]])

    probability_of_class_1 = snapshot_of(network).surface.probabilities[1]

    assert probability_of_class_1[0].max() < 0.1
    assert probability_of_class_1[-1].min() > 0.9


@pytest.mark.parametrize("hidden", ["relu", "tanh"])
def test_unit_maps_are_the_layer_outputs_over_the_whole_plane(hidden):
    network = Network([2, 5, 3, 2], hidden, initializer="uniform")
    points = cell_centres(Plane(), MAP_RESOLUTION).reshape(-1, 2)

    maps = snapshot_of(network, plane=TALL_PLANE).unit_maps

    for layer, expected in zip(maps, network.layer_outputs(points), strict=True):
        flat = layer.reshape(len(layer), -1).T
        np.testing.assert_allclose(flat, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("plane", [Plane(), TALL_PLANE])
@pytest.mark.parametrize(("n_out", "output"), [(3, "softmax"), (1, "sigmoid")])
def test_the_surface_covers_the_plane_that_was_asked_for(plane, n_out, output):
    network = Network([2, 4, n_out], "tanh", output, initializer="uniform")

    surface = snapshot_of(network, plane).surface

    resolution = surface.probabilities.shape[-1]
    expected = network.class_probabilities(cell_centres(plane, resolution).reshape(-1, 2))
    assert surface.plane == plane
    np.testing.assert_allclose(surface.probabilities.reshape(len(surface.probabilities), -1).T, expected, atol=1e-5)
    np.testing.assert_allclose(surface.probabilities.sum(axis=0), 1.0, rtol=0, atol=1e-6)


@pytest.mark.parametrize("probe", [(0, 1), (1, 3), (2, 0)])
def test_a_probe_has_its_map_at_the_surface_s_resolution(probe):
    network = Network([2, 4, 2], "tanh", initializer="uniform")

    snapshot = snapshot_of(network, TALL_PLANE, probe)

    resolution = snapshot.surface.probabilities.shape[-1]
    layer = network.layer_outputs(cell_centres(TALL_PLANE, resolution).reshape(-1, 2))[probe[0]]
    assert snapshot.probe == probe
    np.testing.assert_allclose(snapshot.surface.unit_map.ravel(), layer[:, probe[1]], rtol=0, atol=1e-5)


@pytest.mark.parametrize("probe", [None, (3, 0), (1, 4), (-1, 0), (1, -1)])
def test_a_probe_that_the_network_does_not_have_is_ignored(probe):
    snapshot = snapshot_of(Network([2, 4, 2]), probe=probe)

    assert snapshot.probe is None
    assert snapshot.surface.unit_map is None


def test_one_maker_follows_changes_of_network_and_plane():
    maker = SnapshotMaker()
    shallow = Network([2, 4, 2], "tanh", initializer="uniform")
    networks = [
        shallow,
        Network.from_settings(replace(shallow.settings, hidden_activations=("relu",)), shallow.parameters),
        Network([2, 3, 3, 3], initializer="uniform"),
    ]

    for network in networks:
        for plane in (Plane(), TALL_PLANE):
            made, fresh = maker.make(0, moment_of(network), plane), snapshot_of(network, plane)
            np.testing.assert_array_equal(made.surface.probabilities, fresh.surface.probabilities)
            for layer, expected in zip(made.unit_maps, fresh.unit_maps, strict=True):
                np.testing.assert_array_equal(layer, expected)


def test_a_network_that_has_diverged_makes_a_snapshot_without_a_warning():
    network = Network([2, 4, 2], "relu")
    network.parameters[:] = 1e300

    assert snapshot_of(network).surface.probabilities.shape[0] == 2


@pytest.mark.parametrize("hidden_sizes", [[], [1], [64] * 10])
def test_the_surface_s_resolution_is_bounded(hidden_sizes):
    network = Network([2, *hidden_sizes, 2])

    assert MIN_SURFACE_RESOLUTION <= surface_resolution(network.settings) <= MAX_SURFACE_RESOLUTION


def test_larger_networks_get_coarser_surfaces():
    small, large = (surface_resolution(Network([2, *[n] * 6, 2]).settings) for n in (4, 30))

    assert large < small


def test_a_regression_has_values_in_the_place_of_probabilities():
    network = Network([2, 4, 1], output_activation="linear", seed=3)
    snapshot = snapshot_of(network, TALL_PLANE, regression=True)
    points = cell_centres(TALL_PLANE, surface_resolution(network.settings))

    assert snapshot.is_regression
    assert snapshot.surface.probabilities is None
    np.testing.assert_allclose(
        snapshot.surface.values, network.predict(points.reshape(-1, 2)).reshape(points.shape[:2]), atol=1e-5
    )
    assert not snapshot_of(network).is_regression


def test_maps_of_features_and_of_muted_neurons():
    network = Network([3, 3, 2], features=("x1*x2", "x2", "abs(x1)"), seed=3)
    settings = replace(network.settings, muted=frozenset({(1, 1), (0, 2)}))
    snapshot = snapshot_of(Network.from_settings(settings, network.parameters), probe=(1, 1))
    x1, x2 = np.moveaxis(cell_centres(Plane(), MAP_RESOLUTION), -1, 0)

    np.testing.assert_allclose(snapshot.unit_maps[0][0], x1 * x2, rtol=1e-5)
    np.testing.assert_array_equal(snapshot.unit_maps[0][2], 0.0)
    np.testing.assert_array_equal(snapshot.unit_maps[1][1], 0.0)
    np.testing.assert_array_equal(snapshot.surface.unit_map, 0.0)
    assert np.ptp(snapshot.unit_maps[1][0]) > 0.1


@pytest.mark.parametrize(("hidden", "resolution"), [((8, 8, 8), MAP_RESOLUTION), ((64,) * 10, LEAST_MAP_RESOLUTION)])
def test_in_a_hurry_maps_of_very_many_neurons_have_fewer_samples(hidden, resolution):
    moment, maker = moment_of(Network([2, *hidden, 3])), SnapshotMaker()

    hurried, whole = maker.make(0, moment, hurried=True), maker.make(0, moment)

    assert {maps.shape[1:] for maps in hurried.unit_maps} == {(resolution, resolution)}
    assert {maps.shape[1:] for maps in whole.unit_maps} == {(MAP_RESOLUTION, MAP_RESOLUTION)}
    np.testing.assert_array_equal(hurried.surface.probabilities, whole.surface.probabilities)
