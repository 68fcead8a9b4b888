"""Looking: what of the run is shown, and what is selected and under the mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.pins import MAX_PINNED, PinnedRun
from gui.document.run import Session
from gui.document.view_settings import SPEEDS, ViewSettings
from gui.training_thread import messages
from model import Dataset, NetworkSettings, TrainingSettings
from model.network.parts import Selection, Unit, exists
from model.run.snapshot import Plane, SnapshotMaker
from model.types import IntArray


class Looking(Session):
    """A session with a view on it. Nothing of this is part of undo."""

    view_changed = Signal()
    selection_changed = Signal()
    hovered_changed = Signal()
    points_selected = Signal()
    cursor_changed = Signal()
    pinned_changed = Signal()

    def __init__(
        self,
        dataset: Dataset,
        network_settings: NetworkSettings,
        training_settings: TrainingSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(dataset, network_settings, training_settings, parent)
        self._view = ViewSettings()
        self._selection: Selection = None
        self._hovered: Selection = None
        self._selected_points: IntArray = np.empty(0, dtype=np.intp)
        self._cursor: tuple[float, float] | None = None
        self._plane = Plane()
        self._pinned: tuple[PinnedRun, ...] = ()
        self._n_pinned = 0
        self.moment_changed.connect(self._on_moment_changed)

    @property
    def view(self) -> ViewSettings:
        """How the document is looked at."""
        return self._view

    @property
    def selection(self) -> Selection:
        """The neuron or weight that the inspector shows."""
        return self._selection

    @property
    def hovered(self) -> Selection:
        """The neuron or weight under the mouse."""
        return self._hovered

    @property
    def selected_points(self) -> IntArray:
        """Indices of the selected points, ascending."""
        return self._selected_points

    @property
    def cursor(self) -> tuple[float, float] | None:
        """Where the mouse is on the plane, in data units; None where it is not."""
        return self._cursor

    def slower(self) -> None:
        """Train at the next lower speed."""
        self.set_view(speed=SPEEDS[max(SPEEDS.index(self._view.speed) - 1, 0)])

    def faster(self) -> None:
        """Train at the next higher speed."""
        self.set_view(speed=SPEEDS[min(SPEEDS.index(self._view.speed) + 1, len(SPEEDS) - 1)])

    def set_view(self, **changes: Any) -> None:
        """Change how the document is looked at."""
        view = replace(self._view, **changes)
        if view != self._view:
            if view.speed != self._view.speed:
                self._thread.send(messages.SetSpeed(view.speed))
            self._view = view
            self.view_changed.emit()

    def select(self, selection: Selection) -> None:
        """Show a neuron or weight in the inspector."""
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    def hover(self, hovered: Selection) -> None:
        """Say what is under the mouse; a neuron's map is then made large."""
        if hovered != self._hovered:
            self._hovered = hovered
            self._send_look()
            self.hovered_changed.emit()

    def look_at(self, plane: Plane) -> None:
        """Say which part of the plane the output view shows."""
        if plane != self._plane:
            self._plane = plane
            self._send_look()

    def _looked_at(self) -> tuple[Plane, tuple[int, int] | None]:
        """Return what the output view shows: a part of the plane, and the neuron under the mouse."""
        hovered = self._hovered
        return self._plane, (hovered.layer, hovered.index) if isinstance(hovered, Unit) else None

    def _send_look(self) -> None:
        if self._moment is not None:
            self._show_moment(self._snapshot_of(self._moment))
        self._thread.send(messages.Look(*self._looked_at()))

    @Slot()
    def _on_moment_changed(self) -> None:
        # Other points have the numbers of those that were selected.
        self.select_points(np.empty(0, dtype=np.intp))

    @property
    def pinned(self) -> tuple[PinnedRun, ...]:
        """The runs that are kept for comparison, the oldest first."""
        return self._pinned

    def pin_run(self) -> None:
        """Keep the present run for comparison; the oldest gives way where there are too many."""
        self._n_pinned += 1
        # Its surface over the whole plane, whatever part of it the view shows.
        snapshot = SnapshotMaker().make(
            self._run,
            self._displayed.epoch,
            self._displayed.network,
            self._displayed.metrics,
            regression=self._displayed.is_regression,
        )
        run = PinnedRun(self._n_pinned, snapshot, self._training_settings, self.curve.copy(), self.trained_seconds)
        self._pinned = (*self._pinned, run)[-MAX_PINNED:]
        self.pinned_changed.emit()

    def unpin_run(self, run: PinnedRun) -> None:
        """Keep a run no longer."""
        self._pinned = tuple(other for other in self._pinned if other is not run)
        self.pinned_changed.emit()

    def set_cursor(self, cursor: tuple[float, float] | None) -> None:
        """Say where the mouse is on the plane."""
        if cursor != self._cursor:
            self._cursor = cursor
            self.cursor_changed.emit()

    def select_points(self, indices: IntArray) -> None:
        """Select points, in the place of those selected before."""
        if not np.array_equal(indices, self._selected_points):
            self._selected_points = indices
            self.points_selected.emit()

    def select_all(self) -> None:
        """Select every point."""
        self.select_points(np.arange(len(self._dataset)))

    def select_none(self) -> None:
        """Let the selection go: points, neuron or weight."""
        self.select_points(np.empty(0, dtype=np.intp))
        self.select(None)

    def _drop_stale_selection(self) -> None:
        """Forget a selected or hovered part that the network no longer has."""
        if not exists(self._network_settings, self._hovered):
            self.hover(None)
        if not exists(self._network_settings, self._selection):
            self.select(None)
