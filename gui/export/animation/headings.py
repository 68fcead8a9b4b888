"""Headings: titles and captions of an animation, and the names of its panels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gui.export.animation.texts import FittedText, fit_text
from gui.theme import Theme, figure_font

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TITLE_PX, _CAPTION_PX, _PANEL_PX = 22, 15, 12
_LEAST_LINE_PX = 16
_SIDE = 4.0


def fitted_title(text: str, width: float, most_height: float) -> FittedText:
    """Return the title of the animation for a row of this width, in one line if it need not get much smaller."""
    line = fit_text(text, width - 2 * _SIDE, _TITLE_PX, most_lines=1, bold=True)
    if len(line.lines) < 2 and line.px >= _LEAST_LINE_PX:
        return line
    return fit_text(text, width - 2 * _SIDE, _TITLE_PX, most_height=most_height, bold=True)


def fitted_caption(text: str, width: float) -> FittedText:
    """Return the text below the picture for a row of this width, in one line if that is possible."""
    return fit_text(text, width - 2 * _SIDE, _CAPTION_PX, most_lines=1)


def paint_heading(painter: QPainter, row: QRectF, text: FittedText, theme: Theme) -> None:
    """Draw a title or a caption into its row."""
    text.paint(painter, row.adjusted(_SIDE, 0, -_SIDE, 0), theme.text if text.bold else theme.muted)


def paint_panel_title(painter: QPainter, row: QRectF, text: str, theme: Theme) -> float:
    """Draw the name of a panel in capitals; return where it ends."""
    painter.setFont(_panel_font())
    painter.setPen(theme.muted)
    painter.drawText(row, _LEFT, text.upper())
    return row.left() + panel_title_width(text)


def panel_title_width(text: str) -> float:
    """Return how wide the name of a panel is."""
    return QFontMetricsF(_panel_font()).horizontalAdvance(text.upper())


def _panel_font() -> QFont:
    font = figure_font(_PANEL_PX, bold=True)
    font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 0.8)
    return font
