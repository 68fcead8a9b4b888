import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from model import Dataset
from model.data.edits import remove_class, rename_class
from model.data.naming import MAX_NAME, PLAIN, Axis, Naming

LENGTH = Axis("sepal length", 6.1, 0.75)
WIDTH = Axis("sepal width", 3.2, 0.75)
NAMES = ("setosa", "versicolor", "virginica")
IRIS = Naming(LENGTH, WIDTH, Axis("species"), NAMES)
POINTS = np.array([[-1.0, 2.0], [0.5, -3.0], [4.0, 1.25]])


def iris(**changes):
    return Dataset(POINTS, [0, 1, 2], [False, True, False], naming=replace(IRIS, **changes))


def test_an_axis_leads_to_the_numbers_of_the_person_and_back():
    assert LENGTH.shown(2.0) == pytest.approx(7.6)
    assert LENGTH.placed(7.6) == pytest.approx(2.0)
    np.testing.assert_allclose(LENGTH.placed(LENGTH.shown(POINTS)), POINTS)


def test_without_units_of_its_own_it_changes_nothing():
    axis = Axis("size")
    assert not axis.is_scaled
    assert axis.shown(POINTS) is axis.placed(POINTS) is axis.written(POINTS) is POINTS


@given(
    st.lists(st.decimals(-1000, 1000, places=3), min_size=2, max_size=20).filter(lambda numbers: len(set(numbers)) > 1),
    st.integers(-30, 30),
)
def test_numbers_come_back_as_they_were_written(decimals, power):
    numbers = np.array([float(f"{number}e{power}") for number in decimals])
    middle = (numbers.min() + numbers.max()) / 2
    axis = Axis("", middle, (numbers.max() - middle) / 5.5)

    np.testing.assert_array_equal(axis.written(axis.placed(numbers)), numbers)


@given(st.floats(-1e300, 1e300), st.floats(1e-300, 1e300), st.lists(st.floats(-6, 6), max_size=10).map(np.array))
def test_what_is_written_is_close_to_what_is_shown_for_any_numbers(middle, unit, places):
    axis = Axis("", middle, unit)
    shown = axis.shown(places)
    assume(np.isfinite(shown).all())

    np.testing.assert_allclose(axis.written(places), shown, rtol=1e-15, atol=6e-15 * unit)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.lists(st.floats(-1e6, 1e6), max_size=10).map(np.array))
def test_what_is_written_is_placed_where_it_was(middle, unit, numbers):
    axis = Axis("", middle, unit)
    places = axis.placed(numbers)

    np.testing.assert_array_equal(axis.placed(axis.written(places)), places)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "the name of an axis must be text of at most 1,000 characters; got 3"),
        (("x" * (MAX_NAME + 1),), "the name of an axis must be text of at most 1,000 characters"),
        (("", math.nan), "middle must be a finite number; got nan"),
        (("", 0.0, math.inf), "unit must be a finite number; got inf"),
        (("", 0.0, 0.0), r"unit must be above 0; got 0\.0"),
        (("", 0.0, -1.0), r"unit must be above 0; got -1\.0"),
    ],
)
def test_no_axis(arguments, message):
    with pytest.raises(ValueError, match=message):
        Axis(*arguments)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("a", "a"), "two classes are called 'a'"),
        (tuple("abcdefghi"), "there may be 8 names of classes; got 9"),
        (("a", " "), "a class needs a name"),
        (("a", 3), "the name of a class must be text"),
        (("x" * (MAX_NAME + 1),), "the name of a class must be text of at most 1,000 characters"),
    ],
)
def test_no_names_of_classes(names, message):
    with pytest.raises(ValueError, match=message):
        Naming(classes=names)


@pytest.mark.parametrize(
    ("names", "n_classes", "expected"),
    [
        ((), 3, ("A", "B", "C")),
        (("oak",), 3, ("oak", "B", "C")),
        (("B",), 3, ("B", "A", "C")),
        (("C", "A"), 4, ("C", "A", "B", "D")),
        (NAMES, 2, NAMES[:2]),
    ],
)
def test_classes_without_a_name_have_letters(names, n_classes, expected):
    assert Naming(classes=names).class_names(n_classes) == expected


def test_letters_are_no_names():
    assert Naming(classes=("A", "B")) == Naming() == PLAIN
    assert Naming(classes=("oak", "B")) == Naming(classes=["oak"])
    assert PLAIN.is_plain
    assert not PLAIN.is_scaled
    for naming in (Naming(classes=("B",)), Naming(value=Axis("kind")), Naming(Axis(unit=2.0))):
        assert not naming.is_plain


class TestDataset:
    def test_is_plain_by_default(self):
        dataset = Dataset([[0, 0], [1, 1]], [0, 1])

        assert dataset.naming == PLAIN
        assert dataset.class_names == ("A", "B")

    def test_has_the_names_of_the_person(self):
        assert iris().class_names == NAMES
        assert iris().class_name(1) == "versicolor"
        assert iris() != iris(classes=())

    def test_keeps_them(self):
        dataset = iris()
        rest = dataset.like(dataset.points[:2], dataset.labels[:2])

        assert {part.naming for part in (rest, dataset.take(slice(1)), dataset.subset(test=True))} == {IRIS}
        assert dataset.split(0.5, np.random.default_rng(0)).naming == IRIS

    def test_has_no_more_names_than_classes(self):
        with pytest.raises(ValueError, match="2 classes cannot have 3 names"):
            Dataset([[0, 0]], [0], naming=IRIS)

    def test_other_names_and_more_classes(self):
        assert iris().named(PLAIN) == Dataset(POINTS, [0, 1, 2], [False, True, False])
        assert iris().named(IRIS, 4).class_names == (*NAMES, "D")

    def test_axes_along_and_upwards(self):
        assert iris().axes == (LENGTH, WIDTH)
        height = Axis("price", 100.0, 40.0)
        curve = Dataset.curve([[0, 4], [1, -2]], naming=Naming(Axis("year"), value=height))

        assert curve.axes[0] == Axis("year")
        np.testing.assert_array_equal(curve.axes[1].shown(curve.points[:, 1]), height.shown(curve.labels))
        np.testing.assert_array_equal(Dataset.curve([[0, 4]]).axes[1].shown(np.array([4.0])), [1.0])

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_coordinates_keep_theirs_as_another_kind_and_back(self, kind):
        back = iris().as_kind(kind).as_kind("classes")

        assert back.naming == Naming(LENGTH, WIDTH)
        assert iris().as_kind(kind).axes == (LENGTH, WIDTH)

    def test_heights_keep_theirs_as_values(self):
        height = Axis("price", 100.0, 40.0)
        values = Dataset.curve([[0, 4], [1, -2]], naming=Naming(Axis("year"), value=height)).as_kind("values")

        assert values.naming == Naming(Axis("year"), Axis("price", 100.0, 10.0), height)

    @pytest.mark.parametrize("kind", ["values", "curve", "classes"])
    def test_plain_stays_plain(self, kind):
        for other in ("curve", "values", "classes"):
            assert Dataset([[0, 0], [1, 1]], [0, 1]).as_kind(other).as_kind(kind).naming == PLAIN


def test_a_class_is_removed_with_its_name():
    assert remove_class(iris(), 1).class_names == ("setosa", "virginica")
    assert remove_class(iris(classes=("oak",)), 0).class_names == ("A", "B")


def test_a_class_is_renamed():
    assert rename_class(iris(), 1, "other").class_names == ("setosa", "other", "virginica")
    assert rename_class(iris(classes=()), 2, "last").class_names == ("A", "B", "last")
    assert rename_class(rename_class(iris(classes=()), 2, "last"), 2, "C") == iris(classes=())
    for name, message in (("setosa", "two classes are called 'setosa'"), ("", "a class needs a name")):
        with pytest.raises(ValueError, match=message):
            rename_class(iris(), 2, name)
