"""Number and text fields, and sliders, that keep still under a passing wheel and say what is wrong."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QLineEdit,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionSlider,
)

from gui.program.guard import guarded
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_tip
from model.numbers import AmbiguousNumberError, number_text, typed_number, typed_whole
from model.types import readable

LARGEST_WHOLE = 2_147_483_647
"""The largest whole number that a field takes from a person."""

_ONE_TURN_MS = 1500
_TEXT_MARGINS = (4, 0, 4, 0)


class CalmWheel:
    """Beside a widget's class: the wheel turns its value only where it has the focus, not when one scrolls past it."""

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Take the wheel, or leave it to what scrolls."""
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
        else:
            event.ignore()


class Slider(CalmWheel, QSlider):
    """A horizontal slider. Only Tab gives it the focus: after a drag the arrow keys still belong to the training.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    minimum, maximum : int

    Attributes
    ----------
    gesture : int
        The number of the drag that is under way, no other slider's: its changes are one step of undo. -1 for none.
    """

    _gestures = itertools.count(1)

    def __init__(self, name: str, tip: str, minimum: int, maximum: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.gesture = self._key_gesture = -1
        self._since_key = QElapsedTimer()
        self.sliderPressed.connect(self._on_pressed)
        self.sliderReleased.connect(self._on_released)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setToolTip(as_tip(tip))
        self.setRange(minimum, maximum)

    @guarded
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

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn it; keys that follow one another soon are one step of undo."""
        if not self._since_key.isValid() or self._since_key.elapsed() > _ONE_TURN_MS:
            self._key_gesture = next(self._gestures)
        self._since_key.start()
        self.gesture = self._key_gesture
        super().keyPressEvent(event)
        self.gesture = -1

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End what the keys have turned."""
        self._since_key.invalidate()
        super().focusOutEvent(event)

    @Slot()
    def _on_pressed(self) -> None:
        self.gesture = next(self._gestures)

    @Slot()
    def _on_released(self) -> None:
        self.gesture = -1


class NumberBox(CalmWheel, QDoubleSpinBox):
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
    unit : str
        What follows the number; it need not be typed.
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
        unit: str = "",
    ) -> None:
        self._padded, self._unit = padded, unit
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
        return (readable(f"{value:,.{self.decimals()}f}") if self._padded else number_text(value)) + self._unit

    def number(self) -> float:
        """Return the value."""
        return self.value()

    def valueFromText(self, text: str) -> float:
        """Return the number that was typed."""
        # What is shown may have a comma between thousands, and need not be typed anew.
        if text == self.textFromValue(self.value()):
            return self.value()
        return typed_number(_without_unit(text, self._unit))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a number of the range; anything else may become one while it is typed."""
        state = _state(self.valueFromText, text, self.minimum(), self.maximum())
        return state, text.replace("-", "−"), position

    def fixup(self, text: str) -> str:
        """Refuse what was typed; Qt then shows the number before."""
        ends = " to ".join(number_text(end) for end in (self.minimum(), self.maximum()))
        refuse(self, _doubt(_without_unit(text, self._unit)) or f"“{text}” is not a number from {ends}{self._unit}.")
        return text


class IntegerBox(CalmWheel, QSpinBox):
    """A whole number that can be typed, stepped and scrolled; anything else is refused with a sentence.

    A file may have a larger one than the range: it is shown as it is, and stays until another one is chosen.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    minimum, maximum : int
        The range, both ends allowed.
    none_text : str
        What stands for None, below the minimum; by default there must be a number.
    unit : str
        What follows the number; it need not be typed.
    """

    def __init__(self, name: str, tip: str, minimum: int, maximum: int, none_text: str = "", *, unit: str = "") -> None:
        self._beyond: int | None = None
        self._unit = unit
        super().__init__()
        _prepare_field(self, name, tip)
        self._least = minimum
        self.setRange(minimum - 1 if none_text else minimum, maximum)
        self.setSpecialValueText(none_text)

    def follow(self, value: int | None) -> None:
        """Show a value, without a signal."""
        with QSignalBlocker(self):
            self._beyond = value if value is not None and value > self.maximum() else None
            self.setValue(self.minimum() if value is None else min(value, self.maximum()))
            # Qt writes the text only where the value is another.
            if self._beyond is not None:
                self.lineEdit().setText(f"{self._beyond:,}")

    def number(self) -> int | None:
        """Return the value; None where its text stands for that."""
        if self._beyond is not None and self.value() == self.maximum():
            return self._beyond
        return None if self.value() < self._least else self.value()

    def textFromValue(self, value: int) -> str:
        """Return the number as it is shown."""
        shown = self._beyond if self._beyond is not None and value == self.maximum() else value
        return readable(f"{shown:,}") + self._unit

    def valueFromText(self, text: str) -> int:
        """Return the number that was typed; the largest for one beyond the range, which only a file can have."""
        plain = _without_unit(text, self._unit)
        if self._beyond is not None and plain == f"{self._beyond:,}":
            return self.maximum()
        if self.specialValueText() and text.strip().lower() == self.specialValueText():
            return self.minimum()
        number = typed_whole(plain)
        if number < self._least:
            # What stands for None has a number that is none to a person.
            raise ValueError(f"{number} is below {self._least}")
        return number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept what is a whole number of the range; anything else may become one while it is typed."""
        state = _state(self.valueFromText, text, self.minimum(), self.maximum())
        return state, text.replace("-", "−"), position

    def fixup(self, text: str) -> str:
        """Refuse what was typed; Qt then shows the number before."""
        other = f", or “{self.specialValueText()}”" if self.specialValueText() else ""
        refuse(self, f"“{text}” is not a whole number from {self._least:,} to {self.maximum():,}{self._unit}{other}.")
        return text


def _prepare_field(field: QAbstractSpinBox, name: str, tip: str) -> None:
    field.setAccessibleName(name)
    field.setToolTip(as_tip(tip))
    field.setKeyboardTracking(False)
    # Qt's own line may come with the wrapper of another widget that was there before.
    line = QLineEdit(field)
    line.setTextMargins(*_TEXT_MARGINS)
    field.setLineEdit(line)


def _without_unit(text: str, unit: str) -> str:
    """Return the number that was typed, with or without its unit; no keyboard has the sign of times, but an x."""
    if not unit:
        return text
    text = text.strip()
    return text[:-1] if unit == "×" and text[-1:] in "xX" else text.removesuffix(unit)


def _doubt(text: str) -> str:
    """Return a sentence on a text that could be two numbers; nothing for any other."""
    try:
        typed_number(text)
    except AmbiguousNumberError as error:
        return str(error)
    except ValueError:
        pass
    return ""


def _state(parse: Callable[[str], float], text: str, minimum: float, maximum: float) -> QValidator.State:
    try:
        acceptable = minimum <= parse(text) <= maximum
    except ValueError:
        acceptable = False
    return QValidator.State.Acceptable if acceptable else QValidator.State.Intermediate


class EntryField(QLineEdit):
    """Where a text is typed. Return enters it and stays in the field, and leaving the field enters it, too.

    Parameters
    ----------
    name : str
        The accessible name.
    tip : str
    """

    entered = Signal()

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(as_tip(tip))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter the text by Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Enter the text."""
        super().focusOutEvent(event)
        self.entered.emit()
