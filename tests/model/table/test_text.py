"""Tables of text: the numbers of a column at once are those of its cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.table.numbers import STYLES
from model.table.text import Table

cells = st.one_of(
    st.floats().map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: f" {value:.3g}\t".replace(".", ",")),
    st.floats(-1e9, 1e9).map(lambda value: f"{value:,.2f}"),
    st.text("+-−.,'eE0123456789 _\nx٣", max_size=6),
)


@pytest.mark.parametrize("style", STYLES, ids=str)
@given(st.lists(cells, min_size=1, max_size=4))
def test_the_numbers_of_a_column_are_those_of_its_cells(style, column):
    table = Table(("a",), tuple((cell,) for cell in column), tuple(range(len(column))), ";", style)
    expected = [table.number(cell) if table.is_finite(cell) else np.nan for cell in column]

    np.testing.assert_array_equal(table.numbers(0), expected)
