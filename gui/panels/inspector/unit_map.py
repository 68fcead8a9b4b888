"""The selected neuron's map over the plane."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.diagram_colours import map_colours
from gui.items.diagram_marks import paint_muted
from gui.items.probe_mark import paint_probe_mark, place_on_map
from gui.items.surface_item import to_image
from gui.program.guard import guarded
from model.network.parts import Unit, exists
from model.run.snapshot import Snapshot

MAP_PX = 132
_MARK_PX = 5.0


class UnitMap(QWidget):
    """The selected neuron's map over the plane, a square of MAP_PX, or smaller where a page has less room."""

    def __init__(self, run: LiveRun, view: View, probe: Probe) -> None:
        super().__init__()
        self._run, self._view, self._probe = run, view, probe
        probe.pinned_changed.connect(self.update)
        self.setObjectName("unit_map")
        self.setFixedSize(QSize(MAP_PX, MAP_PX))
        self.setAccessibleName("Map of the selected neuron over the plane")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map, smoothly enlarged."""
        selection, snapshot = self._view.selection, self._run.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        colours = theme.current()
        image = _map_image(snapshot, selection, colours)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), to_image(image))
        if (selection.layer, selection.index) in snapshot.network.settings.muted:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_muted(painter, QRectF(self.rect()), colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._probe.pinned is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centre = place_on_map(QRectF(self.rect()), self._probe.pinned.place)
            paint_probe_mark(painter, centre, _MARK_PX, colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(colours.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _map_image(
    snapshot: Snapshot, unit: Unit, colours: theme.Theme
) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """Return a neuron's map as colours, the top of the plane first."""
    map_ = snapshot.unit_maps[unit.layer][unit.index]
    return np.ascontiguousarray(map_colours(snapshot, unit, map_, colours)[::-1])
