import numpy as np
import pytest

from model import Dataset
from model.data.dataset import CURVE_UNIT
from model.data.edits import MovePoints

GENERATOR = np.random.default_rng(0)


def four_points(**changes):
    arguments = {
        "points": [[0, 0], [1, 2], [-3, 4], [5, -6]],
        "labels": [0, 1, 1, 2],
        "is_test": [False, True, False, True],
    }
    return Dataset(**{**arguments, **changes})


def test_arrays_are_read_only_copies():
    points, labels, is_test = np.zeros((2, 2)), np.array([0, 1]), np.array([True, False])
    dataset = Dataset(points, labels, is_test)
    points[:], labels[:], is_test[:] = 9.0, 1, True

    np.testing.assert_array_equal(dataset.points, 0.0)
    np.testing.assert_array_equal(dataset.labels, [0, 1])
    np.testing.assert_array_equal(dataset.is_test, [True, False])
    for array in (dataset.points, dataset.labels, dataset.is_test):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_all_points_are_for_training_by_default():
    dataset = four_points(is_test=None)

    assert (dataset.n_training, dataset.n_test) == (4, 0)


@pytest.mark.parametrize(
    ("labels", "n_classes", "expected"), [([0, 0], None, 2), ([0, 4], None, 5), ([0, 1], 8, 8), ([1.0, 0.0], None, 2)]
)
def test_number_of_classes(labels, n_classes, expected):
    assert Dataset([[0, 0], [1, 1]], labels, n_classes=n_classes).n_classes == expected


@pytest.mark.parametrize("nothing", [[], np.zeros((0, 2))])
def test_no_points_are_a_data_set_too(nothing):
    dataset = Dataset(nothing, [])

    assert len(dataset) == 0
    assert dataset.points.shape == (0, 2)
    assert dataset.n_classes == 2
    np.testing.assert_array_equal(dataset.class_counts, [0, 0])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"points": [[0, 0, 0]] * 4}, r"points must have shape \(n_points, 2\); got \(4, 3\)"),
        ({"points": [0, 1, 2, 3]}, r"points must have shape \(n_points, 2\); got \(4,\)"),
        ({"points": [[0, 0], [1, np.nan], [2, 2], [3, 3]]}, "points must be finite; got NaN or infinity"),
        ({"points": [[0, 0], [1, -np.inf], [2, 2], [3, 3]]}, "points must be finite; got NaN or infinity"),
        ({"labels": [0, 1]}, r"labels must have shape \(4,\); got \(2,\)"),
        ({"labels": []}, r"labels must have shape \(4,\); got \(0,\)"),
        ({"labels": [0, 1.5, 0, 0], "n_classes": 2}, r"labels must be whole numbers; got 1\.5"),
        ({"labels": [0, 0, np.nan, 0], "n_classes": 2}, "labels must be whole numbers; got nan"),
        ({"labels": [0, 0, np.inf, 0], "n_classes": 2}, "labels must be whole numbers; got inf"),
        ({"labels": [0, 1.5, 0, 0]}, r"target values must be -1 to 1; got 1\.5"),
        ({"labels": [0, 0.5, np.nan, 0]}, "target values must be -1 to 1; got nan"),
        ({"labels": [0, -1, 2, 0], "n_classes": 0}, r"target values must be -1 to 1; got 2\.0"),
        ({"labels": [0, -1, 0, 1]}, "labels must be 0 to 1; got -1 to 1"),
        ({"labels": [0, 1, 2, 3], "n_classes": 3}, "labels must be 0 to 2; got 0 to 3"),
        ({"labels": [0, 1, 2, 8]}, "n_classes must be 2 to 8; got 9"),
        ({"n_classes": 1}, "n_classes must be 2 to 8; got 1"),
        ({"n_classes": 9}, "n_classes must be 2 to 8; got 9"),
        ({"is_test": [True]}, r"is_test must have shape \(4,\); got \(1,\)"),
    ],
)
def test_what_does_not_fit_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        four_points(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"points": [[0, 0], [1, 2], [-3, 4], [5, -5.999]]},
        {"labels": [0, 1, 2, 2]},
        {"is_test": [False, True, True, True]},
        {"n_classes": 4},
        {"points": [[0, 0]], "labels": [0], "is_test": [False], "n_classes": 3},
    ],
)
def test_equality_looks_at_every_part(change):
    assert four_points() == four_points()
    assert four_points() != four_points(**change)


def test_a_data_set_equals_nothing_else_and_has_no_hash():
    assert four_points() != "four points"
    with pytest.raises(TypeError, match="unhashable"):
        hash(four_points())


def test_class_counts_include_empty_classes():
    np.testing.assert_array_equal(four_points(n_classes=5).class_counts, [1, 2, 1, 0, 0])


@pytest.mark.parametrize(
    ("place", "reach", "expected"),
    [((0.1, 0.0), 0.2, 0), ((0.1, 0.0), 0.05, None), ((1.0, 2.0), 0.0, 1), ((9.0, -9.0), 5.0, 3)],
)
def test_the_nearest_point_within_reach(place, reach, expected):
    assert four_points().nearest(place, reach) == expected


def test_no_point_is_near_where_there_is_none():
    assert Dataset([], []).nearest((0.0, 0.0), np.inf) is None


def test_subsets_divide_the_points():
    training, test = four_points().subset(test=False), four_points().subset(test=True)

    np.testing.assert_array_equal(training.points, [[0, 0], [-3, 4]])
    np.testing.assert_array_equal(training.labels, [0, 1])
    np.testing.assert_array_equal(test.points, [[1, 2], [5, -6]])
    np.testing.assert_array_equal(test.labels, [1, 2])
    assert training.n_classes == test.n_classes == 3
    assert (training.n_test, test.n_training) == (0, 0)


@pytest.mark.parametrize(("share", "n_training"), [(1.0, 10), (0.7, 7), (0.1, 1)])
def test_split_draws_the_share_for_training(share, n_training):
    dataset = Dataset(np.arange(20).reshape(10, 2), np.arange(10) % 2)

    split = dataset.split(share, np.random.default_rng(0))

    assert split.n_training == n_training
    np.testing.assert_array_equal(split.points, dataset.points)
    np.testing.assert_array_equal(split.labels, dataset.labels)


def test_split_depends_on_the_generator():
    dataset = Dataset(np.arange(80).reshape(40, 2), np.arange(40) % 2)

    first, again, other = (dataset.split(0.5, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_targets_make_a_regression():
    dataset = four_points(labels=[0.25, -1, 1, 0])

    assert dataset.is_regression
    assert dataset.n_classes == 0
    assert dataset.labels.dtype == np.float64
    assert len(dataset.class_counts) == 0
    np.testing.assert_array_equal(dataset.subset(test=True).labels, [-1, 0])
    assert dataset.split(0.5, np.random.default_rng(0)).is_regression


@pytest.mark.parametrize("labels", [[], [0, 1]])
def test_a_regression_can_be_asked_for(labels):
    dataset = Dataset(np.zeros((len(labels), 2)), labels, n_classes=0)

    assert dataset.is_regression
    assert dataset.labels.dtype == np.float64


class TestCurve:
    def test_learns_the_heights_of_its_points(self):
        curve = Dataset.curve([[0, 2], [1, -6], [3, 1e-3]], [False, True, False])

        assert (curve.kind, curve.is_curve, curve.is_regression, curve.n_classes) == ("curve", True, True, 0)
        np.testing.assert_array_equal(curve.labels, [0.5, -1.5, 0.25e-3])
        assert len(curve.class_counts) == 0

    @pytest.mark.parametrize("labels", [None, [9, 9, 9]])
    def test_can_be_given_no_other_labels(self, labels):
        points = [[0, 2], [1, -6], [3, 1]]

        assert Dataset(points, labels, kind="curve") == Dataset.curve(points)

    def test_is_not_equal_to_the_same_points_with_values(self):
        curve = Dataset.curve([[0, 2], [1, -2]])

        assert curve != Dataset(curve.points, curve.labels, n_classes=0)
        assert len(Dataset.curve([])) == 0

    def test_stays_one_when_points_are_taken_moved_and_split(self):
        curve = Dataset.curve([[0, 2], [1, -6], [3, 1]], [False, True, False])
        moved = MovePoints(np.array([0]), np.array([[5.0, 4.0]])).apply(curve)

        assert moved.labels.tolist() == [1.0, -1.5, 0.25]
        for part in (moved, curve.subset(test=True), curve.take(np.array([2])), curve.split(0.5, GENERATOR)):
            assert part.is_curve
            np.testing.assert_array_equal(part.labels, part.points[:, 1] / CURVE_UNIT)


def test_points_without_labels_are_those_of_a_curve_only_if_it_is_said():
    with pytest.raises(ValueError, match="points need labels, classes or target values, unless"):
        Dataset([[0, 0]])
    with pytest.raises(ValueError, match="kind must be one of classes, values, curve; got 'line'"):
        Dataset([[0, 0]], kind="line")


def test_kinds_change_into_one_another():
    classes = four_points()
    curve = classes.as_kind("curve")

    assert curve == Dataset.curve(classes.points, classes.is_test)
    assert curve.as_kind("curve") is curve
    np.testing.assert_array_equal(curve.labels, [0, 0.5, 1, -1.5])
    np.testing.assert_array_equal(curve.as_kind("values").labels, [0, 0.5, 1, -1])
    np.testing.assert_array_equal(curve.as_kind("classes").labels, [0, 1, 1, 0])
    np.testing.assert_array_equal(classes.as_kind("values").as_kind("curve").points, classes.points)


def test_a_data_set_changes_its_problem():
    classes = four_points()
    targets = classes.as_kind("values")

    np.testing.assert_array_equal(targets.labels, [-1, 0, 0, 1])
    assert targets.as_kind("values") is targets
    np.testing.assert_array_equal(targets.as_kind("classes").labels, [0, 0, 0, 1])
    assert classes.as_kind("classes") is classes
    np.testing.assert_array_equal(targets.is_test, classes.is_test)
