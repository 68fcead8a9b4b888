"""Moments: what each frame of an animation shows."""

from __future__ import annotations

from bisect import bisect_right
from math import floor

from gui.export.animation.pacing import chosen_places
from gui.export.animation.settings import AnimationSettings
from model.run.between import between, can_flow
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame


class Moments:
    """The moment of each frame of an animation: a key frame, or what lies between two.

    Where a person changed something, the moment before it stays until the one after it is due.

    Parameters
    ----------
    history : History
    curve : LossCurve
        Of the same run.
    settings : AnimationSettings

    Raises
    ------
    ValueError
        If there is nothing to show, see :func:`gui.export.animation.pacing.chosen_range`.
    """

    def __init__(self, history: History, curve: LossCurve, settings: AnimationSettings) -> None:
        self._history, self._curve = history, curve
        self._places: list[float] = chosen_places(history, curve, settings).tolist()
        self._changes = sorted(event.step for event in history.events if not event.is_note)
        self._newest: tuple[float, KeyFrame] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> KeyFrame:
        """Return a frame's moment; where that is the one asked for before, the same object."""
        place = self._places[index]
        if self._newest is None or self._newest[0] != place:
            self._newest = place, self._moment(place)
        return self._newest[1]

    def _moment(self, place: float) -> KeyFrame:
        number = floor(place)
        before = self._history.frames[number]
        if place == number:
            return before
        after = self._history.frames[number + 1]
        if not self._can_flow(before, after):
            return before
        return between(before, after, before.step + (place - number) * (after.step - before.step), self._curve)

    def _can_flow(self, before: KeyFrame, after: KeyFrame) -> bool:
        # The moment after a change has its step: what it led to is in the place of what was there.
        has_change = bisect_right(self._changes, before.step) < bisect_right(self._changes, after.step)
        return not has_change and can_flow(before, after)
