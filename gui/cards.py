"""Cards: the panels in their columns, for every size of the window.

In order of what gives way first where the window is small:

- The features are folded away, unless a person has unfolded them.
- A column whose cards have no room below each other shows one of them, and tabs for the others.
- The settings take the place of the left column while they are shown, and so does a lesson, which stands left of all;
  where that is not enough, another column goes, but not the one that the lesson points at.
- The data scroll in their card; canvas and diagram shrink.
- Below that the window scrolls.

A larger window gives its room to canvas, diagram, maps and plots. One card can also be enlarged over all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QWidget

from gui import theme
from gui.panels.features import FeaturesPanel
from gui.program.guard import guarded
from gui.widgets.card import GAP, Panel
from gui.widgets.column import Column, least_size, splitter_of
from gui.widgets.stand_in import StandIn

STEP_THROUGH = "Step Through"
"""The panel that takes the place of the inspector for a while; whether it is shown is not remembered."""
_SETTINGS = "Settings"
LESSON = "Lesson"
"""The panel beside all others, which is shown while a lesson is open."""

_ALWAYS_HIDDEN_FIRST = frozenset({STEP_THROUGH, LESSON})
"""Of these it is not remembered whether they are shown."""

_COLUMNS = {
    "left": (("Data", "Features"), (590, 180), (1, 0)),
    "middle": (("Network", "Inspector", STEP_THROUGH), (540, 240, 240), (5, 2, 2)),
    "right": (("Output", "Loss"), (450, 310), (3, 2)),
}
"""For each column its cards from above, their first heights in pixels, and what each gets of further room."""
_WIDTHS, _STRETCHES = (340, 815, 425), (2, 5, 3)
_LESSON_WIDTHS = (340, 1240)
_GIVE_WAY = ("left", "right", "middle")
"""Which columns give their place to settings and lesson, one after the other."""

_ROOMY_HEIGHT = 700
"""Where there is less, the features are folded away, until a person decides."""

_LAYOUT_VERSION = 3
"""Raised when a remembered layout of an earlier program no longer fits."""


class Cards(QWidget):
    """All panels between toolbar and timeline.

    Parameters
    ----------
    panels : mapping of str to QWidget
        By their names in the View menu.

    Attributes
    ----------
    across : QSplitter
        Holds the columns.
    beside : QSplitter
        Holds the lesson, and beside it the columns.
    columns : dict of str to Column
    """

    changed = Signal()
    """Another panel is shown, hidden, or enlarged."""

    def __init__(self, panels: Mapping[str, QWidget]) -> None:
        super().__init__()
        self._panels = panels
        self._settings = panels[_SETTINGS]
        self._settings_are_shown = False
        self._lesson = panels[LESSON]
        self._lesson_is_shown = False
        self._stays = ""
        self._withheld: frozenset[str] = frozenset()
        features = panels["Features"]
        assert isinstance(features, FeaturesPanel)
        self._features = features
        self.columns = {
            name: Column(f"Cards of the {name} column", {card: panels[card] for card in cards}, heights, stretches)
            for name, (cards, heights, stretches) in _COLUMNS.items()
        }
        self.across = splitter_of(Qt.Orientation.Horizontal, list(self.columns.values()), _WIDTHS, _STRETCHES)
        self.beside = splitter_of(Qt.Orientation.Horizontal, [self._lesson, self.across], _LESSON_WIDTHS, (0, 1))
        self._lesson.hide()
        self.beside.splitterMoved.connect(self._share)
        self._stand_in = StandIn(self.columns["middle"], STEP_THROUGH, "Inspector")
        self._enlarged = ""
        self._widths_before = list(_WIDTHS)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.beside, 1)
        row.addWidget(self._settings)
        self._settings.hide()
        for name, panel in panels.items():
            if isinstance(panel, Panel) and name not in (_SETTINGS, LESSON):
                panel.enlarging_asked.connect(partial(self.toggle_enlarged, name))
        features.folded.connect(self._share_left_column)
        theme.manager().scale_changed.connect(self._fit)

    # Which are shown

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """The splitters, by name; the first holds all columns."""
        inner = {name: column.splitter for name, column in self.columns.items()}
        return {"across": self.across, **inner, "beside": self.beside}

    def _column_of(self, name: str) -> Column:
        return next(column for column in self.columns.values() if name in column)

    def is_shown(self, name: str) -> bool:
        """Return whether a panel is shown, be it behind a tab or another that is enlarged."""
        if name == LESSON:
            return self._lesson_is_shown
        return self._settings_are_shown if name == _SETTINGS else self._column_of(name).is_shown(name)

    def show_panel(self, name: str, shown: bool) -> None:
        """Show or hide a panel; a column without a panel gives its place away."""
        if name == LESSON:
            self._lesson_is_shown = shown
            self._share()
            return
        self.enlarge("")
        if name == _SETTINGS:
            self._settings_are_shown = shown
        elif name == STEP_THROUGH and shown:
            self._stand_in.begin()
        else:
            if name in (STEP_THROUGH, "Inspector"):
                self._stand_in.end()
            if name != STEP_THROUGH:
                self._column_of(name).show_card(name, shown)
        self._share()
        self.changed.emit()

    def toggle_panel(self, name: str) -> None:
        """Show a panel that is not seen, and hide one that is."""
        is_behind = self.is_shown(name) and name != _SETTINGS and not self._panels[name].isVisible()
        if is_behind and not self._enlarged and self.isVisible() and self._column_of(name).is_single:
            self._column_of(name).bring_to_front(name)
        else:
            self.show_panel(name, not self.is_shown(name))

    def withhold(self, names: Iterable[str]) -> None:
        """Keep these panels out of sight, whether they are shown or not, and no others."""
        self._withheld = frozenset(names)
        if self._enlarged in self._withheld:
            self.enlarge("")
        for column in self.columns.values():
            column.withhold(self._withheld)
        self._share()
        self.changed.emit()

    def is_withheld(self, name: str) -> bool:
        """Return whether a panel is kept out of sight."""
        return name in self._withheld

    def reveal(self, name: str) -> None:
        """Let a panel be seen, also where there is room for few."""
        if name in self._withheld:
            return
        if self._enlarged and self._enlarged != name:
            self.enlarge("")
        if not self.is_shown(name):
            self.show_panel(name, True)
        if name != _SETTINGS:
            self._column_of(name).bring_to_front(name)
            self._stays = next(key for key, column in self.columns.items() if name in column)
        self._share()

    @property
    def is_for_a_while(self) -> bool:
        """Whether a panel has taken the place of another, or of all."""
        return bool(self._enlarged) or self._stand_in.is_shown

    def end_for_a_while(self) -> None:
        """Give the place back that a panel has taken, first that of all."""
        if self._enlarged:
            self.enlarge("")
        else:
            self.show_panel(STEP_THROUGH, False)

    # One for all

    @property
    def enlarged(self) -> str:
        """Which panel has the room of all; empty for none."""
        return self._enlarged

    def enlarge(self, name: str) -> None:
        """Give one panel the room of all, or without a name each its own again."""
        if name == self._enlarged:
            return
        if not self._enlarged:
            self._widths_before = self.across.sizes()
        self._enlarged = name
        for column in self.columns.values():
            column.show_alone(name if name in column else "")
        self._share()
        if not name:
            self.across.setSizes(self._widths_before)
        self.changed.emit()

    @Slot()
    def toggle_enlarged(self, name: str = "") -> None:
        """Enlarge a panel, by default the one with the focus, or under the mouse; or end that."""
        self.enlarge("" if self._enlarged else name or self._looked_at())

    def _looked_at(self) -> str:
        """Return the panel with the focus, or else that under the mouse, or else the first that is seen."""
        fixed = (_SETTINGS, LESSON)
        seen = [name for name, panel in self._panels.items() if name not in fixed and panel.isVisible()]
        focused = QApplication.focusWidget()
        with_focus = [name for name in seen if focused is not None and self._panels[name].isAncestorOf(focused)]
        under_mouse = [name for name in seen if self._panels[name].underMouse()]
        return next(iter([*with_focus, *under_mouse, *seen]), "")

    # Room

    def minimumSizeHint(self) -> QSize:
        """Return a size in which every column has room; the settings take the place of one of them."""
        columns = [least_size(column) for column in self.columns.values() if not column.is_empty]
        width = sum(size.width() for size in columns) + self.across.handleWidth() * max(len(columns) - 1, 0)
        beside = [least_size(panel) for panel in self._shown_beside()]
        height = max(size.height() for size in [*columns, *beside, QSize(0, 0)])
        narrowest = max((size.width() for size in columns), default=0) if self._lesson_is_shown else 0
        width = max(width, narrowest + sum(size.width() + GAP for size in beside))
        return QSize(width + 2 * GAP, height + 2 * GAP)

    def _shown_beside(self) -> list[QWidget]:
        """Return what is shown beside the columns."""
        has_settings = self._settings_are_shown and not self._enlarged and _SETTINGS not in self._withheld
        shown = ((self._lesson, self._lesson_is_shown), (self._settings, has_settings))
        return [panel for panel, is_shown in shown if is_shown]

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what has room."""
        self._fit()
        super().resizeEvent(event)

    @Slot()
    def _fit(self) -> None:
        """Fold the features where the canvas needs the room, unless a person has decided."""
        by_hand = self._features.folded_by_hand
        self._features.set_folded(self.height() < theme.px(_ROOMY_HEIGHT) if by_hand is None else by_hand)
        self._share()

    @Slot()
    def _share(self) -> None:
        """Show the columns that have a card and room."""
        beside = self._shown_beside()
        shown = [name for name, column in self.columns.items() if not column.is_empty]
        if self._enlarged:
            shown = [name for name in shown if self._enlarged in self.columns[name]]
        taken = sum(max(panel.width() if panel.isVisible() else 0, least_size(panel).width()) + GAP for panel in beside)
        room = self.width() - 2 * GAP - taken
        for name in sorted(_GIVE_WAY, key=lambda each: each == self._stays):
            needed = sum(least_size(self.columns[each]).width() + GAP for each in shown) - GAP
            if beside and needed > room and name in shown and len(shown) > 1:
                shown.remove(name)
        for name, column in self.columns.items():
            column.setVisible(name in shown)
        for panel in (self._lesson, self._settings):
            panel.setVisible(panel in beside)

    @Slot()
    def _share_left_column(self) -> None:
        """Give the features what they need, and the data the rest."""
        if not self.columns["left"].is_single:
            self.columns["left"].splitter.setSizes([self.height(), self._features.minimumSizeHint().height()])

    # The next start

    def begin_anew(self) -> None:
        """Show the panels, and share the room, as at the first start."""
        self.enlarge("")
        self._stand_in.end()
        self._features.folded_by_hand = None
        for name in self._panels.keys() - _ALWAYS_HIDDEN_FIRST:
            self.show_panel(name, name != _SETTINGS)
        for column in self.columns.values():
            column.begin_anew()
        self.across.setSizes(list(_WIDTHS))
        self.beside.setSizes(list(_LESSON_WIDTHS))
        self._fit()
        self._share_left_column()

    def restore(self) -> bool:
        """Give splitters and panels the places that they had at the last end; return whether they are known."""
        settings = QSettings()
        if settings.value("layout/version") != str(_LAYOUT_VERSION):
            return False
        folded = settings.value("layout/fold_features")
        self._features.folded_by_hand = None if folded is None else folded == "true"
        self.across.restoreState(as_bytes(settings.value("layout/across")))
        self.beside.restoreState(as_bytes(settings.value("layout/beside")))
        for name, column in self.columns.items():
            column.restore_state(as_bytes(settings.value(f"layout/{name}")))
        for name in self._panels.keys() - _ALWAYS_HIDDEN_FIRST:
            self.show_panel(name, settings.value(f"layout/show_{name}", "true" if name != _SETTINGS else "") == "true")
        for name, column in self.columns.items():
            column.bring_to_front(str(settings.value(f"layout/front_{name}")))
        return True

    def save(self) -> None:
        """Remember the places of splitters and panels for the next start."""
        self.show_panel(STEP_THROUGH, False)
        settings = QSettings()
        settings.setValue("layout/version", str(_LAYOUT_VERSION))
        settings.setValue("layout/across", self.across.saveState())
        settings.setValue("layout/beside", self.beside.saveState())
        for name, column in self.columns.items():
            settings.setValue(f"layout/{name}", column.save_state())
            settings.setValue(f"layout/front_{name}", column.front)
        if self._features.folded_by_hand is None:
            settings.remove("layout/fold_features")
        else:
            settings.setValue("layout/fold_features", "true" if self._features.folded_by_hand else "false")
        for name in self._panels.keys() - _ALWAYS_HIDDEN_FIRST:
            settings.setValue(f"layout/show_{name}", "true" if self.is_shown(name) else "false")


def as_bytes(value: object) -> QByteArray:
    """Return what was remembered as bytes; none where it is something else."""
    return value if isinstance(value, QByteArray) else QByteArray()
