"""Numbers that are drawn letter by letter look as they do in the picture of a formula."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.items import engraving
from gui.items.latex import by_sign, factor, number
from gui.items.numerals import numerals, split_numerals
from gui.items.typeset import _typeset, dyed, typeset
from gui.theme import named

SIZE_PX, BLACK = 30.0, QColor("black")
ROWS = [
    "{-1.115}",
    "= {-1.115}",
    r"{} - 0.438 \cdot 0.859 + 0.351 \cdot ({-0.00687}) + \cdots = {-0.0985}",
    r"= {-1.2 \cdot 10^{-5}}",
    r"= 0.0669 \left(0.0669 - 0 - 0.585\right) = {-0.0347}",
    r"0.351 \cdot ({-0.438} \cdot 1.27)",
]


@pytest.fixture(autouse=True)
def application(qapp):
    return qapp


def ink(picture):
    """Return where a picture is dark, without empty rows and columns about it."""
    image = QImage(1400, 120, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture.paint(painter, QPointF(20.0, 60.0 - picture.ascent))
    painter.end()
    dark = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())[:, :1400] < 128
    return dark[np.ix_(dark.any(axis=1), dark.any(axis=0))]


@pytest.mark.parametrize("latex", ROWS)
def test_they_look_as_they_do_in_a_picture(latex):
    drawn, engraved = ink(typeset(latex, SIZE_PX, BLACK)), ink(_typeset(latex, SIZE_PX, "#000000"))

    assert abs(len(drawn) - len(engraved)) <= 2
    assert drawn.shape[1] == pytest.approx(engraved.shape[1], rel=0.08)
    assert drawn.sum() == pytest.approx(engraved.sum(), rel=0.05)


def test_letters_stand_in_line_with_symbols_before_them():
    latex = "a = f(z) = 0.123"
    drawn, engraved = ink(typeset(latex, SIZE_PX, BLACK)), ink(_typeset(latex, SIZE_PX, "#000000"))

    assert abs(len(drawn) - len(engraved)) <= 2
    assert drawn.shape[1] == pytest.approx(engraved.shape[1], rel=0.08)


@pytest.mark.parametrize(
    ("latex", "symbols"),
    [
        (r"z = \sum_i w_i a_i + b = {-1.1} \cdot 2 = 3", r"z = \sum_i w_i a_i + b"),
        (r"f'(z) = 1 - a^{2} = 0.35", r"f'(z) = 1 - a^{2}"),
        ("1 + 2 = 3", ""),
        (r"\cdots", ""),
    ],
)
def test_a_formula_is_split_before_its_last_numbers(latex, symbols):
    assert split_numerals(latex)[0] == symbols


@pytest.mark.parametrize("latex", ["z", r"\frac{1}{2}", r"a = \tanh\left(z\right)", "", "{1", "1}", "1 = x", r"\cdotx"])
def test_anything_else_is_none(latex):
    assert numerals(latex) is None
    assert split_numerals(latex) is None


@pytest.mark.parametrize("value", [0.0, 1.5, -2.25, 1e-7, -3.2e12, 123456.0])
def test_every_number_of_a_formula_is_one(value):
    assert numerals(number(value)) is not None
    assert numerals(factor(value)) is not None
    coloured = dyed(by_sign(number(value), value), named("light"))
    colours = {letter.colour for letter in numerals(coloured).letters}
    assert colours == set(re.findall("#[0-9a-f]{6}", coloured) or [""])


def test_other_numbers_need_no_new_picture(monkeypatch):
    typeset(r"q = \sum_i w_i = 0.5", SIZE_PX, BLACK)
    monkeypatch.setattr(engraving, "engrave", None)
    for value in np.linspace(-1.0, 1.0, 50).tolist():
        assert typeset(rf"q = \sum_i w_i = {number(value)}", SIZE_PX, BLACK).is_typeset
