"""ProgressLine: every page of a step as a dot on a line, with the name of each part over its dots."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import theme
from gui.items.focus_ring import paint_focus_ring
from gui.program.guard import guarded
from gui.widgets.focus import leave_field
from gui.widgets.page import begin_page, off_page, on_page, page_of
from gui.widgets.texts import as_tip
from model.walk.pages import KINDS, Heading

_HEIGHT = 36
_TEXT_HEIGHT = 17
_DOT_Y = 26.0
_DOT_RADIUS = 4.5
_PRESENT_RADIUS = 6.0
_FONT_PX = 11
_GAP = 8.0


class ProgressLine(QWidget):
    """Shows which page of all is open. A click on a dot opens its page, as do the left and right arrow keys."""

    chosen = Signal(int)

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)

    def __init__(self) -> None:
        super().__init__()
        self._headings: tuple[Heading, ...] = ()
        self._present = 0
        self.setObjectName("progress_line")
        self.setAccessibleName("Pages of the step")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.manager().changed.connect(self.update)

    def show_pages(self, headings: tuple[Heading, ...], present: int) -> None:
        """Show these pages, of which the one with the number `present` is open."""
        if (headings, present) != (self._headings, self._present):
            self._headings, self._present = headings, present
            title = headings[present].title if headings else ""
            self.setAccessibleDescription(f"Page {present + 1} of {len(headings)}: {title}")
            self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row of names and a row of dots."""
        return QSize(300, theme.px(_HEIGHT))

    def place_of(self, number: int) -> QPointF:
        """Return where the dot of a page is, in pixels."""
        return off_page(QPointF(self._places()[number], _DOT_Y))

    def _groups(self) -> list[tuple[str, int]]:
        """Return the name of each part, and how many pages it has."""
        return [(KINDS[kind], len(list(pages))) for kind, pages in groupby(self._headings, lambda page: page.kind)]

    def _spans(self) -> list[tuple[str, int, float, float]]:
        """Return the name, the number of pages, the left side and the width of each part."""
        groups = self._groups()
        metrics = QFontMetricsF(theme.figure_font(_FONT_PX))
        widths = [metrics.horizontalAdvance(name) + _GAP for name, _ in groups]
        # What is left goes to the parts of many pages.
        spare = max(page_of(self).width() - sum(widths), 0.0) / max(len(self._headings), 1)
        spans, left = [], 0.0
        for (name, count), width in zip(groups, widths, strict=True):
            spans.append((name, count, left, width + spare * count))
            left += width + spare * count
        return spans

    def _places(self) -> list[float]:
        """Return the x coordinate of each dot."""
        return [
            left + width * (index + 0.5) / count for _, count, left, width in self._spans() for index in range(count)
        ]

    def _page_at(self, position: QPointF) -> int | None:
        places = self._places()
        if not places:
            return None
        return min(range(len(places)), key=lambda number: abs(places[number] - on_page(position).x()))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names, line and dots."""
        colours, places = theme.current(), self._places()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        begin_page(painter, self)
        painter.setFont(theme.figure_font(_FONT_PX))
        first = 0
        for name, count, left, width in self._spans():
            is_present = first <= self._present < first + count
            painter.setPen(colours.text if is_present else colours.muted)
            painter.drawText(QRectF(left, 0, width, _TEXT_HEIGHT), Qt.AlignmentFlag.AlignCenter, name)
            first += count
        if places:
            painter.setPen(QPen(colours.line, 2.0))
            painter.drawLine(QPointF(places[0], _DOT_Y), QPointF(places[-1], _DOT_Y))
            painter.setPen(QPen(colours.accent, 2.0))
            painter.drawLine(QPointF(places[0], _DOT_Y), QPointF(places[self._present], _DOT_Y))
        for number, x in enumerate(places):
            is_behind = number <= self._present
            painter.setPen(QPen(colours.accent if is_behind else colours.muted, 1.5))
            painter.setBrush(colours.accent if number == self._present else colours.panel)
            radius = _PRESENT_RADIUS if number == self._present else _DOT_RADIUS
            painter.drawEllipse(QPointF(x, _DOT_Y), radius, radius)
        painter.restore()
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), colours)
        painter.end()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the page whose dot is nearest."""
        leave_field()
        number = self._page_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number is not None:
            self.chosen.emit(number)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the page under the mouse is about."""
        number = self._page_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
        if number is not None:
            QToolTip.showText(event.globalPosition().toPoint(), as_tip(self._headings[number].title), self)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Hide what was said of a page."""
        QToolTip.hideText()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the page before or after the present one, or the first or last."""
        last = len(self._headings) - 1
        numbers = {
            Qt.Key.Key_Left: self._present - 1,
            Qt.Key.Key_Right: self._present + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        number = numbers.get(Qt.Key(event.key()))
        if number is None or last < 0:
            event.ignore()
        else:
            self.chosen.emit(max(0, min(number, last)))
