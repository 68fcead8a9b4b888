"""The confusion matrix: how many points of each class the displayed network takes for each class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.focus_ring import paint_focus_ring
from gui.items.legend import paint_marker
from gui.items.plot_axes import elided
from gui.program.guard import guarded
from gui.theme import Theme, mixed
from gui.widgets.focus import leave_field
from gui.widgets.page import begin_page, on_page, page_of, rect_off_page
from model.data.wording import name_text
from model.training.metrics import PointSet
from model.types import IntArray, counted, readable

_LEFT_PX, _TOP_PX = 64, 18
_TEXT_PX, _MARKER_PX, _NAME_GAP_PX = 11, 14.0, 6.0
_MOST_BESIDE = 0.35
"""How much of the width names beside the rows may take."""

_SMALLEST_CELL_PX = 12
_LEAST_WITH_LETTER_PX = 30
"""A narrower column has its class's marker alone: the letter stands beside the row."""

_GAP_PX = 1
_UPRIGHT_PX = 16
_STRONGEST = 0.55
"""How much of the accent a cell has that has all of its row."""
_ARROWS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConfusionView(QWidget):
    """Rows are the points' classes, columns what the network says. A click selects a cell's points, or lets them go.

    With the keyboard: Tab reaches it, the arrow keys go from cell to cell, Return clicks.
    """

    def __init__(self, run: LiveRun, view: View) -> None:
        super().__init__()
        self._run, self._view = run, view
        self._counts: IntArray = np.zeros((0, 0), dtype=np.intp)
        self._names: tuple[str, ...] = ()
        self._of_test = view.settings.test_confusion
        self._current = (0, 0)
        self._chosen: tuple[int, int] | None = None
        self._chosen_points: IntArray = np.empty(0, dtype=np.intp)
        self.setObjectName("confusion_view")
        self.setAccessibleName("Confusion matrix")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Only Tab gives the focus: after a click the arrow keys still belong to the training.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        run.displayed_changed.connect(self._show_counts)
        view.settings_changed.connect(self._show_counts)
        view.points_selected.connect(self._on_points_selected)
        theme.manager().changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Return the size in which the figures of eight classes can just be read."""
        return QSize(theme.px(140), theme.px(8 * _SMALLEST_CELL_PX + _TOP_PX))

    # What is shown

    @Slot()
    def _show_counts(self) -> None:
        of_test = self._view.settings.test_confusion
        if of_test != self._of_test:
            self._of_test = of_test
            self._chosen = None
            self.update()
        snapshot = self._run.displayed
        counts, names = snapshot.confusion[int(of_test)], snapshot.moment.dataset.class_names
        if self.isVisible() and not (names == self._names and np.array_equal(counts, self._counts)):
            self._counts, self._names = counts, names
            last = max(len(counts) - 1, 0)
            self._current = (min(self._current[0], last), min(self._current[1], last))
            self.update()

    @Slot()
    def _on_points_selected(self) -> None:
        """Forget the chosen cell when something else is selected."""
        if self._chosen is not None and not np.array_equal(self._view.selected_points, self._chosen_points):
            self._chosen = None
            self.update()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed since it was hidden."""
        super().showEvent(event)
        self._show_counts()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Return where a cell is, in pixels."""
        return rect_off_page(self._cell_on_page(row, column))

    def _cell_on_page(self, row: int, column: int) -> QRectF:
        return _cell_rect(page_of(self), self._names, row, column)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the classes along both sides, and each cell the darker, the larger its share of the row is."""
        n, colours = len(self._counts), theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_confusion(painter, begin_page(painter, self), self._counts, self._names, colours)
        if n and self._chosen is not None:
            self._paint_frame(painter, self._chosen, QPen(colours.selected, 3.0))
        if n and self.hasFocus():
            paint_focus_ring(painter, self._cell_on_page(*self._current), colours)
        painter.end()

    def _paint_frame(self, painter: QPainter, cell: tuple[int, int], pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._cell_on_page(*cell).adjusted(1, 1, -1, -1))

    def sentence(self, row: int, column: int) -> str:
        """Return what a cell says."""
        count = int(self._counts[row, column])
        kind = "test" if self._of_test else "training"
        points, verb = counted(count, f"{kind} point"), "is" if count == 1 else "are"
        of_class, other = (name_text(self._names[index]) for index in (row, column))
        says = f"{points} of class {of_class} {verb} taken for {other}"
        return f"{says}{self._loss_text(row, column)}; click to select." if count else f"{says}."

    def _loss_text(self, row: int, column: int) -> str:
        """Return how badly the network does with the points of a cell; empty where that is no number."""
        snapshot, dataset = self._run.displayed, self._run.shown_dataset
        indices = self._points_of(row, column)
        points = dataset.like(dataset.points[indices], dataset.labels[indices])
        with np.errstate(all="ignore"):
            loss = PointSet(snapshot.network, points, test=False).mean_loss(
                snapshot.network, snapshot.moment.training.loss
            )
        if loss is None or not np.isfinite(loss):
            return ""
        return readable(f", with a{' mean' if len(indices) > 1 else ''} loss of {loss:.3g}")

    # What a person does

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        n = len(self._counts)
        place, first = on_page(position), self._cell_on_page(0, 0)
        if not n or place.x() < first.left() or place.y() < first.top():
            return None
        row = int((place.y() - first.top()) / (first.height() + _GAP_PX))
        column = int((place.x() - first.left()) / (first.width() + _GAP_PX))
        return min(row, n - 1), min(column, n - 1)

    def _toggle(self, cell: tuple[int, int]) -> None:
        """Select the points of a cell, or let them go."""
        self._current = cell
        if cell == self._chosen:
            self._chosen = None
            self._view.select_points(np.empty(0, dtype=np.intp))
        else:
            self._chosen_points = self._points_of(*cell)
            self._chosen = cell if len(self._chosen_points) else None
            self._view.select_points(self._chosen_points)
        self.update()

    def _points_of(self, row: int, column: int) -> IntArray:
        """Return the indices of the points of a class that the displayed network takes for another, or for it."""
        dataset = self._run.shown_dataset
        wanted = (dataset.labels == row) & (dataset.is_test == self._of_test)
        indices: IntArray = np.flatnonzero(wanted)
        if not len(indices):
            return indices
        with np.errstate(all="ignore"):
            taken_for = self._run.displayed.network.predicted_classes(dataset.points[indices])
        return np.compress(taken_for == column, indices)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the points of the cell under the mouse, or let them go."""
        leave_field()
        cell = self._cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._toggle(cell)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from cell to cell, or click."""
        key, n = Qt.Key(event.key()), len(self._counts)
        if key in _ARROWS and n:
            rows, columns = _ARROWS[key]
            row, column = self._current[0] + rows, self._current[1] + columns
            self._current = (min(max(row, 0), n - 1), min(max(column, 0), n - 1))
            self._describe()
            self.update()
        elif key in _RETURN and n:
            self._toggle(self._current)
        else:
            event.ignore()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say which cell the keyboard is at."""
        self._describe()
        super().focusInEvent(event)

    def _describe(self) -> None:
        if len(self._counts):
            self.setAccessibleDescription(self.sentence(*self._current))

    @guarded
    def event(self, event: QEvent) -> bool:
        """Keep arrow keys and Return from the window's shortcuts, and say what the cell under the mouse is."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in _ARROWS or event.key() in _RETURN:
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.pos(), event.globalPos())
            return True
        return bool(super().event(event))

    def _show_tip(self, position: QPoint, global_position: QPoint) -> None:
        cell = self._cell_at(QPointF(position))
        if cell is None:
            QToolTip.showText(global_position, "Rows are the points' classes, columns what the network says.", self)
        else:
            QToolTip.showText(global_position, self.sentence(*cell), self, self.cell_rect(*cell).toAlignedRect())


def paint_confusion(painter: QPainter, area: QRectF, counts: IntArray, names: Sequence[str], colours: Theme) -> None:
    """Draw the classes along both sides, and each cell the darker, the larger its share of the row is.

    Parameters
    ----------
    area : QRectF
    counts : ndarray of int, of shape (n_classes, n_classes)
        See :meth:`model.training.metrics.PointSet.confusion`.
    names : sequence of str
        Of the classes; what has no room is cut.
    colours : Theme
    """
    top = area.top() + _TOP_PX
    painter.setFont(theme.figure_font(_TEXT_PX))
    painter.setPen(colours.muted)
    painter.drawText(
        QRectF(area.left(), area.top(), _LEFT_PX - 6, _TOP_PX - 2), Qt.AlignmentFlag.AlignVCenter, "taken for"
    )
    _paint_upright(painter, QRectF(area.left(), top, _UPRIGHT_PX, area.bottom() - top), "points of class")
    metrics = QFontMetricsF(painter.font())
    has_room = _cell_rect(area, names, 0, 0).width() >= _LEAST_WITH_LETTER_PX
    for index, name in enumerate(names):
        row, column = _cell_rect(area, names, index, 0), _cell_rect(area, names, 0, index)
        left = area.left() + _UPRIGHT_PX
        beside = QRectF(left, row.center().y() - 8, row.left() - left - _NAME_GAP_PX, 16)
        _paint_class(painter, index, elided(name, metrics, beside.width() - _MARKER_PX), beside, colours, at_end=True)
        if has_room:
            above = QRectF(column.left(), top - _TOP_PX / 2 - 9, column.width(), 16)
            _paint_class(painter, index, elided(name, metrics, above.width() - _MARKER_PX), above, colours)
        else:
            paint_marker(painter, QPointF(column.center().x(), top - _TOP_PX / 2 - 1), index, colours)
    _paint_cells(painter, area, counts, names, colours)


def _paint_upright(painter: QPainter, area: QRectF, text: str) -> None:
    """Draw a text from below to above, cut to its room."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.height()))
    painter.save()
    painter.translate(area.center())
    painter.rotate(-90)
    turned = QRectF(-area.height() / 2, -area.width() / 2, area.height(), area.width())
    painter.drawText(turned, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


def cell_colour(share: float, colours: Theme) -> QColor:
    """Return the colour of a cell that has a share of its row: never so strong that its figure is not read."""
    return mixed(colours.chip, colours.accent, _STRONGEST * share)


def _cell_rect(area: QRectF, names: Sequence[str], row: int, column: int) -> QRectF:
    """Return where a cell is, on the right of the names of the classes."""
    n, beside = max(len(names), 1), _beside_px(tuple(names), area.width())
    width, height = (area.width() - beside - 1) / n, (area.height() - _TOP_PX - 1) / n
    left, top = area.left() + beside + column * width, area.top() + _TOP_PX + row * height
    return QRectF(left, top, width - _GAP_PX, height - _GAP_PX)


@lru_cache(maxsize=16)
def _beside_px(names: tuple[str, ...], width: float) -> float:
    """Return how much room the names of the classes have beside the rows, in pixels."""
    metrics = QFontMetricsF(theme.figure_font(_TEXT_PX))
    widest = max((metrics.horizontalAdvance(name_text(name)) for name in names), default=0.0)
    return max(_LEFT_PX, min(ceil(widest) + _MARKER_PX + _NAME_GAP_PX + _UPRIGHT_PX, _MOST_BESIDE * width))


def _paint_class(
    painter: QPainter, class_index: int, name: str, area: QRectF, colours: Theme, *, at_end: bool = False
) -> None:
    """Draw a class's marker and name amid an area, or at its end."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(name) + _MARKER_PX
    left = area.right() - width if at_end else area.center().x() - width / 2
    paint_marker(painter, QPointF(left + _MARKER_PX / 2 - 2, area.center().y()), class_index, colours)
    painter.drawText(QRectF(left + _MARKER_PX, area.top(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, name)


def _paint_cells(painter: QPainter, area: QRectF, counts: IntArray, names: Sequence[str], colours: Theme) -> None:
    shares = (counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)).tolist()
    painter.setFont(theme.figure_font(13 if _cell_rect(area, names, 0, 0).height() > 18 else 11))
    for row, row_counts in enumerate(counts.tolist()):
        for column, count in enumerate(row_counts):
            share, rect = shares[row][column], _cell_rect(area, names, row, column)
            painter.fillRect(rect, cell_colour(share, colours))
            painter.setPen(colours.text if count else colours.muted)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{count:,}")
