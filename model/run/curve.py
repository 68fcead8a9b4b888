"""LossCurve: every point of a run's loss curve, and a thinned form of it to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, log2
from typing import Literal, TypeAlias

import numpy as np

from model.training.metrics import Metrics
from model.types import FloatArray, IntArray, or_nan

_COLUMNS = 4

Point: TypeAlias = tuple[float, float, float, float]
"""Step, training loss, test loss and penalty; a missing loss is NaN."""


def point_of(metrics: Metrics) -> Point:
    """Return the point of a curve that a moment has."""
    return metrics.step, or_nan(metrics.train_loss), or_nan(metrics.test_loss), metrics.penalty


def share_point_of(metrics: Metrics) -> Point:
    """Return, in the places of losses, how large a share of the points a moment has right; of values R²."""
    train = metrics.train_r2 if metrics.train_accuracy is None else metrics.train_accuracy
    test = metrics.test_r2 if metrics.test_accuracy is None else metrics.test_accuracy
    return metrics.step, or_nan(train), or_nan(test), 0.0


class LossCurve:
    """Training loss, test loss and penalty over the steps of a run; grows at its end."""

    def __init__(self) -> None:
        self._rows = np.empty((1024, _COLUMNS))
        self._length = 0
        self._thinnings: dict[int, _Thinning] = {}  # By the number of bins.

    @classmethod
    def from_rows(cls, rows: FloatArray) -> LossCurve:
        """Return a curve of the points that are given as :attr:`rows` gives them."""
        curve = cls()
        curve._rows, curve._length = np.array(rows, dtype=np.float64).reshape(-1, _COLUMNS), len(rows)
        return curve

    def __len__(self) -> int:
        return self._length

    @property
    def rows(self) -> FloatArray:
        """Step, training loss, test loss and penalty of every point, a copy of shape (n_points, 4)."""
        rows: FloatArray = self._rows[: self._length].copy()
        return rows

    def extend(self, metrics: Iterable[Metrics]) -> None:
        """Add points at the end, in the order of their steps. A missing loss becomes NaN: no line is drawn there."""
        new = [point_of(each) for each in metrics]
        needed = self._length + len(new)
        if needed > len(self._rows):
            grown = np.empty((max(needed, 2 * len(self._rows)), _COLUMNS))
            grown[: self._length] = self._rows[: self._length]
            self._rows = grown
        if new:
            self._rows[self._length : needed] = new
            self._length = needed

    def forget_after(self, step: int) -> None:
        """Take out the points of later steps than `step`: the run went back to it."""
        self._length = int(np.searchsorted(self._rows[: self._length, 0], step, side="right"))
        self._thinnings.clear()

    def copy(self) -> LossCurve:
        """Return a curve of its own with the same points."""
        other = LossCurve()
        other._rows, other._length = self.rows, self._length
        return other

    def nearest(self, step: float) -> Point | None:
        """Return the point whose step is nearest; None without points."""
        if not self._length:
            return None
        steps = self._rows[: self._length, 0]
        after = min(int(np.searchsorted(steps, step)), self._length - 1)
        before = max(after - 1, 0)
        return self._point(after if steps[after] - step < step - steps[before] else before)

    def _point(self, index: int) -> Point:
        step, train, test, penalty = self._rows[index].tolist()
        return step, train, test, penalty

    def last_until(self, step: float) -> Point | None:
        """Return step, training loss, test loss and penalty of the last point up to `step`; None where none is."""
        index = int(np.searchsorted(self._rows[: self._length, 0], step, side="right")) - 1
        return None if index < 0 else self._point(index)

    def lowest(self, of: Literal["training", "test"]) -> float | None:
        """Return the lowest training loss or test loss; None where the run has none."""
        losses = self._rows[: self._length, 1 if of == "training" else 2]
        finite = losses[np.isfinite(losses)]
        return float(finite.min()) if len(finite) else None

    def thinned(
        self, n_bins: int, within: tuple[float, float] | None = None
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return steps, training losses, test losses and penalties, at most about two points for each of `n_bins`.

        Parameters
        ----------
        n_bins : int
        within : tuple of float, optional
            Only of these steps, with a point more on either side, to which lines lead; by default of all.

        Notes
        -----
        Steps are cut into equal bins, and of every bin the points with the smallest and the largest training loss
        stay: a peak is never lost, and the curve keeps its shape whatever its length. The bins get wider in leaps, so
        that of a growing curve only the last one is looked at again.
        """
        rows = self._rows[: self._length]
        if within is not None:
            first, last = np.searchsorted(rows[:, 0], within).tolist()
            rows = rows[max(first - 1, 0) : last + 1]
        if len(rows) > 2 * n_bins:
            width = _bin_width((rows[-1, 0] - rows[0, 0]) / n_bins)
            thinnings = self._thinnings if within is None else {}
            thinning = thinnings.get(n_bins)
            if thinning is None or thinning.width != width:
                thinning = thinnings[n_bins] = _Thinning(width)
            rows = rows[thinning.chosen(rows)]
        steps, training, test, penalties = rows.T.copy()
        return steps, training, test, penalties


class _Thinning:
    """Chooses the points that stay of a growing curve, whose steps are cut into bins of a width.

    Parameters
    ----------
    width : float
        In steps.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self._n_settled = 0  # So many points are in bins to which none is added any more.
        self._kept: IntArray = np.zeros(1, dtype=np.intp)

    def chosen(self, rows: FloatArray) -> IntArray:
        """Return the indices, ascending, of each bin's smallest and largest training loss, and of both ends."""
        new = rows[self._n_settled :]
        bins = np.floor((new[:, 0] - rows[0, 0]) / self.width)
        found = self._n_settled + _extremes(bins, new[:, 1])
        settled = self._n_settled + int(np.searchsorted(bins, bins[-1]))
        n_known = int(np.searchsorted(found, settled))
        self._kept = np.concatenate([self._kept, found[:n_known]])
        self._n_settled = settled
        return _distinct(np.concatenate([self._kept, found[n_known:], [len(rows) - 1]]))


def _bin_width(least: float) -> float:
    """Return a width of bins, at least as large as it must be: a power of 2, or three quarters of it."""
    power = 2.0 ** ceil(log2(max(least, 1.0)))
    return 0.75 * power if 0.75 * power >= least else power


def _extremes(bins: FloatArray, losses: FloatArray) -> IntArray:
    """Return the indices, ascending, of the smallest and the largest loss of each bin; `bins` says where each is."""
    losses = np.nan_to_num(losses, nan=0.0, posinf=np.finfo(np.float64).max)
    # Sorted by bin, and by loss inside it, the first and the last of each bin are its extremes.
    order = np.lexsort((losses, bins))
    edges = np.flatnonzero(np.diff(bins[order])) + 1
    firsts = np.concatenate([[0], edges])
    lasts = np.concatenate([edges - 1, [len(order) - 1]])
    return _distinct(np.concatenate([order[firsts], order[lasts]]))


def _distinct(indices: IntArray) -> IntArray:
    """Return each index once, ascending; np.unique would import masked arrays for it, in the middle of a run."""
    ordered = np.sort(indices)
    distinct: IntArray = ordered[np.append(True, ordered[1:] != ordered[:-1])]
    return distinct


def shares_over_steps(moments: Sequence[Metrics]) -> LossCurve:
    """Return a curve of the shares of training and test points that are right, in the place of losses."""
    rows = [share_point_of(metrics) for metrics in moments]
    return LossCurve.from_rows(np.array(rows, dtype=np.float64).reshape(-1, _COLUMNS))
