import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from gui.items.lines_item import LinesItem

INK = QColor("#ff0000")


@pytest.fixture
def view(qapp, keep_plot):
    view = keep_plot(pg.PlotWidget())
    view.resize(200, 200)
    view.setBackground("w")
    view.setRange(xRange=(0, 10), yRange=(0, 10), padding=0)
    for axis in ("left", "bottom"):
        view.hideAxis(axis)
    return view


@pytest.fixture
def item(view):
    item = LinesItem()
    item.set_pen(INK)
    view.addItem(item, ignoreBounds=True)
    return item


def inked(view):
    """Return which pixels are red, as an array of shape (height, width)."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rgb = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return rgb[:, :, 1] < 128


def columns(ink):
    return np.flatnonzero(ink.any(axis=0))


def test_a_line_is_drawn_where_it_lies(view, item):
    item.show_lines([np.array([[1.0, 5.0], [9.0, 5.0]])])
    ink = inked(view)
    rows = np.flatnonzero(ink.any(axis=1))
    assert 98 <= rows.min() <= rows.max() <= 102
    assert 1 <= len(rows) <= 3
    assert columns(ink).min() == pytest.approx(20, abs=3)
    assert columns(ink).max() == pytest.approx(180, abs=3)


def test_a_vertex_that_is_not_finite_breaks_its_line(view, item):
    item.show_lines([np.array([[0.0, 5.0], [4.0, 5.0], [5.0, np.nan], [6.0, 5.0], [10.0, 5.0]])])
    drawn = set(columns(inked(view)).tolist())
    assert {20, 60, 140, 180} <= drawn
    assert not {90, 100, 110} & drawn


def test_two_lines_are_not_joined(view, item):
    item.show_lines([np.array([[0.0, 2.0], [4.0, 2.0]]), np.array([[6.0, 2.0], [10.0, 2.0]])])
    assert not {90, 100, 110} & set(columns(inked(view)).tolist())


@pytest.mark.parametrize("lines", [[], [np.empty((0, 2))], [np.array([[1.0, 1.0]])], [np.full((3, 2), np.nan)]])
def test_nothing_to_draw_draws_nothing(view, item, lines):
    item.show_lines([np.array([[1.0, 5.0], [9.0, 5.0]])])
    assert inked(view).any()
    item.show_lines(lines)
    assert np.count_nonzero(inked(view)) <= 4


def test_a_new_line_replaces_the_old_one(view, item):
    item.show_lines([np.array([[1.0, 8.0], [9.0, 8.0]])])
    inked(view)
    item.show_lines([np.array([[1.0, 2.0], [9.0, 2.0]])])
    rows = np.flatnonzero(inked(view).any(axis=1))
    assert rows.min() > 150


def test_a_zoomed_view_draws_the_line_at_its_new_place(view, item):
    item.show_lines([np.array([[0.0, 5.0], [10.0, 5.0]])])
    inked(view)
    view.setRange(xRange=(0, 10), yRange=(4, 14), padding=0)
    rows = np.flatnonzero(inked(view).any(axis=1))
    assert 175 <= rows.min() <= rows.max() <= 185


def ink(view):
    """Return how much red there is in all, in pixels that are wholly red."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rgb = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return (255.0 - rgb[:, :, 1]).sum() / 255.0


def test_thin_ones_are_one_pixel_wide(view, item):
    line = np.array([[0.0, 1.0], [10.0, 4.0]])
    item.show_lines([line])
    usual = ink(view)
    item.show_lines([])
    thin = LinesItem(thin=True)
    thin.set_pen(INK)
    view.addItem(thin, ignoreBounds=True)
    thin.show_lines([line])
    assert 180 < ink(view) < 0.75 * usual


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize(("thin", "width"), [(True, 1.0), (False, 1.6)])
def test_a_line_is_as_wide_on_a_finer_screen(qapp, ratio, thin, width):
    item = LinesItem(thin=thin)
    item.set_pen(QColor("black"))
    item.show_lines([np.array([[5.0, 20.0], [35.0, 20.0]])])
    side = round(40 * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    column = [1.0 - image.pixelColor(side // 2, y).redF() for y in range(side)]
    assert sum(column) / ratio == pytest.approx(width, abs=0.3)
    inked = [place for place, ink in enumerate(column) if ink > 0.2]
    assert inked == list(range(inked[0], inked[-1] + 1)), "one line"
