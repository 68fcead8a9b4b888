import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gui.items.plot_axes import LEFT_AXIS, even_ticks, paint_axes
from gui.theme import figure_font, named


@pytest.mark.parametrize(("low", "high", "length"), [(-6, 6, 400), (-6, 6, 90), (0.13, 0.21, 300), (-1000, 3, 200)])
def test_ticks_are_round_within_the_axis_and_not_crowded(low, high, length):
    ticks = even_ticks(low, high, length)
    shares = [share for share, _ in ticks]
    assert 1 <= len(ticks) <= length / 38 + 1
    assert -1e-9 <= min(shares) <= max(shares) <= 1 + 1e-9
    for share, text in ticks:
        assert float(text.replace("−", "-")) == pytest.approx(low + share * (high - low), abs=1e-6 * (high - low))


def test_nothing_but_the_frame_is_beyond_its_room_and_texts_do_not_touch(qapp):
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    theme = named("light")
    image.fill(theme.panel)
    painter = QPainter(image)
    crowded = [(share / 40, f"{share * 1000}") for share in range(41)]
    paint_axes(painter, QRectF(80, 20, 180, 140), crowded, crowded, theme)
    painter.end()
    background = theme.panel.rgb()
    assert all(image.pixel(x, y) == background for x in range(80 - int(LEFT_AXIS) - 1) for y in range(200))
    # Between two texts of an axis there is room.
    row = [any(image.pixel(x, y) != background for y in range(164, 180)) for x in range(80, 260)]
    gaps = "".join("#" if dark else "." for dark in row)
    assert "...." in gaps.strip(".")


@pytest.mark.parametrize(("low", "high"), [(0, 600_000), (-60_000, 60_000), (-0.0004, 0.0004), (12_345.62, 12_345.71)])
def test_a_tick_beside_a_plot_keeps_its_first_digit(qapp, low, high):
    theme, area = named("light"), QRectF(80, 20, 180, 140)
    ticks = even_ticks(low, high, area.height())
    widest = max((text for _, text in ticks), key=len)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(theme.panel)
    painter = QPainter(image)
    paint_axes(painter, area, [], ticks, theme)
    font = painter.font()
    painter.end()
    assert QFontMetricsF(font).horizontalAdvance(widest) <= LEFT_AXIS
    assert font.pixelSize() >= figure_font(10).pixelSize() / 2
