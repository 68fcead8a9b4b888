"""NetworkCard: the diagram of an animation's pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.settings import PANEL_NAMES
from gui.items.network_diagram import NetworkDiagram
from gui.items.pixmaps import KeptPixmap
from gui.theme import figure_font
from model import NetworkSettings
from model.network.activations import activation_label
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot

_NAME_HEIGHT, _NAME_PX, _NAME_GAP = 20.0, 12, 6.0
_MOST_ENLARGED = 1.6


class NetworkCard(Card):
    """The diagram, with the name of each layer above it."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        self._diagram = NetworkDiagram(most_enlarged=_MOST_ENLARGED)
        self._names = KeptPixmap()

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title; the network may change its shape."""
        paint_panel_title(painter, self.header, PANEL_NAMES["network"], self.run.theme)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the network with its weights and maps."""
        area = self.body.adjusted(0, _NAME_HEIGHT, 0, 4)
        limits = self.run.limits
        self._diagram.paint(
            painter,
            area,
            snapshot,
            self.run.theme,
            limits=limits.at(frame.time),
            strengths=limits.strengths(frame.network.layer_sizes),
        )
        row = QRectF(self.body.left(), self.body.top(), self.body.width(), _NAME_HEIGHT)
        self._names.paint(painter, row, frame.network, lambda on: self._paint_names(on, row, frame.network))

    def _paint_names(self, painter: QPainter, row: QRectF, settings: NetworkSettings) -> None:
        painter.setFont(figure_font(_NAME_PX))
        painter.setPen(self.run.theme.muted)
        activations = (*settings.hidden_activations, settings.output_activation)
        names = ["input", *map(activation_label, activations)]
        for box, text in _placed(names, self._diagram.layout.columns, row, QFontMetricsF(painter.font())):
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _placed(
    names: Sequence[str], columns: Sequence[float], row: QRectF, metrics: QFontMetricsF
) -> list[tuple[QRectF, str]]:
    """Return where in a row the names of layers stand: above their columns, as far as they have room beside each other.

    At the ends they move aside, to have what is left by the row and by the name beside them.
    """
    widths = [metrics.horizontalAdvance(name) for name in names]
    half = (columns[1] - columns[0] - _NAME_GAP) / 2
    spans = [(x - half, x + half) for x in columns]
    if len(names) > 2:
        beside = [width / 2 if width <= 2 * half else 0.0 for width in (widths[1], widths[-2])]
        spans[0] = row.left(), columns[1] - beside[0] - _NAME_GAP
        spans[-1] = columns[-2] + beside[1] + _NAME_GAP, row.right()
    else:
        spans = [(row.left(), columns[0] + half), (columns[1] - half, row.right())]
    boxes = []
    for text, x, width, (left, right) in zip(names, columns, widths, spans, strict=True):
        if width <= right - left:
            middle = min(max(x, left + width / 2), right - width / 2)
            boxes.append((QRectF(middle - width / 2 - 1, row.top(), width + 2, row.height()), text))
    return boxes
