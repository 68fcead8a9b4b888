"""The network panel: the diagram, with a header over each layer to change its shape and activation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import groupby, zip_longest
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.actions.parts import part_actions
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.document.view import View
from gui.icons import icon
from gui.items.ahead import Ahead
from gui.items.diagram_colours import prepare_maps
from gui.items.diagram_layout import column_pitch
from gui.items.diagram_probe import ShownProbe
from gui.items.diagram_texts import describe, describe_at_probe
from gui.items.drawn_weights import prepare_weights
from gui.items.edge_numbers import EDGE_KINDS, EdgeNumbers
from gui.items.focus_ring import paint_focus_ring
from gui.items.network_diagram import Highlight, NetworkDiagram
from gui.items.probed import Probed
from gui.items.stuck_units import StuckUnits
from gui.panels.network.layer_header import ROW_PITCH, SIZE_PITCH, LayerHeader
from gui.panels.network.walking import next_part
from gui.program.guard import guarded
from gui.widgets.card import Panel, label, tool_button
from gui.widgets.choices import Density, Segments
from gui.widgets.discard import discard
from gui.widgets.focus import ARROWS, leave_field
from gui.widgets.texts import as_tip
from model.network.parts import Edge, Selection, Unit, exists
from model.run.snapshot import Snapshot
from model.types import counted

_LEAST_WIDTH = 320
_MOST_ENLARGED = 2.5
"""How much larger than in a small window neurons get in a large one, on a projector as well."""
_WIDE_HEADER = 22
_NARROW_HEADER = 44
_TOP_GAP = 6
_SIZE_ROW = 16
_NAME_PADDING = 10
_NAME_GAP = 4
_SETTLING_MS = 80


class NetworkPanel(Panel):
    """The card with the diagram."""

    opened = Signal()
    """The numbers of what is selected are asked for, by key."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        network: NetworkEdits,
        learning: TrainingEdits,
        view: View,
        probe: Probe,
        probed: Probed,
        actions: Actions,
    ) -> None:
        super().__init__("Network")
        self._changes = changes
        self._summary = label(role="muted")
        # A long summary is cut rather than pushing the panels beside it away.
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._layers = label(role="muted")
        self._view = view
        self._edges = Segments(
            "Edges", [kind.text for kind in EDGE_KINDS.values()], [kind.tip for kind in EDGE_KINDS.values()]
        )
        self._edges.chosen.connect(self._on_edges_chosen)
        self.header.addWidget(self._summary, 1)
        self.header.addWidget(self._edges)
        self.header.addWidget(self._layers)
        self.header.addWidget(tool_button(actions["remove_layer"], role="round"))
        self.header.addWidget(tool_button(actions["add_layer"], role="round"))
        diagram = NetworkView(run, changes, network, learning, view, probe, probed)
        diagram.opened.connect(self.opened)
        self.body.addWidget(diagram, 1)
        changes.network_changed.connect(self._synchronize)
        view.settings_changed.connect(self._synchronize)
        self._synchronize()

    @Slot(int)
    def _on_edges_chosen(self, index: int) -> None:
        self._view.set(edges=list(EDGE_KINDS)[index])

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Say as much as there is room for, now that all that is beside it has its style."""
        super().showEvent(event)
        self._fit_header()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what is said elsewhere, too, where there is no room."""
        super().resizeEvent(event)
        self._fit_header()

    def _fit_header(self) -> None:
        """Say as much of the network beside the choice of what edges show as there is room for."""
        settings = self._changes.network_settings
        shape = _shape_text(settings.layer_sizes)
        whole = f"{shape} · {counted(settings.n_parameters, 'parameter')}"
        self._summary.setToolTip(as_tip(whole))
        fuller: list[tuple[str, bool, Density]] = [
            (whole, True, ""),
            (whole, False, ""),
            (shape, False, ""),
            (shape, False, "tight"),
            ("", False, "tight"),
        ]
        for text, has_layers, density in fuller:
            self._say(text, has_layers, density)
            if self.header.sizeHint().width() + self._summary.sizeHint().width() <= self._room:
                break
        # What it is can be seen.
        self.title.setVisible(self.header.sizeHint().width() <= self._room)

    @property
    def _room(self) -> int:
        margins = self.body.contentsMargins()
        return self.width() - margins.left() - margins.right()

    def _say(self, text: str, has_layers: bool, density: Density) -> None:
        self.title.show()
        self._summary.setText(text)
        self._layers.setVisible(has_layers)
        self._edges.set_density(density)
        self.header.invalidate()

    def minimumSizeHint(self) -> QSize:
        """Return the size of the least that the header and the diagram need, whatever has room now."""
        return QSize(theme.px(_LEAST_WIDTH), super().minimumSizeHint().height())

    @Slot()
    def _synchronize(self) -> None:
        self._edges.show_choice(list(EDGE_KINDS).index(self._view.settings.edges))
        self._layers.setText(counted(self._changes.network_settings.n_hidden_layers, "hidden layer"))
        self._fit_header()


def _shape_text(sizes: Sequence[int]) -> str:
    """Return the layers' sizes; three or more equal ones in a row as 8 × 5."""
    runs = [(size, len(list(run))) for size, run in groupby(sizes)]
    return " – ".join(f"{size} × {n}" if n > 2 else " – ".join([str(size)] * n) for size, n in runs)


def _prepare(snapshot: Snapshot, colours: theme.Theme) -> None:
    """Compute what is drawn of a moment, in any thread: the view then finds it done."""
    prepare_maps(snapshot, colours)
    prepare_weights(snapshot)


class NetworkView(QWidget):
    """The diagram: hover shows a value and brings out the weights of a neuron, a click selects.

    The arrow keys walk from neuron to neuron, with Shift to the weights at one, then up and down along these; Return
    goes on to the numbers of what is selected.
    The right button, or the Menu key, offers what can be done to a neuron or a weight.
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
    )

    opened = Signal()
    """The numbers of what is selected are asked for, by key."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        network: NetworkEdits,
        learning: TrainingEdits,
        view: View,
        probe: Probe,
        probed: Probed,
    ) -> None:
        super().__init__()
        self._probe, self._probed = probe, probed
        self._run, self._changes, self._network, self._learning, self._view = run, changes, network, learning, view
        self._diagram = NetworkDiagram(most_enlarged=_MOST_ENLARGED)
        self._numbers = EdgeNumbers(run, view, probe, probed, self)
        self._numbers.changed.connect(self._on_numbers_changed)
        self._stuck = StuckUnits(run, view, self)
        self._stuck.changed.connect(self._on_displayed_changed)
        # Each picture asks for the values of its own moment.
        probe.changed.connect(self._on_displayed_changed)
        self._is_hurried = False
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLING_MS)
        self._settling.timeout.connect(self._settle)
        self._headers: list[LayerHeader] = []
        self._placed_in: tuple[float, ...] = ()
        self._anchor: Unit | None = None  # Along whose weights the keys walk.
        self._chosen: Selection = None  # What a person has selected here, and not another panel.
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setObjectName("network_view")
        self.setAccessibleName("Network diagram")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.measure(self, least_width=280, least_height=180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # The diagram fills its part with an opaque picture.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        run.displayed_changed.connect(self._on_displayed_changed)
        changes.network_changed.connect(self._rebuild_headers)
        changes.training_changed.connect(self._place_headers)
        for signal in (view.selection_changed, view.hovered_changed, view.lit_changed, theme.manager().changed):
            signal.connect(self._on_displayed_changed)
        theme.manager().scale_changed.connect(self._place_headers)
        theme.manager().changed.connect(self._on_theme_changed)
        self._ahead = Ahead(run, self)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._ahead.have_done(partial(_prepare, colours=theme.current()))
        self._rebuild_headers()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(720, 420)

    @property
    def diagram(self) -> NetworkDiagram:
        """What is drawn, with the places of its parts."""
        return self._diagram

    # Drawing

    @property
    def _header_height(self) -> int:
        pitch = self._pitch
        n_rows = 2 if pitch < SIZE_PITCH else 1
        sizes = n_rows * _SIZE_ROW if self._shows_sizes else 0
        return (_NARROW_HEADER if pitch < ROW_PITCH else _WIDE_HEADER) + sizes + _TOP_GAP

    @property
    def _shows_sizes(self) -> bool:
        return self._view.settings.edges == "gradients"

    @property
    def _pitch(self) -> float:
        """How far apart the layers stand, about, at the scale 1."""
        return self.width() / self._scale / len(self._changes.network_settings.layer_sizes)

    @property
    def _scale(self) -> float:
        """By how much all that the diagram measures is enlarged on the screen."""
        return theme.manager().scale

    @property
    def _diagram_area(self) -> QRectF:
        """Where the diagram is, at the scale 1."""
        width, height = self.width() / self._scale, self.height() / self._scale
        return QRectF(0, self._header_height, width, height - self._header_height)

    @property
    def _part_below_headers(self) -> QRect:
        """What the diagram fills."""
        return self.rect().adjusted(0, math.floor(self._header_height * self._scale), 0, 0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the diagram of the moment that is shown, or what is behind a header whose text has changed."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(event.rect(), colours.panel)
        if event.rect().intersects(self._part_below_headers):
            painter.scale(self._scale, self._scale)
            self._paint_diagram(painter, colours)
        painter.end()

    def _paint_diagram(self, painter: QPainter, colours: theme.Theme) -> None:
        selection, hovered = self._present(self._view.selection), self._present(self._view.hovered)
        chosen = selection if self._chosen is not None and selection == self._chosen else None
        brought_out = next((part for part in (hovered, chosen) if isinstance(part, Unit)), None)
        highlight = Highlight(selection, hovered, self._view.lit, brought_out)
        snapshot, numbers = self._run.displayed, self._numbers.shown
        stuck, probe = self._stuck.units, self._shown_probe()
        self._diagram.paint(
            painter,
            self._diagram_area,
            snapshot,
            colours,
            highlight,
            numbers=numbers,
            stuck=stuck,
            probe=probe,
            hurried=self._is_hurried,
        )
        if self._diagram.is_behind:
            self._settling.start()
        if self.hasFocus():
            paint_focus_ring(painter, self._diagram_area, colours)

    def _shown_probe(self) -> ShownProbe | None:
        point, values = self._probe.point, self._probed.values
        return None if point is None or values is None else ShownProbe(point, values, self._probed.probabilities)

    def _present(self, selection: Selection) -> Selection:
        """Return a selection if the displayed network has it; for a moment it may be of another shape."""
        return selection if exists(self._run.displayed.network.settings, selection) else None

    @Slot()
    def _settle(self) -> None:
        """Draw all that the last picture lacks: no other one has come."""
        self._is_hurried = False
        self.update(self._part_below_headers)

    @Slot()
    def _on_displayed_changed(self) -> None:
        self._is_hurried = self._run.playing
        # The headers above do not change with every frame.
        self.update(self._part_below_headers)
        if self.hasFocus():
            part = self._present(self._view.selection)
            text = "" if part is None else describe(self._run.displayed, part)
            probe = self._shown_probe()
            if part is not None and probe is not None:
                text += describe_at_probe(self._run.displayed, probe, part)
            held = self._stuck.units.get(part) if isinstance(part, Unit) else None
            self.setAccessibleDescription(text if held is None else f"{text}   {held.sentence}")

    # Headers

    @Slot()
    def _on_numbers_changed(self) -> None:
        shown = self._numbers.shown
        sizes = shown.sizes() if shown is not None and self._shows_sizes else []
        for header, size in zip_longest(self._headers[1:], sizes[: len(self._headers) - 1]):
            header.show_size(size, "" if shown is None else shown.loss)
        if self._room_for_headers() != self._placed_in:
            self._place_headers()
        self.update()

    @property
    def _margins(self) -> tuple[float, float]:
        """How far the middle of the first and of the last layer is from the sides, for the names that are shown."""
        return self._diagram.margins(self._changes.network_settings, self._run.displayed.moment.dataset)

    def _room_for_headers(self) -> tuple[float, ...]:
        """Return what the places of the headers depend on, beside what calls for placing them itself."""
        return (self._header_height, *self._margins, *(header.sizeHint().width() for header in self._headers))

    @Slot()
    def _rebuild_headers(self) -> None:
        settings = self._changes.network_settings
        if len(self._headers) != len(settings.layer_sizes):
            for header in self._headers:
                discard(header)
            self._headers = [
                LayerHeader(self._changes, self._network, self._learning, layer, self)
                for layer in range(len(settings.layer_sizes))
            ]
        self._place_headers()
        self.update()

    @Slot()
    def _place_headers(self) -> None:
        if len(self._headers) != len(self._changes.network_settings.layer_sizes):
            return  # Others hear first of a change of layers; then the headers are made anew, and placed.
        self._diagram.fit(self._run.displayed, self._diagram_area)
        # The headers follow the settings, which may be ahead of the displayed network by a frame.
        margin, right_margin = self._margins
        pitch, scale = column_pitch(len(self._headers), self.width() / self._scale, margin, right_margin), self._scale
        room = min(self._pitch - _NAME_PADDING, pitch - _NAME_GAP) * scale
        height = (self._header_height - _TOP_GAP) * scale
        for layer, header in enumerate(self._headers):
            middle, is_last = (margin + layer * pitch) * scale, layer == len(self._headers) - 1
            # To the right of the last one there is nothing.
            left = middle - (pitch - _NAME_GAP) / 2 * scale
            header.synchronize(self._pitch, round(max(room, self.width() - left) if is_last else room))
            header.adjustSize()
            width = header.sizeHint().width()
            x = max(middle - width / 2, left) if is_last else middle - width / 2
            header.setGeometry(round(max(0.0, min(x, self.width() - width))), 0, width, round(height))
            header.show()
        self._placed_in = self._room_for_headers()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out again."""
        self._place_headers()
        super().resizeEvent(event)

    # Mouse and keys

    def _part_at(self, position: QPointF) -> Selection:
        layout, position = self._diagram.layout, position / self._scale
        if layout.layer_sizes != self._changes.network_settings.layer_sizes:
            return None
        return layout.unit_at(position) or layout.edge_at(position, self._diagram.drawn_edges)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the value of what is under the mouse."""
        part = self._part_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if part is None else Qt.CursorShape.PointingHandCursor)
        self._view.hover(part)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing the value."""
        self._view.hover(None)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the neuron or weight under the mouse, or nothing."""
        leave_field()
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._part_at(event.position()))

    def _choose(self, part: Selection) -> None:
        self._chosen = part
        self._view.select(part)
        self._on_displayed_changed()

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done to the neuron or weight under the mouse, or by key to the selected one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        part = self._part_at(QPointF(event.pos())) if by_mouse else self._view.selection
        if part is None:
            event.ignore()
            return
        leave_field()
        self._view.select(part)
        self._fill_menu(part)
        self._menu.popup(event.globalPos() if by_mouse else self.mapToGlobal(self._place_of(part)))

    def _place_of(self, part: Unit | Edge) -> QPoint:
        layout = self._diagram.layout
        if layout.layer_sizes != self._changes.network_settings.layer_sizes:
            return self.rect().center()
        if isinstance(part, Unit):
            return (layout.rect(part).center() * self._scale).toPoint()
        return (layout.path(layout.number(part)).pointAtPercent(0.5) * self._scale).toPoint()

    def area_of(self, unit: Unit) -> QRect:
        """Return where a neuron is; empty where there is none such."""
        layout, settings = self._diagram.layout, self._changes.network_settings
        if not exists(settings, unit) or layout.layer_sizes != settings.layer_sizes:
            return QRect()
        area = layout.rect(unit)
        return QRectF(area.topLeft() * self._scale, area.size() * self._scale).toAlignedRect()

    def _fill_menu(self, part: Unit | Edge) -> None:
        colours = theme.current()
        self._menu.clear()
        for offered in part_actions(self._changes.network_settings, self._network, part):
            action = self._menu.addAction(
                icon(offered.icon, colours.text, marked=colours.on_accent), offered.text, offered.call
            )
            action.setToolTip(as_tip(offered.tip))
        if isinstance(part, Unit) and part.layer < len(self._changes.network_settings.layer_sizes) - 1:
            self._menu.addSeparator()
            action = self._menu.addAction("Output Without It", partial(self._view.switch_left_out, part))
            action.setToolTip(as_tip("Show what the network would say if this counted as 0; nothing is changed."))
            action.setCheckable(True)
            action.setChecked(self._view.left_out == part)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through neurons and weights with the arrow keys, or go on to the numbers of what is selected."""
        key, selected = Qt.Key(event.key()), self._view.selection
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and selected is not None:
            self.opened.emit()
        elif key in ARROWS:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if isinstance(selected, Unit):
                self._anchor = selected
            sizes = self._changes.network_settings.layer_sizes
            self._choose(next_part(sizes, selected, self._anchor, key, to_weights=shifted))
        else:
            event.ignore()
