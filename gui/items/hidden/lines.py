"""Lines of a hidden space: where the network's answer changes, and where the next layer divides the space."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QTransform

from gui.items.hidden.moment import MOST_UNITS, N_LINES, HiddenMoment
from gui.items.lines_item import paint_lines, paint_lines_quickly
from gui.items.numbered_lines import order_colour, paint_numbered_lines
from gui.theme import Theme, figure_font
from model.explain.boundaries import boundaries, divides_by_each
from model.types import FloatArray, readable

_LINE_WIDTH, _PIECES, _TICK_PX = 4.0, 64, 11

_TRUSTED = 0.9
"""The next layer's boundaries are drawn across components that have this share of the variance, or more."""


def paint_sheet_lines(
    painter: QPainter, area: QRectF, moment: HiddenMoment, on_page: FloatArray, theme: Theme, *, quick: bool
) -> None:
    """Draw on the sheet where the network's answer changes, and where the sums of the next layer's neurons are 0.

    Parameters
    ----------
    on_page : ndarray of shape (n_rows, n_columns, 2)
        Where the sheet's vertices are.
    quick : bool
        Draw them in less time, for a screen.
    """
    answer = [moment.on_sheet(line.vertices, on_page) for line in moment.lines if line.unit is None]
    draw = paint_lines_quickly if quick else paint_lines
    draw(painter, answer, QTransform(), QPen(theme.text, 1.6))
    own = [(line.unit, moment.on_sheet(line.vertices, on_page)) for line in moment.lines if line.unit is not None]
    paint_numbered_lines(painter, own, _next_size(moment), QTransform(), area, theme, quick=quick)


def paint_line(painter: QPainter, on_page: FloatArray, moment: HiddenMoment, theme: Theme) -> None:
    """Draw what the line of x becomes, in the colours of the answer, with a mark at each whole x.

    Parameters
    ----------
    on_page : ndarray of shape (n_vertices, 2)
        Where its vertices are.
    """
    places, colours = [QPointF(x, y) for x, y in on_page.tolist()], moment.colours[0].tolist()
    last, piece = len(places) - 1, len(places) // _PIECES
    paint_lines(painter, [on_page], QTransform(), QPen(theme.text, _LINE_WIDTH + 1.5))
    for start in range(0, last, piece):
        end = min(start + piece, last)
        pen = QPen(QColor.fromRgb(colours[(start + end) // 2]), _LINE_WIDTH)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        paint_lines(painter, [on_page[start : end + 1]], QTransform(), pen)
    painter.setFont(figure_font(_TICK_PX))
    for number in range(N_LINES + 1):
        place, x = places[last * number // N_LINES], number - N_LINES // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.text)
        painter.drawEllipse(place, 2.0, 2.0)
        if number in (0, N_LINES):
            text, clip = readable(f"x = {x}"), painter.clipBoundingRect()
            width = QFontMetricsF(painter.font()).horizontalAdvance(text)
            inner = places[piece] if number == 0 else places[last - piece]
            # On the side to which the line does not go.
            left = place.x() + 5.0 if place.x() >= inner.x() else place.x() - 5.0 - width
            left = max(min(left, clip.right() - width - 4.0), clip.left() + 4.0)
            painter.setPen(theme.text)
            painter.drawText(QPointF(left, max(place.y() - 6.0, clip.top() + 28.0)), text)


def next_boundaries(
    moment: HiddenMoment, low: FloatArray, high: FloatArray, theme: Theme
) -> Iterator[tuple[FloatArray, QColor]]:
    """Return where the next layer divides the whole space between two places, and in which colours that is drawn.

    Nothing where too much of the space is not seen for that to be true, or where there would be a haze.

    Returns
    -------
    iterator of tuple
        The ends of a line, or the corners of a part of a plane, an ndarray of shape (n_corners, n_axes), and a colour.
    """
    space, count = moment.space, _next_size(moment)
    settings, shares = space.network.settings, space.axes.shares
    if (shares is not None and sum(shares) < _TRUSTED) or (
        divides_by_each(settings, space.layer) and count > MOST_UNITS
    ):
        return
    for boundary in boundaries(space, low, high, regression=moment.is_regression):
        is_hidden = space.layer < settings.n_hidden_layers
        yield boundary.corners, order_colour(boundary.unit, count, theme) if is_hidden else theme.text


def _next_size(moment: HiddenMoment) -> int:
    return moment.space.network.settings.layer_sizes[moment.space.layer + 1]
