"""The dialog of names and units: what coordinates, values and classes are called, and which numbers they have."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.document.points import Points
from gui.items.legend import marker_pixmap
from gui.widgets.card import label
from gui.widgets.forms import dialog_buttons
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_sentence, as_tip
from model import Dataset
from model.data.dataset import CURVE_LIMIT, PLANE_LIMIT, TARGET_LIMIT
from model.data.naming import Axis, Naming, typed_name
from model.data.wording import letters_of
from model.numbers import typed_number
from model.types import readable

_MARKER_PX, _NAME_PX, _NUMBER_PX = 14, 190, 92
_MOST_HEIGHT_PX = 480
_DIGITS = 15
_HINT = "Everything that is shown and written uses these names and numbers. Points stay where they are, and so does \
what was learned."


class NamesDialog(QDialog):
    """Asks for all names of a data set, and for the numbers at both ends of its axes; one step of undo.

    Parameters
    ----------
    points : Points
    dataset : Dataset
        What is named.
    parent : QWidget
    current_class : int, optional
        Whose name is chosen at first; by default that of the first quantity.
    """

    def __init__(self, points: Points, dataset: Dataset, parent: QWidget, current_class: int | None = None) -> None:
        super().__init__(parent)
        self._points, self._dataset = points, dataset
        self.setObjectName("names")
        self.setWindowTitle("Names and Units")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._axes = {quantity: self._add_axis(quantity, letter) for quantity, letter in letters_of(dataset).items()}
        self._classes = [self._add_class(index, name) for index, name in enumerate(dataset.class_names)]
        self._problem = label(role="error")
        self._problem.setWordWrap(True)
        self._buttons = dialog_buttons(
            self, QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._lay_out()
        for field in self.findChildren(QLineEdit):
            field.textChanged.connect(self._check)
        self._check()
        first = next(iter(self._axes.values())).name if current_class is None else self._classes[current_class]
        first.setFocus()
        first.selectAll()

    def _lay_out(self) -> None:
        hint = label(_HINT, "muted")
        hint.setWordWrap(True)
        fields = QWidget()
        fields.setLayout(self._grid)
        scroll = Scroll(fields)
        scroll.setFrameShape(Scroll.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumWidth(fields.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget, stretch in ((hint, 0), (scroll, 1), (self._problem, 0), (self._buttons, 0)):
            column.addWidget(widget, stretch)
        needed = sum(widget.sizeHint().height() for widget in (fields, hint, self._buttons)) + theme.px(90)
        self.resize(self.sizeHint().width(), min(needed, theme.px(_MOST_HEIGHT_PX)))

    def _add_axis(self, quantity: str, letter: str) -> _AxisRow:
        """Return the fields of a quantity, in a row; a class has no numbers."""
        axis: Axis = getattr(self._dataset.naming, quantity)
        row, name = self._grid.rowCount(), _field(f"Name of {letter}", axis.name, _NAME_PX)
        name.setPlaceholderText(letter)
        name.setToolTip(as_tip(f"What {letter} is called; nothing: {letter}."))
        self._grid.addWidget(label(letter, "muted"), row, 0)
        self._grid.addWidget(name, row, 1)
        limit = _limit(quantity, self._dataset)
        if limit is None:
            return _AxisRow(axis, name)
        ends = []
        for place, end in enumerate((-limit, limit)):
            at = readable(f"{end:g}")
            field = _field(f"{letter} at {at}", readable(f"{axis.shown(end):.{_DIGITS}g}"), _NUMBER_PX)
            field.setToolTip(as_tip(f"Your number where {letter} of the plane is {at}."))
            self._grid.addWidget(label(f"{at} is", "muted"), row, 2 + 2 * place)
            self._grid.addWidget(field, row, 3 + 2 * place)
            ends.append(field)
        return _AxisRow(axis, name, limit, (ends[0], ends[1]))

    def _add_class(self, index: int, name: str) -> QLineEdit:
        row, caption, field = self._grid.rowCount(), QLabel(), _field(f"Name of class {index + 1}", name, _NAME_PX)
        side = theme.px(_MARKER_PX)
        caption.setFixedSize(QSize(side, side))
        caption.setPixmap(marker_pixmap(index, side, self.devicePixelRatioF(), theme.current()))
        field.setToolTip(as_tip(f"What class {index + 1} is called."))
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(field, row, 1)
        return field

    def _naming(self) -> Naming:
        """Return what the fields say.

        Raises
        ------
        ValueError
            If something is not a name or a number, or the same name is there twice.
        """
        axes = {quantity: row.axis() for quantity, row in self._axes.items()}
        called = [axis.name for axis in axes.values() if axis.name]
        if len(set(called)) < len(called):
            raise ValueError(f"two rows have the name “{max(called, key=called.count)}”")
        fields = zip(self._dataset.class_names, self._classes, strict=True)
        names = [known if field.text() == known else typed_name(field.text()) for known, field in fields]
        return replace(self._dataset.naming, **axes, classes=tuple(names))

    @Slot()
    def _check(self) -> None:
        """Say what is not right, if something is."""
        problem = ""
        try:
            self._naming()
        except ValueError as error:
            problem = as_sentence(error)
        self._problem.setText(problem)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    def accept(self) -> None:
        """Name what is named, as far as the points are still the same."""
        try:
            naming = self._naming()
            if self._points.dataset.kind == self._dataset.kind:
                self._points.rename("change names and units", naming)
        except ValueError as error:
            self._problem.setText(as_sentence(error))
            return
        super().accept()


class _AxisRow:
    """The fields of one quantity.

    Parameters
    ----------
    before : Axis
    name : QLineEdit
    limit : float
        Where the numbers are asked for: there, and at the opposite number.
    ends : tuple of QLineEdit, optional
        The numbers there.
    """

    def __init__(
        self, before: Axis, name: QLineEdit, limit: float = 1.0, ends: tuple[QLineEdit, QLineEdit] | None = None
    ) -> None:
        self._before, self.name, self._limit, self._ends = before, name, limit, ends
        self._texts = [field.text() for field in ends or ()]

    def axis(self) -> Axis:
        """Return what the fields say; numbers that nobody touched stay as they are."""
        before, text = self._before, self.name.text()
        axis = before if text == before.name else replace(before, name=typed_name(text))
        if self._ends is None or [field.text() for field in self._ends] == self._texts:
            return axis
        low, high = map(_number, self._ends)
        if not low < high:
            raise ValueError(f"the second number of a row must be larger than the first; got {low:g} and {high:g}")
        return replace(axis, middle=low / 2 + high / 2, unit=(high - low) / (2 * self._limit))


def _field(name: str, text: str, width: int) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    theme.measure(field, least_width=width)
    field.setCursorPosition(0)
    return field


def _number(field: QLineEdit) -> float:
    """Return the number in a field; raise a ValueError that names the field if there is none."""
    try:
        return typed_number(field.text())
    except ValueError as error:
        raise ValueError(f"{field.accessibleName()}: {error}") from error


def _limit(quantity: str, dataset: Dataset) -> float | None:
    """Return at which number of the program, and its opposite, the person's is asked for; None: it has none."""
    if quantity != "value":
        return PLANE_LIMIT
    return {"classes": None, "values": TARGET_LIMIT, "curve": CURVE_LIMIT}[dataset.kind]
