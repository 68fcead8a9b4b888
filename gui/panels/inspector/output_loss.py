"""OutputLossPlot: the loss of the probe point over what the selected output says."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.chart import Chart
from gui.items.probe_mark import paint_probe_mark
from gui.items.probed import Probed
from gui.items.scales import losses_top
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.plots import PartPlot, paint_tangent
from gui.theme import Theme
from model.explain.output_loss import OutputLossCurve, loss_over_output, right_output
from model.network.parts import Unit, exists, unit_name
from model.types import readable

_MARK_PX = 4.5


class OutputLossPlot(PartPlot):
    """The loss of the probe over an output, with the place of the probe, the tangent there, and the other class's."""

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__(run, "output_loss_plot", "Loss of the probe point over the selected output")
        self._view, self._probe, self._probed = view, probe, probed
        self._curve: OutputLossCurve | None = None

    @property
    def curve(self) -> OutputLossCurve | None:
        """What is drawn; None where there is nothing to see."""
        return None if self.problem else self._curve

    def compute(self) -> str:
        """Take the loss along the output from the chain rule of the probe point."""
        unit, snapshot = self._view.selection, self._run.displayed
        settings = snapshot.network.settings
        if not isinstance(unit, Unit) or not exists(settings, unit):
            return part_texts.NOT_THERE
        if unit.layer != len(settings.layer_sizes) - 1:
            return "Only an output has a loss of its own."
        point, rule = self._probe.point, self._probed.chain_rule
        if rule is None:
            return part_texts.no_rule(point, snapshot)
        right = right_output(rule)
        if right not in (None, unit.index):
            name = unit_name(settings, Unit(unit.layer, right), snapshot.moment.dataset)
            return f"The loss is −log a of class {name}, the right one: this output counts by what it leaves for that."
        self._curve = loss_over_output(rule, settings.output_activation, unit.index)
        return ""

    def paint(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        """Draw the curves, and the probe on its own with the tangent."""
        curve = self._curve
        if curve is None:
            return
        x_range = float(curve.outputs[0]), float(curve.outputs[-1])
        chart = Chart.within(room, x_range, (0.0, losses_top(curve.losses, curve.loss)))
        text = readable(f"C = {curve.loss:.3g} · ∂C/∂a = {curve.slope:.3g}")
        chart.paint_frame(painter, colours, readable(f"loss over a, for y = {curve.target:.3g}"), text)
        if curve.other_losses is not None:
            pen = QPen(colours.muted, 1.0, Qt.PenStyle.DotLine)
            chart.paint_curve(painter, pen, curve.outputs, curve.other_losses)
        chart.paint_curve(painter, QPen(colours.accent, 1.6), curve.outputs, curve.losses)
        paint_tangent(painter, chart, QPen(colours.muted, 1.2), curve.output, curve.loss, curve.slope)
        paint_probe_mark(painter, chart.at(curve.output, curve.loss), _MARK_PX, colours)
