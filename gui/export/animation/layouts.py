"""Layouts: where the panels of an animation stand, in the units of a picture whose shorter side is 720."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

SHORT_SIDE = 720.0
"""A picture is laid out as if its shorter side had this many pixels, and drawn with those that it has."""

MARGIN, GAP, PADDING = 12.0, 10.0, 12.0
HEADER_HEIGHT = 36.0
"""Of a card, with the space above its body."""

_SQUARES = ("surface", "data")
_TITLE_HEIGHT, _COUNTERS_HEIGHT, _CAPTION_HEIGHT = 34.0, 44.0, 26.0
_ONE_ROW_WIDTH = 1000.0
_CHROME = HEADER_HEIGHT + PADDING - 2 * PADDING
"""By how much a card with a square body is higher than wide."""


@dataclass(frozen=True, slots=True)
class FrameLayout:
    """Where everything is in a frame.

    Attributes
    ----------
    area : QRectF
        The whole picture.
    title, counters, caption : QRectF
        Empty where there is none.
    cards : dict of str to QRectF
        Each panel's card.
    """

    area: QRectF
    title: QRectF
    counters: QRectF
    caption: QRectF
    cards: dict[str, QRectF]


def body(card: QRectF) -> QRectF:
    """Return what a card leaves for its picture."""
    return card.adjusted(PADDING, HEADER_HEIGHT, -PADDING, -PADDING)


def header(card: QRectF) -> QRectF:
    """Return the row above a card's picture."""
    return QRectF(card.left() + PADDING, card.top() + 6, card.width() - 2 * PADDING, HEADER_HEIGHT - 12)


def lay_out(
    layout: str, panels: Sequence[str], size: tuple[float, float], *, title: bool, counters: bool, caption: bool
) -> FrameLayout:
    """Return where everything stands in a picture.

    Parameters
    ----------
    layout : str
        A key of :data:`gui.export.animation.settings.LAYOUTS`.
    panels : sequence of str
        Keys of :data:`gui.export.animation.settings.PANELS`.
    size : tuple of float
        Width and height, the shorter one :data:`SHORT_SIDE`.
    title, counters, caption : bool
        What there is beside the panels.
    """
    width, height = size
    inner = QRectF(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    title_row = counters_row = caption_row = QRectF()
    if title and counters and width >= _ONE_ROW_WIDTH:
        row = _cut_top(inner, _COUNTERS_HEIGHT)
        title_row, counters_row = QRectF(row), QRectF(row)
        title_row.setWidth(row.width() * 0.52)
        counters_row.setLeft(title_row.right())
    else:
        if title:
            title_row = _cut_top(inner, _TITLE_HEIGHT)
        if counters:
            counters_row = _cut_top(inner, _COUNTERS_HEIGHT)
    if caption:
        caption_row = QRectF(inner.left(), inner.bottom() - _CAPTION_HEIGHT, inner.width(), _CAPTION_HEIGHT)
        inner.setBottom(caption_row.top() - 4)
    return FrameLayout(QRectF(0, 0, width, height), title_row, counters_row, caption_row, _cards(layout, panels, inner))


def _cut_top(area: QRectF, height: float) -> QRectF:
    """Take a row off the top of an area."""
    row = QRectF(area.left(), area.top() - 2, area.width(), height)
    area.setTop(row.bottom() + 6)
    return row


def _cards(layout: str, panels: Sequence[str], area: QRectF) -> dict[str, QRectF]:
    lead = "network" if "network" in panels else panels[0]
    others = [panel for panel in panels if panel != lead]
    if not others:
        return {lead: _whole(area)}
    if layout == "wide":
        width = _column_width(others, area)
        left, right = QRectF(area), QRectF(area)
        right.setLeft(area.right() - width)
        left.setRight(right.left() - GAP)
        return {lead: _whole(left), **_column(others, right)}
    if layout == "square":
        top, bottom = QRectF(area), QRectF(area)
        top.setHeight(area.height() * (0.66 if lead in _SQUARES else 0.53) - GAP / 2)
        bottom.setTop(top.bottom() + GAP)
        return {lead: _whole(top), **_row(others, bottom)}
    return _column([lead, *others], area)


def _column_width(panels: Sequence[str], area: QRectF) -> float:
    """Return how wide a column is in which the bodies of surface and data are as near to squares as may be."""
    n_squares = sum(panel in _SQUARES for panel in panels)
    if n_squares == 0:
        return area.width() * 0.38
    height = area.height() - GAP * (len(panels) - 1)
    if "loss" in panels:
        height *= 0.68
    return min(max(height / n_squares - _CHROME, area.width() * 0.27), area.width() * 0.45)


def _column(panels: Sequence[str], area: QRectF) -> dict[str, QRectF]:
    """Put panels below one another: surface and data as high as wide if there is room, the rest to the others."""
    room = area.height() - GAP * (len(panels) - 1)
    weights = {"network": 0.95, "surface": 1.3, "data": 1.3, "loss": 0.55}
    total = sum(weights[panel] for panel in panels)
    heights = {panel: room * weights[panel] / total for panel in panels}
    flexible = [panel for panel in panels if panel not in _SQUARES]
    squares = [panel for panel in panels if panel in _SQUARES]
    wanted = area.width() + _CHROME
    if flexible and squares:
        least = room * sum({"network": 0.34, "loss": 0.24}[panel] for panel in flexible)
        height = min(wanted, (room - least) / len(squares))
        rest = room - height * len(squares)
        share = sum(weights[panel] for panel in flexible)
        heights = {panel: height if panel in squares else rest * weights[panel] / share for panel in panels}
    cards, top = {}, area.top()
    for panel in panels:
        cards[panel] = _whole(QRectF(area.left(), top, area.width(), heights[panel]))
        top += heights[panel] + GAP
    return cards


def _row(panels: Sequence[str], area: QRectF) -> dict[str, QRectF]:
    """Put panels beside one another: surface and data as wide as high if there is room, the rest to the loss."""
    room = area.width() - GAP * (len(panels) - 1)
    squares = [panel for panel in panels if panel in _SQUARES]
    widths = dict.fromkeys(panels, room / len(panels))
    if squares and len(squares) < len(panels):
        width = min(area.height() - _CHROME, room * 0.7 / len(squares))
        rest = (room - width * len(squares)) / (len(panels) - len(squares))
        widths = {panel: width if panel in squares else rest for panel in panels}
    cards, left = {}, area.left()
    for panel in panels:
        cards[panel] = _whole(QRectF(left, area.top(), widths[panel], area.height()))
        left += widths[panel] + GAP
    return cards


def _whole(area: QRectF) -> QRectF:
    """Return an area with its sides on whole numbers."""
    left, top = round(area.left()), round(area.top())
    return QRectF(left, top, round(area.right()) - left, round(area.bottom()) - top)
