"""Hiding: cards, tools and settings that a lesson keeps out of sight, and gives back."""

from __future__ import annotations

from collections.abc import Collection

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QToolButton, QWidget

from gui.actions.series import PANELS
from gui.cards import Cards
from gui.lessons.places import controls, plain, with_caption


class Hiding(QObject):
    """Hides things of a window until it is told to give them back.

    Parameters
    ----------
    window : QMainWindow
    cards : Cards
    """

    def __init__(self, window: QMainWindow, cards: Cards) -> None:
        super().__init__(window)
        self._window, self._cards = window, cards
        self._widgets: list[tuple[QWidget, bool]] = []
        self._actions: list[QAction] = []

    def hide(self, names: Collection[str]) -> None:
        """Hide these, and give back what was hidden before."""
        self.give_back()
        wanted = {plain(name) for name in names}
        cards = [card for card in PANELS if card.casefold() in wanted]
        self._cards.withhold(cards)
        for name in wanted - {card.casefold() for card in cards}:
            for widget in list(controls(self._window, name)):
                for part in with_caption(widget):
                    self._hide(part)
                if isinstance(widget, QToolButton) and widget.defaultAction() is not None:
                    widget.defaultAction().setVisible(False)
                    self._actions.append(widget.defaultAction())

    def give_back(self) -> None:
        """Show all again that was shown before."""
        widgets, self._widgets = self._widgets, []
        for widget, was_shown in widgets:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
                widget.setVisible(was_shown)
        for action in self._actions:
            action.setVisible(True)
        self._actions = []
        self._cards.withhold(())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide again what something else has shown: whoever shares out room knows nothing of lessons."""
        if event.type() == QEvent.Type.ShowToParent and isinstance(watched, QWidget):
            watched.hide()
        return False

    def _hide(self, widget: QWidget) -> None:
        if any(other is widget for other, _ in self._widgets):
            return
        self._widgets.append((widget, not widget.isHidden()))
        widget.installEventFilter(self)
        widget.hide()
