"""NetworkDiagram: draws a network with the numbers of a snapshot, on a widget or on a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from gui import theme
from gui.items.diagram_layout import DiagramLayout
from gui.items.scales import round_up
from gui.items.surface_item import to_image
from gui.selection import Edge, Selection, Unit, unit_name
from model.activations import ACTIVATIONS
from model.dataset import PLANE_LIMIT
from model.losses import OUTPUT_ACTIVATIONS
from model.snapshot import MAP_RESOLUTION, Snapshot
from model.types import Array, IntArray

MAX_DRAWN_EDGES = 400
"""More weights than this are not drawn; the strongest are, and a note says how many are not."""

LEGEND_HEIGHT = 24.0

_THICKEST = 7.0
_WIDTH_STEPS = 40


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a person points at in the diagram."""

    selection: Selection = None
    hovered: Selection = None


def weight_limit(snapshot: Snapshot) -> float:
    """Return what the end colours of weights and biases stand for: a round number no weight exceeds, 1 or more."""
    largest = max(float(np.abs(weights).max()) for weights in snapshot.network.weights)
    return max(1.0, round_up(largest))


def weight_shades(weights: Array, limit: float) -> Array:
    """Return where on the diverging colours weights stand, -1 to 1.

    Notes
    -----
    The square root lets weak weights be seen beside strong ones; the legend has the same scale.
    """
    shades: Array = np.sign(weights) * np.sqrt(np.fmin(np.abs(weights) / limit, 1.0))
    return shades


def map_limit(snapshot: Snapshot, layer: int) -> float:
    """Return what the end colours of a layer's maps stand for."""
    settings = snapshot.network.settings
    if layer == 0:
        return PLANE_LIMIT
    if layer == len(settings.layer_sizes) - 1:
        return 1.0
    bound = ACTIVATIONS[settings.hidden_activations[layer - 1]].bound
    return bound if bound is not None else round_up(float(np.abs(snapshot.unit_maps[layer]).max()))


def map_colours(snapshot: Snapshot, unit: Unit, map_: Array) -> NDArray[np.uint32]:
    """Return the colours of a neuron's map, of the same shape: 0xffRRGGBB.

    Inputs and hidden neurons have the diverging scale; an output has its class's colour, the fuller the likelier.
    """
    colours = theme.current()
    settings = snapshot.network.settings
    if unit.layer < len(settings.layer_sizes) - 1:
        return colours.diverging_image(map_, map_limit(snapshot, unit.layer))
    class_index = 1 if settings.layer_sizes[-1] == 1 else unit.index
    background, full = theme.rgb_array(colours.panel), theme.rgb_array(colours.classes[class_index])
    share = np.nan_to_num(OUTPUT_ACTIVATIONS[settings.output_activation].shares(map_))[..., np.newaxis]
    rgb = (background + (full - background) * share).astype(np.uint32)
    packed: NDArray[np.uint32] = np.uint32(0xFF000000) | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2]
    return packed


def _layer_colours(snapshot: Snapshot, layer: int) -> NDArray[np.uint32]:
    """Return the colours of all maps of a layer, of shape (n_units, MAP_RESOLUTION, MAP_RESOLUTION)."""
    maps = snapshot.unit_maps[layer]
    if layer < len(snapshot.unit_maps) - 1:
        return theme.current().diverging_image(maps, map_limit(snapshot, layer))
    return np.stack([map_colours(snapshot, Unit(layer, index), map_) for index, map_ in enumerate(maps)])


class NetworkDiagram:
    """Draws neurons with their maps and biases, weights as curves, and a legend.

    What did not change since the last picture is not drawn again: the curves are kept until a weight has another colour
    or width.

    Attributes
    ----------
    layout : DiagramLayout
        Of the last network and area.
    drawn_edges : ndarray of int
        The numbers, in the layout, of the weights that were drawn last.
    """

    def __init__(self) -> None:
        self.layout = DiagramLayout([2, 2], QRectF(0, 0, 100, 100))
        self.drawn_edges: IntArray = np.empty(0, dtype=np.intp)
        self._pens: dict[int, QPen] = {}
        self._edge_pixmaps: dict[int, QPixmap] = {}
        self._edge_keys: dict[int, tuple[object, ...]] = {}
        self._frames: dict[tuple[object, ...], QPixmap] = {}
        self._theme: theme.Theme | None = None

    def fit(self, snapshot: Snapshot, area: QRectF) -> None:
        """Lay the network out in `area`, the legend at its foot."""
        inner = area.adjusted(0, 0, 0, -LEGEND_HEIGHT)
        sizes = snapshot.network.settings.layer_sizes
        if sizes != self.layout.layer_sizes or inner != self.layout.area:
            self.layout = DiagramLayout(sizes, inner)
            self._edge_keys.clear()
            self._frames.clear()

    def paint(self, painter: QPainter, area: QRectF, snapshot: Snapshot, pointed: Pointed) -> None:
        """Draw the network into `area`, over a background in the panel's colour."""
        if self._theme is not theme.current():
            self._theme = theme.current()
            self._pens.clear()
            self._frames.clear()
            self._edge_keys.clear()
        self.fit(snapshot, area)
        limit = weight_limit(snapshot)
        ratio = painter.device().devicePixelRatioF()
        self._paint_edges(painter, snapshot, limit, area, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for part, width in ((pointed.hovered, 1.5), (pointed.selection, 2.5)):
            if isinstance(part, Edge):
                self._paint_marked_edge(painter, snapshot, part, limit, width)
        self._paint_units(painter, snapshot, limit, ratio)
        self._paint_labels(painter, snapshot)
        for part, colour in ((pointed.hovered, self._theme.muted), (pointed.selection, self._theme.accent)):
            if isinstance(part, Unit):
                painter.setPen(QPen(colour, 2.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.layout.rect(part).adjusted(-2, -2, 2, 2), 7, 7)
        self._paint_legend(painter, area, limit)
        if pointed.hovered is not None:
            self._paint_value(painter, area, snapshot, pointed.hovered)

    # Weights

    def _paint_edges(self, painter: QPainter, snapshot: Snapshot, limit: float, area: QRectF, ratio: float) -> None:
        """Draw the curves, layer by layer, each from its kept picture if none of its curves changed."""
        weights = np.concatenate([w.ravel() for w in snapshot.network.weights])
        sizes = np.minimum(np.abs(np.nan_to_num(weights)), limit)
        if len(weights) > MAX_DRAWN_EDGES:
            numbers = np.argpartition(sizes, -MAX_DRAWN_EDGES)[-MAX_DRAWN_EDGES:]
        else:
            numbers = np.arange(len(weights))
        # The weakest first, so that the strongest lie on top.
        steps = np.ceil(sizes[numbers] * (_WIDTH_STEPS / limit)).astype(np.intp)
        order = np.lexsort((numbers, steps))
        numbers, steps = numbers[order], steps[order]
        signed = steps * np.sign(weights[numbers]).astype(np.intp)
        layers = self.layout.edges[numbers, 0]
        self.drawn_edges = numbers
        for layer in range(len(snapshot.network.weights)):
            of_layer = layers == layer
            part = QRectF(area)
            part.setLeft(round(self.layout.columns[layer]))
            part.setRight(round(self.layout.columns[layer + 1]))
            key = (part.width(), part.height(), ratio, numbers[of_layer].tobytes(), signed[of_layer].tobytes())
            if self._edge_keys.get(layer) != key:
                self._edge_keys[layer] = key
                self._edge_pixmaps[layer] = self._edge_pixmap(part, ratio, numbers[of_layer], signed[of_layer])
            painter.drawPixmap(part.topLeft(), self._edge_pixmaps[layer])

    def _edge_pixmap(self, part: QRectF, ratio: float, numbers: IntArray, signed: IntArray) -> QPixmap:
        """Return a picture of the curves with these numbers; the sign and size of `signed` choose the pens."""
        pixmap = _new_pixmap(part.size(), ratio)
        pixmap.fill(theme.current().panel)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-part.topLeft())
        path, pen = self.layout.path, self._pen
        for number, step in zip(numbers.tolist(), signed.tolist(), strict=True):
            painter.setPen(pen(step))
            painter.drawPath(path(number))
        painter.end()
        return pixmap

    def _pen(self, signed_step: int) -> QPen:
        """Return the pen of a weight; opaque, because blending would take six times as long."""
        pen = self._pens.get(signed_step)
        if pen is None:
            share = signed_step / _WIDTH_STEPS
            pen = QPen(_edge_colour(share), _edge_width(share))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._pens[signed_step] = pen
        return pen

    def _paint_marked_edge(self, painter: QPainter, snapshot: Snapshot, edge: Edge, limit: float, halo: float) -> None:
        weight = float(snapshot.network.weights[edge.layer][edge.source, edge.target])
        path = self.layout.path(self.layout.number(edge))
        width = _edge_width(weight / limit)
        colours = theme.current()
        painter.strokePath(path, QPen(colours.accent if halo > 2 else colours.muted, width + 2 * halo))
        painter.strokePath(path, QPen(_edge_colour(weight / limit), width))

    # Neurons

    def _paint_units(self, painter: QPainter, snapshot: Snapshot, limit: float, ratio: float) -> None:
        r = MAP_RESOLUTION
        source = QRectF(0, 0, r, r)
        for layer, rects in enumerate(self.layout.rects):
            # The first row of a map is the lowest of the plane; the first row of an image is its top.
            colours = np.ascontiguousarray(_layer_colours(snapshot, layer)[:, ::-1])
            atlas = to_image(colours.reshape(-1, r))
            frame = self._frame(rects[0].width(), ratio)
            for index, rect in enumerate(rects):
                source.moveTop(index * r)
                painter.drawImage(rect, atlas, source)
                painter.drawPixmap(rect.topLeft() - QPointF(1, 1), frame)
            if layer > 0 and rects[0].width() >= 9:
                self._paint_biases(painter, rects, snapshot.network.biases[layer - 1], limit)

    def _paint_biases(self, painter: QPainter, rects: list[QRectF], biases: Array, limit: float) -> None:
        colours = theme.current()
        radius = min(5.0, rects[0].width() / 5)
        fills = colours.diverging_image(weight_shades(biases, limit), 1.0).tolist()
        painter.setPen(QPen(colours.panel, 1.2))
        for rect, fill in zip(rects, fills, strict=True):
            painter.setBrush(QColor.fromRgb(fill))
            painter.drawEllipse(rect.bottomLeft() + QPointF(0.5, 0), radius, radius)

    def _frame(self, size: float, ratio: float) -> QPixmap:
        """Return a picture that rounds the corners of a square map and draws its border."""
        key = (size, ratio)
        frame = self._frames.get(key)
        if frame is None:
            colours = theme.current()
            side = size + 2
            frame = _new_pixmap(QSizeF(side, side), ratio)
            frame.fill(Qt.GlobalColor.transparent)
            corners = QPainterPath()
            corners.addRect(0, 0, side, side)
            rounded = QPainterPath()
            radius = min(6.0, size / 5)
            rounded.addRoundedRect(QRectF(1, 1, size, size), radius, radius)
            painter = QPainter(frame)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(corners - rounded, colours.panel)
            painter.setPen(QPen(theme.mixed(colours.muted, colours.panel, 0.35), 1.0))
            painter.drawPath(rounded)
            painter.end()
            self._frames[key] = frame
        return frame

    # Texts

    def _paint_labels(self, painter: QPainter, snapshot: Snapshot) -> None:
        settings = snapshot.network.settings
        last = len(self.layout.rects) - 1
        painter.setFont(theme.figure_font(12))
        painter.setPen(theme.current().muted)
        middle = Qt.AlignmentFlag.AlignVCenter
        for layer, side in ((0, -1), (last, 1)):
            rects = self.layout.rects[layer]
            if rects[0].height() < 9:
                continue
            for index, rect in enumerate(rects):
                name = unit_name(settings, Unit(layer, index))
                if side < 0:
                    box = QRectF(rect.left() - 38, rect.top(), 30, rect.height())
                    painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, name)
                else:
                    box = QRectF(rect.right() + 8, rect.top(), 30, rect.height())
                    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, name)

    def _paint_legend(self, painter: QPainter, area: QRectF, limit: float) -> None:
        """Draw the colour scale of weights and biases with its ends, and the note on weights that are not drawn."""
        foot = QRectF(area.left(), area.bottom() - LEGEND_HEIGHT + 6, area.width(), LEGEND_HEIGHT - 6)
        n_weights = len(self.layout.edges)
        hidden = n_weights - len(self.drawn_edges)
        paint_diverging_scale(painter, foot, limit, "weights" if hidden else "weights and biases", roots=True)
        if hidden:
            note = f"the {len(self.drawn_edges)} strongest of {n_weights:,} are drawn, {hidden:,} are not"
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)

    def _paint_value(self, painter: QPainter, area: QRectF, snapshot: Snapshot, hovered: Unit | Edge) -> None:
        """Draw a label with the live value of what is under the mouse, beside it."""
        text = describe(snapshot, hovered)
        if isinstance(hovered, Unit):
            marked = self.layout.rect(hovered)
        else:
            marked = QRectF(self.layout.path(self.layout.number(hovered)).pointAtPercent(0.5), QSizeF())
        colours = theme.current()
        painter.setFont(theme.figure_font(12))
        metrics = QFontMetricsF(painter.font())
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 16, metrics.height() + 8)
        box.moveCenter(marked.center())
        box.moveLeft(max(area.left() + 1, min(box.left(), area.right() - box.width() - 1)))
        box.moveBottom(marked.top() - 7)
        if box.top() < area.top() + 1:
            box.moveTop(marked.bottom() + 9)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.panel)
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(colours.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_diverging_scale(
    painter: QPainter, area: QRectF, limit: float, text: str, *, roots: bool = False, strength: float = 1.0
) -> None:
    """Draw the diverging colours from -limit to limit into `area`, from its left, with the ends and a text.

    Parameters
    ----------
    roots : bool
        On the scale of :func:`weight_shades`.
    strength : float
        How much of the colours there is; the rest is the panel's.
    """
    colours = theme.current()
    painter.setFont(theme.figure_font(11))
    metrics = QFontMetricsF(painter.font())
    low, high = f"≤ −{limit:g}", f"≥ {limit:g}  {text}"
    bar = QRectF(area.left() + 8 + metrics.horizontalAdvance(low), area.center().y() - 4, 90, 8)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    values = np.linspace(-1.0, 1.0, 17)
    for value, shade in zip(values, weight_shades(values, 1.0) if roots else values, strict=True):
        colour = theme.mixed(colours.panel, colours.diverging_colour(float(shade), 1.0), strength)
        gradient.setColorAt((float(value) + 1.0) / 2.0, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(gradient))
    painter.drawRoundedRect(bar, 3, 3)
    painter.setPen(colours.muted)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, left, low)
    painter.drawText(area.adjusted(bar.right() - area.left() + 8, 0, 0, 0), left, high)


def _edge_colour(share: float) -> QColor:
    """Return the colour of a weight that is `share` of the scale's end, -1 to 1."""
    return theme.current().diverging_colour(float(weight_shades(np.float64(share), 1.0)), 1.0)


def _edge_width(share: float) -> float:
    """Return how wide a weight is drawn that is `share` of the scale's end.

    Notes
    -----
    Weak weights are exactly 1 wide: Qt draws that about ten times as fast as anything else.
    """
    return max(1.0, float(min(abs(share), 1.0) ** 0.75) * _THICKEST)


def _new_pixmap(size: QSizeF, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def describe(snapshot: Snapshot, part: Unit | Edge) -> str:
    """Return a neuron's or a weight's name and present value."""
    settings = snapshot.network.settings
    if isinstance(part, Edge):
        source = unit_name(settings, Unit(part.layer, part.source))
        target = unit_name(settings, Unit(part.layer + 1, part.target))
        return f"{source} → {target}   w = {snapshot.network.weights[part.layer][part.source, part.target]:.3f}"
    name = unit_name(settings, part)
    if part.layer == 0:
        return f"{name}   input, −6 to 6"
    return f"{name}   bias = {snapshot.network.biases[part.layer - 1][part.index]:.3f}"
