"""NetworkDiagram: draws a network with the numbers of a snapshot, on a widget or on a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from gui.items.diagram_colours import Limits, layer_colours, limits_of, weight_shades
from gui.items.diagram_layout import DiagramLayout
from gui.items.diagram_legend import LEGEND_HEIGHT, paint_diagram_legend
from gui.items.diagram_light import paint_light
from gui.items.diagram_margins import NAME_GAP, NAME_PX, left_margin, right_margin
from gui.items.diagram_marks import LOCK, SMALLEST_SIGN_UNIT, marks_of, paint_muted, paint_sign, sign_pixmap
from gui.items.diagram_probe import ProbePainter, ShownProbe
from gui.items.diagram_texts import describe, describe_at_probe, describe_number
from gui.items.edge_numbers import ShownNumbers
from gui.items.pixmaps import drawn_pixmap, paint_pixmap
from gui.items.surface_item import to_image
from gui.theme import Theme, figure_font, mixed, named
from model import Network
from model.explain.stuck import StuckUnit
from model.network.parts import Edge, Selection, Unit, unit_name
from model.run.snapshot import Snapshot
from model.types import Array, FloatArray, IntArray
from model.walk.pages import Lit

MAX_DRAWN_EDGES = 400
"""More weights than this are not drawn; the strongest are, and a note says how many are not."""

_PRINT_RATIO = 4.0
"""Frames and locks stay pictures where all else is curves, fine enough for print."""

_THICKEST, _THINNEST, _THICKEST_SHARE = 7.0, 2.0, 0.35
"""The strongest weight is so wide, but no wider than a share of the distance between two neurons."""

_WIDTH_STEPS = 40
_FROZEN_DASH, _FROZEN_GAP = 7.0, 4.0
_PRUNED_DASH, _PRUNED_GAP = 1.5, 3.5
_LEAST_WITH_LEGEND = 90.0


@dataclass(frozen=True, slots=True)
class Highlight:
    """What stands out in the diagram: what is selected, what is under the mouse, and what is lit if the rest is not."""

    selection: Selection = None
    hovered: Selection = None
    lit: Lit | None = None


_NOTHING = Highlight()
_NONE_STUCK: Mapping[Unit, StuckUnit] = {}


class NetworkDiagram:
    """Draws neurons with their maps and biases, weights as curves, and a legend.

    What did not change since the last picture is not drawn again: the curves are kept until a weight has another colour
    or width.

    Parameters
    ----------
    cached : bool
        Whether pictures of the curves are kept for the next time. Otherwise curves stay curves and each map is an image
        of its own, as a file of curves or a page wants them.
    most_enlarged : float
        How much larger than usual neurons get where there is room for it.
    class_names : sequence of str
        What the outputs are called; letters where there are none.

    Attributes
    ----------
    layout : DiagramLayout
        Of the last network and area.
    drawn_edges : ndarray of int
        The numbers, in the layout, of the weights that were drawn last.
    """

    def __init__(self, *, cached: bool = True, most_enlarged: float = 1.0, class_names: Sequence[str] = ()) -> None:
        self._cached = cached
        self._most_enlarged = most_enlarged
        self._class_names = tuple(class_names)
        self.layout = DiagramLayout([2, 2], QRectF(0, 0, 100, 100))
        self.drawn_edges: IntArray = np.empty(0, dtype=np.intp)
        self._n_pruned = 0
        self._thickest = _THICKEST
        self._pens: dict[int, QPen] = {}
        self._edge_pixmaps: dict[int, QPixmap] = {}
        self._edge_keys: dict[int, tuple[object, ...]] = {}
        self._frames: dict[tuple[object, ...], QPixmap] = {}
        self._probe_painter = ProbePainter()
        self._signs: dict[tuple[str, float, float], QPixmap] = {}
        self._theme = named("light")  # Of the last picture.

    def fit(self, snapshot: Snapshot, area: QRectF) -> None:
        """Lay the network out in `area`, the legend at its foot if it is high enough for one."""
        inner = area.adjusted(0, 0, 0, -LEGEND_HEIGHT if _has_legend(area) else 0)
        settings = snapshot.network.settings
        margins = left_margin(settings), right_margin(settings, self._class_names, self._most_enlarged)
        layout = self.layout
        if (settings.layer_sizes, inner, margins) != (layout.layer_sizes, layout.area, layout.margins):
            self.layout = DiagramLayout(settings.layer_sizes, inner, *margins, self._most_enlarged)
            self._thickest = min(_THICKEST, max(_THINNEST, _THICKEST_SHARE * self.layout.least_pitch))
            self._pens.clear()
            self._edge_keys.clear()
            self._frames.clear()

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
        """
        if self._theme is not theme:
            self._theme = theme
            self._pens.clear()
            self._frames.clear()
            self._signs.clear()
            self._edge_keys.clear()
            self._probe_painter.forget()
        self.fit(snapshot, area)
        limits = limits or limits_of(snapshot)
        if numbers is not None:
            limits = replace(limits, weights=numbers.limit, what=numbers.what)
        limit = limits.weights
        network = snapshot.network if numbers is None else numbers.network
        ratio = painter.device().devicePixelRatioF()
        if not self._cached:
            ratio = max(ratio, _PRINT_RATIO)
        self._paint_edges(painter, network, limit, area, ratio, strengths)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for part, width in ((highlight.hovered, 1.5), (highlight.selection, 2.5)):
            if isinstance(part, Edge):
                self._paint_marked_edge(painter, network, part, limit, width)
        self._paint_units(painter, snapshot, network, limits, ratio)
        self._paint_labels(painter, snapshot)
        for part, colour in ((highlight.hovered, theme.muted), (highlight.selection, theme.accent)):
            if isinstance(part, Unit):
                painter.setPen(QPen(colour, 2.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.layout.rect(part).adjusted(-2, -2, 2, 2), 7, 7)
        for unit in marks_of(snapshot.network.settings).frozen_units:
            self._paint_sign(painter, unit, LOCK, ratio)
        for unit, what in stuck.items():
            self._paint_sign(painter, unit, what.word, ratio)
        if probe is not None:
            self._probe_painter.paint(painter, self.layout, probe, ratio, theme)
        if highlight.lit is not None:
            paint_light(painter, self.layout, highlight.lit, theme)
        if _has_legend(area):
            paint_diagram_legend(
                painter,
                area,
                limits,
                theme,
                has_biases=snapshot.network.settings.bias != "none",
                n_weights=len(self.layout.edges),
                n_drawn=len(self.drawn_edges),
                n_pruned=self._n_pruned,
            )
        if highlight.hovered is not None:
            text = describe(snapshot, highlight.hovered)
            text += "" if numbers is None else describe_number(numbers, highlight.hovered)
            text += "" if probe is None else describe_at_probe(snapshot, probe, highlight.hovered)
            held = stuck.get(highlight.hovered) if isinstance(highlight.hovered, Unit) else None
            lines = [text] if held is None else [text, held.sentence]
            self._paint_value(painter, area, highlight.hovered, lines)

    # Weights

    def _paint_edges(
        self,
        painter: QPainter,
        network: Network,
        limit: float,
        area: QRectF,
        ratio: float,
        strengths: FloatArray | None,
    ) -> None:
        """Draw the curves, layer by layer; each layer from its kept picture if none of its curves changed."""
        weights = np.concatenate([w.ravel() for w in network.weights])
        marks = marks_of(network.settings)
        sizes = np.minimum(np.abs(np.nan_to_num(weights)), limit)
        all_steps = np.ceil(sizes * (_WIDTH_STEPS / limit)).astype(np.intp)
        numbers = np.arange(len(weights))
        if len(weights) > MAX_DRAWN_EDGES:
            # What is pruned stays to be seen, and to be clicked.
            chosen_by = np.where(marks.pruned, np.inf, sizes if strengths is None else strengths)
            numbers = np.argpartition(chosen_by, -MAX_DRAWN_EDGES)[-MAX_DRAWN_EDGES:]
        # The weakest first, so that the strongest lie on top.
        order = np.lexsort((numbers, (all_steps if strengths is None else strengths)[numbers]))
        numbers = numbers[order]
        steps = all_steps[numbers]
        signed = steps * np.sign(np.nan_to_num(weights[numbers])).astype(np.intp)
        frozen, pruned = marks.frozen[numbers], marks.pruned[numbers]
        self._n_pruned = int(np.count_nonzero(pruned))
        layers = self.layout.edges[numbers, 0]
        self.drawn_edges = numbers
        painter.save()
        for layer in range(network.n_layers):
            of_layer = layers == layer
            columns = (numbers[of_layer], signed[of_layer], frozen[of_layer], pruned[of_layer])
            if not self._cached:
                self._paint_curves(painter, *columns)
                continue
            part = QRectF(area)
            part.setLeft(round(self.layout.columns[layer]))
            part.setRight(round(self.layout.columns[layer + 1]))
            key = (part.width(), part.height(), ratio, *(column.tobytes() for column in columns))
            if self._edge_keys.get(layer) != key:
                self._edge_keys[layer] = key
                self._edge_pixmaps[layer] = self._edge_pixmap(part, ratio, *columns)
            paint_pixmap(painter, part.topLeft(), self._edge_pixmaps[layer])
        painter.restore()

    def _edge_pixmap(self, part: QRectF, ratio: float, *columns: NDArray[Any]) -> QPixmap:
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
            return self.layout.dashed_path(number, _PRUNED_DASH, _PRUNED_GAP)
        if frozen:
            return self.layout.dashed_path(number, _FROZEN_DASH, _FROZEN_GAP)
        return self.layout.path(number)

    def _pen(self, signed_step: int) -> QPen:
        """Return the pen of a weight; opaque, because blending would take six times as long."""
        pen = self._pens.get(signed_step)
        if pen is None:
            share = signed_step / _WIDTH_STEPS
            pen = QPen(_edge_colour(share, self._theme), _edge_width(share, self._thickest))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._pens[signed_step] = pen
        return pen

    def _paint_marked_edge(self, painter: QPainter, network: Network, edge: Edge, limit: float, halo: float) -> None:
        weight = float(network.weights[edge.layer][edge.source, edge.target])
        number, marks = self.layout.number(edge), marks_of(network.settings)
        frozen, pruned = bool(marks.frozen[number]), bool(marks.pruned[number])
        path = self.layout.path(number)
        width = _edge_width(weight / limit, self._thickest)
        theme = self._theme
        painter.strokePath(path, QPen(theme.accent if halo > 2 else theme.muted, width + 2 * halo))
        if frozen or pruned:
            painter.strokePath(path, QPen(theme.panel, width + 1))
        pen = QPen(theme.muted if pruned else _edge_colour(weight / limit, theme), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.strokePath(self._styled_path(number, frozen, pruned), pen)

    # Neurons

    def _paint_units(
        self, painter: QPainter, snapshot: Snapshot, network: Network, limits: Limits, ratio: float
    ) -> None:
        """Draw the neurons' maps, and the biases of `network`."""
        r = snapshot.unit_maps[0].shape[-1]
        source = QRectF(0, 0, r, r)
        settings = snapshot.network.settings
        for layer, rects in enumerate(self.layout.rects):
            # The first row of a map is the lowest of the plane; the first row of an image is its top.
            colours = np.ascontiguousarray(layer_colours(snapshot, layer, self._theme, limits.maps[layer])[:, ::-1])
            atlas = to_image(colours.reshape(-1, r))
            frame = self._frame(rects[0].width(), ratio)
            for index, rect in enumerate(rects):
                if self._cached:
                    source.moveTop(index * r)
                    painter.drawImage(rect, atlas, source)
                else:
                    # In an SVG there is no part of an image.
                    painter.drawImage(rect, to_image(colours[index]).copy())
                if (layer, index) in settings.muted:
                    paint_muted(painter, rect, self._theme)
                painter.drawPixmap(rect.topLeft() - QPointF(1, 1), frame)
            if layer > 0 and settings.bias != "none" and rects[0].width() >= SMALLEST_SIGN_UNIT:
                self._paint_biases(painter, rects, network.biases[layer - 1], limits.weights)

    def _paint_biases(self, painter: QPainter, rects: list[QRectF], biases: Array, limit: float) -> None:
        theme = self._theme
        radius = min(5.0, rects[0].width() / 5)
        fills = theme.diverging_image(weight_shades(biases, limit), 1.0).tolist()
        painter.setPen(QPen(theme.panel, 1.2))
        for rect, fill in zip(rects, fills, strict=True):
            painter.setBrush(QColor.fromRgb(fill))
            painter.drawEllipse(rect.bottomLeft() + QPointF(0.5, 0), radius, radius)

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

    def _paint_labels(self, painter: QPainter, snapshot: Snapshot) -> None:
        settings = snapshot.network.settings
        last = len(self.layout.rects) - 1
        painter.setFont(figure_font(NAME_PX))
        painter.setPen(self._theme.muted)
        metrics = QFontMetricsF(painter.font())
        middle = Qt.AlignmentFlag.AlignVCenter
        for layer, side in ((0, -1), (last, 1)):
            rects = self.layout.rects[layer]
            if rects[0].height() < SMALLEST_SIGN_UNIT:
                continue
            for index, rect in enumerate(rects):
                name = unit_name(
                    settings, Unit(layer, index), regression=snapshot.is_regression, class_names=self._class_names
                )
                if side < 0:
                    room = rect.left() - self.layout.area.left() - NAME_GAP
                    box = QRectF(self.layout.area.left(), rect.top(), room, rect.height())
                    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
                    painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, text)
                else:
                    room = self.layout.area.right() - rect.right() - NAME_GAP
                    text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
                    if not text.strip("…"):
                        continue
                    box = QRectF(rect.right() + NAME_GAP, rect.top(), room, rect.height())
                    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, text)

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


def _has_legend(area: QRectF) -> bool:
    return area.height() >= _LEAST_WITH_LEGEND


def _frame_pixmap(size: float, ratio: float, theme: Theme) -> QPixmap:
    side, radius = size + 2, min(6.0, size / 5)
    corners, rounded = QPainterPath(), QPainterPath()
    corners.addRect(0, 0, side, side)
    rounded.addRoundedRect(QRectF(1, 1, size, size), radius, radius)

    def draw(painter: QPainter) -> None:
        painter.fillPath(corners - rounded, theme.panel)
        painter.setPen(QPen(mixed(theme.muted, theme.panel, 0.35), 1.0))
        painter.drawPath(rounded)

    return drawn_pixmap(QSizeF(side, side), ratio, draw)


def _edge_colour(share: float, theme: Theme) -> QColor:
    """Return the colour of a weight that is `share` of the scale's end, -1 to 1."""
    return theme.diverging_colour(float(weight_shades(np.float64(share), 1.0)), 1.0)


def _edge_width(share: float, thickest: float) -> float:
    """Return how wide a weight is drawn that is `share` of the scale's end; one of the end is the thickest.

    Notes
    -----
    Weak weights are exactly 1 wide: Qt draws that about ten times as fast as anything else.
    """
    return max(1.0, float(min(abs(share), 1.0) ** 0.75) * thickest)
