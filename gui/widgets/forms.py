"""Forms, and the buttons of dialogs."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui import theme
from gui.widgets.card import label
from gui.widgets.texts import as_tip


class Form(QFormLayout):
    """Fields below each other, all of one width, beside captions of one width.

    Parameters
    ----------
    caption_width, field_width : int
        In pixels.
    """

    def __init__(self, caption_width: int, field_width: int) -> None:
        super().__init__()
        self._caption_width, self._field_width = caption_width, field_width
        self.setContentsMargins(0, 0, 0, 10)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)

    def add_row(self, caption: QLabel | str, field: QWidget) -> None:
        """Add a field with its caption."""
        caption = label(caption, "muted") if isinstance(caption, str) else caption
        theme.measure(caption, width=self._caption_width)
        theme.measure(field, width=self._field_width)
        self.addRow(caption, field)


def titled(title: str, form: Form) -> QWidget:
    """Return a form under its title."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    column.addWidget(label(title.upper(), "title"))
    column.addLayout(form)
    return host


def dialog_buttons(dialog: QDialog, buttons: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Return the row of buttons that accept or reject a dialog."""
    row = QDialogButtonBox(buttons)
    for button in row.buttons():
        # The style's icons are black, also where the theme is dark.
        button.setIcon(QIcon())
    row.accepted.connect(dialog.accept)
    row.rejected.connect(dialog.reject)
    return row


def plain_button(text: str, tip: str) -> QPushButton:
    """Return a button of a dialog that Return in a field does not press."""
    button = QPushButton(text)
    button.setToolTip(as_tip(tip))
    button.setAutoDefault(False)
    return button
