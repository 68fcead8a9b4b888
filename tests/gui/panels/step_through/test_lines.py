import numpy as np

from gui.panels.step_through.lines import latex_of


def test_numbers_stand_in_parentheses_where_a_sign_is_before_them_or_a_power_behind():
    assert latex_of(("a =", -0.5), 6, 4) == "a = {-0.5}"
    assert latex_of((-0.5, r"\cdot", -0.25), 6, 4) == r"{-0.5} \cdot ({-0.25})"
    assert latex_of(("=", -0.5, "^2"), 6, 4) == "= ({-0.5}) ^2"
    assert latex_of(("=", 2.5e-7, "^2"), 6, 4) == r"= ({2.5 \cdot 10^{-7}}) ^2"
    assert latex_of(("=", 2.5, "^2"), 6, 4) == "= 2.5 ^2"
    assert latex_of((r"\frac{", -0.5, "}{", 2.0, "}"), 6, 4) == r"\frac{ {-0.5} }{ 2 }"


def test_arrays_are_columns_and_matrices_and_are_folded():
    column = latex_of((np.array([1.0, 2.0]),), 6, 4)
    assert column == r"{\begin{bmatrix} 1 \\ 2 \end{bmatrix}}"
    folded = latex_of((np.arange(40.0).reshape(2, 20),), 4, 4)
    assert folded == r"{\begin{bmatrix} 0 & 1 & \cdots & 19 \\ 20 & 21 & \cdots & 39 \end{bmatrix}}"


def test_digits_are_as_many_as_asked_for():
    assert latex_of(("=", 1.23456), 6, 3) == "= 1.23"


def test_there_is_a_sign_between_two_matrices_before_which_a_line_can_end():
    product = latex_of(("=", np.eye(1), np.ones(1), "+", np.ones(1)), 6, 4)
    one = r"{\begin{bmatrix} 1 \end{bmatrix}}"
    assert product == rf"= {one} \cdot {one} + {one}"
