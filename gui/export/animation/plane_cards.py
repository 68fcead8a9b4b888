"""The cards of an animation's pictures that show a part of the plane: the network's answer or curve, and the points."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

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
from gui.items.points_layer import paint_points
from gui.items.surface_item import paint_surface
from gui.items.switch_lines import paint_switch_lines
from gui.theme import figure_font
from model.data.dataset import CURVE_UNIT, PLANE_LIMIT, ProblemKind
from model.data.features import feature
from model.numbers import number_text
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot

_MOST_STRETCHED = 1.8
"""The plane is shown beyond -6 to 6 where its card is not square, up to this ratio of its sides."""

_LEFT_AXIS, _LEFT_AXIS_OF_HEIGHTS, _BOTTOM_AXIS = 24.0, 31.0, 19.0
_LEAST_WITH_AXES = 100.0
_LEAST_WITH_LEGEND = 90.0
"""A lower card has no row for a legend below its title."""

_LEAST_TICK_PITCH = 30.0
_MARKERS_FIT = 330.0
"""How wide and high a plane is in which markers are as large as in the window."""

_AXES: dict[ProblemKind, tuple[str, str]] = {
    "classes": (feature("x1").label, feature("x2").label),
    "values": (feature("x1").label, feature("x2").label),
    "curve": ("x", "y"),
}
"""What the axes are called."""

_CENTRE = Qt.AlignmentFlag.AlignCenter


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
        has_heights = any(frame.dataset.is_curve for frame in run.frames)
        self._left_axis = _LEFT_AXIS_OF_HEIGHTS if has_heights else _LEFT_AXIS
        if self._has_axes:
            body = body.adjusted(self._left_axis, 0, 0, 4 - _BOTTOM_AXIS)
        super().__init__(header, _within(body, _MOST_STRETCHED), run)
        per_unit = min(self.body.width(), self.body.height()) / (2 * PLANE_LIMIT)
        x_limit, y_limit = self.body.width() / per_unit / 2, self.body.height() / per_unit / 2
        self.plane = Plane(-x_limit, x_limit, -y_limit, y_limit)
        self.to_pixels = QTransform(per_unit, 0, 0, -per_unit, self.body.center().x(), self.body.center().y())
        self._pitch = next((pitch for pitch in (2, 4) if pitch * per_unit >= _LEAST_TICK_PITCH), 6)
        self._points, self._legend, self._axes = KeptPixmap(), KeptPixmap(), KeptPixmap()

    def legend(self, frame: KeyFrame) -> Legend:
        """Return what explains a moment."""
        return Legend.of(frame.dataset, self.run.class_names, test_points=self.run.settings.test_points)

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title; a run may change from a curve to the plane."""
        paint_panel_title(painter, self.header, self.title, self.run.theme)

    def ticks(self, low: float, high: float) -> list[int]:
        """Return the round numbers along an axis."""
        return [self._pitch * n for n in range(ceil(low / self._pitch), floor(high / self._pitch) + 1)]

    def paint_grid(self, painter: QPainter) -> None:
        """Draw a line at each tick, and a frame."""
        colours, body = self.run.theme, self.body
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for tick in self.ticks(self.plane.x_min, self.plane.x_max):
            x = self.to_pixels.map(QPointF(tick, 0)).x()
            painter.setPen(QPen(colours.line if tick == 0 else colours.grid, 1.0))
            painter.drawLine(QPointF(x, body.top()), QPointF(x, body.bottom()))
        for tick in self.ticks(self.plane.y_min, self.plane.y_max):
            y = self.to_pixels.map(QPointF(0, tick)).y()
            painter.setPen(QPen(colours.line if tick == 0 else colours.grid, 1.0))
            painter.drawLine(QPointF(body.left(), y), QPointF(body.right(), y))
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawRect(body)

    def _paint_axes(self, painter: QPainter, kind: ProblemKind) -> None:
        """Draw the texts of the axes: coordinates, or the heights of a curve over x."""
        body, plane, theme = self.body, self.plane, self.run.theme
        x_name, y_name = _AXES[kind]
        unit = CURVE_UNIT if kind == "curve" else 1.0
        painter.setFont(figure_font(TICK_PX))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(theme.muted)
        half = metrics.horizontalAdvance("−10") / 2 + 1
        right_end = body.right() - metrics.horizontalAdvance(x_name) - 2
        for tick in self.ticks(plane.x_min, plane.x_max):
            x = self.to_pixels.map(QPointF(tick, 0)).x()
            if body.left() + half - 4 <= x <= right_end - half:
                painter.drawText(QRectF(x - half, body.bottom() + 3, 2 * half, 14), _CENTRE, _number(tick))
        for tick in self.ticks(plane.y_min, plane.y_max):
            y = self.to_pixels.map(QPointF(0, tick)).y()
            if body.top() + 20 <= y <= body.bottom() - 5:
                box = QRectF(body.left() - self._left_axis, y - 8, self._left_axis - 5, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _number(tick / unit))
        painter.setPen(theme.text)
        box = QRectF(right_end - 20, body.bottom() + 3, body.right() - right_end + 20, 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, x_name)
        box = QRectF(body.left() - self._left_axis, body.top() - 1, self._left_axis - 5, 14)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, y_name)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw axes, points, and what their colours stand for."""
        run, dataset, legend = self.run, frame.dataset, self.legend(frame)
        if self._has_axes:
            room = self.body.adjusted(-self._left_axis, -8, 8, _BOTTOM_AXIS)
            self._axes.paint(painter, room, dataset.kind, lambda on: self._paint_axes(on, dataset.kind))
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
        self.paint_grid(painter)
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

    def paint_background(self, painter: QPainter) -> None:
        """Draw the grid, too."""
        super().paint_background(painter)
        self.paint_grid(painter)


def _within(area: QRectF, most_stretched: float) -> QRectF:
    """Return the middle of an area whose sides are too different."""
    width = min(area.width(), area.height() * most_stretched)
    height = min(area.height(), area.width() * most_stretched)
    x, y = round(area.center().x() - width / 2), round(area.center().y() - height / 2)
    return QRectF(x, y, round(width), round(height))


def _number(tick: float) -> str:
    return number_text(tick)
