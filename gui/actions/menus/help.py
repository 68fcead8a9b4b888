"""The Help menu."""

from __future__ import annotations

from gui.actions.action import Action, Menu

HELP = Menu(
    "&Help",
    (
        Action(
            id="shortcuts",
            title="&Keyboard and Mouse",
            tip="Show every shortcut, and what the mouse does.",
            shortcuts=("F1",),
            call=lambda window: window.dialogs.list_shortcuts(),
        ),
    ),
)
