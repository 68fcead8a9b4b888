"""Legend: which marker is which class, which colour which value, which line which, beside a panel's title or below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.export.animation.headings import panel_title_width
from gui.items.curve.key import SAMPLE_PX, KeyLine
from gui.items.legend import paint_swatch, paint_values
from gui.items.pixmaps import KeptPixmap
from gui.theme import Theme, figure_font, mixed
from model.data.dataset import TARGET_LIMIT, Dataset
from model.data.wording import amount_text, name_text

LEGEND_HEIGHT = 23.0
"""Of a row."""

LEGEND_GAP = 14.0
"""Between a panel's title and the legend beside it."""

MOST_ROWS = 2

_PX = 12
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SWATCH, _RING, _NAME_GAP, _ENTRY_GAP = 16.0, 9.0, 4.0, 11.0
_BAR, _BAR_END, _BAR_GAP = 84.0, 24.0, 5.0
_VALUE_SAMPLES = 400
_FEWEST_CHARACTERS = 2
_SHORTENED = (90.0, 60.0, 36.0)
_VALUES, _TEST, _LINES = -1, -2, -3
"""What stands in the place of a class; of several lines the first, which the others follow downwards."""

_TEST_NAME = "test"


@dataclass(frozen=True, slots=True)
class Legend:
    """Which colour and marker is which class, or which colour is which value, and what lines and hollow points are.

    Attributes
    ----------
    names : tuple of str
        Of the classes; none: values, or the points of a curve.
    has_test : bool
        Whether there are test points.
    ends : tuple of str, optional
        What is written on both sides of the colours that stand for values, if they do.
    lines : tuple of KeyLine
        The lines of a curve's picture.
    """

    names: tuple[str, ...]
    has_test: bool
    ends: tuple[str, str] | None = None
    lines: tuple[KeyLine, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset, *, test_points: bool) -> Legend:
        """Return the legend of points, in the names and units of the person whose they are."""
        names, axis = tuple(map(name_text, dataset.class_names)), dataset.naming.value
        low, high = (amount_text(axis, end) for end in (-TARGET_LIMIT, TARGET_LIMIT))
        ends = (low, f"{high}  {name_text(axis.name)}".rstrip()) if dataset.kind == "values" else None
        return cls(names, test_points and bool(dataset.is_test.any()), ends)

    def n_rows(self, width: float) -> int:
        """Return how many rows of a width it takes with whole names."""
        return len(self._rows(width))

    def _entries(self) -> Iterator[tuple[int, float]]:
        """Yield what there is to explain, a class or something else, and how wide its explanation is."""
        metrics = QFontMetricsF(figure_font(_PX))
        for index, name in enumerate(self.names):
            yield index, _SWATCH + _NAME_GAP + metrics.horizontalAdvance(name)
        if self.ends is not None:
            yield _VALUES, _BAR + sum(self._end_widths)
        for number, line in enumerate(self.lines):
            yield _LINES - number, SAMPLE_PX + _NAME_GAP + metrics.horizontalAdvance(line.text)
        if self.has_test:
            yield _TEST, _RING + _NAME_GAP + metrics.horizontalAdvance(_TEST_NAME)

    @property
    def _end_widths(self) -> tuple[float, float]:
        """How wide what is written on both sides of the colours is, with a gap."""
        metrics = QFontMetricsF(figure_font(_PX))
        low, high = (max(metrics.horizontalAdvance(end) + _BAR_GAP, _BAR_END) for end in self.ends or ("", ""))
        return low, high

    def _rows(self, width: float) -> list[list[tuple[int, float]]]:
        rows: list[list[tuple[int, float]]] = []
        left = width + 1.0
        for entry, needed in self._entries():
            if left + needed > width:
                rows.append([])
                left = 0.0
            rows[-1].append((entry, needed))
            left += needed + _ENTRY_GAP
        return rows

    def paint(self, painter: QPainter, area: QRectF, theme: Theme, *, bands: bool) -> None:
        """Draw it at the right end of an area; what has no room is shortened, or left out.

        Parameters
        ----------
        area : QRectF
            One or more rows.
        bands : bool
            Whether values have one colour between two contour lines.
        """
        most_rows = max(int(area.height() // LEGEND_HEIGHT), 1)
        legend = self._fitted(area.width(), most_rows)
        if legend is None or not legend._rows(area.width()):
            return
        painter.setFont(figure_font(_PX))
        rows = legend._rows(area.width())
        height = area.height() / len(rows)
        for number, row in enumerate(rows):
            left = area.right() - sum(width for _, width in row) - _ENTRY_GAP * (len(row) - 1)
            for entry, width in row:
                box = QRectF(left, area.top() + number * height, width + 2, height)
                legend._paint_entry(painter, box, entry, theme, bands=bands)
                left += width + _ENTRY_GAP

    def _fitted(self, width: float, most_rows: int) -> Legend | None:
        """Return it with names as there is room for: whole, shortened alike, or how they begin; None: for nothing."""
        metrics = QFontMetricsF(figure_font(_PX))
        initials = tuple(name[:_FEWEST_CHARACTERS] for name in self.names)
        shortened = (
            tuple(metrics.elidedText(name, Qt.TextElideMode.ElideRight, most) for name in self.names)
            for most in _SHORTENED
        )
        for names in (self.names, *shortened, initials):
            legend = replace(self, names=names)
            if legend._has_room(width, most_rows):
                return legend
        bare = replace(self, names=initials, has_test=False)
        if self.ends is not None:
            # The ends without what they are of.
            bare = replace(bare, ends=(self.ends[0], self.ends[1].split("  ")[0]))
        for legend in (bare, replace(bare, lines=bare.lines[:1])):
            if legend._has_room(width, most_rows):
                return legend
        return None

    def _has_room(self, width: float, most_rows: int) -> bool:
        return len(self._rows(width)) <= most_rows and all(needed <= width for _, needed in self._entries())

    def _paint_entry(self, painter: QPainter, box: QRectF, entry: int, theme: Theme, *, bands: bool) -> None:
        left, middle = box.left(), box.center().y()
        if entry == _VALUES:
            low, high = self._end_widths
            bar = QRectF(left + low, middle - 5, _BAR, 10)
            paint_values(painter, bar, theme, bands=bands, n_samples=_VALUE_SAMPLES)
            painter.setPen(theme.muted)
            texts = self.ends or ("", "")
            painter.drawText(QRectF(left, box.top(), low - _BAR_GAP, box.height()), _RIGHT, texts[0])
            painter.drawText(QRectF(bar.right() + _BAR_GAP, box.top(), high, box.height()), _LEFT, texts[1])
            return
        if entry <= _LINES:
            line = self.lines[_LINES - entry]
            line.paint(painter, QRectF(left, box.top(), SAMPLE_PX, box.height()))
            name, sign = line.text, SAMPLE_PX
        elif entry == _TEST:
            painter.setPen(QPen(mixed(theme.muted, theme.text, 0.3), 1.8))
            painter.setBrush(theme.panel)
            painter.drawEllipse(QPointF(left + _RING / 2, middle), _RING / 2 - 0.9, _RING / 2 - 0.9)
            name, sign = _TEST_NAME, _RING
        else:
            paint_swatch(painter, QRectF(left, middle - 8, _SWATCH, 16), entry, theme)
            name, sign = self.names[entry], _SWATCH
        painter.setPen(theme.muted)
        painter.drawText(box.adjusted(sign + _NAME_GAP, 0, 0, 0), _LEFT, name)


class LegendBeside:
    """Draws a legend beside a panel's title, where one row has room for all of it.

    Parameters
    ----------
    header : QRectF
        The row of the title.
    title : str
    """

    def __init__(self, header: QRectF, title: str) -> None:
        left = header.left() + panel_title_width(title) + LEGEND_GAP
        self._row = QRectF(left, header.top(), header.right() - left, header.height())
        self._kept = KeptPixmap()

    def paint(self, painter: QPainter, legend: Legend, theme: Theme, *, bands: bool) -> None:
        """Draw it, anew only where it is another."""
        if legend.n_rows(self._row.width()) == 1:
            self._kept.paint(painter, self._row, legend, lambda on: legend.paint(on, self._row, theme, bands=bands))
