"""Layouts: where the panels of an animation stand.

A picture is laid out in units in which text has the same size in every picture: a small picture has fewer of them, so
that its text can still be read, and what has no room is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from gui.export.animation.settings import TEXT_SIZES

SHORT_SIDE = 720.0
"""The shorter side of a picture in which a unit is a pixel, where text is small."""

MARGIN, GAP, PADDING = 12.0, 10.0, 12.0
HEADER_HEIGHT = 34.0
"""Of a card, with the space above its body."""

LEAST_CARD = (112.0, 104.0)
"""Width and height of the smallest card that a panel is shown in."""

_SQUARES = ("surface", "space", "hidden", "landscape", "data")
_FIRST_LEFT_OUT = ("loss", "data", "landscape", "network", "hidden", "space", "surface")
"""Which panel gives way where there is no room for all."""

_WIDTHS = {"network": 1.15, "surface": 1.0, "space": 1.0, "hidden": 1.0, "landscape": 1.0, "data": 1.0, "loss": 0.62}
_LOW_WIDTHS = {
    "network": 1.0,
    "surface": 1.25,
    "space": 1.25,
    "hidden": 1.25,
    "landscape": 1.25,
    "data": 1.25,
    "loss": 0.65,
}
_HEIGHTS = {"network": 0.7, "surface": 1.0, "space": 1.0, "hidden": 1.0, "landscape": 1.0, "data": 1.0, "loss": 0.55}
_TALL_HEIGHTS = {
    "network": 0.85,
    "surface": 1.5,
    "space": 1.5,
    "hidden": 1.5,
    "landscape": 1.5,
    "data": 1.5,
    "loss": 0.5,
}
"""How the panels share a width, that of a low picture, a height, and the height of a single column."""

_BESIDE = 0.75
"""Two panels in a row want so much of what both want alone."""

_LOW = 190.0
"""A wide picture in which a surface would be lower has all panels beside one another."""

_LEAST_SHARE, _LEAST_ROW = 0.55, 130.0
_MOST_IN_ROW = 4
"""How much of the height belongs to the cards, and to each row of them; a heading that would leave them less is left
out."""


@dataclass(frozen=True, slots=True)
class Headings:
    """How much room the texts round the cards take.

    Attributes
    ----------
    title, counters, caption : float
        How high they are; 0: there is none.
    counters_width : float
        How wide the counters are beside the title; 0: they have a row of their own.
    """

    title: float = 0.0
    counters: float = 0.0
    caption: float = 0.0
    counters_width: float = 0.0


@dataclass(frozen=True, slots=True)
class FrameLayout:
    """Where everything is in a frame.

    Attributes
    ----------
    area : QRectF
        The whole picture.
    title, counters, caption : QRectF
        Empty where there is none, or no room for it.
    cards : dict of str to QRectF
        The card of each panel that has room.
    """

    area: QRectF
    title: QRectF
    counters: QRectF
    caption: QRectF
    cards: dict[str, QRectF]


def pixels_per_unit(size: tuple[int, int], text_size: str) -> float:
    """Return how many pixels a unit of the layout has in a picture of this size.

    Notes
    -----
    The smallest text has 11 units, so it never has less than 11 pixels.
    """
    factor = TEXT_SIZES[text_size]
    return max(min(size) / SHORT_SIDE * factor, 0.8 * factor, 1.0)


def body(card: QRectF) -> QRectF:
    """Return what a card leaves for its picture."""
    return card.adjusted(PADDING, HEADER_HEIGHT, -PADDING, -PADDING)


def header(card: QRectF) -> QRectF:
    """Return the row above a card's picture."""
    return QRectF(card.left() + PADDING, card.top() + 6, card.width() - 2 * PADDING, HEADER_HEIGHT - 10)


def lay_out(
    placing: str,
    panels: Sequence[str],
    size: tuple[float, float],
    headings: Headings,
    weights: Mapping[str, float],
) -> FrameLayout:
    """Return where everything stands in a picture.

    Parameters
    ----------
    placing : str
        "wide", "square" or "tall"; see :data:`gui.export.animation.settings.LAYOUTS`.
    panels : sequence of str
        Keys of :data:`gui.export.animation.settings.PANELS`, in the order in which they are placed.
    size : tuple of float
        Width and height, in units.
    headings : Headings
    weights : mapping of str to float
        Panel -> how many times the room that it has otherwise; 1 for what is not in it.
    """
    width, height = size
    inner = QRectF(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    n_rows = {"wide": 1, "square": len(_square_rows(panels)), "tall": len(panels)}[placing]
    least = max(_LEAST_SHARE * height, _LEAST_ROW * n_rows + GAP * (n_rows - 1))
    title_row, counters_row, caption_row = QRectF(), QRectF(), QRectF()
    if headings.counters_width:
        row = _cut_top(inner, max(headings.title, headings.counters), least)
        title_row = row.adjusted(0, 0, -headings.counters_width, 0)
        counters_row = row.adjusted(title_row.width(), 0, 0, 0)
    else:
        title_row = _cut_top(inner, headings.title, least)
        counters_row = _cut_top(inner, headings.counters, least)
    if 0 < headings.caption <= inner.height() - least - 6:
        caption_row = QRectF(inner.left(), inner.bottom() - headings.caption, inner.width(), headings.caption)
        inner.setBottom(caption_row.top() - 6)
    cards = _placed(placing, panels, inner, weights)
    return FrameLayout(QRectF(0, 0, width, height), title_row, counters_row, caption_row, cards)


def _cut_top(area: QRectF, height: float, least: float) -> QRectF:
    """Take a row off the top of an area, if that leaves the area high enough."""
    if not 0 < height <= area.height() - least - 6:
        return QRectF()
    row = QRectF(area.left(), area.top() - 2, area.width(), height)
    area.setTop(row.bottom() + 8)
    return row


def _placed(placing: str, panels: Sequence[str], area: QRectF, weights: Mapping[str, float]) -> dict[str, QRectF]:
    """Place the panels; some are left out where cards would be too small."""
    arrange = {"wide": _wide, "square": _square, "tall": _tall}[placing]
    shown = list(panels)
    while True:
        cards = arrange(shown, area, _Room(weights))
        fits = all(card.width() >= LEAST_CARD[0] and card.height() >= LEAST_CARD[1] for card in cards.values())
        if fits or len(shown) == 1:
            return cards
        shown.remove(next(panel for panel in _FIRST_LEFT_OUT if panel in shown))


class _Room:
    """How much room panels want beside and below one another."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    def of(self, panels: Sequence[str], shares: Mapping[str, float]) -> float:
        """Return how much a row or column wants that these panels are in: as much as the one that wants most."""
        return max(shares[panel] * self._weights.get(panel, 1.0) for panel in panels)


def _wide(panels: Sequence[str], area: QRectF, room: _Room) -> dict[str, QRectF]:
    lead, others = panels[0], panels[1:]
    if not others:
        return {lead: _whole(area)}
    squares = [panel for panel in others if panel in _SQUARES]
    rows = [[panel] for panel in others]
    if len(others) > 2 and len(squares) > 1:
        # Three below one another would be flat: those that are as high as wide share a row.
        rows = [squares, *([panel] for panel in others if panel not in squares)]
    wanted = max(sum(room.of([panel], _WIDTHS) for panel in row) * (_BESIDE if len(row) > 1 else 1.0) for row in rows)
    left, right = _split(area, [room.of([lead], _WIDTHS), wanted], across=True)
    cards = {lead: _whole(left), **_rows(rows, right, room)}
    if any(cards[panel].height() < _LOW for panel in squares):
        widths = [room.of([panel], _LOW_WIDTHS) for panel in panels]
        return {panel: _whole(part) for panel, part in zip(panels, _split(area, widths, across=True), strict=True)}
    return cards


def _square(panels: Sequence[str], area: QRectF, room: _Room) -> dict[str, QRectF]:
    return _rows(_square_rows(panels), area, room)


def _square_rows(panels: Sequence[str]) -> list[Sequence[str]]:
    """Return which panels stand beside each other: few in the first row, and no more below than have room."""
    n_first = 2 if len(panels) > 3 else 1
    first, others = panels[:n_first], panels[n_first:]
    middle = len(others) if len(others) <= _MOST_IN_ROW else -(-len(others) // 2)
    return [row for row in (first, others[:middle], others[middle:]) if row]


def _tall(panels: Sequence[str], area: QRectF, room: _Room) -> dict[str, QRectF]:
    heights = [room.of([panel], _TALL_HEIGHTS) for panel in panels]
    return {panel: _whole(part) for panel, part in zip(panels, _split(area, heights, across=False), strict=True)}


def _rows(rows: Sequence[Sequence[str]], area: QRectF, room: _Room) -> dict[str, QRectF]:
    """Put rows of panels below one another."""
    cards: dict[str, QRectF] = {}
    for row, part in zip(rows, _split(area, [room.of(row, _HEIGHTS) for row in rows], across=False), strict=True):
        widths = [room.of([panel], _WIDTHS) for panel in row]
        cards |= {panel: _whole(cell) for panel, cell in zip(row, _split(part, widths, across=True), strict=True)}
    return cards


def _split(area: QRectF, weights: Sequence[float], *, across: bool) -> list[QRectF]:
    """Divide an area by weights, from left to right or from top to bottom, each part large enough if possible."""
    length = (area.width() if across else area.height()) - GAP * (len(weights) - 1)
    least = min(LEAST_CARD[0 if across else 1], length / len(weights))
    lengths = _shared(length, weights, least)
    parts, start = [], area.left() if across else area.top()
    for part in lengths:
        if across:
            parts.append(QRectF(start, area.top(), part, area.height()))
        else:
            parts.append(QRectF(area.left(), start, area.width(), part))
        start += part + GAP
    return parts


def _shared(length: float, weights: Sequence[float], least: float) -> list[float]:
    """Return a length divided by weights, where no part is less than `least`."""
    short: set[int] = set()
    while True:
        free = length - least * len(short)
        total = sum(weight for index, weight in enumerate(weights) if index not in short)
        parts = [least if index in short else free * weight / total for index, weight in enumerate(weights)]
        too_short = {index for index, part in enumerate(parts) if part < least - 1e-6}
        if not too_short:
            return parts
        short |= too_short


def _whole(area: QRectF) -> QRectF:
    """Return an area with its sides on whole numbers."""
    left, top = round(area.left()), round(area.top())
    return QRectF(left, top, round(area.right()) - left, round(area.bottom()) - top)
