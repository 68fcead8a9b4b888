"""NetworkCard: the diagram of an animation's pictures."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.settings import PANEL_NAMES
from gui.items.network_diagram import NetworkDiagram
from gui.items.pixmaps import KeptPixmap
from gui.theme import figure_font
from model import NetworkSettings
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot

_NAME_HEIGHT, _NAME_PX = 20.0, 12
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
        metrics, layout = QFontMetricsF(painter.font()), self._diagram.layout
        for column, text in enumerate(["input", *settings.hidden_activations, settings.output_activation]):
            width = metrics.horizontalAdvance(text)
            if width <= layout.column_pitch - 6:
                # At the ends it moves aside, to stay on the card.
                x = min(max(layout.columns[column], row.left() + width / 2), row.right() - width / 2)
                box = QRectF(x - width / 2 - 1, row.top(), width + 2, row.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
