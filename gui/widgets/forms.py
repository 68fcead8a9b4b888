"""Forms, and the buttons of dialogs."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def dialog_buttons(dialog: QDialog, buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return the row of buttons that accept or reject a dialog."""
    row = QDialogButtonBox(buttons)
    for button in row.buttons():
        # The style's icons are black, also where the theme is dark.
        button.setIcon(QIcon())
    row.accepted.connect(dialog.accept)
    row.rejected.connect(dialog.reject)
    return row
