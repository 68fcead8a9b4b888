"""What the diagram shows of the probe point: its place on each map or curve, and beside each map the neuron's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap, QStaticText

from gui.document.probe import ProbePoint
from gui.items.curve.boxes import place_on_curve
from gui.items.diagram_layout import DiagramLayout
from gui.items.pixmaps import drawn_pixmap, on_pixels
from gui.items.probe_mark import mark_reach, paint_probe_mark, place_on_map
from gui.theme import Theme, figure_font
from model.types import FloatArray, readable

_LARGEST_PX, _SMALLEST_PX = 11, 10
_LEAST_GAP, _ROOMY_GAP = 10.0, 14.0
"""Between two maps, one above the other, in which there is just room for a small value, and easily for a usual one."""

_LEAST_PITCH, _LEAST_WAY = 13.0, 54.0
"""With less between neurons or layers there is no room beside a map either."""

_SMALLEST_MARKED = 10.0
_BIAS_PX = 7.0
_FRAME_PX = 4.0
"""How far the frame of a selected neuron reaches beyond its map."""

_NAME_PX = 24.0
_MOST_TEXTS = 4000


@dataclass(frozen=True, slots=True, eq=False)
class ShownProbe:
    """The probe point as the diagram shows it.

    Attributes
    ----------
    point : ProbePoint
    values : list of ndarray of shape (n_units,)
        What each neuron says there, the input layer first.
    probabilities : ndarray of shape (n_classes,) or None
        None in a regression.
    """

    point: ProbePoint
    values: list[FloatArray]
    probabilities: FloatArray | None

    def text(self, layer: int, index: int) -> str:
        """Return a neuron's value in a few characters; of an output that stands for a class, the probability."""
        if self.probabilities is not None and layer == len(self.values) - 1:
            return f"{self.probability(index):.1%}"
        return short_number(float(self.values[layer][index]))

    def probability(self, index: int) -> float:
        """Return the probability of the class that an output stands for; a single one stands for the second."""
        assert self.probabilities is not None
        return float(self.probabilities[1 if len(self.values[-1]) == 1 else index])


def short_number(value: float) -> str:
    """Return a number in at most six characters."""
    size = abs(value)
    if size >= 9999.5 or 0 < size < 0.005:
        return readable(f"{value:.0e}")
    return readable(f"{value:.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}")


class ProbePainter:
    """Draws marks and values; keeps the pictures and texts that it has drawn."""

    def __init__(self) -> None:
        self._marks: dict[tuple[float, float], QPixmap] = {}
        self._texts: dict[tuple[int, str], tuple[QStaticText, float]] = {}

    def forget(self) -> None:
        """Forget what was drawn in other colours."""
        self._marks.clear()

    def paint(
        self,
        painter: QPainter,
        layout: DiagramLayout,
        shown: ShownProbe,
        ratio: float,
        theme: Theme,
        tops: Sequence[Sequence[float]] | None = None,
    ) -> None:
        """Draw the values and, of a pinned point, the marks.

        Parameters
        ----------
        tops : sequence of sequence of float, optional
            Where neurons have curves and not maps: for each layer what the upper edge of each neuron's box stands for.
        """
        if shown.point.is_pinned:
            self._paint_marks(painter, layout, shown, ratio, theme, tops)
        self._paint_values(painter, layout, shown, theme)

    def _paint_marks(
        self,
        painter: QPainter,
        layout: DiagramLayout,
        shown: ShownProbe,
        ratio: float,
        theme: Theme,
        tops: Sequence[Sequence[float]] | None,
    ) -> None:
        """Mark the point on every map, or every curve, that is large enough for it."""
        place = shown.point.place
        with on_pixels(painter) as to_pixels:
            for layer, rects in enumerate(layout.rects):
                if rects[0].width() < _SMALLEST_MARKED:
                    continue
                mark = self._mark(min(0.08 * rects[0].width(), 3.5), ratio, theme)
                half = QPoint(mark.width() // 2, mark.height() // 2)
                values = shown.values[layer].tolist()
                for index, rect in enumerate(rects):
                    if tops is None:
                        centre = place_on_map(rect, place)
                    else:
                        centre = place_on_curve(rect, place[0], values[index], tops[layer][index])
                    painter.drawPixmap(to_pixels.map(centre).toPoint() - half, mark)

    def _mark(self, radius: float, ratio: float, theme: Theme) -> QPixmap:
        """Return a picture of the mark, in pixels of the device."""
        if (radius, ratio) not in self._marks:
            middle = ceil(mark_reach(radius) * ratio)

            def draw(own: QPainter) -> None:
                own.scale(ratio, ratio)
                paint_probe_mark(own, QPointF(middle, middle) / ratio, radius, theme)

            self._marks[radius, ratio] = drawn_pixmap(QSizeF(2 * middle, 2 * middle), 1.0, draw)
        return self._marks[radius, ratio]

    def _paint_values(self, painter: QPainter, layout: DiagramLayout, shown: ShownProbe, theme: Theme) -> None:
        """Write each neuron's value below its map, where that is narrow rather beside it; without room nothing."""
        last = len(layout.rects) - 1
        for layer, rects in enumerate(layout.rects):
            pitch = rects[1].top() - rects[0].top() if len(rects) > 1 else layout.area.height()
            gap = pitch - rects[0].height()
            end = layout.area.right() - _NAME_PX if layer == last else rects[0].left() + layout.column_pitch
            way = end - rects[0].right()
            is_beside = gap < _ROOMY_GAP and pitch >= _LEAST_PITCH and way >= _LEAST_WAY
            if gap < _LEAST_GAP and not is_beside:
                continue
            size = _LARGEST_PX if gap >= _ROOMY_GAP else _SMALLEST_PX
            font = figure_font(size)
            metrics = QFontMetricsF(font)
            ascent, height = metrics.ascent(), metrics.capHeight()
            painter.setFont(font)
            painter.setPen(theme.text)
            for index, rect in enumerate(rects):
                text, width = self._text(shown.text(layer, index), size, metrics)
                if not is_beside:
                    # There is a bias at the lower left, but of an input, which may have little room at its right.
                    x = rect.right() - width if layer == 0 else max(rect.right() - width, rect.left() + _BIAS_PX)
                    top = rect.bottom() + min(max((gap - height) / 2, 1.0), 4.0)
                else:
                    x = rect.right() + (_NAME_PX if layer == last else _FRAME_PX + 1.0)
                    top = rect.center().y() - height / 2
                    painter.fillRect(QRectF(x - 1, top - 2, width + 3, height + 4), theme.panel)
                painter.drawStaticText(QPointF(x, top + height - ascent), text)

    def _text(self, text: str, size: int, metrics: QFontMetricsF) -> tuple[QStaticText, float]:
        """Return a text ready to be drawn, and its width; the same ones come again and again."""
        key = (size, text)
        if key not in self._texts:
            if len(self._texts) >= _MOST_TEXTS:
                self._texts.clear()
            self._texts[key] = QStaticText(text), metrics.horizontalAdvance(text)
        return self._texts[key]
