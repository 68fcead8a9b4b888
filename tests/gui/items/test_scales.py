import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.items.scales import DECADES, TICKS, round_down, round_up

positive = st.floats(1e-200, 1e200)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, 1.0), (1.01, 1.5), (1.7, 2.0), (2.5, 3.0), (0.04, 0.04), (0.041, 0.05), (9.0, 10.0), (61.0, 80.0)],
)
def test_rounding_up(value, expected):
    assert round_up(value) == pytest.approx(expected)


def test_rounding_to_ticks():
    assert (round_up(0.021, TICKS), round_down(0.019, TICKS)) == pytest.approx((0.05, 0.01))
    assert (round_up(6.0, TICKS), round_down(6.0, TICKS)) == pytest.approx((10.0, 5.0))


@pytest.mark.parametrize("value", [0.0, -3.0, float("nan"), float("inf"), -float("inf")])
def test_what_has_no_round_end_gets_1(value):
    assert round_up(value) == 1.0


@given(positive)
def test_the_end_is_never_below_and_never_far_above(value):
    assert value * (1 - 1e-9) <= round_up(value) <= 1.6 * value


@given(positive)
def test_decades_enclose_the_value(value):
    low, high = round_down(value, DECADES), round_up(value, DECADES)
    assert low * (1 - 1e-9) <= value <= high * (1 + 1e-9)
    assert high / low == pytest.approx(10.0) or high == pytest.approx(low)


@given(st.integers(-12, 12), st.sampled_from(TICKS))
def test_a_round_number_is_its_own_end(power, factor):
    value = factor * 10.0**power
    assert math.isclose(round_down(value, TICKS), value)
    assert math.isclose(round_up(value, TICKS), value)
    assert math.isclose(round_up(value), value)
