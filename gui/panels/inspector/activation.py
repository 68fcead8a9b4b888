"""ActivationPlot: every data point on the activation function of the selected neuron."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QMenu, QToolButton

from gui import theme
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.chart import Chart
from gui.items.points_layer import paint_points
from gui.items.probe_mark import paint_probe_mark
from gui.items.probed import Probed
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.activation_content import MOST_POINTS, Content, content_of
from gui.panels.inspector.plots import NOT_FINITE, PartPlot, paint_tangent
from gui.program.guard import guarded
from gui.theme import Theme, mixed
from gui.widgets.texts import as_tip
from model.network.activations import activation_label
from model.network.parts import Unit, exists
from model.types import counted, readable

_N_BINS = 24
_HISTOGRAM_SHARE, _HISTOGRAM_STRENGTH = 0.6, 0.3
_MARKER_SCALE, _MARK_PX = 0.62, 4.5
_BUTTON_PX = 18

_AXES = {
    "a_z": ("a over z", "Each point on the function."),
    "a_sum": ("a over x₁ + x₂", "What comes out, over the sum of the point's coordinates."),
    "z_sum": ("z over x₁ + x₂", "What goes into the function, over the sum of the point's coordinates."),
}
"""What a person can choose, by the names of `gui.document.view.ACTIVATION_AXES`."""

_CURVE_AXES = _AXES | {
    "a_sum": ("a over x", "What comes out, over x."),
    "z_sum": ("z over x", "What goes into the function, over x."),
}
"""The same along a curve."""

_SWITCHES = {
    "activation_derivative": ("Derivative", "The derivative of the function, dashed."),
    "activation_histogram": ("Histogram of z", "How many points of each class have which z."),
}
"""What a person can switch, by the names of `gui.document.view.ViewSettings`."""


class ActivationPlot(PartPlot):
    """The activation function with every data point on it, its derivative, and how often each z comes by class.

    The probe point is marked, with the tangent there.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__(run, "activation_plot", "Activation of the selected neuron at every data point")
        self._view, self._probe, self._probed = view, probe, probed
        self._content: Content | None = None
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._button = QToolButton(self)
        self._button.setObjectName("activation_options")
        self._button.setProperty("role", "round")
        theme.measure(self._button, icon=12)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setToolTip("What this plot shows.")
        self._button.setAccessibleName("What the plot of the activation shows")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setMenu(self._menu)
        theme.manager().changed.connect(self._colour_icon)
        theme.manager().scale_changed.connect(self._place_button)
        self._colour_icon()

    @Slot()
    def _colour_icon(self) -> None:
        self._button.setIcon(icon("settings", theme.current().text))

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        settings = self._view.settings
        offered = _AXES if self._run.displayed.curve is None else _CURVE_AXES
        for axes, (text, tip) in offered.items():
            self._offer(text, tip, settings.activation_axes == axes, partial(self._view.set, activation_axes=axes))
        self._menu.addSeparator()
        for name, (text, tip) in _SWITCHES.items():
            self._offer(text, tip, getattr(settings, name), partial(self._view.switch, name))

    def _offer(self, text: str, tip: str, checked: bool, call: Callable[[], None]) -> None:
        action = self._menu.addAction(text, call)
        action.setToolTip(as_tip(tip))
        action.setCheckable(True)
        action.setChecked(checked)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        super().resizeEvent(event)
        self._place_button()

    @Slot()
    def _place_button(self) -> None:
        side = theme.px(_BUTTON_PX)
        self._button.setGeometry(self.width() - side, 0, side, side)

    @property
    def content(self) -> Content | None:
        """What is drawn; None where there is nothing to see."""
        return None if self.problem else self._content

    def compute(self) -> str:
        """Take z and a of every point from the network that is shown."""
        selection, snapshot = self._view.selection, self._run.displayed
        self._content = None
        if not isinstance(selection, Unit) or selection.layer == 0:
            return "An input has no activation."
        if not exists(snapshot.network.settings, selection):
            return part_texts.NOT_THERE
        point, axes = self._probe.point, self._view.settings.activation_axes
        rule = None if point is None else self._probed.chain_rule
        place = (0.0, 0.0) if point is None else point.place
        self._content = content_of(snapshot, selection, axes=axes, rule=rule, place=place)
        if self._content is None:
            return NOT_FINITE
        return "Draw points to see where they fall on the activation." if self._content.is_empty else ""

    def paint(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        """Draw histogram, function, derivative, points, and the probe point with its tangent."""
        content, settings = self._content, self._view.settings
        if content is None:
            return
        chart = Chart.within(room, (-content.x_limit, content.x_limit), content.y_range)
        if settings.activation_histogram and content.axes == "a_z":
            _paint_histogram(painter, chart.area, content, colours)
        title = f"activation: {(_CURVE_AXES if content.is_of_curve else _AXES)[content.axes][0]}"
        text = _text(content, part_texts.asked(self._probe))
        chart.paint_frame(painter, colours, title, text, taken=_BUTTON_PX)
        if content.curve is not None:
            z, a, slope = content.curve
            if settings.activation_derivative:
                chart.paint_curve(painter, QPen(colours.muted, 1.0, Qt.PenStyle.DashLine), z, slope)
            chart.paint_curve(painter, QPen(colours.text, 1.4), z, a)
        painter.save()
        painter.setClipRect(chart.area.adjusted(-4, -4, 4, 4))
        origin, one = chart.at(0.0, 0.0), chart.at(1.0, 1.0)
        to_pixels = QTransform(one.x() - origin.x(), 0, 0, one.y() - origin.y(), origin.x(), origin.y())
        paint_points(painter, content.points, to_pixels, colours, scale=_MARKER_SCALE, copied=True)
        painter.restore()
        if content.probe is not None:
            probe = content.probe
            if probe.slope is not None:
                paint_tangent(painter, chart, QPen(colours.accent, 1.4), probe.x, probe.y, probe.slope)
            paint_probe_mark(painter, chart.at(probe.x, probe.y), _MARK_PX, colours)


def _text(content: Content, asked: str) -> str:
    """Return what stands below the title; `asked` is the word for the probe point."""
    name = activation_label(content.name)
    if content.is_curve_of_probe and content.probe is not None and content.probe.slope is not None:
        return readable(f"{name}: curve of the {asked} only, slope {content.probe.slope:.3g}")
    if content.probe is not None and content.probe.slope is not None:
        return readable(f"{name} · slope {content.probe.slope:.3g} at the {asked}")
    n_points = len(content.z)
    shown = f"{len(content.points):,} of {n_points:,} points" if n_points > MOST_POINTS else ""
    shown = shown or counted(n_points, "point")
    is_function = content.curve is not None or content.axes != "a_z"
    return f"{name} · {shown}" if is_function else f"{name}: a depends on all outputs"


def _paint_histogram(painter: QPainter, area: QRectF, content: Content, colours: Theme) -> None:
    """Draw from the bottom of the plot how many points of each class have which z, classes on top of each other."""
    edges = np.linspace(-content.x_limit, content.x_limit, _N_BINS + 1)
    n_groups = max(content.n_classes, 1)
    counts = np.stack([np.histogram(content.z[content.labels == group], edges)[0] for group in range(n_groups)])
    highest = max(int(counts.sum(axis=0).max()), 1)
    width = area.width() / _N_BINS
    heights = counts * (area.height() * _HISTOGRAM_SHARE / highest)
    floors = area.bottom() - np.cumsum(heights, axis=0)
    painter.setPen(Qt.PenStyle.NoPen)
    for group, (tops, own) in enumerate(zip(floors.tolist(), heights.tolist(), strict=True)):
        full = colours.classes[group] if content.n_classes else colours.muted
        painter.setBrush(mixed(colours.panel, full, _HISTOGRAM_STRENGTH))
        places = enumerate(zip(tops, own, strict=True))
        painter.drawRects(
            [QRectF(area.left() + n * width + 0.5, top, width - 1.0, height) for n, (top, height) in places]
        )
