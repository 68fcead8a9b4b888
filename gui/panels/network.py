"""The network panel: the diagram, with a header over each layer to change its shape and activation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import ClassVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.actions.parts import part_actions
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.run import LiveRun
from gui.document.settings import TrainingEdits
from gui.document.view import View
from gui.icons import icon
from gui.items.diagram_layout import column_pitch
from gui.items.network_diagram import Highlight, NetworkDiagram, describe, left_margin
from gui.program.guard import guarded
from gui.widgets.card import Panel, label, tool_button
from gui.widgets.focus import leave_field
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Edge, Selection, Unit, exists
from model.network.settings import MAX_UNITS
from model.types import counted

_WIDE_HEADER = 22
_NARROW_HEADER = 44
_WIDE_PITCH = 158.0
_MEDIUM_PITCH = 104.0
_TOP_GAP = 6
_NAME_PADDING = 10
_NAME_GAP = 4
_DROPOUT_PITCH = 250.0
_DROPOUT_RATES = (0.0, 0.1, 0.2, 0.3, 0.5)
_REGRESSION_OUTPUTS = ("linear", "tanh")


class NetworkPanel(Panel):
    """The card with the diagram."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        network: NetworkEdits,
        learning: TrainingEdits,
        view: View,
        actions: Actions,
    ) -> None:
        super().__init__("Network")
        self._changes = changes
        self._summary = label(role="muted")
        # A long summary is cut rather than pushing the panels beside it away.
        self._summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._layers = label(role="muted")
        self.header.addWidget(self._summary, 1)
        self.header.addWidget(self._layers)
        self.header.addWidget(tool_button(actions["remove_layer"], role="round"))
        self.header.addWidget(tool_button(actions["add_layer"], role="round"))
        diagram = NetworkView(run, changes, network, learning, view)
        self.body.addWidget(diagram, 1)
        changes.network_changed.connect(self._synchronize)
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        settings = self._changes.network_settings
        shape = _shape_text(settings.layer_sizes)
        self._summary.setText(f"{shape} · {settings.n_parameters:,} parameters")
        n = settings.n_hidden_layers
        self._layers.setText(counted(n, "hidden layer"))


def _shape_text(sizes: Sequence[int]) -> str:
    """Return the layers' sizes; three or more equal ones in a row as 8 × 5."""
    runs = [(size, len(list(run))) for size, run in groupby(sizes)]
    return " – ".join(f"{size} × {n}" if n > 2 else " – ".join([str(size)] * n) for size, n in runs)


class NetworkView(QWidget):
    """The diagram: hover shows a value, a click selects, the arrow keys walk from neuron to neuron.

    The right button, or the Menu key, offers what can be done to a neuron or a weight.
    """

    own_keys: ClassVar[tuple[Qt.Key, ...]] = (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
    )

    def __init__(
        self, run: LiveRun, changes: Changes, network: NetworkEdits, learning: TrainingEdits, view: View
    ) -> None:
        super().__init__()
        self._run, self._changes, self._network, self._learning, self._view = run, changes, network, learning, view
        self._diagram = NetworkDiagram()
        self._headers: list[_LayerHeader] = []
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setObjectName("network_view")
        self.setAccessibleName("Network diagram")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(300, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # The diagram fills its part with an opaque picture.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        run.displayed_changed.connect(self._on_displayed_changed)
        changes.network_changed.connect(self._rebuild_headers)
        changes.training_changed.connect(self._place_headers)
        for signal in (view.selection_changed, view.hovered_changed, theme.manager().changed):
            signal.connect(self._on_displayed_changed)
        theme.manager().changed.connect(self._rebuild_headers)
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
        return (_NARROW_HEADER if self._pitch < _MEDIUM_PITCH else _WIDE_HEADER) + _TOP_GAP

    @property
    def _pitch(self) -> float:
        """How far apart the layers stand, about."""
        return self.width() / len(self._changes.network_settings.layer_sizes)

    @property
    def _diagram_area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0, self._header_height, 0, 0)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the diagram of the moment that is shown."""
        painter = QPainter(self)
        colours = theme.current()
        painter.fillRect(event.rect(), colours.panel)
        highlight = Highlight(self._present(self._view.selection), self._present(self._view.hovered))
        self._diagram.paint(painter, self._diagram_area, self._run.displayed, colours, highlight)
        if self.hasFocus():
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._diagram_area.adjusted(1, 1, -1, -1))
        painter.end()

    def _present(self, selection: Selection) -> Selection:
        """Return a selection if the displayed network has it; for a moment it may be of another shape."""
        return selection if exists(self._run.displayed.network.settings, selection) else None

    @Slot()
    def _on_displayed_changed(self) -> None:
        # The headers above do not change with every frame.
        self.update(self._diagram_area.toRect())
        if self.hasFocus():
            part = self._present(self._view.selection)
            self.setAccessibleDescription("" if part is None else describe(self._run.displayed, part))

    # Headers

    @Slot()
    def _rebuild_headers(self) -> None:
        settings = self._changes.network_settings
        if len(self._headers) != len(settings.layer_sizes):
            for header in self._headers:
                header.hide()
                header.deleteLater()
            self._headers = [
                _LayerHeader(self._changes, self._network, self._learning, layer, self)
                for layer in range(len(settings.layer_sizes))
            ]
        self._place_headers()
        self.update()

    @Slot()
    def _place_headers(self) -> None:
        self._diagram.fit(self._run.displayed, self._diagram_area)
        # The headers follow the settings, which may be ahead of the displayed network by a frame.
        margin = left_margin(self._changes.network_settings)
        pitch = column_pitch(len(self._headers), self.width(), margin)
        for layer, header in enumerate(self._headers):
            header.synchronize(self._pitch, min(round(self._pitch) - _NAME_PADDING, round(pitch) - _NAME_GAP))
            header.adjustSize()
            width = header.sizeHint().width()
            x = margin + layer * pitch - width / 2
            header.setGeometry(round(max(0.0, min(x, self.width() - width))), 0, width, self._header_height - _TOP_GAP)
            header.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out again."""
        self._place_headers()
        super().resizeEvent(event)

    # Mouse and keys

    def _part_at(self, position: QPointF) -> Selection:
        layout = self._diagram.layout
        if layout.layer_sizes != self._changes.network_settings.layer_sizes:
            return None
        return layout.unit_at(position) or layout.edge_at(position, self._diagram.drawn_edges)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the value of what is under the mouse."""
        part = self._part_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if part is None else Qt.CursorShape.PointingHandCursor)
        self._view.hover(part)

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing the value."""
        self._view.hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the neuron or weight under the mouse, or nothing."""
        leave_field()
        if event.button() == Qt.MouseButton.LeftButton:
            self._view.select(self._part_at(event.position()))

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
            return layout.rect(part).center().toPoint()
        return layout.path(layout.number(part)).pointAtPercent(0.5).toPoint()

    def _fill_menu(self, part: Unit | Edge) -> None:
        colours = theme.current()
        self._menu.clear()
        for offered in part_actions(self._changes.network_settings, self._network, part):
            action = self._menu.addAction(icon(offered.icon, colours.text), offered.text, offered.call)
            action.setToolTip(offered.tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from neuron to neuron with the arrow keys."""
        sizes = self._changes.network_settings.layer_sizes
        selected = self._view.selection
        if isinstance(selected, Edge):
            selected = Unit(selected.layer + 1, selected.target)
        unit = selected or Unit(0, 0)
        dx = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        dy = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not dx and not dy:
            event.ignore()
            return
        if selected is not None:
            layer = max(0, min(unit.layer + dx, len(sizes) - 1))
            unit = Unit(layer, max(0, min(unit.index + dy, sizes[layer] - 1)))
        self._view.select(unit)


class _LayerHeader(QWidget):
    """Name, activation and size of one layer: minus and plus for hidden layers, and a menu of activations."""

    def __init__(
        self, changes: Changes, network: NetworkEdits, learning: TrainingEdits, layer: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._changes, self._network, self._learning = changes, network, learning
        self._layer = layer
        last = len(changes.network_settings.layer_sizes) - 1
        self._kind = "input" if layer == 0 else "output" if layer == last else "hidden"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self._row = QHBoxLayout()
        self._row.setSpacing(2)
        self._second_row = QHBoxLayout()
        self._second_row.setSpacing(4)
        column.addLayout(self._row)
        column.addLayout(self._second_row)
        column.addStretch(1)
        self._name = QToolButton()
        self._name.setProperty("role", "header")
        self._name.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(self._name, 0, Qt.AlignmentFlag.AlignHCenter)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._dropout_menu = QMenu("Dropout", self._menu)
        if self._kind == "input":
            self._name.hide()
            self._row.addWidget(label("input", "header"))
        else:
            self._name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            self._name.setMenu(self._menu)
            self._menu.aboutToShow.connect(self._fill_menu)
        if self._kind == "hidden":
            self._minus, self._plus = QToolButton(), QToolButton()
            for button, name, handler in (
                (self._minus, "remove", partial(network.remove_unit, layer)),
                (self._plus, "add", partial(network.insert_unit, layer)),
            ):
                button.setProperty("role", "round")
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setIconSize(QSize(11, 11))
                button.setToolTip(f"{name.capitalize()} a neuron of hidden layer {layer}.")
                button.setAccessibleName(f"{name.capitalize()} neuron of hidden layer {layer}")
                button.clicked.connect(handler)

    @property
    def _dropout(self) -> float:
        """The rate of a hidden layer; 0 for the output."""
        if self._kind != "hidden":
            return 0.0
        rates = self._changes.training_settings.dropout_rates(self._changes.network_settings.n_hidden_layers)
        return rates[self._layer - 1]

    @property
    def _offer(self) -> str:
        hidden = self._kind == "hidden"
        return "choose another activation or dropout, or freeze it" if hidden else "choose another activation"

    def synchronize(self, pitch: float, room: int) -> None:
        """Show the layer as it is, its name in `room` pixels: with little `pitch` it is short, the buttons below it."""
        narrow = pitch < _MEDIUM_PITCH
        settings = self._changes.network_settings
        if self._kind != "input":
            if self._kind == "output":
                activation, long = settings.output_activation, f"output · {settings.output_activation}"
            else:
                activation = settings.hidden_activations[self._layer - 1]
                long = f"hidden {self._layer} · {activation}"
            text = activation if pitch < _WIDE_PITCH else long
            dropout = f"dropout {self._dropout:g}" if self._dropout else ""
            if dropout and pitch >= _DROPOUT_PITCH:
                text = f"{long} · {dropout}"
            self._name.setText(self._name.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
            self._name.setToolTip(f"{' · '.join(filter(None, (long, dropout)))}: {self._offer}.")
            self._name.setAccessibleName(f"Activation of {long}")
        if self._kind == "hidden":
            for button in (self._minus, self._plus):
                self._row.removeWidget(button)
                self._second_row.removeWidget(button)
            if narrow:
                self._second_row.addWidget(self._minus)
                self._second_row.addWidget(self._plus)
            else:
                self._row.insertWidget(0, self._minus)
                self._row.addWidget(self._plus)
            size = settings.layer_sizes[self._layer]
            self._minus.setEnabled(size > 1)
            self._plus.setEnabled(size < MAX_UNITS)
            for button, name in ((self._minus, "remove"), (self._plus, "add")):
                colours = theme.current()
                button.setIcon(icon(name, colours.text, disabled=theme.mixed(colours.muted, colours.panel, 0.5)))
                button.setVisible(True)

    @Slot()
    def _fill_menu(self) -> None:
        """Offer what the registries have."""
        menu, settings = self._menu, self._changes.network_settings
        menu.clear()
        if self._kind == "output":
            self._fill_output_menu()
            return
        for name, activation in ACTIVATIONS.items():
            action = menu.addAction(
                f"{name}   {activation.formula}", partial(self._network.set_activation, self._layer, name)
            )
            action.setToolTip(activation.tip)
            action.setCheckable(True)
            action.setChecked(name == settings.hidden_activations[self._layer - 1])
        menu.addSeparator()
        self._fill_dropout_menu()
        menu.addMenu(self._dropout_menu)
        frozen = self._network.is_layer_frozen(self._layer)
        freeze = menu.addAction(
            "Unfreeze layer" if frozen else "Freeze layer",
            partial(self._network.set_layer_frozen, self._layer, not frozen),
        )
        whose = "the weights into this layer and its biases"
        freeze.setToolTip(f"Let training change {whose} again." if frozen else f"Let training leave {whose} alone.")
        menu.addAction("Remove this layer", partial(self._network.remove_layer, self._layer))

    def _fill_dropout_menu(self) -> None:
        menu, present = self._dropout_menu, self._dropout
        menu.clear()
        for rate in sorted({*_DROPOUT_RATES, present}):
            action = menu.addAction(f"{rate:g}", partial(self._learning.set_dropout, self._layer, rate))
            action.setCheckable(True)
            action.setChecked(rate == present)

    def _fill_output_menu(self) -> None:
        """Offer every output activation, with one unit for two classes or one for each class; or those of a value."""
        settings = self._changes.network_settings
        n_classes, regression = self._changes.dataset.n_classes, self._changes.dataset.is_regression
        for name, output in OUTPUT_ACTIVATIONS.items():
            if regression and name not in _REGRESSION_OUTPUTS:
                continue
            for single_unit in (True,) if regression else (False, True):
                if single_unit and not regression and (n_classes != 2 or output.min_units > 1):
                    continue
                n_units = 1 if single_unit else n_classes
                text = f"{name} · {counted(n_units, 'unit')}"
                action = self._menu.addAction(text, partial(self._network.set_output, name, single_unit=single_unit))
                action.setToolTip(output.tip)
                action.setCheckable(True)
                action.setChecked((name, n_units) == (settings.output_activation, settings.layer_sizes[-1]))
