"""LandscapePage: the loss landscape with what chooses it, for a card and for a window of its own."""

from __future__ import annotations

from functools import partial
from math import log10

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gui import theme
from gui.document.landscape import LossLandscape
from gui.document.network import NetworkEdits
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.landscape.scene import SPAN_TEXTS, LandscapeScene, pointed_text, scene_of, summary
from gui.items.landscape.views import LandscapeSpace, LandscapeView
from gui.program.guard import guarded
from gui.widgets.card import ElidedLabel, tool_button
from gui.widgets.choices import ChoiceBox, Segments
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox, NumberBox, Slider
from gui.widgets.focus import leave_field
from gui.widgets.pace import Pace
from gui.widgets.texts import as_tip
from model.landscape.landscape import LEAST_REACH, MOST_REACH

_SPANS_PX, _LEAST_SLIDER_PX, _WITH_SLIDER_PX = 94, 30, 330
_REACH_BOX_PX, _REACH_STEP, _REACH_DECIMALS = 54, 0.1, 4
_REACH_TIP = "How much of the plane is shown."
_PER_DECADE = 20
"""Steps of the slider of the range for each power of ten."""

_STANDS = "The plane stands while training goes on, until the weights leave it."


class LandscapePage(QWidget):
    """Shows the loss landscape, and asks for it while it is seen.

    Parameters
    ----------
    landscape : LossLandscape
    run : LiveRun
    view : View
    network : NetworkEdits
        Through which the weights can be put to a place.
    enlarge : QAction, optional
        What shows it in a window of its own; with None it is in that, with more to choose.
    """

    def __init__(
        self, landscape: LossLandscape, run: LiveRun, view: View, network: NetworkEdits, enlarge: QAction | None = None
    ) -> None:
        super().__init__()
        self._landscape, self._run, self._view, self._network = landscape, run, view, network
        self._pointed: tuple[float, float] | None = None
        self._pace = Pace(self._renew, self)
        self.flat, self.space = LandscapeView(), LandscapeSpace()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        for shown in (self.flat, self.space):
            shown.pointed.connect(self._on_pointed)
            shown.menu_asked.connect(self._on_menu_asked)
        self.flat.reach_turned.connect(self._on_reach_turned)
        self._text = ElidedLabel("small")
        self._text.setObjectName("landscape_text")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._controls(enlarge))
        column.addWidget(self.flat, 1)
        column.addWidget(self.space, 1)
        column.addWidget(self._text)
        landscape.changed.connect(self._on_landscape_changed)
        run.displayed_changed.connect(self._follow)
        run.playing_changed.connect(self._follow)
        view.settings_changed.connect(self._synchronize)
        theme.manager().changed.connect(self._show_icons)
        self._show_icons()
        self._synchronize()

    def _controls(self, enlarge: QAction | None) -> QHBoxLayout:
        self._spans = ChoiceBox("Directions of the landscape", SPAN_TEXTS)
        theme.measure(self._spans, width=_SPANS_PX)
        self._spans.chosen.connect(self._on_spans_chosen)
        self._seed = IntegerBox("Seed of the directions", "Other random directions.", 0, LARGEST_WHOLE)
        self._seed.valueChanged.connect(self._on_seed_changed)
        theme.measure(self._seed, width=76)
        self._reach = Slider(
            "Range of the landscape",
            f"{_REACH_TIP} In the middle as much as fits the weights and the path.",
            round(_PER_DECADE * log10(LEAST_REACH)),
            round(_PER_DECADE * log10(MOST_REACH)),
        )
        theme.measure(self._reach, least_width=_LEAST_SLIDER_PX)
        self._reach.valueChanged.connect(self._on_reach_slid)
        self._reach_box = NumberBox(
            "Range of the landscape as a number",
            f"{_REACH_TIP} 1×: as much as fits the weights and the path.",
            LEAST_REACH,
            MOST_REACH,
            _REACH_STEP,
            _REACH_DECIMALS,
            unit="×",
        )
        theme.measure(self._reach_box, width=_REACH_BOX_PX)
        self._reach_box.valueChanged.connect(self._on_reach_typed)
        self._flat_or_space = Segments(
            "Landscape drawn",
            ("2D", "3D"),
            ("Seen from above, with contour lines.", "As a surface that can be turned."),
        )
        self._flat_or_space.chosen.connect(self._on_space_chosen)
        self._scale = Segments("Landscape scale", ("lin", "log"), ("Linear scale.", "Logarithmic scale."))
        self._scale.chosen.connect(self._on_scale_chosen)
        self._next = _button("Other directions", "Draw other random directions.", "reinitialise")
        self._next.clicked.connect(self._on_next_clicked)
        self._here = _button("Landscape here", f"Put the plane through the weights as they are now. {_STANDS}", "here")
        self._here.clicked.connect(self._landscape.renew)
        self._more = _button("What the landscape shows", "What the landscape shows.", "settings")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self._more.menu().setToolTipsVisible(True)
        self._more.menu().aboutToShow.connect(self._fill_more)
        roomy = (self._seed, self._next, self._reach, self._reach_box, self._flat_or_space, self._scale, self._here)
        small = (self._reach, self._reach_box, self._flat_or_space, self._more)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._spans)
        self._is_roomy = enlarge is None
        for widget in (*roomy, *small):
            widget.setParent(self)
            widget.setVisible(widget in (roomy if self._is_roomy else small))
        for widget in roomy if self._is_roomy else small:
            row.addWidget(widget, int(widget is self._reach))
        if enlarge is not None:
            self._flat_or_space.set_density("tight")
            row.addWidget(tool_button(enlarge))
        return row

    @Slot()
    def _show_icons(self) -> None:
        for button in (self._next, self._here, self._more):
            button.setIcon(icon(button.property("icon_name"), theme.current().text))

    # What is shown

    @property
    def shown(self) -> LandscapeView | LandscapeSpace:
        """What shows the landscape now."""
        return self.space if self._view.settings.landscape_in_space else self.flat

    def scene(self) -> LandscapeScene | None:
        """Return what is drawn of the moment that is shown; None where there is no landscape."""
        return scene_of(self._landscape, self._run, self._view)

    @Slot()
    def _synchronize(self) -> None:
        settings = self._view.settings
        self._spans.show_choice(settings.landscape, _remark(settings.landscape))
        self._seed.follow(settings.landscape_seed)
        is_random = settings.landscape == "random"
        for widget in (self._seed, self._next):
            widget.setVisible(is_random and self._is_roomy)
        with QSignalBlocker(self._reach):
            self._reach.setValue(round(_PER_DECADE * log10(settings.landscape_reach)))
        self._reach_box.follow(settings.landscape_reach)
        self._flat_or_space.show_choice(int(settings.landscape_in_space))
        self._scale.show_choice(int(settings.log_landscape))
        self.flat.setVisible(not settings.landscape_in_space)
        self.space.setVisible(settings.landscape_in_space)
        if self.isVisible():
            self._pace.ask(urgent=True)

    @Slot()
    def _follow(self) -> None:
        if self.isVisible():
            self._pace.note_drawing(self.shown.drawing_s)
            self._pace.ask(urgent=not self._run.playing)

    @Slot()
    def _on_landscape_changed(self) -> None:
        if self.isVisible():
            self._pace.ask(urgent=True)

    def _renew(self) -> None:
        self.shown.show_scene(self.scene(), self._landscape.problem)
        self._show_text()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the range to its field where a card has no room for a slider."""
        super().resizeEvent(event)
        self._reach.setVisible(self._is_roomy or self.width() >= theme.px(_WITH_SLIDER_PX))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the landscape."""
        super().showEvent(event)
        self._landscape.look(self, seen=True)
        self._pace.work()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for it no more."""
        super().hideEvent(event)
        self._landscape.look(self, seen=False)
        self._pace.forget()

    def _show_text(self) -> None:
        """Say what there is to read: at the mouse, or of all."""
        landscape, scene = self._landscape.landscape, self.shown.scene
        if landscape is None or scene is None:
            self._text.show_text("")
        elif self._pointed is not None:
            self._text.show_text(pointed_text(landscape, self._pointed))
        else:
            self._text.show_text(summary(scene), _STANDS)
        self.shown.setAccessibleDescription(self._text.accessibleName())

    @Slot(object)
    def _on_pointed(self, place: tuple[float, float] | None) -> None:
        self._pointed = place
        self._show_text()

    # What a person chooses

    @Slot(str)
    def _on_spans_chosen(self, name: str) -> None:
        self._view.set(landscape=name)

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        self._view.set(landscape_seed=seed)

    @Slot()
    def _on_next_clicked(self) -> None:
        self._view.set(landscape_seed=(self._view.settings.landscape_seed + 1) % (LARGEST_WHOLE + 1))

    @Slot(int)
    def _on_reach_slid(self, value: int) -> None:
        self._show_reach(10.0 ** (value / _PER_DECADE))

    @Slot(float)
    def _on_reach_typed(self, reach: float) -> None:
        self._view.set(landscape_reach=reach)

    @Slot(float)
    def _on_reach_turned(self, factor: float) -> None:
        self._show_reach(self._view.settings.landscape_reach * factor if factor else 1.0)

    def _show_reach(self, reach: float) -> None:
        """Show as much of the plane, in few digits and as far as it goes."""
        self._view.set(landscape_reach=min(max(float(f"{reach:.3g}"), LEAST_REACH), MOST_REACH))

    @Slot(int)
    def _on_space_chosen(self, index: int) -> None:
        self._view.set(landscape_in_space=index == 1)

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self._view.set(log_landscape=index == 1)

    @Slot(object, QPoint)
    def _on_menu_asked(self, place: tuple[float, float] | None, position: QPoint) -> None:
        """Offer to put the weights to the place, and what else there is to choose."""
        self._menu.clear()
        if place is not None and self._landscape.is_at_present:
            go = self._menu.addAction("Set the Weights to This Place", partial(self._go_to, place))
            go.setToolTip("Give the network the weights that the place stands for; undo brings back the present ones.")
            self._menu.addSeparator()
        self._offer_choices(self._menu)
        self._menu.popup(position)

    @Slot()
    def _fill_more(self) -> None:
        self._more.menu().clear()
        self._offer_choices(self._more.menu())

    def _offer_choices(self, menu: QMenu) -> None:
        menu.addAction("Landscape Here", self._landscape.renew).setToolTip(self._here.toolTip())
        if self._view.settings.landscape == "random":
            menu.addAction("Other Directions", self._on_next_clicked).setToolTip(self._next.toolTip())
        log = menu.addAction("Logarithmic Scale", partial(self._view.switch, "log_landscape"))
        log.setToolTip("Where losses differ by far, their logarithm shows more.")
        log.setCheckable(True)
        log.setChecked(self._view.settings.log_landscape)

    def _go_to(self, place: tuple[float, float]) -> None:
        landscape = self._landscape.landscape
        if landscape is not None:
            self._network.set_parameters(landscape.directions.at(np.array([place]))[0], "go to a place")


def _remark(spans: str) -> str:
    return "Click two weights in the network, one after the other." if spans == "weights" else ""


def _button(name: str, tip: str, icon_name: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(as_tip(tip))
    button.setProperty("icon_name", icon_name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.pressed.connect(leave_field)
    return button
