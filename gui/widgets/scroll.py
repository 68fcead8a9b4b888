"""VerticalScroll: what may be higher than there is room for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

_LEAST_HEIGHT_PX = 80
_BAR_GAP_PX = 5


class VerticalScroll(QScrollArea):
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
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._content)

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
