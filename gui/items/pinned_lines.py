"""PinnedLines: a thin line for each pinned run in a plot over the steps, in the colour of its run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg

from gui.document.pins import PinnedRun
from gui.items.lines_item import LinesItem
from gui.theme import Theme
from gui.widgets.texts import as_tip
from model.run.curve import LossCurve
from model.types import FloatArray

_BINS = 340


def pinned_curve(curve: LossCurve, bins: int = _BINS) -> tuple[FloatArray, FloatArray]:
    """Return the steps of a pinned run's curve, and what is drawn of it: over the test points, where it has any."""
    return _told_curve(curve, bins)[:2]


def _told_curve(curve: LossCurve, bins: int) -> tuple[FloatArray, FloatArray, bool]:
    """Return what :func:`pinned_curve` does, and whether it is over the test points."""
    steps, train, test, _ = curve.thinned(bins)
    is_of_test = bool(np.isfinite(test).any())
    return steps, test if is_of_test else train, is_of_test


class PinnedLines:
    """The lines of the pinned runs.

    Parameters
    ----------
    plot : PlotWidget
    what : str
        What is drawn, for the tips: "loss".
    curve_of : callable
        Returns the curve of a run.

    Attributes
    ----------
    curves : list of tuple of ndarray
        The steps and the values of each.
    """

    def __init__(self, plot: pg.PlotWidget, what: str, curve_of: Callable[[PinnedRun], LossCurve]) -> None:
        self._plot, self._what, self._curve_of = plot, what, curve_of
        self._items: list[LinesItem] = []
        self.curves: list[tuple[FloatArray, FloatArray]] = []

    def take(self, runs: Sequence[PinnedRun], theme: Theme) -> None:
        """Let these be the runs."""
        for item in self._items:
            self._plot.removeItem(item)
        self._items, self.curves = [], []
        for run in runs:
            steps, values, is_of_test = _told_curve(self._curve_of(run), _BINS)
            self.curves.append((steps, values))
            item = LinesItem(thin=True)
            item.setToolTip(as_tip(f"{run.name}: {'test' if is_of_test else 'training'} {self._what}"))
            self._plot.addItem(item, ignoreBounds=True)
            self._items.append(item)
        self.colour(theme)

    def colour(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for place, item in enumerate(self._items):
            item.set_pen(theme.run_colour(place))

    def show(self, heights: Callable[[FloatArray], FloatArray]) -> None:
        """Draw each where its values are on the plot's axis."""
        for item, (steps, values) in zip(self._items, self.curves, strict=True):
            item.show_lines([np.stack([steps, heights(values)], axis=1)])
