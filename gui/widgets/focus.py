"""Where the keyboard goes: fields that are left, keys that a field wants for itself, and which way arrows lead."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QSlider,
    QWidget,
)

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
"""Which way each arrow key leads: steps to the right, and steps up."""


def leave_field() -> None:
    """Take the focus from a field in which somebody types: the mouse has gone on to something else."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractSpinBox | QComboBox | QLineEdit):
        focused.clearFocus()


def settle_field() -> None:
    """Take what is typed in the field that has the focus, which keeps it: something else is about to be done."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractSpinBox):
        focused.interpretText()


def uses_key(focused: QWidget | None, key: int) -> bool:
    """Return whether a widget with the focus needs a key for itself, which is a shortcut of the window otherwise.

    A widget of our own names such keys as its `own_keys`.
    """
    arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
    if key in getattr(focused, "own_keys", ()):
        return True
    if isinstance(focused, QAbstractButton):
        # In a group the arrow keys lead to the other buttons.
        in_group = focused.group() is not None and key in arrows
        return in_group or key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if isinstance(focused, QSlider):
        return key in (*arrows, Qt.Key.Key_Home, Qt.Key.Key_End)
    if isinstance(focused, QComboBox):
        return key in (*arrows, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_End)
    return False


def finish_with(focused: QWidget | None) -> None:
    """Do what Return means for a widget with the focus: press a button, or be done with a field."""
    if isinstance(focused, QAbstractButton):
        focused.click()
    else:
        leave_field()
