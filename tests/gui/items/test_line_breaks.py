import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.items.latex import number
from gui.items.line_breaks import broken


def lines(latex: str, room: float) -> list[str]:
    return [line.strip() for line in broken(latex, len, room)]


def test_what_fits_stays_whole():
    assert lines("a + b", 3.0) == ["a", "{}+ b"]
    assert lines("a + b = c", 100.0) == ["a  + b  = c"]


@pytest.mark.parametrize(
    "whole",
    [
        r"{-0.25 + 3}",
        r"\frac{1 + x}{1 - x}",
        r"\begin{bmatrix} 1 + x & 2 \\ 3 & 4 \end{bmatrix}",
        r"e^{a - b + c}",
        r"\text{1 + 1 (}",
        "-0.25",
        r"\leftarrow x",
    ],
)
def test_what_belongs_together_is_never_broken(whole):
    assert lines(whole, 1.0) == [whole]


def test_a_minus_of_a_number_starts_no_line():
    assert lines("a = -b", 1.0) == ["a", "{}= -b"]
    assert lines(r"a \cdot -b", 1.0) == ["a", r"{}\cdot -b"]
    assert lines(r"a = \quad -b", 1.0) == ["a", r"{}= \quad -b"]


def test_a_line_ends_before_a_sum_rather_than_in_a_product_or_in_parentheses():
    assert lines(r"a \cdot (b + c) + d \cdot e", 20.0) == [r"a \cdot (b + c)", r"{}+ d \cdot e"]
    assert lines(r"aa \cdot (b + c)", 15.0) == ["aa", r"{}\cdot (b + c)"]


def test_parentheses_that_are_broken_have_one_size_in_both_lines():
    assert lines(r"\left(a + b\right)^{2}", 10.0) == [r"\bigl(a", r"{}+ b\bigr)^{2}"]


formulas = st.recursive(
    st.sampled_from(["a", "b_{1}", "{-0.25}", r"\frac{1 + x}{2}"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" + ", " - ", " = ", r" \cdot "]), inner).map("".join),
        inner.map(lambda formula: rf"\left({formula}\right)"),
    ),
    max_leaves=20,
)


@given(formulas, st.integers(1, 80))
def test_the_lines_together_are_the_formula(formula, room):
    def bare(latex: str) -> str:
        for sign in ("{}", " ", r"\left", r"\right", r"\bigl", r"\bigr"):
            latex = latex.replace(sign, "")
        return latex

    assert bare("".join(broken(formula, len, room))) == bare(formula)


def test_a_number_with_a_power_stays_in_one_line():
    latex = " + ".join([rf"0.5 \cdot {number(6.5e-6)}"] * 6)
    for room in range(8, 60):
        assert all(line.count("10^") == line.count("6.5") for line in broken(latex, len, room))
