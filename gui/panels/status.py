"""The status bar: what the training does, its speed, and the network's answer at the mouse."""

from __future__ import annotations

import time
from math import isfinite

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStatusBar

from gui.document.run import LiveRun
from gui.document.view import View
from gui.widgets.card import label
from model.data.dataset import class_name
from model.run.snapshot import Snapshot

_RATE_INTERVAL_S = 0.5


class StatusBar(QStatusBar):
    """One line at the foot of the window."""

    def __init__(self, run: LiveRun, view: View) -> None:
        super().__init__()
        self._run, self._view = run, view
        self.setSizeGripEnabled(False)
        self._state = label("Ready")
        self._state.setMinimumWidth(230)
        self._answer = label()
        self.addWidget(self._state)
        self.addWidget(self._answer, 1)
        self._since = time.perf_counter()
        self._first_step = 0
        self._frames = 0
        run.displayed_changed.connect(self._on_displayed_changed)
        run.playing_changed.connect(self._on_playing_changed)
        view.cursor_changed.connect(self._show_answer)

    @Slot(bool)
    def _on_playing_changed(self, playing: bool) -> None:
        self._since = time.perf_counter()
        self._first_step = self._run.displayed.step
        self._frames = 0
        self._state.setText("Training" if playing else "Paused")

    @Slot()
    def _on_displayed_changed(self) -> None:
        self._frames += 1
        elapsed = time.perf_counter() - self._since
        if self._run.playing and elapsed >= _RATE_INTERVAL_S:
            step = self._run.displayed.step
            rate = max(step - self._first_step, 0) / elapsed
            text = f"Training · {rate:,.0f} steps/s · {self._frames / elapsed:.0f} frames/s"
            tries = self._run.displayed.metrics.tries
            self._state.setText(f"{text} · {tries:,} tries" if tries else text)
            self._since, self._first_step, self._frames = time.perf_counter(), step, 0
        self._show_answer()

    @Slot()
    def _show_answer(self) -> None:
        """Show the coordinates under the mouse and what the network says there."""
        cursor = self._view.cursor
        if cursor is None:
            self._answer.setText("")
            return
        answer = _answer(self._run.displayed, cursor)
        self._answer.setText(f"x₁ {cursor[0]:.2f}   x₂ {cursor[1]:.2f}{answer}".replace("-", "−"))


def _answer(snapshot: Snapshot, point: tuple[float, float]) -> str:
    """Return what the network says at a point; nothing where that is not a number."""
    if snapshot.is_regression:
        value = float(snapshot.network.predict([point])[0, 0])
        return f"   →   y = {value:.2f}" if isfinite(value) else ""
    probabilities = snapshot.network.class_probabilities([point])[0]
    if not np.isfinite(probabilities).all():
        return ""
    best = int(snapshot.network.predicted_classes([point])[0])
    return f"   →   class {class_name(best)}  {probabilities[best]:.1%}"
