"""The selected neuron's map over the plane, or its curve over x."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.probe import Probe, ProbePoint
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.curve.boxes import paint_unit_curves, place_on_curve
from gui.items.diagram_colours import map_colours
from gui.items.diagram_marks import paint_muted
from gui.items.lines_item import paint_lines
from gui.items.map_scales import has_zero_line, map_limit, zero_lines
from gui.items.probe_mark import paint_probe_mark, place_on_map
from gui.items.probed import Probed
from gui.items.surface_item import to_image
from gui.program.guard import guarded
from model.network.parts import Unit, exists
from model.run.snapshot import Snapshot

MAP_PX = 132
_MARK_PX = 5.0


class UnitMap(QWidget):
    """The selected neuron's map over the plane, a square of MAP_PX, or smaller where a page has less room.

    Of a curve it is the neuron's activation over x.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__()
        self._run, self._view, self._probe, self._probed = run, view, probe, probed
        probe.pinned_changed.connect(self.update)
        self.setObjectName("unit_map")
        self.setFixedSize(QSize(MAP_PX, MAP_PX))
        # The map fills all of it, and what lies behind need not be drawn with every frame.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Map of the selected neuron over the plane, or its curve over x")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map, smoothly enlarged, or the curve."""
        selection, snapshot = self._view.selection, self._run.displayed
        colours, rect = theme.current(), QRectF(self.rect())
        painter = QPainter(self)
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            painter.fillRect(rect, colours.panel)
            painter.end()
            return
        if snapshot.unit_curves:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            curve, limit = snapshot.unit_curves[selection.layer], map_limit(snapshot, selection)
            paint_unit_curves(painter, [rect], curve[selection.index, np.newaxis], [limit], colours)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, to_image(_map_image(snapshot, selection, colours)))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if has_zero_line(snapshot.network.settings, selection.layer):
                lines = zero_lines(snapshot.unit_maps[selection.layer][selection.index], rect)
                paint_lines(painter, lines, QTransform(), QPen(colours.muted, 1.2))
        if (selection.layer, selection.index) in snapshot.network.settings.muted:
            paint_muted(painter, rect, colours)
        if self._probe.pinned is not None:
            paint_probe_mark(painter, self._mark_place(snapshot, selection, self._probe.pinned), _MARK_PX, colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(colours.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _mark_place(self, snapshot: Snapshot, unit: Unit, point: ProbePoint) -> QPointF:
        """Return where the pinned point is: on the map, or on the curve."""
        rect, values = QRectF(self.rect()), self._probed.values
        if not snapshot.unit_curves or values is None:
            return place_on_map(rect, point.place)
        value = float(values[unit.layer][unit.index])
        return place_on_curve(rect, point.place[0], value, map_limit(snapshot, unit))


def _map_image(
    snapshot: Snapshot, unit: Unit, colours: theme.Theme
) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """Return a neuron's map as colours, the top of the plane first."""
    map_ = snapshot.unit_maps[unit.layer][unit.index]
    return np.ascontiguousarray(map_colours(snapshot, unit, map_, colours, zero_line=False)[::-1])
