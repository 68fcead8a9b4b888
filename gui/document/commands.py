"""What a person can undo: changes of the document, each of which answers with the change that takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QUndoCommand

from model import Network, TrainingSettings
from model.data.edits import Edit
from model.data.generators import GeneratorSettings
from model.network.surgery import Surgery
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A moment of a run to go on from, with what led to it.

    Attributes
    ----------
    frame : KeyFrame
    history : History
        Whose last frame it is.
    curve : LossCurve
        Up to it.
    """

    frame: KeyFrame
    history: History
    curve: LossCurve


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One change of the document; only what is given changes.

    Attributes
    ----------
    edits : tuple of Edit
        Of the data set, one after the other.
    generator : GeneratorSettings or None
        What the data panel's controls say.
    surgery : Surgery or None
        Of the network's shape; the run goes on.
    training : TrainingSettings or None
    parameter : tuple of (int, float) or None
        A position in the flat vector of parameters, and its value.
    restart : Network or None
        Begin a new run with this network.
    branch : Branch or None
        Go on from a moment of a run.
    """

    edits: tuple[Edit, ...] = ()
    generator: GeneratorSettings | None = None
    surgery: Surgery | None = None
    training: TrainingSettings | None = None
    parameter: tuple[int, float] | None = None
    restart: Network | None = None
    branch: Branch | None = None


class UndoableChange(QUndoCommand):
    """A change on the undo stack.

    Parameters
    ----------
    text : str
        What the undo menu calls it.
    apply : callable
        Applies a change to the document and returns the change that takes it back.
    change : Change
    inverse : Change, optional
        Given where the change has been applied already; it is then not applied again when the stack takes it.
    gesture : int, optional
        Commands of one gesture, like the drag of a slider, become one step of undo.
    """

    def __init__(
        self,
        text: str,
        apply: Callable[[Change], Change],
        change: Change,
        inverse: Change | None = None,
        gesture: int = -1,
    ) -> None:
        super().__init__(text)
        self._apply = apply
        self._changes = [change]
        self._inverses = [] if inverse is None else [inverse]
        self._gesture = gesture
        self._is_forgotten = False

    def forget_when_undone(self) -> None:
        """Leave nothing to redo once it has been taken back."""
        self._is_forgotten = True

    def id(self) -> int:
        """Return the number of the gesture, by which Qt finds commands to merge; -1 for none."""
        return self._gesture

    def redo(self) -> None:
        """Apply the change, unless it came applied."""
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
            # Caught and raised anew on purpose: up to Python 3.11, what C code raises has to be made a proper exception
            # by some handler before it leaves a method that Qt called, or PySide ends the process (seen with 6.11.3).
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
