"""Three figures of a weight: its value, its gradient, and what the next step changes."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.probed import Probed
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.page import Page
from gui.widgets.card import label, live_figure
from gui.widgets.texts import as_tip
from model.explain.part_numbers import weight_numbers
from model.network.parts import Edge, exists, weight_position
from model.types import readable

_N_FIGURES = 3
_FIGURE_PX, _FIGURE_WIDTH, _FIGURE_HEIGHT, _GAP = 14, 88, 17, 6
FIGURES_WIDTH = _N_FIGURES * (_FIGURE_WIDTH + _GAP) - _GAP
"""Of the page, at the scale 1."""

_NONE = "—"


class WeightFigures(Page):
    """The figures, each under its name, of the displayed moment."""

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed) -> None:
        super().__init__(run, "weight_figures", "Value, gradient and next change of the weight")
        self._view, self._probe, self._probed = view, probe, probed
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(0)
        self._names = [label(role="small") for _ in range(_N_FIGURES)]
        self._values = [live_figure(_FIGURE_PX, _FIGURE_WIDTH, _FIGURE_HEIGHT) for _ in range(_N_FIGURES)]
        for column, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            grid.addWidget(name, 0, column)
            grid.addWidget(value, 1, column, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(column, 1)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)

    def renew(self) -> None:
        """Show the figures, or a dash where there is no such number."""
        edge, snapshot = self._view.selection, self._run.displayed
        if not isinstance(edge, Edge) or not exists(snapshot.network.settings, edge):
            for name, value in zip(self._names, self._values, strict=True):
                _show(name, value, name.text(), part_texts.NOT_THERE, None)
            return
        position = weight_position(snapshot.network.settings, edge)
        weight = float(snapshot.network.parameters[position])
        _show(self._names[0], self._values[0], "weight", "Its value.", weight)
        self._show_gradient(edge, position)
        step = self._run.numbers.next_step
        update = None if step is None else float(self._run.numbers.update[position])
        tip = "What the next step of the training adds to it." if step else "There is no next step to take."
        _show(self._names[2], self._values[2], "next step", tip, update)

    def _show_gradient(self, edge: Edge, position: int) -> None:
        """Show the derivative of the pinned point's loss, or of the mean loss over the training points."""
        network, has_training = self._run.displayed.network, bool(self._run.displayed.moment.dataset.n_training)
        gradient: float | None = None
        if self._probe.pinned is not None:
            rule = self._probed.chain_rule
            gradient = None if rule is None else weight_numbers(network, rule, edge).gradient
            name, tip = "∂C/∂w · probe", "The derivative of the loss of the pinned point by it."
        else:
            gradient = float(self._run.numbers.gradient[position]) if has_training else None
            name = "∂C/∂w · training"
            tip = "The derivative of the training loss by it, without a penalty; pin a point for that of its loss."
        _show(self._names[1], self._values[1], name, tip, gradient)


def _show(name: QLabel, value: QLabel, text: str, tip: str, number: float | None) -> None:
    shown = _NONE if number is None or not isfinite(number) else readable(f"{number:.3g}")
    if name.text() != text:
        name.setText(text)
    value.setText(shown)
    value.setAccessibleName(f"{text}: {shown}")
    for part in (name, value):
        part.setToolTip(as_tip(tip))
