"""Headings: titles, captions, and the legend of classes and values beside a panel's title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from gui.export.animation.texts import FittedText, fit_text
from gui.items.legend import paint_swatch, paint_values
from gui.theme import Theme, figure_font, mixed
from model.data.dataset import Dataset, class_name

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE
_TITLE_PX, _CAPTION_PX, _PANEL_PX, _LEGEND_PX = 22, 15, 12, 12
_LEAST_LINE_PX = 16
_SIDE = 4.0
_VALUE_SAMPLES = 400
_SWATCH, _RING, _NAME_GAP, _ENTRY_GAP = 16.0, 9.0, 4.0, 11.0
_BAR, _BAR_END = 84.0, 24.0
_TEST = "test"


def fitted_title(text: str, width: float, *, most_lines: int) -> FittedText:
    """Return the title of the animation for a row of this width, in one line if it need not get much smaller."""
    line = fit_text(text, width - 2 * _SIDE, _TITLE_PX, most_lines=1, bold=True)
    if len(line.lines) < 2 and line.px >= _LEAST_LINE_PX:
        return line
    return fit_text(text, width - 2 * _SIDE, _TITLE_PX, most_lines=most_lines, bold=True)


def fitted_caption(text: str, width: float, *, most_lines: int) -> FittedText:
    """Return the text below the picture for a row of this width."""
    return fit_text(text, width - 2 * _SIDE, _CAPTION_PX, most_lines=most_lines)


def paint_heading(painter: QPainter, row: QRectF, text: FittedText, theme: Theme) -> None:
    """Draw a title or a caption into its row."""
    text.paint(painter, row.adjusted(_SIDE, 0, -_SIDE, 0), theme.text if text.bold else theme.muted)


def paint_panel_title(painter: QPainter, row: QRectF, text: str, theme: Theme) -> float:
    """Draw the name of a panel in capitals; return where it ends."""
    painter.setFont(_panel_font())
    painter.setPen(theme.muted)
    painter.drawText(row, _LEFT, text.upper())
    return row.left() + panel_title_width(text)


def panel_title_width(text: str) -> float:
    """Return how wide the name of a panel is."""
    return QFontMetricsF(_panel_font()).horizontalAdvance(text.upper())


def _panel_font() -> QFont:
    font = figure_font(_PANEL_PX, bold=True)
    font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
    return font


@dataclass(frozen=True, slots=True)
class Legend:
    """Which colour and marker is which class, or which colour is which value, and what hollow points are.

    Attributes
    ----------
    names : tuple of str
        Of the classes; none: values.
    has_test : bool
        Whether there are test points.
    """

    names: tuple[str, ...]
    has_test: bool

    @classmethod
    def of(cls, dataset: Dataset, class_names: Sequence[str], *, test_points: bool) -> Legend:
        """Return the legend of points; classes without a name have letters."""
        n_classes = 0 if dataset.is_regression else dataset.n_classes
        names = (*class_names[:n_classes], *map(class_name, range(len(class_names), n_classes)))
        return cls(names, test_points and bool(dataset.is_test.any()))

    @property
    def width(self) -> float:
        """How wide it is with whole names."""
        return self._width(self.names) + self._test_width()

    def _width(self, names: Sequence[str]) -> float:
        if not names:
            return _BAR + 2 * _BAR_END
        metrics = _legend_metrics()
        return sum(_SWATCH + _NAME_GAP + metrics.horizontalAdvance(name) + _ENTRY_GAP for name in names) - _ENTRY_GAP

    def _test_width(self) -> float:
        return _ENTRY_GAP + _RING + _NAME_GAP + _legend_metrics().horizontalAdvance(_TEST) if self.has_test else 0.0

    def paint(self, painter: QPainter, row: QRectF, theme: Theme, *, bands: bool) -> None:
        """Draw it at the right end of a row; what has no room is shortened, or left out.

        Parameters
        ----------
        bands : bool
            Whether values have one colour between two contour lines.
        """
        names = self._fitted(row.width() - self._test_width())
        width = self._width(names) + self._test_width()
        if width > row.width():
            if self.has_test:
                Legend(self.names, False).paint(painter, row, theme, bands=bands)
            return
        left, middle = row.right() - width, row.center().y()
        painter.setFont(figure_font(_LEGEND_PX))
        metrics = QFontMetricsF(painter.font())
        for index, name in enumerate(names):
            paint_swatch(painter, QRectF(left, middle - 8, _SWATCH, 16), index, theme)
            painter.setPen(theme.muted)
            left += _SWATCH + _NAME_GAP
            width = metrics.horizontalAdvance(name)
            painter.drawText(QRectF(left, row.top(), width + 2, row.height()), _LEFT, name)
            left += width + _ENTRY_GAP
        if not names:
            bar = QRectF(left + _BAR_END, middle - 5, _BAR, 10)
            paint_values(painter, bar, theme, bands=bands, n_samples=_VALUE_SAMPLES)
            painter.setPen(theme.muted)
            painter.drawText(QRectF(left, row.top(), _BAR_END - 5, row.height()), _RIGHT, "−1")
            painter.drawText(QRectF(bar.right() + 5, row.top(), _BAR_END, row.height()), _LEFT, "1")
            left = bar.right() + _BAR_END + _ENTRY_GAP
        if self.has_test:
            painter.setPen(QPen(mixed(theme.muted, theme.text, 0.3), 1.8))
            painter.setBrush(theme.panel)
            painter.drawEllipse(QPointF(left + _RING / 2, middle), _RING / 2 - 0.9, _RING / 2 - 0.9)
            painter.setPen(theme.muted)
            painter.drawText(QRectF(left + _RING + _NAME_GAP, row.top(), 60, row.height()), _LEFT, _TEST)

    def _fitted(self, room: float) -> tuple[str, ...]:
        """Return the names as there is room for them: whole, shortened alike, or letters."""
        if self._width(self.names) <= room or not self.names:
            return self.names
        metrics = _legend_metrics()
        of_each = (room + _ENTRY_GAP) / len(self.names) - _SWATCH - _NAME_GAP - _ENTRY_GAP
        shortened = tuple(metrics.elidedText(name, Qt.TextElideMode.ElideRight, of_each) for name in self.names)
        # A name of which next to nothing would be left gives way to its letter.
        return tuple(
            class_name(index) if len(name) < 3 and name != self.names[index] else name
            for index, name in enumerate(shortened)
        )


def _legend_metrics() -> QFontMetricsF:
    return QFontMetricsF(figure_font(_LEGEND_PX))
