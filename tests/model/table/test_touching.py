"""Numbers of two columns that touch are refused with a sentence, and what only looks like them is read."""

import pytest

from model.table.errors import TableError
from model.table.reading import read

GOOD = "  1.234   5.678 A\n  2.345   1.234 B\n -1.222   3.444 A\n"


@pytest.mark.parametrize(
    ("text", "line", "cell", "looks_like"),
    [
        ("x y label\n 1.234 5.678 A\n2.345-1.234 B\n-1.222 3.444 A\n", 3, "2.345-1.234", "2.345 and -1.234"),
        (" 1.234-5.678-1.000\n 2.345-1.234-0.500\n", 1, "1.234-5.678-1.000", "1.234 and -5.678-1.000"),
        ("0.5 1.5 1\n3.5−2.5 2\n4.5 1.5 1\n", 2, "3.5−2.5", "3.5 and −2.5"),
        ("1.5 -2.5 1\n-3.5+2.5 2\n4.5 1.5 1\n", 2, "-3.5+2.5", "-3.5 and +2.5"),
        (" 0.12E+01 0.2E+02 1\n 0.22E+01-0.13E+02 2\n", 2, "0.22E+01-0.13E+02", "0.22E+01 and -0.13E+02"),
        ("   1.234 100.222 A\n1000.2341000.222 B\n  10.234 100.222 A\n", 2, "1000.2341000.222", "several numbers"),
        ("12.34567.890\n23.45678.901\n", 1, "12.34567.890", "several numbers"),
        ("0.5\t1.5\n3.5-2.5\t2\n", 2, "3.5-2.5", "3.5 and -2.5"),
        (" 1.2345+02  0.5 1\n 2.2345+02  0.7 2\n", 1, "1.2345+02", "1.2345E+02 as Fortran writes it"),
        (" 0.5 0.7 1\n 0.12345-101  0.5 1\n", 2, "0.12345-101", "0.12345E-101 as Fortran writes it"),
    ],
)
def test_numbers_that_touch_are_refused_with_what_they_look_like(text, line, cell, looks_like):
    with pytest.raises(TableError) as refused:
        read(text)
    assert refused.value.sentence.startswith(f"Line {line} has '{cell}', which looks like {looks_like}")


@pytest.mark.parametrize(
    ("text", "n_points"),
    [
        (GOOD, 3),
        ("0.5 1.5 0.5-1.5\n3.5 2.5 1.5-2.5\n4.5 1.5 0.5-1.5\n", 3),
        ("Heights of 2.5-1.5 m\nx y label\n0.5 1.5 A\n3.5 2.5 B\n", 2),
        ("x,y,note\n0.5,1.5,2.5-1.5\n3.5,2.5,12.3456.7\n", 2),
        ("1.5e-05 2.5e+02 A\n3.5e-05 1.5E-2 B\n", 2),
        ("0,5;1.234.567,8;A\n0,7;2.345.678,9;B\n", 2),
    ],
)
def test_ranges_titles_exponents_and_thousands_are_none(text, n_points):
    assert read(text).points == n_points
