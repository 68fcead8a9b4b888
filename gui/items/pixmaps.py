"""Pixmaps: pictures that are drawn once and kept, with as many pixels for each unit as the screen has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap


def drawn_pixmap(
    size: QSizeF,
    ratio: float,
    draw: Callable[[QPainter], object],
    background: QColor | Qt.GlobalColor = Qt.GlobalColor.transparent,
) -> QPixmap:
    """Return a picture.

    Parameters
    ----------
    size : QSizeF
        In units of what it is shown on.
    ratio : float
        How many pixels there are for a unit.
    draw : callable
        Draws it, with an antialiasing painter.
    background : QColor or Qt.GlobalColor
    """
    pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(background)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        draw(painter)
    finally:
        painter.end()
    return pixmap
