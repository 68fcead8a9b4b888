"""The dialog that compares pinned runs: their results, and the settings in which they differ."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import PinnedRun, Pins, differing_settings
from gui.widgets.card import label
from gui.widgets.forms import dialog_buttons, plain_button
from gui.widgets.screens import set_first_size
from gui.widgets.texts import as_tip
from model.types import readable

_SWATCH_PX = 12
_NAME = "name"


class CompareDialog(QDialog):
    """A column for each pinned run; the settings that all share are left out.

    Parameters
    ----------
    pins : Pins
    changes : Changes
        By which one goes back to a run.
    parent : QWidget
    """

    def __init__(self, pins: Pins, changes: Changes, parent: QWidget) -> None:
        super().__init__(parent)
        self._pins, self._changes = pins, changes
        self._runs: tuple[PinnedRun, ...] = ()
        self.setObjectName("compare_runs")
        self.setWindowTitle("Compare Runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        self._hint = label("No run is pinned yet: Train > Pin This Run keeps the current one.", "muted")
        column.addWidget(self._hint)
        self._table = QTableWidget()
        self._table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._table.setToolTip(as_tip("A double click, or F2, on a name gives the run another one."))
        self._table.itemChanged.connect(self._on_item_changed)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self._table.setIconSize(QSize(theme.px(_SWATCH_PX), theme.px(_SWATCH_PX)))
        self._table.setAccessibleName("Pinned runs")
        for header in (self._table.horizontalHeader(), self._table.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        column.addWidget(self._table, 1)
        buttons = dialog_buttons(self, QDialogButtonBox.StandardButton.Close)
        pin = plain_button("Pin the present run", "Keep the present run, to compare others with it.")
        pin.clicked.connect(pins.pin)
        self._back = plain_button(
            "Go back to it", "Let the chosen run be the present one again; undo brings the one that is there back."
        )
        self._back.setObjectName("go_back")
        self._back.clicked.connect(self._on_back_clicked)
        self._unpin = plain_button("Unpin it", "Keep the chosen run no longer.")
        self._unpin.setObjectName("unpin")
        self._unpin.clicked.connect(self._on_unpin_clicked)
        for button in (pin, self._back, self._unpin):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        column.addWidget(buttons)
        pins.changed.connect(self._synchronize)
        self._synchronize()
        set_first_size(self, 720, 420)

    @Slot()
    def _synchronize(self) -> None:
        with QSignalBlocker(self._table):
            self._show_runs(list(self._pins.kept))

    def _show_runs(self, runs: list[PinnedRun]) -> None:
        self._runs = tuple(runs)
        rows = {_NAME: [run.name for run in runs], **_results(runs), **differing_settings(runs)}
        self._hint.setVisible(not runs)
        self._table.setVisible(bool(runs))
        for button in (self._back, self._unpin):
            button.setEnabled(bool(runs))
        self._table.setColumnCount(len(runs))
        self._table.setRowCount(len(rows))
        self._table.setVerticalHeaderLabels(list(rows))
        for place, run in enumerate(runs):
            header = QTableWidgetItem(run.name)
            if run in self._pins.runs:
                header.setIcon(_swatch(self._pins.runs.index(run)))
            else:
                header.setToolTip(as_tip("It learned another problem, or by another loss, and is not shown beside."))
            self._table.setHorizontalHeaderItem(place, header)
        for number, (what, values) in enumerate(rows.items()):
            for place, text in enumerate(values):
                item = QTableWidgetItem(text)
                if what != _NAME:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(number, place, item)

    @property
    def _chosen(self) -> PinnedRun:
        return self._runs[max(self._table.currentColumn(), 0)]

    @Slot(QTableWidgetItem)
    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        self._pins.rename(self._runs[item.column()], item.text())
        self._synchronize()

    @Slot()
    def _on_back_clicked(self) -> None:
        run = self._chosen
        self._changes.go_back_to(f"go back to run {run.number}", run.kept())

    @Slot()
    def _on_unpin_clicked(self) -> None:
        self._pins.unpin(self._chosen)


def _results(runs: list[PinnedRun]) -> dict[str, list[str]]:
    """Return what the runs came to: what it is -> its value in each of them."""
    metrics = [run.snapshot.metrics for run in runs]
    rows = {
        "steps": [f"{one.step:,}" for one in metrics],
        "training loss": [_number(one.train_loss) for one in metrics],
        "test loss": [_number(one.test_loss) for one in metrics],
        "lowest training loss": [_number(run.curve.lowest("training")) for run in runs],
        "lowest test loss": [_number(run.curve.lowest("test")) for run in runs],
        "training accuracy": [_share(one.train_accuracy) for one in metrics],
        "test accuracy": [_share(one.test_accuracy) for one in metrics],
        "training R²": [_number(one.train_r2) for one in metrics],
        "test R²": [_number(one.test_r2) for one in metrics],
        "time trained": [f"{run.seconds:.1f} s" for run in runs],
    }
    return {name: values for name, values in rows.items() if any(value != "–" for value in values)}


def _number(value: float | None) -> str:
    return "–" if value is None else readable(f"{value:.4g}")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _swatch(place: int) -> QIcon:
    pixmap = QPixmap(theme.px(_SWATCH_PX), theme.px(_SWATCH_PX))
    pixmap.fill(theme.current().run_colour(place))
    return QIcon(pixmap)
