"""SliderField: a number that can be dragged and typed."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from gui import theme
from gui.widgets.fields import IntegerBox, NumberBox, Slider
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip

_GAP, _LEAST_SLIDER = 8, 24


class SliderField(QWidget):
    """A slider through some values, and beside it a field that takes any value between them.

    Parameters
    ----------
    name : str
        The accessible name of both.
    tip : str
    values : sequence of float
        The slider's places, in rising order; the first and the last are the ends of what can be typed.
    unit : str
        What follows the number, such as "%".
    decimals : int
        To how many places a typed number is rounded; with none it is a whole number.
    none_text : str
        What stands at the end of the slider, and in the field, for None.

    Attributes
    ----------
    slider : Slider
    box : IntegerBox or NumberBox
    """

    changed = Signal(object, int)
    """The value, None where its text stands for that, and the number of the slider's drag; -1 for none."""

    def __init__(
        self, name: str, tip: str, values: Sequence[float], unit: str = "", decimals: int = 0, none_text: str = ""
    ) -> None:
        super().__init__()
        self._values = np.array(values, dtype=np.float64)
        self._decimals, self._unit = decimals, 1.0
        self.slider = Slider(name, tip, 0, len(values) - (0 if none_text else 1))
        theme.measure(self.slider, least_width=_LEAST_SLIDER)
        self.box: IntegerBox | NumberBox
        if decimals:
            step = values[1] - values[0]
            self.box = NumberBox(name, tip, values[0], values[-1], step, decimals, unit=unit)
        else:
            self.box = IntegerBox(name, tip, round(values[0]), round(values[-1]), none_text, unit=unit)
        self.box.setProperty("role", "figure")
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.slider, 1)
        row.addWidget(self.box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.slider.sliderPressed.connect(leave_field)
        self.slider.valueChanged.connect(self._on_slider_moved)
        self.box.valueChanged.connect(self._on_number_entered)

    def count_in(self, unit: float) -> None:
        """Let the field, which takes more than whole numbers, count in another unit: 1 is so much of it."""
        assert isinstance(self.box, NumberBox)
        if unit == self._unit:
            return
        self._unit = unit
        with QSignalBlocker(self.box):
            self.box.setDecimals(max(self._decimals - round(log10(unit)), 0))
            self.box.setRange(float(self._values[0]) * unit, float(self._values[-1]) * unit)
            self.box.setSingleStep(float(self._values[1] - self._values[0]) * unit)

    def follow(self, value: float | None) -> None:
        """Show a value, without a signal."""
        place = len(self._values) if value is None else int(np.abs(self._values - value).argmin())
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)
        if isinstance(self.box, IntegerBox):
            self.box.follow(None if value is None else round(value))
        elif value is not None:
            self.box.follow(value * self._unit)

    def describe(self, tip: str) -> None:
        """Say of both what they are."""
        for widget in (self.slider, self.box):
            widget.setToolTip(as_tip(tip))

    @Slot(int)
    def _on_slider_moved(self, place: int) -> None:
        value = float(self._values[place]) if place < len(self._values) else None
        self.changed.emit(value, self.slider.gesture)

    @Slot()
    def _on_number_entered(self) -> None:
        number = self.box.number()
        if number is not None:
            low, high = self._values[[0, -1]].tolist()
            number = min(max(number / self._unit, low), high)
        self.changed.emit(number, -1)
