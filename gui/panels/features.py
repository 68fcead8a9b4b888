"""The features panel: what the network is given of a point, each with its map, and formulas that a person types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.document.changes import Changes
from gui.document.network import NetworkEdits
from gui.icons import icon
from gui.items.curve.boxes import curve_icon
from gui.items.surface_item import to_image
from gui.program.guard import guarded
from gui.widgets.card import Panel, label
from gui.widgets.discard import discard
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence, as_tip
from model.data.dataset import PLANE_LIMIT
from model.data.features import Feature, feature, spreads_differ
from model.data.problems import PROBLEMS
from model.data.wording import feature_text, letter_meanings, units_text
from model.types import Array, counted

_COLUMNS, _FORMULA_COLUMNS = 4, 2
_NO_LIMIT = 16_777_215
"""Qt's largest size, which stands for no limit."""
_MAP_PX = _ICON_PX = 14
_NAME_PX = 34
"""Of a coordinate's name, beside the map in a chip."""
_EXAMPLES = (("sin(3*x1)", "x1**2 - abs(x2)"), ("sin(3*x)", "x**2 - abs(x)"))
"""Formulas that can be typed: of the plane, and of a curve."""


class FeaturesPanel(Panel):
    """A toggle for each feature, a field for a formula, and the switch that standardizes.

    Attributes
    ----------
    folded_by_hand : bool or None
        Whether a person wants only the header; None: that is left to the window.
    """

    folded = Signal()

    def __init__(self, changes: Changes, network: NetworkEdits) -> None:
        super().__init__("Features")
        self._changes, self._network = changes, network
        self._summary = label(role="muted")
        self._fold = QToolButton()
        self._fold.setObjectName("fold_features")
        self._fold.setProperty("role", "round")
        theme.measure(self._fold, icon=11)
        self._fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fold.clicked.connect(self._on_fold_clicked)
        self.folded_by_hand: bool | None = None
        self.header.addStretch(1)
        self.header.addWidget(self._summary)
        self.header.addWidget(self._fold)
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self._chips: dict[str, QToolButton] = {}
        column.addLayout(self._grid)
        column.addLayout(self._formula_row())
        self._standardize = QCheckBox()
        self._standardize.setAccessibleName("Standardize the features")
        self._standardize.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._standardize.clicked.connect(network.set_standardized)
        column.addWidget(self._standardize)
        self.body.addWidget(self._content)
        self.body.addStretch(1)
        changes.network_changed.connect(self._synchronize)
        changes.dataset_changed.connect(self._on_dataset_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._synchronize()

    def _formula_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._field = QLineEdit()
        self._field.setObjectName("feature_formula")
        self._field.setAccessibleName("Formula of a feature")
        self._field.returnPressed.connect(self._on_formula_entered)
        self._field.editingFinished.connect(self._on_formula_left)
        self._add = QToolButton()
        self._add.setProperty("role", "round")
        theme.measure(self._add, icon=11)
        self._add.setToolTip("Give the network the feature of this formula.")
        self._add.setAccessibleName("Add the formula")
        self._add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._add.clicked.connect(self._on_formula_entered)
        row.addWidget(self._field, 1)
        row.addWidget(self._add)
        return row

    # Folding

    @property
    def is_folded(self) -> bool:
        """Whether only the header is shown."""
        return self._content.isHidden()

    def set_folded(self, folded: bool) -> None:
        """Show the header alone, so that the canvas above has more room, or all."""
        if folded == self.is_folded:
            return
        self._content.setHidden(folded)
        self.setMaximumHeight(self.minimumSizeHint().height() if folded else _NO_LIMIT)
        self._show_fold()
        self.folded.emit()

    @guarded
    def event(self, event: QEvent) -> bool:
        """Be as high as the header while nothing else is shown, in whatever font."""
        result = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.is_folded:
            self.setMaximumHeight(self.minimumSizeHint().height())
        return result

    def _show_fold(self) -> None:
        self._fold.setIcon(icon("unfold" if self.is_folded else "fold", theme.current().text))
        self._fold.setToolTip("Show the features." if self.is_folded else "Fold the features away.")
        self._fold.setAccessibleName("Show the features" if self.is_folded else "Fold the features")

    @Slot()
    def _on_fold_clicked(self) -> None:
        self.folded_by_hand = not self.is_folded
        self.set_folded(self.folded_by_hand)

    # Showing

    @property
    def _known(self) -> Mapping[str, Feature]:
        return PROBLEMS[self._changes.dataset.kind].features

    @Slot()
    def _synchronize(self) -> None:
        names, known = self._network.features, self._known
        shown = [*known, *(name for name in names if name not in known)]
        if shown != list(self._chips):
            self._build_chips(shown)
        for name, chip in self._chips.items():
            self._show_name(name, chip)
            with QSignalBlocker(chip):
                chip.setChecked(name in names)
            # The last one stays: a network without inputs says the same everywhere.
            chip.setEnabled(names != (name,))
        self._summary.setText(counted(len(names), "input"))
        self._show_field()
        self._add.setIcon(icon("add", theme.current().text))
        self._show_fold()
        self._show_standardization()

    def _show_field(self) -> None:
        """Say of what a formula can be typed."""
        is_curve = self._changes.dataset.is_curve
        of = "x" if is_curve else "x1 and x2"
        self._field.setPlaceholderText(f"a formula, like {_EXAMPLES[is_curve][0]}")
        tip = f"A feature of your own: + − * / ** of {of}, with sin, cos, exp, log, sqrt, abs, hypot, min, max …"
        self._field.setToolTip(as_tip(f"{tip} {units_text(self._changes.dataset)}".rstrip()))

    def _build_chips(self, names: list[str]) -> None:
        for name in [name for name in self._chips if name not in names]:
            discard(self._chips.pop(name))
        self._chips = {name: self._chips.get(name) or self._new_chip(name) for name in names}
        # A typed formula is longer than a name of the registry.
        place = 0
        for name, chip in self._chips.items():
            width = 1 if name in self._known else _FORMULA_COLUMNS
            if place % _COLUMNS + width > _COLUMNS:
                place += 1
            self._grid.addWidget(chip, place // _COLUMNS, place % _COLUMNS, 1, width)
            place += width

    def _new_chip(self, name: str) -> QToolButton:
        chip = QToolButton()
        chip.setProperty("role", "pill")
        chip.setProperty("beside", True)
        chip.setCheckable(True)
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.measure(chip, icon=_ICON_PX)
        # A long formula is cut rather than making the panel wider.
        wide = QSizePolicy.Policy.Expanding if name in self._known else QSizePolicy.Policy.Ignored
        chip.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        chip.setIcon(_map_icon(name, theme.current()))
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(partial(self._network.toggle_feature, name))
        return chip

    def _show_name(self, name: str, chip: QToolButton) -> None:
        """Call a coordinate as the points' person does, cut where the chip is narrow; the tip says it all."""
        entry, dataset = feature(name), self._changes.dataset
        text = feature_text(name, dataset)
        cut = chip.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _NAME_PX)
        chip.setText((entry.label if text == entry.label else cut).replace("&", "&&"))
        meanings = [
            meaning for letter, meaning in letter_meanings(dataset).items() if letter in entry.formula.used_names
        ]
        chip.setToolTip(as_tip("\n".join([entry.tip, *meanings])))
        chip.setAccessibleName(f"Feature {name if text == entry.label else text}")

    @Slot()
    def _on_dataset_changed(self) -> None:
        self._show_field()
        for name, chip in self._chips.items():
            self._show_name(name, chip)
        self._show_standardization()

    @Slot()
    def _show_standardization(self) -> None:
        dataset, settings = self._changes.dataset, self._changes.network_settings
        is_on = bool(settings.standardization)
        with QSignalBlocker(self._standardize):
            self._standardize.setChecked(is_on)
        suggested = not is_on and spreads_differ(self._network.features, dataset.points[~dataset.is_test])
        self._standardize.setText("Standardize (suggested)" if suggested else "Standardize")
        reason = " One feature's spread is far larger than another's: training would be slow." if suggested else ""
        self._standardize.setToolTip(
            as_tip(f"Bring every feature to mean 0 and spread 1 over the training points as they are now.{reason}")
        )

    @Slot()
    def _on_theme_changed(self) -> None:
        for name, chip in self._chips.items():
            chip.setIcon(_map_icon(name, theme.current()))
        self._synchronize()

    # What a person does

    @Slot()
    def _on_formula_left(self) -> None:
        """Take what was typed, as every field does that is left."""
        if self._field.text().strip() and not self._field.hasFocus():
            self._on_formula_entered()

    @Slot()
    def _on_formula_entered(self) -> None:
        text = self._field.text().strip()
        try:
            if not text:
                is_curve = self._changes.dataset.is_curve
                of = "x" if is_curve else "x1 and x2"
                raise ValueError(f"Type a formula of {of} first, like {_EXAMPLES[is_curve][1]}.")
            if text in self._network.features:
                raise ValueError(f"“{text}” is there already.")
            self._network.toggle_feature(text)
        except ValueError as error:
            refuse(self._field, as_sentence(error))
        else:
            self._field.clear()


@lru_cache(maxsize=64)
def _map_icon(name: str, colours: theme.Theme) -> QIcon:
    """Return a small map of a feature over the plane, or a small curve of one of x, in the colours of a theme."""
    entry = feature(name)
    if entry.is_of_curve:
        return _curve_icon(entry, colours)
    centres = ((np.arange(_MAP_PX) + 0.5) / _MAP_PX * 2 - 1) * PLANE_LIMIT
    points = np.stack([place.ravel() for place in np.meshgrid(centres, centres[::-1])], axis=1)
    values: Array = entry.values(points).reshape(_MAP_PX, _MAP_PX)
    shades = np.ascontiguousarray(colours.diverging_image(values, _largest(values)))
    return QIcon(QPixmap.fromImage(to_image(shades)))


def _curve_icon(entry: Feature, colours: theme.Theme) -> QIcon:
    places = np.linspace(-PLANE_LIMIT, PLANE_LIMIT, 4 * _MAP_PX)
    return curve_icon(entry.values(places[:, np.newaxis]), _MAP_PX, colours)


def _largest(values: Array) -> float:
    return float(np.abs(values).max()) or 1.0
