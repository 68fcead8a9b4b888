"""SpaceOutput: the displayed moment's answer in space, or a neuron's activation while that is under the mouse."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu

from gui import theme
from gui.document.changes import Changes
from gui.document.looks import REACHES
from gui.document.pins import Pins
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View, ViewSettings
from gui.icons import icon
from gui.items.left_out import LeftOut
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.controls import COLOURING_TEXTS, SLICES_TIP, SpaceControls, slice_surface
from gui.items.space.relief import Look
from gui.items.space.shown import Several, Shown, is_value, neurons_of, shown_of
from gui.items.space.spots import Ghosts, ghosts_of, spots_of
from gui.items.space.view import SpaceView
from gui.program.guard import guarded
from gui.widgets.pace import Pace
from gui.widgets.texts import as_tip
from model.network.parts import Unit

_REACH_PX = 6.0
_MARGIN_PX = 4

CAMERAS = {
    "As at First": (Camera(), "From the side and above."),
    "From Above": (Camera(-90.0, 90.0), "As in 2D."),
    "Over x₁": (Camera(-90.0, 0.0), "From the side, the first coordinate to the right."),
    "Over x₂": (Camera(0.0, 0.0), "From the side, the second coordinate to the right."),
    "Over x₁ + x₂": (Camera(-45.0, 0.0), "From the side, the sum of the coordinates to the right."),
}
"""From where one can look at once: titles in the menu, and tips."""


def look_of(settings: ViewSettings) -> Look:
    """Return how what is shown in space looks, as the view says."""
    return Look(settings.regions, settings.colouring, settings.slices, settings.sliced_surface)


class SpaceOutput(SpaceView):
    """Follows the displayed moment while it is seen.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
        Whose points it shows.
    view : View
    probe : Probe
    pins : Pins
        Whose boundaries are shown, too.
    left_out : LeftOut
        Without what the answer is shown.
    """

    explained = Signal(object)
    """Whose activation is shown, a Unit; None: something else is, whose colours are those of the answer."""

    def __init__(self, run: LiveRun, changes: Changes, view: View, probe: Probe, pins: Pins, left_out: LeftOut) -> None:
        super().__init__("Output in 3D")
        self.setObjectName("output_space")
        self.setToolTip(as_tip("Drag to turn, wheel to zoom, double click to reset. Points are drawn in 2D."))
        self._run, self._view, self._probe, self._pins, self._left_out = run, view, probe, pins, left_out
        self._pace = Pace(self._renew, self)
        self._controls = SpaceControls(view, self)
        self._ghosts: Ghosts = ()
        self._shows_neurons = False
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
        pins.changed.connect(self._show_pinned)
        self._show_pinned()

    @property
    def shows_neurons(self) -> bool:
        """Whether the heights are those of neurons, and not the network's answer."""
        return self._shows_neurons

    @Slot()
    def _follow(self) -> None:
        """Show another moment: at once, or what takes long as often as can be afforded."""
        if not self.isVisible():
            return
        shown = self._shown()
        if shown == "each" or isinstance(shown, Several) or self._view.settings.slices:
            self._pace.ask(urgent=not self._run.playing)
        else:
            self._renew()

    @Slot()
    def _synchronize(self) -> None:
        if self.isVisible():
            self._controls.show_choices(self._run.shown_dataset, self._view.selection)
            self._place_controls()
            self._renew()

    @Slot()
    def _show_pinned(self) -> None:
        """Keep the boundaries of each pinned run."""
        self._ghosts = ghosts_of(self._pins.runs)
        self._synchronize()

    def _place_controls(self) -> None:
        self._controls.fit(self.width() - 2 * _MARGIN_PX)
        self._controls.move(self.width() - self._controls.width() - _MARGIN_PX, _MARGIN_PX)
        self.leave_head(self._controls.height() + _MARGIN_PX)

    def _shown(self) -> Shown:
        return shown_of(self._run.displayed, self._view.settings.height, self._view.selection, self._view.hovered)

    def _renew(self) -> None:
        """Show the moment as it is now."""
        settings, dataset = self._view.settings, self._run.shown_dataset
        snapshot, shown = self._run.displayed, self._shown()
        without = None if neurons_of(shown) else self._left_out.snapshot
        source = without or snapshot
        relief = relief_of(source, shown, theme.current(), look_of(settings))
        network, test_points = source.network, settings.show_test_points
        spots = spots_of(
            network, dataset, shown, test_points=test_points, probe=self._probe.pinned, ghosts=self._ghosts
        )
        self.show_relief(relief, spots)
        is_answer = is_value(network.settings, shown, regression=snapshot.is_regression)
        self._shows_neurons = bool(neurons_of(shown)) and not is_answer
        is_map = isinstance(shown, Unit) and self._shows_neurons and settings.colouring == "own"
        self.explained.emit(shown if is_map else None)

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
        self._menu.addSeparator()
        self._offer_looks()
        for reach in REACHES:
            action = self._menu.addAction(f"From −{reach:g} to {reach:g}", partial(self._view.set, reach=reach))
            action.setToolTip(as_tip("How much of the plane is shown."))
            action.setCheckable(True)
            action.setChecked(reach == self._view.settings.reach)
        self._menu.popup(position)

    def _offer_looks(self) -> None:
        """Offer in the menu, too, what has no room at the head of a narrow view."""
        settings = self._view.settings
        colours = self._menu.addMenu("Colors")
        for name, (text, tip) in COLOURING_TEXTS.items():
            action = colours.addAction(text, partial(self._view.set, colouring=name))
            action.setToolTip(as_tip(tip))
            action.setCheckable(True)
            action.setChecked(name == settings.colouring)
        sliced = self._menu.addAction("Slices", partial(slice_surface, self._view, sliced=not settings.slices))
        sliced.setToolTip(as_tip(SLICES_TIP))
        sliced.setCheckable(True)
        sliced.setChecked(bool(settings.slices))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed meanwhile."""
        super().showEvent(event)
        self._synchronize()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the choices in their corner."""
        self._place_controls()
        super().resizeEvent(event)
