"""Marks of the diagram: what is frozen, pruned, muted, dead and saturated, and the signs that say so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from gui.icons import icon
from gui.items.pixmaps import drawn_pixmap
from gui.theme import Theme, mixed
from model import NetworkSettings
from model.network.layout import bias_views, weight_views
from model.network.parts import Unit

SMALLEST_SIGN_UNIT = 9.0
"""A smaller neuron has no room for a sign."""

LOCK = "lock"
"""The sign of a frozen neuron; those of dead and saturated ones are called by these words."""

_SIGN_SHARE, _SMALLEST_SIGN, _LARGEST_SIGN = 0.36, 9.0, 16.0


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What is marked in a network.

    Attributes
    ----------
    frozen, pruned : ndarray of bool, shape (n_weights,)
        In the order of :attr:`gui.items.diagram_layout.DiagramLayout.edges`.
    frozen_units : tuple of Unit
        Neurons of which training changes nothing: neither a weight that comes in nor its own bias.
    muted_units : tuple of Unit
    """

    frozen: NDArray[np.bool_]
    pruned: NDArray[np.bool_]
    frozen_units: tuple[Unit, ...]
    muted_units: tuple[Unit, ...]


@lru_cache(maxsize=4)
def marks_of(settings: NetworkSettings) -> Marks:
    """Return what is marked in a network of these settings."""
    frozen, pruned = (_marked(settings, positions) for positions in (settings.frozen, settings.pruned))
    weights = weight_views(frozen, settings.layer_sizes, settings.bias)
    whole = [layer.all(axis=0) for layer in weights]
    if settings.bias == "per_neuron":
        biases = bias_views(frozen, settings.layer_sizes, settings.bias)
        whole = [layer & own for layer, own in zip(whole, biases, strict=True)]
    return Marks(
        np.concatenate([layer.ravel() for layer in weights]),
        np.concatenate([layer.ravel() for layer in weight_views(pruned, settings.layer_sizes, settings.bias)]),
        tuple(Unit(layer + 1, int(index)) for layer, units in enumerate(whole) for index in np.flatnonzero(units)),
        tuple(Unit(layer, index) for layer, index in sorted(settings.muted)),
    )


def _marked(settings: NetworkSettings, positions: frozenset[int]) -> NDArray[np.bool_]:
    flags = np.zeros(settings.n_parameters, dtype=np.bool_)
    flags[sorted(positions)] = True
    return flags


def paint_muted(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Draw a grey, crossed field over a neuron's map; a dark one where there is no room for the cross."""
    if rect.width() < SMALLEST_SIGN_UNIT:
        painter.fillRect(rect, theme.muted)
        return
    painter.fillRect(rect, mixed(theme.panel, theme.muted, 0.22))
    painter.setPen(QPen(theme.muted, max(1.0, rect.width() / 24)))
    inset = rect.width() / 6
    cross = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawLine(cross.topLeft(), cross.bottomRight())
    painter.drawLine(cross.bottomLeft(), cross.topRight())


def sign_pixmap(name: str, unit_size: float, ratio: float, theme: Theme) -> QPixmap:
    """Return the sign of a neuron of this size: an icon on a disk.

    Parameters
    ----------
    name : str
        Of the icon. What a person did to a neuron is dark on light; what has become of it is light on dark.
    """
    size = min(max(_SIGN_SHARE * unit_size, _SMALLEST_SIGN), _LARGEST_SIGN)
    ground, ink = (theme.panel, theme.text) if name == LOCK else (theme.text, theme.panel)

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(mixed(theme.muted, theme.panel, 0.35), 1))
        painter.setBrush(ground)
        painter.drawEllipse(QRectF(0.5, 0.5, size - 1, size - 1))
        inset = size * 0.17
        # An icon draws into whole pixels of the device.
        painter.scale(0.125, 0.125)
        area = QRectF(inset, inset, size - 2 * inset, size - 2 * inset)
        icon(name, ink).paint(painter, QRectF(area.topLeft() * 8, area.size() * 8).toRect())

    return drawn_pixmap(QSizeF(size, size), ratio, draw)


def paint_sign(painter: QPainter, rect: QRectF, name: str, sign: QPixmap, theme: Theme) -> None:
    """Draw the sign of a neuron at a corner of its own.

    Where there is no room for it, a frozen neuron has a border instead, and one that is stuck a dot.
    """
    if rect.width() < SMALLEST_SIGN_UNIT:
        painter.setPen(QPen(theme.text, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        dot = rect.width() / 3
        painter.drawRect(rect if name == LOCK else rect.adjusted(dot, dot, -dot, -dot))
        return
    size = sign.width() / sign.devicePixelRatio()
    if name == LOCK:
        painter.drawPixmap(rect.topRight() + QPointF(-0.7, -0.3) * size, sign)
    else:
        painter.drawPixmap(rect.topLeft() + QPointF(-0.3, -0.3) * size, sign)
