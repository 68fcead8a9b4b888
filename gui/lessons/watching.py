"""Watching: the facts of the window as it is, looked at whenever they may have changed, and seldom enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot

from gui.document.document import Document
from gui.program.exported import exported
from gui.widgets.pace import Pace
from model.lessons.facts import FACTS, Moment, Value
from model.network.parts import Unit, unit_name


class Watch(QObject):
    """Tells the open lesson what is so, as far as it asks.

    Parameters
    ----------
    document : Document
    is_shown : callable
        Returns whether a card is shown, by its name.
    parent : QObject
    """

    def __init__(self, document: Document, is_shown: Callable[[str], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._is_shown = document, is_shown
        self._lesson = document.lesson
        self._exported = ""
        self._diverged: int | None = None
        self._pace = Pace(self.look, self)
        run, view, changes = document.run, document.view, document.changes
        run.displayed_changed.connect(self._on_displayed_changed)
        for signal in (
            run.playing_changed,
            run.moment_changed,
            view.selection_changed,
            view.settings_changed,
            view.left_out_changed,
            document.probe.pinned_changed,
            changes.dataset_changed,
            changes.generator_changed,
            changes.network_changed,
            changes.training_changed,
            changes.marks_changed,
        ):
            signal.connect(self.ask)
        run.notice_changed.connect(self._on_notice_changed)
        self._lesson.turned.connect(self._on_turned)
        exported().written.connect(self._on_exported)

    @Slot()
    def ask(self) -> None:
        """Look soon: something has been done."""
        if self._lesson.asks_for:
            self._pace.ask(urgent=True)

    @Slot()
    def look(self) -> None:
        """Tell the lesson what is so now."""
        names = self._lesson.asks_for
        if names:
            self._lesson.see(self.facts(names))

    def facts(self, names: frozenset[str]) -> dict[str, Value]:
        """Return some of the facts."""
        document = self._document
        run = document.run
        frame = run.displayed.moment
        events = [event for event in run.history.events if event.step <= frame.step]
        moment = Moment(frame, document.changes.generator_settings, events)
        found: dict[str, Value] = {}
        for name in names:
            compute = FACTS[name].of
            found[name] = SEEN[name](self) if compute is None else compute(moment)
        return found

    @Slot()
    def _on_displayed_changed(self) -> None:
        if self._lesson.asks_for:
            self._pace.ask(urgent=False)

    @Slot()
    def _on_turned(self) -> None:
        self._exported = ""
        self._pace.forget()
        self.ask()

    @Slot(str)
    def _on_exported(self, kind: str) -> None:
        self._exported = kind
        self.ask()

    @Slot()
    def _on_notice_changed(self) -> None:
        run = self._document.run
        notice = run.notice
        if not run.displayed.metrics.is_finite or (notice is not None and notice.offers_halving):
            self._diverged = run.state.run
        self.ask()

    @property
    def _selected(self) -> str:
        part = self._document.view.selection
        if not isinstance(part, Unit):
            return ""
        return unit_name(self._document.network_settings, part, self._document.dataset)


SEEN: Mapping[str, Callable[[Watch], Value]] = {
    "playing": lambda watch: watch._document.run.playing,
    "scrubbed": lambda watch: watch._document.run.moment is not None,
    "diverged": lambda watch: watch._diverged == watch._document.run.state.run,
    "selected": lambda watch: watch._selected,
    "probe": lambda watch: watch._document.probe.pinned is not None,
    "exported": lambda watch: watch._exported,
    "step_through": lambda watch: watch._is_shown("Step Through"),
    "without_biases": lambda watch: watch._document.view.left_out == "biases",
    "in_space": lambda watch: watch._document.view.settings.in_space,
    "regions": lambda watch: watch._document.view.settings.regions,
    "mark_wrong": lambda watch: watch._document.view.settings.mark_wrong,
    "edges": lambda watch: watch._document.view.settings.edges,
}
"""What only the window knows, for every fact that is computed from no moment."""
