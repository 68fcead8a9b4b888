"""The toolbar: running, speed and counters, and the settings that are changed most."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.document.view import SPEEDS, View
from gui.icons import icon
from gui.items.training_fields import LossBox, regularization_rate_box
from gui.program.guard import guarded
from gui.theme import Scheme
from gui.widgets.card import label, live_figure, separator, tool_button
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import IntegerBox
from gui.widgets.pace import ReadingPace
from gui.widgets.rate_box import RateBox
from gui.widgets.refusal import refuse
from gui.widgets.slider_field import SliderField
from gui.widgets.texts import as_sentence, as_tip
from model.data.dataset import MAX_POINTS
from model.network.activations import ACTIVATIONS
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS

_FIELD_HEIGHT = 26
_AS_FAST_AS_POSSIBLE = "max"
_LEAST_WIDTH = 948
"""In pixels; what has no room is in the menus and in the settings, too."""


class Toolbar(QFrame):
    """The strip under the menus."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        network: NetworkEdits,
        learning: TrainingEdits,
        view: View,
        actions: Actions,
    ) -> None:
        super().__init__()
        self._run, self._changes, self._network, self._learning, self._view = run, changes, network, learning, view
        self.setObjectName("toolbar")
        self.setAccessibleName("Toolbar")
        row = self._row = QHBoxLayout(self)
        # The window may be narrower than all of it, see minimumSizeHint.
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(5)
        row.addWidget(tool_button(actions["rewind"], role="transport"))
        play = tool_button(actions["play"])
        play.setObjectName("play")
        row.addWidget(play)
        self._wordy = [tool_button(actions[name], text=True, role="transport") for name in ("step", "epoch")]
        row.addWidget(self._wordy[0])
        self._step_through = tool_button(actions["step_through"], role="transport")
        row.addWidget(self._step_through)
        row.addWidget(self._wordy[1])
        self._reinitialise = tool_button(actions["reinitialise"], role="transport")
        row.addWidget(self._reinitialise)
        row.addSpacing(6)
        row.addWidget(self._speed_field())
        row.addWidget(separator())
        self._epoch = _figure("Epoch", "How often every training point has been learned from.", "999,999")
        self._step = _figure("Step", "How many batches of points have been learned from.", "999.999 M")
        for name, figure in (("Epoch", self._epoch), ("Step", self._step)):
            row.addWidget(_field(name, figure))
        row.addWidget(separator())
        self._add_settings(row)
        row.addStretch(1)
        self._export = tool_button(actions["export_animation"], text=True, role="transport")
        # It has no icon, whose place would stay empty.
        self._export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._export.setProperty("beside", False)
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
        self._foldable = self._list_foldable()
        self._pace = ReadingPace(self._show_counters, self)
        run.displayed_changed.connect(self._on_displayed_changed)
        run.playing_changed.connect(self._on_displayed_changed)
        view.settings_changed.connect(self._synchronize)
        changes.training_changed.connect(self._synchronize)
        changes.network_changed.connect(self._synchronize)
        changes.undo_stack.indexChanged.connect(self._synchronize)
        theme.manager().changed.connect(self._show_theme)
        theme.manager().scale_changed.connect(self._fold)
        self._show_theme()
        self._synchronize()
        self._show_counters()

    # Room

    def _list_foldable(self) -> list[Callable[[bool], object]]:
        """Return what shows, or hides, each thing that the menus or the settings have, too; the first goes first."""
        return [
            self._export.setVisible,
            self._step_through.setVisible,
            self._show_words,
            partial(_show_inside, self._speed.slider, self),
            self._fields[self._regularization].setVisible,
            self._fields[self._loss].setVisible,
            self._reinitialise.setVisible,
            self._fields[self._activation].setVisible,
        ]

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size, in which only what is needed is shown."""
        return QSize(round(_LEAST_WIDTH * theme.manager().scale), super().minimumSizeHint().height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fold()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what there is room for, in the dress that everything has by now."""
        super().showEvent(event)
        self._fold()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Look again once all parts have another dress, or another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            QTimer.singleShot(0, self, self._fold)

    @Slot()
    def _fold(self) -> None:
        """Hide things, one after the other, until the rest has room."""
        for show in self._foldable:
            show(True)
        for show in self._foldable:
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                break
            show(False)
        self._row.activate()

    def _show_words(self, shown: bool) -> None:
        """Show what the buttons do in words beside their signs, or the signs alone."""
        style = Qt.ToolButtonStyle
        for button in self._wordy:
            button.setToolButtonStyle(style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly)

    # Building

    def _speed_field(self) -> QWidget:
        self._speed = SliderField(
            "Speed",
            f"Steps a second; “{_AS_FAST_AS_POSSIBLE}” is as fast as possible.",
            [speed for speed in SPEEDS if speed is not None],
            none_text=_AS_FAST_AS_POSSIBLE,
        )
        theme.measure(self._speed.slider, width=76)
        theme.measure(self._speed.box, width=46)
        self._speed.changed.connect(self._on_speed_changed)
        return _field("Speed, steps/s", self._speed)

    def _add_settings(self, row: QHBoxLayout) -> None:
        self._optimizer = ChoiceBox(
            "Optimizer", {entry.name: (entry.label, entry.tip) for entry in OPTIMIZERS.values()}
        )
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
        self._activation = ChoiceBox(
            "Hidden activation", {entry.name: (entry.label, entry.tip) for entry in ACTIVATIONS.values()}
        )
        self._activation.setPlaceholderText("mixed")
        self._activation.chosen.connect(self._network.set_activations)
        self._loss = LossBox()
        self._loss.chosen.connect(lambda name: self._learning.set_training(loss=name))
        self._fields: dict[QWidget, QWidget] = {}
        for name, widget in (
            ("Optimizer", self._optimizer),
            ("Learning rate", self._rate),
            ("Batch size", self._batch),
            ("Hidden activation", self._activation),
            ("Loss", self._loss),
            ("Regularization", self._penalty()),
        ):
            self._fields[widget] = _field(name, widget)
            row.addWidget(self._fields[widget])

    def _penalty(self) -> QWidget:
        """Return the choice of a penalty, and its rate beside it."""
        self._regularization = QWidget()
        self._kind = ChoiceBox(
            "Regularization", {entry.name: (entry.label, entry.tip) for entry in REGULARIZATIONS.values()}
        )
        self._kind.chosen.connect(self._learning.regularize)
        self._strength = regularization_rate_box()
        theme.measure(self._strength, width=58)
        self._strength.valueChanged.connect(lambda rate: self._learning.set_training(regularization_rate=rate))
        row = QHBoxLayout(self._regularization)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._kind)
        row.addWidget(self._strength)
        return self._regularization

    @Slot()
    def _synchronize(self) -> None:
        """Show the document's settings as they are."""
        training, network = self._changes.training_settings, self._changes.network_settings
        self._speed.follow(self._view.settings.speed)
        self._rate.follow(training.learning_rate)
        self._batch.follow(training.batch_size)
        self._optimizer.show_choice(training.optimizer, "It can change during a run.")
        self._kind.show_choice(training.regularization, "It can change during a run.")
        self._strength.follow(training.regularization_rate)
        _show_inside(self._strength, self, training.regularization != "none")
        self._loss.follow(training.loss, network.output_activation, regression=self._changes.dataset.is_regression)
        self._show_activation(network.hidden_activations)
        follows_gradient = OPTIMIZERS[training.optimizer].make is not None
        for widget in (self._rate, self._batch, self._regularization):
            widget.setEnabled(follows_gradient)
        self._fold()

    def _show_activation(self, activations: tuple[str, ...]) -> None:
        """Show what all hidden layers have, or that they differ."""
        self._activation.setEnabled(bool(activations))
        if len(set(activations)) == 1:
            self._activation.show_choice(activations[0], "All hidden layers get it.")
            return
        with QSignalBlocker(self._activation):
            self._activation.setCurrentIndex(-1)
        none = (
            "There is no hidden layer." if not activations else "The hidden layers differ; one chosen here is for all."
        )
        self._activation.setToolTip(as_tip(none))

    @Slot()
    def _on_displayed_changed(self) -> None:
        self._pace.follow(live=self._run.playing and self._run.moment is None)

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

    @Slot(object)
    def _on_speed_changed(self, speed: float | None) -> None:
        self._view.set(speed=speed)

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


def _show_inside(widget: QWidget, bar: QWidget, shown: bool) -> None:
    """Show or hide a part of a field, and let the bar know at once how much room the field needs now."""
    widget.setVisible(shown)
    host = widget.parentWidget()
    while host is not None and host is not bar:
        host.updateGeometry()
        host = host.parentWidget()


def _short(count: int) -> str:
    """Return a number as it is, or from a million on in millions."""
    return f"{count:,}" if count < 1_000_000 else f"{count / 1e6:,.3f} M"


def _figure(name: str, tip: str, longest: str) -> QLabel:
    """Return a label for a large live number, as wide as the longest that is expected."""
    size = theme.tokens()["font"]["figure_px"]
    metrics = QFontMetrics(theme.figure_font(size, bold=True))
    result = live_figure(size, metrics.horizontalAdvance(longest) + 4, metrics.height())
    result.setText("0")
    result.setAccessibleName(name)
    result.setToolTip(as_tip(tip))
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
