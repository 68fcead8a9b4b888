"""Small widgets that several panels use."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
)

from gui import theme
from gui.program.guard import guarded
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip

PADDING = theme.tokens()["space_px"]["panel_padding"]
GAP = theme.tokens()["space_px"]["gap"]


_HEADER_HEIGHT = 28


def label(text: str = "", role: str = "") -> QLabel:
    """Return a label that shows its text as it is; `role` is "title", "muted", "small" or "error", as in style.qss."""
    result = QLabel(text)
    # Names from files are shown, and Qt takes what looks like HTML for HTML.
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    return result


def live_figure(px: int, width: int, height: int) -> QLabel:
    """Return a label for a number that changes while a network trains, in bold figures of `px` pixels.

    Its size is fixed: a label whose text changes otherwise has the whole window laid out again.
    """
    figure = label()
    figure.setFont(theme.figure_font(px, bold=True))
    theme.measure(figure, font=px, width=width, height=height)
    return figure


class ElidedLabel(QLabel):
    """A label in one line that is cut with … where there is no room, and then has its whole text as a tip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self._tip = ""

    def show_text(self, text: str, tip: str = "") -> None:
        """Show a text; `tip` is what the tool tip says beside it."""
        self._whole, self._tip = text, tip
        self._elide()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text for the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        parts = (self._whole if shown != self._whole else "", self._tip)
        self.setToolTip(as_tip("\n".join(filter(None, parts))))
        self.setAccessibleName(self._whole)


class Panel(QFrame):
    """A card with a title row.

    Parameters
    ----------
    title : str
        In capitals on screen, and the accessible name.
    """

    enlarging_asked = Signal()
    """Somebody has clicked twice on the title, or beside it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = label(title.upper(), "title")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addStrut(_HEADER_HEIGHT)
        self.header.addWidget(self.title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(PADDING, 6, PADDING, PADDING)
        self.body.setSpacing(6)
        self.body.addLayout(self.header)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be done with a field that somebody typed in."""
        leave_field()
        super().mousePressEvent(event)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for more room, or less, where it is in the title row."""
        below_title = self.body.contentsMargins().top() + _HEADER_HEIGHT
        if event.button() is Qt.MouseButton.LeftButton and event.position().y() < below_title:
            self.enlarging_asked.emit()
        else:
            super().mouseDoubleClickEvent(event)


def tool_button(action: QAction, *, text: bool = False, role: str = "") -> QToolButton:
    """Return a button of an action, with its icon, or with icon and text."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    button.setAccessibleName(action.text().replace("&", ""))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(leave_field)
    button.setProperty("beside", text)
    if role:
        button.setProperty("role", role)
    return button


def separator() -> QFrame:
    """Return a thin upright line."""
    line = QFrame()
    line.setObjectName("separator")
    line.setFixedSize(1, 36)
    return line
