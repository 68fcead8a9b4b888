"""The ring round what has the keyboard, as the style sheet draws it round buttons and fields."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.theme import Theme

RING_PX = 2.0
_RADIUS = 3.0


def paint_focus_ring(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Draw the ring along the inner side of an area."""
    inset = RING_PX / 2
    painter.setPen(QPen(theme.focus, RING_PX))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
