"""LossCurve: every point of a run's loss curve, and a thinned form of it to draw."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, log2

import numpy as np

from model.training.metrics import Metrics
from model.types import FloatArray, IntArray, or_nan

_COLUMNS = 4


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
        new = [(m.step, or_nan(m.train_loss), or_nan(m.test_loss), m.penalty) for m in metrics]
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

    def last_until(self, step: float) -> tuple[float, float, float, float] | None:
        """Return step, training loss, test loss and penalty of the last point up to `step`; None where none is."""
        index = int(np.searchsorted(self._rows[: self._length, 0], step, side="right")) - 1
        if index < 0:
            return None
        point, train, test, penalty = self._rows[index].tolist()
        return point, train, test, penalty

    def lowest(self) -> float | None:
        """Return the lowest test loss, or training loss where there is no test loss; None without points."""
        rows = self._rows[: self._length]
        for losses in (rows[:, 2], rows[:, 1]):
            finite = losses[np.isfinite(losses)]
            if len(finite):
                return float(finite.min())
        return None

    def thinned(self, n_bins: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return steps, training losses, test losses and penalties, at most about two points for each of `n_bins`.

        Notes
        -----
        Steps are cut into equal bins, and of every bin the points with the smallest and the largest training loss
        stay: a peak is never lost, and the curve keeps its shape whatever its length. The bins get wider in leaps, so
        that of a growing curve only the last one is looked at again.
        """
        rows = self._rows[: self._length]
        if self._length > 2 * n_bins:
            width = _bin_width((rows[-1, 0] - rows[0, 0]) / n_bins)
            thinning = self._thinnings.get(n_bins)
            if thinning is None or thinning.width != width:
                thinning = self._thinnings[n_bins] = _Thinning(width)
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
        return np.unique(np.concatenate([self._kept, found[n_known:], [len(rows) - 1]]))


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
    return np.unique(np.concatenate([order[firsts], order[lasts]]))
