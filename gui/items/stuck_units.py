"""StuckUnits: which neurons of the displayed moment are dead or saturated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from model.explain.stuck import StuckUnit, can_get_stuck
from model.network.parts import Unit
from model.network.settings import NetworkSettings


class StuckUnits(Derived):
    """Finds the neurons that learn next to nothing, while a widget that says so is seen.

    Parameters
    ----------
    run : LiveRun
    view : View
    shown_by : QWidget
        Also the parent.
    """

    least_interval_s: ClassVar[float] = 0.25

    def __init__(self, run: LiveRun, view: View, shown_by: QWidget) -> None:
        super().__init__(run, view, shown_by, shown_by)
        self._of: NetworkSettings | None = None
        self._units: Mapping[Unit, StuckUnit] = {}

    @property
    def units(self) -> Mapping[Unit, StuckUnit]:
        """The neurons, and what holds each; none where the displayed network has another shape by now."""
        return self._units if self._of == self._run.displayed.network.settings else {}

    @property
    def is_wanted(self) -> bool:
        """Whether there is or was a neuron that could be stuck."""
        return bool(self._units) or can_get_stuck(self._run.displayed.network)

    def compute(self) -> None:
        """Find them in the displayed moment."""
        self._of, self._units = self._run.displayed.network.settings, self._run.numbers.stuck_units

    def _renew(self) -> None:
        """Find them, and tell only what is new: most moments change nothing."""
        before = self.units
        self.compute()
        if self.units != before:
            self.changed.emit()
