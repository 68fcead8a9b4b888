"""Choices of one of a few: segments, and boxes that drop down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Literal, TypeAlias

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
)

from gui import theme
from gui.program.guard import guarded
from gui.widgets.fields import CalmWheel
from gui.widgets.texts import as_tip

_BORDERS_PX = 4
_ROUNDING_PX = 2
_TITLE_SLACK_PX = 10
"""How much wider a button of Qt is than its text."""


Density: TypeAlias = Literal["", "dense", "tight"]
"""How near to each other the texts of segments stand."""

_PADDING_PX: dict[Density, int] = {"": 8, "dense": 2, "tight": 0}
"""Beside each text, as style.qss has it."""


class _Segment(QToolButton):
    """A button that can be narrower than Qt would have it, as far as its text can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.density: Density = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the text with its padding, between the borders."""
        hint = self.sizeHint()
        padding = 2 * theme.px(_PADDING_PX[self.density])
        needed = self.fontMetrics().horizontalAdvance(self.text()) + padding + _BORDERS_PX
        return QSize(min(needed, hint.width()), hint.height())


class Segments(QFrame):
    """Two or more exclusive choices side by side."""

    chosen = Signal(int)

    def __init__(self, name: str, texts: Sequence[str], tips: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self._density: Density = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons = [_Segment() for _ in texts]
        self._tips = tuple(tips)
        for index, (button, text, tip) in enumerate(zip(self._buttons, texts, tips, strict=True)):
            button.setText(text)
            button.setToolTip(as_tip(tip))
            button.setAccessibleName(f"{name}: {text}")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def set_density(self, density: Density) -> None:
        """Leave less room beside the texts."""
        if density == self._density:
            return
        self._density = density
        for name in ("dense", "tight"):
            self.setProperty(name, name == density)
        for button in self._buttons:
            button.density = density
        for widget in (self, *self._buttons):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
            widget.updateGeometry()

    @property
    def choice(self) -> int:
        """Which is chosen; -1 for none."""
        return self._group.checkedId()

    def offer(self, indices: Collection[int]) -> None:
        """Offer only these choices; hidden where that leaves nothing to choose."""
        for button in self._buttons:
            button.setVisible(self._group.id(button) in indices)
        self.setVisible(len(indices) > 1)

    def rename(self, index: int, text: str) -> None:
        """Call a choice otherwise, where what is shown calls for it."""
        button = self._group.button(index)
        button.setText(text)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")

    def withhold(self, index: int, reason: str) -> None:
        """Do not let a choice be made, and say why in its tip; without a reason it can be made again."""
        button = self._group.button(index)
        button.setEnabled(not reason)
        button.setToolTip(as_tip(reason or self._tips[index]))

    def show_choice(self, index: int, beside: Collection[int] = ()) -> None:
        """Show which is chosen, without a signal, and mark what is seen beside it."""
        self._group.button(index).setChecked(True)
        for button in self._buttons:
            is_beside = self._group.id(button) in beside
            if bool(button.property("seen")) != is_beside:
                button.setProperty("seen", is_beside)
                button.style().unpolish(button)
                button.style().polish(button)


class TitleChoice(QToolButton):
    """The title of a card that shows one of several things: a click, or Space, offers the others in a menu.

    Parameters
    ----------
    name : str
        The accessible name, to which that of what is shown is added.
    entries : mapping of str to tuple of str
        For each key what is shown, and its tip.
    """

    chosen = Signal(str)

    def __init__(self, name: str, entries: Mapping[str, tuple[str, str]]) -> None:
        super().__init__()
        self._name = name
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for key, (text, tip) in entries.items():
            action = self._menu.addAction(text)
            action.setToolTip(as_tip(tip))
            action.setCheckable(True)
            action.triggered.connect(partial(self.chosen.emit, key))
            group.addAction(action)
            self._actions[key] = action
        self.setProperty("role", "title")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._offer)

    def show_choice(self, key: str) -> None:
        """Show which is chosen, without a signal."""
        action = self._actions[key]
        action.setChecked(True)
        self.setText(f"{action.text().upper()} ▾")
        self.setAccessibleName(f"{self._name}: {action.text()}")
        self.setToolTip(as_tip(f"{action.toolTip()} Click for what else there is."))

    def sizeHint(self) -> QSize:
        """Return the size of the text, so that it begins where other titles do."""
        return super().sizeHint() - QSize(theme.px(_TITLE_SLACK_PX), 0)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the text."""
        return self.sizeHint()

    @Slot()
    def _offer(self) -> None:
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class CalmComboBox(CalmWheel, QComboBox):
    """A combo box past which one can scroll; a text that is too long for it ends with …, and is whole in its list."""

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Paint the box with as much of its text as there is room for."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style = self.style()
        room = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        ).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class ChoiceBox(CalmComboBox):
    """Offers the entries of a registry.

    Parameters
    ----------
    name : str
        The accessible name.
    entries : mapping of str to tuple of str
        For each key what is shown, and its tip.
    """

    chosen = Signal(str)

    def __init__(self, name: str, entries: Mapping[str, tuple[str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        for key, (text, tip) in entries.items():
            self.addItem(text, key)
            self.setItemData(self.count() - 1, as_tip(tip), Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(self._on_activated)

    def sizeHint(self) -> QSize:
        """Return a size in which each of its texts can be read; where the interface is large, Qt's is a pixel short."""
        return super().sizeHint() + QSize(_ROUNDING_PX, 0)

    def offer(self, keys: Sequence[str]) -> None:
        """Offer only the entries with these keys, to the mouse and to the keyboard."""
        view, model = self.view(), self.model()
        assert isinstance(view, QListView)
        assert isinstance(model, QStandardItemModel)
        for row in range(self.count()):
            is_offered = self.itemData(row) in keys
            view.setRowHidden(row, not is_offered)
            # The arrow keys and letters of the closed box reach what its list hides, but not what is disabled.
            model.item(row).setEnabled(is_offered)

    @Slot()
    def _on_activated(self) -> None:
        self.chosen.emit(self.currentData())

    def show_choice(self, key: str, remark: str = "") -> None:
        """Show which entry is chosen, without a signal, and its tip with a remark."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(key))
        self.setToolTip(as_tip(f"{self.currentData(Qt.ItemDataRole.ToolTipRole)} {remark}".strip()))
