"""ActivationPlot: every data point on the activation function of the selected neuron."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.chart import Chart
from gui.items.points_layer import paint_points
from gui.items.scales import round_up
from gui.panels.inspector.plots import NOT_FINITE, PartPlot
from gui.theme import Theme, mixed
from model import Dataset
from model.network.activations import ACTIVATIONS, Activation
from model.network.parts import Unit, exists
from model.network.settings import NetworkSettings
from model.run.snapshot import Snapshot
from model.types import FloatArray, IntArray, counted

MOST_POINTS = 500
"""More markers than these cover each other, and take their time."""

_N_SAMPLES, _N_BINS = 161, 24
_HISTOGRAM_SHARE, _HISTOGRAM_STRENGTH = 0.6, 0.3
_MARKER_SCALE = 0.62
_ROOM = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is seen of a neuron.

    Attributes
    ----------
    points : Dataset
        Points at (z, a), no more than :data:`MOST_POINTS`.
    z : ndarray of shape (n_points,)
        Of every point.
    labels : ndarray of shape (n_points,)
        Their classes; all 0 in a regression.
    n_classes : int
        0 in a regression.
    curve : tuple of ndarray or None
        z from one end of its axis to the other, the activation and its derivative; None where a is no function of the
        neuron's own z alone.
    name : str
        Of the activation.
    z_limit : float
        The axis of z goes from its negative to this.
    a_range : tuple of float
        Ends of the axis of a.
    """

    points: Dataset
    z: FloatArray
    labels: IntArray
    n_classes: int
    curve: tuple[FloatArray, FloatArray, FloatArray] | None
    name: str
    z_limit: float
    a_range: tuple[float, float]


class ActivationPlot(PartPlot):
    """The activation function with every data point on it, its derivative, and how often each z comes by class."""

    def __init__(self, run: LiveRun, view: View) -> None:
        super().__init__(run, "activation_plot", "Activation of the selected neuron at every data point")
        self._view = view
        self._content: Content | None = None

    @property
    def content(self) -> Content | None:
        """What is drawn; None where there is nothing to see."""
        return self._content

    def compute(self) -> str:
        """Take z and a of every point from the network that is shown."""
        selection, snapshot = self._view.selection, self._run.displayed
        self._content = None
        if not isinstance(selection, Unit) or selection.layer == 0 or not exists(snapshot.network.settings, selection):
            return "An input has no activation."
        if not len(snapshot.moment.dataset):
            return "Draw points to see where they fall on the activation."
        self._content = _content(snapshot, selection)
        return NOT_FINITE if self._content is None else ""

    def paint(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        """Draw histogram, function, derivative and points."""
        content = self._content
        if content is None:
            return
        limit = content.z_limit
        chart = Chart.within(room, (-limit, limit), content.a_range)
        n_points = len(content.z)
        shown = f"{len(content.points):,} of {n_points:,} points" if n_points > MOST_POINTS else ""
        shown = shown or counted(n_points, "point")
        text = f"{content.name} · {shown}" if content.curve else f"{content.name}: a depends on all outputs"
        _paint_histogram(painter, chart.area, content, colours)
        chart.paint_frame(painter, colours, "activation: a over z", text)
        if content.curve is not None:
            z, a, slope = content.curve
            chart.paint_curve(painter, QPen(colours.muted, 1.0, Qt.PenStyle.DashLine), z, slope)
            chart.paint_curve(painter, QPen(colours.text, 1.4), z, a)
        painter.save()
        painter.setClipRect(chart.area.adjusted(-4, -4, 4, 4))
        origin, one = chart.at(0.0, 0.0), chart.at(1.0, 1.0)
        to_pixels = QTransform(one.x() - origin.x(), 0, 0, one.y() - origin.y(), origin.x(), origin.y())
        paint_points(painter, content.points, to_pixels, colours, scale=_MARKER_SCALE, copied=True)
        painter.restore()


def _content(snapshot: Snapshot, unit: Unit) -> Content | None:
    """Return what there is to see of a neuron behind the input; None where something is not finite."""
    dataset, network = snapshot.moment.dataset, snapshot.network
    z, a = network.unit_values(dataset.points, unit.layer, unit.index)
    if not (np.isfinite(z).all() and np.isfinite(a).all()):
        return None
    activation, name = _activation(network.settings, unit)
    limit = max(round_up(float(np.abs(z).max())), 1.0)
    curve = None if activation is None else _curve(activation, limit)
    values = a if curve is None else np.concatenate([a, curve[1]])
    chosen = np.unique(np.linspace(0, len(z) - 1, min(len(z), MOST_POINTS)).astype(np.intp))
    points = Dataset(
        np.stack([z[chosen], a[chosen]], axis=1), dataset.labels[chosen], dataset.is_test[chosen], dataset.n_classes
    )
    labels = np.zeros(len(z), dtype=np.intp) if dataset.is_regression else dataset.labels
    return Content(points, z, labels, dataset.n_classes, curve, name, limit, _ends(values))


def _activation(settings: NetworkSettings, unit: Unit) -> tuple[Activation | None, str]:
    """Return a neuron's activation and its name; None where it is no function of its own z alone."""
    if unit.layer == len(settings.layer_sizes) - 1:
        name = settings.output_activation
        return ACTIVATIONS.get(name), name
    name = settings.hidden_activations[unit.layer - 1]
    return ACTIVATIONS[name], name


def _curve(activation: Activation, limit: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return z from one end of the axis to the other, the activation and its derivative."""
    z = np.linspace(-limit, limit, _N_SAMPLES)
    a, slope = np.empty_like(z), np.empty_like(z)
    with np.errstate(all="ignore"):
        activation.function(z, a)
        activation.derivative(z, a, slope)
    return z, a, slope


def _ends(values: FloatArray) -> tuple[float, float]:
    """Return round ends of an axis with all of the values, 0, and a little room."""
    low, high = float(values.min()), float(values.max())
    top = round_up(high) if high > 0 else 0.0
    bottom = -round_up(-low) if low < 0 else 0.0
    if top == bottom:
        return -1.0, 1.0
    room = _ROOM * (top - bottom)
    return bottom - room, top + room


def _paint_histogram(painter: QPainter, area: QRectF, content: Content, colours: Theme) -> None:
    """Draw from the bottom of the plot how many points of each class have which z, classes on top of each other."""
    edges = np.linspace(-content.z_limit, content.z_limit, _N_BINS + 1)
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
        for place, (top, height) in enumerate(zip(tops, own, strict=True)):
            painter.drawRect(QRectF(area.left() + place * width + 0.5, top, width - 1.0, height))
