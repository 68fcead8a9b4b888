"""Garbage: cycles of references are collected in the thread of the window, and in no other."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 500


class GarbageCollector(QObject):
    """Collects from a timer in the thread that made it, until it is stopped.

    Python collects in whatever thread happens to allocate. Where that is the one that trains, Python's halves of Qt
    objects die there, which Qt allows only in the window's thread.

    Notes
    -----
    After pyqtgraph's ``GarbageCollector``: when what is due is decided by Python's own counts and thresholds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start(_INTERVAL_MS)

    def settle(self) -> None:
        """Leave what is there by now, modules and the window's parts, out of each later collection, which is short."""
        gc.collect()
        gc.freeze()

    @Slot()
    def collect_due(self) -> None:
        """Collect the oldest generation that Python would have collected by now, and with it the younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Let Python collect wherever it likes again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
