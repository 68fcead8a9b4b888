"""The status bar: what the training does, its speed and its engine, and the network's answer at the probe point."""

from __future__ import annotations

import time
from math import isfinite

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStatusBar

from gui import theme
from gui.document.engine import TrainingEngine
from gui.document.probe import Probe, ProbePoint
from gui.document.run import LiveRun
from gui.items.probed import Probed
from gui.widgets.card import ElidedLabel, label
from model.data.wording import amount_text, label_text, name_text, plane_axes, value_name
from model.numbers import number_text
from model.run.snapshot import Snapshot
from model.training.engines import Engine
from model.training.settings import Setup

_RATE_INTERVAL_S = 0.5
_NO_NUMBER = "no finite number"


class StatusBar(QStatusBar):
    """One line at the foot of the window."""

    def __init__(self, run: LiveRun, engine: TrainingEngine, probe: Probe, probed: Probed) -> None:
        super().__init__()
        self._run, self._engine, self._probe, self._probed = run, engine, probe, probed
        self.setSizeGripEnabled(False)
        self._state = label("Ready")
        theme.measure(self._state, least_width=230)
        # Names may be long, and the window is no wider for them.
        self._answer = ElidedLabel()
        self.addWidget(self._state)
        self.addWidget(self._answer, 1)
        self._shown_setup: Setup | None = None
        self._shown_engine: Engine | None = None
        self._engine_name = label(role="muted")
        self._engine_name.setAccessibleName("Engine")
        self.addPermanentWidget(self._engine_name)
        self._since = time.perf_counter()
        self._first_step = 0
        self._frames = 0
        run.displayed_changed.connect(self._on_displayed_changed)
        run.playing_changed.connect(self._on_playing_changed)
        run.displayed_changed.connect(self._on_engine_changed)
        engine.changed.connect(self._show_engine)
        self._show_engine()
        # At the rate at which a person reads: with each picture it would cost more than all that the diagram writes.
        for signal in (probe.changed, probed.changed):
            signal.connect(self._show_answer)

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

    @Slot()
    def _on_engine_changed(self) -> None:
        moment = self._run.displayed.moment
        if self._shown_setup is not moment.setup or self._shown_engine != moment.checkpoint.engine:
            self._show_engine()

    @Slot()
    def _show_engine(self) -> None:
        moment = self._run.displayed.moment
        self._shown_setup, self._shown_engine = moment.setup, moment.checkpoint.engine
        words = self._engine.words()
        self._engine_name.setText(words.short)
        self._engine_name.setToolTip(words.long)

    @Slot()
    def _show_answer(self) -> None:
        """Show the coordinates of the probe point and what the network says there; of a data point, how wrong it is.

        Of a bare place that is pinned, the loss that it would have: gradients at the probe are those of this loss.
        """
        point, snapshot = self._probe.point, self._run.displayed
        if point is None:
            self._answer.show_text("")
            return
        pinned = "Pinned   " if point.is_pinned else ""
        text = f"{pinned}{_place(snapshot, point)}   →   {_answer(snapshot, point)}"
        if point.index is not None or point.is_pinned:
            text += f"   ·   {self._rating(point)}"
        self._answer.show_text(text)

    def _rating(self, point: ProbePoint) -> str:
        """Return what a data point is in truth, or what a place is counted as, and its loss."""
        loss, snapshot = self._probed.loss, self._run.displayed
        truth = label_text(snapshot.moment.dataset, point.label)
        if loss is None:
            return f"{'as if it were' if point.index is None else 'it is'} {truth}, which has no loss here"
        if point.index is None:
            return f"as if it were {truth}, loss {number_text(loss, 3)}"
        if snapshot.is_regression:
            return f"it is {truth}, loss {number_text(loss, 3)}"
        is_right = int(snapshot.network.predicted_classes([point.place])[0]) == point.label
        return f"{'right' if is_right else f'wrong: it is {truth}'}, loss {number_text(loss, 3)}"


def _place(snapshot: Snapshot, point: ProbePoint) -> str:
    """Return what the network is told of a point: its coordinates, or along a curve x alone."""
    axes = plane_axes(snapshot.moment.dataset)[: 1 if snapshot.curve is not None else 2]
    return "   ".join(
        f"{name_text(axis.name)} {amount_text(axis, value, steady=True)}"
        for axis, value in zip(axes, point.place, strict=False)
    )


def _answer(snapshot: Snapshot, point: ProbePoint) -> str:
    """Return what the network says at a point."""
    dataset = snapshot.moment.dataset
    if snapshot.is_regression:
        value = float(snapshot.network.predict([point.place])[0, 0])
        number = amount_text(dataset.naming.value, value, steady=True)
        return f"{value_name(dataset)} = {number}" if isfinite(value) else _NO_NUMBER
    probabilities = snapshot.network.class_probabilities([point.place])[0]
    if not np.isfinite(probabilities).all():
        return _NO_NUMBER
    best = int(snapshot.network.predicted_classes([point.place])[0])
    return f"{label_text(dataset, best)}  {probabilities[best]:.1%}"
