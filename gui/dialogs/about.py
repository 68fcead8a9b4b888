"""The dialog that says what the program is, and what it is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import theme
from gui.document.engine import TrainingEngine
from gui.program.versions import all_lines, engine_sentence, versions
from gui.widgets.card import label
from gui.widgets.forms import Form, dialog_buttons, plain_button

_ICON_PX = 64
_CAPTION_PX, _FIELD_PX = 100, 320


class AboutDialog(QDialog):
    """Shows versions and the engine, and copies them for who reports a fault.

    Parameters
    ----------
    engine : TrainingEngine
    parent : QWidget
    """

    def __init__(self, engine: TrainingEngine, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("about_dialog")
        self.setWindowTitle("About NetCanvas")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addLayout(_heading())
        form = Form(_CAPTION_PX, _FIELD_PX)
        for name, number in versions().items():
            form.add_row(name, _selectable(number))
        self._new_runs, self._this_run = _selectable(""), _selectable("")
        form.add_row("New runs", self._new_runs)
        form.add_row("This run", self._this_run)
        column.addLayout(form)
        column.addStretch(1)
        buttons = dialog_buttons(self, QDialogButtonBox.StandardButton.Close)
        copy = plain_button("&Copy", "Copy all of this, as a report of a fault needs it.")
        copy.clicked.connect(_copy)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        column.addWidget(buttons)
        engine.changed.connect(self._show_engine)
        self._show_engine()

    @Slot()
    def _show_engine(self) -> None:
        for shown, text in ((self._new_runs, engine_sentence()), (self._this_run, self._engine.words().long)):
            shown.setText(text)
            # A form leaves room for three lines and no more.
            shown.setMinimumHeight(shown.heightForWidth(theme.px(_FIELD_PX)))
        self.adjustSize()


def _heading() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(14)
    picture = QLabel()
    picture.setPixmap(QApplication.windowIcon().pixmap(theme.px(_ICON_PX), theme.px(_ICON_PX)))
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.addWidget(label("NetCanvas", "title"))
    words.addWidget(label("A desktop laboratory for small neural networks: draw data, train, watch."))
    row.addLayout(words, 1)
    return row


def _selectable(text: str) -> QLabel:
    shown = label(text)
    shown.setWordWrap(True)
    shown.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return shown


@Slot()
def _copy() -> None:
    QGuiApplication.clipboard().setText(all_lines())
