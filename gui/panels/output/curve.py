"""CurveLayer: the network's curve on the output's plane, with what each neuron adds to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Slot
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gui import theme
from gui.document.pins import Pins
from gui.document.probe import Probe
from gui.document.view import View
from gui.items.curve.item import CurveItem
from gui.items.curve.lines import CurveLine, curve_lines, pinned_lines, residual_line, unit_line, without_line
from gui.items.left_out import LeftOut
from gui.items.plane_view import PlaneView
from gui.program.guard import guarded
from gui.widgets.texts import as_tip
from model.network.parts import Unit, exists
from model.run.snapshot import Snapshot

_REACH_PX = 5.0
_WIDTH_PX = 2.2
_ABOVE_POINTS = 9.2


class CurveLayer(QObject):
    """Draws the curve of the displayed moment over the points; the mouse on a neuron's line finds the neuron.

    Parameters
    ----------
    view : View
    probe : Probe
        From whose pinned point a line leads to the curve.
    pins : Pins
        Whose curves are drawn, too.
    left_out : LeftOut
        Without what the curve is drawn.
    canvas : PlaneView
        Where it is drawn; also the parent.
    """

    def __init__(self, view: View, probe: Probe, pins: Pins, left_out: LeftOut, canvas: PlaneView) -> None:
        super().__init__(canvas)
        self._view, self._probe, self._pins, self._left_out = view, probe, pins, left_out
        self._canvas = canvas
        self._item = CurveItem()
        self._item.setZValue(_ABOVE_POINTS)
        canvas.addItem(self._item, ignoreBounds=True)
        self._found: Unit | None = None
        canvas.hovered.connect(self._on_hovered)
        canvas.left.connect(self._let_go)
        canvas.viewport().installEventFilter(self)

    @property
    def lines(self) -> tuple[CurveLine, ...]:
        """What is drawn, the last on top."""
        return self._item.lines

    def show_curve(self, snapshot: Snapshot) -> None:
        """Show the curve of a moment; nothing where the problem is another one."""
        self._item.show_lines(self._lines(snapshot))

    def _lines(self, snapshot: Snapshot) -> list[CurveLine]:
        if snapshot.curve is None:
            return []
        colours, without, hovered = theme.current(), self._left_out.snapshot, self._view.hovered
        lines = pinned_lines(self._pins.runs, colours)
        if without is not None:
            lines.append(without_line(snapshot, colours))
        shown = snapshot if without is None else without
        lines += curve_lines(shown, colours, terms=self._view.settings.terms, width=_WIDTH_PX)
        if isinstance(hovered, Unit) and exists(snapshot.network.settings, hovered):
            own = unit_line(snapshot, hovered, colours)
            lines += [] if own is None else [own]
        if self._probe.pinned is not None:
            lines.append(residual_line(shown, self._probe.pinned.place, colours))
        return lines

    # The mouse on a line

    @Slot(QPointF)
    def _on_hovered(self, point: QPointF) -> None:
        """Let the neuron stand out whose line is under the mouse, unless something is being drawn."""
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        line = self._item.line_at((point.x(), point.y()), self._reach)
        found = None if line is None else line.unit
        if found != self._found:
            self._found = found
            self._view.hover(found)

    @Slot()
    def _let_go(self) -> None:
        if self._found is not None:
            self._found = None
            self._view.hover(None)

    @property
    def _reach(self) -> float:
        return _REACH_PX * self._canvas.units_per_pixel

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what line is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self._canvas.to_plane(QPointF(event.pos()))
            line = self._item.line_at((place.x(), place.y()), self._reach)
            if line is not None:
                QToolTip.showText(event.globalPos(), as_tip(line.text), self._canvas)
                return True
        return False
