"""Refusals: the sentence under a field that says why what was typed there is not taken."""

from __future__ import annotations

from collections.abc import Iterator

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from gui.program.guard import guarded
from gui.widgets.card import label

_WIDEST = 340
_GAP = 3
_MARGIN = 6
_ANSWERS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.Close)
"""What a person does in a field that shows that its sentence has been read."""

_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


def refuse(field: QWidget, sentence: str) -> None:
    """Say under a field why what was typed there is not taken, until the next key in it, or a click."""
    if not field.isVisible():
        return
    shown = refusal_of(field)
    if shown is None:
        shown = Refusal(field)
    shown.say(sentence)


def refusal_of(field: QWidget) -> Refusal | None:
    """Return the sentence that stands under a field, if there is one."""
    return next((one for one in field.window().findChildren(Refusal) if one.field is field and not one.is_read), None)


class Refusal(QWidget):
    """A sentence that stands in the window, under its field, whatever has the focus.

    Parameters
    ----------
    field : QWidget

    Attributes
    ----------
    field : QWidget
    is_read : bool
        Whether somebody has gone on in the field since; then it is about to go.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field.window())
        self.field = field
        self._text = label(role="refusal")
        self._text.setParent(self)
        self._text.setWordWrap(True)
        self.is_read = False
        self._watched: list[QWidget] = []
        field.destroyed.connect(self.deleteLater)

    def say(self, sentence: str) -> None:
        """Show a sentence, and tell it to a screen reader."""
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        self.is_read = False
        # The key that is being refused may still be on its way through the field's parents.
        QTimer.singleShot(0, self, self._watch)
        self._bring_into_view()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._text.text()

    @Slot()
    def _watch(self) -> None:
        """Follow the field wherever it goes, and wait for what is done in it."""
        if self._watched or self._is_over:
            return
        self._watched = [self.field, *self.field.findChildren(QLineEdit), *self._parents()]
        for widget in self._watched:
            widget.installEventFilter(self)
        # The key may have led to another field, far from here in what scrolls.
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        for parent in self._parents():
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(self.field, 0, _MARGIN)
        self._place()

    def _parents(self) -> Iterator[QWidget]:
        """Yield what the field is in, from the nearest to the window."""
        parent: QWidget | None = self.field.parentWidget()
        while parent is not None:
            yield parent
            parent = None if parent is self.parentWidget() else parent.parentWidget()

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when somebody goes on in the field, and stay under it when the window changes."""
        if self._is_over:
            return False
        in_field = watched is self.field or watched.parent() is self.field
        if event.type() in _ANSWERS and in_field:
            self._leave()
        elif event.type() in _MOVES:
            self._place()
        return False

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go: the sentence has been read."""
        self._leave()

    @property
    def _is_over(self) -> bool:
        """Whether it has been read, or its field is gone, as that of a layer is with the layer."""
        return self.is_read or not shiboken6.isValid(self.field)

    def _leave(self) -> None:
        self.is_read = True
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        """Stand under the field, or above it where there is no room, inside the window."""
        window = self.field.window()
        if self.field.visibleRegion().isEmpty():
            self.hide()
            return
        size = self._size_within(window.width() - 2 * _MARGIN)
        top_left = self.field.mapTo(window, QPoint(0, 0))
        left = max(min(top_left.x(), window.width() - _MARGIN - size.width()), _MARGIN)
        top = top_left.y() + self.field.height() + _GAP
        if top + size.height() > window.height() - _MARGIN:
            top = max(top_left.y() - _GAP - size.height(), _MARGIN)
        self.setGeometry(left, top, size.width(), size.height())
        self._text.setGeometry(self.rect())
        self.raise_()
        self.show()

    def _size_within(self, room: int) -> QSize:
        self._text.ensurePolished()
        self._text.setWordWrap(False)
        width = min(self._text.sizeHint().width(), _WIDEST, room)
        self._text.setWordWrap(True)
        return QSize(width, self._text.heightForWidth(width))
