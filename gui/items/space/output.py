"""SpaceOutput: the displayed moment's answer in space, or a neuron's activation while that is under the mouse."""

from __future__ import annotations

from functools import partial
from math import isfinite

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu

from gui import theme
from gui.document.changes import Changes
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import HEIGHTS, View
from gui.icons import icon
from gui.items.left_out import LeftOut
from gui.items.space.camera import Camera
from gui.items.space.plot import Spots
from gui.items.space.relief import PreActivation, height_at, heights_of, is_value, relief_of, shown_of
from gui.items.space.view import SpaceView
from gui.widgets.choices import ChoiceBox
from gui.widgets.pace import Pace
from gui.widgets.texts import as_tip
from model.data.dataset import CLASS_LETTERS
from model.network.parts import Unit

_REACH_PX = 6.0
_MARGIN_PX = 4

_HEIGHT_TEXTS = {
    "likeliest": ("Likeliest class", "How likely the likeliest class is, in its colour."),
    "each": ("Each class", "How likely each class is, one surface over the other."),
    **{letter: (f"Class {letter}", f"How likely class {letter} is.") for letter in CLASS_LETTERS},
    "neuron_a": ("Neuron: a", "The activation of the selected neuron."),
    "neuron_z": ("Neuron: z", "What the activation of the selected neuron is applied to."),
}
"""For each of `gui.document.view.HEIGHTS` what is shown, and a tip."""

CAMERAS = {
    "As at First": (Camera(), "From the side and above."),
    "From Above": (Camera(-90.0, 90.0), "As in 2D."),
    "Over x₁": (Camera(-90.0, 0.0), "From the side, the first coordinate to the right."),
    "Over x₂": (Camera(0.0, 0.0), "From the side, the second coordinate to the right."),
    "Over x₁ + x₂": (Camera(-45.0, 0.0), "From the side, the sum of the coordinates to the right."),
}
"""From where one can look at once: titles in the menu, and tips."""


class SpaceOutput(SpaceView):
    """Follows the displayed moment while it is seen.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
        Whose points it shows.
    view : View
    probe : Probe
    left_out : LeftOut
        Without what the answer is shown.
    """

    explained = Signal(object)
    """Whose activation is shown, a Unit; None: something else is, whose colours are those of the answer."""

    def __init__(self, run: LiveRun, changes: Changes, view: View, probe: Probe, left_out: LeftOut) -> None:
        super().__init__("Output in 3D")
        self.setObjectName("output_space")
        self.setToolTip(as_tip("Drag to turn, wheel to zoom, double click to reset. Points are drawn in 2D."))
        self._run, self._view, self._probe, self._left_out = run, view, probe, left_out
        self._pace = Pace(self._renew, self)
        self._height = ChoiceBox("Height", {name: _HEIGHT_TEXTS[name] for name in HEIGHTS})
        self._height.setParent(self)
        self._height.setCursor(Qt.CursorShape.ArrowCursor)
        self._height.chosen.connect(self._on_height_chosen)
        self.pointed.connect(self._on_pointed)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.menu_asked.connect(self._on_menu_asked)
        run.displayed_changed.connect(self._follow)
        for signal in (
            changes.dataset_changed,
            run.moment_changed,
            view.settings_changed,
            view.hovered_changed,
            view.selection_changed,
            left_out.changed,
            probe.pinned_changed,
            theme.manager().changed,
        ):
            signal.connect(self._synchronize)

    @Slot()
    def _follow(self) -> None:
        """Show another moment: at once, or where several surfaces lie over each other as often as can be afforded."""
        if not self.isVisible():
            return
        if self._view.settings.height == "each":
            self._pace.ask(urgent=not self._run.playing)
        else:
            self._renew()

    @Slot()
    def _synchronize(self) -> None:
        if self.isVisible():
            self._offer_heights()
            self._renew()

    def _offer_heights(self) -> None:
        """Offer the heights that there are."""
        dataset, selected = self._run.shown_dataset, self._view.selection
        offered = ["likeliest"]
        if not dataset.is_regression:
            offered += ["each", *CLASS_LETTERS[: dataset.n_classes]]
        if isinstance(selected, Unit):
            offered += ["neuron_a"] if selected.layer == 0 else ["neuron_a", "neuron_z"]
        self._height.setVisible(len(offered) > 1)
        self._height.setItemText(0, "Value" if dataset.is_regression else _HEIGHT_TEXTS["likeliest"][0])
        self._height.offer(offered)
        height = self._view.settings.height
        self._height.show_choice(height if height in offered else "likeliest")
        self._place_choice()

    def _place_choice(self) -> None:
        self._height.adjustSize()
        self._height.move(self.width() - self._height.width() - _MARGIN_PX, _MARGIN_PX)

    def _renew(self) -> None:
        """Show the moment as it is now."""
        settings, dataset = self._view.settings, self._run.shown_dataset
        snapshot = self._run.displayed
        shown = shown_of(snapshot, settings.height, self._view.selection, self._view.hovered)
        without = None if isinstance(shown, Unit | PreActivation) else self._left_out.snapshot
        source = without or snapshot
        relief = relief_of(source, shown, theme.current(), regions=settings.regions)
        network, pinned = source.network, self._probe.pinned
        place = None
        if pinned is not None:
            height = height_at(network, pinned.place, pinned.label, shown)
            place = (*pinned.place, height) if isfinite(height) else None
        spots = Spots(dataset, heights_of(network, dataset, shown), settings.show_test_points, place)
        self.show_relief(relief, spots)
        is_neuron = isinstance(shown, Unit) and not is_value(snapshot, shown)
        self.explained.emit(shown if is_neuron else None)

    @Slot(str)
    def _on_height_chosen(self, height: str) -> None:
        self._view.set(height=height)

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._view.set_cursor(place, _REACH_PX * self.units_per_pixel if place is not None else 0.0)

    @Slot(object, QPoint)
    def _on_menu_asked(self, place: tuple[float, float] | None, position: QPoint) -> None:
        """Offer to pin what is under the mouse, to release what is pinned, and to look from elsewhere."""
        self._menu.clear()
        if place is not None:
            reach = _REACH_PX * self.units_per_pixel
            text = "Probe This Point" if isinstance(self._probe.target(place, reach), int) else "Probe Here"
            pin = self._menu.addAction(text, partial(self._probe.pin_near, place, reach))
            pin.setIcon(icon("tool-probe", theme.current().text))
            pin.setToolTip("See every number of the network there.")
        if self._probe.pinned is not None:
            self._menu.addAction("Release Probe", self._probe.release).setToolTip("Pin no point.")
        self._menu.addSeparator()
        for title, (camera, tip) in CAMERAS.items():
            self._menu.addAction(title, partial(self.look_from, camera)).setToolTip(as_tip(tip))
        self._menu.popup(position)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._synchronize()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the choice in its corner."""
        self._place_choice()
        super().resizeEvent(event)
