import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gui.items.chart import Chart
from gui.theme import named


@pytest.mark.parametrize("width", [186, 240, 360])
@pytest.mark.parametrize("end", [1.5, 3.0, 20.0, 0.05])
def test_no_figure_of_an_axis_reaches_beyond_the_room_of_a_chart(qapp, width, end):
    image = QImage(width + 40, 160, QImage.Format.Format_RGB32)
    theme = named("light")
    image.fill(theme.panel)
    painter = QPainter(image)
    chart = Chart.within(QRectF(0, 0, width, 160), (-end, end), (-1.0, 1.0))
    chart.paint_frame(painter, theme, "activation: a over z")
    painter.end()
    background = theme.panel.rgb()
    assert all(image.pixel(x, y) == background for x in range(width, width + 40) for y in range(160))
