"""The timeline: the run so far under the window, to be scrubbed through, played back and gone on from anywhere."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from math import ceil
from operator import attrgetter
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.icons import icon
from gui.items.loss_axes import SMALLEST_LOSS
from gui.program.guard import guarded
from gui.theme import Theme
from gui.widgets.card import label
from gui.widgets.choices import ChoiceBox
from gui.widgets.focus import leave_field
from gui.widgets.mark_editor import MarkEditor
from gui.widgets.texts import as_tip
from model.run.history import Event
from model.types import FloatArray

_HEIGHT = 46
_MARGIN = 8.0
_GROOVE_Y, _SPARK_TOP, _SPARK_BOTTOM = 25.0, 3.0, 20.0
_HANDLE_RADIUS = 6.0
_SPARK_BINS = 400
_REFRESH_MS = 150
_PLAYBACK_MS = 33
_PLAYBACK_S = 8.0
_PAGE = 10
_NEAR_PX = 6.0
_LONGEST_PLACE = "step 9,999,999 of 9,999,999"
_SPEEDS = {"0.25": "¼×", "0.5": "½×", "1": "1×", "2": "2×", "4": "4×"}


class TimelinePanel(QFrame):
    """The strip between the panels and the status bar."""

    def __init__(self, run: LiveRun, changes: Changes) -> None:
        super().__init__()
        self._run = run
        self.setObjectName("toolbar")
        self.setAccessibleName("Timeline")
        self._back, self._forth = QToolButton(), QToolButton()
        self._speed = ChoiceBox(
            "Playback speed",
            {key: (text, f"The whole run takes {_PLAYBACK_S / float(key):g} s.") for key, text in _SPEEDS.items()},
        )
        self.bar = TimelineBar(run, changes)
        self._where = label(role="muted")
        self._continue = QPushButton("Continue from here")
        self._continue.setObjectName("continue_from_here")
        self._continue.clicked.connect(changes.continue_from_here)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_PLAYBACK_MS)
        self._timer.timeout.connect(self._on_playback_due)
        self._direction = 0
        self._position = 0.0
        run.displayed_changed.connect(self._on_displayed_changed)
        run.moment_changed.connect(self._synchronize)
        run.playing_changed.connect(self._on_playing_changed)
        self.bar.taken.connect(self._stop_playback)
        theme.manager().changed.connect(self._show_icons)
        self._show_icons()
        self._synchronize()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 14, 2)
        row.setSpacing(8)
        row.addWidget(label("TIMELINE", "title"))
        for button, direction, text in (
            (self._back, -1, "Play the run backwards"),
            (self._forth, 1, "Play the run again"),
        ):
            button.setCheckable(True)
            button.setIconSize(QSize(12, 12))
            button.setToolTip(f"{text}, from the moment that is shown.")
            button.setAccessibleName(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._on_playback_clicked, direction))
            row.addWidget(button)
        self._speed.show_choice("1")
        self._speed.setFixedWidth(56)
        row.addWidget(self._speed)
        row.addWidget(self.bar, 1)
        self._where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._where.setFont(theme.figure_font(12))
        self._where.setFixedWidth(ceil(QFontMetricsF(self._where.font()).horizontalAdvance(_LONGEST_PLACE)))
        row.addWidget(self._where)
        self._continue.setToolTip(
            as_tip("Let the run go on from the moment that is shown; undo brings back what came after it.")
        )
        self._continue.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(self._continue)

    # Showing

    @Slot()
    def _show_icons(self) -> None:
        colours = theme.current()
        for button, name in ((self._back, "play-back"), (self._forth, "play")):
            button.setIcon(icon(name, colours.text, on=colours.on_accent))

    @Slot()
    def _on_displayed_changed(self) -> None:
        if self._run.moment is None:
            self._show_where()
            self.bar.refresh()

    @Slot()
    def _synchronize(self) -> None:
        self._continue.setEnabled(self._run.moment is not None)
        self._show_where()
        self.bar.update()

    def _show_where(self) -> None:
        last = self._run.history.frames[-1].step if len(self._run.history) else 0
        shown = self._run.displayed.step
        self._where.setText(f"step {shown:,}" if self._run.moment is None else f"step {shown:,} of {last:,}")

    # Playback

    def _on_playback_clicked(self, direction: int) -> None:
        if self._direction == direction:
            self._stop_playback()
            return
        history, moment = self._run.history, self._run.moment
        last = len(history) - 1
        at = last if moment is None else history.index_at(moment.step)
        # At the end there is nothing to play on to: it begins at the other one.
        at = 0 if direction > 0 and at == last else last if direction < 0 and at == 0 else at
        self._direction, self._position = direction, float(at)
        self._show_direction()
        self._timer.start()
        self._run.look_back(at)

    @Slot()
    def _on_playback_due(self) -> None:
        last = len(self._run.history) - 1
        share = _PLAYBACK_MS / 1000 / _PLAYBACK_S * float(self._speed.currentData())
        self._position += self._direction * max(last * share, 0.05)
        self._run.look_back(round(min(max(self._position, 0.0), last)))
        if not 0.0 < self._position < last:
            self._stop_playback()

    @Slot()
    def _stop_playback(self) -> None:
        self._timer.stop()
        self._direction = 0
        self._show_direction()

    def _show_direction(self) -> None:
        for button, direction in ((self._back, -1), (self._forth, 1)):
            with QSignalBlocker(button):
                button.setChecked(self._direction == direction)

    @Slot(bool)
    def _on_playing_changed(self, playing: bool) -> None:
        if playing:
            self._stop_playback()


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
                "Drag to look back; the arrow keys go from moment to moment, Home and End to both ends. "
                "A double click, or F2, writes on a mark, or adds a note where there is none."
            )
        )
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
        return _MARGIN + (self.width() - 2 * _MARGIN) * step / self._last_step

    def _look_at(self, x: float) -> None:
        step = (x - _MARGIN) / max(self.width() - 2 * _MARGIN, 1.0) * self._last_step
        self.taken.emit()
        if len(self._run.history):
            self._run.look_back(self._run.history.nearest(step))

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the moment under the mouse."""
        leave_field()
        if event.button() == Qt.MouseButton.LeftButton:
            self._look_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the moment under the mouse, while the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look_at(event.position().x())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Write on the mark under the mouse, or at the moment where there is none."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.write(self._mark_at(event.position().x()))

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

    def _mark_of_shown(self) -> Event | None:
        """Return the mark at the moment that is shown, if it has one."""
        step = self._run.displayed.step
        return next((event for event in self._run.history.events if event.step == step), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from moment to moment, or write on the one that is shown."""
        if event.key() == Qt.Key.Key_F2:
            self.write(self._mark_of_shown())
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

    # Drawing

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw sparkline, marks, groove and handle."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_loss(painter, colours)
        at = self.x_of(self._run.displayed.step)
        groove = QRectF(_MARGIN, _GROOVE_Y - 1.5, self.width() - 2 * _MARGIN, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(groove, 1.5, 1.5)
        painter.setBrush(colours.accent)
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), at - groove.left(), 3), 1.5, 1.5)
        self._paint_events(painter, colours)
        painter.setPen(QPen(colours.text, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
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
        x = _MARGIN + (self.width() - 2 * _MARGIN) * steps[fine] / self._last_step
        painter.setPen(QPen(colours.muted, 1))
        painter.drawPolyline(QPolygonF([QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]))

    def _paint_events(self, painter: QPainter, colours: Theme) -> None:
        """Draw a mark for each event that can be told from the one before it, and its text where there is room."""
        font = theme.figure_font(9)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        mark, note, free_from = QPen(colours.negative, 1), QPen(colours.accent, 1), 0.0
        events, index, steps_per_pixel = self._run.history.events, 0, 1 / (self.x_of(1) - self.x_of(0))
        while index < len(events):
            change = events[index]
            # However many there are in a file, no more are drawn than there are pixels.
            index = bisect_left(events, change.step + steps_per_pixel, index + 1, key=attrgetter("step"))
            x = self.x_of(change.step)
            painter.setPen(note if change.is_note else mark)
            painter.drawLine(QPointF(x, _GROOVE_Y - 6), QPointF(x, _GROOVE_Y + 9))
            if x < free_from:
                continue
            width = metrics.horizontalAdvance(change.text)
            if x + 4 + width <= self.width():
                painter.setPen(colours.muted)
                painter.drawText(QPointF(x + 4, _HEIGHT - 5), change.text)
                free_from = x + width + 12
