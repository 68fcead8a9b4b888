"""Counters: step, epoch, loss and accuracy above an animation's pictures, always with as many digits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import floor, inf, isfinite, log10

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.theme import Theme, figure_font
from model.run.history import KeyFrame
from model.types import FloatArray

HEIGHT = 42.0
_NAME_PX, _FIGURE_PX = 12, 19
_GAP, _LEAST_GAP = 26.0, 12.0
_FEWEST_DECIMALS, _MOST_DECIMALS, _MOST_DIGITS = 3, 6, 7
_TOO_SMALL, _TOO_LARGE = 1e-5, 1e6
"""Of losses beyond these all are written with a power of ten."""


class Counters:
    """The counters of an animation.

    Parameters
    ----------
    frames : sequence of KeyFrame
        All that is shown, one or more.
    losses : ndarray
        All training losses that are shown.
    test_points : bool
        Whether the figures of the test points are there.
    """

    def __init__(self, frames: Sequence[KeyFrame], losses: FloatArray, *, test_points: bool) -> None:
        self._test_points = test_points
        known = [*losses.tolist(), *(frame.metrics.train_loss or 0.0 for frame in frames)]
        self._n_decimals = _n_decimals([loss for loss in known if 0 < loss < inf])
        self._longest = [f"{max(frame.step for frame in frames):,}", f"{max(frame.epoch for frame in frames):,}"]
        self._longest.append(max((self.loss_text(loss) for loss in known), key=len))
        # A run that changes from classes to values has both.
        self._longest += ["100.0%" if not any(frame.dataset.is_regression for frame in frames) else "−0.000"] * 2
        shown = [self.rows(frame) for frame in (frames[0], frames[-1])]
        self._names = max(([name for name, _ in rows] for rows in shown), key=len)

    def rows(self, frame: KeyFrame) -> list[tuple[str, str]]:
        """Return the name and the text of each number at a moment."""
        metrics = frame.metrics
        rows = [("step", f"{frame.step:,}"), ("epoch", f"{frame.epoch:,}")]
        rows.append(("loss", self.loss_text(metrics.train_loss)))
        if frame.dataset.is_regression:
            train, test, name, write = metrics.train_r2, metrics.test_r2, "R²", _r2_text
        else:
            train, test, name, write = metrics.train_accuracy, metrics.test_accuracy, "accuracy", _share_text
        rows.append((name, write(train)))
        if self._test_points and test is not None:
            rows.append((f"test {name}", write(test)))
        return rows

    def loss_text(self, value: float | None) -> str:
        """Return a loss in as many digits as all others of the animation."""
        if value is None:
            return "–"
        if not isfinite(value):
            return "∞" if value > 0 else "–"
        if self._n_decimals is None:
            mantissa, exponent = f"{value:.2e}".split("e")
            return f"{mantissa}e{int(exponent):+03d}".replace("-", "−")
        return f"{value:.{self._n_decimals}f}"

    @property
    def width(self) -> float:
        """How wide they are in a row."""
        return sum(self._widths) + _GAP * (len(self._names) - 1) + 8

    @property
    def least_width(self) -> float:
        """How wide they are where there is little room between them."""
        return self.width - (_GAP - _LEAST_GAP) * (len(self._names) - 1)

    @cached_property
    def _widths(self) -> list[float]:
        names, figures = QFontMetricsF(figure_font(_NAME_PX)), QFontMetricsF(figure_font(_FIGURE_PX, bold=True))
        return [
            max(names.horizontalAdvance(name), figures.horizontalAdvance(longest))
            for name, longest in zip(self._names, self._longest, strict=False)
        ]

    def paint(self, painter: QPainter, row: QRectF, frame: KeyFrame, theme: Theme, *, right: bool) -> None:
        """Draw the numbers of a moment with their names above them.

        Each is in a column whose width does not change with the number; the last ones are left out where there is no
        room.

        Parameters
        ----------
        right : bool
            Whether they stand at the right end of the row.
        """
        widths = self._widths.copy()
        while len(widths) > 1 and sum(widths) + _LEAST_GAP * (len(widths) - 1) > row.width() - 8:
            widths.pop()
        gap = min(_GAP, (row.width() - 8 - sum(widths)) / max(len(widths) - 1, 1))
        left = row.right() - 4 - sum(widths) - gap * (len(widths) - 1) if right else row.left() + 4
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        middle = row.center().y()
        for (name, text), width in zip(self.rows(frame), widths, strict=False):
            column = QRectF(left, middle - HEIGHT / 2, width, HEIGHT)
            painter.setFont(figure_font(_NAME_PX))
            painter.setPen(theme.muted)
            painter.drawText(column, align | Qt.AlignmentFlag.AlignTop, name)
            painter.setFont(figure_font(_FIGURE_PX, bold=True))
            painter.setPen(theme.text)
            painter.drawText(column, align | Qt.AlignmentFlag.AlignBottom, text)
            left += width + gap


def _n_decimals(losses: Sequence[float]) -> int | None:
    """Return how many decimals all of these losses are written with; None: with a power of ten."""
    smallest, largest = min(losses, default=1.0), max(losses, default=1.0)
    if smallest < _TOO_SMALL or not largest < _TOO_LARGE:
        return None
    wanted = min(max(2 - floor(log10(smallest)), _FEWEST_DECIMALS), _MOST_DECIMALS)
    return max(min(wanted, _MOST_DIGITS - len(str(int(largest)))), 0)


def _share_text(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _r2_text(value: float | None) -> str:
    if value is None:
        return "–"
    return (f"{value:.3f}" if value > -100 else f"{value:.0e}").replace("-", "−")
