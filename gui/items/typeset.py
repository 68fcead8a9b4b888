"""Typeset: formulas in LaTeX as pictures, sharp at every scale."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.items.latex import COLOUR_PATTERN, without_colours
from gui.theme import Theme, figure_font

_MOST_KEPT = 512
"""Formulas; the picture of one has some ten to hundred kilobytes."""

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
    return _typeset(latex, size_px, colour.name())


def dyed(latex: str, theme: Theme) -> str:
    """Return a formula whose parts have the colours of a theme; see :func:`gui.items.latex.coloured`."""
    return re.sub(COLOUR_PATTERN, lambda match: rf"\textcolor{{{getattr(theme, match[1]).name()}}}", latex)


@lru_cache(maxsize=_MOST_KEPT)
def _typeset(latex: str, size_px: float, colour: str) -> Typeset:
    from gui.items.engraving import engrave

    try:
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
