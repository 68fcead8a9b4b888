"""The dialog that lists every key, and what the mouse does."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from gui.actions.action import actions_of
from gui.actions.actions import Actions
from gui.actions.series import PANELS
from gui.actions.table import MENUS
from gui.widgets.forms import dialog_buttons
from gui.widgets.screens import set_first_size
from gui.widgets.scroll import Scroll
from model.data.dataset import MAX_CLASSES

_OTHER_KEYS = (
    (f"1 to {MAX_CLASSES}", "Choose the class of new points."),
    (f"Ctrl+1 to Ctrl+{len(PANELS)}", "Show or hide a panel."),
    ("Wheel", "Zoom about the mouse, on canvas and output."),
    ("Right or middle button, or Space, with a drag", "Pan."),
    ("Right button", "Offer what can be done: to a neuron, a weight, a mark, or to probe a point of the plane."),
    ("Double click", "Fit the plane again."),
    ("Drag", "Turn the output in 3D; the wheel zooms, and a double click shows it as at first."),
    ("Click, or drag", "Select points in the hidden space in 2D; Shift adds to them."),
    (
        "Tab, then arrow keys",
        "Move a pointer over the plane, walk through the diagram's neurons, or turn the 3D output.",
    ),
    (
        "Shift+arrow keys",
        "In the diagram, go from a neuron to its weights, then up and down along them; Return goes on to the slider.",
    ),
    (
        "Wheel, or + and −",
        "Show more or less of the loss landscape in 2D; the arrow keys move a cross that tells the loss.",
    ),
    ("Return", "Use the tool at the pointer; with Ctrl hold it, so that arrow keys drag, until the next Return."),
    ("+, −, 0", "Zoom in, out, and fit, with the canvas or the output reached by Tab."),
)

_OTHERS = "Mouse, and other keys"

Keys: TypeAlias = Sequence[tuple[str, str]]
"""Each key, or what the mouse does, and what comes of it."""


class ShortcutsDialog(QDialog):
    """Shows the keys of the table of actions, and others.

    Parameters
    ----------
    actions : Actions
    parent : QWidget
    """

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle("Keyboard and Mouse")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        groups = [*_groups_of(actions), (_OTHERS, _OTHER_KEYS)]
        text = QLabel(f"<table width='100%'>{''.join(_rows(title, keys) for title, keys in groups)}</table>")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setWordWrap(True)
        scroll = Scroll(text)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.addWidget(scroll)
        column.addWidget(dialog_buttons(self, QDialogButtonBox.StandardButton.Close))
        set_first_size(self, 760, 620)


def _rows(title: str, keys: Keys) -> str:
    """Return the rows of a group under its heading."""
    heading = f"<tr><td colspan='2' style='padding:12px 0 2px 0'><b>{escape(title.upper())}</b></td></tr>"
    return heading + "".join(
        f"<tr><td width='34%' style='padding:3px 18px 3px 12px'><b>{escape(key)}</b></td>"
        f"<td style='padding:3px 0'>{escape(tip)}</td></tr>"
        for key, tip in keys
    )


def _groups_of(actions: Actions) -> list[tuple[str, Keys]]:
    """Return the shortcuts of each menu under its name, and what they do."""
    native = QKeySequence.SequenceFormat.NativeText
    groups: list[tuple[str, Keys]] = []
    for menu in MENUS:
        listed = [actions[action.id] for action in actions_of(menu) if action.is_listed and action.shortcuts]
        shown = [
            (" or ".join(sequence.toString(native) for sequence in action.shortcuts()), action.statusTip())
            for action in listed
        ]
        if shown:
            groups.append((str(menu.title).replace("&", ""), shown))
    return groups
