"""The ways in which a table of points is written for other programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.table.points import write_table

if TYPE_CHECKING:
    from model.data.dataset import Dataset


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A way to write a table of points.

    Attributes
    ----------
    name : str
        The key in :data:`TABLE_FORMATS`.
    label : str
    suffix : str
        The usual end of a file's name.
    separator, decimal : str
        As for :func:`model.table.points.write_table`.
    """

    name: str
    label: str
    suffix: str
    separator: str
    decimal: str

    def text(self, dataset: Dataset) -> str:
        """Return points as a table."""
        return write_table(dataset, self.separator, self.decimal)

    @property
    def filter(self) -> str:
        """The format as a file dialog names it."""
        return f"{self.label} (*{self.suffix})"


TABLE_FORMATS: dict[str, TableFormat] = {
    entry.name: entry
    for entry in (
        TableFormat("csv", "Table with commas and decimal points", ".csv", ",", "."),
        TableFormat("semicolons", "Table with semicolons and decimal commas", ".csv", ";", ","),
        TableFormat("tsv", "Table with tabs and decimal points", ".tsv", "\t", "."),
        TableFormat("tabs", "Table with tabs and decimal commas", ".tsv", "\t", ","),
    )
}
"""Every way, by name; the first of those with the same suffix is the usual one."""


def table_format(suffix: str, decimal: str = ".") -> TableFormat:
    """Return the format that the end of a file's name asks for, with a decimal sign; with any other end it is CSV."""
    of_sign = [entry for entry in TABLE_FORMATS.values() if entry.decimal == decimal]
    return next((entry for entry in of_sign if entry.suffix == suffix.lower()), of_sign[0])
