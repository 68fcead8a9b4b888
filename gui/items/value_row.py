"""The value of new points in a regression: its colour, a slider and the number."""

from __future__ import annotations

from math import log10

from PySide6.QtCore import QRectF, QSignalBlocker, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme
from gui.document.view import View
from gui.items.points_layer import value_colour
from gui.items.scales import TICKS, round_up
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.fields import NumberBox, Slider
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip
from model.data.dataset import TARGET_LIMIT
from model.data.naming import Axis
from model.data.wording import amount_text, name_text

_STEPS = 100
_BOX_PX = 72
_STEP, _DECIMALS = 0.1, 4
_LONGEST_NAME = 14


class ValueRow(QWidget):
    """Shows and chooses the value of the points that a person draws."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._axis = Axis()
        tip = "The value of the points that you draw."
        self._swatch = _Swatch()
        self._slider = Slider("Value", tip, -_STEPS, _STEPS)
        self._slider.setProperty("role", "bipolar")
        self._box = NumberBox("Value as a number", tip, -TARGET_LIMIT, TARGET_LIMIT, _STEP, _DECIMALS)
        theme.measure(self._box, width=_BOX_PX)
        self._name = label("Value", "muted")
        for widget in (self._swatch, self._name, self._slider, self._box):
            row.addWidget(widget)
        self._slider.sliderPressed.connect(leave_field)
        self._slider.valueChanged.connect(self._on_slider_moved)
        self._box.valueChanged.connect(self._on_number_entered)
        view.settings_changed.connect(self._synchronize)
        self._synchronize()

    def show_units(self, axis: Axis) -> None:
        """Ask for the value by its name and in its units from now on."""
        if axis == self._axis:
            return
        self._axis = axis
        low, high = axis.shown(-TARGET_LIMIT), axis.shown(TARGET_LIMIT)
        self._name.setText(name_text(axis.name, _LONGEST_NAME) or "Value")
        for widget in (self._name, self._slider, self._box):
            tip = f"The value of the points that you draw, {amount_text(axis, -1.0)} to {amount_text(axis, 1.0)}."
            widget.setToolTip(as_tip(f"{axis.name}\n{tip}".strip()))
        with QSignalBlocker(self._box):
            self._box.setDecimals(max(_DECIMALS - round(log10(axis.unit)), 0))
            self._box.setRange(low, high)
            self._box.setSingleStep(round_up(axis.unit * _STEP, TICKS))
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        value = self._view.settings.current_value
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(value * _STEPS))
        self._box.follow(self._axis.shown(value))
        self._swatch.show_value(value)

    @Slot(int)
    def _on_slider_moved(self, position: int) -> None:
        self._view.set(current_value=position / _STEPS)

    @Slot(float)
    def _on_number_entered(self, value: float) -> None:
        limited = min(max(self._axis.placed(value), -TARGET_LIMIT), TARGET_LIMIT)
        self._view.set(current_value=limited)


class _Swatch(QWidget):
    """A point as it will be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._value = 0.0
        theme.measure(self, width=18, height=18)
        theme.manager().changed.connect(self.update)

    def show_value(self, value: float) -> None:
        """Show the colour of a value."""
        if value != self._value:
            self._value = value
            self.update()

    @property
    def colour(self) -> QColor:
        """The colour that is shown."""
        return value_colour(self._value, theme.current())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the point."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().line, 1.0))
        painter.setBrush(self.colour)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()
