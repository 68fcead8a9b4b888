"""RaceLandscape: the loss over the plane that lies nearest to the paths of a race's lanes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.landscape_paths import LandscapePath, ProjectedFrames
from gui.document.landscape_thread import LandscapeRequest, LandscapeThread
from gui.document.race import LiveRace
from gui.training_thread.race import RaceReport
from model.landscape.landscape import Landscape, LandscapeSettings
from model.run.history import KeyFrame
from model.run.race import LaneState

_MOST_FRAMES, _MOST_SPANNING = 200, 100
"""Through so many key frames of a lane its path is drawn at most, and so many decide on the plane."""

_GROWTH = 1.5
"""While the lanes train, another plane is sought when they have taken so many times the steps."""

_SETTINGS = LandscapeSettings("path")

NO_PATH, COMPUTING = "The paths begin with the first steps.", "Computing …"


class RaceLandscape(QObject):
    """The landscape below a race, and the paths on it; computed only while somebody looks at it.

    Its plane goes through the weights of the lane that leads, along the two main directions of all paths. It stands
    while the race goes on, until a path leaves it or all have become much longer; when the race rests it is renewed.

    Parameters
    ----------
    race : LiveRace
    parent : QObject, optional
    """

    changed = Signal()

    def __init__(self, race: LiveRace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._race = race
        self._is_seen = False
        self._number = self._spanned_until = 0
        self._is_answered = True
        self._first: KeyFrame | None = None
        self._landscape: Landscape | None = None
        self._problem = NO_PATH
        self._projected: dict[int, ProjectedFrames] = {}
        self._thread = LandscapeThread()
        self._thread.answered.connect(self._on_answered)
        race.report_changed.connect(self._follow)
        race.playing_changed.connect(self._follow)

    def close(self) -> None:
        """End the thread."""
        self._thread.stop()

    def look(self, *, seen: bool) -> None:
        """Say that somebody looks at it from now on, or no more."""
        self._is_seen = seen
        if seen:
            if not self._thread.isRunning():
                self._thread.start()
            self._follow()
        else:
            self._thread.ask(None)
            self._is_answered = True

    @property
    def landscape(self) -> Landscape | None:
        """The landscape so far; None where there is none, see :attr:`problem`."""
        return self._landscape

    @property
    def problem(self) -> str:
        """Why there is no landscape, in a sentence."""
        return self._problem

    @property
    def spanned_until(self) -> int:
        """Up to which step the paths have decided on the plane that was asked for last."""
        return self._spanned_until

    def paths(self) -> tuple[tuple[int, LandscapePath], ...]:
        """Return the path of each lane on the plane, with its place."""
        report = self._race.report
        if report is None or self._landscape is None:
            return ()
        found = []
        for place, lane in enumerate(report.state.lanes):
            projected = self._projected.setdefault(place, ProjectedFrames(self._landscape.directions))
            frames = _frames(lane)
            found.append((place, projected.path(frames, len(frames))))
        return tuple(found)

    @Slot()
    def _follow(self) -> None:
        """Ask for another landscape where the one that stands does not fit the race."""
        report = self._race.report
        first = None if report is None else report.state.lanes[0].trained.first
        if first is not self._first:
            self._forget(first)
        if report is None or not self._is_seen:
            return
        self._thread.is_considerate = self._race.playing
        step, until = report.state.step, self._spanned_until
        is_longer = step >= _GROWTH * until if report.is_playing else step != until
        if step > 0 and self._is_answered and (is_longer or self._has_left()):
            self._ask(report)

    def _forget(self, first: KeyFrame | None) -> None:
        """Begin with another race, or none."""
        self._thread.ask(None)
        self._first, self._landscape, self._problem = first, None, NO_PATH
        self._is_answered, self._spanned_until = True, 0
        self._projected = {}
        self.changed.emit()

    def _has_left(self) -> bool:
        """Return whether a lane has left what is shown of the plane."""
        if self._landscape is None:
            return False
        extent, report = self._landscape.extent, self._race.report
        lanes = () if report is None else report.state.lanes
        ends = [path.places[-1] for place, path in self.paths() if not lanes[place].has_diverged]
        return any(np.isfinite(end).all() and not extent.contains((float(end[0]), float(end[1]))) for end in ends)

    def _ask(self, report: RaceReport) -> None:
        left = [lane for lane in report.state.lanes if not lane.has_diverged] or list(report.state.lanes)
        leader = report.state.lanes[(report.state.by_step().leaders or (report.state.lanes.index(left[0]),))[0]]
        moment = leader.trained.moment
        self._number += 1
        self._is_answered, self._spanned_until = False, report.state.step
        if self._landscape is None:
            self._problem = COMPUTING
        self._thread.ask(
            LandscapeRequest(
                self._number,
                moment.setup,
                _SETTINGS,
                False,
                moment.checkpoint.parameters,
                tuple(tuple(frame.checkpoint.parameters for frame in _thinned(lane)) for lane in left),
            )
        )
        self.changed.emit()

    @Slot()
    def _on_answered(self) -> None:
        answer = self._thread.take_answer()
        if answer is None or answer.number != self._number:
            return
        before, self._landscape, self._problem = self._landscape, answer.landscape, answer.problem
        self._is_answered = True
        if before is None or self._landscape is None or before.directions is not self._landscape.directions:
            self._projected = {}
        self.changed.emit()
        self._follow()  # The race may have gone on meanwhile, and rest by now.


def _frames(lane: LaneState) -> list[KeyFrame]:
    """Return the key frames through which a lane's path is drawn: the same ones again while there are few more."""
    frames, stride = lane.trained.history.frames, 1
    while len(frames) > stride * _MOST_FRAMES:
        stride *= 2
    return [*frames[:-1:stride], frames[-1]]


def _thinned(lane: LaneState) -> list[KeyFrame]:
    """Return the key frames of a lane that decide on a plane."""
    frames = lane.trained.history.frames
    rows = np.linspace(0, len(frames) - 1, min(len(frames), _MOST_SPANNING)).round().astype(int)
    return [frames[row] for row in rows.tolist()]
