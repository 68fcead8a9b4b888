"""Numbers with an uncertainty: the number is read however it is written, and what is left out is said."""

import pytest

from model.data.dataset import Dataset
from model.data.naming import Naming
from model.table.points import write_table
from model.table.reading import read

POINTS = [("1.26", "-3.5", "a"), ("-0.5", "12.25", "b"), ("30.75", "0.5", "a"), ("2.5", "-1.75", "b")]
SPELLINGS = (
    "{}±0.13",
    "{} ± 0.13",
    "{}+/-0.13",
    "{} +/- 0.13",
    "{}+-0.13",
    "{} +- 0.13",
    r"{} \pm 0.13",
    "({} ± 0.13)",
)
DIGITS = ("{}(13)", "{}(0.13)")
SIGNS = [(";", ","), ("\t", ","), (" ", ","), (",", "."), (";", "."), ("\t", "."), (" ", ".")]


def text_of(separator, decimal, spelling, names=("x", "y", "class")):
    rows = [[*(spelling.format(number).replace(".", decimal) for number in row[:2]), row[2]] for row in POINTS]
    return "\n".join(separator.join(cells) for cells in (names, *rows))


@pytest.mark.parametrize(("separator", "decimal"), SIGNS)
@pytest.mark.parametrize("spelling", [*SPELLINGS, *DIGITS])
def test_a_number_is_read_without_its_uncertainty_in_every_spelling(separator, decimal, spelling):
    found = read(text_of(separator, decimal, spelling))

    assert (found.kind, found.x1, found.x2, found.label) == ("classes", "x", "y", "class")
    assert (found.points, found.left_out, found.classes, found.first) == (4, 0, ("a", "b"), (1.26, -3.5, "a"))
    assert "8 uncertainties such as " in found.sentence


@pytest.mark.parametrize("spelling", ["{} (13)", "{} ± 0.13 mm", "{} mm ± 0.13 mm", "{}e0 ± 1.3e-1", "({}+/-0.13)e+00"])
@pytest.mark.parametrize(("separator", "decimal"), [(";", ","), ("\t", "."), (",", ".")])
def test_units_exponents_and_spaces_stand_beside_it(separator, decimal, spelling):
    assert read(text_of(separator, decimal, spelling)).first == (1.26, -3.5, "a")


def test_a_comma_between_whole_numbers_is_no_decimal_sign():
    found = read("x,y,class\n" + "\n".join(f"{3 * i}±1,{i * i}±2,{i % 2}" for i in range(1, 9)))

    assert (found.points, found.first, found.classes) == (8, (3.0, 1.0, "1"), ("1", "0"))


def test_one_uncertain_number_among_others_is_read_and_said():
    found = read("x;y;class\n1,5;2,5;a\n2,5;3,5 ± 0,1;b\n0,5;1,5;a")

    assert (found.points, found.left_out) == (3, 0)
    assert "1 uncertainty, ±0,1, left out" in found.sentence


def test_tables_of_other_programs_have_them_too():
    latex = "x & y & c \\\\\n" + "\n".join(rf"${x} \pm 0.1$ & \num{{{y}(2)}} & {c} \\" for x, y, c in POINTS)

    assert read(latex).first == (1.26, -3.5, "a")
    assert read(str([{"x": f"{x} ± 0.1", "y": y, "c": c} for x, y, c in POINTS])).first == (1.26, -3.5, "a")


def test_names_of_classes_that_look_like_it_are_kept():
    found = read("x,y,class\n" + "\n".join(f"{i * 0.7:.2f},{i * i * 0.3:.2f},{i % 3}({i % 2})" for i in range(12)))
    assert found.classes == ("0(0)", "1(1)", "2(0)", "0(1)", "1(0)", "2(1)")

    names = ("1 ± 0", "0.5(2)", "sum")
    dataset = Dataset([[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]], [0, 1, 2], n_classes=3, naming=Naming(classes=names))
    assert read(write_table(dataset)).classes == names
