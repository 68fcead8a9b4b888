"""The loss curve of the window: losses over the steps of the run, and of the runs that are pinned."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite

import numpy as np
from PySide6.QtCore import Slot

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.legend import LOSS_NAMES, LossLine, loss_pen
from gui.items.lines_item import LinesItem
from gui.items.loss_axes import LossAxes
from gui.items.pinned_lines import PinnedLines
from gui.items.read_plot import Reading, ReadPlot
from model.numbers import number_text
from model.run.curve import point_of
from model.types import FloatArray

_BINS = 340
_MOST_TICKS = 6


class LossPlot(ReadPlot):
    """The mean loss over all training points and over all test points, and a thin curve for each pinned run.

    Whoever shows it calls :meth:`refresh` when there is something new.
    """

    def __init__(self, run: LiveRun, changes: Changes, view: View, pins: Pins) -> None:
        super().__init__("Loss curve", run)
        self._changes, self._view, self._pins = changes, view, pins
        self.setObjectName("loss_view")
        self._axes: LossAxes | None = None
        self._curves: dict[LossLine, LinesItem] = {
            "test": LinesItem(),
            "penalised": LinesItem(thin=True),
            "train": LinesItem(),
        }
        self._pinned = PinnedLines(self, "loss", lambda run: run.curve)
        for item in self._curves.values():
            self.addItem(item, ignoreBounds=True)
        pins.changed.connect(self._on_pinned_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.restyle()
        colours = self._theme
        for line, curve in self._curves.items():
            pen = loss_pen(line, colours)
            curve.set_pen(pen.color(), pen.style())
        self._pinned.colour(colours)

    @property
    def _shows_penalty(self) -> bool:
        return self._view.settings.show_penalty and self._changes.training_settings.regularization != "none"

    def refresh(self) -> None:
        """Show the curve up to the displayed moment, while it can be seen."""
        if not self.isVisible():
            return
        metrics = self._run.displayed.metrics
        steps, train, test, penalties = self._run.curve.thinned(_BINS, self.zoom)
        is_due = self.zoom is None and metrics.train_loss is not None
        if is_due and (not len(steps) or metrics.step > steps[-1]):
            # The curve's last point may be due only in many steps: the displayed moment is its live end.
            steps, train, test, penalties = (
                np.append(column, value)
                for column, value in zip((steps, train, test, penalties), point_of(metrics), strict=True)
            )
        losses: dict[LossLine, FloatArray] = {"train": train, "test": test}
        if self._shows_penalty:
            losses["penalised"] = train + penalties
        axes = self._fit([*((steps, values) for values in losses.values()), *self._pinned.curves])
        for line, curve in self._curves.items():
            shown = [np.stack([steps, axes.heights(losses[line])], axis=1)] if line in losses else []
            curve.show_lines(shown)
        self.show_moments(axes.y_range)

    def reading(self, step: float) -> Reading | None:
        """Return the losses of the point of the curve, or of the displayed moment, that is nearest."""
        axes, metrics = self._axes, self._run.displayed.metrics
        points = [point_of(metrics), self._run.curve.nearest(step)]
        at, train, test, penalty = min((point for point in points if point), key=lambda point: abs(point[0] - step))
        lines: dict[LossLine, float] = {"train": train, "test": test}
        if self._shows_penalty:
            lines["penalised"] = train + penalty
        values = []
        for line, loss in lines.items():
            if axes is not None and isfinite(loss):
                (height,) = axes.heights(np.array([loss])).tolist()
                colour = loss_pen(line, self._theme).color()
                values.append((LOSS_NAMES.get(line, "with penalty"), number_text(loss, 4), height, colour))
        return Reading(int(at), tuple(values)) if values else None

    def _fit(self, curves: list[tuple[FloatArray, FloatArray]]) -> LossAxes:
        """Give all that is shown, each curve's steps and losses, its room."""
        steps, losses = (np.concatenate(parts) for parts in zip(*curves, strict=True))
        log = self._view.settings.log_loss
        if self.zoom is None:
            axes = LossAxes.of_growing_run(steps, losses, log=log)
        else:
            first, last = self.zoom
            inside = (steps >= first) & (steps <= last)
            axes = replace(LossAxes.of_growing_run(steps[inside], losses[inside], log=log), x_range=self.zoom)
        if axes != self._axes:
            self._axes = axes
            self.getAxis("left").setTicks(axes.power_ticks(_MOST_TICKS) if axes.log else None)
            self.setRange(xRange=axes.x_range, yRange=axes.y_range, padding=0.0)
            self._pinned.show(axes.heights)
        return axes

    @Slot()
    def _on_pinned_changed(self) -> None:
        """Show other pinned runs."""
        self._pinned.take(self._pins.runs, self._theme)
        self._axes = None
        self.refresh()
