"""Probe: the point of the plane at which the window shows every number."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.document.view import View
from model import Dataset
from model.data.dataset import CURVE_UNIT, PLANE_LIMIT


@dataclass(frozen=True, slots=True)
class ProbePoint:
    """A point of the plane to compute with.

    Attributes
    ----------
    place : tuple of (float, float)
        Its coordinates in data units, on the plane.
    label : int or float
        Its class, or in a regression as a float its target. A bare place is taken as a new point would be: of the
        class, or value, chosen for those.
    index : int or None
        Its row in the present data set; None for a bare place.
    is_pinned : bool
        Whether it stays when the mouse leaves it.

    Raises
    ------
    ValueError
        If a coordinate is not finite.
    """

    place: tuple[float, float]
    label: int | float
    index: int | None = None
    is_pinned: bool = False

    def __post_init__(self) -> None:
        if not all(map(isfinite, self.place)):
            raise ValueError(f"a place needs finite coordinates; got {self.place}")


class Probe(QObject):
    """The point that is pinned, or else the one under the mouse.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
        Whose points can be pinned.
    view : View
        Where the mouse is.
    parent : QObject, optional

    Notes
    -----
    A pinned data point stays the same point while points are dragged, added or removed. When it is removed, or another
    data set comes, its place stays pinned, and is a data point again as soon as one stands exactly there, after undo
    for example. Looking back changes nothing: place and label are those of the present data set, even if the moment
    that is shown has other points; what is under the mouse is then a bare place.
    """

    changed = Signal()
    pinned_changed = Signal()

    def __init__(self, run: LiveRun, changes: Changes, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._changes, self._view = run, changes, view
        self._place: tuple[float, float] | None = None
        self._index: int | None = None
        self._point: ProbePoint | None = None
        changes.points_renumbered.connect(self._find_again)
        run.moment_changed.connect(self._on_moment_changed)
        for signal in (changes.dataset_changed, view.cursor_changed, view.settings_changed):
            signal.connect(self._refresh)

    @property
    def point(self) -> ProbePoint | None:
        """The pinned point; without one what is under the mouse on a view of the plane, None where that is nothing."""
        return self._point

    @property
    def pinned(self) -> ProbePoint | None:
        """The pinned point."""
        return _if_pinned(self._point)

    def pin(self, place: tuple[float, float] | int) -> None:
        """Hold on to a place, or by its row to a data point.

        Parameters
        ----------
        place : tuple of (float, float) or int
            A place outside the plane is moved to its edge.

        Raises
        ------
        ValueError
            If a coordinate is not finite, or there is no such row.
        """
        if isinstance(place, tuple):
            self._place, self._index = _on_plane(ProbePoint(place, 0).place), None
        else:
            index, n_points = int(place), len(self._changes.dataset)
            if not 0 <= index < n_points:
                raise ValueError(f"a data point must be 0 to {n_points - 1}; got {index}")
            self._place, self._index = _place_of(self._changes.dataset, index), index
        self._refresh()

    def target(self, place: tuple[float, float], reach: float) -> tuple[float, float] | int:
        """Return what is meant by a place: the row of the nearest data point within `reach`, or the place.

        Where a past moment with other points is shown, it is always the place.
        """
        index = self._changes.dataset.nearest(place, reach) if self._shows_present_points else None
        return place if index is None else index

    def pin_near(self, place: tuple[float, float], reach: float) -> None:
        """Hold on to what is meant by a place, see :meth:`target`."""
        self.pin(self.target(place, reach))

    def pin_selected(self) -> None:
        """Hold on to the selected point, of several to the first."""
        selected = self._view.selected_points
        if len(selected):
            row = int(selected[0])
            self.pin(row if self._shows_present_points else _place_of(self._run.shown_dataset, row))

    @property
    def _shows_present_points(self) -> bool:
        return self._run.shown_dataset is self._changes.dataset

    def release(self) -> None:
        """Pin nothing."""
        self._place = self._index = None
        self._refresh()

    @Slot()
    def _find_again(self) -> None:
        """Find the row that the pinned point has by now: that of its place, of its class if there are several."""
        if self._place is None:
            return
        dataset = self._changes.dataset
        there = np.flatnonzero((dataset.points == self._place).all(axis=1))
        if self._point is not None and self._index is not None:
            alike = there[dataset.labels[there] == self._point.label]
            there = alike if len(alike) else there
        before = self._index or 0
        self._index = int(there[np.argmin(np.abs(there - before))]) if len(there) else None

    @Slot()
    def _on_moment_changed(self) -> None:
        # When a run that was kept comes back, it has its own points before these are found again.
        if self._place is None:
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        point = self._under_mouse() if self._place is None else self._at_pin(self._place)
        before, self._point = self._point, point
        if point != before:
            self.changed.emit()
        if _if_pinned(point) != _if_pinned(before):
            self.pinned_changed.emit()

    def _at_pin(self, place: tuple[float, float]) -> ProbePoint:
        if self._index is None:
            return ProbePoint(place, self._label_of_new(place), is_pinned=True)
        self._place = _place_of(self._changes.dataset, self._index)
        return ProbePoint(self._place, self._label_of(self._index), self._index, is_pinned=True)

    def _under_mouse(self) -> ProbePoint | None:
        cursor = self._view.cursor
        if cursor is None:
            return None
        target = self.target(cursor, self._view.reach)
        if isinstance(target, tuple):
            place = _on_plane(target)
            return ProbePoint(place, self._label_of_new(place))
        return ProbePoint(_place_of(self._changes.dataset, target), self._label_of(target), target)

    def _label_of(self, index: int) -> int | float:
        dataset = self._changes.dataset
        return float(dataset.labels[index]) if dataset.is_regression else int(dataset.labels[index])

    def _label_of_new(self, place: tuple[float, float]) -> int | float:
        settings, dataset = self._view.settings, self._changes.dataset
        if dataset.is_curve:
            return place[1] / CURVE_UNIT
        return settings.current_value if dataset.is_regression else settings.current_class


def _if_pinned(point: ProbePoint | None) -> ProbePoint | None:
    return point if point is not None and point.is_pinned else None


def _place_of(dataset: Dataset, index: int) -> tuple[float, float]:
    x, y = dataset.points[index].tolist()
    return x, y


def _on_plane(place: tuple[float, float]) -> tuple[float, float]:
    x, y = (max(-PLANE_LIMIT, min(PLANE_LIMIT, coordinate)) for coordinate in place)
    return x, y
