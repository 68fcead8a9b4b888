"""The accuracy over the steps of a run, drawn on a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from gui.export.key import loss_entries
from gui.export.views import Scene, above_key, pinned_entries, pinned_pen
from gui.items.accuracy_plot import lowest_shown
from gui.items.legend import LossLine, loss_pen
from gui.items.lines_item import paint_lines
from gui.items.loss_axes import LossAxes
from gui.items.pinned_lines import pinned_curve
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, even_ticks, paint_axes, paint_grid
from gui.theme import Theme, figure_font
from model import Metrics
from model.run.curve import shares_over_steps
from model.run.history import KeyFrame
from model.types import FloatArray

_BINS = 400
_TOP_GAP, _RIGHT_GAP, _STEP_HEIGHT = 6.0, 8.0, 14.0
_ABOVE = 1.02
_LINE_WIDTH = 1.6


def moments_before(frames: Sequence[KeyFrame], moment: KeyFrame) -> tuple[Metrics, ...]:
    """Return how well the network did at the key frames before a moment."""
    return tuple(frame.metrics for frame in frames if frame.step < moment.step)


def paint_accuracy(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw how much is right at the moments that the timeline has kept, of values R², and what explains the lines."""
    curve = shares_over_steps([*scene.before, scene.moment.metrics])
    steps, train, test, _ = curve.thinned(_BINS)
    shares: dict[LossLine, FloatArray] = {"train": train}
    if scene.test_points and np.isfinite(test).any():
        shares["test"] = test
    pinned = [pinned_curve(run.shares, _BINS) for run in scene.pinned]
    entries = [*loss_entries(list(shares), theme), *pinned_entries(scene, theme)]
    left = above_key(painter, area, entries, theme)
    plot = left.adjusted(LEFT_AXIS, _TOP_GAP, -_RIGHT_GAP, -BOTTOM_AXIS - _STEP_HEIGHT)
    is_regression = scene.dataset.is_regression
    all_steps = np.concatenate([steps, *(steps for steps, _ in pinned)])
    first, last = float(all_steps.min(initial=0.0)), max(float(all_steps.max(initial=0.0)), 1.0)
    all_shares = [*shares.values(), *(values for _, values in pinned)]
    axes = LossAxes(False, (first, last), (lowest_shown(all_shares, regression=is_regression), _ABOVE))
    ticks = axes.step_ticks(), even_ticks(*axes.y_range, plot.height())
    paint_grid(painter, plot, *ticks, QPen(theme.grid, 1.0))
    painter.save()
    painter.setClipRect(plot)
    for place, one in enumerate(pinned):
        pen = pinned_pen(theme, place)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        paint_lines(painter, [axes.places(*one, plot)], QTransform(), pen)
    for line in reversed(shares):
        pen = loss_pen(line, theme, _LINE_WIDTH)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        paint_lines(painter, [axes.places(steps, shares[line], plot)], QTransform(), pen)
    painter.restore()
    paint_axes(painter, plot, *ticks, theme)
    painter.setFont(figure_font(10))
    painter.setPen(theme.muted)
    box = QRectF(QPointF(plot.left(), plot.bottom() + BOTTOM_AXIS - 4), QPointF(plot.right(), left.bottom()))
    text = "step (R²)" if is_regression else "step (share of points that are right)"
    painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
