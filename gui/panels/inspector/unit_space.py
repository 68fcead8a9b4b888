"""The selected neuron's activation over the plane as a surface, small, beside its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.space.build import relief_of
from gui.items.space.spots import spots_of
from gui.items.space.view import SpaceView
from gui.program.guard import guarded
from gui.widgets.pace import Pace
from model import Dataset
from model.network.parts import Unit, exists


class UnitSpace(SpaceView):
    """The selected neuron's activation over the plane as a surface, in a box without ticks, for it is small."""

    def __init__(self, run: LiveRun, view: View, probe: Probe) -> None:
        super().__init__("Selected neuron over the plane in 3D", bare=True)
        self._run, self._view, self._probe = run, view, probe
        self.setObjectName("unit_space")
        theme.measure(self, least_width=1, least_height=1)
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

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._renew()
