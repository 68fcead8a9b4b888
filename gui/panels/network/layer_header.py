"""The header over a layer of the diagram: its name, its activation, and buttons for its neurons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.settings import TrainingEdits
from gui.icons import icon
from gui.items.curve.boxes import curve_icon
from gui.items.edge_numbers import LayerSize
from gui.widgets.card import label
from gui.widgets.fields import IntegerBox
from gui.widgets.texts import as_tip
from model.data.dataset import ProblemKind
from model.network.activations import ACTIVATIONS, activation_label
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import MAX_UNITS
from model.numbers import number_text
from model.types import counted

ROW_PITCH, _FIELD_PITCH = 260.0, 96.0
"""With less pitch the number of neurons stands below the name; with still less only its buttons do."""

SIZE_PITCH = 136.0
"""With less pitch the mark of a gradient's size stands below its figure."""

_FIELD_PX, _CHEVRON_PX, _BARE_PX, _GAP = 30, 16, 4, 2
_CURVE_PX, _CURVE_REACH = 16, 4.0
_DROPOUT_RATES = (0.0, 0.1, 0.2, 0.3, 0.5)
_NUMBER_OUTPUTS: dict[ProblemKind, tuple[str, ...]] = {
    "values": ("linear", "tanh"),
    "curve": ("linear", "sigmoid", "tanh"),
}
_NUMBER_TIPS = {
    "linear": "The output has no bounds.",
    "sigmoid": "The output goes from 0 to 1.",
    "tanh": "The output goes from −1 to 1.",
}
"""The outputs that are offered where a number is learned, and what they are there."""


class LayerHeader(QWidget):
    """Name, activation and size of one layer: minus and plus for hidden layers, and a menu of activations."""

    def __init__(
        self, changes: Changes, network: NetworkEdits, learning: TrainingEdits, layer: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._changes, self._network, self._learning = changes, network, learning
        self._layer = layer
        last = len(changes.network_settings.layer_sizes) - 1
        self._kind = "input" if layer == 0 else "output" if layer == last else "hidden"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP)
        self._second_row = QHBoxLayout()
        self._second_row.setSpacing(4)
        self._second_row.addStretch(1)
        self._second_row.addStretch(1)
        column.addLayout(self._row)
        column.addLayout(self._second_row)
        self._size = label(role="small")
        self._size.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._size.hide()
        self._shown_size: LayerSize | None = None
        self._size_room: int | None = None  # None: enough for figure and mark beside each other.
        column.addWidget(self._size)
        column.addStretch(1)
        self._name = QToolButton()
        self._name.setProperty("role", "header")
        self._name.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(self._name, 0, Qt.AlignmentFlag.AlignHCenter)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._dropout_menu = QMenu("Dropout", self._menu)
        if self._kind == "input":
            self._name.hide()
            self._row.addWidget(label("input", "header"))
        else:
            self._name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self._name.setMenu(self._menu)
            self._menu.aboutToShow.connect(self._fill_menu)
        if self._kind == "hidden":
            self._field = self._size_field()
            self._minus, self._plus = QToolButton(), QToolButton()
            for button, name, handler in (
                (self._minus, "remove", partial(network.remove_unit, layer)),
                (self._plus, "add", partial(network.insert_unit, layer)),
            ):
                button.setProperty("role", "round")
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                theme.measure(button, icon=11)
                button.setToolTip(f"{name.capitalize()} a neuron of hidden layer {layer}.")
                button.setAccessibleName(f"{name.capitalize()} neuron of hidden layer {layer}")
                button.setAutoRepeat(True)
                button.clicked.connect(handler)

    def _size_field(self) -> IntegerBox:
        name, tip = f"Neurons of hidden layer {self._layer}", f"How many neurons, 1 to {MAX_UNITS}."
        field = IntegerBox(name, tip, 1, MAX_UNITS)
        field.setProperty("role", "figure")
        field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.measure(field, width=_FIELD_PX)
        field.valueChanged.connect(partial(self._network.resize_layer, self._layer))
        return field

    @property
    def _dropout(self) -> float:
        """The rate of a hidden layer; 0 for the output, and for a layer that has gone while its menu is open."""
        n_hidden = self._changes.network_settings.n_hidden_layers
        if self._kind != "hidden" or self._layer > n_hidden:
            return 0.0
        rates = self._changes.training_settings.dropout_rates(n_hidden)
        return rates[self._layer - 1]

    @property
    def _offer(self) -> str:
        hidden = self._kind == "hidden"
        return "choose another activation or dropout, or freeze it" if hidden else "choose another activation"

    def synchronize(self, pitch: float, room: int) -> None:
        """Show the layer as it is, its name in `room` pixels: with little `pitch` it is short, the buttons below it."""
        self._size_room = room if pitch < SIZE_PITCH else None
        self._write_size()
        settings = self._changes.network_settings
        if self._kind != "input":
            if self._kind == "output":
                activation, place = activation_label(settings.output_activation), "output"
            else:
                activation = activation_label(settings.hidden_activations[self._layer - 1])
                place = f"hidden {self._layer}"
            long, dropout = f"{place} · {activation}", f"dropout {number_text(self._dropout)}" if self._dropout else ""
            beside = self._number_width() if self._kind == "hidden" and pitch >= ROW_PITCH else 0
            texts = (f"{long} · {dropout}" if dropout else long, long, activation)
            self._write_name(texts, room - beside)
            self._name.setToolTip(as_tip(f"{' · '.join(filter(None, (long, dropout)))}: {self._offer}."))
            self._name.setAccessibleName(f"Activation of {long}")
        if self._kind == "hidden":
            size = settings.layer_sizes[self._layer]
            self._place_number(self._row if pitch >= ROW_PITCH else self._second_row)
            self._field.setVisible(pitch >= _FIELD_PITCH)
            self._field.follow(size)
            self._minus.setEnabled(size > 1)
            self._plus.setEnabled(size < MAX_UNITS)
            for button, name in ((self._minus, "remove"), (self._plus, "add")):
                colours = theme.current()
                button.setIcon(icon(name, colours.text, disabled=theme.mixed(colours.muted, colours.panel, 0.5)))
                button.setVisible(True)

    def _write_name(self, texts: Sequence[str], room: int) -> None:
        """Show the first text that has room beside the sign of its menu, or else the last one alone."""
        metrics = self._name.fontMetrics()
        beside_sign = room - theme.px(_CHEVRON_PX)
        text = next((text for text in texts if metrics.horizontalAdvance(text) <= beside_sign), None)
        if self._name.property("bare") != (text is None):
            self._name.setProperty("bare", text is None)
            self._name.style().polish(self._name)
        alone = metrics.elidedText(texts[-1], Qt.TextElideMode.ElideRight, room - theme.px(_BARE_PX))
        self._name.setText(alone if text is None else text)

    def _number_width(self) -> int:
        """Return the width of the number of neurons with its buttons."""
        return sum(widget.sizeHint().width() for widget in (self._minus, self._plus)) + self._field.width() + 3 * _GAP

    def _place_number(self, row: QHBoxLayout) -> None:
        """Put the number of neurons between its buttons at the end of a row."""
        if row.indexOf(self._plus) >= 0:
            return
        # Below the name it stands in the middle, between two stretches.
        end = row.count() - (row is self._second_row)
        for place, widget in enumerate((self._minus, self._field, self._plus), start=end):
            row.insertWidget(place, widget)

    def show_size(self, size: LayerSize | None, loss: str) -> None:
        """Say how large the gradient of the layer's weights is, and of which loss it is; None: nothing."""
        self._shown_size = size
        self._size.setVisible(size is not None)
        self._write_size()
        if size is not None:
            mean = f"The mean size of the derivatives of {loss} by the weights into this layer."
            self._size.setToolTip(as_tip(" ".join(filter(None, (mean, size.sentence)))))

    def _write_size(self) -> None:
        size, room, metrics = self._shown_size, self._size_room, self._size.fontMetrics()
        if size is None:
            return
        if room is None:
            self._size.setText(size.text)
            return
        fits = metrics.horizontalAdvance(size.figure()) <= room
        lines = size.figure() if fits else size.figure(1), size.mark
        shown = [metrics.elidedText(line, Qt.TextElideMode.ElideRight, room) for line in lines if line]
        self._size.setText("\n".join(shown))

    @Slot()
    def _fill_menu(self) -> None:
        """Offer what the registries have."""
        menu, settings = self._menu, self._changes.network_settings
        menu.clear()
        if self._kind == "output":
            self._fill_output_menu()
            return
        if self._layer > settings.n_hidden_layers:
            return  # The layer has gone while the mouse was on its header.
        for name, activation in ACTIVATIONS.items():
            # What stands behind the tabulator has a column of its own.
            text = f"{activation.label}\t{activation.formula}"
            choose = partial(self._network.set_activation, self._layer, name)
            action = menu.addAction(_curve_of(name, theme.current()), text, choose)
            action.setToolTip(as_tip(activation.tip))
            action.setCheckable(True)
            is_chosen = name == settings.hidden_activations[self._layer - 1]
            action.setChecked(is_chosen)
            font = action.font()
            font.setBold(is_chosen)
            action.setFont(font)
        menu.addSeparator()
        self._fill_dropout_menu()
        menu.addMenu(self._dropout_menu)
        frozen = self._network.is_layer_frozen(self._layer)
        freeze = menu.addAction(
            "Unfreeze Layer" if frozen else "Freeze Layer",
            partial(self._set_frozen, not frozen),
        )
        whose = "the weights into this layer and its biases"
        freeze.setToolTip(f"Let training change {whose} again." if frozen else f"Let training leave {whose} alone.")
        alike = menu.addAction("All Hidden Layers Like This", partial(self._network.make_alike, self._layer))
        alike.setToolTip("Give every hidden layer the number of neurons and the activation of this one.")
        alike.setEnabled(settings.n_hidden_layers > 1)
        menu.addAction("Remove This Layer", partial(self._network.remove_layer, self._layer))

    def _set_frozen(self, frozen: bool) -> None:
        # The menu may be open while the layer goes, and its number be the output's.
        if self._layer <= self._changes.network_settings.n_hidden_layers:
            self._network.set_layer_frozen(self._layer, frozen)

    def _fill_dropout_menu(self) -> None:
        menu, present = self._dropout_menu, self._dropout
        menu.clear()
        for rate in sorted({*_DROPOUT_RATES, present}):
            action = menu.addAction(number_text(rate), partial(self._learning.set_dropout, self._layer, rate))
            action.setCheckable(True)
            action.setChecked(rate == present)

    def _fill_output_menu(self) -> None:
        """Offer every output activation, with one unit for two classes or one for each class; or those of a value."""
        settings = self._changes.network_settings
        n_classes, regression = self._changes.dataset.n_classes, self._changes.dataset.is_regression
        offered = _NUMBER_OUTPUTS.get(self._changes.dataset.kind, tuple(OUTPUT_ACTIVATIONS))
        for name, output in OUTPUT_ACTIVATIONS.items():
            if name not in offered:
                continue
            for single_unit in (True,) if regression else (False, True):
                if single_unit and not regression and (n_classes != 2 or output.min_units > 1):
                    continue
                n_units = 1 if single_unit else n_classes
                text = f"{name} · {counted(n_units, 'unit')}"
                action = self._menu.addAction(text, partial(self._network.set_output, name, single_unit=single_unit))
                action.setToolTip(as_tip(_NUMBER_TIPS[name] if regression else output.tip))
                action.setCheckable(True)
                action.setChecked((name, n_units) == (settings.output_activation, settings.layer_sizes[-1]))


@lru_cache(maxsize=64)
def _curve_of(name: str, colours: theme.Theme) -> QIcon:
    """Return a small curve of an activation."""
    z = np.linspace(-_CURVE_REACH, _CURVE_REACH, 4 * _CURVE_PX)
    values = np.empty_like(z)
    ACTIVATIONS[name].function(z, values)
    return curve_icon(values, _CURVE_PX, colours)
