"""Places, labels and axes in a person's names and units."""

import pytest

from model import Dataset
from model.data.dataset import CURVE_UNIT
from model.data.naming import Axis, Naming, typed_name
from model.data.wording import (
    amount_text,
    class_text,
    feature_text,
    label_text,
    letter_meanings,
    name_text,
    place_text,
    plane_axes,
    units_text,
)

LENGTH, WIDTH = Axis("length (cm)", 3.5, 0.5), Axis("", 10.0, 2.0)
NAMED = Dataset([(0, 1), (2, -3)], [0, 2], n_classes=3, naming=Naming(LENGTH, WIDTH, classes=("oak", "t-shirt")))
VALUES = Dataset([(0, 1)], [0.5], naming=Naming(value=Axis("price", 300_000, 100_000)))
CURVE = Dataset.curve([(2.0, CURVE_UNIT)], naming=Naming(Axis("time"), value=Axis("", 20.0, 10.0)))
PLAIN = Dataset([(0, 1)], [1])


def test_places_are_said_in_names_and_units():
    assert place_text(NAMED, (2.0, -3.0)) == "length (cm) = 4.5, x₂ = 4"
    assert place_text(PLAIN, (2.0, -3.25)) == "x₁ = 2, x₂ = −3.25"
    assert place_text(CURVE, (2.0, CURVE_UNIT)) == "time = 2"


def test_labels_are_said_in_names_and_units():
    assert [label_text(NAMED, index) for index in range(3)] == ["class oak", "class t-shirt", "class C"]
    assert class_text(NAMED, 5) == "F"
    assert label_text(VALUES, 0.5) == "price = 350,000"
    assert label_text(CURVE, 1.0) == "y = 30"
    assert label_text(PLAIN, 0) == "class A"


def test_the_height_of_a_curve_is_upwards_on_the_plane():
    x, y = plane_axes(CURVE)
    assert (x.name, y.name) == ("time", "y")
    assert y.shown(CURVE_UNIT) == pytest.approx(30.0)
    assert [axis.name for axis in plane_axes(PLAIN)] == ["x₁", "x₂"]


@pytest.mark.parametrize(
    ("axis", "value", "text"),
    [
        (Axis(), 1.5, "1.5"),
        (Axis(), -0.001, "0"),
        (Axis("", 2000.0, 5.0), 1.0, "2005"),
        (Axis("", 0.0, 0.001), 1.234, "0.00123"),
        (Axis("", 0.0, 1e12), -1.5, "−1.5e12"),
        (Axis("", 0.0, 1e-9), 1.5, "1.5e−9"),
    ],
)
def test_numbers_are_as_precise_as_the_plane(axis, value, text):
    assert amount_text(axis, value) == text


def test_a_number_that_changes_live_keeps_its_width():
    assert [amount_text(Axis(), value, steady=True) for value in (1.0, 1.25)] == ["1.00", "1.25"]


def test_names_are_one_short_line_that_leaves_what_is_beside_it_alone():
    assert name_text("  two\nlines\t ") == "two lines"
    assert name_text("x" * 200, 10) == "x" * 9 + "…"
    assert name_text("<b>bold</b>") == "<b>bold</b>"
    assert name_text("שלום") == "\u2068שלום\u2069"
    assert name_text("turned\u202eround") == "turned round"


def test_coordinates_have_the_names_and_formulas_the_letters():
    assert [feature_text(name, NAMED) for name in ("x1", "x2", "x1**2")] == ["length (cm)", "x₂", "x₁²"]
    assert feature_text("x", CURVE) == "time"
    assert feature_text("x1") == "x₁"


def test_formulas_say_what_their_letters_are():
    assert (
        units_text(NAMED)
        == "Formulas count in units of the plane: x₁ = (length (cm) − 3.5) / 0.5, x₂ = (your number − 10) / 2."
    )
    assert letter_meanings(CURVE) == {"x": "x = time", "y": "y = (your number − 20) / 10"}
    assert units_text(Dataset([(0, 1)], [1], naming=Naming(Axis("age")))) == "In formulas x₁ = age."
    assert units_text(PLAIN) == ""


def test_a_typed_name_is_one_line_that_can_be_read():
    assert typed_name("  oak \n tree ") == "oak tree"
    with pytest.raises(ValueError, match="at most 100 characters; got 101"):
        typed_name("x" * 101)
