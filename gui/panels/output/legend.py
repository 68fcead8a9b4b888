"""What stands below the output: which colour and marker is which class, which colour which value, which line which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.curve.key import SAMPLE_PX, key_lines
from gui.items.legend import paint_diverging_scale, paint_swatch, paint_values
from gui.items.map_scales import scale_ends
from gui.items.plot_axes import elided, even_ticks
from gui.items.surface_item import STRENGTH
from gui.program.guard import guarded
from gui.theme import Theme
from gui.widgets.page import begin_page, page_of
from gui.widgets.texts import as_tip
from model import Dataset
from model.data.dataset import TARGET_LIMIT
from model.data.wording import value_name
from model.network.parts import Unit, exists, unit_name
from model.run.snapshot import Snapshot

_MOST_ROWS = 2
_LEGEND_ROW_PX, _LEGEND_COLUMN_PX = 20, 38
_SWATCH_PX, _ENTRY_GAP_PX, _TEXT_PX = 22.0, 10.0, 11
_LONGEST_PX = (1000.0, 120.0, 90.0, 60.0, 40.0, 24.0)
"""How long names may be; the first of these with which two rows are enough counts."""

_WIDEST_VALUE_PX = 90.0
_SCALE_HEIGHT_PX, _SCALE_WIDTH_PX = 28, 170
_KEY_GAP_PX = 4.0


class Legend(QWidget):
    """Says which colour and marker is which class, which colour is which value, or what the lines of a curve are."""

    def __init__(self, run: LiveRun, changes: Changes, view: View) -> None:
        super().__init__()
        self._run, self._view = run, view
        theme.measure(self, least_width=120)
        self.setAccessibleName("Legend")
        self._unit: Unit | None = None
        self._placed: list[_Entry] = []
        changes.dataset_changed.connect(self._synchronize)
        run.moment_changed.connect(self._synchronize)
        theme.manager().changed.connect(self.update)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        """Take as many rows as the names of the classes need; what is cut is whole in the tip."""
        names = self._run.shown_dataset.class_names
        self._placed = _placed(names, page_of(self).width())
        rows = self._placed[-1].row + 1 if self._placed else 0
        theme.measure(self, height=_SCALE_HEIGHT_PX if rows == 0 else rows * _LEGEND_ROW_PX)
        is_cut = any(entry.text != name for entry, name in zip(self._placed, names, strict=True))
        self.setToolTip(as_tip("\n".join(names)) if is_cut else "")
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the names of the classes anew."""
        super().resizeEvent(event)
        self._synchronize()

    def explain(self, unit: Unit | None) -> None:
        """Explain the colours of a neuron's map; None: those of the network's answer."""
        if unit is not None or self._unit is not None:
            self._unit = unit
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scale of a neuron's map or of the value, the lines of a curve, or a swatch for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin_page(painter, self)
        painter.setFont(theme.figure_font(_TEXT_PX))
        snapshot, colours = self._run.displayed, theme.current()
        if self._unit is not None and exists(snapshot.network.settings, self._unit):
            self._paint_unit(painter, snapshot, self._unit, colours)
        elif snapshot.curve is not None and self._view.settings.shows != "hidden":
            self._paint_lines(painter, snapshot, colours)
        elif self._run.shown_dataset.is_regression:
            self._paint_values(painter, self._run.shown_dataset, colours)
        else:
            self._paint_classes(painter, colours)
        painter.end()

    def _paint_unit(self, painter: QPainter, snapshot: Snapshot, unit: Unit, colours: Theme) -> None:
        settings = snapshot.network.settings
        name = unit_name(settings, unit, snapshot.moment.dataset)
        if unit.layer == len(settings.layer_sizes) - 1:
            painter.setPen(colours.muted)
            painter.drawText(page_of(self), Qt.AlignmentFlag.AlignVCenter, f"output {name}: the fuller, the likelier")
        else:
            ends = scale_ends(snapshot, unit)
            paint_diverging_scale(painter, page_of(self), ends, (name,), colours, strength=STRENGTH)

    def _paint_values(self, painter: QPainter, dataset: Dataset, colours: Theme) -> None:
        """Draw the diverging scale as the surface shows it, with ticks in the person's units."""
        metrics, axis = QFontMetricsF(painter.font()), dataset.naming.value
        name = metrics.elidedText(value_name(dataset), Qt.TextElideMode.ElideRight, _WIDEST_VALUE_PX)
        room = metrics.horizontalAdvance(name)
        left = max(20.0, room + 16.0)
        bar = QRectF(left, 3, min(page_of(self).width() - left - 14, _SCALE_WIDTH_PX), 9)
        n_samples = round(bar.width() * painter.deviceTransform().m11())
        paint_values(painter, bar, colours, bands=self._view.settings.regions, n_samples=n_samples)
        painter.setPen(colours.muted)
        painter.drawText(QRectF(0, 0, room + 2, 15), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.figure_font(10))
        for share, text in even_ticks(-TARGET_LIMIT, TARGET_LIMIT, bar.width(), axis):
            x = bar.left() + share * bar.width()
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
            painter.drawText(QRectF(x - 30, bar.bottom() + 3, 60, 13), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lines(self, painter: QPainter, snapshot: Snapshot, colours: Theme) -> None:
        """Draw a sample of each line of a curve's picture with what it stands for, in few words if there is no room."""
        lines = key_lines(snapshot.network.settings, colours, terms=self._view.settings.terms)
        metrics, apart = QFontMetricsF(painter.font()), SAMPLE_PX + 4 * _KEY_GAP_PX
        texts = [line.text for line in lines]
        if sum(metrics.horizontalAdvance(text) + apart for text in texts) > page_of(self).width():
            texts = [line.short for line in lines]
        left = 1.0
        for line, text in zip(lines, texts, strict=True):
            line.paint(painter, QRectF(left, 0, SAMPLE_PX, page_of(self).height()))
            painter.setPen(colours.muted)
            box = QRectF(left + SAMPLE_PX + _KEY_GAP_PX, 0, page_of(self).width(), page_of(self).height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            left += metrics.horizontalAdvance(text) + apart

    def _paint_classes(self, painter: QPainter, colours: Theme) -> None:
        for index, entry in enumerate(self._placed):
            y = entry.row * _LEGEND_ROW_PX
            paint_swatch(painter, QRectF(entry.left, y + 2, 18, 16), index, colours)
            painter.setPen(colours.muted)
            painter.drawText(QPointF(entry.left + _SWATCH_PX, y + 15), entry.text)


class _Entry(NamedTuple):
    """Where a class's name is, and what is seen of it."""

    text: str
    left: float
    row: int


def _placed(names: Sequence[str], width: float) -> list[_Entry]:
    """Return the names of classes one after the other, as long as two rows have room for them."""
    metrics = QFontMetricsF(theme.figure_font(_TEXT_PX))
    placed: list[_Entry] = []
    for longest in _LONGEST_PX:
        placed = []
        left, row = 0.0, 0
        for name in names:
            text = elided(name, metrics, min(longest, width - _SWATCH_PX))
            needed = max(_SWATCH_PX + metrics.horizontalAdvance(text) + _ENTRY_GAP_PX, _LEGEND_COLUMN_PX)
            if left > 0 and left + needed - _ENTRY_GAP_PX > width:
                left, row = 0.0, row + 1
            placed.append(_Entry(text, left, row))
            left += needed
        if row < _MOST_ROWS:
            break
    return placed
