"""The inspector: what there is to say of the selected neuron or weight, in pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.actions.parts import NAMES, PartAction, part_actions
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import PAGES, View
from gui.icons import icon
from gui.items.diagram_marks import sign_pixmap
from gui.items.probed import Probed
from gui.items.stuck_units import StuckUnits
from gui.panels.inspector import formula_page, plots
from gui.panels.inspector import texts as part_texts
from gui.panels.inspector.activation import ActivationPlot
from gui.panels.inspector.formula_page import PartFormulaPage
from gui.panels.inspector.output_loss import OutputLossPlot
from gui.panels.inspector.page import Page
from gui.panels.inspector.pages import PAGE_TEXTS, SPACING, Arrangement, arranged, pages_of
from gui.panels.inspector.plots import PartPlot
from gui.panels.inspector.rows import Parameter
from gui.panels.inspector.weight_plots import CoursePlot, LossAlongPlot
from gui.panels.inspector.weights import WeightsPage
from gui.program.guard import guarded
from gui.widgets.card import PADDING, Panel, label
from gui.widgets.choices import Segments
from gui.widgets.focus import leave_field
from gui.widgets.texts import as_tip
from model import NetworkSettings
from model.data.naming import Naming
from model.network.parts import Selection, Unit, exists

_HINT = "Click a neuron or a weight in the diagram to see its numbers here and to turn them."
_LEAST_WIDTH = 320
_TITLE_NAME_LENGTH = 20
_SIGN_PX, _SIGN_UNIT_PX, _BUTTON_GAP = 13, 36.0, 1
_ANY_WIDTH = 16_777_215


class InspectorPanel(Panel):
    """The card below the diagram: pages beside each other, and a choice of those that have no room."""

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        network: NetworkEdits,
        view: View,
        probe: Probe,
        probed: Probed,
        actions: Actions,
    ) -> None:
        super().__init__("Inspector")
        self._changes, self._network, self._view = changes, network, view
        self._shown: tuple[NetworkSettings, Selection, Naming] | None = None
        # The same whatever is shown, so that a column keeps its width.
        theme.measure(self, least_width=_LEAST_WIDTH, least_height=190)
        texts = [PAGE_TEXTS[page] for page in PAGES]
        self._tabs = Segments("Inspector page", [each.text for each in texts], [each.tip for each in texts])
        self._tabs.set_density("dense")
        self._tabs.chosen.connect(self._on_page_chosen)
        self._buttons = {name: _part_button(name, partial(self._perform, name)) for name in NAMES}
        self._tabs_row = QHBoxLayout()
        self._tabs_row.setSpacing(0)
        self._tabs_row.addStretch(1)
        self._sign = label()
        theme.measure(self._sign, width=_SIGN_PX)
        self.header.addWidget(self._sign)
        self.header.addWidget(self._tabs)
        self.header.addStretch(1)
        self._buttons_row = QHBoxLayout()
        self._buttons_row.setSpacing(_BUTTON_GAP)
        for button in self._buttons.values():
            self._buttons_row.addWidget(button)
        self.header.addLayout(self._buttons_row)
        self.body.addLayout(self._tabs_row)
        self._hint = label(_HINT, "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self.body.addWidget(self._hint, 1)
        self._stuck = StuckUnits(run, view, self)
        self._weights = WeightsPage(run, changes, network, view, probe, probed)
        self._along, self._course = LossAlongPlot(run), CoursePlot(run)
        self._followers: dict[str, Page] = {
            "formula": PartFormulaPage(run, view, probe, probed, actions),
            "activation": ActivationPlot(run, view, probe, probed),
            "loss": OutputLossPlot(run, view, probe, probed),
            "along": self._along,
            "course": self._course,
        }
        self._pages: dict[str, QWidget] = {"weights": self._weights, **self._followers}
        self._content = self._beside_each_other()
        self.body.addWidget(self._content, 1)
        self._stuck.changed.connect(self._show_texts)
        self._weights.pointed_at.connect(self._on_pointed_at)
        view.selection_changed.connect(self._synchronize)
        view.settings_changed.connect(self._on_view_changed)
        changes.network_changed.connect(self._synchronize)
        changes.dataset_changed.connect(self._show_names)
        for signal in (run.displayed_changed, probe.changed):
            signal.connect(self._follow)
        theme.manager().changed.connect(self._colour_icons)
        theme.manager().scale_changed.connect(self._fit_width)
        self._synchronize()

    def _beside_each_other(self) -> QWidget:
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        for name in PAGES:
            row.addWidget(self._pages[name], 2 if name == "formula" else 1)
        return content

    @property
    def _selection(self) -> Selection:
        """What is selected and there; None: nothing."""
        selection = self._view.selection
        return selection if exists(self._changes.network_settings, selection) else None

    @Slot()
    def _synchronize(self) -> None:
        """Show the selected neuron or weight, or the hint."""
        settings, selection = self._changes.network_settings, self._selection
        self._hint.setVisible(selection is None)
        self._content.setVisible(selection is not None)
        self._show_actions(part_actions(settings, self._network, selection))
        self._show_texts()
        self._weights.show_part(selection)
        self._fit_width()
        shown = settings, selection, self._changes.dataset.naming
        if self._shown != shown:
            self._shown = shown
            self._weights.show_parameters(selection)
            self._follow()
        self._weights.show_values()

    @Slot()
    def _show_names(self) -> None:
        """Call inputs and outputs as the points' person does now."""
        if self._shown is not None and self._shown[2] != self._changes.dataset.naming:
            self._synchronize()

    @Slot()
    def _show_texts(self) -> None:
        """Say what is selected, and by a sign that it is dead or saturated."""
        settings, selection = self._changes.network_settings, self._selection
        dataset = self._changes.dataset
        held = self._stuck.units.get(selection) if isinstance(selection, Unit) else None
        title = part_texts.title(settings, selection, _TITLE_NAME_LENGTH, dataset)
        whole = part_texts.title(settings, selection, None, dataset)
        sentence = "" if held is None else held.sentence
        self.title.setText(title)
        self.title.setToolTip(as_tip("\n".join(filter(None, ["" if whole == title else whole, sentence]))))
        # A neuron that could be stuck has room for the sign in any case, so that nothing moves when it comes or goes.
        self._sign.setVisible(isinstance(selection, Unit) and 0 < selection.layer < len(settings.layer_sizes) - 1)
        self._sign.setToolTip(as_tip(sentence))
        self._sign.setAccessibleName(sentence)
        self._show_sign("" if held is None else held.word)
        self._weights.show_texts(selection, held)

    def _show_sign(self, word: str) -> None:
        """Show the sign that the neuron has in the diagram, or none."""
        self._sign.setProperty("word", word)
        self._sign.clear()
        if word:
            self._sign.setPixmap(sign_pixmap(word, _SIGN_UNIT_PX, self.devicePixelRatioF(), theme.current()))

    def _show_actions(self, actions: list[PartAction]) -> None:
        offered = {action.name: action for action in actions}
        for name, button in self._buttons.items():
            action = offered.get(name)
            button.setVisible(action is not None)
            if action is not None:
                button.setText(action.text)
                button.setAccessibleName(action.text)
                button.setToolTip(as_tip(action.tip))
                button.setCheckable(action.checked is not None)
                button.setChecked(bool(action.checked))
                button.setProperty("icon_name", action.icon)
        self._colour_icons()

    @Slot()
    def _colour_icons(self) -> None:
        colours = theme.current()
        self._show_sign(self._sign.property("word") or "")
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

    @Slot()
    def take_focus(self) -> None:
        """Show the numbers of what is selected, and give the keyboard to the first of them."""
        self._view.set(page="weights")
        self._weights.take_focus()

    @Slot(object)
    def _on_pointed_at(self, parameter: Parameter | None) -> None:
        for plot in (self._along, self._course):
            plot.show_parameter(parameter)

    # Room

    @Slot(int)
    def _on_page_chosen(self, index: int) -> None:
        self._view.set(page=PAGES[index])

    @Slot()
    def _on_view_changed(self) -> None:
        self._fit_width()
        self._follow()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many pages as have room."""
        super().resizeEvent(event)
        self._fit_width()

    @Slot()
    def _fit_width(self) -> None:
        """Show the pages that have room or are chosen, the choice of the others, and texts on the buttons."""
        arrangement, spare = self._arranged()
        self._weights.enlarge(spare if "weights" in arrangement.shown else 0)
        self._tabs.offer([PAGES.index(page) for page in arrangement.tabs])
        seen = [PAGES.index(page) for page in arrangement.shown if page in arrangement.tabs]
        if seen:
            wanted = PAGES.index(self._view.settings.page)
            self._tabs.show_choice(wanted if wanted in seen else seen[0], beside=seen)
        most = _ANY_WIDTH if len(arrangement.shown) == 1 else theme.px(plots.MOST_WIDTH)
        for name, page in self._pages.items():
            if isinstance(page, PartPlot):
                page.setMaximumWidth(most)
            page.setVisible(name in arrangement.shown)
        self._fit_header()

    def _arranged(self) -> tuple[Arrangement, int]:
        """Return which pages are shown, and how many pixels they leave."""
        pages = pages_of(self._changes.network_settings, self._selection)
        if not pages:
            return Arrangement((), ()), 0
        room = self.width() - 2 * PADDING
        widths = dict.fromkeys(pages, theme.px(plots.LEAST_WIDTH))
        widths |= {"weights": self._weights.fit(self._selection, room), "formula": theme.px(formula_page.LEAST_WIDTH)}
        arrangement = arranged(pages, self._view.settings.page, widths, room)
        return arrangement, room - sum(widths[page] + SPACING for page in arrangement.shown) + SPACING

    def _fit_header(self) -> None:
        """Leave out the texts on the buttons where they have no room, and put the choice of a page below them."""
        room = self.width() - 2 * PADDING
        icons, texts = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for style, row in ((texts, self.header), (icons, self.header), (icons, self._tabs_row)):
            self._tabs.set_density("tight" if row is self._tabs_row else "dense")
            for button in self._buttons.values():
                button.setToolButtonStyle(style)
            if row.indexOf(self._tabs) < 0:
                for other in (self.header, self._tabs_row):
                    other.removeWidget(self._tabs)
                row.insertWidget(row.indexOf(self._sign) + 1, self._tabs)
            self._buttons_row.invalidate()
            self.header.invalidate()
            if self.header.sizeHint().width() <= room:
                break

    # The moment

    @Slot()
    def _follow(self) -> None:
        """Let what is seen show the moment that is displayed, and the probe point in it."""
        for page in self._followers.values():
            page.follow()
        self._weights.follow()


def _part_button(name: str, call: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"part_{name}")
    button.setProperty("beside", True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    theme.measure(button, icon=15)
    button.pressed.connect(leave_field)
    button.clicked.connect(call)
    return button
