"""The network of a run, drawn on a page: the diagram, and over each layer its activation."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.export.views import Scene
from gui.items.network_diagram import NetworkDiagram
from gui.theme import Theme, figure_font
from model import NetworkSettings
from model.network.activations import activation_label

_CAPTION_HEIGHT = 26
_WIDE_CAPTION_PITCH = 130.0


def paint_network(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the diagram, and over each layer its activation."""
    snapshot = scene.snapshot()
    diagram = NetworkDiagram(cached=False)
    diagram.paint(painter, area.adjusted(0, _CAPTION_HEIGHT, 0, 0), snapshot, theme)
    painter.setFont(figure_font(12, bold=True))
    painter.setPen(theme.text)
    metrics, columns = QFontMetricsF(painter.font()), diagram.layout.columns
    pitch = float(columns[1] - columns[0])
    captions = _captions(snapshot.network.settings, wide=pitch > _WIDE_CAPTION_PITCH)
    row = QRectF(area.left(), area.top(), area.width(), _CAPTION_HEIGHT - 4)
    if max(map(metrics.horizontalAdvance, captions)) > pitch - 4:
        shown = metrics.elidedText(_in_one_line(captions), Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignCenter, shown)
        return
    for x, text in zip(columns, captions, strict=True):
        width = metrics.horizontalAdvance(text) + 4
        left = min(max(float(x) - width / 2, area.left()), area.right() - width)
        painter.drawText(QRectF(left, row.top(), width, row.height()), Qt.AlignmentFlag.AlignCenter, text)


def _captions(settings: NetworkSettings, *, wide: bool) -> list[str]:
    """Return what stands over each layer."""
    activations = [*map(activation_label, (*settings.hidden_activations, settings.output_activation))]
    names = [*(f"hidden {index}" for index in range(1, len(activations))), "output"]
    layers = [f"{name} · {activation}" for name, activation in zip(names, activations, strict=True)]
    return ["input", *(layers if wide else activations)]


def _in_one_line(captions: list[str]) -> str:
    """Return what stands over all layers where each has no room for its own, such as "input → 9 × tanh → softmax"."""
    groups = [(text, len(list(same))) for text, same in groupby(captions)]
    return " → ".join(text if count == 1 else f"{count} × {text}" for text, count in groups)
