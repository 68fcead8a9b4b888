"""The Help menu."""

from __future__ import annotations

from gui.actions.action import Action, Menu

HELP = Menu(
    "&Help",
    (
        Action(
            id="first_steps",
            title="&First Steps",
            tip="Show on the cards where to begin.",
            call=lambda window: window.hints.toggle(),
            checked=lambda window: window.hints.are_shown,
        ),
        Action(
            id="shortcuts",
            title="&Keyboard and Mouse",
            tip="Show every shortcut, and what the mouse does.",
            shortcuts=("F1",),
            call=lambda window: window.dialogs.list_shortcuts(),
        ),
        Action(
            id="about",
            title="&About NetCanvas…",
            tip="Show the versions of the program and of what it is made of, and what takes the steps of a run.",
            call=lambda window: window.dialogs.tell_about(),
        ),
    ),
)
