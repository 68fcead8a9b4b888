"""Every action once, as data, in the menus that show it."""

from __future__ import annotations

from gui.actions.menus.data import DATA
from gui.actions.menus.edit import EDIT
from gui.actions.menus.file import FILE
from gui.actions.menus.help import HELP
from gui.actions.menus.lessons import LESSONS
from gui.actions.menus.network import NETWORK
from gui.actions.menus.train import TRAIN
from gui.actions.menus.view import VIEW

MENUS = (FILE, EDIT, DATA, NETWORK, TRAIN, VIEW, LESSONS, HELP)
"""The menu bar, and in it every action."""
