"""What may be larger than there is room for: any widget, a column, or all of a dialog but its foot."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from gui.program.guard import guarded

_LEAST_HEIGHT_PX = 80
_BAR_GAP_PX = 5

_FLIP_SECONDS = 0.25
"""The content gets the width of the bar again so soon where it goes back and forth."""


class Scroll(QScrollArea):
    """Shows a widget as large as there is room, or as large as it has to be, and lets it be scrolled.

    Notes
    -----
    What is lower where it is narrower may need a bar where it has all of the room, and none beside that bar.
    QScrollArea (Qt 6.11) then puts the bar on and off, each change within the last, until the stack overflows. Here
    the bar stays until there is more or less room, or the content has changed.
    """

    def __init__(self, content: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self._widened: tuple[QSize, float] = (QSize(), 0.0)
        self._steadied: tuple[QSize, QSize] | None = None
        if content is not None:
            self.setWidget(content)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the bar where the content would go back and forth."""
        if not isinstance(event, QResizeEvent) or watched is not self.widget():
            return super().eventFilter(watched, event)
        is_wider = event.size().width() > event.oldSize().width()
        if not is_wider or self._steadied is not None or not self._has_flipped():
            return super().eventFilter(watched, event)
        self._steadied = self._needs()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        result = super().eventFilter(watched, event)
        self._steadied = self._needs()
        return result

    @guarded
    def event(self, event: QEvent) -> bool:
        """Try without the bar again where something has changed."""
        is_due = self._steadied is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if is_due and self._steadied != self._needs():
            self._steadied, self._widened = None, (QSize(), 0.0)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        return super().event(event)

    def _has_flipped(self) -> bool:
        """Return whether the content, which is wider now, was so just before, in as much room."""
        before, self._widened = self._widened, (self.size(), monotonic())
        return before[0] == self._widened[0] and self._widened[1] - before[1] < _FLIP_SECONDS

    def _needs(self) -> tuple[QSize, QSize]:
        """Return how much room there is, and how much of it the content has to have."""
        content = self.widget()
        return self.size(), QSize() if content is None else content.minimumSizeHint()


class VerticalScroll(Scroll):
    """A column as wide as the room, to be scrolled up and down where it is higher.

    Attributes
    ----------
    column : QVBoxLayout
        What is shown.
    """

    width_changed = Signal(int)
    """The column has so many pixels now; it has not been laid out for them yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._content)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say how wide the column is before it is laid out; beside a scroll bar it keeps a distance."""
        margin = _BAR_GAP_PX if self.viewport().width() < self.width() else 0
        self.column.setContentsMargins(0, 0, margin, 0)
        self.width_changed.emit(self.viewport().width() - margin)
        super().resizeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return the width of the column beside a scroll bar, and a height that is worth scrolling."""
        needed = self._content.minimumSizeHint()
        width = needed.width() + self.verticalScrollBar().sizeHint().width() + _BAR_GAP_PX
        return QSize(width, min(needed.height(), _LEAST_HEIGHT_PX))

    def sizeHint(self) -> QSize:
        """Return the size of the column."""
        return self._content.sizeHint()


class _DialogScroll(Scroll):
    """Shows a widget in the size that it asks for, and lets it be scrolled both ways where there is less room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__(content)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def sizeHint(self) -> QSize:
        """Return the size of the content."""
        content = self.widget()
        return QSize() if content is None else content.sizeHint().expandedTo(content.minimumSizeHint())


def let_scroll(dialog: QDialog) -> None:
    """Put all that a dialog shows into a scroll area, but for the row of buttons at the foot of a column."""
    shown = dialog.layout()
    assert shown is not None
    margins = shown.contentsMargins()
    has_foot = isinstance(shown, QVBoxLayout) and shown.count() > 1
    foot = shown.takeAt(shown.count() - 1) if has_foot else None
    content = QWidget()
    content.setLayout(shown)
    shown.setContentsMargins(0, 0, 0, 0)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(margins)
    column.addWidget(_DialogScroll(content), 1)
    row, button = (None, None) if foot is None else (foot.layout(), foot.widget())
    if isinstance(row, QLayout):
        column.addLayout(row)
    elif button is not None:
        column.addWidget(button)
