"""The menu bar, filled from the table of actions."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QMenu, QMenuBar

from gui.actions.action import Menu
from gui.actions.actions import Actions
from gui.actions.table import MENUS


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> None:
    """Fill the window's menu bar."""
    for menu in MENUS:
        _fill(bar.addMenu(menu.title), menu, actions)


def _fill(shown: QMenu, menu: Menu, actions: Actions) -> None:
    shown.setToolTipsVisible(True)
    for entry in menu.entries:
        if entry is None:
            shown.addSeparator()
        elif isinstance(entry, Menu):
            inner = shown.addMenu(entry.title)
            _fill(inner, entry, actions)
            shown.aboutToShow.connect(partial(_prepare, inner, entry, actions))
        else:
            shown.addAction(actions[entry.id])


def _prepare(shown: QMenu, menu: Menu, actions: Actions) -> None:
    """Fill a menu that changes, and hide one of which nothing is visible, before the menu around it opens."""
    if menu.changing is not None:
        shown.clear()
        shown.addActions(actions.make_changing(menu, shown))
    shown.menuAction().setVisible(any(action.isVisible() for action in shown.actions()))
