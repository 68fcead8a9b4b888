"""The cards of an animation's pictures that show a part of the plane: the network's answer or curve, and the points."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTransform

from gui.export.animation.card import LINE_WIDTH, TICK_PX, AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title, panel_title_width
from gui.export.animation.legends import LEGEND_GAP, LEGEND_HEIGHT, MOST_ROWS, Legend
from gui.export.animation.settings import PANEL_NAMES
from gui.items.curve.key import key_lines
from gui.items.curve.lines import curve_lines
from gui.items.lines_item import paint_lines
from gui.items.pixmaps import KeptPixmap
from gui.items.plane_scales import named_axes, plane_ticks
from gui.items.plot_axes import NAME_ROW, elided
from gui.items.points_layer import paint_points
from gui.items.surface_item import paint_surface
from gui.items.switch_lines import paint_switch_lines
from gui.theme import figure_font
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.data.wording import plane_axes
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot

_MOST_STRETCHED = 1.8
"""The plane is shown beyond -6 to 6 where its card is not square, up to this ratio of its sides."""

_LEFT_AXIS, _BESIDE_TICK, _BOTTOM_AXIS = 24.0, 7.0, 19.0
_LEAST_WITH_AXES = 100.0
_LEAST_WITH_LEGEND = 90.0
"""A lower card has no row for a legend below its title."""

_MARKERS_FIT = 330.0
"""How wide and high a plane is in which markers are as large as in the window."""

_CENTRE = Qt.AlignmentFlag.AlignCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class PlaneCard(Card):
    """A part of the plane, with axes and points.

    Attributes
    ----------
    plane : Plane
        What is shown of it.
    to_pixels : QTransform
        From the plane to the units of the layout.
    """

    title = ""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        self.run = run
        legends = [self.legend(frame) for frame in run.with_own_data]
        left = header.left() + panel_title_width(self.title) + LEGEND_GAP
        self._legend_row = QRectF(left, header.top(), header.right() - left, header.height())
        if body.height() >= _LEAST_WITH_LEGEND and any(
            legend.n_rows(self._legend_row.width()) > 1 for legend in legends
        ):
            n_rows = min(max(legend.n_rows(body.width()) for legend in legends), MOST_ROWS)
            self._legend_row = QRectF(body.left(), body.top() - 6, body.width(), n_rows * LEGEND_HEIGHT)
            body = body.adjusted(0, n_rows * LEGEND_HEIGHT - 3, 0, 0)
        self._has_axes = min(body.width(), body.height()) >= _LEAST_WITH_AXES
        has_name = any(named_axes(frame.dataset)[0] for frame in run.with_own_data)
        self._bottom_axis = _BOTTOM_AXIS + (NAME_ROW if has_name else 0.0)
        self._left_axis = max(_left_axis(frame.dataset, body.height()) for frame in run.with_own_data)
        if self._has_axes:
            body = body.adjusted(self._left_axis, 0, 0, 4 - self._bottom_axis)
        super().__init__(header, _within(body, _MOST_STRETCHED), run)
        per_unit = min(self.body.width(), self.body.height()) / (2 * PLANE_LIMIT)
        x_limit, y_limit = self.body.width() / per_unit / 2, self.body.height() / per_unit / 2
        self.plane = Plane(-x_limit, x_limit, -y_limit, y_limit)
        self.to_pixels = QTransform(per_unit, 0, 0, -per_unit, self.body.center().x(), self.body.center().y())
        self._points, self._legend, self._axes = KeptPixmap(), KeptPixmap(), KeptPixmap()

    def legend(self, frame: KeyFrame) -> Legend:
        """Return what explains a moment."""
        return Legend.of(frame.dataset, test_points=self.run.settings.test_points)

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title; a run may change from a curve to the plane."""
        paint_panel_title(painter, self.header, self.title, self.run.theme)

    def paint_grid(self, painter: QPainter, dataset: Dataset) -> None:
        """Draw a line at each tick, and a frame."""
        colours, body = self.run.theme, self.body
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x_ticks, y_ticks = plane_ticks(self.plane, body, dataset)
        for share, text in x_ticks:
            x = body.left() + share * body.width()
            painter.setPen(QPen(colours.line if text == "0" else colours.grid, 1.0))
            painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom()))
        for share, text in y_ticks:
            y = body.bottom() - share * body.height()
            painter.setPen(QPen(colours.line if text == "0" else colours.grid, 1.0))
            painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawRect(body)

    def _paint_axes(self, painter: QPainter, dataset: Dataset) -> None:
        """Draw the texts of the axes: coordinates, or the heights of a curve over x, in the person's units."""
        body, theme = self.body, self.run.theme
        painter.setFont(figure_font(TICK_PX))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.muted)
        x_ticks, y_ticks = plane_ticks(self.plane, body, dataset)
        x_axis, y_axis = plane_axes(dataset)
        has_row, is_named = named_axes(dataset)
        x_name = elided(x_axis.name, metrics, body.width())
        right_end = body.right() - (-6 if has_row else metrics.horizontalAdvance(x_name) + 2)
        for share, text in x_ticks:
            x, half = body.left() + share * body.width(), metrics.horizontalAdvance(text) / 2 + 1
            if body.left() + half - 4 <= x <= right_end - half - 4:
                painter.drawText(QRectF(x - half, body.bottom() + 3, 2 * half, 14), _CENTRE, text)
        top = body.top() + (5 if is_named else 20)
        for share, text in y_ticks:
            y = body.bottom() - share * body.height()
            if top <= y <= body.bottom() - 5:
                box = QRectF(body.left() - self._left_axis, y - 8, self._left_axis - 5, 16)
                painter.drawText(box, _RIGHT, text)
        painter.setPen(theme.text)
        if has_row:
            painter.drawText(QRectF(body.left(), body.bottom() + 17, body.width(), NAME_ROW), _CENTRE, x_name)
        else:
            box = QRectF(right_end - 20, body.bottom() + 3, body.right() - right_end + 20, 14)
            painter.drawText(box, _RIGHT, x_name)
        if not is_named:
            box = QRectF(body.left() - self._left_axis, body.top() - 1, self._left_axis - 5, 14)
            painter.drawText(box, _RIGHT, y_axis.name)
            return
        painter.translate(body.left() - self._left_axis, body.bottom())
        painter.rotate(-90.0)
        y_name = elided(y_axis.name, metrics, body.height())
        painter.drawText(QRectF(0, 0, body.height(), NAME_ROW), _CENTRE, y_name)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw axes, points, and what their colours stand for."""
        run, dataset, legend = self.run, frame.dataset, self.legend(frame)
        if self._has_axes:
            room = self.body.adjusted(-self._left_axis, -8, 8, self._bottom_axis)
            key = (*plane_axes(dataset), *named_axes(dataset))
            self._axes.paint(painter, room, key, lambda on: self._paint_axes(on, dataset))
        self._legend.paint(
            painter,
            self._legend_row,
            legend,
            lambda on: legend.paint(on, self._legend_row, run.theme, bands=run.settings.regions),
        )
        scale = min(max(min(self.body.width(), self.body.height()) / _MARKERS_FIT, 0.6), 1.25)
        self._points.paint(
            painter,
            self.body,
            id(dataset),
            lambda on: paint_points(
                on, dataset, self.to_pixels, run.theme, test_points=run.settings.test_points, scale=scale
            ),
        )


class SurfaceCard(PlaneCard):
    """The network's answer over the plane and its lines, or its curve, and the points."""

    title = PANEL_NAMES["surface"]

    def legend(self, frame: KeyFrame) -> Legend:
        """Return what explains points and lines."""
        points = super().legend(frame)
        if not frame.dataset.is_curve:
            return points
        lines = key_lines(frame.network, self.run.theme, terms=self.run.settings.terms)
        return replace(points, lines=tuple(lines))

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the surface, or the curve, and the points."""
        if snapshot.curve is None:
            self._paint_surface(painter, snapshot)
        else:
            self._paint_curve(painter, snapshot)
        if self.run.settings.switch_lines:
            painter.save()
            painter.setClipRect(self.body)
            paint_switch_lines(painter, snapshot.network, None, self.plane, self.to_pixels, self.body, self.run.theme)
            painter.restore()
        super().paint(painter, frame, snapshot)

    def _paint_curve(self, painter: QPainter, snapshot: Snapshot) -> None:
        run = self.run
        self.paint_grid(painter, snapshot.moment.dataset)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self.body)
        for line in curve_lines(snapshot, run.theme, terms=run.settings.terms, width=LINE_WIDTH):
            paint_lines(painter, [line.vertices], self.to_pixels, line.pen)
        painter.restore()

    def _paint_surface(self, painter: QPainter, snapshot: Snapshot) -> None:
        run = self.run
        paint_surface(
            painter,
            self.body,
            snapshot.surface,
            self.to_pixels,
            run.theme,
            regions=run.settings.regions,
            line_width=LINE_WIDTH,
        )


class DataCard(PlaneCard):
    """The points alone, on a grid."""

    title = PANEL_NAMES["data"]

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the grid, too, whose lines are at round numbers of the person whose points they are."""
        painter.save()
        self.paint_grid(painter, frame.dataset)
        painter.restore()
        super().paint(painter, frame, snapshot)


def _within(area: QRectF, most_stretched: float) -> QRectF:
    """Return the middle of an area whose sides are too different."""
    width = min(area.width(), area.height() * most_stretched)
    height = min(area.height(), area.width() * most_stretched)
    x, y = round(area.center().x() - width / 2), round(area.center().y() - height / 2)
    return QRectF(x, y, round(width), round(height))


def _left_axis(dataset: Dataset, height: float) -> float:
    """Return how much room the texts of the upright axis take beside the plane."""
    _, ticks = plane_ticks(Plane(), QRectF(0, 0, height, height), dataset)
    metrics = QFontMetricsF(figure_font(TICK_PX))
    widest = max(metrics.horizontalAdvance(text) for _, text in ticks)
    return max(_LEFT_AXIS, ceil(widest) + _BESIDE_TICK) + (NAME_ROW if named_axes(dataset)[1] else 0.0)
