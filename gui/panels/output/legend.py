"""What stands below the output: which colour and marker is which class, which colour which value, which line which."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.curve.key import SAMPLE_PX, key_lines
from gui.items.legend import paint_diverging_scale, paint_swatch, paint_values
from gui.items.map_scales import scale_ends
from gui.items.surface_item import STRENGTH
from gui.program.guard import guarded
from gui.theme import Theme
from model.data.dataset import class_name
from model.network.parts import Unit, exists, unit_name
from model.run.snapshot import Snapshot
from model.types import readable

_CLASSES_IN_ROW = 4
_LEGEND_ROW_PX, _LEGEND_COLUMN_PX = 20, 38
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
        changes.dataset_changed.connect(self._synchronize)
        run.moment_changed.connect(self._synchronize)
        theme.manager().changed.connect(self.update)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        rows = -(-self._run.shown_dataset.n_classes // _CLASSES_IN_ROW)
        theme.measure(self, height=_SCALE_HEIGHT_PX if rows == 0 else rows * _LEGEND_ROW_PX)
        self.update()

    @property
    def _scale(self) -> float:
        return theme.manager().scale

    @property
    def _room(self) -> QRectF:
        """What there is to paint on, at the scale 1."""
        return QRectF(0, 0, self.width() / self._scale, self.height() / self._scale)

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
        painter.scale(self._scale, self._scale)
        painter.setFont(theme.figure_font(11))
        snapshot, colours = self._run.displayed, theme.current()
        if self._unit is not None and exists(snapshot.network.settings, self._unit):
            self._paint_unit(painter, snapshot, self._unit, colours)
        elif snapshot.curve is not None and self._view.settings.shows != "hidden":
            self._paint_lines(painter, snapshot, colours)
        elif self._run.shown_dataset.is_regression:
            self._paint_values(painter, colours)
        else:
            self._paint_classes(painter, colours)
        painter.end()

    def _paint_unit(self, painter: QPainter, snapshot: Snapshot, unit: Unit, colours: Theme) -> None:
        settings = snapshot.network.settings
        name = unit_name(settings, unit)
        if unit.layer == len(settings.layer_sizes) - 1:
            painter.setPen(colours.muted)
            painter.drawText(self._room, Qt.AlignmentFlag.AlignVCenter, f"output {name}: the fuller, the likelier")
        else:
            ends = scale_ends(snapshot, unit)
            paint_diverging_scale(painter, self._room, ends, (name,), colours, strength=STRENGTH)

    def _paint_values(self, painter: QPainter, colours: Theme) -> None:
        """Draw the diverging scale as the surface shows it, with ticks from −1 to 1."""
        bar = QRectF(20, 3, min(self._room.width() - 30, _SCALE_WIDTH_PX), 9)
        n_samples = round(bar.width() * self._scale * self.devicePixelRatioF())
        paint_values(painter, bar, colours, bands=self._view.settings.regions, n_samples=n_samples)
        painter.setPen(colours.muted)
        painter.drawText(QRectF(0, 0, 16, 15), Qt.AlignmentFlag.AlignVCenter, "y")
        painter.setFont(theme.figure_font(10))
        for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
            x = bar.left() + (value + 1.0) / 2.0 * bar.width()
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
            text = readable(f"{value:g}")
            painter.drawText(QRectF(x - 20, bar.bottom() + 3, 40, 13), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lines(self, painter: QPainter, snapshot: Snapshot, colours: Theme) -> None:
        """Draw a sample of each line of a curve's picture with what it stands for, in few words if there is no room."""
        lines = key_lines(snapshot.network.settings, colours, terms=self._view.settings.terms)
        metrics, apart = QFontMetricsF(painter.font()), SAMPLE_PX + 4 * _KEY_GAP_PX
        texts = [line.text for line in lines]
        if sum(metrics.horizontalAdvance(text) + apart for text in texts) > self._room.width():
            texts = [line.short for line in lines]
        left = 1.0
        for line, text in zip(lines, texts, strict=True):
            line.paint(painter, QRectF(left, 0, SAMPLE_PX, self._room.height()))
            painter.setPen(colours.muted)
            box = QRectF(left + SAMPLE_PX + _KEY_GAP_PX, 0, self._room.width(), self._room.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            left += metrics.horizontalAdvance(text) + apart

    def _paint_classes(self, painter: QPainter, colours: Theme) -> None:
        for index in range(self._run.shown_dataset.n_classes):
            row, column = divmod(index, _CLASSES_IN_ROW)
            x, y = column * _LEGEND_COLUMN_PX, row * _LEGEND_ROW_PX
            paint_swatch(painter, QRectF(x, y + 2, 18, 16), index, colours)
            painter.setPen(colours.muted)
            painter.drawText(x + 22, y + 15, class_name(index))
