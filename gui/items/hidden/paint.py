"""Paint: a hidden space on any picture, along two axes or three."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.items.hidden.flat import paint_flat
from gui.items.hidden.look import HiddenLook
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import NO_HIDDEN_LAYER, NOT_FINITE, HiddenMoment
from gui.items.hidden.seen import Seen
from gui.items.hidden.solid import paint_solid
from gui.items.hidden.texts import variance_text, write_on_ground
from gui.items.plot_axes import LEFT_AXIS
from gui.theme import Theme, figure_font
from model.explain.hidden_space import VALUES

_CONSTANT = "The layer gives the whole plane the same values."
_FULL_SIDE, _SMALLEST_MARKERS = 330.0, 0.6
"""Markers are as large as on the plane where the picture has this side; in a smaller one they get smaller, down to this
share."""


def paint_hidden(
    painter: QPainter,
    area: QRectF,
    moment: HiddenMoment | None,
    look: HiddenLook,
    marks: Marks,
    theme: Theme,
    *,
    copied: bool = False,
) -> Seen | None:
    """Draw a hidden space, or a sentence.

    Parameters
    ----------
    area : QRectF
        In the painter's own units.
    moment : HiddenMoment or None
        None: there is no hidden layer.
    copied : bool
        Draw each kind of marker once and copy it: quick, for a screen.

    Returns
    -------
    Seen or None
        What was drawn where; None where there is a sentence instead.
    """
    if moment is None or not moment.space.is_finite:
        _write(painter, area, NO_HIDDEN_LAYER if moment is None else NOT_FINITE, theme)
        return None
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = min(max(min(area.width(), area.height()) / _FULL_SIDE, _SMALLEST_MARKERS), 1.0)
    paint = paint_flat if moment.space.n_axes == 2 else paint_solid
    seen = paint(painter, area, moment, look, marks, theme, scale=scale, copied=copied)
    if look.share == VALUES:
        _write_variance(painter, area, moment, theme)
    if moment.space.is_constant and look.share == VALUES:
        _write(painter, area.adjusted(0, area.height() * 0.6, 0, 0), _CONSTANT, theme)
    return seen


def _write_variance(painter: QPainter, area: QRectF, moment: HiddenMoment, theme: Theme) -> None:
    """Write how much of what the layer says is seen, below the name of the upright axis."""
    left, top = (LEFT_AXIS + 5, 23) if moment.space.n_axes == 2 else (6, 4)
    write_on_ground(painter, area.topLeft() + QPointF(left, top), variance_text(moment.space), theme, theme.muted)


def _write(painter: QPainter, area: QRectF, sentence: str, theme: Theme) -> None:
    painter.setFont(figure_font(12))
    painter.setPen(theme.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, sentence)
