from dataclasses import replace

import numpy as np
import pytest

from model.data.dataset import CURVE_UNIT, PLANE_LIMIT, PROBLEM_KINDS
from model.data.generators import FEWEST_POINTS, GENERATORS, MOST_POINTS, GeneratorSettings, generate, rule_formula

CLASSIFICATIONS, REGRESSIONS, CURVES = (
    [name for name, entry in GENERATORS.items() if entry.kind == kind] for kind in PROBLEM_KINDS
)
EVERY_GENERATOR_AND_CLASS_COUNT = [
    (name, n_classes)
    for name in CLASSIFICATIONS
    for n_classes in range(GENERATORS[name].class_range[0], GENERATORS[name].class_range[1] + 1)
]


def calm(name, n_points=1000, **changes):
    """The points and labels without any noise."""
    dataset = generate(GeneratorSettings(name, n_points=n_points, noise=0.0, **changes))
    return dataset.points, dataset.labels


@pytest.mark.parametrize(("name", "n_classes"), EVERY_GENERATOR_AND_CLASS_COUNT)
def test_draws_as_many_points_of_each_class_as_asked(name, n_classes):
    dataset = generate(GeneratorSettings(name, n_points=101, n_classes=max(n_classes, 2)))

    assert len(dataset) == 101
    assert dataset.n_classes == n_classes
    assert np.ptp(dataset.class_counts) <= 1


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_leaves_the_points_on_the_plane(name):
    dataset = generate(GeneratorSettings(name, n_points=MOST_POINTS, noise=1.0, n_classes=5))

    assert np.abs(dataset.points).max() <= PLANE_LIMIT


@pytest.mark.parametrize("name", GENERATORS)
def test_points_fill_the_plane(name):
    dataset = generate(GeneratorSettings(name, n_points=MOST_POINTS, noise=0.0, n_classes=5))

    assert 0.5 * PLANE_LIMIT < np.abs(dataset.points).max() <= PLANE_LIMIT
    assert len(np.unique(dataset.points, axis=0)) == MOST_POINTS


@pytest.mark.parametrize("name", GENERATORS)
def test_the_seed_alone_decides(name):
    first, again, other = (generate(GeneratorSettings(name, seed=seed)) for seed in (4, 4, 5))

    assert first == again
    assert not np.array_equal(first.points, other.points)


@pytest.mark.parametrize("name", CLASSIFICATIONS + REGRESSIONS)
def test_noise_is_the_standard_deviation_of_each_coordinate(name):
    calm, noisy = (generate(GeneratorSettings(name, n_points=MOST_POINTS, noise=noise)) for noise in (0.0, 0.1))
    inside = np.abs(noisy.points).max(axis=1) < PLANE_LIMIT

    shift = (noisy.points - calm.points)[inside]

    np.testing.assert_allclose(shift.mean(axis=0), 0.0, atol=0.01)
    np.testing.assert_allclose(shift.std(axis=0), 0.1, rtol=0.05)


@pytest.mark.parametrize(("name", "n_classes"), EVERY_GENERATOR_AND_CLASS_COUNT)
def test_without_noise_no_point_lies_among_points_of_another_class(name, n_classes):
    # Gaussian clouds overlap by nature, and there is no gap at the border of a rule or of a field.
    enough = {"gaussians": 0.9, "three_gaussians": 0.8, "checkerboard": 0.95, "rule": 0.95}.get(name, 0.99)
    dataset = generate(GeneratorSettings(name, n_points=1000, noise=0.0, n_classes=n_classes))
    distances = np.linalg.norm(dataset.points[:, np.newaxis] - dataset.points, axis=2)
    np.fill_diagonal(distances, np.inf)

    same_class = dataset.labels[np.argmin(distances, axis=1)] == dataset.labels

    assert same_class.mean() >= enough


@pytest.mark.parametrize(("share", "n_training"), [(1.0, 200), (0.7, 140), (0.1, 20)])
def test_the_training_share_is_drawn(share, n_training):
    assert generate(GeneratorSettings("xor", n_points=200, training_share=share)).n_training == n_training


@pytest.mark.parametrize(
    ("name", "asked", "drawn"),
    [("circle", 5, 2), ("three_gaussians", 2, 3), ("moons", 8, 2), ("spiral", 8, 5), ("plane", 3, 0)],
)
def test_a_number_of_classes_outside_the_range_is_brought_into_it(name, asked, drawn):
    assert generate(GeneratorSettings(name, n_classes=asked)).n_classes == drawn


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "swirl"}, "generator must be one of circle, .*; got 'swirl'"),
        ({"n_points": FEWEST_POINTS - 1}, "n_points must be 10 to 5000; got 9"),
        ({"n_points": MOST_POINTS + 1}, "n_points must be 10 to 5000; got 5001"),
        ({"noise": -0.01}, r"noise must be 0 to 1; got -0\.01"),
        ({"noise": 1.01}, r"noise must be 0 to 1; got 1\.01"),
        ({"noise": np.nan}, "noise must be 0 to 1; got nan"),
        ({"training_share": 0.0}, r"training_share must be 0\.1 to 1; got 0\.0"),
        ({"training_share": 1.1}, r"training_share must be 0\.1 to 1; got 1\.1"),
        ({"seed": -1}, "seed must be 0 or more; got -1"),
        ({"label_noise": -0.01}, r"label_noise must be 0 to 0\.5; got -0\.01"),
        ({"label_noise": 0.51}, r"label_noise must be 0 to 0\.5; got 0\.51"),
        ({"label_noise": np.nan}, r"label_noise must be 0 to 0\.5; got nan"),
        ({"name": "rule", "rule": "sin(x2)"}, "unknown name 'x2'; you can use x1, x, pi, e"),
        ({"name": "rule", "rule": "2x"}, r"write 2\*x for a product"),
        ({"name": "rule", "rule": ""}, "the formula is empty"),
        ({"name": "curve_rule", "curve_rule": "sin(x2)"}, "unknown name 'x2'; you can use x, x1, pi, e"),
        (
            {"name": "curve_rule", "curve_rule": "x^2 + 2"},
            r"y = x\^2 \+ 2 is nowhere −1\.5 to 1\.5",
        ),
        (
            {"name": "curve_rule", "curve_rule": "log(-1)"},
            r"y = log\(-1\) is nowhere .* so it has no points",
        ),
    ],
)
def test_settings_outside_their_range_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        GeneratorSettings(**changes)


def test_a_rule_is_looked_at_only_by_its_generator():
    settings = GeneratorSettings("xor", rule="2x")

    assert len(generate(settings)) == settings.n_points


class TestRegression:
    @pytest.mark.parametrize("name", REGRESSIONS)
    def test_has_a_target_within_range_for_each_point(self, name):
        dataset = generate(GeneratorSettings(name, n_points=1000, noise=1.0, label_noise=0.5))

        assert dataset.is_regression
        assert dataset.n_classes == 0
        assert dataset.labels.dtype == np.float64
        assert dataset.labels.shape == (1000,)
        assert np.abs(dataset.labels).max() <= 1.0

    @pytest.mark.parametrize("name", REGRESSIONS)
    def test_uses_the_range_of_the_targets(self, name):
        targets = calm(name)[1]

        assert targets.min() < -0.8
        assert targets.max() > 0.8

    @pytest.mark.parametrize("name", REGRESSIONS)
    def test_targets_are_those_of_the_place_before_the_noise(self, name):
        noisy = generate(GeneratorSettings(name, n_points=1000, noise=0.5))

        np.testing.assert_array_equal(noisy.labels, calm(name)[1])

    def test_plane_rises_with_the_sum_of_the_coordinates(self):
        points, targets = calm("plane")

        np.testing.assert_allclose(targets, points.sum(axis=1) / 11.0, rtol=1e-14)

    def test_multi_gaussian_is_the_playgrounds(self):
        points, targets = calm("multi_gaussian", 2000)
        expected = np.zeros(len(points))
        bumps = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
        for x1, x2, sign in bumps:
            height = sign * np.clip(1.0 - np.hypot(points[:, 0] - x1, points[:, 1] - x2) / 2.0, 0.0, 1.0)
            expected = np.where(np.abs(height) > np.abs(expected), height, expected)

        np.testing.assert_allclose(targets, expected, atol=1e-14)

    def test_sine_is_a_wave_along_x1(self):
        points, targets = calm("sine")

        np.testing.assert_array_equal(targets, np.sin(points[:, 0]))


class TestShapes:
    @pytest.mark.parametrize(("name", "smallest"), [("circle", 3.5), ("thin_circle", 5.0)])
    def test_circles_have_the_playgrounds_radii_and_classes(self, name, smallest):
        points, labels = calm(name, MOST_POINTS)
        radius = np.hypot(*points.T)
        inside, outside = radius[labels == 1], radius[labels == 0]

        assert inside.max() <= 2.5
        assert inside.mean() == pytest.approx(1.25, abs=0.05)  # The radius is uniform, not the area.
        assert outside.min() >= smallest - 1e-12
        assert outside.max() <= 5.0 + 1e-12
        assert outside.mean() == pytest.approx((smallest + 5.0) / 2, abs=0.03)

    def test_xor_puts_opposite_quadrants_together(self):
        points, labels = calm("xor")

        np.testing.assert_array_equal(labels == 0, points[:, 0] * points[:, 1] > 0)

    def test_checkerboard_has_four_by_four_fields(self):
        points, labels = calm("checkerboard")
        fields = np.floor((points + 5.5) / 2.75).astype(int)

        assert set(map(tuple, fields.tolist())) == {(column, row) for column in range(4) for row in range(4)}
        np.testing.assert_array_equal(labels, fields.sum(axis=1) % 2)

    def test_three_gaussians_are_those_of_seed_000(self):
        points, labels = calm("three_gaussians", MOST_POINTS)
        # 0.8 times a normal and a uniform number from 0 to 1: the mean is moved by 1/2, the variance grows by 1/12.
        for class_index, mean in enumerate([(-3.0, 0.0), (0.0, 0.0), (2.0, 0.0)]):
            cloud = points[labels == class_index]
            np.testing.assert_allclose(cloud.mean(axis=0), np.add(mean, 0.5), atol=0.1)
            np.testing.assert_allclose(cloud.std(axis=0), np.sqrt(0.64 + 1 / 12), rtol=0.05)

    def test_segments_have_one_class_in_the_middle_third(self):
        points, labels = calm("segments")
        x1 = points[:, 0]

        np.testing.assert_array_equal(points[:, 1], 0.0)
        np.testing.assert_array_equal(labels == 1, np.abs(x1) < 5.0 / 3.0)
        assert (x1[labels == 0] < 0).mean() == pytest.approx(0.5, abs=0.1)
        assert np.ptp(x1) > 9.0

    @pytest.mark.parametrize("n_arms", [2, 3, 4, 5])
    def test_spiral_arms_are_turns_of_one_another(self, n_arms):
        points, labels = calm("spiral", n_classes=n_arms)
        radius = np.hypot(*points.T)
        turned_back = np.arctan2(points[:, 1], points[:, 0]) - 1.5 * np.pi * radius / 5.0

        arm = (turned_back / (2.0 * np.pi / n_arms)) % n_arms

        np.testing.assert_array_equal(np.round(arm) % n_arms, labels)
        np.testing.assert_allclose(arm, np.round(arm), atol=1e-9)


class TestRule:
    @pytest.mark.parametrize("rule", ["2*sin(x1)", "2*sin(x)", "x^2/4 - 3", "abs(x) - x1", "1/x", "0"])
    def test_class_1_is_above_it(self, rule):
        points, labels = calm("rule", rule=rule)
        above = points[:, 1] > rule_formula(rule)(points[:, 0], points[:, 0])

        np.testing.assert_array_equal(labels == 1, above)
        assert labels.mean() == pytest.approx(0.5)
        assert np.abs(points).max() <= 5.5

    def test_points_are_uniform_on_each_side(self):
        points, labels = calm("rule", MOST_POINTS, rule="x")
        below = points[labels == 0]

        # Of a triangle with corners (-5.5, -5.5), (5.5, -5.5), (5.5, 5.5), the mean is that of the corners.
        np.testing.assert_allclose(below.mean(axis=0), [5.5 / 3, -5.5 / 3], atol=0.15)

    @pytest.mark.parametrize(("rule", "n_above"), [("9", 0), ("-9", 200)])
    def test_that_leaves_no_room_for_a_class_has_none_of_it(self, rule, n_above):
        dataset = generate(GeneratorSettings("rule", n_points=200, rule=rule))

        assert dataset.class_counts.tolist() == [200 - n_above, n_above]

    @pytest.mark.parametrize("rule", ["5.4", "-5.4"])
    def test_that_leaves_little_room_for_a_class_has_what_fits(self, rule):
        counts = generate(GeneratorSettings("rule", n_points=1000, rule=rule)).class_counts

        assert counts.sum() == 1000
        assert 0 < counts.min() < 500

    @pytest.mark.parametrize("rule", ["5.4", "x"])
    def test_classes_are_mixed_in_order(self, rule):
        labels = calm("rule", rule=rule)[1]
        halves = [half.mean() for half in np.split(labels, 2)]

        assert halves[0] == pytest.approx(halves[1], abs=0.1)


class TestLabelNoise:
    @pytest.mark.parametrize(
        ("name", "n_classes", "share"),
        [("xor", 2, 0.01), ("gaussians", 4, 0.5), ("three_gaussians", 3, 0.1), ("rule", 2, 0.5)],
    )
    def test_replaces_the_class_of_a_share_of_the_points(self, name, n_classes, share):
        settings = GeneratorSettings(name, n_points=1000, n_classes=n_classes)
        clean, noisy = generate(settings), generate(replace(settings, label_noise=share))

        assert (clean.labels != noisy.labels).sum() == 1000 * share
        assert noisy.n_classes == n_classes

    def test_draws_each_other_class(self):
        settings = GeneratorSettings("gaussians", n_points=MOST_POINTS, n_classes=4)
        clean, noisy = generate(settings), generate(replace(settings, label_noise=0.5))
        steps = (noisy.labels - clean.labels) % 4

        np.testing.assert_allclose(np.bincount(steps) / MOST_POINTS, [0.5, 1 / 6, 1 / 6, 1 / 6], atol=0.02)

    def test_grows_by_further_points(self):
        settings = GeneratorSettings("xor", n_points=1000)
        clean, few, many = (generate(replace(settings, label_noise=share)) for share in (0.0, 0.1, 0.3))

        assert (few.labels != clean.labels)[many.labels == clean.labels].sum() == 0

    @pytest.mark.parametrize("name", REGRESSIONS)
    def test_is_the_standard_deviation_of_the_targets_noise(self, name):
        settings = GeneratorSettings(name, n_points=MOST_POINTS)
        clean, noisy = generate(settings), generate(replace(settings, label_noise=0.1))
        inside = np.abs(clean.labels) < 0.5

        shift = (noisy.labels - clean.labels)[inside]

        assert shift.mean() == pytest.approx(0.0, abs=0.01)
        assert shift.std() == pytest.approx(0.1, rel=0.05)

    @pytest.mark.parametrize("name", CLASSIFICATIONS + REGRESSIONS)
    def test_moves_no_point_and_no_split_and_is_the_seeds(self, name):
        settings = GeneratorSettings(name)
        clean, noisy, again = (generate(replace(settings, label_noise=noise)) for noise in (0.0, 0.2, 0.2))

        np.testing.assert_array_equal(clean.points, noisy.points)
        np.testing.assert_array_equal(clean.is_test, noisy.is_test)
        assert noisy == again
        assert noisy != clean


def expit(z):
    return 1.0 / (1.0 + np.exp(-z))


CURVE_FORMULAS = {
    "line": lambda x: x / 5.5,
    "parabola": lambda x: 2 * (x / 5.5) ** 2 - 1,
    "sine_wave": np.sin,
    "step": lambda x: (x >= 0).astype(float),
    "sinc": lambda x: np.sin(np.pi * x) / (np.pi * x),
    "two_sigmoids": lambda x: expit(2 * x + 3) - expit(2 * x - 3),
    "gate": lambda x: expit(100 * x) - expit(100 * x - 150),
    "curve_rule": lambda x: x * np.sin(2 * x) / 5,
}


class TestCurves:
    @pytest.mark.parametrize("name", CURVES)
    def test_are_points_that_learn_their_height(self, name):
        dataset = generate(GeneratorSettings(name, n_points=200, noise=1.0, label_noise=0.5))

        assert dataset.is_curve
        assert (len(dataset), dataset.n_training) == (200, 140)
        np.testing.assert_array_equal(dataset.labels * CURVE_UNIT, dataset.points[:, 1])

    @pytest.mark.parametrize("name", CURVE_FORMULAS)
    @pytest.mark.filterwarnings("ignore:overflow")
    def test_follow_their_formula(self, name):
        points, heights = calm(name)
        x = points[:, 0]

        np.testing.assert_allclose(heights, CURVE_FORMULAS[name](x), atol=1e-12)
        np.testing.assert_allclose([x.min(), x.max()], [-5.5, 5.5], atol=0.1)

    def test_a_noisy_cubic_is_noisy_without_noise(self):
        points, heights = calm("noisy_cubic", MOST_POINTS)
        u = points[:, 0] / 5.5

        assert (heights - 2 * u**3 + u).std() == pytest.approx(0.15, rel=0.05)

    @pytest.mark.parametrize("name", CURVES)
    def test_noise_is_the_standard_deviation_of_the_height_alone(self, name):
        calm, noisy = (generate(GeneratorSettings(name, n_points=MOST_POINTS, noise=noise)) for noise in (0.0, 0.1))
        inside = np.abs(noisy.points[:, 1]) < PLANE_LIMIT

        shift = (noisy.labels - calm.labels)[inside]

        np.testing.assert_array_equal(noisy.points[:, 0], calm.points[:, 0])
        np.testing.assert_array_equal(noisy.is_test, calm.is_test)
        assert shift.mean() == pytest.approx(0.0, abs=0.01)
        assert shift.std() == pytest.approx(0.1, rel=0.05)

    def test_noise_of_labels_is_nothing(self):
        settings = GeneratorSettings("sine_wave")

        assert generate(replace(settings, label_noise=0.5)) == generate(settings)

    @pytest.mark.parametrize(
        ("rule", "low", "high"),
        [("x^2", -(1.5**0.5), 1.5**0.5), ("log(x)", np.exp(-1.5), np.exp(1.5)), ("x1", -1.5, 1.5)],
    )
    def test_a_rule_has_points_only_where_it_is_on_the_plane(self, rule, low, high):
        points, heights = calm("curve_rule", curve_rule=rule)

        assert len(points) == 1000
        assert low <= points[:, 0].min() < low + 0.05
        assert high - 0.05 < points[:, 0].max() <= high
        assert np.abs(heights).max() <= 1.5

    def test_a_rule_that_is_there_next_to_nowhere_has_the_points_that_are_found(self):
        points, heights = calm("curve_rule", curve_rule="10^6*x")

        assert 1 <= len(points) < 100
        np.testing.assert_allclose(heights, 1e6 * points[:, 0], atol=1e-9)


@pytest.mark.parametrize("name", CLASSIFICATIONS)
def test_classes_are_those_of_the_place_before_the_noise(name):
    noisy = generate(GeneratorSettings(name, n_points=1000, noise=0.5))

    np.testing.assert_array_equal(noisy.labels, calm(name)[1])
