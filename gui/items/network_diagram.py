"""NetworkDiagram: draws a network with the numbers of a snapshot, on a widget or on a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from gui.items.curve.boxes import paint_unit_curves
from gui.items.diagram_biases import BiasPainter
from gui.items.diagram_colours import Limits, limits_of, map_images, weight_shades
from gui.items.diagram_edges import EdgePainter
from gui.items.diagram_layout import DiagramLayout
from gui.items.diagram_legend import LEGEND_HEIGHT, paint_diagram_legend
from gui.items.diagram_light import paint_light
from gui.items.diagram_margins import NAME_PX, left_margin, right_margin
from gui.items.diagram_marks import LOCK, SMALLEST_SIGN_UNIT, marks_of, paint_muted, paint_sign, sign_pixmap
from gui.items.diagram_names import NamePainter
from gui.items.diagram_probe import ProbePainter, ShownProbe
from gui.items.diagram_texts import describe, describe_at_probe, describe_number
from gui.items.edge_numbers import ShownNumbers
from gui.items.pixmaps import KeptPixmap, drawn_pixmap
from gui.items.surface_item import to_image
from gui.theme import Theme, figure_font, mixed, named
from model import Dataset, Network, NetworkSettings
from model.explain.stuck import StuckUnit
from model.network.parts import Edge, Selection, Unit
from model.run.snapshot import Snapshot
from model.types import FloatArray, IntArray
from model.walk.pages import Lit

_PRINT_RATIO = 4.0
"""Frames and locks stay pictures where all else is curves, fine enough for print."""

_LEAST_WITH_LEGEND = 90.0

_BIAS_SHADES = 40
"""So many colours biases have on either side of 0: of no more is a picture kept."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """What stands out in the diagram.

    Attributes
    ----------
    selection : Unit, Edge or None
    hovered : Unit, Edge or None
        What is under the mouse.
    lit : Lit or None
        What is at work if the rest is not.
    brought_out : Unit or None
        The neuron whose weights are all drawn, before the others.
    """

    selection: Selection = None
    hovered: Selection = None
    lit: Lit | None = None
    brought_out: Unit | None = None


_NOTHING = Highlight()
_NONE_STUCK: Mapping[Unit, StuckUnit] = {}


class NetworkDiagram:
    """Draws neurons with their maps and biases, weights as curves, and a legend.

    Of a curve, each neuron has its activation over x in the place of a map.

    What did not change since the last picture is not drawn again: the curves are kept until a weight has another colour
    or width.

    Parameters
    ----------
    cached : bool
        Whether pictures of the curves are kept for the next time. Otherwise curves stay curves and each map is an image
        of its own, as a file of curves or a page wants them.
    most_enlarged : float
        How much larger than usual neurons get where there is room for it.

    Attributes
    ----------
    layout : DiagramLayout
        Of the last network and area.
    """

    def __init__(self, *, cached: bool = True, most_enlarged: float = 1.0) -> None:
        self._cached = cached
        self._most_enlarged = most_enlarged
        self.layout = DiagramLayout([2, 2], QRectF(0, 0, 100, 100))
        self._frames: dict[tuple[object, ...], QPixmap] = {}
        self._biases = BiasPainter(cached=cached)
        self._probe_painter = ProbePainter()
        self._signs: dict[tuple[str, float, float], QPixmap] = {}
        self._legend = KeptPixmap()
        self._names = NamePainter(cached=cached)
        self._theme = named("light")  # Of the last picture.
        self._edges = EdgePainter(self.layout, self._theme, cached=cached)

    @property
    def drawn_edges(self) -> IntArray:
        """The numbers, in the layout, of the weights that were drawn last."""
        return np.union1d(self._edges.drawn, self._edges.own)

    @property
    def is_behind(self) -> bool:
        """Whether the last picture was drawn in a hurry and lacks changes."""
        return self._edges.is_behind

    def fit(self, snapshot: Snapshot, area: QRectF) -> None:
        """Lay the network out in `area`, the legend at its foot if it is high enough for one."""
        inner = area.adjusted(0, 0, 0, -LEGEND_HEIGHT if _has_legend(area) else 0)
        settings, layout = snapshot.network.settings, self.layout
        margins = self.margins(settings, snapshot.moment.dataset)
        if (settings.layer_sizes, inner, margins) != (layout.layer_sizes, layout.area, layout.margins):
            self.layout = DiagramLayout(settings.layer_sizes, inner, *margins, self._most_enlarged)
            self._edges.fit(self.layout, self._theme)
            self._frames.clear()
            self._biases.forget()

    def margins(self, settings: NetworkSettings, dataset: Dataset) -> tuple[float, float]:
        """Return how far the first layer is from the left side, and the last from the right one, with their names."""
        return left_margin(settings, dataset), right_margin(settings, dataset, self._most_enlarged)

    def paint(
        self,
        painter: QPainter,
        area: QRectF,
        snapshot: Snapshot,
        theme: Theme,
        highlight: Highlight = _NOTHING,
        limits: Limits | None = None,
        numbers: ShownNumbers | None = None,
        stuck: Mapping[Unit, StuckUnit] = _NONE_STUCK,
        probe: ShownProbe | None = None,
        strengths: FloatArray | None = None,
        hurried: bool = False,
    ) -> None:
        """Draw the network into `area`, over a background in the panel's colour.

        Parameters
        ----------
        limits : Limits, optional
            What the ends of the scales stand for; by default those of the snapshot.
        numbers : ShownNumbers, optional
            What edges and biases show instead of the weights.
        stuck : mapping of Unit to StuckUnit
            Neurons that are dead or saturated.
        probe : ShownProbe, optional
            Whose values stand beside the neurons; a pinned point is marked on each map.
        strengths : ndarray of shape (n_weights,), optional
            By which weights lie on top of one another, and are chosen where they are too many, in the layout's order;
            by default their sizes.
        hurried : bool
            Whether the next picture follows at once, so that the curves of this one may lack changes.
        """
        self._colour(theme)
        self.fit(snapshot, area)
        self._edges.fit(self.layout, theme)
        limits = limits or limits_of(snapshot)
        if numbers is not None:
            limits = replace(limits, weights=numbers.limit, what=numbers.what)
        network = snapshot.network if numbers is None else numbers.network
        # A painter that enlarges the diagram has more pixels for a unit than its device.
        ratio = painter.deviceTransform().m11()
        if not self._cached:
            ratio = max(painter.device().devicePixelRatioF(), _PRINT_RATIO)
        self._edges.paint(painter, network, limits.weights, area, ratio, strengths, hurried)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if highlight.brought_out is not None:
            self._edges.paint_own(painter, network, limits.weights, highlight.brought_out, hurried)
        for part, width in ((highlight.hovered, 1.5), (highlight.selection, 2.5)):
            if isinstance(part, Edge):
                self._edges.paint_marked(painter, network, part, limits.weights, width)
        self._paint_units(painter, snapshot, network, limits, ratio)
        self._names.paint(painter, self.layout, snapshot, ratio, self._theme)
        self._paint_marked_units(painter, highlight)
        self._paint_signs(painter, snapshot.network.settings, stuck, ratio)
        if probe is not None:
            tops = limits.maps if snapshot.unit_curves else None
            self._probe_painter.paint(painter, self.layout, probe, ratio, theme, tops)
        if highlight.lit is not None:
            paint_light(painter, self.layout, highlight.lit, theme)
        if _has_legend(area):
            self._paint_legend(painter, area, limits, ratio, has_biases=snapshot.network.settings.bias != "none")
        if highlight.hovered is not None:
            lines = _lines_on(highlight.hovered, snapshot, numbers, stuck, probe)
            self._paint_value(painter, area, highlight.hovered, lines)

    def _colour(self, theme: Theme) -> None:
        """Forget the pictures that have the colours of another theme."""
        if self._theme is not theme:
            self._theme = theme
            self._frames.clear()
            self._biases.forget()
            self._signs.clear()
            self._probe_painter.forget()

    # Neurons

    def _paint_units(
        self, painter: QPainter, snapshot: Snapshot, network: Network, limits: Limits, ratio: float
    ) -> None:
        """Draw the neurons' maps or curves, and the biases of `network`."""
        settings = snapshot.network.settings
        if snapshot.unit_curves:
            # All at once, which is quicker than layer by layer.
            boxes = list(chain.from_iterable(self.layout.rects))
            tops = list(chain.from_iterable(limits.maps))
            paint_unit_curves(painter, boxes, np.concatenate(snapshot.unit_curves), tops, self._theme)
        images = () if snapshot.unit_curves else map_images(snapshot, self._theme, limits.maps)
        shades = np.round(weight_shades(np.concatenate(network.biases), limits.weights) * _BIAS_SHADES) / _BIAS_SHADES
        bias_colours = iter(self._theme.diverging_image(shades, 1.0).tolist())
        for layer, rects in enumerate(self.layout.rects):
            if images:
                self._paint_maps(painter, rects, images[layer])
            frame = self._frame(rects[0].width(), ratio)
            for index, rect in enumerate(rects):
                if (layer, index) in settings.muted:
                    paint_muted(painter, rect, self._theme)
                painter.drawPixmap(rect.topLeft() - QPointF(1, 1), frame)
            if layer > 0 and settings.bias != "none":
                colours = list(islice(bias_colours, len(rects)))
                width, places = rects[0].width(), self.layout.bias_places[layer]
                if width >= SMALLEST_SIGN_UNIT:
                    self._biases.paint(painter, places, width, colours, ratio, self._theme)

    def _paint_maps(self, painter: QPainter, rects: list[QRectF], colours: NDArray[np.uint32]) -> None:
        """Draw maps of a layer, given in colours of shape (n_units, n_rows, n_columns), the top of the plane first."""
        r = colours.shape[-1]
        atlas, source = to_image(colours.reshape(-1, r)), QRectF(0, 0, r, r)
        for index, rect in enumerate(rects):
            if self._cached:
                source.moveTop(index * r)
                painter.drawImage(rect, atlas, source)
            else:
                # In an SVG there is no part of an image.
                painter.drawImage(rect, to_image(colours[index]).copy())

    def _paint_marked_units(self, painter: QPainter, highlight: Highlight) -> None:
        for part, colour in ((highlight.hovered, self._theme.muted), (highlight.selection, self._theme.selected)):
            if isinstance(part, Unit):
                painter.setPen(QPen(colour, 2.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.layout.rect(part).adjusted(-2, -2, 2, 2), 7, 7)

    def _paint_signs(
        self, painter: QPainter, settings: NetworkSettings, stuck: Mapping[Unit, StuckUnit], ratio: float
    ) -> None:
        """Draw the signs of neurons that are frozen, dead or saturated."""
        for unit in marks_of(settings).frozen_units:
            self._paint_sign(painter, unit, LOCK, ratio)
        for unit, what in stuck.items():
            self._paint_sign(painter, unit, what.word, ratio)

    def _paint_sign(self, painter: QPainter, unit: Unit, name: str, ratio: float) -> None:
        rect = self.layout.rect(unit)
        key = (name, rect.width(), ratio)
        if key not in self._signs:
            self._signs[key] = sign_pixmap(*key, self._theme)
        paint_sign(painter, rect, name, self._signs[key], self._theme)

    def _frame(self, size: float, ratio: float) -> QPixmap:
        """Return a picture that rounds the corners of a square map and draws its border."""
        key = (size, ratio)
        if key not in self._frames:
            self._frames[key] = _frame_pixmap(size, ratio, self._theme)
        return self._frames[key]

    # Texts

    def _paint_legend(self, painter: QPainter, area: QRectF, limits: Limits, ratio: float, *, has_biases: bool) -> None:
        numbers = (len(self.layout.edges), len(self._edges.drawn), self._edges.n_pruned)

        def draw(on: QPainter) -> None:
            n_weights, n_drawn, n_pruned = numbers
            paint_diagram_legend(
                on,
                area,
                limits,
                self._theme,
                has_biases=has_biases,
                n_weights=n_weights,
                n_drawn=n_drawn,
                n_pruned=n_pruned,
            )

        if self._cached:
            foot = QRectF(area.left(), area.bottom() - LEGEND_HEIGHT, area.width(), LEGEND_HEIGHT)
            said = (limits.weights, limits.what, limits.note, has_biases, *numbers)
            self._legend.paint(painter, foot, (said, foot.width(), foot.height(), ratio, self._theme), draw)
        else:
            draw(painter)

    def _paint_value(self, painter: QPainter, area: QRectF, hovered: Unit | Edge, lines: list[str]) -> None:
        """Draw a label with the live value of what is under the mouse, beside it."""
        if isinstance(hovered, Unit):
            marked = self.layout.rect(hovered)
        else:
            marked = QRectF(self.layout.path(self.layout.number(hovered)).pointAtPercent(0.5), QSizeF())
        theme = self._theme
        painter.setFont(figure_font(NAME_PX))
        metrics = QFontMetricsF(painter.font())
        lines = [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, area.width() - 20) for line in lines]
        width = max(map(metrics.horizontalAdvance, lines))
        box = QRectF(0, 0, width + 16, len(lines) * metrics.height() + 8)
        box.moveCenter(marked.center())
        box.moveLeft(max(area.left() + 1, min(box.left(), area.right() - box.width() - 1)))
        box.moveBottom(marked.top() - 7)
        if box.top() < area.top() + 1:
            box.moveTop(marked.bottom() + 9)
        painter.setPen(QPen(theme.line, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "\n".join(lines))


def _lines_on(
    part: Unit | Edge,
    snapshot: Snapshot,
    numbers: ShownNumbers | None,
    stuck: Mapping[Unit, StuckUnit],
    probe: ShownProbe | None,
) -> list[str]:
    """Return what there is to say of a neuron or a weight, in one line or two."""
    text = describe(snapshot, part)
    text += "" if numbers is None else describe_number(numbers, part)
    text += "" if probe is None else describe_at_probe(snapshot, probe, part)
    held = stuck.get(part) if isinstance(part, Unit) else None
    return [text] if held is None else [text, held.sentence]


def _has_legend(area: QRectF) -> bool:
    return area.height() >= _LEAST_WITH_LEGEND


def _frame_pixmap(size: float, ratio: float, theme: Theme) -> QPixmap:
    side, radius = size + 2, min(6.0, size / 5)
    corners, rounded = QPainterPath(), QPainterPath()
    corners.addRect(0, 0, side, side)
    rounded.addRoundedRect(QRectF(1, 1, size, size), radius, radius)

    def draw(painter: QPainter) -> None:
        painter.fillPath(corners - rounded, theme.panel)
        painter.setPen(QPen(mixed(theme.muted, theme.panel, 0.25), 1.0))
        painter.drawPath(rounded)

    return drawn_pixmap(QSizeF(side, side), ratio, draw)
