"""A row of the inspector: one weight or bias, with its value, a slider and a lock."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QWidget,
)

from gui import theme
from gui.document.network import NetworkEdits
from gui.icons import icon
from gui.items.scales import round_up
from gui.panels.inspector import texts as part_texts
from gui.program.guard import guarded
from gui.widgets.card import ElidedLabel, label
from gui.widgets.fields import NumberBox, Slider
from gui.widgets.texts import as_tip
from model import Dataset, NetworkSettings
from model.network.parts import Edge, Selection, Unit, bias_position, unit_name, weight_position

_SLIDER_STEPS = 1000
_LARGEST = 1000.0
_SLIDER_ENDS = (3.0, 10.0, 30.0, 100.0, 300.0, _LARGEST)
NAME_WIDTH, _WIDEST_NAME = 72, 112
_LOCK_PX = 13
_FIELD_PX = 84


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that can be turned: its name, its place in the flat vector of parameters, and whether it is a bias."""

    name: str
    position: int
    is_bias: bool = False


def parameters_of(settings: NetworkSettings, selection: Selection, dataset: Dataset) -> list[Parameter]:
    """Return the numbers that belong to a neuron, its bias first, or the one of a weight."""
    if isinstance(selection, Edge):
        return [Parameter("weight", weight_position(settings, selection))]
    if not isinstance(selection, Unit):
        return []
    sizes = settings.layer_sizes
    layer, index = selection.layer, selection.index
    if layer == 0:
        return [
            Parameter(
                f"w → {unit_name(settings, Unit(1, target), dataset)}",
                weight_position(settings, Edge(0, index, target)),
            )
            for target in range(sizes[1])
        ]
    incoming = [
        Parameter(
            f"w ← {unit_name(settings, Unit(layer - 1, source), dataset)}",
            weight_position(settings, Edge(layer - 1, source, index)),
        )
        for source in range(sizes[layer - 1])
    ]
    bias = bias_position(settings, selection)
    name = "shared bias" if settings.bias == "shared" else "bias"
    return incoming if bias is None else [Parameter(name, bias, is_bias=True), *incoming]


def first_weight(parameters: list[Parameter]) -> Parameter | None:
    """Return the first that is no bias, for a weight says more of a neuron; None where there is no number at all."""
    return next((parameter for parameter in parameters if not parameter.is_bias), None)


def name_width(parameters: list[Parameter]) -> int:
    """Return how many pixels the names of rows get: as many as they need, up to a limit; at the scale 1."""
    metrics = QFontMetrics(theme.figure_font(theme.tokens()["font"]["body_px"]))
    widest = max((metrics.horizontalAdvance(parameter.name) for parameter in parameters), default=0)
    return min(max(NAME_WIDTH, widest + 2), _WIDEST_NAME)


def slider_end(value: float) -> float:
    """Return up to where a slider goes that shows a number: beyond it, so that it can be turned on from there.

    At the largest number that can be set is the end; what training brings beyond that has a round end of its own.
    """
    return next((end for end in _SLIDER_ENDS if abs(value) < end), max(_LARGEST, round_up(abs(value))))


class ParameterRow(QWidget):
    """Name, slider and field of one number; instead of slider and field, that it is pruned.

    It says when a person points at it or turns it. A slider that is let go at its end goes further from there.
    """

    pointed_at = Signal(object)  # The Parameter.

    def __init__(self, network: NetworkEdits, parameter: Parameter, name_width: int) -> None:
        super().__init__()
        self.parameter = parameter
        self._network = network
        self._range, self._value = _SLIDER_ENDS[0], 0.0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = ElidedLabel("muted")
        name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        theme.measure(name, width=name_width)
        name.show_text(parameter.name)
        self._lock = label()
        theme.measure(self._lock, width=_LOCK_PX)
        self._slider = Slider(f"{parameter.name}, slider", "", -_SLIDER_STEPS, _SLIDER_STEPS)
        self._slider.setProperty("role", "bipolar")
        self._field = NumberBox(parameter.name, "", -_LARGEST, _LARGEST, 0.1, 3, padded=True)
        theme.measure(self._field, width=_FIELD_PX)
        self._pruned = label("pruned: it stays 0", "muted")
        # The field keeps its place, so that the row stays as high as the others.
        policy = self._field.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._field.setSizePolicy(policy)
        row.addWidget(name)
        row.addWidget(self._lock)
        row.addWidget(self._slider, 1)
        row.addWidget(self._pruned, 1)
        row.addWidget(self._field)
        self.show_marks(frozen=False, pruned=False, room_for_lock=False)
        self._slider.valueChanged.connect(self._on_slider_moved)
        self._slider.sliderReleased.connect(self._on_slider_released)
        self._field.valueChanged.connect(self._on_field_changed)

    @guarded
    def enterEvent(self, event: QEnterEvent) -> None:
        """Say that the mouse is here."""
        super().enterEvent(event)
        self.pointed_at.emit(self.parameter)

    def show_marks(self, *, frozen: bool, pruned: bool, room_for_lock: bool) -> None:
        """Say that training leaves the number alone, or that it stays 0.

        With `room_for_lock` there is room for the sign in any case, so that the sliders of all rows stand in line.
        """
        tip = f"Turn the {self.parameter.name}, during training or not."
        for widget in (self._slider, self._field):
            widget.setVisible(not pruned)
            widget.setToolTip(as_tip(f"{tip} It is {part_texts.FROZEN}." if frozen else tip))
            widget.setAccessibleDescription("frozen" if frozen else "")
        self._pruned.setVisible(pruned)
        self._lock.setVisible(room_for_lock)
        self._lock.clear()
        self._lock.setToolTip(f"This number is {part_texts.FROZEN}." if frozen and not pruned else "")
        if frozen and not pruned:
            ratio = self.devicePixelRatioF()
            self._lock.setPixmap(icon("lock", theme.current().muted).pixmap(QSize(_LOCK_PX, _LOCK_PX), ratio))

    def take_focus(self) -> bool:
        """Give the keyboard to the slider, and return whether there is one: a pruned weight has none."""
        if self._slider.isHidden():
            return False
        self._slider.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def follow(self, value: float) -> None:
        """Show the present value, unless somebody is turning it."""
        self._field.follow(value)
        if not self._slider.isSliderDown() and isfinite(value):
            self._show_position(value)

    def _show_position(self, value: float) -> None:
        """Show a value on the slider, with room to turn it on."""
        self._value = value
        self._range = slider_end(value)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(value / self._range * _SLIDER_STEPS))

    @Slot(int)
    def _on_slider_moved(self, position: int) -> None:
        self.pointed_at.emit(self.parameter)
        value = self._value = position / _SLIDER_STEPS * self._range
        self._network.set_parameter(self.parameter.position, value, self._slider.gesture)
        with QSignalBlocker(self._field):
            self._field.setValue(value)

    @Slot()
    def _on_slider_released(self) -> None:
        self._show_position(self._value)

    @Slot(float)
    def _on_field_changed(self, value: float) -> None:
        self._network.set_parameter(self.parameter.position, value)
