"""Matrices of numbers are drawn with their numbers, everything else is left as it was."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.items.latex import coloured, matrix
from gui.items.matrices import MatrixPicture, cut
from gui.items.numerals import numerals
from gui.items.typeset import _typeset, dyed, typeset
from gui.theme import named

BLACK = QColor("#000000")
NUMBERS = matrix([[1.5, -2.25], [3e-7, -1e5]])


@pytest.fixture(autouse=True)
def application(qapp):
    return qapp


def texts_of(part):
    return [["".join(letter.text for letter in entry.letters) for entry in row] for row in part]


def test_a_matrix_of_numbers_is_cut_out_with_what_signs_need():
    first, rows, plus, column = cut(f"z = {NUMBERS} + {matrix([[1.0], [2.0]])}")

    assert (first, plus) == ("z = {}", "{} + {}")
    assert texts_of(rows) == [["1.5", "−2.25"], ["3⋅10−7", "−105"]]
    assert texts_of(column) == [["1"], ["2"]]


def test_dots_of_a_folded_matrix_are_cut_out_too():
    (rows,) = cut(matrix(np.zeros((20, 20)).tolist(), most=4))
    assert texts_of(rows)[0] == ["0", "0", "⋯", "0"]
    assert texts_of(rows)[2] == ["⋮", "⋮", "⋱", "⋮"]


def test_entries_keep_their_colours():
    theme = named("dark")
    (rows,) = cut(dyed(matrix([[coloured("2", "positive"), "3"]]), theme))
    assert [entry.letters[0].colour for entry in rows[0]] == [theme.positive.name(), ""]


@pytest.mark.parametrize(
    "latex",
    [
        "z = 1",
        rf"\frac{{1}}{{{NUMBERS}}}",
        rf"\left( {NUMBERS} \right)",
        f"x^{NUMBERS}",
        matrix([["a_1", "b"]]),
        matrix([["", "1"]]),
        r"{\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}}",
    ],
)
def test_anything_else_is_left_as_it_is(latex):
    assert cut(latex) == [latex]


def test_a_matrix_beside_parentheses_and_one_of_letters_is_still_cut_out():
    parts = cut(rf"\left(x\right) {NUMBERS} {matrix([['a', 'b']])}")
    assert [isinstance(part, tuple) for part in parts] == [False, True, False]


def ink(picture, width=260, height=140):
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture.paint(painter, QPointF(20, 20))
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, :width] < 128


def test_it_is_about_as_large_as_in_a_picture_of_ziamath_and_inside_its_box():
    own, theirs = typeset(NUMBERS, 16, BLACK), _typeset(NUMBERS, 16, "#000000")
    assert own.size.width() == pytest.approx(theirs.size.width(), rel=0.25)
    assert own.size.height() == pytest.approx(theirs.size.height(), rel=0.35)
    rows, columns = np.nonzero(ink(own))
    assert rows.min() >= 19
    assert rows.max() <= 21 + own.size.height()
    assert columns.min() >= 19
    assert columns.max() <= 21 + own.size.width()


def test_its_middle_is_on_the_axis_of_an_equals_sign():
    drawn = ink(typeset(rf"= {matrix([[1.0], [2.0], [3.0]])}", 16, BLACK))
    sign, brackets = drawn[:, 20:36], drawn[:, 40:]
    middle = np.nonzero(sign.any(axis=1))[0].mean()
    rows = np.nonzero(brackets.any(axis=1))[0]
    assert middle == pytest.approx((rows.min() + rows.max()) / 2, abs=1.5)


def test_numbers_are_in_the_middle_of_their_rows():
    drawn = ink(MatrixPicture(((numerals("111"),), (numerals("111"),)), 30.0, BLACK))
    filled = drawn[:, 38:60].any(axis=1)[22:-22]
    rows = np.nonzero(filled)[0] + 22
    middle = 20 + MatrixPicture(((numerals("1"),), (numerals("1"),)), 30.0, BLACK).size.height() / 2
    assert (rows[rows < middle].mean() + rows[rows > middle].mean()) / 2 == pytest.approx(middle, abs=1.5)


def test_a_picture_is_scaled_with_its_letters():
    small, large = (MatrixPicture(((numerals("1.5"), numerals("2")),), size, BLACK) for size in (10.0, 20.0))
    assert large.size.width() == pytest.approx(2 * small.size.width())
    assert large.ascent == pytest.approx(2 * small.ascent)
