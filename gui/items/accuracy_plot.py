"""The accuracy curve: how large a share of the points is right over the steps of a run; of values, R²."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from gui import theme
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.items.legend import LOSS_NAMES, LossLine, loss_pen
from gui.items.lines_item import LinesItem
from gui.items.pinned_lines import PinnedLines
from gui.items.read_plot import Reading, ReadPlot
from gui.items.scales import round_up
from gui.program.guard import guarded
from gui.widgets.pace import Pace
from model.run.curve import LossCurve, shares_over_steps
from model.types import FloatArray, readable

_BINS = 300
_LEAST_INTERVAL_S = 0.15
_SHORTEST = 10.0
_ABOVE = 1.02
"""The upper end of the axis, so that a line at 1 is seen."""

_LEAST_R2 = -1.0
"""An R² below is not drawn: it would take all the room."""


def lowest_shown(shares: Sequence[FloatArray], *, regression: bool) -> float:
    """Return the lower end of an axis of shares: 0, or in a regression as far below as R² goes, within reason."""
    finite = [share[np.isfinite(share)] for share in shares] if regression else []
    return max(min([0.0, *(float(share.min(initial=0.0)) for share in finite)]), _LEAST_R2)


class AccuracyPlot(ReadPlot):
    """The accuracy over all training points and over all test points, at the moments that the timeline has kept.

    Each pinned run has a thin line. Of a running training it is drawn several times a second.
    """

    def __init__(self, run: LiveRun, pins: Pins) -> None:
        super().__init__("Accuracy curve", run)
        self._pins = pins
        self.setObjectName("accuracy_view")
        self._curves: dict[LossLine, LinesItem] = {"test": LinesItem(), "train": LinesItem()}
        for item in self._curves.values():
            self.addItem(item, ignoreBounds=True)
        self._shares = LossCurve()
        self._kept: tuple[object, ...] = ()
        self._pace = Pace(self.refresh, self, _LEAST_INTERVAL_S)
        self._pinned = PinnedLines(self, "share that is right", lambda run: run.shares)
        run.displayed_changed.connect(self._follow)
        pins.changed.connect(self._on_pinned_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_pinned_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.restyle()
        for line, curve in self._curves.items():
            pen = loss_pen(line, self._theme)
            curve.set_pen(pen.color(), pen.style())
        self._pinned.colour(self._theme)

    @Slot()
    def _on_pinned_changed(self) -> None:
        """Show other pinned runs."""
        self._pinned.take(self._pins.runs, self._theme)
        self._pinned.show(_limited)
        self.refresh()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Draw what can be seen now."""
        super().showEvent(event)
        self._pace.work()

    @Slot()
    def _follow(self) -> None:
        if self.isVisible():
            self._pace.ask(urgent=not self._run.playing)

    def refresh(self) -> None:
        """Show the curve up to the displayed moment, while it can be seen."""
        if not self.isVisible():
            return
        self._collect()
        steps, train, test, _ = self._shares.thinned(_BINS, self.zoom)
        pinned = self._pinned.curves
        all_shares = [train, test, *(values for _, values in pinned)]
        y_range = (lowest_shown(all_shares, regression=self._run.shown_dataset.is_regression), _ABOVE)
        end = max(float(some.max(initial=0.0)) for some in (steps, *(steps for steps, _ in pinned)))
        last = max(round_up(end), _SHORTEST)
        self.setRange(xRange=self.zoom or (0.0, last), yRange=y_range, padding=0.0)
        shares: dict[LossLine, FloatArray] = {"train": train, "test": test}
        for line, curve in self._curves.items():
            curve.show_lines([np.stack([steps, _limited(shares[line])], axis=1)])
        self.show_moments(y_range)

    def _collect(self) -> None:
        """Take the moments of the timeline anew where there are others."""
        history, displayed = self._run.history, self._run.displayed.metrics
        last = history.frames[-1] if len(history) else None
        key = (history, len(history), last, self._run.moment or displayed)
        if key == self._kept:
            return
        self._kept = key
        moments = [frame.metrics for frame in history.frames]
        if not moments or displayed.step > moments[-1].step:
            moments.append(displayed)
        self._shares = shares_over_steps(moments)

    def reading(self, step: float) -> Reading | None:
        """Return the shares of the moment that is nearest."""
        point = self._shares.nearest(step)
        if point is None:
            return None
        is_regression = self._run.shown_dataset.is_regression
        lines: tuple[tuple[LossLine, float], ...] = (("train", point[1]), ("test", point[2]))
        values = tuple(
            (
                LOSS_NAMES[line],
                readable(f"{share:.3f}" if is_regression else f"{share:.1%}"),
                share,
                loss_pen(line, self._theme).color(),
            )
            for line, share in lines
            if isfinite(share)
        )
        return Reading(int(point[0]), values) if values else None


def _limited(values: FloatArray) -> FloatArray:
    """Return values without those that are too low to be drawn: a line breaks there."""
    return np.where(values < 10 * _LEAST_R2, np.nan, values)
