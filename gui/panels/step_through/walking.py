"""Walking: the pages of the step that follows the displayed moment, and which of them is open."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QObject, Slot

from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from model.run.history import KeyFrame
from model.walk.pages import Draft, Heading, Lit, Page, Walk

_PIN_FIRST = (
    "No point is pinned. Choose the probe among the tools (I) and click a point or a place: it is taken through the "
    "step here."
)


class Walking(Derived):
    """Makes a new walk when another moment is displayed; while nothing has changed, its pages stay.

    Parameters
    ----------
    run : LiveRun
    view : View
        Whose light is on what is at work on the open page.
    probe : Probe
    parent : QObject

    Attributes
    ----------
    number : int
        Of the open page.
    """

    least_interval_s: ClassVar[float] = 0.5
    """A page is more than a person reads in less."""

    def __init__(self, run: LiveRun, view: View, probe: Probe, parent: QObject) -> None:
        super().__init__(run, view, parent)
        self._probe = probe
        self._is_open = False
        self._takes_probe = False
        self._moment: KeyFrame | None = None
        self._walk = Walk(())
        self._returns = False
        self.number = 0
        probe.changed.connect(self._on_probe_changed)

    @property
    def is_wanted(self) -> bool:
        """Whether the pages are seen."""
        return self._is_open

    @property
    def takes_probe(self) -> bool:
        """Whether the step is walked through with the pinned point; otherwise with the batch."""
        return self._takes_probe

    @property
    def headings(self) -> tuple[Heading, ...]:
        """What the pages are about."""
        return self._walk.headings

    @property
    def page(self) -> Page:
        """The open page."""
        return self._walk.page(self.number)

    @property
    def is_at_end(self) -> bool:
        """Whether the last page is open."""
        return self.number >= len(self._walk) - 1

    @property
    def lacks_point(self) -> bool:
        """Whether the step is to be walked through with the pinned point, and none is pinned."""
        return self._takes_probe and self._probe.pinned is None

    def begin(self) -> None:
        """Open the first page, of the batch if no point is pinned."""
        self._is_open, self._moment, self.number = True, None, 0
        self._takes_probe = self._takes_probe and self._probe.pinned is not None
        self._pace.work()

    def end(self) -> None:
        """Close the walk."""
        self._is_open, self._moment, self._walk = False, None, Walk(())
        self._pace.forget()
        self._view.light(None)

    def take_probe(self, takes_probe: bool) -> None:
        """Walk with the pinned point, or with the batch."""
        if takes_probe != self._takes_probe:
            self._takes_probe, self._moment = takes_probe, None
            self._pace.work()

    def turn_to(self, number: int) -> None:
        """Open another page."""
        self.number = max(0, min(number, len(self._walk) - 1))
        self._tell()

    @property
    def why_not_applied(self) -> str:
        """Why the step cannot be taken now, in a sentence; empty where it can."""
        if self._run.moment is not None:
            return "This moment is past. Go to the end of the timeline, or continue from here, to take a step."
        if self._run.playing:
            return "Training runs. Pause it to take one step."
        from model.walk.walk import why_no_step

        return why_no_step(self._run.displayed.moment) if self._run.numbers.next_step is None else ""

    def apply(self) -> None:
        """Take the step, and open the first page of the next one."""
        self._returns = True
        self._run.step()

    def compute(self) -> None:
        """Make the pages of the displayed moment, unless they are there."""
        moment = self._run.displayed.moment
        if not self._is_open or (self._moment is not None and _is_same(moment, self._moment)):
            return
        if self._returns and self._moment is not None and moment.step != self._moment.step:
            self._returns, self.number = False, 0
        self._moment = moment
        self._walk = self._walk_of(moment)
        self.number = min(self.number, len(self._walk) - 1)

    def _renew(self) -> None:
        self.compute()
        self._tell()

    def _tell(self) -> None:
        if self._is_open:
            self._view.light(self._walk.headings[self.number].lit)
            self.changed.emit()

    def _walk_of(self, moment: KeyFrame) -> Walk:
        from model.walk.walk import Subject, batch_walk, point_walk

        step = self._run.numbers.next_step
        if not self._takes_probe:
            return batch_walk(moment, step)
        point = self._probe.pinned
        if point is None:
            return Walk((Draft(Heading("points", "No point", Lit()), lambda: (_PIN_FIRST, ())),))
        # The row is that of the present data set.
        row = point.index if moment.dataset is self._run.setup.dataset else None
        return point_walk(moment, step, Subject(point.place, point.label, row))

    @Slot()
    def _on_probe_changed(self) -> None:
        if self._takes_probe and self._is_open:
            self._moment = None
            self._pace.ask(urgent=True)


def _is_same(moment: KeyFrame, other: KeyFrame) -> bool:
    """Return whether the same step follows two moments."""
    if moment is other:
        return True
    first, second = moment.checkpoint, other.checkpoint
    return (
        moment.setup is other.setup
        and (first.step_count, first.next_batch, first.random) == (second.step_count, second.next_batch, second.random)
        and np.array_equal(first.parameters, second.parameters, equal_nan=True)
    )
