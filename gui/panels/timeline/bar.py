"""The timeline's line: the run so far, with its loss and its marks, and a handle at the moment that is shown."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from operator import attrgetter
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.items.focus_ring import RING_PX
from gui.items.lines_item import lines_path
from gui.items.loss_axes import SMALLEST_LOSS
from gui.program.guard import guarded
from gui.theme import Theme
from gui.widgets.focus import leave_field
from gui.widgets.mark_editor import MarkEditor
from gui.widgets.page import begin_page, page_of
from gui.widgets.texts import as_tip
from model.run.history import Event
from model.types import FloatArray

_HEIGHT, _LEAST_WIDTH = 46, 160
_MARGIN = 8.0
_GROOVE_Y, _SPARK_TOP, _SPARK_BOTTOM = 25.0, 3.0, 20.0
_HANDLE_RADIUS = 6.0
_SPARK_BINS = 400
_REFRESH_MS = 150
_PAGE = 10
_NEAR_PX = 6.0
_MOST_LINES = 6


class TimelineBar(QWidget):
    """The run as a line: the loss over it, marks where something was changed, and a handle at the shown moment."""

    taken = Signal()

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_F2,
    )

    def __init__(self, run: LiveRun, changes: Changes) -> None:
        super().__init__()
        self._run = run
        self._editor = MarkEditor(self)
        self._editor.finished.connect(changes.mark)
        self._changes = changes
        changes.marks_changed.connect(self.update)
        self.setObjectName("timeline")
        self.setAccessibleName("Moments of the run")
        self.setToolTip(
            as_tip(
                "Drag to look back, or click a mark to go there; the arrow keys go from moment to moment, with Ctrl "
                "from mark to mark, Home and End to both ends. "
                "A double click, or F2, writes on a mark, or adds a note where there is none."
            )
        )
        theme.measure(self, height=_HEIGHT, least_width=_LEAST_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self._held_mark_x: float | None = None
        self._since_refresh = QElapsedTimer()
        self._since_refresh.start()

    def refresh(self) -> None:
        """Draw the run as it is now, but not with every frame of a running training."""
        if self._since_refresh.elapsed() >= _REFRESH_MS or not self._run.playing:
            self._since_refresh.restart()
            self.update()

    @property
    def _last_step(self) -> int:
        history = self._run.history
        return max(history.frames[-1].step if len(history) else 0, self._run.displayed.step, 1)

    def x_of(self, step: float) -> float:
        """Return where a step is, in pixels from the left side."""
        return theme.manager().scale * self._x_on_page(step)

    def _x_on_page(self, step: float) -> float:
        return _MARGIN + self._groove_width * step / self._last_step

    @property
    def _groove_width(self) -> float:
        return page_of(self).width() - 2 * _MARGIN

    def _look_at(self, x: float) -> None:
        along = x / theme.manager().scale - _MARGIN
        self._look_at_step(along / max(self._groove_width, 1.0) * self._last_step)

    def _look_at_step(self, step: float) -> None:
        self.taken.emit()
        if len(self._run.history):
            self._run.look_back(self._run.history.nearest(step))

    # Mouse and keys

    @guarded
    def event(self, event: QEvent) -> bool:
        """Say what the mark under the mouse says, in the place of how the timeline is used."""
        if isinstance(event, QHelpEvent):
            text = self._texts_at(event.x())
            if text:
                QToolTip.showText(event.globalPos(), as_tip(text), self)
                return True
        return super().event(event)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the moment of the mark under the mouse, or that under the mouse."""
        leave_field()
        if event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x()
            mark = self._mark_at(x)
            self._held_mark_x = None if mark is None else x
            if mark is None:
                self._look_at(x)
            else:
                self._look_at_step(mark.step)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the moment under the mouse while the button is held; otherwise that a mark can be clicked."""
        x = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self._held_mark_x is None or abs(x - self._held_mark_x) > _NEAR_PX:
                self._held_mark_x = None
                self._look_at(x)
            return
        on_mark = self._mark_at(x) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if on_mark else Qt.CursorShape.ArrowCursor)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Write on the mark under the mouse, or at the moment where there is none."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.write(self._mark_at(event.position().x()))

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the mark under the mouse, or a note at the moment that is shown."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        mark = self._mark_at(event.x()) if by_mouse else self._mark_of_shown()
        if by_mouse and mark is None:
            self._look_at(event.x())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Add a note here…" if mark is None else "Edit the text…", partial(self.write, mark))
        if mark is not None:
            menu.addAction("Remove the mark", partial(self._changes.mark, mark, None))
        menu.popup(event.globalPos())

    def write(self, mark: Event | None) -> None:
        """Let a person write on a mark; on a new one at the moment that is shown where there is none."""
        step = self._run.displayed.step if mark is None else mark.step
        self._editor.edit(mark, step, self.x_of(step))

    def _mark_at(self, x: float) -> Event | None:
        """Return the mark next to a place, in pixels from the left side; None if there is none near it."""
        near = [event for event in self._run.history.events if abs(self.x_of(event.step) - x) <= _NEAR_PX]
        return min(near, key=lambda event: abs(self.x_of(event.step) - x), default=None)

    def _texts_at(self, x: float) -> str:
        """Return what the marks next to a place say, one below the other; of many, of the first ones."""
        near = [event for event in self._run.history.events if abs(self.x_of(event.step) - x) <= _NEAR_PX]
        lines = [f"step {event.step:,}: {event.text}" for event in near[:_MOST_LINES]]
        return "\n".join([*lines, "…"] if len(near) > _MOST_LINES else lines)

    def _mark_of_shown(self) -> Event | None:
        """Return the mark at the moment that is shown, if it has one."""
        step = self._run.displayed.step
        return next((event for event in self._run.history.events if event.step == step), None)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from moment to moment, or write on the one that is shown."""
        if event.key() == Qt.Key.Key_F2:
            self.write(self._mark_of_shown())
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._go_to_mark({Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0))
            return
        history, moment = self._run.history, self._run.moment
        last = len(history) - 1
        at = last if moment is None else history.index_at(moment.step)
        places = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_PageUp: at - _PAGE,
            Qt.Key.Key_PageDown: at + _PAGE,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        elif last >= 0:
            self.taken.emit()
            self._run.look_back(min(max(place, 0), last))

    def _go_to_mark(self, direction: int) -> None:
        """Show the moment of the next mark before the one that is shown, or after it; beyond the last, the present."""
        history, shown = self._run.history, self._run.displayed.step
        # The moment of a mark is the key frame next to it, before it or after it.
        steps = {history.frames[history.nearest(event.step)].step for event in history.events if len(history)}
        beyond = [step for step in steps if (step - shown) * direction > 0]
        if beyond:
            self._look_at_step(min(beyond) if direction > 0 else max(beyond))
        elif direction > 0:
            self._look_at_step(self._last_step)

    # Drawing

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw sparkline, marks, groove and handle."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = begin_page(painter, self)
        self._paint_loss(painter, colours)
        at = self._x_on_page(self._run.displayed.step)
        groove = QRectF(_MARGIN, _GROOVE_Y - 1.5, self._groove_width, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(groove, 1.5, 1.5)
        painter.setBrush(colours.accent)
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), at - groove.left(), 3), 1.5, 1.5)
        self._paint_events(painter, room.width(), colours)
        painter.setPen(QPen(colours.focus, RING_PX) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colours.accent)
        painter.drawEllipse(QPointF(at, _GROOVE_Y), _HANDLE_RADIUS, _HANDLE_RADIUS)
        painter.end()

    def _paint_loss(self, painter: QPainter, colours: Theme) -> None:
        """Draw the training loss on a logarithmic scale, its whole range over the height."""
        steps, losses, _, _ = self._run.curve.thinned(_SPARK_BINS)
        fine = np.isfinite(losses)
        if np.count_nonzero(fine) < 2:
            return
        logs: FloatArray = np.log(np.maximum(losses[fine], SMALLEST_LOSS))
        span = max(float(np.ptp(logs)), 1e-9)
        y = _SPARK_BOTTOM - (logs - logs.min()) / span * (_SPARK_BOTTOM - _SPARK_TOP)
        x = _MARGIN + self._groove_width * steps[fine] / self._last_step
        painter.setPen(QPen(colours.muted, 1))
        painter.drawPath(lines_path([np.stack([x, y], axis=1)]))

    def _paint_events(self, painter: QPainter, room: float, colours: Theme) -> None:
        """Draw a mark for each event that can be told from the one before it, and its text where there is room."""
        font = theme.figure_font(9)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        mark, note, free_from = QPen(colours.negative, 1), QPen(colours.accent, 1), 0.0
        events, index, steps_per_pixel = self._run.history.events, 0, 1 / (self._x_on_page(1) - self._x_on_page(0))
        while index < len(events):
            change = events[index]
            # However many there are in a file, no more are drawn than there are pixels.
            index = bisect_left(events, change.step + steps_per_pixel, index + 1, key=attrgetter("step"))
            x = self._x_on_page(change.step)
            painter.setPen(note if change.is_note else mark)
            painter.drawLine(QPointF(x, _GROOVE_Y - 6), QPointF(x, _GROOVE_Y + 9))
            if x < free_from:
                continue
            width = metrics.horizontalAdvance(change.text)
            if x + 4 + width <= room:
                painter.setPen(colours.muted)
                painter.drawText(QPointF(x + 4, _HEIGHT - 5), change.text)
                free_from = x + width + 12
