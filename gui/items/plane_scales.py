"""The axes of the plane on a page: ticks in the units of the points' person, and the names that they gave."""

from __future__ import annotations

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, NAME_ROW, elided, even_ticks, last_gap, paint_axes
from gui.theme import Theme, figure_font
from model import Dataset
from model.data.naming import Axis
from model.data.wording import plane_axes
from model.run.snapshot import Plane

_NAME_PX, _SHORT = 11, 22.0
_CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine


def plane_margins(dataset: Dataset) -> QMarginsF:
    """Return how much room the axes of the plane take round it, with half a figure at their ends."""
    x, y = named_axes(dataset)
    return QMarginsF(LEFT_AXIS + NAME_ROW * y, 6, 8, BOTTOM_AXIS + NAME_ROW * x)


def named_axes(dataset: Dataset) -> tuple[bool, bool]:
    """Return for both axes of the plane whether a person has named them, for which they have a row of their own."""
    naming = dataset.naming
    return bool(naming.x1.name), bool((naming.value if dataset.is_curve else naming.x2).name)


def plane_ticks(
    plane: Plane, plot: QRectF, dataset: Dataset
) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """Return the ticks of both axes: how far each is along its axis, 0 to 1, and its text."""
    x, y = plane_axes(dataset)
    return (
        even_ticks(plane.x_min, plane.x_max, plot.width(), x),
        even_ticks(plane.y_min, plane.y_max, plot.height(), y),
    )


def paint_plane_axes(painter: QPainter, plot: QRectF, plane: Plane, dataset: Dataset, theme: Theme) -> None:
    """Draw a frame round a part of the plane, with ticks, their texts and the names of both axes."""
    ticks = plane_ticks(plane, plot, dataset)
    paint_axes(painter, plot, *ticks, theme)
    painter.setFont(figure_font(_NAME_PX))
    painter.setPen(theme.text)
    for axis, is_own, places, is_upright in zip(
        plane_axes(dataset), named_axes(dataset), ticks, (False, True), strict=True
    ):
        _paint_name(painter, plot, axis, [share for share, _ in places], is_own=is_own, is_upright=is_upright)


def _paint_name(
    painter: QPainter, plot: QRectF, axis: Axis, shares: list[float], *, is_own: bool, is_upright: bool
) -> None:
    """Write a name beside the ticks; one that nobody gave is short, and stands between the last two."""
    length = plot.height() if is_upright else plot.width()
    text = elided(axis.name, QFontMetricsF(painter.font()), length)
    if is_own and is_upright:
        painter.save()
        painter.translate(plot.left() - LEFT_AXIS - NAME_ROW, plot.bottom())
        painter.rotate(-90.0)
        painter.drawText(QRectF(0, 0, length, NAME_ROW), _CENTRE, text)
        painter.restore()
        return
    if is_own:
        painter.drawText(QRectF(plot.left(), plot.bottom() + BOTTOM_AXIS, length, NAME_ROW), _CENTRE, text)
        return
    gap = last_gap([share * length for share in shares])
    if gap is None:
        return
    middle = (
        QPointF(plot.left() - _SHORT / 2 - 3, plot.bottom() - gap)
        if is_upright
        else QPointF(plot.left() + gap, plot.bottom() + BOTTOM_AXIS / 2)
    )
    painter.drawText(QRectF(middle.x() - _SHORT / 2, middle.y() - 8, _SHORT, 16), _CENTRE, text)
