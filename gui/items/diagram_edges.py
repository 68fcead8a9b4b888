"""EdgePainter: draws the weights of a network as curves, their widths and colours by what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from gui.items.diagram_colours import weight_shades
from gui.items.diagram_layout import DiagramLayout
from gui.items.diagram_marks import marks_of
from gui.items.drawn_weights import WIDTH_STEPS, LayerWeights, drawn_weights, width_steps
from gui.items.pixmaps import drawn_pixmap, paint_pixmaps
from gui.theme import Theme
from model import Network
from model.network.parts import Edge, Unit
from model.types import FloatArray, IntArray

_THICKEST, _THINNEST, _THICKEST_SHARE = 7.0, 2.0, 0.35
"""The strongest weight is so wide, but no wider than a share of the distance between two neurons."""

_HURRIED_CURVES = 96
"""In a hurry no more curves than this are drawn again for a picture, but always those of one layer."""

_UNSEEN_STEPS = 1
"""A curve whose width is so many steps off looks the same while everything moves."""

_VEIL = 0.72
"""How much of the panel's colour lies over the other weights where those of a neuron are brought out."""

_FROZEN_DASH, _FROZEN_GAP = 7.0, 4.0
_PRUNED_DASH, _PRUNED_GAP = 1.5, 3.5


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A picture of the curves of a layer.

    Attributes
    ----------
    look : tuple of float
        What it depends on beside its curves: width, height, and pixels for each unit.
    weights : LayerWeights
        What is drawn on it.
    pixmap : QPixmap
    number : int
        The larger, the later it was drawn.
    """

    look: tuple[float, ...]
    weights: LayerWeights
    pixmap: QPixmap
    number: int


class EdgePainter:
    """Draws the curves of a layout, and keeps pictures of them until a weight has another colour or width.

    In a hurry it leaves out changes that nobody would see in a moving picture, and draws the layers that have waited
    longest first, so many of them that the picture is there in time.

    Parameters
    ----------
    layout : DiagramLayout
    theme : Theme
    cached : bool
        Whether pictures are kept; otherwise curves stay curves.

    Attributes
    ----------
    drawn : ndarray of int
        The numbers, in the layout, of the weights that were drawn last; none since there is another layout.
    own : ndarray of int
        The numbers of those that were brought out, see :meth:`paint_own`.
    n_pruned : int
        How many of those that were drawn are pruned.
    is_behind : bool
        Whether the last picture was drawn in a hurry and lacks changes.
    """

    def __init__(self, layout: DiagramLayout, theme: Theme, *, cached: bool) -> None:
        self._cached = cached
        self.drawn: IntArray = np.empty(0, dtype=np.intp)
        self.own: IntArray = np.empty(0, dtype=np.intp)
        self.n_pruned = 0
        self.is_behind = False
        self._layout, self._theme = layout, theme
        self._thickest = _thickest(layout)
        self._pens: dict[int, QPen] = {}
        self._kept: dict[int, _Kept] = {}
        self._n_drawn = 0

    def fit(self, layout: DiagramLayout, theme: Theme) -> None:
        """Draw in another layout, or in other colours, from now on."""
        if layout is not self._layout or theme is not self._theme:
            if layout is not self._layout:
                self.drawn = self.own = np.empty(0, dtype=np.intp)
            self._layout, self._theme = layout, theme
            self._thickest = _thickest(layout)
            self._pens.clear()
            self._kept.clear()

    def paint(
        self,
        painter: QPainter,
        network: Network,
        limit: float,
        area: QRectF,
        ratio: float,
        strengths: FloatArray | None = None,
        hurried: bool = False,
    ) -> None:
        """Draw the curves, layer by layer; each layer from its kept picture if none of its curves changed.

        Parameters
        ----------
        network : Network
            Whose weights are drawn.
        limit : float
            The size of a weight that has the thickest curve.
        area : QRectF
            Of the diagram.
        ratio : float
            Pixels of a kept picture for one of the painter's units.
        strengths : ndarray of shape (n_weights,), optional
            As in :meth:`gui.items.network_diagram.NetworkDiagram.paint`.
        hurried : bool
            Whether the next picture follows at once, so that this one may lack changes.
        """
        self.own = np.empty(0, dtype=np.intp)
        drawn = drawn_weights(network, limit, strengths)
        self.drawn, self.n_pruned = drawn.numbers, drawn.n_pruned
        painter.save()
        if self._cached:
            parts = [self._part(area, layer) for layer in range(len(drawn.layers))]
            self._renew(drawn.layers, parts, ratio, hurried=hurried)
            paint_pixmaps(painter, [(part.topLeft(), self._kept[layer].pixmap) for layer, part in enumerate(parts)])
        else:
            for weights in drawn.layers:
                self._paint_curves(painter, *weights.columns)
        painter.restore()

    def _part(self, area: QRectF, layer: int) -> QRectF:
        """Return where the curves of a layer are."""
        part = QRectF(area)
        part.setLeft(round(self._layout.columns[layer]))
        part.setRight(round(self._layout.columns[layer + 1]))
        return part

    def _renew(self, layers: Sequence[LayerWeights], parts: list[QRectF], ratio: float, *, hurried: bool) -> None:
        """Draw the kept pictures again that show something else than they should."""
        changed, waiting = 0, []
        for layer, (weights, part) in enumerate(zip(layers, parts, strict=True)):
            look, kept = (part.width(), part.height(), ratio), self._kept.get(layer)
            if kept is None or kept.look != look:
                self._draw(layer, look, part, weights)
            elif (off := kept.weights.steps_off(weights)) > 0:
                changed += 1
                if not hurried or off > _UNSEEN_STEPS:
                    waiting.append((kept.number, layer))
        n_curves = 0
        for _, layer in sorted(waiting):
            if hurried and n_curves and n_curves + len(layers[layer].numbers) > _HURRIED_CURVES:
                break
            n_curves += len(layers[layer].numbers)
            self._draw(layer, self._kept[layer].look, parts[layer], layers[layer])
            changed -= 1
        self.is_behind = changed > 0

    def _draw(self, layer: int, look: tuple[float, ...], part: QRectF, weights: LayerWeights) -> None:
        """Draw the picture of a layer that is kept."""
        self._n_drawn += 1
        self._kept[layer] = _Kept(look, weights, self._pixmap(part, look[-1], *weights.columns), self._n_drawn)

    def paint_marked(self, painter: QPainter, network: Network, edge: Edge, limit: float, halo: float) -> None:
        """Draw one weight over the others, with a border `halo` wide on either side."""
        weight = float(network.weights[edge.layer][edge.source, edge.target])
        number, marks = self._layout.number(edge), marks_of(network.settings)
        frozen, pruned = bool(marks.frozen[number]), bool(marks.pruned[number])
        path = self._layout.path(number)
        width = _width(weight / limit, self._thickest)
        theme = self._theme
        painter.strokePath(path, QPen(theme.selected if halo > 2 else theme.muted, width + 2 * halo))
        if frozen or pruned:
            painter.strokePath(path, QPen(theme.panel, width + 1))
        pen = QPen(theme.muted if pruned else _colour(weight / limit, theme), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(self._styled_path(number, frozen, pruned), pen)

    def paint_own(self, painter: QPainter, network: Network, limit: float, unit: Unit, hurried: bool = False) -> None:
        """Draw every weight from and to a neuron over the others, which step back behind a veil.

        Parameters
        ----------
        network, limit, hurried
            As in :meth:`paint`; in a hurry only the strongest of many are drawn.
        unit : Unit
        """
        layout, veil = self._layout, QColor(self._theme.panel)
        veil.setAlphaF(_VEIL)
        first, last = layout.columns[0], layout.columns[-1]
        painter.fillRect(QRectF(first, layout.area.top(), last - first, layout.area.height()), veil)
        layers, sources, targets = layout.edges.T
        is_own = ((layers == unit.layer) & (sources == unit.index)) | (
            (layers == unit.layer - 1) & (targets == unit.index)
        )
        numbers = np.flatnonzero(is_own)
        weights = np.nan_to_num(np.concatenate([w.ravel() for w in network.weights])[numbers])
        order = np.argsort(np.abs(weights), kind="stable")[-_HURRIED_CURVES if hurried else 0 :]
        numbers, weights, marks = numbers[order], weights[order], marks_of(network.settings)
        steps = width_steps(weights, limit)
        self._paint_curves(painter, numbers, steps, marks.frozen[numbers], marks.pruned[numbers])
        self.own = numbers

    def _pixmap(self, part: QRectF, ratio: float, *columns: NDArray[Any]) -> QPixmap:
        """Return a picture of the curves that :meth:`_paint_curves` draws."""

        def draw(painter: QPainter) -> None:
            painter.translate(-part.topLeft())
            self._paint_curves(painter, *columns)

        return drawn_pixmap(part.size(), ratio, draw, self._theme.panel)

    def _paint_curves(self, painter: QPainter, *columns: NDArray[Any]) -> None:
        """Draw the weights of a layer.

        Parameters
        ----------
        *columns : ndarray of shape (n_weights,)
            Their numbers in the layout, the sign and step of their widths, and whether each is frozen and pruned.
        """
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path, pen, pruned_pen = self._styled_path, self._pen, QPen(self._theme.muted, 1.0)
        for number, step, is_frozen, is_pruned in zip(*(column.tolist() for column in columns), strict=True):
            painter.setPen(pruned_pen if is_pruned else pen(step))
            painter.drawPath(path(number, is_frozen, is_pruned))

    def _styled_path(self, number: int, frozen: bool, pruned: bool) -> QPainterPath:
        """Return a weight's curve: dotted if it is pruned, dashed if it is frozen."""
        if pruned:
            return self._layout.dashed_path(number, _PRUNED_DASH, _PRUNED_GAP)
        if frozen:
            return self._layout.dashed_path(number, _FROZEN_DASH, _FROZEN_GAP)
        return self._layout.path(number)

    def _pen(self, signed_step: int) -> QPen:
        """Return the pen of a weight; opaque, because blending would take six times as long."""
        pen = self._pens.get(signed_step)
        if pen is None:
            share = signed_step / WIDTH_STEPS
            pen = QPen(_colour(share, self._theme), _width(share, self._thickest))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._pens[signed_step] = pen
        return pen


def _thickest(layout: DiagramLayout) -> float:
    """Return how wide the strongest weight is drawn."""
    return min(_THICKEST, max(_THINNEST, _THICKEST_SHARE * layout.least_pitch))


def _colour(share: float, theme: Theme) -> QColor:
    """Return the colour of a weight that is `share` of the scale's end, -1 to 1."""
    return theme.diverging_colour(float(weight_shades(np.float64(share), 1.0)), 1.0)


def _width(share: float, thickest: float) -> float:
    """Return how wide a weight is drawn that is `share` of the scale's end; one of the end is the thickest.

    Notes
    -----
    Weak weights are exactly 1 wide: Qt draws that about ten times as fast as anything else.
    """
    return max(1.0, float(min(abs(share), 1.0) ** 0.75) * thickest)
