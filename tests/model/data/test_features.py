import numpy as np
import pytest

from model.data.features import (
    CURVE_FEATURES,
    FEATURES,
    MAX_FEATURES,
    check_features,
    check_problem,
    feature,
    feature_values,
    spreads,
    spreads_differ,
    translated,
)
from model.data.formula import Formula
from model.data.problems import PROBLEMS

POINTS = np.random.default_rng(0).uniform(-6.0, 6.0, (200, 2))
X1, X2 = POINTS.T
EXPECTED = {
    "x1": (X1, "x₁"),
    "x2": (X2, "x₂"),
    "x1**2": (X1 * X1, "x₁²"),
    "x2**2": (X2 * X2, "x₂²"),
    "x1*x2": (X1 * X2, "x₁x₂"),
    "sin(x1)": (np.sin(X1), "sin x₁"),
    "sin(x2)": (np.sin(X2), "sin x₂"),
}


def test_the_registry_has_the_everyday_features_in_order():
    assert list(FEATURES) == list(EXPECTED)


@pytest.mark.parametrize("name", FEATURES)
def test_each_entry_computes_and_reads_as_its_name_says(name):
    values, label = EXPECTED[name]
    entry = FEATURES[name]

    np.testing.assert_array_equal(feature_values([name], POINTS), values[:, np.newaxis])
    assert (entry.name, entry.label, entry.formula) == (name, label, Formula(name))
    assert entry.tip.endswith(".")
    assert feature(name) is entry


def test_a_typed_formula_is_a_feature():
    entry = feature(" x1**2 - abs(x2) ")

    assert entry.label == "x₁² − abs(x₂)"
    assert "x1**2 - abs(x2)" in entry.tip
    np.testing.assert_array_equal(feature_values([entry.name], POINTS)[:, 0], X1 * X1 - np.abs(X2))


def test_a_typed_formula_is_parsed_once():
    assert feature("x1 + 1") is feature("x1 + 1")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("swirl", "unknown name 'swirl'; you can use x1, x2, pi, e"),
        ("2x1", r"write 2\*x1 for a product"),
        ("1/x1", "“1/x1” has no finite value at x1 = 0, x2 = −6"),
        ("exp(x1*x2)", "it must be within ±1,000,000"),
    ],
)
def test_a_wrong_formula_is_refused_each_time(name, message):
    for _ in range(2):
        with pytest.raises(ValueError, match=message):
            feature(name)
        with pytest.raises(ValueError, match=message):
            check_features(["x1", name])


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "there must be 1 to 12 features; got none"),
        ([f"x1 + {i}" for i in range(MAX_FEATURES + 1)], "there must be 1 to 12 features; got 13"),
        (["x1", "x2", "x1"], "each feature may be there once; got 'x1' and 'x1'"),
        (["x1 ** 2", "x1^2"], r"each feature may be there once; got 'x1 \*\* 2' and 'x1\^2'"),
        ("x1", "features must be a list of formulas such as .*; got 'x1'"),
        (["x1", 2], r"features must be a list of formulas such as .*; got \['x1', 2\]"),
        (None, "features must be a list of formulas such as .*; got None"),
    ],
)
def test_a_wrong_list_is_refused(names, message):
    with pytest.raises(ValueError, match=message):
        check_features(names)


@pytest.mark.parametrize(
    "names", [("x1",), tuple(FEATURES), ["x2", "x1"], ["x1*x2", "x2*x1"], [f"x1 + {i}" for i in range(MAX_FEATURES)]]
)
def test_a_right_list_passes_and_gives_a_column_each(names):
    check_features(names)

    assert feature_values(names, POINTS).shape == (200, len(names))


class TestOfACurve:
    def test_each_entry_computes_and_reads_as_its_name_says(self):
        expected = {"x": (X1, "x"), "x**2": (X1 * X1, "x²"), "x**3": (X1**3, "x³"), "sin(x)": (np.sin(X1), "sin x")}

        assert list(CURVE_FEATURES) == list(expected)
        for name, (values, label) in expected.items():
            np.testing.assert_array_equal(feature_values([name], POINTS)[:, 0], values)
            np.testing.assert_array_equal(feature_values([name], POINTS[:, :1])[:, 0], values)
            assert (feature(name), feature(name).label) == (CURVE_FEATURES[name], label)

    def test_a_typed_formula_is_of_x(self):
        entry = feature("max(x, 0)*exp(1)")

        assert (entry.is_of_curve, entry.is_of_plane) == (True, False)
        np.testing.assert_allclose(feature_values([entry.name], POINTS)[:, 0], np.maximum(X1, 0) * np.e)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("x*x2", "unknown name 'x2'; you can use x, pi, e"),
            ("1/x", "“1/x” has no finite value at x = 0"),
            ("x**9", r"“x\*\*9” is −1.01e7 at x = −6; it must be within"),
        ],
    )
    def test_a_wrong_formula_is_refused(self, name, message):
        with pytest.raises(ValueError, match=message):
            feature(name)

    def test_goes_not_with_features_of_the_plane(self):
        check_features(["x", "3", "sin(x)"])
        with pytest.raises(ValueError, match=r"features are formulas of x1 and x2, or all of x; got x, 3, x2"):
            check_features(["x", "3", "x2"])

    @pytest.mark.parametrize(
        ("name", "kind", "message"),
        [
            ("x1", "curve", "the network of a curve is given x alone; write the feature x1 with x"),
            ("x*2", "classes", r"a point has the coordinates x1 and x2; write the feature x\*2 with them"),
            ("x", "values", "a point has the coordinates x1 and x2"),
        ],
    )
    def test_is_of_no_other_problem(self, name, kind, message):
        with pytest.raises(ValueError, match=message):
            check_problem(["3", name], kind)

    @pytest.mark.parametrize("kind", PROBLEMS)
    def test_those_of_a_problem_go_with_it(self, kind):
        check_problem([*PROBLEMS[kind].features, "3"], kind)

    def test_is_that_of_x1_by_another_name(self):
        there = translated(["x1", "x1**2 - max(x1, 0)", "exp(1)", "x1*x2", "x2"], "curve")

        assert list(there.values()) == ["x", "x**2 - max(x, 0)", "exp(1)", None, None]
        assert translated(["x", "max(x, exp(x/6))"], "values") == {"x": "x1", "max(x, exp(x/6))": "max(x1, exp(x1/6))"}

    def test_has_no_other_name_that_is_too_long(self):
        name = "+".join(["x"] * 100)

        assert translated([name], "classes") == {name: None}


class TestFeatureValues:
    def test_columns_are_in_the_order_of_the_names(self):
        values = feature_values(("x2", "x1*x2", "x1"), POINTS)

        np.testing.assert_array_equal(values, np.stack([X2, X1 * X2, X1], axis=1))

    @pytest.mark.parametrize("names", [("x1", "x2"), ["x1", "x2"], ("x2", "x1")])
    def test_are_a_copy(self, names):
        before = POINTS.copy()
        feature_values(names, POINTS)[:] = 0.0

        np.testing.assert_array_equal(POINTS, before)

    @pytest.mark.parametrize("names", [("x1", "x2"), ("sin(x1)",), ("1.5",)])
    def test_of_no_points_have_no_rows(self, names):
        assert feature_values(names, np.empty((0, 2))).shape == (0, len(names))

    def test_are_finite_beyond_the_plane(self):
        values = feature_values(("exp(x1)", "1/(x1 - 0.1)"), np.array([[1000.0, 0.0], [0.1, 0.0]]))

        np.testing.assert_array_equal(values[[0, 1], [0, 1]], 0.0)


class TestSpreads:
    def test_standardise_to_mean_0_and_deviation_1(self):
        names = ("x1", "x1**2", "100*x2 + 7")
        means, deviations = spreads(names, POINTS)
        standardised = (feature_values(names, POINTS) - means) / deviations

        np.testing.assert_allclose(standardised.mean(axis=0), 0.0, atol=1e-12)
        np.testing.assert_allclose(standardised.std(axis=0), 1.0, rtol=1e-12)

    def test_of_a_constant_are_itself_and_1(self):
        # The plain mean of these differs from 0.1 in the last digit, and the deviation is 1e-17.
        means, deviations = spreads(("0.1", "x1", "0*x1"), np.full((999, 2), 0.3))

        np.testing.assert_array_equal(means, [0.1, 0.3, 0.0])
        np.testing.assert_array_equal(deviations, 1.0)

    def test_of_no_points_are_0_and_1(self):
        means, deviations = spreads(("x1", "x1*x2"), np.empty((0, 2)))

        np.testing.assert_array_equal(means, [0.0, 0.0])
        np.testing.assert_array_equal(deviations, [1.0, 1.0])

    def test_of_one_point_are_itself_and_1(self):
        means, deviations = spreads(("x1", "x1*x2"), np.array([[2.0, 3.0]]))

        np.testing.assert_array_equal(means, [2.0, 6.0])
        np.testing.assert_array_equal(deviations, [1.0, 1.0])

    def test_do_not_overflow(self):
        means, deviations = spreads(("exp(x1)",), np.array([[600.0, 0.0], [0.0, 0.0]]))

        assert deviations[0] == pytest.approx(np.exp(600.0) / 2)
        assert means[0] == pytest.approx(np.exp(600.0) / 2)

    @pytest.mark.parametrize(
        ("names", "differ"),
        [
            (("x1", "x2"), False),
            (("x1", "4.9*x1"), False),
            (("x1", "5.1*x1"), True),
            (("x2", "sin(x2)", "x1**2"), True),
            (("x1", "3", "x2"), False),
            (("3",), False),
        ],
    )
    def test_differ_from_5_times_on(self, names, differ):
        assert spreads_differ(names, POINTS) is differ

    def test_of_no_points_do_not_differ(self):
        assert spreads_differ(("x1", "100*x1"), np.empty((0, 2))) is False
