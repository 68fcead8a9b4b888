"""The dialog that exports a view as a picture."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.dialogs.file_field import FileField
from gui.export.errors import ExportError, export_error
from gui.export.page import KINDS, UNITS, limits
from gui.program.exported import exported
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import NumberBox
from gui.widgets.screens import set_first_size
from model.writing import write_whole

_AS_SHOWN = "window"
_WIDTHS = {
    _AS_SHOWN: ("as in the window", "As large as the window shows it, with two pixels for each of its own."),
    **{name: (unit.label, unit.tip) for name, unit in UNITS.items()},
}
"""What a width is given in: what is shown, and a tip."""

_SIZE, _LEAST_PREVIEW = (520, 540), QSize(380, 260)
_DELAY_MS = 60
_REFRESH_MS = 500
_VIEW_KEY, _KIND_KEY = "picture/view", "picture/kind"
_UNIT_KEY, _WIDTH_KEY = "picture/unit", "picture/width"


class Named(Protocol):
    """What a view is called."""

    @property
    def label(self) -> str:
        """A short name."""

    @property
    def tip(self) -> str:
        """What it shows."""


class Pictures(Protocol):
    """What draws views as they are shown: those of the window, or of a race."""

    @property
    def views(self) -> Mapping[str, Named]:
        """Every view, by name."""

    def offered(self) -> list[str]:
        """Return the names of the views that there are now."""

    def focused(self) -> str:
        """Return the name of the view that is meant first."""

    def width(self, name: str, unit: str = "px") -> float:
        """Return how wide the picture of a view is if nobody says another width."""

    def image(self, name: str, width: float | None = None, unit: str = "px", *, room: QSize | None = None) -> QImage:
        """Return a view in pixels."""

    def encoded(self, name: str, kind: str, width: float | None = None, unit: str = "px") -> bytes:
        """Return a view as the content of a file."""


class PictureDialog(QDialog):
    """Asks which view goes to which file, and writes it. The window stays usable, and the preview follows it.

    Parameters
    ----------
    stills : Pictures
    window : QWidget
        The window that it stays in front of.

    Attributes
    ----------
    written : signal(str)
        A picture is written; a sentence says where.
    """

    written = Signal(str)

    def __init__(self, stills: Pictures, window: QWidget) -> None:
        super().__init__(window)
        self._stills = stills
        self.setObjectName("picture_dialog")
        self.setWindowTitle("Export picture")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        settings = QSettings()
        self._view = ChoiceBox("View", {name: (view.label, view.tip) for name, view in stills.views.items()})
        offered = stills.offered()
        self._view.offer(offered)
        last_view, last_kind = str(settings.value(_VIEW_KEY)), str(settings.value(_KIND_KEY))
        self._view.show_choice(last_view if last_view in offered else stills.focused())
        self._kind = ChoiceBox("Kind of file", KINDS)
        self._kind.show_choice(last_kind if last_kind in KINDS else "png")
        self._build_width(settings)
        self._file = FileField("picture")
        self._show_kind()
        self._file.offer(self._view.currentData())
        self._view.chosen.connect(self._on_view_chosen)
        self._kind.chosen.connect(self._show_kind)
        self._preview = label()
        self._preview.setAccessibleName("Preview")
        self._preview.setMinimumSize(_LEAST_PREVIEW)
        # A picture must not make the room for itself in which the next one is larger.
        self._preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message = label(role="error")
        self._message.setWordWrap(True)
        self._message.hide()
        self._lay_out()
        # The picture is of what the window shows at the click, so that is what the preview follows.
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_preview)
        self._timer.start(_REFRESH_MS)
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(_DELAY_MS)
        self._resized.timeout.connect(self._show_preview)
        set_first_size(self, *_SIZE)
        self._show_preview()

    def _build_width(self, settings: QSettings) -> None:
        """Make the fields of the width, with what was chosen last."""
        self._width = NumberBox("Width", "How wide the picture is; its height follows.", 1, 100_000, 1, decimals=2)
        self._unit = ChoiceBox("Unit of the width", _WIDTHS)
        unit = str(settings.value(_UNIT_KEY))
        self._unit.show_choice(unit if unit in _WIDTHS else _AS_SHOWN)
        self._show_width()
        if self._unit.currentData() != _AS_SHOWN:
            with contextlib.suppress(TypeError, ValueError):
                self._width.follow(float(str(settings.value(_WIDTH_KEY))))
        self._unit.chosen.connect(self._on_unit_chosen)
        self._width.valueChanged.connect(self._show_preview)

    def _show_width(self) -> None:
        """Show how wide the window shows the view, in the unit that is chosen."""
        unit = self._unit.currentData()
        self._width.setEnabled(unit != _AS_SHOWN)
        unit = "px" if unit == _AS_SHOWN else unit
        with QSignalBlocker(self._width):
            self._width.setRange(*limits(unit))
            self._width.setValue(self._stills.width(self._view.currentData(), unit))

    def _size(self) -> tuple[float | None, str]:
        """Return the width, None for that of the window, and its unit."""
        unit: str = self._unit.currentData()
        return (None, "px") if unit == _AS_SHOWN else (self._width.value(), unit)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        width = QHBoxLayout()
        width.addWidget(self._width, 1)
        width.addWidget(self._unit, 1)
        form.addRow(label("View", "muted"), self._view)
        form.addRow(label("Width", "muted"), width)
        form.addRow(label("Kind", "muted"), self._kind)
        form.addRow(label("File", "muted"), self._file)
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
        column.addWidget(self._preview, 1)
        column.addLayout(form)
        column.addWidget(self._message)
        column.addLayout(buttons)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the preview for its new size, soon."""
        super().resizeEvent(event)
        self._resized.start()

    @Slot()
    def _show_preview(self) -> None:
        ratio = self.devicePixelRatioF()
        image = self._stills.image(self._view.currentData(), *self._size(), room=self._preview.size() * ratio)
        image.setDevicePixelRatio(ratio)
        self._preview.setPixmap(QPixmap.fromImage(image))

    @Slot()
    def _on_view_chosen(self) -> None:
        self._file.offer(self._view.currentData())
        if self._unit.currentData() == _AS_SHOWN:
            self._show_width()
        self._show_preview()

    @Slot()
    def _on_unit_chosen(self) -> None:
        self._show_width()
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
            write_whole(path, self._stills.encoded(view, kind, *self._size()))
        except (OSError, ExportError) as error:
            self._complain(str(export_error(path, error)))
            return
        self._file.remember(path)
        settings = QSettings()
        settings.setValue(_VIEW_KEY, view)
        settings.setValue(_KIND_KEY, kind)
        settings.setValue(_UNIT_KEY, self._unit.currentData())
        settings.setValue(_WIDTH_KEY, self._width.value())
        exported().tell("picture")
        self.written.emit(f"Wrote {path}.")
        self.accept()

    def _complain(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.show()
