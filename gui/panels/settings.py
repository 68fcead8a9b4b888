"""The settings panel: what is chosen more rarely than what the toolbar has, in groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSettings, QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.items.schedule_curve import ScheduleCurve
from gui.items.stop_form import StopForm
from gui.items.training_fields import LARGEST_RATE, LossBox, regularization_rate_box
from gui.widgets.card import Panel, label
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox, NumberBox
from gui.widgets.forms import Form, titled
from gui.widgets.scroll import VerticalScroll
from gui.widgets.texts import as_tip
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.run.history import DEFAULT_BUDGET
from model.training.optimizers import OPTIMIZERS, OptionValue
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS, REDUCTIONS

_LARGEST_NORM = 1000.0
_UNLIMITED = 1e9
_LARGEST_DROPOUT = 0.95
_MEGABYTE = 1_000_000
_LARGEST_BUDGET_MB = 4_000
_BUDGET_KEY = "timeline/megabytes"
_WIDTH = 340
_CAPTION_WIDTH, _FIELD_WIDTH = 136, 152


def remembered_budget() -> int:
    """Return how many bytes the timeline may take, as it was last chosen in this panel."""
    try:
        megabytes = int(str(QSettings().value(_BUDGET_KEY)))
    except ValueError:
        return DEFAULT_BUDGET
    return min(max(megabytes, 1), _LARGEST_BUDGET_MB) * _MEGABYTE


class SettingsPanel(Panel):
    """Everything about training that the toolbar has no room for. What does not apply is hidden."""

    def __init__(self, run: LiveRun, changes: Changes, network: NetworkEdits, learning: TrainingEdits) -> None:
        super().__init__("Settings")
        self._run, self._changes, self._network, self._learning = run, changes, network, learning
        theme.measure(self, width=_WIDTH)
        scroll = VerticalScroll()
        self._column = scroll.column
        self._column.setSpacing(6)
        self._groups: dict[str, QWidget] = {}
        loss = self._group("Loss")
        self._loss = LossBox()
        self._loss.chosen.connect(lambda name: learning.set_training(loss=name))
        loss.add_row("Loss", self._loss)
        self._optimizer_form = self._group("Optimizer")
        self._options: list[_OptionField] = []
        self._optimizer = ""
        self._build_schedule()
        self._build_batches()
        self._build_regularization()
        self._build_dropout()
        self._build_stop()
        self._build_first_weights()
        self._build_timeline()
        self._column.addStretch(1)
        self.body.addWidget(scroll, 1)
        changes.training_changed.connect(self._synchronize)
        changes.network_changed.connect(self._synchronize)
        changes.dataset_changed.connect(self._synchronize)
        self._synchronize()

    # Building

    def _group(self, title: str) -> Form:
        """Return the form of a new group."""
        form = Form(_CAPTION_WIDTH, _FIELD_WIDTH)
        self._add_group(title, form)
        return form

    def _add_group(self, title: str, form: Form) -> None:
        self._groups[title] = titled(title, form)
        self._column.addWidget(self._groups[title])

    def _build_schedule(self) -> None:
        form = self._group("Learning rate")
        self._schedule = ChoiceBox("Schedule", {name: (_words(name), entry.tip) for name, entry in SCHEDULES.items()})
        self._schedule.chosen.connect(lambda name: self._change_schedule(name=name))
        form.add_row("Schedule", self._schedule)
        self._schedule_fields: dict[str, IntegerBox | NumberBox] = {}
        period = IntegerBox("Period", "Steps of one period.", 1, LARGEST_WHOLE)
        period.valueChanged.connect(lambda steps: self._change_schedule(period=steps))
        factor = NumberBox("Factor", "What a period multiplies the rate by.", 1e-6, 1.0, 0.1)
        factor.valueChanged.connect(lambda value: self._change_schedule(factor=value))
        warm_up = IntegerBox("Warm-up", "Steps over which the rate grows to its full size.", 0, LARGEST_WHOLE)
        warm_up.valueChanged.connect(lambda steps: self._change_schedule(warm_up=steps))
        for name, text, field in (
            ("period", "Period, steps", period),
            ("factor", "Factor of a period", factor),
            ("warm_up", "Warm-up, steps", warm_up),
        ):
            self._schedule_fields[name] = field
            form.add_row(text, field)
        self._curve = ScheduleCurve(self._run)
        form.addRow(self._curve)
        self._schedule_form = form

    def _build_batches(self) -> None:
        form = self._group("Batches")
        self._order = ChoiceBox("Batch order", {name: (_words(name), tip) for name, tip in BATCH_ORDERS.items()})
        self._order.chosen.connect(lambda name: self._learning.set_training(batch_order=name))
        self._reduction = ChoiceBox(
            "Gradient of a batch", {name: (_words(name), tip) for name, tip in REDUCTIONS.items()}
        )
        self._reduction.chosen.connect(lambda name: self._learning.set_training(reduction=name))
        self._clips = QCheckBox("Scale long gradients down")
        self._clips.setToolTip(as_tip("Scale a longer gradient down, so that no single step is wild."))
        self._clips.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._clips.toggled.connect(self._on_clip_changed)
        self._clip_norm = NumberBox(
            "Longest gradient", "A longer gradient is scaled down to this length.", 0.001, _LARGEST_NORM, 0.1
        )
        self._clip_norm.setValue(1.0)
        self._clip_norm.valueChanged.connect(self._on_clip_changed)
        self._batches = form
        form.add_row("Order of points", self._order)
        form.add_row("Gradient is the", self._reduction)
        form.addRow(self._clips)
        form.add_row("Longest gradient", self._clip_norm)

    def _build_regularization(self) -> None:
        form = self._group("Regularization")
        self._regularization = ChoiceBox(
            "Regularization", {entry.name: (entry.label, entry.tip) for entry in REGULARIZATIONS.values()}
        )
        self._regularization.chosen.connect(self._learning.regularize)
        self._rate = regularization_rate_box()
        self._rate.valueChanged.connect(lambda rate: self._learning.set_training(regularization_rate=rate))
        self._penalties = form
        form.add_row("Penalty", self._regularization)
        form.add_row("Weight of penalty", self._rate)

    def _build_dropout(self) -> None:
        self._dropout_form = self._group("Dropout")
        self._dropout: list[NumberBox] = []

    def _build_dropout_fields(self, n_layers: int) -> None:
        """Show a field for each hidden layer."""
        while self._dropout_form.rowCount():
            self._dropout_form.removeRow(0)
        self._dropout = []
        for layer in range(1, n_layers + 1):
            field = NumberBox(
                f"Dropout of hidden layer {layer}",
                "In training each neuron of the layer is left out with this probability.",
                0.0,
                _LARGEST_DROPOUT,
                0.1,
            )
            field.valueChanged.connect(partial(self._learning.set_dropout, layer))
            self._dropout.append(field)
            self._dropout_form.add_row(f"Hidden layer {layer}", field)

    def _build_stop(self) -> None:
        self._stop = StopForm(self._changes, self._learning, _CAPTION_WIDTH, _FIELD_WIDTH)
        self._add_group("Stop", self._stop)

    def _build_first_weights(self) -> None:
        form = self._group("First weights and biases")
        self._initializer = ChoiceBox(
            "Initializer", {name: (_capital(entry.label), entry.tip) for name, entry in INITIALIZERS.items()}
        )
        self._initializer.chosen.connect(lambda name: self._learning.set_initial(initializer=name))
        self._seed = IntegerBox(
            "Seed of the weights",
            "Of the first weights and of the order of the points; another one begins a new run.",
            0,
            LARGEST_WHOLE,
        )
        self._seed.valueChanged.connect(lambda seed: self._learning.set_initial(seed=seed))
        self._bias_kind = ChoiceBox("Biases", {name: (_words(name), tip) for name, tip in BIAS_KINDS.items()})
        self._bias_kind.chosen.connect(self._network.set_bias)
        self._scale = NumberBox("Initializer scale", "Another one begins a new run.", 0.0, LARGEST_RATE, 0.1)
        self._scale.valueChanged.connect(lambda scale: self._learning.set_initial(initializer_scale=scale))
        self._scale_name = label(role="muted")
        self._gives_bias = QCheckBox("Same first value for every bias")
        self._gives_bias.setToolTip(as_tip("Let every bias begin with the same value; another one begins a new run."))
        self._gives_bias.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._gives_bias.toggled.connect(self._on_bias_changed)
        self._bias = NumberBox(
            "First bias", "What every bias begins with; another one begins a new run.", -10.0, 10.0, 0.1
        )
        self._bias.setValue(0.1)
        self._bias.valueChanged.connect(self._on_bias_changed)
        self._first_weights = form
        form.add_row("Initializer", self._initializer)
        form.add_row(self._scale_name, self._scale)
        form.add_row("Seed of the weights", self._seed)
        form.add_row("Biases", self._bias_kind)
        form.addRow(self._gives_bias)
        form.add_row("First bias", self._bias)

    def _build_timeline(self) -> None:
        form = self._group("Timeline")
        self._budget = IntegerBox(
            "Memory of the timeline",
            "Megabytes that the moments of a run may take; when they are full, every other one goes.",
            1,
            _LARGEST_BUDGET_MB,
        )
        self._budget.setValue(self._run.history_budget // _MEGABYTE)
        self._budget.valueChanged.connect(self._on_budget_changed)
        form.add_row("Memory, MB", self._budget)

    def _build_options(self, optimizer: str) -> None:
        """Show the fields of another optimizer's options."""
        self._optimizer = optimizer
        while self._optimizer_form.rowCount():
            self._optimizer_form.removeRow(0)
        self._options = []
        for name, option in OPTIMIZERS[optimizer].options.items():
            defaults = option.default if isinstance(option.default, tuple) else (option.default,)
            for place, (default, shown) in enumerate(zip(defaults, option.labels, strict=True)):
                field = _OptionField(name, place, default, min(option.limit, _UNLIMITED), option.tip)
                field.setAccessibleName(shown)
                field.valueChanged.connect(self._on_option_changed)
                self._options.append(field)
                self._optimizer_form.add_row(shown, field)

    # Showing

    @Slot()
    def _synchronize(self) -> None:
        """Show the document's settings as they are."""
        settings = self._changes.training_settings
        output = self._changes.network_settings.output_activation
        self._loss.follow(settings.loss, output, regression=self._changes.dataset.is_regression)
        if settings.optimizer != self._optimizer:
            self._build_options(settings.optimizer)
        for field in self._options:
            field.follow(field.value_in(settings.optimizer_options))
        self._show_schedule(settings.schedule)
        self._order.show_choice(settings.batch_order)
        self._reduction.show_choice(settings.reduction)
        with QSignalBlocker(self._clips):
            self._clips.setChecked(settings.clip_norm is not None)
        self._batches.setRowVisible(self._clip_norm, settings.clip_norm is not None)
        if settings.clip_norm is not None:
            self._clip_norm.follow(settings.clip_norm)
        self._regularization.show_choice(settings.regularization)
        self._penalties.setRowVisible(self._rate, settings.regularization != "none")
        self._rate.follow(settings.regularization_rate)
        self._show_dropout()
        self._stop.show_settings(settings, self._changes.dataset)
        self._show_first_weights()
        follows_gradient = OPTIMIZERS[settings.optimizer].make is not None
        for title in ("Learning rate", "Batches", "Regularization"):
            self._groups[title].setVisible(follows_gradient)
        self._groups["Optimizer"].setVisible(bool(self._options))
        self._groups["Dropout"].setVisible(follows_gradient and bool(self._dropout))

    def _show_dropout(self) -> None:
        n_layers = self._changes.network_settings.n_hidden_layers
        if len(self._dropout) != n_layers:
            self._build_dropout_fields(n_layers)
        # For a moment, while a layer comes or goes, rates and layers may be of different numbers.
        rates = self._changes.training_settings.dropout
        of_layers = rates if isinstance(rates, tuple) else (rates,) * n_layers
        for field, rate in zip(self._dropout, of_layers, strict=False):
            field.follow(rate)

    def _show_first_weights(self) -> None:
        network = self._changes.network_settings
        self._initializer.show_choice(network.initializer, "Another one begins a new run.")
        self._seed.follow(network.seed)
        self._bias_kind.show_choice(network.bias, "It can change during a run.")
        self._first_weights.setRowVisible(self._gives_bias, network.bias != "none")
        scale = INITIALIZERS[network.initializer].scale
        self._scale_name.setText(scale or "")
        self._first_weights.setRowVisible(self._scale, scale is not None)
        self._scale.follow(network.initializer_scale)
        with QSignalBlocker(self._gives_bias):
            self._gives_bias.setChecked(network.bias_start is not None)
        self._first_weights.setRowVisible(self._bias, network.bias != "none" and network.bias_start is not None)
        if network.bias_start is not None:
            self._bias.follow(network.bias_start)

    def _show_schedule(self, schedule: Schedule) -> None:
        self._schedule.show_choice(schedule.name)
        for name, field in self._schedule_fields.items():
            self._schedule_form.setRowVisible(field, name in SCHEDULES[schedule.name].options)
            field.follow(getattr(schedule, name))
        self._schedule_form.setRowVisible(self._curve, schedule.name != "constant")
        self._curve.update()

    # What a person does

    def _change_schedule(self, **changes: object) -> None:
        schedule = replace(self._changes.training_settings.schedule, **changes)  # type: ignore[arg-type]
        self._learning.set_training(schedule=schedule)

    @Slot()
    def _on_option_changed(self) -> None:
        values: dict[str, OptionValue] = {}
        for name, option in OPTIMIZERS[self._optimizer].options.items():
            numbers = tuple(field.value() for field in self._options if field.name == name)
            values[name] = (numbers[0], numbers[1]) if isinstance(option.default, tuple) else numbers[0]
        self._learning.set_training(optimizer_options=values)

    @Slot()
    def _on_clip_changed(self) -> None:
        self._learning.set_training(clip_norm=self._clip_norm.value() if self._clips.isChecked() else None)

    @Slot()
    def _on_bias_changed(self) -> None:
        self._learning.set_initial(bias_start=self._bias.value() if self._gives_bias.isChecked() else None)

    @Slot(int)
    def _on_budget_changed(self, megabytes: int) -> None:
        self._run.set_history_budget(megabytes * _MEGABYTE)
        QSettings().setValue(_BUDGET_KEY, megabytes)


def _words(name: str) -> str:
    """Return a name of a registry as a person reads it."""
    return _capital(name.replace("_", " "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class _OptionField(NumberBox):
    """One number of an optimizer's options."""

    def __init__(self, name: str, place: int, default: float, limit: float, tip: str) -> None:
        largest = limit - 1e-12 if limit <= 1.0 else limit
        step = default if 0.0 < default < 0.01 else 0.01 if default <= 1.0 else default / 10
        super().__init__(name, tip, 0.0, largest, step)
        self.name = name
        self._place = place
        self._default = default
        self.setValue(default)

    def value_in(self, options: Mapping[str, OptionValue]) -> float:
        """Return the number that the options say, or the default."""
        value = options.get(self.name, self._default)
        return value[self._place] if isinstance(value, tuple) else value
