"""The dialog that compares pinned runs: their results, and the settings in which they differ."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import theme
from gui.document.pins import PinnedRun, Pins, differing_settings
from gui.widgets.card import label
from gui.widgets.forms import dialog_buttons
from model.types import readable

_SWATCH_PX = 12


class CompareDialog(QDialog):
    """A column for each pinned run; the settings that all share are left out."""

    def __init__(self, pins: Pins, parent: QWidget) -> None:
        super().__init__(parent)
        self._pins = pins
        self.setObjectName("compare_runs")
        self.setWindowTitle("Compare Runs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        self._hint = label("No run is pinned yet: Train > Pin This Run keeps the current one.", "muted")
        column.addWidget(self._hint)
        self._table = QTableWidget()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self._table.setIconSize(QSize(_SWATCH_PX, _SWATCH_PX))
        self._table.setAccessibleName("Pinned runs")
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        column.addWidget(self._table, 1)
        buttons = dialog_buttons(self, QDialogButtonBox.StandardButton.Close)
        self._unpin = QPushButton("Unpin the chosen run")
        self._unpin.setObjectName("unpin")
        self._unpin.clicked.connect(self._on_unpin_clicked)
        buttons.addButton(self._unpin, QDialogButtonBox.ButtonRole.ActionRole)
        column.addWidget(buttons)
        pins.changed.connect(self._synchronize)
        self._synchronize()
        self.resize(720, 420)

    @Slot()
    def _synchronize(self) -> None:
        runs = list(self._pins.runs)
        rows = {**_results(runs), **differing_settings(runs)}
        self._hint.setVisible(not runs)
        self._table.setVisible(bool(runs))
        self._unpin.setEnabled(bool(runs))
        self._table.setColumnCount(len(runs))
        self._table.setRowCount(len(rows))
        self._table.setVerticalHeaderLabels(list(rows))
        for place, run in enumerate(runs):
            header = QTableWidgetItem(_swatch(place), run.name)
            self._table.setHorizontalHeaderItem(place, header)
        for number, values in enumerate(rows.values()):
            for place, text in enumerate(values):
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(number, place, item)

    @Slot()
    def _on_unpin_clicked(self) -> None:
        place = max(self._table.currentColumn(), 0)
        self._pins.unpin(self._pins.runs[place])


def _results(runs: list[PinnedRun]) -> dict[str, list[str]]:
    """Return what the runs came to: what it is -> its value in each of them."""
    metrics = [run.snapshot.metrics for run in runs]
    rows = {
        "steps": [f"{one.step:,}" for one in metrics],
        "training loss": [_number(one.train_loss) for one in metrics],
        "test loss": [_number(one.test_loss) for one in metrics],
        "best loss": [_number(run.curve.lowest()) for run in runs],
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
    pixmap = QPixmap(_SWATCH_PX, _SWATCH_PX)
    pixmap.fill(theme.current().run_colour(place))
    return QIcon(pixmap)
