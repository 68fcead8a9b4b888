"""Hiding: cards, tools and settings that a lesson keeps out of sight, of menus and from keys, and gives back."""

from __future__ import annotations

from collections.abc import Collection

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QToolButton, QWidget

from gui.actions.actions import Actions
from gui.actions.series import PANELS
from gui.cards import Cards
from gui.lessons.places import controls, with_caption
from gui.program.guard import guarded
from gui.widgets.card import Panel
from gui.widgets.texts import plain

_WAYS_BACK = frozenset({"undo", "redo"})
"""These stay where a card is hidden on which their buttons are."""


class Hiding(QObject):
    """Hides things of a window until it is told to give them back.

    Parameters
    ----------
    window : QMainWindow
    cards : Cards
    actions : Actions
    """

    def __init__(self, window: QMainWindow, cards: Cards, actions: Actions) -> None:
        super().__init__(window)
        self._window, self._cards, self._actions = window, cards, actions
        self._widgets: list[tuple[QWidget, bool]] = []

    def hide(self, names: Collection[str]) -> None:
        """Hide these, and give back what was hidden before."""
        self.give_back()
        wanted = {plain(name) for name in names}
        cards = [card for card in PANELS if card.casefold() in wanted]
        withheld = {action for name in wanted for action in self._actions.of(name)}
        found = {name: list(controls(self._window, name)) for name in wanted}
        self._cards.withhold(cards)
        for name, widgets in found.items():
            if any(name == card.casefold() for card in cards):
                panels = (widget for widget in widgets if isinstance(widget, Panel))
                withheld |= {action for panel in panels for action in _done_by(panel)} - _WAYS_BACK
                continue
            for widget in widgets:
                withheld |= _done_by(widget)
                for part in with_caption(widget):
                    self._hide(part)
        self._actions.withhold(withheld)

    def give_back(self) -> None:
        """Show all again that was shown before."""
        widgets, self._widgets = self._widgets, []
        for widget, was_shown in widgets:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
                widget.setVisible(was_shown)
        self._actions.withhold(())
        self._cards.withhold(())

    @guarded
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


def _done_by(widget: QWidget) -> set[str]:
    """Return the ids of the actions that have their buttons in a widget, or that it is a button of."""
    buttons = [*widget.findChildren(QToolButton), *([widget] if isinstance(widget, QToolButton) else [])]
    return {button.defaultAction().objectName() for button in buttons if button.defaultAction() is not None}
