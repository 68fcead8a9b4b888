"""The legend: which marker is which class, which colour which value, and which line which loss.

The window, its pictures and animations all explain themselves with these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QLinearGradient, QPainter, QPen, QPixmap

from gui.items.diagram_colours import weight_shades
from gui.items.pixmaps import drawn_pixmap
from gui.items.points_layer import marker_path
from gui.items.surface_item import STRENGTH, to_image, value_image
from gui.theme import Theme, figure_font, mixed
from model.data.dataset import TARGET_LIMIT
from model.numbers import number_text

_MARKER_PX = 8.0
_SCALE_PX, _LEAST_SCALE_PX, _SCALE_STOPS = 90.0, 16.0, 17

LossLine = Literal["train", "test", "penalised"]
"""The lines of a loss curve: over the training points, over the test points, and with the penalty."""

LOSS_NAMES: dict[LossLine, str] = {"train": "training", "test": "test"}
"""What the lines of a picture's loss curve are called."""


# Classes


def paint_marker(
    painter: QPainter,
    centre: QPointF,
    class_index: int,
    theme: Theme,
    *,
    size: float = _MARKER_PX,
    outlined: bool = False,
) -> None:
    """Draw a class's marker in its colour, with a thin line round it where it lies on that colour."""
    painter.save()
    painter.translate(centre)
    painter.scale(size, size)
    painter.setBrush(theme.classes[class_index])
    painter.setPen(QPen(theme.panel, 0.1) if outlined else QPen(Qt.PenStyle.NoPen))
    painter.drawPath(marker_path(class_index))
    painter.restore()


def paint_swatch(painter: QPainter, area: QRectF, class_index: int, theme: Theme) -> None:
    """Draw a class's colour as the surface has it, and its marker on it."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(theme.panel, theme.classes[class_index], STRENGTH))
    painter.drawRoundedRect(area, 4, 4)
    paint_marker(painter, area.center(), class_index, theme, outlined=True)


def marker_pixmap(class_index: int, side: float, ratio: float, theme: Theme) -> QPixmap:
    """Return a class's marker in its colour, for a button."""

    def draw(painter: QPainter) -> None:
        paint_marker(painter, QPointF(side / 2, side / 2), class_index, theme, size=side - 1)

    return drawn_pixmap(QSizeF(side, side), ratio, draw)


# Values


def paint_values(painter: QPainter, bar: QRectF, theme: Theme, *, bands: bool, n_samples: int) -> None:
    """Fill a bar with the colours that the surface has for the values of a regression, -1 to 1."""
    values = np.linspace(-TARGET_LIMIT, TARGET_LIMIT, n_samples)
    shades = value_image(values[np.newaxis], theme, bands=bands)
    painter.drawImage(bar, to_image(shades))


def paint_diverging_scale(
    painter: QPainter,
    area: QRectF,
    ends: tuple[float, float],
    texts: Sequence[str],
    theme: Theme,
    *,
    roots: bool = False,
    strength: float = 1.0,
) -> float:
    """Draw the diverging colours between two ends into `area`, from its left, with the ends and a text.

    Parameters
    ----------
    ends : tuple of float
        The lower one is the upper one with a minus, or 0: then there is half of the colours.
    texts : sequence of str
        The first of them that has room is drawn, or the last.
    roots : bool
        On the scale of :func:`gui.items.diagram_colours.weight_shades`.
    strength : float
        How much of the colours there is; the rest is the panel's.

    Returns
    -------
    float
        Where its text ends. Nothing is drawn where there is no room for colours between the ends.
    """
    painter.setFont(figure_font(11))
    metrics = QFontMetricsF(painter.font())
    low, high = f"≤ −{number_text(ends[1])}" if ends[0] < 0 else "0", f"≥ {number_text(ends[1])}"
    left_px, right_px = metrics.horizontalAdvance(low) + 8, metrics.horizontalAdvance(high) + 8
    bar = QRectF(area.left() + left_px, area.center().y() - 4, 0, 8)
    bar.setWidth(min(_SCALE_PX, area.width() - left_px - right_px))
    if bar.width() < _LEAST_SCALE_PX:
        return area.left()
    room = area.right() - bar.right() - 8
    highs = [f"{high}  {text}".rstrip() for text in texts]
    high = next((one for one in highs if metrics.horizontalAdvance(one) <= room), highs[-1])
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    gradient.setStops(_scale_stops(theme, roots, strength, one_sided=ends[0] >= 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(gradient))
    painter.drawRoundedRect(bar, 3, 3)
    painter.setPen(theme.muted)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, left, low)
    painter.drawText(area.adjusted(bar.right() - area.left() + 8, 0, 0, 0), left, high)
    return bar.right() + 8 + metrics.horizontalAdvance(high)


@lru_cache(maxsize=16)
def _scale_stops(theme: Theme, roots: bool, strength: float, *, one_sided: bool) -> list[tuple[float, QColor]]:
    """Return the colours of :func:`paint_diverging_scale`, and where they are, 0 to 1."""
    first = 0.0 if one_sided else -1.0
    values = np.linspace(first, 1.0, _SCALE_STOPS)
    shades = weight_shades(values, 1.0) if roots else values
    colours = [theme.diverging_colour(shade, 1.0) for shade in shades.tolist()]
    places = ((values - first) / (1.0 - first)).tolist()
    return [(place, mixed(theme.panel, colour, strength)) for place, colour in zip(places, colours, strict=True)]


# Losses


def loss_pen(line: LossLine, theme: Theme, width: float = 1.6) -> QPen:
    """Return the pen of a loss curve; that with the penalty belongs to the training curve, and is thin."""
    if line == "test":
        return QPen(theme.muted, width, Qt.PenStyle.DashLine)
    if line == "penalised":
        return QPen(mixed(theme.accent, theme.text, 0.5), 1.0)
    return QPen(theme.accent, width)


def paint_loss_sample(
    painter: QPainter, start: QPointF, length: float, line: LossLine, theme: Theme, width: float = 1.6
) -> None:
    """Draw a piece of a loss curve, to stand beside its name."""
    painter.setPen(loss_pen(line, theme, width))
    painter.drawLine(start, start + QPointF(length, 0))
