"""The window's QActions, made of the table and kept in step with the document."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui import theme
from gui.actions.action import Action, Menu, Text, Window, actions_of
from gui.actions.series import CLASS_ACTIONS, TOOL_ACTIONS
from gui.actions.table import MENUS
from gui.icons import icon
from gui.widgets.focus import settle_field
from gui.widgets.texts import as_tip, plain


class Actions(QObject):
    """A QAction for each action of the table.

    Parameters
    ----------
    window : Window
        What they are done to.
    parent : QObject
    """

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._changing: list[tuple[Action, QAction]] = []
        self._withheld: frozenset[str] = frozenset()
        for menu in MENUS:
            self._add(menu)
        document = window.document
        for signal in (
            document.changes.dataset_changed,
            document.view.settings_changed,
            document.view.left_out_changed,
            document.view.points_selected,
            document.view.selection_changed,
            document.run.moment_changed,
            document.probe.pinned_changed,
            document.changes.network_changed,
            document.run.playing_changed,
            document.changes.undo_stack.indexChanged,
        ):
            signal.connect(self.synchronize)
        theme.manager().changed.connect(self._on_theme_changed)
        theme.manager().scale_changed.connect(self.synchronize)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    @property
    def tools(self) -> list[QAction]:
        """The actions that choose a tool."""
        return [self[action.id] for action in TOOL_ACTIONS]

    @property
    def classes(self) -> list[QAction]:
        """The actions that choose a class."""
        return [self[action.id] for action in CLASS_ACTIONS]

    def of(self, name: str) -> list[str]:
        """Return the ids of those that are called so, or are part of what is called so: a name without capitals."""
        every = (action for menu in MENUS for action in actions_of(menu))
        return [
            action.id
            for action in every
            if plain(self[action.id].text()) == name or name in (part.casefold() for part in action.parts)
        ]

    def withhold(self, ids: Iterable[str]) -> None:
        """Keep these actions out of menus, of sight and from the keys, whatever the window is like, and no others."""
        before, self._withheld = self._withheld, frozenset(ids)
        for menu in MENUS:
            for action in actions_of(menu):
                if action.id in before | self._withheld:
                    self._show(action, self[action.id])

    def make(self, action: Action, parent: QObject) -> QAction:
        """Return a new QAction, as the window is now."""
        made = QAction(parent)
        made.setObjectName(action.id)
        made.setShortcuts([QKeySequence(text) for text in action.shortcuts])
        made.setCheckable(action.checked is not None)
        made.triggered.connect(lambda: self._do(action))
        self._show(action, made)
        return made

    def make_changing(self, menu: Menu, parent: QObject) -> list[QAction]:
        """Return new QActions for what a changing menu offers now."""
        return [self.make(action, parent) for action in menu.changing(self._window)] if menu.changing else []

    @Slot()
    def synchronize(self) -> None:
        """Show what each action is called now, whether it can be done, and whether it is on."""
        for action, made in self._changing:
            if _changes_texts(action):
                self._show_texts(action, made)
            self._show_state(action, made)

    def _add(self, menu: Menu) -> None:
        group = QActionGroup(self) if menu.is_choice else None
        for entry in menu.entries:
            if isinstance(entry, Menu):
                self._add(entry)
            elif entry is not None:
                made = self.make(entry, self)
                self._actions[entry.id] = made
                if _changes_texts(entry) or any((entry.enabled, entry.visible, entry.checked)):
                    self._changing.append((entry, made))
                if group is not None:
                    group.addAction(made)

    def _do(self, action: Action) -> None:
        settle_field()
        action.call(self._window)
        # Qt has turned its mark, whatever the call came to.
        self.synchronize()

    def _show(self, action: Action, made: QAction) -> None:
        self._show_texts(action, made)
        self._show_state(action, made)

    def _show_texts(self, action: Action, made: QAction) -> None:
        made.setText(self._text(action.title))
        if action.short_title:
            made.setIconText(self._text(action.short_title))
        tip = self._text(action.tip)
        if made.statusTip() != tip:
            keys = made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            made.setStatusTip(tip)
            made.setToolTip(as_tip(f"{tip}  ({keys})" if keys else tip))
        if made.property("icon_name") != self._text(action.icon):
            self._show_icon(action, made)

    def _show_state(self, action: Action, made: QAction) -> None:
        window = self._window
        may_be = action.id not in self._withheld
        made.setEnabled(may_be and (action.enabled is None or action.enabled(window)))
        made.setVisible(may_be and (action.visible is None or action.visible(window)))
        if action.checked is not None:
            made.setChecked(action.checked(window))

    def _show_icon(self, action: Action, made: QAction) -> None:
        name, colours = self._text(action.icon), theme.current()
        made.setProperty("icon_name", name)
        if name:
            disabled = theme.mixed(colours.muted, colours.panel, 0.5)
            colour = colours.on_accent if action.is_accented else colours.text
            made.setIcon(icon(name, colour, disabled=disabled, on=colours.on_accent, marked=colours.on_accent))

    def _text(self, text: Text) -> str:
        return text if isinstance(text, str) else text(self._window)

    @Slot()
    def _on_theme_changed(self) -> None:
        for menu in MENUS:
            for action in actions_of(menu):
                self._show_icon(action, self[action.id])
        self.synchronize()


def _changes_texts(action: Action) -> bool:
    return any(map(callable, (action.title, action.short_title, action.tip, action.icon)))
