"""Small widgets that several panels use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionSlider,
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


class ElidedLabel(QLabel):
    """A label in one line that is cut with … where there is no room, and then has its whole text as a tip."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self._tip = ""

    def show_text(self, text: str, tip: str = "") -> None:
        """Show a text; `tip` is what the tool tip says beside it."""
        self._whole, self._tip = text, tip
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text for the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(shown)
        self.setToolTip("\n".join(part for part in (self._whole if shown != self._whole else "", self._tip) if part))
        self.setAccessibleName(self._whole)


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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be done with a field that somebody typed in."""
        leave_field()
        super().mousePressEvent(event)


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
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.idClicked.connect(self.chosen)

    def show_choice(self, index: int) -> None:
        """Show which is chosen, without a signal."""
        self._group.button(index).setChecked(True)


class _CalmWheel:
    """Beside a widget's class: the wheel turns its value only where it has the focus, not when one scrolls past it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Take the wheel, or leave it to what scrolls."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class Slider(_CalmWheel, QSlider):
    """A horizontal slider. Only Tab gives it the focus: after a drag the arrow keys still belong to the training."""

    def __init__(self, name: str, tip: str, minimum: int, maximum: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setRange(minimum, maximum)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle to the mouse before it is taken: a click leads there at once, in one step of undo."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_SliderHandle
        handle = self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
        position = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and not handle.contains(position):
            left, span = position.x() - handle.width() // 2, self.width() - handle.width()
            self.setSliderDown(True)
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), left, span))
        super().mousePressEvent(event)


class NumberBox(_CalmWheel, QDoubleSpinBox):
    """A number that can be typed, stepped and scrolled, and that follows a value without disturbing a person.

    It is shown as short as it is: 0.9, 1e-08. What is typed may have an exponent, and a comma for the point. Anything
    that is not a number of the range is refused with a sentence.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    minimum, maximum : float
        The range, both ends allowed.
    step : float
        Of the arrow keys and the wheel.
    decimals : int
        To how many places the number is rounded, and shown if `padded`.
    padded : bool
        Always show all decimals, for numbers that change live.
    """

    def __init__(
        self,
        name: str,
        tip: str,
        minimum: float,
        maximum: float,
        step: float,
        decimals: int = 12,
        *,
        padded: bool = False,
    ) -> None:
        self._padded = padded
        super().__init__()
        _prepare_field(self, name, tip)
        self.setDecimals(decimals)
        self.setRange(minimum, maximum)
        self.setSingleStep(step)

    def follow(self, value: float) -> None:
        """Show a value, without a signal; not while somebody types."""
        if not self.hasFocus() and round(value, self.decimals()) != self.value():
            with QSignalBlocker(self):
                self.setValue(value)

    def textFromValue(self, value: float) -> str:
        """Return the number as it is shown."""
        return f"{value:.{self.decimals()}f}" if self._padded else f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """Return the number that was typed."""
        return float(text.replace(",", ".").replace("−", "-"))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number of the range; anything else may become one while it is typed."""
        return _state(self.valueFromText, text, self.minimum(), self.maximum()), text, position

    def fixup(self, text: str) -> str:
        """Refuse what was typed; Qt then shows the number before."""
        refuse(self, f"“{text}” is not a number from {self.minimum():g} to {self.maximum():g}.")
        return text


class IntegerBox(_CalmWheel, QSpinBox):
    """A whole number that can be typed, stepped and scrolled; anything else is refused with a sentence.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    minimum, maximum : int
        The range, both ends allowed.
    none_text : str
        What stands for None, below the minimum; by default there must be a number.
    """

    def __init__(self, name: str, tip: str, minimum: int, maximum: int, none_text: str = "") -> None:
        super().__init__()
        _prepare_field(self, name, tip)
        self._least = minimum
        self.setRange(minimum - 1 if none_text else minimum, maximum)
        self.setSpecialValueText(none_text)

    def follow(self, value: int | None) -> None:
        """Show a value, without a signal."""
        with QSignalBlocker(self):
            self.setValue(self.minimum() if value is None else value)

    def number(self) -> int | None:
        """Return the value; None where its text stands for that."""
        return None if self.value() < self._least else self.value()

    def valueFromText(self, text: str) -> int:
        """Return the number that was typed."""
        if self.specialValueText() and text.strip().lower() == self.specialValueText():
            return self.minimum()
        return int(text)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a whole number of the range; anything else may become one while it is typed."""
        return _state(self.valueFromText, text, self.minimum(), self.maximum()), text, position

    def fixup(self, text: str) -> str:
        """Refuse what was typed; Qt then shows the number before."""
        other = f", or “{self.specialValueText()}”" if self.specialValueText() else ""
        refuse(self, f"“{text}” is not a whole number from {self._least:,} to {self.maximum():,}{other}.")
        return text


def _prepare_field(field: QAbstractSpinBox, name: str, tip: str) -> None:
    field.setAccessibleName(name)
    field.setToolTip(tip)
    field.setKeyboardTracking(False)
    field.lineEdit().setTextMargins(*_TEXT_MARGINS)


def _state(parse: Callable[[str], float], text: str, minimum: float, maximum: float) -> QValidator.State:
    try:
        acceptable = minimum <= parse(text) <= maximum
    except ValueError:
        acceptable = False
    return QValidator.State.Acceptable if acceptable else QValidator.State.Intermediate


class CalmComboBox(_CalmWheel, QComboBox):
    """A combo box past which one can scroll."""


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


def tool_button(action: QAction, *, text: bool = False, role: str = "") -> QToolButton:
    """Return a button of an action, with its icon, or with icon and text."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    button.setAccessibleName(action.text().replace("&", ""))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(leave_field)
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


def leave_field() -> None:
    """Take the focus from a field in which somebody types: the mouse has gone on to something else."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractSpinBox | QComboBox | QLineEdit):
        focused.clearFocus()


def uses_key(focused: QWidget | None, key: int) -> bool:
    """Say whether a widget with the focus needs a key for itself, which is a shortcut of the window otherwise.

    A widget of our own names such keys as its `own_keys`.
    """
    arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
    if key in getattr(focused, "own_keys", ()):
        return True
    if isinstance(focused, QAbstractButton):
        return key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
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


def refuse(field: QWidget, sentence: str) -> None:
    """Say at a field why what was typed there is not taken."""
    QToolTip.showText(field.mapToGlobal(QPoint(0, field.height())), sentence, field, field.rect(), 6000)
