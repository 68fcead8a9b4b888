"""The table of a race's lanes: how each learns, how it does, and what becomes of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.race import LiveRace
from gui.icons import icon
from gui.items.race_plots import paint_number
from gui.program.guard import guarded
from gui.widgets.card import ElidedLabel, label
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import IntegerBox
from gui.widgets.page import begin_page
from gui.widgets.rate_box import RateBox
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence, as_tip
from model.data.dataset import MAX_POINTS
from model.run.race import FEWEST_LANES, MOST_LANES
from model.training.optimizers import OPTIMIZERS

_NUMBER_PX, _OPTIMIZER_PX, _RATE_PX, _BATCH_PX = 18, 122, 78, 52


class _Number(QWidget):
    """A lane's number on its colour."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place
        theme.measure(self, width=_NUMBER_PX, height=_NUMBER_PX)
        self.setAccessibleName(f"Lane {place + 1}")
        theme.manager().changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it as the plots do."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_number(painter, begin_page(painter, self).center(), self._place, theme.current())
        painter.end()


def _below_number() -> QWidget:
    """Return the room that the number of a lane takes, in another row."""
    room = QWidget()
    theme.measure(room, width=_NUMBER_PX)
    return room


class LaneRow(QWidget):
    """One lane.

    Parameters
    ----------
    race : LiveRace
    place : int
        Of the lane, from 0; there may be none there.
    """

    def __init__(self, race: LiveRace, place: int) -> None:
        super().__init__()
        self._race, self._place = race, place
        self.setObjectName("lane")
        number = place + 1
        self._optimizer = ChoiceBox(
            f"Optimizer of lane {number}", {entry.name: (entry.label, entry.tip) for entry in OPTIMIZERS.values()}
        )
        theme.measure(self._optimizer, width=_OPTIMIZER_PX)
        self._optimizer.chosen.connect(self._on_optimizer_chosen)
        self._rate = RateBox(f"Learning rate of lane {number}", "How far a step of this lane goes along the gradient.")
        theme.measure(self._rate, width=_RATE_PX)
        self._rate.entered.connect(self._on_rate_entered)
        self._batch = IntegerBox(
            f"Batch size of lane {number}",
            "Points of one step, or “all” of them. Lanes of the same size have the same batches.",
            1,
            MAX_POINTS,
            none_text="all",
        )
        theme.measure(self._batch, width=_BATCH_PX)
        self._batch.valueChanged.connect(self._on_batch_changed)
        self._duplicate = _icon_button(f"Duplicate lane {number}", "Add another lane like this one.")
        self._duplicate.clicked.connect(self._on_duplicate_clicked)
        self._remove = _icon_button(f"Remove lane {number}", "Take this lane out of the race.")
        self._remove.clicked.connect(self._on_remove_clicked)
        self._result = ElidedLabel("small")
        self._continue = _link_button(
            "Continue",
            f"Continue lane {number} as the run",
            "Let this lane be the window's run from here on, with its settings, loss curve and timeline; undo goes "
            "back to the run that is there now.",
        )
        self._continue.clicked.connect(self._on_continue_clicked)
        self._pin = _link_button("Pin", f"Pin lane {number}", "Keep this lane, to compare others with it.")
        self._pin.clicked.connect(self._on_pin_clicked)
        self._lay_out()
        theme.manager().changed.connect(self._show_icons)
        self._show_icons()

    def _lay_out(self) -> None:
        first, second, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for row in (first, second):
            row.setSpacing(6)
        first.addWidget(_Number(self._place))
        for widget in (self._optimizer, self._rate, self._batch, self._duplicate, self._remove):
            first.addWidget(widget)
        first.addStretch(1)
        second.addWidget(_below_number())
        second.addWidget(self._result, 1)
        second.addWidget(self._continue)
        second.addWidget(self._pin)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addLayout(first)
        column.addLayout(second)

    @Slot()
    def _show_icons(self) -> None:
        colours = theme.current()
        disabled = theme.mixed(colours.muted, colours.panel, 0.5)
        for button, name in ((self._duplicate, "add"), (self._remove, "remove")):
            button.setIcon(icon(name, colours.text, disabled=disabled))

    def synchronize(self) -> None:
        """Show how the lane learns, and what can be done with it."""
        lanes, is_open = self._race.lanes, not self._race.has_begun
        self.setVisible(self._place < len(lanes))
        if self._place >= len(lanes):
            return
        training = lanes[self._place]
        follows_gradient = OPTIMIZERS[training.optimizer].make is not None
        self._optimizer.show_choice(training.optimizer)
        self._rate.follow(training.learning_rate)
        self._batch.follow(training.batch_size)
        self._optimizer.setEnabled(is_open)
        for field in (self._rate, self._batch):
            field.setEnabled(is_open and follows_gradient)
        self._duplicate.setEnabled(is_open and len(lanes) < MOST_LANES)
        self._remove.setEnabled(is_open and len(lanes) > FEWEST_LANES)

    def show_result(self, text: str, note: str, *, has_result: bool) -> None:
        """Show how the lane does, and whether it can be continued and pinned; `note` is more of it, as a tip."""
        self._result.show_text(text, note)
        for button in (self._continue, self._pin):
            button.setEnabled(has_result)

    def _set(self, field: QWidget, **changes: object) -> None:
        try:
            self._race.set_lane(self._place, **changes)
        except ValueError as error:
            refuse(field, as_sentence(error).replace("_", " "))
        self.synchronize()

    @Slot(str)
    def _on_optimizer_chosen(self, name: str) -> None:
        self._set(self._optimizer, optimizer=name, optimizer_options={})

    @Slot(float)
    def _on_rate_entered(self, rate: float) -> None:
        self._set(self._rate, learning_rate=rate)

    @Slot()
    def _on_batch_changed(self) -> None:
        self._set(self._batch, batch_size=self._batch.number())

    @Slot()
    def _on_duplicate_clicked(self) -> None:
        self._race.duplicate_lane(self._place)

    @Slot()
    def _on_remove_clicked(self) -> None:
        self._race.remove_lane(self._place)

    @Slot()
    def _on_continue_clicked(self) -> None:
        self._race.continue_lane(self._place)

    @Slot()
    def _on_pin_clicked(self) -> None:
        self._race.pin_lane(self._place)


class LaneTable(QWidget):
    """All lanes below each other, under the names of their fields."""

    def __init__(self, race: LiveRace) -> None:
        super().__init__()
        self.rows = [LaneRow(race, place) for place in range(MOST_LANES)]
        headings = QGridLayout()
        headings.setContentsMargins(0, 0, 0, 0)
        headings.setHorizontalSpacing(6)
        headings.addWidget(_below_number(), 0, 0)
        for column, (text, width) in enumerate(
            (("Optimizer", _OPTIMIZER_PX), ("Learning rate", _RATE_PX), ("Batch", _BATCH_PX)), start=1
        ):
            heading = label(text, "small")
            theme.measure(heading, width=width)
            headings.addWidget(heading, 0, column)
        headings.setColumnStretch(4, 1)
        column_of_rows = QVBoxLayout(self)
        column_of_rows.setContentsMargins(0, 0, 0, 0)
        column_of_rows.setSpacing(2)
        column_of_rows.addLayout(headings)
        for row in self.rows:
            column_of_rows.addWidget(row)
        race.lanes_changed.connect(self._synchronize)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        for row in self.rows:
            row.synchronize()


def _icon_button(spoken: str, tip: str) -> QToolButton:
    button = QToolButton()
    theme.measure(button, icon=14)
    button.setAccessibleName(spoken)
    button.setToolTip(as_tip(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _link_button(text: str, spoken: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setProperty("role", "link")
    button.setAccessibleName(spoken)
    button.setToolTip(as_tip(tip))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    button.setEnabled(False)
    return button
