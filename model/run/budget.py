"""SharedBudget: memory that the timeline of a run shares with the runs that undo brings back."""

from __future__ import annotations

from weakref import WeakSet

from model.run.history import DEFAULT_BUDGET, LEAST_BUDGET, History


class SharedBudget:
    """So many bytes for the present history and for those that were put aside.

    A history that was put aside counts for as long as somebody has it. All of them together take half of the budget at
    most; of those that would take more, the largest lose every other frame. The present one has what is left.
    """

    def __init__(self) -> None:
        self._n_bytes = DEFAULT_BUDGET
        self._put_aside: WeakSet[History] = WeakSet()

    @property
    def n_bytes(self) -> int:
        """How many bytes all histories may take."""
        return self._n_bytes

    def set(self, n_bytes: int, present: History) -> None:
        """Allow another number of bytes.

        Raises
        ------
        ValueError
            If it is less than a megabyte.
        """
        present.set_budget(n_bytes)
        self._n_bytes = n_bytes
        self.share_with(present)

    def put_aside(self, history: History) -> None:
        """Count a history that may come back."""
        self._put_aside.add(history)

    def share_with(self, present: History) -> None:
        """Thin what was put aside, and give the present history the rest."""
        kept = [history for history in self._put_aside if len(history) > 2]
        while sum(history.n_bytes for history in kept) > self._n_bytes // 2:
            largest = max(kept, key=lambda history: history.n_bytes)
            largest.thin(largest.n_bytes // 2)
            kept = [history for history in kept if len(history) > 2]
        n_kept = sum(history.n_bytes for history in self._put_aside)
        present.set_budget(max(self._n_bytes - n_kept, LEAST_BUDGET))
