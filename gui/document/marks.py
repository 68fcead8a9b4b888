"""ChangeMarks: notes on the timeline what a person changes while a run goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gui.document.mark_texts import State, mark_text
from gui.document.run import LiveRun
from gui.document.undoing import Stroke
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


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """What strokes at one step have done to the points, all in one way.

    Attributes
    ----------
    history : History
        The timeline that their mark belongs to.
    event : Event
        Their mark.
    added, removed : int
        How many points.
    """

    history: History
    event: Event
    added: int
    removed: int

    def is_met_by(self, history: History, step: int, added: int, removed: int) -> bool:
        """Return whether a stroke goes on with theirs: nothing between, at the same step, and of the same kind."""
        is_last = self.history is history and [*history.events[-1:]] == [self.event] and self.event.step == step
        return is_last and (self.added > 0, self.removed > 0) == (added > 0, removed > 0)


class ChangeMarks:
    """Puts one mark on the timeline for each change, undo and redo; those of one gesture have one together.

    Parameters
    ----------
    run : LiveRun
    """

    def __init__(self, run: LiveRun) -> None:
        self._run = run
        self._last: Noted | None = None
        self._strokes: Strokes | None = None

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

    def note_stroke(self, stroke: Stroke) -> None:
        """Mark what a stroke has done to the points; those that follow each other at one step have a mark together."""
        self._last = None
        history, step, (added, removed) = self._run.history, self._run.step_count, stroke.counts
        if not added and not removed:
            history.note(step, stroke.text)
            return
        before = self._strokes
        if before is not None and before.is_met_by(history, step, added, removed):
            added, removed = before.added + added, before.removed + removed
        else:
            before = None
        event = Event(step, _counts_text(added, removed))
        history.change_event(before.event if before else None, event)
        self._strokes = Strokes(history, event, added, removed)

    def _state(self, generator: GeneratorSettings) -> State:
        return State(self._run.setup, generator, self._run.network)


def _counts_text(added: int, removed: int) -> str:
    counts = [f"{sign}{count:,}" for sign, count in (("+", added), ("−", removed)) if count]
    return f"{' '.join(counts)} {'point' if added + removed == 1 else 'points'}"
