"""The inspector: the numbers of the selected neuron or weight, each to be turned with a slider or typed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QElapsedTimer, QRectF, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui import theme
from gui.document import Document
from gui.guard import guarded
from gui.items.network_diagram import map_colours, map_limit
from gui.items.scales import round_up
from gui.items.surface_item import to_image
from gui.selection import Edge, Selection, Unit, bias_position, exists, unit_name, weight_position
from gui.widgets import NumberBox, Panel, Slider, label
from model import NetworkSettings
from model.activations import ACTIVATIONS
from model.snapshot import Snapshot

_HINT = "Click a neuron or a weight in the diagram to see its numbers here and to turn them."
_SLIDER_STEPS = 1000
_LARGEST = 1000.0
_LEAST_SLIDER_RANGE = 3.0
_MAP_PX = 132
_NAME_WIDTH = 72
_ROW_WIDTH = 240
_REFRESH_MS = 15


@dataclass(frozen=True, slots=True)
class _Parameter:
    """One number that can be turned: its name and its place in the flat vector of parameters."""

    name: str
    position: int


def _parameters_of(settings: NetworkSettings, selection: Selection) -> list[_Parameter]:
    """Return the numbers that belong to a neuron, its bias first, or the one of a weight."""
    if isinstance(selection, Edge):
        return [_Parameter("weight", weight_position(settings, selection))]
    if not isinstance(selection, Unit):
        return []
    sizes = settings.layer_sizes
    layer, index = selection.layer, selection.index
    if layer == 0:
        return [
            _Parameter(f"w → {unit_name(settings, Unit(1, target))}", weight_position(settings, Edge(0, index, target)))
            for target in range(sizes[1])
        ]
    incoming = [
        _Parameter(
            f"w ← {unit_name(settings, Unit(layer - 1, source))}",
            weight_position(settings, Edge(layer - 1, source, index)),
        )
        for source in range(sizes[layer - 1])
    ]
    bias = bias_position(settings, selection)
    return incoming if bias is None else [_Parameter("bias", bias), *incoming]


class InspectorPanel(Panel):
    """The card below the diagram."""

    def __init__(self, document: Document) -> None:
        super().__init__("Inspector")
        self._document = document
        self._rows: list[_ParameterRow] = []
        self._shown: tuple[NetworkSettings, Selection] | None = None
        self._since_refresh = QElapsedTimer()
        self._since_refresh.start()
        self.setMinimumHeight(190)
        self._formula = label(role="muted")
        self._remove = QPushButton("Remove neuron")
        self._remove.setToolTip("Take this neuron out of its layer; every other weight stays.")
        self._remove.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._remove.clicked.connect(self._on_remove_clicked)
        self.header.addWidget(self._formula)
        self.header.addStretch(1)
        self.header.addWidget(self._remove)
        self._hint = label(_HINT, "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self.body.addWidget(self._hint, 1)
        self._content = QWidget()
        row = QHBoxLayout(self._content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        left = QVBoxLayout()
        left.setSpacing(4)
        self._map = _UnitMap(document)
        self._at_mouse = label(role="small")
        self._at_mouse.setFixedWidth(_MAP_PX + 24)
        left.addWidget(self._map)
        left.addWidget(self._at_mouse)
        left.addStretch(1)
        row.addLayout(left)
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(2)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._list)
        row.addWidget(self._scroll, 1)
        self.body.addWidget(self._content, 1)
        document.selection_changed.connect(self._synchronize)
        document.network_changed.connect(self._synchronize)
        document.displayed_changed.connect(self._on_displayed_changed)
        document.cursor_changed.connect(self._show_value_at_mouse)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        """Show the selected neuron or weight, or the hint."""
        settings, selection = self._document.network_settings, self._document.selection
        if not exists(settings, selection):
            selection = None
        self._hint.setVisible(selection is None)
        self._content.setVisible(selection is not None)
        self._formula.setVisible(selection is not None)
        self._remove.setVisible(_is_removable(settings, selection))
        self.title.setText(_title(settings, selection))
        self._formula.setText(_formula(settings, selection))
        self._map.setVisible(isinstance(selection, Unit))
        self._at_mouse.setVisible(isinstance(selection, Unit))
        if self._shown != (settings, selection):
            self._shown = (settings, selection)
            self._build_rows(_parameters_of(settings, selection))
        self._show_values()

    def _build_rows(self, parameters: list[_Parameter]) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        n_columns = max(1, min(2, (self.width() - 200) // _ROW_WIDTH))
        self._rows = []
        for number, parameter in enumerate(parameters):
            row = _ParameterRow(self._document, parameter)
            self._rows.append(row)
            self._grid.addWidget(row, number // n_columns, number % n_columns)

    @Slot()
    def _on_displayed_changed(self) -> None:
        # A person reads figures at this rate at the most; a slider and a field for each weight are dear to draw.
        if self._since_refresh.elapsed() >= _REFRESH_MS or not self._document.playing:
            self._show_values()

    def _show_values(self) -> None:
        self._since_refresh.restart()
        snapshot = self._document.displayed
        if self._shown is None or snapshot.network.settings != self._shown[0] or not self._content.isVisible():
            return
        visible = self._list.visibleRegion().boundingRect()
        for row in self._rows:
            if row.geometry().intersects(visible) or visible.isEmpty():
                row.follow(float(snapshot.network.parameters[row.parameter.position]))
        self._map.update()
        self._show_value_at_mouse()

    @Slot()
    def _show_value_at_mouse(self) -> None:
        selection, cursor = self._document.selection, self._document.cursor
        snapshot = self._document.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        if cursor is None:
            is_output = selection.layer == len(snapshot.unit_maps) - 1
            ends = "0 to 1" if is_output else f"±{map_limit(snapshot, selection.layer):g}"
            self._at_mouse.setText(f"over the plane, {ends}")
        else:
            outputs = snapshot.network.layer_outputs(np.array([cursor]))
            self._at_mouse.setText(f"at the mouse: {outputs[selection.layer][0, selection.index]:.3f}")

    @Slot()
    def _on_remove_clicked(self) -> None:
        selection = self._document.selection
        if isinstance(selection, Unit):
            self._document.remove_unit(selection.layer, selection.index)


def _is_removable(settings: NetworkSettings, selection: Selection) -> bool:
    if not isinstance(selection, Unit):
        return False
    hidden = 0 < selection.layer < len(settings.layer_sizes) - 1
    return hidden and settings.layer_sizes[selection.layer] > 1


def _title(settings: NetworkSettings, selection: Selection) -> str:
    match selection:
        case Unit(layer, _):
            kind = "INPUT" if layer == 0 else "OUTPUT" if layer == len(settings.layer_sizes) - 1 else "NEURON"
            return f"{kind} {unit_name(settings, selection)}"
        case Edge(layer, source, target):
            return f"WEIGHT {unit_name(settings, Unit(layer, source))} → {unit_name(settings, Unit(layer + 1, target))}"
    return "INSPECTOR"


def _formula(settings: NetworkSettings, selection: Selection) -> str:
    if not isinstance(selection, Unit) or selection.layer == 0:
        return ""
    if selection.layer == len(settings.layer_sizes) - 1:
        return f"z = bias + Σ w·a,   a = {settings.output_activation}(z)"
    return f"z = bias + Σ w·a,   a = {ACTIVATIONS[settings.hidden_activations[selection.layer - 1]].formula}"


class _UnitMap(QWidget):
    """The selected neuron's map over the plane."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.setObjectName("unit_map")
        self.setFixedSize(QSize(_MAP_PX, _MAP_PX))
        self.setAccessibleName("Map of the selected neuron over the plane")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map, smoothly enlarged."""
        selection, snapshot = self._document.selection, self._document.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        image = _map_image(snapshot, selection)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), to_image(image))
        painter.setPen(theme.current().line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _map_image(snapshot: Snapshot, unit: Unit) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """Return a neuron's map as colours, the top of the plane first."""
    map_ = snapshot.unit_maps[unit.layer][unit.index]
    return np.ascontiguousarray(map_colours(snapshot, unit, map_)[::-1])


class _ParameterRow(QWidget):
    """Name, slider and field of one number."""

    def __init__(self, document: Document, parameter: _Parameter) -> None:
        super().__init__()
        self.parameter = parameter
        self._document = document
        self._gesture = -1
        self._range = _LEAST_SLIDER_RANGE
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = label(parameter.name, "muted")
        name.setFixedWidth(_NAME_WIDTH)
        tip = f"Turn the {parameter.name}, during training or not."
        self._slider = Slider(f"{parameter.name}, slider", tip, -_SLIDER_STEPS, _SLIDER_STEPS)
        self._slider.setProperty("role", "bipolar")
        self._field = NumberBox(parameter.name, tip, -_LARGEST, _LARGEST, 0.1, 3, padded=True)
        self._field.setFixedWidth(74)
        row.addWidget(name)
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self._slider.sliderPressed.connect(self._on_slider_pressed)
        self._slider.sliderReleased.connect(self._on_slider_released)
        self._slider.valueChanged.connect(self._on_slider_moved)
        self._field.valueChanged.connect(self._on_field_changed)

    def follow(self, value: float) -> None:
        """Show the present value, unless somebody is turning it."""
        self._field.follow(value)
        if self._slider.isSliderDown():
            return
        self._range = max(_LEAST_SLIDER_RANGE, round_up(abs(value)))
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(value / self._range * _SLIDER_STEPS))

    @Slot()
    def _on_slider_pressed(self) -> None:
        self._gesture = self._document.new_gesture()

    @Slot()
    def _on_slider_released(self) -> None:
        self._gesture = -1

    @Slot(int)
    def _on_slider_moved(self, position: int) -> None:
        value = position / _SLIDER_STEPS * self._range
        self._document.set_parameter(self.parameter.position, value, self._gesture)
        with QSignalBlocker(self._field):
            self._field.setValue(value)

    @Slot(float)
    def _on_field_changed(self, value: float) -> None:
        self._document.set_parameter(self.parameter.position, value)
