"""Texts of any length: wrapped and made smaller until they fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import inf

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.theme import figure_font

LEAST_PX = 12
"""No text that is fitted gets smaller, in units of the layout."""

_MOST_LINES = 100
"""No picture has room for more."""

_LINE_HEIGHT = 1.3


@dataclass(frozen=True, slots=True)
class FittedText:
    """A text in lines.

    Attributes
    ----------
    lines : tuple of str
    px : int
        The size of the font, in units of the layout.
    bold : bool
    """

    lines: tuple[str, ...]
    px: int
    bold: bool = False

    @property
    def line_height(self) -> float:
        """How far apart its lines are."""
        return round(self.px * _LINE_HEIGHT)

    @property
    def height(self) -> float:
        """How high it is; 0 for an empty text."""
        return len(self.lines) * self.line_height

    @property
    def width(self) -> float:
        """How wide its longest line is."""
        metrics = QFontMetricsF(figure_font(self.px, bold=self.bold))
        return max((metrics.horizontalAdvance(line) for line in self.lines), default=0.0)

    def cut(self, most_lines: int) -> FittedText:
        """Return its first lines, with dots at the end where that is not all."""
        if len(self.lines) <= most_lines:
            return self
        metrics = QFontMetricsF(figure_font(self.px, bold=self.bold))
        first, last = self.lines[: most_lines - 1], f"{self.lines[most_lines - 1]} …"
        return replace(self, lines=(*first, metrics.elidedText(last, Qt.TextElideMode.ElideRight, self.width)))

    def paint(self, painter: QPainter, area: QRectF, colour: QColor) -> None:
        """Draw it at the left of an area, in its middle from top to bottom."""
        painter.setFont(figure_font(self.px, bold=self.bold))
        painter.setPen(colour)
        pitch = self.line_height
        top = area.center().y() - self.height / 2
        for line in self.lines:
            box = QRectF(area.left(), top, area.width(), pitch)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
            top += pitch


def fit_text(
    text: str,
    width: float,
    px: int,
    *,
    most_lines: int = _MOST_LINES,
    most_height: float = inf,
    bold: bool = False,
) -> FittedText:
    """Return a text in lines that are no wider than `width`.

    Parameters
    ----------
    px : int
        How large it is at most. It gets smaller, but not than :data:`LEAST_PX`, where it has too many lines.
    most_lines, most_height : int, float
        How many lines it may have, and how high they may be, before it gets smaller. A text that is too long for them
        even then has more.
    """
    words = text.split()
    for size in range(px, min(LEAST_PX, px), -1):
        lines = tuple(islice(_wrapped(words, width, QFontMetricsF(figure_font(size, bold=bold))), most_lines + 1))
        fitted = FittedText(lines, size, bold)
        if len(lines) <= most_lines and fitted.height <= most_height:
            return fitted
    size = min(LEAST_PX, px)
    lines = tuple(islice(_wrapped(words, width, QFontMetricsF(figure_font(size, bold=bold))), _MOST_LINES))
    return FittedText(lines, size, bold)


def _wrapped(words: list[str], width: float, metrics: QFontMetricsF) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if metrics.horizontalAdvance(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        # A word that is wider than the line is broken where the line ends.
        while n_fitting := _n_fitting(line, width, metrics):
            yield line[:n_fitting]
            line = line[n_fitting:]
    if line:
        yield line


def _n_fitting(word: str, width: float, metrics: QFontMetricsF) -> int:
    """Return how many letters of a word that is too wide have room, one or more; 0 if all of it has."""
    return next((n for n in range(1, len(word)) if metrics.horizontalAdvance(word[: n + 1]) > width), 0)
