"""The loss curve of the window: losses over the steps of the run, and of the runs that are pinned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.legend import LossLine, loss_pen
from gui.items.lines_item import LinesItem
from gui.items.loss_axes import LossAxes, step_text
from gui.items.plane_view import style_axes
from gui.widgets.texts import as_tip
from model.types import FloatArray

_BINS = 340
_LEFT_AXIS_PX, _BOTTOM_AXIS_PX = 44, 36
_GRID_OPACITY = 70
_MOST_TICKS = 6


class _StepAxis(pg.AxisItem):
    """An axis of steps, written as everywhere else: 2,000."""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the texts of ticks."""
        return [step_text(value * scale) for value in values]


class LossPlot(pg.PlotWidget):
    """The mean loss over all training points and over all test points, and a thin curve for each pinned run.

    Whoever shows it calls :meth:`refresh` when there is something new.
    """

    def __init__(self, run: LiveRun, changes: Changes, view: View, pins: Pins) -> None:
        super().__init__(axisItems={"bottom": _StepAxis("bottom")})
        self._run, self._changes, self._view, self._pins = run, changes, view, pins
        self._axes: LossAxes | None = None
        self._curves: dict[LossLine, LinesItem] = {
            "test": LinesItem(),
            "penalised": LinesItem(thin=True),
            "train": LinesItem(),
        }
        self._moment_line = LinesItem(thin=True)
        self._pinned_curves: list[LinesItem] = []
        self._pinned_losses: list[tuple[FloatArray, FloatArray]] = []
        self._prepare()
        for item in (self._moment_line, *self._curves.values()):
            self.addItem(item, ignoreBounds=True)
        pins.changed.connect(self._on_pinned_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _prepare(self) -> None:
        """Make it a plot over the steps that does not follow the mouse."""
        self.setObjectName("loss_view")
        self.setAccessibleName("Loss curve")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setMinimumSize(140, 110)
        self.setMouseEnabled(x=False, y=False)
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.layout.setContentsMargins(0, 4, 10, 0)
        plot.getViewBox().setDefaultPadding(0.0)
        plot.disableAutoRange()
        self.setLabel("bottom", "step")

    @Slot()
    def _on_theme_changed(self) -> None:
        self._theme = colours = theme.current()
        self.setBackground(colours.panel)
        style_axes(self, colours)
        left, bottom = self.getAxis("left"), self.getAxis("bottom")
        left.setWidth(_LEFT_AXIS_PX)
        bottom.setHeight(_BOTTOM_AXIS_PX)
        for axis in (left, bottom):
            axis.setGrid(_GRID_OPACITY)
        bottom.label.setDefaultTextColor(colours.muted)
        for line, curve in self._curves.items():
            pen = loss_pen(line, colours)
            curve.set_pen(pen.color(), pen.style())
        self._moment_line.set_pen(colours.negative)
        self._colour_pinned()

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has come while nobody saw it."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the curve up to the displayed moment, while it can be seen."""
        if not self.isVisible():
            return
        metrics = self._run.displayed.metrics
        steps, train, test, penalties = self._run.curve.thinned(_BINS)
        if metrics.train_loss is not None and (not len(steps) or metrics.step > steps[-1]):
            # The curve's last point may be due only in many steps: the displayed moment is its live end.
            steps = np.append(steps, metrics.step)
            train = np.append(train, metrics.train_loss)
            test = np.append(test, np.nan if metrics.test_loss is None else metrics.test_loss)
            penalties = np.append(penalties, metrics.penalty)
        losses: dict[LossLine, FloatArray] = {"train": train, "test": test}
        if self._view.settings.show_penalty and self._changes.training_settings.regularization != "none":
            losses["penalised"] = train + penalties
        axes = self._fit([*((steps, values) for values in losses.values()), *self._pinned_losses])
        for line, curve in self._curves.items():
            shown = [np.stack([steps, axes.heights(losses[line])], axis=1)] if line in losses else []
            curve.show_lines(shown)
        low, high = axes.y_range
        moment = [] if self._run.moment is None else [np.array([[metrics.step, low], [metrics.step, high]])]
        self._moment_line.show_lines(moment)

    def _fit(self, curves: list[tuple[FloatArray, FloatArray]]) -> LossAxes:
        """Give all that is shown, each curve's steps and losses, its room."""
        steps, losses = (np.concatenate(parts) for parts in zip(*curves, strict=True))
        axes = LossAxes.of_growing_run(steps, losses, log=self._view.settings.log_loss)
        if axes != self._axes:
            self._axes = axes
            self.getAxis("left").setTicks(axes.power_ticks(_MOST_TICKS) if axes.log else None)
            self.setRange(xRange=axes.x_range, yRange=axes.y_range, padding=0.0)
            for item, (pinned_steps, pinned) in zip(self._pinned_curves, self._pinned_losses, strict=True):
                item.show_lines([np.stack([pinned_steps, axes.heights(pinned)], axis=1)])
        return axes

    @Slot()
    def _on_pinned_changed(self) -> None:
        """Show a thin curve for each pinned run, in the colour that the table of runs gives it."""
        for item in self._pinned_curves:
            self.removeItem(item)
        self._pinned_curves, self._pinned_losses = [], []
        for run in self._pins.runs:
            steps, train, test, _ = run.curve.thinned(_BINS)
            has_test = bool(np.isfinite(test).any())
            self._pinned_losses.append((steps, test if has_test else train))
            item = LinesItem(thin=True)
            item.setToolTip(as_tip(f"{run.name}: {'test' if has_test else 'training'} loss"))
            self.addItem(item, ignoreBounds=True)
            self._pinned_curves.append(item)
        self._colour_pinned()
        self._axes = None
        self.refresh()

    def _colour_pinned(self) -> None:
        for place, item in enumerate(self._pinned_curves):
            item.set_pen(self._theme.run_colour(place))
