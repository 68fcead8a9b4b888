"""ShowsUnits: what draws neurons, and says where each of them is."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QRect

from model.network.parts import Unit


@runtime_checkable
class ShowsUnits(Protocol):
    """A widget that draws neurons."""

    def area_of(self, unit: Unit) -> QRect:
        """Return where a neuron is in it; empty where the network has none such."""
