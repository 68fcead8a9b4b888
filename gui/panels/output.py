"""The output panel: the network's answer over the plane, with the points on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.diagram_colours import map_colours, map_limit
from gui.items.left_out import LeftOut, LeftOutBar
from gui.items.legend import paint_diverging_scale, paint_swatch, paint_values
from gui.items.lines_item import LinesItem
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer
from gui.items.probe_mark import ProbeMark
from gui.items.space.output import SpaceOutput
from gui.items.space.relief import shown_of
from gui.items.surface_item import (
    STRENGTH,
    SurfaceItem,
    drawn_once,
    faded,
    level_colour,
    level_lines,
    surface_image,
    surface_lines,
)
from gui.items.wrong_points import WrongPoints
from gui.program.guard import guarded
from gui.theme import Theme
from gui.tools import ToolHand
from gui.widgets.card import Panel
from gui.widgets.choices import Segments
from gui.widgets.texts import as_tip
from model.data.dataset import class_name
from model.network.parts import Unit, exists, unit_name
from model.run.snapshot import Plane, Snapshot
from model.types import readable

_CLASSES_IN_ROW = 4
_LEGEND_ROW_PX, _LEGEND_COLUMN_PX = 20, 38
_SCALE_HEIGHT_PX, _SCALE_WIDTH_PX = 28, 170


class OutputPanel(Panel):
    """The decision surface; while a neuron is hovered in the diagram, that neuron's map."""

    def __init__(self, run: LiveRun, changes: Changes, points: Points, view: View, probe: Probe, pins: Pins) -> None:
        super().__init__("Output")
        self._run, self._view, self._pins = run, view, pins
        self.header.addStretch(1)
        self._dimensions = Segments(
            "Dimensions", ("2D", "3D"), ("The plane from above.", "A surface: the likelier, or the larger, the higher.")
        )
        self._dimensions.setProperty("dense", True)
        self._dimensions.chosen.connect(self._on_dimensions_chosen)
        self.header.addWidget(self._dimensions)
        self._class_mode = self._modes(
            ("Probability", "Regions"),
            ("Class colours blended by the classes' probabilities.", "The colour of the likeliest class alone."),
        )
        self._value_mode = self._modes(
            ("Smooth", "Bands"),
            ("The colour of the value, from −1 to 1.", "One colour between two contour lines, a step of 0.25."),
        )
        self._make_canvas()
        self._left_out = LeftOut(run, view, self)
        self._space = SpaceOutput(run, changes, view, probe, self._left_out)
        self._stage = QWidget()
        self._stack = QStackedLayout(self._stage)
        for shown in (self.canvas, self._space):
            self._stack.addWidget(shown)
        self._left_out_bar = LeftOutBar(self._left_out, view, self._stage)
        self._left_out.changed.connect(self._show_surface)
        self._layer = PointsLayer(self.canvas)
        self._wrong = WrongPoints(run, view, self.canvas)
        self._mark = ProbeMark(probe, self.canvas)
        self._hand = ToolHand(run, changes, points, view, probe, self.canvas)
        self.body.addWidget(self._stage, 1)
        self._legend = _Legend(run, changes, view)
        self._make_foot()
        run.displayed_changed.connect(self._show_surface)
        pins.changed.connect(self._show_pinned)
        view.hovered_changed.connect(self._show_surface)
        view.selection_changed.connect(self._show_surface)
        for signal in (changes.dataset_changed, run.moment_changed):
            signal.connect(self._show_problem)
            signal.connect(self._show_points)
        view.points_selected.connect(self._show_points)
        view.lit_changed.connect(self._show_points)
        view.settings_changed.connect(self._synchronize)
        self.canvas.plane_changed.connect(self._on_plane_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._show_problem()
        self._synchronize()

    def _make_canvas(self) -> None:
        """Make the plane, with what is drawn on it below the points."""
        self.canvas = PlaneView("Output", grid=False)
        self.canvas.setObjectName("output_view")
        self.canvas.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._surface = SurfaceItem()
        self._surface.setZValue(-10)
        self.canvas.addItem(self._surface, ignoreBounds=True)
        self._levels, self._boundary = LinesItem(thin=True), LinesItem()
        for lines in (self._levels, self._boundary):
            self.canvas.addItem(lines, ignoreBounds=True)
        self._real_boundary = LinesItem(thin=True)
        self.canvas.addItem(self._real_boundary, ignoreBounds=True)
        self._ghosts: list[LinesItem] = []

    def _make_foot(self) -> None:
        """Put what explains the colours below the plane, and beside it what shows the test points."""
        foot = QHBoxLayout()
        self._test = QCheckBox("Test points ○")
        self._test.setToolTip("Show the points that are kept out of training, as rings.")
        self._test.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._test.toggled.connect(self._on_test_toggled)
        foot.addWidget(self._legend, 1)
        foot.addWidget(self._test)
        self.body.addLayout(foot)

    def _modes(self, texts: Sequence[str], tips: Sequence[str]) -> Segments:
        """Return buttons for how the surface is drawn, in the header."""
        modes = Segments("Surface", texts, tips)
        modes.chosen.connect(self._on_mode_chosen)
        self.header.addWidget(modes)
        return modes

    @Slot()
    def _show_pinned(self) -> None:
        """Show the boundaries of each pinned run as thin lines, in the colour that the table of runs gives it."""
        for item in self._ghosts:
            self.canvas.removeItem(item)
        self._ghosts = []
        for place, pinned in enumerate(self._pins.runs):
            item = LinesItem(thin=True)
            item.set_pen(self._theme.run_colour(place), Qt.PenStyle.DashLine)
            item.setToolTip(as_tip(pinned.name))
            item.show_lines(drawn_once(surface_lines(pinned.snapshot.surface)))
            self.canvas.addItem(item, ignoreBounds=True)
            self._ghosts.append(item)

    @Slot()
    def _show_problem(self) -> None:
        """Offer what goes with classes, or with values."""
        is_regression = self._run.shown_dataset.is_regression
        self._class_mode.setHidden(is_regression)
        self._value_mode.setVisible(is_regression)

    @Slot()
    def _synchronize(self) -> None:
        view = self._view.settings
        for modes in (self._class_mode, self._value_mode):
            modes.show_choice(int(view.regions))
        self._test.setChecked(view.show_test_points)
        self._dimensions.show_choice(int(view.in_space))
        self._show_dimensions()
        self._show_points()
        self._show_surface()

    def _show_dimensions(self) -> None:
        """Show the plane, or the surface over all of it."""
        in_space = self._view.settings.in_space
        if in_space != (self._stack.currentWidget() is self._space):
            self._stack.setCurrentWidget(self._space if in_space else self.canvas)
            self._left_out_bar.raise_()
            self._view.look_at(Plane() if in_space else self.canvas.plane)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._theme = colours = theme.current()
        self._boundary.set_pen(colours.text)
        self._real_boundary.set_pen(colours.text, Qt.PenStyle.DashLine)
        self._levels.set_pen(level_colour(colours))
        self._show_points()
        self._show_pinned()
        self._show_surface()

    @Slot()
    def _show_points(self) -> None:
        self._layer.show(
            self._run.shown_dataset,
            self._theme,
            test_points=self._view.settings.show_test_points,
            selected=self._view.selected_points,
            lit=self._view.lit,
        )
        self._legend.update()

    @Slot()
    def _show_surface(self) -> None:
        snapshot, without = self._run.displayed, self._left_out.snapshot
        if self._view.settings.in_space:
            in_space = shown_of(snapshot, self._view.settings.height, self._view.selection, self._view.hovered)
            is_value = snapshot.is_regression and isinstance(in_space, Unit) and _is_output(snapshot, in_space)
            self._explain(in_space if isinstance(in_space, Unit) and not is_value else None)
            return
        surface, hovered = snapshot.surface, self._view.hovered
        self._real_boundary.show_lines([] if without is None else drawn_once(surface_lines(surface)))
        shown = None
        if isinstance(hovered, Unit) and snapshot.probe == (hovered.layer, hovered.index) and not _is_value(snapshot):
            assert surface.unit_map is not None
            colours = faded(map_colours(snapshot, hovered, surface.unit_map, self._theme), self._theme)
            shown = hovered
        else:
            surface = surface if without is None else without.surface
            colours = surface_image(surface, self._theme, regions=self._view.settings.regions)
        self._explain(shown)
        self._surface.show_colours(colours, surface.plane)
        self._boundary.show_lines(surface_lines(surface))
        self._levels.show_lines(level_lines(surface))

    def _explain(self, unit: Unit | None) -> None:
        """Say what is shown: a neuron's map, or the network's answer, which alone something may be left out of."""
        self._legend.explain(unit)
        self._left_out_bar.stand_back(unit is not None)

    @Slot(Plane)
    def _on_plane_changed(self, plane: Plane) -> None:
        if not self._view.settings.in_space:
            self._view.look_at(plane)

    @Slot(int)
    def _on_dimensions_chosen(self, index: int) -> None:
        self._view.set(in_space=index == 1)

    @Slot(int)
    def _on_mode_chosen(self, index: int) -> None:
        self._view.set(regions=index == 1)

    @Slot(bool)
    def _on_test_toggled(self, shown: bool) -> None:
        self._view.set(show_test_points=shown)


def _is_output(snapshot: Snapshot, unit: Unit) -> bool:
    return unit.layer == len(snapshot.network.settings.layer_sizes) - 1


def _is_value(snapshot: Snapshot) -> bool:
    """Return whether the neuron that was asked for gives the value of a regression, whose map is the surface itself."""
    last = len(snapshot.network.settings.layer_sizes) - 1
    return snapshot.is_regression and snapshot.probe == (last, 0)


class _Legend(QWidget):
    """Says which colour and marker is which class, or which colour is which value."""

    def __init__(self, run: LiveRun, changes: Changes, view: View) -> None:
        super().__init__()
        self._run, self._view = run, view
        self.setMinimumWidth(120)
        self.setAccessibleName("Legend")
        self._unit: Unit | None = None
        changes.dataset_changed.connect(self._synchronize)
        run.moment_changed.connect(self._synchronize)
        theme.manager().changed.connect(self.update)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        rows = -(-self._run.shown_dataset.n_classes // _CLASSES_IN_ROW)
        self.setFixedHeight(_SCALE_HEIGHT_PX if rows == 0 else rows * _LEGEND_ROW_PX)
        self.update()

    def explain(self, unit: Unit | None) -> None:
        """Explain the colours of a neuron's map; None: those of the network's answer."""
        if unit is not None or self._unit is not None:
            self._unit = unit
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scale of a neuron's map or of the value, or a swatch with the marker for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.figure_font(11))
        snapshot, colours = self._run.displayed, theme.current()
        if self._unit is not None and exists(snapshot.network.settings, self._unit):
            self._paint_unit(painter, snapshot, self._unit, colours)
        elif self._run.shown_dataset.is_regression:
            self._paint_values(painter, colours)
        else:
            self._paint_classes(painter, colours)
        painter.end()

    def _paint_unit(self, painter: QPainter, snapshot: Snapshot, unit: Unit, colours: Theme) -> None:
        settings = snapshot.network.settings
        name = unit_name(settings, unit)
        if unit.layer == len(settings.layer_sizes) - 1:
            painter.setPen(colours.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, f"output {name}: the fuller, the likelier")
        else:
            limit = map_limit(snapshot, unit.layer, unit.index)
            paint_diverging_scale(painter, QRectF(self.rect()), limit, (name,), colours, strength=STRENGTH)

    def _paint_values(self, painter: QPainter, colours: Theme) -> None:
        """Draw the diverging scale as the surface shows it, with ticks from −1 to 1."""
        bar = QRectF(20, 3, min(self.width() - 30, _SCALE_WIDTH_PX), 9)
        n_samples = round(bar.width() * self.devicePixelRatioF())
        paint_values(painter, bar, colours, bands=self._view.settings.regions, n_samples=n_samples)
        painter.setPen(colours.muted)
        painter.drawText(QRectF(0, 0, 16, 15), Qt.AlignmentFlag.AlignVCenter, "y")
        painter.setFont(theme.figure_font(10))
        for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
            x = bar.left() + (value + 1.0) / 2.0 * bar.width()
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
            text = readable(f"{value:g}")
            painter.drawText(QRectF(x - 20, bar.bottom() + 3, 40, 13), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_classes(self, painter: QPainter, colours: Theme) -> None:
        for index in range(self._run.shown_dataset.n_classes):
            row, column = divmod(index, _CLASSES_IN_ROW)
            x, y = column * _LEGEND_COLUMN_PX, row * _LEGEND_ROW_PX
            paint_swatch(painter, QRectF(x, y + 2, 18, 16), index, colours)
            painter.setPen(colours.muted)
            painter.drawText(x + 22, y + 15, class_name(index))
