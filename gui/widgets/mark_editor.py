"""MarkEditor: a line over the timeline, in which the text of a mark is typed."""

from __future__ import annotations

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.in_place import InPlaceField
from model.run.history import Event

_WIDTH = 240
_LONGEST = 200


class MarkEditor(InPlaceField):
    """Takes the text of a mark. Return keeps it, as does going elsewhere; Escape does not.

    Parameters
    ----------
    parent : QWidget
        The timeline.
    """

    finished = Signal(object, object)
    """The mark as it was, None if it is new, and as it is, None if its text was emptied."""

    def __init__(self, parent: QWidget) -> None:
        tip = "Return keeps the text, Escape leaves it as it was; a mark without a text is removed."
        super().__init__(parent, "Text of the mark", tip)
        self.setPlaceholderText("What happens here")
        self.setMaxLength(_LONGEST)
        self._mark: Event | None = None
        self._step = 0

    def edit(self, mark: Event | None, step: int, x: float) -> None:
        """Ask for the text of a mark, of a new one at a step where there is none; `x` is where it is in the parent."""
        self._mark, self._step = mark, step
        room = self._floor.rect()
        left = round(min(max(x - 8, 0), max(room.width() - _WIDTH, 0)))
        height = self.sizeHint().height()
        place = QRect(left, (room.height() - height) // 2, min(_WIDTH, room.width()), height)
        self.open_at(place, "" if mark is None else mark.text)

    def finish(self) -> None:
        """Tell what has become of the mark."""
        if not self.isVisible():
            return
        mark, text = self._mark, " ".join(self.text().split())
        after = Event(self._step, text, is_note=mark is None or mark.is_note) if text else None
        self.close_field()
        self.finished.emit(mark, after)
