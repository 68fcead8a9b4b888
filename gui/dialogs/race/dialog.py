"""The dialog of a race: lanes are chosen, trained beside each other, compared, and continued as the run."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QMainWindow, QWidget

from gui import theme
from gui.dialogs.picture import PictureDialog
from gui.dialogs.race.cards import RaceCards
from gui.dialogs.race.lanes import LaneTable
from gui.dialogs.working import WorkingDialog
from gui.document.changes import Changes
from gui.document.race import LARGEST_GOAL, PRESETS, LiveRace, Start
from gui.document.run import LiveRun
from gui.document.view import View
from gui.export.race import RacePictures
from gui.items.race_plots import lane_text
from gui.program.guard import guarded
from gui.widgets.card import GAP, Panel, label
from gui.widgets.choices import ChoiceBox, Segments
from gui.widgets.fields import IntegerBox
from gui.widgets.forms import Form, plain_button
from gui.widgets.screens import set_first_size
from gui.widgets.texts import as_sentence
from model.run.race import MOST_LANES, verdict

_LEFT_PX, _CAPTION_PX, _FIELD_PX = 394, 72, 284
_STARTS: tuple[Start, ...] = ("present", "first", "new")
_PRESET_HINT = "none"


class RaceDialog(WorkingDialog):
    """Lanes at the left, and at the right how they stand. The window stays usable.

    Parameters
    ----------
    race : LiveRace
    run : LiveRun
    changes : Changes
    view : View
    window : QMainWindow
        In front of which it stays, and with which it closes.
    """

    def __init__(self, race: LiveRace, run: LiveRun, changes: Changes, view: View, window: QMainWindow) -> None:
        super().__init__(window)
        self._race, self._run = race, run
        self.setObjectName("race_dialog")
        self.setWindowTitle("Race")
        self._make_choices()
        self._make_buttons()
        self._lanes = LaneTable(race)
        self._verdict, self._note, self._done = label(), label(role="muted"), ""
        self._verdict.setAccessibleName("Result of the race")
        self._note.setAccessibleName("Note on the race")
        for text in (self._verdict, self._note):
            text.setWordWrap(True)
        self._cards = RaceCards(race, run, view)
        self._cards.looks_changed.connect(self._show_report)
        self._lay_out()
        race.lanes_changed.connect(self._synchronize)
        race.done.connect(self._on_done)
        race.report_changed.connect(self._show_report)
        race.playing_changed.connect(self._synchronize)
        race.frame_due.connect(self._draw_frame)
        view.settings_changed.connect(self._show_report)
        for changed in (changes.dataset_changed, changes.network_changed, run.moment_changed):
            changed.connect(self._synchronize)
        self._synchronize()
        set_first_size(self, 1180, 660)
        # Where no button has the focus, Space starts and pauses.
        self.setFocus()

    def _make_choices(self) -> None:
        presets = {_PRESET_HINT: ("Presets…", "Lanes that are often wanted.")}
        presets |= {name: (preset.label, preset.tip) for name, preset in PRESETS.items()}
        self._preset = ChoiceBox("Preset", presets)
        self._preset.show_choice(_PRESET_HINT)
        self._preset.chosen.connect(self._on_preset_chosen)
        self._start = Segments(
            "Weights",
            ("Present", "First", "New"),
            (
                "All lanes begin with the weights that the window shows.",
                "All lanes begin with the weights with which the run began.",
                "All lanes begin with new weights, the next seed's at each race.",
            ),
        )
        self._start.chosen.connect(self._on_start_chosen)
        self._goal = IntegerBox("Steps", "After how many steps of each lane the race ends.", 1, LARGEST_GOAL)
        self._goal.valueChanged.connect(self._on_goal_changed)

    def _make_buttons(self) -> None:
        self._play = plain_button("&Start", "Train all lanes in turns until the end of the race, or pause.  (Space)")
        self._play.setObjectName("primary")
        self._play.clicked.connect(self._on_play_clicked)
        self._step = plain_button("S&tep", "Let each lane take one step.  (Right)")
        self._step.clicked.connect(self._on_step_clicked)
        self._restart = plain_button(
            "&Restart", "Forget this race; lanes and weights can be chosen again for the next.  (Home)"
        )
        self._restart.clicked.connect(self._on_restart_clicked)
        self._add = plain_button(
            "&Add Lane", "Add a lane that learns as the window's run does now, with all its settings."
        )
        self._add.clicked.connect(self._on_add_clicked)
        self._save = plain_button("Save &Picture…", "Write the plots as PNG, SVG or PDF.")
        self._save.clicked.connect(self._on_save_clicked)
        self._close = plain_button("&Close", "End the race.  (Esc)")
        self._close.clicked.connect(self.close)
        for button in (self._play, self._step, self._restart, self._add, self._save, self._close):
            # After a click Space still belongs to the race.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(GAP, GAP, GAP, GAP)
        outer.setSpacing(GAP)
        outer.addWidget(self._left())
        outer.addWidget(self._cards, 1)

    def _left(self) -> QWidget:
        panel = Panel("Lanes")
        theme.measure(panel, width=_LEFT_PX)
        panel.header.addStretch(1)
        panel.header.addWidget(self._add)
        form = Form(_CAPTION_PX, _FIELD_PX)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.setContentsMargins(0, 0, 0, 0)
        for caption, field in (("Lanes", self._preset), ("Weights", self._start), ("Steps", self._goal)):
            form.add_row(caption, field)
        buttons, foot = QHBoxLayout(), QHBoxLayout()
        for button in (self._play, self._step, self._restart):
            buttons.addWidget(button, 1)
        foot.addWidget(self._save)
        foot.addStretch(1)
        foot.addWidget(self._close)
        panel.body.addWidget(self._lanes)
        panel.body.addLayout(form)
        panel.body.addLayout(buttons)
        panel.body.addWidget(self._verdict)
        panel.body.addWidget(self._note)
        panel.body.addStretch(1)
        panel.body.addLayout(foot)
        return panel

    # What is shown

    @Slot()
    def _synchronize(self) -> None:
        """Show what is chosen, and what can be done."""
        race = self._race
        has_begun = race.has_begun
        if race.playing or not has_begun:
            self._done = ""
        for field in (self._preset, self._start):
            field.setEnabled(not has_begun)
        self._add.setEnabled(not has_begun and len(race.lanes) < MOST_LANES)
        self._start.show_choice(_STARTS.index(race.start))
        self._goal.follow(race.goal)
        self._play.setText("&Pause" if race.playing else "&Go On" if has_begun else "&Start")
        self._restart.setEnabled(has_begun)
        has_points = self._run.shown_dataset.n_training > 0 or has_begun
        can_train = has_points and not race.is_over
        if not can_train and (self._play.hasFocus() or self._step.hasFocus()):
            # Qt would give it to the next button, which the next Space would press: Restart.
            self.setFocus()
        for button in (self._play, self._step):
            button.setEnabled(can_train)
        self._show_note(has_points=has_points)
        self._show_report()

    def _show_note(self, *, has_points: bool, refusal: str = "") -> None:
        race, sizes = self._race, {lane.batch_size for lane in self._race.lanes}
        notes = [refusal, self._done]
        if not has_points:
            notes.append("There is no training point to learn from: place some in the window.")
        if race.has_other_start:
            notes.append("Points or network have changed since this race began: it goes on with its own.")
        if len(sizes) > 1 and not race.has_begun:
            notes.append("Lanes with other batch sizes learn from batches of their own.")
        if race.start == "first" and not race.can_begin_with_first and not race.has_begun:
            notes.append("The network has another shape than at the run's beginning: the present weights are taken.")
        if race.is_over and race.report is not None and any(lane.is_running for lane in race.report.state.lanes):
            notes.append("With more steps it goes on.")
        self._note.setText(" ".join(filter(None, notes)))
        self._note.setVisible(any(notes))

    @Slot()
    def _show_report(self) -> None:
        """Show how the race stands."""
        self._cards.follow()
        report, scene = self._race.report, self._cards.scene()
        for place, row in enumerate(self._lanes.rows):
            lane = None if report is None or place >= len(scene.lanes) else scene.lanes[place]
            text = "" if lane is None else lane_text(lane, scene)
            note = "" if lane is None else lane.trained.note
            is_finite = lane is not None and isfinite(lane.trained.moment.metrics.train_loss or 0.0)
            row.show_result(text, f"{note[:1].upper()}{note[1:]}." if note else "", has_result=is_finite)
        if report is None:
            self._verdict.setText("All lanes begin with the same weights, and learn from the same batches.")
        else:
            self._verdict.setText(verdict(report.state, scene.names, test=scene.test))

    @Slot()
    def _draw_frame(self) -> None:
        """Draw at once what a report changed, while training waits for it."""
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))

    # What a person does

    @Slot()
    def _on_play_clicked(self) -> None:
        self._try(lambda: self._race.set_playing(not self._race.playing))

    @Slot()
    def _on_step_clicked(self) -> None:
        self._try(self._race.step)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except ValueError as error:
            self._show_note(has_points=True, refusal=as_sentence(error).replace("_", " "))

    @Slot(str)
    def _on_done(self, sentence: str) -> None:
        self._done = sentence
        self._synchronize()

    @Slot()
    def _on_restart_clicked(self) -> None:
        self._race.restart()

    @Slot()
    def _on_add_clicked(self) -> None:
        self._race.add_lane()

    @Slot(str)
    def _on_preset_chosen(self, name: str) -> None:
        self._preset.show_choice(_PRESET_HINT)
        if name != _PRESET_HINT:
            self._race.use_preset(name)

    @Slot(int)
    def _on_start_chosen(self, index: int) -> None:
        self._race.set_start(_STARTS[index])

    @Slot()
    def _on_goal_changed(self) -> None:
        self._race.set_goal(self._goal.value())

    @Slot()
    def _on_save_clicked(self) -> None:
        dialog = PictureDialog(RacePictures(self._cards.scene), self)
        dialog.written.connect(self._on_done)
        dialog.show()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Start or pause, step, or restart, with the keys that do so in the window."""
        buttons = {Qt.Key.Key_Space: self._play, Qt.Key.Key_Right: self._step, Qt.Key.Key_Home: self._restart}
        if event.key() in buttons:
            buttons[Qt.Key(event.key())].click()
        else:
            super().keyPressEvent(event)

    @Slot()
    def reject(self) -> None:
        """Pause a race that is running; otherwise close."""
        if self._race.playing:
            self._race.set_playing(False)
        else:
            super().reject()

    def end_work(self) -> None:
        """End the race."""
        self._cards.close_threads()
        self._race.close()
