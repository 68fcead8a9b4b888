"""The page that trains by substitution: parameter by parameter, with numbers in the formulas of their derivatives."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs.formula.requests import Answer, TrainingRequest
from gui.dialogs.formula.substitutions import SubstitutionTable
from gui.dialogs.formula.worker import Worker
from gui.document.changes import Change, Changes
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.fields import IntegerBox, NumberBox
from gui.widgets.texts import as_sentence, as_tip
from model import Network
from model.explain.names import MAX_PARAMETERS, parameter_names
from model.types import counted, readable

_MOST_ITERATIONS = 10_000
_SEED_ITERATIONS = 999


class TrainingPage(QWidget):
    """Trains a copy of the displayed network; the document changes only when a person uses what came of it.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    probe : Probe
        Whose pinned point, if there is one, is the only point to train on.
    """

    busy_changed = Signal(bool)
    said = Signal(str)

    def __init__(self, run: LiveRun, changes: Changes, probe: Probe) -> None:
        super().__init__()
        self._run, self._changes, self._probe = run, changes, probe
        self._worker = Worker(self)
        self._network: Network | None = None
        self._values: dict[str, float] = {}
        self._build_fields()
        self._rows = SubstitutionTable()
        self._rows.setParent(self)
        self._table = QTableView()
        self._table.setModel(self._rows)
        self._table.setAccessibleName("Changes of parameters")
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._lay_out()
        self._worker.answered.connect(self._on_answered)
        self._worker.busy_changed.connect(self._on_busy_changed)
        run.displayed_changed.connect(self._show_subject)
        changes.network_changed.connect(self._show_usable)
        probe.changed.connect(self._show_subject)

    def _build_fields(self) -> None:
        rate = self._changes.training_settings.learning_rate
        self._rate = NumberBox("Learning rate", "How far each derivative moves its parameter.", 1e-6, 1000.0, 0.1)
        self._rate.setValue(rate)
        self._iterations = IntegerBox("Iterations", "How often each parameter is changed.", 1, _MOST_ITERATIONS)
        self._iterations.setValue(_SEED_ITERATIONS)
        self._start = QPushButton("&Train")
        self._start.setObjectName("primary")
        self._start.setToolTip("Begin with the weights of the moment that is shown.")
        self._start.clicked.connect(self._on_start_clicked)
        self._use = QPushButton("&Use These Weights")
        self._use.setToolTip(as_tip("Begin a run of the network with these weights; undo brings the run back."))
        self._use.clicked.connect(self._on_use_clicked)
        for button in (self._start, self._use):
            button.setAutoDefault(False)
        self._subject = label(role="muted")
        self._subject.setWordWrap(True)
        self._summary = label()
        self._use.setEnabled(False)

    def _lay_out(self) -> None:
        fields, foot = QHBoxLayout(), QHBoxLayout()
        for caption, field in (("Learning rate", self._rate), ("Iterations", self._iterations)):
            fields.addWidget(label(caption, "muted"))
            fields.addWidget(field)
        fields.addWidget(self._start)
        fields.addStretch(1)
        foot.addWidget(self._summary, 1)
        foot.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(fields)
        column.addWidget(self._subject)
        column.addWidget(self._table, 1)
        column.addLayout(foot)

    # What is trained

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Say what can be trained now."""
        super().showEvent(event)
        self._show_subject()

    @Slot()
    def _show_subject(self) -> None:
        if not self.isVisible() or self._worker.is_busy:
            return
        problem = self._problem()
        self._start.setEnabled(not problem)
        n_points = self._run.displayed.moment.dataset.n_training
        points = "the pinned point" if self._probe.pinned else counted(n_points, "training point")
        self._subject.setText(
            problem
            or f"One parameter after the other, each by the derivative of the mean loss over {points} with the weights "
            "as they then are. The network itself stays as it is."
        )

    def _problem(self) -> str:
        """Return why nothing can be trained; empty where something can."""
        snapshot = self._run.displayed
        settings = snapshot.network.settings
        if settings.n_parameters > MAX_PARAMETERS:
            return (
                f"This network has {settings.n_parameters:,} parameters; formulas can be trained with at most "
                f"{MAX_PARAMETERS}."
            )
        if self._probe.pinned is None and not snapshot.moment.dataset.n_training:
            return "There is no training point: draw one, or pin one with the probe."
        if not np.isfinite(snapshot.network.parameters).all():
            return "The weights have left the range of numbers at this moment."
        if len(settings.fixed) == settings.n_parameters:
            return "Every parameter is frozen or pruned, so there is nothing to train."
        return ""

    @Slot()
    def _on_start_clicked(self) -> None:
        snapshot, pinned = self._run.displayed, self._probe.pinned
        if self._problem():
            return
        training = snapshot.moment.dataset.subset(test=False)
        points = (pinned.place,) if pinned else tuple(map(tuple, training.points.tolist()))
        labels = (pinned.label,) if pinned else tuple(training.labels.tolist())
        self._network = snapshot.network
        settings = snapshot.network.settings
        names = parameter_names(settings.layer_sizes, settings.bias)
        request = TrainingRequest(
            settings,
            tuple(snapshot.network.parameters.tolist()),
            points,
            labels,
            self._changes.training_settings.loss,
            self._rate.value(),
            self._iterations.value(),
            snapshot.is_regression,
        )
        self._values = dict(zip(names, request.parameters, strict=True))
        self._rows.clear()
        self._summary.setText("")
        self._worker.ask(request)

    # Answers

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        if "error" in answer:
            self.said.emit(as_sentence(ValueError(answer["error"])))
        rows = answer.get("rows")
        if isinstance(rows, list):
            self._add(rows)

    def _add(self, rows: list[list[float]]) -> None:
        bar = self._table.verticalScrollBar()
        is_at_end = bar.value() >= bar.maximum() - 1
        self._rows.extend(rows)
        if is_at_end:
            self._table.scrollToBottom()
        self._values |= {str(name): value for _, name, _, value, _ in rows}
        iteration, _, _, _, loss = rows[-1]
        self._summary.setText(readable(f"Iteration {iteration:,}: loss {loss:.6g}"))

    @Slot()
    def _on_busy_changed(self) -> None:
        is_busy = self._worker.is_busy
        for widget in (self._start, self._rate, self._iterations):
            widget.setEnabled(not is_busy)
        self._show_subject()
        self._show_usable()
        self.busy_changed.emit(is_busy)

    @Slot()
    def _show_usable(self) -> None:
        """Offer the weights if they are those of the network as it is."""
        network = self._network
        fits = network is not None and network.settings == self._changes.network_settings
        self._use.setEnabled(fits and not self._worker.is_busy and self._rows.rowCount() > 0)

    @Slot()
    def _on_use_clicked(self) -> None:
        """Begin a run with the weights, as one step of undo."""
        if self._network is not None:
            network = Network.from_settings(self._network.settings, list(self._values.values()))
            self._changes.perform("use the weights of the formula", Change(restart=network))
            self.said.emit("The network has these weights now; undo brings its run back.")

    @Slot()
    def cancel(self) -> None:
        """Stop the training; what it came to can be used."""
        self._worker.cancel()

    def close_workers(self) -> None:
        """End the process."""
        self._worker.close()
