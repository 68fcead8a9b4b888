"""The inspector: the numbers of the selected neuron or weight, each to be turned with a slider or typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.actions.parts import NAMES, PartAction, part_actions
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.diagram_colours import map_colours, map_limit
from gui.items.diagram_marks import paint_muted
from gui.items.probe_mark import paint_probe_mark, place_on_map
from gui.items.probed import Probed
from gui.items.surface_item import to_image
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.activation import ActivationPlot
from gui.panels.inspector.plots import LEAST_WIDTH, MOST_WIDTH, PartPlot
from gui.panels.inspector.rows import NAME_WIDTH, Parameter, ParameterRow, name_width, parameters_of
from gui.panels.inspector.weight import CoursePlot, LossAlongPlot
from gui.program.guard import guarded
from gui.widgets.card import PADDING, ElidedLabel, Panel, label
from gui.widgets.focus import leave_field
from model import NetworkSettings
from model.network.parts import Edge, Selection, Unit, exists
from model.run.snapshot import Snapshot

_HINT = "Click a neuron or a weight in the diagram to see its numbers here and to turn them."
_MAP_PX = 132
_MARK_PX = 5.0
_LEAST_WIDTH = 324
_WIDE = 470
"""Below this width in pixels there is room for the numbers alone."""
_ROW_WIDTH = 240
_TITLE_NAME_LENGTH = 20
_REFRESH_MS = 15
_SPACING, _NUMBERS_WIDTH = 14, 252
_WITHOUT_MAP = _NUMBERS_WIDTH + 2 * PADDING + _SPACING
_WITH_MAP = _WITHOUT_MAP + _MAP_PX + 24 + _SPACING
"""Below this width in pixels there is no room for a plot beside the numbers."""


class InspectorPanel(Panel):
    """The card below the diagram."""

    def __init__(
        self, run: LiveRun, changes: Changes, network: NetworkEdits, view: View, probe: Probe, probed: Probed
    ) -> None:
        super().__init__("Inspector")
        self._run, self._changes, self._network, self._view = run, changes, network, view
        self._probe, self._probed = probe, probed
        self._rows: list[ParameterRow] = []
        self._shown: tuple[NetworkSettings, Selection] | None = None
        self._since_refresh = QElapsedTimer()
        self._since_refresh.start()
        # The same whether the map is shown or not, so that a column keeps its width.
        self.setMinimumSize(_LEAST_WIDTH, 190)
        self._buttons = {name: _part_button(name, partial(self._perform, name)) for name in NAMES}
        self.header.addStretch(1)
        for button in self._buttons.values():
            self.header.addWidget(button)
        self._hint = label(_HINT, "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self.body.addWidget(self._hint, 1)
        self._content = QWidget()
        row = QHBoxLayout(self._content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        left = QVBoxLayout()
        left.setSpacing(4)
        self._map = _UnitMap(run, view, probe)
        self._at_point = label(role="small")
        self._at_point.setFixedWidth(_MAP_PX + 24)
        left.addWidget(self._map)
        left.addWidget(self._at_point)
        left.addStretch(1)
        row.addLayout(left)
        row.addLayout(self._numbers(), 1)
        self._activation = ActivationPlot(run, view)
        self._loss_along, self._course = LossAlongPlot(run), CoursePlot(run)
        self._plots: tuple[PartPlot, ...] = (self._activation, self._loss_along, self._course)
        for plot in self._plots:
            row.addWidget(plot, 1)
        self.body.addWidget(self._content, 1)
        view.selection_changed.connect(self._synchronize)
        changes.network_changed.connect(self._synchronize)
        run.displayed_changed.connect(self._on_displayed_changed)
        probe.changed.connect(self._show_probed_value)
        theme.manager().changed.connect(self._on_theme_changed)
        self._synchronize()

    def _numbers(self) -> QVBoxLayout:
        """Return the formula, the note on what is marked, and the list of numbers, one below the other."""
        right = QVBoxLayout()
        right.setSpacing(4)
        self._formula, self._note = ElidedLabel("muted"), ElidedLabel()
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(2)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._list)
        self._scroll.setMinimumWidth(_NUMBERS_WIDTH)
        right.addWidget(self._formula)
        right.addWidget(self._note)
        right.addWidget(self._scroll, 1)
        return right

    @Slot()
    def _synchronize(self) -> None:
        """Show the selected neuron or weight, or the hint."""
        settings, selection = self._changes.network_settings, self._view.selection
        regression = self._changes.dataset.is_regression
        if not exists(settings, selection):
            selection = None
        self._hint.setVisible(selection is None)
        self._content.setVisible(selection is not None)
        self._show_actions(part_actions(settings, self._network, selection))
        self.title.setText(part_texts.title(settings, selection, _TITLE_NAME_LENGTH, regression=regression))
        whole = part_texts.title(settings, selection, None, regression=regression)
        self.title.setToolTip(whole if whole != self.title.text() else "")
        for line, text, tip in (
            (self._formula, part_texts.formula(settings, selection), part_texts.formula_tip(settings, selection)),
            (self._note, part_texts.note(settings, self._network, selection), ""),
        ):
            line.show_text(text, tip)
            line.setVisible(bool(text))
        self._fit_width()
        if self._shown != (settings, selection):
            self._shown = (settings, selection)
            self._show_parameters(parameters_of(settings, selection, regression=regression))
            for plot in self._plots:
                plot.follow()
        self._show_values()

    def _show_actions(self, actions: list[PartAction]) -> None:
        offered = {action.name: action for action in actions}
        for name, button in self._buttons.items():
            action = offered.get(name)
            button.setVisible(action is not None)
            if action is not None:
                button.setText(action.text)
                button.setAccessibleName(action.text)
                button.setToolTip(action.tip)
                button.setCheckable(action.checked is not None)
                button.setChecked(bool(action.checked))
                button.setProperty("icon_name", action.icon)
        self._colour_icons()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._colour_icons()
        self._show_marks()

    def _colour_icons(self) -> None:
        colours = theme.current()
        for button in self._buttons.values():
            if button.property("icon_name"):
                button.setIcon(icon(button.property("icon_name"), colours.text, on=colours.on_accent))

    def _perform(self, name: str) -> None:
        """Do what a button says to what is selected now."""
        for action in part_actions(self._changes.network_settings, self._network, self._view.selection):
            if action.name == name:
                action.call()
                break
        self._synchronize()

    def _show_parameters(self, parameters: list[Parameter]) -> None:
        """Give every number a row; rows that are there already for the same numbers stay."""
        if [row.parameter for row in self._rows] != parameters:
            self._build_rows(parameters)
        self._show_marks()
        # Of a neuron, a weight says more than its bias.
        self._on_pointed_at(parameters[min(1, len(parameters) - 1)] if parameters else None)

    @Slot(object)
    def _on_pointed_at(self, parameter: Parameter | None) -> None:
        for plot in (self._loss_along, self._course):
            plot.show_parameter(parameter)

    def _show_marks(self) -> None:
        settings = self._changes.network_settings
        positions = [row.parameter.position for row in self._rows]
        any_fixed = not settings.fixed.isdisjoint(positions)
        for row, position in zip(self._rows, positions, strict=True):
            frozen, pruned = position in settings.frozen, position in settings.pruned
            row.show_marks(frozen=frozen, pruned=pruned, room_for_lock=any_fixed)

    def _build_rows(self, parameters: list[Parameter]) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        width = name_width(parameters)
        room = self.width() - 200 - len(self._plots_with_room()) * MOST_WIDTH
        n_columns = max(1, min(2, room // (_ROW_WIDTH + width - NAME_WIDTH)))
        self._rows = []
        for number, parameter in enumerate(parameters):
            row = ParameterRow(self._network, parameter, width)
            row.pointed_at.connect(self._on_pointed_at)
            self._rows.append(row)
            self._grid.addWidget(row, number // n_columns, number % n_columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the numbers where the panel is narrow."""
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        """Show map, plots, and texts on the buttons, where there is room for them beside the numbers."""
        is_wide = self.width() >= _WIDE
        with_room = self._plots_with_room()
        for plot in self._plots:
            plot.setVisible(plot in with_room)
        for widget in (self._map, self._at_point):
            widget.setVisible(is_wide and isinstance(self._view.selection, Unit))
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for button in self._buttons.values():
            button.setToolButtonStyle(beside if is_wide else Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _plots_with_room(self) -> Sequence[PartPlot]:
        """Return the plots that say most of what is selected, as many as fit beside the numbers."""
        plots: tuple[PartPlot, ...] = ()
        match self._view.selection:
            case Unit(0, _):
                plots = (self._loss_along,)
            case Unit():
                plots = (self._activation, self._loss_along)
            case Edge():
                plots = (self._loss_along, self._course)
        taken = _WITH_MAP if isinstance(self._view.selection, Unit) else _WITHOUT_MAP
        return plots[: max((self.width() - taken) // (LEAST_WIDTH + _SPACING), 0)]

    @Slot()
    def _on_displayed_changed(self) -> None:
        for plot in self._plots:
            plot.follow()
        # A person reads figures at this rate at the most; a slider and a field for each weight are dear to draw.
        if self._since_refresh.elapsed() >= _REFRESH_MS or not self._run.playing:
            self._show_values()

    def _show_values(self) -> None:
        self._since_refresh.restart()
        snapshot = self._run.displayed
        if self._shown is None or snapshot.network.settings != self._shown[0] or not self._content.isVisible():
            return
        visible = self._list.visibleRegion().boundingRect()
        for row in self._rows:
            if row.geometry().intersects(visible) or visible.isEmpty():
                row.follow(float(snapshot.network.parameters[row.parameter.position]))
        self._map.update()
        self._show_probed_value()

    @Slot()
    def _show_probed_value(self) -> None:
        selection, values = self._view.selection, self._probed.values
        snapshot = self._run.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        if values is None:
            is_class = selection.layer == len(snapshot.unit_maps) - 1 and not snapshot.is_regression
            ends = "0 to 1" if is_class else f"±{map_limit(snapshot, selection.layer, selection.index):g}"
            self._at_point.setText(f"over the plane, {ends}")
        else:
            value = f"{values[selection.layer][selection.index]:.3f}".replace("-", "−")
            self._at_point.setText(f"at the {'probe' if self._probe.pinned else 'mouse'}: {value}")


def _part_button(name: str, call: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"part_{name}")
    button.setProperty("beside", True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setIconSize(QSize(15, 15))
    button.pressed.connect(leave_field)
    button.clicked.connect(call)
    return button


class _UnitMap(QWidget):
    """The selected neuron's map over the plane."""

    def __init__(self, run: LiveRun, view: View, probe: Probe) -> None:
        super().__init__()
        self._run, self._view, self._probe = run, view, probe
        probe.pinned_changed.connect(self.update)
        self.setObjectName("unit_map")
        self.setFixedSize(QSize(_MAP_PX, _MAP_PX))
        self.setAccessibleName("Map of the selected neuron over the plane")

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map, smoothly enlarged."""
        selection, snapshot = self._view.selection, self._run.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        colours = theme.current()
        image = _map_image(snapshot, selection, colours)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), to_image(image))
        if (selection.layer, selection.index) in snapshot.network.settings.muted:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_muted(painter, QRectF(self.rect()), colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._probe.pinned is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            centre = place_on_map(QRectF(self.rect()), self._probe.pinned.place)
            paint_probe_mark(painter, centre, _MARK_PX, colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(colours.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _map_image(
    snapshot: Snapshot, unit: Unit, colours: theme.Theme
) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """Return a neuron's map as colours, the top of the plane first."""
    map_ = snapshot.unit_maps[unit.layer][unit.index]
    return np.ascontiguousarray(map_colours(snapshot, unit, map_, colours)[::-1])
