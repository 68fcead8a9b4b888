"""The page that shows the network as a formula."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.dialogs.formula.notes import notes_of, remarks
from gui.dialogs.formula.requests import Answer, LinesRequest, Numbers, Subject, TextRequest
from gui.dialogs.formula.worker import Worker
from gui.document.changes import Changes
from gui.document.probe import Probe, ProbePoint
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.formula import FormulaView
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.choices import CalmComboBox, Segments
from gui.widgets.fields import IntegerBox
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_sentence, as_tip
from model import Dataset, NetworkSettings
from model.data.naming import Naming
from model.data.wording import label_text, place_text
from model.explain.names import MAX_PARAMETERS, Outcome, parameter_names, parameter_text
from model.network.parts import Edge, Unit, unit_name
from model.run.snapshot import Snapshot

_OUTCOMES: tuple[Outcome, ...] = ("outputs", "loss", "derivative")
_LANGUAGES = {"latex": "LaTeX", "python": "Python", "sympy": "SymPy"}
_LIVE_INTERVAL_MS = 300
"""Numbers that change faster than this could not be read."""

_RETRY_MS = 50
_DECIMALS = 4


class FormulaPage(QWidget):
    """Shows outputs, the loss or a derivative, as symbols or with the numbers of the displayed moment.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    view : View
        Whose selected weight or neuron is what a derivative is by.
    probe : Probe
        Whose pinned point, if there is one, the formula is about; otherwise it is a training point.
    """

    busy_changed = Signal(bool)
    said = Signal(str)

    def __init__(self, run: LiveRun, changes: Changes, view: View, probe: Probe) -> None:
        super().__init__()
        self._run, self._changes, self._view, self._probe = run, changes, view, probe
        self._outcome, self._has_numbers, self._is_whole = 0, False, False
        self._asked: LinesRequest | None = None
        self._language = self._remarks = ""  # Of the text that is asked for.
        self._is_folded = False
        self._shape: tuple[tuple[int, ...], str, tuple[str, ...] | None, Naming] | None = None
        self._names: dict[str, Edge | Unit | None] = {}
        self._worker, self._copier = Worker(self), Worker(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._renew)
        self._build_choices()
        self._notes = label(role="muted")
        self._notes.setWordWrap(True)
        self._formula = FormulaView("Formula of the network")
        self._scroll = Scroll(self._formula)
        self._lay_out()
        self._worker.answered.connect(self._on_answered)
        self._copier.answered.connect(self._on_text)
        for worker in (self._worker, self._copier):
            worker.busy_changed.connect(self._on_busy_changed)
        run.displayed_changed.connect(self._on_displayed_changed)
        changes.training_changed.connect(self._ask_soon)
        view.selection_changed.connect(self._on_selection_changed)
        probe.changed.connect(self._ask_soon)
        self._offer_parameters()
        self._on_selection_changed()

    # Building

    def _build_choices(self) -> None:
        self._outcomes = Segments(
            "Show",
            ("Outputs", "Loss", "Derivative"),
            (
                "What the network says, as a formula of its inputs and weights.",
                "The loss of one point.",
                "The derivative of the loss of one point by a weight or bias.",
            ),
        )
        self._by = CalmComboBox()
        self._by.setAccessibleName("Derivative by")
        self._by.setToolTip(as_tip("By which weight or bias. The one that is selected in the network is chosen."))
        self._numbers = Segments(
            "Written with",
            ("Symbols", "Numbers"),
            ("Weights and inputs have names.", "Weights, inputs and all that comes of them, at the moment shown."),
        )
        self._form = Segments(
            "Written as",
            ("Steps", "One formula"),
            ("Each value for itself.", "As one formula; where that is too long, parts of it are steps."),
        )
        self._index = IntegerBox("Training point", "Which training point the formula is about.", 1, 1)
        self._point_caption = label("Training point", "muted")
        self._point_text = label(role="muted")
        for segments, choose in (
            (self._outcomes, self._on_outcome_chosen),
            (self._numbers, self._on_numbers_chosen),
            (self._form, self._on_form_chosen),
        ):
            segments.chosen.connect(choose)
            segments.show_choice(0)
        self._by.currentIndexChanged.connect(self._ask_soon)
        self._index.valueChanged.connect(self._ask_soon)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self._outcomes)
        first.addWidget(self._by)
        first.addStretch(1)
        first.addWidget(self._numbers)
        first.addWidget(self._form)
        second.addWidget(self._point_caption)
        second.addWidget(self._index)
        second.addWidget(self._point_text)
        second.addStretch(1)
        self._copy_buttons: list[QPushButton] = []
        for language, name in _LANGUAGES.items():
            button = QPushButton(f"Copy {name}")
            button.setToolTip(as_tip(f"Copy what is shown as {name}; one formula is never folded."))
            button.setAutoDefault(False)
            button.setProperty("language", language)
            button.clicked.connect(self._on_copy_clicked)
            self._copy_buttons.append(button)
            second.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for layout in (first, second):
            layout.setSpacing(8)
            column.addLayout(layout)
        column.addWidget(self._notes)
        column.addWidget(self._scroll, 1)

    # What a person chooses

    @Slot(int)
    def _on_outcome_chosen(self, index: int) -> None:
        self._outcome = index
        self._ask_soon()

    @Slot(int)
    def _on_numbers_chosen(self, index: int) -> None:
        self._has_numbers = bool(index)
        self._ask_soon()

    @Slot(int)
    def _on_form_chosen(self, index: int) -> None:
        self._is_whole = bool(index)
        self._ask_soon()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Choose the parameter of the weight or neuron that is selected."""
        selection = self._view.selection
        wanted = [name for name, part in self._names.items() if selection is not None and part == selection]
        if not wanted and isinstance(selection, Unit) and selection.layer and "w0" in self._names:
            wanted = ["w0"]
        if wanted:
            self._by.setCurrentIndex(self._by.findData(wanted[0]))

    # Following

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is by now."""
        super().showEvent(event)
        self._ask_soon()

    @Slot()
    def _on_displayed_changed(self) -> None:
        self._offer_parameters()
        if not self._timer.isActive():
            self._timer.start(_LIVE_INTERVAL_MS if self._run.playing else 0)

    @Slot()
    def _ask_soon(self) -> None:
        self._timer.start(0)

    def _offer_parameters(self) -> None:
        """Offer the parameters of the network that is shown."""
        settings, dataset = self._run.displayed.network.settings, self._run.displayed.moment.dataset
        shape = (settings.layer_sizes, settings.bias, settings.features, dataset.naming)
        if shape == self._shape:
            return
        self._shape = shape
        self._names = parameter_names(*shape[:2]) if settings.n_parameters <= MAX_PARAMETERS else {}
        before = self._by.currentData()
        with QSignalBlocker(self._by):
            self._by.clear()
            for name, part in self._names.items():
                self._by.addItem(f"{parameter_text(name)}   {_part_text(settings, part, dataset)}", name)
            self._by.setCurrentIndex(max(self._by.findData(before), 0))
        self._on_selection_changed()

    @Slot()
    def _renew(self) -> None:
        """Ask for the formula of the moment that is shown; what is no longer wanted is not waited for."""
        if not self.isVisible():
            return
        snapshot, point = self._run.displayed, self._point()
        self._show_point(point)
        problem = self._problem(snapshot, point)
        for button in self._copy_buttons:
            button.setEnabled(not problem)
        if problem:
            self._worker.cancel()
            self._asked = None
            self._formula.show_lines([])
            self._say(problem)
            return
        request = self._request(snapshot, point)
        if request == self._asked:
            self._show_notes()
        elif self._asked is not None and request.subject == self._asked.subject and self._is_at_work:
            self._timer.start(_RETRY_MS)
        else:
            self._asked = request
            self._worker.ask(request)

    @property
    def _is_at_work(self) -> bool:
        return self._worker.is_busy or not self._formula.is_ready

    def _point(self) -> ProbePoint | None:
        """Return the point that the formula is about: the pinned one, or else a training point."""
        pinned = self._probe.pinned
        if pinned is not None:
            return pinned
        dataset = self._run.displayed.moment.dataset
        training = np.flatnonzero(~dataset.is_test)
        if not len(training):
            return None
        row = training[min(self._index.value(), len(training)) - 1]
        x, y = dataset.points[row].tolist()
        return ProbePoint((x, y), dataset.labels[row].item())

    def _show_point(self, point: ProbePoint | None) -> None:
        snapshot = self._run.displayed
        self._index.setMaximum(max(snapshot.moment.dataset.n_training, 1))
        is_pinned = point is not None and point.is_pinned
        self._point_caption.setText("Pinned point" if is_pinned else "Training point" if point else "No training point")
        self._index.setVisible(point is not None and not is_pinned)
        self._by.setVisible(self._outcome == 2)
        if point is None:
            self._point_text.setText("")
            return
        dataset = snapshot.moment.dataset
        said = label_text(dataset, point.label, _DECIMALS)
        self._point_text.setText(f"{place_text(dataset, point.place, _DECIMALS)}: {said}")

    def _problem(self, snapshot: Snapshot, point: ProbePoint | None) -> str:
        """Return why there is no formula; empty where there is one."""
        n_parameters = snapshot.network.settings.n_parameters
        if n_parameters > MAX_PARAMETERS:
            return (
                f"This network has {n_parameters:,} parameters. Formulas of more than {MAX_PARAMETERS} would be too "
                "long to read: take fewer layers or neurons."
            )
        if self._outcome and point is None:
            return "A loss is that of a point: draw one, or pin one with the probe."
        if self._has_numbers and not np.isfinite(snapshot.network.parameters).all():
            return "The weights have left the range of numbers, so there is no formula with numbers at this moment."
        return ""

    def _subject(self, snapshot: Snapshot, point: ProbePoint | None) -> Subject:
        outcome = _OUTCOMES[self._outcome]
        chosen = self._by.currentData() if outcome == "derivative" else ""
        # Outputs and symbols of another label are the same formula.
        about = 0 if point is None or outcome == "outputs" else point.label
        return Subject(snapshot.network.settings, outcome, about, self._changes.training_settings.loss, chosen)

    def _request(self, snapshot: Snapshot, point: ProbePoint | None) -> LinesRequest:
        return LinesRequest(self._subject(snapshot, point), self._moment(snapshot, point), self._is_whole)

    def _moment(self, snapshot: Snapshot, point: ProbePoint | None) -> Numbers | None:
        if not self._has_numbers:
            return None
        return Numbers(tuple(snapshot.network.parameters.tolist()), None if point is None else point.place)

    # Answers

    @Slot(object)
    def _on_answered(self, answer: Answer) -> None:
        if "error" in answer:
            self._formula.show_lines([])
            self._say(as_sentence(ValueError(answer["error"])))
            return
        lines, self._is_folded = answer["lines"], bool(answer["is_folded"])
        assert isinstance(lines, list)
        self._formula.show_lines(lines, live=self._run.playing)
        self._show_notes()

    def _show_notes(self) -> None:
        by = self._names.get(self._by.currentData())
        folded = self._is_folded and self._is_whole
        training = self._changes.training_settings
        self._say(" ".join(notes_of(self._run, training, _OUTCOMES[self._outcome], by, self._has_numbers, folded)))

    def _say(self, sentence: str) -> None:
        self._notes.setText(sentence)
        self._notes.setVisible(bool(sentence))

    # Copying

    @Slot()
    def _on_copy_clicked(self) -> None:
        language = self.sender().property("language")
        if self._asked is not None:
            asked = self._asked
            self._language, snapshot = language, self._run.displayed
            self._remarks = remarks(snapshot.network.settings, snapshot.moment.dataset, language)
            self._copier.ask(TextRequest(asked.subject, asked.numbers, asked.is_whole, language))

    @Slot(object)
    def _on_text(self, answer: Answer) -> None:
        if "error" in answer:
            hint = " As steps it can be copied." if self._asked is not None and self._asked.is_whole else ""
            self.said.emit(f"{as_sentence(ValueError(answer['error']))}{hint}")
            return
        QGuiApplication.clipboard().setText(f"{self._remarks}{answer['text']}")
        self.said.emit(f"Copied as {_LANGUAGES[self._language]}.")

    # Being busy

    @Slot()
    def _on_busy_changed(self) -> None:
        self.busy_changed.emit(self._worker.is_busy or self._copier.is_busy)

    @Slot()
    def cancel(self) -> None:
        """Stop what is computed."""
        if self._worker.is_busy:
            self._say("Cancelled. Choose something else, or another moment, to compute again.")
        self._worker.cancel()
        self._copier.cancel()

    def close_workers(self) -> None:
        """End the processes."""
        self._timer.stop()
        self._worker.close()
        self._copier.close()


def _part_text(settings: NetworkSettings, part: Edge | Unit | None, dataset: Dataset) -> str:
    """Return what a parameter is, as the window calls it."""
    match part:
        case Edge(layer, source, target):
            ends = (Unit(layer, source), Unit(layer + 1, target))
            return " → ".join(unit_name(settings, end, dataset) for end in ends)
        case Unit():
            return f"bias of {unit_name(settings, part, dataset)}"
    return "shared bias"
