"""What is written of a hidden space: its axes, and what is done on the way through a layer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.theme import Theme, figure_font
from model import Dataset
from model.data.naming import Axis
from model.data.wording import plane_axes
from model.explain.hidden_space import BEFORE, SUMS, VALUES, Axes, HiddenSpace
from model.network.parts import Unit, unit_name

NAME_PX = 11

_ROW_HEIGHT = 16.0


def shown_axes(space: HiddenSpace, share: float, dataset: Dataset) -> tuple[Axis, ...]:
    """Return what each axis is when a share of the way lies behind the points; without a name between two stations.

    The plane itself has the names and units of the points' person.
    """
    if share == BEFORE and space.layer == 1:
        x, nameless = dataset.naming.x1, [Axis()] * space.n_axes
        own = (replace(x, name=x.name or "x"),) if space.on_line else plane_axes(dataset)
        return (*own, *nameless)[: space.n_axes]
    return tuple(map(Axis, _axis_names(space, share)))


def _axis_names(space: HiddenSpace, share: float) -> tuple[str, ...]:
    n_axes, layer = space.n_axes, space.layer
    if share == BEFORE:
        return _names(space, layer - 1, space.before)
    if share == VALUES:
        return _names(space, layer, space.axes)
    if share == SUMS and space.axes.are_neurons:
        return tuple(f"z of {name}" if name else "" for name in _names(space, layer, space.axes))
    if share == SUMS:
        return tuple(f"along PC {index + 1}" for index in range(n_axes))
    return ("",) * n_axes


def _names(space: HiddenSpace, layer: int, axes: Axes) -> tuple[str, ...]:
    n_axes, settings = len(axes.directions), space.network.settings
    if axes.shares is not None:
        return tuple(f"PC {index + 1} · {_percent(share)}" for index, share in enumerate(axes.shares))
    names = [unit_name(settings, Unit(layer, index)) for index in range(min(n_axes, settings.layer_sizes[layer]))]
    return (*names, *[""] * (n_axes - len(names)))


def variance_text(space: HiddenSpace) -> str:
    """Return how much of what the layer says is seen, in a few words; empty where nothing is left out."""
    shares = space.axes.shares
    if shares is None:
        return ""
    if not any(shares):
        return "no variance"
    return f"{_percent(sum(shares))} of the variance"


def station_text(space: HiddenSpace, share: float) -> str:
    """Return what the points are when a share of the way lies behind them, or what is being done to them."""
    layer, settings = space.layer, space.network.settings
    before = "x" if layer == 1 else "a"
    if share == BEFORE:
        plane = "the line" if space.on_line else "the plane"
        return plane if layer == 1 else f"hidden {layer - 1}"
    if share < SUMS:
        return f"z = W {before} + b" if settings.bias != "none" else f"z = W {before}"
    if share == SUMS:
        return "sums z"
    if share < VALUES:
        return f"a = {settings.hidden_activations[layer - 1]}(z)"
    return f"hidden {layer}"


def write_on_ground(
    painter: QPainter, corner: QPointF, text: str, theme: Theme, colour: QColor, *, bold: bool = False
) -> None:
    """Write a text, from its upper left corner, on a ground through which what lies below is seen faintly."""
    if not text:
        return
    painter.setFont(figure_font(NAME_PX, bold=bold))
    width = QFontMetricsF(painter.font()).horizontalAdvance(text)
    box, ground = QRectF(corner.x(), corner.y(), width + 2, _ROW_HEIGHT), QColor(theme.panel)
    ground.setAlphaF(0.7)
    painter.fillRect(box.adjusted(-3, 0, 1, 0), ground)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _percent(share: float) -> str:
    """Return a share of the variance; none but that of all is written as 100%."""
    percent = 100.0 * share
    return "100%" if percent > 100.0 - 1e-6 else f"{min(percent, 99.9):.1f}%" if percent > 99.0 else f"{percent:.0f}%"
