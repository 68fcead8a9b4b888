"""The loss panel: training and test loss over the steps, and both accuracies as figures."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gui import theme
from gui.document import Document
from gui.guard import guarded
from gui.items.lines_item import LinesItem
from gui.items.plane_view import style_axes
from gui.items.scales import decade_above, decade_below, round_up
from gui.widgets import Panel, Segments, label
from model.losses import LOSSES
from model.types import FloatArray

_BINS = 300
_SMALLEST_LOSS = 1e-12


class LossPanel(Panel):
    """The loss curve: the mean over all training points, and over all test points."""

    def __init__(self, document: Document) -> None:
        super().__init__("Loss")
        self._document = document
        self._scale = Segments("Loss scale", ("lin", "log"), ("Linear scale.", "Logarithmic scale."))
        self._scale.chosen.connect(self._on_scale_chosen)
        self._what = label(role="small")
        self.header.addWidget(self._what)
        self.header.addStretch(1)
        self.header.addWidget(self._scale)
        self.body.addLayout(self._figure_rows())
        self.view = pg.PlotWidget()
        self.view.setObjectName("loss_view")
        self.view.setAccessibleName("Loss curve")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.view.setMinimumSize(140, 110)
        self.view.setMouseEnabled(x=False, y=False)
        plot = self.view.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.layout.setContentsMargins(0, 4, 10, 0)
        plot.getViewBox().setDefaultPadding(0.0)
        plot.disableAutoRange()
        self.view.setLabel("bottom", "step")
        self._test_curve, self._train_curve = LinesItem(), LinesItem()
        for curve in (self._test_curve, self._train_curve):
            self.view.addItem(curve, ignoreBounds=True)
        self.body.addWidget(self.view, 1)
        self._range: tuple[float, float, float, float] | None = None
        document.displayed_changed.connect(self._show_curve)
        document.view_changed.connect(self._synchronize)
        document.training_changed.connect(self._show_what)
        self._show_what()
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._synchronize()

    def _figure_rows(self) -> QGridLayout:
        """Return the legend with the present figures: a row for training, a row for testing."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        self._figures: dict[str, QLabel] = {}
        for row, (kind, text) in enumerate((("train", "training"), ("test", "test"))):
            grid.addWidget(_LineSample(dashed=kind == "test"), row, 0)
            grid.addWidget(label(text, "muted"), row, 1)
            for column, quantity, tip in (
                (2, "loss", f"Mean loss over the {text} points."),
                (3, "accuracy", f"Share of the {text} points whose class is right."),
            ):
                figure = label()
                figure.setStyleSheet("font-weight: bold;")
                figure.setFont(theme.figure_font(13, bold=True))
                figure.setFixedWidth(72)
                figure.setAlignment(Qt.AlignmentFlag.AlignRight)
                figure.setToolTip(tip)
                figure.setAccessibleName(tip)
                grid.addWidget(figure, row, column)
                self._figures[f"{kind}_{quantity}"] = figure
            grid.addWidget(label("right", "muted"), row, 4)
        grid.setColumnStretch(5, 1)
        return grid

    @Slot()
    def _on_theme_changed(self) -> None:
        colours = theme.current()
        self.view.setBackground(colours.panel)
        style_axes(self.view, colours)
        self.view.getAxis("left").setWidth(44)
        self.view.getAxis("bottom").setHeight(36)
        for name in ("left", "bottom"):
            self.view.getAxis(name).setGrid(70)
        self.view.getAxis("bottom").label.setDefaultTextColor(colours.muted)
        self._train_curve.set_pen(colours.accent)
        self._test_curve.set_pen(colours.muted, Qt.PenStyle.DashLine)

    @Slot()
    def _show_what(self) -> None:
        """Say what the displayed loss is."""
        self._what.setText(LOSSES[self._document.training_settings.loss].label)

    @Slot()
    def _synchronize(self) -> None:
        log = self._document.view.log_loss
        self._scale.show_choice(int(log))
        self._range = None
        self._show_curve()

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self._document.set_view(log_loss=index == 1)

    @Slot()
    def _show_curve(self) -> None:
        document = self._document
        metrics = document.displayed.metrics
        for key, figure in self._figures.items():
            value = getattr(metrics, key)
            accuracy = key.endswith("accuracy")
            figure.setText("–" if value is None else f"{value:.1%}" if accuracy else _loss_text(value))
        steps, train, test = document.curve.thinned(_BINS)
        if metrics.train_loss is not None and (not len(steps) or metrics.step > steps[-1]):
            # The curve's last point may be due only in many steps: the displayed moment is its live end.
            steps = np.append(steps, metrics.step)
            train = np.append(train, metrics.train_loss)
            test = np.append(test, np.nan if metrics.test_loss is None else metrics.test_loss)
        self._fit(steps, train, test)
        if document.view.log_loss:
            train, test = (np.log10(np.maximum(losses, _SMALLEST_LOSS)) for losses in (train, test))
        self._train_curve.show_lines([np.stack([steps, train], axis=1)])
        self._test_curve.show_lines([np.stack([steps, test], axis=1)])

    def _fit(self, steps: FloatArray, train: FloatArray, test: FloatArray) -> None:
        """Show the whole curve between round ends, so that the axes change seldom."""
        losses = np.concatenate([train, test])
        losses = losses[np.isfinite(losses)]
        log = self._document.view.log_loss
        x_max = max(round_up(float(steps[-1])), 10.0) if len(steps) else 10.0
        largest = float(losses.max()) if len(losses) else 1.0
        if log:
            smallest = max(float(losses.min()) if len(losses) else 0.1, _SMALLEST_LOSS)
            y_min, y_max = np.log10(decade_below(smallest)), np.log10(decade_above(max(largest, smallest * 1.01)))
        else:
            y_min, y_max = 0.0, round_up(largest)
        wanted = (0.0, x_max, float(y_min), float(y_max))
        if wanted != self._range:
            self._range = wanted
            self.view.getAxis("left").setTicks(_decades(wanted[2], wanted[3]) if log else None)
            self.view.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0.0)


def _loss_text(value: float) -> str:
    """Return a loss in eight signs or less."""
    if value == 0 or 0.001 <= value < 100:
        return f"{value:.4f}"
    return f"{value:.3g}" if value >= 100 else f"{value:.2g}"


def _decades(low: float, high: float) -> list[list[tuple[float, str]]]:
    """Return the ticks of a logarithmic axis: the powers of ten, and 2 and 5 times those where there are few."""
    powers = range(round(low), round(high) + 1)
    every = max(1, len(powers) // 6)
    major = [(float(power), f"{10.0**power:g}") for power in powers if power % every == 0]
    minor = [(power + float(np.log10(factor)), f"{factor * 10.0**power:g}") for power in powers for factor in (2, 5)]
    return [major, minor] if len(powers) <= 3 else [major]


class _LineSample(QWidget):
    """A piece of a curve, beside its name."""

    def __init__(self, *, dashed: bool) -> None:
        super().__init__()
        self._dashed = dashed
        self.setFixedSize(22, 12)
        theme.manager().changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line as the plot draws it."""
        colours = theme.current()
        painter = QPainter(self)
        if self._dashed:
            painter.setPen(QPen(colours.muted, 1.6, Qt.PenStyle.DashLine))
        else:
            painter.setPen(QPen(colours.accent, 1.6))
        painter.drawLine(0, 6, 22, 6)
        painter.end()
