"""The picture of the selected neuron beside its numbers: its map over the plane, or in 3D what it says there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QToolButton, QWidget

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.probed import Probed
from gui.panels.inspector.unit_map import MAP_PX, UnitMap
from gui.program.guard import guarded
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip

if TYPE_CHECKING:
    from gui.panels.inspector.unit_space import UnitSpace

_BUTTON_SIZE = (30, 18)
_MARGIN_PX = 3


class UnitPicture(QWidget):
    """A square with the map or the surface, and in its corner a button that changes between them.

    A curve over x has no surface, and no button.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__()
        self._run, self._view = run, view
        self._probe = probe
        self._map = UnitMap(run, view, probe, probed)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._map)
        self._button = QToolButton(self)
        self._button.setText("3D")
        self._button.setCheckable(True)
        self._button.setAccessibleName("Map in 3D")
        self._button.setToolTip(as_tip("What the neuron says as a surface; drag to turn it, double click to reset."))
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setProperty("role", "corner")
        theme.measure(self._button, width=_BUTTON_SIZE[0], height=_BUTTON_SIZE[1])
        self._button.pressed.connect(leave_field)
        self._button.clicked.connect(lambda checked: view.set(map_in_space=checked))
        theme.manager().scale_changed.connect(self._place_button)
        view.settings_changed.connect(self._synchronize)
        self.fit(MAP_PX)
        self._synchronize()

    @cached_property
    def _space(self) -> UnitSpace:
        """The surface, made when it is first shown."""
        from gui.panels.inspector.unit_space import UnitSpace

        space = UnitSpace(self._run, self._view, self._probe)
        self._stack.addWidget(space)
        return space

    def fit(self, side: int) -> None:
        """Be a square of this side, in pixels."""
        self.setFixedSize(side, side)
        self._map.setFixedSize(side, side)

    def renew(self) -> None:
        """Show the moment that is displayed."""
        self._synchronize()
        if self._stack.currentWidget() is self._map:
            self._map.update()
        else:
            self._space.follow()

    @Slot()
    def _synchronize(self) -> None:
        is_curve = bool(self._run.displayed.unit_curves)
        in_space = self._view.settings.map_in_space and not is_curve
        self._button.setHidden(is_curve)
        self._button.setChecked(in_space)
        self._stack.setCurrentWidget(self._space if in_space else self._map)
        self._button.raise_()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        self._place_button()
        super().resizeEvent(event)

    @Slot()
    def _place_button(self) -> None:
        self._button.move(self.width() - self._button.width() - _MARGIN_PX, _MARGIN_PX)
