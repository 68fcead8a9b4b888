"""The import dialog: which columns of a table are what, with a live preview of the points that would come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.dialogs.pending_import import LONGEST_LINE, PREVIEW_ROWS, PendingImport, cut_name
from gui.document.changes import Changes
from gui.document.points import Points
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer
from gui.widgets.card import GAP, label
from gui.widgets.choices import CalmComboBox, ChoiceBox, Segments
from gui.widgets.forms import dialog_buttons
from gui.widgets.screens import set_first_size
from gui.widgets.texts import as_tip
from model.data.dataset import PROBLEM_KINDS, Dataset
from model.data.problems import PROBLEMS
from model.table.encodings import ENCODINGS
from model.table.numbers import DECIMALS, GROUPINGS, STYLES, NumberStyle
from model.table.rows import SEPARATORS

PREVIEW_POINTS = 3000
"""How many points the preview shows of a large table, so that it is drawn at once."""

_PLANE, _CURVE = {"x1": "x₁", "x2": "x₂"}, {"x1": "x", "x2": "y"}
"""What the two columns of coordinates are called, of points of the plane and of a curve."""

_SCALED_OF_CURVE = {"Coordinates": "Along x", "Values": "Heights"}
"""What is scaled, and what that is called of a curve."""

_LABELS = {"classes": "class", "values": "value"}
_NO_COLUMN, _DRAWN_SETS = -1, -2
_Rows: TypeAlias = "Sequence[QComboBox | Segments]"
_ROW_HEIGHT, _COLUMN_WIDTH, _WIDEST_COLUMN = 22, 116, 232


class ImportDialog(QDialog):
    """Shows what a table comes to while one chooses its columns; Import is one step of undo.

    Parameters
    ----------
    changes : Changes
        What share of the points is for training.
    points : Points
        Takes what is imported.
    pending : PendingImport
        What is imported; the dialog changes what is chosen of it.
    name : str
        Of the file, for the title.
    parent : QWidget
    """

    imported = Signal(str)
    """What was imported, a sentence."""

    def __init__(self, changes: Changes, points: Points, pending: PendingImport, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setWindowTitle(f"Import {name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._changes, self._points = changes, points
        self.pending = pending
        self._build_choices()
        self._table = _preview_table()
        self._canvas = PlaneView("Preview of the points", grid=True)
        theme.measure(self._canvas, width=250, height=238)
        # pyqtgraph gives it no parent; it would outlive the dialog.
        menu = self._canvas.getPlotItem().ctrlMenu
        menu.setParent(self._canvas, menu.windowFlags())
        self._layer = PointsLayer(self._canvas, 0.85)
        self._sentence = label()
        self._sentence.setAccessibleName("What is imported")
        self._doubts = label(role="doubt")
        self._doubts.setAccessibleName("What may be read in another way")
        for text in (self._sentence, self._doubts):
            text.setWordWrap(True)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
        # What is below stays where it is when an error takes a second line.
        self._sentence.setMinimumHeight(2 * self._sentence.fontMetrics().lineSpacing())
        buttons = dialog_buttons(self, QDialogButtonBox.StandardButton.Cancel)
        self._import = QPushButton("Import")
        buttons.addButton(self._import, QDialogButtonBox.ButtonRole.AcceptRole)
        self._import.setObjectName("primary")
        self._import.setDefault(True)
        top = QHBoxLayout()
        top.setSpacing(2 * GAP)
        top.addLayout(self._form(), 1)
        top.addWidget(self._canvas, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setSpacing(GAP)
        column.addLayout(top)
        column.addWidget(self._table, 1)
        column.addWidget(self._sentence)
        column.addWidget(self._doubts)
        column.addWidget(buttons)
        set_first_size(self, 1080, 640)
        theme.manager().changed.connect(self._show_points)
        self._synchronize()

    # Building

    def _build_choices(self) -> None:
        share = self._changes.generator_settings.training_share
        self._separator = ChoiceBox(
            "Separator",
            {key: (text.capitalize(), "What stands between two columns.") for key, text in SEPARATORS.items()},
        )
        self._encoding = ChoiceBox(
            "Encoding",
            {key: (text, "How the letters of the file are written.") for key, text in ENCODINGS.items()},
        )
        self._numbers = ChoiceBox("Numbers", {_key_of(style): (_example_of(style), _tip_of(style)) for style in STYLES})
        for choices in (self._separator, self._encoding, self._numbers):
            # A long choice is cut in the box, and whole in its list; the dialog has its place on a small screen.
            choices.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choices.setMinimumContentsLength(12)
        self._first_row = Segments(
            "First row", ("Header", "Data"), ("It holds the names of the columns.", "It is a point like the others.")
        )
        any_column = {_NO_COLUMN: "None"}
        sets = {_DRAWN_SETS: f"Draw {round(100 * share)}% for training", _NO_COLUMN: "All for training"}
        self._columns = {
            "x1": _ColumnBox("x₁", "The column of the first coordinate, of a curve its x."),
            "x2": _ColumnBox("x₂", "The column of the second coordinate, of a curve its y."),
            "label": _ColumnBox("Label", "The column with the class, by any name, or the value.", any_column),
            "set": _ColumnBox("Set", "The column that says which points are for testing.", sets),
        }
        self._kind = Segments(
            "Problem",
            [problem.label for problem in PROBLEMS.values()],
            (
                "Each different label is a class, up to 8.",
                "The label is a number.",
                "There is no label: the second coordinate is the height y over x.",
            ),
        )
        self._incomplete = Segments(
            "Incomplete rows",
            ("Leave out", "Refuse"),
            ("Rows without a number or a class are left out, and counted.", "The first of them is an error."),
        )
        self._scale = Segments(
            "Coordinates",
            ("Scale", "Keep"),
            (
                "Move and stretch the points so that they fill the plane. Axes keep the numbers of the table.",
                "Take the numbers for places on the plane, which reaches from −6 to 6.",
            ),
        )
        self._scale_values = Segments(
            "Values",
            ("Scale", "Keep"),
            (
                "Bring values to −1 to 1, as networks learn them best. Scales keep the numbers of the table.",
                "Take the numbers for values of the network, which are −1 to 1, or for heights of the curve.",
            ),
        )
        self._mode = Segments(
            "Points", ("Replace", "Add"), ("The present points are replaced.", "The present points stay.")
        )
        self._separator.chosen.connect(self._on_separator_chosen)
        self._encoding.chosen.connect(self._on_encoding_chosen)
        self._numbers.chosen.connect(self._on_numbers_chosen)
        self._first_row.chosen.connect(self._on_first_row_chosen)
        for box in self._columns.values():
            box.activated.connect(self._on_column_chosen)
        self._kind.chosen.connect(self._on_kind_chosen)
        self._incomplete.chosen.connect(self._on_incomplete_chosen)
        self._scale.chosen.connect(self._on_scale_chosen)
        self._scale_values.chosen.connect(self._on_scale_values_chosen)
        self._mode.chosen.connect(self._on_mode_chosen)

    def _form(self) -> QHBoxLayout:
        """Return how the text is read and, beside that, what its columns are."""
        self._names: dict[str, QLabel] = {}
        text: _Rows = (self._encoding, self._separator, self._numbers, self._first_row, self._incomplete, self._mode)
        meaning: _Rows = (*self._columns.values(), self._kind, self._scale, self._scale_values)
        form = QHBoxLayout()
        form.setSpacing(2 * GAP)
        form.addLayout(self._rows(text), 1)
        form.addLayout(self._rows(meaning), 1)
        return form

    def _rows(self, widgets: _Rows) -> QGridLayout:
        rows = QGridLayout()
        rows.setHorizontalSpacing(GAP)
        rows.setVerticalSpacing(6)
        rows.setColumnStretch(1, 1)
        for row, widget in enumerate(widgets):
            name = label(widget.accessibleName(), "muted")
            self._names[widget.accessibleName()] = name
            rows.addWidget(name, row, 0)
            if isinstance(widget, Segments):
                rows.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignLeft)
            else:
                rows.addWidget(widget, row, 1)
        rows.setRowStretch(len(widgets), 1)
        return rows

    # Showing

    def _synchronize(self) -> None:
        pending, table, choice = self.pending, self.pending.table, self.pending.choice
        if table is not None:
            self._encoding.show_choice(table.encoding)
            self._separator.show_choice(table.separator)
            self._numbers.show_choice(_key_of(table.style))
            self._first_row.show_choice(0 if table.has_header else 1)
        elif pending.has_detected_separator:
            # What is wrong may be just what was detected.
            self._separator.setCurrentIndex(-1)
        sets = _DRAWN_SETS if pending.draws_sets else _NO_COLUMN
        for role, box in self._columns.items():
            column = getattr(choice, role, None)
            missing = sets if role == "set" else _NO_COLUMN
            box.show_columns(table.columns if table else (), missing if column is None else column)
            box.setEnabled(choice is not None and not (role == "label" and choice.kind == "curve"))
        self._encoding.setEnabled(pending.is_file)
        for segments in (self._kind, self._incomplete, self._mode):
            segments.setEnabled(choice is not None)
        has_own_units = choice is not None and pending.placed_by is None
        for segments in (self._scale, self._scale_values):
            segments.setEnabled(has_own_units)
        has_values = choice is not None and choice.kind != "classes"
        for widget in (self._scale_values, self._names["Values"]):
            widget.setVisible(has_values)
        self._mode.show_choice(1 if pending.adding else 0)
        if choice is not None:
            self._kind.setEnabled(not pending.adding)
            self._kind.offer([0, 2] if choice.label is None else [0, 1, 2])
            self._kind.show_choice(PROBLEM_KINDS.index(choice.kind))
            self._incomplete.show_choice(0 if choice.leaves_out else 1)
            self._scale.show_choice(0 if choice.scale else 1)
            self._scale_values.show_choice(0 if choice.scale_values else 1)
            is_curve = choice.kind == "curve"
            for role, text in (_CURVE if is_curve else _PLANE).items():
                self._names[_PLANE[role]].setText(text)
            for scaled, text in _SCALED_OF_CURVE.items():
                self._names[scaled].setText(text if is_curve else scaled)
        self._show_rows()
        self._show_points()
        self._sentence.setText(pending.problem or (pending.imported.sentence if pending.imported else ""))
        self._sentence.setProperty("role", "error" if pending.problem else "")
        self._sentence.style().polish(self._sentence)
        self._doubts.setText(" ".join(f"{doubt[:1].upper()}{doubt[1:]}." for doubt in pending.doubts))
        self._doubts.setVisible(bool(pending.doubts))
        self._import.setEnabled(pending.imported is not None)

    def _show_rows(self) -> None:
        table, choice = self.pending.table, self.pending.choice
        if table is None:
            self._fill(("text",), [(line,) for line in self.pending.raw_lines], None)
            return
        roles: dict[int | None, str] = {}
        if choice is not None:
            coordinates = _CURVE if choice.kind == "curve" else _PLANE
            label_text = _LABELS.get(choice.kind, "")
            roles = {choice.x1: coordinates["x1"], choice.x2: coordinates["x2"], choice.set: "set"}
            roles |= {choice.label: label_text} if label_text else {}
        metrics, room = self._table.horizontalHeader().fontMetrics(), theme.px(_WIDEST_COLUMN) - 2 * GAP
        cut = [metrics.elidedText(cut_name(name), Qt.TextElideMode.ElideRight, room) for name in table.columns]
        names = [f"{name}\n{roles.get(index, '')}" for index, name in enumerate(cut)]
        self._fill(names, table.rows[:PREVIEW_ROWS], table.lines)

    def _fill(self, names: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int] | None) -> None:
        """Show rows; `lines` are their numbers in the text."""
        shown = self._table
        shown.clear()
        shown.setColumnCount(len(names))
        shown.setRowCount(len(rows))
        shown.setHorizontalHeaderLabels(list(names))
        numbers = range(1, len(rows) + 1) if lines is None else lines[: len(rows)]
        shown.setVerticalHeaderLabels([f"{line:,}" for line in numbers])
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                shown.setItem(row, column, QTableWidgetItem(cell.strip()[:LONGEST_LINE]))
        header = shown.horizontalHeader()
        header.setStretchLastSection(len(names) == 1)
        for column in range(len(names)):
            width = max(header.sectionSizeHint(column), theme.px(_COLUMN_WIDTH))
            header.resizeSection(column, min(width, theme.px(_WIDEST_COLUMN)))

    @Slot()
    def _show_points(self) -> None:
        imported = self.pending.imported
        dataset = Dataset((), ()) if imported is None else imported.dataset
        if len(dataset) > PREVIEW_POINTS:
            some = np.linspace(0, len(dataset) - 1, PREVIEW_POINTS).astype(np.intp)
            dataset = dataset.take(some)
        self._canvas.show_axes(dataset)
        self._layer.show(dataset, theme.current())

    # What a person does

    @Slot(str)
    def _on_separator_chosen(self, separator: str) -> None:
        self.pending.set_format(separator=separator)
        self._synchronize()

    @Slot(str)
    def _on_encoding_chosen(self, encoding: str) -> None:
        self.pending.set_format(encoding=encoding)
        self._synchronize()

    @Slot(str)
    def _on_numbers_chosen(self, key: str) -> None:
        self.pending.set_format(style=next(style for style in STYLES if _key_of(style) == key))
        self._synchronize()

    @Slot(int)
    def _on_first_row_chosen(self, index: int) -> None:
        self.pending.set_format(has_header=index == 0)
        self._synchronize()

    @Slot()
    def _on_column_chosen(self) -> None:
        box = self.sender()
        role = next(role for role, other in self._columns.items() if other is box)
        column = self._columns[role].currentData()
        if column >= 0:
            self.pending.set_choice(**{role: column})
        elif role == "set":
            self.pending.set_draws_sets(column == _DRAWN_SETS)
        else:
            self.pending.set_choice(**{role: None})
        self._synchronize()

    @Slot(int)
    def _on_kind_chosen(self, index: int) -> None:
        self.pending.set_choice(kind=PROBLEM_KINDS[index])
        self._synchronize()

    @Slot(int)
    def _on_incomplete_chosen(self, index: int) -> None:
        self.pending.set_choice(leaves_out=index == 0)
        self._synchronize()

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self.pending.set_choice(scale=index == 0)
        self._synchronize()

    @Slot(int)
    def _on_scale_values_chosen(self, index: int) -> None:
        self.pending.set_choice(scale_values=index == 0)
        self._synchronize()

    @Slot(int)
    def _on_mode_chosen(self, index: int) -> None:
        self.pending.set_adding(index == 1)
        self._synchronize()

    def accept(self) -> None:
        """Import the points, if there are any."""
        imported = self.pending.imported
        if imported is None:
            return
        super().accept()
        if self.pending.adding:
            self._points.paste("import points", imported.dataset)
        else:
            self._points.set_data("import data", imported.dataset)
        self.imported.emit(imported.sentence)


class _ColumnBox(CalmComboBox):
    """Offers the columns of a table, and other choices beside them."""

    def __init__(self, name: str, tip: str, others: Mapping[int, str] | None = None) -> None:
        super().__init__()
        self._others = others or {}
        self._shown: tuple[str, ...] | None = None
        self.setAccessibleName(name)
        self.setToolTip(as_tip(tip))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)

    def show_columns(self, names: tuple[str, ...], chosen: int) -> None:
        """Show the columns and which is chosen, without a signal."""
        with QSignalBlocker(self):
            if names != self._shown:
                self._shown = names
                self.clear()
                for key, text in [*enumerate(map(cut_name, names)), *self._others.items()]:
                    self.addItem(text, key)
            self.setCurrentIndex(self.findData(chosen))


def _key_of(style: NumberStyle) -> str:
    return f"{style.decimal}{style.grouping}"


def _example_of(style: NumberStyle) -> str:
    if not style.grouping:
        return f"{DECIMALS[style.decimal].capitalize()}: 0{style.decimal}5"
    thousands = f"thousands by {GROUPINGS[style.grouping]}"
    return f"{DECIMALS[style.decimal].capitalize()}, {thousands}: 1{style.grouping}000{style.decimal}5"


def _tip_of(style: NumberStyle) -> str:
    if style.grouping:
        return "What stands before the decimals, and between the thousands."
    return "What stands before the decimals."


def _preview_table() -> QTableWidget:
    table = QTableWidget()
    table.setAccessibleName("First rows")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    theme.measure(table, least_height=96)
    table.verticalHeader().setDefaultSectionSize(theme.px(_ROW_HEIGHT))
    return table
