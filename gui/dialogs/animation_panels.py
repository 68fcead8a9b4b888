"""The panels of an animation: a check for each, and a slider that gives it more room or less."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log2

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gui.export.animation.settings import PANEL_NAMES, PANELS
from gui.widgets.fields import Slider
from gui.widgets.texts import as_tip

_STEPS_PER_DOUBLING, _MOST_DOUBLINGS = 4, 2

_ROOM_TIP = "How much room the panel has, against the others; in the middle: as usual."


class PanelChoice(QWidget):
    """Which panels an animation has, and how much room each of them.

    Parameters
    ----------
    without : collection of str
        Panels that are not offered.
    """

    changed = Signal()

    def __init__(self, without: Collection[str] = ()) -> None:
        super().__init__()
        self._checks: dict[str, QCheckBox] = {}
        self._sliders: dict[str, Slider] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 6)
        grid.setColumnStretch(1, 1)
        offered = {panel: tip for panel, tip in PANELS.items() if panel not in without}
        for row, (panel, tip) in enumerate(offered.items()):
            name = PANEL_NAMES[panel]
            check = QCheckBox(name)
            check.setAccessibleName(f"Show {name.lower()}")
            check.setToolTip(as_tip(tip))
            check.toggled.connect(self._on_changed)
            most = _STEPS_PER_DOUBLING * _MOST_DOUBLINGS
            slider = Slider(f"Room for {name.lower()}", _ROOM_TIP, -most, most)
            slider.setProperty("role", "bipolar")
            slider.valueChanged.connect(self._on_changed)
            grid.addWidget(check, row, 0)
            grid.addWidget(slider, row, 1)
            self._checks[panel], self._sliders[panel] = check, slider

    def show_panels(self, panels: Sequence[str], give: Mapping[str, float]) -> None:
        """Show panels and how much room is given to them, without a signal."""
        with QSignalBlocker(self):
            for panel, check in self._checks.items():
                check.setChecked(panel in panels)
                self._sliders[panel].setValue(_position(give.get(panel, 1.0)))
        self._synchronize()

    @Slot()
    def _on_changed(self) -> None:
        if not self.signalsBlocked():
            self._synchronize()
            self.changed.emit()

    def _synchronize(self) -> None:
        panels = self.panels()
        for panel, slider in self._sliders.items():
            slider.setEnabled(panel in panels and len(panels) > 1)

    def panels(self) -> tuple[str, ...]:
        """Return the panels that are chosen."""
        return tuple(panel for panel, check in self._checks.items() if check.isChecked())

    def give(self) -> dict[str, float]:
        """Return how many times its usual room each panel gets that does not get just that."""
        return {
            panel: 2.0 ** (slider.value() / _STEPS_PER_DOUBLING)
            for panel, slider in self._sliders.items()
            if slider.value()
        }


def _position(weight: float) -> int:
    return round(_STEPS_PER_DOUBLING * log2(weight))
