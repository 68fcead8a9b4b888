"""Numbers as people of many countries type them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.numbers import AmbiguousNumberError, percent, typed_number, typed_whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("٠٫٥", 0.5),
        ("۰٫۵", 0.5),
        ("-0.5", -0.5),
        ("−0,5", -0.5),
        (" 1e-3 ", 0.001),
        ("1E−3", 0.001),
        ("12 000", 12000.0),
        ("12\u202f000,5", 12000.5),
        ("1'234.5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234,567", 1234567.0),
        ("0,125", 0.125),
        ("1.500", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
    ],
)
def test_a_number_is_read_however_it_is_written(text, number):
    assert typed_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_0", "1,2,3", "1,23.4", "0x1", "²", "½", "1 .5.", "--1"])
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError, match="is not a number"):
        typed_number(text)


def test_what_could_be_two_numbers_is_asked_for():
    with pytest.raises(AmbiguousNumberError, match=r"“1,500” could be 1500 or 1\.5"):
        typed_number("1,500")


@pytest.mark.parametrize(
    ("text", "number"),
    [("12,000", 12000), ("12.000", 12000), ("1.234.567", 1234567), ("1e4", 10000), ("١٢", 12), ("-5", -5), ("−5", -5)],
)
def test_a_whole_number_may_have_separators_of_thousands(text, number):
    assert typed_whole(text) == number


@pytest.mark.parametrize("text", ["1.5", "0,5", "abc", "1e400", ""])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueError, match="not a"):
        typed_whole(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read(number):
    assert typed_number(repr(number)) == number


@given(st.integers(-(10**18), 10**18))
def test_every_whole_number_is_read_with_separators(number):
    assert typed_whole(f"{number:,}".replace("-", "−")) == number


@given(st.text(max_size=12))
def test_no_text_does_more_than_be_refused(text):
    for read in (typed_number, typed_whole):
        with contextlib.suppress(ValueError):
            read(text)


def test_shares_are_written_in_one_way():
    assert (percent(0.9861), percent(0.7, 0)) == ("98.6%", "70%")
