"""MarkEditor: a line over the timeline, in which the text of a mark is typed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.widgets.texts import as_tip
from model.run.history import Event

_WIDTH = 240
_LONGEST = 200


class MarkEditor(QLineEdit):
    """Takes the text of a mark. Return keeps it, as does going elsewhere; Escape does not.

    Parameters
    ----------
    parent : QWidget
        The timeline.
    """

    finished = Signal(object, object)
    """The mark as it was, None if it is new, and as it is, None if its text was emptied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._timeline = parent
        self.setAccessibleName("Text of the mark")
        self.setToolTip(as_tip("Return keeps the text, Escape leaves it as it was; a mark without a text is removed."))
        self.setPlaceholderText("What happens here")
        self.setMaxLength(_LONGEST)
        self._mark: Event | None = None
        self._step = 0
        self.hide()

    def edit(self, mark: Event | None, step: int, x: float) -> None:
        """Ask for the text of a mark, of a new one at a step where there is none; `x` is where it is in the parent."""
        self._mark, self._step = mark, step
        room = self._timeline.rect()
        left = round(min(max(x - 8, 0), max(room.width() - _WIDTH, 0)))
        height = self.sizeHint().height()
        self.setGeometry(QRect(left, (room.height() - height) // 2, min(_WIDTH, room.width()), height))
        self.setText("" if mark is None else mark.text)
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the text, or give it up."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text: the person goes on elsewhere, but for the line's own menu or another window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._finish()

    def _finish(self) -> None:
        if not self.isVisible():
            return
        mark, text = self._mark, " ".join(self.text().split())
        after = Event(self._step, text, is_note=mark is None or mark.is_note) if text else None
        self._close()
        self.finished.emit(mark, after)

    def _close(self) -> None:
        """Give the focus back to the timeline."""
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._timeline.setFocus()
