"""HiddenOutput: where a hidden layer puts the plane at the displayed moment, and how it gets it there."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.hidden.look import share_at
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import HiddenMoment, moment_of
from gui.items.hidden.texts import station_text, variance_text
from gui.items.hidden.view import HiddenView
from gui.program import motion
from gui.program.guard import guarded
from gui.widgets.card import label
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import Slider
from gui.widgets.pace import Pace
from gui.widgets.texts import as_tip
from model.explain.hidden_choice import HIDDEN_LAYERS
from model.explain.hidden_space import VALUES, Axes
from model.types import IntArray

_STEPS = 40
_BEND_MS = 3600
_TEXT_PX = 92
_REACH = 1e-6
"""A point that is meant lies just where the mouse is said to be."""

_SHARE = 4.0
"""While training runs one part in so many of the time is for this view, which is what a person looks at."""

_LAYERS = {
    name: (f"Hidden {name}", f"What hidden layer {name} makes of the plane.")
    for name in HIDDEN_LAYERS
    if name != "last"
}


class HiddenOutput(QWidget):
    """Follows the displayed moment while it is seen.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    view : View
    probe : Probe
    """

    explained = Signal(object)
    """None, always: the colours are those of the network's answer."""

    axes_changed = Signal()
    """Along another number of axes it is seen, or there is now, or no longer, a choice between two numbers."""

    def __init__(self, run: LiveRun, changes: Changes, view: View, probe: Probe) -> None:
        super().__init__()
        self._run, self._view, self._probe = run, view, probe
        self._like: dict[int, Axes] = {}
        self._moment: HiddenMoment | None = None
        self._axes_offered: tuple[int, bool] | None = None
        self._pace = Pace(self._renew, self, 0.0, _SHARE)
        self.canvas = HiddenView()
        self.canvas.setObjectName("hidden_view")
        self.canvas.setToolTip(
            as_tip(
                "The plane as the chosen layer sees it. Click a point, or draw a frame, to select; in 3D dragging "
                "turns. The wheel zooms, the right button moves, a double click resets."
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.canvas, 1)
        column.addLayout(self._make_way())
        self.canvas.pointed.connect(self._on_pointed)
        self.canvas.selected.connect(self._on_selected)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.canvas.menu_asked.connect(self._on_menu_asked)
        run.displayed_changed.connect(self._follow)
        for signal in (
            changes.dataset_changed,
            run.moment_changed,
            run.playing_changed,
            view.settings_changed,
            theme.manager().changed,
        ):
            signal.connect(self._synchronize)
        for signal in (view.points_selected, view.lit_changed, view.cursor_changed, probe.pinned_changed):
            signal.connect(self._mark)

    def _make_way(self) -> QHBoxLayout:
        """Return the row in which a person chooses the layer, and follows the points through it."""
        self._choice = ChoiceBox("Hidden layer", _LAYERS)
        self._choice.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self._choice.chosen.connect(self._on_layer_chosen)
        self._play = QToolButton()
        self._play.setProperty("role", "round")
        theme.measure(self._play, icon=12)
        self._play.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._play.setAccessibleName("Bend")
        self._play.setToolTip(as_tip("Let the layer before become this one: first W and b, then the activation."))
        self._play.clicked.connect(self._on_play_clicked)
        self._slider = Slider(
            "Way through the layer",
            "From the layer before, over the sums z in the middle, to this layer.",
            0,
            _STEPS,
        )
        self._slider.setProperty("dense", True)
        self._slider.setPageStep(_STEPS // 4)
        self._slider.setValue(_STEPS)
        self._slider.sliderPressed.connect(self._on_slid)
        self._slider.valueChanged.connect(self._on_slid)
        self._text = label(role="small")
        theme.measure(self._text, width=_TEXT_PX)
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(_BEND_MS)
        self._animation.valueChanged.connect(self._on_bent)
        self._animation.stateChanged.connect(self._colour_icon)
        theme.manager().changed.connect(self._colour_icon)
        self._colour_icon()
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._choice)
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._text)
        return row

    @property
    def axes_offered(self) -> tuple[int, bool]:
        """Along how many axes the layer is seen, and whether it could be seen along another number."""
        return self._axes_offered or (2, False)

    @Slot()
    def _follow(self) -> None:
        """Show another moment: at once, or while training runs as often as can be afforded."""
        if not self.isVisible():
            return
        if self._run.playing:
            self._pace.note_drawing(self.canvas.drawing_s)
            self._pace.ask(urgent=False)
        else:
            self._renew()

    @Slot()
    def _synchronize(self) -> None:
        if self.isVisible():
            self._renew()
            self._mark()

    def _renew(self) -> None:
        """Show the moment as it is now."""
        settings, snapshot = self._view.settings, self._run.displayed
        network = snapshot.network
        wanted = settings.hidden_layer, settings.hidden_axes
        self._moment = moment = moment_of(
            network,
            self._run.shown_dataset,
            wanted,
            theme.current(),
            regression=snapshot.is_regression,
            regions=settings.regions,
            coarse=self._run.playing,
            like=self._like,
        )
        if moment is not None:
            layer = moment.space.layer
            self._like |= {layer - 1: moment.space.before, layer: moment.space.axes}
        self._offer_layers(network.settings.n_hidden_layers)
        self.canvas.show_moment(moment)
        self._show_way()
        offered = (2, False) if moment is None else (moment.space.n_axes, network.settings.layer_sizes[layer] > 2)
        if offered != self._axes_offered:
            self._axes_offered = offered
            self.axes_changed.emit()
        self.explained.emit(None)

    def _offer_layers(self, n_hidden: int) -> None:
        """Offer the hidden layers that there are."""
        self._choice.setVisible(n_hidden > 1)
        self._choice.offer([str(number) for number in range(1, n_hidden + 1)])
        self._choice.show_choice(str(self._moment.space.layer if self._moment else 1))

    @Slot()
    def _mark(self) -> None:
        """Let those points stand out that do now."""
        if not self.isVisible():
            return
        view, pinned, cursor = self._view, self._probe.pinned, self._view.cursor
        lit = () if view.lit is None else view.lit.points
        hovered = None
        if cursor is not None:
            meant = self._probe.target(cursor, view.reach)
            x, y = self._run.shown_dataset.points[meant].tolist() if isinstance(meant, int) else cursor
            hovered = (x, y)
        marks = Marks(
            view.settings.show_test_points,
            view.selected_points,
            np.array(lit, dtype=np.intp),
            None if pinned is None else pinned.place,
            hovered,
        )
        self.canvas.show_marks(marks)

    # The way through the layer

    @Slot()
    def _on_slid(self) -> None:
        self._animation.stop()
        self._show_share(self._slider.value() / _STEPS)

    @Slot()
    def _on_play_clicked(self) -> None:
        """Go on, or pause; at the end begin anew."""
        if self._animation.state() == QVariantAnimation.State.Running:
            self._animation.pause()
        elif self._animation.state() == QVariantAnimation.State.Paused:
            self._animation.resume()
        else:
            share = self.canvas.look.share
            if motion.is_reduced():
                self._slider.setValue(0 if share == VALUES else _STEPS)
                return
            self._animation.start()
            self._animation.setCurrentTime(0 if share == VALUES else round(_BEND_MS * _time_of(share)))
            # A value that is the one at the last end comes without a signal.
            self._on_bent(self._animation.currentValue())

    @Slot(object)
    def _on_bent(self, time: float) -> None:
        # The signal comes also while nothing plays, when the time is set.
        if self._animation.state() == QVariantAnimation.State.Running:
            share = share_at(time)
            with QSignalBlocker(self._slider):
                self._slider.setValue(round(share * _STEPS))
            self._show_share(share)

    def _show_share(self, share: float) -> None:
        self.canvas.show_share(share)
        self._show_way()

    def _show_way(self) -> None:
        """Say where on the way the points are, and what there is to see."""
        moment, share = self._moment, self.canvas.look.share
        for widget in (self._play, self._slider):
            widget.setEnabled(moment is not None)
        text = "" if moment is None else station_text(moment.space, share)
        self._text.setText(text)
        variance = "" if moment is None or share != VALUES else variance_text(moment.space)
        self.canvas.setAccessibleDescription(", ".join(filter(None, (text, variance))))

    @Slot()
    def _colour_icon(self) -> None:
        runs = self._animation.state() == QVariantAnimation.State.Running
        self._play.setIcon(icon("pause" if runs else "play", theme.current().text))

    # What a person does

    @Slot(str)
    def _on_layer_chosen(self, name: str) -> None:
        self._view.set(hidden_layer=name)

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._view.set_cursor(place, _REACH if place is not None else 0.0)

    @Slot(object, bool)
    def _on_selected(self, rows: IntArray, adds: bool) -> None:
        self._view.select_points(np.union1d(self._view.selected_points, rows) if adds else rows)

    @Slot(object, QPoint)
    def _on_menu_asked(self, place: tuple[float, float] | None, position: QPoint) -> None:
        """Offer to pin what is under the mouse, to release what is pinned, and to look as at first."""
        self._menu.clear()
        if place is not None:
            text = "Probe This Point" if isinstance(self._probe.target(place, _REACH), int) else "Probe Here"
            pin = self._menu.addAction(text, partial(self._probe.pin_near, place, _REACH))
            pin.setIcon(icon("tool-probe", theme.current().text))
            pin.setToolTip("See every number of the network there.")
        if self._probe.pinned is not None:
            self._menu.addAction("Release Probe", self._probe.release).setToolTip("Pin no point.")
        self._menu.addSeparator()
        self._menu.addAction("Show All", self.canvas.fit).setToolTip("As at first.")
        self._menu.popup(position)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._synchronize()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Follow nothing, and bend no further, where nobody sees it."""
        self._pace.forget()
        self._animation.stop()
        super().hideEvent(event)


def _time_of(share: float) -> float:
    """Return when the points are there, nearly."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2.0
        low, high = (middle, high) if share_at(middle) < share else (low, middle)
    return low
