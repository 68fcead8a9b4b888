"""The picture of the selected neuron beside its numbers: its map over the plane, or in 3D what it says there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QToolButton, QWidget

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.probed import Probed
from gui.items.space.build import relief_of
from gui.items.space.spots import spots_of
from gui.items.space.view import SpaceView
from gui.panels.inspector.unit_map import MAP_PX, UnitMap
from gui.widgets.focus import leave_field
from gui.widgets.pace import Pace
from gui.widgets.texts import as_tip
from model import Dataset
from model.network.parts import Unit, exists

_BUTTON_SIZE = (26, 18)
_MARGIN_PX = 3


class UnitPicture(QWidget):
    """A square with the map or the surface, and in its corner a button that changes between them.

    A curve over x has no surface, and no button.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__()
        self._run, self._view = run, view
        self._map, self._space = UnitMap(run, view, probe, probed), UnitSpace(run, view, probe)
        self._stack = QStackedLayout(self)
        for shown in (self._map, self._space):
            self._stack.addWidget(shown)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        self._place_button()
        super().resizeEvent(event)

    @Slot()
    def _place_button(self) -> None:
        self._button.move(self.width() - self._button.width() - _MARGIN_PX, _MARGIN_PX)


class UnitSpace(SpaceView):
    """The selected neuron's activation over the plane as a surface, in a box without ticks, for it is small."""

    def __init__(self, run: LiveRun, view: View, probe: Probe) -> None:
        super().__init__("Selected neuron over the plane in 3D", bare=True)
        self._run, self._view, self._probe = run, view, probe
        self.setObjectName("unit_space")
        self.setMinimumSize(1, 1)
        self._pace = Pace(self._renew, self)
        probe.pinned_changed.connect(self._renew)
        theme.manager().changed.connect(self._renew)

    def follow(self) -> None:
        """Show the moment that is displayed, at once while nothing trains, otherwise as often as can be afforded."""
        if self.isVisible():
            self._pace.ask(urgent=not self._run.playing)

    @Slot()
    def _renew(self) -> None:
        selection, snapshot = self._view.selection, self._run.displayed
        if not (self.isVisible() and isinstance(selection, Unit) and exists(snapshot.network.settings, selection)):
            return
        none = Dataset(np.empty((0, 2)), [], None, snapshot.moment.dataset.n_classes)
        spots = spots_of(snapshot.network, none, selection, probe=self._probe.pinned)
        self.show_relief(replace(relief_of(snapshot, selection, theme.current()), lines=()), spots)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._renew()
