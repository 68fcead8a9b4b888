"""The timeline: the run so far under the window, to be scrubbed through, played back and gone on from anywhere."""

from __future__ import annotations

from functools import partial
from math import ceil

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton

from gui import theme
from gui.actions.actions import Actions
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.icons import icon
from gui.panels.timeline.bar import TimelineBar
from gui.widgets.card import label, tool_button
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox
from gui.widgets.pace import ReadingPace
from gui.widgets.texts import as_tip
from model.run.history import KeyFrame

_PLAYBACK_MS = 33
_PLAYBACK_S = 8.0
_LONGEST_STEP, _LONGEST_END = "9,999,999", "of 9,999,999"
_FIELD_MARGIN = 14
_SPEEDS = {"0.25": "¼×", "0.5": "½×", "1": "1×", "2": "2×", "4": "4×"}


class TimelinePanel(QFrame):
    """The strip between the panels and the status bar."""

    def __init__(self, run: LiveRun, changes: Changes, actions: Actions) -> None:
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
        self._step = IntegerBox(
            "Step that is shown", "Type a step to look back at the moment next to it.", 0, LARGEST_WHOLE
        )
        self._end = label(role="muted")
        self._pin = tool_button(actions["pin_run"])
        self._continue = QPushButton("Continue from here")
        self._continue.setObjectName("continue_from_here")
        self._continue.clicked.connect(changes.continue_from_here)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(_PLAYBACK_MS)
        self._timer.timeout.connect(self._on_playback_due)
        self._direction = 0
        self._position = 0.0
        self._played: KeyFrame | None = None
        self._pace = ReadingPace(self._show_where, self)
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
            theme.measure(button, icon=12)
            button.setToolTip(f"{text}, from the moment that is shown.")
            button.setAccessibleName(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self._on_playback_clicked, direction))
            row.addWidget(button)
        self._speed.show_choice("1")
        theme.measure(self._speed, width=56)
        row.addWidget(self._speed)
        row.addWidget(self.bar, 1)
        self._step.setProperty("role", "figure")
        self._step.valueChanged.connect(self._on_step_typed)
        metrics = QFontMetricsF(theme.figure_font(12))
        for widget, longest, margin in ((self._step, _LONGEST_STEP, _FIELD_MARGIN), (self._end, _LONGEST_END, 0)):
            theme.measure(widget, font=12)
            theme.measure(widget, width=ceil(metrics.horizontalAdvance(longest)) + margin)
        place = QHBoxLayout()
        place.setSpacing(4)
        for widget in (label("step", "muted"), self._step, self._end):
            place.addWidget(widget)
        row.addLayout(place)
        theme.measure(self._pin, icon=14)
        row.addWidget(self._pin)
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
            self._pace.follow(live=self._run.playing)
            self.bar.refresh()

    @Slot()
    def _synchronize(self) -> None:
        self._continue.setEnabled(self._run.moment is not None)
        self._show_where()
        self.bar.update()

    def _show_where(self) -> None:
        last = self._run.history.frames[-1].step if len(self._run.history) else 0
        if not self._step.hasFocus():
            self._step.follow(self._run.displayed.step)
        end = "" if self._run.moment is None else f"of {last:,}"
        if end != self._end.text():
            self._end.setText(end)

    @Slot(int)
    def _on_step_typed(self, step: int) -> None:
        self._stop_playback()
        if len(self._run.history):
            self._run.look_back(self._run.history.nearest(step))
        self._step.follow(self._run.displayed.step)

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
        self._play_at(at)

    @Slot()
    def _on_playback_due(self) -> None:
        if self._run.moment is not self._played:
            # Somebody has gone elsewhere, as by a click on the loss curve.
            self._stop_playback()
            return
        last = len(self._run.history) - 1
        share = _PLAYBACK_MS / 1000 / _PLAYBACK_S * float(self._speed.currentData())
        self._position += self._direction * max(last * share, 0.05)
        self._play_at(round(min(max(self._position, 0.0), last)))
        if not 0.0 < self._position < last:
            self._stop_playback()

    def _play_at(self, index: int) -> None:
        self._run.look_back(index)
        self._played = self._run.moment

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
