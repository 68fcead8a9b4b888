"""LossCard: the loss curve of an animation's pictures, with marks where a person changed or noted something."""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby, pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.export.animation.card import LINE_WIDTH, TICK_PX, AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.settings import PANEL_NAMES
from gui.export.animation.texts import FittedText, fit_text
from gui.items.legend import LOSS_NAMES, LossLine, loss_pen, paint_loss_sample
from gui.items.lines_item import lines_path
from gui.items.loss_axes import LossAxes
from gui.items.pixmaps import KeptPixmap
from gui.theme import figure_font, mixed
from model.network.losses import LOSSES
from model.run.history import Event, KeyFrame
from model.run.snapshot import Snapshot
from model.types import FloatArray

_LEFT_AXIS, _BOTTOM_AXIS, _FLAT_BOTTOM_AXIS = 44.0, 32.0, 17.0
_FLAT = 120.0
"""In a lower card the axis says what it counts beside its last number, and not below."""

_NAME_PX, _LEAST_NAME, _SAMPLE = 12, 20.0, 18.0
_CAPTION_PX, _CAPTION_PADDING = 12, 6.0
_CAPTION_SHARE, _CAPTION_SHARE_OF_HEIGHT, _NARROW = 0.6, 0.4, 160.0
"""How much of the plot a caption may take, and a plot in which it may have the whole width."""

_TAIL = 3.0
"""How much of the curves' end is drawn anew at each moment."""

_LEAST_WITH_CAPTION = 90.0
"""A narrower plot has marks alone."""

_CENTRE, _RIGHT = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LossCard(Card):
    """The loss curve up to the moment; the rest of it is faint, or not there yet."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        steps, train, test = run.curve
        self._shows_test = run.settings.test_points and bool(np.isfinite(test).any())
        losses = np.concatenate([train, test]) if self._shows_test else train
        self._axes = LossAxes.of_whole_run(steps, losses)
        self._is_flat = body.height() < _FLAT
        self._area = body.adjusted(_LEFT_AXIS, 4, -6, -(_FLAT_BOTTOM_AXIS if self._is_flat else _BOTTOM_AXIS))
        self._train = self._axes.places(steps, train, self._area)
        self._test = self._axes.places(steps, test, self._area)
        self._marks = _joined(run.events) if run.settings.marks else []
        self._name, self._caption, self._curves = KeptPixmap(), KeptPixmap(), KeptPixmap()
        self._captions: dict[Event, tuple[FittedText, QRectF]] = {}
        self._names_left = header.left()

    def paint_background(self, painter: QPainter) -> None:
        """Draw title and axes, and what is shown of the whole curve."""
        colours = self.run.theme
        self._names_left = paint_panel_title(painter, self.header, PANEL_NAMES["loss"], colours)
        self._paint_samples(painter)
        self._paint_axes(painter)
        if not self.run.settings.future:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for mark in self._marks:
            self._paint_mark(painter, mark, 0.3)
        if self._shows_test:
            self._paint_curve(painter, self._test, QPen(mixed(colours.panel, colours.muted, 0.3), 1.2))
        self._paint_curve(painter, self._train, QPen(mixed(colours.panel, colours.accent, 0.3), 1.2))

    # Texts

    def _paint_samples(self, painter: QPainter) -> None:
        """Draw which line is which; if there is room for one alone, it is the training curve."""
        colours, row = self.run.theme, self.header
        painter.setFont(figure_font(_NAME_PX))
        metrics = QFontMetricsF(painter.font())
        lines: list[LossLine] = [line for line, _ in self._lines()]

        def width() -> float:
            return sum(metrics.horizontalAdvance(LOSS_NAMES[line]) + _SAMPLE + 20 for line in lines) - 12

        while lines and width() > row.right() - self._names_left - 10:
            lines.pop(0)
        right = row.right()
        for line in lines:
            text = LOSS_NAMES[line]
            painter.setPen(colours.muted)
            painter.drawText(row.adjusted(0, 0, right - row.right(), 0), _RIGHT, text)
            right -= metrics.horizontalAdvance(text) + 8 + _SAMPLE
            paint_loss_sample(painter, QPointF(right, row.center().y()), _SAMPLE, line, colours, LINE_WIDTH)
            right -= 12
        self._names_right = right

    def _paint_name(self, painter: QPainter, row: QRectF, name: str) -> None:
        """Draw the name of the loss, if there is room for it."""
        painter.setFont(figure_font(_NAME_PX))
        painter.setPen(self.run.theme.muted)
        if QFontMetricsF(painter.font()).horizontalAdvance(name) <= row.width():
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, name)

    # Axes

    def _paint_axes(self, painter: QPainter) -> None:
        colours, area = self.run.theme, self._area
        painter.setFont(figure_font(TICK_PX))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_loss_ticks(painter)
        self._paint_step_ticks(painter)
        painter.setPen(QPen(colours.line, 1.0))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.topLeft(), area.bottomLeft())
        if not self._is_flat:
            painter.setPen(colours.muted)
            painter.drawText(QRectF(area.left(), self.body.bottom() - 14, area.width(), 14), _CENTRE, "step")

    def _paint_loss_ticks(self, painter: QPainter) -> None:
        """Draw a line for each round loss, and its number where it has room: the largest and then the others."""
        colours, area = self.run.theme, self._area
        ticks = self._axes.loss_ticks()
        free_from = area.top() - 8
        for share, text in reversed(ticks):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(colours.grid, 1.0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if y - 6 >= free_from:
                painter.setPen(colours.muted)
                box = QRectF(area.left() - _LEFT_AXIS, y - 8, _LEFT_AXIS - 6, 16)
                painter.drawText(box, _RIGHT, text)
                free_from = y + 7

    def _paint_step_ticks(self, painter: QPainter) -> None:
        """Draw a line for each round step, and the numbers of as many of them as have room; of the last at least."""
        colours, area = self.run.theme, self._area
        metrics = QFontMetricsF(painter.font())
        ticks = [(area.left() + share * area.width(), text) for share, text in self._axes.step_ticks()]
        painter.setPen(QPen(colours.grid, 1.0))
        for x, _ in ticks:
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        for chosen in (ticks, ticks[::2], [ticks[0], ticks[-1]], ticks[-1:]):
            boxes = [self._step_box(x, text, metrics) for x, text in chosen]
            if self._is_flat:
                boxes[-1] = self._step_box(chosen[-1][0], f"{boxes[-1][1]} steps", metrics)
            if all(one.right() <= two.left() for (one, _), (two, _) in pairwise(boxes)):
                break
        painter.setPen(colours.muted)
        for box, text in boxes:
            painter.drawText(box, _CENTRE, text)

    def _step_box(self, x: float, text: str, metrics: QFontMetricsF) -> tuple[QRectF, str]:
        """Return where the text of a tick stands: below it, and on the card."""
        half = metrics.horizontalAdvance(text) / 2 + 3
        x = min(x, self.body.right() + 2 - half)
        return QRectF(x - half, self._area.bottom() + 3, 2 * half, 14), text

    # The moment

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the curve up to the moment, with a point at its end, and what was changed up to then."""
        colours = self.run.theme
        name = LOSSES[frame.training.loss].label
        row = QRectF(self.header)
        row.setLeft(self._names_left + 8)
        row.setRight(self._names_right)
        if row.width() >= _LEAST_NAME:
            self._name.paint(painter, row, name, lambda on: self._paint_name(on, row, name))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        passed = self._marks[: bisect_right(self._marks, frame.time, key=lambda mark: mark.step)]
        for mark in passed:
            self._paint_mark(painter, mark, 0.75)
        ends = [
            (end, loss_pen(line, colours).color())
            for line, places in self._lines()
            if np.isfinite(end := self._end(places, frame.time)).all()
        ]
        if ends:
            self._paint_curves_until(painter, ends[-1][0][0])
        if passed and self._area.width() >= _LEAST_WITH_CAPTION:
            self._paint_caption(painter, passed[-1])
        for (x, y), colour in ends:
            painter.setPen(QPen(colours.panel, 1.2))
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x, y), 4.2, 4.2)

    def _lines(self) -> list[tuple[LossLine, FloatArray]]:
        """Return the curves, the one on top last."""
        lines: list[tuple[LossLine, FloatArray]] = [("test", self._test), ("train", self._train)]
        return lines if self._shows_test else lines[1:]

    def _end(self, places: FloatArray, time: float) -> tuple[float, float]:
        """Return the point of a line at a time."""
        x = float(np.interp(time, self.run.curve[0], places[:, 0]))
        return x, float(np.interp(x, places[:, 0], places[:, 1]))

    def _paint_curves_until(self, painter: QPainter, x: float) -> None:
        """Draw what there is of the curves on the left of a place: they are drawn once, and then copied almost so far.

        A copy up to the very place would have the left edge of a line that rises steeply right behind it.
        """
        area = self._area.adjusted(-4, -4, 6, 4)
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), x - _TAIL - area.left(), area.height()))
        self._curves.paint(painter, area, True, self._paint_curves)
        painter.restore()
        for line, places in self._lines():
            pen = loss_pen(line, self.run.theme, LINE_WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._paint_curve(painter, _part(places, x - _TAIL, x), pen)

    def _paint_curves(self, painter: QPainter) -> None:
        for line, places in self._lines():
            self._paint_curve(painter, places, loss_pen(line, self.run.theme, LINE_WIDTH))

    def _paint_curve(self, painter: QPainter, places: FloatArray, pen: QPen) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(lines_path([places]))

    # Marks

    def _x_of(self, mark: Event) -> float:
        return float(self._axes.places(np.array([float(mark.step)]), np.ones(1), self._area)[0, 0])

    def _paint_mark(self, painter: QPainter, mark: Event, strength: float) -> None:
        """Draw a line where something was changed."""
        x = self._x_of(mark)
        painter.setPen(QPen(mixed(self.run.theme.panel, self.run.theme.negative, strength), 1.5))
        painter.drawLine(QPointF(x, self._area.top()), QPointF(x, self._area.bottom()))

    def _paint_caption(self, painter: QPainter, mark: Event) -> None:
        """Draw what was changed beside its mark."""
        if mark not in self._captions:
            text = self._caption_text(mark)
            self._captions[mark] = text, self._caption_box(mark, text)
        text, box = self._captions[mark]
        self._caption.paint(painter, box, mark, lambda on: self._draw_caption(on, box, text))

    def _caption_text(self, mark: Event) -> FittedText:
        """Return the text of a mark in lines that leave room for the curve; a very long one ends with dots."""
        share = 1.0 if self._area.width() < _NARROW else _CAPTION_SHARE
        width = self._area.width() * share - 2 * _CAPTION_PADDING - 2
        text = fit_text(mark.text, width, _CAPTION_PX, most_lines=2)
        return text.cut(max(int(_CAPTION_SHARE_OF_HEIGHT * self._area.height() / text.line_height), 1))

    def _caption_box(self, mark: Event, text: FittedText) -> QRectF:
        """Return where the text of a mark stands: on the side of it where it hides least of the curves."""
        x, area = self._x_of(mark), self._area
        width, height = round(text.width + 2 * _CAPTION_PADDING), round(text.height + 4)
        sides = [min(max(left, area.left() + 1), area.right() - width) for left in (x + 4, x - 4 - width)]
        boxes = [
            QRectF(round(left), round(top), width, height)
            for top in (area.top() + 2, area.bottom() - height - 3)
            for left in sides
        ]
        return min(boxes, key=self._n_hidden)

    def _n_hidden(self, box: QRectF) -> int:
        """Return how many points of the curves lie in a box, or next to it."""
        places = np.concatenate([curve for _, curve in self._lines()])
        inside = np.abs(places - [box.center().x(), box.center().y()]) <= [box.width() / 2 + 3, box.height() / 2 + 3]
        return int(inside.all(axis=1).sum())

    def _draw_caption(self, painter: QPainter, box: QRectF, text: FittedText) -> None:
        colours = self.run.theme
        painter.setPen(QPen(mixed(colours.panel, colours.negative, 0.6), 1.0))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        text.paint(painter, box.adjusted(_CAPTION_PADDING, 0, 0, 0), colours.text)


def _part(places: FloatArray, start: float, end: float) -> FloatArray:
    """Return the points of a line between two places across, and those on the line at both."""
    across, up = places.T
    ends = np.array([(x, np.interp(x, across, up)) for x in (max(start, across[0]), end)])
    return np.concatenate([ends[:1], places[(across > start) & (across < end)], ends[1:]])


def _joined(events: tuple[Event, ...]) -> list[Event]:
    """Return the changes, those of one step as one."""
    by_step = groupby(sorted(events, key=lambda event: event.step), key=lambda event: event.step)
    return [Event(step, "; ".join(event.text for event in group)) for step, group in by_step]
