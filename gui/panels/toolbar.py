"""The toolbar: running, speed and counters, and the settings that are changed most."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.document.changes import Changes
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.document.view import SPEEDS, View
from gui.icons import icon
from gui.theme import Scheme
from gui.widgets.card import label, separator, tool_button
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox, Slider
from gui.widgets.rate_box import RateBox
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence, as_tip
from model.data.dataset import MAX_POINTS
from model.network.initializers import INITIALIZERS
from model.training.optimizers import OPTIMIZERS

_FIELD_HEIGHT = 26
_AS_FAST_AS_POSSIBLE = "max"
_MEDIUM_WIDTH, _ROOMY_WIDTH = 1320, 1500


class Toolbar(QFrame):
    """The strip under the menus."""

    def __init__(self, run: LiveRun, changes: Changes, learning: TrainingEdits, view: View, actions: Actions) -> None:
        super().__init__()
        self._run, self._changes, self._learning, self._view = run, changes, learning, view
        self.setObjectName("toolbar")
        self.setAccessibleName("Toolbar")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(6)
        row.addWidget(tool_button(actions["rewind"], role="transport"))
        play = tool_button(actions["play"])
        play.setObjectName("play")
        row.addWidget(play)
        row.addWidget(tool_button(actions["step"], text=True, role="transport"))
        self._step_through = tool_button(actions["step_through"], role="transport")
        row.addWidget(self._step_through)
        row.addWidget(tool_button(actions["epoch"], text=True, role="transport"))
        row.addWidget(tool_button(actions["reinitialise"], role="transport"))
        row.addSpacing(6)
        row.addWidget(self._speed_field())
        row.addWidget(separator())
        self._epoch, self._step = _figure("Epoch", "999,999"), _figure("Step", "999.999 M")
        for name, figure in (("Epoch", self._epoch), ("Step", self._step)):
            row.addWidget(_field(name, figure))
        row.addWidget(separator())
        self._add_settings(row)
        row.addStretch(1)
        self._export = tool_button(actions["export_animation"], text=True, role="transport")
        row.addWidget(self._export)
        settings = QToolButton()
        settings.setObjectName("settings")
        settings.setProperty("role", "transport")
        settings.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        settings.setToolTip(as_tip("Show or hide the settings: optimizer options, batches, regularization."))
        settings.setAccessibleName("Settings")
        settings.clicked.connect(actions["show_settings"].trigger)
        self._settings = settings
        row.addWidget(settings)
        self._theme = QToolButton()
        self._theme.setObjectName("theme")
        self._theme.setProperty("role", "transport")
        self._theme.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme.clicked.connect(self._on_theme_clicked)
        row.addWidget(self._theme)
        for button in (self._step_through, self._export):
            button.hide()  # Until it is known that there is room.
        run.displayed_changed.connect(self._show_counters)
        view.settings_changed.connect(self._synchronize)
        changes.training_changed.connect(self._synchronize)
        changes.network_changed.connect(self._synchronize)
        changes.undo_stack.indexChanged.connect(self._synchronize)
        theme.manager().changed.connect(self._show_theme)
        self._show_theme()
        self._synchronize()
        self._show_counters()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show buttons that the menus have, too, where there is room for them."""
        super().resizeEvent(event)
        self._step_through.setVisible(self.width() >= _MEDIUM_WIDTH)
        self._export.setVisible(self.width() >= _ROOMY_WIDTH)

    def _speed_field(self) -> QWidget:
        self._speed = Slider("Speed", "Steps a second, up to as fast as possible.", 0, len(SPEEDS) - 1)
        theme.measure(self._speed, width=76)
        self._speed.valueChanged.connect(self._on_speed_moved)
        self._speed_text = label()
        theme.measure(self._speed_text, width=40)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._speed)
        line.addWidget(self._speed_text)
        return _field("Speed, steps/s", line)

    def _add_settings(self, row: QHBoxLayout) -> None:
        self._optimizer = ChoiceBox(
            "Optimizer", {entry.name: (entry.label, entry.tip) for entry in OPTIMIZERS.values()}
        )
        theme.measure(self._optimizer, width=126)
        self._optimizer.chosen.connect(self._on_optimizer_chosen)
        self._rate = RateBox("Learning rate", "How far a step goes along the gradient; it can change during a run.")
        theme.measure(self._rate, width=78)
        self._rate.entered.connect(self._on_rate_entered)
        self._batch = IntegerBox(
            "Batch size",
            "Points of one step, or “all” of them; it can change during a run.",
            1,
            MAX_POINTS,
            none_text="all",
        )
        theme.measure(self._batch, width=60)
        self._batch.valueChanged.connect(self._on_batch_changed)
        self._initializer = ChoiceBox(
            "Initializer", {entry.name: (entry.label, entry.tip) for entry in INITIALIZERS.values()}
        )
        theme.measure(self._initializer, width=124)
        self._initializer.chosen.connect(self._on_initializer_chosen)
        self._seed = IntegerBox("Seed", "Of the first weights and of the order of the points.", 0, LARGEST_WHOLE)
        theme.measure(self._seed, width=58)
        self._seed.valueChanged.connect(self._on_seed_changed)
        self._fields: dict[QWidget, QWidget] = {}
        for name, widget in (
            ("Optimizer", self._optimizer),
            ("Learning rate", self._rate),
            ("Batch size", self._batch),
            ("Initializer", self._initializer),
            ("Seed", self._seed),
        ):
            self._fields[widget] = _field(name, widget)
            row.addWidget(self._fields[widget])

    @Slot()
    def _synchronize(self) -> None:
        """Show the document's settings as they are."""
        training, network = self._changes.training_settings, self._changes.network_settings
        speed = self._view.settings.speed
        with QSignalBlocker(self._speed):
            self._speed.setValue(SPEEDS.index(speed))
        self._speed_text.setText(_AS_FAST_AS_POSSIBLE if speed is None else f"{speed:g}")
        self._rate.follow(training.learning_rate)
        self._batch.follow(training.batch_size)
        self._optimizer.show_choice(training.optimizer, "It can change during a run.")
        follows_gradient = OPTIMIZERS[training.optimizer].make is not None
        for widget in (self._rate, self._batch):
            self._fields[widget].setVisible(follows_gradient)
        self._initializer.show_choice(network.initializer, "Another one begins a new run.")
        self._seed.follow(network.seed)

    @Slot()
    def _show_counters(self) -> None:
        snapshot = self._run.displayed
        self._epoch.setText(_short(snapshot.epoch))
        self._step.setText(_short(snapshot.step))

    @Slot()
    def _show_theme(self) -> None:
        other = "light" if theme.current().is_dark else "dark"
        self._settings.setIcon(icon("settings", theme.current().text))
        self._theme.setIcon(icon(f"theme-{other}", theme.current().text))
        self._theme.setToolTip(as_tip(f"Change to the {other} theme; View > Theme follows the system again."))
        self._theme.setAccessibleName(f"Change to the {other} theme")

    @Slot()
    def _on_theme_clicked(self) -> None:
        theme.manager().set_scheme(Scheme.LIGHT if theme.current().is_dark else Scheme.DARK)

    @Slot(int)
    def _on_speed_moved(self, index: int) -> None:
        self._view.set(speed=SPEEDS[index])

    @Slot(float)
    def _on_rate_entered(self, rate: float) -> None:
        try:
            self._learning.set_training(learning_rate=rate)
        except ValueError as error:
            refuse(self._rate, as_sentence(error).replace("_", " "))
        self._synchronize()

    @Slot()
    def _on_batch_changed(self) -> None:
        self._learning.set_training(batch_size=self._batch.number())

    @Slot(str)
    def _on_optimizer_chosen(self, name: str) -> None:
        self._learning.set_training(optimizer=name, optimizer_options={})

    @Slot(str)
    def _on_initializer_chosen(self, name: str) -> None:
        self._learning.set_initial(initializer=name)

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        self._learning.set_initial(seed=seed)


def _short(count: int) -> str:
    """Return a number as it is, or from a million on in millions."""
    return f"{count:,}" if count < 1_000_000 else f"{count / 1e6:,.3f} M"


def _figure(name: str, longest: str) -> QLabel:
    """Return a label for a large live number, as wide as the longest that is expected."""
    result = label("0")
    result.setAccessibleName(name)
    size = theme.tokens()["font"]["figure_px"]
    result.setFont(theme.figure_font(size, bold=True))
    # A fixed width: the number changes sixty times a second, and the row must not be laid out each time.
    theme.measure(result, font=size, width=QFontMetrics(result.font()).horizontalAdvance(longest) + 4)
    return result


def _field(name: str, content: QWidget | QHBoxLayout) -> QWidget:
    """Return a small caption over a widget or a row of them."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(label(name, "small"))
    if isinstance(content, QWidget):
        theme.measure(content, height=_FIELD_HEIGHT)
        column.addWidget(content)
    else:
        column.addLayout(content)
    return host
