"""SwitchLines: on a view of the plane the line where each neuron of a layer switches, in the neurons' order."""

from __future__ import annotations

import contourpy
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from gui.items.numbered_lines import paint_numbered_lines
from gui.items.plane_view import PlaneView
from gui.program.guard import guarded
from gui.theme import Theme
from model.explain.switching import sums_on_grid
from model.network.network import Network
from model.network.parts import Edge, Selection
from model.network.settings import NetworkSettings
from model.run.snapshot import Plane
from model.types import FloatArray

_MOST_CELLS, _LEAST_CELLS = 80, 24
_AFFORDABLE = 400_000
"""How many pre-activations are computed, about 5 ms of NumPy."""

_ABOVE_SURFACE = 5.0


def switching_layer(settings: NetworkSettings, selected: Selection) -> int | None:
    """Return whose neurons' lines are meant: the selected neuron's or weight's hidden layer, or else the first."""
    if not settings.n_hidden_layers:
        return None
    layer = 1 if selected is None else selected.layer + isinstance(selected, Edge)
    return layer if 1 <= layer <= settings.n_hidden_layers else 1


def switch_lines(network: Network, layer: int, plane: Plane) -> list[tuple[int, FloatArray]]:
    """Return where each neuron of a layer switches, on a part of the plane.

    Returns
    -------
    list of tuple
        The neuron's place in the layer, and a line's vertices in data units, an ndarray of shape (n_vertices, 2). A
        neuron whose sum is nowhere 0, or somewhere not finite, has none.
    """
    n_cells = int(np.sqrt(_AFFORDABLE / sum(network.settings.layer_sizes[1:])))
    n_cells = min(max(n_cells, _LEAST_CELLS), _MOST_CELLS)
    x, y = np.linspace(plane.x_min, plane.x_max, n_cells + 1), np.linspace(plane.y_min, plane.y_max, n_cells + 1)
    found: list[tuple[int, FloatArray]] = []
    for unit, sums in enumerate(sums_on_grid(network, layer, x, y)):
        if np.isfinite(sums).all() and sums.min() < 0.0 < sums.max():
            contours = contourpy.contour_generator(x, y, sums, line_type=contourpy.LineType.Separate)
            found += [(unit, np.asarray(line, dtype=np.float64)) for line in contours.lines(0.0)]
    return found


def paint_switch_lines(
    painter: QPainter,
    network: Network,
    selected: Selection,
    plane: Plane,
    to_page: QTransform,
    area: QRectF,
    theme: Theme,
) -> None:
    """Draw where each neuron of a layer switches on a picture, with its number; nothing without a hidden layer.

    Parameters
    ----------
    selected : Unit, Edge or None
        Says which layer, see :func:`switching_layer`.
    plane : Plane
        The part of the plane that an area of the picture shows.
    to_page : QTransform
        From data units to the painter's.
    area : QRectF
        Where it is.
    """
    layer = switching_layer(network.settings, selected)
    if layer is not None:
        count = network.settings.layer_sizes[layer]
        paint_numbered_lines(painter, switch_lines(network, layer, plane), count, to_page, area, theme)


class SwitchLines(Derived):
    """Draws the lines of the displayed moment, while a person wants them and sees them.

    Parameters
    ----------
    run : LiveRun
    view : View
    canvas : PlaneView
        Where they are drawn; also the parent.
    """

    def __init__(self, run: LiveRun, view: View, canvas: PlaneView) -> None:
        super().__init__(run, view, canvas, canvas)
        self._canvas = canvas
        self._item = _NumberedLines(canvas)
        self._was_wanted = False
        view.settings_changed.connect(self._on_settings_changed)
        view.selection_changed.connect(self._follow)
        canvas.plane_changed.connect(self._follow)
        theme.manager().changed.connect(self._item.update)

    @property
    def is_wanted(self) -> bool:
        """Whether the lines are to be drawn."""
        return self._view.settings.switch_lines

    @property
    def lines(self) -> list[tuple[int, FloatArray]]:
        """What is drawn, see :func:`switch_lines`."""
        return self._item.lines

    def compute(self) -> None:
        """Find the lines, or none."""
        network = self._run.displayed.network
        layer = switching_layer(network.settings, self._view.selection)
        if layer is None or not (self.is_seen and self.is_wanted):
            self._item.show_lines([], 0)
        else:
            lines = switch_lines(network, layer, self._canvas.plane)
            self._item.show_lines(lines, network.settings.layer_sizes[layer])

    @Slot()
    def _on_settings_changed(self) -> None:
        before, self._was_wanted = self._was_wanted, self.is_wanted
        if before != self._was_wanted:
            self._pace.work()


class _NumberedLines(pg.GraphicsObject):
    """Draws lines in data units, with numbers in pixels."""

    def __init__(self, canvas: PlaneView) -> None:
        super().__init__()
        self._canvas = canvas
        self._count = 0
        self.lines: list[tuple[int, FloatArray]] = []
        self.setZValue(_ABOVE_SURFACE)
        canvas.addItem(self, ignoreBounds=True)

    def show_lines(self, lines: list[tuple[int, FloatArray]], count: int) -> None:
        """Show other lines, of a layer of `count` neurons."""
        if lines or self.lines:
            self.prepareGeometryChange()
            self.lines, self._count = lines, count
            self.update()

    def boundingRect(self) -> QRectF:
        """Return all that is shown of the plane, or nothing."""
        plane = self._canvas.plane
        area = QRectF(plane.x_min, plane.y_min, plane.x_max - plane.x_min, plane.y_max - plane.y_min)
        return area if self.lines else QRectF()

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines and their numbers."""
        to_pixels, colours = painter.worldTransform(), theme.current()
        area = to_pixels.mapRect(self.boundingRect())
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_numbered_lines(painter, self.lines, self._count, to_pixels, area, colours, quick=True)
        painter.setWorldTransform(to_pixels)
