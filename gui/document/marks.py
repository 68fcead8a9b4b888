"""ChangeMarks: notes on the timeline what a person changes while a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gui.document.mark_texts import State, mark_text
from gui.document.run import LiveRun
from model.data.generators import GeneratorSettings
from model.run.history import Event, History


@dataclass(frozen=True, slots=True, eq=False)
class Noted:
    """Where a change begins: what its mark on the timeline compares with what there is after it.

    Attributes
    ----------
    gesture : int
        Of the change, whose mark later changes of the same gesture rewrite; -1 for none.
    step : int
        Where the mark stands.
    history : History
        The timeline that it belongs to.
    state : State
        Before the change.
    event : Event or None
        The mark, once it is there.
    """

    gesture: int
    step: int
    history: History
    state: State
    event: Event | None = None


class ChangeMarks:
    """Puts one mark on the timeline for each change, undo and redo; those of one gesture have one together.

    Parameters
    ----------
    run : LiveRun
    """

    def __init__(self, run: LiveRun) -> None:
        self._run = run
        self._last: Noted | None = None

    def begin(self, generator: GeneratorSettings, gesture: int = -1) -> Noted:
        """Return what there is before a change; one of a gesture goes on from where that began."""
        last, self._last = self._last, None
        if last is not None and last.gesture == gesture != -1 and last.history is self._run.history:
            return last
        return Noted(gesture, self._run.step_count, self._run.history, self._state(generator))

    def note(self, what: str, before: Noted, generator: GeneratorSettings, prefix: str = "") -> None:
        """Mark what has changed since; a new run, which has a timeline of its own, needs no mark.

        Parameters
        ----------
        what : str
            See :func:`gui.document.mark_texts.mark_text`.
        before : Noted
        generator : GeneratorSettings
            As it is now.
        prefix : str
            Stands before a text that says from what to what.
        """
        history, after = self._run.history, self._state(generator)
        if before.history is not history or before.state.is_same(after):
            return
        text = mark_text(what, before.state, after)
        event = Event(before.step, text if text == what else prefix + text)
        history.change_event(before.event if before.event in history.events else None, event)
        self._last = replace(before, event=event)

    def note_stroke(self, text: str) -> None:
        """Mark what a stroke has done to the points."""
        self._last = None
        self._run.history.note(self._run.step_count, text)

    def _state(self, generator: GeneratorSettings) -> State:
        return State(self._run.setup, generator, self._run.network)
