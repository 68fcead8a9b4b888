"""Flat: a hidden space seen along two axes, drawn on any picture."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from gui.items.hidden.cells import cells_of, paint_quads
from gui.items.hidden.lines import next_boundaries, paint_line, paint_sheet_lines
from gui.items.hidden.look import Frame, HiddenLook, shown_range, to_page
from gui.items.hidden.marks import Marks, paint_halos, paint_probes
from gui.items.hidden.moment import N_LINES, HiddenMoment
from gui.items.hidden.seen import Seen
from gui.items.hidden.texts import NAME_PX, shown_axes, write_on_ground
from gui.items.lines_item import paint_lines
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, elided, even_ticks, paint_axes, paint_grid
from gui.items.points_layer import paint_markers
from gui.theme import Theme, figure_font
from model.explain.hidden_space import VALUES
from model.types import FloatArray

_SHEET_OPACITY = 0.8
_PAGE_LIMIT = 1e6


def paint_flat(
    painter: QPainter,
    area: QRectF,
    moment: HiddenMoment,
    look: HiddenLook,
    marks: Marks,
    theme: Theme,
    *,
    scale: float,
    copied: bool,
) -> Seen:
    """Draw a hidden space along two axes, see :func:`gui.items.hidden.paint.paint_hidden`."""
    plot = area.adjusted(LEFT_AXIS, 6, -8, -BOTTOM_AXIS)
    frame = Frame.round(*moment.space.limits(look.share))
    mapping = to_page(frame, look, plot)
    low, high = shown_range(frame, look, plot)
    x_axis, y_axis = shown_axes(moment.space, look.share, moment.dataset)
    x_ticks = even_ticks(float(low[0]), float(high[0]), plot.width(), x_axis)
    y_ticks = even_ticks(float(low[1]), float(high[1]), plot.height(), y_axis)
    paint_grid(painter, plot, x_ticks, y_ticks, QPen(theme.grid, 1.0))
    painter.save()
    painter.setClipRect(plot)
    sheet = moment.sheet(look.share)
    on_page = _on_page(frame, mapping, sheet)
    if moment.space.on_line:
        paint_line(painter, on_page[0], moment, theme)
    else:
        paint_quads(painter, cells_of(on_page, moment.colours, plot).quads(), _SHEET_OPACITY, theme)
        _paint_net(painter, on_page, theme)
    if look.share == VALUES:
        for ends, colour in next_boundaries(moment, low, high, theme):
            pen = QPen(colour, 1.2, Qt.PenStyle.DashLine)
            paint_lines(painter, [_on_page(frame, mapping, ends)], QTransform(), pen)
    paint_sheet_lines(painter, plot, moment, on_page, theme, quick=copied)
    places = _on_page(frame, mapping, moment.space.points.at(look.share))

    def on_its_way(place: tuple[float, float]) -> FloatArray:
        places = moment.space.way_of(np.array([place])).at(look.share)
        return _on_page(frame, mapping, places).reshape(2)

    rows = marks.rows(moment.dataset)
    paint_halos(painter, places, theme, marks, scale)
    paint_markers(painter, moment.dataset, rows, places[rows], theme, scale=scale, copied=copied)
    paint_probes(painter, on_its_way, theme, marks, scale)
    painter.restore()
    paint_axes(painter, plot, x_ticks, y_ticks, theme, text_px=NAME_PX)
    _paint_names(painter, plot, x_axis.name, y_axis.name, theme)
    return Seen(plot, rows, places, on_page.reshape(-1, 2), np.zeros(on_page.shape[0] * on_page.shape[1]))


def _on_page(frame: Frame, mapping: QTransform, places: FloatArray) -> FloatArray:
    """Return places on the page; what is far off it stays where painting is safe."""
    in_box = frame.in_box(places)
    page = in_box * [mapping.m11(), mapping.m22()] + [mapping.dx(), mapping.dy()]
    clipped: FloatArray = np.clip(page, -_PAGE_LIMIT, _PAGE_LIMIT)
    return clipped


def _paint_net(painter: QPainter, on_page: FloatArray, theme: Theme) -> None:
    """Draw what the lines of whole coordinates become, and stronger the two axes and the edge of the plane."""
    n = len(on_page) - 1
    every, strong = range(0, n + 1, n // N_LINES), (0, n // 2, n)
    for numbers, opacity in ((every, 0.22), (strong, 0.5)):
        lines = [on_page[number] for number in numbers] + [on_page[:, number] for number in numbers]
        colour = QColor(theme.text)
        colour.setAlphaF(opacity)
        paint_lines(painter, lines, QTransform(), QPen(colour, 1.0))


def _paint_names(painter: QPainter, plot: QRectF, x_name: str, y_name: str, theme: Theme) -> None:
    """Write what the axes are into the plot's corners, above the end of each."""
    metrics = QFontMetricsF(figure_font(NAME_PX, bold=True))
    x_name, y_name = (elided(name, metrics, plot.width() - 10) for name in (x_name, y_name))
    width = metrics.horizontalAdvance(x_name)
    write_on_ground(painter, plot.bottomRight() - QPointF(width + 5, 18), x_name, theme, theme.text, bold=True)
    write_on_ground(painter, plot.topLeft() + QPointF(5, 3), y_name, theme, theme.text, bold=True)
