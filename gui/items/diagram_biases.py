"""BiasPainter: draws the biases of a diagram as dots."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from gui.items.pixmaps import drawn_pixmap
from gui.theme import Theme

_LARGEST_RADIUS, _RADIUS_SHARE, _BORDER = 5.0, 0.2, 1.2


class BiasPainter:
    """Draws dots in the colours of biases, and keeps a picture of each that there was.

    Parameters
    ----------
    cached : bool
        Whether pictures are kept; otherwise dots stay circles.
    """

    def __init__(self, *, cached: bool) -> None:
        self._cached = cached
        self._dots: dict[tuple[int, float, float], QPixmap] = {}

    def forget(self) -> None:
        """Forget the pictures: there is another size, or another theme."""
        self._dots.clear()

    def paint(
        self,
        painter: QPainter,
        places: Sequence[QPointF],
        unit_width: float,
        colours: Sequence[int],
        ratio: float,
        theme: Theme,
    ) -> None:
        """Draw the biases of a layer.

        Parameters
        ----------
        places : sequence of QPointF
            The middle of each.
        unit_width : float
            How wide the neurons are.
        colours : sequence of int
            0xffRRGGBB.
        ratio : float
            Pixels of a kept picture for one of the painter's units.
        theme : Theme
        """
        radius = min(_LARGEST_RADIUS, _RADIUS_SHARE * unit_width)
        if not self._cached:
            for place, colour in zip(places, colours, strict=True):
                _paint_dot(painter, place, radius, colour, theme)
            return
        corner = QPointF(1, 1) * (radius + _BORDER)
        for place, colour in zip(places, colours, strict=True):
            painter.drawPixmap(place - corner, self._dot(colour, radius, ratio, theme))

    def _dot(self, colour: int, radius: float, ratio: float, theme: Theme) -> QPixmap:
        key = (colour, radius, ratio)
        dot = self._dots.get(key)
        if dot is None:
            middle = radius + _BORDER

            def draw(painter: QPainter) -> None:
                _paint_dot(painter, QPointF(middle, middle), radius, colour, theme)

            dot = self._dots[key] = drawn_pixmap(QSizeF(2 * middle, 2 * middle), ratio, draw)
        return dot


def _paint_dot(painter: QPainter, place: QPointF, radius: float, colour: int, theme: Theme) -> None:
    painter.setPen(QPen(theme.panel, _BORDER))
    painter.setBrush(QColor.fromRgb(colour))
    painter.drawEllipse(place, radius, radius)
