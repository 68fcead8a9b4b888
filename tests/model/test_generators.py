import numpy as np
import pytest

from model.dataset import PLANE_LIMIT
from model.generators import GENERATORS, MAX_POINTS, MIN_POINTS, GeneratorSettings, generate

EVERY_GENERATOR_AND_CLASS_COUNT = [
    (name, n_classes)
    for name, entry in GENERATORS.items()
    for n_classes in range(entry.class_range[0], entry.class_range[1] + 1)
]


@pytest.mark.parametrize(("name", "n_classes"), EVERY_GENERATOR_AND_CLASS_COUNT)
def test_draws_as_many_points_of_each_class_as_asked(name, n_classes):
    dataset = generate(GeneratorSettings(name, n_points=101, n_classes=n_classes))

    assert len(dataset) == 101
    assert dataset.n_classes == n_classes
    assert np.ptp(dataset.class_counts) <= 1


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_points_stay_on_the_plane(name, noise):
    dataset = generate(GeneratorSettings(name, n_points=MAX_POINTS, noise=noise, n_classes=5))

    assert np.abs(dataset.points).max() <= PLANE_LIMIT


@pytest.mark.parametrize("name", GENERATORS)
def test_points_fill_the_plane(name):
    dataset = generate(GeneratorSettings(name, n_points=1000, noise=0.0))

    assert np.abs(dataset.points).max() > 0.5 * PLANE_LIMIT
    assert len(np.unique(dataset.points, axis=0)) == 1000


@pytest.mark.parametrize("name", GENERATORS)
def test_the_seed_alone_decides(name):
    first, again, other = (generate(GeneratorSettings(name, seed=seed)) for seed in (4, 4, 5))

    assert first == again
    assert not np.array_equal(first.points, other.points)


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_is_the_standard_deviation_of_each_coordinate(name):
    calm, noisy = (generate(GeneratorSettings(name, n_points=MAX_POINTS, noise=noise)) for noise in (0.0, 0.1))
    inside = np.abs(noisy.points).max(axis=1) < PLANE_LIMIT

    shift = (noisy.points - calm.points)[inside]

    np.testing.assert_allclose(shift.mean(axis=0), 0.0, atol=0.01)
    np.testing.assert_allclose(shift.std(axis=0), 0.1, rtol=0.05)


@pytest.mark.parametrize(("name", "n_classes"), EVERY_GENERATOR_AND_CLASS_COUNT)
def test_without_noise_no_point_lies_among_points_of_another_class(name, n_classes):
    # Gaussian clouds overlap by nature.
    enough = 0.9 if name == "gaussians" else 0.99
    dataset = generate(GeneratorSettings(name, n_points=1000, noise=0.0, n_classes=n_classes))
    distances = np.linalg.norm(dataset.points[:, np.newaxis] - dataset.points, axis=2)
    np.fill_diagonal(distances, np.inf)

    same_class = dataset.labels[np.argmin(distances, axis=1)] == dataset.labels

    assert same_class.mean() >= enough


@pytest.mark.parametrize(("share", "n_training"), [(1.0, 200), (0.7, 140), (0.1, 20)])
def test_the_training_share_is_drawn(share, n_training):
    assert generate(GeneratorSettings("xor", n_points=200, training_share=share)).n_training == n_training


@pytest.mark.parametrize(("name", "asked", "drawn"), [("circle", 5, 2), ("spiral", 1, 2), ("spiral", 9, 5)])
def test_a_number_of_classes_outside_the_range_is_brought_into_it(name, asked, drawn):
    assert generate(GeneratorSettings(name, n_classes=asked)).n_classes == drawn


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "swirl"}, "generator must be one of circle, .*; got 'swirl'"),
        ({"n_points": MIN_POINTS - 1}, "n_points must be 10 to 5000; got 9"),
        ({"n_points": MAX_POINTS + 1}, "n_points must be 10 to 5000; got 5001"),
        ({"noise": -0.01}, r"noise must be 0 to 1; got -0\.01"),
        ({"noise": 1.01}, r"noise must be 0 to 1; got 1\.01"),
        ({"noise": np.nan}, "noise must be 0 to 1; got nan"),
        ({"training_share": 0.0}, r"training_share must be 0\.1 to 1; got 0\.0"),
        ({"training_share": 1.1}, r"training_share must be 0\.1 to 1; got 1\.1"),
        ({"seed": -1}, "seed must be 0 or more; got -1"),
    ],
)
def test_settings_outside_their_range_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        GeneratorSettings(**changes)
