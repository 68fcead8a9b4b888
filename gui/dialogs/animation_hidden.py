"""Which hidden space an animation shows, and how."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from gui.widgets.choices import ChoiceBox
from gui.widgets.texts import as_tip
from model.explain.hidden_choice import HIDDEN_AXES, HIDDEN_LAYERS

_LAYERS = {"last": ("Last hidden layer", "The last hidden layer of each moment.")} | {
    name: (f"Hidden {name}", f"Hidden layer {name}, or the last of a network with fewer.")
    for name in HIDDEN_LAYERS
    if name != "last"
}
_AXES = {
    "auto": ("2D, three neurons in 3D", "Along as many axes as leave nothing out, or two."),
    "2": ("2D", "Along two neurons, or two principal components."),
    "3": ("3D", "Along three neurons, or three principal components."),
}


class HiddenChoice(QWidget):
    """A layer, the axes along which it is seen, and whether the plane bends into it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._layer = ChoiceBox("Hidden layer", {name: _LAYERS[name] for name in HIDDEN_LAYERS})
        self._axes = ChoiceBox("Axes of the hidden space", {name: _AXES[name] for name in HIDDEN_AXES})
        self._bend = QCheckBox("Bend")
        self._bend.setAccessibleName("Bend the hidden space")
        self._bend.setToolTip(
            as_tip("The layer before becomes this one while the run passes: first W and b, then the activation.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for box in (self._layer, self._axes):
            box.chosen.connect(self._on_changed)
            column.addWidget(box)
        self._bend.toggled.connect(self._on_changed)
        column.addWidget(self._bend)

    def show_choice(self, layer: str, axes: str, *, bend: bool) -> None:
        """Show what is chosen, without a signal."""
        with QSignalBlocker(self):
            self._layer.show_choice(layer)
            self._axes.show_choice(axes)
            self._bend.setChecked(bend)

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    @property
    def layer(self) -> str:
        """Which layer, an entry of :data:`model.explain.hidden_choice.HIDDEN_LAYERS`."""
        return str(self._layer.currentData())

    @property
    def axes(self) -> str:
        """Along which axes, an entry of `gui.document.view.HIDDEN_AXES`."""
        return str(self._axes.currentData())

    @property
    def bends(self) -> bool:
        """Whether the layer before becomes this one."""
        return self._bend.isChecked()
