"""LossCurve: every point of a run's loss curve, and a thinned form of it to draw."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.training.metrics import Metrics
from model.types import FloatArray, or_nan

_COLUMNS = 4


class LossCurve:
    """Training loss, test loss and penalty over the steps of a run; grows at its end."""

    def __init__(self) -> None:
        self._rows = np.empty((1024, _COLUMNS))
        self._length = 0

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
        stay: a peak is never lost, and the curve keeps its shape whatever its length.
        """
        rows = self._rows[: self._length]
        if self._length > 2 * n_bins:
            rows = rows[_extremes(rows, n_bins)]
        steps, training, test, penalties = rows.T.copy()
        return steps, training, test, penalties


def _extremes(rows: FloatArray, n_bins: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the indices, ascending, of each bin's smallest and largest training loss, and of both ends."""
    steps = rows[:, 0]
    bins = ((steps - steps[0]) * (n_bins / max(steps[-1] - steps[0], 1.0))).astype(np.intp)
    losses = np.nan_to_num(rows[:, 1], nan=0.0, posinf=np.finfo(np.float64).max)
    # Sorted by bin, and by loss inside it, the first and the last of each bin are its extremes.
    order = np.lexsort((losses, bins))
    edges = np.flatnonzero(np.diff(bins[order])) + 1
    firsts = np.concatenate([[0], edges])
    lasts = np.concatenate([edges - 1, [len(order) - 1]])
    return np.unique(np.concatenate([order[firsts], order[lasts], [0, len(rows) - 1]]))
