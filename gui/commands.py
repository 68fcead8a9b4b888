"""What a person can undo: changes of the document, each of which answers with the change that takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtGui import QUndoCommand

from model import NetworkSettings, TrainingSettings
from model.edits import Edit
from model.generators import GeneratorSettings
from model.surgery import Surgery


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
    restart : NetworkSettings or None
        Begin a new run with these settings.
    """

    edits: tuple[Edit, ...] = ()
    generator: GeneratorSettings | None = None
    surgery: Surgery | None = None
    training: TrainingSettings | None = None
    parameter: tuple[int, float] | None = None
    restart: NetworkSettings | None = None

    def followed_by(self, later: Change) -> Change:
        """Return one change that does both, this one first.

        Raises
        ------
        ValueError
            If both change the shape of the network: their order would be lost.
        """
        if self.surgery is not None and later.surgery is not None:
            raise ValueError("two changes of shape cannot become one")
        return replace(
            self,
            edits=self.edits + later.edits,
            generator=later.generator or self.generator,
            surgery=later.surgery or self.surgery,
            training=later.training or self.training,
            parameter=later.parameter or self.parameter,
            restart=later.restart or self.restart,
        )


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
        self._change = change
        self._inverse = inverse
        self._gesture = gesture

    def id(self) -> int:
        """Return the number of the gesture, by which Qt finds commands to merge; -1 for none."""
        return self._gesture

    def redo(self) -> None:
        """Apply the change, unless it came applied."""
        if self._inverse is None:
            self._inverse = self._apply(self._change)

    def undo(self) -> None:
        """Take the change back."""
        if self._inverse is not None:
            self._apply(self._inverse)
            self._inverse = None

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over a later command of the same gesture: where it leads to, and where this one came from."""
        if not isinstance(other, UndoableChange) or other._gesture != self._gesture:
            return False
        self._change = other._change
        return True
