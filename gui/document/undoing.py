"""What the undo stack keeps: changes that can be taken back, and strokes whose edits become one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

from model.data.edits import Edit, InsertPoints, MovePoints, RemovePoints, ReplaceAll

if TYPE_CHECKING:
    from gui.document.changes import Change


class UndoableChange(QUndoCommand):
    """A change on the undo stack, which has been applied when it gets there.

    Parameters
    ----------
    text : str
        What the undo menu calls it.
    apply : callable
        Applies a change to the document and returns the change that takes it back.
    change, inverse : Change
    gesture : int, optional
        Commands of one gesture, like the drag of a slider, become one step of undo.
    """

    def __init__(
        self, text: str, apply: Callable[[Change], Change], change: Change, inverse: Change, gesture: int = -1
    ) -> None:
        super().__init__(text)
        self._apply = apply
        self._changes = [change]
        self._inverses = [inverse]
        self._gesture = gesture
        self._is_forgotten = False

    def forget_when_undone(self) -> None:
        """Leave nothing to redo once it has been taken back."""
        self._is_forgotten = True

    def id(self) -> int:
        """Return the number of the gesture, by which Qt finds commands to merge; -1 for none."""
        return self._gesture

    def redo(self) -> None:
        """Apply the change again; Qt calls this first when the command is pushed, and then it has been applied."""
        if not self._inverses:
            self._inverses = self._all_applied(self._changes)

    def undo(self) -> None:
        """Take the change back."""
        self._all_applied(self._inverses)
        self._inverses = []
        # Only now: what is obsolete before, Qt throws away without taking it back.
        self.setObsolete(self._is_forgotten)

    def _all_applied(self, changes: list[Change]) -> list[Change]:
        """Apply changes and return those that take them back, in the order for it."""
        try:
            return [self._apply(change) for change in changes][::-1]
        except Exception:
            # Caught and raised again on purpose: up to Python 3.11, what C code raises has to be made a proper
            # exception by some handler before it leaves a method that Qt called, or PySide ends the process (6.11.3).
            raise

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later command of the same gesture: where it leads to, and where this one came from."""
        if not isinstance(other, UndoableChange) or other._gesture != self._gesture:
            return False
        if self._changes[-1].surgery is None and other._changes[0].surgery is None:
            self._changes[-1:] = other._changes
        else:
            # A change of shape fits only the shape that the one before it left.
            self._changes += other._changes
            self._inverses = other._inverses + self._inverses
        return True


class Stroke:
    """The edits of a stroke so far, with what takes each back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[Edit] = []
        self.inverses: list[Edit] = []

    def add(self, edit: Edit, inverse: Edit) -> None:
        """Add an edit; where it moves the points that the one before it moved, the two are one."""
        last = self.edits[-1] if self.edits else None
        if isinstance(edit, MovePoints) and isinstance(last, MovePoints) and last.indices is edit.indices:
            self.edits[-1] = edit
            return
        self.edits.append(edit)
        self.inverses.append(inverse)

    @property
    def counts(self) -> tuple[int, int]:
        """How many points it has added, and how many it has removed."""
        added = sum(len(edit.points) for edit in self.edits if isinstance(edit, InsertPoints))
        removed = sum(len(edit.indices) for edit in self.edits if isinstance(edit, RemovePoints))
        for edit, inverse in zip(self.edits, self.inverses, strict=True):
            if isinstance(edit, ReplaceAll) and isinstance(inverse, ReplaceAll):
                added, removed = added + len(edit.dataset), removed + len(inverse.dataset)
        return added, removed
