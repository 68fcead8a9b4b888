"""Panning: which drags move what is shown, and the Space key, which plays where no such drag follows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication


class HeldSpace:
    """The Space key: while it is held a drag with the left button pans, and it has then been used up.

    Attributes
    ----------
    is_held, is_used : bool
    """

    def __init__(self) -> None:
        self.is_held = self.is_used = False

    def press(self) -> None:
        """Note that it went down; what repeats itself while it is held is no other press."""
        if not self.is_held:
            self.is_held, self.is_used = True, False

    def release(self) -> bool:
        """Note that it went up; return whether it was held for nothing else, and so plays."""
        plays = self.is_held and not self.is_used
        self.is_held = False
        return plays


SPACE = HeldSpace()
"""There is one keyboard."""


class Panning:
    """Follows a drag of the middle or the right button, or of the left one while Space is held.

    A press of the right button that does not become a drag was meant for the menu, which waits for that.

    Attributes
    ----------
    menu_at : QPoint or None
        Where a menu has been asked for, which waits whether the press becomes a drag.
    """

    def __init__(self) -> None:
        self._button: Qt.MouseButton | None = None
        self._pressed_at = self._last = QPointF()
        self._is_dragged = False
        self.menu_at: QPoint | None = None

    @property
    def is_held(self) -> bool:
        """Whether a button is held that may pan."""
        return self._button is not None

    def begins(self, event: QMouseEvent) -> bool:
        """Return whether a press may begin to pan, and follow it then."""
        if self._button is not None:
            return False
        with_space = SPACE.is_held and event.button() == Qt.MouseButton.LeftButton
        if with_space or event.button() in (Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
            self._button = event.button()
            self._pressed_at = self._last = event.position()
            self._is_dragged, self.menu_at = False, None
            SPACE.is_used |= with_space
            return True
        return False

    def moved(self, event: QMouseEvent) -> tuple[QPointF, QPointF] | None:
        """Return from where to where what is shown is to be moved, in pixels; None where that is not panning."""
        if self._button is None:
            return None
        if not event.buttons() & self._button:
            # Something else has taken the release for itself.
            self._button = None
            return None
        far = (event.position() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if not self._is_dragged and not far and self._button == Qt.MouseButton.RightButton:
            return None
        self._is_dragged = True
        way = self._last, event.position()
        self._last = event.position()
        return way

    def ends(self, event: QMouseEvent) -> bool:
        """Return whether a release ends it, dragged or not; `menu_at` is then kept only where no drag came."""
        if event.button() != self._button:
            return False
        self._button = None
        if self._is_dragged:
            self.menu_at = None
        return True
