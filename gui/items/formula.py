"""Formulas in lines: typeset, broken where they are too long, in the colours of the theme, copied as LaTeX."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui import theme
from gui.items.focus_ring import paint_focus_ring
from gui.items.latex import without_colours
from gui.items.line_breaks import broken
from gui.items.typeset import Typeset, dyed, typeset
from gui.program.guard import guarded
from gui.widgets.page import begin_page, page_of, rect_on_page

_SIZE_PX = 16
_LEAST_SCALE = 0.5
"""How small, of its size, what cannot be broken may become; what is still too wide is cut off."""

_MARGIN_PX = 4.0
_INDENT_PX = 24.0
_GAP_PX = 8.0
_BROKEN_GAP_PX = 3.0
_LEAST_WIDTH_PX = 120
_TURN_S = 0.012
"""How long the window may be kept from other events while formulas are typeset."""

_LIVE_SHARE = 11
"""How much longer than such a turn the pause after it is while others will soon come."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A picture, where it is from the upper left corner of its line, and how large: of its size."""

    picture: Typeset
    place: QPointF
    scale: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it is shown."""

    rows: tuple[_Row, ...]
    height: float


class FormulaView(QWidget):
    """Shows formulas below each other, no wider than it is. It is as high as they need at its width.

    Many formulas come into view one after the other, so that the window goes on; until then the ones before stay. What
    is not seen is not typeset again.

    Parameters
    ----------
    name : str
        The accessible name.
    size_px : int
        Of the letters, at the scale 1 of the interface.
    """

    def __init__(self, name: str, size_px: int = _SIZE_PX) -> None:
        super().__init__()
        self._size_px = size_px
        self._latex: tuple[str, ...] = ()
        self._lines: list[_Line] = []
        self._stale: set[int] = set()
        self._is_live = False
        self._is_tabbed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        theme.measure(self, least_width=_LEAST_WIDTH_PX)
        theme.manager().changed.connect(self._start)

    @property
    def latex(self) -> tuple[str, ...]:
        """The formulas that are shown, without their colours."""
        return tuple(map(without_colours, self._latex))

    @property
    def is_ready(self) -> bool:
        """Whether what can be seen of them is as they are."""
        return self._next() is None

    def show_lines(self, lines: Sequence[str], *, live: bool = False) -> None:
        """Show formulas.

        Parameters
        ----------
        lines : sequence of str
            LaTeX, with the colours of :func:`gui.items.latex.coloured`; an empty one is a gap.
        live : bool
            Whether others will soon replace them: then they take only a small part of the time.
        """
        before, self._latex = self._latex, tuple(lines)
        if self._latex == before:
            return
        self._is_live = live
        self.setAccessibleDescription("\n".join(self.latex))
        self._stale |= {index for index, line in enumerate(before) if line not in self._latex[index : index + 1]}
        del self._lines[len(self._latex) :]
        self._go_on()

    @Slot()
    def copy(self) -> None:
        """Put the formulas on the clipboard as LaTeX."""
        QGuiApplication.clipboard().setText("\n".join(self.latex))

    def sizeHint(self) -> QSize:
        """Return the size that the lines have at the present width."""
        height = sum(line.height for line in self._lines) + _GAP_PX * max(len(self._lines) - 1, 0)
        scale = theme.manager().scale
        return QSize(theme.px(_LEAST_WIDTH_PX), ceil(scale * (height + 2 * _MARGIN_PX)))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._start()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Typeset what came while nobody saw it."""
        super().showEvent(event)
        self._go_on()

    @Slot()
    def _start(self) -> None:
        """Typeset every line again."""
        self._stale = set(range(len(self._lines)))
        self._is_live = False
        self._go_on()

    def _next(self) -> int | None:
        """Return the line to typeset next: one that is not there yet, or else one that is seen and no longer holds."""
        if len(self._lines) < len(self._latex):
            return len(self._lines)
        if not self._stale:
            return None
        visible = rect_on_page(QRectF(self.visibleRegion().boundingRect()))
        seen = (index for index, top, bottom in self._places() if _meets(visible, top, bottom))
        return next((index for index in seen if index in self._stale), None)

    def _places(self) -> Iterator[tuple[int, float, float]]:
        """Return the index, the top and the bottom of each line on the page."""
        top = _MARGIN_PX
        for index, line in enumerate(self._lines):
            yield index, top, top + line.height
            top += line.height + _GAP_PX

    @Slot()
    @guarded
    def _go_on(self) -> None:
        """Typeset as many lines as there is time for, and ask for another turn if some are left."""
        start = time.perf_counter()
        while self.isVisible() and (index := self._next()) is not None:
            self._lines[index : index + 1] = [self._laid_out(self._latex[index])]
            self._stale.discard(index)
            if time.perf_counter() > start + _TURN_S:
                break
        if self.isVisible() and not self.is_ready:
            self._timer.start(round(1000 * _LIVE_SHARE * (time.perf_counter() - start)) if self._is_live else 0)
        if self.sizeHint().height() != self.height():
            self.updateGeometry()
        self.update()

    def _laid_out(self, latex: str) -> _Line:
        """Return a formula in rows."""
        if not latex:
            return _Line((), self._size_px / 2)
        room = page_of(self).width() - 2 * _MARGIN_PX
        colour = theme.current().text

        def picture(part: str) -> Typeset:
            return typeset(part, self._size_px, colour)

        def width_of(part: str) -> float:
            return picture(part).size.width()

        whole = dyed(latex, theme.current())
        parts = [whole]
        if width_of(whole) > room:
            parts = broken(whole, width_of, room - _INDENT_PX)
        rows = []
        y = 0.0
        for index, part in enumerate(parts):
            x = _INDENT_PX if index else 0.0
            shown = picture(part)
            scale = max(min((room - x) / max(shown.size.width(), 1.0), 1.0), _LEAST_SCALE)
            rows.append(_Row(shown, QPointF(x, y), scale))
            y += scale * shown.size.height() + _BROKEN_GAP_PX
        return _Line(tuple(rows), y - _BROKEN_GAP_PX)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines that are in view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        begin_page(painter, self)
        visible = rect_on_page(QRectF(event.rect()))
        for index, top, bottom in self._places():
            if _meets(visible, top, bottom):
                for row in self._lines[index].rows:
                    painter.save()
                    painter.translate(row.place + QPointF(_MARGIN_PX, top))
                    painter.scale(row.scale, row.scale)
                    row.picture.paint(painter, QPointF(0.0, 0.0))
                    painter.restore()
        painter.restore()
        if not (self._timer.isActive() or self.is_ready):
            # A line that came into view was passed over while it was not.
            self._timer.start(0)
        if self._is_tabbed:
            paint_focus_ring(painter, QRectF(self.rect()), theme.current())
        painter.end()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, if it brought the focus."""
        self._is_tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is elsewhere."""
        self._is_tabbed = False
        super().focusOutEvent(event)

    @guarded
    def event(self, event: QEvent) -> bool:
        """Take Ctrl+C from the window, where it copies points."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the formulas."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy the formulas."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy LaTeX").triggered.connect(self.copy)
        menu.popup(event.globalPos())


def _meets(visible: QRectF, top: float, bottom: float) -> bool:
    return top <= visible.bottom() and bottom >= visible.top()
