import logging
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from ziamath.zmath import Latex

from gui import theme
from gui.items.engraving import engrave
from gui.items.latex import by_sign
from gui.items.typeset import Typeset, dyed, flaw_of, typeset

ROOT = Path(__file__).resolve().parents[3]
BLACK = QColor("black")


def drawn(picture: Typeset, scale: int = 1) -> np.ndarray:
    """The picture on white, an array of shape (height, width, 3)."""
    image = QImage(
        int(picture.size.width() + 1) * scale, int(picture.size.height() + 1) * scale, QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture.paint(painter, QPointF(0.0, 0.0))
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[..., 2::-1].astype(int)


def test_a_formula_is_drawn_in_the_colour_and_where_its_size_says(qapp):
    shown = drawn(typeset(r"\frac{1}{1 + e^{-z}}", 16, BLACK))
    ink = (shown < 128).all(axis=2)
    rows, columns = np.nonzero(ink)
    assert (shown.min(), shown.max()) == (0, 255)
    assert (np.ptp(shown, axis=2) == 0).all()
    assert rows.min() <= 3
    assert rows.max() >= shown.shape[0] - 5
    assert columns.min() <= 3
    assert columns.max() >= shown.shape[1] - 6


def test_what_the_first_formula_needs_can_be_loaded_before():
    script = (
        "import sys; from gui.items.typeset import load_early; assert 'ziamath' not in sys.modules; "
        "load_early().join(); assert 'ziamath' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


def test_a_formula_is_sharp_on_a_screen_of_double_scale(qapp):
    picture = typeset("z_{1} + x", 16, BLACK)
    once, twice = drawn(picture), drawn(picture, 2)
    enlarged = once.repeat(2, axis=0).repeat(2, axis=1)
    grey = [((image > 40) & (image < 215)).mean() for image in (enlarged, twice)]
    assert grey[1] < 0.75 * grey[0]


def test_parts_have_the_colour_of_their_sign_in_each_theme(qapp):
    for name in ("light", "dark"):
        colours = theme.named(name)
        latex = f"{by_sign('0.5', 0.5)} + {by_sign('{-0.5}', -0.5)} + x"
        shown = drawn(typeset(dyed(latex, colours), 32, BLACK)).reshape(-1, 3)
        signs = (theme.legible(sign, colours) for sign in (colours.positive, colours.negative))
        for colour in (*signs, BLACK):
            assert (shown == [colour.red(), colour.green(), colour.blue()]).all(axis=1).any()


def test_the_baseline_is_where_letters_stand(qapp):
    picture = typeset("x", 40, BLACK)
    rows = np.nonzero((drawn(picture) < 128).any(axis=(1, 2)))[0]
    assert rows.max() + 1 == pytest.approx(picture.ascent, abs=1.5)


@pytest.mark.parametrize(
    "latex", [r"\frac{1", r"x_1_2", r"\begin{bmatrix} 1", r"}{", r"\left(", r"\unheard{x}", "&", ""]
)
def test_wrong_latex_never_raises(qapp, caplog, latex):
    with caplog.at_level(logging.CRITICAL):
        drawn(typeset(latex, 16, BLACK))


def test_wrong_latex_is_shown_as_it_is(qapp, caplog):
    picture = typeset(r"\frac{12", 16, BLACK)
    assert not picture.is_typeset
    assert (drawn(picture) < 128).any()
    assert "cannot typeset" in caplog.text


def test_a_formula_is_typeset_once(qapp):
    assert typeset("a + b", 16, BLACK) is typeset("a + b", 16, QColor(0, 0, 0))
    assert typeset("a + b", 16, BLACK) is not typeset("a + b", 17, BLACK)


@pytest.mark.parametrize(
    "latex",
    [
        r"\left(\frac{1}{2} + \left(\sqrt{\frac{x}{y}}\right)^{2}\right) \left\{e^{-\left(\frac{1}{x}\right)}\right\}",
        r"\frac{1}{1 + e^{-z}} + \sum_{i=1}^{n} \left(x_{i}\right)",
        r"\sqrt{\left|\frac{\frac{a}{b}}{c}\right|} (x) |\frac{1}{2}| \lVert \frac{1}{2} \rVert_{2}^{2}",
        r"\begin{aligned} a &= \left[\frac{x}{y}\right]_{1} \\ b &= \Big( \overline{\frac{1}{2}} \Big) \end{aligned}",
        r"\begin{pmatrix} \frac{1}{2} \\ x^{2^{2}} \end{pmatrix} \int_{0}^{1} \hat{y} \uparrow \frac{1}{x}",
    ],
)
def test_rows_that_are_measured_once_look_as_ziamath_has_them(monkeypatch, latex):
    quick = engrave(latex, 16, "#000000").svg.decode()
    monkeypatch.setattr(
        "gui.items.engraving._Row._get_height_nostretch",
        lambda row, line, **options: super(type(row), row)._get_height_nostretch(line, **options),
    )
    assert Latex(latex, size=16, color="#000000").svg() == quick


def test_the_window_comes_up_without_what_typesets():
    code = (
        "import sys, gui.app, gui.main_window\n"
        "sys.exit(' '.join({'ziamath', 'ziafont', 'latex2mathml', 'sympy'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.strip() == ""


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        (r"\foo{b}", r"there is no command \foo"),
        (r"\text{\foo}", r"there is no command \foo"),
        (r"\frac{a}{b", "a { has no } behind it"),
        (r"a} + {b", "a } has no { before it"),
        (r"\begin{gather} a \end{gather}", "there is no environment gather"),
        (r"\frac{a}", "something is missing"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said(latex, said):
    assert flaw_of(latex).startswith(said)


@pytest.mark.parametrize(
    "latex",
    [
        r"\{a\} \setminus \mathbb{R}",
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\left\{\begin{matrix} 1 & 2 \end{matrix}\right.",
        r"\operatorname{tanh}\!\left(z\right)",
        r"\text{100 \%}",
    ],
)
def test_nothing_is_said_of_a_formula_that_is_shown_as_it_is_meant(latex):
    assert flaw_of(latex) == ""
