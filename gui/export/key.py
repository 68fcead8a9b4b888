"""The key of a still: which marker is which class, which line which loss, in as many rows as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.items.curve.key import SAMPLE_PX, key_lines
from gui.items.legend import LOSS_NAMES, LossLine, paint_loss_sample, paint_swatch, paint_values
from gui.theme import Theme, figure_font
from model import NetworkSettings
from model.data.dataset import TARGET_LIMIT, Dataset
from model.data.wording import amount_text, name_text

_TEXT_PX = 11
_ROW_HEIGHT, _TEXT_GAP, _ENTRY_GAP = 20.0, 5.0, 14.0
_SWATCH_WIDTH, _RING, _LINE_WIDTH = 18.0, 7.0, 22.0
_BAR_WIDTH, _BAR_TEXT = 90.0, 18.0
_BAR_SAMPLES = 400
_LONGEST_NAME = 100
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample and what it stands for.

    Attributes
    ----------
    text : str
    width : float
        Of the sample.
    paint : callable
        Draws it into an area as high as a row.
    """

    text: str
    width: float
    paint: Callable[[QPainter, QRectF], None]


def point_entries(dataset: Dataset, theme: Theme, *, bands: bool, test_points: bool) -> list[Entry]:
    """Return what explains colours and markers of points: classes or values, and that rings are test points.

    The height of a curve's points is seen.
    """
    entries = [_values_entry(dataset, theme, bands=bands)] if dataset.kind == "values" else []
    entries += [_class_entry(index, name, theme) for index, name in enumerate(dataset.class_names)]
    if test_points and dataset.n_test:
        entries.append(Entry("test points", 2 * _RING, lambda painter, area: _paint_ring(painter, area, theme)))
    return entries


def curve_entries(settings: NetworkSettings, theme: Theme, *, terms: bool) -> list[Entry]:
    """Return what tells the lines of a curve's picture apart."""
    return [Entry(line.text, SAMPLE_PX, line.paint) for line in key_lines(settings, theme, terms=terms)]


def loss_entries(lines: Sequence[LossLine], theme: Theme) -> list[Entry]:
    """Return what tells the curves of a loss apart."""
    return [_loss_entry(line, theme) for line in lines]


def _class_entry(index: int, name: str, theme: Theme) -> Entry:
    def paint(painter: QPainter, area: QRectF) -> None:
        paint_swatch(painter, area.adjusted(0, 2, 0, -2), index, theme)

    return Entry(name_text(name, _LONGEST_NAME), _SWATCH_WIDTH, paint)


def _values_entry(dataset: Dataset, theme: Theme, *, bands: bool) -> Entry:
    """Return the colours of values between the person's numbers at their ends, and what they are of."""
    axis = dataset.naming.value
    low, high = (amount_text(axis, end) for end in (-TARGET_LIMIT, TARGET_LIMIT))
    left = max(_BAR_TEXT, QFontMetricsF(figure_font(_TEXT_PX)).horizontalAdvance(low) + _TEXT_GAP)

    def paint(painter: QPainter, area: QRectF) -> None:
        bar = QRectF(area.left() + left, area.center().y() - 4, _BAR_WIDTH, 8)
        paint_values(painter, bar, theme, bands=bands, n_samples=_BAR_SAMPLES)
        painter.setPen(theme.muted)
        painter.drawText(area, _LEFT, low)

    return Entry(f"{high}  {name_text(axis.name, _LONGEST_NAME)}".rstrip(), left + _BAR_WIDTH, paint)


def _loss_entry(line: LossLine, theme: Theme) -> Entry:
    def paint(painter: QPainter, area: QRectF) -> None:
        paint_loss_sample(painter, QPointF(area.left(), area.center().y()), _LINE_WIDTH, line, theme)

    return Entry(LOSS_NAMES.get(line, "training with penalty"), _LINE_WIDTH, paint)


def run_entry(name: str, pen: QPen) -> Entry:
    """Return what names a pinned run by the pen of its lines."""

    def paint(painter: QPainter, area: QRectF) -> None:
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), area.center().y()), QPointF(area.right(), area.center().y()))

    return Entry(name, _LINE_WIDTH, paint)


def _paint_ring(painter: QPainter, area: QRectF, theme: Theme) -> None:
    painter.setBrush(theme.panel)
    painter.setPen(QPen(theme.muted, 1.6))
    painter.drawEllipse(area.center(), _RING / 2, _RING / 2)


class Key:
    """Entries in rows, as many in each as fit.

    Parameters
    ----------
    entries : sequence of Entry
    width : float
        The room. A text that is longer is cut.
    """

    def __init__(self, entries: Sequence[Entry], width: float) -> None:
        self._font = figure_font(_TEXT_PX)
        metrics = QFontMetricsF(self._font)
        self._placed: list[tuple[Entry, QPointF, str]] = []
        left = row = 0.0
        for entry in entries:
            room = width - entry.width - _TEXT_GAP
            text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
            needed = entry.width + _TEXT_GAP + metrics.horizontalAdvance(text)
            if left > 0 and left + needed > width:
                left, row = 0.0, row + _ROW_HEIGHT
            self._placed.append((entry, QPointF(left, row), text))
            left += needed + _ENTRY_GAP
        self.height = row + _ROW_HEIGHT if entries else 0.0

    def paint(self, painter: QPainter, place: QPointF, theme: Theme) -> None:
        """Draw it, its upper left corner at a place."""
        for entry, offset, text in self._placed:
            area = QRectF(place + offset, place + offset + QPointF(entry.width, _ROW_HEIGHT))
            painter.setFont(self._font)
            entry.paint(painter, area)
            painter.setPen(theme.muted)
            box = QRectF(area.right() + _TEXT_GAP, area.top(), 2000.0, _ROW_HEIGHT)
            painter.drawText(box, _LEFT, text)
