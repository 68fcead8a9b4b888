"""Small widgets that several panels use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSlider,
    QSpinBox,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gui import theme

PADDING = theme.tokens()["space_px"]["panel_padding"]
GAP = theme.tokens()["space_px"]["gap"]


_HEADER_HEIGHT = 28
_TEXT_MARGINS = (4, 0, 4, 0)


def label(text: str = "", role: str = "") -> QLabel:
    """Return a label; `role` is "title", "muted", "small" or "error", see resources/style.qss."""
    result = QLabel(text)
    result.setProperty("role", role)
    return result


class Panel(QFrame):
    """A card with a title row.

    Parameters
    ----------
    title : str
        In capitals on screen, and the accessible name.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(title)
        self.title = label(title.upper(), "title")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addStrut(_HEADER_HEIGHT)
        self.header.addWidget(self.title)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(PADDING, 6, PADDING, PADDING)
        self.body.setSpacing(6)
        self.body.addLayout(self.header)


class Segments(QFrame):
    """Two or more exclusive choices side by side."""

    chosen = Signal(int)

    def __init__(self, name: str, texts: Sequence[str], tips: Sequence[str]) -> None:
        super().__init__()
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        for index, (text, tip) in enumerate(zip(texts, tips, strict=True)):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(f"{name}: {text}")
            button.setCheckable(True)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def show_choice(self, index: int) -> None:
        """Show which is chosen, without a signal."""
        self._group.button(index).setChecked(True)


class Slider(QSlider):
    """A horizontal slider that jumps to where it is clicked and leaves the wheel to what scrolls."""

    def __init__(self, name: str, tip: str, minimum: int, maximum: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setRange(minimum, maximum)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value only where the slider has the focus, so that scrolling a list changes none."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class LiveDoubleSpinBox(QDoubleSpinBox):
    """A number that can be typed, stepped and scrolled, and that follows a value without disturbing a person."""

    def __init__(self, name: str, tip: str, minimum: float, maximum: float, decimals: int, step: float) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setDecimals(decimals)
        self.setRange(minimum, maximum)
        self.setSingleStep(step)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(*_TEXT_MARGINS)

    def follow(self, value: float) -> None:
        """Show a value, without a signal; not while somebody types."""
        if not self.hasFocus() and round(value, self.decimals()) != self.value():
            with QSignalBlocker(self):
                self.setValue(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value only where the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class NumberBox(LiveDoubleSpinBox):
    """A number of any size, shown as short as it is: 0.9, 1e-08. What is typed may have an exponent, too."""

    def textFromValue(self, value: float) -> str:
        """Return the number with up to six significant digits."""
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """Return the number that was typed."""
        return float(text.replace(",", "."))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number of the range; anything else may become one while it is typed."""
        try:
            number = self.valueFromText(text)
        except ValueError:
            return QValidator.State.Intermediate, text, position
        inside = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate), text, position


class IntegerBox(QSpinBox):
    """A whole number that can be typed, stepped and scrolled."""

    def __init__(self, name: str, tip: str, minimum: int, maximum: int) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setRange(minimum, maximum)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(*_TEXT_MARGINS)

    def follow(self, value: int) -> None:
        """Show a value, without a signal."""
        with QSignalBlocker(self):
            self.setValue(value)


class ChoiceBox(QComboBox):
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
            self.setItemData(self.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(self._on_activated)

    def offer(self, keys: Sequence[str]) -> None:
        """Show only the entries with these keys in the list."""
        view = self.view()
        assert isinstance(view, QListView)
        for row in range(self.count()):
            view.setRowHidden(row, self.itemData(row) not in keys)

    @Slot()
    def _on_activated(self) -> None:
        self.chosen.emit(self.currentData())

    def show_choice(self, key: str, remark: str = "") -> None:
        """Show which entry is chosen, without a signal, and its tip with a remark."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(key))
        self.setToolTip(f"{self.currentData(Qt.ItemDataRole.ToolTipRole)} {remark}".strip())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn to another entry only where the box has the focus, so that scrolling a list changes none."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def tool_button(action: QAction, *, text: bool = False, role: str = "") -> QToolButton:
    """Return a button of an action, with its icon, or with icon and text."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    button.setAccessibleName(action.text().replace("&", ""))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setProperty("beside", text)
    if role:
        button.setProperty("role", role)
    return button


def separator() -> QFrame:
    """Return a thin upright line."""
    line = QFrame()
    line.setObjectName("separator")
    line.setFixedSize(1, 36)
    return line


def refuse(field: QWidget, sentence: str) -> None:
    """Say at a field why what was typed there is not taken."""
    QToolTip.showText(field.mapToGlobal(QPoint(0, field.height())), sentence, field, field.rect(), 6000)
