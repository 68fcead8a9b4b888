"""The dialog that exports a view as a picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QMainWindow, QPushButton, QVBoxLayout

from gui.dialogs.file_field import FileField
from gui.export.errors import ExportError, export_error
from gui.export.stills import VIEWS, Stills
from gui.widgets.card import label
from gui.widgets.choices import ChoiceBox
from model.writing import write_whole

KINDS: dict[str, tuple[str, str]] = {
    "png": ("PNG", "Pixels, two for each of the window in width and height."),
    "svg": ("SVG", "Curves and letters, sharp at any size; for web pages and drawing programs."),
    "pdf": ("PDF", "Curves and letters, sharp at any size; for papers and print."),
}
"""Kinds of file, by the name's end: what is shown, and a tip."""

_PREVIEW = QSize(380, 260)
_REFRESH_MS = 250
_VIEW_KEY, _KIND_KEY = "picture/view", "picture/kind"


class PictureDialog(QDialog):
    """Asks which view goes to which file, and writes it. The window stays usable, and the preview follows it.

    Parameters
    ----------
    stills : Stills
    window : QMainWindow
        The window that it stays in front of.
    """

    def __init__(self, stills: Stills, window: QMainWindow) -> None:
        super().__init__(window)
        self._stills = stills
        self.setObjectName("picture_dialog")
        self.setWindowTitle("Export picture")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        settings = QSettings()
        self._view = ChoiceBox("View", {name: (view.label, view.tip) for name, view in VIEWS.items()})
        shown = stills.shown()
        self._view.offer(shown)
        last_view, last_kind = str(settings.value(_VIEW_KEY)), str(settings.value(_KIND_KEY))
        self._view.show_choice(last_view if last_view in shown else stills.focused())
        self._kind = ChoiceBox("Kind of file", KINDS)
        self._kind.show_choice(last_kind if last_kind in KINDS else "png")
        self._file = FileField("picture")
        self._show_kind()
        self._file.offer(self._view.currentData())
        self._view.chosen.connect(self._on_view_chosen)
        self._kind.chosen.connect(self._show_kind)
        self._preview = QLabel()
        self._preview.setAccessibleName("Preview")
        self._preview.setFixedSize(_PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message = label(role="error")
        self._message.setWordWrap(True)
        self._message.hide()
        self._lay_out()
        # The picture is of what the window shows at the click, so that is what the preview follows.
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_preview)
        self._timer.start(_REFRESH_MS)
        self._show_preview()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in (("View", self._view), ("Kind", self._kind), ("File", self._file)):
            form.addRow(label(name, "muted"), field)
        save, cancel = QPushButton("Save"), QPushButton("Cancel")
        save.setObjectName("primary")
        save.clicked.connect(self._on_save_clicked)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (cancel, save):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._preview, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(form)
        column.addWidget(self._message)
        column.addLayout(buttons)

    @Slot()
    def _show_preview(self) -> None:
        try:
            image = self._stills.image(self._view.currentData(), self.devicePixelRatioF())
        except ExportError as error:
            self._preview.setText(str(error))
            return
        ratio = self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        fitted = image.scaled(_PREVIEW * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        fitted.setDevicePixelRatio(ratio)
        self._preview.setPixmap(QPixmap.fromImage(fitted))

    @Slot()
    def _on_view_chosen(self) -> None:
        self._file.offer(self._view.currentData())
        self._show_preview()

    @Slot()
    def _show_kind(self) -> None:
        kind = self._kind.currentData()
        self._file.show_kind(KINDS[kind][0], f".{kind}")

    @Slot()
    def _on_save_clicked(self) -> None:
        try:
            path = self._file.path()
        except ValueError as error:
            self._complain(str(error))
            return
        self._file.confirm(path, partial(self._save, path))

    def _save(self, path: Path) -> None:
        view, kind = self._view.currentData(), self._kind.currentData()
        try:
            write_whole(path, self._stills.encoded(view, kind))
        except (OSError, ExportError) as error:
            self._complain(str(export_error(path, error)))
            return
        self._file.remember(path)
        settings = QSettings()
        settings.setValue(_VIEW_KEY, view)
        settings.setValue(_KIND_KEY, kind)
        self.accept()

    def _complain(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.show()
