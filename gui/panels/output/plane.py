"""PlaneOutput: the network's answer over the plane from above, or its curve, with the points on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.ahead import Ahead
from gui.items.diagram_colours import map_colours
from gui.items.left_out import LeftOut
from gui.items.lines_item import LinesItem
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer
from gui.items.probe_mark import ProbeMark
from gui.items.surface_item import (
    SurfaceItem,
    boundary_picture,
    drawn_once,
    faded,
    level_colour,
    level_picture,
    prepare_surface,
    surface_image,
    surface_lines,
)
from gui.items.switch_lines import SwitchLines
from gui.items.wrong_points import WrongPoints
from gui.panels.output.curve import CurveLayer
from gui.program.guard import guarded
from gui.tools import ToolHand
from gui.widgets.texts import as_tip
from model.network.parts import Unit
from model.run.snapshot import Plane, Snapshot


class PlaneOutput(PlaneView):
    """Follows the displayed moment; while a neuron is hovered in the diagram, it shows that neuron's map, or curve.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    points : Points
    view : View
    probe : Probe
    pins : Pins
    left_out : LeftOut
        Without what the answer is shown.
    """

    explained = Signal(object)
    """Whose map is shown, a Unit; None: the network's answer is."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        points: Points,
        view: View,
        probe: Probe,
        pins: Pins,
        left_out: LeftOut,
    ) -> None:
        super().__init__("Output", grid=False)
        self._run, self._view, self._pins, self._left_out = run, view, pins, left_out
        self.setObjectName("output_view")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._make_items()
        self._curve = CurveLayer(view, probe, pins, left_out, self)
        self._layer = PointsLayer(self)
        self._wrong = WrongPoints(run, view, self)
        self._switching = SwitchLines(run, view, self)
        self._mark = ProbeMark(probe, self)
        self._hand = ToolHand(run, changes, points, view, probe, self)
        self._is_shown = True
        self._ahead = Ahead(run, self)
        run.displayed_changed.connect(self._show_surface)
        pins.changed.connect(self._show_pinned)
        for signal in (view.hovered_changed, left_out.changed, probe.pinned_changed):
            signal.connect(self._show_surface)
        for signal in (changes.dataset_changed, run.moment_changed, view.points_selected, view.lit_changed):
            signal.connect(self._show_points)
        view.settings_changed.connect(self._synchronize)
        self.plane_changed.connect(self._on_plane_changed)
        theme.manager().changed.connect(self._on_colours_changed)
        self._on_colours_changed()

    def _make_items(self) -> None:
        """Make what is drawn below the points."""
        self._surface = SurfaceItem()
        self._surface.setZValue(-10)
        self._levels, self._boundary = LinesItem(thin=True), LinesItem()
        self._real_boundary = LinesItem(thin=True)
        for item in (self._surface, self._levels, self._boundary, self._real_boundary):
            self.addItem(item, ignoreBounds=True)
        self._ghosts: list[LinesItem] = []

    def show_output(self, *, shown: bool) -> None:
        """Follow the displayed moment from now on, or no longer: something else has this one's place."""
        if shown != self._is_shown:
            self._is_shown = shown
            if shown:
                self._view.look_at(self.plane)
                self._show_surface()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while nobody saw it."""
        super().showEvent(event)
        self._show_surface()

    @Slot()
    def _synchronize(self) -> None:
        self._prepare()
        self._show_points()
        self._show_surface()

    def _prepare(self) -> None:
        self._ahead.have_done(partial(prepare_surface, theme=theme.current(), regions=self._view.settings.regions))

    @Slot()
    def _on_colours_changed(self) -> None:
        colours = theme.current()
        self._boundary.set_pen(colours.text)
        self._real_boundary.set_pen(colours.text, Qt.PenStyle.DashLine)
        self._levels.set_pen(level_colour(colours))
        self._prepare()
        self._show_points()
        self._show_pinned()

    @Slot()
    def _show_pinned(self) -> None:
        """Show the boundaries of each pinned run as thin lines, in the colour that the table of runs gives it.

        Curves are shown by another layer.
        """
        for item in self._ghosts:
            self.removeItem(item)
        self._ghosts = []
        for place, pinned in enumerate(self._pins.runs):
            if pinned.snapshot.curve is not None:
                continue
            item = LinesItem(thin=True)
            item.set_pen(theme.current().run_colour(place), Qt.PenStyle.DashLine)
            item.setToolTip(as_tip(pinned.name))
            item.show_lines(drawn_once(surface_lines(pinned.snapshot.surface)))
            self.addItem(item, ignoreBounds=True)
            self._ghosts.append(item)
        self._show_surface()

    @Slot()
    def _show_points(self) -> None:
        self._layer.show(
            self._run.shown_dataset,
            theme.current(),
            test_points=self._view.settings.show_test_points,
            selected=self._view.selected_points,
            lit=self._view.lit,
        )

    @Slot()
    def _show_surface(self) -> None:
        if not self._is_shown or not self.isVisible():
            return
        snapshot, without, colours = self._run.displayed, self._left_out.snapshot, theme.current()
        self._show_kind(snapshot)
        self._curve.show_curve(snapshot)
        if snapshot.curve is not None:
            self.explained.emit(None)
            return
        surface, hovered = snapshot.surface, self._view.hovered
        self._real_boundary.show_lines([] if without is None else drawn_once(surface_lines(surface)))
        shown = None
        if isinstance(hovered, Unit) and snapshot.probe == (hovered.layer, hovered.index) and not _is_value(snapshot):
            assert surface.unit_map is not None
            image = faded(map_colours(snapshot, hovered, surface.unit_map, colours), colours)
            shown = hovered
        else:
            surface = surface if without is None else without.surface
            image = surface_image(surface, colours, regions=self._view.settings.regions)
        self.explained.emit(shown)
        self._surface.show_colours(image, surface.plane)
        self._boundary.show_picture(boundary_picture(surface))
        self._levels.show_picture(level_picture(surface))

    def _show_kind(self, snapshot: Snapshot) -> None:
        """Show what there is for a kind of problem: a surface with its lines, or heights beside a curve."""
        is_curve = snapshot.curve is not None
        self._surface.setVisible(not is_curve)
        for lines in (self._levels, self._boundary, self._real_boundary, *self._ghosts):
            lines.setVisible(not is_curve)
        self.show_axes(snapshot.moment.dataset)

    @Slot(Plane)
    def _on_plane_changed(self, plane: Plane) -> None:
        if self._is_shown:
            self._view.look_at(plane)


def _is_value(snapshot: Snapshot) -> bool:
    """Return whether the neuron that was asked for gives the value of a regression, whose map is the surface itself."""
    last = len(snapshot.network.settings.layer_sizes) - 1
    return snapshot.is_regression and snapshot.probe == (last, 0)
