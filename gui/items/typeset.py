"""Typeset: formulas in LaTeX as pictures, sharp at every scale."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.items.latex import COLOUR_PATTERN, without_colours
from gui.items.matrices import MatrixPicture, cut
from gui.items.numerals import Numerals, split_numerals
from gui.theme import Theme, figure_font, legible

_MOST_KEPT = 512
"""Formulas; the picture of one has some ten to hundred kilobytes."""

_LOADING_PX = 16.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Typeset:
    """A formula as a picture.

    Attributes
    ----------
    size : QSizeF
        In pixels of a screen whose scale is 1.
    ascent : float
        How far below the upper edge the baseline is.
    is_typeset : bool
        Otherwise it shows its LaTeX, which is wrong or has what cannot be typeset.
    """

    size: QSizeF
    ascent: float
    is_typeset: bool
    _draw: Callable[[QPainter, QRectF], object]

    def paint(self, painter: QPainter, top_left: QPointF) -> None:
        """Draw it, in the units of the painter, whatever scale that has."""
        painter.save()
        self._draw(painter, QRectF(top_left, self.size))
        painter.restore()


def typeset(latex: str, size_px: float, colour: QColor) -> Typeset:
    """Return a formula as a picture; the last ones are kept.

    Parameters
    ----------
    latex : str
        Where it is wrong, the picture is its text.
    size_px : float
        Of the letters, in pixels of a screen whose scale is 1.
    colour : QColor
        Of what has no colour of its own; the named ones are put in with :func:`dyed`.
    """
    parts = cut(latex)
    if len(parts) == 1 and isinstance(parts[0], str):
        return _without_matrices(latex, size_px, colour)
    return _joined(
        [
            _without_matrices(part, size_px, colour) if isinstance(part, str) else MatrixPicture(part, size_px, colour)
            for part in parts
        ]
    )


def _joined(parts: Sequence[Typeset | MatrixPicture]) -> Typeset:
    """Return pictures beside each other, on one baseline."""
    ascent = max(part.ascent for part in parts)
    descent = max(part.size.height() - part.ascent for part in parts)
    size = QSizeF(sum(part.size.width() for part in parts), ascent + descent)

    def draw(painter: QPainter, area: QRectF) -> None:
        x = area.left()
        for part in parts:
            part.paint(painter, QPointF(x, area.top() + ascent - part.ascent))
            x += part.size.width()

    return Typeset(size, ascent, all(part.is_typeset for part in parts if isinstance(part, Typeset)), draw)


def _without_matrices(latex: str, size_px: float, colour: QColor) -> Typeset:
    split = split_numerals(latex)
    if split is None:
        return _typeset(latex, size_px, colour.name())
    symbols, numbers = split
    return _beside(_typeset(symbols, size_px, colour.name()) if symbols else None, numbers, size_px, colour)


def _beside(symbols: Typeset | None, numbers: Numerals, size_px: float, colour: QColor) -> Typeset:
    """Return a formula that ends in numbers: of symbols alone the picture is kept, and numbers need none."""
    start, ascent, descent = (0.0, 0.0, 0.0)
    if symbols is not None:
        start, ascent, descent = symbols.size.width(), symbols.ascent, symbols.size.height() - symbols.ascent
    ascent, descent = max(ascent, numbers.ascent * size_px), max(descent, numbers.descent * size_px)

    def draw(painter: QPainter, area: QRectF) -> None:
        baseline = area.top() + ascent
        if symbols is not None:
            symbols.paint(painter, QPointF(area.left(), baseline - symbols.ascent))
        numbers.paint(painter, QPointF(area.left() + start, baseline), size_px, colour)

    size = QSizeF(start + numbers.width * size_px, ascent + descent)
    return Typeset(size, ascent, symbols is None or symbols.is_typeset, draw)


def load_early() -> Thread:
    """Load what the first formula needs, in a thread of its own, so that whoever asks for one does not wait for it."""

    def load() -> None:
        from gui.items.engraving import engrave

        engrave("z", _LOADING_PX, "#000000")

    thread = Thread(target=load, name="load typesetting")
    thread.start()
    return thread


def dyed(latex: str, theme: Theme) -> str:
    """Return a formula whose parts have the colours of a theme; see :func:`gui.items.latex.coloured`."""

    def dye(match: re.Match[str]) -> str:
        return rf"\textcolor{{{legible(getattr(theme, match[1]), theme).name()}}}"

    return re.sub(COLOUR_PATTERN, dye, latex)


def flaw_of(latex: str) -> str:
    """Return what is wrong with a formula, in words; nothing where it is shown as one; see :func:`engraving.flaw`."""
    from gui.items.engraving import flaw

    return flaw(latex)


@lru_cache(maxsize=_MOST_KEPT)
def _typeset(latex: str, size_px: float, colour: str) -> Typeset:
    try:
        from gui.items.engraving import engrave

        engraving = engrave(latex, size_px, colour)
    except Exception as error:
        # ziamath and latex2mathml raise many kinds, from IndexError to their own.
        _log.warning("cannot typeset %s: %r", latex, error)
        return _plain(without_colours(latex), size_px, colour)
    renderer = QSvgRenderer(QByteArray(engraving.svg))
    size = renderer.viewBoxF().size()
    return Typeset(size, size.height() - engraving.descent, True, renderer.render)


def _plain(text: str, size_px: float, colour: str) -> Typeset:
    """Return a text as it is."""
    font = figure_font(round(size_px))
    metrics = QFontMetricsF(font)
    size = QSizeF(metrics.horizontalAdvance(text), metrics.height())

    def draw(painter: QPainter, area: QRectF) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(area.topLeft() + QPointF(0.0, metrics.ascent()), text)

    return Typeset(size, metrics.ascent(), False, draw)
