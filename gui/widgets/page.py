"""Page: what a widget is to whatever paints in it, in units that grow with the interface.

Pictures that are painted alike in a window and in a file know one size of letters and lines. A widget paints them on a
page: as many units large as it is pixels at the scale 1.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from gui import theme


def page_of(widget: QWidget) -> QRectF:
    """Return the page of a widget."""
    return QRectF(QPointF(), QSizeF(widget.size()) / theme.manager().scale)


def begin_page(painter: QPainter, widget: QWidget) -> QRectF:
    """Let a painter of a widget paint in units of its page from now on, and return that."""
    scale = theme.manager().scale
    painter.scale(scale, scale)
    return page_of(widget)


def on_page(position: QPointF) -> QPointF:
    """Return where a position in a widget is on its page."""
    return position / theme.manager().scale


def off_page(place: QPointF) -> QPointF:
    """Return where a place of a page is in its widget."""
    return place * theme.manager().scale


def rect_on_page(rect: QRectF) -> QRectF:
    """Return where a rectangle in a widget is on its page."""
    return QRectF(on_page(rect.topLeft()), rect.size() / theme.manager().scale)


def rect_off_page(rect: QRectF) -> QRectF:
    """Return where a rectangle of a page is in its widget."""
    return QRectF(off_page(rect.topLeft()), rect.size() * theme.manager().scale)
