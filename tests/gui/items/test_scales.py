import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.items.scales import decade_above, decade_below, round_up

positive = st.floats(1e-200, 1e200)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, 1.0), (1.01, 1.5), (1.7, 2.0), (2.5, 3.0), (0.04, 0.04), (0.041, 0.05), (9.0, 10.0), (61.0, 80.0)],
)
def test_rounding_up(value, expected):
    assert round_up(value) == pytest.approx(expected)


@pytest.mark.parametrize("value", [0.0, -3.0, float("nan"), float("inf"), -float("inf")])
def test_what_has_no_round_end_gets_1(value):
    assert round_up(value) == 1.0


@given(positive)
def test_the_end_is_never_below_and_never_far_above(value):
    assert value * (1 - 1e-9) <= round_up(value) <= 1.6 * value


@given(positive)
def test_decades_enclose_the_value(value):
    low, high = decade_below(value), decade_above(value)
    assert low * (1 - 1e-9) <= value <= high * (1 + 1e-9)
    assert high / low == pytest.approx(10.0) or high == pytest.approx(low)


@given(st.integers(-12, 12))
def test_a_power_of_ten_is_its_own_decade(power):
    value = 10.0**power
    assert math.isclose(decade_below(value), value)
    assert math.isclose(decade_above(value), value)
    assert math.isclose(round_up(value), value)
