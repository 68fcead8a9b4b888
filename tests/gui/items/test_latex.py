import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.items.latex import by_sign, coloured, factor, matrix, number, without_colours


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.25, "0.25"),
        (-0.25, "{-0.25}"),
        (0.0, "0"),
        (-0.0, "0"),
        (1.2e-5, r"{1.2 \cdot 10^{-5}}"),
        (-1.2e-5, r"{-1.2 \cdot 10^{-5}}"),
        (1e-5, "{10^{-5}}"),
        (-1e30, "{-10^{30}}"),
        (0.123456, "0.1235"),
        (-0.99999, "{-1}"),
        (np.float64(3.0), "3"),
    ],
)
def test_number(value, expected):
    assert number(value) == expected


@given(st.floats(-1e300, 1e300), st.integers(1, 15))
def test_a_number_reads_as_the_value_to_its_digits(value, digits):
    read = number(value, digits).translate({ord("{"): None, ord("}"): None}).replace(r" \cdot 10^", "e")
    assert float(read.replace("10^", "1e")) == pytest.approx(value, rel=0.51 * 10 ** (1 - digits), abs=0.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_never_reaches_a_formula(value):
    for write in (number, factor, lambda value: matrix([[value]])):
        with pytest.raises(ValueError, match="finite numbers only"):
            write(value)


def test_a_negative_factor_has_parentheses():
    assert (factor(-2.0), factor(2.0)) == ("({-2})", "2")


def test_colours_are_those_of_the_sign_and_can_be_left_out():
    assert by_sign("w", 0.5) == coloured("w", "positive")
    assert by_sign("w", -0.5) == coloured("w", "negative")
    assert by_sign("w", 0.0) == "w"
    assert without_colours(f"{by_sign('w', 0.5)} + {by_sign('v', -1.0)}") == "{w} + {v}"


def test_a_matrix_that_fits_is_written_whole():
    assert matrix([[1.0, -2.0], ["w", 0.5]]) == r"{\begin{bmatrix} 1 & {-2} \\ w & 0.5 \end{bmatrix}}"


@given(st.integers(1, 70), st.integers(1, 70), st.integers(3, 8))
def test_a_large_matrix_is_folded(n_rows, n_columns, most):
    numbers = np.arange(n_rows * n_columns, dtype=float).reshape(n_rows, n_columns)
    text = matrix(numbers, most, 10)
    rows = [row.split(" & ") for row in text[len(r"{\begin{bmatrix} ") : -len(r" \end{bmatrix}}")].split(r" \\ ")]
    assert len(rows) == min(n_rows, most)
    assert {len(row) for row in rows} == {min(n_columns, most)}
    assert rows[0][0] == "0"
    assert rows[-1][-1] == str(n_rows * n_columns - 1)
    dots = sum(r"dots" in entry for row in rows for entry in row)
    shown = [min(n, most) - (n > most) for n in (n_rows, n_columns)]
    assert dots == len(rows) * len(rows[0]) - shown[0] * shown[1]
