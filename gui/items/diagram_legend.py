"""The legend of the diagram: the colour scale of weights and biases, and the note on weights that are not drawn."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.items.diagram_colours import Limits
from gui.items.legend import paint_diverging_scale
from gui.theme import Theme

LEGEND_HEIGHT = 24.0
_NOTE_GAP = 12.0
_SIDE = 6.0
"""Room at both ends, in which the ring round what has the keyboard is drawn."""


def paint_diagram_legend(
    painter: QPainter,
    area: QRectF,
    limits: Limits,
    theme: Theme,
    *,
    has_biases: bool,
    n_weights: int,
    n_drawn: int,
    n_pruned: int,
) -> None:
    """Draw the legend at the foot of a diagram's area; what has no room is said in fewer words, or left out.

    Parameters
    ----------
    has_biases : bool
        Whether there are biases, on the same scale.
    n_weights, n_drawn, n_pruned : int
        How many weights there are, how many of them are drawn, and how many of those only because they are pruned.
    """
    foot = QRectF(area.left(), area.bottom() - LEGEND_HEIGHT + 6, area.width(), LEGEND_HEIGHT - 6)
    foot.adjust(_SIDE, 0, -_SIDE, 0)
    n_hidden = n_weights - n_drawn
    edges = limits.what
    what = "weights and biases" if edges == "weights" and has_biases and not n_hidden else edges
    noted = (f"{what}, {limits.note}", f"{edges}, {limits.note}") if limits.note else ()
    texts = (*noted, what, edges, "")
    end = paint_diverging_scale(painter, foot, (-limits.weights, limits.weights), texts, theme, roots=True)
    if not n_hidden:
        return
    pruned = f" and {n_pruned} pruned" if n_pruned else ""
    strongest = f"the {n_drawn - n_pruned} strongest of {n_weights:,}"
    metrics = QFontMetricsF(painter.font())
    for note in (f"{strongest}{pruned} are drawn, {n_hidden:,} are not", f"{strongest}{pruned} are drawn"):
        if metrics.horizontalAdvance(note) <= foot.right() - end - _NOTE_GAP:
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)
            return
