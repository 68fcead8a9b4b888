"""A lesson's text: its formulas are pictures, and nothing in it loads or leads anywhere."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QTextDocument, QWheelEvent

from gui import theme
from gui.items.prose import Prose
from gui.theme import Scheme

TEXT = r"""Costs \$5, `a $b$ c`, a [link](http://nowhere.invalid/x),
![picture](file:///etc/hostname) and <b>x</b>: $x_1$.

$$L = -\frac{1}{N}\sum_{i=1}^{N} \log p_{y_i} + w_1^2 + w_2^2 + w_3^2 + w_4^2 + w_5^2 + w_6^2 + w_7^2 + w_8^2 + w_9^2$$
"""


@pytest.fixture
def prose(qtbot):
    theme.manager()
    prose = Prose("Text")
    qtbot.addWidget(prose)
    prose.resize(300, 400)
    with qtbot.waitExposed(prose):
        prose.show()
    prose.show_markdown(TEXT)
    return prose


def pictures(prose):
    return {name: form.toImageFormat() for _, _, form in prose._fragments() if (name := form.toImageFormat().name())}


def test_what_stands_between_dollars_is_typeset_and_nothing_else(prose):
    assert prose.formulas[0] == "x_1"
    assert len(prose.formulas) == 2
    assert "Costs $5, a $b$ c, a link" in prose.toPlainText()
    assert "<b>x</b>" in prose.toPlainText()
    names = [name.split(".")[0] for name in pictures(prose)]
    assert set(names) == {"formula:0", "formula:1"}


def test_nothing_leads_or_loads_anywhere(prose):
    assert not any(form.isAnchor() for _, _, form in prose._fragments())
    kind = QTextDocument.ResourceType.ImageResource.value
    assert prose.document().loadResource(kind, "file:///etc/hostname") == QImage()


@pytest.mark.parametrize("width", [240, 300, 700])
def test_a_formula_is_no_wider_than_the_text(prose, width):
    prose.resize(width, 400)
    widths = [form.width() for form in pictures(prose).values()]
    assert max(widths) <= width
    assert prose.document().idealWidth() <= prose.viewport().width() + 1


def test_formulas_have_the_colours_of_the_theme(prose):
    inks = []
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.manager().set_scheme(scheme)
        picture = prose.document().resource(QTextDocument.ResourceType.ImageResource.value, "formula:0.0")
        seen = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
        inks.append(max(seen, key=lambda colour: colour.alpha()).lightness())
    theme.manager().set_scheme(Scheme.SYSTEM)
    assert inks[0] < 100 < inks[1]


def test_the_wheel_does_not_make_the_text_larger(prose):
    before = prose.font().pointSizeF(), prose.fontPointSize()
    ctrl, none = Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.NoButton
    turn = QWheelEvent(
        QPointF(9, 9), QPointF(9, 9), QPoint(), QPoint(0, 120), none, ctrl, Qt.ScrollPhase.NoScrollPhase, False
    )
    assert turn.type() == QEvent.Type.Wheel
    prose.wheelEvent(turn)
    assert (prose.font().pointSizeF(), prose.fontPointSize()) == before
