"""The page of the formulas: in symbols, and at the probe point in numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout

from gui import theme
from gui.actions.actions import Actions
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.formula import FormulaView
from gui.items.probed import Probed
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.formulas import coordinate_formulas, input_formulas, is_long, unit_formulas, weight_formulas
from gui.panels.inspector.page import Page
from gui.widgets.card import ElidedLabel
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_tip
from model.data.wording import units_text
from model.explain.chain_rule import ChainRule
from model.explain.part_numbers import input_numbers, unit_numbers, weight_numbers
from model.network.parts import Edge, Selection, Unit, exists, weight_position

LEAST_WIDTH = 260
_SIZE_PX = 15


class PartFormulaPage(Page):
    """How the selected part computes, and how its gradients come about."""

    def __init__(self, run: LiveRun, view: View, probe: Probe, probed: Probed, actions: Actions) -> None:
        super().__init__(run, "formula_page", "Formulas of the selected part")
        self._view, self._probe, self._probed = view, probe, probed
        self._where, self._note = ElidedLabel("small"), ElidedLabel("small")
        self._unfold = _link("unfold", "all terms", "Show every term of long sums, and every weight.")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._on_unfolded)
        whole = _link("whole_formula", "whole formula…", actions["formula"].toolTip())
        whole.clicked.connect(actions["formula"].trigger)
        self._formulas = FormulaView("Formulas", _SIZE_PX)
        scroll = Scroll(self._formulas)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(self._where, 1)
        head.addWidget(self._unfold)
        head.addWidget(whole)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addWidget(scroll, 1)
        theme.measure(self, least_width=LEAST_WIDTH)

    @Slot(bool)
    def _on_unfolded(self, is_whole: bool) -> None:
        self._unfold.setText("fewer terms" if is_whole else "all terms")
        self.follow()

    def renew(self) -> None:
        """Show the formulas of the part that is selected."""
        snapshot, selection = self._run.displayed, self._view.selection
        settings = snapshot.network.settings
        point, rule = self._probe.point, self._probed.chain_rule
        is_there = selection is not None and exists(settings, selection)
        self._where.show_text("" if point is None or rule is None else part_texts.where(point, snapshot.moment.dataset))
        units = units_text(snapshot.moment.dataset)
        self._formulas.setToolTip(as_tip(f"{part_texts.letters(selection)} {units}".rstrip()))
        problem = part_texts.no_rule(point, snapshot) if rule is None else ""
        note = f"{problem} {part_texts.formula_note(settings, selection)}".strip() if is_there else part_texts.NOT_THERE
        if is_there and isinstance(selection, Unit) and selection.layer == 0:
            note = f"{note} {units}".strip()
        self._note.show_text(note)
        self._note.setVisible(bool(note))
        self._unfold.setVisible(is_there and isinstance(selection, Unit) and is_long(settings, selection))
        self._formulas.show_lines(self._lines(selection, rule) if is_there else [], live=self._run.playing)

    def _lines(self, selection: Selection, rule: ChainRule | None) -> list[str]:
        network = self._run.displayed.network
        settings, loss = network.settings, self._run.displayed.moment.training.loss
        match selection:
            case Edge():
                step = self._run.numbers.next_step
                update = None if step is None else float(self._run.numbers.update[weight_position(settings, selection)])
                return weight_formulas(None if rule is None else weight_numbers(network, rule, selection), update)
            case Unit(0, index):
                numbers = None if rule is None else input_numbers(network, rule, index)
                place = None if rule is None or self._probe.point is None else self._probe.point.place
                coordinates = coordinate_formulas(settings, index, self._run.displayed.moment.dataset, place)
                return [*coordinates, *input_formulas(settings, index, numbers)]
            case Unit():
                values = None if rule is None else unit_numbers(network, rule, selection)
                return unit_formulas(settings, selection, loss, values, folded=not self._unfold.isChecked())
        return []


def _link(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setProperty("role", "link")
    button.setText(text)
    button.setToolTip(as_tip(tip))
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
