"""Numbers as people write them: thousands, units, and what may be read in two ways."""

import pytest

from model.table.numbers import Affixes, NumberStyle, affixes_of, guess_style, may_be_number, shapes_of
from model.table.text import read_table


@pytest.mark.parametrize(
    ("separator", "cells", "decimal", "grouping"),
    [
        (",", ["1.5", "-2e3"], ".", ""),
        (";", ["1,5", "2"], ",", ""),
        (",", ["30,000.50", "1,000"], ".", ","),
        (";", ["30.000,00", "1.000,5"], ",", "."),
        (";", ["30 000,00", "1 000,5"], ",", " "),
        (";", ["30\xa0000,00", "1\u202f000,5"], ",", " "),
        (";", ["30'000.00", "1’000.5"], ".", "'"),
        (",", ["12,34,567", "1,000"], ".", ","),
        (";", ["1.234.567", "2.000"], ",", "."),
        (",", ["1.2D+00", "2.5D-01"], ".", ""),
    ],
)
def test_every_style_is_found_and_beyond_doubt(separator, cells, decimal, grouping):
    assert guess_style([cells], separator) == (NumberStyle(decimal, grouping), None)


@pytest.mark.parametrize(
    ("separator", "cells", "taken", "other"),
    [
        (";", ["960", "1.000"], 1000.0, 1.0),
        ("\t", ["960", "1.000"], 1000.0, 1.0),
        (",", ["960", "1.000"], 1.0, 1000.0),
        (";", ["5.100", "3.500"], 5100.0, 5.1),
        ("\t", ["30,000", "1,057"], 30_000.0, 30.0),
        (";", ["960", "1,057"], 1.057, 1057.0),
    ],
)
def test_a_sign_that_may_part_thousands_is_doubtful(separator, cells, taken, other):
    style, doubt = guess_style([cells], separator)
    cell = cells[doubt.row]

    assert (style.value(cell), doubt.other.value(cell)) == (taken, other)


@pytest.mark.parametrize("cells", [["0.878", "1.125"], ["-2.456", "1.8"], ["1.125", "2.375"]])
def test_decimals_of_a_comma_table_are_not_doubtful(cells):
    assert guess_style([cells], ",") == (NumberStyle("."), None)


def test_a_thousand_that_comes_late_is_found():
    rows = "\n".join(f"{800 + i // 100};{700 + i};low" for i in range(299)) + "\n1.000;1.057;high" * 20
    table = read_table(f"a;b;c\n{rows}")

    assert table.numbers(0)[-1] == 1000.0
    assert table.doubts == ("'1.000' in line 301 is read as 1000, and may be 1",)


@pytest.mark.parametrize(
    ("cells", "before", "after"),
    [
        (["40%", "0%", "12 %"], "", "%"),
        (["$40.50", "-$1"], "$", ""),
        (["€ 40", "€3"], "€", ""),
        (["40,0 mm", "3,1 mm"], "", "mm"),
        (["20 °C", "3 °C", "0"], "", "°C"),
        (["CHF 30'000.00", "CHF 5.00"], "CHF", ""),
        (["12 apples", "3 apples"], "", "apples"),
        (["C1", "C2"], "", ""),
        (["1a", "2a"], "", ""),
        (["4 mm", "5 cm"], "", ""),
        (["2024-01-03", "2024-01-04"], "", ""),
    ],
)
def test_what_stands_round_the_numbers_of_a_column(cells, before, after):
    found = affixes_of(shapes_of(cells))

    assert found == Affixes(before, after)


def test_units_are_left_out_of_the_numbers_and_kept_in_the_cells():
    table = read_table("a;b;c\n-$1.50;10 %;x\n$2;5%;y")

    assert table.numbers(0).tolist() == [-1.5, 2.0]
    assert table.numbers(1).tolist() == [10.0, 5.0]
    assert table.cells(1) == ["10 %", "5%"]


@pytest.mark.parametrize("cell", ["1", "-1.5", "1,5", "1.000,5", "1e-5", "nan", "40 %", "$3", "−2", ".5", "1.2D+00"])
def test_looks_like_a_number(cell):
    assert may_be_number(cell)


@pytest.mark.parametrize("cell", ["", "A", "C1", "1a", "2024-01-03", "5 2", "-", "1_000", "٣"])
def test_looks_like_no_number(cell):
    assert not may_be_number(cell)
