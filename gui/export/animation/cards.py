"""Cards: each panel of an animation's picture, drawn by what draws it in the window.

A card draws what stays the same over the animation into the background, once, and the rest for each picture.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap, QTransform

from gui.export.animation.headings import paint_legend, paint_panel_title
from gui.export.animation.settings import AnimationSettings
from gui.items.legend import LOSS_NAMES, LossLine, loss_pen, paint_loss_sample
from gui.items.lines_item import lines_path
from gui.items.loss_axes import LossAxes
from gui.items.network_diagram import NetworkDiagram
from gui.items.pixmaps import drawn_pixmap
from gui.items.points_layer import paint_points
from gui.items.surface_item import level_colour, level_lines, surface_image, surface_lines, to_image
from gui.theme import Theme, figure_font, mixed
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.network.losses import LOSSES
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot
from model.types import FloatArray

LINE_WIDTH = 1.7
_MOST_STRETCHED = 1.8
"""The plane is shown beyond -6 to 6 where its card is not square, up to this ratio of its sides."""

_HEADING_HEIGHT = 20.0
_TICK_PX, _LEFT_AXIS, _BOTTOM_AXIS = 10, 40.0, 30.0
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True, eq=False)
class AnimatedRun:
    """What does not change over an animation.

    Attributes
    ----------
    settings : AnimationSettings
    theme : Theme
    first, last : KeyFrame
        The ends of what is shown.
    curve : tuple of ndarray
        Steps, training losses and test losses of all that is shown.
    class_names : tuple of str
        One for each class, or none: letters.
    """

    settings: AnimationSettings
    theme: Theme
    first: KeyFrame
    last: KeyFrame
    curve: tuple[FloatArray, FloatArray, FloatArray]
    class_names: tuple[str, ...] = ()


class Card(ABC):
    """One panel.

    Parameters
    ----------
    header, body : QRectF
        Where its title and its picture are.
    run : AnimatedRun
    """

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        self.header, self.body, self.run = header, body, run

    @abstractmethod
    def paint_background(self, painter: QPainter) -> None:
        """Draw what stays the same."""

    @abstractmethod
    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the rest, at a moment."""


class NetworkCard(Card):
    """The diagram, with the name of each layer above it."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        self._diagram = NetworkDiagram()

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title; the network may change its shape."""
        paint_panel_title(painter, self.header, "Network", self.run.theme)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the network with its weights and maps."""
        area = self.body.adjusted(0, _HEADING_HEIGHT, 0, 4)
        self._diagram.paint(painter, area, snapshot, self.run.theme)
        settings = frame.network
        painter.setFont(figure_font(12))
        painter.setPen(self.run.theme.muted)
        metrics, layout = QFontMetricsF(painter.font()), self._diagram.layout
        # A column's width, less at the ends, where the text must stay on the card.
        for column, text in enumerate(["input", *settings.hidden_activations, settings.output_activation]):
            x = layout.columns[column]
            room = min(layout.column_pitch - 6, 2 * (x - self.body.left()), 2 * (self.body.right() - x))
            box = QRectF(x - room / 2, self.body.top(), room, _HEADING_HEIGHT)
            painter.drawText(box, _CENTRE, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))


class PlaneCard(Card):
    """A part of the plane, with points."""

    title = ""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        stretch = max(body.width() / body.height(), body.height() / body.width())
        if stretch > _MOST_STRETCHED:
            width = min(body.width(), body.height() * _MOST_STRETCHED)
            height = min(body.height(), body.width() * _MOST_STRETCHED)
            x, y = round(body.center().x() - width / 2), round(body.center().y() - height / 2)
            body = QRectF(x, y, round(width), round(height))
        super().__init__(header, body, run)
        per_unit = min(body.width(), body.height()) / (2 * PLANE_LIMIT)
        x_limit, y_limit = body.width() / per_unit / 2, body.height() / per_unit / 2
        self.plane = Plane(-x_limit, x_limit, -y_limit, y_limit)
        self.to_pixels = QTransform(per_unit, 0, 0, -per_unit, body.center().x(), body.center().y())
        self._points: QPixmap | None = None
        self._points_of: Dataset | None = None

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title and what the colours stand for."""
        end = paint_panel_title(painter, self.header, self.title, self.run.theme)
        row = QRectF(end + 14, self.header.top(), self.header.right() - end - 14, self.header.height())
        run = self.run
        paint_legend(painter, row, run.last.dataset, run.class_names, run.theme, bands=run.settings.regions)

    def _paint_points(self, painter: QPainter, dataset: Dataset) -> None:
        """Draw the points, from their kept picture if they are the same as before."""
        if self._points is None or dataset is not self._points_of:
            self._points_of = dataset
            self._points = self._points_pixmap(dataset, painter.device().devicePixelRatioF())
        painter.drawPixmap(self.body.topLeft(), self._points)

    def _points_pixmap(self, dataset: Dataset, ratio: float) -> QPixmap:
        to_pixels = self.to_pixels * QTransform.fromTranslate(-self.body.left(), -self.body.top())
        scale = min(max(min(self.body.width(), self.body.height()) / 380.0, 0.75), 1.25)
        theme, test_points = self.run.theme, self.run.settings.test_points

        def draw(painter: QPainter) -> None:
            paint_points(painter, dataset, to_pixels, theme, test_points=test_points, scale=scale)

        return drawn_pixmap(self.body.size(), ratio, draw)


class SurfaceCard(PlaneCard):
    """The network's answer over the plane, its lines, and the points."""

    title = "Output"

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the surface."""
        surface, theme = snapshot.surface, self.run.theme
        colours = surface_image(surface, theme, regions=self.run.settings.regions)
        # The first row of the array is the lowest; the first row of an image is its top.
        colours = np.ascontiguousarray(colours[::-1])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(self.body, to_image(colours))
        painter.save()
        painter.setClipRect(self.body)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines, colour, width in (
            (level_lines(surface), level_colour(theme), 1.0),
            (surface_lines(surface), theme.text, LINE_WIDTH),
        ):
            if lines:
                painter.setPen(QPen(colour, width))
                painter.drawPath(self.to_pixels.map(lines_path(lines)))
        painter.restore()
        self._paint_points(painter, frame.dataset)


class DataCard(PlaneCard):
    """The points alone, on a grid."""

    title = "Data"

    def paint_background(self, painter: QPainter) -> None:
        """Draw the grid, too."""
        super().paint_background(painter)
        colours = self.run.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for unit in range(-10, 11, 2):
            place = self.to_pixels.map(QPointF(unit, unit))
            painter.setPen(QPen(colours.line if unit == 0 else colours.grid, 1.0))
            if self.body.left() < place.x() < self.body.right():
                painter.drawLine(QPointF(place.x(), self.body.top()), QPointF(place.x(), self.body.bottom()))
            if self.body.top() < place.y() < self.body.bottom():
                painter.drawLine(QPointF(self.body.left(), place.y()), QPointF(self.body.right(), place.y()))
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawRect(self.body)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the points."""
        self._paint_points(painter, frame.dataset)


class LossCard(Card):
    """The loss curve up to the moment; the rest of it is faint."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        steps, train, test = run.curve
        self._shows_test = run.settings.test_points and bool(np.isfinite(test).any())
        losses = np.concatenate([train, test]) if self._shows_test else train
        self._axes = LossAxes.of_whole_run(steps, losses)
        self._area = body.adjusted(_LEFT_AXIS, 4, -6, -_BOTTOM_AXIS)
        self._train = self._axes.places(steps, train, self._area)
        self._test = self._axes.places(steps, test, self._area)

    def paint_background(self, painter: QPainter) -> None:
        """Draw title, axes and the whole curve, faint."""
        colours = self.run.theme
        end = paint_panel_title(painter, self.header, "Loss", colours)
        self._paint_samples(painter, end)
        self._paint_axes(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._shows_test:
            self._paint_curve(painter, self._test, QPen(mixed(colours.panel, colours.muted, 0.3), 1.2))
        self._paint_curve(painter, self._train, QPen(mixed(colours.panel, colours.accent, 0.3), 1.2))

    def _paint_samples(self, painter: QPainter, left: float) -> None:
        """Draw the name of the loss, and which line is which."""
        colours = self.run.theme
        row = self.header
        painter.setFont(figure_font(12))
        metrics = QFontMetricsF(painter.font())
        right, middle = row.right(), row.center().y()
        lines: tuple[LossLine, ...] = ("test", "train") if self._shows_test else ("train",)
        for line in lines:
            text = LOSS_NAMES[line]
            width = metrics.horizontalAdvance(text)
            painter.setPen(colours.muted)
            painter.drawText(QRectF(right - width - 2, row.top(), width + 2, row.height()), _CENTRE, text)
            right -= width + 26
            paint_loss_sample(painter, QPointF(right, middle), 18, line, colours, LINE_WIDTH)
            right -= 12
        name = LOSSES[self.run.last.training.loss].label
        painter.setPen(colours.muted)
        if metrics.horizontalAdvance(name) < right - left - 10:
            painter.drawText(row.adjusted(left + 8 - row.left(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_axes(self, painter: QPainter) -> None:
        colours, area = self.run.theme, self._area
        painter.setFont(figure_font(_TICK_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for share, text in self._axes.loss_ticks():
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(colours.grid, 1.0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colours.muted)
            box = QRectF(area.left() - _LEFT_AXIS, y - 8, _LEFT_AXIS - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        metrics = QFontMetricsF(painter.font())
        free_from = -1e9
        for share, text in self._axes.step_ticks():
            x = area.left() + share * area.width()
            painter.setPen(QPen(colours.grid, 1.0))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            half = metrics.horizontalAdvance(text) / 2 + 3
            x = min(x, self.body.right() - half)
            if x - half >= free_from:
                painter.setPen(colours.muted)
                painter.drawText(QRectF(x - half, area.bottom() + 3, 2 * half, 14), _CENTRE, text)
                free_from = x + half
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        painter.setPen(colours.muted)
        painter.drawText(QRectF(area.left(), self.body.bottom() - 12, area.width(), 14), _CENTRE, "step")

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the curve up to the moment, with a point at its end."""
        colours = self.run.theme
        n_points = int(np.searchsorted(self.run.curve[0], frame.time, side="right"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ends = []
        lines: tuple[tuple[LossLine, FloatArray], ...] = (("test", self._test), ("train", self._train))
        for line, places in lines[0 if self._shows_test else 1 :]:
            end = self._end(places, frame.time)
            if not np.isfinite(end).all():
                continue
            pen = loss_pen(line, colours, LINE_WIDTH)
            self._paint_curve(painter, np.concatenate([places[:n_points], end]), pen)
            ends.append((QPointF(*end[0].tolist()), pen.color()))
        for place, colour in ends:
            painter.setPen(QPen(colours.panel, 1.2))
            painter.setBrush(colour)
            painter.drawEllipse(place, 4.2, 4.2)

    def _end(self, places: FloatArray, time: float) -> FloatArray:
        """Return the point of a line at a time, an ndarray of shape (1, 2)."""
        x = float(np.interp(time, self.run.curve[0], places[:, 0]))
        y = float(np.interp(x, places[:, 0], places[:, 1]))
        return np.array([[x, y]])

    def _paint_curve(self, painter: QPainter, places: FloatArray, pen: QPen) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(lines_path([places]))


CARDS: dict[str, type[Card]] = {"network": NetworkCard, "surface": SurfaceCard, "loss": LossCard, "data": DataCard}
"""The card of each panel, by the panel's name."""
