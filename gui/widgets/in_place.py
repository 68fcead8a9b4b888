"""InPlaceField: a line in the place of a text, in which a person types another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.program.guard import guarded
from gui.widgets.texts import as_tip

_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = (*_RETURN, Qt.Key.Key_Escape)


class InPlaceField(QLineEdit):
    """Takes a text. Return keeps it, as does going elsewhere; Escape does not.

    Parameters
    ----------
    parent : QWidget
        Over which it lies, and which gets the focus back.
    name, tip : str
        The accessible name, and a tip.
    """

    def __init__(self, parent: QWidget, name: str, tip: str) -> None:
        super().__init__(parent)
        self._floor = parent
        self.setAccessibleName(name)
        self.setToolTip(as_tip(tip))
        self.hide()

    def open_at(self, place: QRect, text: str) -> None:
        """Ask for a text, with one to begin with, at a place of the parent."""
        self.setGeometry(place)
        self.setText(text)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @guarded
    def event(self, event: QEvent) -> bool:
        """Keep Return and Escape from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return bool(super().event(event))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep the text, or give it up."""
        if event.key() in _RETURN:
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_field()
        else:
            super().keyPressEvent(event)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text: the person goes on elsewhere, but for the line's own menu or another window."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if event.reason() not in stays and self.isVisible():
            self.finish()

    def finish(self) -> None:
        """Keep the text."""
        raise NotImplementedError

    def close_field(self) -> None:
        """Give the focus back."""
        had_focus = self.hasFocus()
        self.hide()
        if had_focus:
            self._floor.setFocus()
