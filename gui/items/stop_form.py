"""StopForm: where training is to end by itself, each rule with a switch, and what that comes to in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox

from gui import theme
from gui.document.changes import Changes
from gui.document.settings import TrainingEdits
from gui.widgets.card import label
from gui.widgets.choices import Segments
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox, NumberBox
from gui.widgets.forms import Form
from gui.widgets.texts import as_tip
from model.data.dataset import Dataset
from model.numbers import number_text
from model.training.optimizers import OPTIMIZERS
from model.training.settings import TrainingSettings
from model.training.stopping import WATCHED
from model.types import counted, readable

_LARGEST_LOSS = 1e6
_LARGEST_FALL = 99.0


@dataclass(frozen=True, slots=True)
class _Rule:
    """One rule: its switch, its field, and its value when it is switched on for the first time.

    Attributes
    ----------
    caption, name, tip : str
    first : float
    kind : type
        int for a whole number of 1 or more.
    largest, step : float
    """

    caption: str
    name: str
    tip: str
    first: float
    kind: type = int
    largest: float = LARGEST_WHOLE
    step: float = 1.0


_RULES = {
    "steps": _Rule("Steps", "Stop after steps", "Stop after every so many steps; Play takes as many again.", 1000),
    "epochs": _Rule("Epochs", "Stop after epochs", "Stop after every so many epochs; Play takes as many again.", 100),
    "loss": _Rule("Loss ≤", "Stop at a loss", "Stop when the loss is this or less.", 0.05, float, _LARGEST_LOSS, 0.01),
    "accuracy": _Rule("Accuracy ≥", "Stop at an accuracy", "", 0.95, float, 1.0, 0.01),
    "plateau": _Rule(
        "Plateau, epochs", "Stop on a plateau", "Stop when the loss has hardly fallen for so many epochs.", 50
    ),
    "patience": _Rule(
        "Patience, epochs",
        "Early stopping",
        "Stop when the test loss has not fallen for so many epochs, and bring the weights of its lowest back.",
        20,
    ),
}
_ACCURACY_TIPS = {
    False: "Stop when the accuracy, 0 to 1, is this or more.",
    True: "Stop when R², 1 for a perfect answer, is this or more.",
}
_FIELD_NAMES = {"patience": "Patience"}
"""The rules whose fields are not called as their switches are."""


class StopForm(Form):
    """Where training is to end by itself.

    Parameters
    ----------
    changes : Changes
    learning : TrainingEdits
    caption_width, field_width : int
        In pixels.
    """

    def __init__(self, changes: Changes, learning: TrainingEdits, caption_width: int, field_width: int) -> None:
        super().__init__(caption_width, field_width)
        self._changes, self._learning = changes, learning
        self._switches: dict[str, QCheckBox] = {}
        self._fields: dict[str, IntegerBox | NumberBox] = {}
        self._fall = NumberBox(
            "Fall on a plateau", "In percent: a loss that falls by less is on a plateau.", 0.0, _LARGEST_FALL, 1.0
        )
        self._fall.valueChanged.connect(lambda percent: self._change_stop(improvement=percent / 100))
        for key, rule in _RULES.items():
            self._add_rule(key, rule, caption_width, field_width)
        self._watched = Segments("Points that decide", tuple(WATCHED), tuple(WATCHED.values()))
        self._watched.setProperty("tight", True)
        self._watched.chosen.connect(lambda index: self._change_stop(watched=list(WATCHED)[index]))
        self.add_row("Measured on", self._watched)
        self._sentence = label(role="muted")
        self._sentence.setWordWrap(True)
        theme.measure(self._sentence, width=caption_width + field_width + self.horizontalSpacing())
        self.addRow(self._sentence)

    def _add_rule(self, key: str, rule: _Rule, caption_width: int, field_width: int) -> None:
        switch = QCheckBox(rule.caption)
        switch.setAccessibleName(rule.name)
        switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.measure(switch, width=caption_width)
        switch.toggled.connect(partial(self._on_switched, key))
        name = _FIELD_NAMES.get(key, f"{rule.name}: value")
        field: IntegerBox | NumberBox
        if rule.kind is int:
            field = IntegerBox(name, rule.tip, 1, int(rule.largest))
        else:
            field = NumberBox(name, rule.tip, 1e-12, rule.largest, rule.step)
        theme.measure(field, width=field_width)
        field.valueChanged.connect(partial(self._change, key))
        switch.setFixedHeight(field.sizeHint().height())
        self._switches[key], self._fields[key] = switch, field
        self.addRow(switch, field)
        if key == "plateau":
            self.add_row("Falls by, %", self._fall)

    def show_settings(self, training: TrainingSettings, dataset: Dataset) -> None:
        """Show where training is to end."""
        stop = training.stop
        follows_gradient = OPTIMIZERS[training.optimizer].make is not None
        # Before the field of its row, which it would show.
        self.setRowVisible(self._switches["patience"], follows_gradient)
        for key, rule in _RULES.items():
            value = training.patience if key == "patience" else getattr(stop, key)
            switch, field = self._switches[key], self._fields[key]
            tip = _ACCURACY_TIPS[dataset.is_regression] if key == "accuracy" else rule.tip
            for widget in (switch, field):
                widget.setToolTip(as_tip(tip))
            with QSignalBlocker(switch):
                switch.setChecked(value is not None)
            shown = rule.first if value is None else value
            if isinstance(field, IntegerBox):
                field.follow(int(shown))
            else:
                field.follow(shown)
            field.setVisible(value is not None and self.isRowVisible(switch))
        self._switches["accuracy"].setText("R² ≥" if dataset.is_regression else _RULES["accuracy"].caption)
        self.setRowVisible(self._fall, stop.plateau is not None)
        self._fall.follow(100 * stop.improvement)
        is_measured = any(rule is not None for rule in (stop.loss, stop.accuracy, stop.plateau))
        self.setRowVisible(self._watched, is_measured)
        self._watched.show_choice(list(WATCHED).index(stop.watched))
        text = stop_sentence(training, dataset)
        self._sentence.setText(text)
        self.setRowVisible(self._sentence, bool(text))

    def _on_switched(self, key: str, on: bool) -> None:
        self._change(key, self._fields[key].value() if on else None)

    def _change(self, key: str, value: float | None) -> None:
        if key == "patience":
            self._learning.set_training(patience=value)
        else:
            self._change_stop(**{key: value})

    def _change_stop(self, **changes: Any) -> None:
        self._learning.set_training(stop=replace(self._changes.training_settings.stop, **changes))


def stop_sentence(training: TrainingSettings, dataset: Dataset) -> str:
    """Return in a sentence where training ends by itself; empty where it does not."""
    stop = training.stop
    of, quality = f"{stop.watched} ", "R²" if dataset.is_regression else "accuracy"
    ends = []
    if stop.steps is not None:
        ends.append(f"after every {counted(stop.steps, 'step')}")
    if stop.epochs is not None:
        ends.append(f"after every {counted(stop.epochs, 'epoch')}")
    if stop.loss is not None:
        ends.append(f"at a {of}loss of {number_text(stop.loss, 4)}")
    if stop.accuracy is not None:
        ends.append(f"at a {of}{quality} of {number_text(stop.accuracy, 4)}")
    if stop.plateau is not None:
        ends.append(
            f"when the {of}loss has not fallen by {100 * stop.improvement:.3g}% in {counted(stop.plateau, 'epoch')}"
        )
    if training.patience is not None:
        ends.append(f"when the test loss has not fallen in {counted(training.patience, 'epoch')}")
    return readable(f"Training stops {', or '.join(ends)}. Play goes on from there.") if ends else ""
