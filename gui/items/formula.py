"""Formulas in lines: typeset, broken where they are too long, in the colours of the theme, copied as LaTeX."""

from __future__ import annotations

import time
from collections.abc import Sequence
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
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui import theme
from gui.items.latex import without_colours
from gui.items.line_breaks import broken
from gui.items.typeset import Typeset, dyed, typeset
from gui.program.guard import guarded

_SIZE_PX = 16
_LEAST_SHARE = 0.6
"""How small, of its size, what cannot be broken may become; what is still too wide is cut off."""

_MARGIN_PX = 4.0
_INDENT_PX = 24.0
_GAP_PX = 8.0
_BROKEN_GAP_PX = 3.0
_LEAST_WIDTH_PX = 120
_TURN_S = 0.012
"""How long the window may be kept from other events while formulas are typeset."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A picture, and where it is from the upper left corner of its line."""

    picture: Typeset
    place: QPointF


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it is shown."""

    rows: tuple[_Row, ...]
    height: float


class FormulaView(QWidget):
    """Shows formulas below each other, no wider than it is. It is as high as they need at its width.

    Many formulas come into view one after the other, so that the window goes on; until then the ones before stay.

    Parameters
    ----------
    name : str
        The accessible name.
    size_px : int
        Of the letters.
    """

    def __init__(self, name: str, size_px: int = _SIZE_PX) -> None:
        super().__init__()
        self._size_px = size_px
        self._latex: tuple[str, ...] = ()
        self._lines: list[_Line] = []
        self._n_ready = 0
        self._is_tabbed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setMinimumWidth(_LEAST_WIDTH_PX)
        theme.manager().changed.connect(self._start)

    @property
    def latex(self) -> tuple[str, ...]:
        """The formulas that are shown, without their colours."""
        return tuple(map(without_colours, self._latex))

    @property
    def is_ready(self) -> bool:
        """Whether all of them are in view."""
        return self._n_ready == len(self._latex)

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show formulas.

        Parameters
        ----------
        lines : sequence of str
            LaTeX, with the colours of :func:`gui.items.latex.coloured`; an empty one is a gap.
        """
        if tuple(lines) != self._latex:
            self._latex = tuple(lines)
            self.setAccessibleDescription("\n".join(self.latex))
            self._start()

    @Slot()
    def copy(self) -> None:
        """Put the formulas on the clipboard as LaTeX."""
        QGuiApplication.clipboard().setText("\n".join(self.latex))

    def sizeHint(self) -> QSize:
        """Return the size that the lines have at the present width."""
        height = sum(line.height for line in self._lines) + _GAP_PX * max(len(self._lines) - 1, 0)
        return QSize(_LEAST_WIDTH_PX, ceil(height + 2 * _MARGIN_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew for another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._start()

    @Slot()
    def _start(self) -> None:
        self._n_ready = 0
        self._go_on()

    @Slot()
    @guarded
    def _go_on(self) -> None:
        """Typeset as many lines as there is time for, and ask for another turn if some are left."""
        end = time.perf_counter() + _TURN_S
        del self._lines[len(self._latex) :]
        while self._n_ready < len(self._latex):
            line = self._laid_out(self._latex[self._n_ready])
            self._lines[self._n_ready : self._n_ready + 1] = [line]
            self._n_ready += 1
            if time.perf_counter() > end:
                break
        if not self.is_ready:
            self._timer.start(0)
        if self.sizeHint().height() != self.height():
            self.updateGeometry()
        self.update()

    def _laid_out(self, latex: str) -> _Line:
        """Return a formula in rows."""
        if not latex:
            return _Line((), self._size_px / 2)
        room = self.width() - 2 * _MARGIN_PX
        colour = theme.current().text

        def picture(part: str, size_px: float) -> Typeset:
            return typeset(part, size_px, colour)

        def width_of(part: str) -> float:
            return picture(part, self._size_px).size.width()

        whole = dyed(latex, theme.current())
        parts = [whole]
        if width_of(whole) > room:
            parts = broken(whole, width_of, room - _INDENT_PX)
        rows = []
        y = 0.0
        for index, part in enumerate(parts):
            x = _INDENT_PX if index else 0.0
            shown = picture(part, self._size_px)
            share = (room - x) / max(shown.size.width(), 1.0)
            if share < 1.0:
                shown = picture(part, self._size_px * max(share, _LEAST_SHARE) * 0.99)
            rows.append(_Row(shown, QPointF(x, y)))
            y += shown.size.height() + _BROKEN_GAP_PX
        return _Line(tuple(rows), y - _BROKEN_GAP_PX)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines that are in view."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        visible = QRectF(event.rect())
        painter.translate(_MARGIN_PX, _MARGIN_PX)
        visible.translate(-_MARGIN_PX, -_MARGIN_PX)
        y = 0.0
        for line in self._lines:
            if y <= visible.bottom() and y + line.height >= visible.top():
                for row in line.rows:
                    row.picture.paint(painter, row.place + QPointF(0.0, y))
            y += line.height + _GAP_PX
        if self._is_tabbed:
            painter.resetTransform()
            painter.setPen(QPen(theme.current().accent, 1.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, if it brought the focus."""
        self._is_tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is elsewhere."""
        self._is_tabbed = False
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+C from the window, where it copies points."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the formulas."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy the formulas."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Copy LaTeX").triggered.connect(self.copy)
        menu.popup(event.globalPos())
