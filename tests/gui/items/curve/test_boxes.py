"""Neurons' activations over x, drawn small."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.items.curve.boxes import paint_unit_curves, place_on_curve
from gui.theme import mixed, named

BOX = QRectF(10, 10, 100, 100)


def painted(curves, limits, rects=(BOX,), name="light"):
    image = QImage(240, 120, QImage.Format.Format_RGB32)
    image.fill(named(name).window)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_unit_curves(painter, rects, np.asarray(curves), limits, named(name))
    painter.end()
    return image


def is_near(colour, other):
    return all(abs(a - b) <= 30 for a, b in zip(colour.getRgb()[:3], QColor(other).getRgb()[:3], strict=True))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_above_0_it_is_filled_in_one_colour_and_below_in_the_other(name):
    colours = named(name)
    x = np.linspace(-6, 6, 61)
    image = painted([np.tanh(x)], [1.0], name=name)
    above, below = mixed(colours.panel, colours.positive, 0.75), mixed(colours.panel, colours.negative, 0.75)
    assert is_near(image.pixelColor(95, 40), above)
    assert is_near(image.pixelColor(25, 80), below)
    assert is_near(image.pixelColor(25, 40), colours.panel)
    assert is_near(image.pixelColor(95, 80), colours.panel)


def test_the_curve_is_a_line_in_the_colour_of_texts():
    image = painted([np.full(20, 0.5)], [1.0])
    y = round(place_on_curve(BOX, 0.0, 0.5, 1.0).y())
    column = [image.pixelColor(60, row) for row in range(y - 2, y + 3)]
    assert min(colour.lightness() for colour in column) < 120


def test_a_neuron_that_says_0_everywhere_has_its_line_on_the_one_of_0():
    assert place_on_curve(BOX, 0.0, 0.0, 1.0) == QPointF(60, 60)
    image = painted([np.zeros(20)], [1.0])
    assert min(image.pixelColor(60, row).lightness() for row in (59, 60)) < 160


@pytest.mark.parametrize("value", [5.0, 1e300, np.inf])
def test_what_is_beyond_the_limit_stays_in_its_box(value):
    image = painted([np.full(20, value)], [1.0], [QRectF(60, 40, 40, 40)])
    outside = [image.pixelColor(80, row) for row in (*range(0, 39), *range(82, 120))]
    assert set(map(QColor.name, outside)) == {named("light").window.name()}


def test_where_it_is_not_finite_there_is_a_gap():
    curve = np.full(40, 0.5)
    curve[20:] = np.nan
    image = painted([curve], [1.0])
    assert is_near(image.pixelColor(90, 45), named("light").panel)
    assert not is_near(image.pixelColor(30, 45), named("light").panel)


def test_each_neuron_has_its_own_box_and_its_own_limit():
    rects = [QRectF(10, 10, 100, 100), QRectF(130, 10, 100, 100)]
    image = painted([np.full(20, 3.0), np.full(20, -3.0)], [6.0, 3.0], rects)
    colours = named("light")
    assert is_near(image.pixelColor(60, 50), mixed(colours.panel, colours.positive, 0.75))
    assert is_near(image.pixelColor(60, 25), colours.panel)
    assert is_near(image.pixelColor(180, 95), mixed(colours.panel, colours.negative, 0.75))


def test_a_place_is_where_x_and_the_activation_are():
    assert place_on_curve(BOX, -6.0, 1.0, 1.0) == QPointF(10, 20)
    assert place_on_curve(BOX, 3.0, -1.0, 2.0).x() == 85
    assert place_on_curve(BOX, 3.0, -1.0, 2.0).y() == pytest.approx(80)
