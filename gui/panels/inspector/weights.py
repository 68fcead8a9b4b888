"""The page of the numbers: map, and a row for each weight and bias to be turned."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.map_scales import scale_ends
from gui.items.probed import Probed
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.figures import FIGURES_WIDTH, WeightFigures
from gui.panels.inspector.pages import SPACING
from gui.panels.inspector.rows import NAME_WIDTH, Parameter, ParameterRow, first_weight, name_width, parameters_of
from gui.panels.inspector.unit_map import MAP_PX
from gui.panels.inspector.unit_picture import UnitPicture
from gui.program.guard import guarded
from gui.widgets.card import ElidedLabel, label
from gui.widgets.discard import discard
from gui.widgets.pace import Pace
from gui.widgets.scroll import VerticalScroll
from model.explain.stuck import StuckUnit
from model.network.parts import Edge, Selection, Unit, exists
from model.network.settings import NetworkSettings
from model.numbers import number_text
from model.types import readable

_ROW_WIDTH, _COLUMN_GAP = 250, 18
_NUMBERS_WIDTH = 262
_MAP_WIDTH, _MAP_GAP, _LINE_PX = MAP_PX + 24, 4, 16
_SMALLEST_MAP_PX, _LARGEST_MAP_PX = 80, 560
_MAP_SHARE = 0.6
"""What the map gets of the width that no page needs."""
_WIDTH_WITH_MAP = _NUMBERS_WIDTH + SPACING + _MAP_WIDTH


class WeightsPage(QWidget):
    """The numbers of a neuron beside its map, or the one of a weight with what training does to it.

    It says which number a person points at or turns.
    """

    pointed_at = Signal(object)  # The Parameter; None for none.

    def __init__(
        self, run: LiveRun, changes: Changes, network: NetworkEdits, view: View, probe: Probe, probed: Probed
    ) -> None:
        super().__init__()
        self._run, self._changes, self._network, self._view = run, changes, network, view
        self._probe, self._probed = probe, probed
        self._rows: list[ParameterRow] = []
        self._of: NetworkSettings | None = None  # Whose numbers the rows are.
        self._n_columns = 1
        # Nobody reads numbers at the rate of pictures; a slider and a field for each weight are dear to draw.
        self._pace = Pace(self.show_values, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        self._picture = QWidget()
        # The map is as high as there is room for, and asks for none.
        self._picture.setMinimumHeight(1)
        left = QVBoxLayout(self._picture)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(_MAP_GAP)
        self._map = UnitPicture(run, view, probe, probed)
        self._at_point = label(role="small")
        theme.measure(self._at_point, height=_LINE_PX)
        left.addWidget(self._map)
        left.addWidget(self._at_point)
        left.addStretch(1)
        row.addWidget(self._picture)
        row.addLayout(self._numbers(), 1)
        probe.changed.connect(self._show_probed_value)
        theme.manager().changed.connect(self._show_marks)

    def _numbers(self) -> QVBoxLayout:
        """Return the formula, the note on what is marked, the list of numbers, and figures, one below the other."""
        right = QVBoxLayout()
        right.setSpacing(4)
        self._formula, self._note = ElidedLabel("muted"), ElidedLabel()
        self._list = QWidget()
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_COLUMN_GAP)
        self._grid.setVerticalSpacing(2)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = VerticalScroll()
        self._scroll.column.addWidget(self._list)
        self._scroll.width_changed.connect(self._arrange)
        self._scroll.verticalScrollBar().valueChanged.connect(self.show_values)
        self._figures = WeightFigures(self._run, self._view, self._probe, self._probed)
        right.addWidget(self._formula)
        right.addWidget(self._note)
        right.addWidget(self._scroll, 1)
        right.addWidget(self._figures, 2)
        return right

    def fit(self, selection: Selection, room: int) -> int:
        """Show a neuron's map if `room` pixels are enough for it, and return how many the page needs then."""
        has_map = isinstance(selection, Unit) and room >= theme.px(_WIDTH_WITH_MAP)
        self._picture.setVisible(has_map)
        without_map = FIGURES_WIDTH if isinstance(selection, Edge) else _NUMBERS_WIDTH
        width = theme.px(_WIDTH_WITH_MAP if has_map else without_map)
        self.setMinimumWidth(width)
        return width

    def show_texts(self, selection: Selection, held: StuckUnit | None) -> None:
        """Show the formula of a part, how it is marked, and what holds it if it is a neuron that is stuck."""
        settings = self._changes.network_settings
        notes = [part_texts.note(settings, self._network, selection), "" if held is None else held.sentence]
        formula = part_texts.formula(settings, selection, self._changes.dataset)
        for line, text, tip in (
            (self._formula, formula, part_texts.formula_tip(settings, selection)),
            (self._note, ",  ".join(filter(None, notes)), ""),
        ):
            line.show_text(text, tip)
            line.setVisible(bool(text))

    def show_part(self, selection: Selection) -> None:
        """Show another part, or the same one with what has changed of it."""
        self._figures.setVisible(isinstance(selection, Edge))
        self._figures.follow()

    def show_parameters(self, selection: Selection) -> None:
        """Give every number of a part a row; rows that are there already for the same numbers stay."""
        self._of = self._changes.network_settings
        parameters = parameters_of(self._of, selection, self._changes.dataset)
        if [row.parameter for row in self._rows] != parameters:
            self._build_rows(parameters)
        self._show_marks()
        self.pointed_at.emit(first_weight(parameters))

    def take_focus(self) -> None:
        """Give the keyboard to the first number that can be turned."""
        if not any(row.take_focus() for row in self._rows):
            self.setFocus()

    @Slot()
    def _show_marks(self) -> None:
        settings = self._changes.network_settings
        positions = [row.parameter.position for row in self._rows]
        any_fixed = not settings.fixed.isdisjoint(positions)
        for row, position in zip(self._rows, positions, strict=True):
            frozen, pruned = position in settings.frozen, position in settings.pruned
            row.show_marks(frozen=frozen, pruned=pruned, room_for_lock=any_fixed)

    def _build_rows(self, parameters: list[Parameter]) -> None:
        for row in self._rows:
            discard(row)
        width = name_width(parameters)
        self._rows = [ParameterRow(self._network, parameter, width) for parameter in parameters]
        for row in self._rows:
            row.pointed_at.connect(self.pointed_at)
        self._n_columns = 0
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """Put the rows below each other, or, where that is too high, into two columns if those have room."""
        width = _ROW_WIDTH + name_width([row.parameter for row in self._rows]) - NAME_WIDTH
        room = self._scroll.viewport().size()
        height = sum(row.sizeHint().height() + self._grid.verticalSpacing() for row in self._rows)
        n_columns = 2 if height > room.height() and room.width() >= 2 * theme.px(width) + _COLUMN_GAP else 1
        if n_columns != self._n_columns:
            self._n_columns = n_columns
            for number, row in enumerate(self._rows):
                self._grid.addWidget(row, number // n_columns, number % n_columns)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the map fill the height."""
        super().resizeEvent(event)
        side = max(min(self._map_height, self.width() - theme.px(_NUMBERS_WIDTH) - SPACING), _SMALLEST_MAP_PX)
        self._map.fit(side)
        self._picture.setFixedWidth(max(side, theme.px(_MAP_WIDTH)))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while nobody saw it."""
        super().showEvent(event)
        self.show_values()

    @property
    def _map_height(self) -> int:
        return min(self.height() - _MAP_GAP - theme.px(_LINE_PX), theme.px(_LARGEST_MAP_PX))

    def enlarge(self, spare: int) -> None:
        """Let the map grow with the height where there are `spare` pixels beyond what all pages need."""
        if not self._picture.isHidden():
            further = min(self._map_height - theme.px(_MAP_WIDTH), round(_MAP_SHARE * spare))
            self.setMinimumWidth(theme.px(_WIDTH_WITH_MAP) + max(further, 0))

    def follow(self) -> None:
        """Show the moment that is displayed."""
        self._figures.follow()
        if not self._run.playing:
            self.show_values()
        elif self.isVisible():
            self._map.renew()
            self._pace.ask(urgent=False)

    @Slot()
    def show_values(self) -> None:
        """Show the values of the rows that are seen, if they are those of the network that is displayed."""
        snapshot = self._run.displayed
        if snapshot.network.settings != self._of or not self.isVisible():
            return
        visible = self._list.visibleRegion().boundingRect()
        for row in self._rows:
            if row.geometry().intersects(visible) or visible.isEmpty():
                row.follow(float(snapshot.network.parameters[row.parameter.position]))
        self._map.renew()
        self._show_probed_value()

    @Slot()
    def _show_probed_value(self) -> None:
        selection, values = self._view.selection, self._probed.values
        snapshot = self._run.displayed
        if not isinstance(selection, Unit) or not exists(snapshot.network.settings, selection):
            return
        if values is None:
            is_class = selection.layer == len(snapshot.unit_maps) - 1 and not snapshot.is_regression
            low, high = (0.0, 1.0) if is_class else scale_ends(snapshot, selection)
            ends = f"±{number_text(high)}" if low < 0 else f"0 to {number_text(high)}"
            self._at_point.setText(f"over {'x' if snapshot.unit_curves else 'the plane'}, {ends}")
        else:
            value = readable(f"{values[selection.layer][selection.index]:.3f}")
            self._at_point.setText(f"at the {part_texts.asked(self._probe)}: {value}")
