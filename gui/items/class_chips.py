"""ClassChips: a button for each class in the data panel, which chooses it for new points, and renames it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QIcon, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gui import theme
from gui.document.points import Points
from gui.items.legend import marker_pixmap
from gui.program.guard import guarded
from gui.widgets.card import tool_button
from gui.widgets.in_place import InPlaceField
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence
from model import Dataset
from model.data.wording import class_text
from model.types import counted

_MOST_COUNTED = 3
_NARROW_PX, _LEAST_PX, _MARKER_PX = 30, 44, 12
_FIELD_PX, _GAP_PX = 150, 2


class ClassChips(QWidget):
    """The buttons in one row, behind them those that add a class and take one away.

    Parameters
    ----------
    points : Points
    choices : sequence of QAction
        For each class what chooses it.
    others : sequence of QAction
        What adds a class, and takes one away.
    names : QAction
        What asks for all names.
    """

    def __init__(self, points: Points, choices: Sequence[QAction], others: Sequence[QAction], names: QAction) -> None:
        super().__init__()
        self._choices, self._names = choices, names
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        self._chips: list[QToolButton] = []
        for index, action in enumerate(choices):
            chip = tool_button(action, text=True, role="pill")
            chip.setProperty("dense", False)
            chip.setMinimumWidth(theme.px(_LEAST_PX))
            theme.measure(chip, icon=12)
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(partial(self._on_menu_asked, index))
            chip.installEventFilter(self)
            # A button takes its text from its action again whenever that changes.
            action.changed.connect(self._share_room)
            self._chips.append(chip)
            row.addWidget(chip)
        row.addSpacing(_GAP_PX)
        self._buttons = [tool_button(action, role="round") for action in others]
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        self._menu = QMenu(self)
        self._field = _NameField(points, self)
        theme.manager().changed.connect(self.draw_icons)
        self.draw_icons()

    @Slot()
    def draw_icons(self) -> None:
        """Give each class its marker, in the colours of the theme."""
        for index, action in enumerate(self._choices):
            action.setIcon(QIcon(marker_pixmap(index, _MARKER_PX, self.devicePixelRatioF(), theme.current())))

    def show_classes(self, dataset: Dataset, shown: Dataset) -> None:
        """Show a chip for each class; where there are many they have no counts, so that all are in one row.

        Parameters
        ----------
        dataset : Dataset
            Whose classes points can be given.
        shown : Dataset
            Whose points are counted.
        """
        dense = dataset.n_classes > _MOST_COUNTED
        counts = (*(() if shown.is_regression else shown.class_counts), *[0] * dataset.n_classes)
        for index, chip in enumerate(self._chips):
            chip.setVisible(index < dataset.n_classes)
            if index < dataset.n_classes:
                chip.setAccessibleName(f"Class {class_text(dataset, index)}, {counted(int(counts[index]), 'point')}")
            if chip.property("dense") != dense:
                chip.setProperty("dense", dense)
                theme.measure(chip, icon=10 if dense else 12)
                chip.setMinimumWidth(theme.px(_NARROW_PX if dense else _LEAST_PX))
                chip.setStyleSheet("padding-left: 1px;" if dense else "")
        for button in self._buttons:
            button.setVisible(button.defaultAction().isEnabled())

        self._share_room()

    @Slot()
    def _share_room(self) -> None:
        """Leave short names whole where there is no room for all, and cut the long ones alike, without their counts."""
        shown = [chip for chip in self._chips if not chip.isHidden()]
        if not shown:
            return
        buttons = [button for button in self._buttons if not button.isHidden()]
        taken = sum(button.sizeHint().width() + _GAP_PX for button in buttons) + _GAP_PX * len(shown)
        for chip in shown:
            chip.setText(chip.defaultAction().iconText())
        hints = [chip.sizeHint().width() for chip in shown]
        widest = max(_widest(hints, self.width() - taken), theme.px(_LEAST_PX))
        for chip, hint in zip(shown, hints, strict=True):
            if chip.property("dense"):
                chip.setMaximumWidth(theme.px(_NARROW_PX))
                continue
            chip.setMaximumWidth(widest)
            if hint > widest:
                chip.setText(_cut_names(chip, widest - hint)[0])
        texts = [chip.text() for chip in shown]
        for chip, hint in zip(shown, hints, strict=True):
            if texts.count(chip.text()) > 1 and hint > widest:
                chip.setText(_cut_names(chip, widest - hint)[1])

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._share_room()

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Rename a class by a double click on its chip."""
        if event.type() == QEvent.Type.MouseButtonDblClick and isinstance(event, QMouseEvent):
            renamed = [index for index, chip in enumerate(self._chips) if chip is watched]
            if renamed and event.button() == Qt.MouseButton.LeftButton:
                self.rename(renamed[0])
                return True
        return False

    def _on_menu_asked(self, class_index: int, place: QPoint) -> None:
        """Offer to rename the class of a chip, and what can be done to all."""
        self._menu.clear()
        self._menu.addAction("Rename…", partial(self.rename, class_index))
        self._menu.addAction(self._names)
        self._menu.popup(self._chips[class_index].mapToGlobal(place))

    def rename(self, class_index: int) -> None:
        """Let the name of a class be typed in the place of its chip."""
        chip = self._chips[class_index].geometry()
        left = max(min(chip.left(), self.width() - theme.px(_FIELD_PX)), 0)
        height = min(self._field.sizeHint().height(), max(self.height(), chip.height()))
        place = QRect(QPoint(left, chip.center().y() - height // 2), QSize(theme.px(_FIELD_PX), height))
        self._field.rename(class_index, place)


class _NameField(InPlaceField):
    """Takes the name of a class; what cannot be one is said, and stays to be changed."""

    def __init__(self, points: Points, parent: QWidget) -> None:
        super().__init__(parent, "Name of the class", "Return keeps the name, Escape leaves it as it was.")
        self._points, self._class_index = points, 0

    def rename(self, class_index: int, place: QRect) -> None:
        """Ask for another name of a class, unless it has gone."""
        dataset = self._points.dataset
        if class_index < dataset.n_classes:
            self._class_index = class_index
            self.open_at(place, dataset.class_name(class_index))

    def finish(self) -> None:
        """Name the class. Where that cannot be, Return stays here, and who goes elsewhere leaves the name as it was."""
        if self._class_index < self._points.dataset.n_classes:
            try:
                self._points.rename_class(self._class_index, self.text())
            except ValueError as error:
                stays = self.hasFocus()
                if not stays:
                    self.close_field()
                refuse(self if stays else self._floor, as_sentence(error))
                return
        self.close_field()


def _widest(widths: Sequence[int], room: int) -> int:
    """Return how wide the widest may be so that all have room."""
    n_left = len(widths)
    for width in sorted(widths):
        if width * n_left > room:
            return room // n_left
        room, n_left = room - width, n_left - 1
    return max(widths)


def _cut_names(chip: QToolButton, more_room: int) -> tuple[str, str]:
    """Return the name on a chip as it fits where its text has other room: cut at its end, or in the middle."""
    metrics, text = chip.fontMetrics(), chip.defaultAction().iconText()
    name, room = text.rpartition(" ")[0], more_room + metrics.horizontalAdvance(text)
    at_end, amid = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle
    return metrics.elidedText(name, at_end, room), metrics.elidedText(name, amid, room)
