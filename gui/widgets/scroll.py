"""What may be larger than there is room for: a column, or all of a dialog but its foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

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


class _Scroll(QScrollArea):
    """Shows a widget in the size that it asks for, and lets it be scrolled both ways where there is less room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(content)

    def sizeHint(self) -> QSize:
        """Return the size of the content."""
        content = self.widget()
        return QSize() if content is None else content.sizeHint().expandedTo(content.minimumSizeHint())


def let_scroll(dialog: QDialog) -> None:
    """Put all that a dialog shows into a scroll area, but for the row of buttons at the foot of a column."""
    shown = dialog.layout()
    assert shown is not None
    margins = shown.contentsMargins()
    foot = shown.takeAt(shown.count() - 1) if isinstance(shown, QVBoxLayout) else None
    content = QWidget()
    content.setLayout(shown)
    shown.setContentsMargins(0, 0, 0, 0)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(margins)
    column.addWidget(_Scroll(content), 1)
    row, button = (None, None) if foot is None else (foot.layout(), foot.widget())
    if isinstance(row, QLayout):
        column.addLayout(row)
    elif button is not None:
        column.addWidget(button)
