import numpy as np
import pytest

from model import Dataset
from model.data.dataset import CURVE_UNIT, PLANE_LIMIT
from model.data.generators import GENERATORS, GeneratorSettings, generate, has_drawn
from model.data.noise import lay_noise

DATA = {
    "classes": Dataset(np.zeros((400, 2)), np.arange(400) % 3, np.arange(400) % 4 == 0),
    "values": Dataset(np.zeros((400, 2)), np.linspace(-0.5, 0.5, 400)),
    "curve": Dataset.curve(np.zeros((400, 2))),
}


@pytest.mark.parametrize("kind", DATA)
def test_noise_has_its_spread_and_leaves_what_is_for_testing(kind):
    dataset = DATA[kind]
    noisy = lay_noise(dataset, 0.2, 0.0, 7)
    spread = noisy.points.std(axis=0)
    assert spread[1] == pytest.approx(0.2 * (CURVE_UNIT if kind == "curve" else 1), rel=0.15)
    assert spread[0] == pytest.approx(0.0 if kind == "curve" else 0.2, rel=0.15)
    assert noisy.kind == kind
    np.testing.assert_array_equal(noisy.is_test, dataset.is_test)
    if kind != "curve":
        np.testing.assert_array_equal(noisy.labels, dataset.labels)


def test_label_noise_replaces_its_share_of_the_classes():
    noisy = lay_noise(DATA["classes"], 0.0, 0.25, 7)
    assert np.count_nonzero(noisy.labels != DATA["classes"].labels) == 100
    np.testing.assert_array_equal(noisy.points, DATA["classes"].points)


def test_label_noise_spreads_values_within_their_range():
    noisy = lay_noise(DATA["values"], 0.0, 0.3, 7)
    assert (noisy.labels - DATA["values"].labels).std() == pytest.approx(0.3, rel=0.15)
    assert np.abs(noisy.labels).max() <= 1


def test_neither_kind_of_noise_depends_on_the_other_and_more_is_more_of_the_same():
    both, places, labels = (lay_noise(DATA["classes"], *noise, 3) for noise in ((0.1, 0.2), (0.1, 0.0), (0.0, 0.2)))
    np.testing.assert_array_equal(both.points, places.points)
    np.testing.assert_array_equal(both.labels, labels.labels)
    np.testing.assert_allclose(lay_noise(DATA["classes"], 0.2, 0.0, 3).points, 2 * places.points)


def test_points_stay_on_the_plane():
    assert np.abs(lay_noise(Dataset(np.full((50, 2), 5.9), np.zeros(50)), 1.0, 0.0, 0).points).max() <= PLANE_LIMIT


@pytest.mark.parametrize("name", GENERATORS)
def test_what_a_generator_has_drawn_is_known_until_a_point_is_touched(name):
    settings = GeneratorSettings(name=name, n_points=60, label_noise=0.1)
    dataset = generate(settings)
    assert has_drawn(settings, dataset)
    assert has_drawn(settings, dataset.split(0.5, np.random.default_rng(1))), "sets are not what is drawn"
    moved = dataset.points.copy()
    moved[3] += 0.01
    assert not has_drawn(settings, dataset.like(moved, dataset.labels, dataset.is_test))
    assert not has_drawn(settings, dataset.take(slice(1, None)))
    assert not has_drawn(GeneratorSettings(name=name, n_points=60, seed=1), dataset)
