"""Substitutions: the table that fills while parameters are changed one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from model.explain.names import parameter_text
from model.types import readable

Row: TypeAlias = Sequence[Any]
"""Iteration, name of the parameter, derivative, new value, and the loss after the change."""

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADERS = ("Iteration", "Parameter", "Derivative", "New value", "Loss")
_TIPS = (
    "In each iteration every parameter is changed once.",
    f"{parameter_text('w1_2_1')} is the weight of layer 1 from neuron 2 of the layer below to neuron 1.",
    "Of the mean loss over the points by this parameter, before the change.",
    "The old value less the learning rate times the derivative.",
    "The mean loss over the points after the change.",
)


class SubstitutionTable(QAbstractTableModel):
    """A row for each change of a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self._rows = []
        self.endResetModel()

    def extend(self, rows: Sequence[Row]) -> None:
        """Add rows at the end."""
        first = len(self._rows)
        self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
        self._rows += rows
        self.endInsertRows()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many changes there were."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(_HEADERS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, and how it is aligned."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        value = self._rows[index.row()][index.column()]
        if isinstance(value, str):
            return parameter_text(value)
        return readable(f"{value:.6g}") if isinstance(value, float) else str(value)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column, and its tip."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADERS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS[section]
        return None
