"""Tables of text: the numbers of a column at once are those of its cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.table.text import DECIMALS, Table

cells = st.one_of(
    st.floats().map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: f" {value:.3g}\t".replace(".", ",")),
    st.text("+-−.,eE0123456789 _\nx٣", max_size=6),
)


@pytest.mark.parametrize("decimal", DECIMALS)
@given(st.lists(cells, min_size=1, max_size=4))
def test_the_numbers_of_a_column_are_those_of_its_cells(decimal, column):
    table = Table(("a",), tuple((cell,) for cell in column), tuple(range(len(column))), ";", decimal, False)
    numbers = table.numbers(0)

    assert (numbers is not None) == all(map(table.is_finite, column))
    if numbers is not None:
        np.testing.assert_array_equal(numbers, [table.number(cell) for cell in column])
