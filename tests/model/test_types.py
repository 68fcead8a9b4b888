"""Texts that every room writes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.types import readable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("-0.5", "−0.5"),
        ("1.2e-06", "1.2e−6"),
        ("4e+07", "4e7"),
        ("-3e-100", "−3e−100"),
        ("1e+300", "1e300"),
        ("0", "0"),
        ("loss 2.5e-05 of the 7 edges", "loss 2.5e−5 of the 7 edges"),
        ("the 0 in size0", "the 0 in size0"),
    ],
)
def test_numbers_in_a_text_are_as_a_person_reads_them(text, read):
    assert readable(text) == read


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(value):
    assert float(readable(f"{value:.17g}").replace("−", "-")) == value
