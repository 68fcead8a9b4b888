from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.items.hidden.lines import paint_line
from gui.theme import named

SIZE, LOW, HIGH, HEIGHT = 300, 80.0, 220.0, 150.0


@pytest.mark.parametrize("ends", [(LOW, HIGH), (HIGH, LOW)])
def test_the_names_of_both_ends_stand_beside_the_line_and_not_on_it(qapp, ends):
    colours = named("light")
    image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setClipRect(QRectF(0, 0, SIZE, SIZE))
    xs = np.linspace(*ends, 65 * 12)
    on_page = np.column_stack([xs, np.full(len(xs), HEIGHT)])
    moment = SimpleNamespace(colours=np.full((1, len(xs)), 0xFFFF8000, dtype=np.uint32))
    paint_line(painter, on_page, moment, colours)
    painter.end()
    above = [
        x
        for x in range(SIZE)
        for y in range(int(HEIGHT) - 18, int(HEIGHT) - 5)
        if image.pixelColor(x, y).lightness() < 128
    ]
    assert any(x < LOW for x in above)
    assert any(x > HIGH for x in above)
    assert not any(LOW < x < HIGH for x in above)
