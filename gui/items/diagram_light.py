"""Light on a part of the diagram: what is not at work steps back."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from gui.items.diagram_layout import DiagramLayout
from gui.theme import Theme
from model.walk.pages import Lit

_FADED = 0.82
"""How much of the panel's colour lies over what is not lit."""

_MARGIN, _BELOW = 6.0, 14.0
"""How far stands out what belongs to a neuron: on either side of it, as its bias does, and below it, as its value."""


def paint_light(painter: QPainter, layout: DiagramLayout, lit: Lit, theme: Theme) -> None:
    """Draw a veil over the layers of neurons, and over the weights between two layers, that are not lit."""
    veil = QColor(theme.panel)
    veil.setAlphaF(_FADED)
    for strip in _unlit_strips(layout, lit):
        painter.fillRect(strip, veil)


def _unlit_strips(layout: DiagramLayout, lit: Lit) -> Iterator[QRectF]:
    """Yield upright strips that neither overlap nor leave a gap, whole pixels wide."""
    area, last = layout.area, len(layout.rects) - 1
    left, height = area.left(), area.height() + _BELOW
    for layer, rects in enumerate(layout.rects):
        right = area.right() if layer == last else round(rects[0].right() + _MARGIN)
        if layer not in lit.layers:
            yield QRectF(left, area.top(), right - left, height)
        if layer == last:
            return
        left = round(layout.rects[layer + 1][0].left() - _MARGIN)
        if layer not in lit.weights:
            yield QRectF(right, area.top(), left - right, height)
